"""Where the sun stands: azimuth, elevation, and the shadows that follow from them.

Solar positions are those of NREL's Solar Position Algorithm (Reda and Andreas, Solar Energy 76,
2004, doi:10.1016/j.solener.2003.12.003; report NREL/TP-560-34302) as pvlib implements it: good to
0.0003 degrees from the year -2000 to 6000. What limits a comparison with a picture is never the
sun's position but the measurement, see ``shadow``.

Elevations are *apparent* unless a name says otherwise: lifted by refraction, for the pressure of
the standard atmosphere at the altitude given and 12 degrees Celsius. Near the horizon real air
departs from that by some tenths of a degree. Azimuths run clockwise from true north.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt

from gazetteer.position import Position
from imagery.errors import ImageryError

if TYPE_CHECKING:
    from types import ModuleType

Floats = npt.NDArray[np.float64]
FloatsLike = npt.ArrayLike

EventKind = Literal[
    "astronomical_dawn",
    "nautical_dawn",
    "civil_dawn",
    "sunrise",
    "transit",
    "sunset",
    "civil_dusk",
    "nautical_dusk",
    "astronomical_dusk",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

FIRST_YEAR, LAST_YEAR = 1800, 2200
"""Years that are answered; photos are from between, and the clocks of others are wrong."""

# Elevation of the sun's centre, without refraction, at rise or set: half its disc and the usual
# refraction at the horizon (the almanacs' and the report's 0.8333), and of the three twilights.
_RISING: tuple[tuple[float, EventKind, EventKind], ...] = (
    (-18.0, "astronomical_dawn", "astronomical_dusk"),
    (-12.0, "nautical_dawn", "nautical_dusk"),
    (-6.0, "civil_dawn", "civil_dusk"),
    (-0.8333, "sunrise", "sunset"),
)
_HORIZON_DEG = -0.8333
_STEP_S = 240.0
_REFRACTION_AT_HORIZON_DEG = 0.5667
_SECONDS_A_YEAR = 31_556_952.0
# A shadow longer than this many times its object has no end that could be seen.
_LEAST_ELEVATION_DEG = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SunTrack:
    """Solar positions as arrays of one shape, degrees.

    Attributes:
        azimuth_deg: clockwise from true north, [0, 360).
        elevation_deg: apparent, above the horizon.
        true_elevation_deg: without refraction.
    """

    azimuth_deg: Floats
    elevation_deg: Floats
    true_elevation_deg: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SunPosition:
    """One solar position, degrees; see ``SunTrack``."""

    azimuth_deg: float
    elevation_deg: float
    true_elevation_deg: float

    @property
    def shadow_azimuth_deg(self) -> float | None:
        """Where the shadow of an upright object points, from true north; None with no shadow."""
        if self.elevation_deg < _LEAST_ELEVATION_DEG:
            return None
        return (self.azimuth_deg + 180.0) % 360.0

    @property
    def shadow_ratio(self) -> float | None:
        """Length of the shadow on level ground over the height of the object; None with none."""
        if self.elevation_deg < _LEAST_ELEVATION_DEG:
            return None
        return max(math.tan(math.radians(90.0 - self.elevation_deg)), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SunEvent:
    """A moment of the sun's day, in the zone that was asked for."""

    kind: EventKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SunDay:
    """The sun's course over one civil day.

    Attributes:
        day: the day, by the clocks of the zone.
        events: in order of time. Near a pole a day may lack any of them or have one twice.
        highest_deg: highest apparent elevation of the day; ``lowest_deg`` likewise.
        polar: "day" where the sun does not set, "night" where it does not rise.
    """

    day: date
    events: tuple[SunEvent, ...]
    highest_deg: float
    lowest_deg: float
    polar: Literal["day", "night"] | None

    def at(self, kind: EventKind) -> datetime | None:
        """The first event of a kind; None where the day has none."""
        return next((event.at for event in self.events if event.kind == kind), None)


