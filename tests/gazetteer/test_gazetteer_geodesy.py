from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GeodesyError
from gazetteer.geodesy import (
    COMPASS,
    azimuth_deg,
    azimuths_deg,
    compass_sector,
    compass_word,
    densify,
    destination,
    destinations,
    distance_m,
    distance_to_lines_m,
    distances_m,
    inverse,
    ring,
    sector_width_deg,
)
from gazetteer.position import Position, parse_position

LONS = st.floats(-180, 180)
LATS = st.floats(-89.9, 89.9)


def test_flinders_peak_to_buninyong() -> None:
    # Worked example of the GDA94 technical manual (ICSM), section 4.1, after Vincenty 1975.
    flinders = parse_position("37°57'03.72030\"S 144°25'29.52440\"E")
    buninyong = parse_position("37°39'10.15610\"S 143°55'35.38390\"E")
    assert distance_m(flinders, buninyong) == pytest.approx(54_972.271, abs=0.001)
    assert azimuth_deg(flinders, buninyong) == pytest.approx(306 + 52 / 60 + 5.37 / 3600, abs=1e-5)
    assert azimuth_deg(buninyong, flinders) == pytest.approx(127 + 10 / 60 + 25.07 / 3600, abs=1e-5)


def test_new_york_to_singapore() -> None:
    # The example in the manual page of GeographicLib's GeodSolve.
    jfk, sin = parse_position("40:38:23N 073:46:44W"), parse_position("01:21:33N 103:59:22E")
    assert distance_m(jfk, sin) == pytest.approx(15_347_628, abs=0.5)
    assert azimuth_deg(jfk, sin) == pytest.approx(3 + 18 / 60 + 29.9 / 3600, abs=2e-5)


def test_quadrant_and_equator() -> None:
    # Length of the WGS84 quarter meridian, and one degree of a circle of radius 6,378,137 m.
    assert float(distances_m(0, 0, 0, 90)) == pytest.approx(10_001_965.729, abs=0.001)
    assert float(distances_m(10, 0, 11, 0)) == pytest.approx(111_319.4908, abs=1e-3)


