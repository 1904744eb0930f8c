"""Regions of distances and directions from a place, by the point-radius method."""

from __future__ import annotations

import math

import numpy as np

from gazetteer.compass import COMPASS
from gazetteer.described.anchors import FARTHEST_M, Ground, Region, in_km, region, same
from gazetteer.described.precision import (
    CONVENTIONS,
    distance_uncertainty_m,
    heading_half_angle_deg,
    offset_uncertainty_m,
    two_offsets_uncertainty_m,
)
from gazetteer.described.shapes import AlongLines, Disc, Sector, Shape, Without
from gazetteer.described.tree import (
    Distance,
    HeadingOnly,
    Offset,
    OffsetOnly,
    Outskirts,
    TwoOffsets,
)
from gazetteer.geodesy import densify, destination, destinations, distance_m
from gazetteer.position import Position

NEAR_M = 5_000.0
"""How far beyond a place's own extent "near" reaches; a judgement. (The published rule, half the
way to the next place of the kind, needs to know what the writer thought of as such.)"""

HEADING_REACH_M = 30_000.0
"""How far beyond a place's own extent "north of" reaches where nothing bounds it; a judgement."""

RURAL_REACH_M = 40_000.0
"""The same for the countryside of a place."""

EDGE_FROM, EDGE_TO = 0.5, 2.0
"""Shares of a place's radius between which its outskirts lie; a judgement."""

_STEP_M = 1_000.0

AT_LEAST_REACH = 3.0
"""A distance said to be "more than" is taken to reach to so many times it; a judgement."""


def offset(description: Offset, anchor: Region, ground: Ground) -> Region | None:
    """So far in a direction: centre at the point said, radius by ``offset_uncertainty_m``.

    None if a pole is nearer than that: nothing lies north of it.
    """
    said, heading = description.distance, description.heading
    azimuth, half = COMPASS[heading], heading_half_angle_deg(heading)
    low_m, middle_m, high_m = _span(said)
    sums = _sums(said, anchor)
    radii = [offset_uncertainty_m(middle_m, both + (high_m - low_m) / 2, half) for both in sums]
    reach = sums[ground.at] + (high_m - low_m) / 2
    if _pole_away_m(anchor.position, heading) < middle_m - reach:
        return None
    shape: Shape
    if isinstance(anchor.shape, AlongLines):
        # Every point of the line is as far from its own point said.
        own = anchor.shape.half_width_m
        radii = [
            offset_uncertainty_m(middle_m, both - one + own + (high_m - low_m) / 2, half) + one
            for both, one in zip(sums, anchor.radii_m, strict=True)
        ]
        shape = _moved(anchor.shape, azimuth, middle_m, radii[ground.at] - anchor.radius_m)
    else:
        shape = Sector(
            centre=anchor.position,
            low_m=max(middle_m - reach, 0.0),
            high_m=middle_m + reach,
            azimuth_deg=azimuth,
            half_angle_deg=half,
        )
    return region(
        ground,
        at=destination(anchor.position, azimuth_deg=azimuth, distance_m=middle_m),
        radii_m=radii,
        shape=shape,
        on=(anchor,),
        why=(
            f"{said}{_bounded(said)} {heading} of it: {_off(said, ground)} and the place's own "
            f"{in_km(anchor.radius_m)}, within {half:g} degrees to either side"
        ),
    )


def offset_only(description: OffsetOnly, anchor: Region, ground: Ground) -> Region:
    """So far in any direction: centre at the place, radius the sum (Wieczorek 2001)."""
    said = description.distance
    low_m, _, high_m = _span(said)
    sums = _sums(said, anchor)
    low = 0.0 if said.bound == "at_most" else max(low_m - sums[ground.at], 0.0)
    shape: Shape = Sector(centre=anchor.position, low_m=low, high_m=high_m + sums[ground.at])
    if isinstance(anchor.shape, AlongLines):
        shape = _beside(anchor.shape, low_m, high_m, sums[ground.at] - anchor.radius_m)
    return region(
        ground,
        at=anchor.position,
        radii_m=[high_m + both for both in sums],
        shape=shape,
        on=(anchor,),
        why=f"{said}{_bounded(said)} from it, in no stated direction: {_off(said, ground)}",
    )


def two_offsets(description: TwoOffsets, anchor: Region, ground: Ground) -> Region:
    """So far north and so far east; the more exact of the two numbers counts for both."""
    first, second = description.first, description.second
    exact = [
        min(distance_uncertainty_m(d, convention) for d in (first, second))
        for convention in CONVENTIONS
    ]
    radii = [
        two_offsets_uncertainty_m(one, other)
        for one, other in zip(exact, anchor.radii_m, strict=True)
    ]
    at = anchor.position
    for said, heading in (
        (first, description.first_heading),
        (second, description.second_heading),
    ):
        at = destination(at, azimuth_deg=COMPASS[heading], distance_m=said.middle_m)
    return region(
        ground,
        at=at,
        radii_m=radii,
        shape=Disc(centre=at, radius_m=radii[ground.at]),
        on=(anchor,),
        why=(
            f"{first} {description.first_heading} and {second} {description.second_heading} of "
            f"it: two directions at right angles are taken as exact"
        ),
    )


