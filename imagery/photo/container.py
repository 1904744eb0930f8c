"""Where a file keeps its EXIF block.

The block is a small TIFF of its own inside a JPEG, PNG or WebP file. It is cut out here, by walking
the file's segments as their formats define them, so that the EXIF reader never searches for it: a
reader that searches misses blocks that follow a long segment, and can be led in circles.

Formats: JPEG segments (ITU-T T.81 B.1.1), PNG chunks (W3C PNG, third edition: eXIf), RIFF chunks
(WebP container specification: "EXIF").
"""

from __future__ import annotations

import struct

_EXIF_MARK = b"Exif\0\0"
_TIFF_HEADS = (b"II*\0", b"MM\0*")
_APP1, _START_OF_SCAN, _END_OF_IMAGE = 0xE1, 0xDA, 0xD9
# JPEG markers without a length: TEM and the restarts.
_BARE = {0x01, *range(0xD0, 0xD8)}


class DamagedError(ValueError):
    """The metadata cannot be read; the message says why. Never leaves this package."""


def exif_block(data: bytes, kind: str) -> bytes | None:
    """The EXIF block of an image file, starting with its TIFF header; None if it has none.

    Args:
        data: the whole file.
        kind: "JPEG", "PNG", "WEBP" or "TIFF"; other formats keep no EXIF.

    Raises:
        DamagedError: the file ends inside the block, or the block is no TIFF.
    """
    finders = {"JPEG": _in_jpeg, "PNG": _in_png, "WEBP": _in_webp}
    block = data if kind == "TIFF" else finders[kind](data) if kind in finders else None
    if block is None:
        return None
    block = block.removeprefix(_EXIF_MARK)
    if not block.startswith(_TIFF_HEADS):
        raise DamagedError("its EXIF block does not start with a TIFF header")
    return block


def _in_jpeg(data: bytes) -> bytes | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in (_START_OF_SCAN, _END_OF_IMAGE):
            return None
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            body = data[at + 4 : at + 2 + length]
            if marker == _APP1 and body.startswith(_EXIF_MARK):
                return _whole(body, length - 2)
            at += 2 + max(length, 2)
    return None


def _in_png(data: bytes) -> bytes | None:
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"eXIf":
            return _whole(data[at + 8 : at + 8 + length], length)
        at += 12 + length
    return None


def _in_webp(data: bytes) -> bytes | None:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            return _whole(data[at + 8 : at + 8 + length], length)
        at += 8 + length + length % 2
    return None


def _whole(body: bytes, length: int) -> bytes:
    if len(body) < length:
        raise DamagedError(f"the file ends {length - len(body)} bytes before its EXIF block does")
    return body
