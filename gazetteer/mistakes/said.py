"""What is said of where a point lies, as a density over the map.

The named place has readings; each spreads its mass over its own extent with a heavy tail, and some
mass is always "somewhere else": a place of that name that the gazetteer lacks, somewhere in the
area that is said. All figures are judgement.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gazetteer.names import fold, skeleton, split_generic
from gazetteer.pairwise import distance_matrix_m
from gazetteer.place import Candidate, Place
from gazetteer.position import Position

FloatArray = NDArray[np.float64]
Find = Callable[[str], Sequence[Candidate]]
"""A name to its candidates, best first."""

MOST_READINGS = 40
LEAST_SCORE = 0.5
"""A match of a name that scores less is an accident and no reading of it."""
REACH_KM = 200.0
"""Farther than this from all that is said no slip is believed to have begun, a judgement: a place
that no gazetteer knows lies in the area said or not far from the place named."""
_LEAST_KM = 1.0
_OF_EXTENT = 0.7
_NEAR_KM = 5.0
_AREA_KM = 60.0
_REGION_KM = 200.0
_WITHIN_KM = 30.0
_GLOBE_KM2 = 5.1e8
_UNKNOWN_EXACT, _UNKNOWN_ALIKE = 0.1, 0.4
_ANYWHERE = 0.02
_AREA_KINDS = frozenset({"region", "district", "country"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of a point's place.

    Attributes:
        names: names that mean the place, any of which may be right.
        within: names of what it is in or beside.
        near: the point is only near the named place, or on the way to it.
        admin: the first-level area, or None.
        country: ISO 3166-1 alpha-2 code, or None.
    """

    names: tuple[str, ...]
    within: tuple[str, ...] = ()
    near: bool = False
    admin: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A place that may be meant.

    Attributes:
        place: the place.
        score: how well the name matches, above 0 to 1.
        named: its share by name and size alone; those of all readings sum to 1.
        weight: the same with what is said of the area; they sum to 1 too.
        spread_km: scale of how far from its point of reference points of it lie.
    """

    place: Place
    score: float
    named: float
    weight: float
    spread_km: float


class Fit:
    """How well positions fit what is said.

    Attributes:
        readings: the places that may be meant, likeliest first.
        areas: the area said, in its readings.
        unknown: chance that the place is none of the readings.
    """

    def __init__(self, said: Said, find: Find) -> None:
        self.areas = _areas(said, find)
        self.readings = _readings(said, find, self.areas)
        exact = any(reading.score >= 0.9 for reading in self.readings)
        self.unknown = (_UNKNOWN_EXACT if exact else _UNKNOWN_ALIKE) if self.readings else 1.0

    @property
    def likeliest(self) -> Reading | None:
        """The reading with the most weight."""
        return self.readings[0] if self.readings else None

    def of_places(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """(n,) density of the readings at positions, per square kilometre."""
        if not self.readings:
            return np.zeros(lon.shape)
        weight = np.array([reading.weight for reading in self.readings])
        spread = np.array([reading.spread_km for reading in self.readings])
        away = _away_km(lon, lat, [reading.place for reading in self.readings])
        density: FloatArray = (1 - self.unknown) * (heavy(away, spread) * weight).sum(axis=1)
        return density

    def of_elsewhere(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """(n,) density of a place that the gazetteer lacks, per square kilometre."""
        anywhere = np.full(lon.shape, _ANYWHERE / _GLOBE_KM2)
        around = [area for area in self.areas if area.kind != "country"]
        scale = _AREA_KM
        if not around:
            around = [reading.place for reading in self.readings] or list(self.areas)
            scale = _REGION_KM
        if around:
            away = _away_km(lon, lat, around)
            density = scale / (2 * math.pi * (away**2 + scale**2) ** 1.5)
            anywhere = anywhere + (1 - _ANYWHERE) * density.mean(axis=1)
        return self.unknown * anywhere

    def total(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """(n,) both together."""
        return self.of_places(lon, lat) + self.of_elsewhere(lon, lat)

    def in_reach(self, at: Position) -> bool:
        """Whether a position lies near anything said; False where nothing said is known."""
        known = [*(reading.place for reading in self.readings), *self.areas]
        if not known:
            return False
        lon, lat = np.array([at.lon]), np.array([at.lat])
        reach = np.array([max(REACH_KM, place.extent_m / 1000) for place in known])
        return bool((_away_km(lon, lat, known)[0] <= reach).any())

    def nearest(self, at: Position) -> tuple[Reading, float] | None:
        """The reading that explains a position best, and how far it is, metres."""
        if not self.readings:
            return None
        lon, lat = np.array([at.lon]), np.array([at.lat])
        away = _away_km(lon, lat, [reading.place for reading in self.readings])[0]
        weight = np.array([reading.weight for reading in self.readings])
        spread = np.array([reading.spread_km for reading in self.readings])
        best = int((heavy(away[None, :], spread)[0] * weight).argmax())
        return self.readings[best], float(away[best]) * 1000


def heavy(away_km: FloatArray, spread_km: FloatArray | float) -> FloatArray:
    """Density per square kilometre at distances from a centre: Student's, 2 degrees of freedom.

    Half of the mass lies within 1.4 times the spread, a hundredth beyond 14 times.
    """
    squared = np.asarray(spread_km) ** 2
    density: FloatArray = (1 + away_km**2 / (2 * squared)) ** -2.0 / (2 * math.pi * squared)
    return density


def _away_km(lon: FloatArray, lat: FloatArray, places: Sequence[Place]) -> FloatArray:
    """(n, m) kilometres from positions to places."""
    return (
        distance_matrix_m(
            lon,
            lat,
            [place.position.lon for place in places],
            [place.position.lat for place in places],
        )
        / 1000
    )


def _areas(said: Said, find: Find) -> tuple[Place, ...]:
    """What the area's name can mean: areas first, else whatever has the name."""
    if not said.admin:
        return ()
    found = [c for c in find(said.admin) if c.score >= 0.5]
    found = [c for c in found if said.country in (None, c.place.country)] or found
    areas = [c for c in found if c.place.kind in _AREA_KINDS] or found
    best = max((c.score for c in areas), default=0.0)
    return tuple(c.place for c in areas if c.score >= 0.95 * best)[:4]


