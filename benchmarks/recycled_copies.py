"""A photo of ``recycled.py``, and what becomes of it when it is passed on: the copies asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps

MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A file: pictures of one group show parts of the same."""

    name: str
    group: int
    held_out: bool
    data: bytes


def opened(data: bytes) -> Image.Image:
    """A picture, upright, at most 4 megapixels."""
    if data[4:8] == b"ftyp":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    pixels = image.width * image.height
    return scaled(image, (MOST_PIXELS / pixels) ** 0.5) if pixels > MOST_PIXELS else image


def scaled(image: Image.Image, by: float) -> Image.Image:
    """At another size."""
    size = max(1, round(image.width * by)), max(1, round(image.height * by))
    return image.resize(size, Image.Resampling.LANCZOS)


def saved(image: Image.Image, quality: int = 85) -> bytes:
    """As a JPEG without metadata."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def cropped(
    image: Image.Image, left: float, top: float, right: float, bottom: float
) -> Image.Image:
    """Without these shares of the width and height."""
    wide, high = image.size
    first = round(wide * left), round(high * top)
    return image.crop((*first, round(wide * (1 - right)), round(high * (1 - bottom))))


def with_bar(image: Image.Image, share: float, *, below: bool, paper: str, ink: str) -> Image.Image:
    """With a bar of words above or below."""
    high = max(8, round(image.height * share))
    out = Image.new("RGB", (image.width, image.height + high), paper)
    out.paste(image, (0, 0 if below else high))
    font = ImageFont.load_default(size=max(8, high * 0.4))
    at = image.width * 0.05, (image.height if below else 0) + high * 0.2
    ImageDraw.Draw(out).text(at, "WHEN YOU SEE IT", fill=ink, font=font)
    return out


def with_words(image: Image.Image) -> Image.Image:
    """With words on a plain ground across the middle."""
    out = image.copy()
    draw = ImageDraw.Draw(out)
    top, high = image.height * 0.45, image.height * 0.1
    draw.rectangle((0, top, image.width, top + high), "white")
    font = ImageFont.load_default(size=max(8, high * 0.6))
    draw.text((image.width * 0.05, top), "SHARE BEFORE IT IS DELETED", fill="black", font=font)
    return out


def on_screen(image: Image.Image) -> Image.Image:
    """On a screen of 9 to 16, as wide as that."""
    high = max(round(image.width * 16 / 9), round(image.height * 1.3))
    out = Image.new("RGB", (image.width, high), (24, 26, 27))
    draw = ImageDraw.Draw(out)
    font = ImageFont.load_default(size=max(8, high * 0.02))
    for share, words in ((0.01, "12:41   97 %"), (0.05, "synthetic account"), (0.95, "Reply")):
        draw.text((image.width * 0.05, high * share), words, fill="white", font=font)
    out.paste(image, (0, (high - image.height) // 2))
    return out


def copies(image: Image.Image) -> Iterator[tuple[str, bytes]]:
    """Every transformation of a picture."""
    half = scaled(image, 0.5)
    yield "quality_40", saved(image, 40)
    yield "half", saved(half)
    yield "mirror", saved(ImageOps.mirror(image))
    yield "mirror_half_40", saved(ImageOps.mirror(half), 40)
    sides = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))
    corners = ((1, 1, 0, 0), (0, 1, 1, 0), (0, 0, 1, 1), (1, 0, 0, 1))
    for name, share in (("crop_5", 0.05), ("crop_20", 0.2)):
        for cut in (*sides, *corners, (0.5, 0.5, 0.5, 0.5)):
            yield name, saved(cropped(image, *(share * each for each in cut)))
    yield "crop_20_all", saved(cropped(image, 0.2, 0.2, 0.2, 0.2))
    frame = max(1, round(min(image.size) * 0.05))
    for colour in ("white", "black"):
        yield "border", saved(ImageOps.expand(image, frame, colour))
    yield "caption_bar", saved(with_bar(image, 0.15, below=False, paper="white", ink="black"))
    yield "caption_bar", saved(with_bar(image, 0.2, below=True, paper="white", ink="black"))
    yield "caption_bar", saved(with_bar(image, 0.2, below=True, paper="black", ink="white"))
    yield "darker", saved(image.point([round(255 * (v / 255) ** 1.6) for v in range(256)] * 3))
    yield "words_over", saved(with_words(image))
    yield "screenshot", saved(on_screen(image))
    turned = image.rotate(3, Image.Resampling.BICUBIC)
    yield "turned_3", saved(cropped(turned, 0.05, 0.05, 0.05, 0.05))
    yield "turned_90", saved(image.transpose(Image.Transpose.ROTATE_90))
