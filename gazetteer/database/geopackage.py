"""The tables of the gazetteer, laid out as OGC GeoPackage 1.3 (OGC 12-128r17) wants them.

Written through SQLite alone, so that millions of rows stream through without a data frame. The
spatial index is the extension "gpkg_rtree_index" with the triggers of the specification's annex
F.3; while rows are loaded there is none, and ``index_geometry`` makes it anew at the end.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.database.bulk import insert_rows
from gazetteer.database.rtree import Boxes, pack_rtree

SCHEMA = 1
"""Raised whenever the tables change in a way that older code cannot read."""

APPLICATION_ID = 0x47504B47
"""The letters GPKG."""
_USER_VERSION = 10300

_POINT = struct.Struct("<2sBBiBIdd")
_WGS84 = 4326
_LITTLE_ENDIAN, _WITH_ENVELOPE = 0x01, 0x02

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "places": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "geom POINT",
        "name TEXT NOT NULL",
        "kind TEXT NOT NULL",
        "kind_inferred BOOLEAN",
        "feature TEXT",
        "country TEXT",
        "admin1 TEXT",
        "admin2 TEXT",
        "population INTEGER",
        "uncertainty_m DOUBLE",
        "extent_m DOUBLE",
        "valid_first DATE",
        "valid_last DATE",
        "source TEXT NOT NULL",
        "source_id TEXT NOT NULL",
        "note TEXT",
    ),
    "areas": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "geom MULTIPOLYGON",
        "place INTEGER NOT NULL",
        "name TEXT NOT NULL",
        "kind TEXT NOT NULL",
        "source TEXT NOT NULL",
    ),
    "names": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "place INTEGER NOT NULL",
        "text TEXT NOT NULL",
        "language TEXT",
        "preferred BOOLEAN",
        "historic BOOLEAN",
        "colloquial BOOLEAN",
        "valid_first DATE",
        "valid_last DATE",
    ),
    "same_as": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "place INTEGER NOT NULL",
        "identifier TEXT NOT NULL",
    ),
    "links": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "place_a INTEGER NOT NULL",
        "place_b INTEGER NOT NULL",
        "why TEXT NOT NULL",
        "distance_m DOUBLE NOT NULL",
    ),
    "sources": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "key TEXT NOT NULL UNIQUE",
        "title TEXT NOT NULL",
        "origin TEXT NOT NULL",
        "licence TEXT NOT NULL",
        "locator TEXT NOT NULL",
        "sha256 TEXT NOT NULL",
        "retrieved_at DATETIME",
        "guessed TEXT NOT NULL",
        "fingerprint TEXT NOT NULL",
        "first_place INTEGER NOT NULL",
        "last_place INTEGER NOT NULL",
        "places INTEGER NOT NULL",
        "names INTEGER NOT NULL",
        "areas INTEGER NOT NULL",
        "bad_rows INTEGER NOT NULL",
        "bad_first TEXT NOT NULL",
        "links INTEGER NOT NULL",
        "added_at DATETIME NOT NULL",
        "location TEXT",
        "said TEXT",
    ),
    "about": (
        "id INTEGER PRIMARY KEY NOT NULL",
        "key TEXT NOT NULL UNIQUE",
        "value TEXT NOT NULL",
    ),
}
_DESCRIPTIONS = {
    "places": "One row per place and source; rival rows are kept apart",
    "areas": "Outlines of places, where their source has them",
    "names": "Every spelling of every place; place is an id in places",
    "same_as": "Identifiers of a place in other collections",
    "links": "Rows of different sources that seem to be one place, and how far apart they lie",
    "sources": "Whose rows they are",
    "about": "Layout version and build of this file",
}
_GEOMETRY = {"places": "POINT", "areas": "MULTIPOLYGON"}
# Filled in rising order while rows are loaded, so that keeping them costs next to nothing.
_INDEXES = (
    "CREATE INDEX names_place ON names(place)",
    "CREATE INDEX same_as_place ON same_as(place)",
    "CREATE INDEX areas_place ON areas(place)",
    "CREATE INDEX links_a ON links(place_a)",
    "CREATE INDEX links_b ON links(place_b)",
)

# The definition of WGS 84 in well-known text, as the specification prints it.
_WGS84_TEXT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AUTHORITY["EPSG","4326"]]'
)
_CATALOGUE = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""
_RTREE_EXTENSION = (
    "gpkg_rtree_index",
    "http://www.geopackage.org/spec120/#extension_rtree",
    "write-only",
)

_BOUNDS = "NEW.id, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
_FULL = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))"
_EMPTY = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))"
_TRIGGERS = {
    "insert": f"AFTER INSERT ON {{table}} WHEN {_FULL} BEGIN "
    f"INSERT OR REPLACE INTO {{rtree}} VALUES ({_BOUNDS}); END",
    "update1": f"AFTER UPDATE OF geom ON {{table}} WHEN OLD.id = NEW.id AND {_FULL} BEGIN "
    f"INSERT OR REPLACE INTO {{rtree}} VALUES ({_BOUNDS}); END",
    "update2": f"AFTER UPDATE OF geom ON {{table}} WHEN OLD.id = NEW.id AND {_EMPTY} BEGIN "
    "DELETE FROM {rtree} WHERE id = OLD.id; END",
    "update3": f"AFTER UPDATE ON {{table}} WHEN OLD.id != NEW.id AND {_FULL} BEGIN "
    "DELETE FROM {rtree} WHERE id = OLD.id; "
    f"INSERT OR REPLACE INTO {{rtree}} VALUES ({_BOUNDS}); END",
    "update4": f"AFTER UPDATE ON {{table}} WHEN OLD.id != NEW.id AND {_EMPTY} BEGIN "
    "DELETE FROM {rtree} WHERE id IN (OLD.id, NEW.id); END",
    "delete": "AFTER DELETE ON {table} WHEN OLD.geom NOTNULL BEGIN "
    "DELETE FROM {rtree} WHERE id = OLD.id; END",
}


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert whole rows into a table of the gazetteer."""
    columns = [column.partition(" ")[0] for column in _COLUMNS[table]]
    insert_rows(connection, table, columns, rows)


