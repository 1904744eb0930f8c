"""What is in a gazetteer, counted."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gazetteer.database.open import FILE, database_build, index_path, open_for_reading
from gazetteer.database.place_rows import Stored, read_sources
from gazetteer.errors import DatabaseError

_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Links between the rows of two sources.

    Attributes:
        sources: their keys, the one that came first before the other.
        links: how many pairs of rows seem to be one place.
        median_m: half of the pairs lie no further apart than this, in metres.
        most_m: how far apart the two put one place at most.
    """

    sources: tuple[str, str]
    links: int
    median_m: float
    most_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is in a gazetteer.

    Attributes:
        path: its GeoPackage.
        size_bytes: of the GeoPackage and its name index together.
        sources: whose rows it has, in the order they came.
        places, names, areas: how many in all.
        kinds: number of places by kind, most first.
        countries: number of places by country code, most first; "" for those that name none.
        between: links, most first.
    """

    path: Path
    size_bytes: int
    sources: tuple[Stored, ...]
    places: int
    names: int
    areas: int
    kinds: Mapping[str, int]
    countries: Mapping[str, int]
    between: tuple[Between, ...]


def overview(folder: Path) -> Overview:
    """Count what is in the gazetteer of a folder; of millions of places that takes seconds.

    Raises:
        DatabaseError: there is none, it is of another version, or damaged.
    """
    path = folder / FILE
    with contextlib.closing(open_for_reading(path)) as connection:
        build = database_build(connection, path)
        try:
            sources = tuple(read_sources(connection).values())
            kinds = _counts(connection, "kind")
            countries = _counts(connection, "country")
            between = _between(connection)
        except (sqlite3.Error, ValueError, IndexError) as error:
            raise DatabaseError(
                f"{path} is damaged ({error}); move it away and add the sources again"
            ) from error
    size = 0
    for one in (path, index_path(folder, build)):
        with contextlib.suppress(OSError):
            size += one.stat().st_size
    return Overview(
        path=path,
        size_bytes=size,
        sources=sources,
        places=sum(stored.places for stored in sources),
        names=sum(stored.names for stored in sources),
        areas=sum(stored.areas for stored in sources),
        kinds=kinds,
        countries=countries,
        between=between,
    )


def _counts(connection: sqlite3.Connection, column: str) -> dict[str, int]:
    rows = connection.execute(f"SELECT {column}, count(*) FROM places GROUP BY {column}").fetchall()
    counted = sorted(rows, key=lambda row: (-row[1], row[0] or ""))
    return {value or "": count for value, count in counted}


def _between(connection: sqlite3.Connection) -> tuple[Between, ...]:
    """Links by pair of sources; the ids of a source's places are a range of their own."""
    ranges = connection.execute(
        "SELECT first_place, last_place, key FROM sources WHERE places > 0 ORDER BY first_place"
    ).fetchall()
    if not ranges:
        return ()
    firsts = np.array([row[0] for row in ranges])
    apart: dict[int, list[np.ndarray[tuple[int], np.dtype[np.float64]]]] = {}
    cursor = connection.execute("SELECT place_a, place_b, distance_m FROM links")
    while rows := cursor.fetchmany(_AT_ONCE):
        pairs = np.array(rows, dtype=np.float64)
        owners = np.searchsorted(firsts, pairs[:, :2], "right") - 1
        owners.sort(axis=1)
        packed = owners[:, 0] * len(firsts) + owners[:, 1]
        for pair in np.unique(packed).tolist():
            apart.setdefault(pair, []).append(pairs[packed == pair, 2])
    found = []
    for pair, pieces in apart.items():
        distance_m = np.concatenate(pieces)
        left, right = divmod(pair, len(firsts))
        found.append(
            Between(
                sources=(ranges[left][2], ranges[right][2]),
                links=len(distance_m),
                median_m=float(np.median(distance_m)),
                most_m=float(distance_m.max()),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.links, one.sources)))
