"""Tables of any layout: CSV, TSV and their like, their columns and encoding guessed.

The strict reader of the analyst's own file is ``table``: there one bad row refuses the file. Here
tables come from anywhere; a row that cannot be used is counted and told, and what had to be guessed
stands in the provenance.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import CellError
from gazetteer.sources.columns import Columns, columns_of
from gazetteer.sources.lines import line_blocks, too_long
from gazetteer.sources.row_maker import RowMaker
from gazetteer.sources.text_guess import cells_of, encoding_of, is_binary, separator_of
from gazetteer.sources.unpack import InputFile, key_of

MOST_LINES = 100
"""Most lines that one quoted cell may run over."""

_SAMPLE_ROWS = 50
_MOST_OPEN = 20
_HEAD = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table is written."""

    encoding: str
    separator: str
    columns: Columns
    guessed: tuple[str, ...]


class DelimitedReader:
    """A table as rows.

    Args:
        source: the file.
        origin: who made it, the file's name if not said.
    """

    def __init__(self, source: InputFile, *, origin: str = "") -> None:
        self._source = source
        self._origin = origin or source.inner_name

    @cached_property
    def layout(self) -> Layout:
        """How it is written, as far as its beginning tells.

        Raises:
            GazetteerFileError: it is no table, or has no column for the name or the position.
        """
        return layout_of(self._source.name, self._source.head(_HEAD))

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are, with what was guessed."""
        return Provenance(
            key=key_of("table", self._source.path),
            title=self._origin,
            origin=self._origin,
            licence="",
            locator=str(self._source.path),
            sha256=self._source.sha256,
            guessed=self.layout.guessed,
        )

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._source.size

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._source.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, in the order of the file.

        Raises:
            GazetteerFileError: the file cannot be read (on) or has no row that can be used.
        """
        layout = self.layout
        maker = RowMaker(layout.columns)
        width = len(layout.columns.names)
        good = 0
        first: BadRow | None = None
        lines = _lines(self._source, layout.encoding)
        for number, cells in _table(lines, layout.separator, header=layout.columns.header):
            if isinstance(cells, BadRow):
                row: Record | BadRow = cells
            elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
                why = f"{len(cells)} cells under {width} columns; quote a cell with the separator"
                row = BadRow(line=number, why=why)
            else:
                try:
                    row = maker.record(cells, number)
                except CellError as error:
                    row = BadRow(line=number, why=str(error))
            if isinstance(row, Record):
                good += 1
            elif first is None:
                first = row
            yield row
        if good == 0:
            raise GazetteerFileError(
                f"{self._source.name} has no row that can be used"
                + (f" (line {first.line}: {first.why})" if first else "")
                + "; check its columns"
            )


def layout_of(file: str, head: bytes) -> Layout:
    """How a table is written, by its first bytes.

    Raises:
        GazetteerFileError: it is no table, or has no column for the name or the position.
    """
    encoding = encoding_of(head)
    text = codecs.getincrementaldecoder(encoding.name)("replace").decode(head)
    text = text.removeprefix("\ufeff")
    if is_binary(text.encode()):
        raise GazetteerFileError(f"{file} holds zero bytes and is no text; give a table of text")
    separator, called = separator_of(text)
    if not separator:
        raise GazetteerFileError(
            f"{file} is no table: its first lines have no commas, semicolons, tabs or bars between "
            "cells; export it as CSV"
        )
    lines = [line for line in text.split("\n") if line.strip() and "\0" not in line]
    if len(head) == _HEAD and len(lines) > 2:
        lines.pop()
    rows = [cells_of(line.rstrip("\r"), separator) for line in lines[: _SAMPLE_ROWS + 1]]
    columns = columns_of(file, rows[0], rows[1:])
    said = [encoding.guessed] if encoding.guessed else []
    if separator != ",":
        said.append(f"cells are separated by the {called}")
    return Layout(
        encoding=encoding.name,
        separator=separator,
        columns=columns,
        guessed=(*said, *columns.guessed),
    )


def _lines(source: InputFile, encoding: str) -> Iterator[tuple[int, str | BadRow]]:
    """Each line with its number, decoded; blank ones left out."""
    wide = encoding.startswith("utf-16")
    pieces = _recoded(source, encoding) if wide else source.pieces()
    name = "utf-8" if wide else encoding
    for first, lines in line_blocks(pieces):
        for number, line in enumerate(lines, start=first):
            if line is None:
                yield number, BadRow(line=number, why=too_long())
                continue
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                text = line.decode(name)
            except UnicodeDecodeError as error:
                why = f"byte 0x{line[error.start]:02x} is not {name.upper()}"
                yield number, BadRow(line=number, why=why)
                continue
            if "\0" in text:
                yield number, BadRow(line=number, why="it holds zero bytes")
                continue
            yield number, text.rstrip("\r")


def _recoded(source: InputFile, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in source.pieces():
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _table(
    lines: Iterator[tuple[int, str | BadRow]], separator: str, *, header: bool
) -> Iterator[tuple[int, list[str] | BadRow]]:
    """Each row's number (of its first line) and cells; a cell may run over several lines.

    A quote that never closes would swallow the rest of the file: after ``MOST_LINES`` its line is
    bad, and the others are read by themselves.
    """
    waiting: deque[tuple[int, str | BadRow]] = deque()
    skip = header
    left_open = 0
    while True:
        entry = waiting.popleft() if waiting else next(lines, None)
        if entry is None:
            return
        number, text = entry
        if isinstance(text, BadRow):
            yield number, text
            continue
        cells: list[str] | None = None
        if '"' not in text:
            cells = text.split(separator)
        else:
            taken = [(number, text)]
            while cells is None:
                cells = _parsed([line for _, line in taken], separator)
                if cells is not None or len(taken) > MOST_LINES or left_open > _MOST_OPEN:
                    break
                more = waiting.popleft() if waiting else next(lines, None)
                if more is None:
                    break
                if isinstance(more[1], BadRow):
                    waiting.appendleft(more)
                    break
                taken.append((more[0], more[1]))
            if cells is None:
                left_open += 1
                waiting.extendleft(reversed(taken[1:]))
                yield number, BadRow(line=number, why="a quote is opened and not closed")
                continue
        if skip:
            skip = False
            continue
        yield number, cells


def _parsed(lines: list[str], separator: str) -> list[str] | None:
    """Cells of the lines taken together; None where a quote is still open."""
    try:
        return next(csv.reader(["\n".join(lines)], delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        # A quote within a cell, as in 5" pipe: a letter like others.
        return cells_of(lines[0], separator) if len(lines) == 1 else None
    except StopIteration:
        return None
