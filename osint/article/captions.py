"""``captions.csv``: which photo file has which caption; as a source, each caption is a block.

Columns ``file`` and ``caption``, optionally ``date``: when the caption says the photo was taken,
for captions that do not say it themselves.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from gazetteer.files import UnreadableFileError, read_regular
from osint.article.characters import collapsed, without_invisible
from osint.article.pictures import file_within
from osint.article.types import Article, Block, Figure
from osint.claims import DateInterval
from osint.errors import PairingError

CAPTIONS_FILE = "captions.csv"
_MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionRow:
    """A row: the photo's name as written, and its caption with the date if that stands apart."""

    file: str
    caption: str


def read_rows(path: Path) -> tuple[CaptionRow, ...]:
    """The rows that have a caption; ``file`` is "" where the cell is empty.

    Raises:
        PairingError: the file is too large, not UTF-8, not CSV or lacks a column.
    """
    return _rows(path, _bytes_of(path))


def read_captions(
    path: Path, *, source: str | None = None, published: DateInterval | None = None
) -> Article:
    """An article made of captions alone, their photos found beside the file.

    Args:
        path: a ``captions.csv``.
        source: who says what it says; the name of its folder if None.
        published: when the captions were published.

    Raises:
        PairingError: it cannot be read, or holds no caption.
    """
    data = _bytes_of(path)
    folder = path.parent
    text, blocks, figures = "", [], list[Figure]()
    hidden: tuple[str, ...] = ()
    for row in _rows(path, data):
        seen = without_invisible(row.caption)
        hidden = seen.notes or hidden
        start = len(text)
        text += collapsed(seen.text) + "\n\n"
        span = (start, len(text) - 2)
        blocks.append(Block(kind="caption", start=span[0], end=span[1]))
        if row.file:
            found, problem = file_within(folder, row.file)
            name = found.name if found else row.file[:120]
            figures.append(
                Figure(reference=row.file, caption=span, name=name, path=found, problem=problem)
            )
    if not blocks:
        raise PairingError(f"{path} holds no caption; it needs rows of file, caption")
    name = source or folder.resolve().name or "captions"
    return Article(
        text=text.removesuffix("\n"),
        blocks=tuple(blocks),
        title=f"Captions of {folder.resolve().name or 'the folder'}",
        sha256=hashlib.sha256(data).hexdigest(),
        source=name,
        published=published,
        figures=tuple(figures),
        notes=hidden,
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return read_regular(path, limit=_MAX_BYTES)
    except UnreadableFileError as problem:
        raise PairingError(f"{path} {problem}") from problem


def _rows(path: Path, data: bytes) -> tuple[CaptionRow, ...]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        names = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
        if not {"file", "caption"} <= names.keys():
            raise PairingError(f"{path}: needs the columns file and caption")
        found = []
        for row in reader:
            cells = {key: (row[name] or "").strip() for key, name in names.items()}
            caption, date = cells["caption"], cells.get("date", "")
            if date and caption and date not in caption:
                caption = f"{caption.rstrip('. ')}, {date}"
            if caption:
                found.append(CaptionRow(file=cells["file"], caption=caption))
        return tuple(found)
    except UnicodeDecodeError as error:
        raise PairingError(f"{path}: not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise PairingError(f"{path}: not CSV ({error})") from error
