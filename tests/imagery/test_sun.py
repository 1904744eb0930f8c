"""Solar positions against the algorithm's published example and against another formula."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.position import Position
from imagery.errors import ImageryError
from imagery.sun import EventKind, SunPosition, civil_day, sun_day, sun_position, sun_positions

GOLDEN = Position(lon=-105.1786, lat=39.742476)
MOUNTAIN = timezone(timedelta(hours=-7))


def test_the_published_example() -> None:
    # NREL/TP-560-34302, table A5.1: 17 October 2003, 12:30:30 at UTC-7, 1830.14 m, 820 mbar,
    # 11 deg C, delta T 67 s: zenith 50.11162, azimuth 194.34024, elevation 39.872046 unrefracted.
    when = datetime(2003, 10, 17, 12, 30, 30, tzinfo=MOUNTAIN)
    sun = sun_positions(
        when.timestamp(),
        lon=GOLDEN.lon,
        lat=GOLDEN.lat,
        altitude_m=1830.14,
        pressure_hpa=820.0,
        temperature_c=11.0,
        delta_t_s=67.0,
    )
    assert 90.0 - float(sun.elevation_deg) == pytest.approx(50.11162, abs=1e-5)
    assert float(sun.azimuth_deg) == pytest.approx(194.34024, abs=1e-5)
    assert float(sun.true_elevation_deg) == pytest.approx(39.872046, abs=2e-6)


@pytest.mark.parametrize(
    ("place", "day", "zone", "altitude_m", "kind", "told"),
    [
        # The example's rise, transit and set as NREL's own program prints them.
        (GOLDEN, date(2003, 10, 17), MOUNTAIN, 1830.14, "sunrise", "06:12:43"),
        (GOLDEN, date(2003, 10, 17), MOUNTAIN, 1830.14, "transit", "11:46:05"),
        (GOLDEN, date(2003, 10, 17), MOUNTAIN, 1830.14, "sunset", "17:18:51"),
        # From NREL's calculator on the web, 35 S on the prime meridian.
        (Position(lon=0, lat=-35), date(1996, 7, 5), UTC, 0.0, "sunrise", "07:08:15"),
        (Position(lon=0, lat=-35), date(1996, 7, 5), UTC, 0.0, "transit", "12:04:36"),
        (Position(lon=0, lat=-35), date(1996, 7, 5), UTC, 0.0, "sunset", "17:01:04"),
        (Position(lon=0, lat=-35), date(2004, 12, 4), UTC, 0.0, "sunrise", "04:38:57"),
        (Position(lon=0, lat=-35), date(2004, 12, 4), UTC, 0.0, "sunset", "19:02:02"),
        # And of the report's appendix, 35 N.
        (Position(lon=0, lat=35), date(1994, 1, 2), UTC, 0.0, "sunrise", "07:08:12"),
        (Position(lon=0, lat=35), date(1994, 1, 2), UTC, 0.0, "sunset", "16:59:55"),
    ],
)
def test_published_rises_and_sets(
    place: Position, day: date, zone: timezone, altitude_m: float, kind: EventKind, told: str
) -> None:
    found = sun_day(place, day, zone, altitude_m=altitude_m).at(kind)
    assert found is not None
    published = datetime.combine(day, datetime.strptime(told, "%H:%M:%S").time(), zone)
    # The report leaves out the sun's parallax, two seconds of its rising at most.
    assert abs((found - published).total_seconds()) < 2.5


def almanac(when: datetime, lon: float, lat: float) -> tuple[float, float]:
    """Azimuth and unrefracted elevation by the Astronomical Almanac's short formulas (0.01 deg)."""
    n = when.timestamp() / 86_400 + 2_440_587.5 - 2_451_545.0
    mean_longitude = 280.460 + 0.9856474 * n
    anomaly = math.radians(357.528 + 0.9856003 * n)
    ecliptic = math.radians(
        mean_longitude + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly)
    )
    tilt = math.radians(23.439 - 0.0000004 * n)
    right_ascension = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    declination = math.asin(math.sin(tilt) * math.sin(ecliptic))
    sidereal = math.radians((280.46061837 + 360.98564736629 * n + lon) % 360.0)
    hour, phi = sidereal - right_ascension, math.radians(lat)
    east = -math.cos(declination) * math.sin(hour)
    north = math.sin(declination) * math.cos(phi) - math.cos(declination) * math.sin(
        phi
    ) * math.cos(hour)
    up = math.sin(declination) * math.sin(phi) + math.cos(declination) * math.cos(phi) * math.cos(
        hour
    )
    return math.degrees(math.atan2(east, north)) % 360.0, math.degrees(math.asin(up))


