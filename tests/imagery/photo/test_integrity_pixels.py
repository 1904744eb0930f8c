"""Signals of the pixels, on synthetic pictures of which the truth is known."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagery.photo.integrity.double_compression import double_compression_signal, measure
from imagery.photo.integrity.pixels import MOST_PIXELS, brightness
from imagery.photo.integrity.quantisation import ijg_table
from imagery.photo.integrity.thumbnail import compare, thumbnail_signal


def scene(seed: int, width: int = 640, height: int = 480) -> Image.Image:
    """A synthetic landscape: noise whose amplitude falls with frequency as that of photos does."""
    rng = np.random.default_rng(seed)
    rows = np.fft.fftfreq(height)[:, None]
    columns = np.fft.fftfreq(width)[None, :]
    falloff = 1 / np.maximum(np.hypot(rows, columns), 1 / max(width, height)) ** 1.1
    bands = []
    for _ in range(3):
        phases = np.fft.fft2(rng.normal(size=(height, width)))
        band = np.real(np.fft.ifft2(phases * falloff))
        bands.append(128 + 45 * (band - band.mean()) / band.std())
    mixed = 0.8 * bands[0][..., None] + 0.2 * np.dstack(bands)
    return Image.fromarray(np.clip(mixed, 1, 254).astype(np.uint8))


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return scene(1)


@pytest.mark.parametrize("quality", [50, 75, 90, 98])
def test_one_compression_is_not_taken_for_two(picture: Image.Image, quality: int) -> None:
    assert double_compression_signal(jpeg(picture, quality), [ijg_table(quality)]) is None


@pytest.mark.parametrize(("first", "second"), [(60, 75), (75, 90), (60, 90), (80, 95), (90, 95)])
def test_a_coarser_one_before_is_found_and_named(
    picture: Image.Image, first: int, second: int
) -> None:
    data = jpeg(opened(jpeg(picture, first)), second)
    signal = double_compression_signal(data, [ijg_table(second)])
    assert signal is not None and signal.value is not None
    grey = brightness(data)
    assert grey is not None
    found = measure(grey, ijg_table(second))
    assert found is not None and found.quality is not None
    assert abs(found.quality - first) <= 2
    assert f"IJG quality {found.quality}" in signal.value


def test_what_it_cannot_tell(picture: Image.Image) -> None:
    """A finer compression before, and one whose grid was cut off: both are said to be missed."""
    finer = jpeg(opened(jpeg(picture, 95)), 75)
    assert double_compression_signal(finer, [ijg_table(75)]) is None
    shifted = opened(jpeg(picture, 60)).crop((3, 5, 640, 480))
    assert double_compression_signal(jpeg(shifted, 90), [ijg_table(90)]) is None


def test_pictures_too_small_or_flat_or_no_pictures() -> None:
    assert double_compression_signal(jpeg(scene(2, 64, 64), 75), [ijg_table(75)]) is None
    flat = jpeg(Image.new("RGB", (640, 480), "grey"), 75)
    assert double_compression_signal(flat, [ijg_table(75)]) is None
    assert double_compression_signal(b"\xff\xd8junk", [ijg_table(75)]) is None
    assert double_compression_signal(flat, []) is None
    tiny = np.zeros((3, 3), dtype=np.float32)
    assert measure(tiny, ijg_table(75)) is None


def small(picture: Image.Image, width: int = 160, height: int = 120) -> bytes:
    return jpeg(picture.resize((width, height), Image.Resampling.BICUBIC), 70)


def test_a_thumbnail_that_shows_the_picture(picture: Image.Image) -> None:
    data = jpeg(picture, 90)
    assert thumbnail_signal(data, small(picture)) is None
    # Brighter, with more contrast, and with bars above and below a picture of another shape.
    brighter = picture.point([min(255, int(step * 1.2) + 10) for step in range(256)] * 3)
    assert thumbnail_signal(jpeg(brighter, 90), small(picture)) is None
    wide = picture.crop((0, 30, 640, 450))
    barred = Image.new("RGB", (160, 120))
    barred.paste(wide.resize((160, 105)), (0, 7))
    assert thumbnail_signal(jpeg(wide, 90), jpeg(barred, 70)) is None
    # A night sky is no bar.
    night = picture.copy()
    night.paste((3, 3, 3), (0, 0, 640, 200))
    assert thumbnail_signal(jpeg(night, 90), small(night)) is None
    # A camera's thumbnail of 4:3 out of a picture of 3:2.
    cut = picture.crop((0, 0, 640, 427))
    shaped = cut.crop((35, 0, 605, 427))
    assert thumbnail_signal(jpeg(cut, 90), small(shaped)) is None


def test_a_thumbnail_that_does_not(picture: Image.Image) -> None:
    thumbnail = small(picture)
    other = thumbnail_signal(jpeg(scene(3), 90), thumbnail)
    assert other is not None and other.value == "shows something else"
    cropped = thumbnail_signal(jpeg(picture.crop((100, 80, 500, 380)), 90), thumbnail)
    assert cropped is not None and cropped.value == "shows more than the picture"
    for change in (Image.Transpose.ROTATE_90, Image.Transpose.FLIP_LEFT_RIGHT):
        turned = thumbnail_signal(jpeg(picture.transpose(change), 90), thumbnail)
        assert turned is not None and turned.value == "turned or mirrored"


def test_thumbnails_that_cannot_be_compared(picture: Image.Image) -> None:
    data = jpeg(picture, 90)
    for thumbnail in (b"", b"\xff\xd8\xff", small(picture)[:200], small(picture, 8, 8)):
        assert thumbnail_signal(data, thumbnail) is None
    grey = jpeg(Image.new("RGB", (160, 120), "grey"), 90)
    assert thumbnail_signal(data, grey) is None
    assert thumbnail_signal(b"junk", small(picture)) is None
    black = np.zeros((120, 160), dtype=np.float32)
    assert compare(black, black) is None


def test_pictures_of_absurd_size_are_not_decoded() -> None:
    out = io.BytesIO()
    side = int(MOST_PIXELS**0.5) + 10
    Image.new("1", (side, side)).save(out, "PNG")
    assert brightness(out.getvalue()) is None


@settings(max_examples=40)
@given(st.integers(0, 3_000), st.binary(max_size=30))
def test_damaged_files_raise_nothing(at: int, junk: bytes) -> None:
    good = _GOOD[:at] + junk + _GOOD[at + len(junk) :]
    grey = brightness(good)
    assert grey is None or grey.ndim == 2
    double_compression_signal(good, [ijg_table(75)])
    thumbnail_signal(_GOOD, good)
    thumbnail_signal(good, _GOOD)


_GOOD = jpeg(scene(4, 120, 96), 75)
