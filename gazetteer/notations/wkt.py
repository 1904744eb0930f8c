"""Points as programs write them: WKT (OGC 06-103r4) and GeoJSON (RFC 7946).

Both put longitude first. A reference system other than EPSG:4326 is refused.
"""

from __future__ import annotations

import json
import re

from gazetteer.notations.plain import bad, checked
from gazetteer.position import Position

HINT = "write it as POINT(38.6178 33.5058) (longitude, latitude)"

_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?"
_CLAIM = re.compile(r"(?:srid\s*=\s*[0-9]+\s*;\s*)?point\b.*\(.*|\{.*", re.DOTALL)
_WKT = re.compile(
    rf"(?:srid\s*=\s*(?P<srid>[0-9]+)\s*;\s*)?point\s*(?:zm?|m)?\s*"
    rf"\(\s*(?P<lon>{_NUMBER})\s+(?P<lat>{_NUMBER})(?:\s+{_NUMBER}){{0,2}}\s*\)"
)


def claims(text: str) -> bool:
    """Whether the text begins as a WKT point or a JSON object does."""
    return _CLAIM.match(text.casefold()) is not None


def read(said: str) -> Position:
    """The position; ``uncertainty_m`` is None.

    Raises:
        PositionError: it is not one point, or not on WGS84.
    """
    if said.startswith("{"):
        return _geojson(said)
    found = _WKT.fullmatch(said.casefold())
    if found is None:
        raise bad(said, "it is not one WKT point", HINT)
    if found["srid"] not in (None, "4326"):
        raise bad(said, f"its reference system is {found['srid']}, not 4326 (WGS84)", HINT)
    return checked(said, lon=float(found["lon"]), lat=float(found["lat"]))


def _geojson(said: str) -> Position:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise bad(said, "it is not JSON", HINT) from error
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict) or found.get("type") != "Point":
        raise bad(said, "it is not a GeoJSON point", HINT)
    numbers = found.get("coordinates")
    if (
        not isinstance(numbers, list)
        or len(numbers) not in (2, 3)
        or not all(type(number) in (int, float) for number in numbers)
        or not all(abs(number) < 1e6 for number in numbers[:2])
    ):
        raise bad(said, "its coordinates are not two or three numbers", HINT)
    return checked(said, lon=float(numbers[0]), lat=float(numbers[1]))