@settings(max_examples=60)
@given(
    when=st.datetimes(
        datetime(1955, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC), allow_imaginary=False
    ),
    lon=st.floats(-180, 180),
    lat=st.floats(-89, 89),
)
def test_against_the_almanac(when: datetime, lon: float, lat: float) -> None:
    azimuth, elevation = almanac(when, lon, lat)
    sun = sun_position(when, Position(lon=lon, lat=lat))
    assert sun.true_elevation_deg == pytest.approx(elevation, abs=0.03)
    apart = (sun.azimuth_deg - azimuth + 180) % 360 - 180
    # Near the zenith and the nadir the azimuth turns fast.
    assert abs(apart) * math.cos(math.radians(elevation)) < 0.03


def test_refraction_lifts_the_horizon_by_half_a_degree() -> None:
    place = Position(lon=0.0, lat=51.5)
    grid = np.arange(1.6e9, 1.6e9 + 86_400, 30.0)
    sun = sun_positions(grid, lon=place.lon, lat=place.lat)
    at = int(np.argmin(np.abs(sun.true_elevation_deg)))
    assert sun.elevation_deg[at] - sun.true_elevation_deg[at] == pytest.approx(0.48, abs=0.05)
    assert np.all(sun.elevation_deg >= sun.true_elevation_deg)


@pytest.mark.parametrize(
    ("day", "polar"),
    [
        # Longyearbyen's midnight sun is from 20 April to 22 August, its polar night from 26
        # October to 15 February (Norwegian Meteorological Institute).
        (date(2017, 4, 17), None),
        (date(2017, 4, 22), "day"),
        (date(2017, 8, 21), "day"),
        (date(2017, 8, 27), None),
        (date(2017, 10, 20), None),
        (date(2017, 10, 29), "night"),
        (date(2018, 2, 12), "night"),
        (date(2018, 2, 19), None),
    ],
)
def test_polar_days_and_nights(day: date, polar: str | None) -> None:
    course = sun_day(Position(lon=15.63, lat=78.22), day, ZoneInfo("Arctic/Longyearbyen"))
    assert course.polar == polar
    assert (course.at("sunrise") is None) == (polar is not None)
    assert course.at("transit") is not None


@pytest.mark.parametrize("lat", [90.0, -90.0])
def test_the_poles(lat: float) -> None:
    course = sun_day(Position(lon=0.0, lat=lat), date(2017, 6, 21), UTC)
    assert course.polar == ("day" if lat > 0 else "night")
    # Seen through the air the sun stands 0.04 degrees higher; below the horizon it is not seen.
    assert course.highest_deg == pytest.approx(23.47 if lat > 0 else -23.43, abs=0.01)


def test_a_day_with_one_hour_less() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start, end = civil_day(date(2017, 3, 26), zone)
    assert end - start == 23 * 3600
    course = sun_day(Position(lon=13.4, lat=52.5), date(2017, 3, 26), zone)
    order = [event.at for event in course.events]
    assert order == sorted(order)
    assert all(event.at.date() == date(2017, 3, 26) for event in course.events)
    # The clocks were put forward at two: the sun was highest after one.
    transit = course.at("transit")
    assert transit is not None and transit.hour == 13


