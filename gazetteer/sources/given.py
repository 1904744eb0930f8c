"""Rows that are at hand, such as a service's answer, as a source of places."""

from __future__ import annotations

from collections.abc import Iterable

from gazetteer.place import Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.record import Provenance, Record
from gazetteer.sources.keyed import KeyedPlaces


class GivenSource(KeyedPlaces):
    """Places found by key.

    Attributes:
        provenance: whose they are.
        places: all of them, in the order they came.
    """

    def __init__(self, provenance: Provenance, records: Iterable[Record]) -> None:
        self.provenance = provenance
        super().__init__((place_of(record, provenance) for record in records), cores=False)


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
