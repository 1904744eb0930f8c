"""The brightness of a picture's pixels, decoded with care: what the signals of this folder look at.

Decoding takes time and memory that reading metadata does not, and its decoders are the largest part
of what hostile bytes can reach: call it where a time and a memory limit stand.
"""

from __future__ import annotations

import io
import warnings

import numpy as np
import numpy.typing as npt

from imagery.errors import DECODER_ERRORS

MOST_PIXELS = 50_000_000
"""Larger pictures are not decoded here."""

_FORMATS = ("JPEG", "TIFF", "PNG", "WEBP", "GIF", "BMP", "MPO")
Grey = npt.NDArray[np.float32]


def brightness(data: bytes, *, at_least: int | None = None) -> Grey | None:
    """Brightness (rows, columns) from 0 to 255, as stored; None if it cannot be decoded.

    Args:
        data: the file.
        at_least: where set, a reduced picture will do whose longer side has this many pixels or
            more, or as many as there are.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # The size is checked below; damaged metadata is reported by those who read it.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    return None
                size = image.size
                if at_least is not None:
                    share = min(1.0, at_least / max(size))
                    size = (max(1, round(size[0] * share)), max(1, round(size[1] * share)))
                # Of a JPEG this gives its own brightness channel, without a detour over colours.
                image.draft("L", size)
                grey = image if image.mode == "L" else image.convert("L")
                if at_least is not None and max(grey.size) > 2 * at_least:
                    grey = grey.reduce(max(grey.size) // at_least)
                return np.asarray(grey, dtype=np.float32)
    except (Image.DecompressionBombError, *DECODER_ERRORS):
        return None


def resized(grey: Grey, *, rows: int, columns: int) -> Grey:
    """The picture at another size, each pixel the mean of what it covers."""
    from PIL import Image

    picture = Image.fromarray(grey).resize((columns, rows), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)