def create(connection: sqlite3.Connection) -> None:
    """Lay out an empty gazetteer in an empty database."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {_USER_VERSION}")
    for statement in _CATALOGUE.split(";"):
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        (
            ("WGS 84 geodetic", _WGS84, "EPSG", _WGS84, _WGS84_TEXT, "longitude, latitude"),
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined"),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined"),
        ),
    )
    for table, columns in _COLUMNS.items():
        connection.execute(f"CREATE TABLE {table}({', '.join(columns)})")
        geometry = _GEOMETRY.get(table)
        connection.execute(
            "INSERT INTO gpkg_contents(table_name, data_type, identifier, description, srs_id) "
            "VALUES (?, ?, ?, ?, ?)",
            (
                table,
                "features" if geometry else "attributes",
                table,
                _DESCRIPTIONS[table],
                _WGS84 if geometry else None,
            ),
        )
        if geometry:
            connection.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
                (table, geometry, _WGS84),
            )
    for statement in _INDEXES:
        connection.execute(statement)
    set_about(connection, "schema", SCHEMA)


def add_missing_columns(connection: sqlite3.Connection) -> None:
    """Give a gazetteer of before the columns that have been added since; they are all nullable."""
    for table, columns in _COLUMNS.items():
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for column in columns:
            if column.partition(" ")[0] not in there:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def set_about(connection: sqlite3.Connection, key: str, value: object) -> None:
    """Store a fact about the file, as JSON."""
    connection.execute(
        "INSERT INTO about(key, value) VALUES (?, ?) "
        "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (key, json.dumps(value)),
    )


def get_about(connection: sqlite3.Connection, key: str) -> Any:
    """A fact about the file, or None.

    Raises:
        sqlite3.Error: it is no gazetteer, or damaged.
    """
    row = connection.execute("SELECT value FROM about WHERE key = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])


def point_blob(lon: float, lat: float) -> bytes:
    """A point in the GeoPackage's binary form: header without envelope, then WKB."""
    return _POINT.pack(b"GP", 0, _LITTLE_ENDIAN, _WGS84, 1, 1, lon, lat)


def polygon_blob(wkb: bytes, bounds: tuple[float, float, float, float]) -> bytes:
    """Little-endian WKB in the GeoPackage's binary form, with its envelope.

    Args:
        wkb: of a MultiPolygon, not empty.
        bounds: west, south, east, north in degrees.
    """
    west, south, east, north = bounds
    head = struct.pack("<2sBBi", b"GP", 0, _LITTLE_ENDIAN | _WITH_ENVELOPE, _WGS84)
    return head + struct.pack("<4d", west, east, south, north) + wkb


POLYGON_WKB_AT = 40
"""Where the WKB begins in what ``polygon_blob`` makes."""


def points_of(blobs: Iterable[bytes]) -> npt.NDArray[np.float64]:
    """Longitude and latitude, shape (n, 2), of what ``point_blob`` made.

    Raises:
        ValueError: a geometry is none of ours.
    """
    joined = np.frombuffer(b"".join(blobs), dtype=np.uint8).reshape(-1, _POINT.size)
    return np.ascontiguousarray(joined[:, _POINT.size - 16 :]).view("<f8")


def drop_geometry_index(connection: sqlite3.Connection) -> None:
    """Take the R-trees and their triggers away, so that rows can be loaded and deleted."""
    for table in _GEOMETRY:
        for suffix in _TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS rtree_{table}_geom_{suffix}")
        connection.execute(f"DROP TABLE IF EXISTS rtree_{table}_geom")
    connection.execute("DELETE FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")


def index_geometry(connection: sqlite3.Connection, table: str, boxes: Boxes) -> None:
    """Make the R-tree of a table, its triggers, and its extent in ``gpkg_contents``."""
    rtree = f"rtree_{table}_geom"
    pack_rtree(connection, rtree, boxes)
    for suffix, body in _TRIGGERS.items():
        connection.execute(
            f"CREATE TRIGGER {rtree}_{suffix} {body.format(table=table, rtree=rtree)}"
        )
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', ?, ?, ?)", (table, *_RTREE_EXTENSION)
    )
    extent: tuple[float | None, ...] = (None,) * 4
    if len(boxes.ids):
        extent = (
            float(boxes.min_x.min()),
            float(boxes.min_y.min()),
            float(boxes.max_x.max()),
            float(boxes.max_y.max()),
        )
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?",
        (*extent, table),
    )


def touch(connection: sqlite3.Connection) -> None:
    """Set the time of the last change of every table."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + "000Z"
    connection.execute("UPDATE gpkg_contents SET last_change = ?", (now,))
