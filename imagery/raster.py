"""Chips from a local georeferenced raster: GeoTIFF, JPEG 2000, ENVI, Erdas, or with world file."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.geodesy import distances_m
from gazetteer.position import Position
from imagery.chip import Chip, Interval, Transform
from imagery.errors import RasterError

if TYPE_CHECKING:
    from pyproj import Transformer

MOST_PIXELS = 1024
"""Longest side of a chip in pixels; a larger window is read reduced, and ``gsd_m`` says so."""

# Tags in which writers of satellite scenes put the day of exposure: GDAL's own name, Landsat's. The
# TIFF tag DateTime is not among them: for many writers it is the day the file was made.
_DATE_TAGS = ("ACQUISITIONDATETIME", "ACQUISITION_DATE", "DATE_ACQUIRED")
_DAY = re.compile(r"(\d{4})[-:/](\d{2})[-:/](\d{2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_FIRST_YEAR = 1930
_MOST_BANDS = 16
MOST_FILE_PIXELS = 4_000_000_000
"""Width times height of a file that is opened at all."""
MOST_BLOCK_BYTES = 512_000_000
"""Memory that one block of a file may take, unpacked."""
# Formats that hold their own pixels. Others (VRT, WMS descriptions) make GDAL open whatever file or
# address they name.
_DRIVERS = ("GTiff", "JP2OpenJPEG", "ENVI", "HFA", "JPEG", "PNG")


def gdal_errors() -> tuple[type[Exception], ...]:
    """What rasterio ends in over a damaged file.

    The errors of GDAL itself have no public name there, and a text in the file that is no UTF-8 or
    a coordinate beyond any number raises what Python raises.
    """
    from rasterio._err import CPLE_BaseError
    from rasterio.errors import CRSError, RasterioError

    return RasterioError, CRSError, CPLE_BaseError, OSError, UnicodeError, OverflowError


def check_raster(dataset: Any, name: str, *, most_block_bytes: int = MOST_BLOCK_BYTES) -> None:
    """Refuse an opened file that has no place on earth, or is larger than can be meant.

    Only the file's own description is looked at: a few hundred bytes can declare any size, and
    decoding one block of it would take that much memory.

    Args:
        dataset: opened by rasterio.
        name: of the file, for the message.
        most_block_bytes: that one block may take, unpacked.

    Raises:
        RasterError: there is no coordinate system or geotransform, too many bands, pixels or bytes
            a block, or the pixels are no integers or floats.
    """
    if dataset.crs is None or _is_blank(dataset.transform):
        raise RasterError(
            f"{name} is not georeferenced; give a file with a coordinate system and a "
            "geotransform, such as a GeoTIFF"
        )
    if not 0 < dataset.count <= _MOST_BANDS:
        raise RasterError(f"{name} has {dataset.count} bands; give one with 1 to {_MOST_BANDS}")
    if np.result_type(*dataset.dtypes).kind not in "uif":
        raise RasterError(f"{name} holds {dataset.dtypes[0]} pixels; give integers or floats")
    if dataset.width * dataset.height > MOST_FILE_PIXELS:
        raise RasterError(
            f"{name} declares {dataset.width:,} x {dataset.height:,} pixels, more than the "
            f"{MOST_FILE_PIXELS:,} allowed; cut out the part you need (gdal_translate -projwin)"
        )
    rows, cols = max(dataset.block_shapes, key=lambda shape: int(shape[0]) * int(shape[1]))
    together = dataset.count if str(dataset.profile.get("interleave", "")) == "pixel" else 1
    block_bytes = rows * cols * together * np.result_type(*dataset.dtypes).itemsize
    if block_bytes > most_block_bytes:
        raise RasterError(
            f"{name} is packed in blocks of {cols:,} x {rows:,} pixels, which take "
            f"{block_bytes // 1_000_000:,} MB each; write it tiled (gdal_translate -co TILED=YES)"
        )


class LocalRaster:
    """A georeferenced file as a source of chips.

    Args:
        path: the file.
        acquired: first and last day of the exposure, if known; otherwise the file's own tags are
            asked, and if they say nothing the date is None.
        provider: who published it; the file's name if not given.

    Raises:
        RasterError: the file cannot be opened as a raster or has no place on earth.
    """

    def __init__(
        self, path: Path, acquired: Interval | None = None, provider: str | None = None
    ) -> None:
        self.path = path
        self.provider = provider or f"local file {path.name}"
        with self._open() as dataset:
            self.acquired = acquired or _day_in_tags(dataset)

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """The opened file, checked to be georeferenced; errors of GDAL in our own terms."""
        import rasterio
        from rasterio.errors import NotGeoreferencedWarning
        from rasterio.io import DatasetReader

        if not self.path.is_file():
            raise RasterError(f"{self.path} is not a file; name a raster such as a GeoTIFF")
        try:
            with rasterio.Env(), warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                # rasterio.open takes a single driver; the class behind it takes several.
                dataset = DatasetReader(self.path, driver=list(_DRIVERS))
            with dataset:
                check_raster(dataset, str(self.path))
                yield dataset
        except gdal_errors() as error:
            raise RasterError(
                f"{self.path} cannot be read as a raster ({_first_line(error)}); check the file"
            ) from error

    def chip(self, centre: Position, size_m: float, when: Interval | None = None) -> Chip | None:
        """The square of ``size_m`` metres around ``centre``.

        Where the raster ends, or has no data, the mask is False and ``coverage`` below 1. Returns
        None if no valid pixel lies in the square, or if ``when`` is given and the file is not known
        to be of that time.

        Raises:
            RasterError: the size is not above zero, or the file is damaged.
        """
        if not (math.isfinite(size_m) and size_m > 0):
            raise RasterError(f"a chip of {size_m} m cannot be cut; give a size above zero")
        if when is not None and not _within(self.acquired, when):
            return None
        with self._open() as dataset:
            return self._cut(dataset, centre, size_m)

    def _cut(self, dataset: Any, centre: Position, size_m: float) -> Chip | None:
        from pyproj import Transformer
        from pyproj.exceptions import ProjError

        try:
            to_raster = Transformer.from_crs("OGC:CRS84", dataset.crs.to_wkt(), always_xy=True)
        except ProjError as error:
            raise RasterError(
                f"{self.path} has a coordinate system without a place on earth "
                f"({_first_line(error)}); give one with a known projection"
            ) from error
        x, y = to_raster.transform(centre.lon, centre.lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        own = dataset.transform
        col, row = _pixel_at(own, x, y)
        if not (math.isfinite(col) and math.isfinite(row)):
            return None
        across_m, down_m = _pixel_size_m(own, col, row, to_raster)
        if not (across_m > 0 and down_m > 0):
            return None
        cols, rows = max(1, round(size_m / across_m)), max(1, round(size_m / down_m))
        left, top = math.floor(col - cols / 2 + 0.5), math.floor(row - rows / 2 + 0.5)
        if left >= dataset.width or top >= dataset.height or left + cols <= 0 or top + rows <= 0:
            return None
        shrink = max(1.0, cols / MOST_PIXELS, rows / MOST_PIXELS)
        out_cols, out_rows = max(1, round(cols / shrink)), max(1, round(rows / shrink))
        pixels, mask = _read(dataset, (left, top, cols, rows), (out_rows, out_cols))
        if not mask.any():
            return None
        step_x, step_y = cols / out_cols, rows / out_rows
        transform: Transform = (
            own.a * step_x,
            own.b * step_y,
            own.a * left + own.b * top + own.c,
            own.d * step_x,
            own.e * step_y,
            own.d * left + own.e * top + own.f,
        )
        return Chip(
            pixels=pixels,
            mask=mask,
            transform=transform,
            crs=dataset.crs.to_string(),
            gsd_m=max(across_m * step_x, down_m * step_y),
            acquired=self.acquired,
            provider=self.provider,
            sources=(self.path.name,),
            coverage=float(mask.mean()),
        )


def _read(
    dataset: Any, window: tuple[int, int, int, int], shape: tuple[int, int]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Pixels and mask of a window (left, top, cols, rows) that may reach beyond the raster.

    Only the part inside is read, into the rows and columns of the output that it covers; reduced
    reads take the nearest pixel, so that no value is made of data and hole together.
    """
    from rasterio.windows import Window

    left, top, cols, rows = window
    out_rows, out_cols = shape
    # Source row and column of the middle of each output row and column.
    source_rows = top + np.floor((np.arange(out_rows) + 0.5) * rows / out_rows).astype(int)
    source_cols = left + np.floor((np.arange(out_cols) + 0.5) * cols / out_cols).astype(int)
    rows_in = np.flatnonzero((source_rows >= 0) & (source_rows < dataset.height))
    cols_in = np.flatnonzero((source_cols >= 0) & (source_cols < dataset.width))
    dtype = np.result_type(*dataset.dtypes)
    pixels = np.zeros((dataset.count, out_rows, out_cols), dtype=dtype)
    mask = np.zeros((out_rows, out_cols), dtype=np.bool_)
    if not rows_in.size or not cols_in.size:
        return pixels, mask
    first_row, last_row = int(source_rows[rows_in[0]]), int(source_rows[rows_in[-1]])
    first_col, last_col = int(source_cols[cols_in[0]]), int(source_cols[cols_in[-1]])
    inside = Window(first_col, first_row, last_col - first_col + 1, last_row - first_row + 1)
    size = (rows_in.size, cols_in.size)
    place = np.ix_(rows_in, cols_in)
    got = dataset.read(window=inside, out_shape=(dataset.count, *size))
    pixels[:, rows_in[:, None], cols_in] = got
    # The union over bands is True where any band has data; a nodata value of 0 in one band of a
    # dark pixel is no hole.
    valid = dataset.dataset_mask(window=inside, out_shape=size) > 0
    if np.issubdtype(dtype, np.floating):
        valid &= np.isfinite(got).all(axis=0)
    mask[place] = valid
    return pixels, mask


