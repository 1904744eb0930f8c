"""One point on WGS84, and reading and writing it as people do.

In text latitude comes first, as on maps and in article captions; in code longitude and latitude are
always named. The notations themselves stand in ``notations``, one file each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from gazetteer.errors import PositionError

MAX_TEXT = 300
"""Longest text other than a link that ``parse_position`` looks at, in characters; every known
notation is shorter."""

MAX_LINK = 4_000
"""Longest link it looks at, in characters."""

Notation = Literal["decimal", "dms", "ddm", "utm", "mgrs", "geo", "plus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point on the WGS84 ellipsoid.

    Attributes:
        lon: degrees east, -180 to 180.
        lat: degrees north, -90 to 90.
        uncertainty_m: radius in metres within which the true point is held to lie; None where the
            source does not say, which is not the same as 0.

    Raises:
        PositionError: a coordinate is not finite or out of range, or the uncertainty is negative.
    """

    lon: float
    lat: float
    uncertainty_m: float | None = None

    def __post_init__(self) -> None:
        swapped = ""
        if abs(self.lat) > 90 and abs(self.lat) <= 180 and abs(self.lon) <= 90:
            swapped = "; latitude and longitude look swapped"
        for axis, value, limit in (("latitude", self.lat, 90), ("longitude", self.lon, 180)):
            if not math.isfinite(value):
                raise PositionError(f"{axis} {value} is not a finite number; give it in degrees")
            if abs(value) > limit:
                raise PositionError(
                    f"{axis} {value:g} is out of range, must be -{limit} to {limit} degrees"
                    + swapped
                )
        radius_m = self.uncertainty_m
        if radius_m is not None and not (math.isfinite(radius_m) and radius_m >= 0):
            raise PositionError(
                f"uncertainty {radius_m} m is not a radius; give 0 or more metres, or None"
            )

    def __str__(self) -> str:
        return format_position(self)


def parse_position(text: str) -> Position:
    """The position a text states, in any notation people paste.

    ============  ================================================================================
    decimal       ``33.5, 38.6`` is latitude, longitude; ``38.6E 33.5N`` says so itself; decimal
                  commas (``33,5 N; 38,6 E``) where nothing else can be meant
    minutes       ``N33°30.35' E38°37.07'``; ``33°30'21"N 38°37'04"E``, with whatever primes and
                  quotes were pasted
    UTM           ``37R 650000 3500000``, ``37 north 650000mE 3500000mN``: easting, northing
    MGRS          ``37S DT 12345 67890``, from one digit each to five
    Plus Codes    ``8G5GHG4F+8X``, full ones
    geo: URI      ``geo:33.5,38.6;u=40`` (RFC 5870), altitude left out
    WKT, GeoJSON  ``POINT(38.6 33.5)``: longitude first, as both standards have it
    links         Google Maps and Earth, OpenStreetMap, Bing, Apple, Yandex, Wikimapia, EO Browser,
                  Copernicus Browser, satellites.pro, Zoom Earth, SunCalc; see ``notations.links``
    ============  ================================================================================

    Order: a bare pair of numbers is latitude, longitude, as this toolkit itself prints it. Where a
    text can mean two places the error shows both: a first number above 90, one letter that
    contradicts the usual order (``33.5, 38.6 N``), commas that may be decimal or not
    (``33,5,38,6``), a UTM zone with S, which is a latitude band in the north as well as the
    southern hemisphere. A number without a hemisphere letter may carry a sign; one with a letter
    may not.

    In a link a pin goes before the centre of the view: the pin is what somebody meant, the centre
    only what stood in the middle of the screen, which may be far off the subject.

    ``uncertainty_m`` is the ``u`` of a geo: URI, and half the diagonal of an MGRS square or of a
    Plus Code's cell; everywhere else None, as nothing says it.

    Raises:
        PositionError: the text is not one whole position, contradicts itself, can mean two, or
            needs the network to be understood (shortened links, what3words).
    """
    from gazetteer.notations.registry import read

    return read(text)


def looks_like_position(text: str) -> bool:
    """Whether a text has the form of a notation, rightly filled or not.

    Tells a mistyped position, whose error is worth showing, from a name to be looked up.
    """
    from gazetteer.notations.registry import claims

    return claims(text)


def format_position(position: Position, notation: Notation = "decimal") -> str:
    """The position in a notation; ``parse_position`` reads all of them back.

    =========  =====================================  =================
    decimal    ``33.505833, 38.617778`` (lat, lon)    to 0.11 m
    dms        ``33°30'21.0"N 38°37'04.0"E``          to 3.1 m
    ddm        ``33°30.3500'N 38°37.0667'E``          to 0.19 m
    utm        ``37 north 464499mE 3707431mN``        to 1 m
    mgrs       ``37SDT6449907431``                    a square of 1 m
    geo        ``geo:33.505833,38.617778``            to 0.11 m
    plus       ``8G5WGJ49+84``                        a cell of about 14 m
    =========  =====================================  =================

    Raises:
        PositionError: UTM was asked for beyond 84 degrees north or 80 degrees south.
    """
    from gazetteer.notations.registry import write

    return write(position, notation)
