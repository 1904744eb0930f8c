"""Exposure against a claimed hour: strong one way, weak the other, never beyond its bounds."""

from __future__ import annotations

import math
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.position import Position
from imagery.photo.exposure import Exposure, SceneLight
from osint.checks.photo_exposure import check_exposure, kind_of_light, light_density
from osint.checks.photo_hours import ClaimedTimes, claimed_times, said_hours
from osint.checks.trust import F_WRONG, G_FORGED
from osint.claims import DateInterval
from osint.evidence import Evidence

ZAQAF = Position(lon=38.6, lat=33.5)
DAMASCUS = ZoneInfo("Asia/Damascus")

SUNLIGHT = Exposure(time_s=1 / 800, f_number=8, iso=100)
ROOM = Exposure(time_s=1 / 30, f_number=2, iso=400)
STREET_AT_NIGHT = Exposure(time_s=1 / 10, f_number=1.8, iso=3200)


def times(words: str, day: date = date(2017, 6, 11), place: Position = ZAQAF) -> ClaimedTimes:
    hours = said_hours(words) if words else None
    found = claimed_times(DateInterval(first=day, last=day), place, DAMASCUS, hours)
    assert found is not None
    return found


def weighed(exposure: Exposure, claimed: ClaimedTimes, place: Position = ZAQAF) -> Evidence:
    found = check_exposure(
        exposure, place, claimed, claim_id="c1", path="IMG_1.jpg", sha256="0" * 64
    )
    assert found is not None
    return found


def test_sunlight_at_night_is_a_strong_contradiction() -> None:
    evidence = weighed(SUNLIGHT, times("at night"))
    assert evidence.log_lr < math.log(1 / 10)
    assert "full sunlight" in evidence.summary
    assert evidence.origin == "EXIF of IMG_1.jpg"
    assert evidence.check == "photo_exposure"
    brightness = evidence.measurements[0]
    assert brightness.value == pytest.approx(15.6, abs=0.1)
    assert brightness.uncertainty == 1.0


def test_a_dim_scene_at_noon_is_a_weak_one() -> None:
    for dim in (ROOM, STREET_AT_NIGHT):
        evidence = weighed(dim, times("at noon"))
        assert math.log(1 / 4) < evidence.log_lr < 0


def test_what_fits_speaks_for_the_claim_a_little() -> None:
    assert 0 < weighed(SUNLIGHT, times("at noon")).log_lr < math.log(3)
    assert 0 < weighed(STREET_AT_NIGHT, times("at night")).log_lr < math.log(5)


def test_a_date_alone_says_nearly_nothing() -> None:
    for exposure in (SUNLIGHT, ROOM, STREET_AT_NIGHT):
        assert abs(weighed(exposure, times("")).log_lr) < math.log(1.3)


def test_sunlight_in_a_polar_night_contradicts_the_date_itself() -> None:
    place = Position(lon=15.6, lat=78.2)
    claimed = times("", date(2017, 12, 21), place)
    assert weighed(SUNLIGHT, claimed, place).log_lr < math.log(1 / 8)


def test_a_flash_excuses_brightness_and_a_filter_darkness() -> None:
    flash = Exposure(time_s=1 / 200, f_number=16, iso=100, flash_fired=True)
    assert abs(weighed(flash, times("at night")).log_lr) < math.log(1.5)
    waterfall = Exposure(time_s=8.0, f_number=16, iso=100)
    dark = Exposure(time_s=8.0, f_number=16, iso=400)
    assert abs(weighed(waterfall, times("at noon")).log_lr) < math.log(1.2)
    assert weighed(dark, times("at noon")).log_lr < weighed(waterfall, times("at noon")).log_lr


def test_no_exposure_no_evidence() -> None:
    found = check_exposure(
        Exposure(), ZAQAF, times("at noon"), claim_id="c1", path="a.jpg", sha256="0"
    )
    assert found is None


@pytest.mark.parametrize("words", ["at noon", "at night", "at dawn", "at 17:00", ""])
@pytest.mark.parametrize("ev", range(-8, 22, 3))
def test_every_ratio_is_within_its_bounds(words: str, ev: int) -> None:
    evidence = weighed(Exposure(time_s=2.0**-ev, f_number=1.0, iso=100), times(words))
    assert math.log(F_WRONG) <= evidence.log_lr <= math.log(1 / G_FORGED)


@given(elevation_deg=st.floats(-90, 90))
def test_densities_integrate_to_one(elevation_deg: float) -> None:
    step = 0.25
    total = sum(
        light_density(
            SceneLight(ev100=-20 + step * n, spread_ev=1.0, bound="about", way="settings"),
            elevation_deg,
        )
        for n in range(round(50 / step))
    )
    # The share of settings that mean nothing is spread over 26 EV and goes on beyond them.
    assert total * step == pytest.approx(0.97 + 0.03 * 50 / 26, abs=0.01)


def test_words_for_light() -> None:
    for ev, words in (
        (15.0, "full sunlight"),
        (12.0, "daylight"),
        (-5.0, "a dark room or the night"),
    ):
        light = SceneLight(ev100=ev, spread_ev=1.0, bound="about", way="settings")
        assert kind_of_light(light) == words
