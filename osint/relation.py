"""One statement as a constraint between places: what the solver weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gazetteer.pairwise import azimuth_matrix_deg, distance_matrix_m, line_distances_m
from osint.belief import Belief, BorderGeometry, FloatArray
from osint.constraints import (
    ON_BORDER_M,
    Band,
    Cone,
    Within,
    false_distance_probability,
    on_border_ratio,
    on_border_share,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """How the positions of two places lie to each other; all statements between them share it.

    Attributes:
        distance_m: (n_a, n_b).
        azimuth_deg: (n_a, n_b) from ``b`` towards ``a``; None where no statement asks for it.
        half_width_m: (n_a, n_b) of the ground that a pair of positions stands for.
    """

    distance_m: FloatArray
    azimuth_deg: FloatArray | None
    half_width_m: FloatArray

    @classmethod
    def between(cls, a: Belief, b: Belief, *, azimuths: bool) -> Geometry:
        """Between all positions of two beliefs, with ``azimuths`` if they are wanted."""
        return cls(
            distance_m=distance_matrix_m(a.lon, a.lat, b.lon, b.lat),
            azimuth_deg=azimuth_matrix_deg(a.lon, a.lat, b.lon, b.lat) if azimuths else None,
            half_width_m=np.hypot(a.half_width_m[:, None], b.half_width_m[None, :]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A claim between sites.

    Attributes:
        id: the claim's id.
        document: the text it stands in; one document means one thing by one name.
        origin: who said it first. Verdicts leave origins out together.
        reliability: prior probability that it is true.
        a: the site it speaks of.
        b: the site it is measured from, or None (a border only).
        band: stated distance, or None.
        cone: stated azimuth from ``b`` towards ``a``, or None.
        border: the line ``a`` is said to lie on, or None. One sentence may say both ("reached the
            border 70 km north of B"); it is then true or false as a whole.
        within: the area ``a`` is said to lie in, or None.
        denied: whether the text says that it is *not* so.
    """

    id: str
    document: str
    origin: str
    reliability: float
    a: str
    b: str | None = None
    band: Band | None = None
    cone: Cone | None = None
    border: BorderGeometry | None = None
    within: Within | None = None
    denied: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.reliability < 1:
            raise ValueError(f"reliability must lie in (0, 1), got {self.reliability}")
        if self.b is None and self.border is None and self.within is None:
            raise ValueError("a relation is to another site, to a border or to an area")
        if self.b is not None and self.band is None and self.cone is None:
            raise ValueError("a relation between sites needs a distance or a direction")

    def content(self) -> tuple[object, ...]:
        """What it says, of what: equal for two sentences that say the same."""
        border = getattr(self.border, "between", None) if self.border is not None else None
        area = self.within.area.key if self.within is not None else None
        return (self.document, self.a, self.b, self.band, self.cone, border, area, self.denied)

    def excludes(self, other: Relation) -> bool:
        """Whether both cannot be true by their own words: bands or sectors that do not meet."""
        turned = (self.a, self.b) == (other.b, other.a)
        if self.b is None or not (turned or (self.a, self.b) == (other.a, other.b)):
            return False
        if self.denied or other.denied:
            return False
        if self.band is not None and other.band is not None:
            one, two = self.band, other.band
            highs = [b.high_m if b.high_m is not None else float("inf") for b in (one, two)]
            if max(one.low_m or 0.0, two.low_m or 0.0) > min(highs):
                return True
        if self.cone is not None and other.cone is not None:
            off = other.cone.azimuth_deg - self.cone.azimuth_deg + (180.0 if turned else 0.0)
            apart = abs((off + 180.0) % 360.0 - 180.0)
            return apart > self.cone.half_angle_deg + other.cone.half_angle_deg
        return False

    def ratio(self, geometry: Geometry | None, alone: FloatArray | None) -> FloatArray:
        """True-to-false likelihood ratio over the positions (elsewhere not included).

        Args:
            geometry: between ``a`` and ``b``; None where there is no ``b``.
            alone: ``ratio_alone`` of ``a``; None where neither border nor area was said.

        Returns:
            (n_a, n_b), or (n_a,) where ``a`` is all that is spoken of.
        """
        if geometry is None:
            if alone is None:
                return np.empty(0)
            return self._complement(alone) if self.denied else alone
        distance, half = geometry.distance_m, geometry.half_width_m
        ratio = np.ones_like(distance)
        if alone is not None:
            ratio *= alone[:, None]
        if self.band is not None:
            ratio *= self.band.ratio(distance, half)
        if self.cone is not None and geometry.azimuth_deg is not None:
            spread = np.degrees(np.arctan2(half, np.maximum(distance, 1.0)))
            ratio *= self.cone.ratio(geometry.azimuth_deg, spread)
        if self.denied:
            return self._complement(ratio)
        return ratio

    def ratio_alone(self, a: Belief) -> FloatArray:
        """(n_a,) the ratio of what is said of ``a`` by itself: its border, its area; else 1."""
        ratio = np.ones(a.lon.size)
        if not a.lon.size:
            return ratio
        if self.border is not None:
            distance = line_distances_m(a.lon, a.lat, tuple(self.border.lines))
            ratio *= on_border_ratio(distance, a.half_width_m)
        if self.within is not None:
            ratio *= self.within.ratio(a.lon, a.lat, a.half_width_m)
        return ratio

    def _complement(self, ratio: FloatArray) -> FloatArray:
        """The ratio of "it is not so": what is left of the event, over its false share."""
        share = 1.0
        if self.band is not None:
            share *= self.band.false_share()
        if self.cone is not None:
            share *= self.cone.false_share()
        if self.border is not None:
            share *= on_border_share()
        if self.within is not None:
            share *= self.within.chance
        complement: FloatArray = np.maximum(1.0 - ratio * share, 0.0) / max(1.0 - share, 1e-9)
        return complement

    def inside(self, a: Belief, geometry: Geometry | None) -> tuple[FloatArray, float]:
        """Share of each pair of positions inside the decision band, and the same for elsewhere.

        Elsewhere has the share that the false law gives the band.
        """
        if geometry is None:
            alone, unknown = self._inside_alone(a)
            return (1.0 - alone, 1.0 - unknown) if self.denied else (alone, unknown)
        inside = np.ones_like(geometry.distance_m)
        unknown = 1.0
        if self.band is not None:
            low, high = self.band.decision_m()
            inside *= _overlap(geometry.distance_m, geometry.half_width_m, low, high)
            unknown *= false_distance_probability(low, high)
        if self.cone is not None and geometry.azimuth_deg is not None:
            inside *= self.cone.contains(geometry.azimuth_deg)
            unknown *= self.cone.half_angle_deg / 180.0
        if self.denied:
            return 1.0 - inside, 1.0 - unknown
        return inside, unknown

    def _inside_alone(self, a: Belief) -> tuple[FloatArray, float]:
        """Share of each position at the border or in the area, and the same for elsewhere."""
        share, unknown = np.ones(a.lon.size), 1.0
        if self.border is not None:
            distance = line_distances_m(a.lon, a.lat, tuple(self.border.lines))
            share *= _overlap(distance, a.half_width_m, 0.0, 2 * ON_BORDER_M)
            unknown *= false_distance_probability(0.0, 2 * ON_BORDER_M)
        if self.within is not None:
            share *= self.within.inside(a.lon, a.lat, a.half_width_m)
            unknown *= self.within.chance
        return share, unknown


def _overlap(distance: FloatArray, half: FloatArray, low: float, high: float) -> FloatArray:
    """Share of [distance - half, distance + half] that lies within [low, high].

    No distance is below zero: what of the interval would be is no part of it.
    """
    half = np.maximum(half, 1.0)
    nearest = np.maximum(distance - half, 0.0)
    top = np.minimum(distance + half, high)
    share: FloatArray = np.clip(
        (top - np.maximum(nearest, low)) / (distance + half - nearest), 0.0, 1.0
    )
    return share


def origin_key(origin: str) -> str:
    """An origin's name without what does not make it another: case, spaces, a leading "the"."""
    return " ".join(origin.casefold().split()).removeprefix("the ")


def connected(claim: Relation, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """The relations that hang together with ``claim`` through shared sites."""
    reached = {s for s in (claim.a, claim.b) if s is not None}
    left = list(relations)
    while True:
        joined = [r for r in left if {r.a, r.b} & reached]
        if not joined:
            break
        for relation in joined:
            reached |= {s for s in (relation.a, relation.b) if s is not None}
        ids = {r.id for r in joined}
        left = [r for r in left if r.id not in ids]
    rest = {r.id for r in left}
    return tuple(r for r in relations if r.id not in rest)
