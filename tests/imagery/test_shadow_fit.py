"""Times, dates and places that fit shadows which a known sun throws."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from imagery.errors import ImageryError
from imagery.shadow import Shadow
from imagery.shadow_fit import (
    Ground,
    Sighting,
    clock_errors,
    fitting_dates,
    fitting_times,
    furthest_m,
    ground_around,
    misfit_at,
    solve_scene,
    world,
)
from imagery.sun import sun_position

ZAQAF = Position(lon=38.6, lat=33.5)
DAMASCUS = ZoneInfo("Asia/Damascus")
DAY = date(2017, 6, 11)


def thrown(
    when: datetime, place: Position, *, share: float = 0.05, turn_deg: float = 0.0
) -> Shadow:
    """The shadow that the sun throws there and then, with the direction turned."""
    sun = sun_position(when, place)
    ratio, azimuth = sun.shadow_ratio, sun.shadow_azimuth_deg
    assert ratio is not None and azimuth is not None
    return Shadow(ratio=ratio, ratio_sigma=share * ratio, azimuth_deg=azimuth + turn_deg)


@settings(max_examples=25)
@given(
    lat=st.floats(-60, 60),
    lon=st.floats(-180, 180),
    day=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    hour=st.floats(-3, 3),
)
def test_the_true_time_is_among_those_that_fit(
    lat: float, lon: float, day: date, hour: float
) -> None:
    place = Position(lon=lon, lat=lat)
    # Within three hours of local noon.
    when = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(hours=hour - lon / 15)
    sun = sun_position(when, place)
    if sun.elevation_deg < 3:
        return
    shadow = thrown(when, place)
    fits = fitting_times(shadow, place, when.date(), UTC)
    assert any(
        f.first - timedelta(minutes=1) <= when <= f.last + timedelta(minutes=1) for f in fits
    )
    assert all(f.first <= f.best <= f.last and f.misfit <= shadow.limit() for f in fits)
    assert misfit_at(shadow, place, when) < 0.01


def test_a_ratio_alone_fits_twice_a_day() -> None:
    when = datetime(2017, 6, 11, 16, 0, tzinfo=DAMASCUS)
    shadow = thrown(when, ZAQAF)
    alone = Shadow(ratio=shadow.ratio, ratio_sigma=shadow.ratio_sigma)
    before, after = fitting_times(alone, ZAQAF, DAY, DAMASCUS)
    assert before.last < after.first
    assert after.first <= when <= after.last
    assert after.first.tzinfo is DAMASCUS
    (both,) = fitting_times(shadow, ZAQAF, DAY, DAMASCUS)
    assert both.first <= when <= both.last


def test_no_time_of_a_winter_day_fits_a_summer_noon() -> None:
    assert fitting_times(Shadow(ratio=0.2), ZAQAF, date(2017, 12, 21), DAMASCUS) == ()


def test_dates_lie_on_both_sides_of_the_solstice() -> None:
    when = datetime(2017, 4, 20, 12, 25, tzinfo=DAMASCUS)
    early, late = fitting_dates(
        Shadow(ratio=thrown(when, ZAQAF).ratio, ratio_sigma=0.02),
        ZAQAF,
        time(12, 25),
        DAMASCUS,
        year=2017,
    )
    assert early.first <= when.date() <= early.last
    # The sun's declination of 20 April comes back on 23 August.
    assert late.first <= date(2017, 8, 23) <= late.last


def test_one_shadow_leaves_a_band_of_the_world_and_two_a_spot() -> None:
    first = datetime(2017, 6, 11, 9, 0, tzinfo=UTC)
    second = first + timedelta(hours=4)
    ground = world(1.0)
    ratio_only = [
        Sighting(shadow=Shadow(ratio=thrown(t, ZAQAF).ratio, ratio_sigma=0.02), at=t)
        for t in (first, second)
    ]
    one = solve_scene(ratio_only[:1], ground)
    two = solve_scene(ratio_only, ground)
    assert one.fits and two.fits
    assert two.area_km2 < one.area_km2 / 4
    near = int(np.argmin((ground.lon - ZAQAF.lon) ** 2 + (ground.lat - ZAQAF.lat) ** 2))
    assert one.inside[near] and two.inside[near]
    assert two.weight.sum() == pytest.approx(1.0)
    with_direction = solve_scene([Sighting(shadow=thrown(first, ZAQAF), at=first)], ground)
    assert distance_m(with_direction.best, ZAQAF) < 400_000


def test_a_clock_that_is_three_hours_off_is_found() -> None:
    point = Ground(lon=np.array([ZAQAF.lon]), lat=np.array([ZAQAF.lat]), area_m2=np.ones(1))
    true_times = [datetime(2017, 6, 11, h, 0, tzinfo=UTC) for h in (7, 10, 14)]
    sightings = [
        Sighting(shadow=thrown(t, ZAQAF, turn_deg=turn), at=t - timedelta(hours=3))
        for t, turn in zip(true_times, (3.0, -4.0, 2.0), strict=True)
    ]
    scene = solve_scene(sightings, point, clock_s=clock_errors(6 * 3600, 300))
    low, high = scene.clock_range_s
    assert scene.fits
    assert low <= 3 * 3600 <= high
    assert high - low <= 1800
    as_it_stood = solve_scene(sightings, point)
    assert not as_it_stood.fits


def test_one_blunder_does_not_outweigh_three_that_agree() -> None:
    times = [datetime(2017, 6, 11, h, 0, tzinfo=UTC) for h in (6, 9, 12, 14)]
    sightings = [Sighting(shadow=thrown(t, ZAQAF), at=t) for t in times]
    sightings[1] = Sighting(shadow=Shadow(ratio=8.0, azimuth_deg=160.0), at=times[1])
    ground = world(2.0)
    scene = solve_scene(sightings, ground)
    assert not scene.fits
    assert distance_m(scene.best, ZAQAF) < 600_000


def test_a_neighbourhood_cannot_be_told_apart() -> None:
    when = datetime(2017, 6, 11, 9, 0, tzinfo=UTC)
    ground = ground_around(ZAQAF, 20_000)
    scene = solve_scene([Sighting(shadow=thrown(when, ZAQAF), at=when)], ground)
    assert scene.share > 0.9
    nearest, furthest = furthest_m(scene, ZAQAF)
    assert nearest < 1_000 and furthest > 19_000


def test_grounds_cover_what_they_say() -> None:
    around = ground_around(ZAQAF, 200_000)
    assert around.area_m2.sum() == pytest.approx(np.pi * 200_000**2, rel=0.001)
    # The Earth's surface is 510.1 million square kilometres.
    assert world(2.0).area_m2.sum() == pytest.approx(510.1e12, rel=0.002)
    whole = ground_around(Position(lon=0, lat=90), 20_000_000)
    assert whole.area_m2.sum() == pytest.approx(510.1e12, rel=0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ground_around(ZAQAF, 0.0),
        lambda: ground_around(ZAQAF, float("nan")),
        lambda: ground_around(ZAQAF, 1e9),
        lambda: ground_around(ZAQAF, 100_000, spacing_m=1.0),
        lambda: ground_around(ZAQAF, 100_000, spacing_m=0.0),
        lambda: world(0.01),
        lambda: solve_scene([], world(30.0)),
        lambda: solve_scene(
            [Sighting(shadow=Shadow(ratio=1.0), at=datetime(2017, 6, 11, tzinfo=UTC))],
            world(30.0),
            clock_s=(),
        ),
        lambda: solve_scene(
            [Sighting(shadow=Shadow(ratio=1.0), at=datetime(2017, 6, 11))],
            world(30.0),
        ),
        lambda: Ground(lon=np.empty(0), lat=np.empty(0), area_m2=np.empty(0)),
    ],
)
def test_unusable_questions(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ImageryError):
        wrong()
