"""The hours a caption tells, and the instants they leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gazetteer.position import Position
from osint.checks.photo_hours import (
    ClaimedTimes,
    Hours,
    any_time,
    claimed_times,
    said_hours,
    zone_at,
)
from osint.claims import DateInterval

ZAQAF = Position(lon=38.6, lat=33.5)
DAMASCUS = ZoneInfo("Asia/Damascus")
DAY = DateInterval(first=date(2017, 6, 11), last=date(2017, 6, 11))


@pytest.mark.parametrize(
    ("caption", "part", "minutes"),
    [
        ("A convoy leaves the base at noon on 11 June.", "noon", ()),
        ("A convoy at night.", "night", ()),
        ("Smoke rises at dawn.", "dawn", ()),
        ("Smoke rises shortly after the raid, just before sunset.", "dusk", ()),
        ("A convoy on Sunday night.", "night", ()),
        ("A convoy in the early morning.", "morning", ()),
        ("A convoy early on Monday afternoon.", "afternoon", ()),
        ("The strike hit overnight.", "night", ()),
        ("The strike hit at midnight.", "midnight", ()),
        ("The strike hit at 14:30.", "clock", (870,)),
        ("The strike hit at 2:30 p.m. on Sunday.", "clock", (870,)),
        ("The strike hit at 3 am.", "clock", (180,)),
        ("The strike hit around 12 am.", "clock", (0,)),
        ("The strike hit at 6:30.", "clock", (390, 1110)),
        ("The strike hit at 06:30.", "clock", (390,)),
        ("June 11 in the evening", "evening", ()),
    ],
)
def test_hours_read(caption: str, part: str, minutes: tuple[int, ...]) -> None:
    hours = said_hours(caption)
    assert hours is not None
    assert (hours.part, hours.minutes) == (part, minutes)


@pytest.mark.parametrize(
    "caption",
    [
        "A convoy near al-Zaqaf on 11 June 2017.",
        "The Night Watch, a unit of the rebels.",
        "Saturday Night Live",
        "Good morning",
        "at noon and at night",
        "The price rose at 3.5 % a year.",
        "They were at 14 km from the base.",
        "at 25:30",
        "at 13 pm",
        "",
    ],
)
def test_no_hour_told(caption: str) -> None:
    assert said_hours(caption) is None


def leaves(
    claimed: DateInterval, place: Position, zone: ZoneInfo, hours: Hours | None = None
) -> ClaimedTimes:
    times = claimed_times(claimed, place, zone, hours)
    assert times is not None
    return times


def local(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, DAMASCUS)


def test_a_date_alone_leaves_the_whole_day() -> None:
    times = leaves(DAY, ZAQAF, DAMASCUS)
    assert {local(t).date() for t in times.unix_s} == {DAY.first}
    assert times.weight.sum() == pytest.approx(1.0)
    dark = times.weight[times.elevation_deg < 0]
    assert dark.max() == pytest.approx(times.weight[times.elevation_deg > 0].min() / 4)


@pytest.mark.parametrize(
    ("caption", "first_hour", "last_hour"),
    [
        ("at noon", 11.0, 14.0),
        ("at dawn", 4.3, 5.7),
        ("at sunset", 19.1, 20.5),
        ("at 14:30", 14.0, 15.0),
        ("in the morning", 3.0, 12.5),
        ("in the afternoon", 11.5, 19.0),
        ("in the evening", 16.0, 24.0),
    ],
)
def test_hours_of_a_day(caption: str, first_hour: float, last_hour: float) -> None:
    times = leaves(DAY, ZAQAF, DAMASCUS, said_hours(caption))
    hours = [local(t).hour + local(t).minute / 60 for t in times.unix_s]
    assert first_hour - 0.2 <= min(hours) and max(hours) <= last_hour + 0.2
    assert max(hours) - min(hours) > (last_hour - first_hour) / 2
    assert times.weight.sum() == pytest.approx(1.0)


def test_the_night_of_a_day_ends_on_the_next() -> None:
    times = leaves(DAY, ZAQAF, DAMASCUS, said_hours("on Sunday night"))
    assert times.elevation_deg.max() < 0
    days = {local(t).date() for t in times.unix_s}
    assert days == {DAY.first, DAY.first + timedelta(days=1)}


def test_words_that_leave_nothing_are_left_out() -> None:
    tromso = Position(lon=18.95, lat=69.65)
    times = leaves(DAY, tromso, ZoneInfo("Europe/Oslo"), said_hours("at night"))
    assert times.unix_s.size > 100
    assert times.elevation_deg.min() > 0


def test_long_intervals_are_sampled_evenly() -> None:
    year = DateInterval(first=date(2017, 1, 1), last=date(2017, 12, 31))
    times = leaves(year, ZAQAF, DAMASCUS)
    months = {local(t).month for t in times.unix_s}
    assert months == set(range(1, 13))
    assert times.unix_s.size < 20_000


def test_any_time_is_of_all_hours_and_seasons() -> None:
    times = any_time(ZAQAF, 2017)
    assert {local(t).month for t in times.unix_s} == set(range(1, 13))
    assert {local(t).hour for t in times.unix_s} == set(range(24))
    # Half of the year is night; it weighs a quarter as much.
    assert times.weight[times.elevation_deg > 0].sum() == pytest.approx(0.8, abs=0.02)


def test_zones() -> None:
    assert str(zone_at(ZAQAF)) == "Asia/Damascus"
    at_sea = zone_at(Position(lon=-150, lat=0))
    assert datetime(2017, 6, 11, tzinfo=at_sea).utcoffset() == timedelta(hours=-10)
    assert datetime(2017, 6, 11, tzinfo=zone_at(Position(lon=0, lat=90))).tzinfo is not UTC


@pytest.mark.parametrize(
    ("first", "last"), [("1066-10-14", "1066-10-14"), ("0001-01-01", "9999-12-31")]
)
def test_dates_that_no_photo_is_of(first: str, last: str) -> None:
    claimed = DateInterval(first=date.fromisoformat(first), last=date.fromisoformat(last))
    assert claimed_times(claimed, ZAQAF, DAMASCUS) is None


def test_endless_captions_are_read_in_no_time() -> None:
    assert said_hours("at " * 20_000 + "in the early " * 10_000) is None
    assert said_hours("on Sunday " * 10_000 + "at noon") is not None
