"""Adding a source to the gazetteer on disk: all of it or nothing, whatever happens meanwhile.

Rows go into a file beside the gazetteer, with a commit every so often; then come links to other
sources, spatial index and name index; then one rename puts the new file in the old one's place. The
name index is a file of its own whose name carries the build, and the build stands in the
GeoPackage, so that the two that belong together are always found together.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gazetteer.database import geopackage
from gazetteer.database.arrays import Arrays
from gazetteer.database.index_writer import write_index
from gazetteer.database.links import link_places
from gazetteer.database.lock import only_builder
from gazetteer.database.name_index import NameIndex
from gazetteer.database.open import FILE, database_build, index_path, open_for_reading
from gazetteer.database.rows import RowWriter
from gazetteer.database.rtree import Boxes
from gazetteer.database.staging import (
    STAGING,
    Staging,
    State,
    current_build,
    discard,
    refuse_if_open_elsewhere,
)
from gazetteer.errors import DatabaseError, GazetteerError, GazetteerFileError
from gazetteer.record import BadRow, Provenance, Reader, Record

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and how much there is, where known."""

LOCK = "gazetteer.lock"
COMMIT_ROWS = 20_000
BAD_ROWS_KEPT = 20
"""Of how many bad rows line and reason are told; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a source.

    Attributes:
        key: of the source.
        unchanged: the gazetteer had just these bytes already, nothing was done.
        places, names, areas: how many the source has in the gazetteer now.
        bad_rows: how many rows could not be used.
        bad_first: the first of them.
        replaced: how many places an earlier addition of the source had, now gone.
        links: how many pairs with places of other sources were found.
    """

    key: str
    unchanged: bool
    places: int
    names: int
    areas: int
    bad_rows: int
    bad_first: tuple[BadRow, ...]
    replaced: int = 0
    links: int = 0


def add(folder: Path, reader: Reader, *, progress: Progress | None = None) -> Added:
    """Add a source to the gazetteer in ``folder``, or replace what an earlier addition brought.

    A build that was killed is taken up again by the next addition of the same bytes. Until the last
    step, and after any failure, the gazetteer there was answers as before.

    Raises:
        DatabaseError: another build is going on, the gazetteer there is of a newer version, or the
            disk is full or cannot be written.
        GazetteerFileError: the source as a whole cannot be read.
    """
    tell = progress or (lambda _what, _done, _total: None)
    provenance = reader.provenance
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_builder(folder / LOCK):
            base = current_build(folder)
            mark = _fingerprint(provenance)
            if base and mark and (known := _known(folder / FILE, provenance.key, mark)):
                return known
            state = State(key=provenance.key, fingerprint=mark, base=base, build=uuid.uuid4().hex)
            staging = Staging.open(folder, state, resume=bool(mark))
            with contextlib.closing(staging.connection):
                try:
                    _fill(staging, reader, folder, tell)
                except GazetteerError:
                    # Reading the same bytes again would end at the same place.
                    staging.connection.close()
                    discard(folder)
                    raise
                _index(staging, folder, tell)
                added = _added(staging.state)
                staging.close()
            _switch(folder, staging.state.build)
    except (OSError, sqlite3.Error) as error:
        # Without room nothing can go on, and what is half done takes room; else keep it.
        if _is_full(error):
            with contextlib.suppress(OSError):
                discard(folder)
        raise DatabaseError(_why(error, folder)) from error
    return added


def reindex(folder: Path, *, progress: Progress | None = None) -> None:
    """Make the name index anew, where it is lost, damaged, or made by another version.

    Raises:
        DatabaseError: there is no gazetteer, another build is going on, or the disk is full or
            cannot be written.
    """
    try:
        with (
            only_builder(folder / LOCK),
            contextlib.closing(open_for_reading(folder / FILE)) as connection,
        ):
            build = database_build(connection, folder / FILE)
            tell = progress or (lambda _what, _done, _total: None)
            write_index(connection, index_path(folder, build), build, tell)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(_why(error, folder)) from error


def _is_full(error: Exception) -> bool:
    import errno

    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def _why(error: Exception, folder: Path) -> str:
    if _is_full(error):
        return f"the disk of {folder} is full; make room and add the source again"
    said = error.strerror if isinstance(error, OSError) else str(error)
    return f"the gazetteer in {folder} cannot be written ({said}); check the folder and its rights"


def _fingerprint(provenance: Provenance) -> str:
    """What tells one version of the source from another, "" if nothing does."""
    if provenance.sha256:
        return provenance.sha256
    try:
        with open(provenance.locator, "rb") as file:  # noqa: PTH123 - a locator need be no path
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def _known(path: Path, key: str, mark: str) -> Added | None:
    """What is there of the source if it is there with this fingerprint."""
    with contextlib.closing(open_for_reading(path)) as connection:
        row = connection.execute(
            "SELECT places, names, areas, bad_rows, bad_first, links FROM sources "
            "WHERE key = ? AND fingerprint = ?",
            (key, mark),
        ).fetchone()
    if row is None:
        return None
    places, names, areas, bad_rows, bad_first, links = row
    return Added(
        key=key,
        unchanged=True,
        places=places,
        names=names,
        areas=areas,
        bad_rows=bad_rows,
        bad_first=tuple(BadRow(line=line, why=why) for line, why in json.loads(bad_first)),
        links=links,
    )


