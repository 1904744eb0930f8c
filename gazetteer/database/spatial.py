"""The R-trees of a gazetteer's tables, made over all of their rows at once."""

from __future__ import annotations

import sqlite3

import numpy as np

from gazetteer.database import geopackage
from gazetteer.database.rtree import Boxes

_AT_ONCE = 50_000


def index_positions(connection: sqlite3.Connection) -> None:
    """Index the points of the places and the outlines of the areas."""
    _index_places(connection)
    _index_areas(connection)


def _index_places(connection: sqlite3.Connection) -> None:
    ids: list[int] = []
    points = []
    cursor = connection.execute("SELECT id, geom FROM places ORDER BY id")
    while rows := cursor.fetchmany(_AT_ONCE):
        chunk_ids, blobs = zip(*rows, strict=True)
        ids.extend(chunk_ids)
        points.append(geopackage.points_of(blobs))
    lonlat = np.concatenate(points) if points else np.zeros((0, 2))
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    geopackage.index_geometry(
        connection,
        "places",
        Boxes(ids=np.array(ids, dtype=np.int64), min_x=lon, max_x=lon, min_y=lat, max_y=lat),
    )


def _index_areas(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT id, substr(geom, 9, 32) FROM areas ORDER BY id").fetchall()
    bounds = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f8").reshape(-1, 4)
    geopackage.index_geometry(
        connection,
        "areas",
        Boxes(
            ids=np.array([row[0] for row in rows], dtype=np.int64),
            min_x=bounds[:, 0],
            max_x=bounds[:, 1],
            min_y=bounds[:, 2],
            max_y=bounds[:, 3],
        ),
    )
