"""UTM: zone, easting, northing, in metres on WGS84.

The letter after the zone is written in two ways that cannot be told apart by looking: as the
latitude band (C to X without I and O, 8 degrees each from 80 degrees south) and as the hemisphere
(N or S). Band N lies in the north, so that N means the same both ways. S does not: band S lies at
32 to 40 degrees north. Where the northing allows both, that is an error.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gazetteer.errors import PositionError
from gazetteer.notations.plain import bad, checked, shown, two_readings
from gazetteer.position import Position

if TYPE_CHECKING:
    from pyproj import Proj

HINT = "write it as 37 north 650000 3500000 (zone, hemisphere, easting, northing)"
BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""The latitude bands, from 80 degrees south."""

_FALSE_NORTHING_M = 10_000_000.0
_SLACK_DEG = 0.01
_NOISE = re.compile(r"\b(?:utm|zone|wgs[ -]?84)\b|[,;/:=()]")
_ZONE = r"\s*(?P<zone>[0-9]{1,2})(?![0-9])\s*(?P<letter>north|south|[a-z](?![a-z]))?\s*"
_METRES = r"([0-9]+(?:\.[0-9]+)?)"
_SHAPES = tuple(
    re.compile(_ZONE + shape + r"\s*")
    for shape in (
        rf"(?:easting|e|x)\s*(?P<e>{_METRES})\s*m?\s*(?:northing|n|y)\s*(?P<n>{_METRES})\s*m?",
        rf"(?:northing|n|y)\s*(?P<n>{_METRES})\s*m?\s*(?:easting|e|x)\s*(?P<e>{_METRES})\s*m?",
        rf"(?P<e>{_METRES})\s*m?\s*e\s*(?P<n>{_METRES})\s*m?\s*n",
        rf"(?P<n>{_METRES})\s*m?\s*n\s*(?P<e>{_METRES})\s*m?\s*e",
        rf"(?P<e>{_METRES})\s*m?\s+(?P<n>{_METRES})\s*m?",
    )
)
# A coordinate in degrees has no five digits before the point.
_LONG_NUMBER = re.compile(r"(?<![0-9.])[0-9]{5}")
_SAYS_SO = re.compile(r"\s*utm\b.*[0-9]", re.DOTALL)


def claims(text: str) -> bool:
    """Whether the text is a zone with two lengths, or says that it is UTM."""
    lower = text.casefold()
    return bool(_SAYS_SO.match(lower)) or (
        _LONG_NUMBER.search(lower) is not None and _match(lower) is not None
    )


def read(said: str) -> Position:
    """The position; ``uncertainty_m`` is None.

    Raises:
        PositionError: no such zone or band, a length out of range, or the hemisphere is open.
    """
    found = _match(said.casefold())
    if found is None:
        raise bad(said, "it is not one zone, one easting and one northing", HINT)
    zone, easting, northing = int(found["zone"]), float(found["e"]), float(found["n"])
    letter = (found["letter"] or "").upper()
    if not 1 <= zone <= 60:
        raise bad(said, f"zone {zone} is out of range, must be 1 to 60", HINT)
    if not 100_000 <= easting < 1_000_000:
        swapped = "; easting and northing look swapped" if 100_000 <= northing < 1_000_000 else ""
        raise bad(
            said,
            f"an easting of {easting:.0f} m is out of range, must be 100000 to 999999{swapped}",
            HINT,
        )
    if northing > _FALSE_NORTHING_M:
        raise bad(said, f"a northing of {northing:.0f} m is out of range, at most 10000000", HINT)
    north = _position(zone, easting, northing, south=False)
    south = _position(zone, easting, northing, south=True)
    if letter in ("N", "NORTH"):
        return _there(said, north, "northern")
    if letter == "SOUTH":
        return _there(said, south, "southern")
    if letter == "S" and (north is None or not _in_band(north, "S")):
        return _there(said, south, "southern")
    if letter in ("", "S"):
        if north is None or south is None:
            return _there(said, north or south, "either")
        raise two_readings(
            said,
            ("band S" if letter else "northern hemisphere", north),
            ("southern hemisphere", south),
            f"write {zone} north or {zone} south",
        )
    if letter not in BANDS:
        raise bad(said, f"{letter} is no latitude band (C to X without I and O)", HINT)
    found_in = north if letter >= "N" else south
    if found_in is None or not _in_band(found_in, letter):
        where = "outside UTM" if found_in is None else f"at latitude {found_in.lat:.2f}"
        low, high = band_range(letter)
        raise bad(
            said,
            f"band {letter} runs from latitude {low} to {high}, and its northing is {where}",
            HINT,
        )
    return found_in


def write(position: Position) -> str:
    """``37 north 464499mE 3707431mN``: the word leaves no doubt that a letter would.

    Raises:
        PositionError: beyond 84 degrees north or 80 degrees south, where UTM is not defined.
    """
    if not -80 <= position.lat <= 84:
        raise PositionError(
            f"latitude {position.lat:g} is outside UTM (-80 to 84); use another notation"
        )
    zone, south = zone_of(position), position.lat < 0
    easting, northing = _proj(zone, south)(position.lon, position.lat)
    # Just south of the equator a rounded northing may reach the limit, which is the equator.
    side = "south" if south else "north"
    return f"{zone} {side} {easting:.0f}mE {max(northing, 0.0):.0f}mN"


def zone_of(position: Position) -> int:
    """The zone a position is usually written in, Norway's and Svalbard's exceptions included."""
    zone = int((position.lon + 180) // 6) % 60 + 1
    lat, lon = position.lat, position.lon
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if 72 <= lat <= 84 and 0 <= lon < 42:
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37
    return zone


def band_range(letter: str) -> tuple[int, int]:
    """Lowest and highest latitude of a band."""
    low = -80 + 8 * BANDS.index(letter)
    return low, 84 if letter == "X" else low + 8


def _in_band(position: Position, letter: str) -> bool:
    low, high = band_range(letter)
    return low - _SLACK_DEG <= position.lat <= high + _SLACK_DEG


def _match(lower: str) -> re.Match[str] | None:
    plain = _NOISE.sub(" ", lower)
    return next((found for shape in _SHAPES if (found := shape.fullmatch(plain))), None)


def _there(said: str, position: Position | None, side: str) -> Position:
    if position is None:
        raise PositionError(
            f"{shown(said)}: the northing lies outside UTM on the {side} hemisphere; {HINT}"
        )
    return checked(said, lon=position.lon, lat=position.lat)


@lru_cache(maxsize=16)
def _proj(zone: int, south: bool) -> Proj:
    from pyproj import Proj

    return Proj(proj="utm", zone=zone, south=south, ellps="WGS84")


def _position(zone: int, easting: float, northing: float, *, south: bool) -> Position | None:
    """The point, or None where the northing leaves the hemisphere or UTM."""
    lon, lat = _proj(zone, south)(easting, northing, inverse=True)
    limits = (-80.5, 0.01) if south else (-0.01, 84.5)
    return Position(lon=lon, lat=lat) if limits[0] <= lat <= limits[1] else None
