"""Rows that are at hand, such as a service's answer, as a source of places."""

from __future__ import annotations

from collections.abc import Iterable

from gazetteer.names import keys_many
from gazetteer.place import Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.record import Provenance, Record
from gazetteer.sources.match import Match


class GivenSource:
    """Places found by key.

    Attributes:
        provenance: whose they are.
        places: all of them, in the order they came.
    """

    def __init__(self, provenance: Provenance, records: Iterable[Record]) -> None:
        self.provenance = provenance
        self.places = tuple(place_of(record, provenance) for record in records)
        self._by_fold: dict[str, list[Match]] = {}
        self._by_skeleton: dict[str, list[Match]] = {}
        for place in self.places:
            folds, skeletons = keys_many(place.names)
            for name, key, bones in zip(place.names, folds, skeletons, strict=True):
                match = Match(place=place, name=name)
                self._by_fold.setdefault(key, []).append(match)
                self._by_skeleton.setdefault(bones, []).append(match)

    def __len__(self) -> int:
        return len(self.places)

    def lookup(self, *, fold_key: str = "", skeleton_key: str = "") -> tuple[Match, ...]:
        """Matches of either key, those of ``fold_key`` first."""
        found: list[Match] = []
        if fold_key:
            found += self._by_fold.get(fold_key, ())
        if skeleton_key:
            found += self._by_skeleton.get(skeleton_key, ())
        return tuple(found)


def place_of(record: Record, provenance: Provenance) -> Place:
    """A row as a place."""
    texts = tuple(dict.fromkeys(name.text for name in record.names if name.text.strip()))
    return Place(
        name=texts[0] if texts else record.source_id,
        names=texts or (record.source_id,),
        kind=record.kind,
        position=Position(lon=record.lon, lat=record.lat, uncertainty_m=record.uncertainty_m),
        extent_m=record.extent_m or kind_extent_m(record.kind, record.population),
        country=record.country,
        valid=record.valid,
        source=provenance.title,
        source_id=record.source_id,
        origin=provenance.origin,
        retrieved_at=provenance.retrieved_at,
        note=record.note,
        admin1=record.admin1,
        population=record.population,
        kind_inferred=record.kind_inferred,
    )
