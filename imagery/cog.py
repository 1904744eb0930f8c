"""Windows of (Cloud-Optimized) GeoTIFFs, local or on a web server, read onto one grid."""

from __future__ import annotations

import math
import secrets
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gazetteer.position import Position
from imagery.chip import Transform
from imagery.errors import RasterError, printable
from imagery.fetcher import Fetcher
from imagery.ranges import RemoteFile, RemoteReader
from imagery.raster import MOST_PIXELS, check_raster, gdal_errors

# rasterio silences a warning of its own for the time of opening and of warping, and Python keeps
# what is silenced for all threads together. Neither waits for a network: what it reads was fetched.
_QUIETLY = threading.Lock()
# Files made to be read in parts have blocks of a few megabytes; several are unpacked at a time.
_MOST_BLOCK_BYTES = 64_000_000
_MOST_WINDOW_BYTES = 600_000_000
# A fraction of a pixel that is no shift: what coordinates in degrees or feet round to.
_ON_GRID = 1e-3
_FARTHEST = 1e9
# Sizes that a pixel of a scene can have, metres.
_LEAST_M, _MOST_M = 0.01, 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The pixels that scenes of one place are read onto.

    Attributes:
        crs: authority code or WKT, in metres.
        transform: pixel corners to ``crs``, north up.
        rows, cols: size in pixels.
        gsd_m: side of a pixel.
    """

    crs: str
    transform: Transform
    rows: int
    cols: int
    gsd_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a file has on a grid.

    Attributes:
        pixels: (layers, rows, cols).
        mask: (rows, cols), True where the file has data.
    """

    pixels: npt.NDArray[Any]
    mask: npt.NDArray[np.bool_]


@contextmanager
def opened(href: str | Path, fetcher: Fetcher | None) -> Iterator[tuple[Any, RemoteFile | None]]:
    """A GeoTIFF, checked, and the remote file behind it, if it is one.

    Raises:
        RasterError: it is no GeoTIFF, is damaged, has no place on earth, or declares a size beyond
            what may be read.
        HttpError: it is on a web server and cannot be fetched.
    """
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    name = str(href)
    remote = None if isinstance(href, Path) else RemoteFile(name, _needed(fetcher, name))
    if remote is not None:
        # Fails here, with its own reason, rather than within GDAL; and mostly holds all that
        # opening takes.
        remote.read(0, 4)
    elif not Path(href).is_file():
        raise RasterError(f"{name} is not a file; the catalogue that names it is incomplete")
    try:
        # No looking for files beside it, and no second cache of what is in memory already.
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_CACHEMAX=128):
            with _QUIETLY, warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                if remote is None:
                    dataset = rasterio.open(href, driver="GTiff")
                else:
                    # rasterio keeps one opener a path: the path must be of this reading alone.
                    dataset = rasterio.open(
                        f"{secrets.token_hex(8)}.tif", driver="GTiff", opener=_opener(remote)
                    )
            with dataset:
                check_raster(dataset, name, most_block_bytes=_MOST_BLOCK_BYTES)
                yield dataset, remote
    except gdal_errors() as error:
        if remote is not None and remote.error is not None:
            raise remote.error from error
        raise RasterError(
            f"{name} cannot be read as a GeoTIFF ({printable(str(error), 200)})"
        ) from error


