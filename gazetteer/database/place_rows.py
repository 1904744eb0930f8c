"""From rows of the GeoPackage to places."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from gazetteer.errors import DatabaseError
from gazetteer.place import Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.record import BadRow, Provenance, counted_in

_AT_ONCE = 200
_POINT = struct.Struct("<13xdd")

_PLACES = (
    "SELECT id, geom, name, kind, kind_inferred, country, admin1, population, uncertainty_m, "
    "extent_m, valid_first, valid_last, source, source_id, note FROM places WHERE id IN ({marks})"
)
# A place's names came in the order of their ids, the main one first.
_NAMES = "SELECT id, place, text FROM names WHERE place IN ({marks}) ORDER BY place, id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A source in the gazetteer.

    Attributes:
        provenance: whose rows they are.
        places, names, areas, bad_rows, links: how many.
        bad_first: the first rows that could not be used.
        added_at: when it was added, UTC.
    """

    provenance: Provenance
    places: int
    names: int
    areas: int
    bad_rows: int
    bad_first: tuple[BadRow, ...]
    links: int
    added_at: datetime


@dataclass(slots=True, kw_only=True)
class Fetched:
    """Places by id, and the texts of all their names by the names' ids."""

    places: dict[int, Place]
    texts: dict[int, str]


def read_sources(connection: sqlite3.Connection) -> dict[str, Stored]:
    """Every source by key, in the order they came.

    Raises:
        sqlite3.Error: the file is damaged.
        ValueError: a row is.
    """
    cursor = connection.execute(
        "SELECT key, title, origin, licence, locator, sha256, retrieved_at, guessed, places, "
        "names, areas, bad_rows, bad_first, links, added_at FROM sources ORDER BY id"
    )
    return {row[0]: _stored(row) for row in cursor}


def _stored(row: tuple[Any, ...]) -> Stored:
    key, title, origin, licence, locator, sha256, retrieved_at, guessed, *counts = row
    places, names, areas, bad_rows, bad_first, links, added_at = counts
    return Stored(
        provenance=Provenance(
            key=key,
            title=title,
            origin=origin,
            licence=licence,
            locator=locator,
            sha256=sha256,
            retrieved_at=_time(retrieved_at),
            guessed=tuple(json.loads(guessed)),
        ),
        places=places,
        names=names,
        areas=areas,
        bad_rows=bad_rows,
        bad_first=bad_rows_of(bad_first, key),
        links=links,
        added_at=datetime.fromisoformat(added_at),
    )


def bad_rows_of(text: str, key: str) -> tuple[BadRow, ...]:
    """The bad rows in a row of the table ``sources``: number, reason and (lately) unit.

    Raises:
        ValueError: the text is none that was written there.
    """
    return tuple(
        BadRow(line=line, why=why, unit=unit[0] if unit else counted_in(key))
        for line, why, *unit in json.loads(text)
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def fetch(
    connection: sqlite3.Connection, ids: Sequence[int], sources: Mapping[str, Stored]
) -> Fetched:
    """The places with these ids, where there are such, with all their names.

    Raises:
        sqlite3.Error: the file is damaged.
        DatabaseError: a row is.
    """
    places: dict[int, Place] = {}
    texts: dict[int, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        ask_names, ask_places = _statements(len(some))
        names: dict[int, list[str]] = {}
        for number, place, text in connection.execute(ask_names, some).fetchall():
            texts[number] = text
            if place in names:
                names[place].append(text)
            else:
                names[place] = [text]
        for row in connection.execute(ask_places, some).fetchall():
            try:
                places[row[0]] = _place(row, names.get(row[0], ()), sources)
            except (KeyError, ValueError, TypeError, struct.error) as error:
                raise DatabaseError(
                    f"place {row[0]} of the gazetteer is damaged ({error}); "
                    f"add its source ({row[12]}) again"
                ) from error
    return Fetched(places=places, texts=texts)


@cache
def _statements(count: int) -> tuple[str, str]:
    marks = ",".join("?" * count)
    return _NAMES.format(marks=marks), _PLACES.format(marks=marks)


def _place(row: tuple[Any, ...], names: Sequence[str], sources: Mapping[str, Stored]) -> Place:
    (
        _,
        blob,
        name,
        kind,
        inferred,
        country,
        admin1,
        population,
        uncertainty_m,
        extent_m,
        first,
        last,
        source,
        source_id,
        note,
    ) = row
    lon, lat = _POINT.unpack(blob)
    provenance = sources[source].provenance
    return Place(
        name=name,
        names=tuple(dict.fromkeys(names)) or (name,),
        kind=kind,
        position=Position(lon=lon, lat=lat, uncertainty_m=uncertainty_m),
        extent_m=extent_m if extent_m and extent_m > 0 else kind_extent_m(kind, population),
        country=country,
        valid=(_day(first), _day(last)) if first or last else None,
        source=provenance.title,
        source_id=source_id,
        origin=provenance.origin,
        retrieved_at=provenance.retrieved_at,
        note=note or "",
        admin1=admin1,
        population=population,
        kind_inferred=bool(inferred),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
