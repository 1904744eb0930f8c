"""Degrees: decimal, with minutes, or with minutes and seconds, in whatever marks were pasted.

Which number is the latitude is settled by letters (N, S, E, W) or labels (lat, lon) where both
coordinates have one; where neither has one, latitude comes first. One letter alone settles it only
if it agrees with that order: ``33.5 N, 38.6`` does, ``33.5, 38.6 N`` does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gazetteer.errors import PositionError
from gazetteer.notations.plain import bad, checked, two_readings
from gazetteer.position import Position

Axis = Literal["lat", "lon"]
_Token = tuple[str, str]

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
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
_NUMBER = re.compile(r"[0-9]+")
_WORD = re.compile(r"[a-z]+")
_FOUR_IN_A_ROW = re.compile(r"([+-]?[0-9]+),([0-9]+)\s*,\s*([+-]?[0-9]+),([0-9]+)")
_SPACED_LIST = re.compile(r"([^,]*[0-9]),([0-9]+[^,]*),\s+([^,]*[0-9]),([0-9]+[^,]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """One coordinate: its signed degrees, the axis it names itself, and by what."""

    degrees: float
    axis: Axis | None
    letter: str | None
    signed: bool


def claims(text: str) -> bool:
    """Whether the text is made of nothing but numbers, marks and the words of coordinates."""
    plain = text.translate(_TO_PLAIN).casefold()
    if not _NUMBER.search(plain):
        return False
    if not any(char.isalpha() for char in plain):
        return True
    known = all(word in _WORDS for word in _WORD.findall(plain))
    foreign = any(char.isalpha() and not char.isascii() for char in plain)
    return known and not foreign and len(_NUMBER.findall(plain)) >= 2


def read(said: str) -> Position:
    """The position in degrees that the text states; ``uncertainty_m`` is None.

    Raises:
        PositionError: it is not one whole position, contradicts itself, or could be two.
    """
    tokens = _tokens(said)
    halves, parted = _halves(tokens, said)
    first, second = (_half(half, said) for half in halves)
    if first.axis is not None and first.axis == second.axis:
        raise bad(said, f"it gives two values for {first.axis}")
    letters = [half.letter for half in (first, second) if half.letter is not None]
    one_axis = (first.axis is None) != (second.axis is None)
    if one_axis and letters:
        leads = bool(tokens) and tokens[0][0] == "letter"
        return _by_one_letter(said, first, second, clear=parted or leads)
    if first.axis is None and second.axis is None:
        return _bare(said, first.degrees, second.degrees)
    lon_first = first.axis == "lon" or second.axis == "lat"
    lat, lon = (second, first) if lon_first else (first, second)
    return checked(said, lon=lon.degrees, lat=lat.degrees)


def write_decimal(position: Position) -> str:
    """``33.505833, 38.617778``: latitude, longitude, six places (0.11 m)."""
    # Adding zero turns -0.0 into 0.0.
    return f"{round(position.lat, 6) + 0.0:.6f}, {round(position.lon, 6) + 0.0:.6f}"


def write_minutes(position: Position) -> str:
    """``33°30.3500'N 38°37.0667'E``: minutes with four places (0.19 m)."""
    return f"{_minutes(position.lat, 'NS')} {_minutes(position.lon, 'EW')}"


def write_seconds(position: Position) -> str:
    """``33°30'21.0"N 38°37'04.0"E``: seconds with one place (3.1 m)."""
    return f"{_seconds(position.lat, 'NS')} {_seconds(position.lon, 'EW')}"


def _bare(said: str, first: float, second: float) -> Position:
    """Two numbers without letters: latitude, longitude, or nothing."""
    if abs(first) > 90 >= abs(second) and abs(first) <= 180:
        raise PositionError(
            f"{said!r}: read as latitude, longitude its latitude {first:g} is out of range; read "
            f"as longitude, latitude, as if swapped, it is lat {second:g}, lon {first:g}; if that "
            f"is meant write {second:g}, {first:g}"
        )
    return checked(said, lon=second, lat=first)


