"""The instants at which a caption says its photo was taken: its dates, and its words for the hour.

"At night", "on Friday morning" and "at 14:30" leave some hours of a day; a date alone leaves all of
it. Words are read narrowly: two that differ, or one in another place of the sentence, leave all,
and "Saturday Night Live" is no hour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from gazetteer.position import Position
from osint.claims import DateInterval

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from imagery.sun import Floats, SunTrack

Part = Literal[
    "dawn", "morning", "noon", "afternoon", "evening", "dusk", "night", "midnight", "clock"
]

_STEP_S = 600.0
# Of longer intervals this many days are looked at, evenly.
_MOST_DAYS = 40
# People take a photo less often in the dark: by so much (from judgement).
DARK_WEIGHT = 0.25
# A said clock time is rounded, and clocks are off.
_CLOCK_SLACK_S = 1_800.0
# Twilight and the sun within a hand's breadth of the horizon.
_LOW_DEG = (-9.0, 4.0)
_DARK_DEG = -4.0
_DAY_S = 86_400.0

_PARTS: dict[str, Part] = {
    "dawn": "dawn", "sunrise": "dawn", "daybreak": "dawn", "morning": "morning", "noon": "noon",
    "midday": "noon", "noontime": "noon", "afternoon": "afternoon", "evening": "evening",
    "dusk": "dusk", "sunset": "dusk", "nightfall": "dusk", "night": "night", "midnight": "midnight",
}  # fmt: skip
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|this|that|last|the same|"
    r"(?:jan|febr)uary \d{1,2}|(?:march|april|may|june|july) \d{1,2}|"
    r"(?:august|september|october|november|december) \d{1,2}"
)
_SAID = re.compile(
    r"\b(?:at|around|about|near|towards?|by|just (?:before|after)) "
    r"(?P<at>dawn|sunrise|daybreak|noon|midday|noontime|dusk|sunset|nightfall|night|midnight)\b"
    r"|\b(?:in|during|throughout) the (?:early |late |mid-?)?"
    r"(?P<during>morning|afternoon|evening|night)\b"
    rf"|\b(?:{_DAYS})(?: in the)? (?:early |late |mid-?)?"
    r"(?P<day>(?-i:morning|afternoon|evening|night))\b"
    r"|\b(?P<overnight>overnight)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:at|around|about) (?P<hour>[01]?\d|2[0-3])"
    r"(?:[:.](?P<minute>[0-5]\d)(?! ?%)(?: ?(?P<half>[ap])\.?m\b\.?)?| ?(?P<bare>[ap])\.?m\b\.?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What a caption says of the time of day: a part of it, or a clock time in minutes."""

    part: Part
    words: str
    minutes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTimes:
    """Instants of a claim, each with a weight; they sum to 1.

    Attributes:
        unix_s: (n,) seconds since 1970.
        weight: (n,) how likely a photo of the claim was taken then: the same for all, less in the
            dark.
        azimuth_deg: (n,) the sun's at the claimed place; ``elevation_deg`` likewise, apparent.
        text: the claim's time in words ("2017-06-11, at night").
        zone: whose clocks were used.
    """

    unix_s: Floats
    weight: Floats
    azimuth_deg: Floats
    elevation_deg: Floats
    text: str
    zone: tzinfo


def said_hours(caption: str) -> Hours | None:
    """The time of day a caption tells; None where it tells none, or two that differ."""
    found: dict[tuple[Part, tuple[int, ...]], str] = {}
    for match in _SAID.finditer(caption):
        word = match["at"] or match["during"] or match["day"] or match["overnight"]
        part = _PARTS.get(word.lower(), "night")
        found[part, ()] = match[0]
    for match in _CLOCK.finditer(caption):
        minutes = _minutes(match)
        if minutes:
            found["clock", minutes] = match[0]
    if len(found) != 1:
        return None
    ((part, minutes), words), *_ = found.items()
    return Hours(part=part, words=" ".join(words.split()), minutes=minutes)