def sun_positions(
    unix_s: FloatsLike,
    *,
    lon: FloatsLike,
    lat: FloatsLike,
    altitude_m: float = 0.0,
    pressure_hpa: float | None = None,
    temperature_c: float = 12.0,
    delta_t_s: float | None = None,
) -> SunTrack:
    """Solar positions for times and places; the arguments broadcast.

    One time for many places costs a fraction of as many times.

    Args:
        unix_s: seconds since 1970-01-01T00:00:00Z.
        lon: degrees east.
        lat: degrees north.
        altitude_m: above sea level, for refraction and parallax.
        pressure_hpa: of the air, for refraction; by default that of the standard atmosphere.
        temperature_c: of the air, for refraction.
        delta_t_s: terrestrial time less UT1, seconds; by default Espenak and Meeus' polynomials.

    Raises:
        ImageryError: a value is not finite, out of range, or of a year before 1800 or after 2200.
    """
    spa = _spa()
    times, lons, lats = (np.asarray(v, dtype=np.float64) for v in (unix_s, lon, lat))
    _check(times, lons, lats, altitude_m)
    shape = np.broadcast_shapes(times.shape, lons.shape, lats.shape)
    if not math.prod(shape):
        empty = np.empty(shape)
        return SunTrack(azimuth_deg=empty, elevation_deg=empty, true_elevation_deg=empty)
    if times.size == 1:
        # The terms of the sun's own motion are then summed once, whatever the number of places.
        times = times.reshape(1)
        lons, lats = (a.ravel() for a in np.broadcast_arrays(lons, lats))
    else:
        times, lons, lats = (a.ravel() for a in np.broadcast_arrays(times, lons, lats))
    years = np.floor(1970.0 + times / _SECONDS_A_YEAR)
    delta_t = spa.calculate_deltat(years, 6) if delta_t_s is None else delta_t_s
    _, _, elevation, true_elevation, azimuth, *_ = spa.solar_position_numpy(
        times,
        lats,
        lons,
        altitude_m,
        _pressure_hpa(altitude_m) if pressure_hpa is None else pressure_hpa,
        temperature_c,
        delta_t,
        _REFRACTION_AT_HORIZON_DEG,
        1,
    )
    return SunTrack(
        azimuth_deg=_shaped(np.mod(azimuth, 360.0), shape),
        elevation_deg=_shaped(elevation, shape),
        true_elevation_deg=_shaped(true_elevation, shape),
    )


def sun_position(when: datetime, place: Position, *, altitude_m: float = 0.0) -> SunPosition:
    """The sun's position at an instant and place.

    Raises:
        ImageryError: the time has no zone, or see ``sun_positions``.
    """
    track = sun_positions(unix_seconds(when), lon=place.lon, lat=place.lat, altitude_m=altitude_m)
    return SunPosition(
        azimuth_deg=float(track.azimuth_deg),
        elevation_deg=float(track.elevation_deg),
        true_elevation_deg=float(track.true_elevation_deg),
    )


def unix_seconds(when: datetime) -> float:
    """Seconds since 1970 of an instant.

    Raises:
        ImageryError: it has no zone, so that it is no instant.
    """
    if when.tzinfo is None or when.utcoffset() is None:
        raise ImageryError(f"the time {when.isoformat()} has no zone; add an offset such as +03:00")
    return when.timestamp()


def civil_day(day: date, zone: tzinfo) -> tuple[float, float]:
    """First and last instant of a civil day in a zone, seconds since 1970; 23 to 25 hours apart."""
    start = datetime.combine(day, time(), zone).timestamp()
    return start, datetime.combine(day + timedelta(days=1), time(), zone).timestamp()


