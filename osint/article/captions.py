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
from osint.article.characters import collapsed, note_of, shown, without_invisible
from osint.article.pictures import file_within
from osint.article.types import Article, Block, Figure
from osint.claims import DateInterval
from osint.errors import PairingError

CAPTIONS_FILE = "captions.csv"
_MAX_BYTES = 5_000_000
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionRow:
    """A row: the photo's name as written, and its caption with the date if that stands apart."""

    file: str
    caption: str


def read_rows(path: Path) -> tuple[CaptionRow, ...]:
    """The rows that have a caption; ``file`` is "" where the cell is empty.

    Raises:
        PairingError: the file is too large, not UTF-8, not CSV, lacks a column, or a row has more
            cells than there are columns.
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
    files: dict[str, tuple[Path | None, str | None]] = {}
    hidden = 0
    for row in _rows(path, data):
        seen = without_invisible(row.caption)
        caption = collapsed(seen.text)
        hidden += seen.left_out
        if not caption:
            continue
        span = (len(text), len(text) + len(caption))
        text += caption + "\n\n"
        blocks.append(Block(kind="caption", start=span[0], end=span[1]))
        if row.file:
            if row.file not in files:
                files[row.file] = file_within(folder, row.file)
            found, problem = files[row.file]
            name = shown(found.name if found else row.file)[:120] or "picture"
            figures.append(
                Figure(reference=row.file, caption=span, name=name, path=found, problem=problem)
            )
    if not blocks:
        raise PairingError(f"{path} holds no caption; it needs rows of file, caption")
    called = shown(folder.resolve().name)
    return Article(
        text=text.removesuffix("\n"),
        blocks=tuple(blocks),
        title=f"Captions of {called or 'the folder'}",
        sha256=hashlib.sha256(data).hexdigest(),
        source=source or called or "captions",
        published=published,
        figures=tuple(figures),
        notes=note_of(hidden),
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return read_regular(path, limit=_MAX_BYTES)
    except UnreadableFileError as problem:
        raise PairingError(f"{path} {problem}") from problem


def _rows(path: Path, data: bytes) -> tuple[CaptionRow, ...]:
    try:
        # Any of the three kinds of line ends.
        lines = io.StringIO(data.decode("utf-8-sig"), newline=None)
        reader = csv.reader(lines, strict=True)
        names = [name.strip().lower() for name in next(reader, ())]
        if not {"file", "caption"} <= set(names):
            raise PairingError(f"{path}: needs the columns file and caption, with a comma between")
        if twice := [n for n in ("file", "caption", "date") if names.count(n) > 1]:
            raise PairingError(f"{path}: two columns are called {twice[0]}; rename one")
        found: list[CaptionRow] = []
        for row in reader:
            if any(cell.strip() for cell in row[len(names) :]):
                # "Soldiers at Homs, June 11" without quotation marks: its date would be lost.
                raise PairingError(
                    f"{path}, line {reader.line_num}: {len(row)} cells in {len(names)} columns; "
                    "put a caption with commas in it between quotation marks"
                )
            cells = dict.fromkeys(names, "") | {
                name: cell.strip() for name, cell in zip(names, row, strict=False)
            }
            caption, date = cells["caption"], cells.get("date", "")
            if date and caption and date not in caption:
                caption = f"{caption.rstrip('. ')}, {date}"
            if caption and len(found) == _MOST_ROWS:
                raise PairingError(
                    f"{path}: more than {_MOST_ROWS:,} captions; split it into several folders"
                )
            if caption:
                found.append(CaptionRow(file=cells["file"], caption=caption))
        return tuple(found)
    except UnicodeDecodeError as error:
        raise PairingError(f"{path}: not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise PairingError(f"{path}: not CSV ({error})") from error