def _by_one_letter(said: str, first: _Half, second: _Half, *, clear: bool) -> Position:
    """One coordinate has a letter, the other nothing: whose letter, and in which order?"""
    letter = first.letter or second.letter or ""
    if clear and (first.axis == "lat" or second.axis == "lon"):
        return checked(said, lon=second.degrees, lat=first.degrees)
    readings = []
    for lat, lon in ((first, second), (second, first)):
        owner = lat if letter in "NS" else lon
        if owner.signed:
            continue

        def degrees(half: _Half, owner: _Half = owner) -> float:
            bare = half.degrees if half.letter is None else abs(half.degrees)
            return -bare if half is owner and letter in "SW" else bare

        try:
            readings.append(Position(lat=degrees(lat), lon=degrees(lon)))
        except PositionError:
            continue
    if not readings:
        raise bad(said, "neither order of its numbers fits latitude and longitude")
    if len(readings) == 1:
        return readings[0]
    missing = "E or W" if letter in "NS" else "N or S"
    raise two_readings(
        said,
        ("latitude first, as is usual", readings[0]),
        (f"longitude first, as the {letter} may mean", readings[1]),
        f"give both letters ({letter} and {missing})",
    )


def _tokens(said: str) -> list[_Token]:
    """Split into numbers, unit marks, hemisphere letters, axis labels and separators."""
    plain = said.translate(_TO_PLAIN).casefold()
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(_with_points(plain, said)):
        what, value = match.lastgroup, match.group()
        if match["word"] is not None:
            kind = _WORDS.get(match["word"])
            if kind is None:
                raise bad(said, f"{match['word']!r} has no meaning in one")
            tokens.append(kind)
        elif what == "number":
            tokens.append(("number", value))
        elif what == "mark":
            tokens.append(("mark", '"' if value == "''" else value))
        elif what == "comma":
            tokens.append(("comma", value))
        elif what == "other":
            raise bad(said, f"the character {value!r} has no meaning in one")
    return tokens


def _with_points(plain: str, said: str) -> str:
    """Decimal commas as points, where nothing else can be meant."""
    between_digits = len(_DECIMAL_COMMA.findall(plain))
    lettered = sum(
        _WORDS.get(word, ("",))[0] in ("letter", "axis") for word in _WORD.findall(plain)
    )
    # With a semicolon, or a letter to each number, a comma inside a number can only be decimal.
    if plain.count(";") == 1 or (between_digits == plain.count(",") == 2 and lettered == 2):
        return _DECIMAL_COMMA.sub(".", plain)
    run = _FOUR_IN_A_ROW.fullmatch(plain.strip())
    if run is not None and not re.search(r",\s", plain):
        raise _run_of_four(said, run)
    spaced = _SPACED_LIST.fullmatch(plain.strip())
    if spaced is not None:
        return "{}.{}; {}.{}".format(*spaced.groups())
    return plain


def _run_of_four(said: str, run: re.Match[str]) -> PositionError:
    """``33,5,38,6``: decimal commas, or degrees and minutes."""
    a, b, c, d = run.groups()
    ways = (
        ("commas as decimal points", f"{a}.{b}; {c}.{d}"),
        ("degrees, minutes", f"{a} {b}; {c} {d}"),
    )
    readings = []
    for why, text in ways:
        try:
            readings.append((why, read(text)))
        except PositionError:
            continue
    remedy = f"write {a}.{b}, {c}.{d} or {a}°{b}', {c}°{d}'"
    if len(readings) == 2:
        return two_readings(said, readings[0], readings[1], remedy)
    return bad(said, "commas stand both inside and between its numbers", remedy)


