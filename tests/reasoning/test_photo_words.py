"""Words inside a file against the caption outside: their captioner's, and small."""

from __future__ import annotations

import math

import pytest

from imagery.photo.facts import PhotoFacts
from osint.checks.photo_words import AGREES, CONTRADICTS, ClaimedPlace, Fits, check_words
from osint.evidence import Evidence
from tests.reasoning.photo_facts import at, caption, days, photo

TANF = ClaimedPlace(names=("al-Tanf", "At Tanf"), countries=("SY",))


def nearness(name: str) -> Fits | None:
    return {"Rome": "contradicts", "Rutba": "agrees"}.get(name)  # type: ignore[return-value]


KNOWING = ClaimedPlace(names=TANF.names, countries=TANF.countries, nearness=nearness)


def only(facts: PhotoFacts, place: ClaimedPlace = TANF, **given: object) -> Evidence | None:
    found = check_words(facts, caption(**given), place)  # type: ignore[arg-type]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("said", "place", "ratio"),
    [
        ("al-Tanf", TANF, AGREES),
        ("AL TANF garrison, Syria", TANF, AGREES),
        ("Syria", TANF, None),
        ("Libya", TANF, CONTRADICTS),
        ("Rome", TANF, None),
        ("Rome", KNOWING, CONTRADICTS),
        ("Rutba", KNOWING, AGREES),
        ("al-Tanf; Rome", KNOWING, None),
        ("", KNOWING, None),
        ("\u202e;,,|", KNOWING, None),
    ],
)
def test_a_place_in_a_field(said: str, place: ClaimedPlace, ratio: float | None) -> None:
    found = only(photo(location_created=(said,)), place)
    assert (None if found is None else math.exp(found.log_lr)) == (
        None if ratio is None else pytest.approx(ratio)
    )


def test_a_caption_inside_is_read_like_an_article() -> None:
    facts = photo(captions=("Rebels in Tripoli, Libya, March 3, 2011.",))
    found = check_words(facts, caption(when=days("2017-06-11")), KNOWING)
    assert {item.check for item in found} == {"photo_words_place", "photo_words_date"}
    assert all(math.exp(item.log_lr) == pytest.approx(CONTRADICTS) for item in found)
    assert {item.origin for item in found} == {"captioner of a.jpg"}


def test_the_credit_is_the_origin_and_the_claims_own_origin_says_nothing() -> None:
    facts = photo(location_shown=("Libya",), credit="The Agency")
    found = only(facts)
    assert found is not None and found.origin == "The Agency"
    assert only(facts, origin="the agency") is None
    assert only(facts, source="THE  AGENCY") is None


def test_a_caption_that_is_repeated_word_for_word_is_one_caption() -> None:
    text = "Soldiers at al-Tanf, June 11"
    facts = photo(captions=(f"{text}. (Agency)",), places_said=("al-Tanf",))
    assert only(facts, text=text) is None
    assert only(facts, text="A desert camp, June 11") is not None


@pytest.mark.parametrize(
    ("created", "ratio"),
    [
        ("2017-06-11", AGREES),
        ("20170611", AGREES),
        ("2017:06:11 10:00:00", AGREES),
        ("2017-06-12T00:10:00", None),
        ("2015-06-11", CONTRADICTS),
        ("2017-13-45", None),
        ("the eleventh", None),
    ],
)
def test_a_date_of_creation(created: str, ratio: float | None) -> None:
    found = only(photo(created=created), when=days("2017-06-11"))
    assert (None if found is None else math.exp(found.log_lr)) == (
        None if ratio is None else pytest.approx(ratio)
    )


def test_a_date_of_creation_copied_from_the_camera_says_nothing() -> None:
    facts = photo(created="2015-06-11", taken_at=at("2015-06-11T10:00:00"))
    assert only(facts, when=days("2017-06-11")) is None


def test_a_year_says_too_little_of_a_day() -> None:
    facts = photo(captions=("Rebels near Homs, 2017.",))
    assert only(facts, when=days("2017-06-11")) is None


def test_hostile_captions_are_only_words() -> None:
    noise = ("\x1b[2J" * 400, "(" * 2_000, "at " * 600, "\u0000", "a" * 2_000)
    for item in check_words(photo(captions=noise), caption(when=days("2017-06-11")), KNOWING):
        assert math.log(CONTRADICTS) <= item.log_lr <= math.log(AGREES)
