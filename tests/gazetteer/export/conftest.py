"""A small gazetteer with something of everything that a format may trip over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from gazetteer.database import add
from gazetteer.place import KINDS
from gazetteer.record import BadRow, Name, Provenance, Record

OUTLINE = shapely.to_wkb(
    shapely.MultiPolygon([shapely.box(38.5, 33.4, 38.75, 33.625), shapely.box(39, 33, 39.25, 33.5)])
)


class Given:
    """A reader of given rows."""

    def __init__(self, key: str, rows: tuple[Record | BadRow, ...], licence: str) -> None:
        self.provenance = Provenance(
            key=key,
            title=f"Survey {key}",
            origin=key,
            licence=licence,
            locator="made up",
            sha256=hashlib.sha256(repr(rows).encode()).hexdigest(),
            retrieved_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        )
        self._rows = rows
        self.size: int | None = len(rows)
        self.done = 0

    def rows(self) -> Iterator[Record | BadRow]:
        for row in self._rows:
            self.done += 1
            yield row


def make_place(source_id: str, *names: str | Name, **facts: Any) -> Record:
    given = tuple(Name(text=n) if isinstance(n, str) else n for n in names)
    return Record(source_id=source_id, names=given, **{"lon": 38.6, "lat": 33.5, **facts})


FIRST: tuple[Record | BadRow, ...] = (
    make_place(
        "a1",
        "Al-Tanf",
        Name(text="التنف", language="ar", preferred=True),
        Name(text="Tanf Qadim", historic=True, valid=(date(1920, 1, 1), date(1946, 4, 17))),
        Name(text="Tanif", colloquial=True),
        kind="village",
        country="SY",
        admin1="Homs",
        admin2="Tadmur",
        population=100,
        uncertainty_m=250.5,
        valid=(date(1920, 1, 1), None),
        same_as=("wd:Q1432529", "gn:163915"),
        feature="P.PPL",
        outline_wkb=OUTLINE,
        note="a remark\twith a tab, and a comma",
    ),
    make_place("a2", "Fork, The", kind="crossroads", lon=-179.99999, lat=-16.123456789012345),
    make_place("a3", 'Two; "names" | here', "Zwei, hier", lon=179.999, lat=-16.1, country="FJ"),
    BadRow(line=4, why="it has no name"),
    *(
        make_place(
            f"k-{kind}", f"Place of {kind}", kind=kind, lon=20 + number / 7, lat=40 - number / 9
        )
        for number, kind in enumerate(KINDS)
    ),
)
SECOND: tuple[Record | BadRow, ...] = (
    make_place("163915", "At Tanf", "الزكف", kind="populated_place", country="SY", lon=38.61),
    make_place(
        "17", "Київ", "Киев", "Kyiv", kind="city", population=2_900_000, lon=30.5, lat=50.45
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The gazetteer's folder."""
    folder = tmp_path / "gazetteer"
    add(folder, Given("first", FIRST, "CC0"))
    add(folder, Given("geonames:SY", SECOND, "CC BY 4.0"))
    return folder


@pytest.fixture
def records() -> tuple[Record, ...]:
    """What is in it, in order."""
    return tuple(row for row in (*FIRST, *SECOND) if isinstance(row, Record))


@pytest.fixture
def given() -> type[Given]:
    """A reader of given rows."""
    return Given


@pytest.fixture
def place() -> Callable[..., Record]:
    """Makes a row."""
    return make_place
