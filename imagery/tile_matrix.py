"""Tile grids of any coordinate system: from a square on the ground to pixels and tiles.

A tile matrix set (OGC Web Map Tile Service 1.0.0, section 6.1) is a list of grids, coarse to fine,
each with its own origin, pixel size and tile size. Web Mercator's is the common case, for which
``grid.py`` has closed formulas; here is the general one. Coordinates are x before y throughout,
whatever order the coordinate system's authority or a server uses.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gazetteer.geodesy import distances_m
from gazetteer.position import Position
from imagery.chip import Transform
from imagery.errors import ChipError, ProviderError, printable
from imagery.grid import HALF_WORLD_M, MAX_ZOOM, MOST_PX, Tile

if TYPE_CHECKING:
    from pyproj import Transformer

_MOST_TILE_PX = 4096
_COARSEST_M = 2.0**17


class TileWindow(Protocol):
    """A rectangle of pixels of one level, and the tiles it is cut from."""

    @property
    def crs(self) -> str:
        """Of the transform."""
        ...

    @property
    def transform(self) -> Transform:
        """Pixel corners to coordinates."""
        ...

    @property
    def left(self) -> int:
        """Of the window, in pixels from the level's left edge."""
        ...

    @property
    def top(self) -> int:
        """Of the window, in pixels from the level's upper edge."""
        ...

    @property
    def cols(self) -> int:
        """Width in pixels."""
        ...

    @property
    def rows(self) -> int:
        """Height in pixels."""
        ...

    @property
    def gsd_m(self) -> float:
        """Ground size of a pixel, the longer side."""
        ...

    @property
    def tile_size_px(self) -> tuple[int, int]:
        """Width and height of a tile."""
        ...

    def tiles(self) -> Iterator[Tile]:
        """Every tile that the window touches, by rows from the top."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMatrix:
    """One level of a tile matrix set.

    Attributes:
        id: what the server calls it.
        left, top: coordinates of the outer corner of the first pixel.
        step: side of a pixel, in units of the coordinate system.
        tile_cols, tile_rows: size of a tile in pixels.
        wide, high: number of tiles.
    """

    id: str
    left: float
    top: float
    step: float
    tile_cols: int
    tile_rows: int
    wide: int
    high: int

    def __post_init__(self) -> None:
        if not (math.isfinite(self.left) and math.isfinite(self.top)):
            raise ProviderError(f"tile matrix {printable(self.id, 40)!r} has no origin")
        if not (math.isfinite(self.step) and self.step > 0):
            raise ProviderError(f"tile matrix {printable(self.id, 40)!r} has pixels of no size")
        if not (1 <= self.tile_cols <= _MOST_TILE_PX and 1 <= self.tile_rows <= _MOST_TILE_PX):
            raise ProviderError(
                f"tile matrix {printable(self.id, 40)!r} has tiles of {self.tile_cols} x "
                f"{self.tile_rows} pixels; at most {_MOST_TILE_PX} are read"
            )
        if not (1 <= self.wide < 2**40 and 1 <= self.high < 2**40):
            raise ProviderError(f"tile matrix {printable(self.id, 40)!r} has no tiles")

    def box(self, tile: Tile) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of a tile."""
        wide, high = self.tile_cols * self.step, self.tile_rows * self.step
        left, top = self.left + tile.col * wide, self.top - tile.row * high
        return left, top - high, left + wide, top


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixWindow:
    """A rectangle of pixels of one tile matrix; see ``TileWindow``."""

    zoom: int
    matrix: TileMatrix
    crs: str
    left: int
    top: int
    cols: int
    rows: int
    gsd_m: float

    @property
    def tile_size_px(self) -> tuple[int, int]:
        """Width and height of a tile."""
        return self.matrix.tile_cols, self.matrix.tile_rows

    @property
    def transform(self) -> Transform:
        """Pixel corners to coordinates of ``crs``."""
        step = self.matrix.step
        left, top = self.matrix.left + self.left * step, self.matrix.top - self.top * step
        return (step, 0.0, left, 0.0, -step, top)

    def tiles(self) -> Iterator[Tile]:
        """Every tile that the window touches, by rows from the top."""
        wide, high = self.tile_size_px
        for row in range(self.top // high, (self.top + self.rows - 1) // high + 1):
            for col in range(self.left // wide, (self.left + self.cols - 1) // wide + 1):
                yield Tile(zoom=self.zoom, col=col, row=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMatrixSet:
    """Grids of one coordinate system, coarse to fine.

    Attributes:
        id: what the server calls it.
        crs: an authority code.
        matrices: coarsest first.
    """

    id: str
    crs: str
    matrices: tuple[TileMatrix, ...]

    def window_around(
        self,
        centre: Position,
        size_m: float,
        *,
        min_zoom: int = 0,
        max_zoom: int | None = None,
        most_px: int = MOST_PX,
    ) -> MatrixWindow:
        """The pixels of a square on the ground, at the finest level that takes ``most_px``.

        Args:
            centre: middle of the square.
            size_m: its side on the ground.
            min_zoom: coarsest level, counted from the coarsest there is.
            max_zoom: finest level; None takes all.
            most_px: longest side of the result, in pixels.

        Raises:
            ChipError: the size is not above zero, the square lies outside of the grids, or even
                the coarsest needs more pixels.
        """
        if not (math.isfinite(size_m) and size_m > 0):
            raise ChipError(f"a chip of {size_m} m cannot be cut; give a size above zero")
        to_grid = _to_grid(self.crs)
        x, y = to_grid.transform(centre.lon, centre.lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ChipError(f"{centre} has no place in {self.crs}; use another source there")
        last = len(self.matrices) - 1 if max_zoom is None else min(max_zoom, len(self.matrices) - 1)
        for zoom in range(last, min_zoom - 1, -1):
            matrix = self.matrices[zoom]
            across_m, down_m = _pixel_size_m(to_grid, x, y, matrix.step)
            cols, rows = max(1, round(size_m / across_m)), max(1, round(size_m / down_m))
            if max(cols, rows) > most_px:
                continue
            col, row = (x - matrix.left) / matrix.step, (matrix.top - y) / matrix.step
            left, top = math.floor(col - cols / 2 + 0.5), math.floor(row - rows / 2 + 0.5)
            right = min(left + cols, matrix.wide * matrix.tile_cols)
            bottom = min(top + rows, matrix.high * matrix.tile_rows)
            left, top = max(left, 0), max(top, 0)
            if left >= right or top >= bottom:
                raise ChipError(f"{centre} lies outside of the tiles of {printable(self.id, 60)}")
            return MatrixWindow(
                zoom=zoom,
                matrix=matrix,
                crs=self.crs,
                left=left,
                top=top,
                cols=right - left,
                rows=bottom - top,
                gsd_m=max(across_m, down_m),
            )
        raise ChipError(
            f"a square of {size_m:,.0f} m is more than {most_px} pixels at the coarsest level of "
            f"{printable(self.id, 60)}; ask for a smaller one"
        )


def matrices_of(crs: str, *, tile_px: int, levels: int = MAX_ZOOM + 1) -> TileMatrixSet:
    """A grid to ask a server for, that draws any rectangle, so that its answers can be kept.

    Web Mercator and degrees have the pyramids of OGC's Two Dimensional Tile Matrix Set 2.0
    (WebMercatorQuad, WorldCRS84Quad). Others have pixels of 2^17 m at level 0, halved with each,
    from a corner outside of the system's area of use.

    Raises:
        ProviderError: the coordinate system is not known or has no area of use.
    """
    known = known_crs(crs)
    if known.is_geographic:
        left, top, world, across = -180.0, 90.0, 180.0, 2
    elif crs == "EPSG:3857":
        left, top, world, across = -HALF_WORLD_M, HALF_WORLD_M, 2 * HALF_WORLD_M, 1
    else:
        return _projected(crs, known, tile_px, levels)
    return TileMatrixSet(
        id=crs,
        crs=crs,
        matrices=tuple(
            TileMatrix(
                id=str(zoom),
                left=left,
                top=top,
                step=world / (tile_px * 2**zoom),
                tile_cols=tile_px,
                tile_rows=tile_px,
                wide=across * 2**zoom,
                high=2**zoom,
            )
            for zoom in range(levels)
        ),
    )


def _projected(crs: str, known: Any, tile_px: int, levels: int) -> TileMatrixSet:
    area = known.area_of_use
    if area is None:
        raise ProviderError(f"{crs} has no area of use; ask for EPSG:3857")
    box = _to_grid(crs).transform_bounds(area.west, area.south, area.east, area.north)
    if not np.isfinite(box).all():
        raise ProviderError(f"{crs} cannot be cut into tiles; ask for EPSG:3857")
    tile = tile_px * _COARSEST_M
    left, top = math.floor(box[0] / tile) * tile, math.ceil(box[3] / tile) * tile
    wide, high = math.ceil((box[2] - left) / tile), math.ceil((top - box[1]) / tile)
    return TileMatrixSet(
        id=crs,
        crs=crs,
        matrices=tuple(
            TileMatrix(
                id=str(zoom),
                left=left,
                top=top,
                step=_COARSEST_M / 2**zoom,
                tile_cols=tile_px,
                tile_rows=tile_px,
                wide=wide * 2**zoom,
                high=high * 2**zoom,
            )
            for zoom in range(levels)
        ),
    )


@cache
def known_crs(crs: str) -> Any:
    """A coordinate system by its code; ``CRS:84`` included.

    Raises:
        ProviderError: no such code.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input("OGC:CRS84" if crs == "CRS:84" else crs)
    except CRSError as error:
        raise ProviderError(
            f"{printable(crs, 60)} is no coordinate system that is known"
        ) from error


def north_first(crs: str) -> bool:
    """Whether the authority of a coordinate system puts the northward axis first."""
    axes = known_crs(crs).axis_info
    return bool(axes) and axes[0].direction.lower() in {"north", "south"}


@cache
def _to_grid(crs: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs("OGC:CRS84", known_crs(crs), always_xy=True)


def _pixel_size_m(to_grid: Transformer, x: float, y: float, step: float) -> tuple[float, float]:
    """Width and height on the ground, on the ellipsoid, of a pixel around a point."""
    # Over a short line, and scaled: a pixel of a coarse level can reach around the world.
    target = to_grid.target_crs
    short = min(step, 0.01 if target is not None and target.is_geographic else 1_000.0)
    xs = np.array([x - short / 2, x + short / 2, x, x])
    ys = np.array([y, y, y - short / 2, y + short / 2])
    lon, lat = to_grid.transform(xs, ys, direction="INVERSE")
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise ChipError("the place is at the edge of the coordinate system; use another source")
    across, down = distances_m(lon[::2], np.clip(lat[::2], -90, 90), lon[1::2], lat[1::2])
    if not (across > 0 and down > 0):
        raise ChipError("pixels have no size on the ground there; use another source")
    return float(across) * step / short, float(down) * step / short
