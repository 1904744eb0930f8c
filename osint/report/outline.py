"""The ground that holds 95 % of a belief, as polygons."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osint.belief import Belief
from osint.report.dateline import Geometry, cut_polygons

Ring = tuple[tuple[float, float], ...]
Polygon = tuple[Ring, ...]
"""An outer ring and the holes in it, each closed (its first point is also its last)."""

MOST_VERTICES = 500
"""Most points of one region's outline, over all of its rings."""

_SHARE = 0.95
_METRES_PER_DEGREE = 111_195.0
# A point of the map is drawn with at least this radius, so that there is something to see.
_LEAST_HALF_M = 25.0
# Cells are drawn a little large, so that rows that do not line up leave no slits.
_OVERLAP = 1.05
_ROUND_STEPS = 24
_DIGITS = 5


def outline_of(belief: Belief, round_readings: Collection[str] = ()) -> tuple[Polygon, ...]:
    """The smallest ground that holds 95 % of the mapped mass, simplified.

    Args:
        belief: where the place can be.
        round_readings: readings whose positions are points with a radius, drawn as discs; all
            others are square cells.

    Returns:
        Coordinates as of a GeoJSON MultiPolygon, degrees rounded to 1e-5 (about 1 m), cut at the
        antimeridian, of at most ``MOST_VERTICES`` points. Empty where nothing is mapped. Of a
        region in more than about a hundred pieces the smallest are left out.
    """
    mapped = float(belief.weight.sum())
    if not belief.lon.size or mapped <= 0:
        return ()
    half = np.maximum(belief.half_width_m, _LEAST_HALF_M)
    # The densest ground first: that is what makes the region the smallest.
    order = np.argsort(-belief.weight / half**2, kind="stable")
    share = np.cumsum(belief.weight[order]) / mapped
    kept = order[: int(np.searchsorted(share, _SHARE)) + 1]
    names = np.array([name in round_readings for name in belief.readings])
    base = float(belief.lon[kept[0]])
    lon = base + (belief.lon[kept] - base + 180) % 360 - 180
    is_round = names[belief.reading[kept]]
    # Coarse enough to level the steps between cells, fine enough to leave a disc round.
    tolerance_m = float(np.where(is_round, half[kept] / 30, half[kept] / 2).min())
    return _simplified(
        _union(lon, belief.lat[kept], half[kept], is_round),
        tolerance=tolerance_m / _METRES_PER_DEGREE,
    )


def _union(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    half_m: NDArray[np.float64],
    is_round: NDArray[np.bool_],
) -> Geometry:
    """Squares and discs of a half width in metres, joined."""
    import shapely

    high = half_m / _METRES_PER_DEGREE
    wide = np.minimum(high / np.maximum(np.cos(np.radians(lat)), 1e-6), 180 / _OVERLAP)
    shapes: list[Geometry] = []
    if is_round.any():
        angle = 2 * np.pi * np.arange(_ROUND_STEPS) / _ROUND_STEPS
        east = lon[is_round, None] + wide[is_round, None] * np.sin(angle)
        north = lat[is_round, None] + high[is_round, None] * np.cos(angle)
        discs: Any = shapely.polygons(np.stack([east, north], axis=-1))
        shapes.extend(discs)
    if not is_round.all():
        lon, lat = lon[~is_round], lat[~is_round]
        wide, high = wide[~is_round] * _OVERLAP, high[~is_round] * _OVERLAP
        shapes.extend(shapely.box(lon - wide, lat - high, lon + wide, lat + high))
    return shapely.union_all(shapes)


def _simplified(shape: Geometry, *, tolerance: float) -> tuple[Polygon, ...]:
    """On the map, rounded, and with so few points that the bound is kept."""
    import shapely

    grid = 10.0**-_DIGITS
    while True:
        plain = shapely.set_precision(cut_polygons(shapely.simplify(shape, tolerance)), grid)
        parts = [p for p in getattr(plain, "geoms", [plain]) if not p.is_empty]
        if shapely.get_num_coordinates(plain) <= MOST_VERTICES or tolerance > 1.0:
            break
        tolerance *= 1.5
    parts.sort(key=lambda part: (-part.area, part.bounds))
    polygons: list[Polygon] = []
    room = MOST_VERTICES
    for part in parts:
        polygon = tuple(_ring(ring) for ring in (part.exterior, *part.interiors))
        room -= sum(map(len, polygon))
        if room < 0:
            break
        polygons.append(polygon)
    return tuple(polygons)


def _ring(ring: Geometry) -> Ring:
    return tuple((round(float(x), _DIGITS), round(float(y), _DIGITS)) for x, y in ring.coords)
