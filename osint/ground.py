"""From what is known of each place to its belief: the positions that the statements will weigh.

A place in a gazetteer starts from its readings. A place that is only described starts from the
ground its descriptions allow: cells where at least one of them could be true. What lies outside is
"elsewhere", the case that all of them are false. Because the cells follow from the statements and
not from a map's frame, drawing a larger map changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gazetteer.pairwise import azimuth_matrix_deg, distance_matrix_m
from osint.belief import (
    Belief,
    BorderGeometry,
    FloatArray,
    PointReading,
    from_grid,
    from_line,
    from_points,
    mixed,
    nowhere,
)
from osint.relation import Relation

# A coordinate in a gazetteer can be of another place altogether.
NAMED_ELSEWHERE = 0.02
# A site on a border that nothing else is said of.
BORDER_ELSEWHERE = 0.02
# Statements without an upper bound ("more than 20 km", "north of") reach this far, metres.
OPEN_REACH_M = 300_000.0
# Most positions of an anchor looked at when drawing what a description allows.
_ANCHOR_POSITIONS = 150
MAX_CELLS = 4_000

_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSpec:
    """What is known of one place before any statement is weighed.

    Attributes:
        id: the site's key.
        points: its readings in gazetteers (or an analyst's), empty if none.
        border: the line it is said to lie on, by the description that defines it, or None.
        elsewhere: prior mass of none of the points, rows left out for their number included.
        described_share: prior share of the reading "none of the points: only what is said of it";
            1 where there are no points.
        label: how to call that reading.
    """

    id: str
    points: tuple[PointReading, ...] = ()
    border: BorderGeometry | None = None
    elsewhere: float = NAMED_ELSEWHERE
    described_share: float = 0.0
    label: str = "as described"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedSite:
    """A place with its prior belief.

    ``described`` places are defined by what is said of them: where such a place is elsewhere, what
    was said of it is false. Where a *named* place is elsewhere, statements about it say nothing.
    """

    id: str
    belief: Belief
    described: bool
    spacing_m: float | None = None

    def subdivided(self, kept: NDArray[np.bool_]) -> GroundedSite:
        """Only the positions where ``kept``, the grid's cells among them cut in four."""
        if self.spacing_m is None:
            return self
        thin = self.belief.thinned(kept)
        cells = np.isclose(thin.half_width_m, self.spacing_m / 2)
        return replace(self, belief=thin.quartered(cells), spacing_m=self.spacing_m / 2)


def ground_sites(
    specs: Sequence[SiteSpec],
    relations: Sequence[Relation],
    *,
    spacing_m: float,
    margin_m: float = 0.0,
) -> dict[str, GroundedSite]:
    """Beliefs of all places, cells of described ones no finer than ``spacing_m``.

    Args:
        specs: the places.
        relations: the statements that describe places (those to be weighed).
        spacing_m: wanted width of a cell; widened where a region would need more than
            ``MAX_CELLS``.
        margin_m: keep cells this far beyond what the statements allow, for questions of the kind
            "what if an anchor were elsewhere".

    Returns:
        One grounded site per spec, by id.
    """
    grounded: dict[str, GroundedSite] = {}
    waiting: list[SiteSpec] = []
    for spec in sorted(specs, key=lambda s: s.id):
        if spec.points and spec.described_share <= 0:
            belief = from_points(spec.points, elsewhere=spec.elsewhere)
            grounded[spec.id] = GroundedSite(id=spec.id, belief=belief, described=False)
        else:
            waiting.append(spec)
    # Nearest to known ground first: a place described by a described place waits for it.
    while waiting:
        ready = [s for s in waiting if _anchored(s, relations, grounded)]
        for spec in ready or waiting:
            grounded[spec.id] = _ground_described(spec, relations, grounded, spacing_m, margin_m)
        waiting = [s for s in waiting if s.id not in grounded]
    return grounded


def _anchored(
    spec: SiteSpec, relations: Sequence[Relation], grounded: Mapping[str, GroundedSite]
) -> bool:
    return spec.border is not None or any(
        other in grounded and grounded[other].belief.lon.size
        for _, other in _touching(spec.id, relations)
    )


def _touching(site: str, relations: Sequence[Relation]) -> list[tuple[Relation, str]]:
    """Relations that describe ``site`` by another place, with that place."""
    found = []
    for relation in relations:
        if (
            relation.denied
            or relation.b is None
            or (relation.band is None and relation.cone is None)
        ):
            continue
        if relation.a == site != relation.b:
            found.append((relation, relation.b))
        elif relation.b == site != relation.a:
            found.append((relation, relation.a))
    return found


def _ground_described(
    spec: SiteSpec,
    relations: Sequence[Relation],
    grounded: Mapping[str, GroundedSite],
    spacing_m: float,
    margin_m: float,
) -> GroundedSite:
    touching = [
        (relation, grounded[other].belief)
        for relation, other in _touching(spec.id, relations)
        if other in grounded and grounded[other].belief.lon.size
    ]
    # A direction, or "more than 55 km", allows half a continent; beside a distance that says how
    # far at most, it only weighs.
    bounded = [(r, b) for r, b in touching if r.band is not None and r.band.high_m is not None]
    stated = bounded or [(r, b) for r, b in touching if r.band is not None]
    touching = stated or touching
    if spec.border is not None:
        step = spacing_m / 4
        belief = from_line(
            spec.border, spacing_m=step, label=spec.label, elsewhere=BORDER_ELSEWHERE
        )
        if touching and belief.lon.size:
            belief = _weighed_by_support(spec.id, belief, touching, margin_m)
        spacing: float | None = None
    elif touching:
        lon, lat, spacing = _allowed_cells(spec.id, touching, spacing_m, margin_m)
        belief = from_grid(lon, lat, spacing_m=spacing, label=spec.label, elsewhere=0.0)
        belief = _weighed_by_support(spec.id, belief, touching, margin_m)
    else:
        belief, spacing = nowhere(), None
    if spec.points:
        named = from_points(spec.points, elsewhere=spec.elsewhere)
        share = spec.described_share if belief.lon.size else 0.0
        belief = mixed([(named, 1 - share), (belief, share)])
        return GroundedSite(id=spec.id, belief=belief, described=False, spacing_m=spacing)
    return GroundedSite(id=spec.id, belief=belief, described=True, spacing_m=spacing)


def _best_ratio(
    site: str, relation: Relation, lon: FloatArray, lat: FloatArray, anchor: Belief
) -> FloatArray:
    """(n,) the best ratio each position can have, over where the anchor can be."""
    distance, azimuth, half = _from_anchor(site, relation, lon, lat, anchor)
    ratio = np.ones_like(distance)
    if relation.band is not None:
        ratio *= relation.band.ratio(distance, half[None, :])
    if relation.cone is not None:
        ratio *= relation.cone.ratio(azimuth)
    best: FloatArray = ratio.max(axis=1)
    return best


def _from_anchor(
    site: str, relation: Relation, lon: FloatArray, lat: FloatArray, anchor: Belief
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Distances (n, m), stated azimuths (n, m) and half widths (m,) from an anchor's positions.

    An anchor of many positions is thinned, each then standing for more ground.
    """
    step = max(1, int(np.ceil(anchor.lon.size / _ANCHOR_POSITIONS)))
    a_lon, a_lat = anchor.lon[::step], anchor.lat[::step]
    half = anchor.half_width_m[::step] * np.sqrt(step)
    distance = distance_matrix_m(lon, lat, a_lon, a_lat)
    if relation.cone is None:
        return distance, np.empty((0, 0)), half
    if relation.a == site:
        return distance, azimuth_matrix_deg(lon, lat, a_lon, a_lat), half
    return distance, azimuth_matrix_deg(a_lon, a_lat, lon, lat).T, half


def _allowed(
    site: str,
    relation: Relation,
    lon: FloatArray,
    lat: FloatArray,
    anchor: Belief,
    margin_m: float,
) -> NDArray[np.bool_]:
    """(n,) whether a statement could be true at each position, four tails included."""
    by_distance = replace(relation, cone=None) if relation.band is not None else relation
    distance, _, half = _from_anchor(site, by_distance, lon, lat, anchor)
    slack = half[None, :] + margin_m
    low, high = relation.band.reach_m() if relation.band else (0.0, _reach_m(relation))
    allowed = (distance + slack >= low) & (distance - slack <= high)
    reached = np.asarray(allowed.any(axis=1), dtype=np.bool_)
    if relation.cone is None or not reached.any():
        return reached
    # Azimuths only where the distance fits: a small part of the box.
    distance, azimuth, half = _from_anchor(site, relation, lon[reached], lat[reached], anchor)
    spread = np.degrees(np.arctan2(half[None, :] + margin_m, np.maximum(distance, 1.0)))
    towards = allowed[reached] & relation.cone.reaches(azimuth, spread)
    reached[reached] = towards.any(axis=1)
    return reached


def _weighed_by_support(
    site: str, belief: Belief, touching: Sequence[tuple[Relation, Belief]], margin_m: float
) -> Belief:
    """Drop the positions that no statement allows, and set the mass of elsewhere.

    Each position's prior mass is its ground over the ground that the most precise statement
    allows, against a mass of 1 for elsewhere. So one statement of reliability r leaves the place
    elsewhere with probability 1 - r, and each agreeing statement makes that r / (1 - r) times and
    more less likely.
    """
    lon, lat = belief.lon, belief.lat
    kept = np.zeros(lon.size, dtype=bool)
    for relation, anchor in touching:
        kept |= _allowed(site, relation, lon, lat, anchor, margin_m)
    if not kept.any():
        return nowhere()
    ground = belief.weight / belief.weight.sum()
    ratios = np.stack([_best_ratio(site, r, lon, lat, b) for r, b in touching])
    alone = np.stack(
        [r.ratio_alone(belief) if r.a == site else np.ones(lon.size) for r, _ in touching]
    )
    effective = (ratios * alone * ground).sum(axis=1)
    if not (effective > 0).any():
        return nowhere()
    smallest = float(effective[effective > 0].min())
    mass = ground[kept] / smallest
    thin = belief.thinned(kept)
    return thin.with_masses(np.append(mass, 1.0))


def _allowed_cells(
    site: str,
    touching: Sequence[tuple[Relation, Belief]],
    spacing_m: float,
    margin_m: float,
) -> tuple[FloatArray, FloatArray, float]:
    """Centres of the cells that at least one statement allows, and the spacing used."""
    boxes = []
    # Longitudes are counted around the first anchor, so that boxes to both sides of the
    # antimeridian overlap where their ground does.
    base = float(touching[0][1].lon[0])
    for relation, anchor in touching:
        reach = _reach_m(relation) + float(anchor.half_width_m.max()) + margin_m
        d_lat = reach / _METRES_PER_DEGREE
        for lon, lat in zip(anchor.lon, anchor.lat, strict=True):
            middle = base + (lon - base + 180) % 360 - 180
            farthest = abs(lat) + d_lat
            if farthest >= 89.0:
                # A region that reaches a pole goes all the way round it.
                boxes.append((base - 180, lat - d_lat, base + 180, lat + d_lat))
                continue
            d_lon = min(d_lat / np.cos(np.radians(farthest)), 180.0)
            boxes.append((middle - d_lon, lat - d_lat, middle + d_lon, lat + d_lat))
    # Anchors far apart (homonyms on two continents) get a grid each; overlapping boxes become one.
    spacing = spacing_m
    for _ in range(12):
        cells = [_grid(box, spacing) for box in _merged(boxes)]
        lon = np.concatenate([c[0] for c in cells])
        lat = np.concatenate([c[1] for c in cells])
        if lon.size <= 40 * MAX_CELLS:
            allowed = np.zeros(lon.size, dtype=bool)
            for relation, anchor in touching:
                for part in (slice(i, i + 20_000) for i in range(0, lon.size, 20_000)):
                    allowed[part] |= _allowed(
                        site, relation, lon[part], lat[part], anchor, margin_m + spacing
                    )
            if allowed.sum() <= MAX_CELLS:
                return lon[allowed], lat[allowed], spacing
        spacing *= np.sqrt(2)
    return lon[allowed][:MAX_CELLS], lat[allowed][:MAX_CELLS], spacing


def _reach_m(relation: Relation) -> float:
    reach = relation.band.reach_m()[1] if relation.band is not None else float("inf")
    if np.isfinite(reach):
        return reach
    said = relation.band.said_m if relation.band is not None else 0.0
    return max(OPEN_REACH_M, 3 * said)


Box = tuple[float, float, float, float]


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """Boxes (west, south, east, north), overlapping ones joined."""
    merged: list[Box] = []
    for box in sorted(boxes):
        current, changed = box, True
        while changed:
            changed = False
            for other in merged:
                if (
                    current[0] <= other[2]
                    and other[0] <= current[2]
                    and current[1] <= other[3]
                    and other[1] <= current[3]
                ):
                    merged.remove(other)
                    current = (
                        min(current[0], other[0]),
                        min(current[1], other[1]),
                        max(current[2], other[2]),
                        max(current[3], other[3]),
                    )
                    changed = True
                    break
        merged.append(current)
    return merged


def _grid(box: Box, spacing_m: float) -> tuple[FloatArray, FloatArray]:
    """Cell centres of about ``spacing_m`` over a box: rows even in latitude, equal in area."""
    west, south, east, north = box
    south, north = max(south, -89.9), min(north, 89.9)
    rows = max(int(np.ceil((north - south) * _METRES_PER_DEGREE / spacing_m)), 1)
    lats = south + (np.arange(rows) + 0.5) * (north - south) / rows
    lon_parts, lat_parts = [], []
    for lat in lats:
        width = min(east - west, 360.0) * _METRES_PER_DEGREE * np.cos(np.radians(lat))
        columns = max(round(width / spacing_m), 1)
        lon_parts.append(west + (np.arange(columns) + 0.5) * min(east - west, 360.0) / columns)
        lat_parts.append(np.full(columns, lat))
    lon = (np.concatenate(lon_parts) + 180) % 360 - 180
    return lon, np.concatenate(lat_parts)
