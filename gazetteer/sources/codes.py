"""Codes that stand among the names of a source: airport and postal codes, addresses of pages.

GeoNames' own column of other names and the world's cities have the codes of airports among their
names without saying so ("DAM" for Damascus, "USA" for Concord). A code is no spelling: it is found
only as it is written, and never by how it sounds.
"""

from __future__ import annotations

import re

CODE = "code"
"""What stands as the language of a name that is a code."""

_AIRPORT = re.compile(r"[A-Z]{3}")
_AERODROME = re.compile(r"[A-Z]{4}")
_NUMBER = re.compile(r"[0-9][0-9 -]*")
_LINK = re.compile(r"https?://", re.IGNORECASE)


def is_code(text: str, *, main: str, kind: str = "unknown") -> bool:
    """Whether one of the names of a place is a code and no name.

    Three capitals of the Latin alphabet, four for an airport, a number or an address; but never
    the place's main name, and none of a place whose main name is in capitals too, since all of
    that table may be.

    Args:
        text: the name in question.
        main: main name of its place.
        kind: of the place, see ``place.KINDS``.
    """
    if text == main:
        return False
    if _LINK.match(text) or _NUMBER.fullmatch(text):
        return True
    if main.isupper():
        return False
    pattern = _AERODROME if kind == "airport" and len(text) == 4 else _AIRPORT
    return pattern.fullmatch(text) is not None
