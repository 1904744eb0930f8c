"""The arithmetic of the point-radius method against published worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.described.precision import (
    CONVENTIONS,
    coordinate_precision_deg,
    coordinate_uncertainty_m,
    distance_uncertainty_m,
    heading_half_angle_deg,
    number_uncertainty,
    offset_uncertainty_m,
    two_offsets_uncertainty_m,
)
from gazetteer.described.quantity import DISTANCE, distance_of
from gazetteer.described.tree import Distance
from gazetteer.errors import GazetteerError

MILE_M = 1_609.344

# Chapman & Wieczorek 2020, Georeferencing Best Practices, table "Calculating uncertainty using the
# precision from a distance recording": the number, its uncertainty there, and by Frazier et al.
PUBLISHED = (
    ("10.1", 0.05, 0.1),
    ("10.25", 0.125, 0.01),
    ("10.5", 0.25, 0.1),
    ("10.6", 0.05, 0.1),
    ("10.75", 0.125, 0.01),
    ("10", 0.5, 1.5),
    ("15", 0.5, 1.0),
    ("30", 5.0, 4.5),
    ("33", 0.5, 1.0),
    ("100", 5.0, 15.0),
    ("140", 5.0, 21.0),
    ("200", 5.0, 30.0),
    ("1000", 50.0, 150.0),
    ("2000", 50.0, 300.0),
)

# Wieczorek 2001, MaNIS/HerpNet/ORNIS Georeferencing Guidelines (rev. 2015), "Uncertainty associated
# with distance precision": the examples 10.5, 10.6, 10.75, 10, 140 and 100 mi, 2000 m; and 6 km
# under "Combinations of uncertainties: distances".
OLDER = (
    ("10.5", 0.5),
    ("10.6", 0.1),
    ("10.75", 0.25),
    ("10", 5.0),
    ("140", 5.0),
    ("100", 50.0),
    ("2000", 500.0),
    ("6", 1.0),
)


@pytest.mark.parametrize(("number", "gbif", "frazier"), PUBLISHED)
def test_the_gbif_table(number: str, gbif: float, frazier: float) -> None:
    assert number_uncertainty(number, "gbif_2020") == pytest.approx(gbif)
    assert number_uncertainty(number, "frazier_2004") == pytest.approx(frazier)


@pytest.mark.parametrize(("number", "wieczorek"), OLDER)
def test_the_older_guidelines(number: str, wieczorek: float) -> None:
    assert number_uncertainty(number, "wieczorek_2001") == pytest.approx(wieczorek)


def test_a_written_fraction_counts_by_its_denominator() -> None:
    # Chapman & Wieczorek 2020: 10 1/2 mi is 10.25 to 10.75.
    assert number_uncertainty("10 1/2") == pytest.approx(0.25)
    assert number_uncertainty("10 1/4") == number_uncertainty("10.25")
    assert number_uncertainty("1/3", "wieczorek_2001") == pytest.approx(1 / 3)


def test_headings_by_their_letters() -> None:
    # Chapman & Wieczorek 2020, table "Calculating uncertainty using the precision of the recorded
    # direction": N 45, NE 22.5, NNE 11.25 degrees.
    halves = [heading_half_angle_deg(word) for word in ("north", "northeast", "north-northeast")]
    assert halves == [45.0, 22.5, 11.25]


def test_the_published_offset_without_distance_uncertainty() -> None:
    # Chapman & Wieczorek 2020, "10 km NE of Lambert Centre": 3.90 km.
    assert offset_uncertainty_m(10.0, 0.0, 22.5) == pytest.approx(3.90, abs=0.005)


def test_the_published_offset_with_distance_uncertainty() -> None:
    # MaNIS guidelines, "10 km NE of Bakersfield": 3 km extent, 1 km distance (their own rule says
    # 5), 0.079 km datum and 0.040 km coordinates give 6.210 km there; the formula beside it 6.202.
    sources = 3.0 + 1.0 + 0.079 + 0.040
    assert offset_uncertainty_m(10.0, sources, 22.5) == pytest.approx(6.210, abs=0.01)


def test_the_calculator_examples_at_a_heading() -> None:
    # MaNIS guidelines, "Distance at a heading", example 1: 10 mi E (by air) Bakersfield, 79 m
    # datum, 40 m coordinates, 2 mi extent, precision 10 mi (half of it counts): 12.254 mi.
    sources = 79 / MILE_M + 40 / MILE_M + 2.0 + 5.0
    assert offset_uncertainty_m(10.0, sources, 45.0) == pytest.approx(12.254, abs=0.006)
    # Example 2: 10 mi ENE, 1:24,000 map (12 m), 40 m, 2 mi, 0.007 mi reading, 5 mi: 7.491 mi.
    sources = 12 / MILE_M + 40 / MILE_M + 2.0 + 0.007 + 5.0
    assert offset_uncertainty_m(10.0, sources, 11.25) == pytest.approx(7.491, abs=0.003)


def test_the_calculator_example_in_two_directions() -> None:
    # MaNIS guidelines, "2 mi E and 3 mi N of Bakersfield": 2.781 mi from 79 m datum, 40 m
    # coordinates, 2 mi extent and 0.707 mi of the two distances of 0.5 mi.
    found = two_offsets_uncertainty_m(0.5, 79 / MILE_M + 40 / MILE_M + 2.0)
    assert found == pytest.approx(2.781, abs=0.002)


def test_the_published_square_of_two_distances() -> None:
    # Chapman & Wieczorek 2020, "8 km E and 6 km N": 0.5 km either way, 0.707 km in all.
    assert two_offsets_uncertainty_m(number_uncertainty("8"), 0.0) == pytest.approx(0.707, abs=5e-4)


def test_coordinate_precision() -> None:
    # Wieczorek 2001 and Chapman & Wieczorek 2020: 10.27, -123.6 kept to 0.01 degrees: 1.5568 km;
    # the table has 156,904 m for a degree at the equator, 146,962 at 30, 124,605 at 60 degrees.
    assert coordinate_precision_deg(-123.6, 10.27) == pytest.approx(0.01)
    assert coordinate_uncertainty_m(10.27, 0.01) == pytest.approx(1_556.8, abs=0.1)
    for lat, metres in ((0.0, 156_904), (30.0, 146_962), (60.0, 124_605)):
        assert coordinate_uncertainty_m(lat, 1.0) == pytest.approx(metres, abs=1.0)
    # A second at Bakersfield: about 40 m.
    assert coordinate_uncertainty_m(35.3733333, 1 / 3600) == pytest.approx(40, abs=1.0)


@given(
    distance=st.floats(0.1, 500.0),
    others=st.floats(0.0, 100.0),
    angle=st.sampled_from([0.0, 11.25, 22.5, 45.0]),
)
def test_an_offset_is_never_less_uncertain_than_either_part(
    distance: float, others: float, angle: float
) -> None:
    found = offset_uncertainty_m(distance, others, angle)
    assert found >= others - 1e-9
    assert found >= offset_uncertainty_m(distance, 0.0, angle) - 1e-9
    assert found <= others + 2 * distance


def test_a_range_is_at_least_half_its_width_off() -> None:
    said = Distance(low=50, high=80, texts=("50", "80"), unit="km", unit_m=1_000.0)
    for convention in CONVENTIONS:
        assert distance_uncertainty_m(said, convention) >= 15_000.0


@pytest.mark.parametrize(
    ("text", "low", "high", "unit_m"),
    [
        ("20 km", 20, 20, 1_000.0),
        ("20km", 20, 20, 1_000.0),
        ("1,500 m", 1500, 1500, 1.0),
        ("60 to 70 kilometres", 60, 70, 1_000.0),
        ("60-70 km", 60, 70, 1_000.0),
        ("10 1/4 miles", 10.25, 10.25, MILE_M),
        ("five kilometers", 5, 5, 1_000.0),
        ("half a mile", 0.5, 0.5, MILE_M),
        ("about 12 nm", 12, 12, 1_852.0),
        ("12 nautical miles", 12, 12, 1_852.0),
        ("300 ft", 300, 300, 0.3048),
    ],
)
def test_distances_are_read(text: str, low: float, high: float, unit_m: float) -> None:
    match = DISTANCE.fullmatch(text)
    assert match
    found = distance_of(match)
    assert found
    assert (found.low, found.high, found.unit_m) == (low, high, unit_m)


@pytest.mark.parametrize("text", ["0 km", "70 to 60 km", "5/0 km"])
def test_senseless_distances_are_none(text: str) -> None:
    match = DISTANCE.fullmatch(text)
    assert match is None or distance_of(match) is None


def test_bounds() -> None:
    words = {"within 5 km": "at_most", "more than 5 km": "at_least", "just 5 km": "about"}
    for text, bound in words.items():
        match = DISTANCE.fullmatch(text)
        found = distance_of(match) if match else None
        assert found
        assert found.bound == bound


def test_nonsense_is_refused() -> None:
    with pytest.raises(GazetteerError, match="no number"):
        number_uncertainty("ten")
    with pytest.raises(GazetteerError, match="no convention"):
        number_uncertainty("10", "nad27")  # type: ignore[arg-type]
