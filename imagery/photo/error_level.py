"""Error-level analysis: a picture of how much each part changes when it is saved once more.

A picture to look at, and nothing else. Parts that were pasted in can stand out, and so do sharp
edges, saturated colours, text and noise in any honest photo; flat parts are always dark; and after
one more saving everything is alike. No threshold tells them apart, so none is used here.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from imagery.errors import DECODER_ERRORS, PhotoError

if TYPE_CHECKING:
    from PIL import Image

QUALITY = 90
_MOST_PIXELS = 50_000_000
_MOST_SIDE = 1_600
_FORMATS = ("JPEG", "TIFF", "PNG", "WEBP", "BMP", "MPO")
# The brightest thousandth may be clipped, or a few pixels would leave the rest in the dark.
_BRIGHTEST_SHARE = 0.999


def error_level_png(data: bytes, *, quality: int = QUALITY, max_px: int = _MOST_SIDE) -> bytes:
    """The difference between a picture and its copy at another JPEG quality, made visible, as PNG.

    Args:
        data: the file.
        quality: of the copy, 1 to 95.
        max_px: longest side of the result; larger pictures are looked at in full and then made
            small, each pixel the mean of what it covers.

    Raises:
        PhotoError: the picture cannot be decoded or has more than 50 million pixels, or ``quality``
            or ``max_px`` is out of range.
    """
    from PIL import Image

    if not 1 <= quality <= 95 or max_px < 1:
        raise PhotoError(
            f"error level at quality {quality} and {max_px} pixels; give 1 to 95, and at least 1"
        )
    try:
        with warnings.catch_warnings():
            # The size is checked here; what is wrong with metadata does not matter.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise PhotoError(
                        f"the picture has {image.width} x {image.height} pixels; the error level "
                        f"is shown of at most {_MOST_PIXELS // 1_000_000} million"
                    )
                picture = image.convert("RGB")
    except (Image.DecompressionBombError, *DECODER_ERRORS) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError("the picture cannot be decoded, so no error level is shown") from error
    level = _difference(picture, quality, coarser=max(1, max(picture.size) // max_px))
    counts = np.cumsum(np.sum(np.reshape(level.histogram(), (3, 256)), axis=0))
    top = max(1, int(np.searchsorted(counts, _BRIGHTEST_SHARE * counts[-1])))
    shown = level.point([min(255, step * 255 // top) for step in range(256)] * 3)
    shown.thumbnail((max_px, max_px), Image.Resampling.BOX)
    out = io.BytesIO()
    shown.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _difference(picture: Image.Image, quality: int, *, coarser: int) -> Image.Image:
    """How far the copy differs, ``coarser`` times smaller, strip by strip to keep memory down.

    Blocks of 8 by 8 pixels do not know of one another, so that strips give what the whole would.
    """
    from PIL import Image, ImageChops

    width, height = picture.size
    size = (-(-width // coarser), -(-height // coarser))
    level = Image.new("RGB", size)
    rows = 8 * coarser * max(1, 32 // coarser)
    for top in range(0, height, rows):
        strip = picture.crop((0, top, width, min(height, top + rows)))
        copy = io.BytesIO()
        strip.save(copy, "JPEG", quality=quality, subsampling=0)
        with Image.open(copy) as saved:
            apart = ImageChops.difference(strip, saved)
        level.paste(apart.reduce(coarser) if coarser > 1 else apart, (0, top // coarser))
    return level
