"""The times, dates and places at which the sun throws the shadows that were measured.

A time, date or place *fits* where the measurement's misfit is one that 95 of 100 right measurements
stay under. Nothing may fit: then a measurement, the date or the place is wrong. Several shadows of
one scene are solved together: their densities multiply, with one place and one error of the clock
common to all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gazetteer.geodesy import destinations, distances_m
from gazetteer.position import Position
from imagery.errors import ImageryError
from imagery.shadow import BLUNDER_SHARE, Shadow, sun_shift_deg
from imagery.sun import SunTrack, civil_day, sun_positions, unix_seconds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_EARTH_M = 6_371_008.8
_STEP_S = 60.0
_MOST_CELLS = 400_000
_MOST_PAIRS = 10_000_000
# Share of the weight that a region or a stretch of clock errors holds.
_HELD = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A stretch of time that fits, in the zone asked for; ``best`` is where it fits best."""

    first: datetime
    last: datetime
    best: datetime
    misfit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A stretch of days that fit at one time of day."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A shadow and the instant at which its photo is said to have been taken (with a zone)."""

    shadow: Shadow
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Places asked about: (n,) degrees and the square metres that each stands for."""

    lon: Floats
    lat: Floats
    area_m2: Floats

    def __post_init__(self) -> None:
        if not self.lon.size or not self.lon.shape == self.lat.shape == self.area_m2.shape:
            raise ImageryError(
                "a ground needs as many longitudes as latitudes and areas, one or more"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What several shadows of one scene say together.

    Attributes:
        ground: the places asked about.
        weight: (n,) share of each place, by the shadows alone and even ground; they sum to 1.
        inside: (n,) the smallest set of places that holds 95 % of the weight.
        best: the place of the highest density.
        clock_s: (k,) errors of the clock asked about, seconds to add to the said times.
        clock_weight: (k,) share of each; they sum to 1.
        clock_inside: (k,) the smallest set of them that holds 95 % of the weight.
        fits: whether every shadow fits at one and the same place and clock error.
    """

    ground: Ground
    weight: Floats
    inside: Bools
    best: Position
    clock_s: Floats
    clock_weight: Floats
    clock_inside: Bools
    fits: bool

    @property
    def area_km2(self) -> float:
        """Area of the places inside, square kilometres."""
        return float(self.ground.area_m2[self.inside].sum()) / 1e6

    @property
    def share(self) -> float:
        """Share of the ground asked about that lies inside."""
        return float(self.ground.area_m2[self.inside].sum() / self.ground.area_m2.sum())

    @property
    def clock_range_s(self) -> tuple[float, float]:
        """Lowest and highest error of the clock inside."""
        held = self.clock_s[self.clock_inside]
        return float(held.min()), float(held.max())


def fitting_times(
    shadow: Shadow, place: Position, day: date, zone: tzinfo, *, step_s: float = _STEP_S
) -> tuple[Times, ...]:
    """The stretches of a civil day in which a shadow fits, in order; none where none does."""
    start, end = civil_day(day, zone)
    grid = np.arange(start, end, step_s)
    chi2 = _misfit(shadow, place, grid)
    found = []
    for run in _runs(chi2 <= shadow.limit()):
        best = run.start + int(np.argmin(chi2[run]))
        found.append(
            Times(
                first=_moment(grid[run.start], zone),
                last=_moment(grid[run.stop - 1], zone),
                best=_moment(grid[best], zone),
                misfit=float(chi2[best]),
            )
        )
    return tuple(found)


def fitting_dates(
    shadow: Shadow, place: Position, clock: time, zone: tzinfo, *, year: int
) -> tuple[Dates, ...]:
    """The stretches of a year's days on which a shadow fits at a time of day.

    Days around the solstices mirror each other: two stretches are usual.
    """
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]
    clock = clock.replace(tzinfo=None)
    grid = np.array([datetime.combine(day, clock, zone).timestamp() for day in days])
    fits = _misfit(shadow, place, grid) <= shadow.limit()
    return tuple(Dates(first=days[run.start], last=days[run.stop - 1]) for run in _runs(fits))