def _halves(tokens: list[_Token], said: str) -> tuple[tuple[list[_Token], list[_Token]], bool]:
    """The tokens of the two coordinates, and whether a separator stood between them."""
    commas = [i for i, (what, _) in enumerate(tokens) if what == "comma"]
    if len(commas) > 1:
        raise bad(said, "it has more than one separator (decimals take a point)")
    if commas:
        return (tokens[: commas[0]], tokens[commas[0] + 1 :]), True
    for what in ("axis", "letter"):
        places = [i for i, token in enumerate(tokens) if token[0] == what]
        if len(places) == 2:
            cut = places[1] if places[0] == 0 else places[0] + 1
            return (tokens[:cut], tokens[cut:]), True
    numbers = [i for i, (what, _) in enumerate(tokens) if what == "number"]
    if len(numbers) not in (2, 4, 6):
        raise bad(said, "it does not hold two coordinates")
    cut = numbers[len(numbers) // 2]
    return (tokens[:cut], tokens[cut:]), False


def _half(tokens: list[_Token], said: str) -> _Half:
    labels = [value for what, value in tokens if what == "axis"]
    letters = [value for what, value in tokens if what == "letter"]
    at_edge = not letters or tokens[0][0] == "letter" or tokens[-1][0] == "letter"
    at_edge = at_edge or (bool(labels) and len(tokens) > 1 and tokens[1][0] == "letter")
    if len(labels) > 1 or len(letters) > 1 or not at_edge:
        raise bad(said, "its hemisphere letters are not one to a coordinate")
    if labels and tokens[0][0] != "axis":
        raise bad(said, f"the label {labels[0]!r} does not stand before its number")
    numbers = _numbers(tokens, said)
    signed = numbers[0][0] in "+-"
    if letters and signed:
        raise bad(said, f"{numbers[0]} has a sign and the letter {letters[0]}; keep one of them")
    degrees = _degrees(numbers, said)
    axis: Axis | None = None
    if letters:
        axis = "lat" if letters[0] in "NS" else "lon"
        degrees = -degrees if letters[0] in "SW" else degrees
    if labels:
        labelled: Axis = "lat" if labels[0] == "lat" else "lon"
        if axis not in (None, labelled):
            raise bad(said, f"the label {labels[0]!r} and the letter {letters[0]} disagree")
        axis = labelled
    # A label settles the order by itself, whatever letter stands with it.
    letter = letters[0] if letters and not labels else None
    return _Half(degrees=degrees, axis=axis, letter=letter, signed=signed)


def _numbers(tokens: list[_Token], said: str) -> list[str]:
    """The one to three numbers of a half, each mark checked against its place."""
    numbers: list[str] = []
    marked = False
    for what, value in tokens:
        if what == "number":
            if numbers and value[0] in "+-":
                raise bad(said, f"{value} has a sign but is no degree number")
            numbers.append(value)
            marked = False
        elif what == "mark":
            if not numbers or marked:
                raise bad(said, f"the mark {value} follows no number")
            if value != ":" and _MARK_RANK[value] != len(numbers) - 1:
                raise bad(said, f"the mark {value} follows the wrong number")
            marked = True
    if tokens and tokens[-1] == ("mark", ":"):
        raise bad(said, "it ends in a colon")
    if not 1 <= len(numbers) <= 3:
        raise bad(said, "a coordinate needs one to three numbers")
    return numbers


def _degrees(numbers: list[str], said: str) -> float:
    if any("." in number for number in numbers[:-1]):
        raise bad(said, "only the last number of a coordinate may have decimals")
    parts = [abs(float(number)) for number in numbers]
    for unit, number, value in zip(("minutes", "seconds"), numbers[1:], parts[1:], strict=False):
        if value >= 60:
            raise bad(said, f"{number} {unit} is out of range, must be below 60")
    degrees = sum(part / 60.0**power for power, part in enumerate(parts))
    return -degrees if numbers[0].startswith("-") else degrees


def _seconds(degrees: float, letters: str) -> str:
    # Rounding once, as a whole number of tenths, keeps 59.96" from printing as 60.0".
    tenths = round(abs(degrees) * 36000)
    whole, rest = divmod(tenths, 36000)
    minutes, seconds = divmod(rest, 600)
    letter = letters[1] if degrees < 0 and tenths else letters[0]
    return f"{whole}°{minutes:02d}'{seconds / 10:04.1f}\"{letter}"


def _minutes(degrees: float, letters: str) -> str:
    parts = round(abs(degrees) * 600_000)
    whole, rest = divmod(parts, 600_000)
    letter = letters[1] if degrees < 0 and parts else letters[0]
    return f"{whole}°{rest / 10_000:07.4f}'{letter}"