def grid_around(dataset: Any, centre: Position, size_m: float) -> Grid:
    """The grid for chips of a place, laid so that this file is read without resampling.

    It is the file's own grid if that is in UTM, and otherwise UTM with pixels of about the file's
    size; pixels are made larger, by a whole factor, where the square would have more than
    ``MOST_PIXELS`` on a side.

    Raises:
        RasterError: the size is not above zero, or the place cannot be put on such a grid.
    """
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    if not (math.isfinite(size_m) and size_m > 0):
        raise RasterError(f"a chip of {size_m} m cannot be cut; give a size above zero")
    own = dataset.transform
    try:
        crs = CRS.from_wkt(dataset.crs.to_wkt())
        square = own.b == own.d == 0 and own.a > 0 and math.isclose(own.a, -own.e, rel_tol=1e-6)
        if crs.utm_zone is not None and square:
            gsd_m, anchor = own.a, (own.c, own.f)
        else:
            gsd_m, anchor = _pixel_m(dataset, crs), (0.0, 0.0)
            crs = CRS.from_epsg(_utm_epsg(centre))
        to_grid = Transformer.from_crs("OGC:CRS84", crs, always_xy=True)
    except (CRSError, ProjError) as error:
        raise RasterError("the file's coordinate system has no place on earth") from error
    if not _LEAST_M <= gsd_m <= _MOST_M:
        raise RasterError(f"the file's pixels are {gsd_m:g} m wide, which no scene's are")
    x, y = to_grid.transform(centre.lon, centre.lat)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise RasterError(f"{centre.lat:g}, {centre.lon:g} is not within the file's projection")
    gsd_m *= max(1, math.ceil(size_m / gsd_m / MOST_PIXELS))
    count = max(1, round(size_m / gsd_m))
    left = anchor[0] + round((x - count * gsd_m / 2 - anchor[0]) / gsd_m) * gsd_m
    top = anchor[1] + round((y + count * gsd_m / 2 - anchor[1]) / gsd_m) * gsd_m
    epsg = crs.to_epsg()
    return Grid(
        crs=f"EPSG:{epsg}" if epsg else crs.to_wkt(),
        transform=(gsd_m, 0.0, left, 0.0, -gsd_m, top),
        rows=count,
        cols=count,
        gsd_m=gsd_m,
    )


def read_onto(
    dataset: Any,
    grid: Grid,
    layers: tuple[int, ...],
    *,
    remote: RemoteFile | None = None,
    kind: Literal["values", "classes"] = "values",
    no_data: int | None = None,
) -> Cut:
    """What a file has on a grid.

    Pixels that lie on the grid already are taken as they are. Others are interpolated between their
    neighbours that hold data (``values``), or the nearest is taken (``classes``); a pixel is valid
    only where the nearest one of the file is.

    Args:
        dataset: opened and checked.
        grid: where to.
        layers: which of the file's, counted from 1.
        remote: the file behind it, whose parts are then fetched side by side.
        kind: whether pixels are amounts or names of classes.
        no_data: a number that means "no data" besides what the file itself says.

    Raises:
        RasterError: the file is damaged, or the window is beyond what may be read.
        HttpError: parts of it cannot be fetched.
    """
    from affine import Affine
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    wide = kind == "values"
    shape = (len(layers), grid.rows, grid.cols)
    dtype = np.result_type(*(dataset.dtypes[layer - 1] for layer in _checked(dataset, layers)))
    nothing = Cut(
        pixels=np.zeros(shape, dtype=np.float32 if wide else dtype),
        mask=np.zeros(shape[1:], dtype=np.bool_),
    )
    window = _window(dataset, grid)
    if window is None:
        return nothing
    left, top, cols, rows, factor = window
    out = (max(1, round(rows / factor)), max(1, round(cols / factor)))
    # A reduced window is read from the file's own reduced copies, where it has them.
    copy = max((o for o in dataset.overviews(layers[0]) if o <= factor), default=1)
    if rows * cols * len(layers) * dtype.itemsize / copy**2 > _MOST_WINDOW_BYTES:
        raise RasterError(
            f"{rows:,} x {cols:,} pixels would have to be read at once; ask for less ground"
        )
    inside = Window(left, top, cols, rows)
    if remote is not None and factor == 1:
        remote.prefetch(_blocks(dataset, layers, (left, top, cols, rows)))
    how = Resampling.average if wide else Resampling.nearest
    got = dataset.read(list(layers), window=inside, out_shape=(len(layers), *out), resampling=how)
    masks = dataset.read_masks(list(layers), window=inside, out_shape=(len(layers), *out))
    if remote is not None and remote.error is not None:
        raise remote.error
    # All bands have to be there: half a pixel's colour is none.
    valid = (masks > 0).all(axis=0)
    if no_data is not None:
        valid &= (got != no_data).all(axis=0)
    if np.issubdtype(got.dtype, np.floating):
        valid &= np.isfinite(got).all(axis=0)
    own = (
        dataset.transform
        @ Affine.translation(left, top)
        @ Affine.scale(cols / out[1], rows / out[0])
    )
    return _placed(got, valid, own, dataset.crs, grid, wide=wide) or nothing


