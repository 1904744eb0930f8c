"""A photo's capture time against the date its caption claims, by the clocks of the claimed place.

A date is that of the place. A time with an offset, or with a GPS time that tells the clock's
offset, is an instant, and falls on one day there. A time without either is a clock's: mostly that
of the place, for the rest of anywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from osint.checks.photo_hours import zone_at
from osint.checks.trust import F_WRONG, G_FORGED, basis, bounded_log_lr
from osint.claims import DateInterval
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from gazetteer.position import Position
    from imagery.photo.facts import PhotoFacts

# A false date is wrong by a number of days that is log-uniform over 1 to 1,000, early or late.
_LOG_RANGE = math.log(1000.0)
# A clock without a zone shows the time of the place; the rest are set to any zone there is (from
# judgement: telephones set themselves, travellers' cameras do not).
CLOCK_OF_PLACE = 0.85
_OFFSETS_H = range(-12, 15)
# A fix may be an hour old, and local time is nowhere further than 14 hours from UTC.
_OLD_FIX = timedelta(hours=1)
_FURTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """The day at the claimed place, how surely it lies within the claimed ones, and by which clock.

    ``instant`` is None where only a clock's time is known.
    """

    day: date
    share_inside: float
    clock: str
    source: str
    instant: datetime | None


def check_time(
    facts: PhotoFacts,
    claimed: DateInterval,
    *,
    claim_id: str,
    place: Position | None = None,
    forged: float = G_FORGED,
) -> Evidence | None:
    """The photo's capture time as evidence on the claimed date; None if it has no usable time.

    Where the clock and the GPS time are too far apart for any time zone, one of them is wrong:
    nothing is said if only one of the two falls on the claimed days.

    Args:
        facts: of the photo.
        claimed: the days claimed, by the clocks of the claimed place.
        claim_id: the claim.
        place: the claimed place, for its time zone; None if it is not known where that is: then an
            instant is taken by the clock's own offset.
        forged: the chance that EXIF was made to match.
    """
    zone = zone_at(place) if place is not None else None
    taken = _taken(facts, claimed, zone)
    if taken is None:
        return None
    late = _days_outside(taken.day, claimed)
    fix = _other_clock(facts)
    if fix is not None:
        by_fix = _days_outside(_at(fix, zone).date(), claimed)
        if (by_fix == 0) != (late == 0):
            # One of the two clocks is wrong, and nothing says which.
            return None
        # Whichever is right: the one that speaks less against the caption.
        late = min(late, by_fix, key=abs)
    days = (claimed.last - claimed.first).days + 1
    if_false = 1.0 / (2 * (abs(late) + 1) * _LOG_RANGE * days)
    when = "within" if late == 0 else f"{_days(late)} {'after' if late > 0 else 'before'}"
    if fix is not None:
        when = f"{when} (at least: its GPS time is {fix:%Y-%m-%d %H:%M} UTC)" if late else when
    shown = taken.instant or facts.taken_at
    return Evidence(
        id=f"{claim_id}.time",
        claim_id=claim_id,
        check="photo_time",
        log_lr=bounded_log_lr(taken.share_inside / days, if_false, forged=forged),
        summary=(
            f"{facts.path} was taken {shown:%Y-%m-%d %H:%M:%S} ({taken.clock}) by its own clock, "
            f"{when} the claimed date ({claimed}). {basis(forged)}."
        ),
        origin=f"EXIF of {facts.path}",
        measurements=(
            Measurement(
                quantity="capture time", value=shown.isoformat() if shown else "", unit="local"
            ),
            Measurement(quantity="days outside the claimed date", value=float(late), unit="d"),
            Measurement(
                quantity="chance of the claimed date by that clock",
                value=taken.share_inside,
                unit="1",
            ),
        ),
        provenance=(Provenance(source=taken.source, locator=facts.path, sha256=facts.sha256),),
    )


def time_predictive(evidence: Evidence, *, forged: float = G_FORGED) -> float:
    """Probability that the claimed date holds, by the photo's clock alone."""
    inside = any(
        m.quantity == "days outside the claimed date" and m.value == 0.0
        for m in evidence.measurements
    )
    return 1 - forged if inside else F_WRONG


