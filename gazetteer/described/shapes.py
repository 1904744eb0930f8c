"""Pieces of ground. Each says of points whether they lie in it, 0 to 1, and fits in a disc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gazetteer.areas import Area
from gazetteer.geodesy import Floats, destination, distance_m, distances_m, inverse
from gazetteer.pairwise import line_distances_m
from gazetteer.position import Position

_METRES_PER_DEGREE = 111_195.0
_STEPS = 41
_FLAT_M = 500_000.0
"""Farther than that a circle through three points of a sector no longer holds it for certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """All within ``radius_m`` of a point."""

    centre: Position
    radius_m: float

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) 1 inside, 0 outside."""
        away = distances_m(lon, lat, self.centre.lon, self.centre.lat)
        return (away <= self.radius_m).astype(np.float64)

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        return self


class Shape(Protocol):
    """A piece of ground."""

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) how surely each point lies in it, 0 to 1."""
        ...

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """Between two distances from a point and, with a half angle below 180, to one side of it."""

    centre: Position
    low_m: float
    high_m: float
    azimuth_deg: float = 0.0
    half_angle_deg: float = 180.0

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) 1 inside, 0 outside."""
        away, azimuth = inverse(self.centre.lon, self.centre.lat, lon, lat)
        inside = (away >= self.low_m) & (away <= self.high_m)
        if self.half_angle_deg < 180:
            off = np.abs((azimuth - self.azimuth_deg + 180) % 360 - 180)
            inside &= (off <= self.half_angle_deg) | (away < 1.0)
        return inside.astype(np.float64)

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        if self.half_angle_deg >= 60 or self.high_m > _FLAT_M:
            return Disc(centre=self.centre, radius_m=self.high_m)
        # The circle through the tip and both corners of the arc.
        radius_m = self.high_m / (2 * float(np.cos(np.radians(self.half_angle_deg))))
        middle = destination(self.centre, azimuth_deg=self.azimuth_deg, distance_m=radius_m)
        return Disc(centre=middle, radius_m=radius_m * 1.005)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """Points whose way from one place to another is ``detour_m`` longer than the straight one."""

    first: Position
    second: Position
    detour_m: float

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) 1 inside, 0 outside."""
        way = distances_m(lon, lat, self.first.lon, self.first.lat)
        way += distances_m(lon, lat, self.second.lon, self.second.lat)
        straight = distance_m(self.first, self.second)
        return (way <= straight + self.detour_m).astype(np.float64)

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        apart, azimuth = inverse(self.first.lon, self.first.lat, self.second.lon, self.second.lat)
        middle = destination(self.first, azimuth_deg=float(azimuth), distance_m=float(apart) / 2)
        return Disc(centre=middle, radius_m=(float(apart) + self.detour_m) / 2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlongLines:
    """Within ``half_width_m`` of lines, (n, 2) longitudes and latitudes each."""

    lines: tuple[Floats, ...]
    half_width_m: float

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) 1 inside, 0 outside."""
        away = line_distances_m(lon, lat, self.lines)
        return (away <= self.half_width_m).astype(np.float64)

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        points = np.concatenate(self.lines)
        found = enclosing(points[:, 0], points[:, 1])
        return Disc(centre=found.centre, radius_m=found.radius_m + self.half_width_m)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InArea:
    """Inside an area's outline; parts of countries have soft edges, see ``areas``."""

    area: Area

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) how surely each point lies in it, 0 to 1."""
        return self.area.share_inside(lon, lat)

    def to_edge_m(self, lon: float, lat: float) -> float:
        """Metres from a point to the nearest of the outline, in the plane around the point."""
        import shapely

        edges = shapely.get_parts(shapely.boundary(self.area.shape))
        lines = [shapely.get_coordinates(edge) for edge in edges]
        return float(line_distances_m(np.array([lon]), np.array([lat]), lines)[0])

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        import shapely

        outline = shapely.get_coordinates(shapely.convex_hull(self.area.shape))
        found = enclosing(outline[:, 0], outline[:, 1])
        # Straight edges between vertices bulge on the ellipsoid.
        return Disc(centre=found.centre, radius_m=found.radius_m * 1.02)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Both:
    """In each of two shapes, as surely as in the less sure one."""

    first: Shape
    second: Shape

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) how surely each point lies in it, 0 to 1."""
        shares = self.first.share(lon, lat)
        some = shares > 0
        if some.any():
            shares[some] = np.minimum(shares[some], self.second.share(lon[some], lat[some]))
        return shares

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        one, other = self.first.bounds(), self.second.bounds()
        return one if one.radius_m <= other.radius_m else other


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Without:
    """In one shape and not in another."""

    whole: Shape
    hole: Shape

    def share(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) how surely each point lies in it, 0 to 1."""
        return np.minimum(self.whole.share(lon, lat), 1.0 - self.hole.share(lon, lat))

    def bounds(self) -> Disc:
        """A disc that holds all of it."""
        return self.whole.bounds()


def spread(shape: Shape, lon: Floats, lat: Floats, half_width_m: Floats) -> Floats:
    """(n,) share of the ground around each point that lies in a shape, from nine points of it."""
    d_lat = half_width_m / _METRES_PER_DEGREE
    d_lon = d_lat / np.maximum(np.cos(np.radians(lat)), 1e-3)
    total = shape.share(lon, lat)
    for azimuth in np.radians(np.arange(0, 360, 45)):
        x = (lon + np.sin(azimuth) * d_lon + 180) % 360 - 180
        y = np.clip(lat + np.cos(azimuth) * d_lat, -90, 90)
        total = total + shape.share(x, y)
    shares: Floats = total / 9.0
    return shares


def enclosing(lon: Floats, lat: Floats) -> Disc:
    """The smallest disc around points.

    In a plane around their middle, longitudes shortened by its latitude; the radius is then the
    geodesic distance to the farthest point.
    """
    import shapely

    base = float(lon[0])
    around = base + (lon - base + 180) % 360 - 180
    shrink = max(float(np.cos(np.radians(np.median(lat)))), 1e-3)
    cloud = shapely.multipoints(np.column_stack([around * shrink, lat]))
    middle = shapely.get_coordinates(shapely.centroid(shapely.minimum_bounding_circle(cloud)))[0]
    centre = Position(
        lon=float((middle[0] / shrink + 180) % 360 - 180), lat=float(np.clip(middle[1], -90, 90))
    )
    return Disc(centre=centre, radius_m=float(distances_m(lon, lat, centre.lon, centre.lat).max()))


def kept(shape: Shape, part: Shape, frame: Disc) -> float:
    """How much of a shape's ground within a disc lies in a part of it, 0 to 1."""
    lon, lat = _lattice(shape, frame)
    return float((part.share(lon, lat) >= 0.5).mean()) if lon.size else 0.0


