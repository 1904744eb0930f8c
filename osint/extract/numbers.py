"""Numbers and units of length, in figures and in words: "2,500", "two and a half", "sea miles".

Both readers take tokens and a position and say where they stopped; ``quantities.py`` puts the two
together to distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osint.extract.lexicon import listed
from osint.extract.tokens import Token

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
UNITS = frozenset(_UNIT_M)

ONES = {
    word: number
    for number, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(
        listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000}
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
FRACTION_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
# Longer than any distance; a hostile text could otherwise overflow the arithmetic.
_MAX_DIGITS = 24
_MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and the token at which what follows it begins."""

    value: float
    end: int


def _word_number(tokens: Sequence[Token], at: int) -> Number | None:
    """As in "twenty", "a hundred and fifty", "two and a half", "half a", "a couple of"."""
    at_word = lower_at(tokens, at)
    if at_word in _FRACTIONS and at_word != "third":
        after = at + 1
        if lower_at(tokens, after) == "of":
            after += 1
        if lower_at(tokens, after) in {"a", "an"}:
            after += 1
        return Number(_FRACTIONS[at_word], after)
    if at_word in {"a", "an", "one"} and lower_at(tokens, at + 1) in {"half", "quarter"}:
        after = at + 2
        while lower_at(tokens, after) in {"of", "a", "an"}:
            after += 1
        return Number(_FRACTIONS[lower_at(tokens, at + 1)], after)
    if at_word == "a" and lower_at(tokens, at + 1) in {"couple", "dozen", "score"}:
        after = at + 2
        if lower_at(tokens, after) == "of":
            after += 1
        return Number({"couple": 2, "dozen": 12, "score": 20}[lower_at(tokens, at + 1)], after)
    total, current, index = 0.0, 0.0, at
    if at_word in {"a", "an"}:
        current, index = 1.0, at + 1
        following = lower_at(tokens, index)
        if following not in _SCALES and following not in _UNIT_M and following != "nautical":
            return None
    read = index > at
    while index < min(len(tokens), at + _MAX_WORDS):
        word = lower_at(tokens, index)
        first, hyphen, second = word.partition("-")
        if word in ONES:
            current += ONES[word]
        elif word in TENS:
            current += TENS[word]
        elif hyphen and first in TENS and second in ONES:
            current += TENS[first] + ONES[second]
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
    return _half(tokens, Number(total + current, index))


def _continues(tokens: Sequence[Token], at: int) -> bool:
    word = lower_at(tokens, at).partition("-")[0]
    return word in ONES or word in TENS


def _half(tokens: Sequence[Token], number: Number) -> Number:
    at = number.end
    if (
        lower_at(tokens, at) == "and"
        and lower_at(tokens, at + 1) == "a"
        and (lower_at(tokens, at + 2) == "half")
    ):
        return Number(number.value + 0.5, number.end + 3)
    return number


def _fraction(tokens: Sequence[Token], at: int) -> Number | None:
    """As in "1/2", "3/4"."""
    if at + 2 >= len(tokens) or tokens[at + 1].text != "/":
        return None
    above, below = lower_at(tokens, at), lower_at(tokens, at + 2)
    if above in {"1", "2", "3"} and below in {"2", "3", "4"} and int(above) < int(below):
        return Number(int(above) / int(below), at + 3)
    return None


def number_at(tokens: Sequence[Token], at: int) -> Number | None:
    """The number at token ``at``, in figures or in words, or None."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.text in FRACTION_SIGNS:
        return Number(FRACTION_SIGNS[token.text], at + 1)
    if token.kind == "number":
        if len(token.text) > _MAX_DIGITS:
            return None
        value = float(token.text.replace(",", "").replace("\u00a0", "").replace("\u202f", ""))
        if at + 1 < len(tokens) and tokens[at + 1].text in FRACTION_SIGNS:
            return Number(value + FRACTION_SIGNS[tokens[at + 1].text], at + 2)
        whole = _fraction(tokens, at)
        if whole is not None:
            return whole
        added = _fraction(tokens, at + 1)
        if added is not None and value == int(value):
            return Number(value + added.value, added.end)
        return _half(tokens, Number(value, at + 1))
    return _word_number(tokens, at)


def lower_at(tokens: Sequence[Token], at: int) -> str:
    """The token at ``at`` in lower case, "" beyond either end."""
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def unit_at(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """Metres per unit, and where the unit ends; a hyphen before it is skipped."""
    if lower_at(tokens, at) in {"-", "‐", "‑"}:
        at += 1
    word = lower_at(tokens, at)
    if word in {"nautical", "sea"} and lower_at(tokens, at + 1) in {"mile", "miles"}:
        return _NAUTICAL_MILE_M, at + 2
    if word in {"nautical-mile", "nautical-miles"}:
        return _NAUTICAL_MILE_M, at + 1
    if word in {"statute", "air"} and lower_at(tokens, at + 1) in {"mile", "miles"}:
        return _UNIT_M["mile"], at + 2
    if word not in _UNIT_M or (word == "m" and tokens[at].text != "m"):
        return None
    after = at + 1
    abbreviated = len(word) <= len("kms") and word not in {"m"}
    dotted = lower_at(tokens, after) == "." and not tokens[after].spaced
    if abbreviated and dotted and after + 1 < len(tokens):
        # "60 km. northeast": the stop belongs to the unit as the sentence goes on.
        after += 1
    return _UNIT_M[word], after
