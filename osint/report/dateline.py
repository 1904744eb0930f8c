"""Shapes on a map that ends at 180 degrees: what runs across the edge is cut there.

GeoJSON (RFC 7946, section 3.1.9) and every map program expect longitudes within -180 to 180 and no
edge across the antimeridian. Shapes are drawn here with longitudes that run on (179, 180, 181) and
cut afterwards. Longitudes and latitudes are WGS84 degrees, in this order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gazetteer.position import Position

LonLat = tuple[float, float]
Geometry = Any
"""A shapely geometry; shapely has no types of its own."""

_CIRCLE_POINTS = 360
# A geodesic is drawn as straight pieces of about this length, at most so many.
_PIECE_M = 25_000.0
_MOST_PIECES = 80
# Meridians this far apart are opposite ones: the line between them runs over the pole.
_OPPOSITE_DEG = 180.0 - 1e-6
_WORLD = (-180.0, -90.0, 180.0, 90.0)


def unrolled(lon: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes without jumps: each within 180 degrees of the one before."""
    return np.unwrap(np.asarray(lon, dtype=np.float64), period=360.0)


def cut_polygons(shape: Geometry) -> Geometry:
    """The polygons of ``shape`` (longitudes may run on past 180) as a MultiPolygon on the map."""
    import shapely

    return shapely.MultiPolygon(_parts(_cut(shape), "Polygon"))


def cut_lines(lines: Sequence[Sequence[LonLat]]) -> Geometry:
    """Lines of (lon, lat) points as a MultiLineString on the map."""
    import shapely

    drawn = [
        shapely.LineString(np.column_stack([unrolled([p[0] for p in line]), [p[1] for p in line]]))
        for line in lines
        if len(line) >= 2
    ]
    return shapely.MultiLineString(
        [part for line in drawn for part in _parts(_cut(line), "LineString")]
    )


def circle(centre: LonLat, radius_m: float) -> Geometry:
    """All points within ``radius_m`` (above zero) of ``centre`` on the ellipsoid, a MultiPolygon.

    A circle that holds a pole has that pole's whole edge of the map.
    """
    import shapely

    from gazetteer.geodesy import ring

    points = ring(Position(lon=centre[0], lat=centre[1]), radius_m, points=_CIRCLE_POINTS)
    lon, lat = unrolled(points[:, 0]), points[:, 1]
    # Without the closing point: unrolled, it can miss the first by a rounding, and cross the ring.
    corners = list(zip(lon[:-1], lat[:-1], strict=True))
    if abs(lon[-1] - lon[0]) > 180:
        pole = float(np.copysign(90.0, centre[1]))
        corners += [(lon[-1], lat[-1]), (lon[-1], pole), (lon[0], pole)]
    return cut_polygons(shapely.Polygon(corners))


def geodesic(start: LonLat, end: LonLat) -> Geometry:
    """The shortest line between two points on the ellipsoid, a MultiLineString.

    Empty where both are the same point.
    """
    import shapely

    from gazetteer.geodesy import destinations, inverse

    length, azimuth = inverse(*start, *end)
    if not float(length) > 0:
        return shapely.MultiLineString()
    pieces = int(np.clip(np.ceil(float(length) / _PIECE_M), 1, _MOST_PIECES))
    lon, lat = destinations(*start, azimuth, np.linspace(0.0, float(length), pieces + 1))
    points = [start, *zip(lon[1:-1].tolist(), lat[1:-1].tolist(), strict=True), end]
    return cut_lines(_cut_at_pole(points))


def _cut_at_pole(points: Sequence[LonLat]) -> list[list[LonLat]]:
    """A line that runs over a pole ends there and goes on from there, on the opposite meridian."""
    lines = [[points[0]]]
    for before, point in pairwise(points):
        if abs(math.remainder(point[0] - before[0], 360.0)) > _OPPOSITE_DEG:
            pole = math.copysign(90.0, before[1])
            lines[-1].append((before[0], pole))
            lines.append([(point[0], pole)])
        lines[-1].append(point)
    return lines


def _cut(shape: Geometry) -> Geometry:
    """``shape`` cut along every edge of the map that it crosses, each piece put onto the map."""
    import shapely
    from shapely.affinity import translate

    if shape.is_empty:
        return shape
    west, _, east, _ = shape.bounds
    first, last = int(np.floor((west + 180) / 360)), int(np.ceil((east - 180) / 360))
    pieces = []
    for turn in range(first, max(last, first) + 1):
        left, south, right, north = _WORLD
        window = shapely.box(left + 360 * turn, south, right + 360 * turn, north)
        pieces.append(translate(shapely.intersection(shape, window), xoff=-360.0 * turn))
    return pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)


def _parts(shape: Geometry, kind: str) -> list[Geometry]:
    """The simple parts of one kind in a geometry of any kind; touching points are left out."""
    parts = getattr(shape, "geoms", None)
    if parts is not None:
        return [part for member in parts for part in _parts(member, kind)]
    return [shape] if shape.geom_type == kind and not shape.is_empty else []
