"""The same EXIF block through another reader, and where the two disagree.

A file may be made so that two programs see two places in it. Pillow parses EXIF with code of its
own; it too is handed the block through a budget. The tags it finds go through the same rules as
exifread's, so that a difference is one of reading and not of interpretation.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gazetteer.position import Position
from imagery.errors import DECODER_ERRORS
from imagery.photo.exif import Tag
from imagery.photo.fields import Fields, read_fields

FIRST, SECOND = "exifread", "pillow"
Scalar = str | float | int | None

_MOST_READS = 20_000
_MOST_BYTES = 16_000_000
_MAIN = {0x010F: "Make", 0x0110: "Model", 0x0112: "Orientation", 0x0131: "Software"}
_EXIF = {0x9003: "DateTimeOriginal", 0x9011: "OffsetTimeOriginal", 0x9291: "SubSecTimeOriginal"}
_GPS = {
    1: "GPSLatitudeRef",
    2: "GPSLatitude",
    3: "GPSLongitudeRef",
    4: "GPSLongitude",
}
_EXIF_AT, _GPS_AT = 0x8769, 0x8825
# Both readers compute degrees from the same fractions; this is far below what any of them states.
_SAME_DEG = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field that two readers read differently; ``readers`` are (name of reader, value)."""

    field: str
    readers: tuple[tuple[str, Scalar], ...]

    def as_dict(self) -> dict[str, object]:
        """``{"field", "readers": {name: value}}``."""
        return {"field": self.field, "readers": dict(self.readers)}


def conflicts_of(block: bytes, first: Fields) -> tuple[tuple[Conflict, ...], str | None]:
    """Where Pillow reads the block differently from ``first``; or why it could not read it."""
    try:
        second = read_fields(_pillow_tags(block))
    except DECODER_ERRORS as error:
        return (), f"the second reader gave up ({type(error).__name__})"
    pairs = {
        "position": (_place(first), _place(second)),
        "taken_at": (_time(first.taken_at), _time(second.taken_at)),
        "make": (first.make, second.make),
        "model": (first.model, second.model),
        "orientation": (first.orientation, second.orientation),
    }
    found = tuple(
        Conflict(field=name, readers=((FIRST, one), (SECOND, other)))
        for name, (one, other) in pairs.items()
        if one != other and not (name == "position" and _same_place(first, second))
    )
    return found, None


def _place(fields: Fields) -> str | None:
    position = fields.gps.position
    return str(position) if position is not None else None


def _same_place(first: Fields, second: Fields) -> bool:
    a: Position | None = first.gps.position
    b: Position | None = second.gps.position
    if a is None or b is None:
        return a is b
    return abs(a.lat - b.lat) <= _SAME_DEG and abs(a.lon - b.lon) <= _SAME_DEG


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


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


def _pillow_tags(block: bytes) -> Mapping[str, Tag]:
    from PIL import Image

    tags: dict[str, Tag] = {}
    with warnings.catch_warnings():
        # Of damage it warns and goes on; what it then lacks shows in the comparison.
        warnings.simplefilter("ignore")
        exif = Image.Exif()
        exif.load_from_fp(_Budget(block))
        for group, names, directory in (
            ("Image", _MAIN, exif),
            ("EXIF", _EXIF, exif.get_ifd(_EXIF_AT)),
            ("GPS", _GPS, exif.get_ifd(_GPS_AT)),
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
