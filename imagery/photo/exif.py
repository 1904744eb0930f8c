"""The tags of an EXIF block, read with exifread inside fixed limits.

exifread asks for the file a few bytes at a time; a block that sends it in circles, or that claims
four thousand million values, keeps it asking for ever. The block is therefore handed over through a
reader with a budget, which ends every such read at the same point on every machine, without a
second process. A sound block of a real camera takes under a tenth of the budget.

Values that lie beyond the end of the block come back from exifread as zeros; such tags are left out
and named. Fractions are read again from the bytes, as exifread reduces them (2100/100 to 21/1) and
with that loses how finely they were written.
"""

from __future__ import annotations

import io
import logging
import struct
from dataclasses import dataclass
from typing import Any, Literal

Rational = tuple[int, int]
TagKind = Literal["text", "rational", "integer", "other"]

_MOST_READS = 400_000
_MOST_BYTES = 64_000_000
_MOST_PRINTED = 200
_TEXT_TYPE = 2
_RATIONALS = {5: "II", 10: "ii"}
_INTEGERS = {1, 3, 4, 6, 8, 9}
_GROUPS = ("Image ", "EXIF ", "GPS ")
# EXIF 2.31 added a tag that exifread has no name for.
_NAMES = {"GPS Tag 0x001F": "GPS GPSHPositioningError"}
_POINTERS = {"Image ExifOffset": "EXIF", "Image GPSInfo": "GPS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One EXIF value.

    Attributes:
        kind: what ``values`` holds: one string; (numerator, denominator) pairs; integers; or
            nothing that is used here.
        values: the value or values, as written.
        printed: how to show it, shortened.
    """

    kind: TagKind
    values: tuple[str | int | Rational, ...]
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """All tags of a block by name ("GPS GPSLatitude"), and what could not be read."""

    tags: dict[str, Tag]
    problems: tuple[str, ...]


class DamagedError(ValueError):
    """The block cannot be read; the message says why. Never leaves this package."""


class _SpentError(OSError):
    """The budget of a read is used up."""


class _Budget(io.BytesIO):
    """A block of bytes that lets itself be read only so often and so much."""

    reads = 0
    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        got = super().read(size)
        self.reads += 1
        self.read_bytes += len(got)
        if self.reads > _MOST_READS or self.read_bytes > _MOST_BYTES:
            raise _SpentError
        return got


def read_tags(block: bytes) -> Tags:
    """Every tag of the main, EXIF and GPS directories of ``block``, which starts as a TIFF does.

    Raises:
        DamagedError: the block cannot be read to its end; the message says why.
    """
    found = _exifread_tags(block)
    tags: dict[str, Tag] = {}
    problems = []
    for found_name, raw in found.items():
        name = _NAMES.get(found_name, found_name)
        if not name.startswith(_GROUPS) or not hasattr(raw, "field_offset"):
            continue
        if raw.field_offset + raw.field_length > len(block):
            problems.append(f"{name} lies beyond the end of the metadata")
            continue
        tag = _tag(raw, block)
        tags[name] = tag
        group = _POINTERS.get(name)
        if group and tag.kind == "integer" and tag.values:
            start = tag.values[0]
            if isinstance(start, int) and not 8 <= start < len(block) - 2:
                problems.append(f"the {group} directory lies beyond the end of the metadata")
    return Tags(tags=tags, problems=tuple(problems))


def _exifread_tags(block: bytes) -> dict[str, Any]:
    import exifread
    from exifread.core.exceptions import ExifError

    # It reports damage by logging; what matters of that is found out here by other means.
    logging.getLogger("exifread").setLevel(logging.CRITICAL + 1)
    handle = _Budget(block)
    try:
        found: dict[str, Any] = exifread.process_file(
            handle, details=False, extract_thumbnail=False
        )
    except _SpentError as error:
        raise DamagedError(
            f"reading its metadata did not end within {_MOST_READS} steps; it may be made to hang "
            "a reader"
        ) from error
    except (
        # What damaged blocks were seen to raise inside the reader.
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
        struct.error,
        ExifError,
    ) as error:
        raise DamagedError(f"its metadata is damaged ({type(error).__name__})") from error
    return found


def _tag(raw: Any, block: bytes) -> Tag:
    number = int(raw.field_type)
    printed = str(raw.printable)[:_MOST_PRINTED]
    if number == _TEXT_TYPE:
        text = raw.values
        if isinstance(text, bytes):
            text = text.decode("latin-1")
        return Tag(kind="text", values=(str(text),), printed=printed)
    if number in _RATIONALS:
        order = "<" if block.startswith(b"II") else ">"
        pairs = tuple(
            struct.iter_unpack(
                order + _RATIONALS[number],
                block[raw.field_offset : raw.field_offset + raw.field_length],
            )
        )
        return Tag(kind="rational", values=pairs, printed=printed)
    if number in _INTEGERS and isinstance(raw.values, list):
        whole = tuple(value for value in raw.values if isinstance(value, int))
        return Tag(kind="integer", values=whole, printed=printed)
    return Tag(kind="other", values=(), printed=printed)
