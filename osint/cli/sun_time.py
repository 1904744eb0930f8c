"""The TIME of ``osint sun``: an instant or a day, and whose clocks it was read by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Literal

from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.position import Position

HELP = (
    "write 2017-06-11T14:00+03:00, '2017-06-11 14:00 Asia/Damascus', '2017-06-11 14:00 local' or "
    "2017-06-11"
)
_LONGEST = 80
# EXIF writes colons in its dates.
_EXIF = re.compile(r"(\d{4}):(\d\d):(\d\d)(?=$|[ T])", re.ASCII)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]+(\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?)", re.ASCII)
_FURTHEST = timedelta(hours=14)

ZoneFrom = Literal["given", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTime:
    """What TIME means.

    Attributes:
        day: the day at the place, by its own clocks.
        at: the instant; None where only a day was given.
        zone: the zone of the place, or the one that was given by name.
        zone_name: what to call it.
        zone_from: "given" with the time, or the "place"'s.
    """

    day: date
    at: datetime | None
    zone: tzinfo
    zone_name: str
    zone_from: ZoneFrom


def said_time(text: str, place: Position) -> SaidTime:
    """Read TIME; without an offset or a zone it is by the clocks of the place.

    Raises:
        UsageError: it is no time, names an unknown zone, or its clocks were put forward or back
            just then, so that it happened never or twice.
    """
    from osint.checks.photo_hours import zone_at

    text = " ".join(text.split())
    shown = f"TIME {text[:_LONGEST]!r}"
    if len(text) > _LONGEST:
        raise UsageError(f"{shown} is too long; {HELP}")
    body, given, name = _parts(_EXIF.sub(r"\1-\2-\3", text), shown)
    zone = given if given is not None and name is not None else zone_at(place)
    zone_name = name or str(zone)
    source: ZoneFrom = "place" if given is None else "given"
    if _DAY.fullmatch(body):
        day = _day(body, shown)
        _check_that_it_was(day, zone, shown, zone_name)
        return SaidTime(day=day, at=None, zone=zone, zone_name=zone_name, zone_from=source)
    found = _MOMENT.fullmatch(body)
    if found is None:
        raise UsageError(f"{shown} is no time; {HELP}")
    _day(found[1], shown)
    moment = _padded(found[1], found[2], shown)
    at = _once(moment, given if given is not None else zone, shown, zone_name)
    local = at.astimezone(zone)
    return SaidTime(day=local.date(), at=at, zone=zone, zone_name=zone_name, zone_from=source)


def _padded(day: str, clock: str, shown: str) -> datetime:
    hour, _, rest = clock.partition(":")
    try:
        return datetime.fromisoformat(f"{day}T{int(hour):02d}:{rest}")
    except ValueError as error:
        raise UsageError(f"{shown} is no time of a day; {HELP}") from error


def _day(text: str, shown: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{shown} is no day of the calendar; {HELP}") from error
    if not 1800 <= found.year <= 2200:
        raise UsageError(f"{shown} is not in 1800 to 2200; correct the year")
    return found


def _parts(text: str, shown: str) -> tuple[str, tzinfo | None, str | None]:
    """The date and time, the zone if one is given, and its name if it has one."""
    body, _, last = text.rpartition(" ")
    if last.lower() == "local" and body:
        return body, None, None
    if last.upper() in {"Z", "UTC", "GMT"} and body:
        return body, UTC, None
    if _OFFSET.fullmatch(last) and body:
        return body, _offset(last, shown), None
    if body and last[:1].isalpha():
        return body, _named(last, shown), last
    if text[-1:] in "zZ":
        return text[:-1], UTC, None
    at = re.search(r"(?<=:\d\d)(?:\.\d+)?([+-]\d\d?(?::?\d\d)?)$", text, re.ASCII)
    if at is not None:
        return text[: at.start(1)], _offset(at[1], shown), None
    return text, None, None


def _offset(text: str, shown: str) -> tzinfo:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise UsageError(f"{shown} has no usable offset; {HELP}")
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if ahead > _FURTHEST:
        raise UsageError(f"{shown}: no clock is more than 14 hours from UTC; {HELP}")
    return timezone(-ahead if found[1] == "-" else ahead)


def _named(name: str, shown: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"{shown} names no time zone that is known; {HELP}") from error


def _check_that_it_was(day: date, zone: tzinfo, shown: str, zone_name: str) -> None:
    """Whole days were skipped where the date line was moved."""
    noon = datetime.combine(day, time(12), zone)
    if noon.astimezone(UTC).astimezone(zone).date() != day:
        raise UsageError(
            f"{shown} was skipped when the calendar of {zone_name} was changed; give the day "
            "before or after"
        )


def _once(moment: datetime, zone: tzinfo, shown: str, zone_name: str) -> datetime:
    """The one instant at which clocks of a zone showed a time."""
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    # Clocks put forward skip times: converted to UTC and back, such a time changes.
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
    never = back != moment
    what = "was skipped" if never else "happened twice"
    raise UsageError(
        f"{shown} {what} when the clocks of {zone_name} were changed; add its offset from UTC"
    )
