"""The report's imagery: whose it is, what it was made of, what is missing and what was not got."""

from __future__ import annotations

from typing import Any

import pytest

from osint.report.html import render_html
from osint.report.model import Report

TILE = {
    "url": "https://tiles.example.org/9/310/205.jpg",
    "sha256": "ab" * 32,
    "retrieved_at": "2020-05-17T12:00:00+00:00",
}
SERVER = {
    "provider": "Far <b>server</b>",
    "host": "tiles.example.org",
    "tiles": 3,
    "of": 9,
    "reason": "the server answered 500",
}


def test_a_chip_of_tiles(raw: dict[str, Any]) -> None:
    raw["imagery"][0] |= {
        "attribution": "Survey <Office>",
        "licence": "CC BY 4.0",
        "remark": "a composite of a year",
        "tile_count": 45,
        "tiles": [TILE] * 2,
        "holes": ["1 of 46 tiles: the server has no such tile"],
    }
    page = render_html(Report.model_validate(raw))
    for text in (
        "Survey &lt;Office&gt;",
        "CC BY 4.0",
        "a composite of a year",
        "45 tiles it was made of, the first 2",
        TILE["url"],
        TILE["sha256"],
        "1 of 46 tiles: the server has no such tile",
        "is hatched in the picture",
    ):
        assert text in page
    assert "could not be reached" not in page


def test_what_was_not_got_is_listed_even_without_any_imagery(raw: dict[str, Any]) -> None:
    raw |= {"imagery": [], "unreached": [SERVER]}
    page = render_html(Report.model_validate(raw))
    assert '<a href="#imagery">' in page
    assert "Imagery that could not be reached" in page
    assert "Far &lt;b&gt;server&lt;/b&gt;" in page
    assert "3 of 9 tiles not got (the server answered 500)" in page


def test_no_imagery_and_nothing_asked_for_is_no_section(raw: dict[str, Any]) -> None:
    raw |= {"imagery": [], "unreached": []}
    assert 'id="imagery"' not in render_html(Report.model_validate(raw))


@pytest.mark.parametrize("change", [{"tiles": 0}, {"of": 0}, {"more": 1}])
def test_entries_that_say_nothing_are_refused(raw: dict[str, Any], change: dict[str, int]) -> None:
    raw["unreached"] = [{**SERVER, **change}]
    with pytest.raises(ValueError, match=next(iter(change))):
        Report.model_validate(raw)
