"""GPSMapDatum: what the coordinates of a photo are measured in, and from there to WGS84.

Receivers speak WGS84; some cameras let their owner choose another. Names are what EXIF writers put
(CIPA DC-008 names only "WGS-84" and "TOKYO"); codes are EPSG's.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from gazetteer.position import Position

_WGS84 = {"WGS84", "WGS1984", "WORLDGEODETICSYSTEM1984"}
# Within two metres of WGS84 everywhere they are used.
_LIKE_WGS84 = {"NAD83", "ETRS89", "JGD2000", "JGD2011", "GDA94", "CGCS2000", "SIRGAS2000", "GRS80"}
_LIKE_WGS84_M = 2.0
# Name: EPSG code, and how well three or seven parameters reach WGS84 (EPSG's accuracies, metres).
_SHIFTED = {
    "TOKYO": (4301, 30.0),
    "ED50": (4230, 25.0),
    "EUROPEAN1950": (4230, 25.0),
    "NAD27": (4267, 30.0),
    "OSGB36": (4277, 25.0),
    "PULKOVO1942": (4284, 15.0),
}
_UNKNOWN_M = 500.0


def named_wgs84(datum: str) -> bool:
    """Whether the name is one of WGS84's."""
    return _key(datum) in _WGS84


def to_wgs84(position: Position, datum: str) -> tuple[Position, str | None]:
    """The position on WGS84, its uncertainty enlarged by the change, and what was done in words.

    A datum not known here leaves the position where it is and adds 500 m to its uncertainty: no
    national datum lies much further from WGS84 in most of its country.
    """
    key = _key(datum)
    if key in _WGS84:
        return position, None
    if key in _LIKE_WGS84:
        return _wider(position, _LIKE_WGS84_M), None
    shown = datum[:40]
    if key not in _SHIFTED:
        said = f"GPSMapDatum {shown!r} is not known here; the position may be some 500 m off"
        return _wider(position, _UNKNOWN_M), said
    from pyproj import Transformer

    code, accuracy_m = _SHIFTED[key]
    lon, lat = Transformer.from_crs(code, 4326, always_xy=True).transform(
        position.lon, position.lat
    )
    if not (math.isfinite(lon) and math.isfinite(lat)):
        said = f"GPSMapDatum {shown!r} could not be brought to WGS84; it may be some 500 m off"
        return _wider(position, _UNKNOWN_M), said
    moved = Position(lon=lon, lat=lat, uncertainty_m=position.uncertainty_m)
    return _wider(moved, accuracy_m), f"the position was brought from {shown!r} to WGS84"


def _wider(position: Position, by_m: float) -> Position:
    return replace(position, uncertainty_m=math.hypot(position.uncertainty_m or 0.0, by_m))


def _key(datum: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", datum.upper())
