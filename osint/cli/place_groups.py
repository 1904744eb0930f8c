"""Candidates that several sources have: one place, and how far the sources disagree on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazetteer.database import Database
    from gazetteer.place import Candidate, Place
    from gazetteer.search import Gazetteer

MOST_GROUPED = 200
"""Of how many candidates the links are looked up."""

SAME_GROUND = 0.1
"""Share of their radius by which two described regions may differ and still be one: a judgement."""

_HERE_M = 0.5
_MOST_HERE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Candidates that seem to be one place.

    Attributes:
        members: their numbers, from 0, the best first.
        why: of each other member: what joins it to one before it.
        apart_m: of each other member: how far from the first.
    """

    members: tuple[int, ...]
    why: Mapping[int, str]
    apart_m: Mapping[int, float]


def groups_of(found: Sequence[Candidate], index: Gazetteer) -> tuple[Group, ...]:
    """The candidates in groups, in the order of the best of each.

    Only the gazetteer on disk knows which rows of different sources seem to be one place; described
    places are one if their ground is, within ``SAME_GROUND``. Every other candidate is a group of
    its own.
    """
    from gazetteer.database import Database
    from gazetteer.geodesy import distance_m

    databases = [source for source in index.sources if isinstance(source, Database)]
    leader = list(range(len(found)))
    why: dict[int, str] = {}
    for database in databases:
        _join(found, database, leader, why)
    _join_ground(found, leader, why)
    members: dict[int, list[int]] = {}
    for number in range(len(found)):
        members.setdefault(leader[number], []).append(number)
    return tuple(
        Group(
            members=tuple(numbers),
            why={number: why[number] for number in numbers[1:]},
            apart_m={
                number: distance_m(found[first].place.position, found[number].place.position)
                for number in numbers[1:]
            },
        )
        for first, numbers in members.items()
    )


def _join(
    found: Sequence[Candidate], database: Database, leader: list[int], why: dict[int, str]
) -> None:
    ids = {}
    for number, candidate in enumerate(found[:MOST_GROUPED]):
        known = _id_of(candidate.place, database)
        if known is not None:
            ids[known] = number
    for known, number in ids.items():
        for linked in database.linked(known):
            other = ids.get(linked.id)
            if other is None or leader[other] == leader[number]:
                continue
            low, high = sorted((leader[number], leader[other]))
            for each, first in enumerate(leader):
                if first == high:
                    leader[each] = low
                    why.setdefault(each, linked.why)


def _join_ground(found: Sequence[Candidate], leader: list[int], why: dict[int, str]) -> None:
    """Described places over nearly the same ground, which rows of several sources give."""
    from gazetteer.geodesy import distance_m

    first: list[int] = []
    for number, candidate in enumerate(found):
        if candidate.how != "described":
            continue
        at, radius_m = candidate.place.position, candidate.place.extent_m
        for one in first:
            other = found[one].place
            off_m = abs(other.extent_m - radius_m) + distance_m(other.position, at)
            if off_m <= SAME_GROUND * min(other.extent_m, radius_m):
                leader[number] = leader[one]
                why.setdefault(number, "nearly the same ground")
                break
        else:
            first.append(number)


def _id_of(place: Place, database: Database) -> int | None:
    """The id in the gazetteer of a place that came out of it."""
    at = place.position
    here = database.near(lon=at.lon, lat=at.lat, radius_m=_HERE_M, most=_MOST_HERE)
    for nearby in here:
        if (nearby.place.source, nearby.place.source_id) == (place.source, place.source_id):
            return nearby.id
    return None
