"""The known places nearest to a position, out of whatever sources there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gazetteer.geodesy import inverse
from gazetteer.place import Place
from gazetteer.position import Position

FAR_M = 200_000.0
"""Beyond this a place says nothing of where a position is."""


_NEIGHBOURS_WITHIN_M = 20_000.0
_NEIGHBOURS = 12
"""Whose areas tell that of a place, and how far off they may be: judgement. First-level areas are
some hundred kilometres wide."""
_MOST_REMEMBERED = 4_096


class _Found(Protocol):
    @property
    def place(self) -> Place: ...


@runtime_checkable
class Around(Protocol):
    """What a source offers that finds places by position, such as ``database.Database``."""

    def near(self, *, lon: float, lat: float, radius_m: float, most: int) -> Sequence[_Found]:
        """The nearest places within ``radius_m`` metres of a point."""
        ...


@runtime_checkable
class Listed(Protocol):
    """What a source offers that is small enough to have all its places at hand."""

    @property
    def places(self) -> Sequence[Place]:
        """All of them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A place near a position.

    Attributes:
        place: the place.
        distance_m: from the place to the position, in metres.
        azimuth_deg: in which direction the position lies from the place; None if it is there.
    """

    place: Place
    distance_m: float
    azimuth_deg: float | None


def nearest_places(
    sources: Sequence[object], position: Position, *, most: int = 8, radius_m: float = FAR_M
) -> tuple[Nearest, ...]:
    """The nearest places that the sources know, nearest first; sources that cannot tell are passed.

    Args:
        sources: of places.
        position: the point.
        most: how many.
        radius_m: how far off they may be.
    """
    places: list[Place] = []
    for source in sources:
        if isinstance(source, Around):
            here = source.near(lon=position.lon, lat=position.lat, radius_m=radius_m, most=most)
            places += [found.place for found in here]
        elif isinstance(source, Listed):
            places += source.places
    if not places:
        return ()
    metres, azimuths = inverse(
        [place.position.lon for place in places],
        [place.position.lat for place in places],
        position.lon,
        position.lat,
    )
    found = [
        Nearest(place=place, distance_m=float(m), azimuth_deg=float(azimuth) if m > 0 else None)
        for place, m, azimuth in zip(places, metres, azimuths, strict=True)
        if m <= radius_m
    ]
    return tuple(sorted(found, key=lambda one: one.distance_m)[:most])


class Neighbours:
    """The first-level areas around positions, by the places there, each looked up once.

    Of ``sources`` only those that find places by position help.
    """

    def __init__(self, sources: Sequence[object]) -> None:
        self._sources = [source for source in sources if isinstance(source, Around)]
        self._known: dict[tuple[float, float], tuple[str, ...]] = {}

    def areas(self, position: Position) -> tuple[str, ...]:
        """What the nearest places name, most of them first; empty where none does."""
        key = (position.lon, position.lat)
        if key not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            named: Counter[str] = Counter()
            for source in self._sources:
                here = source.near(
                    lon=position.lon,
                    lat=position.lat,
                    radius_m=_NEIGHBOURS_WITHIN_M,
                    most=_NEIGHBOURS,
                )
                named.update(found.place.admin1 for found in here if found.place.admin1)
            self._known[key] = tuple(area for area, _ in named.most_common())
        return self._known[key]
