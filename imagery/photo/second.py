"""The same file through another reader: Pillow, and for HEIF libheif.

They find the block in the file and its tags in the block with code of their own; a block that only
one of us sees is told. The tags found go through the same rules as the first reader's, so that a
difference is one of reading and not of interpretation.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

from imagery.errors import DECODER_ERRORS
from imagery.photo.containers.parts import EXIF_MARK, TIFF_HEADS, Parts, Source
from imagery.photo.exif import Tag
from imagery.photo.tiff_tags import EXIF, GPS, MAIN

# Pillow's readers of AVIF and libheif raise RuntimeError for what they cannot decode.
READER_ERRORS = (*DECODER_ERRORS, RuntimeError)
_MOST_WEBP_PIXELS = 20_000_000
_MOST_READS = 20_000
_MOST_BYTES = 16_000_000
_EXIF_AT, _GPS_AT = 0x8769, 0x8825
_PLUGINS = {
    "JPEG": ("JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PngImagePlugin", "PngImageFile"),
    "WEBP": ("WebPImagePlugin", "WebPImageFile"),
    "AVIF": ("AvifImagePlugin", "AvifImageFile"),
}
_RAW_PROFILE = "Raw profile type exif"


def second_tags(data: Source, parts: Parts) -> tuple[Mapping[str, Tag], str | None]:
    """The tags that the second reader finds, and what it says of the file's container.

    Args:
        data: the file; one that is not whole in memory is not opened, only its block is read.
        parts: what our own walker found in it. Its EXIF block is read where the second reader
            cannot open such files, or sees no block in this one.

    Raises:
        ValueError, OSError, ...: any of ``READER_ERRORS``: the block is too much for the reader.
    """
    own, said = None, None
    with warnings.catch_warnings():
        # Of damage it warns and goes on; what it then lacks shows in the comparison.
        warnings.simplefilter("ignore")
        if isinstance(data, bytes):
            try:
                own = _block_of(data, parts)
            except READER_ERRORS as error:
                said = f"the second reader cannot open the file ({type(error).__name__})"
        tags = _tags_of(own if own is not None else parts.exif[0].data)
    return tags, said


def _block_of(data: bytes, parts: Parts) -> bytes | None:
    """The EXIF block as the other reader finds it in the file; None if it finds none."""
    kind = parts.format
    if kind == "WEBP" and (parts.width or 0) * (parts.height or 0) > _MOST_WEBP_PIXELS:
        # libwebp takes memory for two whole pictures before it says what else is in the file.
        return None
    if kind == "HEIF":
        import pillow_heif

        info: Mapping[str, Any] = pillow_heif.open_heif(io.BytesIO(data)).info
    elif kind in _PLUGINS:
        info = _info(data, kind)
    else:
        return None
    found = info.get("exif")
    if found is None and _RAW_PROFILE in info:
        lines = str(info[_RAW_PROFILE]).split("\n")
        found = bytes.fromhex("".join(lines[3:]))
    if not isinstance(found, bytes):
        return None
    found = found.removeprefix(EXIF_MARK)
    return found if found.startswith(TIFF_HEADS) else None


def _info(data: bytes, kind: str) -> Mapping[str, Any]:
    # The plugins themselves: ``Image.open`` refuses pictures of more than 180 million pixels, which
    # there are by now, and none is decoded here.
    from importlib import import_module

    module, name = _PLUGINS[kind]
    opener = getattr(import_module(f"PIL.{module}"), name)
    with opener(io.BytesIO(data)) as image:
        info: Mapping[str, Any] = dict(image.info)
    return info


class _Budget(io.BytesIO):
    """A block that lets itself be read only so often and so much."""

    reads = 0
    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(size)
        self.reads += 1
        self.read_bytes += len(got)
        if self.reads > _MOST_READS or self.read_bytes > _MOST_BYTES:
            raise MemoryError("the metadata asks for too much")
        return got


def _tags_of(block: bytes) -> Mapping[str, Tag]:
    from PIL import Image

    tags: dict[str, Tag] = {}
    exif = Image.Exif()
    exif.load_from_fp(_Budget(block))
    for group, names, directory in (
        ("Image", MAIN, exif),
        ("EXIF", EXIF, exif.get_ifd(_EXIF_AT)),
        ("GPS", GPS, exif.get_ifd(_GPS_AT)),
    ):
        for number, name in names.items():
            tag = _tag(directory.get(number))
            if tag is not None:
                tags[f"{group} {name}"] = tag
    return tags


def _tag(value: Any) -> Tag | None:
    if value is None:
        return None
    if isinstance(value, str):
        return Tag(kind="text", values=(_utf8(value),), printed="")
    if isinstance(value, bytes):
        # Bytes, such as the altitude's reference, and values of no type.
        return Tag(kind="integer", values=tuple(value[:16]), printed="")
    parts = value if isinstance(value, tuple) else (value,)
    if all(isinstance(part, int) for part in parts):
        return Tag(kind="integer", values=tuple(parts), printed="")
    if all(hasattr(part, "numerator") and hasattr(part, "denominator") for part in parts):
        pairs = tuple((int(part.numerator), int(part.denominator)) for part in parts)
        return Tag(kind="rational", values=pairs, printed="")
    return Tag(kind="other", values=(), printed="")


def _utf8(text: str) -> str:
    # EXIF text ends at its first NUL. It takes all text for Latin-1; most of what is not ASCII is
    # UTF-8.
    said = text.partition("\0")[0]
    try:
        return said.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return said
