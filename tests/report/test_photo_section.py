"""Photos in the report: facts, conflicts, signals with how they mislead, sightings; all escaped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from osint.report.html import render_html
from osint.report.model import SCHEMA_FILE, Report
from osint.report.phrasing import photo_facts, sighting_words
from tests.report.conftest import SHA, png_uri, sample_dict

HOSTILE = "<script>alert(1)</script>\u202e&\"'"


def photo(**given: Any) -> dict[str, Any]:
    return {
        "path": "a.jpg",
        "sha256": SHA,
        "status": "ok",
        "lens": "A 50 mm lens",
        "exposure": {"time_s": 0.004, "f_number": 8.0, "iso": 100.0, "flash_fired": True},
        "implied_offset": "+03:00",
        "created": "2017-06-11",
        "credit": "The Agency",
        "editing": ["cropped", "saved"],
        "location_created": ["Damascus"],
        "location_shown": ["al-Tanf"],
        "xmp_position": {"lon": 38.6, "lat": 33.5},
        "credentials": {
            "present": True,
            "valid": True,
            "trusted": False,
            "signer": "Somebody",
            "problems": ["no trust list given"],
        },
        "signals": [
            {"signal": "edited", "value": None, "means": "a program", "misleads": "crops as well"}
        ],
        "conflicts": [{"field": "position", "readers": {"first": "1, 2", "second": "3, 4"}}],
        "thumbnail": png_uri(),
        "embedded_thumbnail": png_uri(20, 10),
        "sightings": [sighting()],
    } | given


def sighting(**given: Any) -> dict[str, Any]:
    return {
        "sha256": SHA,
        "case": "an earlier case",
        "name": "old.jpg",
        "caption": "Rebels near Homs",
        "place": "Homs",
        "date": "2015-03-02",
        "seen_at": "2016-01-01T00:00:00+00:00",
        "kind": "same picture",
        "changes": ["mirrored"],
        "distance": 0.1,
        "votes": 9,
        "mirrored": True,
        "share_of_earlier": 0.8,
        "share_of_asked": 1.0,
    } | given


def report(*photos: dict[str, Any]) -> Report:
    return Report.model_validate(sample_dict() | {"photos": list(photos)})


def test_every_fact_is_on_the_page() -> None:
    page = render_html(report(photo()))
    for words in (
        "A 50 mm lens",
        "1/250 s, f/8, ISO 100, flash",
        "+03:00",
        "The Agency",
        "cropped; saved",
        "Damascus",
        "present; valid; not trusted; signed by Somebody; no trust list given",
        "Readers disagree on position",
        "It misleads",
        "crops as well",
        "Seen before",
        "mirrored",
        "an earlier case",
        "Rebels near Homs",
    ):
        assert words in page, words
    assert page.count('<img class="embedded"') == 1


def test_a_photo_that_says_nothing_shows_no_empty_sections() -> None:
    page = render_html(report({"path": "a.jpg", "sha256": SHA, "status": "no_metadata"}))
    section = page[page.index('id="photos"') :]
    section = section[: section.index("</section>")]
    assert "Seen before" not in section and "What to look at" not in section
    assert "embedded" not in section


@pytest.mark.parametrize(
    "where",
    [
        lambda text: photo(lens=text, credit=text, created=text, datum=text),
        lambda text: photo(editing=[text], location_shown=[text], location_created=[text]),
        lambda text: photo(signals=[dict.fromkeys(("signal", "value", "means", "misleads"), text)]),
        lambda text: photo(sightings=[sighting(case=text, name=text, caption=text, place=text)]),
        lambda text: photo(sightings=[sighting(changes=[text], date=text, seen_at=text)]),
        lambda text: photo(
            credentials={"present": True, "signer": text, "signed_at": text, "problems": [text]}
        ),
        lambda text: photo(path=text, captions=[text], conflicts=[], problems=[text]),
    ],
)
def test_nothing_that_a_file_or_an_archive_says_is_markup(
    where: Callable[[str], dict[str, Any]],
) -> None:
    page = render_html(report(where(HOSTILE)))
    assert "<script" not in page
    assert "\u202e" not in page
    assert "alert(1)" in page


def test_the_shipped_schema_takes_a_full_photo() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(report(photo()).as_dict())) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"embedded_thumbnail": "data:image/svg+xml;base64,PHN2Zz4="},
        {"embedded_thumbnail": "https://example.org/a.jpg"},
        {"sightings": [sighting(kind="looks like it")]},
        {"sightings": [sighting(sha256="abc")]},
        {"exposure": {"time_s": float("inf")}},
        {"nonsense": 1},
    ],
)
def test_what_is_no_photo_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        report(photo(**wrong))


def test_long_exposures_and_unknown_credentials_have_words() -> None:
    (shown,) = report(
        photo(exposure={"time_s": 2.0, "bias_ev": -0.7}, credentials={"present": True})
    ).photos
    facts = dict(photo_facts(shown))
    assert facts["Exposure"] == "2 s, -0.7 EV"
    assert facts["Content credentials"].startswith("present; not known whether valid")
    assert sighting_words(shown.sightings[0]).startswith("the same picture (mirrored) as old.jpg")
