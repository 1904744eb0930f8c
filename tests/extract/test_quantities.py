"""Distances in words and figures, and what they leave open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osint.extract.quantities import half_unit, parse_distance, quantity_at
from osint.extract.tokens import tokenise

MILE = 1609.344


@pytest.mark.parametrize(
    ("text", "said", "low", "high"),
    [
        ("20 km", 20000, 17500, 22500),
        ("70 km", 70000, 65000, 75000),
        ("130 kilometres", 130000, 125000, 135000),
        ("45 miles", 45 * MILE, 42.5 * MILE, 47.5 * MILE),
        ("15 kms", 15000, 14500, 15500),
        ("55-kilometer", 55000, 52500, 57500),
        ("12.5 km", 12500, 12250, 12750),
        ("2,500 m", 2500, 2250, 2750),
        ("60 to 70 km", 65000, 60000, 70000),
        ("60-70 km", 65000, 60000, 70000),
        ("60–70 km", 65000, 60000, 70000),
        ("between 60 and 70 km", 65000, 60000, 70000),
        ("60 km to 70 km", 65000, 60000, 70000),
        ("800 m to 1 km", 900, 800, 1000),
        ("twenty kilometres", 20000, 17500, 22500),
        ("a hundred and fifty miles", 150 * MILE, 145 * MILE, 155 * MILE),
        ("thirty-five km", 35000, 32500, 37500),
        ("half a mile", MILE / 2, 0.45 * MILE, 0.55 * MILE),
        ("two and a half miles", 2.5 * MILE, 2.25 * MILE, 2.75 * MILE),
        ("2 1/2 miles", 2.5 * MILE, 2.25 * MILE, 2.75 * MILE),
        ("2½ miles", 2.5 * MILE, 2.25 * MILE, 2.75 * MILE),
        ("a dozen miles", 12 * MILE, 11.5 * MILE, 12.5 * MILE),
        ("a couple of kilometres", 2000, 1750, 2250),
        ("a mile", MILE, 0.95 * MILE, 1.05 * MILE),
        ("10 nautical miles", 18520, 17594, 19446),
        ("3 klicks", 3000, 2750, 3250),
        ("about 20 km", 20000, 17500, 22500),
        ("just 20 km", 20000, 17500, 22500),
        ("some 40 kilometers", 40000, 35000, 45000),
        ("nearly 50 km", 50000, 45000, 50000),
        ("just under 20 km", 20000, 17500, 20000),
        ("more than 20 km", 20000, 20000, None),
        ("at least 60 to 70 km", 65000, 60000, None),
        ("over 100 metres", 100, 100, None),
        ("within 5 km", 5000, None, 5000),
        ("up to 8 km", 8000, None, 8000),
        ("no more than 8 km", 8000, None, 8000),
        ("less than a mile", MILE, None, MILE),
    ],
)
def test_reading(text: str, said: float, low: float | None, high: float | None) -> None:
    quantity = quantity_at(tokenise(text), 0)
    assert quantity is not None
    assert quantity.end == len(tokenise(text))
    assert quantity.distance.said_m == pytest.approx(said)
    assert quantity.distance.low_m == (None if low is None else pytest.approx(low))
    assert quantity.distance.high_m == (None if high is None else pytest.approx(high))


def test_the_same_distance_in_two_units_is_one() -> None:
    tokens = tokenise("34 miles (55 km) from")
    quantity = quantity_at(tokens, 0)
    assert quantity is not None
    assert tokens[quantity.end].text == "from"
    assert quantity.distance.said_m == pytest.approx(34 * MILE)
    low, high = quantity.distance.low_m, quantity.distance.high_m
    assert low is not None
    assert high is not None
    assert 52500 <= low < 55000 < high <= 57500
    assert high - low < MILE * 1.01


def test_two_distances_are_not_taken_for_one() -> None:
    quantity = quantity_at(tokenise("20 km (55 km) from"), 0)
    assert quantity is not None
    assert quantity.end == 2


@pytest.mark.parametrize(
    "text", ["20 percent", "20", "twenty men", "the km", "70 to 60 km", "a few", "0 km", "5 M"]
)
def test_not_a_distance(text: str) -> None:
    assert quantity_at(tokenise(text), 0) is None


def test_money_is_no_distance() -> None:
    assert quantity_at(tokenise("$5 m from"), 1) is None


def test_hedges_are_kept() -> None:
    quantity = quantity_at(tokenise("just over 20 km"), 0)
    assert quantity is not None
    assert quantity.distance.hedge == "just over"


@given(st.integers(min_value=1, max_value=9999))
def test_half_unit_divides_and_is_small(number: int) -> None:
    step = 2 * half_unit(number)
    assert step <= number / 4 + 1e-9
    assert number / step == pytest.approx(round(number / step))


@given(st.integers(min_value=1, max_value=99999), st.sampled_from(["km", "miles", "metres", "nm"]))
def test_band_holds_the_number(number: int, unit: str) -> None:
    quantity = quantity_at(tokenise(f"{number:,} {unit}"), 0)
    if quantity is None:
        # More than half way round the earth.
        assert number > 20000
        return
    low, high = quantity.distance.low_m, quantity.distance.high_m
    assert low is not None
    assert high is not None
    assert low < quantity.distance.said_m < high


@pytest.mark.parametrize(
    ("text", "said", "low", "high"),
    [
        ("20 km", 20000, 17500, 22500),
        (" 20km. ", 20000, 17500, 22500),
        ("just over 34 miles (55 km)", 34 * MILE, 34 * MILE, None),
        ("60 to 70 km", 65000, 60000, 70000),
        ("between 60 and 70 km", 65000, 60000, 70000),
        ("less than 5 km", 5000, None, 5000),
        ("half a mile", MILE / 2, 0.45 * MILE, 0.55 * MILE),
    ],
)
def test_one_stated_distance(text: str, said: float, low: float | None, high: float | None) -> None:
    distance = parse_distance(text)
    assert distance.said_m == pytest.approx(said)
    assert distance.low_m == (None if low is None else pytest.approx(low))
    assert distance.high_m == (None if high is None else pytest.approx(high))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "km", "20", "far", "20 km away", "from 20 km", "-20 km", "20 km 30 km", "0 km",
        "20 km, 30 km", "20 km (55 km)", "20,5 km", "1e5 km", "nan km", "34 miles (55 km",
        "20 km " * 500, "9" * 400 + " km",
    ],
)  # fmt: skip
def test_not_exactly_one_distance(text: str) -> None:
    with pytest.raises(ValueError, match="is not understood") as caught:
        parse_distance(text)
    assert len(str(caught.value)) < 300


@given(st.text(max_size=60))
def test_any_words_are_a_distance_or_refused(text: str) -> None:
    try:
        distance = parse_distance(text)
    except ValueError:
        return
    assert distance.said_m > 0
