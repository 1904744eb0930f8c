"""Layers of GIS files: GeoJSON, GeoPackage and Shapefile, their attributes guessed.

GeoJSON is read feature by feature. GeoPackage and Shapefile come through GDAL, some thousand
features at a time; coordinates in another system are turned into WGS84. A polygon gives its outline
and, as extent, the radius of the circle of the same area.
"""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import CellError
from gazetteer.sources.columns import Columns, columns_of
from gazetteer.sources.feature_files import LineItems
from gazetteer.sources.outline import OutlineError, ground_of, outline_of
from gazetteer.sources.row_maker import RowMaker
from gazetteer.sources.unpack import FREE, MOST_RATIO, MOST_UNPACKED, InputFile, key_of, zip_members

CHUNK = 5_000
"""Features read at a time."""

_SAMPLE = 50
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


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
        """Every feature, in the order of the file; ``BadRow.line`` counts features or lines.

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
                yield BadRow(line=number, why="it is no Feature with a geometry")
                continue
            values = _texts(item.get("properties"))
            identifier = item.get("id")
            try:
                cells = [values.get(key, "") for key in columns.names]
                record = maker.record(cells, number, outline_of(geometry))
            except (CellError, OutlineError) as error:
                yield BadRow(line=number, why=str(error))
                continue
            if "id" not in columns.at and isinstance(identifier, str | int):
                # ``replace`` of a record checks nothing anew that has not been checked.
                from dataclasses import replace

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
        with _Opened(self._source.path) as path:
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
            sha256=self._source.sha256,
            guessed=tuple(guessed),
        )

    @cached_property
    def size(self) -> int:
        """Features in all layers."""
        import pyogrio

        with _Opened(self._source.path) as path, _quiet():
            return sum(
                max(int(pyogrio.read_info(path, layer=layer)["features"]), 0)
                for layer in self._layers(path)
            )

    @property
    def done(self) -> int:
        """Features read."""
        return self._done

    def _layers(self, path: Path) -> list[str]:
        import pyogrio
        from pyogrio.errors import DataLayerError, DataSourceError

        try:
            with _quiet():
                found = [str(row[0]) for row in pyogrio.list_layers(path) if row[1] is not None]
        except (DataSourceError, DataLayerError) as error:
            raise GazetteerFileError(
                f"{self._source.path.name} cannot be opened ({str(error)[:200]}); export it again"
            ) from error
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
        """Every feature, layer by layer; ``BadRow.line`` counts features of a layer.

        Raises:
            GazetteerFileError: the file cannot be read (on), or no layer has names.
        """
        self._done = 0
        with _Opened(self._source.path) as path:
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
        from dataclasses import replace

        maker = RowMaker(columns)
        for number, values, geometry in _features(path, layer, self._source.path.name):
            self._done += 1
            try:
                record = maker.record(values, number, ground_of(geometry))
            except (CellError, OutlineError) as error:
                yield BadRow(
                    line=number, why=f"layer {layer[:60]}: {error}" if several else f"{error}"
                )
                continue
            if several:
                record = replace(record, source_id=f"{layer}:{record.source_id}")
            yield record


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep GDAL's warnings on odd files to itself; what it cannot read it still says by errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        yield


class _Opened:
    """The file for GDAL: itself, or the Shapefile out of a zip, unpacked within limits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        if not zipfile.is_zipfile(self._path):
            return self._path
        infos = [
            info
            for info in zip_members(self._path)
            if PurePosixPath(info.filename).suffix.lower() in _SHAPE_PARTS
        ]
        shapes = [i.filename for i in infos if i.filename.lower().endswith(".shp")]
        if not shapes:
            raise GazetteerFileError(f"{self._path.name} has no Shapefile in it")
        stem = shapes[0][:-4]
        self._folder = tempfile.TemporaryDirectory(prefix="osint-shape-")
        try:
            for info in infos:
                if info.filename[:-4] == stem:
                    self._unpack(info.filename, Path(self._folder.name))
        except BaseException:
            self._folder.cleanup()
            raise
        return Path(self._folder.name) / "layer.shp"

    def _unpack(self, member: str, folder: Path) -> None:
        source = InputFile(self._path, member)
        out = 0
        with (folder / f"layer{member[-4:].lower()}").open("wb") as file:
            for piece in source.pieces():
                out += len(piece)
                if out > min(MOST_UNPACKED, max(FREE, MOST_RATIO * source.size)):
                    raise GazetteerFileError(f"{source.name} unpacks to too much; unpack it first")
                file.write(piece)

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _layer_columns(path: Path, layer: str) -> tuple[Columns | None, list[str]]:
    """What the fields of a layer mean; None, and why, where none could be a name."""
    import pyogrio

    with _quiet():
        info = pyogrio.read_info(path, layer=layer)
    header = [str(name) for name in info["fields"]]
    sample = [values for _, values, _ in _features(path, layer, path.name, most=_SAMPLE)]
    said = []
    if info["crs"] is None:
        said.append(f"layer {layer!r} names no coordinate system, taken for WGS84 degrees")
    try:
        return columns_of(f"layer {layer!r}", header, sample, located=True), said
    except GazetteerFileError as error:
        return None, [str(error)]


def _features(
    path: Path, layer: str, shown: str, *, most: int | None = None
) -> Iterator[tuple[int, list[str], Any]]:
    """Number, attributes as text and shapely geometry of each feature, in WGS84."""
    import pyogrio.raw
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

    start = 0
    chunk = min(CHUNK, most or CHUNK)
    while True:
        try:
            with _quiet():
                meta, _, geometries, columns = pyogrio.raw.read(
                    path, layer=layer, skip_features=start, max_features=chunk, force_2d=True
                )
        except (DataSourceError, DataLayerError, FeatureError, FieldError, OSError) as error:
            raise GazetteerFileError(
                f"{shown} cannot be read beyond feature {start:,} ({str(error)[:200]}); "
                "export it again"
            ) from error
        if geometries is None or len(geometries) == 0:
            return
        shapes = _in_degrees(
            shapely.from_wkb(geometries, on_invalid="ignore"), meta.get("crs"), shown
        )
        for at, shape in enumerate(shapes):
            yield start + at + 1, [_text(column[at]) for column in columns], shape
        start += len(geometries)
        if len(geometries) < chunk or (most is not None and start >= most):
            return


def _in_degrees(shapes: Any, crs: str | None, shown: str) -> Any:
    import numpy as np
    import pyproj
    import shapely

    if crs is None:
        return shapes
    try:
        system = pyproj.CRS.from_user_input(crs)
        if system.to_epsg() == 4326:
            return shapes
        to_degrees = pyproj.Transformer.from_crs(system, 4326, always_xy=True)
    except pyproj.exceptions.ProjError as error:
        raise GazetteerFileError(
            f"{shown} has an unknown coordinate system ({crs[:80]!r}); export it as WGS84"
        ) from error

    def moved(points: Any) -> Any:
        return np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shapes, moved)


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:100_000]


def _texts(properties: object) -> dict[str, str]:
    if not isinstance(properties, Mapping):
        return {}
    found: dict[str, str] = {}
    for key, value in list(properties.items())[:2_000]:
        if isinstance(value, str | int | float):
            found[str(key)] = _text(value)
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
