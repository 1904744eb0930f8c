"""A photo's capture time against the date its caption claims."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

from osint.checks.trust import BASIS, F_WRONG, G_FORGED, bounded_log_lr
from osint.claims import DateInterval
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts

# A false date is wrong by a number of days that is log-uniform over 1 to 1,000, early or late.
_LOG_RANGE = math.log(1000.0)
# A time without a zone may fall on the day before or after in the place's own zone.
_ZONE_SLACK = timedelta(days=1)


def check_time(facts: PhotoFacts, claimed: DateInterval, *, claim_id: str) -> Evidence | None:
    """The photo's capture time as evidence on the claimed date; None if it has no usable time."""
    if facts.taken_at is None:
        return None
    taken = facts.taken_at.date()
    slack = timedelta(0) if facts.utc_offset else _ZONE_SLACK
    days = (claimed.last - claimed.first).days + 1
    late = _days_outside(taken, claimed)
    if claimed.first <= taken <= claimed.last:
        if_true = 1.0 / days
    elif claimed.first - slack <= taken <= claimed.last + slack:
        # Some zones put it on the claimed day; how many depends on the hour, so half.
        if_true = 0.5 / days
    else:
        if_true = 0.0
    if_false = 1.0 / (2 * (abs(late) + 1) * _LOG_RANGE * days)
    log_lr = bounded_log_lr(if_true, if_false)
    when = "within" if late == 0 else f"{abs(late)} days {'after' if late > 0 else 'before'}"
    zone = f"UTC{facts.utc_offset}" if facts.utc_offset else "no time zone given"
    return Evidence(
        id=f"{claim_id}.time",
        claim_id=claim_id,
        check="photo_time",
        log_lr=log_lr,
        summary=(
            f"{facts.path} was taken {facts.taken_at:%Y-%m-%d %H:%M:%S} ({zone}) by its own clock, "
            f"{when} the claimed date ({claimed}). {BASIS}."
        ),
        origin=f"EXIF of {facts.path}",
        measurements=(
            Measurement(quantity="capture time", value=facts.taken_at.isoformat(), unit="local"),
            Measurement(quantity="days outside the claimed date", value=float(late), unit="d"),
        ),
        provenance=(
            Provenance(source="EXIF DateTimeOriginal", locator=facts.path, sha256=facts.sha256),
        ),
    )


def time_predictive(evidence: Evidence) -> float:
    """Probability that the claimed date holds, by the photo's clock alone."""
    inside = any(
        m.quantity == "days outside the claimed date" and m.value == 0.0
        for m in evidence.measurements
    )
    return 1 - G_FORGED if inside else F_WRONG


def _days_outside(day: date, interval: DateInterval) -> int:
    """Days after (positive) or before (negative) the interval; 0 inside."""
    if day > interval.last:
        return (day - interval.last).days
    if day < interval.first:
        return (day - interval.first).days
    return 0
