"""WebP: RIFF chunks (WebP container specification).

"EXIF" holds the block as it is; many programs put JPEG's mark before it, and readers that know only
one of the two ways miss the other. "XMP ", "ICCP"; content credentials are in "C2PA".
"""

from __future__ import annotations

import struct

from imagery.photo.containers.icc import description_of
from imagery.photo.containers.parts import Draft, Source

_MOST_CHUNKS = 100_000
_READ = {b"EXIF", b"XMP ", b"ICCP"}


def walk_webp(data: Source, draft: Draft) -> None:
    """Find the parts of a WebP file."""
    head = data[4:8]
    end = 8 + int.from_bytes(head, "little")
    if end > len(data):
        draft.trouble(f"the file is {end - len(data)} bytes shorter than it says")
    # Some writers set the length too small; what follows is read like the rest if it is chunks.
    at = 12
    for _ in range(_MOST_CHUNKS):
        head = data[at : at + 8]
        if len(head) < 8:
            break
        sign, length = struct.unpack("<4sI", head)
        if not all(32 <= byte < 127 for byte in sign):
            if at < end:
                draft.trouble("it has a chunk without a proper name", metadata=True)
            break
        draft.segment(sign.decode("ascii").strip())
        start, stop = at + 8, at + 8 + length
        if sign in _READ:
            body = data[start:stop]
            if len(body) < length:
                what = {b"EXIF": "EXIF block", b"XMP ": "XMP packet"}.get(sign, "colour profile")
                missing = length - len(body)
                draft.trouble(
                    f"the file ends {missing} bytes before its {what} does", metadata=True
                )
            if sign == b"EXIF":
                draft.add_exif(body, offset=start, where="EXIF")
            elif sign == b"XMP ":
                draft.add_xmp(body, offset=start, where="XMP")
            else:
                draft.icc = description_of(body)
        elif sign == b"C2PA":
            draft.jumbf = True
        elif sign in (b"VP8X", b"VP8 ", b"VP8L") and draft.width is None:
            _size(sign, data[start : start + 10], draft)
        at = stop + length % 2
    draft.trailing_bytes = len(data) - max(min(at, len(data)), end)


def _size(sign: bytes, body: bytes, draft: Draft) -> None:
    if len(body) < 10:
        return
    if sign == b"VP8X":
        draft.width = int.from_bytes(body[4:7], "little") + 1
        draft.height = int.from_bytes(body[7:10], "little") + 1
    elif sign == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        draft.width, draft.height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif sign == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        draft.width, draft.height = width & 0x3FFF or None, height & 0x3FFF or None
