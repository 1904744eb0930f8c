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
from osint.extract.numbers import FRACTION_SIGNS, ONES, TENS, UNITS, lower_at, number_at, unit_at
from osint.extract.tokens import Token, tokenise

Side = Literal["both", "above", "below", "just_below"]

_HEDGES: tuple[tuple[str, Side], ...] = (
    ("not more than", "below"),
    ("no more than", "below"),
    ("not less than", "above"),
    ("no less than", "above"),
    ("no fewer than", "above"),
    ("at least", "above"),
    ("as little as", "both"),
    ("as much as", "both"),
    ("as close as", "both"),
    ("as near as", "both"),
    ("little more than", "both"),
    ("slightly more than", "above"),
    ("slightly less than", "just_below"),
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
    ("ca .", "both"),
    ("ca", "both"),
    ("c .", "both"),
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
_LONGEST_M = 4.1e7
_MAX_STATED = 200
_JOINERS = frozenset({"to", "-", "–", "—", "and", "or"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A distance where it stands: tokens ``first`` to ``end`` (half-open) of a sentence."""

    distance: Distance
    first: int
    end: int
    within: bool = False


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


_joiner = one(lambda token: isinstance(token, Token) and token.lower in _JOINERS)


def _match_number(items: Sequence[Token], at: int) -> Match | None:
    found = number_at(items, at)
    return Match(found.end) if found else None


def _match_unit(items: Sequence[Token], at: int) -> Match | None:
    found = unit_at(items, at)
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
    number = number_at(tokens, found.captures[name][0])
    return number.value if number else 0.0


def _unit_at(tokens: Sequence[Token], found: Match, name: str) -> float:
    unit = unit_at(tokens, found.captures[name][0])
    return unit[0] if unit else 1.0


def _hedges(tokens: Sequence[Token], at: int) -> tuple[list[str], Side, int]:
    said: list[str] = []
    side: Side = "both"
    for _ in range(3):
        for words, meaning in _HEDGES_BY_FIRST.get(lower_at(tokens, at), ()):
            if tuple(lower_at(tokens, at + step) for step in range(len(words))) == words:
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


_FIGURES = frozenset({*ONES, *TENS, *FRACTION_SIGNS, "half", "quarter", "between"})
# "A hundred", "a couple of", "a mile": what makes a figure of "a".
_AFTER_A = UNITS | {
    "hundred", "thousand", "half", "quarter", "couple", "dozen", "score", "nautical", "sea",
    "statute", "air",
}  # fmt: skip
_OPENERS = frozenset({*_HEDGES_BY_FIRST, *ONES, *TENS, *FRACTION_SIGNS}) | {
    "a", "an", "half", "quarter", "between",
}  # fmt: skip


def may_open_quantity(token: Token) -> bool:
    """Whether a distance can begin with this word; most cannot, and need no further look."""
    return (
        token.kind == "number"
        or token.lower in _OPENERS
        or ("-" in token.lower and token.lower.partition("-")[0] in TENS)
    )


def _may_be_figure(tokens: Sequence[Token], at: int) -> bool:
    """Whether a figure can begin here; "a" or "an" only before what can be counted."""
    token = tokens[at]
    if token.kind == "number":
        return True
    word = token.lower
    if word in {"a", "an"}:
        return lower_at(tokens, at + 1) in _AFTER_A
    return word in _FIGURES or ("-" in word and word.partition("-")[0] in TENS)


def _listed(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """As in "3 km and 5 km from": two distances, not from one to the other."""
    return any(
        tokens[at].lower == "and" and unit_at(tokens, at - 1) is not None
        for at in range(begin + 1, end)
    )


def quantity_at(tokens: Sequence[Token], at: int) -> Quantity | None:
    """The distance that begins at token ``at``, hedges included, or None.

    Money, counts and numbers without a unit of length are none.
    """
    if at >= len(tokens) or not may_open_quantity(tokens[at]):
        return None
    if at and tokens[at - 1].text in _MONEY:
        return None
    said, side, begin = _hedges(tokens, at)
    if begin >= len(tokens) or not _may_be_figure(tokens, begin):
        return None
    between = lower_at(tokens, begin) == "between"
    figure = _figure(tokens, begin + between)
    if figure is None or (between and figure.half_m):
        return None
    if not between and not figure.half_m and _listed(tokens, begin, figure.end):
        return None
    figure = _second(tokens, figure)
    if not 0 < figure.said_m < _LONGEST_M:
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


def parse_distance(text: str) -> Distance:
    """One distance as a person writes it: "20 km", "just over 34 miles (55 km)", "60 to 70 km".

    Hedges count as in running text ("less than 5 km" has no lower bound); a closing full stop is
    allowed, any other word before or after the distance is not.

    Raises:
        ValueError: the text is not exactly one distance.
    """
    stated = text.strip()
    tokens = tokenise(stated[:_MAX_STATED])
    found = quantity_at(tokens, 0)
    rest = [token.text for token in tokens[found.end :]] if found else []
    if found is None or len(stated) > _MAX_STATED or rest not in ([], ["."]):
        shown = stated if len(stated) <= 60 else stated[:60] + "..."
        raise ValueError(
            f"distance {shown!r} is not understood: write one distance with its unit, "
            'such as "20 km", "60 to 70 km" or "less than 5 miles"'
        )
    return found.distance
