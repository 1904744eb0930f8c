"""What an archive keeps of a fingerprint: a few features and a thumbnail, about 250 bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.errors import ArchiveError
from imagery.photo.fingerprint.overlay import CELLS, thumbnail
from imagery.photo.fingerprint.print_of import Fingerprint
from imagery.photo.fingerprint.words import CHECK_BITS, KEY_BITS, checks_of, keys_of

KEPT_FEATURES = 15
"""How many features of a picture are kept: enough that some are left of a corner, few enough that a
million pictures fit into 500 MB with their captions."""
THUMB_BYTES = CELLS * CELLS // 2

# Sizes are kept as steps of a logarithm, in the bits that the check leaves free.
_SIZE_BITS = 32 - CHECK_BITS
_SIZE_STEPS = (1 << _SIZE_BITS) - 1
_LEAST_SIZE, _OCTAVES = 2.0**-7.5, 5.0
# Width over height likewise, from 1:16 to 16:1.
_ASPECT_STEPS, _ASPECT_OCTAVES = 65_535, 4.0

FEATURE = np.dtype([("key", "<u4"), ("check", "<u4"), ("x", "u1"), ("y", "u1")])
"""``check`` holds the check bits below and the size above them; x and y are 1/256 of the side."""
HEAD = np.dtype([("aspect", "<u2"), ("thumb", "u1", (THUMB_BYTES,))])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stored:
    """Kept parts of n fingerprints.

    Attributes:
        heads: (n,) of dtype HEAD.
        features: (m,) of dtype FEATURE.
        owners: (m,) which head each feature belongs to.
    """

    heads: npt.NDArray[np.void]
    features: npt.NDArray[np.void]
    owners: npt.NDArray[np.uint32]


def pack(print_: Fingerprint) -> bytes:
    """What is kept of one fingerprint."""
    head = np.zeros(1, dtype=HEAD)
    aspect = np.log2(print_.width / print_.height) / _ASPECT_OCTAVES
    head["aspect"] = np.clip(round((aspect + 1) / 2 * _ASPECT_STEPS), 0, _ASPECT_STEPS)
    cells = thumbnail(print_).ravel()
    head["thumb"] = cells[0::2] << 4 | cells[1::2]
    kept = slice(0, KEPT_FEATURES)
    features = np.zeros(len(print_.x[kept]), dtype=FEATURE)
    features["key"] = keys_of(print_.codes[kept])
    steps = np.log2(np.maximum(print_.size[kept], _LEAST_SIZE) / _LEAST_SIZE) / _OCTAVES
    size = np.clip(np.rint(steps * _SIZE_STEPS), 0, _SIZE_STEPS).astype(np.uint32)
    features["check"] = checks_of(print_.codes[kept]) | size << np.uint32(CHECK_BITS)
    features["x"] = np.clip(print_.x[kept] / print_.width * 256, 0, 255)
    features["y"] = np.clip(print_.y[kept] / print_.height * 256, 0, 255)
    return head.tobytes() + features.tobytes()


def unpack(kept: list[bytes]) -> Stored:
    """Many of what ``pack`` made, as columns.

    Raises:
        ArchiveError: bytes that ``pack`` cannot have made.
    """
    heads, features, owners = [], [], []
    for number, record in enumerate(kept):
        rest = len(record) - HEAD.itemsize
        count, odd = divmod(rest, FEATURE.itemsize)
        if rest < 0 or odd or count > KEPT_FEATURES:
            raise ArchiveError(
                f"a kept fingerprint has {len(record)} bytes; the archive is damaged, make it anew"
            )
        heads.append(record[: HEAD.itemsize])
        features.append(record[HEAD.itemsize :])
        owners += [number] * count
    found = np.frombuffer(b"".join(features), dtype=FEATURE)
    if np.any(found["key"] >> np.uint32(KEY_BITS)):
        raise ArchiveError("a kept fingerprint has a key out of range; the archive is damaged")
    return Stored(
        heads=np.frombuffer(b"".join(heads), dtype=HEAD),
        features=found,
        owners=np.array(owners, dtype=np.uint32),
    )


def thumbs_of(heads: npt.NDArray[np.void]) -> npt.NDArray[np.uint8]:
    """(n, CELLS, CELLS) levels."""
    packed = heads["thumb"]
    cells = np.empty((len(heads), CELLS * CELLS), dtype=np.uint8)
    cells[:, 0::2], cells[:, 1::2] = packed >> 4, packed & 15
    return cells.reshape(-1, CELLS, CELLS)


def sides_of(
    heads: npt.NDArray[np.void],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Widths and heights (n,) whose product is 1."""
    octaves = (heads["aspect"].astype(np.float32) / _ASPECT_STEPS * 2 - 1) * _ASPECT_OCTAVES
    return np.exp2(octaves / 2), np.exp2(-octaves / 2)


def sizes_of(checks: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
    """The sizes of features from their field ``check``."""
    steps = (checks >> np.uint32(CHECK_BITS)).astype(np.float32)
    return np.exp2(steps / _SIZE_STEPS * _OCTAVES).astype(np.float32) * np.float32(_LEAST_SIZE)
