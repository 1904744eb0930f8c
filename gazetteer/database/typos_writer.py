"""Writing the index of keys with one letter left out, by which ``typos`` finds misspelt ones.

Every key is entered under the hash of each form that lacks one letter. The upper bits of the hash
say in which bucket, eight more are kept beside the number of the key to tell most strangers apart::

    deletion_first  u4[2**b + 1]  where each bucket begins
    deletion_key    u4            number of the key
    deletion_check  u1            eight bits of the hash
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gazetteer.database.arrays import ArrayWriter
from gazetteer.database.hashing import hash_deletions

Progress = Callable[[str, int, int | None], None]

LONGEST = 60
"""Longer keys, in characters, are not entered: they are phrases, not names to mistype."""

CHECK_BITS = 8
PER_BUCKET = 8
"""How many entries a bucket has on average, at most."""

_LEAST_BUCKET_BITS = 8
_PARTS_BITS = 5
_CHUNK = 200_000


def bucket_bits(entries: int) -> int:
    """How many bits of the hash choose the bucket, for so many entries."""
    return max(_LEAST_BUCKET_BITS, (max(entries, 1) // PER_BUCKET).bit_length())


def write_deletions(
    writer: ArrayWriter,
    sizes: npt.NDArray[np.uint16],
    scratch: Path,
    progress: Progress,
) -> None:
    """Add the arrays to the index.

    Args:
        writer: of the index file, the array ``keys`` written.
        sizes: bytes of each key, its newline included.
        scratch: folder for what does not fit into memory.
        progress: told of the keys done.
    """
    parts = [scratch / f"deletions{part}" for part in range(2**_PARTS_BITS)]
    entries = _spread(writer.written("keys"), sizes, parts, progress)
    bits = bucket_bits(entries)
    first = np.zeros(2**bits + 1, dtype=np.int64)
    checks: list[npt.NDArray[np.uint8]] = []
    writer.begin("deletion_key", np.uint32)
    for part in parts:
        # The upper half of a packed value is hash, the lower the key: sorting sorts by hash.
        packed = np.fromfile(part, dtype=np.uint64)
        part.unlink()
        packed.sort()
        writer.append(packed.astype(np.uint32))
        packed >>= np.uint64(32)
        checks.append(
            (packed >> np.uint64(32 - (bits - _PARTS_BITS) - CHECK_BITS)).astype(np.uint8)
        )
        bucket = (packed >> np.uint64(32 - (bits - _PARTS_BITS))).astype(np.int64)
        width = 2 ** (bits - _PARTS_BITS)
        at = 1 + len(checks[:-1]) * width
        first[at : at + width] = np.bincount(bucket, minlength=width)
    writer.begin("deletion_check", np.uint8)
    for check in checks:
        writer.append(check)
    writer.add("deletion_first", np.cumsum(first), np.uint32)


def _spread(
    keys: npt.NDArray[np.uint8],
    sizes: npt.NDArray[np.uint16],
    parts: list[Path],
    progress: Progress,
) -> int:
    """Write hash and key of every deletion into the part of its top bits; returns how many."""
    entries = 0
    shift = np.uint64(64 - _PARTS_BITS)
    files = [part.open("wb") for part in parts]
    try:
        at = 0
        for start in range(0, len(sizes), _CHUNK):
            length = int(sizes[start : start + _CHUNK].sum(dtype=np.int64))
            text = keys[at : at + length].tobytes().decode()
            at += length
            hashes, owner = hash_deletions(text, longest=LONGEST)
            packed = ((hashes << np.uint64(_PARTS_BITS)) >> np.uint64(32)) << np.uint64(32)
            packed |= (owner + start).astype(np.uint64)
            which = (hashes >> shift).astype(np.uint8)
            order = np.argsort(which, kind="stable")
            ends = np.cumsum(np.bincount(which, minlength=len(files)))
            packed = packed[order]
            for file, begin, end in zip(files, [0, *ends[:-1]], ends, strict=True):
                file.write(packed[begin:end].data)
            entries += len(packed)
            progress("indexing spellings", min(start + _CHUNK, len(sizes)), len(sizes))
    finally:
        for file in files:
            file.close()
    return entries
