"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from osint.claims import DateInterval
from osint.extract.dates import date_at, parse_published
from osint.extract.tokens import tokenise

PUBLISHED = parse_published("2017-06-13")  # a Tuesday


def find(text: str, published: DateInterval | None = PUBLISHED) -> tuple[str, str] | None:
    tokens = tokenise(text)
    for at in range(len(tokens)):
        found = date_at(tokens, at, published)
        if found is not None:
            if found.interval is None:
                return None
            return str(found.interval.first), str(found.interval.last)
    return None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 11 June 2017", "2017-06-11", "2017-06-11"),
        ("on June 11, 2017", "2017-06-11", "2017-06-11"),
        ("June 11th 2017", "2017-06-11", "2017-06-11"),
        ("the 29th of May", "2017-05-29", "2017-05-29"),
        ("on May 29th", "2017-05-29", "2017-05-29"),
        ("Sept. 14, 2014", "2014-09-14", "2014-09-14"),
        ("2017-06-11", "2017-06-11", "2017-06-11"),
        ("2017/06/11", "2017-06-11", "2017-06-11"),
        ("13/06/2017", "2017-06-13", "2017-06-13"),
        ("06/13/2017", "2017-06-13", "2017-06-13"),
        ("14.06.2016", "2016-06-14", "2016-06-14"),
        ("Sunday, 11 June 2017", "2017-06-11", "2017-06-11"),
        ("December 24", "2016-12-24", "2016-12-24"),
        ("in June", "2017-06-01", "2017-06-30"),
        ("in May", "2017-05-01", "2017-05-31"),
        ("February 2016", "2016-02-01", "2016-02-29"),
        ("early June", "2017-06-01", "2017-06-10"),
        ("mid-June 2016", "2016-06-11", "2016-06-20"),
        ("late February 2015", "2015-02-21", "2015-02-28"),
        ("in 2015", "2015-01-01", "2015-12-31"),
        ("today", "2017-06-13", "2017-06-13"),
        ("yesterday", "2017-06-12", "2017-06-12"),
        ("last Friday", "2017-06-09", "2017-06-09"),
        ("on Friday", "2017-06-09", "2017-06-09"),
        ("last Tuesday", "2017-06-06", "2017-06-06"),
        ("on Tuesday", "2017-06-13", "2017-06-13"),
        ("last week", "2017-06-05", "2017-06-11"),
        ("last month", "2017-05-01", "2017-05-31"),
        ("earlier this month", "2017-06-01", "2017-06-13"),
        ("two weeks ago", "2017-05-30", "2017-05-30"),
        ("three months ago", "2017-03-01", "2017-03-31"),
        ("5 days ago", "2017-06-08", "2017-06-08"),
    ],
)
def test_reading(text: str, first: str, last: str) -> None:
    assert find(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "06/11/2017",
        "31 February 2017",
        "he may march",
        "version 2.1.4",
        "a division of 2000 men",
        "in two weeks",
        "1,500 people",
    ],
)
def test_no_date(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize("text", ["June 11", "last Friday", "today", "in May", "two weeks ago"])
def test_without_publication_nothing_is_guessed(text: str) -> None:
    assert find(text, None) is None


def test_publication_may_be_a_month() -> None:
    assert find("June 11", parse_published("2017-06")) == ("2017-06-11", "2017-06-11")
    assert find("last Friday", parse_published("2017-06")) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-06-13", date(2017, 6, 13), date(2017, 6, 13)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2017-12", date(2017, 12, 1), date(2017, 12, 31)),
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
    ],
)
def test_publication(text: str, first: date, last: date) -> None:
    assert parse_published(text) == DateInterval(first=first, last=last)


@pytest.mark.parametrize(
    "text", ["", "June", "2017-13", "2017-02-30", "17-06-13", "2017-6-1", "0000", "2017-06-13x"]
)
def test_publication_not_understood(text: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        parse_published(text)
