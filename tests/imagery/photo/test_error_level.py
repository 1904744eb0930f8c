"""Error-level analysis gives a picture and nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from imagery.errors import PhotoError
from imagery.photo.error_level import error_level_png


def noise(side: int) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def encoded(picture: Image.Image, kind: str, **more: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def level(data: bytes, **more: int) -> Image.Image:
    with Image.open(io.BytesIO(error_level_png(data, **more))) as image:
        assert image.format == "PNG"
        return image.copy()


def test_what_was_compressed_before_is_dark_and_what_was_not_is_bright() -> None:
    whole = noise(128)
    saved = Image.open(io.BytesIO(encoded(whole, "JPEG", quality=90, subsampling=0)))
    whole.paste(saved.crop((0, 0, 64, 128)), (0, 0))
    shown = np.asarray(level(encoded(whole, "PNG")), dtype=float)
    assert shown.shape == (128, 128, 3)
    assert shown[:, :64].mean() < 0.5 * shown[:, 64:].mean()


def test_strips_do_not_show() -> None:
    """A tall picture is worked on in parts; the result is that of the whole."""
    tall = noise(64).resize((64, 1_200))
    copy = Image.open(io.BytesIO(encoded(tall, "JPEG", quality=90, subsampling=0)))
    apart = np.abs(np.asarray(tall, dtype=int) - np.asarray(copy, dtype=int))
    shown = np.asarray(level(encoded(tall, "PNG")), dtype=int)
    top = int(
        np.searchsorted(np.cumsum(np.bincount(apart.ravel(), minlength=256)), 0.999 * apart.size)
    )
    assert np.array_equal(shown, np.minimum(255, apart * 255 // top))


@pytest.mark.parametrize(("size", "expected"), [((500, 300), (100, 60)), ((90, 40), (90, 40))])
def test_its_size(size: tuple[int, int], expected: tuple[int, int]) -> None:
    shown = level(encoded(noise(16).resize(size), "PNG"), max_px=100)
    assert shown.size == expected


def test_a_flat_picture_is_black() -> None:
    shown = np.asarray(level(encoded(Image.new("RGB", (64, 64), "white"), "PNG")))
    assert shown.max() == 0


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "CMYK"])
def test_every_kind_of_picture(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert level(encoded(noise(32).convert(mode), kind)).size == (32, 32)


def test_what_cannot_be_shown() -> None:
    good = encoded(noise(64), "JPEG", quality=75)
    for data in (b"", b"junk", good[: len(good) // 2]):
        with pytest.raises(PhotoError, match="decoded"):
            error_level_png(data)
    huge = encoded(Image.new("1", (8_000, 7_000)), "PNG")
    with pytest.raises(PhotoError, match="million"):
        error_level_png(huge)
    for more in ({"quality": 0}, {"quality": 96}, {"max_px": 0}):
        with pytest.raises(PhotoError, match="give 1 to 95"):
            error_level_png(good, **more)
