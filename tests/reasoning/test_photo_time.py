"""Capture times against claimed days, by the clocks of the claimed place."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.position import Position
from osint.checks.photo_time import CLOCK_OF_PLACE, check_time, instant_of, time_predictive
from osint.checks.trust import F_WRONG, G_FORGED
from tests.reasoning.photo_facts import HERE, at, days, photo

AUCKLAND = Position(lon=174.76, lat=-36.85, uncertainty_m=100.0)


def late(evidence: object) -> object:
    return next(
        m.value
        for m in evidence.measurements  # type: ignore[attr-defined]
        if m.quantity == "days outside the claimed date"
    )


def test_an_instant_falls_on_the_day_of_the_place_and_not_of_the_camera() -> None:
    """11 June, 20:00 in London is the morning of 12 June in Auckland."""
    facts = photo(taken_at=at("2017-06-11T20:00:00+01:00"))
    there = check_time(facts, days("2017-06-12"), claim_id="c1", place=AUCKLAND)
    here = check_time(facts, days("2017-06-11"), claim_id="c1", place=AUCKLAND)
    assert there is not None and here is not None
    assert late(there) == 0.0 and there.log_lr > 1
    assert late(here) == 1.0 and here.log_lr < -1
    assert "07:00 on 2017-06-12 at the claimed place" in there.summary


def test_gps_time_gives_a_clock_without_a_zone_its_offset() -> None:
    facts = photo(
        taken_at=at("2017-06-11T23:30:00"),
        gps_time_utc=at("2017-06-11T21:30:00+00:00"),
        implied_offset="+02:00",
    )
    found = instant_of(facts)
    assert found is not None and found[0] == datetime(2017, 6, 11, 21, 30, tzinfo=UTC)
    # The place was on summer time, UTC+3.
    evidence = check_time(facts, days("2017-06-12"), claim_id="c1", place=HERE)
    assert evidence is not None and late(evidence) == 0.0
    assert "by its GPS time" in evidence.summary


def test_a_negative_implied_offset_is_west_of_greenwich() -> None:
    found = instant_of(photo(taken_at=at("2017-06-11T20:00:00"), implied_offset="-03:30"))
    assert found is not None and found[0].utcoffset() == timedelta(hours=-3, minutes=-30)


def test_the_time_of_the_fix_stands_in_where_there_is_no_other() -> None:
    evidence = check_time(
        photo(gps_time_utc=at("2017-06-11T12:00:00+00:00")),
        days("2017-06-11"),
        claim_id="c1",
        place=HERE,
    )
    assert evidence is not None and evidence.provenance[0].source == "EXIF GPS time"


def test_clocks_too_far_apart_for_any_zone_are_weighed_only_where_both_say_the_same() -> None:
    facts = photo(taken_at=at("2017-06-10T16:28:00"), gps_time_utc=at("2017-06-11T14:27:00+00:00"))
    # One of them says the claimed day, and which of them is right cannot be told.
    assert check_time(facts, days("2017-06-10"), claim_id="c1", place=HERE) is None
    assert check_time(facts, days("2017-06-11"), claim_id="c1", place=HERE) is None
    both = check_time(facts, days("2017-06-10", "2017-06-11"), claim_id="c1", place=HERE)
    assert both is not None and late(both) == 0.0 and both.log_lr > 0
    neither = check_time(facts, days("2017-06-13"), claim_id="c1", place=HERE)
    assert neither is not None and late(neither) == -2.0 and neither.log_lr < 0
    assert "2 days before (at least: its GPS time is 2017-06-11 14:27 UTC)" in neither.summary


def test_a_fix_that_a_zone_explains_is_no_second_clock() -> None:
    """A fix seven minutes old gives no offset, and contradicts nothing."""
    facts = photo(taken_at=at("2017-06-11T16:28:00"), gps_time_utc=at("2017-06-11T13:21:00+00:00"))
    found = check_time(facts, days("2017-06-11"), claim_id="c1", place=HERE)
    assert found is not None and late(found) == 0.0


def test_an_offset_that_the_fix_contradicts_settles_no_day() -> None:
    """By its offset the photo is of 00:03 on the 12th at the place, by the fix of the 11th."""
    facts = photo(
        taken_at=at("2017-06-11T14:03:22-07:00"), gps_time_utc=at("2017-06-11T11:03:22+00:00")
    )
    for day in ("2017-06-11", "2017-06-12"):
        assert check_time(facts, days(day), claim_id="c1", place=HERE) is None


def test_one_day_is_one_day() -> None:
    facts = photo(taken_at=at("2017-06-10T16:28:00"))
    found = check_time(facts, days("2017-06-11"), claim_id="c1", place=HERE)
    assert found is not None and "1 day before the claimed date" in found.summary


def test_a_clock_without_zone_counts_less_than_an_instant() -> None:
    claimed = days("2017-06-11")
    bare = check_time(photo(taken_at=at("2017-06-11T23:00:00")), claimed, claim_id="c", place=HERE)
    sure = check_time(
        photo(taken_at=at("2017-06-11T23:00:00+03:00")), claimed, claim_id="c", place=HERE
    )
    assert bare is not None and sure is not None
    assert 0 < bare.log_lr < sure.log_lr


def test_a_clock_on_the_day_before_may_be_another_zones() -> None:
    near = check_time(
        photo(taken_at=at("2017-06-10T23:00:00")), days("2017-06-11"), claim_id="c", place=HERE
    )
    far = check_time(
        photo(taken_at=at("2017-06-09T01:00:00")), days("2017-06-11"), claim_id="c", place=HERE
    )
    assert near is not None and far is not None
    # Of 27 offsets those west of UTC+3 put 23:00 onto the next day there: -12 to +2.
    share = next(m.value for m in near.measurements if m.quantity.startswith("chance of"))
    assert share == pytest.approx((1 - CLOCK_OF_PLACE) * 15 / 27)
    assert far.log_lr < -2 < near.log_lr < 1


def test_a_silent_photo_says_nothing() -> None:
    assert check_time(photo(), days("2017-06-11"), claim_id="c1", place=HERE) is None


@given(
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59)),
    st.dates(date(1500, 1, 1), date(2200, 12, 31)),
    st.integers(0, 800),
    st.booleans(),
    st.booleans(),
)
def test_any_time_against_any_days_stays_bounded(
    taken: datetime, first: date, length: int, aware: bool, placed: bool
) -> None:
    facts = photo(taken_at=taken.replace(tzinfo=UTC) if aware else taken)
    claimed = days(first.isoformat(), (first + timedelta(days=length)).isoformat())
    evidence = check_time(facts, claimed, claim_id="c1", place=AUCKLAND if placed else None)
    assert evidence is not None
    assert math.log(F_WRONG) <= evidence.log_lr <= math.log(1 / G_FORGED)
    assert time_predictive(evidence) in {F_WRONG, 1 - G_FORGED}


@given(st.datetimes(datetime(1990, 1, 2), datetime(2030, 1, 1)))
def test_the_day_is_that_of_the_zone_database(taken: datetime) -> None:
    there = taken.replace(tzinfo=UTC).astimezone(ZoneInfo("Pacific/Auckland")).date()
    evidence = check_time(
        photo(taken_at=taken.replace(tzinfo=UTC)),
        days(there.isoformat()),
        claim_id="c1",
        place=AUCKLAND,
    )
    assert evidence is not None and late(evidence) == 0.0
