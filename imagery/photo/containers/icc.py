"""The description in a colour profile (ICC.1, 7.2 and 9.2.41): whose colours a picture is in."""

from __future__ import annotations

import struct

_MOST_TAGS = 100
_MOST_TEXT = 200


def description_of(profile: bytes) -> str | None:
    """The profile's name of itself ("Display P3"); None if it has none that can be read."""
    if len(profile) < 132:
        return None
    (count,) = struct.unpack_from(">I", profile, 128)
    for at in range(132, 132 + 12 * min(count, _MOST_TAGS), 12):
        if at + 12 > len(profile):
            return None
        sign, where, size = struct.unpack_from(">4sII", profile, at)
        if sign == b"desc":
            return _text(profile[where : where + size])
    return None


def _text(body: bytes) -> str | None:
    if body.startswith(b"desc") and len(body) >= 12:
        # Version 2: a count and ASCII.
        (count,) = struct.unpack_from(">I", body, 8)
        said = body[12 : 12 + count].decode("latin-1")
    elif body.startswith(b"mluc") and len(body) >= 28:
        # Version 4: the first of the languages, in UTF-16.
        length, start = struct.unpack_from(">II", body, 20)
        said = body[start : start + length].decode("utf-16-be", "replace")
    else:
        return None
    return said.partition("\0")[0].strip()[:_MOST_TEXT] or None
