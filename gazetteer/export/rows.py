"""The places of the gazetteer, one after the other, each with all that is stored of it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gazetteer.database.geopackage import POLYGON_WKB_AT, points_of
from gazetteer.database.nearness import boxes_around
from gazetteer.database.open import FILE, database_build, open_for_reading
from gazetteer.database.place_rows import Stored, read_sources
from gazetteer.errors import DatabaseError, GazetteerError
from gazetteer.export.selection import Selection
from gazetteer.geodesy import distances_m
from gazetteer.record import Name, Record
from gazetteer.sources.quick import quick_name

_AT_ONCE = 2_000
_IDS_AT_ONCE = 500
_PLACES = (
    "SELECT id, geom, name, kind, kind_inferred, feature, country, admin1, admin2, population, "
    "uncertainty_m, extent_m, valid_first, valid_last, source, source_id, note FROM places"
)
_NAMES = (
    "SELECT place, text, language, preferred, historic, colloquial, valid_first, valid_last "
    "FROM names WHERE place BETWEEN ? AND ? ORDER BY place, id"
)
_SAME = "SELECT place, identifier FROM same_as WHERE place BETWEEN ? AND ? ORDER BY place, id"
_AREAS = "SELECT place, geom FROM areas WHERE place BETWEEN ? AND ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A place as it stands in the gazetteer.

    Attributes:
        id: in the gazetteer.
        record: the row as its source gave it.
        source: key of the source.
    """

    id: int
    record: Record
    source: str


class Rows:
    """The places of one gazetteer that are asked for, in the order they came.

    Attributes:
        sources: by key, all of the gazetteer.
        highest: the highest id there is, 0 if there are no places.
    """

    def __init__(self, folder: Path, selection: Selection) -> None:
        self._path = folder / FILE
        self._selection = selection
        with contextlib.ExitStack() as opened:
            self._connection = opened.enter_context(
                contextlib.closing(open_for_reading(self._path))
            )
            database_build(self._connection, self._path)
            with self._told():
                self.sources: Mapping[str, Stored] = read_sources(self._connection)
                (highest,) = self._connection.execute("SELECT max(id) FROM places").fetchone()
            self.highest = int(highest or 0)
            _check_source(selection.source, self.sources)
            # All went well: closing is up to ``__exit__``.
            opened.pop_all()

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __iter__(self) -> Iterator[StoredRow]:
        """Each place.

        Raises:
            DatabaseError: the gazetteer is damaged.
        """
        with self._told():
            for rows in self._batches():
                yield from self._records(rows)

    def _batches(self) -> Iterator[list[tuple[Any, ...]]]:
        chosen = self._selection
        where, arguments = "", []
        for column in ("source", "country", "kind"):
            value = getattr(chosen, column)
            if value is not None:
                where += f" AND {column} = ?"
                arguments.append(value)
        if chosen.centre is not None:
            ids = self._ids_around()
            for start in range(0, len(ids), _IDS_AT_ONCE):
                some = ids[start : start + _IDS_AT_ONCE]
                marks = ",".join("?" * len(some))
                rows = self._connection.execute(
                    f"{_PLACES} WHERE id IN ({marks}){where} ORDER BY id", (*some, *arguments)
                ).fetchall()
                if rows:
                    yield rows
            return
        last = 0
        while rows := self._connection.execute(
            f"{_PLACES} WHERE id > ?{where} ORDER BY id LIMIT {_AT_ONCE}", (last, *arguments)
        ).fetchall():
            last = rows[-1][0]
            yield rows

    def _ids_around(self) -> list[int]:
        """Ids of the places in the boxes that hold the circle, rising."""
        centre, radius_m = self._selection.centre, self._selection.radius_m
        if centre is None or radius_m is None:
            return []
        ids: set[int] = set()
        for west, east, south, north in boxes_around(
            lon=centre.lon, lat=centre.lat, radius_m=radius_m
        ):
            ids.update(
                row[0]
                for row in self._connection.execute(
                    "SELECT id FROM rtree_places_geom "
                    "WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?",
                    (west, east, south, north),
                )
            )
        return sorted(ids)

    def _records(self, rows: Sequence[tuple[Any, ...]]) -> Iterator[StoredRow]:
        lonlat = points_of([row[1] for row in rows])
        centre, radius_m = self._selection.centre, self._selection.radius_m
        if centre is not None and radius_m is not None:
            apart_m = distances_m(centre.lon, centre.lat, lonlat[:, 0], lonlat[:, 1])
            near = [at for at, metres in enumerate(apart_m) if metres <= radius_m]
        else:
            near = list(range(len(rows)))
        if not near:
            return
        between = (rows[near[0]][0], rows[near[-1]][0])
        if between[1] - between[0] > 4 * _AT_ONCE:
            # Few rows far apart in the table: ask for each instead of for all between them.
            details = [self._details((rows[at][0], rows[at][0])) for at in near]
        else:
            details = [self._details(between)] * len(near)
        for at, (names, same, areas) in zip(near, details, strict=True):
            row = rows[at]
            number = row[0]
            yield StoredRow(
                id=number,
                source=row[14],
                record=Record(
                    source_id=row[15],
                    names=tuple(names.get(number, (Name(text=row[2]),))),
                    lon=float(lonlat[at, 0]),
                    lat=float(lonlat[at, 1]),
                    kind=row[3],
                    uncertainty_m=row[10],
                    extent_m=row[11],
                    country=row[6],
                    admin1=row[7],
                    admin2=row[8],
                    population=row[9],
                    valid=_span(row[12], row[13]),
                    same_as=tuple(same.get(number, ())),
                    feature=row[5] or "",
                    outline_wkb=areas.get(number),
                    kind_inferred=bool(row[4]),
                    note=row[16] or "",
                ),
            )

    def _details(
        self, between: tuple[int, int]
    ) -> tuple[dict[int, list[Name]], dict[int, list[str]], dict[int, bytes]]:
        """Names, identifiers elsewhere and outlines of the places with ids in a range."""
        names: dict[int, list[Name]] = {}
        for (
            place,
            text,
            language,
            preferred,
            historic,
            colloquial,
            first,
            last,
        ) in self._connection.execute(_NAMES, between):
            if not (language or preferred or historic or colloquial or first or last):
                name = quick_name(text)
            else:
                name = quick_name(
                    text,
                    language,
                    bool(preferred),
                    bool(historic),
                    bool(colloquial),
                    _span(first, last) if first or last else None,
                )
            if place in names:
                names[place].append(name)
            else:
                names[place] = [name]
        same: dict[int, list[str]] = {}
        for place, identifier in self._connection.execute(_SAME, between):
            same.setdefault(place, []).append(identifier)
        areas = {
            place: bytes(blob[POLYGON_WKB_AT:])
            for place, blob in self._connection.execute(_AREAS, between)
        }
        return names, same, areas

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except GazetteerError:
            raise
        except (sqlite3.Error, ValueError) as error:
            raise DatabaseError(
                f"{self._path} is damaged ({error}); move it away and add the sources again"
            ) from error


def _check_source(key: str | None, sources: Mapping[str, Stored]) -> None:
    if key is not None and key not in sources:
        raise GazetteerError(
            f"there is no source {key!r:.80}; there are: {', '.join(sources) or 'none'}"
        )


def _span(first: str | None, last: str | None) -> tuple[date | None, date | None] | None:
    if not first and not last:
        return None
    return (
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )
