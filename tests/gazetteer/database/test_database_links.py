"""Rows of different sources that seem to be one place are linked, with their disagreement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gazetteer.database import Database, add
from gazetteer.geodesy import distances_m
from gazetteer.record import Record

Make = Callable[..., Record]


def _linked(folder: Path) -> set[tuple[str, str, str]]:
    with Database.open(folder) as database:
        places = database.places(range(1, 100))
        return {
            (place.source_id, linked.place.source_id, linked.why)
            for number, place in places.items()
            for linked in database.linked(number)
            if number < linked.id
        }


def test_why_and_how_far(tmp_path: Path, reader: Any, record: Make) -> None:
    add(
        tmp_path,
        reader(
            "geonames:SY",
            [
                record("170654", "Damascus", lon=36.29, lat=33.51, kind="city"),
                record("g2", "Al-Tanf", lon=38.60, lat=33.50),
                record("g3", "التنف", lon=38.70, lat=33.50),
                record("g4", "Tanf", lon=38.60, lat=33.52, kind="hill"),
            ],
        ),
    )
    added = add(
        tmp_path,
        reader(
            "wof:sy",
            [
                record("w1", "Sham", lon=36.9, lat=33.9, kind="city", same_as=("gn:170654",)),
                record("w2", "Tanf", lon=38.61, lat=33.50, kind="unknown"),
                record("w3", "Tanif", lon=38.705, lat=33.50, kind="town"),
                record("w4", "Tanf", lon=39.90, lat=33.50),
            ],
        ),
    )
    assert _linked(tmp_path) == {
        ("170654", "w1", "same identifier"),
        ("g2", "w2", "same name"),
        ("g4", "w2", "same name"),
        ("g3", "w3", "same name in another spelling"),
    }
    assert added.links == 4
    with Database.open(tmp_path) as database:
        (linked,) = database.linked(3)
        assert linked.distance_m == pytest.approx(
            float(distances_m(38.70, 33.50, 38.705, 33.50)), abs=0.06
        )
        assert database.sources()[1].links == 4
        assert database.same_as(5) == ("gn:170654",)


def test_rows_of_one_source_are_never_linked(tmp_path: Path, reader: Any, record: Make) -> None:
    same = [record(str(at), "Tanf") for at in range(3)]
    assert add(tmp_path, reader("a", same)).links == 0
    assert add(tmp_path, reader("b", same[:1])).links == 3


def test_links_go_with_the_rows_that_are_replaced(
    tmp_path: Path, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("a", [record("a1", "Tanf")]))
    add(tmp_path, reader("b", [record("b1", "Tanf"), record("b2", "Homs")]))
    add(tmp_path, reader("a", [record("a2", "Homs")]))
    assert _linked(tmp_path) == {("b2", "a2", "same name")}
    add(tmp_path, reader("a", []))
    assert _linked(tmp_path) == set()


def test_an_identifier_of_the_newer_source_finds_the_older_and_the_other_way(
    tmp_path: Path, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("wof:sy", [record("7", "One", same_as=("wd:Q1",))]))
    add(tmp_path, reader("x", [record("x1", "Other", same_as=("wof:7",))]))
    add(tmp_path, reader("wikidata", [record("Q1", "Third", lon=0)]))
    assert _linked(tmp_path) == {
        ("7", "x1", "same identifier"),
        ("7", "Q1", "same identifier"),
    }
