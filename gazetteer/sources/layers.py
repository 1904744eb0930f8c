"""Layers of a GIS file through GDAL: names of fields, features, coordinates in WGS84.

Some thousand features are read at a time. Where one of them cannot be read, fewer are tried, down
to the one at fault, so that it costs its row and not the file.
"""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.sources.shape_text import RAW, shape_text
from gazetteer.sources.unpack import FREE, MOST_RATIO, MOST_UNPACKED, InputFile, zip_members

CHUNK = 5_000
"""Features read at a time."""

_MOST_UNREADABLE = 1_000
"""After so many features in a row that cannot be read the file is taken to be damaged."""
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep GDAL's warnings on odd files to itself; what it cannot read it still says by errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        yield


class OpenedLayers:
    """The file for GDAL: itself, or the Shapefile out of a zip, unpacked within limits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keep = ExitStack()

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
        with ExitStack() as failed:
            # Without ``__exit__`` nobody else would remove it, whatever stops the unpacking.
            folder = Path(failed.enter_context(tempfile.TemporaryDirectory(prefix="osint-shape-")))
            for info in infos:
                if info.filename[:-4] == stem:
                    self._unpack(info.filename, folder)
            self._keep = failed.pop_all()
        return folder / "layer.shp"

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
        self._keep.close()


def layers_of(path: Path, shown: str) -> list[str]:
    """Names of the layers that have geometries.

    Raises:
        GazetteerFileError: the file cannot be opened.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        with quiet():
            return [str(row[0]) for row in pyogrio.list_layers(path) if row[1] is not None]
    except (DataSourceError, DataLayerError) as error:
        raise GazetteerFileError(
            f"{shown} cannot be opened ({str(error)[:200]}); export it again"
        ) from error


def layer_fields(path: Path, layer: str) -> tuple[list[str], str | None]:
    """The names of a layer's fields, and its coordinate system."""
    import pyogrio
    from pyogrio.errors import CRSError, DataLayerError, DataSourceError

    encoding, text = _letters(path)
    try:
        with quiet():
            info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    except (CRSError, DataLayerError, DataSourceError) as error:
        raise GazetteerFileError(
            f"{path.name} cannot be opened ({str(error)[:200]}); export it again"
        ) from error
    return [text(str(name)) for name in info["fields"]], info["crs"]


def layer_features(
    path: Path, layer: str, shown: str, *, most: int | None = None
) -> Iterator[tuple[int, list[str], Any]]:
    """Number, attributes as text and shapely geometry of each feature, in WGS84.

    The geometry is None where there is none, or none that can be read.

    Raises:
        GazetteerFileError: the file cannot be read (on).
    """
    import shapely

    _, text = _letters(path)
    start = 0
    for crs, geometries, columns in _stretches(path, layer, shown, most):
        shapes = _in_degrees(shapely.from_wkb(geometries, on_invalid="ignore"), crs, shown)
        for at, shape in enumerate(shapes):
            yield start + at + 1, [cell_text(column[at], text) for column in columns], shape
        start += len(geometries)


def _stretches(
    path: Path, layer: str, shown: str, most: int | None
) -> Iterator[tuple[str | None, Any, Any]]:
    """Coordinate system, geometries and columns of some features at a time.

    Where features cannot be read, fewer are tried, down to the one at fault, which is given without
    a geometry and attributes.
    """
    import numpy as np
    import pyogrio.raw
    from pyogrio.errors import (
        CRSError,
        DataLayerError,
        DataSourceError,
        FeatureError,
        FieldError,
    )

    encoding, _ = _letters(path)
    start = unreadable = 0
    step = longest = min(CHUNK, most or CHUNK)
    fields = 0
    while most is None or start < most:
        try:
            with quiet():
                meta, _, geometries, columns = pyogrio.raw.read(
                    path,
                    layer=layer,
                    skip_features=start,
                    max_features=step,
                    force_2d=True,
                    encoding=encoding,
                )
        except (
            CRSError,
            DataSourceError,
            DataLayerError,
            FeatureError,
            FieldError,
            OSError,
        ) as error:
            if step > 1 and isinstance(error, FeatureError):
                step = max(step // 2, 1)
                continue
            unreadable += 1
            if unreadable > _MOST_UNREADABLE or not isinstance(error, FeatureError):
                raise GazetteerFileError(
                    f"{shown} cannot be read beyond feature {start:,} ({str(error)[:200]}); "
                    "export it again"
                ) from error
            yield None, np.array([None], dtype=object), [[None]] * fields
            start += 1
            continue
        if geometries is None or len(geometries) == 0:
            return
        unreadable, fields = 0, len(columns)
        yield meta.get("crs"), geometries, columns
        start += len(geometries)
        if len(geometries) < step:
            return
        step = min(2 * step, longest)


def _letters(path: Path) -> tuple[str | None, Callable[[str], str]]:
    """The encoding to have attributes read in, and what makes text of what is read."""
    written = shape_text(path)
    return (None, str) if written is None else (RAW, written.text)


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


def cell_text(value: object, text: Callable[[str], str] = str) -> str:
    """An attribute as the text of a cell, "" for none; ``text`` decodes what was read raw."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return text(str(value)[:100_000])
