from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerError, PositionError
from gazetteer.position import MAX_TEXT, Position, format_position, parse_position

TANF = (33 + 30 / 60 + 21 / 3600, 38 + 37 / 60 + 4 / 3600)


@pytest.mark.parametrize(
    "text",
    [
        "33°30'21\"N 38°37'04\"E",
        "33° 30′ 21″ N, 38° 37′ 4″ E",
        "33 30 21 N, 38 37 4 E",
        "33º30’21”N 38º37’04”E",
        "33°30'21''N / 38°37'04''E",
        "38°37'4\"E 33°30'21\"N",
        "N 33 30 21 E 38 37 4",
        "33:30:21, 38:37:04",
        "33 30 21 38 37 4",
        "33deg 30min 21sec north; 38deg 37min 4sec east",
        "lat 33°30'21\" lon 38°37'4\"",
        "lon: 38 37 4, lat: 33 30 21",
        "(33°30.35'N, 38°37.0667'E)",
        "33.505833, 38.617778",
        "33.505833N38.617778E",
        "+33.505833 +38.617778",
        "33,505833; 38,617778",
        "٣٣٫٥٠٥٨٣٣، ٣٨٫٦١٧٧٧٨",
    ],
)
def test_notations_of_one_point(text: str) -> None:
    found = parse_position(text)
    assert (found.lat, found.lon) == pytest.approx(TANF, abs=1e-6)
    assert found.uncertainty_m is None


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("33.5S 38.6W", -33.5, -38.6),
        ("-33.5, -38.6", -33.5, -38.6),
        ("−33.5, 38.6", -33.5, 38.6),
        ("-0°30', 0", -0.5, 0.0),
        ("90 N, 180 W", 90, -180),
    ],
)
def test_hemispheres(text: str, lat: float, lon: float) -> None:
    found = parse_position(text)
    assert (found.lat, found.lon) == pytest.approx((lat, lon))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("33°60'N 38°E", "60 minutes"),
        ("33°30'60\"N 38°E", "60 seconds"),
        ("-33.5S, 38E", "sign and the letter"),
        ("33.5, 38.6 near the base", "'near'"),
        ("33.5, 38.6, 7", "separator"),
        ("33,5 38,6", "separator"),
        ("33.5", "two coordinates"),
        ("33 30 38", "two coordinates"),
        ("33.5N 38.6N", "two values"),
        ("33.5°30' N, 38 E", "decimals"),
        ("95, 38", "latitude 95"),
        ("133.5, 38.6", "swapped"),
        ("33.5, 181", "longitude 181"),
        ("nan, 4", "'nan'"),
        ("33'N 38'E", "wrong number"),
        ("lat 33 E, 38", "disagree"),
        ("33.5, 38.6 😀", "character"),
        ("1" * (MAX_TEXT + 1), "limit"),
        ("33.5, 38.6:", "colon"),
        ("33 -30, 38", "sign"),
    ],
)
def test_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(PositionError) as refused:
        parse_position(text)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_is_a_position_or_a_position_error(text: str) -> None:
    try:
        found = parse_position(text)
    except PositionError:
        return
    assert -90 <= found.lat <= 90
    assert -180 <= found.lon <= 180


@given(st.text(alphabet="0123456789.,;°'\"NSEW -+:/", max_size=40))
@settings(max_examples=300)
def test_what_parses_prints_and_parses_again(text: str) -> None:
    try:
        found = parse_position(text)
    except PositionError:
        return
    again = parse_position(format_position(found))
    assert (again.lat, again.lon) == pytest.approx((found.lat, found.lon), abs=6e-7)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_round_trips(lat: float, lon: float) -> None:
    position = Position(lon=lon, lat=lat)
    for style, within in (("decimal", 5.1e-7), ("dms", 0.051 / 3600)):
        found = parse_position(format_position(position, "dms" if style == "dms" else "decimal"))
        assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=within)


def test_printing_carries_and_keeps_no_negative_zero() -> None:
    position = Position(lon=-1e-9, lat=59.99999999)
    assert format_position(position) == "60.000000, 0.000000"
    assert format_position(position, "dms") == "60°00'00.0\"N 0°00'00.0\"E"
    assert str(position) == "60.000000, 0.000000"


@pytest.mark.parametrize(
    ("lon", "lat", "uncertainty", "why"),
    [
        (0, 91, None, "latitude 91"),
        (181, 0, None, "longitude 181"),
        (38.6, 133.5, None, "swapped"),
        (math.nan, 0, None, "longitude nan"),
        (0, math.inf, None, "latitude inf"),
        (0, 0, -1, "uncertainty -1"),
        (0, 0, math.nan, "uncertainty nan"),
    ],
)
def test_validated(lon: float, lat: float, uncertainty: float | None, why: str) -> None:
    with pytest.raises(GazetteerError, match=why):
        Position(lon=lon, lat=lat, uncertainty_m=uncertainty)
