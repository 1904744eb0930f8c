"""Distances as people write them: "20 km", "10 1/4 miles", "60-70 km", "five kilometres"."""

from __future__ import annotations

import re
from fractions import Fraction

from gazetteer.described.tree import Bound, Distance

# International definitions: the mile is 1,609.344 m, the nautical mile 1,852 m, the foot 0.3048 m.
_UNITS = {
    "km": (1_000.0, r"km|kms|kilomet(?:er|re)s?|kilos?|klicks?"),
    "nm": (1_852.0, r"nm|nmi|nautical[ -]miles?|sea[ -]miles?"),
    "mi": (1_609.344, r"mi|miles?"),
    "yd": (0.9144, r"yds?|yards?"),
    "ft": (0.3048, r"ft|foot|feet"),
    "m": (1.0, r"m|met(?:er|re)s?"),
}
_UNIT = "|".join(rf"(?P<u_{unit}>{words})" for unit, (_, words) in _UNITS.items())

_WORDS = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        range(1, 21),
        strict=True,
    )
) | {"a": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
_WORDS |= {"ninety": 90, "hundred": 100, "a hundred": 100, "one hundred": 100, "a dozen": 12}
_WORDS |= {"half": 0, "half a": 0}
_GLYPHS = {"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3"}

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,6}\s+\d{1,2}/\d{1,2}|\d{1,2}/\d{1,2}"
    r"|\d{1,7}(?:\.\d{1,6})?|\.\d{1,6})"
)
_WORD = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))
_ADVERB = (
    r"(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?|c\.|nearly|almost|just|only|"
    r"barely|exactly|an? estimated|~|≈)"
)
_AT_MOST = r"(?:within|less than|fewer than|under|up to|at most|no more than|not more than|<)"
_AT_LEAST = r"(?:more than|over|at least|no less than|greater than|beyond|>)"

DISTANCE = re.compile(
    rf"(?:{_ADVERB}\s+)?(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST}))?\s*(?:{_ADVERB}\s*)?"
    rf"(?P<first>{_NUMBER}|\b(?:{_WORD})\b)"
    rf"(?:\s*(?:-|\u2013|\u2014|to|or|and)\s*(?P<second>{_NUMBER}|\b(?:{_WORD})\b))?"
    rf"(?:\s*-?\s*)(?:{_UNIT})\b\.?",
    re.I,
)
"""A distance at the start of a text; ``distance_of`` reads its match."""


def plain_fractions(text: str) -> str:
    """The text with fraction signs written out: 10½ km is "10 1/2 km"."""
    for glyph, written in _GLYPHS.items():
        text = text.replace(glyph, written)
    return text


def distance_of(match: re.Match[str]) -> Distance | None:
    """The distance of a match of ``DISTANCE``, or None if a number makes no sense."""
    unit = next(unit for unit in _UNITS if match[f"u_{unit}"])
    texts = [match["first"], *([match["second"]] if match["second"] else [])]
    numbers = [_value(text) for text in texts]
    values = [float(number) for number in numbers if number is not None]
    if len(values) < len(texts) or min(values) <= 0 or values != sorted(values):
        return None
    bound: Bound = "at_most" if match["most"] else "at_least" if match["least"] else "about"
    return Distance(
        low=values[0],
        high=values[-1],
        texts=tuple(_written(text) for text in texts),
        unit=unit,
        unit_m=_UNITS[unit][0],
        bound=bound,
    )


def _written(text: str) -> str:
    word = " ".join(text.casefold().split())
    if word in ("half", "half a"):
        return "1/2"
    return str(_WORDS[word]) if word in _WORDS else text.replace(",", "").strip()


def _value(text: str) -> Fraction | None:
    whole, _, part = _written(text).rpartition(" ")
    try:
        return Fraction(part) + (Fraction(whole) if whole else 0)
    except (ValueError, ZeroDivisionError):
        return None
