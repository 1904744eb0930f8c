"""The keys of all names, for the name index: made from the names, or taken from the index before.

Making the keys of a million names takes five seconds, and a gazetteer has many. When a source is
added, the names that were there have theirs in the index of the build before, and only the new ones
need making; what comes out is the same, byte for byte. That index is believed only if nobody
changed the GeoPackage after it was written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.database.arrays import Arrays
from gazetteer.database.hashing import hash_lines
from gazetteer.errors import DatabaseError
from gazetteer.names import all_keys_many

Progress = Callable[[str, int, int | None], None]

MOST = 2**32 - 2
"""Highest number that an index has room for."""

_CHUNK = 100_000
_IDS_AT_ONCE = 500
_NEWLINE = 0x0A
_MOST_AGAIN = 0.2
"""If more than this share of the names lost the one that stood for them, all keys are made anew."""


@dataclass(slots=True, kw_only=True)
class Names:
    """Columns of names; those without a key may be left out.

    Attributes:
        name, place: ids.
        fold, skeleton, core: hashes of the keys, 0 for none.
        begin, size: where the folded name lies in the file of keys, its newline included.
    """

    name: npt.NDArray[np.uint32]
    place: npt.NDArray[np.uint32]
    fold: npt.NDArray[np.uint64]
    skeleton: npt.NDArray[np.uint64]
    core: npt.NDArray[np.uint64]
    begin: npt.NDArray[np.int64]
    size: npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The build before, as far as its names are there still.

    Attributes:
        index: arrays of its name index.
        last_name: the highest id that a name had.
        gone: ids of the places that were taken out since, from and to.
    """

    index: Arrays
    last_name: int
    gone: Sequence[tuple[int, int]]


def read_names(
    connection: sqlite3.Connection, keys: Path, progress: Progress, before: Before | None
) -> Names:
    """Every name of the gazetteer with its keys.

    Args:
        connection: of the gazetteer.
        keys: file that the folded names are written to.
        progress: told of the names whose keys are made.
        before: the build before; None if all keys are to be made.

    Raises:
        DatabaseError: there are more names than an index can number.
        OSError: the file cannot be written.
    """
    highest, highest_place = connection.execute(
        "SELECT coalesce((SELECT max(id) FROM names), 0), coalesce((SELECT max(id) FROM places), 0)"
    ).fetchone()
    if max(highest, highest_place) > MOST:
        raise DatabaseError(f"{highest:,} names are more than an index can number; begin anew")
    with keys.open("wb") as file:
        kept: Names | None = None
        again: list[int] = []
        if before is not None:
            found = _kept(before)
            if found is not None:
                kept, again = found
                file.write(before.index["keys"].data)
        last = before.last_name if before is not None and kept is not None else 0
        (fresh,) = connection.execute("SELECT count(*) FROM names WHERE id > ?", (last,)).fetchone()
        made = _made(
            _rows(connection, last, again), fresh + len(again), file.write, file.tell(), progress
        )
    return made if kept is None else _together(kept, made)


def _rows(
    connection: sqlite3.Connection, last: int, again: Sequence[int]
) -> Iterator[list[tuple[int, int, str]]]:
    """Id, place and text of the names asked for again, then of those above ``last``."""
    for start in range(0, len(again), _IDS_AT_ONCE):
        some = again[start : start + _IDS_AT_ONCE]
        marks = ",".join("?" * len(some))
        yield connection.execute(
            f"SELECT id, place, text FROM names WHERE id IN ({marks}) ORDER BY id", some
        ).fetchall()
    cursor = connection.execute(
        "SELECT id, place, text FROM names WHERE id > ? ORDER BY id", (last,)
    )
    while rows := cursor.fetchmany(_CHUNK):
        yield rows


