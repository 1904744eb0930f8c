"""Distances as people write them, with what the words leave open.

The precision of a plain number follows its rounding, as in the point-radius method of the GBIF
georeferencing best practices (Chapman & Wieczorek): see ``half_unit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from osint.claims import Distance
from osint.extract.combinators import Match, alt, cap, many, one, opt, seq
from osint.extract.lexicon import listed
from osint.extract.tokens import Token

Side = Literal["both", "above", "below", "just_below"]

_UNIT_M: dict[str, float] = {}
for _metres, _names in (
    (1.0, "m metre metres meter meters"),
    (1000.0, "km kms kilometre kilometres kilometer kilometers klick klicks k.m."),
    (1609.344, "mile miles mi"),
    (1852.0, "nm nmi"),
    (0.9144, "yard yards yd yds"),
    (0.3048, "foot feet ft"),
):
    _UNIT_M |= dict.fromkeys(_names.split(), _metres)
_NAUTICAL_MILE_M = 1852.0

_ONES = {
    word: number
    for number, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000}
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
_FRACTION_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75}

_HEDGES: tuple[tuple[str, Side], ...] = (
    ("not more than", "below"),
    ("no more than", "below"),
    ("not less than", "above"),
    ("no less than", "above"),
    ("no fewer than", "above"),
    ("at least", "above"),
    ("at most", "below"),
    ("more than", "above"),
    ("greater than", "above"),
    ("in excess of", "above"),
    ("upwards of", "above"),
    ("less than", "below"),
    ("fewer than", "below"),
    ("no further than", "below"),
    ("no farther than", "below"),
    ("up to", "below"),
    ("to within", "below"),
    ("just over", "above"),
    ("well over", "above"),
    ("just under", "just_below"),
    ("close to", "both"),
    ("not quite", "just_below"),
    ("over", "above"),
    ("beyond", "above"),
    ("exceeding", "above"),
    ("within", "below"),
    ("under", "below"),
    ("below", "below"),
    ("nearly", "just_below"),
    ("almost", "just_below"),
    ("an estimated", "both"),
    ("some", "both"),
    ("about", "both"),
    ("around", "both"),
    ("roughly", "both"),
    ("approximately", "both"),
    ("approx", "both"),
    ("circa", "both"),
    ("just", "both"),
    ("only", "both"),
    ("barely", "both"),
    ("exactly", "both"),
    ("merely", "both"),
    ("a mere", "both"),
    ("~", "both"),
)
_HEDGES_BY_FIRST: dict[str, list[tuple[tuple[str, ...], Side]]] = {}
for _said, _side in _HEDGES:
    _HEDGES_BY_FIRST.setdefault(_said.split()[0], []).append((tuple(_said.split()), _side))
_MONEY = frozenset("$€£¥")
_JOINERS = frozenset({"to", "-", "–", "—", "and", "or"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A distance where it stands: tokens ``first`` to ``end`` (half-open) of a sentence."""

    distance: Distance
    first: int
    end: int
    within: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    end: int


def half_unit(number: float) -> float:
    """Half the step to which a number was evidently rounded, in its own unit.

    The step is the largest of 1, 5, 10, 50, 100, ... (and 0.5, 0.1, ...) that divides the number
    and is at most a quarter of it: 20 was rounded to 5, 70 to 10, 45 to 5, 12.5 to 0.5.
    """
    step = 0.01
    for exponent in range(-2, 7):
        for factor in (1, 5):
            candidate = factor * 10.0**exponent
            ratio = number / candidate
            if candidate <= number / 4 * (1 + 1e-9) and abs(ratio - round(ratio)) < 1e-6:
                step = candidate
    return step / 2


