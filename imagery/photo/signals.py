"""What in a file's metadata an examiner should look at, each with what it means and does not mean.

A signal is no verdict: editors are used to crop, and clocks are wrong without anybody lying.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

from imagery.photo.fields import Fields
from imagery.photo.words import Words

_EDITORS = re.compile(
    r"photoshop|lightroom|\bgimp\b|paint\.net|snapseed|picasa|affinity|capture one|darktable"
    r"|rawtherapee|acdsee|pixelmator|luminar|irfanview|photoscape|vsco|facetune|canva\b"
    r"|imagemagick|paint shop|corel|polarr|picsart|fotor|\bphotos \d|windows photo",
    re.IGNORECASE,
)
_GENERATORS = re.compile(
    r"midjourney|stable diffusion|dall.?e|firefly|imagen|comfyui|automatic1111|flux\.1",
    re.IGNORECASE,
)
_DAY = timedelta(days=1)
# Local time is nowhere further from UTC.
_FURTHEST_ZONE = timedelta(hours=14)
_NULL_ISLAND = "0, 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Something to look at: what it is called, what the file says, what that means."""

    signal: str
    value: str | None
    means: str

    def as_dict(self) -> dict[str, object]:
        """``{"signal", "value", "means"}``."""
        return {"signal": self.signal, "value": self.value, "means": self.means}


def signals_of(fields: Fields, words: Words, conflicts: Sequence[object]) -> tuple[Signal, ...]:
    """The signals of one file."""
    found = [
        *_software(fields),
        *_clocks(fields),
        *_position(fields),
        *_words(words),
    ]
    if conflicts:
        found.append(
            Signal(
                signal="readers disagree",
                value=str(len(conflicts)),
                means="two programs see different things in this file; trust neither unseen",
            )
        )
    return tuple(found)


def _software(fields: Fields) -> Iterable[Signal]:
    software = fields.software
    if software and _GENERATORS.search(software):
        yield Signal(
            signal="generator software",
            value=software,
            means="a program that makes pictures from words wrote this file",
        )
    elif software and _EDITORS.search(software):
        yield Signal(
            signal="editing software",
            value=software,
            means="an editor saved this file; what it changed, if anything but the size, is open",
        )


def _clocks(fields: Fields) -> Iterable[Signal]:
    taken, fix = fields.taken_at, fields.gps.time_utc
    if taken is not None and fix is not None:
        # Without a zone the clock may show local time; beyond that no zone explains it.
        slack = _DAY if taken.tzinfo is not None else _FURTHEST_ZONE + timedelta(hours=1)
        apart = (taken if taken.tzinfo is not None else taken.replace(tzinfo=UTC)) - fix
        if abs(apart) > slack:
            yield Signal(
                signal="clock and GPS time apart",
                value=f"{apart / _DAY:+.1f} days",
                means="the camera's clock was wrong, the fix was old, or one of them was edited",
            )
    changed = fields.changed_at
    if taken is not None and changed is not None:
        later = changed - taken.replace(tzinfo=None, microsecond=0)
        if later > _DAY + _FURTHEST_ZONE:
            yield Signal(
                signal="written after it was taken",
                value=changed.isoformat(),
                means=f"the file was written again {later / _DAY:.0f} days after the exposure",
            )


def _position(fields: Fields) -> Iterable[Signal]:
    problem = fields.gps.position_problem
    if problem is not None and _NULL_ISLAND in problem:
        yield Signal(
            signal="GPS without a fix",
            value=_NULL_ISLAND,
            means="the device wrote the tags but knew no position",
        )


def _words(words: Words) -> Iterable[Signal]:
    if words.places:
        yield Signal(
            signal="places in the file",
            value="; ".join(words.places),
            means="somebody typed these; they are a claim and no measurement",
        )
