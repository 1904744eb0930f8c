"""Opening the gazetteer's file, and telling what is wrong with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from gazetteer.database.geopackage import SCHEMA, get_about
from gazetteer.errors import DatabaseError

FILE = "gazetteer.gpkg"
"""Name of the GeoPackage in its folder."""

_MAPPED = 2**31 - 2**16
_CACHE_KIB = 8_192


def index_path(folder: Path, build: str) -> Path:
    """The name index of a build."""
    return folder / f"gazetteer-{build}.names"


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, usable from any one thread at a time.

    Raises:
        DatabaseError: there is no such file, or it cannot be opened.
    """
    if not path.is_file():
        raise DatabaseError(
            f"there is no gazetteer at {path}; make one with: osint gazetteer add SOURCE"
        )
    # A file that we replace as a whole never changes, so no locks are needed and a read-only folder
    # will do; only a program that edits it in place leaves a log beside it.
    log = path.with_name(f"{path.name}-wal")
    frozen = "" if log.exists() else "&immutable=1"
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=ro{frozen}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except sqlite3.Error as error:
        raise DatabaseError(
            f"{path} is no gazetteer or cannot be opened ({error}); check its rights, or move it "
            "away and add the sources again"
        ) from error
    return connection


def database_build(connection: sqlite3.Connection, path: Path) -> str:
    """The build id in a gazetteer, which the name of its index carries.

    Raises:
        DatabaseError: it is no gazetteer, damaged, or of another version.
    """
    try:
        schema = get_about(connection, "schema")
        build = get_about(connection, "build")
    except (sqlite3.Error, ValueError) as error:
        raise DatabaseError(
            f"{path} is no gazetteer or is damaged ({error}); "
            "move it away and add the sources again"
        ) from error
    if isinstance(schema, int) and schema > SCHEMA:
        raise DatabaseError(
            f"{path} was built by a newer version (layout {schema}, this one knows {SCHEMA}); "
            "update the toolkit or name another folder"
        )
    if schema != SCHEMA or not isinstance(build, str):
        raise DatabaseError(
            f"{path} was built by another version (layout {schema}, this one needs {SCHEMA}); "
            "move it away and add the sources again"
        )
    return build
