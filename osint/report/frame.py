"""Which part of the earth the map shows, and how it gets onto the page.

The projection is equirectangular with its true parallel in the middle of the map: straight
meridians and parallels, right distances near the centre, a few per cent too long east to west at
the edge of a map of 400 km. It serves to look at; every number of the report is computed elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osint.report.labels import Box
from osint.report.model import JudgedClaim, Place, Report, StatedClaim
from osint.report.svg import XY

MAP_WIDTH = 960.0
_HEIGHTS = (430.0, 700.0)
# WGS84's meridian degree at 45 degrees latitude.
METRES_PER_DEGREE = 111_132.0
_LINK_M = 400_000.0
_LEAST_SPAN_M = 8_000.0
_LEAST_REACH_M = 60_000.0
_MARGIN = 0.10
# A reading below this weight does not widen the map.
_WEIGHT_THAT_COUNTS = 0.05

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The one point that stands for a place, and how far from it the place may be."""

    place: Place
    lon: float
    lat: float
    spread_m: float

    @property
    def point(self) -> LonLat:
        """Longitude and latitude."""
        return self.lon, self.lat


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A map window: its centre, its scale and its size in pixels (top left corner at 0, 0)."""

    lon: float
    lat: float
    px_per_degree: float
    width: float
    height: float

    def xy(self, point: LonLat) -> XY:
        """Pixels of a (lon, lat) point, the short way round the antimeridian."""
        east = (point[0] - self.lon + 180) % 360 - 180
        x = self.width / 2 + east * math.cos(math.radians(self.lat)) * self.px_per_degree
        return x, self.height / 2 - (point[1] - self.lat) * self.px_per_degree

    def line(self, points: Iterable[LonLat]) -> list[XY]:
        """Pixels of a line or ring."""
        return [self.xy(point) for point in points]

    def shows(self, point: LonLat) -> bool:
        """Whether a point lies inside the window."""
        x, y = self.xy(point)
        return 0 <= x <= self.width and 0 <= y <= self.height

    @property
    def px_per_metre(self) -> float:
        """Scale at the centre."""
        return self.px_per_degree / METRES_PER_DEGREE

    @property
    def box(self) -> Box:
        """The window as left, top, right, bottom."""
        return 0.0, 0.0, self.width, self.height


def rough_distance_m(a: LonLat, b: LonLat) -> float:
    """Great-circle distance on a sphere, for layout only (within 0.6 % of the true one)."""
    lat1, lat2 = math.radians(a[1]), math.radians(b[1])
    half_lat = math.sin((lat2 - lat1) / 2) ** 2
    half_lon = math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    hav = half_lat + math.cos(lat1) * math.cos(lat2) * half_lon
    return 2 * math.degrees(math.asin(min(1.0, math.sqrt(hav)))) * METRES_PER_DEGREE


def point_at(centre: LonLat, *, distance_m: float, azimuth_deg: float) -> LonLat:
    """The point so far from ``centre`` in that direction, on a sphere: for drawing only."""
    lat, azimuth = math.radians(centre[1]), math.radians(azimuth_deg)
    arc = math.radians(distance_m / METRES_PER_DEGREE)
    sine = math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(azimuth)
    end = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(
        math.sin(azimuth) * math.sin(arc) * math.cos(lat),
        math.cos(arc) - math.sin(lat) * math.sin(end),
    )
    lon = (centre[0] + math.degrees(east) + 180) % 360 - 180
    return lon, math.degrees(end)


def arc(
    centre: LonLat, *, distance_m: float, low_deg: float = 0.0, high_deg: float = 360.0
) -> list[LonLat]:
    """Points at one distance around ``centre``, clockwise from one azimuth to another."""
    sweep = high_deg - low_deg if high_deg > low_deg else high_deg - low_deg + 360
    steps = max(2, round(sweep / 3))
    return [
        point_at(centre, distance_m=distance_m, azimuth_deg=low_deg + sweep * step / steps)
        for step in range(steps + 1)
    ]


def spot_of(place: Place) -> Spot | None:
    """Where a place is drawn and measured from; None where nothing is known of it.

    The centre of its region, or the likeliest reading where rival readings lie apart: between two
    readings there is nothing.
    """
    known = [r for r in place.readings if r.lon is not None and r.lat is not None]
    best = max(place.readings, key=lambda reading: reading.weight or 0.0, default=None)
    region = place.region
    if best and best.lon is not None and best.lat is not None and (len(known) > 1 or not region):
        spread_m = region.radius_95_m if region else best.uncertainty_m or 0.0
        return Spot(place=place, lon=best.lon, lat=best.lat, spread_m=spread_m)
    if region is None:
        return None
    return Spot(place=place, lon=region.lon, lat=region.lat, spread_m=region.radius_95_m)


def endpoints(claim: StatedClaim) -> tuple[str, ...]:
    """Names of the places a claim is about, as its own fields call them."""
    fields = (claim.from_, claim.to, claim.subject, claim.place, claim.centre, claim.object)
    return tuple(name for name in fields if name)


def spots_by_name(report: Report) -> dict[str, Spot]:
    """Every place that can be drawn, by its name and by its id."""
    spots: dict[str, Spot] = {}
    for place in report.places:
        spot = spot_of(place)
        if spot:
            spots[place.id] = spot
            spots[place.name] = spot
    return spots


def _core(spots: Sequence[Spot], link_m: float) -> list[Spot]:
    """The largest group of spots in which each is within ``link_m`` of another."""
    groups: list[list[Spot]] = []
    for spot in spots:
        near = [
            group
            for group in groups
            if any(rough_distance_m(spot.point, other.point) <= link_m for other in group)
        ]
        groups = [group for group in groups if group not in near]
        groups.append([member for group in near for member in group] + [spot])
    return max(groups, key=len, default=[])


def _extent(spot: Spot, reach_m: float) -> list[LonLat]:
    """Points of a place that the map should show, none farther than ``reach_m`` from its spot."""
    outline = spot.place.region.outline if spot.place.region else ()
    points = [point for polygon in outline for point in polygon[0]]
    if not points:
        spread = max(spot.spread_m, _LEAST_SPAN_M / 8)
        points = arc(spot.point, distance_m=min(spread, reach_m))
    points += [
        (reading.lon, reading.lat)
        for reading in spot.place.readings
        if reading.lon is not None
        and reading.lat is not None
        and (reading.weight is None or reading.weight >= _WEIGHT_THAT_COUNTS)
    ]
    return [p for p in points if rough_distance_m(spot.point, p) <= reach_m] + [spot.point]


def choose_frame(report: Report) -> Frame | None:
    """The window that holds the 95 % regions of the claims' places; None if none is known.

    Places that lie far from all others (a homonym on another continent) and the far ends of regions
    that are all but open do not count: they would shrink what matters to a dot.
    """
    spots = spots_by_name(report)
    said_m = [c.distance_m.said for c in report.claims if c.distance_m]
    wanted = _wanted(report.claims, spots) or list({id(s): s for s in spots.values()}.values())
    core = _core(wanted, max([_LINK_M, *(1.2 * m for m in said_m)]))
    if not core:
        return None
    reach_m = max([_LEAST_REACH_M, *(1.25 * metres for metres in said_m)])
    points = [point for spot in core for point in _extent(spot, reach_m)]
    points += _claimed_reach(report.claims, spots, core)
    anchor = core[0].lon
    easts = [(lon - anchor + 180) % 360 - 180 for lon, _ in points]
    lats = [lat for _, lat in points]
    lat = (min(lats) + max(lats)) / 2
    shrink = max(0.05, math.cos(math.radians(lat)))
    least = _LEAST_SPAN_M / METRES_PER_DEGREE
    across = max((max(easts) - min(easts)) * shrink, least) * (1 + 2 * _MARGIN)
    up = max(max(lats) - min(lats), least) * (1 + 2 * _MARGIN)
    height = min(max(MAP_WIDTH * up / across, _HEIGHTS[0]), _HEIGHTS[1])
    return Frame(
        lon=(anchor + (min(easts) + max(easts)) / 2 + 180) % 360 - 180,
        lat=lat,
        px_per_degree=min(MAP_WIDTH / across, height / up),
        width=MAP_WIDTH,
        height=height,
    )


def _claimed_reach(
    claims: Iterable[JudgedClaim], spots: dict[str, Spot], core: Sequence[Spot]
) -> list[LonLat]:
    """The rings of claimed distances whose both ends are on the map: they should fit on it too."""
    shown = {spot.place.id for spot in core}
    rings: list[LonLat] = []
    for claim in claims:
        centre = spots.get(claim.centre or "")
        if claim.radius_m and centre and centre.place.id in shown and claim.polarity == "affirmed":
            rings += arc(centre.point, distance_m=claim.radius_m.said)
        ends = [spots[name] for name in (claim.from_, claim.to) if name and name in spots]
        if claim.distance_m is None or len(ends) < 2:
            continue
        if all(spot.place.id in shown for spot in ends):
            anchor = min(reversed(ends), key=lambda spot: spot.spread_m)
            rings += arc(anchor.point, distance_m=claim.distance_m.said)
    return rings


def _wanted(claims: Iterable[JudgedClaim], spots: dict[str, Spot]) -> list[Spot]:
    named = (spots.get(name) for claim in claims for name in endpoints(claim))
    return list({spot.place.id: spot for spot in named if spot}.values())