def instant_of(facts: PhotoFacts) -> tuple[datetime, str, str] | None:
    """When a photo was taken, aware, with whose offset that is and which tag gave it.

    None where the file gives neither an offset nor a GPS time that its clock agrees with.
    """
    taken = facts.taken_at
    if taken is None:
        if facts.gps_time_utc is None:
            return None
        return facts.gps_time_utc, "UTC, of the satellite fix", "EXIF GPS time"
    if taken.tzinfo is not None:
        return taken, f"UTC{facts.utc_offset}", "EXIF DateTimeOriginal"
    if facts.implied_offset is None:
        return None
    hours, minutes = facts.implied_offset[1:].split(":")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-ahead if facts.implied_offset[0] == "-" else ahead)
    return (
        taken.replace(tzinfo=zone),
        f"UTC{facts.implied_offset} by its GPS time",
        "EXIF DateTimeOriginal and GPS time",
    )


def _other_clock(facts: PhotoFacts) -> datetime | None:
    """The GPS time, where the camera's clock is further from it than a time zone explains."""
    taken, fix = facts.taken_at, facts.gps_time_utc
    if taken is None or fix is None or facts.implied_offset is not None:
        return None
    slack = _OLD_FIX if taken.tzinfo is not None else _FURTHEST_ZONE + _OLD_FIX
    aware = taken if taken.tzinfo is not None else taken.replace(tzinfo=UTC)
    return fix if abs(aware - fix) > slack else None


def _days(late: int) -> str:
    return "1 day" if abs(late) == 1 else f"{abs(late)} days"


def _taken(facts: PhotoFacts, claimed: DateInterval, zone: tzinfo | None) -> _Taken | None:
    found = instant_of(facts)
    if found is not None:
        instant, offset, source = found
        there = _at(instant, zone)
        inside = claimed.first <= there.date() <= claimed.last
        clock = offset if zone is None else f"{there:%H:%M on %Y-%m-%d} at the claimed place; "
        return _Taken(
            day=there.date(),
            share_inside=float(inside),
            clock=clock if zone is None else clock + offset,
            source=source,
            instant=instant,
        )
    if facts.taken_at is None:
        return None
    return _Taken(
        day=facts.taken_at.date(),
        share_inside=_share_inside(facts.taken_at, claimed, zone),
        clock="no time zone given",
        source="EXIF DateTimeOriginal",
        instant=None,
    )


def _at(instant: datetime, zone: tzinfo | None) -> datetime:
    """An instant by the clocks of a place; by its own where that day is beyond the calendar."""
    if zone is None:
        return instant
    try:
        return instant.astimezone(zone)
    except (OverflowError, ValueError):
        return instant


def _share_inside(clock: datetime, claimed: DateInterval, zone: tzinfo | None) -> float:
    """The chance that a clock without a zone means one of the claimed days at the place."""
    try:
        local = clock.replace(tzinfo=zone or UTC).utcoffset() or timedelta(0)
        elsewhere = [
            claimed.first <= (clock + local - timedelta(hours=hours)).date() <= claimed.last
            for hours in _OFFSETS_H
        ]
    except (OverflowError, ValueError):
        return 0.0
    here = claimed.first <= clock.date() <= claimed.last
    return CLOCK_OF_PLACE * here + (1 - CLOCK_OF_PLACE) * sum(elsewhere) / len(elsewhere)


def _days_outside(day: date, interval: DateInterval) -> int:
    """Days after (positive) or before (negative) the interval; 0 inside."""
    if day > interval.last:
        return (day - interval.last).days
    if day < interval.first:
        return (day - interval.first).days
    return 0