def _made(
    batches: Iterator[list[tuple[int, int, str]]],
    count: int,
    write: Callable[[bytes], Any],
    begin: int,
    progress: Progress,
) -> Names:
    names = _empty(count)
    at = 0
    for rows in batches:
        if not rows:
            continue
        ids, places, texts = zip(*rows, strict=True)
        stop = at + len(rows)
        folds, bones, loose = all_keys_many(texts)
        folded, skeletons, cores = (
            "\n".join(lines) + "\n" for lines in (folds, bones, loose.values())
        )
        names.name[at:stop] = ids
        names.place[at:stop] = places
        names.fold[at:stop] = hash_lines(folded)
        names.skeleton[at:stop] = hash_lines(skeletons)
        if loose:
            names.core[at + np.array(list(loose))] = hash_lines(cores)
        encoded = folded.encode()
        ends = np.flatnonzero(np.frombuffer(encoded, dtype=np.uint8) == _NEWLINE)
        sizes = np.diff(ends, prepend=-1)
        names.size[at:stop] = sizes
        names.begin[at:stop] = begin + ends + 1 - sizes
        write(encoded)
        begin += len(encoded)
        at = stop
        progress("indexing names", at, count)
    return names


def _empty(count: int) -> Names:
    return Names(
        name=np.empty(count, dtype=np.uint32),
        place=np.empty(count, dtype=np.uint32),
        fold=np.empty(count, dtype=np.uint64),
        skeleton=np.empty(count, dtype=np.uint64),
        core=np.zeros(count, dtype=np.uint64),
        begin=np.empty(count, dtype=np.int64),
        size=np.empty(count, dtype=np.uint16),
    )


def _kept(before: Before) -> tuple[Names, list[int]] | None:
    """Names of the index whose places are there still, and ids of those to be made again.

    A key's skeleton is that of its first name. Where that name is gone, another comes first, and
    what its skeleton is only its text says. None if they are so many that all may as well be made.
    """
    index = before.index
    place = index["entry_place"]
    there = np.ones(len(place), dtype=bool)
    for first, last in before.gone:
        there &= (place < first) | (place > last)
    starts = index["fold_first"].astype(np.int64)
    each = np.diff(starts)
    key = np.repeat(np.arange(len(each)), each)
    # A key has no entry only in an empty index, which has no keys.
    lost = ~there[starts[:-1]]
    again = index["entry_name"][there & lost[key]]
    if len(again) > _MOST_AGAIN * len(place):
        return None
    chosen = np.flatnonzero(there & ~lost[key])
    key = key[chosen]
    ends = index["key_end"].astype(np.int64)
    begins = np.concatenate([np.zeros(min(len(ends), 1), dtype=np.int64), ends[:-1] + 1])
    return (
        Names(
            name=index["entry_name"][chosen],
            place=place[chosen],
            fold=index["fold_hash"][key],
            skeleton=_by_key(index, "skeleton")[key],
            core=_by_key(index, "core")[key],
            begin=begins[key],
            size=(ends + 1 - begins)[key].astype(np.uint16),
        ),
        sorted(again.tolist()),
    )


def _by_key(index: Arrays, what: str) -> npt.NDArray[np.uint64]:
    """The hash of each key's skeleton or core, 0 for those that have none."""
    hashes = np.zeros(len(index["fold_hash"]), dtype=np.uint64)
    first = index[f"{what}_first"].astype(np.int64)
    each = first[1:] - first[:-1]
    hashes[index[f"{what}_key"]] = np.repeat(index[f"{what}_hash"], each)
    return hashes


def _together(one: Names, other: Names) -> Names:
    return Names(
        name=np.concatenate([one.name, other.name]),
        place=np.concatenate([one.place, other.place]),
        fold=np.concatenate([one.fold, other.fold]),
        skeleton=np.concatenate([one.skeleton, other.skeleton]),
        core=np.concatenate([one.core, other.core]),
        begin=np.concatenate([one.begin, other.begin]),
        size=np.concatenate([one.size, other.size]),
    )