def _placed(
    got: npt.NDArray[Any],
    valid: npt.NDArray[np.bool_],
    own: Any,
    crs: Any,
    grid: Grid,
    *,
    wide: bool,
) -> Cut | None:
    """Pixels of a file's window on the grid: copied where they lie on it, or warped."""
    from affine import Affine
    from rasterio.crs import CRS
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    to = Affine(*grid.transform)
    target = CRS.from_user_input(grid.crs)
    shape = (got.shape[0], grid.rows, grid.cols)
    mask = np.zeros(shape[1:], dtype=np.bool_)
    if crs == target and _same_steps(own, to):
        col, row = round((own.c - to.c) / to.a), round((own.f - to.f) / to.e)
        rows = slice(max(row, 0), min(row + got.shape[1], grid.rows))
        cols = slice(max(col, 0), min(col + got.shape[2], grid.cols))
        if rows.start >= rows.stop or cols.start >= cols.stop:
            return None
        part = (
            slice(rows.start - row, rows.stop - row),
            slice(cols.start - col, cols.stop - col),
        )
        pixels = np.zeros(shape, dtype=np.float32 if wide else got.dtype)
        pixels[:, rows, cols] = got[:, part[0], part[1]]
        mask[rows, cols] = valid[part]
    else:
        places = {
            "src_transform": own,
            "src_crs": crs,
            "dst_transform": to,
            "dst_crs": target,
            "num_threads": 1,
        }
        near = np.zeros(shape[1:], dtype=np.uint8)
        blank = np.nan if wide else 0
        pixels = np.full(shape, blank, dtype=np.float32 if wide else got.dtype)
        with _QUIETLY:
            reproject(valid.astype(np.uint8), near, resampling=Resampling.nearest, **places)
            if wide:
                source = np.where(valid, got, np.nan).astype(np.float32)
                nan = {"src_nodata": np.nan, "dst_nodata": np.nan}
                reproject(source, pixels, resampling=Resampling.bilinear, **nan, **places)
            else:
                reproject(got, pixels, resampling=Resampling.nearest, **places)
        mask = near > 0
        if wide:
            mask &= np.isfinite(pixels).all(axis=0)
    pixels = np.where(mask, pixels, np.zeros((), dtype=pixels.dtype))
    return Cut(pixels=pixels, mask=mask)


def _needed(fetcher: Fetcher | None, name: str) -> Fetcher:
    if fetcher is None:
        raise RasterError(f"{name} is on a web server, and nothing is fetched")
    return fetcher


def _opener(remote: RemoteFile) -> Any:
    def open_remote(path: str, mode: str = "rb", **_: Any) -> RemoteReader:
        if "w" in mode or "+" in mode or "a" in mode:
            raise OSError(f"{path} is read only")
        return RemoteReader(remote)

    return open_remote


def _checked(dataset: Any, layers: tuple[int, ...]) -> tuple[int, ...]:
    if not layers or not all(1 <= layer <= dataset.count for layer in layers):
        raise RasterError(f"of {dataset.count} bands, {layers} were asked for")
    return layers


def _same_steps(own: Any, to: Any) -> bool:
    """Whether pixels of one grid lie on those of another."""
    if own.b or own.d or to.b or to.d:
        return False
    if not (math.isclose(own.a, to.a, rel_tol=1e-7) and math.isclose(own.e, to.e, rel_tol=1e-7)):
        return False
    off = ((own.c - to.c) / to.a, (own.f - to.f) / to.e)
    return all(abs(shift - round(shift)) < _ON_GRID for shift in off)


