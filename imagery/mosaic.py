"""Tiles to one picture: each where it belongs, and a hole wherever there is none.

A tile's bytes come from outside. What is no image, is damaged, has another size than the server
promises, or is one flat colour (what servers send for "nothing here") leaves a hole; it is never
painted over.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from imagery.errors import DECODER_ERRORS, TileError
from imagery.grid import Tile

if TYPE_CHECKING:
    from PIL import Image

    from imagery.tile_matrix import TileWindow

_FORMATS = ("PNG", "JPEG", "WEBP")
_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
# Of an image that was meant to be see-through, what shows at less than this is not there.
_LEAST_ALPHA = 128

Colour = npt.NDArray[np.uint8]
"""(rows, cols, 4): red, green, blue, and 255 where there is data, else 0."""


def decode_tile(
    body: bytes, tile_px: int | tuple[int, int], *, dark_is_hole: int | None = None
) -> Colour:
    """The pixels of a tile.

    Args:
        body: the bytes as served.
        tile_px: the side that the tile must have, or its width and height.
        dark_is_hole: pixels of which no band exceeds this are holes.

    Raises:
        TileError: no image, damaged, of another size, or without any content.
    """
    from PIL import Image

    size = (tile_px, tile_px) if isinstance(tile_px, int) else tile_px
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
            # Known from the head, before anything is decoded.
            unfit = _unfit(image, size)
            pixels = _pixels(image) if unfit is None else None
    except (
        Image.DecompressionBombError,
        # Pillow warns of damage it can live with; where warnings are errors they arrive here.
        UserWarning,
        Image.DecompressionBombWarning,
        *DECODER_ERRORS,
    ) as error:
        raise TileError("is no image or a damaged one") from error
    if pixels is None:
        raise TileError(unfit)
    there = pixels[..., 3] >= _LEAST_ALPHA
    if dark_is_hole is not None:
        there &= (pixels[..., :3] > dark_is_hole).any(axis=2)
    whole = bool(there.all())
    if not whole and not there.any():
        raise TileError("is empty")
    # The first row nearly always tells already.
    if whole and (pixels[0] == pixels[0, 0]).all() and (pixels == pixels[0, 0]).all():
        raise TileError("is blank, one colour throughout")
    pixels[..., 3] = 255 if whole else np.where(there, 255, 0)
    return pixels


def _pixels(image: Image.Image) -> Colour:
    """Red, green, blue and opacity."""
    if image.mode == "RGB" and "transparency" not in image.info:
        pixels = np.empty((image.height, image.width, 4), dtype=np.uint8)
        pixels[..., :3] = np.asarray(image)
        pixels[..., 3] = 255
        return pixels
    return np.array(image.convert("RGBA"))


def _unfit(image: Image.Image, size: tuple[int, int]) -> str | None:
    """Why an image cannot be the tile, by its head."""
    if image.size != size:
        return f"is {image.width} x {image.height} pixels instead of {size[0]} x {size[1]}"
    if image.mode not in _MODES:
        return f"has pixels of a kind that is not read ({image.mode})"
    return None


def compose(
    window: TileWindow, tiles: Mapping[Tile, Colour]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """The window's pixels (3, rows, cols) and its mask, holes where a tile is missing."""
    pixels = np.zeros((3, window.rows, window.cols), dtype=np.uint8)
    mask = np.zeros((window.rows, window.cols), dtype=np.bool_)
    wide, high = window.tile_size_px
    for tile in window.tiles():
        colour = tiles.get(tile)
        if colour is None:
            continue
        # Where the tile's corner lies in the window; negative where it begins outside.
        col, row = tile.col * wide - window.left, tile.row * high - window.top
        into = (
            slice(max(row, 0), min(row + high, window.rows)),
            slice(max(col, 0), min(col + wide, window.cols)),
        )
        part = colour[
            into[0].start - row : into[0].stop - row, into[1].start - col : into[1].stop - col
        ]
        pixels[:, into[0], into[1]] = np.moveaxis(part[..., :3], 2, 0)
        mask[into] = part[..., 3] > 0
    pixels[:, ~mask] = 0
    return pixels, mask
