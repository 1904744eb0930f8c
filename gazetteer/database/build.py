"""Changing the gazetteer on disk: sources added or taken out, all of it or nothing.

Rows go into a file beside the gazetteer, with a commit every so often; then come links to other
sources, spatial index and name index; then the new file takes the old one's place (``change``).
Several sources added together are one build: the indexes are made once.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gazetteer.database import geopackage
from gazetteer.database.addition import Added, Addition, Marked, Shelf, checked, marked
from gazetteer.database.change import (
    LOCK,
    changing,
    open_index,
    switch,
    why_unwritten,
)
from gazetteer.database.filling import Progress, fill
from gazetteer.database.index_names import Before
from gazetteer.database.index_writer import write_index
from gazetteer.database.links import Linker
from gazetteer.database.lock import only_builder
from gazetteer.database.open import FILE, database_build, index_path, open_for_reading
from gazetteer.database.spatial import index_positions
from gazetteer.database.staging import SourceState, Staging, State, discard
from gazetteer.errors import DatabaseError, GazetteerError, GazetteerFileError
from gazetteer.record import BadRow, Reader


def add(folder: Path, reader: Reader, *, progress: Progress | None = None) -> Added:
    """Add a source to the gazetteer in ``folder``; see ``add_all``."""
    return add_all(folder, [Addition(reader=reader)], progress=progress)[0]


def add_all(
    folder: Path, additions: Sequence[Addition], *, progress: Progress | None = None
) -> tuple[Added, ...]:
    """Add sources to the gazetteer in ``folder``, or replace what earlier additions brought.

    A build that was killed is taken up again by the next addition of the same bytes. Until the last
    step, and after any failure, the gazetteer there was answers as before. Bytes that are there
    already, under whatever name, are not read again; only what is newly said of them is changed.

    Returns:
        What became of each, in their order.

    Raises:
        DatabaseError: another build is going on, the gazetteer there is of a newer version, or the
            disk is full or cannot be written.
        GazetteerFileError: a source as a whole cannot be read, or would take the place of another
            file of its name.
    """
    tell = progress or _silent
    with changing(folder) as base:
        shelf = _shelf(folder, base)
        ones = [marked(addition) for addition in additions]
        found = _known(shelf, ones)
        told = {
            there.key: checked(one.addition.said)
            for one, there in zip(ones, found, strict=True)
            if there is not None and there.said
        }
        fresh = _fresh([one for one, there in zip(ones, found, strict=True) if there is None])
        for one in fresh:
            shelf.refuse_other_file(one)
        if fresh:
            added = dict(zip(fresh, _added(folder, base, fresh, shelf, told, tell), strict=True))
            found = [there or _of_bytes(one, added) for one, there in zip(ones, found, strict=True)]
        elif told:
            _say(folder, base, told)
    return tuple(one for one in found if one is not None)


def describe(folder: Path, key: str, said: Mapping[str, str]) -> None:
    """Change title, licence or origin of a source that is there, without reading it again.

    Raises:
        DatabaseError: there is no gazetteer, no such source, or it cannot be written.
    """
    with changing(folder, must=True) as base:
        _check_keys([key], _shelf(folder, base))
        _say(folder, base, {key: checked(said)})


def remove(
    folder: Path, keys: Sequence[str], *, progress: Progress | None = None
) -> tuple[int, ...]:
    """Take sources out of the gazetteer; returns how many places each had.

    Raises:
        DatabaseError: there is no gazetteer, no such source, or it cannot be written.
    """
    tell = progress or _silent
    with changing(folder, must=True) as base:
        _check_keys(keys, _shelf(folder, base))
        state = State(base=base, build=uuid.uuid4().hex, sources=[])
        staging = Staging.open(folder, state, resume=False)
        with contextlib.closing(staging.connection):
            staging.connection.execute("BEGIN")
            gone = tuple(staging.take_out(key) for key in dict.fromkeys(keys))
            staging.commit()
            # The file would stay as large as it was.
            staging.connection.execute("VACUUM")
            _index(staging, folder, tell)
            staging.close()
        switch(folder, staging.state.build)
    return gone


def reindex(folder: Path, *, into: Path | None = None, progress: Progress | None = None) -> Path:
    """Make the name index anew, where it is lost, damaged, or made by another version.

    Args:
        folder: of the gazetteer.
        into: another folder to write it to, where the gazetteer's own cannot be written.
        progress: told how far it is.

    Returns:
        The file of the index.

    Raises:
        DatabaseError: there is no gazetteer, another build is going on, or the disk is full or
            cannot be written.
    """
    where = into or folder
    try:
        with (
            only_builder(where / LOCK),
            contextlib.closing(open_for_reading(folder / FILE)) as connection,
        ):
            build = database_build(connection, folder / FILE)
            path = index_path(where, build)
            write_index(connection, path, build, progress or _silent)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(why_unwritten(error, where)) from error
    return path


def _silent(_what: str, _done: int, _total: int | None) -> None:
    """Tell nobody."""


def _shelf(folder: Path, base: str) -> Shelf:
    if not base:
        return Shelf(None)
    with contextlib.closing(open_for_reading(folder / FILE)) as connection:
        return Shelf(connection)


def _check_keys(keys: Sequence[str], shelf: Shelf) -> None:
    known = shelf.keys()
    for key in keys:
        if key not in known:
            there = ", ".join(known) or "none"
            raise DatabaseError(f"there is no source {key!r:.80}; there are: {there:.600}")


def _known(shelf: Shelf, ones: Sequence[Marked]) -> list[Added | None]:
    """What is there of each already."""
    known = [shelf.same_bytes(one) for one in ones]
    # A source that is replaced below is as good as gone.
    going = {one.provenance.key for one, there in zip(ones, known, strict=True) if there is None}
    return [there if there is None or there.key not in going else None for there in known]


def _fresh(ones: Sequence[Marked]) -> list[Marked]:
    """Those to be read: of several with the same bytes the first.

    Raises:
        GazetteerFileError: two that differ have one key.
    """
    fresh: list[Marked] = []
    for one in ones:
        if any(one.fingerprint and one.fingerprint == other.fingerprint for other in fresh):
            continue
        for other in fresh:
            if other.provenance.key == one.provenance.key:
                raise GazetteerFileError(
                    f"{other.location} and {one.location} would both be {one.provenance.key}; add "
                    "them one by one, one of them with --key NAME"
                )
        fresh.append(one)
    return fresh


def _of_bytes(one: Marked, added: Mapping[Marked, Added]) -> Added:
    """What became of an addition, be it by another of the same bytes."""
    if one in added:
        return added[one]
    twin, there = next(pair for pair in added.items() if pair[0].fingerprint == one.fingerprint)
    return replace(there, unchanged=True, known_from=twin.location, replaced=0)


def _say(folder: Path, base: str, told: Mapping[str, Mapping[str, str]]) -> None:
    """Change what is said of sources in a copy, which then takes the gazetteer's place.

    Rows and build stay, so the name index does too.
    """
    fits = open_index(folder, base) is not None
    staging = Staging.copy(folder)
    with contextlib.closing(staging):
        staging.execute("BEGIN")
        geopackage.add_missing_columns(staging)
        _write_said(staging, told)
        staging.execute("COMMIT")
        staging.execute("PRAGMA journal_mode = DELETE")
    switch(folder, None)
    if fits:
        # It is no older than what it belongs to; see ``open_index``.
        index_path(folder, base).touch()


def _write_said(connection: sqlite3.Connection, told: Mapping[str, Mapping[str, str]]) -> None:
    for key, said in told.items():
        (before,) = connection.execute(
            "SELECT said FROM sources WHERE key = ?", (key,)
        ).fetchone() or (None,)
        together = {**json.loads(before or "{}"), **said}
        for name, value in said.items():
            connection.execute(f"UPDATE sources SET {name} = ? WHERE key = ?", (value, key))
        connection.execute(
            "UPDATE sources SET said = ? WHERE key = ?",
            (json.dumps(together, ensure_ascii=False), key),
        )


def _added(
    folder: Path,
    base: str,
    fresh: Sequence[Marked],
    shelf: Shelf,
    told: Mapping[str, Mapping[str, str]],
    tell: Progress,
) -> list[Added]:
    """Read, link and index the sources, and put the new gazetteer in the old one's place."""
    state = State(
        base=base,
        build=uuid.uuid4().hex,
        sources=[SourceState(key=one.provenance.key, fingerprint=one.fingerprint) for one in fresh],
    )
    staging = Staging.open(folder, state, resume=all(one.fingerprint for one in fresh))
    state = staging.state
    with contextlib.closing(staging.connection):
        try:
            for one, source in zip(fresh, state.sources, strict=True):
                fill(staging, source, one, shelf.said_of(source.key), tell)
        except GazetteerError:
            # Reading the same bytes again would end at the same place.
            staging.connection.close()
            discard(folder)
            raise
        _link(staging, folder, tell)
        staging.connection.execute("BEGIN")
        _write_said(staging.connection, told)
        staging.commit()
        _index(staging, folder, tell)
        staging.close()
    switch(folder, state.build)
    return [_what_became(source) for source in state.sources]


