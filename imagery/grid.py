"""Web-Mercator tile arithmetic: from a square on the ground to pixels and tiles.

All tile servers of this kind share one pyramid: at zoom z the square world of EPSG:3857 is cut into
2^z by 2^z tiles, column 0 at the antimeridian, row 0 in the north (OGC Two Dimensional Tile Matrix
Set 2.0, WebMercatorQuad). Pixel coordinates here count from the world's northwest *corner*, so that
0 is the outer edge of the first pixel and nothing is half a pixel off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from gazetteer.geodesy import distances_m
from gazetteer.position import Position
from imagery.chip import Transform
from imagery.errors import ChipError

CRS = "EPSG:3857"
RADIUS_M = 6_378_137.0
"""Radius of the sphere that EPSG:3857 calculates with: the semi-major axis of WGS84."""
HALF_WORLD_M = math.pi * RADIUS_M
MAX_LAT = math.degrees(2 * math.atan(math.exp(math.pi)) - math.pi / 2)
"""Where the square world ends, about 85.0511 degrees."""
MAX_ZOOM = 24
MOST_PX = 1024
"""Longest side of a chip in pixels, unless more are asked for."""

Scheme = Literal["xyz", "tms"]
"""How rows are counted: from the north (xyz) or from the south (tms)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile of the pyramid; ``row`` counts from the north."""

    zoom: int
    col: int
    row: int

    def row_in(self, scheme: Scheme) -> int:
        """The row as a server of that scheme numbers it."""
        return self.row if scheme == "xyz" else 2**self.zoom - 1 - self.row


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A rectangle of pixels of one zoom level.

    Attributes:
        zoom: level of the pyramid.
        tile_px: side of a tile in pixels.
        left, top: world pixel coordinates of the northwest corner.
        cols, rows: size in pixels.
        gsd_m: ground size of the pixels at the window's middle, the longer side.
    """

    zoom: int
    tile_px: int
    left: int
    top: int
    cols: int
    rows: int
    gsd_m: float

    @property
    def crs(self) -> str:
        """That of all web map tiles."""
        return CRS

    @property
    def tile_size_px(self) -> tuple[int, int]:
        """Width and height of a tile."""
        return self.tile_px, self.tile_px

    @property
    def transform(self) -> Transform:
        """Pixel corners to metres in EPSG:3857."""
        step_m = 2 * HALF_WORLD_M / (self.tile_px * 2**self.zoom)
        return (
            step_m,
            0.0,
            -HALF_WORLD_M + self.left * step_m,
            0.0,
            -step_m,
            HALF_WORLD_M - self.top * step_m,
        )

    def tiles(self) -> Iterator[Tile]:
        """Every tile that the window touches, by rows from the north."""
        px = self.tile_px
        for row in range(self.top // px, (self.top + self.rows - 1) // px + 1):
            for col in range(self.left // px, (self.left + self.cols - 1) // px + 1):
                yield Tile(zoom=self.zoom, col=col, row=row)


def world_pixel(position: Position, zoom: int, tile_px: int = 256) -> tuple[float, float]:
    """Fractional column and row of a point, counted in pixels from the northwest corner.

    The formulas are those of the spherical Mercator projection that EPSG:3857 uses.

    Raises:
        ChipError: the point lies beyond the latitude at which the square world ends.
    """
    if abs(position.lat) > MAX_LAT:
        raise ChipError(
            f"latitude {position.lat:g} is outside of web map tiles, which end at "
            f"{MAX_LAT:.2f} degrees; use a local raster there"
        )
    size = tile_px * 2**zoom
    lat = math.radians(position.lat)
    x = position.lon / 360 + 0.5
    y = 0.5 - math.asinh(math.tan(lat)) / (2 * math.pi)
    return x * size, y * size


def window_around(
    centre: Position,
    size_m: float,
    *,
    min_zoom: int,
    max_zoom: int,
    tile_px: int,
    most_px: int = MOST_PX,
) -> Window:
    """The pixels of a square on the ground, at the finest zoom that takes at most ``most_px``.

    A square across the antimeridian or beyond the end of the pyramid is cut there.

    Args:
        centre: middle of the square.
        size_m: its side on the ground.
        min_zoom: coarsest level the server has.
        max_zoom: finest level the server has.
        tile_px: side of its tiles.
        most_px: longest side of the result, in pixels.

    Raises:
        ChipError: the size is not above zero, the zooms contradict each other, the point is too
            near a pole, or even the coarsest level needs more pixels.
    """
    if not (math.isfinite(size_m) and size_m > 0):
        raise ChipError(f"a chip of {size_m} m cannot be cut; give a size above zero")
    if not 0 <= min_zoom <= max_zoom <= MAX_ZOOM:
        raise ChipError(f"zooms {min_zoom} to {max_zoom} are no range within 0 to {MAX_ZOOM}")
    for zoom in range(max_zoom, min_zoom - 1, -1):
        col, row = world_pixel(centre, zoom, tile_px)
        across_m, down_m = _pixel_size_m(centre, zoom, tile_px)
        cols, rows = max(1, round(size_m / across_m)), max(1, round(size_m / down_m))
        if max(cols, rows) > most_px:
            continue
        world = tile_px * 2**zoom
        left, top = math.floor(col - cols / 2 + 0.5), math.floor(row - rows / 2 + 0.5)
        first_col, first_row = max(left, 0), max(top, 0)
        # At longitude 180 or at the last latitude the middle itself is the world's edge.
        first_col, first_row = min(first_col, world - 1), min(first_row, world - 1)
        return Window(
            zoom=zoom,
            tile_px=tile_px,
            left=first_col,
            top=first_row,
            cols=max(1, min(left + cols, world) - first_col),
            rows=max(1, min(top + rows, world) - first_row),
            gsd_m=max(across_m, down_m),
        )
    raise ChipError(
        f"a square of {size_m:,.0f} m is more than {most_px} pixels at zoom {min_zoom}; "
        "ask for a smaller one"
    )


def _pixel_size_m(centre: Position, zoom: int, tile_px: int) -> tuple[float, float]:
    """Width and height on the ground, on the ellipsoid, of a pixel at a point."""
    _check_tile_px(tile_px)
    degrees = 360 / (tile_px * 2**zoom)
    lat = math.radians(centre.lat)
    d_lon = degrees / 2
    d_lat = degrees / 2 * math.cos(lat)
    across, down = distances_m(
        np.array([centre.lon - d_lon, centre.lon]),
        np.array([centre.lat, max(centre.lat - d_lat, -90.0)]),
        np.array([centre.lon + d_lon, centre.lon]),
        np.array([centre.lat, min(centre.lat + d_lat, 90.0)]),
    )
    if degrees > 90:
        # A pixel of a whole continent: the geodesic would take the short way around.
        return degrees / 360 * 2 * math.pi * RADIUS_M * math.cos(lat), float(down)
    return float(across), float(down)


@cache
def _check_tile_px(tile_px: int) -> None:
    if tile_px not in {256, 512}:
        raise ChipError(f"tiles of {tile_px} pixels are not known; 256 and 512 are")
