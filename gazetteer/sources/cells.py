"""Cells of foreign tables as values: coordinates in whatever form they were typed.

A number that is no coordinate gets a reason that helps: ``4239.00416`` is 42 degrees and 39.00416
minutes without the gap, not a latitude out of range.
"""

from __future__ import annotations

import math
import re
from typing import Literal

from gazetteer.errors import PositionError
from gazetteer.position import parse_position

Axis = Literal["lat", "lon"]

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_MINUS = str.maketrans("−–‒", "---")
_LIMITS = {"lat": 90.0, "lon": 180.0}
_WORDS = {"lat": "latitude", "lon": "longitude"}
_LONGEST = 60


class CellError(ValueError):
    """Why a cell is no value, in words."""


def number(text: str) -> float:
    """A finite number with a decimal point or a decimal comma.

    Raises:
        CellError: it is none.
    """
    plain = text.strip().translate(_MINUS)
    if len(plain) <= _LONGEST and plain.isascii():
        if _COMMA.fullmatch(plain):
            plain = plain.replace(",", ".")
        if _NUMBER.fullmatch(plain):
            value = float(plain)
            if math.isfinite(value):
                return value
    raise CellError(f"{text[:_LONGEST]!r} is not a number")


def degrees(text: str, axis: Axis) -> float:
    """One coordinate in degrees: decimal, or with minutes and seconds and a letter.

    Raises:
        CellError: it is none, or out of range; the message says what it looks like.
    """
    try:
        value = number(text)
    except CellError:
        value = _sexagesimal(text, axis)
    if abs(value) > _LIMITS[axis]:
        raise CellError(_out_of_range(text, value, axis))
    return value


def coordinate_problem(lat: str, lon: str) -> str:
    """Why two cells are no latitude and longitude; "" if they are."""
    for text, axis in ((lat, "lat"), (lon, "lon")):
        try:
            value = number(text)
        except CellError as error:
            return f"{_WORDS[axis]} {error}" if text.strip() else f"it has no {_WORDS[axis]}"
        if abs(value) > _LIMITS[axis]:
            return _out_of_range(text, value, "lat" if axis == "lat" else "lon")
    return ""


def _out_of_range(text: str, value: float, axis: Axis) -> str:
    limit = _LIMITS[axis]
    said = f"{_WORDS[axis]} {text.strip()[:_LONGEST]} is outside -{limit:.0f} to {limit:.0f}"
    if guess := looks_packed(value, axis):
        return f"{said}; it looks like {guess} without the point"
    if axis == "lat" and abs(value) <= 180:
        return f"{said}; latitude and longitude look swapped"
    if abs(value) >= 100_000:
        return f"{said}; it looks like metres of a projection or like degrees without their point"
    return said


def looks_packed(value: float, axis: Axis) -> str | None:
    """How to read DDMM.mmm (as from a GPS receiver) or DDMMSS; None where it cannot be either."""
    size, limit = abs(value), _LIMITS[axis]
    whole, minutes = divmod(size, 100)
    if size <= 180:
        return None
    if limit < size and whole <= limit and minutes < 60:
        return f"degrees and minutes, {whole:.0f}° {minutes:.5f}'"
    rest, seconds = divmod(size, 100)
    whole, minutes = divmod(rest, 100)
    if size >= 10_000 and whole <= limit and minutes < 60 and seconds < 60:
        return f"degrees, minutes and seconds, {whole:.0f}° {minutes:.0f}' {seconds:.2f}\""
    return None


def _sexagesimal(text: str, axis: Axis) -> float:
    plain = text.strip()
    if not plain:
        raise CellError(f"it has no {_WORDS[axis]}")
    other = "0°E" if axis == "lat" else "0°N"
    pair = f"{plain}, {other}" if axis == "lat" else f"{other}, {plain}"
    letters = "NS" if axis == "lat" else "EW"
    if len(plain) <= _LONGEST:
        if not any(letter in plain.upper() for letter in letters):
            # The letter that the column's name stands for; a sign is kept apart from it.
            negative = plain.startswith(("-", "−"))
            plain = plain.lstrip("+-−") + letters[1 if negative else 0]
            pair = f"{plain}, {other}" if axis == "lat" else f"{other}, {plain}"
        try:
            found = parse_position(pair)
        except PositionError as error:
            raise CellError(f"{_WORDS[axis]} {text[:_LONGEST]!r} cannot be read") from error
        return found.lat if axis == "lat" else found.lon
    raise CellError(f"{_WORDS[axis]} {text[:_LONGEST]!r} cannot be read")
