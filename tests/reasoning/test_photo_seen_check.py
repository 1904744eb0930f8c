"""A picture seen before, as evidence on the caption it has now."""

from __future__ import annotations

import math
from typing import Any

import pytest

from imagery.photo.seen import Entry, Sighting
from osint.checks import photo_seen
from osint.checks.photo_seen import caption_kept, caption_read, check_seen, seen_predictive
from osint.evidence import Evidence
from tests.reasoning.photo_facts import SHA, at, caption, days

NOW = days("2017-06-11")


def sighting(
    kind: str = "same picture", *, distance: float = 0.02, votes: int = 9, **given: Any
) -> Sighting:
    entry: dict[str, Any] = {
        "sha256": SHA,
        "case": "an earlier case",
        "name": "old.jpg",
        "seen_at": at("2020-01-01T00:00:00+00:00"),
        "caption": caption_kept("Rebels near Homs", "Another Paper"),
    }
    return Sighting(
        entry=Entry(**(entry | given)),
        kind=kind,  # type: ignore[arg-type]
        changes=("mirrored",),
        distance=distance,
        votes=votes,
        mirrored=True,
        share_of_earlier=1.0,
        share_of_asked=1.0,
    )


def found(*sightings: Sighting, **given: Any) -> dict[str, Evidence]:
    claim = caption(**({"when": NOW} | given))
    items = check_seen(sightings, claim, path="a.jpg", place_names=("al-Tanf", "At Tanf base"))
    return {item.check: item for item in items}


@pytest.mark.parametrize(
    ("given", "ratio"),
    [
        ({"kind": "same file", "seen_at": at("2016-01-01T00:00:00+00:00")}, "FILE_EXISTED"),
        ({"seen_at": at("2016-01-01T00:00:00+00:00")}, "PICTURE_EXISTED"),
        ({"distance": 0.06, "seen_at": at("2016-01-01T00:00:00+00:00")}, "ALIKE_EXISTED"),
        ({"votes": 4, "seen_at": at("2016-01-01T00:00:00+00:00")}, "ALIKE_EXISTED"),
        ({"date": "2015-03-02"}, "EARLIER_DATE"),
        ({"date": "2015-03-02 to 2015-03-04"}, "EARLIER_DATE"),
        ({"date": "2018-03-02"}, "LATER_DATE"),
        ({"date": "2017-06-11"}, None),
        ({"date": "2017-06-12"}, None),
        ({"date": "last spring"}, None),
        ({"date": "2015-13-99"}, None),
        ({"seen_at": at("2017-06-10T12:00:00+00:00")}, None),
    ],
)
def test_the_date(given: dict[str, Any], ratio: str | None) -> None:
    item = found(sighting(**given)).get("photo_seen_date")
    assert (item and math.exp(item.log_lr)) == (
        pytest.approx(getattr(photo_seen, ratio)) if ratio else None
    )


def test_the_place_counts_only_where_the_names_share_no_word() -> None:
    assert "photo_seen_place" in found(sighting(place="Homs"))
    assert "photo_seen_place" not in found(sighting(place="Tanf crossing"))
    assert "photo_seen_place" not in found(sighting(place=""))


def test_the_earlier_case_is_named() -> None:
    item = found(sighting(place="Homs", date="2015-03-02"))["photo_seen_date"]
    assert "an earlier case" in item.summary and "Rebels near Homs" in item.summary
    assert item.provenance[0].sha256 == SHA and "mirrored" in item.summary


def test_what_the_same_agency_said_before_is_nothing_and_that_it_existed_is_something() -> None:
    words = sighting(
        caption=caption_kept("Rebels near Homs", "the weekly"), place="Homs", date="2015-03-02"
    )
    assert found(words) == {}
    existed = sighting(
        caption=caption_kept("Rebels near Homs", "the weekly"),
        place="Homs",
        seen_at=at("2016-01-01T00:00:00+00:00"),
    )
    assert set(found(existed)) == {"photo_seen_date"}


def test_the_same_caption_again_says_nothing() -> None:
    text = "Soldiers at al-Tanf, June 11"
    again = sighting(caption=caption_kept(text, "Another Paper"), place="Homs", date="2015-03-02")
    assert found(again, text=text) == {}


def test_of_several_sightings_the_worst_counts_once() -> None:
    several = found(
        sighting(date="2018-03-02"), sighting(date="2015-03-02"), sighting(date="2017-06-11")
    )
    assert math.exp(several["photo_seen_date"].log_lr) == pytest.approx(photo_seen.EARLIER_DATE)


def test_one_earlier_caption_is_one_word() -> None:
    earlier = found(sighting(place="Homs", date="2015-03-02"))
    assert set(earlier) == {"photo_seen_date"}
    item = earlier["photo_seen_date"]
    assert math.exp(item.log_lr) == pytest.approx(photo_seen.EARLIER_DATE)
    assert "dated 2015-03-02" in item.summary and "said to show Homs" in item.summary
    # Of a later date and another place the place counts more.
    assert set(found(sighting(place="Homs", date="2018-03-02"))) == {"photo_seen_place"}
    two = found(sighting(place="Homs"), sighting(date="2015-03-02"))
    assert set(two) == {"photo_seen_date", "photo_seen_place"}


def test_that_it_existed_is_a_fact_beside_the_word() -> None:
    both = found(sighting(place="Homs", seen_at=at("2016-01-01T00:00:00+00:00")))
    assert set(both) == {"photo_seen_date", "photo_seen_place"}
    assert "false match" in both["photo_seen_date"].summary
    assert "false match" not in both["photo_seen_place"].summary


def test_no_sighting_and_no_date_say_nothing() -> None:
    assert found() == {}
    assert found(sighting(date="2015-03-02"), when=None) == {}


def test_only_what_existed_before_changes_the_probability() -> None:
    claim = caption(when=NOW)
    early = sighting(seen_at=at("2016-01-01T00:00:00+00:00"))
    assert seen_predictive([early], claim) == photo_seen.PICTURE_EXISTED
    assert seen_predictive([sighting(date="2015-03-02")], claim) is None
    alike = sighting(distance=0.2, seen_at=at("2016-01-01T00:00:00+00:00"))
    assert seen_predictive([alike], claim) is None


@pytest.mark.parametrize("origin", ["The Weekly", "a [b] c", "", "x" * 300, "  "])
def test_who_said_a_caption_is_kept_with_it(origin: str) -> None:
    text, who = caption_read(caption_kept("[Not] an origin", origin))
    assert text == "[Not] an origin"
    assert who is not None and "[" not in who


def test_a_caption_kept_by_others_has_no_origin() -> None:
    assert caption_read("Rebels near Homs") == ("Rebels near Homs", None)