def _added(state: State) -> Added:
    return Added(
        key=state.key,
        unchanged=False,
        places=state.places,
        names=state.names,
        areas=state.areas,
        bad_rows=state.bad,
        bad_first=tuple(BadRow(line=line, why=why) for line, why in state.bad_first),
        replaced=state.replaced,
        links=state.links,
    )


def _fill(staging: Staging, reader: Reader, folder: Path, tell: Progress) -> None:
    """Read the rows that are not in yet, then find the links."""
    state, connection = staging.state, staging.connection
    if state.stage == "reading":
        writer = RowWriter(connection, state.key, place_id=state.place_id, name_id=state.name_id)
        for rows in _batches(itertools.islice(reader.rows(), state.rows, None)):
            tell("reading", reader.done, reader.size)
            _write(staging, writer, rows)
        if state.bad and not state.places:
            raise _nothing_usable(reader.provenance, state)
        connection.execute("BEGIN")
        _store_source(staging, reader.provenance)
        state.stage = "read"
        staging.commit()
    if state.stage == "read":
        tell("linking", 0, None)
        connection.execute("BEGIN")
        state.links = link_places(
            connection,
            _open_index(folder, state.base),
            first=state.first_place,
            last=state.last_place,
        )
        connection.execute("UPDATE sources SET links = ? WHERE key = ?", (state.links, state.key))
        state.stage = "linked"
        staging.commit()


def _nothing_usable(provenance: Provenance, state: State) -> GazetteerFileError:
    """Refused, since a file gone wrong would else take the place of what was there of it."""
    line, why = state.bad_first[0] if state.bad_first else (0, "")
    first = f"; the first, line {line}: {why}" if why else ""
    return GazetteerFileError(
        f"{Path(provenance.locator).name} has no row that can be used ({state.bad} bad ones"
        f"{first}); nothing was added or replaced"
    )


def _open_index(folder: Path, build: str) -> Arrays | None:
    if not build:
        return None
    try:
        return NameIndex.open(index_path(folder, build), build).arrays
    except DatabaseError:
        return None


def _batches(rows: Iterator[Record | BadRow]) -> Iterator[list[Record | BadRow]]:
    while batch := list(itertools.islice(rows, COMMIT_ROWS)):
        yield batch


def _write(staging: Staging, writer: RowWriter, rows: list[Record | BadRow]) -> None:
    state = staging.state
    records = [row for row in rows if isinstance(row, Record)]
    begun = state.rows

    def refuse(line: int, why: str) -> None:
        state.bad += 1
        if len(state.bad_first) < BAD_ROWS_KEPT:
            state.bad_first.append((line, why[:300]))

    if len(records) < len(rows):
        for row in rows:
            if isinstance(row, BadRow):
                refuse(row.line, row.why)
    before = writer.place_id
    counted = writer.places, writer.names, writer.areas
    staging.connection.execute("BEGIN")
    writer.add(
        records,
        # Rare, so the search for its number costs nothing.
        lambda record, why: refuse(begun + 1 + rows.index(record), why),
    )
    state.rows += len(rows)
    state.places += writer.places - counted[0]
    state.names += writer.names - counted[1]
    state.areas += writer.areas - counted[2]
    if writer.place_id > before:
        if state.last_place < state.first_place:
            state.first_place = before + 1
        state.last_place = writer.place_id
    state.place_id, state.name_id = writer.place_id, writer.name_id
    staging.commit()


def _store_source(staging: Staging, provenance: Provenance) -> None:
    state = staging.state
    retrieved = provenance.retrieved_at
    row = (
        None,
        provenance.key,
        provenance.title,
        provenance.origin,
        provenance.licence,
        provenance.locator,
        provenance.sha256,
        retrieved.isoformat() if retrieved else None,
        json.dumps(provenance.guessed, ensure_ascii=False),
        state.fingerprint,
        state.first_place,
        state.last_place,
        state.places,
        state.names,
        state.areas,
        state.bad,
        json.dumps(state.bad_first, ensure_ascii=False),
        0,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    geopackage.insert(staging.connection, "sources", [row])


def _index(staging: Staging, folder: Path, tell: Progress) -> None:
    """Both spatial indexes, then the name index, so that the file is fit to take its place."""
    state, connection = staging.state, staging.connection
    if state.stage == "linked":
        tell("indexing positions", 0, None)
        connection.execute("BEGIN")
        _index_places(connection)
        _index_areas(connection)
        geopackage.touch(connection)
        geopackage.set_about(connection, "build", state.build)
        state.stage = "indexed"
        staging.commit()
    # Left over from a build that was killed here, it may be cut short.
    path = index_path(folder, state.build)
    write_index(connection, path, state.build, tell)
    connection.execute("PRAGMA journal_mode = DELETE")


def _index_places(connection: sqlite3.Connection) -> None:
    ids: list[int] = []
    points = []
    cursor = connection.execute("SELECT id, geom FROM places ORDER BY id")
    while rows := cursor.fetchmany(50_000):
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


def _switch(folder: Path, build: str) -> None:
    """Put the new file in the old one's place; nothing before this line can be seen by others."""
    refuse_if_open_elsewhere(folder)
    (folder / STAGING).replace(folder / FILE)
    _sync_folder(folder)
    keep = index_path(folder, build)
    for index in folder.glob(index_path(folder, "*").name):
        if index != keep:
            # Where it is still mapped by another process and the system will not let it go, the
            # next build removes it.
            with contextlib.suppress(OSError):
                index.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