@given(LONS, LATS, LONS, LATS)
def test_distance_is_symmetric(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    there, back = distances_m(lon1, lat1, lon2, lat2), distances_m(lon2, lat2, lon1, lat1)
    assert there == pytest.approx(back, abs=1e-6)


@given(LONS, LATS, st.floats(0, 360), st.floats(1, 5e6))
def test_destination_and_inverse_undo_each_other(
    lon: float, lat: float, azimuth: float, away: float
) -> None:
    lon2, lat2 = destinations(lon, lat, azimuth, away)
    found, bearing = inverse(lon, lat, lon2, lat2)
    assert float(found) == pytest.approx(away, abs=1e-3)
    assert 0 <= bearing < 360
    if abs(lat) < 89 and away > 100:
        turn = (float(bearing) - azimuth + 180) % 360 - 180
        assert abs(turn) < 1e-3


def test_shapes_broadcast() -> None:
    lon, lat = np.zeros((3, 1)), np.linspace(1, 2, 4)
    assert distances_m(lon, 0, 0, lat).shape == (3, 4)
    assert azimuths_deg(0, 0, 0, [-1, 1]).tolist() == [180.0, 0.0]
    assert distances_m([], [], 0, 0).shape == (0,)


def test_not_finite_is_refused() -> None:
    with pytest.raises(GeodesyError, match="not finite"):
        distances_m(np.nan, 0, 0, 0)


def test_ring_is_closed_and_round() -> None:
    centre = Position(lon=38.6, lat=33.5, uncertainty_m=5)
    circle = ring(centre, 55_000, points=36)
    assert circle.shape == (37, 2)
    assert (circle[0] == circle[-1]).all()
    away = distances_m(centre.lon, centre.lat, circle[:, 0], circle[:, 1])
    assert away == pytest.approx(np.full(37, 55_000), abs=1e-3)
    with pytest.raises(GeodesyError):
        ring(centre, 0)
    assert destination(centre, azimuth_deg=90, distance_m=10).uncertainty_m == 5


def test_distance_to_the_equator_is_a_meridian_arc() -> None:
    line = np.array([[-20.0, 0.0], [20.0, 0.0]])
    lat = np.array([0.0, 0.001, 1.0, -5.0, 30.0])
    expected = distances_m(3.0, 0.0, 3.0, lat)
    assert distance_to_lines_m(3.0, lat, [line]) == pytest.approx(expected, rel=1e-6, abs=0.01)


def test_distance_across_the_antimeridian() -> None:
    line = np.array([[179.0, 0.0], [-179.0, 0.0]])
    arc = float(distances_m(0, 0, 0, 1))
    for lon in (180.0, -180.0, 179.5, -179.5):
        found = float(distance_to_lines_m(lon, 1.0, [line]))
        assert found == pytest.approx(arc, rel=1e-6)


def wiggly(rng: np.random.Generator) -> np.ndarray:
    x = np.linspace(38, 42, 40)
    return np.column_stack([x, 33.5 + np.cumsum(rng.normal(0, 0.05, 40))])


def test_distance_to_lines_agrees_with_brute_force() -> None:
    rng = np.random.default_rng(0)
    lines = [wiggly(rng), wiggly(rng) + np.array([0.3, 1.5])]
    lon, lat = rng.uniform(36, 44, 60), rng.uniform(30, 38, 60)
    # The points of densify are middles of pieces; a line's vertices complete them.
    fine = np.concatenate([*(densify(line, 60.0)[0] for line in lines), *lines])
    for found, x, y in zip(distance_to_lines_m(lon, lat, lines), lon, lat, strict=True):
        brute = float(distances_m(x, y, fine[:, 0], fine[:, 1]).min())
        # Standing half a spacing off the foot makes the brute figure this much too long.
        too_long = float(np.hypot(found, 30.0)) - found
        assert -1e-5 * found - 0.01 <= brute - found <= too_long + 1e-3 * found


def test_many_points_and_few_agree() -> None:
    rng = np.random.default_rng(1)
    line = wiggly(rng)
    lon, lat = rng.uniform(38, 42, 5000), rng.uniform(32, 35, 5000)
    whole = distance_to_lines_m(lon, lat, [line])
    part = distance_to_lines_m(lon[:20], lat[:20], [line])
    assert part == pytest.approx(whole[:20], abs=1e-6)


@pytest.mark.parametrize(
    "lines", [[], [[[0, 0]]], [[[0, 0], [0, 95]]], [[[0, 0], [np.nan, 1]]], [[0, 0]]]
)
def test_unusable_lines(lines: list[object]) -> None:
    with pytest.raises(GeodesyError):
        distance_to_lines_m(0, 0, lines)


@given(st.floats(200, 50_000))
@settings(max_examples=25)
def test_densify_covers_the_line_evenly(spacing: float) -> None:
    line = np.array([[38.8, 33.4], [39.5, 33.7], [40.9, 34.4]])
    points, metres = densify(line, spacing)
    length = float(distances_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum())
    assert metres.max() <= spacing + 1e-6
    assert metres.sum() == pytest.approx(length, rel=1e-4)
    if len(points) > 3:
        steps = distances_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
        assert np.median(steps) == pytest.approx(metres[0], rel=1e-3)


def test_densify_of_nothing_and_across_the_antimeridian() -> None:
    points, metres = densify([[5, 5], [5, 5]], 100)
    assert points.tolist() == [[5, 5]]
    assert metres.tolist() == [0]
    points, _ = densify([[179.9, 10], [-179.9, 10]], 1000)
    assert (np.abs(points[:, 0]) >= 179.9).all()
    with pytest.raises(GeodesyError):
        densify([[0, 0], [1, 1]], 0)


def test_compass() -> None:
    assert len(COMPASS) == 16
    assert COMPASS["south-southwest"] == 202.5
    assert compass_sector("north") == (315.0, 45.0)
    assert compass_sector("North-East") == (22.5, 67.5)
    assert compass_sector("NNE") == (11.25, 33.75)
    assert compass_sector("southwestern") == (202.5, 247.5)
    assert sector_width_deg("west-northwest") == 22.5
    for word, azimuth in COMPASS.items():
        low, high = compass_sector(word)
        assert (azimuth - low) % 360 == (high - azimuth) % 360 == sector_width_deg(word) / 2
        assert compass_word(word.upper()) == word


@pytest.mark.parametrize("text", ["", "S", "e", "ne", "northing", "eastwest", "up", "northsouth"])
def test_no_compass_word(text: str) -> None:
    assert compass_word(text) is None
    with pytest.raises(GeodesyError):
        compass_sector(text)
