"""Tiles put together exactly, and hostile bytes that end in a hole, never in a crash."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagery.errors import TileError
from imagery.grid import Tile, Window
from imagery.mosaic import Colour, compose, decode_tile

RANDOM = np.random.default_rng(0)


def encoded(kind: str, size: int = 256) -> bytes:
    picture = Image.fromarray(RANDOM.integers(0, 255, (size, size, 3), dtype=np.uint8))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


# Five by five tiles, a fifth of the pixels see-through.
WORLD = RANDOM.integers(1, 255, (1280, 1280, 4), dtype=np.uint8)
WORLD[..., 3] = np.where(RANDOM.random((1280, 1280)) < 0.8, 255, 0)
WHOLE = {kind: encoded(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")}


@settings(max_examples=60)
@given(
    st.integers(0, 700), st.integers(0, 700), st.integers(1, 500), st.integers(1, 500), st.data()
)
def test_a_window_is_cut_out_of_all_tiles(
    left: int, top: int, cols: int, rows: int, data: st.DataObject
) -> None:
    """Against one large picture of every tile, cut by plain slicing."""
    window = Window(zoom=3, tile_px=256, left=left, top=top, cols=cols, rows=rows, gsd_m=1.0)
    world = WORLD.copy()
    tiles: dict[Tile, Colour] = {}
    gone = data.draw(st.sets(st.integers(0, 20), max_size=3))
    for number, tile in enumerate(window.tiles()):
        at = np.s_[tile.row * 256 : (tile.row + 1) * 256, tile.col * 256 : (tile.col + 1) * 256]
        if number in gone:
            world[at][..., 3] = 0
        else:
            tiles[tile] = world[at]
    pixels, mask = compose(window, tiles)
    expected = world[top : top + rows, left : left + cols]
    assert (mask == (expected[..., 3] > 0)).all()
    assert (pixels == np.moveaxis(np.where(mask[..., None], expected[..., :3], 0), 2, 0)).all()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_kinds_that_servers_send(kind: str) -> None:
    colour = decode_tile(WHOLE[kind], 256)
    assert colour.shape == (256, 256, 4)
    with Image.open(io.BytesIO(WHOLE[kind])) as picture:
        assert (colour[..., :3] == np.asarray(picture.convert("RGB"))).all()


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP"])
def test_kinds_that_they_do_not(kind: str) -> None:
    with pytest.raises(TileError, match="is no image"):
        decode_tile(WHOLE[kind], 256)


def test_grey_and_palette() -> None:
    for mode in ("L", "P", "LA", "RGBA", "1"):
        picture = Image.fromarray(RANDOM.integers(0, 255, (256, 256), dtype=np.uint8)).convert(mode)
        out = io.BytesIO()
        picture.save(out, "PNG")
        assert decode_tile(out.getvalue(), 256)[..., 3].all()


@settings(max_examples=150)
@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.data())
def test_damaged_tiles_are_refused_or_read(kind: str, data: st.DataObject) -> None:
    body = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, min(len(body), 4_000) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    try:
        colour = decode_tile(bytes(body[: cut if data.draw(st.booleans()) else None]), 256)
    except TileError:
        return
    assert colour.shape == (256, 256, 4)


@settings(max_examples=50)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(TileError):
        decode_tile(body, 256)