def _what_became(source: SourceState) -> Added:
    return Added(
        key=source.key,
        unchanged=False,
        places=source.places,
        names=source.names,
        areas=source.areas,
        bad_rows=source.bad,
        bad_first=tuple(
            BadRow(line=number, why=why, unit=unit)  # type: ignore[arg-type]
            for number, why, unit in source.bad_first
        ),
        replaced=source.replaced,
        links=max(source.links, 0),
    )


def _link(staging: Staging, folder: Path, tell: Progress) -> None:
    state, connection = staging.state, staging.connection
    linker: Linker | None = None
    for source in state.sources:
        if source.links >= 0:
            continue
        tell("linking", 0, None)
        if linker is None:
            index = open_index(folder, state.base)
            linker = Linker(connection, index, base_place=state.base_place)
        connection.execute("BEGIN")
        source.links = linker.link(first=source.first_place, last=source.last_place)
        connection.execute("UPDATE sources SET links = ? WHERE key = ?", (source.links, source.key))
        staging.commit()


def _before(folder: Path, state: State) -> Before | None:
    index = open_index(folder, state.base)
    if index is None:
        return None
    return Before(index=index, last_name=state.base_name, gone=state.gone)


def _index(staging: Staging, folder: Path, tell: Progress) -> None:
    """Both spatial indexes, then the name index, so that the file is fit to take its place."""
    state, connection = staging.state, staging.connection
    if not state.indexed:
        tell("indexing positions", 0, None)
        connection.execute("BEGIN")
        index_positions(connection)
        geopackage.touch(connection)
        geopackage.set_about(connection, "build", state.build)
        state.indexed = True
        staging.commit()
    # One left over from a build that was killed here may be cut short.
    path = index_path(folder, state.build)
    write_index(connection, path, state.build, tell, _before(folder, state))
    connection.execute("PRAGMA journal_mode = DELETE")
