"""Outlines of regions hold what they say they hold; shapes are cut where the map ends."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import MultiPolygon

from gazetteer.pairwise import distance_matrix_m
from osint.belief import Belief, PointReading, from_grid, from_points, mixed, nowhere
from osint.report.dateline import circle, cut_lines, geodesic
from osint.report.outline import MOST_VERTICES, outline_of

GEOD = Geod(ellps="WGS84")


def point(label: str, lon: float, lat: float, extent_m: float, weight: float) -> PointReading:
    return PointReading(
        label=label, lon=lon, lat=lat, extent_m=extent_m, uncertainty_m=100.0, weight=weight
    )


def drawn(belief: Belief, round_readings: tuple[str, ...] = ()) -> MultiPolygon:
    outline = outline_of(belief, round_readings)
    assert sum(len(ring) for polygon in outline for ring in polygon) <= MOST_VERTICES
    for polygon in outline:
        for ring in polygon:
            assert ring[0] == ring[-1]
            assert all(x == round(x, 5) and y == round(y, 5) for x, y in ring)
            assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring)
    return MultiPolygon([(p[0], p[1:]) for p in outline])


def mass_inside(belief: Belief, shape: MultiPolygon) -> float:
    # A cell may lie on the very edge of the map.
    inside = shapely.intersects_xy(shape, belief.lon, belief.lat)
    return float(belief.weight[inside].sum() / belief.weight.sum())


def cells(lon: float, lat: float, spacing_m: float, count: int, keep: Any) -> Belief:
    """A square grid of cells on the ground around a point."""
    steps = (np.arange(count) - (count - 1) / 2) * spacing_m
    east, north = (a.ravel() for a in np.meshgrid(steps, steps))
    kept = keep(np.hypot(east, north))
    lats = lat + north / 111_195.0
    lons = lon + east / (111_195.0 * np.cos(np.radians(lats)))
    lons = (lons + 180) % 360 - 180
    return from_grid(
        lons[kept], lats[kept], spacing_m=spacing_m, label="as described", elsewhere=0.1
    )


def area_km2(shape: MultiPolygon) -> float:
    return abs(float(GEOD.geometry_area_perimeter(shape)[0])) / 1e6


@settings(max_examples=25)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-75, 75),
    spacing_m=st.floats(500, 8_000),
    count=st.integers(2, 25),
    seed=st.integers(0, 1_000),
)
def test_outline_holds_95_percent(
    lon: float, lat: float, spacing_m: float, count: int, seed: int
) -> None:
    belief = cells(lon, lat, spacing_m, count, lambda r: r >= 0)
    weight = np.random.default_rng(seed).random(belief.weight.size) ** 3
    belief = belief.with_masses(np.append(weight, 0.1))
    shape = drawn(belief)
    assert shape.is_valid
    assert mass_inside(belief, shape) >= 0.93


def test_disc_has_the_area_of_a_disc() -> None:
    belief = from_points([point("Norvale", 20.0, 40.0, 3_000.0, 1.0)], elsewhere=0.02)
    assert area_km2(drawn(belief, ("Norvale",))) == pytest.approx(math.pi * 9, rel=0.03)
    assert area_km2(drawn(belief)) == pytest.approx(36 * 1.05**2, rel=0.01)


def test_a_ring_of_cells_keeps_its_hole() -> None:
    belief = cells(39.0, 33.0, 2_000.0, 41, lambda r: (r > 20_000) & (r < 38_000))
    shape = drawn(belief)
    assert len(shape.geoms) == 1
    assert len(shape.geoms[0].interiors) == 1
    assert not shape.contains(shapely.Point(39.0, 33.0))
    assert area_km2(shape) == pytest.approx(0.95 * math.pi * (38**2 - 20**2), rel=0.1)


def test_homonyms_stay_apart() -> None:
    rivals = [point("here", 38.6, 33.5, 1_000.0, 0.6), point("there", -68.0, 12.0, 1_000.0, 0.4)]
    shape = drawn(from_points(rivals, elsewhere=0.02), ("here", "there"))
    assert len(shape.geoms) == 2
    assert shape.contains(shapely.Point(38.6, 33.5))
    assert shape.contains(shapely.Point(-68.0, 12.0))


def test_the_densest_ground_comes_first() -> None:
    """A heavy village and a light, wide region: the 95 % are reached with the village whole."""
    village = from_points([point("village", 20.0, 40.0, 500.0, 1.0)], elsewhere=0.0)
    region = cells(20.0, 41.0, 4_000.0, 20, lambda r: r >= 0)
    both = mixed([(village, 0.6), (region, 0.4)])
    shape = drawn(both, ("village",))
    assert shape.contains(shapely.Point(20.0, 40.0))
    assert mass_inside(both, shape) == pytest.approx(0.95, abs=0.03)


def test_across_the_antimeridian() -> None:
    belief = cells(179.99, -17.0, 2_000.0, 21, lambda r: r >= 0)
    shape = drawn(belief)
    assert len(shape.geoms) == 2
    assert mass_inside(belief, shape) >= 0.93
    assert area_km2(shape) == pytest.approx(42**2 * 0.95, rel=0.1)


def test_at_a_pole() -> None:
    shape = drawn(from_points([point("camp", 10.0, 89.99, 5_000.0, 1.0)], elsewhere=0.0))
    assert shape.is_valid
    assert shape.contains(shapely.Point(10.0, 89.98))


def test_nothing_known_has_no_outline() -> None:
    assert outline_of(nowhere()) == ()


def test_many_pieces_are_bounded() -> None:
    names = [f"n{i}" for i in range(300)]
    belief = from_points(
        [point(n, -170 + 1.1 * i, 30.0, 800.0, 1 / 300) for i, n in enumerate(names)], elsewhere=0.0
    )
    assert drawn(belief, tuple(names)).is_valid


@settings(max_examples=40)
@example(lon=179.0, lat=-1.0, radius_m=163_268.5)
@given(lon=st.floats(-180, 180), lat=st.floats(-89.5, 89.5), radius_m=st.floats(100.0, 2_000_000.0))
def test_circle_holds_what_lies_within(lon: float, lat: float, radius_m: float) -> None:
    # A circle that ends at a pole has no shape that straight edges on a map could follow.
    to_pole_m = distance_matrix_m([lon], [lat], [lon], [math.copysign(90.0, lat)])[0, 0]
    assume(abs(to_pole_m - radius_m) > 0.1 * radius_m + 50_000)
    shape = circle((lon, lat), radius_m)
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    for azimuth in range(7, 360, 45):
        for share, inside in ((0.98, True), (1.02, False)):
            x, y, _ = GEOD.fwd(lon, lat, azimuth, share * radius_m)
            assert shape.contains(shapely.Point(x, y)) is inside


@settings(max_examples=40)
@example(lon=0.0, lat=69.0, azimuth=0.0, distance_m=2_344_541.0)
@example(lon=20.0, lat=-80.0, azimuth=180.0, distance_m=2_500_000.0)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-80, 80),
    azimuth=st.floats(0, 360),
    distance_m=st.floats(1.0, 3_000_000.0),
)
def test_geodesic_is_as_long_as_the_distance(
    lon: float, lat: float, azimuth: float, distance_m: float
) -> None:
    x, y, _ = GEOD.fwd(lon, lat, azimuth, distance_m)
    shape = geodesic((lon, lat), (x, y))
    length = math.fsum(GEOD.geometry_length(part) for part in shape.geoms)
    assert length == pytest.approx(distance_m, rel=1e-4, abs=0.01)
    assert all(abs(v) <= 180 for v in shapely.get_coordinates(shape)[:, 0])
    for part in shape.geoms:
        assert np.abs(np.diff(shapely.get_coordinates(part)[:, 0])).max() < 180


def test_geodesic_of_a_point_is_empty() -> None:
    assert geodesic((1.0, 2.0), (1.0, 2.0)).is_empty


def test_lines_are_cut_at_the_antimeridian() -> None:
    shape = cut_lines([[(179.0, 0.0), (-179.0, 1.0)], [(10.0, 0.0), (11.0, 0.0)], [(5.0, 5.0)]])
    assert len(shape.geoms) == 3
    assert shape.length == pytest.approx(math.hypot(2, 1) + 1)
