"""Distances as people write them: "20 km", "10 1/4 miles", "60-70 km", "twenty-five kilometres"."""

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
UNIT = "|".join(words for _, words in _UNITS.values())
"""A unit of length, as a pattern."""

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: 1 + at for at, word in enumerate((*_ONES, *_TEENS, "eighteen", "nineteen"))}
_WORDS = _SMALL | {word: 20 + 10 * at for at, word in enumerate(_TENS)} | {"a": 1, "an": 1}
_TIMES = {"dozen": 12, "hundred": 100, "thousand": 1_000}
_GLYPHS = {"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8"}

NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,6}\s+\d{1,2}/\d{1,2}|\d{1,2}/\d{1,2}"
    r"|\d{1,7}(?:\.\d{1,6})?|\.\d{1,6})"
)
"""A number in digits, as a pattern."""

_one = "|".join(_ONES)
_below_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-]+(?:{_one}))?|{'|'.join(reversed(_SMALL))})"
_below_1000 = (
    rf"(?:(?:(?:an?|{_below_100})[\s-]+)?hundred(?:[\s-]+(?:and[\s-]+)?{_below_100})?|{_below_100})"
)
_WORD = (
    rf"(?:(?:{_below_1000}[\s-]+and[\s-]+)?(?:an?[\s-]+)?(?:half|quarter)(?:[\s-]+(?:of\s+)?an?)?"
    r"|three[\s-]+quarters(?:\s+of\s+an?)?"
    rf"|(?:(?:an?|{_below_1000})\s+)?dozen"
    rf"|(?:(?:an?|{_below_1000})[\s-]+)?thousand(?:[\s-]+(?:and[\s-]+)?{_below_1000})?"
    rf"|{_below_1000}|a)"
)
_ANY = rf"(?:{NUMBER}|\b{_WORD}\b)"

_ADVERB = (
    r"(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?|c\.|nearly|almost|just|only|"
    r"barely|exactly|a\s+little|slightly|well|an? estimated|~|≈)"
)
_AT_MOST = (
    r"(?:within|less than|fewer than|under|up to|at (?:the )?most|no (?:more|farther|further) than|"
    r"not (?:more|farther|further) than|<)"
)
_AT_LEAST = (
    r"(?:more than|over|at (?:the )?least|no less than|not less than|greater than|farther than|"
    r"further than|beyond|>)"
)
BOUND = rf"(?:{_AT_MOST}|{_AT_LEAST})"
"""What makes a distance one-sided, as a pattern."""

_TO = r"\s*(?:-|\u2013|\u2014|to|or|and)\s*"
DISTANCE = re.compile(
    rf"(?:{_ADVERB}\s+)?(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST}))?\s*(?:{_ADVERB}\s*)?"
    rf"(?:(?:between|from)\s+(?={_ANY}(?:\s*(?:{UNIT}))?{_TO}{_ANY}))?"
    rf"(?P<first>{_ANY})"
    rf"(?:(?:\s*(?P<first_unit>{UNIT})\b\.?)?{_TO}(?P<second>{_ANY}))?"
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
    if match["first_unit"] and not re.fullmatch(_UNITS[unit][1], match["first_unit"], flags=re.I):
        return None
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
    """A number in digits: "twenty-five" is "25", "two and a half" is "2 1/2"."""
    plain = text.replace(",", "").strip()
    return plain if re.search(r"\d", plain) else _in_digits(plain.casefold())


def _in_digits(words: str) -> str:
    part = re.search(r"(?:^|\band\s+)(?:an?\s+)?(half|quarter)\b|\b(three[\s-]+quarters)\b", words)
    if part:
        fraction = "3/4" if part[2] else {"half": "1/2", "quarter": "1/4"}[part[1]]
        return f"{_in_digits(words[: part.start()])} {fraction}" if part.start() else fraction
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        if word in _TIMES:
            current = max(current, 1) * _TIMES[word]
            if word == "thousand":
                total, current = total + current, 0
        else:
            current += _WORDS.get(word, 0)
    return str(total + current)


def _value(text: str) -> Fraction | None:
    whole, _, part = _written(text).rpartition(" ")
    try:
        return Fraction(part) + (Fraction(whole) if whole else 0)
    except (ValueError, ZeroDivisionError):
        return None
