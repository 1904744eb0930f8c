"""Where one place can be: weighted positions, and a share that is somewhere else.

A belief is discrete. A place that a gazetteer knows has one group of positions per *reading* (each
rival coordinate is a reading); a place that is only described has cells of a grid over what its
descriptions allow; a place said to be on a border has points along the line. ``elsewhere`` is the
mass that is none of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_METRES_PER_DEGREE = 111_195.0


class BorderGeometry(Protocol):
    """What a border has to offer here: its lines, each (n, 2) lon, lat degrees."""

    @property
    def lines(self) -> Sequence[FloatArray]:
        """Polylines, each (n, 2) lon, lat in degrees."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """A discrete belief about one place.

    Attributes:
        lon: (n,) degrees east.
        lat: (n,) degrees north.
        weight: (n,) masses, >= 0; together with ``elsewhere`` they sum to 1.
        half_width_m: (n,) half the width of ground each position stands for, metres.
        reading: (n,) index into ``readings``.
        readings: what each group of positions takes the place to be, in words.
        elsewhere: mass at no position of the map.
    """

    lon: FloatArray
    lat: FloatArray
    weight: FloatArray
    half_width_m: FloatArray
    reading: IntArray
    readings: tuple[str, ...]
    elsewhere: float

    def __post_init__(self) -> None:
        n = self.lon.shape
        if any(x.shape != n for x in (self.lat, self.weight, self.half_width_m, self.reading)):
            raise ValueError("a belief's arrays must have one shape")
        total = float(self.weight.sum()) + self.elsewhere
        if not np.isclose(total, 1.0, atol=1e-9):
            raise ValueError(f"a belief's masses must sum to 1, got {total}")
        if self.weight.size and (self.weight.min() < 0 or not 0 <= self.elsewhere <= 1):
            raise ValueError("a belief's masses must not be negative")

    @property
    def size(self) -> int:
        """Number of states: the positions and, last, elsewhere."""
        return self.lon.size + 1

    @property
    def masses(self) -> FloatArray:
        """(n + 1,) the weights with ``elsewhere`` last."""
        return np.append(self.weight, self.elsewhere)

    def with_masses(self, masses: FloatArray) -> Belief:
        """The same positions under other masses ((n + 1,), normalised here)."""
        total = float(masses.sum())
        if total <= 0:
            return self
        return replace(self, weight=masses[:-1] / total, elsewhere=float(masses[-1] / total))

    def reading_masses(self) -> FloatArray:
        """(readings,) mass of each reading, elsewhere left out."""
        masses: FloatArray = np.bincount(
            self.reading, weights=self.weight, minlength=len(self.readings)
        ).astype(np.float64)
        return masses

    def shifted(self, *, east_m: float, north_m: float) -> Belief:
        """Every position moved by the same offset, metres."""
        lat = self.lat + north_m / _METRES_PER_DEGREE
        width = _METRES_PER_DEGREE * np.maximum(np.cos(np.radians(self.lat)), 1e-6)
        return replace(self, lon=_wrapped(self.lon + east_m / width), lat=np.clip(lat, -90.0, 90.0))

    def thinned(self, kept: NDArray[np.bool_]) -> Belief:
        """Only the positions where ``kept``; the rest's mass is dropped and the sum restored."""
        rest = float(self.weight[kept].sum()) + self.elsewhere
        scale = 1.0 / rest if rest > 0 else 0.0
        if scale == 0.0:
            return nowhere()
        return replace(
            self,
            lon=self.lon[kept],
            lat=self.lat[kept],
            weight=self.weight[kept] * scale,
            half_width_m=self.half_width_m[kept],
            reading=self.reading[kept],
            elsewhere=self.elsewhere * scale,
        )

    def quartered(self, cells: NDArray[np.bool_]) -> Belief:
        """The square cells where ``cells`` cut in four of half the width; the rest as they are."""
        lon, lat, weight, half, reading = (
            column[cells]
            for column in (self.lon, self.lat, self.weight, self.half_width_m, self.reading)
        )
        north = half / 2 / _METRES_PER_DEGREE
        east = north / np.maximum(np.cos(np.radians(lat)), 1e-6)
        rest = ~cells
        return replace(
            self,
            lon=_wrapped(
                np.concatenate([self.lon[rest]] + [lon + s * east for s in (-1, 1, -1, 1)])
            ),
            lat=np.clip(
                np.concatenate([self.lat[rest]] + [lat + s * north for s in (-1, -1, 1, 1)]),
                -90.0,
                90.0,
            ),
            weight=np.concatenate([self.weight[rest], *[weight / 4] * 4]),
            half_width_m=np.concatenate([self.half_width_m[rest], *[half / 2] * 4]),
            reading=np.concatenate([self.reading[rest], *[reading] * 4]),
        )


def _wrapped(lon: FloatArray) -> FloatArray:
    """Longitudes within [-180, 180); those within already are not touched by rounding."""
    wrapped: FloatArray = np.where(np.abs(lon) <= 180.0, lon, (lon + 180.0) % 360.0 - 180.0)
    return wrapped