def _is_blank(transform: Any) -> bool:
    """The identity that GDAL reports for a file without a transform, or one without an area."""
    area = transform.a * transform.e - transform.b * transform.d
    plain = (transform.a, transform.b, transform.c, transform.d, transform.f) == (1, 0, 0, 0, 0)
    return area == 0 or not math.isfinite(area) or (plain and abs(transform.e) == 1)


def _pixel_at(transform: Any, x: float, y: float) -> tuple[float, float]:
    """Fractional column and row of a point: the inverse of the raster's affine transform."""
    a, b, d, e = transform.a, transform.b, transform.d, transform.e
    dx, dy = x - transform.c, y - transform.f
    area = a * e - b * d
    return (e * dx - b * dy) / area, (a * dy - d * dx) / area


def _pixel_size_m(
    transform: Any, col: float, row: float, to_raster: Transformer
) -> tuple[float, float]:
    """Width and height of the pixel at (col, row) on the ground, along the raster's own axes."""
    cols = np.array([col - 0.5, col + 0.5, col, col])
    rows = np.array([row, row, row - 0.5, row + 0.5])
    with np.errstate(over="ignore", invalid="ignore"):
        x = transform.a * cols + transform.b * rows + transform.c
        y = transform.d * cols + transform.e * rows + transform.f
    lon, lat = to_raster.transform(x, y, direction="INVERSE")
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return math.nan, math.nan
    across, down = distances_m(lon[::2], lat[::2], lon[1::2], lat[1::2])
    return float(across), float(down)


def _day_in_tags(dataset: Any) -> Interval | None:
    """The day of exposure from the file's tags, if one is well formed."""
    tags = {}
    for namespace in (None, "IMAGERY"):
        tags.update(dataset.tags(ns=namespace) if namespace else dataset.tags())
    for name in _DATE_TAGS:
        found = _DAY.fullmatch(str(tags.get(name, "")).strip("\0 "))
        if not found:
            continue
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
        if day.year >= _FIRST_YEAR and day <= datetime.now().astimezone().date():
            return day, day
    return None


def _within(acquired: Interval | None, when: Interval) -> bool:
    return acquired is not None and when[0] <= acquired[0] and acquired[1] <= when[1]


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]