def misfit_at(shadow: Shadow, place: Position, when: datetime) -> float:
    """Misfit of a shadow at an instant and place; see ``Shadow.misfit`` and ``Shadow.limit``."""
    return float(_misfit(shadow, place, np.array([unix_seconds(when)]))[0])


def ground_around(centre: Position, radius_m: float, *, spacing_m: float | None = None) -> Ground:
    """Places around a point: rings of even spacing, by default 60 rings.

    Raises:
        ImageryError: the radius is not within 1 m to half of the Earth's circumference, or the
            spacing asks for too many places.
    """
    if not 1.0 <= radius_m <= 20_000_000.0:
        raise ImageryError(f"a radius of {radius_m:g} m is not within 1 m to 20,000 km")
    spacing = radius_m / 60 if spacing_m is None else spacing_m
    if not spacing > 0 or math.pi * (radius_m / spacing) ** 2 > _MOST_CELLS:
        raise ImageryError(f"a spacing of {spacing:g} m is too fine for {radius_m:g} m around")
    lons, lats, areas = [], [], []
    rings = math.ceil(radius_m / spacing)
    edges = np.linspace(0.0, radius_m, rings + 1)
    for inner, outer in pairwise(edges.tolist()):
        middle = (inner + outer) / 2
        count = max(1, round(2 * math.pi * middle / (outer - inner)))
        azimuth = (np.arange(count) + 0.5) * (360.0 / count)
        lon, lat = destinations(centre.lon, centre.lat, azimuth, middle)
        lons.append(lon)
        lats.append(lat)
        # On a sphere; the ellipsoid changes this by less than 1 %.
        zone = 2 * math.pi * _EARTH_M**2 * (math.cos(inner / _EARTH_M) - math.cos(outer / _EARTH_M))
        areas.append(np.full(count, zone / count))
    return Ground(lon=np.concatenate(lons), lat=np.concatenate(lats), area_m2=np.concatenate(areas))


def world(step_deg: float = 1.0) -> Ground:
    """The whole Earth, at even steps of latitude and longitude.

    Raises:
        ImageryError: the step is not within 0.5 to 30 degrees.
    """
    if not 0.5 <= step_deg <= 30.0:
        raise ImageryError(f"a step of {step_deg:g} degrees is not within 0.5 to 30")
    rows, cols = round(180 / step_deg), round(360 / step_deg)
    lat = -90 + (np.arange(rows) + 0.5) * (180 / rows)
    lon = -180 + (np.arange(cols) + 0.5) * (360 / cols)
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    area = math.radians(360 / cols) * math.radians(180 / rows) * _EARTH_M**2
    return Ground(
        lon=grid_lon.ravel(),
        lat=grid_lat.ravel(),
        area_m2=area * np.cos(np.radians(grid_lat.ravel())),
    )


def clock_errors(largest_s: float, step_s: float) -> Floats:
    """Errors of a clock from ``-largest_s`` to ``largest_s``, 0 among them.

    Raises:
        ImageryError: the step is not above 0, or makes more than 100,000 of them.
    """
    if not (step_s > 0 and 0 <= largest_s <= 50_000 * step_s):
        raise ImageryError(f"steps of {step_s:g} s to {largest_s:g} s cannot be taken")
    steps = math.floor(largest_s / step_s)
    return np.asarray(np.arange(-steps, steps + 1) * step_s, dtype=np.float64)


