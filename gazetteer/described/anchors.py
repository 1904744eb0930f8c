"""What a description stands on: the region type, and where names, borders and roads come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gazetteer.areas import Outlines, find_area
from gazetteer.borders import BorderLine
from gazetteer.described.precision import (
    CONVENTIONS,
    DEFAULT,
    Convention,
    coordinate_precision_deg,
    coordinate_uncertainty_m,
)
from gazetteer.described.shapes import Disc, InArea, Shape, reference, spread
from gazetteer.errors import GazetteerError
from gazetteer.geodesy import Floats
from gazetteer.place import Candidate, Place
from gazetteer.position import Position

Find = Callable[[str], Sequence[Candidate]]
"""A name to its candidates, best first; ``Gazetteer.find`` is one."""

Lines = Callable[[str], Sequence[Floats]]
"""The name of a road or river to its lines, (n, 2) longitudes and latitudes; () if unknown."""

MOST_READINGS = 24
"""Most readings of one name, and most regions of one description, that are kept."""

LEAST_MATCH = 0.5
"""A place whose name matches less well is not what somebody measured from: a judgement. Measuring
from it would put a guess where a failure was."""

FARTHEST_M = 20_003_931.0
"""Half of a meridian of WGS84; nothing on earth is farther away in a straight line."""

_LEAST_OF_BEST = 0.5
"""Readings that match less than this share as well as the best one are left out."""

_LEAST_BESIDE_EXACT = 0.6
"""The same for what does not match exactly where something does: near misses are then noise."""


class BorderLines(Outlines, Protocol):
    """What is asked of borders; ``gazetteer.borders.Borders`` has it."""

    def line(self, first: str, second: str | None = None, /) -> BorderLine | None:
        """The border between two countries, or all of one country's."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a description may look.

    Attributes:
        find: names.
        borders: outlines of countries and areas, and the lines between countries; or None.
        lines: roads and rivers; or None.
        convention: how exact a stated distance is, see ``precision``.
    """

    find: Find
    borders: BorderLines | None = None
    lines: Lines | None = None
    convention: Convention = DEFAULT

    def __post_init__(self) -> None:
        if self.convention not in CONVENTIONS:
            raise GazetteerError(
                f"{self.convention!r} is no convention; use {', '.join(CONVENTIONS)}"
            )

    @property
    def at(self) -> int:
        """Number of the chosen convention in ``CONVENTIONS``."""
        return CONVENTIONS.index(self.convention)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """The ground that one reading of a description allows.

    Attributes:
        position: the point of reference; its uncertainty is the radius.
        radii_m: the radius under each of ``CONVENTIONS``, which differ only where a distance was
            said.
        shape: the ground itself, which a circle fits loosely.
        places: which reading of each name it stands on, in the order of the description.
        score: how well those names matched, above 0 to 1; orders regions and is no probability.
        reasons: how it came about, in words.
    """

    position: Position
    radii_m: tuple[float, ...]
    shape: Shape
    places: tuple[Place, ...]
    score: float
    reasons: tuple[str, ...]

    @property
    def radius_m(self) -> float:
        """The radius under the chosen convention."""
        return self.position.uncertainty_m or 0.0

    @property
    def by_convention(self) -> tuple[tuple[Convention, float], ...]:
        """Radius in metres by convention."""
        return tuple(zip(CONVENTIONS, self.radii_m, strict=True))

    def share_inside(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, half_width_m: npt.ArrayLike = 0.0
    ) -> Floats:
        """How much of the ground around each position lies in the region, 0 to 1.

        Args:
            lon: (n,) degrees.
            lat: (n,) degrees.
            half_width_m: (n,) metres of ground to either side that a position stands for.
        """
        lons = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        lats = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        half = np.broadcast_to(np.asarray(half_width_m, dtype=np.float64), lons.shape)
        if not half.any():
            return self.shape.share(lons, lats)
        return spread(self.shape, lons, lats, half)


def region(
    ground: Ground,
    *,
    at: Position,
    radii_m: Sequence[float],
    shape: Shape,
    on: Sequence[Region],
    why: str,
    score: float = 1.0,
) -> Region:
    """A region built on others: their places and reasons, their scores multiplied."""
    places = dict.fromkeys(id(place) for part in on for place in part.places)
    by_id = {id(place): place for part in on for place in part.places}
    reasons = [reason for part in on for reason in part.reasons]
    for part in on:
        score *= part.score
    radii_m = [min(radius, FARTHEST_M) for radius in radii_m]
    return Region(
        position=Position(lon=at.lon, lat=at.lat, uncertainty_m=radii_m[ground.at]),
        radii_m=tuple(radii_m),
        shape=shape,
        places=tuple(by_id[key] for key in places),
        score=max(score, 1e-6),
        reasons=tuple(dict.fromkeys([*reasons, why])),
    )


def in_km(metres: float) -> str:
    """Metres as kilometres for a reader: three digits, and never a power of ten."""
    km = metres / 1000
    return f"{km:,.0f} km" if abs(km) >= 999.5 else f"{km:.3g} km"


def same(radius_m: float) -> tuple[float, ...]:
    """One radius under every convention."""
    return (radius_m,) * len(CONVENTIONS)


def of_name(text: str, ground: Ground) -> tuple[Region, ...]:
    """Regions of a name: the area it means, if an outline is known, and each of its readings.

    Readings that match less than ``LEAST_MATCH`` are none.
    """
    area = of_area(text, ground)
    found = sorted(ground.find(text), key=lambda candidate: -candidate.score)
    found = [candidate for candidate in found if candidate.score >= LEAST_MATCH]
    if found:
        found = [c for c in found if c.score >= _share(c, found[0]) * found[0].score]
    readings = [_of_candidate(candidate, text) for candidate in found[:MOST_READINGS]]
    return tuple([*([area] if area else []), *readings][:MOST_READINGS])


def _share(candidate: Candidate, best: Candidate) -> float:
    beside = best.how == "exact" != candidate.how
    return _LEAST_BESIDE_EXACT if beside else _LEAST_OF_BEST


def of_area(text: str, ground: Ground) -> Region | None:
    """The region of a country, of a part of one, or of a user's outline; None if none is known."""
    area = find_area(text, ground.borders) if ground.borders is not None else None
    if area is None:
        return None
    shape = InArea(area=area)
    disc = reference(shape)
    if disc is None:
        return None
    return region(
        ground,
        at=disc.centre,
        radii_m=same(disc.radius_m),
        shape=shape,
        on=(),
        why=f"{area.name} as outlined by {area.source}",
    )


def _of_candidate(candidate: Candidate, text: str) -> Region:
    """A place as a disc of its extent, and how exactly its point is known."""
    place = candidate.place
    point = place.position
    exact_m = point.uncertainty_m
    if exact_m is None:
        exact_m = coordinate_uncertainty_m(
            point.lat, coordinate_precision_deg(point.lon, point.lat)
        )
    radius_m = place.extent_m + exact_m
    kind = place.kind.replace("_", " ")
    asked = "" if candidate.how == "exact" else f", {candidate.how} from {text!r}"
    if asked and candidate.matched_name != place.name:
        asked += f" by its name {candidate.matched_name}"
    return Region(
        position=Position(lon=point.lon, lat=point.lat, uncertainty_m=radius_m),
        radii_m=same(radius_m),
        shape=Disc(centre=point, radius_m=radius_m),
        places=(place,),
        score=candidate.score,
        reasons=(
            f"{place.name} ({kind}, {place.source} {place.source_id}{asked})"
            f" at {point}, taken to fill {in_km(place.extent_m)} around it",
        ),
    )
