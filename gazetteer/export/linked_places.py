"""Linked Places Format 1.x (github.com/LinkedPasts/linked-places-format): GeoJSON-LD.

A place with an outline has both as a GeometryCollection, the point first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gazetteer.database.links import PREFIXES
from gazetteer.database.place_rows import Stored
from gazetteer.export.credit import credits_of
from gazetteer.export.geojson import facts_of
from gazetteer.export.rows import StoredRow
from gazetteer.export.target import Told
from gazetteer.kinds_of_features import AAT
from gazetteer.printable import json_line
from gazetteer.record import Name

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places-format/main/"
    "linkedplaces-context-v1.1.jsonld"
)
_PAGES = {
    "gn": "https://www.geonames.org/{}",
    "wd": "https://www.wikidata.org/entity/{}",
    "pl": "https://pleiades.stoa.org/places/{}",
    "tgn": "http://vocab.getty.edu/tgn/{}",
}
_AAT_OF = {kind: number for number, kind in reversed(list(AAT.items()))}


class LinkedPlacesFormat:
    """Writes it."""

    def __init__(self, path: Path, sources: Mapping[str, Stored], told: Told) -> None:
        self._sources = sources
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._told = told
        head = {"type": "FeatureCollection", "@context": CONTEXT}
        self._file.write(json_line(head)[:-1] + ',"features":[\n')
        self._between = ""

    def write(self, rows: Iterable[StoredRow]) -> None:
        """Write some more places."""
        for row in rows:
            self._file.write(self._between + json_line(_feature(row, self._sources)))
            self._between = ",\n"

    def close(self) -> None:
        """End the collection, with whose the places are."""
        sources = {"sources": credits_of(self._told.used.values())}
        self._file.write("\n]," + json_line(sources)[1:] + "\n")
        self._file.close()


def _feature(row: StoredRow, sources: Mapping[str, Stored]) -> dict[str, Any]:
    record, provenance = row.record, sources[row.source].provenance
    identifier = _identifier(row)
    facts = facts_of(row, sources)
    kind = {"label": facts.pop("kind")}
    if record.kind in _AAT_OF:
        kind["identifier"] = f"aat:{_AAT_OF[record.kind]}"
    if record.feature:
        kind["sourceLabels"] = [{"label": record.feature}]
    given: dict[str, Any] = {
        "@id": identifier,
        "type": "Feature",
        "properties": {
            "title": record.names[0].text,
            "ccodes": [record.country] if record.country else None,
            "source_id": record.source_id,
            **facts,
        },
        "names": [_toponym(name, provenance.title) for name in record.names],
        "types": [kind],
        "geometry": _geometry(row),
        "when": _when(record.valid),
        "links": [
            {"type": "closeMatch", "identifier": _page(other)}
            for other in record.same_as
            if _page(other) != identifier
        ]
        or None,
        "descriptions": [{"value": record.note}] if record.note else None,
    }
    given["properties"] = _given(given["properties"])
    return _given(given)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _identifier(row: StoredRow) -> str:
    """An address where the source is known to have one for each place, else a URN of our own."""
    prefix = PREFIXES.get(row.source.partition(":")[0])
    if prefix in _PAGES:
        return _PAGES[prefix].format(row.record.source_id)
    return f"urn:place:{quote(row.source, safe=':@.')}:{quote(row.record.source_id, safe='')}"


def _page(identifier: str) -> str:
    prefix, _, rest = identifier.partition(":")
    return _PAGES[prefix].format(rest) if prefix in _PAGES else identifier


def _toponym(name: Name, source: str) -> dict[str, Any]:
    return _given(
        {
            "toponym": name.text,
            "lang": name.language,
            "when": _when(name.valid),
            "preferred": name.preferred or None,
            "historic": name.historic or None,
            "colloquial": name.colloquial or None,
            "citations": [{"label": source}],
        }
    )


def _when(valid: tuple[date | None, date | None] | None) -> dict[str, Any] | None:
    if valid is None:
        return None
    span = {
        edge: {"in": day.isoformat()}
        for edge, day in zip(("start", "end"), valid, strict=True)
        if day is not None
    }
    return {"timespans": [span]} if span else None


def _geometry(row: StoredRow) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [row.record.lon, row.record.lat]}
    if row.record.outline_wkb is None:
        return point
    import shapely

    outline = json.loads(shapely.to_geojson(shapely.from_wkb(row.record.outline_wkb)))
    return {"type": "GeometryCollection", "geometries": [point, outline]}
