"""The sixteen compass words and the sectors they mean."""

from __future__ import annotations

import re
from types import MappingProxyType

from gazetteer.errors import GeodesyError

_ORDER = (
    "north",
    "north-northeast",
    "northeast",
    "east-northeast",
    "east",
    "east-southeast",
    "southeast",
    "south-southeast",
    "south",
    "south-southwest",
    "southwest",
    "west-southwest",
    "west",
    "west-northwest",
    "northwest",
    "north-northwest",
)

COMPASS = MappingProxyType({word: 22.5 * i for i, word in enumerate(_ORDER)})
"""Compass word to azimuth in degrees."""

_LETTERS = {"".join(part[0] for part in re.findall("north|south|east|west", w)): w for w in _ORDER}


def compass_word(text: str) -> str | None:
    """The word in the spelling of ``COMPASS``, or None if it is no compass word.

    Knows ``North-East``, ``north eastern``, ``northeastward``, ``northerly``, ``NE``, ``NNE``.
    Single letters are not taken: "S" and "E" are too often something else.
    """
    plain = re.sub(r"[\s\-\u2010-\u2015]+", "", text.casefold()).rstrip(".")
    if len(plain) in (2, 3) and plain in _LETTERS and text.strip(". ").isupper():
        return _LETTERS[plain]
    plain = re.sub(r"(?:wards?|(?<=st|th)er(?:n|ly))$", "", plain)
    parts = re.findall("north|south|east|west", plain)
    if not 1 <= len(parts) <= 3 or "".join(parts) != plain:
        return None
    return _LETTERS.get("".join(part[0] for part in parts))


def sector_width_deg(word: str) -> float:
    """Full width of the sector a compass word means: 90, 45 or 22.5 degrees.

    Raises:
        GeodesyError: it is no compass word.
    """
    return {1: 90.0, 2: 45.0, 3: 22.5}[len(re.findall("north|south|east|west", _known(word)))]


def compass_sector(word: str) -> tuple[float, float]:
    """Half-open sector (low, high) of azimuths in [0, 360): north is (315, 45).

    A cardinal word means 45 degrees to either side, ``northeast`` 22.5 and ``north-northeast``
    11.25: who needs finer says it more finely.

    Raises:
        GeodesyError: it is no compass word.
    """
    half = sector_width_deg(word) / 2
    middle = COMPASS[_known(word)]
    return (middle - half) % 360.0, (middle + half) % 360.0


def _known(word: str) -> str:
    known = compass_word(word)
    if known is None:
        raise GeodesyError(f"{word!r} is no compass direction; write 'north' or 'northeast'")
    return known
