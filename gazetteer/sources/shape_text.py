"""How the attributes of a Shapefile are written.

A Shapefile keeps them in a dBASE table, which says nothing certain of its letters: a file ``.cpg``
beside it may, a byte in its head may, and often neither does. GDAL then takes Latin-1 and makes
another language's names unreadable. Here the bytes themselves are looked at: UTF-8 where they are,
else what the file says, else the Windows code page that fits them best; and it is told.

Have the table read as ``RAW``, in which every byte is a letter, and give each text to ``text``.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gazetteer.sources.text_guess import code_page_of

RAW = "ISO-8859-1"
"""The encoding to have the table read in."""

_SAMPLE = 8 * 2**20
_HEAD = 32
_MOST_FIELDS = 2_046
_CPG = 200
_ISO = re.compile(r"(?:iso)?[-_ ]*8859[-_ ]*(\d{1,2})", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:ansi|cp|windows|oem|ibm|ms)?[-_ ]*(\d{3,5})", re.IGNORECASE)

# Byte 29 of a dBASE table, its language driver, as dBASE and FoxPro give it out. 0x57, "the
# computer's own", says nothing and is left out.
_DRIVERS = {
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), "cp850"),
    **dict.fromkeys((0x03, 0x58, 0x59), "cp1252"),
    **dict.fromkeys((0x08, 0x17, 0x66), "cp865"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64, 0x87), "cp852"),
    **dict.fromkeys((0x13, 0x7B), "cp932"),
    **dict.fromkeys((0x1C, 0x6C), "cp863"),
    **dict.fromkeys((0x26, 0x65), "cp866"),
    **dict.fromkeys((0x4D, 0x7A), "cp936"),
    **dict.fromkeys((0x4E, 0x79), "cp949"),
    **dict.fromkeys((0x4F, 0x78), "cp950"),
    **dict.fromkeys((0x50, 0x7C), "cp874"),
    **dict.fromkeys((0x6A, 0x86), "cp737"),
    **dict.fromkeys((0x6B, 0x88), "cp857"),
    0x24: "cp860",
    0x67: "cp861",
    0x7D: "cp1255",
    0x7E: "cp1256",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0xCC: "cp1257",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeText:
    """How the texts of one Shapefile are written.

    Attributes:
        code_page: of what is no UTF-8; "" where all is.
        unicode_first: what is UTF-8 is read so, whatever ``code_page`` is.
        guessed: what was guessed, in words; "" if nothing.
    """

    code_page: str = ""
    unicode_first: bool = True
    guessed: str = ""

    def text(self, raw: str) -> str:
        """The letters of a text that was read as ``RAW``; U+FFFD for what cannot be read."""
        if raw.isascii():
            return raw
        try:
            data = raw.encode("latin-1")
        except UnicodeEncodeError:
            # It was decoded already.
            return raw
        if self.unicode_first:
            # A field is cut after so many bytes, whatever letter that falls into.
            whole = data[: len(data) - _cut(data)]
            try:
                return whole.decode()
            except UnicodeDecodeError:
                pass
        return data.decode(self.code_page or "utf-8", "replace")


def shape_text(path: Path) -> ShapeText | None:
    """How the texts of a Shapefile are written; None if the file is none or has no table.

    Args:
        path: the ``.shp``.
    """
    if path.suffix.lower() != ".shp":
        return None
    table = _beside(path, ".dbf")
    try:
        if table is None:
            return None
        with table.open("rb") as file:
            data = file.read(_SAMPLE)
    except OSError:
        return None
    high = [value for value in _texts(data) if not value.isascii()]
    said = _said(path)
    if not high:
        return ShapeText(code_page=said)
    unicode = sum(_is_utf8(value) for value in high)
    if said and said != "utf-8":
        # A code page of one byte a letter takes any bytes: UTF-8 shows that it is wrong.
        if unicode < len(high) or not _is_long(high):
            return ShapeText(code_page=said, unicode_first=False)
        return ShapeText(
            code_page=said,
            guessed=f"the file .cpg says {said}, but its texts are UTF-8 and are read as such",
        )
    if unicode == len(high):
        why = "" if said else "no .cpg says how its texts are written; they are UTF-8"
        return ShapeText(guessed=why)
    wrong = "no .cpg says how its texts are written"
    if said:
        wrong = "its .cpg says UTF-8, which its texts are not"
    driver = _DRIVERS.get(data[29]) if len(data) > _HEAD else None
    if driver is not None:
        return ShapeText(
            code_page=driver,
            guessed=f"{wrong}; they are read as {driver}, which its table names",
        )
    page = code_page_of(b"\n".join(value for value in high if not _is_utf8(value)))
    return ShapeText(
        code_page=page.name, guessed=f"{wrong}; they look like {page.called} and are read so"
    )


def shape_sha256(path: Path) -> str:
    """Sum over all files of a Shapefile, in hexadecimal: the ``.shp`` itself holds no names.

    Of ``.shp``, ``.dbf``, ``.prj`` and ``.cpg``, for those that are there the ending and the
    file's own sum, a line each.

    Raises:
        OSError: one cannot be read.
    """
    digest = hashlib.sha256()
    for ending in (".shp", ".dbf", ".prj", ".cpg"):
        found = _beside(path, ending)
        if found is not None:
            with found.open("rb") as file:
                own = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{ending} {own}\n".encode())
    return digest.hexdigest()


def _beside(path: Path, ending: str) -> Path | None:
    for name in (ending, ending.upper()):
        found = path.with_suffix(name)
        if found.is_file():
            return found
    return None


def _said(path: Path) -> str:
    """The encoding that a file .cpg names, as Python calls it; "" if none that is known."""
    found = _beside(path, ".cpg")
    if found is None:
        return ""
    try:
        with found.open("rb") as file:
            text = file.read(_CPG).decode("ascii", "replace").strip().strip("\ufeff")
    except OSError:
        return ""
    name = text
    if part := _ISO.fullmatch(text):
        name = f"iso8859-{part[1]}"
    elif numbered := _NUMBERED.fullmatch(text):
        name = "utf-8" if numbered[1] == "65001" else f"cp{numbered[1]}"
    try:
        info = codecs.lookup(name)
        # Others, such as "hex", turn no bytes into letters.
        b"a".decode(info.name)
    except (LookupError, ValueError, TypeError, UnicodeError):
        return ""
    return info.name


def _texts(data: bytes) -> Iterator[bytes]:
    """Values of all text fields, and the names of the fields, of the beginning of a dBASE table."""
    if len(data) < _HEAD:
        return
    first, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    fields: list[tuple[int, int]] = []
    at, begin = _HEAD, 1
    while at + 32 <= min(first, len(data)) and data[at] != 0x0D and len(fields) < _MOST_FIELDS:
        yield data[at : at + 11].partition(b"\0")[0]
        size = data[at + 16]
        if data[at + 11] == 0x43:
            # The next byte is the upper half of a long text's size.
            size += 256 * data[at + 17]
            fields.append((begin, begin + size))
        begin += size
        at += 32
    if width < 1:
        return
    for row in range(first, len(data) - width + 1, width):
        for begin, end in fields:
            yield data[row + begin : min(row + end, row + width)].rstrip(b" \0")


def _cut(data: bytes) -> int:
    """How many bytes at the end begin a letter of UTF-8 that is not whole."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < needed else 0
        if byte < 0x80:
            return 0
    return 0


def _is_utf8(data: bytes) -> bool:
    try:
        data[: len(data) - _cut(data)].decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_long(values: list[bytes]) -> bool:
    """Whether there is enough text that its being UTF-8 is no accident."""
    return sum(sum(byte >= 0x80 for byte in value) for value in values) >= 8
