"""Stretches of days as people write them: "between 2 and 5 November", "2-5 November 2020".

"November 4-6, 2020", "between 30 May and 2 June 2020". The month and the year are said once and
hold for both ends; everything else is a single date (``dates.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osint.claims import DateInterval
from osint.extract import dates
from osint.extract.dates import DateAt
from osint.extract.tokens import Token

_DASHES = frozenset({"-", "–", "—", "/", "or", "and", "to"})
_LONGEST = 9


@dataclass(frozen=True, slots=True)
class _Text:
    """One sentence's tokens, and when it was published."""

    tokens: Sequence[Token]
    published: DateInterval | None

    def lower(self, at: int) -> str:
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def is_day(self, at: int) -> bool:
        if at >= len(self.tokens) or self.tokens[at].kind not in {"number", "ordinal"}:
            return False
        digits = self.lower(at).rstrip("stndrh")
        return digits.isascii() and digits.isdigit() and len(digits) < 3 and 0 < int(digits) <= 31

    def single(self, at: int) -> DateAt | None:
        found = dates.date_at(self.tokens, at, self.published)
        return found if found is not None and found.end - at < _LONGEST else None


def may_open_date(tokens: Sequence[Token], at: int) -> bool:
    """Whether a date or a stretch of days can begin with this word."""
    return tokens[at].lower == "between" or dates.may_open_date(tokens, at)


def date_at(
    tokens: Sequence[Token], at: int, published: DateInterval | None = None
) -> DateAt | None:
    """The date or stretch of days that begins at token ``at``, or None."""
    if not 0 <= at < len(tokens):
        return None
    text = _Text(tokens, published)
    return _between(text, at) or _dashed(text, at) or text.single(at)


def _between(text: _Text, at: int) -> DateAt | None:
    """As in "between 2 and 5 November 2020", "between 30 May and 2 June 2020"."""
    if text.lower(at) != "between":
        return None
    if text.is_day(at + 1) and text.lower(at + 2) == "and" and text.is_day(at + 3):
        return _joined(_day_of(text, at + 1, at + 3), text.single(at + 3))
    first = text.single(at + 1)
    if first is None or text.lower(first.end) != "and":
        return None
    last = text.single(first.end + 1)
    if last is None:
        return None
    year = text.lower(last.end - 1)
    if last.interval is not None and len(year) == 4 and year not in text.lower(first.end - 1):
        # The year is said with the last day only.
        of_year = _with_year(text, at + 1, first.end, last.end - 1)
        first = of_year or first
    return _joined(first, last)


def _dashed(text: _Text, at: int) -> DateAt | None:
    """As in "2-5 November 2020", "November 4-6, 2020", "the 4th or 5th of May"."""
    if text.lower(at) == "the" and text.is_day(at + 1):
        return _dashed(text, at + 1)
    if text.is_day(at) and text.lower(at + 1) in _DASHES and text.is_day(at + 2):
        last = text.single(at + 2)
        if last is None or last.end == at + 3:
            return None
        if text.lower(at + 1) == "or":
            # One of the two, and nobody knows which.
            return DateAt(None, last.end)
        return _joined(_day_of(text, at, at + 2), last)
    if text.is_day(at + 1) and text.lower(at + 2) in _DASHES and text.is_day(at + 3):
        # Not "May 3-June 5"; the days share the month before them.
        month = text.tokens[at]
        if month.kind != "word" or not month.capital:
            return None
        head = [text.tokens[at], text.tokens[at + 1], *text.tokens[at + 4 : at + 4 + 3]]
        tail = [text.tokens[at], text.tokens[at + 3], *text.tokens[at + 4 : at + 4 + 3]]
        first = dates.date_at(head, 0, text.published)
        last = dates.date_at(tail, 0, text.published)
        if first is None or last is None or first.end != last.end or last.end < 2:
            return None
        return _joined(first, DateAt(last.interval, at + 2 + last.end))
    return None


def _day_of(text: _Text, day: int, other: int) -> DateAt | None:
    """The date of the day at one token by the month and year that follow another day."""
    pieces = [text.tokens[day], *text.tokens[other + 1 : other + _LONGEST]]
    return dates.date_at(pieces, 0, text.published)


def _with_year(text: _Text, begin: int, end: int, year: int) -> DateAt | None:
    pieces = [*text.tokens[begin:end], text.tokens[year]]
    found = dates.date_at(pieces, 0, text.published)
    return found if found is not None and found.end == len(pieces) else None


def _joined(first: DateAt | None, last: DateAt | None) -> DateAt | None:
    """From the first day of the one to the last of the other; None if they do not fit."""
    if first is None or last is None:
        return None
    if first.interval is None or last.interval is None:
        return DateAt(None, last.end)
    begin, end = first.interval.first, last.interval.last
    if begin > end:
        return None
    return DateAt(DateInterval(first=begin, last=end), last.end)
