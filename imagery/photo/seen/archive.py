"""The archive of every picture a user has looked at, in one folder on the user's own disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np

from imagery.errors import ArchiveError, printable
from imagery.photo.fingerprint import Fingerprint
from imagery.photo.fingerprint.stored import pack, unpack
from imagery.photo.seen import shelf as shelves
from imagery.photo.seen.book import Book
from imagery.photo.seen.entry import Entry, Sighting, bounded, changes_of
from imagery.photo.seen.matching import Match, matches
from imagery.photo.seen.shelf import Shelf

_LEAST_WAITING = 2_048
_WAITING_SHARE = 50
"""Fingerprints wait in the database until there are so many, or 1/50 of those in the index."""


def default_folder() -> Path:
    """Where the archive lies: in ``OSINT_DATA_DIR``, else in the cache folder with the indexes."""
    for variable in ("OSINT_DATA_DIR", "OSINT_CACHE_DIR"):
        if from_environment := os.environ.get(variable):
            return Path(from_environment) / "seen"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("osint-toolkit")) / "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What an archive holds: entries, cases with their number of pictures, bytes on the disk."""

    entries: int
    waiting: int
    cases: tuple[tuple[str, int], ...]
    disk_bytes: int


class Archive:
    """Pictures by what they look like; several processes may read and add at once.

    Names, captions and small thumbnails stay on this disk; nothing is sent anywhere. ``forget``
    removes a case.
    """

    def __init__(self, folder: Path, book: Book) -> None:
        self.folder = folder
        self._book = book
        self._main = shelves.empty()
        self._recent = shelves.empty()
        self._waiting: list[tuple[int, bytes]] = []
        # Change, removal and generation that the above belong to.
        self._state = (-1, -1, 0)

    @classmethod
    def open(cls, path: Path | None = None) -> Archive:
        """Open the archive in a folder, or the user's own; made if it is not there.

        Raises:
            ArchiveError: it cannot be made, read or written, or is of another version.
        """
        folder = path if path is not None else default_folder()
        try:
            # Captions of a running investigation are nobody else's business.
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ArchiveError(
                f"{folder} cannot be made ({error}); set OSINT_DATA_DIR to a folder that can be "
                "written"
            ) from error
        return cls(folder, Book(folder / "seen.sqlite"))

    def close(self) -> None:
        """Let go of the files."""
        self._book.close()
        self._main = self._recent = shelves.empty()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, entry: Entry, print_: Fingerprint | None) -> bool:
        """Add a picture; whether it was new to its case with this caption, place and date.

        Without a fingerprint (its pixels cannot be decoded) it is found as the same file only.
        """
        return self.add_many([(entry, print_)]) == 1

    def add_many(self, pictures: Iterable[tuple[Entry, Fingerprint | None]]) -> int:
        """Add pictures, all or none; how many were new.

        Raises:
            ArchiveError: the archive cannot be written.
        """
        packed = [(entry, pack(print_) if print_ else None) for entry, print_ in pictures]
        return self.add_packed(packed)

    def add_packed(self, pictures: Iterable[tuple[Entry, bytes | None]]) -> int:
        """The same for fingerprints that ``stored.pack`` has packed already."""
        book, new = self._book, 0
        with book.writing():
            cases: dict[str, int | None] = {}
            for entry, kept in pictures:
                if entry.case not in cases:
                    cases[entry.case] = book.case(entry.case, make=True)
                case_id = cases[entry.case]
                new += case_id is not None and book.add(entry, case_id, kept)
            if new:
                book.touch()
            full = book.pending_count() > max(_LEAST_WAITING, len(self._main.ids) // _WAITING_SHARE)
        if full:
            self._reshelve(())
        return new

    def find(
        self, print_: Fingerprint | None, *, sha256: str | None = None, but_not: str | None = None
    ) -> tuple[Sighting, ...]:
        """Earlier sightings of a picture, best first; the same file before all others.

        Args:
            print_: its fingerprint, if it has one.
            sha256: the file's sum, to know the same file.
            but_not: a case whose pictures are left out, as a rule the one it belongs to.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        try:
            with self._book.reading():
                # No index that the database names inside a transaction is deleted before its end.
                self._refresh()
                return self._found(print_, sha256, but_not)
        except ArchiveError:
            raise
        except (OSError, IndexError, ValueError) as error:
            raise ArchiveError(
                f"{self.folder} lacks its index or has a damaged one ({error}); delete the folder "
                "and add the pictures again"
            ) from error

    def _found(
        self, print_: Fingerprint | None, sha256: str | None, but_not: str | None
    ) -> tuple[Sighting, ...]:
        same = self._book.with_sum(sha256) if sha256 else []
        numbers = {number for number, _ in same}
        found = [_same_file(entry) for _, entry in same]
        if print_ is not None:
            matched = self._matched(print_)
            entries = self._book.entries(number for number, _ in matched if number not in numbers)
            found += [
                _same_picture(entries[number], match)
                for number, match in matched
                if number in entries
            ]
        left_out = bounded(but_not) if but_not is not None else None
        return tuple(sighting for sighting in found if sighting.entry.case != left_out)

    def _matched(self, print_: Fingerprint) -> list[tuple[int, Match]]:
        every = [
            (int(shelf.ids[match.row]), match)
            for shelf in (self._main, self._recent)
            for match in matches(shelf, print_)
        ]
        return sorted(every, key=lambda each: (-each[1].likeness, each[0]))

    def forget(self, case: str) -> int:
        """Remove a case: its entries, fingerprints and thumbnails; how many pictures it had.

        Raises:
            ArchiveError: there is no such case, or the archive cannot be written.
        """
        name = bounded(case)
        with self._book.reading():
            known = self._book.case(name, make=False)
        if known is None:
            raise ArchiveError(
                f"the archive has no case {printable(name)!r}; see what it has with info"
            )
        return self._reshelve((name,))

    def info(self) -> Info:
        """What the archive holds.

        Raises:
            ArchiveError: it cannot be read.
        """
        with self._book.reading():
            entries, _, waiting = self._book.counts()
            cases = tuple(self._book.cases())
        size = sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())
        return Info(entries=entries, waiting=waiting, cases=cases, disk_bytes=size)

    def flush(self) -> None:
        """Put all waiting fingerprints into the index now."""
        self._reshelve(())

    def _refresh(self) -> None:
        """Bring what is in memory up to what the database says."""
        change, removal, generation = self._book.state()
        known_change, known_removal, known_generation = self._state
        if change == known_change:
            return
        if generation != known_generation:
            self._main = self._open(generation)
        if generation != known_generation or removal != known_removal:
            self._waiting = []
        last = self._waiting[-1][0] if self._waiting else 0
        self._waiting += self._book.pending(last)
        self._recent = _shelf_of(self._waiting)
        self._state = (change, removal, generation)

    def _open(self, generation: int) -> Shelf:
        return shelves.read(self._path(generation)) if generation else shelves.empty()

    def _path(self, generation: int) -> Path:
        return self.folder / f"index-{generation}.bin"

    def _reshelve(self, forget: tuple[str, ...]) -> int:
        """Write a new index with what waits, and without the cases to forget.

        The new file is whole and on the disk before the database names it, in the same step in
        which it drops what waits: after a crash either holds.
        """
        book, gone = self._book, 0
        try:
            with book.writing():
                self._refresh()
                numbers: list[int] = []
                for case in forget:
                    case_id = book.case(case, make=False)
                    numbers += book.remove_case(case_id) if case_id is not None else []
                gone = len(numbers)
                merged = shelves.merge(self._main, self._recent, np.array(numbers, dtype=np.uint32))
                generation = self._state[2] + 1
                shelves.write(merged, self._path(generation))
                book.drop_pending()
                book.touch(removed=bool(forget), generation=generation)
            with book.reading():
                self._refresh()
            self._tidy()
            book.shrink()
        except OSError as error:
            raise ArchiveError(
                f"{self.folder} cannot be written ({error}); make room for a second index"
            ) from error
        return gone

    def _tidy(self) -> None:
        """Delete indexes that are no longer in use."""
        for path in self.folder.glob("index-*.bin"):
            number = path.stem.removeprefix("index-")
            # A higher number belongs to a process that is about to name it.
            if number.isdecimal() and int(number) < self._state[2]:
                # Where an open file cannot be deleted, the next one to tidy up does it.
                with suppress(PermissionError):
                    path.unlink(missing_ok=True)


def _shelf_of(waiting: list[tuple[int, bytes]]) -> Shelf:
    if not waiting:
        return shelves.empty()
    ids = np.array([number for number, _ in waiting], dtype=np.uint32)
    return shelves.build(ids, unpack([kept for _, kept in waiting]))


def _same_file(entry: Entry) -> Sighting:
    return Sighting(
        entry=entry,
        kind="same file",
        changes=(),
        distance=0.0,
        votes=0,
        mirrored=False,
        share_of_earlier=1.0,
        share_of_asked=1.0,
    )


def _same_picture(entry: Entry, match: Match) -> Sighting:
    return Sighting(
        entry=entry,
        kind="same picture",
        changes=changes_of(
            mirrored=match.mirrored,
            covered=match.covered,
            of_earlier=match.of_kept,
            of_asked=match.of_asked,
        ),
        distance=max(0.0, 1.0 - match.likeness),
        votes=match.votes,
        mirrored=match.mirrored,
        share_of_earlier=match.of_kept,
        share_of_asked=match.of_asked,
    )
