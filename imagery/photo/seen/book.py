"""The database beside the index: who a picture is, and fingerprints not yet in the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from imagery.errors import ArchiveError
from imagery.photo.seen.entry import Entry

_VERSION = 1
_WAIT_S = 60.0
_TABLES = """
CREATE TABLE state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    change INTEGER NOT NULL,
    removal INTEGER NOT NULL,
    generation INTEGER NOT NULL
);
INSERT INTO state VALUES (1, 1, 0, 0, 0);
CREATE TABLE cases (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB NOT NULL,
    case_id INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    caption TEXT NOT NULL,
    place TEXT NOT NULL,
    date TEXT NOT NULL
);
CREATE INDEX by_sum ON entries (substr(sha256, 1, 4));
CREATE TABLE pending (id INTEGER PRIMARY KEY, print BLOB NOT NULL);
"""
_COLUMNS = "e.id, e.sha256, c.name, e.name, e.seen_at, e.caption, e.place, e.date"
_FROM = f"SELECT {_COLUMNS} FROM entries e JOIN cases c ON c.id = e.case_id"


class Book:
    """An open database; every method belongs inside ``reading`` or ``writing``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            # What a case said is gone from the file when it is forgotten.
            self._db.execute("PRAGMA secure_delete = ON")
            # Fingerprints come and go: their room is given back, see ``shrink``.
            self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._prepare()
        except sqlite3.Error as error:
            raise _unusable(path, error) from error

    def _prepare(self) -> None:
        with self.writing():
            if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
                for statement in _TABLES.split(";\n"):
                    self._db.execute(statement)
            version = self._one("SELECT version FROM state")
            if version != _VERSION:
                raise ArchiveError(
                    f"{self.path} is of version {version}, this program reads {_VERSION}; "
                    "use the program that made it"
                )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view of everything read inside."""
        yield from self._transaction("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside, or nothing; one process at a time.

        Raises:
            ArchiveError: another process did not finish within a minute, or the disk is full or
                may not be written.
        """
        yield from self._transaction("BEGIN IMMEDIATE")

    def _transaction(self, begin: str) -> Iterator[None]:
        try:
            self._db.execute(begin)
            try:
                yield
            except BaseException:
                # Whatever ends it, Ctrl-C included, half a change must not stay open.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise _unusable(self.path, error) from error

    def _one(self, sql: str, values: Sequence[object] = ()) -> int:
        row = self._db.execute(sql, values).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def shrink(self) -> None:
        """Give room that is no longer used back to the disk; outside any transaction."""
        try:
            self._db.execute("PRAGMA incremental_vacuum").fetchall()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error

    def state(self) -> tuple[int, int, int]:
        """Numbers of the last change, the last removal and the index file in use."""
        row = self._db.execute("SELECT change, removal, generation FROM state").fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    def touch(self, *, removed: bool = False, generation: int | None = None) -> None:
        """Note a change, so that others look again."""
        self._db.execute("UPDATE state SET change = change + 1, removal = removal + ?", (removed,))
        if generation is not None:
            self._db.execute("UPDATE state SET generation = ?", (generation,))

    def counts(self) -> tuple[int, int, int]:
        """Entries, cases, and fingerprints not yet in the index."""
        return (
            self._one("SELECT count(*) FROM entries"),
            self._one("SELECT count(*) FROM cases"),
            self._one("SELECT count(*) FROM pending"),
        )

    def pending_count(self) -> int:
        """Fingerprints not yet in the index."""
        return self._one("SELECT count(*) FROM pending")

    def case(self, name: str, *, make: bool) -> int | None:
        """The number of a case."""
        row = self._db.execute("SELECT id FROM cases WHERE name = ?", (name,)).fetchone()
        if row:
            return int(row[0])
        if not make:
            return None
        return self._db.execute("INSERT INTO cases (name) VALUES (?)", (name,)).lastrowid

    def cases(self) -> Iterator[tuple[str, int]]:
        """Every case and how many pictures it has, by name."""
        yield from self._db.execute(
            "SELECT c.name, count(*) FROM entries e JOIN cases c ON c.id = e.case_id "
            "GROUP BY c.id ORDER BY c.name"
        )

    def add(self, entry: Entry, case_id: int, kept: bytes | None) -> bool:
        """Add an entry; whether it was new to its case with this caption, place and date."""
        sum_ = bytes.fromhex(entry.sha256)
        said = (entry.caption, entry.place, entry.date)
        known = self._db.execute(
            "SELECT 1 FROM entries WHERE substr(sha256, 1, 4) = ? AND sha256 = ? AND case_id = ? "
            "AND caption = ? AND place = ? AND date = ?",
            (sum_[:4], sum_, case_id, *said),
        ).fetchone()
        if known:
            return False
        number = self._db.execute(
            "INSERT INTO entries (sha256, case_id, seen_at, name, caption, place, date) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sum_, case_id, int(entry.seen_at.timestamp()), entry.name, *said),
        ).lastrowid
        if kept is not None:
            self._db.execute("INSERT INTO pending VALUES (?, ?)", (number, kept))
        return True

    def pending(self, after: int) -> list[tuple[int, bytes]]:
        """Fingerprints not yet in the index with higher numbers, in their order."""
        sql = "SELECT id, print FROM pending WHERE id > ? ORDER BY id"
        return [(int(number), bytes(kept)) for number, kept in self._db.execute(sql, (after,))]

    def drop_pending(self) -> None:
        """Forget the waiting fingerprints: the index has them."""
        self._db.execute("DELETE FROM pending")

    def remove_case(self, case_id: int) -> list[int]:
        """Delete a case with all its entries; their numbers."""
        found = self._db.execute("SELECT id FROM entries WHERE case_id = ?", (case_id,)).fetchall()
        numbers = [int(number) for (number,) in found]
        self._db.executemany("DELETE FROM pending WHERE id = ?", ((n,) for n in numbers))
        self._db.execute("DELETE FROM entries WHERE case_id = ?", (case_id,))
        self._db.execute("DELETE FROM cases WHERE id = ?", (case_id,))
        return numbers

    def with_sum(self, sha256: str) -> list[tuple[int, Entry]]:
        """Entries of the same file, in their order."""
        sum_ = bytes.fromhex(sha256)
        rows = self._db.execute(
            f"{_FROM} WHERE substr(e.sha256, 1, 4) = ? AND e.sha256 = ? ORDER BY e.id",
            (sum_[:4], sum_),
        )
        return [_entry(row) for row in rows]

    def entries(self, numbers: Iterable[int]) -> dict[int, Entry]:
        """Entries by number; unknown ones are left out."""
        found: dict[int, Entry] = {}
        for number in numbers:
            row = self._db.execute(f"{_FROM} WHERE e.id = ?", (number,)).fetchone()
            if row:
                found[number] = _entry(row)[1]
        return found


def _entry(row: tuple[int, bytes, str, str, int, str, str, str]) -> tuple[int, Entry]:
    number, sum_, case, name, seen_at, caption, place, date = row
    return number, Entry(
        sha256=sum_.hex(),
        case=case,
        name=name,
        seen_at=datetime.fromtimestamp(seen_at, UTC),
        caption=caption,
        place=place,
        date=date,
    )


def _unusable(path: Path, error: sqlite3.Error) -> ArchiveError:
    if "locked" in str(error):
        return ArchiveError(f"{path} is in use by another program; try again when it has finished")
    return ArchiveError(
        f"{path} cannot be used ({error}); check the disk, or delete the folder and add the "
        "pictures again"
    )