def heading_only(description: HeadingOnly, anchor: Region, ground: Ground) -> Region:
    """A cone from the place, as far as ``HEADING_REACH_M``."""
    return _cone(
        anchor,
        ground,
        heading=description.heading,
        low_m=0.0,
        reach_m=HEADING_REACH_M,
        why=f"{description.heading} of it, at no stated distance",
    )


def near(anchor: Region, ground: Ground) -> Region:
    """The place and ``NEAR_M`` around it."""
    radii = [radius + NEAR_M for radius in anchor.radii_m]
    shape: Shape = Disc(centre=anchor.position, radius_m=radii[ground.at])
    if isinstance(anchor.shape, AlongLines):
        shape = AlongLines(
            lines=anchor.shape.lines, half_width_m=anchor.shape.half_width_m + NEAR_M
        )
    return region(
        ground,
        at=anchor.position,
        radii_m=radii,
        shape=shape,
        on=(anchor,),
        why=f"near it: taken as up to {NEAR_M / 1000:g} km beyond its own extent",
    )


def outskirts(description: Outskirts, anchor: Region, ground: Ground) -> Region:
    """A ring around the place, or the one side of it that is named."""
    low, high = EDGE_FROM * anchor.radius_m, EDGE_TO * anchor.radius_m
    why = f"its outskirts: taken as {EDGE_FROM:g} to {EDGE_TO:g} times its radius"
    if description.rural:
        high = anchor.radius_m + RURAL_REACH_M
        why = f"its countryside: taken as up to {RURAL_REACH_M / 1000:g} km beyond its own extent"
    if description.heading and description.heading != "central":
        return _cone(
            anchor,
            ground,
            heading=description.heading,
            low_m=low,
            reach_m=high - anchor.radius_m,
            why=f"{why}, on the {description.heading} side",
        )
    return region(
        ground,
        at=anchor.position,
        radii_m=same(high),
        shape=Sector(centre=anchor.position, low_m=low, high_m=high),
        on=(anchor,),
        why=why,
    )


def _cone(
    anchor: Region, ground: Ground, *, heading: str, low_m: float, reach_m: float, why: str
) -> Region:
    half = heading_half_angle_deg(heading)
    far = anchor.radius_m + reach_m
    shape = Sector(
        centre=anchor.position,
        low_m=low_m,
        high_m=far,
        azimuth_deg=COMPASS[heading],
        half_angle_deg=half,
    )
    disc = shape.bounds()
    return region(
        ground,
        at=disc.centre,
        radii_m=same(disc.radius_m),
        shape=shape,
        on=(anchor,),
        why=f"{why}: taken as up to {in_km(far)}, within {half:g} degrees to either side",
    )


def _pole_away_m(at: Position, heading: str) -> float:
    """Metres to the pole due in that direction; infinite for all but north and south."""
    if heading not in ("north", "south"):
        return math.inf
    return distance_m(at, Position(lon=at.lon, lat=90.0 if heading == "north" else -90.0))


def _moved(line: AlongLines, azimuth: float, metres: float, half_width_m: float) -> AlongLines:
    """A strip around lines of which every point was moved so far in a direction."""
    moved = []
    for part in line.lines:
        # The middles of its pieces, and the ends that these leave out.
        points = np.vstack([part[:1], densify(part, _STEP_M)[0], part[-1:]])
        lon, lat = destinations(points[:, 0], points[:, 1], azimuth, metres)
        moved.append(np.column_stack([lon, lat]))
    return AlongLines(lines=tuple(moved), half_width_m=half_width_m)


def _beside(line: AlongLines, low_m: float, high_m: float, exact_m: float) -> Shape:
    """Strips to both sides of lines, between two distances from them."""
    reach = line.half_width_m + exact_m
    far = AlongLines(lines=line.lines, half_width_m=high_m + reach)
    if low_m - reach <= 0:
        return far
    return Without(whole=far, hole=AlongLines(lines=line.lines, half_width_m=low_m - reach))


def _span(said: Distance) -> tuple[float, float, float]:
    """Least, middle and most of a distance in metres, one-sided words included."""
    low_m, high_m = said.low * said.unit_m, said.high * said.unit_m
    if said.bound == "at_most":
        low_m = 0.0
    if said.bound == "at_least":
        high_m = min(AT_LEAST_REACH * high_m, FARTHEST_M)
    if said.bound == "about":
        # How far apart the ends of a range are is part of ``distance_uncertainty_m``.
        return said.middle_m, said.middle_m, said.middle_m
    return low_m, (low_m + high_m) / 2, high_m


def _sums(said: Distance, anchor: Region) -> list[float]:
    """By convention, all uncertainties that are distances."""
    return [
        distance_uncertainty_m(said, convention) + radius
        for convention, radius in zip(CONVENTIONS, anchor.radii_m, strict=True)
    ]


def _bounded(said: Distance) -> str:
    if said.bound == "at_least":
        return f" or more (taken as up to {AT_LEAST_REACH:g} times that)"
    return " or less" if said.bound == "at_most" else ""


def _off(said: Distance, ground: Ground) -> str:
    each = ", ".join(
        f"{in_km(distance_uncertainty_m(said, convention))} by {convention}"
        for convention in CONVENTIONS
    )
    return f"the distance may be off by {each} (used: {ground.convention})"
