"""What a satellite chip can and cannot support, by its date, coverage and resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from osint.claims import DateInterval

if TYPE_CHECKING:
    from imagery.chip import Chip

# A feature shows as itself from about this many pixels across.
_PIXELS_ACROSS = 5
# Below this share of valid pixels a chip may miss what it is asked about.
_ENOUGH_COVERAGE = 0.9
# Imagery of more days than this has no date that could be before or after another.
_LONGEST_DATED_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """In words: what the chip supports and what it cannot."""

    supports: str
    cannot: str


def cover_of(chip: Chip, claimed: DateInterval | None, *, elsewhere: bool = False) -> Cover:
    """Say what a chip may be used for, for something claimed at its place on a date.

    Args:
        chip: the imagery.
        claimed: when something is claimed of its place.
        elsewhere: whether the place may well lie outside of the ground that the chip shows.
    """
    smallest = chip.gsd_m * _PIXELS_ACROSS
    supports = [f"ground features of about {smallest:,.0f} m and more"]
    cannot = [f"anything smaller than about {smallest:,.0f} m, people and vehicles included"]
    if chip.coverage < _ENOUGH_COVERAGE:
        cannot.append(f"the {1 - chip.coverage:.0%} of the area that it does not cover")
    if chip.acquired is None:
        cannot.append("any date: it does not say when it was acquired")
    elif (chip.acquired[1] - chip.acquired[0]).days >= _LONGEST_DATED_DAYS:
        first, last = chip.acquired
        supports.append(f"the state at some time from {first} to {last}")
        cannot.append("any single date: it is put together from many days")
    elif claimed is not None:
        first, last = chip.acquired
        if last < claimed.first:
            days = (claimed.first - last).days
            supports.append(f"the state {_days(days)} before the claimed date")
            cannot.append("anything that happened after it was acquired")
        elif first > claimed.last:
            days = (first - claimed.last).days
            supports.append(f"the state {_days(days)} after the claimed date")
            cannot.append("whether what it shows stood there by the claimed date")
        else:
            supports.append("the claimed date itself")
    if elsewhere:
        cannot.append("the ground around it, where the place may lie as well")
    cannot.append("who was there")
    return Cover(supports="; ".join(supports), cannot="; ".join(cannot))


def _days(count: int) -> str:
    return "a day" if count == 1 else f"{count:,} days"
