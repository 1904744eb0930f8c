"""``geo:`` URIs (RFC 5870): ``geo:33.5,38.6;u=40``.

Latitude comes first. ``crs`` may only be wgs84, ``u`` is the uncertainty in metres, an altitude is
left out. At a pole the longitude means nothing and becomes 0, as the RFC has it (3.4.2). Phones put
the point into a query where they have a label for it (``geo:0,0?q=33.5,38.6(Base)``), which the RFC
does not know; that is read too.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from gazetteer.notations.plain import bad, checked
from gazetteer.position import Position

HINT = "write it as geo:33.5058,38.6178 (latitude, longitude)"

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})(?:,{_NUMBER})?")
_QUERY_POINT = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*(?:\(.*\))?\s*", re.DOTALL)
_UNCERTAINTY = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def claims(text: str) -> bool:
    """Whether the text has the scheme ``geo``."""
    return text[:4].casefold() == "geo:"


def read(said: str) -> Position:
    """The position, ``uncertainty_m`` from ``u`` or None.

    Raises:
        PositionError: it is not formed as the RFC has it, or of another reference system.
    """
    body, _, query = said[4:].partition("?")
    path, *parameters = body.split(";")
    point = _POINT.fullmatch(path.strip())
    if point is None:
        raise bad(said, "after geo: it needs a latitude and a longitude", HINT)
    uncertainty_m = _parameters(said, parameters)
    lat, lon = float(point[1]), float(point[2])
    if query:
        return _of_query(said, query, lat, lon, uncertainty_m)
    return checked(said, lon=0.0 if abs(lat) == 90 else lon, lat=lat, uncertainty_m=uncertainty_m)


def write(position: Position) -> str:
    """``geo:33.505833,38.617778``, with ``;u=`` where the uncertainty is known."""
    lat, lon = round(position.lat, 6) + 0.0, round(position.lon, 6) + 0.0
    uncertainty_m = position.uncertainty_m
    # No exponent: the RFC's numbers have none.
    said = "" if uncertainty_m is None else f";u={uncertainty_m:.3f}".rstrip("0").rstrip(".")
    return f"geo:{lat:.6f},{lon:.6f}{said}"


def _parameters(said: str, parameters: list[str]) -> float | None:
    found: dict[str, str] = {}
    for parameter in parameters:
        name, _, value = parameter.strip().casefold().partition("=")
        if name in found:
            raise bad(said, f"it gives {name} twice", HINT)
        found[name] = unquote_plus(value)
    crs = found.get("crs", "wgs84")
    if crs != "wgs84":
        raise bad(said, f"its reference system is {crs[:20]!r}, not wgs84", HINT)
    if "u" not in found:
        return None
    if not _UNCERTAINTY.fullmatch(found["u"]):
        raise bad(said, f"its uncertainty u={found['u'][:20]!r} is no length in metres", HINT)
    return float(found["u"])


def _of_query(
    said: str, query: str, lat: float, lon: float, uncertainty_m: float | None
) -> Position:
    """The point of a phone's query; a name in it leaves the point before it, unless that is 0,0."""
    for field in query.split("&"):
        name, _, value = field.partition("=")
        point = _QUERY_POINT.fullmatch(unquote_plus(value)) if name.casefold() == "q" else None
        if point is not None:
            return checked(said, lat=float(point[1]), lon=float(point[2]))
    if lat == 0 and lon == 0:
        raise bad(said, "it names a place and holds no coordinates", HINT)
    return checked(said, lon=lon, lat=lat, uncertainty_m=uncertainty_m)
