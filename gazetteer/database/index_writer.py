"""Writing the name index: the keys of all names, found by hash.

Arrays of the file, for N names with a key, K different folded names and S different skeletons::

    fold_hash    u8[K]    sorted; the row here is the number of a key from now on
    fold_first   u4[K+1]  where each key's entries begin
    entry_name   u4[N]    id of the name; entries of one key, most populous place first
    entry_place  u4[N]    id of its place
    key_end      u4[K]    where each key ends in ``keys``
    keys         u1       the keys in UTF-8, each ended by a newline
    key_weight   u1[K]    inhabitants of its most populous place, 10 * log2
    skeleton_hash u8[S]   sorted
    skeleton_first u4[S+1]
    skeleton_key u4       the keys that have the skeleton, most populous first
    core_hash, core_first, core_key   the same by the skeletons of cores (``names.core_skeletons``)
    deletion_*            see ``typos``
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
import tempfile
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.database.arrays import ArrayWriter
from gazetteer.database.index_names import MOST, Before, Names, Progress, read_names
from gazetteer.database.typos_writer import write_deletions
from gazetteer.errors import DatabaseError
from gazetteer.generics import GENERICS, QUALIFIERS, UNSAID
from gazetteer.names import all_keys_many

INDEX_SCHEMA = 2

_CHUNK = 100_000
_PROBE = (
    *("Al-Tanf (garrison)", "Az Zakf", "Khirbat al-Wali", "Tchoukourtchesme", "Łódź", "Ærø"),
    *("الزكف", "مدينة البو كمال", "خربة غزالة", "Київ", "Щёлково", "Αθήνα", "Saint-Étienne 2"),
)
_SCRATCH = "gazetteer-index-"


@cache
def keys_version() -> str:
    """Changes whenever ``names`` makes other keys, which an index must not be asked for."""
    words = sorted(GENERICS), sorted(QUALIFIERS), sorted(UNSAID)
    folds, bones, loose = all_keys_many(_PROBE)
    text = "\n".join(chain(folds, bones, loose.values(), *words))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_index(
    connection: sqlite3.Connection,
    path: Path,
    build: str,
    progress: Progress,
    before: Before | None = None,
) -> None:
    """Write the index of every name in the gazetteer.

    Args:
        connection: of the gazetteer.
        path: the file.
        build: that it is of.
        progress: told what is done and how far it is.
        before: the build before, whose keys need no making; None to make all.

    Raises:
        OSError: the disk does not take it.
        DatabaseError: there are more names than the index can number.
    """
    part = path.with_suffix(".part")
    # Only the one builder comes here: what there is was left by one that was killed.
    for left in path.parent.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in path.parent.glob("gazetteer-*.part"):
        left.unlink()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_SCRATCH) as scratch:
        keys = Path(scratch) / "keys"
        names = read_names(connection, keys, progress, before)
        weights = _weights(connection)
        facts = {"schema": INDEX_SCHEMA, "keys": keys_version(), "build": build}
        with contextlib.ExitStack() as failed:
            # Whatever stops it, an interrupt too, leaves no half index behind.
            failed.callback(part.unlink, missing_ok=True)
            with ArrayWriter(part, facts) as writer:
                key_lengths = _write_keys(writer, names, weights, keys)
                del names
                keys.unlink()
                write_deletions(writer, key_lengths, Path(scratch), progress)
            failed.pop_all()
    part.replace(path)


def _weights(connection: sqlite3.Connection) -> npt.NDArray[np.uint8]:
    """10 * log2 of 1 + inhabitants by place id, at most 255."""
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM places").fetchone()
    population = np.zeros(highest + 1, dtype=np.float32)
    cursor = connection.execute("SELECT id, population FROM places WHERE population > 0")
    while rows := cursor.fetchmany(_CHUNK):
        ids, counts = zip(*rows, strict=True)
        population[np.array(ids)] = counts
    weights: npt.NDArray[np.uint8] = np.minimum(10 * np.log2(1 + population), 255).astype(np.uint8)
    return weights


def _groups(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Where each run of equal hashes begins in a sorted array."""
    if not len(hashes):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))


def _firsts(starts: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.uint32]:
    return np.append(starts, count).astype(np.uint32)


def _write_keys(
    writer: ArrayWriter, names: Names, weights: npt.NDArray[np.uint8], keys: Path
) -> npt.NDArray[np.uint16]:
    """Everything but the deletions; returns how many bytes each key has, its newline included."""
    weight = weights[names.place]
    order = np.lexsort((~weight, names.fold))
    order = order[int(np.searchsorted(names.fold, 1, sorter=order)) :]
    hashes = names.fold[order]
    starts = _groups(hashes)
    writer.add("fold_hash", hashes[starts])
    del hashes
    writer.add("fold_first", _firsts(starts, len(order)))
    writer.add("entry_name", names.name[order])
    writer.add("entry_place", names.place[order])
    first = order[starts]
    del order
    key_weight = weight[first]
    writer.add("key_weight", key_weight)

    _write_groups(writer, "skeleton", names.skeleton[first], key_weight)
    _write_groups(writer, "core", names.core[first], key_weight)

    sizes = names.size[first]
    ends = np.cumsum(sizes, dtype=np.int64) - 1
    if len(ends) and ends[-1] > MOST:
        raise DatabaseError("the names are longer than an index can hold; begin anew")
    writer.add("key_end", ends, np.uint32)
    begins = names.begin[first]
    writer.begin("keys", np.uint8)
    if len(first):
        text = np.memmap(keys, dtype=np.uint8, mode="r").view(np.ndarray)
        for at in range(0, len(first), _CHUNK):
            writer.append(_gathered(text, begins[at : at + _CHUNK], sizes[at : at + _CHUNK]))
    return sizes


def _write_groups(
    writer: ArrayWriter,
    what: str,
    hashes: npt.NDArray[np.uint64],
    weight: npt.NDArray[np.uint8],
) -> None:
    """Which keys have which hash; keys whose hash is 0 have none."""
    some = np.flatnonzero(hashes)
    order = some[np.lexsort((~weight[some], hashes[some]))]
    hashes = hashes[order]
    starts = _groups(hashes)
    writer.add(f"{what}_hash", hashes[starts])
    writer.add(f"{what}_first", _firsts(starts, len(order)))
    writer.add(f"{what}_key", order, np.uint32)


def _gathered(
    text: npt.NDArray[Any], begins: npt.NDArray[np.int64], sizes: npt.NDArray[np.uint16]
) -> npt.NDArray[Any]:
    """The pieces of ``text`` that begin there and are so long, one after the other."""
    lengths = sizes.astype(np.int64)
    ends = np.cumsum(lengths)
    offset = np.repeat(begins - (ends - lengths), lengths)
    gathered: npt.NDArray[Any] = text[np.arange(int(ends[-1])) + offset]
    return gathered
