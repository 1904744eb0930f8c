"""Tile arithmetic against pyproj and published figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gazetteer.position import Position
from imagery.errors import ChipError
from imagery.grid import HALF_WORLD_M, MAX_LAT, Tile, Window, window_around, world_pixel

TO_MERCATOR = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True)
LAT = st.floats(-84.0, 84.0)
LON = st.floats(-179.5, 179.5)


def around(centre: Position, size_m: float, **others: int) -> Window:
    zooms = {"min_zoom": 0, "max_zoom": 18, "tile_px": 256, **others}
    return window_around(centre, size_m, **zooms)


# Pixel sizes at the equator that the WebMercatorQuad definition and NASA's GIBS documentation list.
@pytest.mark.parametrize(
    ("zoom", "step_m"),
    [(0, 156543.03392804097), (6, 2445.984905125640), (9, 305.7481131407048)],
)
def test_pixel_sizes_as_published(zoom: int, step_m: float) -> None:
    window = Window(zoom=zoom, tile_px=256, left=0, top=0, cols=1, rows=1, gsd_m=1.0)
    assert window.transform[0] == pytest.approx(step_m, rel=1e-12)
    assert window.transform[4] == -window.transform[0]
    assert window.transform[2] == pytest.approx(-20037508.342789244, abs=1e-6)


@pytest.mark.parametrize(
    ("lon", "lat", "zoom", "col", "row"),
    [
        # Corners of tiles as the documentation of other tile tools gives them.
        (-9.140625, 53.33087298301705, 10, 486, 332),
        (-8.7890625, 53.12040528310657, 10, 487, 333),
        (0.0, 0.0, 1, 1, 1),
        (-180.0, MAX_LAT, 5, 0, 0),
    ],
)
def test_tile_corners_as_published(lon: float, lat: float, zoom: int, col: int, row: int) -> None:
    x, y = world_pixel(Position(lon=lon, lat=lat), zoom)
    assert (x / 256, y / 256) == pytest.approx((col, row), abs=1e-8)


@settings(max_examples=80)
@given(LON, LAT, st.integers(0, 20), st.sampled_from([256, 512]))
def test_pixels_against_pyproj(lon: float, lat: float, zoom: int, tile_px: int) -> None:
    """A point's pixel, put through the transform, is the point in EPSG:3857."""
    col, row = world_pixel(Position(lon=lon, lat=lat), zoom, tile_px)
    window = Window(zoom=zoom, tile_px=tile_px, left=0, top=0, cols=1, rows=1, gsd_m=1.0)
    a, _, c, _, e, f = window.transform
    x, y = TO_MERCATOR.transform(lon, lat)
    assert (a * col + c, e * row + f) == pytest.approx((x, y), abs=1e-4)


@settings(max_examples=80)
@given(LON, LAT, st.floats(100.0, 40_000.0), st.sampled_from([256, 512]))
def test_a_window_is_the_square_that_was_asked_for(
    lon: float, lat: float, size_m: float, tile_px: int
) -> None:
    centre = Position(lon=lon, lat=lat)
    window = around(centre, size_m, tile_px=tile_px)
    assert max(window.cols, window.rows) <= 1024
    col, row = world_pixel(centre, window.zoom, tile_px)
    world = tile_px * 2**window.zoom
    if window.left > 0 and window.left + window.cols < world:
        assert abs(window.left + window.cols / 2 - col) <= 0.5 + 1e-6
        assert abs(window.top + window.rows / 2 - row) <= 0.5 + 1e-6
        # Its width on the ellipsoid, measured along the middle.
        step = 360 / world
        _, _, width_m = Geod(ellps="WGS84").inv(
            lon - window.cols / 2 * step, lat, lon + window.cols / 2 * step, lat
        )
        assert width_m == pytest.approx(size_m, abs=0.51 * window.gsd_m + 1e-3 * size_m)


@settings(max_examples=60)
@given(LON, LAT, st.floats(100.0, 200_000.0))
def test_tiles_cover_the_window_and_no_more(lon: float, lat: float, size_m: float) -> None:
    window = around(Position(lon=lon, lat=lat), size_m)
    tiles = list(window.tiles())
    assert len(set(tiles)) == len(tiles) <= 25
    seen = 0
    for tile in tiles:
        assert 0 <= tile.col < 2**tile.zoom
        assert 0 <= tile.row < 2**tile.zoom
        wide = min((tile.col + 1) * 256, window.left + window.cols) - max(
            tile.col * 256, window.left
        )
        high = min((tile.row + 1) * 256, window.top + window.rows) - max(tile.row * 256, window.top)
        assert wide > 0
        assert high > 0
        seen += wide * high
    assert seen == window.cols * window.rows


def test_the_finest_zoom_that_fits() -> None:
    centre = Position(lon=38.6, lat=33.5)
    assert around(centre, 4_000).zoom == 15
    assert around(centre, 4_000, max_zoom=9).zoom == 9
    assert around(centre, 4_000, tile_px=512).zoom == 14
    assert around(centre, 8_000).zoom == 14


def test_rows_from_the_south() -> None:
    assert Tile(zoom=3, col=1, row=2).row_in("xyz") == 2
    assert Tile(zoom=3, col=1, row=2).row_in("tms") == 5
    assert Tile(zoom=0, col=0, row=0).row_in("tms") == 0


@pytest.mark.parametrize("lon", [179.999, 180.0, -180.0, -179.999])
def test_a_square_across_the_antimeridian_is_cut_there(lon: float) -> None:
    window = around(Position(lon=lon, lat=-17.0), 20_000)
    world = 256 * 2**window.zoom
    assert 0 <= window.left < window.left + window.cols <= world
    assert window.cols < 0.6 * window.rows
    assert all(0 <= tile.col < 2**window.zoom for tile in window.tiles())


@pytest.mark.parametrize("lat", [86.0, -89.9, 90.0])
def test_the_poles_are_refused(lat: float) -> None:
    with pytest.raises(ChipError, match=r"outside of web map tiles, which end at 85\.05"):
        around(Position(lon=0.0, lat=lat), 4_000)


@pytest.mark.parametrize("lat", [MAX_LAT, -MAX_LAT])
def test_the_last_latitude(lat: float) -> None:
    window = around(Position(lon=10.0, lat=lat), 4_000)
    assert 0 <= window.top < window.top + window.rows <= 256 * 2**window.zoom


@pytest.mark.parametrize("size_m", [0.0, -1.0, math.nan, math.inf])
def test_sizes_that_mean_nothing(size_m: float) -> None:
    with pytest.raises(ChipError, match="above zero"):
        around(Position(lon=0.0, lat=0.0), size_m)


def test_a_square_too_large_for_the_coarsest_level() -> None:
    with pytest.raises(ChipError, match="more than 1024 pixels at zoom 8"):
        around(Position(lon=0.0, lat=0.0), 5_000_000, min_zoom=8)
    whole = around(Position(lon=0.0, lat=0.0), 2 * HALF_WORLD_M)
    assert whole.cols <= 1024


@pytest.mark.parametrize(
    "others", [{"min_zoom": 5, "max_zoom": 4}, {"max_zoom": 30}, {"min_zoom": -1}, {"tile_px": 300}]
)
def test_pyramids_that_do_not_exist(others: dict[str, int]) -> None:
    with pytest.raises(ChipError):
        around(Position(lon=0.0, lat=0.0), 4_000, **others)
