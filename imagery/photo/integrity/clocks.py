"""Times inside a file that do not go together, and fixes that are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from imagery.photo.fields import Fields
from imagery.photo.integrity.signal import Signal

_DAY = timedelta(days=1)
# Local time is nowhere further from UTC.
_FURTHEST_ZONE = timedelta(hours=14)
# A fix is kept for a while after the sky was last seen.
_OLD_FIX = timedelta(hours=1)
_NULL_ISLAND = "0, 0"


def clock_signals(fields: Fields) -> Iterator[Signal]:
    """Exposure, satellite fix and last writing, against each other."""
    taken, fix = fields.taken_at, fields.gps.time_utc
    if taken is not None and fix is not None:
        # Without a zone the clock may show local time; beyond that no zone explains it.
        slack = _OLD_FIX if taken.tzinfo is not None else _FURTHEST_ZONE + _OLD_FIX
        apart = (taken if taken.tzinfo is not None else taken.replace(tzinfo=UTC)) - fix
        if abs(apart) > slack:
            yield Signal(
                signal="clock and GPS time apart",
                value=(
                    f"{apart / _DAY:+.1f} days"
                    if abs(apart) >= _DAY / 2
                    else f"{apart / timedelta(hours=1):+.1f} h"
                ),
                means=(
                    "the camera's clock or its offset was wrong, the fix was old, or one of them "
                    "was edited"
                ),
                misleads=(
                    "cameras whose clock was never set, and programs that add a position later, "
                    "do this without intent; raised on 9 of 135 sample photos, all of one camera"
                ),
            )
    changed = fields.changed_at
    if taken is not None and changed is not None:
        later = changed - taken.replace(tzinfo=None, microsecond=0)
        if later > _DAY + _FURTHEST_ZONE:
            yield Signal(
                signal="written after it was taken",
                value=changed.isoformat(),
                means=f"the file was written again {later / _DAY:.0f} days after the exposure",
                misleads=(
                    "copying through a program that turns or sorts photos is enough; raised on "
                    "29 of 135 sample photos; a program that leaves the date alone is missed"
                ),
            )


def fix_signals(fields: Fields) -> Iterator[Signal]:
    """Positions that devices write without knowing any."""
    problem = fields.gps.position_problem
    if problem is not None and _NULL_ISLAND in problem:
        yield Signal(
            signal="GPS without a fix",
            value=_NULL_ISLAND,
            means="the device wrote the tags but knew no position",
            misleads="no photo at sea off Ghana at exactly 0, 0 is known to us",
        )
