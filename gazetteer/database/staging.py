"""The gazetteer while it is being built: a file beside the one in use, which it then replaces.

What has been done stands in the file itself, in the same transaction as the rows, so that a build
that was killed goes on where its last commit was.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path

from gazetteer.database import geopackage
from gazetteer.database.open import FILE, database_build, open_for_reading
from gazetteer.errors import DatabaseError

STAGING = "gazetteer.building.gpkg"
_COPY = "gazetteer.copying.gpkg"
_STATE = "last_add"
_CACHE_KIB = 65_536


@dataclass(slots=True, kw_only=True)
class SourceState:
    """How far the reading of one source has come.

    Attributes:
        key, fingerprint: whose rows, and of which bytes.
        rows: how many rows of the reader are in, bad ones among them.
        places, names, areas, bad, replaced: counts so far.
        bad_first: number, reason and unit of the first bad rows.
        first_place, last_place: ids of this source's rows; 0 and -1 while there are none.
        read: all of its rows are in.
        links: how many links it has, -1 while they were not sought.
    """

    key: str
    fingerprint: str
    rows: int = 0
    places: int = 0
    names: int = 0
    areas: int = 0
    bad: int = 0
    replaced: int = 0
    bad_first: list[tuple[int, str, str]] = field(default_factory=list)
    first_place: int = 0
    last_place: int = -1
    read: bool = False
    links: int = -1


@dataclass(slots=True, kw_only=True)
class State:
    """How far a build has come.

    Attributes:
        base: build that the staging file began as a copy of, "" for none.
        build: the build it becomes.
        sources: those that are added by it, in order.
        indexed: the positions have their R-trees.
        base_place, base_name: the highest ids that a place and a name had before.
        gone: ids of the places that were taken out, from and to.
        place_id, name_id: the highest ids ever given out, in this and all earlier builds.
    """

    base: str
    build: str
    sources: list[SourceState]
    indexed: bool = False
    base_place: int = 0
    base_name: int = 0
    gone: list[tuple[int, int]] = field(default_factory=list)
    place_id: int = 0
    name_id: int = 0

    def marks(self) -> list[tuple[str, str]]:
        """What tells one build from another of the same base."""
        return [(source.key, source.fingerprint) for source in self.sources]


class Staging:
    """The file and how far it has come.

    Attributes:
        connection: in autocommit; whoever writes begins a transaction and calls ``commit``.
        state: changed by the builder, stored by ``commit``.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, state: State) -> None:
        self.path = path
        self.connection = connection
        self.state = state

    @classmethod
    def open(cls, folder: Path, state: State, *, resume: bool) -> Staging:
        """The staging file that was left by just this build, or a new one.

        Args:
            folder: of the gazetteer.
            state: a fresh one; what was left counts only if it has the same base and sources.
            resume: whether what was left may be used at all.
        """
        path = folder / STAGING
        if resume and (left := _left(path, state)) is not None:
            return cls(path, _connected(path), left)
        if state.base:
            connection = cls.copy(folder)
        else:
            discard(folder)
            connection = _connected(path)
        staging = cls(path, connection, state)
        connection.execute("BEGIN")
        if not state.base:
            geopackage.create(connection)
        geopackage.add_missing_columns(connection)
        geopackage.drop_geometry_index(connection)
        if before := geopackage.get_about(connection, _STATE):
            state.place_id, state.name_id = before["place_id"], before["name_id"]
        state.base_place, state.base_name = state.place_id, state.name_id
        for source in state.sources:
            source.replaced = staging.take_out(source.key)
        staging.commit()
        return staging

    @staticmethod
    def copy(folder: Path) -> sqlite3.Connection:
        """A copy of the gazetteer there is as the staging file, in the place of any left before."""
        discard(folder)
        shutil.copyfile(folder / FILE, folder / _COPY)
        (folder / _COPY).replace(folder / STAGING)
        return _connected(folder / STAGING)

    def commit(self) -> None:
        """End the transaction, the state with it."""
        geopackage.set_about(self.connection, _STATE, asdict(self.state))
        self.connection.execute("COMMIT")

    def take_out(self, key: str) -> int:
        """Delete a source's rows, in a transaction; returns how many places it had."""
        row = self.connection.execute(
            "SELECT first_place, last_place, places FROM sources WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return 0
        first, last, places = row
        delete = self.connection.execute
        for table in ("names", "same_as", "areas"):
            delete(f"DELETE FROM {table} WHERE place BETWEEN ? AND ?", (first, last))
        delete("DELETE FROM places WHERE id BETWEEN ? AND ?", (first, last))
        for end in ("place_a", "place_b"):
            delete(f"DELETE FROM links WHERE {end} BETWEEN ? AND ?", (first, last))
        delete("DELETE FROM sources WHERE key = ?", (key,))
        self.state.gone.append((first, last))
        return int(places)

    def close(self) -> None:
        """Close the file and see that it is on the disk."""
        self.connection.close()
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())


def discard(folder: Path) -> None:
    """Remove what unfinished builds left in the folder."""
    for name in (STAGING, _COPY):
        for suffix in ("", "-journal", "-wal", "-shm"):
            (folder / f"{name}{suffix}").unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


def _left(path: Path, wanted: State) -> State | None:
    if not path.is_file():
        return None
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            if geopackage.get_about(connection, "schema") != geopackage.SCHEMA:
                return None
            facts = geopackage.get_about(connection, _STATE)
        finally:
            connection.close()
        sources = [SourceState(**source) for source in facts.pop("sources")]
        state = State(sources=sources, **facts)
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError):
        # Killed before the first commit, or not ours: begin anew.
        return None
    if (state.base, state.marks()) != (wanted.base, wanted.marks()):
        return None
    for source in state.sources:
        source.bad_first = [
            (int(line), str(why), str(unit)) for line, why, unit in source.bad_first
        ]
    return state


def current_build(folder: Path) -> str:
    """Build of the gazetteer in use, "" if there is none.

    Raises:
        DatabaseError: it is of another version, damaged, or open for writing elsewhere.
    """
    path = folder / FILE
    if not path.exists():
        return ""
    refuse_if_open_elsewhere(folder)
    connection = open_for_reading(path)
    try:
        return database_build(connection, path)
    finally:
        connection.close()


def refuse_if_open_elsewhere(folder: Path) -> None:
    """Refuse to replace a file whose journal holds what another program has not written back.

    The journal would be taken for one of the new file and spoil it.
    """
    for suffix in ("-wal", "-journal"):
        journal = folder / f"{FILE}{suffix}"
        if journal.exists() and journal.stat().st_size:
            raise DatabaseError(
                f"{folder / FILE} is open in another program ({journal.name} is not empty); "
                "close it there and try again"
            )
