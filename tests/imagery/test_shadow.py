"""What a measured shadow says of the sun, against shadows thrown by geometry."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.geodesy import destination
from gazetteer.position import Position
from imagery.errors import ImageryError
from imagery.shadow import FITS, Shadow, picture_azimuth, resolves, sun_shift_deg
from imagery.sun import sun_position


@given(elevation_deg=st.floats(2.0, 89.0), azimuth_deg=st.floats(0.0, 359.9))
def test_a_shadow_leads_back_to_its_sun(elevation_deg: float, azimuth_deg: float) -> None:
    shadow = Shadow(
        ratio=1.0 / math.tan(math.radians(elevation_deg)), azimuth_deg=(azimuth_deg + 180) % 360
    )
    assert shadow.sun_elevation_deg == pytest.approx(elevation_deg)
    towards = shadow.sun_azimuth_deg
    assert towards is not None
    assert (towards - azimuth_deg + 180) % 360 - 180 == pytest.approx(0.0, abs=1e-9)
    misfit = shadow.misfit(azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
    assert misfit == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("elevation_deg", [12.0, 30.0, 50.0, 70.0])
def test_the_uncertainty_is_that_of_thrown_shadows(elevation_deg: float) -> None:
    # Poles of height 1 that lean, on ground that slopes: where the ray over the top meets it.
    rng = np.random.default_rng(1)
    lean = np.radians(rng.normal(0.0, 1.0, 200_000))
    slope = np.radians(rng.normal(0.0, 2.0, lean.size))
    edge = np.radians(rng.normal(0.0, 0.15, lean.size))
    height = math.radians(elevation_deg) + edge
    top_x, top_z = np.sin(lean), np.cos(lean)
    # Ground z = x tan(slope), ray from the top downwards along the shadow.
    x = (top_z + top_x * np.tan(height)) / (np.tan(height) + np.tan(slope))
    ratio = x / np.cos(slope)
    ratio = ratio * (1.0 + rng.normal(0.0, 0.05, lean.size))
    inferred = np.degrees(np.arctan2(1.0, ratio))
    true_ratio = 1.0 / math.tan(math.radians(elevation_deg))
    shadow = Shadow(ratio=true_ratio, ratio_sigma=0.05 * true_ratio)
    # Half of the width of the middle 68.3 %: the tails are not quite those of the bell curve.
    low, high = np.percentile(inferred, [15.85, 84.15])
    assert shadow.elevation_sigma_deg == pytest.approx((high - low) / 2, rel=0.05)


def test_the_default_uncertainties_are_as_stated() -> None:
    given_ratio = Shadow(ratio=2.0, ratio_sigma=0.2)
    assert Shadow(ratio=2.0).elevation_sigma_deg == given_ratio.elevation_sigma_deg
    azimuth, sigma = picture_azimuth(direction_deg=90, heading_deg=300)
    assert azimuth == pytest.approx(30.0)
    assert sigma == pytest.approx(math.hypot(10.0, 10.0))


def test_a_magnetic_heading_is_turned_by_the_declination() -> None:
    azimuth, sigma = picture_azimuth(
        direction_deg=0,
        heading_deg=358,
        declination_deg=4.5,
        direction_sigma_deg=3,
        heading_sigma_deg=4,
        declination_sigma_deg=0.5,
    )
    assert azimuth == pytest.approx(2.5)
    assert sigma == pytest.approx(math.sqrt(9 + 16 + 0.25))
    for direction, heading in ((math.nan, 1.0), (1.0, math.inf), (1.0, 1e300)):
        with pytest.raises(ImageryError, match="finite"):
            picture_azimuth(direction_deg=direction, heading_deg=heading)


def test_densities_integrate_to_one() -> None:
    shadow = Shadow(ratio=1.0, azimuth_deg=30.0, azimuth_sigma_deg=8.0, lean_sigma_deg=0.0)
    sigma = shadow.elevation_sigma_deg
    assert sigma is not None
    # Over the sun's positions rather than the measurements: without lean both widths are fixed.
    height, azimuth = np.meshgrid(np.arange(0.25, 90, 0.5), np.arange(0.5, 360, 1.0))
    total = shadow.density(azimuth_deg=azimuth, elevation_deg=height).sum() * 0.5
    assert total == pytest.approx(1.0, abs=0.01)
    alone = Shadow(ratio=1.0).density(azimuth_deg=0.0, elevation_deg=height[0]).sum() * 0.5
    assert alone == pytest.approx(1.0, abs=0.01)


def test_right_measurements_fit_as_often_as_said() -> None:
    rng = np.random.default_rng(2)
    truth = Shadow(ratio=1.2, ratio_sigma=0.12, azimuth_deg=80.0, azimuth_sigma_deg=10.0)
    sigma = truth.elevation_sigma_deg
    height = truth.sun_elevation_deg
    assert sigma is not None and height is not None
    spread = math.sqrt(10.0**2 + (math.tan(math.radians(height)) * 1.0) ** 2)
    misfit = truth.misfit(
        azimuth_deg=260.0 + rng.normal(0, spread, 20_000),
        elevation_deg=height + rng.normal(0, sigma, 20_000),
    )
    assert (misfit <= truth.limit(FITS)).mean() == pytest.approx(0.95, abs=0.01)


def test_no_sun_no_shadow() -> None:
    shadow = Shadow(ratio=50.0)
    assert shadow.misfit(azimuth_deg=0.0, elevation_deg=-0.1) == np.inf
    blunder = shadow.density(azimuth_deg=0.0, elevation_deg=-0.1)
    assert 0 < float(blunder) < 1e-3
    assert shadow.density(azimuth_deg=0.0, elevation_deg=-0.1, blunder_share=0.0) == 0.0


def test_a_short_shadow_has_no_direction() -> None:
    shadow = Shadow(azimuth_deg=0.0, azimuth_sigma_deg=2.0)
    low = shadow.misfit(azimuth_deg=200.0, elevation_deg=30.0)
    high = shadow.misfit(azimuth_deg=200.0, elevation_deg=88.0)
    assert high < low / 100


def test_the_limit_of_what_shadows_tell() -> None:
    assert sun_shift_deg(20_000) == pytest.approx(0.18, abs=0.001)
    found = resolves(20_000, elevation_sigma_deg=2.0)
    assert not found.resolved
    assert "20 km" in str(found) and "0.18 deg" in str(found)
    assert resolves(found.least_distance_m * 1.01, elevation_sigma_deg=2.0).resolved
    assert not resolves(found.least_distance_m * 0.99, elevation_sigma_deg=2.0).resolved


@settings(max_examples=40)
@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 180),
    bearing=st.floats(0, 360),
    hour=st.integers(0, 23),
)
def test_twenty_kilometres_never_move_the_sun_by_more(
    lat: float, lon: float, bearing: float, hour: int
) -> None:
    when = datetime(2017, 6, 11, hour, tzinfo=UTC)
    here = Position(lon=lon, lat=lat)
    there = destination(here, azimuth_deg=bearing, distance_m=20_000)
    moved = abs(
        sun_position(when, here).true_elevation_deg - sun_position(when, there).true_elevation_deg
    )
    # The ellipsoid's curvature differs from the mean sphere's by up to half a percent.
    assert moved <= sun_shift_deg(20_000) * 1.01


def test_eratosthenes() -> None:
    # At Alexandria, when the sun stood over Syene at the solstice's noon, the shadow in the bowl
    # was a fiftieth of a circle. The true angle is 7.7 degrees; his is within his means.
    shadow = Shadow(ratio=math.tan(math.radians(360 / 50)), ratio_sigma=0.01)
    noon = datetime(2017, 6, 21, 10, 2, tzinfo=UTC)
    sun = sun_position(noon, Position(lon=29.9, lat=31.2))
    misfit = shadow.misfit(azimuth_deg=sun.azimuth_deg, elevation_deg=sun.elevation_deg)
    assert misfit < shadow.limit()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "at least one"),
        ({"ratio": -0.1}, "ratio from 0"),
        ({"ratio": math.nan}, "ratio from 0"),
        ({"ratio": 1e9}, "ratio from 0"),
        ({"ratio": 1.0, "ratio_sigma": -1.0}, "ratio uncertainty"),
        ({"azimuth_deg": math.inf}, "shadow direction"),
        ({"azimuth_deg": 3.0, "azimuth_sigma_deg": 0.0}, "direction uncertainty"),
        ({"ratio": 1.0, "slope_sigma_deg": math.nan}, "slope"),
        ({"ratio": 1.0, "lean_sigma_deg": 90.0}, "lean"),
    ],
)
def test_unusable_measurements(fields: dict[str, float], told: str) -> None:
    with pytest.raises(ImageryError, match=told):
        Shadow(**fields)
