"""Drawn satellite pictures: dunes from above, and in one of them a camp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from draw_photos import stamp
from PIL import Image, ImageDraw, ImageFont

SEED = 20210314
PIXELS = 700
PIXEL_M = 40.0
# Kestrel Wells as this case invents it: 20.0200 N, 54.0000 E, in UTM zone 40 N.
CRS = "EPSG:32640"
CENTRE_M = (186_113.0, 2_216_510.0)
# Few colours, so that the files stay small.
_SHADES = 12
_DARK, _LIGHT = np.array((150, 108, 62)), np.array((236, 205, 150))

Grid = npt.NDArray[np.float64]


def write_raster(path: Path, *, camp: bool) -> None:
    """One picture as a GeoTIFF of three bands, 40 m a pixel."""
    import rasterio

    picture = Image.fromarray(_coloured(_dunes()))
    if camp:
        _draw_camp(ImageDraw.Draw(picture))
    _mark(picture)
    half_m = PIXELS * PIXEL_M / 2
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=PIXELS,
        height=PIXELS,
        count=3,
        dtype="uint8",
        crs=CRS,
        transform=rasterio.Affine(
            PIXEL_M, 0.0, CENTRE_M[0] - half_m, 0.0, -PIXEL_M, CENTRE_M[1] + half_m
        ),
        compress="deflate",
        zlevel=9,
        interleave="pixel",
        photometric="RGB",
    ) as raster:
        raster.write(np.moveaxis(np.asarray(picture), 2, 0))


def _mark(picture: Image.Image) -> None:
    """SYNTHETIC at the foot and all over: a part cut out of the picture has to say it too."""
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=16)
    for y in range(100, PIXELS, 100):
        for x in range(70, PIXELS, 140):
            draw.text((x, y), "SYNTHETIC", fill=(112, 60, 40), font=font, anchor="mm")
    stamp(picture, "SYNTHETIC")


def _dunes() -> Grid:
    """(rows, columns) heights from 0 to 1: long crests, bent and broken by smooth chance."""
    y, x = np.mgrid[0:PIXELS, 0:PIXELS].astype(np.float64)
    chance = np.random.default_rng(SEED)
    bend, height = _smooth(chance, 9), _smooth(chance, 33)
    crests = np.sin((0.8 * x + 0.5 * y) / 11 + 9 * bend) + 0.5 * np.sin(
        (x - 0.3 * y) / 5 + 4 * bend
    )
    mixed = crests + 2.5 * height
    return np.asarray((mixed - mixed.min()) / (mixed.max() - mixed.min()), dtype=np.float64)


def _smooth(chance: np.random.Generator, knots: int) -> Grid:
    """(rows, columns) between 0 and 1: chance at ``knots`` by ``knots`` points, linear between."""
    coarse = chance.random((knots, knots))
    at = np.linspace(0, knots - 1, PIXELS)
    low = np.minimum(at.astype(int), knots - 2)
    part = at - low
    rows = coarse[low] * (1 - part)[:, None] + coarse[low + 1] * part[:, None]
    return np.asarray(rows[:, low] * (1 - part) + rows[:, low + 1] * part, dtype=np.float64)


def _coloured(grid: Grid) -> npt.NDArray[np.uint8]:
    """(rows, columns, 3): sand, from the troughs' colour to the crests'."""
    level = np.floor(grid * _SHADES).clip(0, _SHADES - 1)[..., None] / (_SHADES - 1)
    return np.asarray(np.round(_DARK + level * (_LIGHT - _DARK)), dtype=np.uint8)


def _draw_camp(draw: ImageDraw.ImageDraw) -> None:
    """Tracks, a fence, rows of cabins and three wells around the middle of the picture."""
    middle = PIXELS // 2
    draw.line((0, 90, middle - 30, middle - 4, middle, middle), fill=(120, 92, 60), width=2)
    draw.rectangle((middle - 16, middle - 12, middle + 16, middle + 12), outline=(70, 62, 55))
    for row in range(3):
        for column in range(4):
            x, y = middle - 12 + 6 * column, middle - 9 + 6 * row
            draw.rectangle((x, y, x + 3, y + 1), fill=(245, 245, 240))
    for x, y in ((30, 6), (26, 22), (38, 16)):
        draw.ellipse(
            (middle + x - 2, middle + y - 2, middle + x + 2, middle + y + 2), fill=(40, 48, 60)
        )
