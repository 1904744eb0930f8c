"""The index: kept features of many pictures, sorted by key, in memory or in one mapped file.

The file is written once and never changed: a new one takes its place. All numbers are
little-endian; the sections follow the head in this order:

=========  ==================  ============================================================
starts     uint32 (2^22 + 1)   where each key's features start; or, for fewer features than
keys       uint32 (m)          that, the key of each
rows       uint32 (m)          which picture each feature belongs to
checks     uint32 (m)          see ``stored.FEATURE``
places     uint8 (m, 2)        x, y
ids        uint32 (n)          the archive's number of each picture, ascending
heads      HEAD (n)            see ``stored.HEAD``
=========  ==================  ============================================================
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.errors import ArchiveError
from imagery.photo.fingerprint.stored import FEATURE, HEAD, KEPT_FEATURES, Stored
from imagery.photo.fingerprint.words import KEY_BITS

_MAGIC = b"OSINTSN1"
_HEAD = struct.Struct("<8sQQQ32x")
_KEYS = 1 << KEY_BITS
_DENSE, _SPARSE = 1, 0

U32 = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Kept features of n pictures, m in all; see the table above.

    Attributes:
        dense: whether ``index`` holds the starts of all keys, and not the key of each feature.
        index, rows, checks, places, ids, heads: the sections.
    """

    dense: bool
    index: U32
    rows: U32
    checks: U32
    places: npt.NDArray[np.uint8]
    ids: U32
    heads: npt.NDArray[np.void]

    def ranges(self, keys: U32) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the features of each key start and end."""
        if self.dense:
            starts, ends = self.index[keys], self.index[keys + np.uint32(1)]
            return starts.astype(np.int64), ends.astype(np.int64)
        return (
            np.searchsorted(self.index, keys, side="left").astype(np.int64),
            np.searchsorted(self.index, keys, side="right").astype(np.int64),
        )


def build(ids: U32, stored: Stored) -> Shelf:
    """A shelf of pictures in ascending order of their numbers."""
    features = stored.features
    order = np.argsort(features["key"], kind="stable")
    keys = features["key"][order]
    dense = len(features) > _KEYS
    places = np.stack([features["x"][order], features["y"][order]], axis=1)
    return Shelf(
        dense=dense,
        index=_starts(keys) if dense else np.ascontiguousarray(keys),
        rows=stored.owners[order],
        checks=features["check"][order],
        places=places,
        ids=ids,
        heads=stored.heads,
    )


def _starts(keys: U32) -> U32:
    counts = np.bincount(keys, minlength=_KEYS)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)


def merge(first: Shelf, second: Shelf, forgotten: U32) -> Shelf:
    """Both together without the pictures forgotten; the second's numbers follow the first's."""
    ids = np.concatenate([first.ids, second.ids])
    keep = ~np.isin(ids, forgotten)
    # Where each picture goes; of those that go nowhere nothing is read.
    new_row = (np.cumsum(keep) - 1).astype(np.uint32)
    old, new = _columns(first, keep, new_row, 0), _columns(second, keep, new_row, len(first.ids))
    # Both are sorted: the new ones are put between the old, which needs no sorting of millions.
    at = np.searchsorted(old[0], new[0], side="right") + np.arange(len(new[0]))
    of_old = np.ones(len(old[0]) + len(new[0]), dtype=bool)
    of_old[at] = False
    keys, rows, checks, places = (
        _woven(mine, other, at, of_old) for mine, other in zip(old, new, strict=True)
    )
    dense = len(keys) > _KEYS
    return Shelf(
        dense=dense,
        index=_starts(keys) if dense else keys,
        rows=rows,
        checks=checks,
        places=places,
        ids=ids[keep],
        heads=np.concatenate([first.heads, second.heads])[keep],
    )


def _columns(
    shelf: Shelf, keep: npt.NDArray[np.bool_], new_row: U32, offset: int
) -> tuple[npt.NDArray[Any], ...]:
    """Keys, rows, checks and places of the features that stay."""
    rows = shelf.rows.astype(np.int64) + offset
    stays = keep[rows]
    return _all_keys(shelf)[stays], new_row[rows[stays]], shelf.checks[stays], shelf.places[stays]


def _woven(
    mine: npt.NDArray[Any],
    other: npt.NDArray[Any],
    at: npt.NDArray[np.intp],
    of_mine: npt.NDArray[np.bool_],
) -> npt.NDArray[Any]:
    both = np.empty((len(of_mine), *mine.shape[1:]), dtype=mine.dtype)
    both[of_mine], both[at] = mine, other
    return both


def _all_keys(shelf: Shelf) -> U32:
    if not shelf.dense:
        return np.asarray(shelf.index)
    starts = shelf.index.astype(np.int64)
    return np.repeat(np.arange(_KEYS, dtype=np.uint32), starts[1:] - starts[:-1])


def empty() -> Shelf:
    """A shelf without pictures."""
    none = np.zeros(0, dtype=np.uint32)
    return Shelf(
        dense=False,
        index=none,
        rows=none,
        checks=none,
        places=np.zeros((0, 2), dtype=np.uint8),
        ids=none,
        heads=np.zeros(0, dtype=HEAD),
    )


def write(shelf: Shelf, path: Path) -> None:
    """Write a shelf to a new file, flushed to the disk.

    Raises:
        OSError: it cannot be written.
    """
    head = _HEAD.pack(_MAGIC, _DENSE if shelf.dense else _SPARSE, len(shelf.rows), len(shelf.ids))
    with path.open("wb") as file:
        file.write(head)
        for section in _sections(shelf):
            np.ascontiguousarray(section).tofile(file)
        file.flush()
        os.fsync(file.fileno())


def _sections(shelf: Shelf) -> tuple[npt.NDArray[np.generic], ...]:
    heads = shelf.heads.view(np.uint8)
    return shelf.index, shelf.rows, shelf.checks, shelf.places.ravel(), shelf.ids, heads


def read(path: Path) -> Shelf:
    """Map a shelf's file.

    Raises:
        OSError: it cannot be opened.
        ArchiveError: it is not whole.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
        length = file.seek(0, os.SEEK_END)
    damaged = f"{path} is damaged; delete the archive's folder and add the pictures again"
    if len(head) < _HEAD.size:
        raise ArchiveError(damaged)
    magic, kind, features, pictures = _HEAD.unpack(head)
    if magic != _MAGIC or kind not in (_DENSE, _SPARSE) or features > pictures * KEPT_FEATURES:
        raise ArchiveError(damaged)
    index = _KEYS + 1 if kind == _DENSE else features
    per_feature = FEATURE.itemsize - 4 + 4
    expected = _HEAD.size + 4 * index + per_feature * features + (4 + HEAD.itemsize) * pictures
    if length != expected:
        raise ArchiveError(damaged)
    if not pictures:
        return empty()
    data = np.memmap(path, dtype=np.uint8, mode="r")
    at = _HEAD.size
    parts = []
    for width in (4 * index, 4 * features, 4 * features, 2 * features, 4 * pictures):
        parts.append(np.asarray(data[at : at + width]))
        at += width
    index_, rows, checks, places, ids = parts
    return Shelf(
        dense=kind == _DENSE,
        index=index_.view("<u4"),
        rows=rows.view("<u4"),
        checks=checks.view("<u4"),
        places=places.reshape(-1, 2),
        ids=ids.view("<u4"),
        heads=np.asarray(data[at:]).view(HEAD),
    )
