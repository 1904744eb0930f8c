"""Dates with the hour told beside them: "on Sunday night", "at 06:30 on 4 May", "as early as 2014".

The hour places nothing on the map, so it becomes part of the date's own phrase: a clause is then
read as if the day alone were told. Stretches told from one day to another become one date, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from osint.claims import DateInterval
from osint.extract.lexicon import words
from osint.extract.phrase import Phrase

_HOURS = words("night morning evening afternoon dawn noon midnight midday daybreak dusk sunrise "
               "nightfall sunset")  # fmt: skip
_CLOCK = re.compile(r"(?:(?:around|about|roughly|exactly|some) )?[0-9]{1,2}(?:[.:h][0-9]{2})?"
                    r"(?: ?(?:[ap]\.? ?m\.?|hrs|hours|gmt|utc|o'clock))?")  # fmt: skip
_AT = words("at around about near by after before towards shortly just")
_AS_EARLY = words("early late recently long soon")
_YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}")


def timed(flat: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The phrases of a sentence with hours and stretches made part of their dates."""
    if not any(phrase.kind == "date" or phrase.text == "as" for phrase in flat):
        return tuple(flat)
    found: list[Phrase] = []
    at = 0
    while at < len(flat):
        phrase = flat[at]
        if phrase.text == "as" and phrase.kind == "sub":
            whole, used = _as_early(flat, at)
            if whole is not None:
                found.append(whole)
                at += used
                continue
        if phrase.kind != "date":
            found.append(phrase)
            at += 1
            continue
        end = at
        if _follows(flat, at + 1) and flat[at + 1].text in _HOURS:
            end = at + 1
        whole = _joined(flat, at, at, end)
        if at + 2 < len(flat) and flat[at + 1].text == "to" and flat[at + 2].kind == "date":
            stretch = _stretch(phrase, flat[at + 2].date)
            if stretch is not None and found and found[-1].text == "from":
                whole = replace(_joined(flat, at, at, at + 2), date=stretch)
                end = at + 2
                found.pop()
        _hour_before(found)
        found.append(whole)
        at = end + 1
    return tuple(found)


def _follows(flat: Sequence[Phrase], at: int) -> bool:
    return at < len(flat) and flat[at - 1].stop == flat[at].first


def _joined(flat: Sequence[Phrase], date_at: int, first: int, last: int) -> Phrase:
    if first == last:
        return flat[date_at]
    told = flat[first : last + 1]
    return replace(
        flat[date_at], first=told[0].first, stop=told[-1].stop, start=told[0].start,
        end=told[-1].end, text=" ".join(phrase.text for phrase in told),
    )  # fmt: skip


def _hour_before(found: list[Phrase]) -> None:
    """Drops "at 06:30", "just after midnight" before the "on" of a date.

    What is dropped tells no place, and no rule has to step over it.
    """
    if len(found) < 3 or found[-1].text != "on":
        return
    begin = len(found) - 2
    while (
        begin and found[begin].kind in {"other", "punct"} and found[begin].text[:1] in "0123456789:"
    ):
        begin -= 1
    clock = " ".join(phrase.text for phrase in found[begin + 1 : -1]).replace(" : ", ":")
    if not clock:
        clock, begin = found[begin].text, begin - 1
    hour = clock in _HOURS or (clock[-1:] != " " and _CLOCK.fullmatch(clock) is not None)
    if not hour or begin < 0 or found[begin].text not in _AT:
        return
    while begin and found[begin - 1].text in _AT and found[begin - 1].kind == "adv":
        begin -= 1
    del found[begin:-1]


def _as_early(flat: Sequence[Phrase], at: int) -> tuple[Phrase | None, int]:
    """As in "as early as 2014", "as recently as 3 May"."""
    told = flat[at : at + 4]
    if len(told) < 4 or told[1].text not in _AS_EARLY or told[2].text != "as":
        return None, 0
    when = told[3].date
    if told[3].kind != "date":
        if _YEAR.fullmatch(told[3].text) is None:
            return None, 0
        year = int(told[3].text)
        when = DateInterval(first=date(year, 1, 1), last=date(year, 12, 31))
    whole = replace(
        told[0], kind="date", stop=told[3].stop, end=told[3].end, date=when,
        text=" ".join(phrase.text for phrase in told),
    )  # fmt: skip
    return whole, 4


def _stretch(opens: Phrase, last: DateInterval | None) -> DateInterval | None:
    first = opens.date.first if opens.date is not None else None
    if first is None or last is None:
        return None
    if _YEAR.search(opens.text) is None and (first.month, first.day) != (2, 29):
        # The year is said with the last day only.
        first = first.replace(year=last.last.year)
    return DateInterval(first=first, last=last.last) if first <= last.last else None
