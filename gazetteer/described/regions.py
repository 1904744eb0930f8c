"""A tree to the regions it can mean, one for each reading of the names in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from gazetteer.compass import COMPASS
from gazetteer.described.anchors import (
    MOST_READINGS,
    Ground,
    Region,
    of_area,
    of_name,
    region,
    same,
)
from gazetteer.described.lines import FAR_APART_M, along, between, on_border
from gazetteer.described.offsets import (
    heading_only,
    near,
    offset,
    offset_only,
    outskirts,
    two_offsets,
)
from gazetteer.described.shapes import Both, Disc, InArea, Sector, Without, kept, reference
from gazetteer.described.tree import (
    Along,
    Between,
    Description,
    HeadingOnly,
    In,
    Minus,
    Name,
    Near,
    Offset,
    OffsetOnly,
    OnBorder,
    Outskirts,
    Part,
    TwoOffsets,
    Unnamed,
)
from gazetteer.geodesy import Floats, distance_m, distances_m
from gazetteer.place import KINDS

AROUND_M = 30_000.0
"""How far from the point of a town something "in" a place of its name may be: the name is often
also that of the district or province. A judgement; farther readings count less and less."""

AREA_REACH = 2.0
"""How many times the extent of an area something in it may be from its point; a judgement."""

_LIES_THERE = 0.5
_MOST_CUT = 8
_A_CUT = 0.99


def regions_of(description: Description, ground: Ground) -> tuple[Region, ...]:
    """The regions a description can mean, best first; empty where a name it needs is unknown.

    Args:
        description: from ``parse``.
        ground: names, borders and roads, and the convention for distances.
    """
    found = [part for part in _regions(description, ground) if part is not None]
    return tuple(sorted(found, key=lambda part: -part.score)[:MOST_READINGS])


def _regions(description: Description, ground: Ground) -> Iterable[Region | None]:
    match description:
        case Name(text=text):
            return of_name(text, ground)
        case Unnamed(what=what):
            # "5 km north of Bridge": a town may be called like a thing.
            return of_name(what, ground) if what[:1].isupper() else ()
        case OnBorder():
            return [on_border(description, ground)]
        case In(what=what, where=where):
            return _inside(what, where, ground)
        case Between(first=first, second=second):
            return [between(a, b, ground) for a, b in _pairs(first, second, ground)]
        case Along():
            return _along(description, ground)
        case Minus(whole=whole, without=without):
            return [_minus(a, b, ground) for a, b in _pairs(whole, without, ground)[:_MOST_CUT]]
        case Part():
            return _part(description, ground)
        case Offset(of=of):
            return [offset(description, anchor, ground) for anchor in regions_of(of, ground)]
        case OffsetOnly(of=of):
            return [offset_only(description, anchor, ground) for anchor in regions_of(of, ground)]
        case TwoOffsets(of=of):
            return [two_offsets(description, anchor, ground) for anchor in regions_of(of, ground)]
        case HeadingOnly(of=of):
            return [heading_only(description, anchor, ground) for anchor in regions_of(of, ground)]
        case Near(of=of):
            return [near(anchor, ground) for anchor in regions_of(of, ground)]
        case Outskirts(of=of):
            return [outskirts(description, anchor, ground) for anchor in regions_of(of, ground)]


def _pairs(
    first: Description, second: Description, ground: Ground
) -> Sequence[tuple[Region, Region]]:
    """Readings of two descriptions together, nearest pairs first among equal scores."""
    pairs = list(product(regions_of(first, ground), regions_of(second, ground)))
    pairs.sort(
        key=lambda pair: (
            -pair[0].score * pair[1].score,
            distance_m(pair[0].position, pair[1].position),
        )
    )
    # A name shared with its district is no pair; neither are two readings of one place.
    return pairs[: 4 * MOST_READINGS]


def _along(description: Along, ground: Ground) -> list[Region | None]:
    ends, anchors = description.ends, [*_anchors(description, ground)]
    if len(ends) == 2 and description.distance is None:
        pairs = _pairs(*ends, ground)
        return [found for pair in pairs for found in along(description, pair, None, ground)]
    led_to = regions_of(ends[1], ground) if len(ends) == 2 and ends[0] == description.of else ()
    found: list[Region | None] = []
    for anchor in anchors:
        pair: tuple[Region, ...] = ()
        if anchor is not None and led_to:
            at = anchor.position
            pair = (anchor, min(led_to, key=lambda end: distance_m(at, end.position)))
        score = _joined(*pair) if len(pair) == 2 else 1.0
        regions = along(description, pair, anchor, ground)
        found.extend(replace(one, score=one.score * score) for one in regions)
    return found


def _joined(first: Region, second: Region) -> float:
    """How readily a road is named by two places so far apart; tells homonyms apart."""
    return 1 / (1 + distance_m(first.position, second.position) / FAR_APART_M)


def _anchors(description: Along, ground: Ground) -> Sequence[Region | None]:
    return (None,) if description.of is None else regions_of(description.of, ground)


def _part(description: Part, ground: Ground) -> list[Region | None]:
    """A side of a country, an area's own name ("Eastern Ghouta"), or half of a place's disc."""
    area = of_area(description.text, ground)
    if area is None and isinstance(description.of, Name):
        # "NW Syria"
        area = of_area(f"{description.side} {description.of.text}", ground)
    if area is not None:
        return [area]
    named = of_name(description.text, ground)
    if any(part.score >= 0.9 for part in named):
        return list(named)
    return [_side(description, anchor, ground) for anchor in regions_of(description.of, ground)]


def _side(description: Part, anchor: Region, ground: Ground) -> Region:
    if description.side == "central":
        half = Disc(centre=anchor.position, radius_m=anchor.radius_m / 2)
        at, radius, shape = anchor.position, half.radius_m, Both(first=anchor.shape, second=half)
    else:
        cone = Sector(
            centre=anchor.position,
            low_m=0.0,
            high_m=anchor.shape.bounds().radius_m * 2,
            azimuth_deg=COMPASS[description.side],
            half_angle_deg=90.0,
        )
        shape = Both(first=anchor.shape, second=cone)
        disc = reference(shape, (anchor.shape.bounds(),)) or anchor.shape.bounds()
        at, radius = disc.centre, disc.radius_m
    return region(
        ground,
        at=at,
        radii_m=same(radius),
        shape=shape,
        on=(anchor,),
        why=f"the {description.side} side of it",
    )


def _minus(whole: Region, without: Region, ground: Ground) -> Region | None:
    shape = Without(whole=whole.shape, hole=without.shape)
    disc = reference(shape)
    if disc is None or distance_m(whole.position, without.position) > (
        whole.radius_m + without.radius_m
    ):
        return None
    return region(
        ground,
        at=disc.centre,
        radii_m=same(disc.radius_m),
        shape=shape,
        on=(whole, without),
        why=f"without {', '.join(place.name for place in without.places) or 'that area'}",
    )


def _inside(what: Description, where: Description, ground: Ground) -> list[Region | None]:
    """Each reading of the one with each of the other that it can lie in.

    A name that nobody knows is no hindrance: what is said of where it lies is then all there is.
    """
    frames = regions_of(where, ground)
    things = () if isinstance(what, Unnamed) else regions_of(what, ground)
    called = what.text if isinstance(what, Name) else "what is described"
    if not things:
        return [
            _frame_only(frame, f"{called} itself is not known", 0.9, ground) for frame in frames
        ]
    if not frames:
        return list(things)
    frames = frames[:_MOST_CUT]
    excess = np.stack([_excess_m(things, frame) for frame in frames], axis=1)
    fits = _fits(excess, frames)
    order = np.argsort(-fits.max(axis=1) * [thing.score for thing in things], kind="stable")
    found: list[Region | None] = []
    for rank, number in enumerate(order.tolist()):
        best = int(fits[number].argmax())
        away_m, fit = float(excess[number, best]), float(fits[number, best])
        thing, frame = things[number], frames[best]
        found.append(_within(thing, frame, away_m, fit, ground, cut=rank < _MOST_CUT))
    if float(fits.max()) < _LIES_THERE:
        # A place of that name that the gazetteer lacks is then as likely.
        why = f"no known reading of {called} lies there"
        score = _LIES_THERE * max(thing.score for thing in things)
        found += [_frame_only(frame, why, score, ground) for frame in frames]
    return found


def _frame_only(frame: Region, why: str, score: float, ground: Ground) -> Region:
    return region(
        ground,
        at=frame.position,
        radii_m=frame.radii_m,
        shape=frame.shape,
        on=(frame,),
        why=f"{why}: this is what is said of where it lies",
        score=score,
    )


def _within(
    thing: Region, frame: Region, excess_m: float, fit: float, ground: Ground, *, cut: bool
) -> Region:
    """A reading in the frame that it fits best, and cut to it where that makes it smaller."""
    named = "".join(f"{place.name}: " for place in frame.places[:1])
    where = named + (frame.reasons[-1] if frame.reasons else "the place named beside it")
    why = f"where it is said to lie ({where})"
    if excess_m > 0:
        why = f"{excess_m / 1000:.0f} km outside of {why}"
    shape, centre, radii = thing.shape, thing.position, thing.radii_m
    outlined = isinstance(frame.shape, InArea | Sector | Both | Without) or not frame.places
    if cut and excess_m <= 0:
        hold = Disc(centre=frame.position, radius_m=max(frame.radius_m, AROUND_M))
        own = Disc(centre=thing.position, radius_m=thing.radius_m)
        part: Both | None = None
        if outlined:
            part = Both(first=thing.shape, second=frame.shape)
        elif thing.radius_m > 2 * hold.radius_m:
            # Something long or wide ("the border") near a town: what of it is around there.
            part = Both(first=thing.shape, second=hold)
        disc = reference(part, (own, hold)) if part is not None else None
        if part is not None and disc is not None and disc.radius_m < min(radii):
            shape = part
            # The disc around a shape is always a little smaller than what the formula gives: that
            # alone is no cut, only ground that goes.
            if kept(thing.shape, part, own) < _A_CUT:
                centre, radii = disc.centre, same(disc.radius_m)
    return region(
        ground,
        at=centre,
        radii_m=radii,
        shape=shape,
        on=(thing,),
        why=why,
        score=min(fit, 1.0),
    )


def _excess_m(things: Sequence[Region], frame: Region) -> Floats:
    """(n,) how far the ground of readings is from a frame, metres; 0 where they meet."""
    lon = np.array([thing.position.lon for thing in things])
    lat = np.array([thing.position.lat for thing in things])
    radius = np.array([max(thing.radius_m, 1_000.0) for thing in things])
    away = distances_m(lon, lat, frame.position.lon, frame.position.lat)
    if isinstance(frame.shape, Disc):
        reach = max(frame.radius_m, AROUND_M)
        if frame.places and not KINDS[frame.places[0].kind].point:
            # A province's disc is a third of its size.
            reach *= AREA_REACH
        clear: Floats = np.maximum(away - reach - radius, 0.0)
        return clear
    touching = frame.share_inside(lon, lat) > 0
    for share in (0.5, 1.0):
        touching |= frame.share_inside(lon, lat, radius * share) > 0
    # A ring may be too thin for the points looked at.
    hold = frame.shape.bounds()
    close = np.flatnonzero(~touching & (away <= frame.radius_m + radius))[:_MOST_CUT]
    for number in close.tolist() if isinstance(frame.shape, Sector) else ():
        own = Disc(centre=things[number].position, radius_m=things[number].radius_m)
        met = reference(Both(first=things[number].shape, second=frame.shape), (own, hold))
        touching[number] = met is not None
    # Within the frame's circle and yet outside of it: by no more than the reading is wide.
    outside = np.maximum(away - frame.radius_m - radius, 1_000.0)
    if isinstance(frame.shape, InArea) and _is_sharp(frame):
        for number in np.flatnonzero(~touching).tolist():
            to_edge = frame.shape.to_edge_m(lon[number], lat[number])
            outside[number] = max(to_edge - radius[number], 1_000.0)
    return np.where(touching, 0.0, outside)


def _is_sharp(frame: Region) -> bool:
    return isinstance(frame.shape, InArea) and not frame.shape.area.part


def _fits(excess_m: Floats, frames: Sequence[Region]) -> Floats:
    """(n, m) 1 where a reading meets its frame, less with every frame's width outside of it.

    A country's outline is known to be where it is, however wide the country: outside of it counts
    as outside of a town does.
    """
    width = np.array(
        [AROUND_M if _is_sharp(frame) else max(frame.radius_m, AROUND_M) for frame in frames]
    )
    score = np.array([frame.score for frame in frames])
    fits: Floats = score / (1.0 + (excess_m / width) ** 2)
    return fits
