"""Regions between two places, along roads and rivers, and on borders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gazetteer.compass import COMPASS
from gazetteer.described.anchors import Ground, Region, in_km, region, same
from gazetteer.described.precision import CONVENTIONS, distance_uncertainty_m
from gazetteer.described.shapes import AlongLines, Ellipse, Sector, reference
from gazetteer.described.tree import Along, Distance, OnBorder
from gazetteer.errors import BorderError
from gazetteer.geodesy import Floats, azimuth_deg, densify, distance_m, distances_m
from gazetteer.position import Position

ON_LINE_M = 2_000.0
"""How far from a border or a road is still "on" it; a judgement."""

FAR_APART_M = 50_000.0
"""Two places so far apart are half as likely to be what somebody called something between."""

_STEP_M = 200.0
_SMALLEST_M = 1_000.0


def between(
    first: Region, second: Region, ground: Ground, why: str = "between the two"
) -> Region | None:
    """The ellipse around two places; None if both are the same point.

    Centre and radius are the published ones: the middle, and half the way between with the larger
    extent (Chapman & Wieczorek 2020).
    """
    apart = distance_m(first.position, second.position)
    if apart < _SMALLEST_M:
        return None
    extent = max(first.radius_m, second.radius_m)
    shape = Ellipse(first=first.position, second=second.position, detour_m=2 * extent)
    return region(
        ground,
        at=shape.bounds().centre,
        radii_m=[apart / 2 + max(pair) for pair in zip(first.radii_m, second.radii_m, strict=True)],
        shape=shape,
        on=(first, second),
        why=f"{why}, which are {in_km(apart)} apart",
        score=1 / (1 + apart / FAR_APART_M),
    )


def on_border(description: OnBorder, ground: Ground) -> Region | None:
    """The border line and ``ON_LINE_M`` to either side; None if nobody knows the line."""
    if ground.borders is None:
        return None
    try:
        line = ground.borders.line(*description.countries)
    except BorderError:
        return None
    if line is None:
        return None
    half = ON_LINE_M + line.uncertainty_m
    shape = AlongLines(lines=line.lines, half_width_m=half)
    points = np.concatenate([densify(part, 5_000.0)[0] for part in line.lines])
    middle = shape.bounds().centre
    nearest = int(distances_m(points[:, 0], points[:, 1], middle.lon, middle.lat).argmin())
    at = Position(lon=float(points[nearest, 0]), lat=float(points[nearest, 1]))
    radius = float(distances_m(points[:, 0], points[:, 1], at.lon, at.lat).max()) + half + 5_000.0
    return region(
        ground,
        at=at,
        radii_m=same(radius),
        shape=shape,
        on=(),
        why=(
            f"within {in_km(half)} of the border "
            f"{'of ' if len(description.countries) == 1 else ''}{'-'.join(line.between)} "
            f"as drawn by {line.source}"
        ),
    )


def along(
    description: Along, ends: Sequence[Region], anchor: Region | None, ground: Ground
) -> tuple[Region, ...]:
    """Regions along a path: its geometry where known, otherwise what the words bound.

    Args:
        description: what was said.
        ends: the two places it joins, or none; with a distance the second only tells the way.
        anchor: where the distance is measured from, if one is said.
        ground: names, borders and roads, and the convention for distances.
    """
    known = (
        [np.asarray(line) for line in ground.lines(description.path)]
        if _asks(description, ground) and ground.lines
        else []
    )
    said = description.distance
    if said is not None and anchor is not None:
        if known:
            end = ends[1] if len(ends) == 2 else None
            return _walked(description, said, anchor, end, known, ground)
        return (_upper_bound(description, said, anchor, ground),)
    called = _called(description)
    if len(ends) == 2:
        why = f"on {called} between the two"
        if not known:
            found = between(ends[0], ends[1], ground, f"{why} (its course is not known)")
            return (found,) if found else ()
    if not known:
        return ()
    shape = AlongLines(lines=tuple(known), half_width_m=ON_LINE_M)
    disc = reference(shape) or shape.bounds()
    return (
        region(
            ground,
            at=disc.centre,
            radii_m=same(disc.radius_m),
            shape=shape,
            on=tuple(ends),
            why=f"within {ON_LINE_M / 1000:g} km of {called}",
        ),
    )


def _called(description: Along) -> str:
    path = description.path
    if not path or path in ("road", "rail", "river", "track"):
        return "a railway" if path == "rail" else f"a {path or 'road'}"
    return f"the {path}"


def _asks(description: Along, ground: Ground) -> bool:
    return ground.lines is not None and bool(description.path)


def _upper_bound(description: Along, said: Distance, anchor: Region, ground: Ground) -> Region:
    """A path is never shorter than the straight line: a disc, or the half of it that is meant."""
    reach = [
        said.high * said.unit_m + distance_uncertainty_m(said, convention) + radius
        for convention, radius in zip(CONVENTIONS, anchor.radii_m, strict=True)
    ]
    heading = description.heading
    shape = Sector(
        centre=anchor.position,
        low_m=0.0,
        high_m=reach[ground.at],
        azimuth_deg=COMPASS[heading] if heading else 0.0,
        half_angle_deg=90.0 if heading else 180.0,
    )
    side = f", on the {heading} side" if heading else ""
    return region(
        ground,
        at=anchor.position,
        radii_m=reach,
        shape=shape,
        on=(anchor,),
        why=(
            f"{said} along {_called(description)} whose course is not known: at most so "
            f"far in a straight line{side}"
        ),
    )


def _walked(
    description: Along,
    said: Distance,
    anchor: Region,
    end: Region | None,
    known: Sequence[Floats],
    ground: Ground,
) -> tuple[Region, ...]:
    """The points that lie so far along the path from where it is nearest to the anchor.

    Uncertainties along a path are plain sums and a direction adds none (Wieczorek 2001); it only
    tells which of the two ways is meant; so does the place that the path leads to.
    """
    exact = [
        distance_uncertainty_m(said, convention) + radius
        for convention, radius in zip(CONVENTIONS, anchor.radii_m, strict=True)
    ]
    regions = []
    for line in known:
        points, metres = densify(line, _STEP_M)
        start = int(
            distances_m(
                points[:, 0], points[:, 1], anchor.position.lon, anchor.position.lat
            ).argmin()
        )
        gap = float(
            distances_m(
                points[start, 0], points[start, 1], anchor.position.lon, anchor.position.lat
            )
        )
        if gap > anchor.radius_m + ON_LINE_M:
            continue
        run = np.cumsum(metres) - metres / 2
        for way in (-1, 1):
            goal = run[start] + way * said.middle_m
            if not 0 <= goal <= run[-1] + metres[-1] / 2:
                continue
            # Around the first longitude, so that the line may cross the antimeridian.
            east = (points[:, 0] - points[0, 0] + 180) % 360 - 180
            lon = float((points[0, 0] + np.interp(goal, run, east) + 180) % 360 - 180)
            lat = float(np.interp(goal, run, points[:, 1]))
            at = Position(lon=lon, lat=lat)
            if description.heading and not _towards(anchor.position, at, description.heading):
                continue
            if end is not None and not _nearer(at, anchor, end):
                continue
            near = np.abs(run - goal) <= exact[ground.at]
            part = points[near] if near.sum() > 1 else np.array([[lon, lat], [lon, lat]])
            regions.append(
                region(
                    ground,
                    at=at,
                    radii_m=exact,
                    shape=AlongLines(lines=(part,), half_width_m=min(ON_LINE_M, exact[ground.at])),
                    on=(anchor,),
                    why=f"{said} along {_called(description)} from it, measured on its course",
                )
            )
    if regions:
        return tuple(regions)
    return (_upper_bound(description, said, anchor, ground),)


def _nearer(at: Position, anchor: Region, end: Region) -> bool:
    return distance_m(at, end.position) < distance_m(anchor.position, end.position)


def _towards(origin: Position, at: Position, heading: str) -> bool:
    off = abs((azimuth_deg(origin, at) - COMPASS[heading] + 180) % 360 - 180)
    return off < 90
