"""Ids of the places around a point, by the R-tree."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator

import numpy as np

from gazetteer.geodesy import distances_m

_DEGREE_M = 110_574.0
"""Least length of a degree of latitude on WGS84, at the equator."""
_SPHERE_M = 6_335_000.0
"""Below every radius of curvature on WGS84, so that a box is never too narrow."""
_FIRST_REACH_M = 2_000.0
_SLACK_M = 10.0
"""By how much single precision in the R-tree may move a point, and then some."""


def boxes_around(
    *, lon: float, lat: float, radius_m: float
) -> Iterator[tuple[float, float, float, float]]:
    """West, east, south, north of one or two boxes that hold the circle, in degrees."""
    up = radius_m / _DEGREE_M + 1e-4
    south, north = max(lat - up, -90.0), min(lat + up, 90.0)
    sine = math.sin(min(radius_m / _SPHERE_M, math.pi / 2)) / max(
        math.cos(math.radians(lat)), 1e-12
    )
    if sine >= 1 or south <= -90 or north >= 90 or radius_m >= _SPHERE_M:
        yield -180.0, 180.0, south, north
        return
    across = math.degrees(math.asin(sine)) + 1e-4
    west, east = lon - across, lon + across
    yield max(west, -180.0), min(east, 180.0), south, north
    if west < -180:
        yield west + 360, 180.0, south, north
    if east > 180:
        yield -180.0, east - 360, south, north


def ids_near(
    connection: sqlite3.Connection, *, lon: float, lat: float, radius_m: float, most: int
) -> list[int]:
    """Ids of the nearest places within the radius, a few more than ``most``, in no exact order."""
    reach_m = min(radius_m, _FIRST_REACH_M)
    while True:
        rows = [
            row
            for west, east, south, north in boxes_around(lon=lon, lat=lat, radius_m=reach_m)
            for row in connection.execute(
                "SELECT id, minx, miny FROM rtree_places_geom "
                "WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?",
                (west, east, south, north),
            )
        ]
        if rows:
            ids, x, y = (np.array(column) for column in zip(*rows, strict=True))
            apart_m = distances_m(lon, lat, np.clip(x, -180, 180), np.clip(y, -90, 90))
            within = np.flatnonzero(apart_m <= reach_m + _SLACK_M)
            if len(within) >= most or reach_m >= radius_m:
                # Those that tie but for the slack are kept for the exact comparison.
                if len(within) > most:
                    cut_m = np.partition(apart_m[within], most - 1)[most - 1] + 2 * _SLACK_M
                    within = within[apart_m[within] <= cut_m]
                return [int(number) for number in ids[within]]
        elif reach_m >= radius_m:
            return []
        reach_m = min(radius_m, reach_m * 3)
