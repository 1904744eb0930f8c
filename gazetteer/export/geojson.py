"""GeoJSON (RFC 7946): a FeatureCollection of points, a feature a line.

``names`` has every spelling once, the main one first; ``spellings`` says language and use of each.
``source_key``, ``source``, ``licence``, ``attribution``, ``origin`` and ``retrieved_at`` say of
each whose it is.
Outlines are left out, since a feature has one geometry, and that is the point of reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gazetteer.database.place_rows import Stored
from gazetteer.export.credit import attribution_of, credits_of
from gazetteer.export.rows import StoredRow
from gazetteer.export.target import Told
from gazetteer.printable import json_line
from gazetteer.record import Name

SEPARATORS = str.maketrans({";": ",", "|": "/"})
"""What separates names when they stand in one field, and what stands for it within one."""


class GeoJsonFormat:
    """Writes it."""

    def __init__(self, path: Path, sources: Mapping[str, Stored], told: Told) -> None:
        self._sources = sources
        self._told = told
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write('{"type":"FeatureCollection","features":[\n')
        self._between = ""

    def write(self, rows: Iterable[StoredRow]) -> None:
        """Write some more places."""
        for row in rows:
            if row.record.outline_wkb is not None:
                self._told.losses["outlines are left out (.lpf.json keeps them)"] += 1
            self._file.write(self._between + json_line(_feature(row, self._sources, self._told)))
            self._between = ",\n"

    def close(self) -> None:
        """End the collection, with whose the places are."""
        sources = {"sources": credits_of(self._told.used.values())}
        self._file.write("\n]," + json_line(sources)[1:] + "\n")
        self._file.close()


def _feature(row: StoredRow, sources: Mapping[str, Stored], told: Told) -> dict[str, Any]:
    record = row.record
    names = separable(record.names, told)
    properties: dict[str, Any] = {
        "id": record.source_id,
        "name": names[0],
        # Of one name alone a comma would be taken for a separator.
        "names": list(names) if len(names) > 1 else None,
        **facts_of(row, sources),
        "same_as": list(record.same_as) or None,
        "spellings": [spelling(name) for name in record.names],
    }
    return {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": [record.lon, record.lat]},
        "properties": {key: value for key, value in properties.items() if value is not None},
    }


def separable(names: Sequence[Name], told: Told) -> tuple[str, ...]:
    """Every spelling once, without the marks that separate names in one field."""
    texts = dict.fromkeys(name.text for name in names)
    plain = dict.fromkeys(text.translate(SEPARATORS) for text in texts)
    changed = sum(text.translate(SEPARATORS) != text for text in texts)
    if changed:
        told.losses["names have a semicolon or bar, written as comma or slash"] += changed
    return tuple(plain)


def facts_of(row: StoredRow, sources: Mapping[str, Stored]) -> dict[str, Any]:
    """What is stored of a place besides its names and position, None where nothing is."""
    record, provenance = row.record, sources[row.source].provenance
    first, last = record.valid or (None, None)
    return {
        "kind": record.kind,
        "kind_inferred": record.kind_inferred or None,
        "feature": record.feature or None,
        "country": record.country,
        "admin1": record.admin1,
        "admin2": record.admin2,
        "population": record.population,
        "uncertainty_m": record.uncertainty_m,
        "extent_m": record.extent_m,
        "valid_from": None if first is None else first.isoformat(),
        "valid_to": None if last is None else last.isoformat(),
        "note": record.note or None,
        "source": provenance.title,
        "source_key": row.source,
        "licence": provenance.licence or None,
        "attribution": attribution_of(provenance),
        "origin": provenance.origin,
        "retrieved_at": None
        if provenance.retrieved_at is None
        else provenance.retrieved_at.isoformat(timespec="seconds"),
    }


def spelling(name: Name) -> dict[str, Any]:
    """A name with what is known of it."""
    first, last = name.valid or (None, None)
    given = {
        "text": name.text,
        "language": name.language,
        "preferred": name.preferred or None,
        "historic": name.historic or None,
        "colloquial": name.colloquial or None,
        "first": None if first is None else first.isoformat(),
        "last": None if last is None else last.isoformat(),
    }
    return {key: value for key, value in given.items() if value is not None}