def sun_day(place: Position, day: date, zone: tzinfo, *, altitude_m: float = 0.0) -> SunDay:
    """Sunrise, sunset, transit and twilights of a civil day, to about a second of calculation.

    Real sunrises differ by minutes: the horizon is seldom level and the air seldom standard. A rise
    followed by its set within four minutes, which happens on a few polar days, is not found.

    Raises:
        ImageryError: see ``sun_positions``.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ImageryError(f"{day} is not in {FIRST_YEAR} to {LAST_YEAR}; correct the year")
    start, end = civil_day(day, zone)
    grid = np.append(np.arange(start, end, _STEP_S), end)
    track = _track(grid, place, altitude_m)
    heights = track.true_elevation_deg
    found: list[tuple[float, EventKind]] = []
    for level, up, down in _RISING:
        for at, rising in _crossings(grid, heights - level, place, altitude_m, level):
            found.append((at, up if rising else down))
    for at, rising in _crossings(grid, _eastness(track), place, altitude_m, None):
        # Falling: from the eastern half of the sky to the western. Rising is midnight's.
        if not rising:
            found.append((at, "transit"))
    highest, lowest = float(track.elevation_deg.max()), float(track.elevation_deg.min())
    polar: Literal["day", "night"] | None = None
    if not any(kind in {"sunrise", "sunset"} for _, kind in found):
        polar = "day" if float(heights.min()) > _HORIZON_DEG else "night"
    return SunDay(
        day=day,
        events=tuple(
            SunEvent(kind=kind, at=datetime.fromtimestamp(at, UTC).astimezone(zone))
            for at, kind in sorted(found)
        ),
        highest_deg=highest,
        lowest_deg=lowest,
        polar=polar,
    )


def _crossings(
    grid: Floats, value: Floats, place: Position, altitude_m: float, level: float | None
) -> list[tuple[float, bool]]:
    """Where a curve crosses zero and whether upwards: of the elevation, or of ``_eastness``."""
    at = np.flatnonzero((value[:-1] < 0) != (value[1:] < 0))
    if not at.size:
        return []
    low, high, a, b = grid[at], grid[at + 1], value[at], value[at + 1]
    upwards = b > a
    middle = low
    # Two steps of false position: the curve is all but straight over four minutes.
    for _ in range(2):
        middle = low + (high - low) * a / (a - b)
        track = _track(middle, place, altitude_m)
        here = _eastness(track) if level is None else track.true_elevation_deg - level
        before = (here < 0) == (a < 0)
        low, a = np.where(before, middle, low), np.where(before, here, a)
        high, b = np.where(before, high, middle), np.where(before, b, here)
        flat = a == b
        b = np.where(flat, a + 1.0, b)
    middle = low + (high - low) * np.clip(a / (a - b), 0.0, 1.0)
    return [(float(t), bool(up)) for t, up in zip(middle, upwards, strict=True)]


def _track(unix_s: Floats, place: Position, altitude_m: float) -> SunTrack:
    return sun_positions(unix_s, lon=place.lon, lat=place.lat, altitude_m=altitude_m)


def _eastness(track: SunTrack) -> Floats:
    """East component of the direction to the sun; it falls through zero at transit."""
    azimuth, height = np.radians(track.azimuth_deg), np.radians(track.true_elevation_deg)
    return np.asarray(np.sin(azimuth) * np.cos(height), dtype=np.float64)


def _pressure_hpa(altitude_m: float) -> float:
    """Pressure of the standard atmosphere (ISO 2533) in the troposphere."""
    return float(1013.25 * (1.0 - 2.25577e-5 * altitude_m) ** 5.25588)


def _check(times: Floats, lons: Floats, lats: Floats, altitude_m: float) -> None:
    for name, values in (("time", times), ("longitude", lons), ("latitude", lats)):
        if not bool(np.isfinite(values).all()):
            raise ImageryError(f"a {name} is not a finite number; leave such values out first")
    if lats.size and float(np.abs(lats).max()) > 90.0:
        raise ImageryError("a latitude is beyond 90 degrees; are the axes swapped?")
    if lons.size and float(np.abs(lons).max()) > 360.0:
        raise ImageryError("a longitude is beyond 360 degrees; give degrees east")
    if not -500.0 <= altitude_m <= 11_000.0:
        raise ImageryError(f"an altitude of {altitude_m:g} m is out of range; give -500 to 11000 m")
    if times.size:
        for edge in (times.min(), times.max()):
            year = 1970.0 + float(edge) / _SECONDS_A_YEAR
            # A civil day at either end reaches into the next year of UTC.
            if not FIRST_YEAR - 0.01 <= year <= LAST_YEAR + 1.01:
                raise ImageryError(
                    f"a time in the year {math.floor(year)} is not in {FIRST_YEAR} to {LAST_YEAR}; "
                    "correct the date"
                )


def _shaped(values: FloatsLike, shape: tuple[int, ...]) -> Floats:
    flat = np.asarray(values, dtype=np.float64)
    return np.broadcast_to(flat, (math.prod(shape),)).reshape(shape).copy()


@cache
def _spa() -> ModuleType:
    """The file of pvlib with the algorithm, which needs numpy only.

    Importing it by its name runs the package's own imports first, of pandas and scipy: a second.
    """
    package = find_spec("pvlib")
    if package is None or not package.submodule_search_locations:
        raise ImageryError("pvlib is not installed; install it for solar positions")
    path = Path(next(iter(package.submodule_search_locations))) / "spa.py"
    found = spec_from_file_location("imagery._pvlib_spa", path)
    if found is None or found.loader is None:
        raise ImageryError(f"pvlib has no file {path.name}; install pvlib 0.11 or later")
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module
