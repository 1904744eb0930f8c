"""Text as it was pasted, made plain, and how it is refused."""

from __future__ import annotations

import unicodedata

from gazetteer.errors import PositionError
from gazetteer.position import Position

HINT = "write it as 33.5058, 38.6178 (latitude, longitude) or 33°30'21\"N 38°37'04\"E"

_SHOWN = 80


def plain(text: str) -> str:
    """Without invisible characters (bidi marks, zero width), with ASCII digits and plain spaces.

    Pages wrap numbers in direction marks, and Arabic and Indian ones write them in their own
    digits; none of that changes what is said.
    """
    return "".join(map(_plain, text)).strip()


def _plain(char: str) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Cc"}:
        return ""
    return str(unicodedata.digit(char)) if char.isdecimal() else char


def shown(said: str) -> str:
    """A pasted text for a message: quoted, shortened."""
    return repr(said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…")


def bad(said: str, why: str, remedy: str = HINT) -> PositionError:
    """The error for a text that is no position, or none that can be used."""
    return PositionError(f"{shown(said)} is not a position: {why}; {remedy}")


def checked(said: str, *, lon: float, lat: float, uncertainty_m: float | None = None) -> Position:
    """A position whose error message names the text it came from.

    Raises:
        PositionError: a coordinate is out of range.
    """
    try:
        return Position(lon=lon, lat=lat, uncertainty_m=uncertainty_m)
    except PositionError as error:
        raise PositionError(f"{shown(said)}: {error}") from error


def two_readings(
    said: str, first: tuple[str, Position], second: tuple[str, Position], remedy: str
) -> PositionError:
    """The error for a text that means two places: both, each with its reason, and what to write."""
    (why_first, a), (why_second, b) = first, second
    return PositionError(
        f"{shown(said)} has two readings: {_numbers(a)} ({why_first}) or {_numbers(b)} "
        f"({why_second}); {remedy}"
    )


def _numbers(position: Position) -> str:
    return f"lat {position.lat:.6g}, lon {position.lon:.6g}"
