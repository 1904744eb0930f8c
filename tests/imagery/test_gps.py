"""GPS tags: the right position, or the reason why there is none. Never a guess."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagery.photo.exif import Rational, Tag
from imagery.photo.gps import GpsFacts, read_gps


def fractions(*pairs: Rational) -> Tag:
    return Tag(kind="rational", values=pairs, printed="")


def text(value: str) -> Tag:
    return Tag(kind="text", values=(value,), printed=value)


def tags(**changes: Tag | None) -> dict[str, Tag]:
    """33°30'21" N 38°37'04" E with some tags replaced, or left out where None."""
    base: dict[str, Tag | None] = {
        "GPSLatitude": fractions((33, 1), (30, 1), (2100, 100)),
        "GPSLatitudeRef": text("N"),
        "GPSLongitude": fractions((38, 1), (37, 1), (400, 100)),
        "GPSLongitudeRef": text("E"),
    }
    return {f"GPS {name}": tag for name, tag in (base | changes).items() if tag is not None}


def test_a_sound_position() -> None:
    facts = read_gps(tags())
    assert facts.position_problem is None
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(33.50583333, abs=1e-7)
    assert facts.position.lon == pytest.approx(38.61777778, abs=1e-7)
    assert facts.position.uncertainty_m == 5.0


@pytest.mark.parametrize("letters", [("N", "E"), ("S", "E"), ("N", "W"), ("S", "W")])
def test_hemispheres(letters: tuple[str, str]) -> None:
    facts = read_gps(tags(GPSLatitudeRef=text(letters[0]), GPSLongitudeRef=text(letters[1])))
    assert facts.position is not None
    assert (facts.position.lat > 0) == (letters[0] == "N")
    assert (facts.position.lon > 0) == (letters[1] == "E")


@pytest.mark.parametrize("letter", ["N\0", "N ", " N", "N\0\0"])
def test_padding_of_a_letter_is_no_harm(letter: str) -> None:
    assert read_gps(tags(GPSLatitudeRef=text(letter))).position is not None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"GPSLatitudeRef": text("s")}, "hemisphere is unknown"),
        ({"GPSLatitudeRef": text("South")}, "hemisphere is unknown"),
        ({"GPSLatitudeRef": text("E")}, "hemisphere is unknown"),
        ({"GPSLatitudeRef": text("NS")}, "hemisphere is unknown"),
        ({"GPSLongitudeRef": text("w")}, "hemisphere is unknown"),
        ({"GPSLongitudeRef": text("О")}, "hemisphere is unknown"),
        ({"GPSLatitudeRef": text("")}, "no hemisphere letter"),
        ({"GPSLatitudeRef": None}, "no hemisphere letter"),
        ({"GPSLongitudeRef": None}, "no hemisphere letter"),
        ({"GPSLatitudeRef": fractions((1, 1))}, "no hemisphere letter"),
        ({"GPSLatitude": None}, "without a latitude"),
        ({"GPSLongitude": None}, "without a longitude"),
        ({"GPSLatitude": fractions((0, 0), (0, 0), (0, 0))}, "0/0"),
        ({"GPSLatitude": fractions((33, 1), (30, 0), (21, 1))}, "30/0"),
        ({"GPSLatitude": fractions((33, 1), (30, 1))}, "2 values, not 3"),
        ({"GPSLatitude": fractions()}, "0 values, not 3"),
        ({"GPSLatitude": fractions((33, 1), (30, 1), (21, 1), (0, 1))}, "4 values, not 3"),
        ({"GPSLatitude": fractions((91, 1), (0, 1), (0, 1))}, "91 degrees"),
        ({"GPSLatitude": fractions((90, 1), (0, 1), (1, 1))}, "more than 90"),
        ({"GPSLongitude": fractions((181, 1), (0, 1), (0, 1))}, "181 degrees"),
        ({"GPSLatitude": fractions((33, 1), (60, 1), (0, 1))}, "60 minutes"),
        ({"GPSLatitude": fractions((33, 1), (30, 1), (60, 1))}, "60 seconds"),
        ({"GPSLatitude": fractions((33, 1), (30, 1), (4294967295, 1))}, "seconds"),
        ({"GPSLatitude": fractions((-33, 1), (30, 1), (21, 1))}, "negative degrees"),
        ({"GPSLatitude": fractions((335, 10), (30, 1), (0, 1))}, "fraction before"),
        ({"GPSLatitude": fractions((33, 1), (305, 10), (21, 1))}, "fraction before"),
        ({"GPSLatitude": text("33.5")}, "not stored as fractions"),
        ({"GPSLatitude": Tag(kind="integer", values=(33, 30, 21), printed="")}, "fractions"),
        (
            {
                "GPSLatitude": fractions((0, 1), (0, 1), (0, 1)),
                "GPSLongitude": fractions((0, 1), (0, 1), (0, 1)),
            },
            "exactly 0, 0",
        ),
    ],
)
def test_unusable_positions_say_why(changes: dict[str, Tag | None], reason: str) -> None:
    facts = read_gps(tags(**changes))
    assert facts.position is None
    assert facts.position_problem is not None
    assert reason in facts.position_problem


