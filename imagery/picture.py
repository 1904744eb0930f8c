"""Chips and photos as small pictures for a report."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from imagery.errors import DECODER_ERRORS, PhotoError
from imagery.photo.containers.heif import brand_format
from imagery.photo.containers.opened import OpenFile
from imagery.photo.containers.parts import walk
from imagery.photo.containers.simple import RAF_JPEG_AT
from imagery.photo.metadata import MOST_BYTES
from imagery.photo.tiff_tags import walk_tags

if TYPE_CHECKING:
    from PIL import Image

    from imagery.chip import Chip

_LOW, _HIGH = 2.0, 98.0
_MOST_PIXELS = 120_000_000
_FORMATS = ("JPEG", "TIFF", "PNG", "WEBP", "GIF", "BMP", "AVIF")
_QUALITY = 82


def chip_png(chip: Chip, max_px: int = 512) -> bytes:
    """A chip as PNG: each band stretched from its 2nd to its 98th percentile, holes transparent.

    The first three bands are taken for red, green and blue; one or two bands give grey.
    """
    from PIL import Image

    bands = 3 if chip.pixels.shape[0] >= 3 else 1
    shown = [_stretched(chip.pixels[band], chip.mask) for band in range(bands)]
    colour = shown * 3 if bands == 1 else shown
    alpha = np.where(chip.mask, 255, 0).astype(np.uint8)
    picture = Image.fromarray(np.dstack([*colour, alpha]))
    if max(picture.size) > max_px:
        # Nearest: no value of a hole bleeds into its neighbour.
        scale = max_px / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.NEAREST)
    return _encoded(picture, "PNG")


def _stretched(band: npt.NDArray[Any], mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    values = band.astype(np.float64)
    if not mask.any():
        return np.zeros(band.shape, dtype=np.uint8)
    low, high = np.percentile(values[mask], [_LOW, _HIGH])
    if not high > low:
        return np.full(band.shape, 128, dtype=np.uint8)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.clip((values - low) / (high - low), 0.0, 1.0)
    grey: npt.NDArray[np.uint8] = np.nan_to_num(scaled * 255.0).astype(np.uint8)
    return grey


def thumbnail_jpeg(path: Path, max_px: int = 320) -> bytes:
    """A photo as a small upright JPEG without any metadata.

    Of a raw file that cannot be decoded, the small picture that its camera put inside.

    Raises:
        PhotoError: the file cannot be decoded, or claims more than 120 million pixels.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # The size is checked below, before anything is decoded.
            warnings.simplefilter("ignore")
            picture = _small(path, max_px)
        return _encoded(picture, "JPEG")
    except PhotoError:
        raise
    except (Image.DecompressionBombError, RuntimeError, *DECODER_ERRORS) as error:
        raise PhotoError(f"{path} cannot be shown: its pixels cannot be decoded") from error


def _small(path: Path, max_px: int) -> Image.Image:
    from PIL import ImageOps

    if path.stat().st_size > MOST_BYTES:
        raise PhotoError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB")
    with _opened(path) as image:
        if image.width * image.height > _MOST_PIXELS:
            raise PhotoError(
                f"{path} has {image.width} x {image.height} pixels; a preview is made of at most "
                f"{_MOST_PIXELS // 1_000_000} million"
            )
        # A JPEG is decoded at a fraction of its size where that is enough.
        image.draft("RGB", (2 * max_px, 2 * max_px))
        image.thumbnail((max_px, max_px))
        return ImageOps.exif_transpose(image).convert("RGB")


def _opened(path: Path) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    with path.open("rb") as handle:
        head = handle.read(256)
    if brand_format(head) == "HEIF":
        from pillow_heif import HeifImageFile

        opener: Callable[[Path], Image.Image] = HeifImageFile
        return opener(path)
    try:
        return Image.open(path, formats=_FORMATS)
    except UnidentifiedImageError:
        inside = _inside(path)
        if inside is None:
            raise
        return Image.open(io.BytesIO(inside), formats=("JPEG",))


def _inside(path: Path) -> bytes | None:
    """The JPEG that a raw file carries for previews."""
    with path.open("rb") as handle:
        data = OpenFile(handle)
        parts = walk(data)
        if parts is None or not parts.exif:
            return None
        if parts.format == "RAF":
            start, length = struct.unpack(">II", data[RAF_JPEG_AT : RAF_JPEG_AT + 8])
            return data[start : start + length]
    return walk_tags(parts.exif[0].data).thumbnail


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        picture.save(out, "JPEG", quality=_QUALITY)
    else:
        picture.save(out, kind, optimize=True)
    return out.getvalue()
