"""Days, months and years as people write them, absolute or told from the day of publication.

A date without a year is the latest such date not after the publication's last day; without a
publication date it is unknown (None), never guessed. "06/11/2017" is read only where one of its two
readings is impossible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from osint.claims import DateInterval
from osint.extract.lexicon import listed
from osint.extract.tokens import Token

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    [
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sept sep",
        "october oct",
        "november nov",
        "december dec",
    ],
    start=1,
):
    _MONTHS |= dict.fromkeys(_names.split(), _number)
_WEEKDAYS: dict[str, int] = {}
_DAYS = "monday mon|tuesday tue tues|wednesday wed|thursday thu thurs|friday fri|saturday sat"
for _number, _names in enumerate([*_DAYS.split("|"), "sunday sun"]):
    _WEEKDAYS |= dict.fromkeys(_names.split(), _number)
_COUNTS = {
    word: number
    for number, word in enumerate(listed("a two three four five six seven eight nine ten"), start=1)
} | {"one": 1, "an": 1}
_DAYTIMES = frozenset({"night", "morning", "afternoon", "evening"})
_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_PUBLISHED = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FIRST_YEAR, _LAST_YEAR = 1500, 2200
# Before this year a figure is as often a count: "in 1500 homes".
_COMMON_YEAR = 1800
_AFTER_COUNTS = frozenset({"km", "m", "people", "miles"})
_AFTER_YEARS = frozenset({"when", "by", "and", "but", "as", "after", "it", "the", "under"})
_BEFORE_MONTHS = frozenset({"in", "since", "last", "by", ",", "of", "between"})


@dataclass(frozen=True, slots=True)
class DateAt:
    """A date expression up to token ``end``; ``interval`` is None where it cannot be placed."""

    interval: DateInterval | None
    end: int


def _day(year: int, month: int, day: int) -> DateInterval | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return DateInterval(first=found, last=found)


def _month(year: int, month: int, first: int = 1, last: int = 31) -> DateInterval:
    following = date(year + month // 12, month % 12 + 1, 1)
    length = (following - timedelta(days=1)).day
    return DateInterval(
        first=date(year, month, min(first, length)), last=date(year, month, min(last, length))
    )


def parse_published(text: str) -> DateInterval:
    """A publication date: "2017-06-13", "2017-06" or "2017".

    Raises:
        ValueError: if it is none of these, or no such day exists.
    """
    found = _PUBLISHED.fullmatch(text.strip())
    problem = f"publication date {text!r} is not understood: write 2017-06-13, 2017-06 or 2017"
    if found is None:
        raise ValueError(problem)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if not _FIRST_YEAR <= year <= _LAST_YEAR or (found[2] and not 1 <= month <= 12):
        raise ValueError(problem)
    if found[3]:
        whole = _day(year, month, day)
        if whole is None:
            raise ValueError(problem)
        return whole
    if found[2]:
        return _month(year, month)
    return DateInterval(first=date(year, 1, 1), last=date(year, 12, 31))


def _is_figure(text: str) -> bool:
    """Whether it is a plain number short enough for a day, a month or a year."""
    return len(text) <= 4 and text.isascii() and text.isdigit()


class _Reader:
    """Reads dates out of one sentence's tokens."""

    def __init__(self, tokens: Sequence[Token], published: DateInterval | None) -> None:
        self.tokens = tokens
        self.published = published

    def lower(self, at: int) -> str:
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def month(self, at: int) -> tuple[int, int] | None:
        """(month, end) if a capitalised month name stands here; its full stop is skipped."""
        if at >= len(self.tokens) or not self.tokens[at].text.removeprefix("mid-")[:1].isupper():
            return None
        number = _MONTHS.get(self.tokens[at].lower.removeprefix("mid-"))
        if number is None:
            return None
        short = len(self.tokens[at].lower) <= len("sept") and self.tokens[at].lower != "may"
        dotted = short and self.lower(at + 1) == "." and not self.tokens[at + 1].spaced
        return number, at + (2 if dotted and at + 2 < len(self.tokens) else 1)

    def day(self, at: int) -> tuple[int, int] | None:
        if at >= len(self.tokens) or self.tokens[at].kind not in {"number", "ordinal"}:
            return None
        digits = self.lower(at).rstrip("stndrh")
        if not _is_figure(digits) or not 1 <= int(digits) <= 31:
            return None
        return int(digits), at + 1

    def year(self, at: int) -> tuple[int, int] | None:
        if self.lower(at) in {",", "of"}:
            at += 1
        text = self.lower(at)
        if len(text) == 4 and text.isascii() and text.isdigit():
            value = int(text)
            after = self.lower(at + 1)
            known = value >= _COMMON_YEAR or not after[:1].isalpha() or after in _AFTER_YEARS
            if _FIRST_YEAR <= value <= _LAST_YEAR and known and after not in _AFTER_COUNTS:
                return value, at + 1
        return None

    def placed(self, month: int, day: int | None, part: tuple[int, int]) -> DateInterval | None:
        """A date without a year: the latest one that does not begin after the publication."""
        if self.published is None:
            return None
        latest = self.published.last
        for year in range(latest.year, latest.year - 9, -1):
            found = _day(year, month, day) if day else _month(year, month, *part)
            if found is not None and found.first <= latest:
                return found
        return None

    def read(self, at: int) -> DateAt | None:
        return (
            self.numeric(at)
            or self.day_month(at)
            or self.month_first(at)
            or self.year_alone(at)
            or self.relative(at)
        )

    def numeric(self, at: int) -> DateAt | None:
        """2017-06-11, 2017/06/11, 11.06.2017, 13/06/2017."""
        if at >= len(self.tokens) or self.tokens[at].kind != "number":
            return None
        # "11.06.2017" reaches us as "11.06" ".", "2017".
        raw, end = "", at
        while end < len(self.tokens) and end < at + 6:
            token = self.tokens[end]
            if end > at and token.spaced:
                break
            if token.kind != "number" and token.text not in {"-", "/", "."}:
                break
            raw, end = raw + token.text, end + 1
        raw_trimmed = raw.rstrip("-/.")
        while end > at and self.tokens[end - 1].kind != "number":
            end -= 1
        parts = re.split(r"[-/.]", raw_trimmed)
        if len(parts) != 3 or not all(_is_figure(part) for part in parts):
            return None
        numbers = [int(part) for part in parts]
        if len(parts[0]) == 4:
            found = _day(numbers[0], numbers[1], numbers[2])
        elif len(parts[2]) == 4:
            readings = {
                _day(numbers[2], numbers[1], numbers[0]),
                _day(numbers[2], numbers[0], numbers[1]),
            } - {None}
            found = readings.pop() if len(readings) == 1 else None
        else:
            return None
        return DateAt(found, end)

    def day_month(self, at: int) -> DateAt | None:
        """3 May 2018, the 29th of May, Friday 3 May."""
        at = self.skip_weekday(at)
        day = self.day(at + 1 if self.lower(at) == "the" else at)
        if day is None:
            return None
        after = day[1] + (self.lower(day[1]) == "of")
        month = self.month(after)
        return self.finish(month, day[0], month[1]) if month else None

    def month_first(self, at: int) -> DateAt | None:
        """June 11, June 11th 2017, June 2017, early June, mid-June."""
        at = self.skip_weekday(at)
        part, begin = self.part(at)
        month = self.month(begin)
        if month is None:
            return None
        day = self.day(month[1])
        if day is not None and part is None:
            return self.finish(month, day[0], day[1])
        if part is None and self.lower(begin) in {"may", "march"} and not self.plain_month(begin):
            return None
        year = self.year(month[1])
        span = part or (1, 31)
        if year is not None:
            return DateAt(_month(year[0], month[0], *span), year[1])
        return DateAt(self.placed(month[0], None, span), month[1])

    def part(self, at: int) -> tuple[tuple[int, int] | None, int]:
        if self.lower(at) in _PARTS:
            return _PARTS[self.lower(at)], at + 1 + (self.lower(at + 1) == "-")
        if self.lower(at).startswith("mid-"):
            return _PARTS["mid"], at
        return None, at

    def plain_month(self, at: int) -> bool:
        """Whether "May" or "March" here is a month: after a preposition, or before a year."""
        before = self.lower(at - 1)
        return self.year(at + 1) is not None or before in _BEFORE_MONTHS

    def finish(self, month: tuple[int, int] | None, day: int, end: int) -> DateAt | None:
        if month is None:
            return None
        year = self.year(end)
        if year is not None:
            return DateAt(_day(year[0], month[0], day), year[1])
        return DateAt(self.placed(month[0], day, (1, 31)), end)

    def skip_weekday(self, at: int) -> int:
        if self.lower(at) in _WEEKDAYS and at + 2 < len(self.tokens):
            return at + 1 + (self.lower(at + 1) in {",", "."})
        return at

    def year_alone(self, at: int) -> DateAt | None:
        before = self.lower(at - 1)
        if before not in {"in", ",", "since", "from", "during", "(", "early", "late"}:
            return None
        if self.lower(at) in {",", "of"}:
            return None
        year = self.year(at)
        if year is None:
            return None
        whole = DateInterval(first=date(year[0], 1, 1), last=date(year[0], 12, 31))
        return DateAt(whole, year[1])

    def relative(self, at: int) -> DateAt | None:
        """Today, yesterday, last Friday, last week, earlier this month, two weeks ago."""
        word, after = self.lower(at), self.lower(at + 1)
        steps = {"today": 0, "tonight": 0, "yesterday": 1}
        if word in steps:
            return DateAt(self.shift(steps[word]), at + 1)
        if word in {"earlier", "later"} and after == "this":
            unit = self.lower(at + 2)
            if unit in {"week", "month", "year"}:
                return DateAt(self.earlier(unit), at + 3)
        if word in {"last", "this", "past"} and after in {"week", "month", "year"}:
            found = self.last(after) if word == "last" else self.earlier(after)
            return DateAt(found, at + 2)
        if (
            word in {"last", "this"}
            and after in _DAYTIMES
            and (word == "this") == (after != "night")
        ):
            return DateAt(self.shift(0 if word == "this" else 1), at + 2)
        weekday = at + 1 if word in {"last", "this", "on", "past"} else at
        name = self.lower(weekday)
        if name in _WEEKDAYS and self.words_at(weekday + 1, "of", "last", "week"):
            return DateAt(self.weekday_before(_WEEKDAYS[name]), weekday + 4)
        if name in _WEEKDAYS and self.words_at(weekday + 1, "last", "week"):
            return DateAt(self.weekday_before(_WEEKDAYS[name]), weekday + 3)
        if name in _WEEKDAYS and weekday > at:
            # "on Saturday, Dec. 10, 2022"
            fuller = self.day_month(weekday) or self.month_first(weekday)
            if fuller is not None and self.lower(fuller.end - 1) not in _MONTHS:
                return fuller
        if name in _WEEKDAYS and self.tokens[weekday].text[:1].isupper() and len(name) > 3:
            return DateAt(self.weekday(_WEEKDAYS[name], strict=word == "last"), weekday + 1)
        count = _COUNTS.get(word) or (int(word) if _is_figure(word) else 0)
        unit = after.removesuffix("s")
        if 0 < count < 1000 and unit in {"day", "week", "month", "year"}:
            ago = self.lower(at + 2) in {"ago", "earlier"}
            return DateAt(self.ago(count, unit), at + 3) if ago else None
        return None

    def shift(self, days: int) -> DateInterval | None:
        if self.published is None:
            return None
        step = timedelta(days=days)
        return DateInterval(first=self.published.first - step, last=self.published.last - step)

    def weekday(self, number: int, *, strict: bool) -> DateInterval | None:
        """The last such day up to publication; "last Friday" said on a Friday is a week back."""
        if self.published is None or self.published.first != self.published.last:
            return None
        back = (self.published.last.weekday() - number) % 7
        return self.shift(back or (7 if strict else 0))

    def words_at(self, at: int, *words: str) -> bool:
        return all(self.lower(at + step) == word for step, word in enumerate(words))

    def weekday_before(self, number: int) -> DateInterval | None:
        """As in "Thursday last week"."""
        week = self.last("week")
        if week is None:
            return None
        day = week.first + timedelta(days=number)
        return DateInterval(first=day, last=day)

    def earlier(self, unit: str) -> DateInterval | None:
        if self.published is None:
            return None
        last = self.published.last
        starts = {
            "week": last - timedelta(days=last.weekday()),
            "month": last.replace(day=1),
            "year": last.replace(month=1, day=1),
        }
        return DateInterval(first=starts[unit], last=last)

    def last(self, unit: str) -> DateInterval | None:
        if self.published is None or self.published.first != self.published.last:
            return None
        day = self.published.first
        if unit == "week":
            monday = day - timedelta(days=day.weekday() + 7)
            return DateInterval(first=monday, last=monday + timedelta(days=6))
        if unit == "month":
            before = day.replace(day=1) - timedelta(days=1)
            return _month(before.year, before.month)
        return DateInterval(first=date(day.year - 1, 1, 1), last=date(day.year - 1, 12, 31))

    def ago(self, count: int, unit: str) -> DateInterval | None:
        if unit in {"day", "week"}:
            return self.shift(count * (7 if unit == "week" else 1))
        if self.published is None or count > 12:
            return None
        day = self.published.last
        if unit == "year":
            return DateInterval(
                first=date(day.year - count, 1, 1), last=date(day.year - count, 12, 31)
            )
        months = day.year * 12 + day.month - 1 - count
        return _month(months // 12, months % 12 + 1)


OPENERS = frozenset({*_MONTHS, *_WEEKDAYS, *_COUNTS, *_PARTS}) | frozenset(
    listed("the today tonight yesterday earlier later last this past on")
)


_UNITS = _DAYTIMES | frozenset(listed("day week month year days weeks months years"))


def may_open_date(tokens: Sequence[Token], at: int) -> bool:
    """Whether a date can begin with this word; most cannot, and need no further look."""
    token = tokens[at]
    if token.kind != "word":
        return token.kind != "punct"
    word = token.lower
    if word not in OPENERS:
        return word.startswith("mid-")
    after = tokens[at + 1] if at + 1 < len(tokens) else token
    if word == "the":
        return after.kind != "word"
    if word in _COUNTS:
        return after.lower in _UNITS
    if word in {"on", "this", "last", "past"}:
        return after.lower in _WEEKDAYS or after.lower in _UNITS
    return True


def date_at(
    tokens: Sequence[Token], at: int, published: DateInterval | None = None
) -> DateAt | None:
    """The date expression that begins at token ``at``, or None."""
    if not 0 <= at < len(tokens) or not may_open_date(tokens, at):
        return None
    return _Reader(tokens, published).read(at)
