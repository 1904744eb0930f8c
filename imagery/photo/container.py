"""Where a file keeps its EXIF block, its XMP packet and its IPTC records.

The EXIF block is a small TIFF of its own inside a JPEG, PNG or WebP file. It is cut out here, by
walking the file's segments as their formats define them, so that the EXIF reader never searches for
it: a reader that searches misses blocks that follow a long segment, and can be led in circles.

Formats: JPEG segments (ITU-T T.81 B.1.1), PNG chunks (W3C PNG, third edition: eXIf, iTXt), RIFF
chunks (WebP container specification: "EXIF", "XMP "), XMP in files (ISO 16684-1 and part 3 of the
XMP specification), Photoshop image resources in APP13 (8BIM, resource 0x0404 holds IPTC).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_EXIF_MARK = b"Exif\0\0"
_TIFF_HEADS = (b"II*\0", b"MM\0*")
_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP_MARK = b"Photoshop 3.0\0"
_PNG_XMP = b"XML:com.adobe.xmp\0"
_IPTC_RESOURCE = 0x0404
_APP1, _APP13, _START_OF_SCAN, _END_OF_IMAGE = 0xE1, 0xED, 0xDA, 0xD9
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


def xmp_packet(data: bytes, kind: str) -> bytes | None:
    """The XMP packet of a JPEG, PNG or WebP file, an XML document; None if it has none."""
    if kind == "JPEG":
        for marker, body, _ in _segments(data):
            if marker == _APP1 and body.startswith(_XMP_MARK):
                return body.removeprefix(_XMP_MARK)
    elif kind == "PNG":
        for name, body, _ in _chunks(data):
            # After the keyword: compression flag and method, language, translated keyword.
            if name == b"iTXt" and body.startswith(_PNG_XMP + b"\0"):
                return body[len(_PNG_XMP) + 2 :].split(b"\0", 2)[-1]
    elif kind == "WEBP":
        for name, body, _ in _riff(data):
            if name == b"XMP ":
                return body
    return None


def iptc_records(data: bytes, kind: str) -> bytes | None:
    """The IPTC records of a JPEG file; None if it has none."""
    if kind != "JPEG":
        return None
    parts = [
        body.removeprefix(_PHOTOSHOP_MARK)
        for marker, body, _ in _segments(data)
        if marker == _APP13 and body.startswith(_PHOTOSHOP_MARK)
    ]
    # A long list of resources runs on over several segments.
    resources, at = b"".join(parts), 0
    while resources[at : at + 4] == b"8BIM" and at + 8 <= len(resources):
        (number,) = struct.unpack_from(">H", resources, at + 4)
        name = resources[at + 6] + 1
        at += 6 + name + name % 2
        if at + 4 > len(resources):
            break
        (length,) = struct.unpack_from(">I", resources, at)
        if number == _IPTC_RESOURCE:
            return resources[at + 4 : at + 4 + length]
        at += 4 + length + length % 2
    return None


def _in_jpeg(data: bytes) -> bytes | None:
    for marker, body, length in _segments(data):
        if marker == _APP1 and body.startswith(_EXIF_MARK):
            return _whole(body, length)
    return None


def _in_png(data: bytes) -> bytes | None:
    for name, body, length in _chunks(data):
        if name == b"eXIf":
            return _whole(body, length)
    return None


def _in_webp(data: bytes) -> bytes | None:
    for name, body, length in _riff(data):
        if name == b"EXIF":
            return _whole(body, length)
    return None


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, content and stated length of each JPEG segment before the picture itself."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in (_START_OF_SCAN, _END_OF_IMAGE):
            return
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            yield marker, data[at + 4 : at + 2 + length], length - 2
            at += 2 + max(length, 2)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Name, content and stated length of each PNG chunk."""
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + length], length
        at += 12 + length


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Name, content and stated length of each WebP chunk."""
    at = 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + length], length
        at += 8 + length + length % 2


def _whole(body: bytes, length: int) -> bytes:
    if len(body) < length:
        raise DamagedError(f"the file ends {length - len(body)} bytes before its EXIF block does")
    return body
