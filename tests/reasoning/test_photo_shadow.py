"""Measured shadows against a claimed place and time."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gazetteer.position import Position
from imagery.shadow import Shadow
from imagery.sun import sun_position
from osint.checks.photo_hours import ClaimedTimes, claimed_times, said_hours
from osint.checks.photo_shadow import MeasuredShadow, check_shadows
from osint.checks.trust import F_WRONG, G_FORGED
from osint.claims import DateInterval
from osint.evidence import Evidence

ZAQAF = Position(lon=38.6, lat=33.5)
DAMASCUS = ZoneInfo("Asia/Damascus")


def times(words: str = "", day: date = date(2017, 6, 11)) -> ClaimedTimes:
    hours = said_hours(words) if words else None
    found = claimed_times(DateInterval(first=day, last=day), ZAQAF, DAMASCUS, hours)
    assert found is not None
    return found


def thrown(hour: int, minute: int = 0, *, day: date = date(2017, 6, 11)) -> Shadow:
    when = datetime(day.year, day.month, day.day, hour, minute, tzinfo=DAMASCUS)
    sun = sun_position(when, ZAQAF)
    ratio = sun.shadow_ratio
    assert ratio is not None
    return Shadow(ratio=ratio, ratio_sigma=0.05 * ratio, azimuth_deg=sun.shadow_azimuth_deg)


def weighed(*shadows: Shadow, claimed: ClaimedTimes, later_s: tuple[float, ...] = ()) -> Evidence:
    found = check_shadows(
        [
            MeasuredShadow(
                shadow=shadow,
                photo=f"IMG_{n}.jpg",
                sha256="0" * 64,
                by="analyst A",
                later_s=later_s[n] if later_s else 0.0,
            )
            for n, shadow in enumerate(shadows)
        ],
        ZAQAF,
        claimed,
        claim_id="c1",
    )
    assert found is not None
    return found


def test_a_shadow_of_the_claimed_hour_speaks_for_it() -> None:
    evidence = weighed(thrown(14, 30), claimed=times("at 14:30"))
    assert evidence.log_lr > math.log(5)
    assert evidence.check == "photo_shadow"
    assert "analyst A" in evidence.origin and "IMG_0.jpg" in evidence.origin
    assert "2017-06-11 14:" in evidence.summary
    assert "20 km" in evidence.summary


def test_a_shadow_of_another_hour_speaks_against_it() -> None:
    evidence = weighed(thrown(17), claimed=times("at noon"))
    assert evidence.log_lr < math.log(1 / 10)
    assert "none of the claimed times" in evidence.summary


def test_a_summer_noon_cannot_be_of_december() -> None:
    evidence = weighed(Shadow(ratio=0.2), claimed=times(day=date(2017, 12, 21)))
    assert evidence.log_lr < math.log(1 / 4)
    assert weighed(Shadow(ratio=0.2), claimed=times()).log_lr > 0


def test_a_shadow_of_no_time_of_the_year_says_so() -> None:
    """At 33.5 degrees north the sun is never in the zenith."""
    evidence = weighed(Shadow(ratio=0.0), claimed=times())
    assert "at none of the claimed times" in evidence.summary
    assert "nor at any other of the year" in evidence.summary
    assert "fit the claimed place and time" not in evidence.summary
    december = weighed(Shadow(ratio=0.2), claimed=times(day=date(2017, 12, 21)))
    assert "nor at any other" not in december.summary


def test_a_single_time_that_fits_is_no_stretch() -> None:
    sharp = Shadow(ratio=1.0, ratio_sigma=0.001, slope_sigma_deg=0.01, lean_sigma_deg=0.01)
    summary = weighed(sharp, claimed=times()).summary
    assert not re.search(r"(\d\d:\d\d) to \1", summary)


def test_a_date_alone_leaves_a_middling_length_open() -> None:
    shadow = Shadow(ratio=1.0)
    assert abs(weighed(shadow, claimed=times()).log_lr) < math.log(1.5)


def test_a_shadow_at_night_leaves_only_a_blunder() -> None:
    evidence = weighed(thrown(12), claimed=times("at night"))
    assert evidence.log_lr < math.log(1 / 10)


def test_two_photos_of_one_scene_say_more_than_one() -> None:
    afternoon = times(day=date(2017, 6, 11))
    one = weighed(thrown(15), claimed=afternoon)
    two = weighed(thrown(15), thrown(17), claimed=afternoon, later_s=(0.0, 7200.0))
    assert two.log_lr > one.log_lr
    crossed = weighed(thrown(15), thrown(17), claimed=afternoon, later_s=(0.0, -7200.0))
    # The second was then thrown before the first: one of them at most was measured rightly.
    assert crossed.log_lr < two.log_lr
    assert "at none of the claimed times" in crossed.summary


def test_a_place_that_is_not_known_well_widens_what_fits() -> None:
    shadow = MeasuredShadow(shadow=thrown(17), photo="a.jpg", sha256="0", by="analyst A")
    wide = Position(lon=38.6, lat=33.5, uncertainty_m=3_000_000.0)
    exact = check_shadows([shadow], ZAQAF, times("at 16:00"), claim_id="c1")
    vague = check_shadows([shadow], wide, times("at 16:00"), claim_id="c1")
    assert exact is not None and vague is not None
    assert vague.log_lr > exact.log_lr


def test_ratios_are_bounded_and_nothing_is_no_evidence() -> None:
    many = [thrown(h) for h in (8, 10, 12, 14, 16)]
    gaps = tuple(7200.0 * n for n in range(5))
    assert weighed(*many, claimed=times("at 8:00"), later_s=gaps).log_lr > math.log(10)
    assert weighed(*many, claimed=times("at 8:00"), later_s=gaps).log_lr <= math.log(1 / G_FORGED)
    assert weighed(*many, claimed=times("at 14:00"), later_s=gaps).log_lr >= math.log(F_WRONG)
    assert check_shadows([], ZAQAF, times(), claim_id="c1") is None