def test_no_gps_is_no_problem() -> None:
    assert read_gps({}) == GpsFacts()
    assert read_gps({"GPS GPSVersionID": text("2")}) == GpsFacts()


@pytest.mark.parametrize(
    ("lat", "lon", "least_m", "most_m"),
    [
        # Whole seconds: 31 m north to south.
        (((33, 1), (30, 1), (21, 1)), ((38, 1), (37, 1), (4, 1)), 31, 45),
        # Whole minutes: 1.9 km.
        (((33, 1), (30, 1), (0, 1)), ((38, 1), (37, 1), (0, 1)), 1850, 2700),
        # Hundredths of minutes: 19 m.
        (((33, 1), (3035, 100), (0, 1)), ((38, 1), (3707, 100), (0, 1)), 18, 27),
        # Hundredths of degrees: 1.1 km.
        (((3350, 100), (0, 1), (0, 1)), ((3861, 100), (0, 1), (0, 1)), 1100, 1500),
        # Far finer than any receiver.
        (((33, 1), (30, 1), (210000, 10000)), ((38, 1), (37, 1), (40000, 10000)), 5, 5),
    ],
)
def test_uncertainty_follows_how_finely_it_is_written(
    lat: tuple[Rational, ...], lon: tuple[Rational, ...], least_m: float, most_m: float
) -> None:
    facts = read_gps(tags(GPSLatitude=fractions(*lat), GPSLongitude=fractions(*lon)))
    assert facts.position is not None
    assert facts.position.uncertainty_m is not None
    assert least_m <= facts.position.uncertainty_m <= most_m


@pytest.mark.parametrize(
    ("stated", "expected_m"),
    [((125, 10), 12.5), ((0, 1), 5.0), ((3, 0), 5.0), ((4294967295, 1), 5.0), ((2, 1), 2.0)],
)
def test_stated_error_is_taken_if_it_is_one(stated: Rational, expected_m: float) -> None:
    facts = read_gps(tags(GPSHPositioningError=fractions(stated)))
    assert facts.position is not None
    assert facts.position.uncertainty_m == expected_m


@pytest.mark.parametrize(
    ("reference", "expected_m"), [(0, 612.5), (1, -612.5), (None, 612.5), (7, None)]
)
def test_altitude(reference: int | None, expected_m: float | None) -> None:
    ref = None if reference is None else Tag(kind="integer", values=(reference,), printed="")
    facts = read_gps(tags(GPSAltitude=fractions((6125, 10)), GPSAltitudeRef=ref))
    assert facts.altitude_m == expected_m
    assert bool(facts.problems) == (expected_m is None)


@pytest.mark.parametrize(("metres", "below"), [(5_000_000, 1), (12_001, 1), (1_000_001, 0)])
def test_an_altitude_where_no_camera_is(metres: int, below: int) -> None:
    ref = Tag(kind="integer", values=(below,), printed="")
    facts = read_gps(tags(GPSAltitude=fractions((metres, 1)), GPSAltitudeRef=ref))
    assert facts.altitude_m is None
    assert any("where no camera is" in problem for problem in facts.problems)


