"""The clock of a camera against the zone of the place it says it stood in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from imagery.photo.integrity.signal import Signal

if TYPE_CHECKING:
    from gazetteer.position import Position
    from imagery.photo.facts import PhotoFacts

SIGNAL = "clock offset unlike the place's zone"


def with_zone(facts: PhotoFacts) -> PhotoFacts:
    """The facts with a signal if the clock's offset, stated or else implied, is not the place's."""
    offset = facts.utc_offset or facts.implied_offset
    if facts.position is None or facts.taken_at is None or offset is None:
        return facts
    how = "as the file states it" if facts.utc_offset else "of its clock from the GPS time"
    signal = zone_signal(facts.position, facts.taken_at, offset, how)
    return replace(facts, signals=(*facts.signals, signal)) if signal else facts


def zone_signal(position: Position, taken_at: datetime, offset: str, how: str) -> Signal | None:
    """A signal if the zone at a position has another offset than the file's at that time.

    Args:
        position: where the file says it was taken.
        taken_at: local time.
        offset: of the clock from UTC ("+03:00").
        how: where the offset comes from, in words.
    """
    name = _finder().timezone_at(lng=position.lon, lat=position.lat)
    if name is None or name.startswith("Etc/"):
        # At sea a ship keeps what time it likes.
        return None
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    local = taken_at.replace(tzinfo=zone)
    there = local.utcoffset()
    if there is None or _text(there) == offset:
        return None
    return Signal(
        signal=SIGNAL,
        value=f"{offset} ({how}); at the position {_text(there)} ({name})",
        means=(
            "the clock was set to another zone than the position's: a traveller's camera, one "
            "nobody set for summer time, or a position or time that is not the photo's"
        ),
        misleads=(
            "often for cameras without a telephone's network: their owners seldom set the clock "
            "when they travel; also within some kilometres of a border between zones"
        ),
    )


def _text(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


@cache
def _finder() -> Any:
    import atexit

    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder()
    # It holds files open, and otherwise complains of that when the process ends.
    atexit.register(finder.cleanup)
    return finder
