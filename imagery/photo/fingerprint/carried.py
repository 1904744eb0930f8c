"""A fingerprint as bytes, to be handed from one process to another.

The bytes may come from a process that has just decoded a hostile file, so they are checked as
anything else from outside; nothing in them is executed.
"""

from __future__ import annotations

import struct

import numpy as np

from imagery.errors import PhotoError
from imagery.photo.fingerprint.print_of import MOST_FEATURES, Fingerprint
from imagery.photo.fingerprint.words import CHECK_BITS, DOUBTS, KEY_BITS

_MAGIC = b"OSINTFP1"
_HEAD = struct.Struct("<8sffHHH")
_FEATURE = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("size", "<f4"), ("code", "<u8"), ("doubts", "u1", (DOUBTS,))]
)
_MOST_SIDE = 1_024


def to_bytes(print_: Fingerprint) -> bytes:
    """A fingerprint as bytes, about 6 KB."""
    features = np.zeros(len(print_.x), dtype=_FEATURE)
    features["x"], features["y"], features["size"] = print_.x, print_.y, print_.size
    features["code"], features["doubts"] = print_.codes, print_.doubts
    rows, cols = print_.small.shape
    head = _HEAD.pack(_MAGIC, print_.width, print_.height, len(features), rows, cols)
    return head + features.tobytes() + print_.small.tobytes()


def from_bytes(data: bytes) -> Fingerprint:
    """What ``to_bytes`` made.

    Raises:
        PhotoError: the bytes are no fingerprint.
    """
    if len(data) < _HEAD.size:
        raise PhotoError(f"{len(data)} bytes are no fingerprint; make it anew from the picture")
    magic, width, height, count, rows, cols = _HEAD.unpack_from(data)
    split = _HEAD.size + count * _FEATURE.itemsize
    whole = (
        magic == _MAGIC
        and count <= MOST_FEATURES
        and 1 <= rows <= _MOST_SIDE
        and 1 <= cols <= _MOST_SIDE
        and len(data) == split + rows * cols
    )
    if not whole or not _is_unit(width, height):
        raise PhotoError("the bytes are no fingerprint; make it anew from the picture")
    features = np.frombuffer(data[_HEAD.size : split], dtype=_FEATURE)
    lengths = (features["x"], features["y"], features["size"])
    if (
        any(not np.isfinite(each).all() for each in lengths)
        or (features["size"] < 1e-4).any()
        or any((np.abs(each) > 1e3).any() for each in lengths)
        or (features["code"] >> np.uint64(KEY_BITS + CHECK_BITS)).any()
        or (features["doubts"] >= KEY_BITS).any()
    ):
        raise PhotoError("the fingerprint has a feature out of range; make it anew")
    return Fingerprint(
        width=width,
        height=height,
        x=features["x"].copy(),
        y=features["y"].copy(),
        size=features["size"].copy(),
        codes=features["code"].copy(),
        doubts=features["doubts"].copy(),
        small=np.frombuffer(data[split:], dtype=np.uint8).reshape(rows, cols).copy(),
    )


def _is_unit(width: float, height: float) -> bool:
    """Whether these can be the sides of a picture of area 1; not so for NaN and infinity."""
    return 1e-2 < width < 1e2 and 1e-2 < height < 1e2 and 0.99 < width * height < 1.01