def nowhere() -> Belief:
    """A place of which nothing is known: all of its mass is elsewhere."""
    empty = np.empty(0)
    return Belief(
        lon=empty,
        lat=empty,
        weight=empty,
        half_width_m=empty,
        reading=np.empty(0, dtype=np.int64),
        readings=(),
        elsewhere=1.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PointReading:
    """One position a name may mean.

    ``extent_m`` is the radius of the thing itself (people measure from anywhere in it);
    ``uncertainty_m`` the radius within which its coordinates are known.
    """

    label: str
    lon: float
    lat: float
    extent_m: float
    uncertainty_m: float
    weight: float


# Offsets in units of the uncertainty radius, and their weights: a disc of one centre and two rings,
# Gaussian with the radius at two standard deviations.
_DISC = ((0.0, 1, 1.0), (0.5, 6, 6 * float(np.exp(-0.5))), (1.0, 12, 12 * float(np.exp(-2.0))))
# Below this, a coordinate's uncertainty is lost in any stated distance and widens the extent only.
_SPREAD_FROM_M = 500.0


def from_points(points: Sequence[PointReading], *, elsewhere: float) -> Belief:
    """A belief over rival positions of one name; weights are scaled to 1 - ``elsewhere``.

    A position whose uncertainty exceeds 500 m is spread over a disc of 19 positions.
    """
    if not points or sum(p.weight for p in points) <= 0:
        return nowhere()
    columns: list[tuple[float, float, float, float, int]] = []
    total = sum(p.weight for p in points)
    for index, point in enumerate(points):
        mass = (1 - elsewhere) * point.weight / total
        if point.uncertainty_m <= _SPREAD_FROM_M:
            half = max(point.extent_m, point.uncertainty_m)
            columns.append((point.lon, point.lat, mass, half, index))
            continue
        scale = mass / sum(ring[2] for ring in _DISC)
        for radius, count, weight in _DISC:
            angles = 2 * np.pi * np.arange(count) / count
            for angle in angles:
                lat = point.lat + radius * point.uncertainty_m * np.cos(angle) / _METRES_PER_DEGREE
                width = _METRES_PER_DEGREE * max(np.cos(np.radians(point.lat)), 1e-6)
                lon = point.lon + radius * point.uncertainty_m * np.sin(angle) / width
                half = max(point.extent_m, point.uncertainty_m / 4)
                columns.append((float(lon), float(lat), scale * weight / count, half, index))
    table = np.array(columns, dtype=np.float64)
    return Belief(
        lon=_wrapped(table[:, 0]),
        lat=np.clip(table[:, 1], -90.0, 90.0),
        weight=table[:, 2],
        half_width_m=table[:, 3],
        reading=table[:, 4].astype(np.int64),
        readings=tuple(p.label for p in points),
        elsewhere=elsewhere,
    )


def from_grid(
    lon: FloatArray, lat: FloatArray, *, spacing_m: float, label: str, elsewhere: float
) -> Belief:
    """A belief uniform over the ground of equal cells of ``spacing_m``."""
    if not lon.size:
        return nowhere()
    return Belief(
        lon=lon,
        lat=lat,
        weight=np.full(lon.size, (1 - elsewhere) / lon.size),
        half_width_m=np.full(lon.size, spacing_m / 2),
        reading=np.zeros(lon.size, dtype=np.int64),
        readings=(label,),
        elsewhere=elsewhere,
    )


def from_line(border: BorderGeometry, *, spacing_m: float, label: str, elsewhere: float) -> Belief:
    """A belief uniform along a border line, in steps of ``spacing_m``."""
    from gazetteer.geodesy import densify

    parts = [densify(line, spacing_m) for line in border.lines]
    parts = [(points, length) for points, length in parts if len(points)]
    if not parts:
        return nowhere()
    points = np.concatenate([p for p, _ in parts])
    lengths = np.concatenate([length for _, length in parts])
    return Belief(
        lon=points[:, 0],
        lat=points[:, 1],
        weight=(1 - elsewhere) * lengths / lengths.sum(),
        half_width_m=lengths / 2,
        reading=np.zeros(len(points), dtype=np.int64),
        readings=(label,),
        elsewhere=elsewhere,
    )


def mixed(parts: Sequence[tuple[Belief, float]]) -> Belief:
    """Several beliefs about one place side by side, each with a share; shares are scaled to 1."""
    parts = [(belief, share) for belief, share in parts if share > 0]
    if not parts:
        return nowhere()
    total = sum(share for _, share in parts)
    offsets = np.cumsum([0] + [len(belief.readings) for belief, _ in parts])
    return Belief(
        lon=np.concatenate([b.lon for b, _ in parts]),
        lat=np.concatenate([b.lat for b, _ in parts]),
        weight=np.concatenate([b.weight * (s / total) for b, s in parts]),
        half_width_m=np.concatenate([b.half_width_m for b, _ in parts]),
        reading=np.concatenate([b.reading + o for (b, _), o in zip(parts, offsets, strict=False)]),
        readings=tuple(r for b, _ in parts for r in b.readings),
        elsewhere=float(sum(b.elsewhere * (s / total) for b, s in parts)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A circle holding 95 % of a belief's mapped mass: centre, radius, and how much is mapped."""

    lon: float
    lat: float
    radius_95_m: float
    mapped: float


def region_95(belief: Belief) -> Region | None:
    """The circle around the belief's mean position that holds 95 % of its mapped mass."""
    from gazetteer.pairwise import distance_matrix_m

    mapped = float(belief.weight.sum())
    if mapped <= 0:
        return None
    share = belief.weight / mapped
    # Longitudes are averaged around the heaviest position, so that a belief across the antimeridian
    # has its mean there and not on the other side of the Earth.
    base = float(belief.lon[int(np.argmax(belief.weight))])
    lon = base + float((((belief.lon - base + 180) % 360 - 180) * share).sum())
    lon = (lon + 180) % 360 - 180
    lat = float((belief.lat * share).sum())
    distance = distance_matrix_m(belief.lon, belief.lat, [lon], [lat])[:, 0] + belief.half_width_m
    order = np.argsort(distance, kind="stable")
    reached = np.searchsorted(np.cumsum(share[order]), 0.95)
    radius = float(distance[order][min(int(reached), distance.size - 1)])
    return Region(lon=lon, lat=lat, radius_95_m=radius, mapped=mapped)
