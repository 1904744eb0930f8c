"""Tables of any layout: CSV, TSV and their like, their columns and encoding guessed.

The strict reader of the analyst's own file is ``table``: there one bad row refuses the file. Here
tables come from anywhere; a row that cannot be used is counted and told, and what had to be guessed
stands in the provenance.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import CellError
from gazetteer.sources.columns import Columns, columns_of
from gazetteer.sources.decoding import Decoding, Utf16File, as_utf8, decoding_of, text_lines
from gazetteer.sources.row_maker import RowMaker
from gazetteer.sources.text_guess import cells_of, is_binary, separator_of
from gazetteer.sources.unpack import FileReader, InputFile, key_of

MOST_LINES = 100
"""Most lines that one quoted cell may run over."""

_SAMPLE_ROWS = 50
_MOST_OPEN = 20
_HEAD = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table is written."""

    decoding: Decoding
    separator: str
    columns: Columns
    guessed: tuple[str, ...]


class DelimitedReader(FileReader):
    """A table as rows.

    Args:
        source: the file.
        origin: who made it, the file's name if not said.
    """

    def __init__(self, source: InputFile, *, origin: str = "") -> None:
        super().__init__(as_utf8(source))
        self._origin = origin or source.inner_name

    @cached_property
    def layout(self) -> Layout:
        """How it is written: the columns as far as its beginning tells, the letters by all of it.

        Raises:
            GazetteerFileError: it is no table, or has no column for the name or the position.
        """
        return layout_of(self._source)

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
        lines = _lines(self._source, layout.decoding)
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


def layout_of(source: InputFile) -> Layout:
    """How a table is written.

    Raises:
        GazetteerFileError: it cannot be read (on), is no table, or has no column for the name or
            the position.
    """
    file, head = source.name, source.head(_HEAD).removeprefix(b"\xef\xbb\xbf")
    if is_binary(head):
        raise GazetteerFileError(f"{file} holds zero bytes and is no text; give a table of text")
    decoding = decoding_of(source)
    lines = [line for line in head.split(b"\n") if line.strip() and b"\0" not in line]
    if len(head) >= _HEAD - 3 and len(lines) > 2:
        lines.pop()
    texts = [_shown(line, decoding).rstrip("\r") for line in lines]
    separator, called = separator_of("\n".join(texts))
    if not separator:
        raise GazetteerFileError(
            f"{file} is no table: its first lines have no commas, semicolons, tabs or bars between "
            "cells; export it as CSV"
        )
    rows = [cells_of(text, separator) for text in texts[: _SAMPLE_ROWS + 1]]
    columns = columns_of(file, rows[0], rows[1:])
    said = [text for text in (_written(source), decoding.guessed) if text]
    if separator != ",":
        said.append(f"cells are separated by the {called}")
    return Layout(
        decoding=decoding,
        separator=separator,
        columns=columns,
        guessed=(*said, *columns.guessed),
    )


def _shown(line: bytes, decoding: Decoding) -> str:
    try:
        return decoding.text(line)
    except UnicodeDecodeError:
        return line.decode("utf-8", "replace")


def _written(source: InputFile) -> str:
    return source.encoding.guessed if isinstance(source, Utf16File) else ""


def _lines(source: InputFile, decoding: Decoding) -> Iterator[tuple[int, str | BadRow]]:
    """Each line with its number, decoded; blank ones left out."""
    for number, text in text_lines(source, decoding):
        if isinstance(text, str) and "\0" in text:
            yield number, BadRow(line=number, why="it holds zero bytes")
        else:
            yield number, text


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