def test_events_come_in_their_order() -> None:
    course = sun_day(Position(lon=38.6, lat=33.5), date(2017, 6, 11), ZoneInfo("Asia/Damascus"))
    assert [event.kind for event in course.events] == [
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


def test_shapes_broadcast() -> None:
    times = np.array([1.5e9, 1.6e9])
    table = sun_positions(times[:, None], lon=np.array([1.0, 2.0, 3.0]), lat=40.0)
    assert table.azimuth_deg.shape == (2, 3)
    single = sun_positions(1.6e9, lon=2.0, lat=40.0)
    assert single.azimuth_deg.shape == ()
    assert table.elevation_deg[1, 1] == pytest.approx(float(single.elevation_deg), abs=1e-9)
    one_time = sun_positions(1.6e9, lon=np.array([[1.0], [2.0]]), lat=np.array([40.0, 50.0]))
    assert one_time.elevation_deg.shape == (2, 2)
    assert one_time.elevation_deg[1, 0] == pytest.approx(float(single.elevation_deg), abs=1e-9)
    assert sun_positions(np.empty(0), lon=0.0, lat=0.0).azimuth_deg.shape == (0,)
    assert sun_positions(1.6e9, lon=np.empty(0), lat=np.empty(0)).azimuth_deg.shape == (0,)


def test_shadows_of_the_sun() -> None:
    high = SunPosition(azimuth_deg=200.0, elevation_deg=45.0, true_elevation_deg=44.98)
    assert high.shadow_ratio == pytest.approx(1.0)
    assert high.shadow_azimuth_deg == pytest.approx(20.0)
    for low in (0.2, -5.0):
        down = SunPosition(azimuth_deg=200.0, elevation_deg=low, true_elevation_deg=low)
        assert down.shadow_ratio is None and down.shadow_azimuth_deg is None


@pytest.mark.parametrize(
    ("unix_s", "lon", "lat", "altitude_m", "told"),
    [
        (math.nan, 0.0, 0.0, 0.0, "time is not a finite"),
        (1.5e9, math.inf, 0.0, 0.0, "longitude is not a finite"),
        (1.5e9, 0.0, 91.0, 0.0, "swapped"),
        (1.5e9, 361.0, 0.0, 0.0, "beyond 360"),
        (1.5e9, 0.0, 0.0, 20_000.0, "altitude"),
        (1.5e9, 0.0, 0.0, math.nan, "altitude"),
        (-1e10, 0.0, 0.0, 0.0, "year"),
        (1e12, 0.0, 0.0, 0.0, "year"),
    ],
)
def test_unusable_values(
    unix_s: float, lon: float, lat: float, altitude_m: float, told: str
) -> None:
    with pytest.raises(ImageryError, match=told):
        sun_positions(unix_s, lon=lon, lat=lat, altitude_m=altitude_m)


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ImageryError, match="no zone"):
        sun_position(datetime(2017, 6, 11, 14, 0), GOLDEN)


@pytest.mark.parametrize("year", [1799, 2201, 9999])
def test_years_that_are_not_answered(year: int) -> None:
    with pytest.raises(ImageryError, match="1800 to 2200"):
        sun_day(GOLDEN, date(year, 6, 1), UTC)


@pytest.mark.parametrize("year", [1800, 2200])
@pytest.mark.parametrize("month_day", [(1, 1), (12, 31)])
@pytest.mark.parametrize("hours", [-12, 14])
def test_the_first_and_the_last_year(year: int, month_day: tuple[int, int], hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    assert sun_day(GOLDEN, date(year, *month_day), zone).at("sunrise") is not None


def test_the_algorithm_comes_without_its_package() -> None:
    code = (
        "import sys, imagery.sun as s; s.sun_positions(1.5e9, lon=0.0, lat=0.0);"
        "print(sorted({'pandas', 'scipy', 'pvlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
