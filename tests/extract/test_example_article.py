"""The article of the worked example reads as an editor would read it: all of it, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from osint.article import read_article
from osint.claims import Claim
from osint.extract import extract
from osint.extract.dates import parse_published

EXAMPLE = Path(__file__).parents[2] / "examples" / "al-zaqaf" / "article.txt"

ENDS = {
    "separation": ("from", "to"),
    "located": ("subject", "place"),
    "direction": ("subject", "object"),
    "border": ("subject",),
    "zone": ("centre", "polarity"),
    "dated": ("event",),
}
BASE = "Syrian army base on the Iraqi border"
ALLIES = "Syrian army and its allies"
PLAIN = ("affirmed", "stated")
EXPECTED = [
    ("separation", BASE, "al-Zaqaf"),
    ("dated", f"{ALLIES} broke through to the Syrian-Iraqi border"),
    ("border", ALLIES),
    ("direction", ALLIES, "zone around al-Tanf"),
    ("located", "US base", "al-Tanf"),
    ("border", BASE),
    ("dated", "second US-rebel base was set up"),
    ("located", "second US-rebel outpost", "al-Zaqaf"),
    ("zone", "al-Zaqaf", "denied"),
    ("zone", "al-Tanf", "affirmed"),
    ("separation", "Syrian forces", "al-Tanf"),
    ("located", "Americans", "al-Zaqaf"),
    ("located", "Rebels", "al-Zaqaf"),
    ("located", "General Soleimani", BASE),
    ("located", "General Soleimani", "northern Iraq"),
]


@pytest.fixture(scope="module")
def claims() -> tuple[Claim, ...]:
    return extract(read_article(EXAMPLE, published=parse_published("2017-06-13"))).claims


def test_every_claim_and_no_other(claims: tuple[Claim, ...]) -> None:
    found = [(claim.kind, *(claim.as_dict()[end] for end in ENDS[claim.kind])) for claim in claims]
    assert found == EXPECTED


def test_all_but_what_only_seems_are_the_text_s_own_words(claims: tuple[Claim, ...]) -> None:
    other = [claim for claim in claims if (claim.polarity, claim.modality) != PLAIN]
    assert [(claim.kind, claim.polarity, claim.modality) for claim in other] == [
        ("zone", "denied", "hedged")
    ]


def test_days(claims: tuple[Claim, ...]) -> None:
    days = [str(claim.date) for claim in claims if claim.date]
    assert days == [
        "2017-06-09",
        "2017-06-09",
        "2017-06-01 to 2017-06-13",
        "2017-06-11",
        "2017-06-11",
        "2017-05-29",
    ]


def test_the_distance_repeated_three_times_is_one_claim(claims: tuple[Claim, ...]) -> None:
    assert [len(claim.spans) for claim in claims if claim.kind == "separation"] == [3, 1]
