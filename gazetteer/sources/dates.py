"""Dates as gazetteers write them: years, months, days, the looser forms of EDTF.

What cannot be read is None, "not said": a wrong day is worse than none.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

Span = tuple[date | None, date | None]

_DATE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:T[0-9:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_LOOSE = re.compile(r"[~?%]")
_UNKNOWN = re.compile(r"[uUxX]")


def first_day(text: str) -> date | None:
    """The first day that a date may mean: "1917" is 1 January 1917, "198X" 1 January 1980."""
    return _day(text, last=False)


def last_day(text: str) -> date | None:
    """The last day that a date may mean: "1917-02" is 28 February 1917."""
    return _day(text, last=True)


def span(first: str, last: str) -> Span | None:
    """First and last day; None if neither is said or they run backwards."""
    begin, end = first_day(first), last_day(last)
    if (begin is None and end is None) or (begin and end and end < begin):
        return None
    return begin, end


def _day(text: str, *, last: bool) -> date | None:
    if not text or len(text) > 60:
        return None
    # An interval for one end: its near side.
    parts = text.split("/")
    plain = _LOOSE.sub("", parts[-1 if last else 0]).strip().strip("[]{}")
    if _UNKNOWN.search(plain):
        filler = "9" if last else "0"
        head, _, tail = plain.partition("-")
        if _UNKNOWN.match(head):
            return None
        plain = _UNKNOWN.sub(filler, head)
        if tail and not _UNKNOWN.search(tail):
            plain += "-" + tail
    found = _DATE.fullmatch(plain)
    if found is None:
        return None
    year = int(found[1])
    month = int(found[2]) if found[2] else (12 if last else 1)
    if year < 1 or not 1 <= month <= 12:
        return None
    longest = calendar.monthrange(year, month)[1]
    day = int(found[3]) if found[3] else (longest if last else 1)
    return date(year, month, day) if 1 <= day <= longest else None