def claimed_times(
    claimed: DateInterval, place: Position, zone: tzinfo, hours: Hours | None = None
) -> ClaimedTimes | None:
    """The instants that a date and the words for an hour leave, with the sun over the place.

    Returns:
        None for dates before 1800 or after 2200: no photo is of those.
    """
    import numpy as np

    from imagery.sun import FIRST_YEAR, LAST_YEAR, civil_day, sun_positions

    if claimed.first.year < FIRST_YEAR or claimed.last.year > LAST_YEAR:
        return None
    days = _days(claimed)
    stretches, starts = [], []
    for day in days:
        start, end = civil_day(day, zone)
        # The night of a day ends on the next morning.
        late = (
            end + _DAY_S / 2 if hours is not None and hours.part in {"night", "midnight"} else end
        )
        stretches.append(np.arange(start, late, _STEP_S))
        starts.append(np.full(stretches[-1].size, start))
    unix_s, start_s = np.concatenate(stretches), np.concatenate(starts)
    sun = sun_positions(unix_s, lon=place.lon, lat=place.lat)
    kept = np.ones(unix_s.shape, dtype=np.bool_)
    if hours is not None:
        kept = _within(hours, unix_s - start_s, sun)
        # Words that leave nothing, such as "at night" in a polar summer, are nobody's measurement.
        kept = kept if kept.any() else np.ones(unix_s.shape, dtype=np.bool_)
    weight = photo_weight(sun.elevation_deg[kept])
    return ClaimedTimes(
        unix_s=unix_s[kept],
        weight=weight,
        azimuth_deg=sun.azimuth_deg[kept],
        elevation_deg=sun.elevation_deg[kept],
        text=str(claimed) if hours is None else f"{claimed}, {hours.words}",
        zone=zone,
    )


@lru_cache(maxsize=32)
def any_time(place: Position, year: int) -> ClaimedTimes:
    """Every time of a year at a place: what a photo whose caption is false was taken at."""
    import numpy as np

    from imagery.sun import civil_day, sun_positions

    first, last = (civil_day(datetime(year, month, 1).date(), UTC)[0] for month in (1, 12))
    # A step that shares no factor with the day: all hours of all seasons come by.
    unix_s = np.arange(first, last + 31 * _DAY_S, 6_911.0)
    sun = sun_positions(unix_s, lon=place.lon, lat=place.lat)
    return ClaimedTimes(
        unix_s=unix_s,
        weight=photo_weight(sun.elevation_deg),
        azimuth_deg=sun.azimuth_deg,
        elevation_deg=sun.elevation_deg,
        text="any time",
        zone=UTC,
    )


def photo_weight(elevation_deg: Floats) -> Floats:
    """Weights of instants by how often photos are taken then; they sum to 1."""
    import numpy as np

    weight = np.where(elevation_deg > 0.0, 1.0, DARK_WEIGHT)
    return np.asarray(weight / weight.sum())


def zone_at(place: Position) -> tzinfo:
    """The time zone of a place, today's boundaries; a nautical one at sea."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    name = _finder().timezone_at(lng=place.lon, lat=place.lat)
    try:
        return ZoneInfo(str(name)) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@cache
def _finder() -> Any:
    import atexit

    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder()
    # It holds files open, and otherwise complains of that when the process ends.
    atexit.register(finder.cleanup)
    return finder


def _minutes(match: re.Match[str]) -> tuple[int, ...]:
    """Minutes after midnight that a clock time can mean."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or match["bare"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return ()
        return (hour % 12 * 60 + minute + (720 if half == "p" else 0),)
    if hour < 13 and not match["hour"].startswith("0"):
        # "At 6:30" is said of both halves of the day.
        return (hour % 12 * 60 + minute, hour % 12 * 60 + minute + 720)
    return (hour * 60 + minute,)


def _days(claimed: DateInterval) -> list[date]:
    count = (claimed.last - claimed.first).days + 1
    step = max(1, count // _MOST_DAYS)
    return [claimed.first + timedelta(days=n) for n in range(0, count, step)]


def _within(hours: Hours, since_s: Floats, sun: SunTrack) -> npt.NDArray[np.bool_]:
    """Which instants, seconds after local midnight, a word or clock time means."""
    import numpy as np

    height = sun.elevation_deg
    # Before transit the sun stands in the east.
    east = np.sin(np.radians(sun.azimuth_deg)) > 0
    low = (height > _LOW_DEG[0]) & (height < _LOW_DEG[1])
    hour = since_s / 3_600.0
    match hours.part:
        case "dawn":
            return low & east
        case "dusk":
            return low & ~east
        case "night":
            return height < _DARK_DEG
        case "midnight":
            return (hour < 1.5) | ((hour > 22.5) & (hour < 25.5))
        case "noon":
            # Noon of the clock, and of the sun in zones that differ from it.
            return (hour >= 11.0) & (hour < 14.0)
        case "morning":
            return (hour >= 3.0) & (hour < 12.5)
        case "afternoon":
            return (hour >= 11.5) & (hour < 19.0)
        case "evening":
            return hour >= 16.0
        case "clock":
            apart = [np.abs(since_s - 60.0 * minutes) for minutes in hours.minutes]
            return np.asarray(np.minimum.reduce(apart) <= _CLOCK_SLACK_S)
