"""MGRS: a grid zone, a square of 100 km, and one to five digits each way.

The text names a square, not a point: the position is its middle and the uncertainty half its
diagonal. Conversion is that of GEOTRANS (NGA), through the library of the same name.
"""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Any

from gazetteer.notations.plain import bad, checked
from gazetteer.notations.utm import BANDS, band_range
from gazetteer.position import Position

HINT = "write it as 37S DT 12345 67890 (zone and band, square, easting, northing)"

_SQUARE_M = 100_000.0
_MOST_DIGITS = 5
_SHAPE = re.compile(
    r"(?P<zone>[0-9]{1,2})?\s*(?P<band>[a-z])\s*(?P<square>[a-z]{2})\s*(?P<digits>[0-9\s]*)"
)
_TOGETHER = re.compile(r"[0-9]{1,2}[A-Z]{3}|[ABYZ][A-Z]{2}[0-9]{2}")


def claims(text: str) -> bool:
    """Whether the text is a zone, three letters and digits; at the poles there is no zone.

    What could be a name counts only in capitals and in one piece: ``37SDT`` is a square, ``1 May``
    none; ``ZAB12`` is one, ``Zab 12`` none.
    """
    found = _SHAPE.fullmatch(text.casefold())
    if found is None:
        return False
    digits = sum(char.isdigit() for char in found["digits"])
    if found["zone"] is None and found["band"] not in "abyz":
        return False
    least = 2 if found["zone"] is not None else 4
    return digits >= least or _TOGETHER.fullmatch(text) is not None


def read(said: str) -> Position:
    """The middle of the square, with half its diagonal as ``uncertainty_m``.

    Raises:
        PositionError: no such zone, band or square, or uneven digits.
    """
    found = _SHAPE.fullmatch(said.casefold())
    if found is None:
        raise bad(said, "it is not a zone, three letters and digits", HINT)
    zone, band, square = found["zone"], found["band"].upper(), found["square"].upper()
    groups = found["digits"].split()
    digits = "".join(groups)
    half = len(digits) // 2
    if len(digits) % 2 or (len(groups) == 2 and len(groups[0]) != half) or len(groups) > 2:
        raise bad(said, "easting and northing need the same number of digits", HINT)
    if half > _MOST_DIGITS:
        raise bad(said, f"{half} digits each way are more than {_MOST_DIGITS}", HINT)
    if zone is not None and not 1 <= int(zone) <= 60:
        raise bad(said, f"zone {int(zone)} is out of range, must be 1 to 60", HINT)
    if band not in (BANDS if zone is not None else "ABYZ"):
        raise bad(said, f"{band} is no latitude band (C to X without I and O)", HINT)
    lat, lon = _middle(said, f"{zone or ''}{band}{square}", digits[:half], digits[half:])
    if zone is not None:
        low, high = band_range(band)
        # A square may reach over the edge of its band; its middle is at most half of it away.
        reach = _SQUARE_M / 10**half / 111_000.0
        if not low - reach - 0.01 <= lat <= high + reach + 0.01:
            raise _wrong_band(said, band)
    uncertainty_m = _SQUARE_M / 10**half / 2**0.5
    return checked(said, lon=lon, lat=lat, uncertainty_m=uncertainty_m)


def write(position: Position) -> str:
    """``37SDT6449907431``: the square of 1 m that holds the position."""
    # To a centimetre: of a point less than that south of the equator the library makes a name
    # that it cannot read itself.
    lat = round(position.lat, 7) + 0.0
    return str(_converter().toMGRS(lat, position.lon, MGRSPrecision=_MOST_DIGITS))


def _middle(said: str, square: str, east: str, north: str) -> tuple[float, float]:
    from mgrs.core import MGRSError

    # The middle in full digits, as versions of the library differ in which corner they mean.
    east, north = (
        (part + "5").ljust(_MOST_DIGITS, "0")[:_MOST_DIGITS] if len(part) < _MOST_DIGITS else part
        for part in (east, north)
    )
    try:
        with warnings.catch_warnings():
            # It only warns of a latitude outside the band, and answers with another place.
            warnings.simplefilter("error")
            lat, lon = _converter().toLatLon(square + east + north)
    except RuntimeWarning as error:
        raise _wrong_band(said, square.lstrip("0123456789")[0]) from error
    except (MGRSError, ValueError) as error:
        raise bad(said, f"there is no square {square[-2:]} in zone {square[:-2]}", HINT) from error
    return float(lat), float(lon)


def _wrong_band(said: str, band: str) -> Exception:
    return bad(said, f"its square does not lie in band {band}; one of the letters is wrong", HINT)


@cache
def _converter() -> Any:
    import mgrs

    return mgrs.MGRS()
