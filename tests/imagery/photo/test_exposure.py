"""Scene brightness from exposure settings, and daylight by the height of the sun."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagery.photo.exposure import (
    Exposure,
    clear_sky_ev100,
    illuminance_lux,
    luminance_cd_m2,
    scene_light,
)

SUNNY = Exposure(time_s=1 / 125, f_number=16, iso=125)


def test_sunny_sixteen() -> None:
    # The rule printed in film boxes: in sunlight f/16 and the reciprocal of the speed. The nominal
    # 15 is of the rounded scale of EV.
    light = scene_light(SUNNY)
    assert light is not None
    assert light.ev100 == pytest.approx(15, abs=0.4)
    assert light.ev100 == pytest.approx(clear_sky_ev100(45), abs=0.6)
    assert light.bound == "about" and light.way == "settings" and light.remarks == ()


@pytest.mark.parametrize(
    ("ev", "luminance"),
    # Table of the standard: EV 0 is 0.125 cd/m2 and each step doubles it.
    [(-4, 0.0078125), (0, 0.125), (3, 1.0), (10, 128.0), (15, 4096.0)],
)
def test_luminance_of_exposure_values(ev: float, luminance: float) -> None:
    assert luminance_cd_m2(ev) == pytest.approx(luminance)


@pytest.mark.parametrize(
    ("elevation_deg", "lux"),
    [
        # Sea-level illuminances quoted in astronomical handbooks for these solar elevations.
        (90.0, 129_000),
        (-6.0, 3.40),
        (-12.0, 0.0081),
        (-18.0, 6.4e-4),
        (0.0, 759),
    ],
)
def test_published_illuminances(elevation_deg: float, lux: float) -> None:
    assert illuminance_lux(elevation_deg) == pytest.approx(lux, rel=0.03)


@given(low=st.floats(-90, 90), high=st.floats(-90, 90))
def test_a_higher_sun_never_gives_less_light(low: float, high: float) -> None:
    low, high = sorted((low, high))
    # The pieces of the published curve meet within 2 %.
    assert illuminance_lux(low) <= illuminance_lux(high) * 1.02


@pytest.mark.parametrize("edge", [20.0, 5.0, -0.8, -5.0, -12.0, -18.0])
def test_the_pieces_of_the_curve_meet(edge: float) -> None:
    assert illuminance_lux(edge - 1e-9) == pytest.approx(illuminance_lux(edge), rel=0.03)


@pytest.mark.parametrize("elevation_deg", [91.0, -91.0, math.nan, math.inf])
def test_no_such_elevation(elevation_deg: float) -> None:
    with pytest.raises(ValueError, match="outside of"):
        illuminance_lux(elevation_deg)


def test_brightness_value_is_the_second_way() -> None:
    light = scene_light(Exposure(brightness_ev=7.0))
    assert light is not None
    assert light.ev100 == pytest.approx(12.0)
    assert light.way == "brightness"
    assert light.spread_ev > 1.0


def test_the_two_ways_apart_are_told() -> None:
    agreeing = scene_light(Exposure(time_s=1 / 125, f_number=16, iso=125, brightness_ev=9.5))
    apart = scene_light(Exposure(time_s=1 / 125, f_number=16, iso=125, brightness_ev=2.0))
    assert agreeing is not None and agreeing.remarks == ()
    assert apart is not None
    assert apart.ev100 == agreeing.ev100
    assert "brightness value" in apart.remarks[0]
    assert apart.spread_ev > agreeing.spread_ev


def test_compensation_means_a_brighter_scene() -> None:
    # The meter asked for 1/250; the photographer added a stop of light.
    metered = scene_light(Exposure(time_s=1 / 250, f_number=16, iso=125))
    lifted = scene_light(Exposure(time_s=1 / 125, f_number=16, iso=125, bias_ev=1.0))
    assert metered is not None and lifted is not None
    assert lifted.ev100 == pytest.approx(metered.ev100)


@pytest.mark.parametrize("bias", [50.0, -1e9])
def test_an_absurd_compensation_is_left_out(bias: float) -> None:
    light = scene_light(Exposure(time_s=1 / 125, f_number=16, iso=125, bias_ev=bias))
    plain = scene_light(SUNNY)
    assert light is not None and plain is not None
    assert light.ev100 == plain.ev100 and "left out" in light.remarks[0]


def test_flash_and_filter_only_bound_the_light() -> None:
    flash = scene_light(Exposure(time_s=1 / 125, f_number=16, iso=125, flash_fired=True))
    assert flash is not None and flash.bound == "at_most"
    waterfall = scene_light(Exposure(time_s=2.0, f_number=16, iso=100))
    assert waterfall is not None and waterfall.bound == "at_least"
    # A hand-held night shot opens the lens and raises the speed.
    night = scene_light(Exposure(time_s=0.5, f_number=1.8, iso=1600))
    assert night is not None and night.bound == "about"


@pytest.mark.parametrize(
    "exposure",
    [
        Exposure(),
        Exposure(time_s=1 / 125, f_number=16),
        Exposure(time_s=0.0, f_number=16, iso=125),
        Exposure(time_s=math.nan, f_number=16, iso=125),
        Exposure(time_s=math.inf, f_number=16, iso=125),
        Exposure(time_s=1 / 125, f_number=0.0, iso=125),
        Exposure(time_s=1 / 125, f_number=-16, iso=125),
        Exposure(time_s=1 / 125, f_number=16, iso=0),
        # 65535 says that the speed stands in another tag.
        Exposure(time_s=1 / 125, f_number=16, iso=65535),
        Exposure(brightness_ev=math.nan),
        Exposure(brightness_ev=-99.99),
    ],
)
def test_not_enough_is_told(exposure: Exposure) -> None:
    assert exposure.ev100 is None
    assert scene_light(exposure) is None


@given(
    time_s=st.floats(allow_nan=True, allow_infinity=True),
    f_number=st.floats(allow_nan=True, allow_infinity=True),
    iso=st.floats(allow_nan=True, allow_infinity=True),
    bias_ev=st.floats(allow_nan=True, allow_infinity=True),
    brightness_ev=st.floats(allow_nan=True, allow_infinity=True),
)
def test_whatever_a_file_says_the_answer_is_finite_or_none(
    time_s: float, f_number: float, iso: float, bias_ev: float, brightness_ev: float
) -> None:
    light = scene_light(
        Exposure(
            time_s=time_s, f_number=f_number, iso=iso, bias_ev=bias_ev, brightness_ev=brightness_ev
        )
    )
    if light is not None:
        assert math.isfinite(light.ev100) and math.isfinite(light.luminance_cd_m2)
        assert 0 < light.spread_ev < 100


def test_as_dict_names_every_field() -> None:
    assert Exposure(time_s=0.5, flash_fired=False).as_dict() == {
        "time_s": 0.5,
        "f_number": None,
        "iso": None,
        "bias_ev": None,
        "flash_fired": False,
        "brightness_ev": None,
    }


def test_as_dict_is_json() -> None:
    said = Exposure(time_s=math.inf, f_number=math.nan, iso=100.0).as_dict()
    assert json.loads(json.dumps(said, allow_nan=False))["time_s"] is None
    assert said["f_number"] is None and said["iso"] == 100.0
