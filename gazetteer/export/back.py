"""A file that ``export`` wrote, read back: each place to the source that it was of.

A foreign file is one source. Of an export that would make one witness of many, and independent
witnesses of the same one said twice; so each source in it is read by itself, with the title,
licence, origin and time it had. GeoJSON, Linked Places Format and GeoPackage say it in every row
(``source_key``), so that a part of a file, or one that was edited, still says it. GeoNames' columns
have no room: a file beside says which rows are whose (``back_columns``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerError
from gazetteer.export.back_columns import columns_parts
from gazetteer.export.given import Whose, filled, names_of, whose, with_flags
from gazetteer.export.part import MOST_PARTS, Part, provenance_of
from gazetteer.record import BadRow, Reader, Record, Unit
from gazetteer.sources.feature_files import FeatureItems, LineItems, Numbered
from gazetteer.sources.layers import OpenedLayers, layer_features, layer_fields, layers_of
from gazetteer.sources.linked_places import LinkedPlacesReader
from gazetteer.sources.outline import OutlineError, ground_of, outline_of
from gazetteer.sources.recognise import recognise
from gazetteer.sources.review import ReviewedReader
from gazetteer.sources.unpack import InputFile
from gazetteer.sources.vector import LayerReader

_HEAD = 262_144
_MARK = "source_key"
_FORMS = {
    "geojson": FeatureItems,
    "geojson lines": LineItems,
    "linked places": FeatureItems,
    "linked places lines": LineItems,
}


def own_export(path: Path) -> tuple[Reader, ...]:
    """Readers of the sources in a file that ``export`` wrote; none for any other file.

    Raises:
        GazetteerFileError: it cannot be read, or is an export whose rows cannot be told apart.
    """
    if not path.is_file():
        return ()
    found = recognise(path)
    parts: tuple[Part, ...] = ()
    if found.form in _FORMS:
        if f'"{_MARK}"'.encode() in found.source.head(_HEAD):
            linked = found.form.startswith("linked")
            parts = _json_parts(_FORMS[found.form](found.source), path, linked=linked)
    elif found.form == "layers":
        parts = _layer_parts(path)
    elif found.form == "geonames":
        parts = columns_parts(found.source, path)
    return tuple(ReviewedReader(part) for part in parts)


def _sources(rows: Iterable[Mapping[str, Any]]) -> list[Whose | None]:
    """Whose the rows are, in the order they come; empty if none says so or they are too many."""
    found: dict[Whose | None, None] = {}
    for values in rows:
        found[whose(values)] = None
        if len(found) > MOST_PARTS:
            return []
    return [] if set(found) <= {None} else list(found)


def _json_parts(items: LineItems, path: Path, *, linked: bool) -> tuple[Part, ...]:
    def said() -> Iterator[Mapping[str, Any]]:
        for _, item in items.objects():
            if not isinstance(item, BadRow):
                yield _properties(item)

    made = _from_linked if linked else _from_feature
    prefix = "linkedplaces" if linked else "geojson"
    found = _sources(said())
    return tuple(
        Part(
            provenance=provenance_of(one, path, items.sha256, prefix),
            made=_json_rows(items, one, made, first=at == 0),
            meter=items,
        )
        for at, one in enumerate(found)
    )


def _properties(item: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = item.get("properties")
    return properties if isinstance(properties, dict) else {}


def _json_rows(
    items: LineItems,
    wanted: Whose | None,
    made: Callable[[Mapping[str, Any], int], Record],
    *,
    first: bool,
) -> Callable[[], Iterator[Record | BadRow]]:
    def rows() -> Iterator[Record | BadRow]:
        for number, item in items.objects():
            if isinstance(item, BadRow):
                # Nobody's; told once.
                if first:
                    yield item
            elif whose(_properties(item)) == wanted:
                try:
                    yield made(item, number)
                except (OutlineError, GazetteerError) as error:
                    yield BadRow(line=number, why=str(error)[:300], unit=items.unit)

    return rows


def _from_feature(item: Mapping[str, Any], number: int) -> Record:
    values, geometry = _properties(item), item.get("geometry")
    if not isinstance(geometry, dict):
        raise OutlineError("it has no geometry")
    return _record(values, outline_of(geometry), number)


def _record(values: Mapping[str, Any], ground: Any, number: int) -> Record:
    place = Record(
        source_id=str(number),
        names=names_of(values),
        lon=ground.lon,
        lat=ground.lat,
        extent_m=ground.extent_m,
        outline_wkb=ground.wkb,
    )
    return filled(place, values, identifier="id")


@dataclass(slots=True, kw_only=True)
class _OneItem:
    """A feature as a file of its own."""

    number: int
    item: dict[str, Any]
    unit: Unit = "feature"
    locator: str = ""
    stem: str = ""
    sha256: str = ""
    size: int | None = None
    done: int = 0

    def objects(self) -> Numbered:
        """The one with its number."""
        yield self.number, self.item


def _from_linked(item: Mapping[str, Any], number: int) -> Record:
    values = _properties(item)
    (row,) = LinkedPlacesReader(_OneItem(number=number, item=dict(item))).rows()
    if isinstance(row, BadRow):
        raise OutlineError(row.why)
    row = replace(
        row,
        names=with_flags(row.names, item.get("names")),
        outline_wkb=row.outline_wkb or _outline_beside(item.get("geometry")),
    )
    given = {"kind": row.kind, "country": row.country, **values}
    return filled(row, given, identifier="source_id")


def _outline_beside(geometry: object) -> bytes | None:
    """The outline that stands after the point; readers of this format take the first geometry."""
    parts = geometry.get("geometries") if isinstance(geometry, dict) else None
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and part.get("type") in ("Polygon", "MultiPolygon"):
            return outline_of(part).wkb
    return None


@dataclass(slots=True, kw_only=True)
class _Meter:
    """How far a layer was read."""

    size: int | None = None
    done: int = 0


def _layer_parts(path: Path) -> tuple[Part, ...]:
    if path.suffix.lower() != ".gpkg":
        return ()
    with OpenedLayers(path) as opened:
        fields = {layer: layer_fields(opened, layer)[0] for layer in layers_of(opened, path.name)}
    own = {layer: names for layer, names in fields.items() if _MARK in names}
    if not own:
        return ()
    found = _sources(
        dict(zip(names, values, strict=False))
        for layer, names in own.items()
        for _, values, _ in layer_features(path, layer, path.name)
    )
    if not found:
        return ()
    source = InputFile(path)
    parts = [
        Part(
            provenance=provenance_of(one, path, source.sha256, "layers"),
            made=_layer_rows(path, own, one, meter),
            meter=meter,
        )
        for one in found
        for meter in (_Meter(),)
    ]
    # A layer that was put beside it by another program is a source like any other.
    for layer in fields:
        if layer not in own:
            other = LayerReader(path, layer)
            given = other.provenance
            mark = replace(given, key=f"{given.key}:{layer}", part=layer)
            parts.append(Part(provenance=mark, made=other.rows, meter=other))
    return tuple(parts)


def _layer_rows(
    path: Path, layers: Mapping[str, list[str]], wanted: Whose | None, meter: _Meter
) -> Callable[[], Iterator[Record | BadRow]]:
    def rows() -> Iterator[Record | BadRow]:
        meter.done = 0
        for layer, fields in layers.items():
            for number, cells, shape in layer_features(path, layer, path.name):
                meter.done += 1
                values = dict(zip(fields, cells, strict=False))
                if whose(values) != wanted:
                    continue
                try:
                    yield _record(values, ground_of(shape), number)
                except (OutlineError, GazetteerError) as error:
                    yield BadRow(line=number, why=str(error)[:300], unit="row")

    return rows
