"""Plus Codes (Open Location Code): letters and digits with a plus sign in them.

A full code names a cell; the position is its centre and the uncertainty half its diagonal. A short
code is one only together with a town that stands beside it, which a gazetteer may place elsewhere.
"""

from __future__ import annotations

import re

from gazetteer.notations.plain import bad, checked
from gazetteer.position import Position

HINT = "give the full code, such as 8G5WGJ49+84"

# Its alphabet leaves out letters that are easily confused; 0 only fills up.
_ALPHABET = "23456789cfghjmpqrvwx"
_NORTHERNMOST = 90.0 - 1 / 8_000 / 2
"""Middle of the northernmost row of cells of ten digits, which are an eight-thousandth high."""
_SHAPE = re.compile(
    rf"(?P<code>[0{_ALPHABET}]{{2,8}}\+[{_ALPHABET}]{{0,15}})(?P<rest>(?:[\s,].*)?)"
)


def claims(text: str) -> bool:
    """Whether the text begins with a Plus Code, full or short."""
    found = _SHAPE.fullmatch(text.casefold())
    return found is not None and (not found["rest"] or found["code"][-1] != "+")


def read(said: str) -> Position:
    """The centre of the code's cell, with half its diagonal as ``uncertainty_m``.

    Raises:
        PositionError: the code is short or no code, or something follows it.
    """
    from openlocationcode import openlocationcode

    from gazetteer.geodesy import distance_m

    found = _SHAPE.fullmatch(said.casefold())
    code = found["code"].upper() if found else ""
    if not openlocationcode.isValid(code):
        raise bad(said, "it is no Plus Code", HINT)
    if not openlocationcode.isFull(code):
        raise bad(said, "a short Plus Code needs a reference town to be understood", HINT)
    if found is not None and found["rest"].strip():
        raise bad(said, f"something follows the code {code}", HINT)
    cell = openlocationcode.decode(code)
    corner = checked(said, lon=cell.longitudeLo, lat=cell.latitudeLo)
    corners = (corner, checked(said, lon=cell.longitudeLo, lat=min(cell.latitudeHi, 90.0)))
    centre = checked(said, lon=cell.longitudeCenter, lat=cell.latitudeCenter)
    return checked(
        said,
        lon=centre.lon,
        lat=centre.lat,
        uncertainty_m=max(distance_m(centre, each) for each in corners),
    )


def write(position: Position) -> str:
    """``8G5WGJ49+84``: ten digits, a cell of about 14 m."""
    from openlocationcode import openlocationcode

    # The cells end at the pole: a point a hair below would be rounded into one that is not there.
    return str(openlocationcode.encode(min(position.lat, _NORTHERNMOST), position.lon))