def _word_number(tokens: Sequence[Token], at: int) -> _Number | None:
    """As in "twenty", "a hundred and fifty", "two and a half", "half a", "a couple of"."""
    at_word = _lower(tokens, at)
    if at_word in _FRACTIONS and at_word != "third":
        after = at + 1
        if _lower(tokens, after) == "of":
            after += 1
        if _lower(tokens, after) in {"a", "an"}:
            after += 1
        return _Number(_FRACTIONS[at_word], after)
    if at_word in {"a", "an", "one"} and _lower(tokens, at + 1) in {"half", "quarter"}:
        after = at + 2
        while _lower(tokens, after) in {"of", "a", "an"}:
            after += 1
        return _Number(_FRACTIONS[_lower(tokens, at + 1)], after)
    if at_word == "a" and _lower(tokens, at + 1) in {"couple", "dozen", "score"}:
        after = at + 2
        if _lower(tokens, after) == "of":
            after += 1
        return _Number({"couple": 2, "dozen": 12, "score": 20}[_lower(tokens, at + 1)], after)
    total, current, index = 0.0, 0.0, at
    if at_word in {"a", "an"}:
        current, index = 1.0, at + 1
        following = _lower(tokens, index)
        if following not in _SCALES and following not in _UNIT_M and following != "nautical":
            return None
    read = index > at
    while index < len(tokens):
        word = _lower(tokens, index)
        first, hyphen, second = word.partition("-")
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        elif hyphen and first in _TENS and second in _ONES:
            current += _TENS[first] + _ONES[second]
        elif word == "hundred" and read:
            current = max(current, 1) * 100
        elif word == "thousand" and read:
            total, current = total + max(current, 1) * 1000, 0.0
        elif word == "dozen" and read:
            current *= 12
        elif word == "and" and read and current >= 100 and _continues(tokens, index + 1):
            pass
        else:
            break
        read, index = True, index + 1
    if not read:
        return None
    return _half(tokens, _Number(total + current, index))


def _continues(tokens: Sequence[Token], at: int) -> bool:
    word = _lower(tokens, at).partition("-")[0]
    return word in _ONES or word in _TENS


def _half(tokens: Sequence[Token], number: _Number) -> _Number:
    words = tuple(_lower(tokens, number.end + step) for step in range(3))
    if words == ("and", "a", "half"):
        return _Number(number.value + 0.5, number.end + 3)
    return number


def _fraction(tokens: Sequence[Token], at: int) -> _Number | None:
    """As in "1/2", "3/4"."""
    if at + 2 >= len(tokens) or tokens[at + 1].text != "/":
        return None
    above, below = _lower(tokens, at), _lower(tokens, at + 2)
    if above in {"1", "2", "3"} and below in {"2", "3", "4"} and int(above) < int(below):
        return _Number(int(above) / int(below), at + 3)
    return None


def _number(tokens: Sequence[Token], at: int) -> _Number | None:
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.text in _FRACTION_SIGNS:
        return _Number(_FRACTION_SIGNS[token.text], at + 1)
    if token.kind == "number":
        value = float(token.text.replace(",", "").replace("\u00a0", "").replace("\u202f", ""))
        if at + 1 < len(tokens) and tokens[at + 1].text in _FRACTION_SIGNS:
            return _Number(value + _FRACTION_SIGNS[tokens[at + 1].text], at + 2)
        whole = _fraction(tokens, at)
        if whole is not None:
            return whole
        added = _fraction(tokens, at + 1)
        if added is not None and value == int(value):
            return _Number(value + added.value, added.end)
        return _half(tokens, _Number(value, at + 1))
    return _word_number(tokens, at)