def _lattice(shape: Shape, frame: Disc) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of evenly spaced points of a shape within a disc."""
    steps = np.linspace(-1.0, 1.0, _STEPS) * frame.radius_m / _METRES_PER_DEGREE
    north, east = np.meshgrid(steps, steps, indexing="ij")
    lat = np.clip(frame.centre.lat + north.ravel(), -90, 90)
    shrink = np.maximum(np.cos(np.radians(lat)), 1e-3)
    lon = (frame.centre.lon + east.ravel() / shrink + 180) % 360 - 180
    inside = shape.share(lon, lat) >= 0.5
    return lon[inside], lat[inside]


def reference(shape: Shape, within: Sequence[Disc] = ()) -> Disc | None:
    """Corrected centre and radius of a shape (Chapman & Wieczorek 2020), or None if it is empty.

    The centre of the smallest circle around it or, where that lies outside the shape, the nearest
    place inside. Found on a lattice over the smallest of its bounds; half a step is added.

    Args:
        shape: the ground.
        within: discs known to hold it; without any, its own bounds are worked out.
    """
    frame = min(within or [shape.bounds()], key=lambda disc: disc.radius_m)
    lon, lat = _lattice(shape, frame)
    if not lon.size:
        return None
    found = enclosing(lon, lat)
    centre = found.centre
    if shape.share(np.array([centre.lon]), np.array([centre.lat]))[0] < 0.5:
        nearest = int(distances_m(lon, lat, centre.lon, centre.lat).argmin())
        centre = Position(lon=float(lon[nearest]), lat=float(lat[nearest]))
    farthest = float(distances_m(lon, lat, centre.lon, centre.lat).max())
    return Disc(centre=centre, radius_m=farthest + frame.radius_m / (_STEPS - 1) * 1.42)
