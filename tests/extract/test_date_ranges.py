"""Stretches of days: both ends, the year said once, and what is no date at all."""

from __future__ import annotations

import pytest

from osint.extract.date_ranges import date_at
from osint.extract.tokens import tokenise


def read(text: str) -> tuple[str, str] | None:
    found = date_at(tokenise(text, 0, len(text)), 0)
    if found is None or found.interval is None:
        return None
    return str(found.interval.first), str(found.interval.last)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("between 2 and 5 November 2020", ("2020-11-02", "2020-11-05")),
        ("between 30 May and 2 June 2021", ("2021-05-30", "2021-06-02")),
        ("Between May and July 2017", ("2017-05-01", "2017-07-31")),
        ("2-5 November 2020", ("2020-11-02", "2020-11-05")),
        ("3 and 4 July 2019", ("2019-07-03", "2019-07-04")),
        ("November 4-6, 2020", ("2020-11-04", "2020-11-06")),
        ("4 June 2019", ("2019-06-04", "2019-06-04")),
    ],
)
def test_both_ends_are_read(text: str, days: tuple[str, str]) -> None:
    assert read(text) == days


@pytest.mark.parametrize(
    "text",
    ["3 or 4 July 2019", "between 5 and 2 November 2020", "between 2 and 5 km", "between us"],
)
def test_what_cannot_be_placed_is_no_date(text: str) -> None:
    assert read(text) is None