def _window(dataset: Any, grid: Grid) -> tuple[int, int, int, int, int] | None:
    """Left, top, columns, rows of the file that the grid needs, and by how much to reduce them."""
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    a, _, c, _, e, f = grid.transform
    steps = np.linspace(0.0, 1.0, 9)
    x = c + a * grid.cols * np.concatenate([steps, steps, np.zeros(9), np.ones(9)])
    y = f + e * grid.rows * np.concatenate([np.zeros(9), np.ones(9), steps, steps])
    try:
        to_file = Transformer.from_crs(grid.crs, dataset.crs.to_wkt(), always_xy=True)
        x, y = to_file.transform(x, y)
    except ProjError as error:
        raise RasterError("the file's coordinate system has no place on earth") from error
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return None
    inverse = ~dataset.transform
    with np.errstate(over="ignore", invalid="ignore"):
        col = inverse.a * x + inverse.b * y + inverse.c
        row = inverse.d * x + inverse.e * y + inverse.f
    # Beyond any file; also what pixels of next to no size come to.
    if not (np.abs(col) < _FARTHEST).all() or not (np.abs(row) < _FARTHEST).all():
        return None
    across = max(np.ptp(col) / grid.cols, np.ptp(row) / grid.rows)
    factor = max(1, math.floor(across + 1e-6))
    # Two pixels more on each side, for interpolation. Reduced pixels begin at whole multiples of
    # the factor from the file's corner, as those of ``grid_around`` do; the file's last, incomplete
    # one is left out.
    left = max(math.floor(col.min() / factor) - 2, 0) * factor
    top = max(math.floor(row.min() / factor) - 2, 0) * factor
    right, bottom = dataset.width, dataset.height
    if factor > 1:
        right, bottom = right // factor * factor, bottom // factor * factor
    right = min((math.ceil(col.max() / factor) + 2) * factor, right)
    bottom = min((math.ceil(row.max() / factor) + 2) * factor, bottom)
    if left >= right or top >= bottom:
        return None
    return left, top, right - left, bottom - top, factor


def _blocks(
    dataset: Any, layers: tuple[int, ...], window: tuple[int, int, int, int]
) -> Iterator[tuple[int, int]]:
    """Offset and length in the file of every block that a window touches."""
    left, top, cols, rows = window
    for layer in layers:
        high, wide = dataset.block_shapes[layer - 1]
        for row in range(top // high, (top + rows - 1) // high + 1):
            for col in range(left // wide, (left + cols - 1) // wide + 1):
                at = dataset.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=layer)
                size = dataset.get_tag_item(f"BLOCK_SIZE_{col}_{row}", "TIFF", bidx=layer)
                # Absent: a block that is all "no data" is not stored.
                if at is not None and size is not None and at.isdigit() and size.isdigit():
                    yield int(at), int(size)


def _pixel_m(dataset: Any, crs: Any) -> float:
    """About the size of a file's pixel on the ground, at its middle."""
    from pyproj import Transformer

    from gazetteer.geodesy import distances_m

    middle = (dataset.width / 2, dataset.height / 2)
    cols = np.array([middle[0] - 0.5, middle[0] + 0.5, middle[0], middle[0]])
    rows = np.array([middle[1], middle[1], middle[1] - 0.5, middle[1] + 0.5])
    own = dataset.transform
    to_degrees = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)
    with np.errstate(over="ignore", invalid="ignore"):
        x, y = own.a * cols + own.b * rows + own.c, own.d * cols + own.e * rows + own.f
    lon, lat = to_degrees.transform(x, y)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise RasterError("the file's middle has no place on earth")
    return float(max(distances_m(lon[::2], lat[::2], lon[1::2], lat[1::2])))


def _utm_epsg(centre: Position) -> int:
    """The UTM zone of a point, by longitude alone; past 84 N and 80 S it still measures well."""
    zone = min(int((centre.lon + 180) // 6) + 1, 60)
    return (32600 if centre.lat >= 0 else 32700) + zone