@pytest.mark.parametrize(
    ("value", "reference", "expected"),
    [
        ((1205, 10), "T", (120.5, "true")),
        ((1205, 10), "M", (120.5, "magnetic")),
        ((1205, 10), None, (120.5, None)),
        ((1205, 10), "t", (120.5, None)),
        ((360, 1), "T", (0.0, "true")),
        ((361, 1), "T", (None, None)),
        ((5, 0), "T", (None, None)),
    ],
)
def test_heading(
    value: Rational, reference: str | None, expected: tuple[float | None, str | None]
) -> None:
    ref = text(reference) if reference else None
    facts = read_gps(tags(GPSImgDirection=fractions(value), GPSImgDirectionRef=ref))
    assert (facts.heading_deg, facts.heading_reference) == expected
    assert bool(facts.problems) == (expected[0] is None)


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (
            "2017:06:11",
            ((11, 1), (3, 1), (2250, 100)),
            datetime(2017, 6, 11, 11, 3, 22, 500_000, UTC),
        ),
        ("2017:06:31", ((11, 1), (3, 1), (22, 1)), None),
        ("2017:06:11", ((24, 1), (3, 1), (22, 1)), None),
        ("2017:06:11", ((11, 1), (60, 1), (22, 1)), None),
        ("2017:06:11", ((11, 2), (3, 1), (22, 1)), None),
        ("2017:06:11", ((11, 1), (3, 0), (22, 1)), None),
        ("2017-06-11", ((11, 1), (3, 1), (22, 1)), None),
        ("٢٠١٧:٠٦:١١", ((11, 1), (3, 1), (22, 1)), None),
    ],
)
def test_satellite_time(day: str, clock: tuple[Rational, ...], expected: datetime | None) -> None:
    facts = read_gps(tags(GPSDate=text(day), GPSTimeStamp=fractions(*clock)))
    assert facts.time_utc == expected
    assert bool(facts.problems) == (expected is None)
    assert facts.position is not None


def test_half_a_satellite_time_is_a_problem() -> None:
    facts = read_gps(tags(GPSDate=text("2017:06:11")))
    assert facts.time_utc is None
    assert "one is missing" in facts.problems[0]


pairs = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)) | st.tuples(
    st.integers(0, 90), st.just(1)
)
angles = st.lists(pairs, max_size=4).map(lambda found: fractions(*found))
letters = st.sampled_from(["N", "S", "E", "W", "n", "North", "", "\0"]).map(text)


@given(lat=angles, lon=angles, lat_ref=letters, lon_ref=letters)
def test_position_or_reason_never_both_never_neither(
    lat: Tag, lon: Tag, lat_ref: Tag, lon_ref: Tag
) -> None:
    facts = read_gps(
        tags(GPSLatitude=lat, GPSLongitude=lon, GPSLatitudeRef=lat_ref, GPSLongitudeRef=lon_ref)
    )
    assert (facts.position is None) != (facts.position_problem is None)
    if facts.position:
        assert math.isfinite(facts.position.lat)
        assert (facts.position.uncertainty_m or 0) >= 5


@given(
    degrees=st.integers(0, 89),
    minutes=st.integers(0, 59),
    hundredths=st.integers(1, 5999),
    south=st.booleans(),
)
def test_conversion_is_exact(degrees: int, minutes: int, hundredths: int, south: bool) -> None:
    facts = read_gps(
        tags(
            GPSLatitude=fractions((degrees, 1), (minutes, 1), (hundredths, 100)),
            GPSLatitudeRef=text("S" if south else "N"),
        )
    )
    assert facts.position is not None
    total = degrees * 360_000 + minutes * 6_000 + hundredths
    assert facts.position.lat == pytest.approx((-1 if south else 1) * total / 360_000, abs=1e-12)