def _readings(said: Said, find: Find, areas: Sequence[Place]) -> tuple[Reading, ...]:
    named: dict[tuple[str, str], tuple[Place, float]] = {}
    for name in said.names:
        for candidate in find(name)[:MOST_READINGS]:
            if candidate.score < LEAST_SCORE:
                continue
            key = (candidate.place.source, candidate.place.source_id)
            if key not in named or named[key][1] < candidate.score:
                named[key] = (candidate.place, candidate.score)
    if not named:
        return ()
    found = sorted(named.values(), key=lambda pair: -pair[1])[:MOST_READINGS]
    places = [place for place, _ in found]
    # A spelling that differs is that of another place more often than its score says.
    by_name = np.array([score for _, score in found]) ** 6
    by_name *= [_size(place) for place in places]
    weight = by_name * _in_area(said, places, areas) * _beside(said, find, places)
    weight, by_name = weight / weight.sum(), by_name / by_name.sum()
    readings = [
        Reading(
            place=place,
            score=found[number][1],
            named=float(by_name[number]),
            weight=float(weight[number]),
            spread_km=max(_OF_EXTENT * place.extent_m / 1000, _LEAST_KM)
            + (_NEAR_KM if said.near else 0.0),
        )
        for number, place in enumerate(places)
    ]
    return tuple(sorted(readings, key=lambda reading: -reading.weight))


def _size(place: Place) -> float:
    """What is written about is more often large: inhabitants to the power 0.3, a judgement."""
    people = place.population or 2_000
    return float((min(max(people, 1_000), 2_000_000) / 2_000) ** 0.3)


def _in_area(said: Said, places: Sequence[Place], areas: Sequence[Place]) -> FloatArray:
    """How well each place agrees with the area said: by its own record, or by where it lies."""
    agree = np.ones(len(places))
    if said.country:
        agree *= [1.0 if p.country in (None, said.country) else 0.02 for p in places]
    if not said.admin:
        return agree
    keys = _keys(said.admin)
    lies = np.full(len(places), 0.3)
    if areas:
        lon = np.array([place.position.lon for place in places])
        lat = np.array([place.position.lat for place in places])
        away = _away_km(lon, lat, areas).min(axis=1)
        lies = 0.003 + 0.5 / (1 + (away / _AREA_KM) ** 4)
    recorded = [bool(p.admin1 and _keys(p.admin1) & keys) for p in places]
    return agree * np.where(recorded, 1.0, lies)


@lru_cache(maxsize=4_096)
def _keys(area: str) -> frozenset[str]:
    core = split_generic(area)[0]
    return frozenset(key for key in (fold(area), core, skeleton(core)) if len(key) > 1)


def _beside(said: Said, find: Find, places: Sequence[Place]) -> FloatArray:
    """How well each place agrees with the names beside its own."""
    agree = np.ones(len(places))
    lon = np.array([place.position.lon for place in places])
    lat = np.array([place.position.lat for place in places])
    for name in said.within:
        others = [c.place for c in find(name)[:MOST_READINGS] if c.score >= 0.6]
        if others:
            reach = np.maximum([o.extent_m / 1000 for o in others], _WITHIN_KM)
            away = _away_km(lon, lat, others) / reach
            agree *= np.maximum((1 / (1 + away**2)).max(axis=1), 0.02)
    return agree
