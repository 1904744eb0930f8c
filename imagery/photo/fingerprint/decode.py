"""From a file's bytes to a small grey picture, upright and without uniform borders."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from imagery.errors import DECODER_ERRORS, PhotoError
from imagery.photo.fingerprint.borders import LEAST_SIDE, without_borders

if TYPE_CHECKING:
    from PIL import Image

Floats = npt.NDArray[np.float32]

MOST_PIXELS = 120_000_000
"""JPEGs that claim more pixels are refused before any is decoded."""
MOST_DECODED = 60_000_000
"""The same for formats that are always decoded whole, at four bytes a pixel."""
SIDE = 224
"""Square root of the area of the picture that fingerprints are made from, in pixels."""
_LONGEST = 4 * SIDE
_FORMATS = ("JPEG", "TIFF", "PNG", "WEBP", "GIF", "BMP")
_BOXED = ("AVIF", "HEIF")
_ORIENTATION = 0x0112
# How the stored picture is turned to stand upright (EXIF 2.32, tag 0x0112), as Pillow names it.
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}


def grey_picture(data: bytes) -> tuple[Floats, float]:
    """A picture's luminance, 0 to 255, (rows, columns), about SIDE * SIDE pixels.

    With it, how many of these pixels lie across one of the file's: above 1 if it was enlarged.

    Raises:
        PhotoError: no picture, one that claims too many pixels or has too few, or one whose pixels
            cannot be decoded.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # The size is checked below; what is wrong with metadata does not matter for pixels.
            warnings.simplefilter("ignore")
            return _decoded(data)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoError(f"the picture claims too many pixels to be a photo ({error})") from error
    except DECODER_ERRORS as error:
        raise PhotoError("the pixels cannot be decoded, so it has no fingerprint") from error


def _decoded(data: bytes) -> tuple[Floats, float]:
    from PIL import Image

    boxed = data[4:8] == b"ftyp"
    if boxed:
        _add_heif()
    with Image.open(io.BytesIO(data), formats=_BOXED if boxed else _FORMATS) as image:
        width, height = image.size
        most = MOST_PIXELS if image.format in ("JPEG", "MPO") else MOST_DECODED
        if width * height > most:
            raise PhotoError(
                f"the picture claims {width} x {height} pixels; a fingerprint is made of at most "
                f"{most // 1_000_000} million"
            )
        if min(width, height) < LEAST_SIDE:
            raise PhotoError(
                f"the picture has {width} x {height} pixels; a fingerprint needs at least "
                f"{LEAST_SIDE} each way"
            )
        turn = _turn(image)
        # A JPEG is decoded at a half, quarter or eighth where that is enough.
        image.draft("L", (2 * SIDE, 2 * SIDE))
        image.load()
        small = _shrunk(_luminance(image))
    if turn is not None:
        small = small.transpose(Image.Transpose(turn))
    grey = np.asarray(small, dtype=np.float32)
    resized, scale = _resized(without_borders(grey))
    return resized, scale * (grey.size / (width * height)) ** 0.5


def _add_heif() -> None:
    """HEIF is known to Pillow once its plug-in has been named."""
    from pillow_heif import register_heif_opener

    register_heif_opener()


def _turn(image: Image.Image) -> int | None:
    if str(image.format) in ("HEIF", "AVIF"):
        # Their decoders turn the picture themselves.
        return None
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except (*DECODER_ERRORS,):
        # Damaged EXIF: what the pixels show is unaffected.
        return None


def _luminance(image: Image.Image) -> Image.Image:
    """Grey, transparent parts as on white paper."""
    from PIL import Image

    if image.mode in ("I;16", "I;16L", "I;16B", "I", "F"):
        values = np.asarray(image, dtype=np.float32)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        span = high - low
        if not np.isfinite(span) or span <= 0:
            return Image.new("L", image.size, 128)
        stretched = np.nan_to_num((values - low) / span * 255)
        return Image.fromarray(stretched.astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("L")
    return image.convert("L")


def _shrunk(image: Image.Image) -> Image.Image:
    """At most twice the working size: borders are looked for before the last step."""
    from PIL import Image

    scale = min(1.0, 2 * SIDE / (image.width * image.height) ** 0.5)
    size = (
        max(LEAST_SIDE, min(2 * _LONGEST, round(image.width * scale))),
        max(LEAST_SIDE, min(2 * _LONGEST, round(image.height * scale))),
    )
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _resized(grey: Floats) -> tuple[Floats, float]:
    from PIL import Image

    height, width = grey.shape
    scale = SIDE / (width * height) ** 0.5
    size = (
        max(LEAST_SIDE, min(_LONGEST, round(width * scale))),
        max(LEAST_SIDE, min(_LONGEST, round(height * scale))),
    )
    small = Image.fromarray(grey).resize(size, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(small, dtype=np.float32), 0, 255), scale
