"""Layers of GIS files: GeoJSON, GeoPackage and Shapefile, their attributes guessed.

GeoJSON is read feature by feature. GeoPackage and Shapefile come through GDAL, some thousand
features at a time; coordinates in another system are turned into WGS84. A polygon gives its outline
and, as extent, the radius of the circle of the same area. A row whose geometry is damaged is one
bad row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import CellError
from gazetteer.sources.columns import Columns, columns_of
from gazetteer.sources.feature_files import LineItems
from gazetteer.sources.layers import (
    OpenedLayers,
    cell_text,
    layer_features,
    layer_fields,
    layers_of,
    quiet,
)
from gazetteer.sources.outline import OutlineError, ground_of, outline_of
from gazetteer.sources.row_maker import RowMaker
from gazetteer.sources.shape_text import shape_sha256, shape_text
from gazetteer.sources.unpack import InputFile, key_of

_SAMPLE = 50


class GeoJsonReader:
    """Features of a GeoJSON file, or one feature a line, as rows."""

    def __init__(self, items: LineItems) -> None:
        self._items = items

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        name = Path(self._items.locator).name
        return _provenance("geojson", name, self._items.locator, self._items.sha256, self._columns)

    @property
    def size(self) -> int | None:
        """Bytes on disk."""
        return self._items.size

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._items.done

    @cached_property
    def _columns(self) -> Columns:
        rows: list[dict[str, str]] = []
        for _, item in self._items.objects():
            if not isinstance(item, BadRow):
                rows.append(_texts(item.get("properties")))
            if len(rows) == _SAMPLE:
                break
        header = list(dict.fromkeys(key for row in rows for key in row))
        cells = [[row.get(key, "") for key in header] for row in rows]
        return columns_of(Path(self._items.locator).name, header, cells, located=True)

    def rows(self) -> Iterator[Record | BadRow]:
        """Every feature, in the order of the file; a ``BadRow`` says whether it counts lines.

        Raises:
            GazetteerFileError: the file cannot be read (on), or no property could be a name.
        """
        columns = self._columns
        maker = RowMaker(columns)
        for number, item in self._items.objects():
            if isinstance(item, BadRow):
                yield item
                continue
            geometry = item.get("geometry")
            if item.get("type") != "Feature" or not isinstance(geometry, dict):
                why = "it is no Feature with a geometry"
                yield BadRow(line=number, why=why, unit=self._items.unit)
                continue
            values = _texts(item.get("properties"))
            identifier = item.get("id")
            try:
                cells = [values.get(key, "") for key in columns.names]
                record = maker.record(cells, number, outline_of(geometry))
            except (CellError, OutlineError) as error:
                yield BadRow(line=number, why=str(error), unit=self._items.unit)
                continue
            if "id" not in columns.at and isinstance(identifier, str | int):
                record = replace(record, source_id=str(identifier)[:200])
            yield record


class LayerReader:
    """Layers of a GeoPackage or Shapefile as rows.

    Args:
        path: a ``.gpkg`` or ``.shp``, or a zip with a Shapefile.
        layer: the one meant, if not all that have names and geometries.
    """

    def __init__(self, path: Path, layer: str | None = None) -> None:
        self._source = InputFile(path)
        self._layer = layer
        self._done = 0

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        with OpenedLayers(self._source.path) as path:
            guessed: list[str] = []
            for layer in self._layers(path):
                columns, said = _layer_columns(path, layer)
                guessed += [*said, *(columns.guessed if columns else ())]
        name = self._source.path.name
        return Provenance(
            key=key_of("layers", self._source.path),
            title=name,
            origin=name,
            licence="",
            locator=str(self._source.path),
            sha256=self._sha256(),
            guessed=tuple(guessed),
        )

    def _sha256(self) -> str:
        """Of the file; of a Shapefile, whose names stand in a file beside it, of all of them."""
        if self._source.path.suffix.casefold() == ".shp":
            return shape_sha256(self._source.path)
        return self._source.sha256

    @cached_property
    def size(self) -> int:
        """Features in all layers."""
        import pyogrio

        with OpenedLayers(self._source.path) as path, quiet():
            return sum(
                max(int(pyogrio.read_info(path, layer=layer)["features"]), 0)
                for layer in self._layers(path)
            )

    @property
    def done(self) -> int:
        """Features read."""
        return self._done

    def _layers(self, path: Path) -> list[str]:
        found = layers_of(path, self._source.path.name)
        if self._layer is not None:
            if self._layer not in found:
                raise GazetteerFileError(
                    f"{self._source.path.name} has no layer {self._layer!r}; it has: "
                    f"{', '.join(found[:20]) or 'none with geometry'}"
                )
            return [self._layer]
        if not found:
            raise GazetteerFileError(f"{self._source.path.name} has no layer with geometry")
        return found

    def rows(self) -> Iterator[Record | BadRow]:
        """Every feature, layer by layer; ``BadRow.line`` counts rows of a layer.

        Raises:
            GazetteerFileError: the file cannot be read (on), or no layer has names.
        """
        self._done = 0
        with OpenedLayers(self._source.path) as path:
            layers = self._layers(path)
            named = 0
            problem = ""
            for layer in layers:
                columns, said = _layer_columns(path, layer)
                if columns is None:
                    problem = said[0]
                    continue
                named += 1
                yield from self._rows_of(path, layer, columns, len(layers) > 1)
            if named == 0:
                raise GazetteerFileError(problem)

    def _rows_of(
        self, path: Path, layer: str, columns: Columns, several: bool
    ) -> Iterator[Record | BadRow]:
        maker = RowMaker(columns)
        for number, values, geometry in layer_features(path, layer, self._source.path.name):
            self._done += 1
            try:
                record = maker.record(values, number, ground_of(geometry))
            except (CellError, OutlineError) as error:
                why = f"layer {layer[:60]}: {error}" if several else f"{error}"
                yield BadRow(line=number, why=why, unit="row")
                continue
            if several:
                record = replace(record, source_id=f"{layer}:{record.source_id}")
            yield record


def _layer_columns(path: Path, layer: str) -> tuple[Columns | None, list[str]]:
    """What the fields of a layer mean; None, and why, where none could be a name."""
    header, crs = layer_fields(path, layer)
    sample = [values for _, values, _ in layer_features(path, layer, path.name, most=_SAMPLE)]
    said = []
    if crs is None:
        said.append(f"layer {layer!r} names no coordinate system, taken for WGS84 degrees")
    written = shape_text(path)
    if written is not None and written.guessed:
        said.append(written.guessed)
    try:
        return columns_of(f"layer {layer!r}", header, sample, located=True), said
    except GazetteerFileError as error:
        return None, [str(error)]


def _texts(properties: object) -> dict[str, str]:
    if not isinstance(properties, Mapping):
        return {}
    found: dict[str, str] = {}
    for key, value in list(properties.items())[:2_000]:
        if isinstance(value, str | int | float):
            found[str(key)] = cell_text(value)
        elif isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
            found[str(key)] = ";".join(value)
    return found


def _provenance(prefix: str, name: str, locator: str, sha256: str, columns: Columns) -> Provenance:
    return Provenance(
        key=key_of(prefix, Path(locator)),
        title=name,
        origin=name,
        licence="",
        locator=locator,
        sha256=sha256,
        guessed=columns.guessed,
    )
