"""What holds for every text: composed sentences read back, spans that fit, nothing that breaks."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.compass import compass_sector
from osint.article import article_from_text
from osint.claims import SeparationClaim
from osint.extract import extract, extract_text
from osint.extract.tokens import sentences, tokenise

NAMES = ["al-Harma", "Tell Suwar", "Kafr Nahal", "Deir ez-Zahr", "Bazrin", "Qasr al-Tawil", "Lomsk"]
UNITS = {"km": 1000.0, "kilometres": 1000.0, "miles": 1609.344, "nautical miles": 1852.0}
DIRECTIONS = ["", "north", "north-east", "southwest", "south-southeast", "west"]
HEDGES = ["", "just ", "about ", "some ", "roughly "]
SHAPES = [
    "{a} {verb} {d} {dir} {b}.",
    "{a}, {d} {dir} {b}, was shelled.",
    "The army took {a} ({d} {dir} {b}).",
    "In {a}, {d} {dir} {b}, the market is open.",
    "The village of {a} {verb} {d} {dir} {b}.",
    "{d} {dir} {b} lies {a}.",
    "Fighters at {a}, which {verb} {d} {dir} {b}, surrendered.",
]


@settings(max_examples=150, deadline=None)
@given(
    shape=st.sampled_from(SHAPES),
    names=st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True),
    number=st.integers(min_value=2, max_value=950),
    unit=st.sampled_from(sorted(UNITS)),
    direction=st.sampled_from(DIRECTIONS),
    hedge=st.sampled_from(HEDGES),
    verb=st.sampled_from(["is", "lies", "sits", "is located", "stands"]),
)
def test_composed_separations_are_read_back(
    shape: str, names: list[str], number: int, unit: str, direction: str, hedge: str, verb: str
) -> None:
    said = f"{hedge}{number} {unit}"
    text = shape.format(
        a=names[0],
        b=names[1],
        verb=verb,
        d=said,
        dir=f"{direction} of" if direction else "from",
    )
    text = text[0].upper() + text[1:]
    claims = [c for c in extract_text(text, source="s").claims if isinstance(c, SeparationClaim)]
    assert len(claims) == 1, text
    claim = claims[0]
    assert claim.origin_entity.name.casefold() == names[0].casefold()
    assert claim.target.name.casefold() == names[1].casefold()
    assert claim.distance.said_m == pytest.approx(number * UNITS[unit])
    assert claim.distance.hedge == hedge.strip()
    assert claim.bearing_deg == (compass_sector(direction) if direction else None)
    assert all(said.lower() in text[start:end].lower() for start, end in claim.spans)


WORDS = Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split(" ")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_order_of_words_is_survived_and_spans_fit(words: list[str]) -> None:
    text = " ".join(words)
    extraction = extract(article_from_text(text, source="s"))
    ids = [entity.id for entity in extraction.entities]
    assert len(set(ids)) == len(ids)
    assert [claim.id for claim in extraction.claims] == [
        f"c{number}" for number in range(1, len(extraction.claims) + 1)
    ]
    for claim in extraction.claims:
        assert claim.spans
        assert all(text[start:end].strip() for start, end in claim.spans)
        assert set(claim.entity_ids()) <= set(ids)
        assert claim.as_dict()["kind"] == claim.kind
    for entity in extraction.entities:
        assert entity.name
        assert all(0 <= start < end <= len(text) for start, end in entity.mentions)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    extract(article_from_text(text, source="s"))
    tokens = tokenise(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert sum(len(group) for group in sentences(tokens)) == len(tokens)


@pytest.mark.parametrize(
    "piece", ["20 km ", "the ", "(", "al-", "a-", "1,000", "from from ", "and X ", ", Y", "its "]
)
def test_monotonous_text_is_survived(piece: str) -> None:
    extract(article_from_text(piece * 3000, source="s"))


@pytest.mark.parametrize(
    "text",
    [
        f"Homs is {'9' * 400} km from Hama.",
        f"Homs is a {'hundred ' * 170}km from Hama.",
        f"It was {'9' * 5000} days ago, on {'9' * 5000} June 2017.",
        f"1.{'9' * 5000}.2 and 1/{'2' * 5000} and the {'9' * 5000}th fort",
    ],
    ids=["figures", "words", "dates", "fractions"],
)
def test_numbers_without_end_are_no_claims(text: str) -> None:
    assert extract_text(text, source="s").claims == ()


def test_work_grows_with_the_length_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons are counted: four times the text, about four times as many."""
    from osint.extract import entities, reference

    counted = 0
    real = entities.compatible

    def counting(*args: object) -> bool:
        nonlocal counted
        counted += 1
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(reference, "compatible", counting)
    chance = random.Random(0)
    pieces = [
        f"The {chance.choice(['new', 'second', 'old'])} "
        f"{chance.choice(['Syrian', 'Iraqi', 'US'])} {chance.choice(['base', 'camp', 'dam'])} "
        f"lies {chance.randint(2, 90)} km from {chance.choice(NAMES)}."
        for _ in range(800)
    ]
    counts = []
    for size in (200, 800):
        counted = 0
        extract(article_from_text("Head\n\n" + " ".join(pieces[:size]), source="s"))
        counts.append(counted)
    assert 0 < counts[1] <= 8 * counts[0]


def test_ids_take_the_prefix() -> None:
    extraction = extract_text("Lomsk is 5 km from Bazrin.", source="s", id_prefix="s2.")
    assert [claim.id for claim in extraction.claims] == ["s2.1"]
    assert [entity.id for entity in extraction.entities] == ["s2.e1", "s2.e2"]


def test_blank_text_has_no_claims() -> None:
    extraction = extract_text("  \n ", source="s")
    assert extraction.claims == ()
    assert extraction.entities == ()