def solve_scene(
    sightings: Sequence[Sighting], ground: Ground, *, clock_s: Sequence[float] | Floats = (0.0,)
) -> Scene:
    """Solve the shadows of one scene together: one place, and one error of the clock, for all.

    Every place of the ground and every error of the clock is as likely as another before the
    shadows are looked at. With a ground of one place this solves for the clock, with one error of
    the clock (0) for the place. Both at once is seldom of use: an hour of the clock is as good as
    15 degrees of longitude.

    Where every shadow fits at one and the same place and clock error, all are taken to be right.
    Where that is nowhere so, each may be a blunder, and those that agree outweigh the odd one.

    Raises:
        ImageryError: there is no shadow or no error of the clock.
    """
    errors = np.asarray(clock_s, dtype=np.float64).ravel()
    if not sightings or not errors.size:
        raise ImageryError("a scene needs at least one shadow and one error of the clock")
    if errors.size * ground.lon.size > _MOST_PAIRS:
        raise ImageryError(
            f"{errors.size:,} errors of the clock over {ground.lon.size:,} places are too many; "
            "take coarser ones"
        )
    # A cell stands for all the places in it, and its sun for all of theirs.
    spread = sun_shift_deg(float(np.sqrt(np.median(ground.area_m2))) / math.sqrt(12))
    shape = (errors.size, ground.lon.size)
    right, robust = np.zeros(shape), np.zeros(shape)
    fits = np.ones(shape, dtype=np.bool_)
    for sighting in sightings:
        shadow = sighting.shadow
        sun = _suns(sighting.at, errors, ground)
        for total, blunders in ((right, 0.0), (robust, BLUNDER_SHARE)):
            density = shadow.density(
                azimuth_deg=sun.azimuth_deg,
                elevation_deg=sun.elevation_deg,
                place_sigma_deg=spread,
                blunder_share=blunders,
            )
            # A place without sun throws no shadow: nothing but a blunder explains one.
            with np.errstate(divide="ignore"):
                total += np.log(density)
        misfit = shadow.misfit(
            azimuth_deg=sun.azimuth_deg, elevation_deg=sun.elevation_deg, place_sigma_deg=spread
        )
        fits &= misfit <= shadow.limit()
    log_density = right if fits.any() else robust
    joint = np.exp(log_density - log_density.max()) * ground.area_m2
    joint /= joint.sum()
    weight, clock_weight = joint.sum(axis=0), joint.sum(axis=1)
    best = int(np.argmax(weight / ground.area_m2))
    return Scene(
        ground=ground,
        weight=weight,
        inside=_smallest(weight, weight / ground.area_m2),
        best=Position(lon=_wrapped(float(ground.lon[best])), lat=float(ground.lat[best])),
        clock_s=errors,
        clock_weight=clock_weight,
        clock_inside=_smallest(clock_weight, clock_weight),
        fits=bool(fits.any()),
    )


def _suns(at: datetime, errors_s: Floats, ground: Ground) -> SunTrack:
    """The sun for each error of the clock (rows) over each place (columns)."""
    times = unix_seconds(at) + errors_s
    # One call with many times for each place, or with many places for each time: the fewer calls.
    if ground.lon.size <= errors_s.size:
        tracks = [
            sun_positions(times, lon=lon, lat=lat)
            for lon, lat in zip(ground.lon, ground.lat, strict=True)
        ]
    else:
        tracks = [sun_positions(t, lon=ground.lon, lat=ground.lat) for t in times]
    axis = 1 if ground.lon.size <= errors_s.size else 0
    return SunTrack(
        azimuth_deg=np.stack([t.azimuth_deg for t in tracks], axis=axis),
        elevation_deg=np.stack([t.elevation_deg for t in tracks], axis=axis),
        true_elevation_deg=np.stack([t.true_elevation_deg for t in tracks], axis=axis),
    )


def furthest_m(scene: Scene, point: Position) -> tuple[float, float]:
    """Nearest and furthest distance from a point to the places inside a scene's region, metres."""
    distance = distances_m(
        point.lon, point.lat, scene.ground.lon[scene.inside], scene.ground.lat[scene.inside]
    )
    return float(distance.min()), float(distance.max())


def _misfit(shadow: Shadow, place: Position, unix_s: Floats) -> Floats:
    sun = sun_positions(unix_s, lon=place.lon, lat=place.lat)
    return shadow.misfit(
        azimuth_deg=sun.azimuth_deg,
        elevation_deg=sun.elevation_deg,
        # The radius holds the point; a third of it is the spread along one azimuth, roughly.
        place_sigma_deg=sun_shift_deg((place.uncertainty_m or 0.0) / 2),
    )


def _runs(mask: Bools) -> list[slice]:
    """Slices of the stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _smallest(weight: Floats, density: Floats) -> Bools:
    """The densest members that hold 95 % of the weight together."""
    order = np.argsort(-density, kind="stable")
    count = int(np.searchsorted(np.cumsum(weight[order]), _HELD)) + 1
    inside = np.zeros(weight.shape, dtype=np.bool_)
    inside[order[:count]] = True
    return inside


def _moment(unix_s: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(float(unix_s), UTC).astimezone(zone)


def _wrapped(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0