def _lower(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _unit(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """Metres per unit, and where the unit ends; a hyphen before it is skipped."""
    if _lower(tokens, at) in {"-", "‐", "‑"}:
        at += 1
    word = _lower(tokens, at)
    if word in {"nautical", "sea"} and _lower(tokens, at + 1) in {"mile", "miles"}:
        return _NAUTICAL_MILE_M, at + 2
    if word in {"statute", "air"} and _lower(tokens, at + 1) in {"mile", "miles"}:
        return _UNIT_M["mile"], at + 2
    if word not in _UNIT_M or (word == "m" and tokens[at].text != "m"):
        return None
    after = at + 1
    abbreviated = len(word) <= len("kms") and word not in {"m"}
    dotted = _lower(tokens, after) == "." and not tokens[after].spaced
    if abbreviated and dotted and after + 1 < len(tokens):
        # "60 km. northeast": the stop belongs to the unit as the sentence goes on.
        after += 1
    return _UNIT_M[word], after


_joiner = one(lambda token: isinstance(token, Token) and token.lower in _JOINERS)


def _match_number(items: Sequence[Token], at: int) -> Match | None:
    found = _number(items, at)
    return Match(found.end) if found else None


def _match_unit(items: Sequence[Token], at: int) -> Match | None:
    found = _unit(items, at)
    return Match(found[1]) if found else None


_FIGURE = alt(
    seq(
        cap("low", _match_number),
        opt(cap("low_unit", _match_unit)),
        _joiner,
        cap("high", _match_number),
        cap("unit", _match_unit),
    ),
    seq(cap("low", _match_number), cap("unit", _match_unit)),
)
_OPENING = one(lambda token: isinstance(token, Token) and token.text in "([,/")
_CLOSING = one(lambda token: isinstance(token, Token) and token.text in ")]")
_EITHER = one(lambda token: isinstance(token, Token) and token.lower in {"or", "about", "~"})
_DOUBLE = seq(_OPENING, many(_EITHER, most=2), cap("second", _FIGURE), opt(_CLOSING))


@dataclass(frozen=True, slots=True)
class _Figure:
    said_m: float
    low_m: float
    high_m: float
    half_m: float
    end: int


def _figure(tokens: Sequence[Token], at: int) -> _Figure | None:
    found = _FIGURE(tokens, at)
    if found is None:
        return None
    scale = _unit_at(tokens, found, "unit")
    low = _value_at(tokens, found, "low")
    if "high" not in found.captures:
        half = half_unit(low)
        return _Figure(
            low * scale, (low - half) * scale, (low + half) * scale, half * scale, found.end
        )
    low_scale = _unit_at(tokens, found, "low_unit") if "low_unit" in found.captures else scale
    low_m = low * low_scale
    high_m = _value_at(tokens, found, "high") * scale
    if not low_m < high_m:
        return None
    return _Figure((low_m + high_m) / 2, low_m, high_m, 0.0, found.end)


def _value_at(tokens: Sequence[Token], found: Match, name: str) -> float:
    number = _number(tokens, found.captures[name][0])
    return number.value if number else 0.0


def _unit_at(tokens: Sequence[Token], found: Match, name: str) -> float:
    unit = _unit(tokens, found.captures[name][0])
    return unit[0] if unit else 1.0


def _hedges(tokens: Sequence[Token], at: int) -> tuple[list[str], Side, int]:
    said: list[str] = []
    side: Side = "both"
    for _ in range(3):
        for words, meaning in _HEDGES_BY_FIRST.get(_lower(tokens, at), ()):
            if tuple(_lower(tokens, at + step) for step in range(len(words))) == words:
                said.append(" ".join(words))
                side = side if meaning == "both" else meaning
                at += len(words)
                break
        else:
            break
    return said, side, at


def _second(tokens: Sequence[Token], first: _Figure) -> _Figure:
    """The same distance said again in another unit: "34 miles (55 km)" is one distance."""
    found = _DOUBLE(tokens, first.end)
    if found is None:
        return first
    second = _figure(tokens, found.captures["second"][0])
    closes = tokens[first.end].text not in "([" or tokens[found.end - 1].text in ")]"
    if second is None or not closes or not 0.8 < second.said_m / first.said_m < 1.25:
        return first
    low, high = max(first.low_m, second.low_m), min(first.high_m, second.high_m)
    if low >= high:
        tighter = min((first, second), key=lambda figure: figure.high_m - figure.low_m)
        low, high = tighter.low_m, tighter.high_m
    return _Figure(first.said_m, low, high, (high - low) / 2, found.end)


def quantity_at(tokens: Sequence[Token], at: int) -> Quantity | None:
    """The distance that begins at token ``at``, hedges included, or None.

    Money, counts and numbers without a unit of length are none.
    """
    if at >= len(tokens) or (at and tokens[at - 1].text in _MONEY):
        return None
    said, side, begin = _hedges(tokens, at)
    between = _lower(tokens, begin) == "between"
    figure = _figure(tokens, begin + between)
    if figure is None or (between and figure.half_m):
        return None
    figure = _second(tokens, figure)
    if not 0 < figure.said_m < 4.1e7:
        return None
    low: float | None = max(figure.low_m, 0.0)
    high: float | None = figure.high_m
    if side == "above":
        low, high = (figure.said_m if figure.half_m else figure.low_m), None
    elif side == "below":
        low, high = None, (figure.said_m if figure.half_m else figure.high_m)
    elif side == "just_below":
        low, high = max(figure.said_m - figure.half_m, 0.0), figure.said_m
    distance = Distance(said_m=figure.said_m, low_m=low, high_m=high, hedge=" ".join(said))
    within = any(words.endswith("within") for words in said)
    return Quantity(distance=distance, first=at, end=figure.end, within=within)
