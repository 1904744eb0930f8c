"""A reader of given rows, and a few made-up places."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from gazetteer.record import BadRow, Name, Provenance, Record

Rows = Sequence[Record | BadRow]


class GivenRows:
    """Yields what it is given; the fingerprint is that of the rows."""

    def __init__(self, key: str, rows: Rows, *, sha256: str | None = None) -> None:
        mark = hashlib.sha256(repr(rows).encode()).hexdigest() if sha256 is None else sha256
        self.provenance = Provenance(
            key=key,
            title=f"Rows of {key}",
            origin=key,
            licence="CC0",
            locator="made up",
            sha256=mark,
            guessed=("column 'Breite' is the latitude",),
        )
        self._rows = rows
        self.size: int | None = len(rows)
        self.done = 0

    def rows(self) -> Iterator[Record | BadRow]:
        for row in self._rows:
            self.done += 1
            yield row


def make_record(source_id: str, *names: str, **facts: Any) -> Record:
    facts = {"lon": 38.6, "lat": 33.5, "kind": "village", **facts}
    return Record(source_id=source_id, names=tuple(Name(text=text) for text in names), **facts)


@pytest.fixture
def reader() -> Callable[..., GivenRows]:
    return GivenRows


@pytest.fixture
def record() -> Callable[..., Record]:
    return make_record


@pytest.fixture
def few() -> Rows:
    return (
        make_record("1", "Al-Tanf", "التنف", population=100, country="SY"),
        BadRow(line=2, why="latitude 4239.00416 is out of range"),
        make_record(
            "2", "Damascus", "دمشق", "Dimashq", lon=36.3, kind="city", population=1_500_000
        ),
        make_record("3", "Damascus", lon=-75.8, lat=41.8, population=1_300),
    )
