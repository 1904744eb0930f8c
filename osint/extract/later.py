"""Days told from a day named before: "the next day", "on the same day", "two days later"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from osint.claims import DateInterval
from osint.extract.numbers import ONES
from osint.extract.phrase import Phrase

_SAME = frozenset({"the same evening", "the same night", "the same morning", "that evening"}) | {
    "the same afternoon", "that night", "that morning", "that afternoon", "later that day",
    "the same day", "that same day", "that day", "same day",
}  # fmt: skip
_NEXT = frozenset({"the next day", "the following day", "next day", "that next day"})
_COUNT = re.compile(r"(a|one|\w+) (day|week)s?")
_MOST = 30


def told_later(
    flat: Sequence[Phrase], named: DateInterval | None
) -> tuple[tuple[Phrase, ...], DateInterval | None]:
    """The phrases with such words as dates, and the last single day that was named.

    Args:
        flat: the phrases of a sentence.
        named: the day that the sentences before named last; an interval of several days is none.
    """
    if named is None and not any(phrase.kind == "date" for phrase in flat):
        return tuple(flat), named
    found: list[Phrase] = []
    at = 0
    while at < len(flat):
        phrase = flat[at]
        if phrase.kind == "date" and phrase.date is not None:
            named = phrase.date if phrase.date.first == phrase.date.last else None
        days, used = _days(flat, at)
        if days is not None and named is not None:
            then = named.first + timedelta(days=days)
            named = DateInterval(first=then, last=then)
            last = flat[at + used - 1]
            text = " ".join(piece.text for piece in flat[at : at + used])
            phrase = replace(
                phrase, kind="date", date=named, text=text, stop=last.stop, end=last.end,
                noun=None, inner=(),
            )  # fmt: skip
        else:
            used = 1
        found.append(phrase)
        at += used
    return tuple(found), named


def _days(flat: Sequence[Phrase], at: int) -> tuple[int | None, int]:
    """How many days later than the one named, and how many phrases tell it."""
    text = flat[at].text
    if text in _SAME:
        return 0, 1
    if text in _NEXT:
        return 1, 1
    if at + 1 >= len(flat) or flat[at + 1].text != "later":
        return None, 1
    counted = _COUNT.fullmatch(text)
    if counted is None:
        return None, 1
    word = counted[1]
    number = 1 if word == "a" else int(word) if word.isdecimal() else ONES.get(word)
    if number is None or not 0 < number < _MOST:
        return None, 1
    return int(number) * (7 if counted[2] == "week" else 1), 2
