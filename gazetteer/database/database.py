"""The gazetteer on disk, opened for reading: places by name, misspelt name, position and id."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from gazetteer.database.geopackage import POLYGON_WKB_AT
from gazetteer.database.likeness import most_alike, script_of
from gazetteer.database.name_index import Entry, NameIndex
from gazetteer.database.nearness import ids_near
from gazetteer.database.open import FILE, database_build, index_path, open_for_reading
from gazetteer.database.place_rows import Stored, fetch, read_sources
from gazetteer.database.typos import find_near
from gazetteer.errors import DatabaseError
from gazetteer.geodesy import distances_m
from gazetteer.place import Place
from gazetteer.sources.match import Match

MOST = 100
"""Most matches of a key unless asked otherwise, most populous first."""

_MOST_KEYS = 5_000
"""Of how many keys with one skeleton the likeness is looked at."""

_OTHER_NAMES = 3
"""Among how many keys for each match wanted its place's name in the script asked for is sought."""

_OPENINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """A place and how far off it is, in metres on the ellipsoid; ``id`` as in the database."""

    id: int
    place: Place
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A place of another source that seems to be the same.

    Attributes:
        id: of the other place.
        place: the other place.
        why: "same identifier", "same name" or "same name in another spelling".
        distance_m: how far apart the two sources put it.
    """

    id: int
    place: Place
    why: str
    distance_m: float


def sources_of(folder: Path) -> tuple[Stored, ...]:
    """Whose rows are in the gazetteer of a folder; its name index is not needed.

    Raises:
        DatabaseError: there is none, it is of another version, or damaged.
    """
    path = folder / FILE
    with contextlib.closing(open_for_reading(path)) as connection:
        database_build(connection, path)
        try:
            return tuple(read_sources(connection).values())
        except (sqlite3.Error, ValueError) as error:
            raise DatabaseError(
                f"{path} is damaged ({error}); move it away and add the sources again"
            ) from error


class Database:
    """An opened gazetteer; it answers as it was when opened, whatever is added meanwhile.

    A ``sources.match.Source``. Not to be used by two threads at once.

    Attributes:
        folder: where it lies.
        build: id of its build.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, index: NameIndex) -> None:
        self.folder = folder
        self._connection = connection
        self._index = index
        self.build = database_build(connection, folder / FILE)
        with self._told():
            self._sources = read_sources(connection)
        self._places = sum(stored.places for stored in self._sources.values())

    @classmethod
    def open(cls, folder: Path, *, index: Path | None = None) -> Database:
        """The gazetteer in a folder.

        Args:
            folder: where it lies.
            index: the file of its name index, if that is elsewhere.

        Raises:
            DatabaseError: there is none, it is of another version, or damaged.
        """
        path = folder / FILE
        for attempt in range(1, _OPENINGS + 1):
            connection = open_for_reading(path)
            try:
                build = database_build(connection, path)
                names = index or index_path(folder, build)
                return cls(folder, connection, NameIndex.open(names, build))
            except DatabaseError:
                connection.close()
                # A build may have ended between the two files; then the next pair is there.
                if attempt == _OPENINGS:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._places

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", most: int = MOST
    ) -> tuple[Match, ...]:
        """Matches of either key (see ``names``), those of ``fold_key`` first.

        Of each key at most ``most``, the most populous places first.

        Raises:
            DatabaseError: the files are damaged.
        """
        found: list[Entry] = []
        if (number := self._index.find(fold_key)) is not None:
            found += self._index.entries((number,), most=most)
        if skeleton_key:
            numbers = self._index.with_skeleton(skeleton_key, most=most)
            found += self._index.entries(numbers.tolist(), most=most)
        return self._matches(found)

    def alike(
        self, skeleton_keys: Iterable[str], *, fold_key: str, most: int = MOST
    ) -> tuple[Match, ...]:
        """Matches of any of the skeletons, those whose names sound most like ``fold_key`` first.

        Where a short skeleton has thousands of names, the likest of them are given, and not only
        those of the most populous places.

        Raises:
            DatabaseError: the files are damaged.
        """
        numbers = self._index.with_skeletons(skeleton_keys, most=_MOST_KEYS)
        chosen = most_alike(fold_key, numbers.tolist(), self._index.keys(numbers))
        entries = self._index.entries(chosen, most=most)
        # Unwritten vowels make a name in another script look alike; where one in the same script
        # leads to the place too, that is the name that matched.
        first, script = chosen[: _OTHER_NAMES * most], script_of(fold_key)
        keys = self._index.keys(np.array(first, dtype=np.int64))
        own = [number for number, key in zip(first, keys, strict=True) if script_of(key) == script]
        if len(own) < len(first):
            names = {place: name for name, place in self._index.entries(own, most=len(first))}
            entries = [(names.get(place, name), place) for name, place in entries]
        return self._matches(entries)

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        """Matches of keys from one to ``edits`` edits off, nearest and most populous first.

        Raises:
            DatabaseError: the files are damaged.
        """
        near = find_near(self._index, fold_key, edits=edits)
        return self._matches(self._index.entries([other.number for other in near], most=most))

    def near(
        self, *, lon: float, lat: float, radius_m: float, most: int = 50
    ) -> tuple[Nearby, ...]:
        """Places whose points lie within ``radius_m`` metres of a point, nearest first.

        Raises:
            DatabaseError: the files are damaged.
        """
        with self._told():
            ids = ids_near(self._connection, lon=lon, lat=lat, radius_m=radius_m, most=most)
        places = self._places_by_id(ids)
        found = []
        for number, place in places.items():
            position = place.position
            apart_m = float(distances_m(lon, lat, position.lon, position.lat))
            if apart_m <= radius_m:
                found.append(Nearby(id=number, place=place, distance_m=apart_m))
        found.sort(key=lambda nearby: (nearby.distance_m, nearby.id))
        return tuple(found[:most])

    def place(self, number: int) -> Place | None:
        """The place with this id, or None."""
        return self._places_by_id([number]).get(number)

    def places(self, numbers: Iterable[int]) -> dict[int, Place]:
        """The places with these ids, where there are such."""
        return self._places_by_id(list(numbers))

    def sources(self) -> tuple[Stored, ...]:
        """Whose rows are in it, in the order they came."""
        return tuple(self._sources.values())

    def linked(self, number: int) -> tuple[Linked, ...]:
        """Places of other sources that seem to be the place with this id, nearest first."""
        rows = self._read(
            "SELECT place_b, why, distance_m FROM links WHERE place_a = ? "
            "UNION ALL SELECT place_a, why, distance_m FROM links WHERE place_b = ? "
            "ORDER BY distance_m",
            (number, number),
        )
        places = self._places_by_id([row[0] for row in rows])
        return tuple(
            Linked(id=other, place=places[other], why=why, distance_m=apart_m)
            for other, why, apart_m in rows
        )

    def same_as(self, number: int) -> tuple[str, ...]:
        """Identifiers of the place in other collections, as its source gives them."""
        rows = self._read("SELECT identifier FROM same_as WHERE place = ? ORDER BY id", (number,))
        return tuple(row[0] for row in rows)

    def area_wkb(self, number: int) -> bytes | None:
        """Outline of the place with this id as WKB (MultiPolygon, lon and lat), or None."""
        rows = self._read("SELECT geom FROM areas WHERE place = ?", (number,))
        return bytes(rows[0][0][POLYGON_WKB_AT:]) if rows else None

    def areas_at(self, *, lon: float, lat: float) -> tuple[int, ...]:
        """Ids of the places whose outline holds the point, the smallest outline first."""
        import shapely

        point = shapely.Point(lon, lat)
        holding = []
        for number, blob in self._read(
            "SELECT place, geom FROM areas WHERE id IN (SELECT id FROM rtree_areas_geom "
            "WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?)",
            (lon, lon, lat, lat),
        ):
            outline = shapely.from_wkb(blob[POLYGON_WKB_AT:])
            if outline.intersects(point):
                holding.append((outline.area, number))
        return tuple(number for _, number in sorted(holding))

    def _matches(self, entries: Sequence[Entry]) -> tuple[Match, ...]:
        """Matches of the entries, in their order."""
        if not entries:
            return ()
        ids = list(dict.fromkeys([place for _, place in entries]))
        with self._told():
            fetched = fetch(self._connection, ids, self._sources)
        found = []
        for name, number in entries:
            place = fetched.places.get(number)
            text = fetched.texts.get(name)
            if place is None or text is None:
                raise DatabaseError(
                    f"{self.folder / FILE} and its name index do not agree (the file was changed "
                    "by another program?); add one of the sources again"
                )
            found.append(Match(place=place, name=text))
        return tuple(found)

    def _places_by_id(self, numbers: Sequence[int]) -> dict[int, Place]:
        with self._told():
            return fetch(self._connection, numbers, self._sources).places

    def _read(self, statement: str, arguments: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._told():
            return self._connection.execute(statement, arguments).fetchall()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite and broken rows say, as one error."""
        try:
            yield
        except DatabaseError:
            raise
        except (sqlite3.Error, ValueError, IndexError) as error:
            raise DatabaseError(
                f"{self.folder / FILE} is damaged ({error}); move it away and add the sources again"
            ) from error
