"""One point on WGS84, and reading and writing it as people do.

In text latitude comes first, as on maps and in article captions; in code longitude and latitude are
always named.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from gazetteer.errors import PositionError

MAX_TEXT = 120
"""Longest text that ``parse_position`` looks at, in characters; every known notation is shorter."""

_HINT = "write it as 33.5058, 38.6178 (latitude, longitude) or 33°30'21\"N 38°37'04\"E"


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


_TO_PLAIN = str.maketrans(
    {
        **dict.fromkeys("′‵ʹʼ’‘´`‛", "'"),
        **dict.fromkeys("″‶ʺ”“‟〃", '"'),
        **dict.fromkeys("º˚∘", "°"),
        **dict.fromkeys("−–—‒﹣", "-"),
        **dict.fromkeys("،，", ","),
        "؛": ";",
        "٫": ".",
        **dict.fromkeys("()[]", " "),
    }
)
_WORDS = {
    **dict.fromkeys(("lat", "latitude"), ("axis", "lat")),
    **dict.fromkeys(("lon", "lng", "long", "longitude"), ("axis", "lon")),
    **{word: ("letter", letter) for word, letter in zip("nsew", "NSEW", strict=True)},
    **{word: ("letter", word[0].upper()) for word in ("north", "south", "east", "west")},
    **dict.fromkeys(("deg", "degree", "degrees"), ("mark", "°")),
    **dict.fromkeys(("min", "minute", "minutes"), ("mark", "'")),
    **dict.fromkeys(("sec", "second", "seconds"), ("mark", '"')),
}
_TOKEN = re.compile(
    r"(?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)|(?P<mark>''|[°'\":])|(?P<comma>[,;/])"
    r"|(?P<word>[a-z]+)(?P<after>[.:=]?)|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
_MARK_RANK = {"°": 0, "'": 1, '"': 2}
_Token = tuple[str, str]


def parse_position(text: str) -> Position:
    """The position a text states, with ``uncertainty_m`` None.

    Takes decimal degrees (``33.5, 38.6`` is latitude, longitude; ``38.6E 33.5N`` says so itself),
    degrees and decimal minutes (``N33°30.35'``) and degrees, minutes, seconds with whatever primes
    and quotes were pasted. A number without a hemisphere letter may carry a sign; one with a letter
    may not.

    Raises:
        PositionError: the text is not one whole position, or says something contradictory.
    """
    if len(text) > MAX_TEXT:
        raise PositionError(
            f"a text of {len(text)} characters is no position (limit {MAX_TEXT}); {_HINT}"
        )
    said = text.strip()
    if not said:
        raise PositionError(f"the position is empty; {_HINT}")
    first, second = _halves(_tokens(said), said)
    (axis_a, value_a), (axis_b, value_b) = _coordinate(first, said), _coordinate(second, said)
    if axis_a is not None and axis_a == axis_b:
        raise _bad(said, f"it gives two values for {axis_a}")
    lon_first = axis_a == "lon" or axis_b == "lat"
    lat, lon = (value_b, value_a) if lon_first else (value_a, value_b)
    try:
        return Position(lon=lon, lat=lat)
    except PositionError as error:
        raise PositionError(f"{said!r}: {error}") from error


def _bad(said: str, why: str) -> PositionError:
    return PositionError(f"{said!r} is not a position: {why}; {_HINT}")


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(char)) if not char.isascii() and char.isdecimal() else char
        for char in text
    )


def _tokens(said: str) -> list[_Token]:
    """Split into numbers, unit marks, hemisphere letters, axis labels and separators."""
    plain = _ascii_digits(said.translate(_TO_PLAIN)).casefold()
    if plain.count(";") == 1:
        # With a semicolon between the halves a comma can only be a decimal comma.
        plain = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", plain)
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(plain):
        what, value = match.lastgroup, match.group()
        if match["word"] is not None:
            kind = _WORDS.get(match["word"])
            if kind is None:
                raise _bad(said, f"{match['word']!r} has no meaning in one")
            tokens.append(kind)
        elif what == "number":
            tokens.append(("number", value))
        elif what == "mark":
            tokens.append(("mark", {"''": '"', ":": ":"}.get(value, value)))
        elif what == "comma":
            tokens.append(("comma", value))
        elif what == "other":
            raise _bad(said, f"the character {value!r} has no meaning in one")
    return tokens


def _halves(tokens: list[_Token], said: str) -> tuple[list[_Token], list[_Token]]:
    """The tokens of the two coordinates."""
    commas = [i for i, (what, _) in enumerate(tokens) if what == "comma"]
    if len(commas) > 1:
        raise _bad(said, "it has more than one separator (decimals take a point)")
    if commas:
        return tokens[: commas[0]], tokens[commas[0] + 1 :]
    for what in ("axis", "letter"):
        places = [i for i, token in enumerate(tokens) if token[0] == what]
        if len(places) == 2:
            cut = places[1] if places[0] == 0 else places[0] + 1
            return tokens[:cut], tokens[cut:]
    numbers = [i for i, (what, _) in enumerate(tokens) if what == "number"]
    if len(numbers) not in (2, 4, 6):
        raise _bad(said, "it does not hold two coordinates")
    cut = numbers[len(numbers) // 2]
    return tokens[:cut], tokens[cut:]


def _coordinate(tokens: list[_Token], said: str) -> tuple[Literal["lat", "lon"] | None, float]:
    """Axis (None when the text leaves it to the order) and signed degrees of one half."""
    labels = [value for what, value in tokens if what == "axis"]
    letters = [value for what, value in tokens if what == "letter"]
    at_edge = not letters or tokens[0][0] == "letter" or tokens[-1][0] == "letter"
    at_edge = at_edge or (bool(labels) and len(tokens) > 1 and tokens[1][0] == "letter")
    if len(labels) > 1 or len(letters) > 1 or not at_edge:
        raise _bad(said, "its hemisphere letters are not one to a coordinate")
    if labels and tokens[0][0] != "axis":
        raise _bad(said, f"the label {labels[0]!r} does not stand before its number")
    numbers = _numbers(tokens, said)
    if letters and numbers[0][0] in "+-":
        raise _bad(said, f"{numbers[0]} has a sign and the letter {letters[0]}; keep one of them")
    degrees = _degrees(numbers, said)
    axis: Literal["lat", "lon"] | None = None
    if letters:
        axis = "lat" if letters[0] in "NS" else "lon"
        degrees = -degrees if letters[0] in "SW" else degrees
    if labels:
        labelled: Literal["lat", "lon"] = "lat" if labels[0] == "lat" else "lon"
        if axis not in (None, labelled):
            raise _bad(said, f"the label {labels[0]!r} and the letter {letters[0]} disagree")
        axis = labelled
    return axis, degrees


def _numbers(tokens: list[_Token], said: str) -> list[str]:
    """The one to three numbers of a half, each mark checked against its place."""
    numbers: list[str] = []
    marked = False
    for what, value in tokens:
        if what == "number":
            if numbers and value[0] in "+-":
                raise _bad(said, f"{value} has a sign but is no degree number")
            numbers.append(value)
            marked = False
        elif what == "mark":
            if not numbers or marked:
                raise _bad(said, f"the mark {value} follows no number")
            if value != ":" and _MARK_RANK[value] != len(numbers) - 1:
                raise _bad(said, f"the mark {value} follows the wrong number")
            marked = True
    if tokens and tokens[-1] == ("mark", ":"):
        raise _bad(said, "it ends in a colon")
    if not 1 <= len(numbers) <= 3:
        raise _bad(said, "a coordinate needs one to three numbers")
    return numbers


def _degrees(numbers: list[str], said: str) -> float:
    if any("." in number for number in numbers[:-1]):
        raise _bad(said, "only the last number of a coordinate may have decimals")
    parts = [abs(float(number)) for number in numbers]
    for unit, number, value in zip(("minutes", "seconds"), numbers[1:], parts[1:], strict=False):
        if value >= 60:
            raise _bad(said, f"{number} {unit} is out of range, must be below 60")
    degrees = sum(part / 60.0**power for power, part in enumerate(parts))
    return -degrees if numbers[0].startswith("-") else degrees


def format_position(position: Position, style: Literal["decimal", "dms"] = "decimal") -> str:
    """Latitude, then longitude: ``33.505833, 38.617778`` or ``33°30'21.0"N 38°37'04.0"E``.

    Decimal degrees have six places (0.11 m), seconds one (3.1 m).
    """
    if style == "decimal":
        # Adding zero turns -0.0 into 0.0.
        return f"{round(position.lat, 6) + 0.0:.6f}, {round(position.lon, 6) + 0.0:.6f}"
    return f"{_dms(position.lat, 'NS')} {_dms(position.lon, 'EW')}"


def _dms(degrees: float, letters: str) -> str:
    # Rounding once, as a whole number of tenths, keeps 59.96" from printing as 60.0".
    tenths = round(abs(degrees) * 36000)
    whole, rest = divmod(tenths, 36000)
    minutes, seconds = divmod(rest, 600)
    letter = letters[1] if degrees < 0 and tenths else letters[0]
    return f"{whole}°{minutes:02d}'{seconds / 10:04.1f}\"{letter}"
