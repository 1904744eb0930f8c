"""A position in XMP notation, with the uncertainty that its digits leave.

XMP writes an angle as "33,30,21N" or "33,30.3512N" (CIPA DC-010, GPSCoordinate); programs also
write plain decimals, which is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from gazetteer.position import Position

LEAST_UNCERTAINTY_M = 5.0
"""What a telephone or camera reaches under open sky: fewer metres are not believed of digits."""

_METRES_PER_DEGREE = 111_132.0
_MOST_UNCERTAINTY_M = 1_000_000.0
# Datums lie up to several hundred metres apart (EPSG: Tokyo about 450 m, others up to 1 km).
_OTHER_DATUM_M = 1_000.0
_WGS84 = re.compile(r"WGS[ _-]*(19)?84.*", re.IGNORECASE)
_ANGLE = re.compile(
    r"(?P<deg>\d{1,3})\s*,\s*(?P<min>\d{1,2})"
    r"(?:(?P<dmin>\.\d{1,12})|\s*,\s*(?P<sec>\d{1,2})(?P<dsec>\.\d{1,9})?)?\s*(?P<letter>[NSEW])",
    re.ASCII,
)
_DECIMAL = re.compile(
    r"(?P<sign>[+-]?)(?P<deg>\d{1,3})(?P<ddeg>\.\d{1,15})?\s*(?P<letter>[NSEW]?)", re.ASCII
)


class _UnusableError(ValueError):
    """A value that cannot be used; the message says why."""


def read_position(
    values: Mapping[str, Sequence[str]],
) -> tuple[Position | None, tuple[str, ...]]:
    """The position that the GPS properties of a packet give, and what is wrong with them.

    Args:
        values: every value of "GPSLatitude", "GPSLongitude", their "...Ref", "GPSMapDatum" and
            "GPSHPositioningError" in the packet.
    """
    try:
        return _position(values)
    except _UnusableError as error:
        return None, (str(error),)


def _position(
    values: Mapping[str, Sequence[str]],
) -> tuple[Position | None, tuple[str, ...]]:
    lat_text, lon_text = _only(values, "GPSLatitude"), _only(values, "GPSLongitude")
    if lat_text is None and lon_text is None:
        return None, ()
    if lat_text is None or lon_text is None:
        there, missing = (
            ("latitude", "longitude") if lon_text is None else ("longitude", "latitude")
        )
        raise _UnusableError(f"XMP gives a GPS {there} without a {missing}")
    lat, lat_unit, lat_bare = _angle(
        lat_text, "NS", limit=90, reference=_only(values, "GPSLatitudeRef")
    )
    lon, lon_unit, lon_bare = _angle(
        lon_text, "EW", limit=180, reference=_only(values, "GPSLongitudeRef")
    )
    if lat == 0 and lon == 0:
        raise _UnusableError("XMP position is exactly 0, 0, which programs write without a fix")
    problems = []
    if lat_bare and lon_bare:
        problems.append(
            "XMP position has neither letters nor signs, taken for north and east as decimals are"
        )
    unit_m = _METRES_PER_DEGREE * math.hypot(lat_unit, lon_unit * math.cos(math.radians(lat)))
    stated_m = _stated_error_m(values)
    uncertainty_m = stated_m if stated_m is not None else max(unit_m, LEAST_UNCERTAINTY_M)
    datum = _only(values, "GPSMapDatum")
    if datum is not None and not _WGS84.fullmatch(datum):
        uncertainty_m += _OTHER_DATUM_M
        problems.append(f"XMP position is on the datum {datum[:40]!r}, not WGS 84: 1 km added")
    return Position(lon=lon, lat=lat, uncertainty_m=uncertainty_m), tuple(problems)


def _only(values: Mapping[str, Sequence[str]], name: str) -> str | None:
    """The one value of a property."""
    found = {text.strip() for text in values.get(name, ()) if text.strip()}
    if len(found) > 1:
        both = " and ".join(repr(text[:30]) for text in sorted(found)[:2])
        raise _UnusableError(f"XMP gives {name} more than once: {both}")
    return next(iter(found), None)


def _angle(
    text: str, letters: str, *, limit: int, reference: str | None
) -> tuple[float, float, bool]:
    """Signed degrees, the last unit in degrees, and whether no letter or sign was given."""
    found = _ANGLE.fullmatch(text)
    if found:
        minutes, seconds = float(found["min"] + (found["dmin"] or "")), 0.0
        unit = 1 / 60 / 10 ** _digits(found["dmin"])
        if found["sec"]:
            seconds = float(found["sec"] + (found["dsec"] or ""))
            unit = 1 / 3600 / 10 ** _digits(found["dsec"])
        if minutes >= 60 or seconds >= 60:
            raise _UnusableError(f"XMP position has 60 or more of a part: {text[:40]!r}")
        value, sign, letter = int(found["deg"]) + minutes / 60 + seconds / 3600, "", found["letter"]
    else:
        found = _DECIMAL.fullmatch(text)
        if not found:
            raise _UnusableError(f"XMP position is not an angle: {text[:40]!r}")
        value = float(found["deg"] + (found["ddeg"] or ""))
        unit, sign, letter = 1 / 10 ** _digits(found["ddeg"]), found["sign"], found["letter"]
    letter = letter or (reference or "")[:1].upper()
    if (letter and letter not in letters) or (letter and sign):
        raise _UnusableError(f"XMP position has the wrong hemisphere letter or sign: {text[:40]!r}")
    if value > limit:
        raise _UnusableError(f"XMP position is {value:g} degrees, more than {limit}")
    south_or_west = sign == "-" or letter in ("S", "W")
    return (-value if south_or_west else value), unit, not letter and not sign


def _digits(fraction: str | None) -> int:
    return len(fraction) - 1 if fraction else 0


def _stated_error_m(values: Mapping[str, Sequence[str]]) -> float | None:
    """GPSHPositioningError: metres, as a decimal or a fraction; what is neither is not used."""
    for text in values.get("GPSHPositioningError", ()):
        found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)(?:/(\d{1,9}))?", text.strip(), re.ASCII)
        if found and int(found[2] or 1):
            metres = float(found[1]) / int(found[2] or 1)
            if 0 < metres <= _MOST_UNCERTAINTY_M:
                return metres
    return None
