"""GeoNames dumps: ``allCountries.zip``, ``SY.zip`` or the text files out of them.

Nineteen columns separated by tabs, without a header (download.geonames.org/export/dump/readme.txt).
With ``alternateNamesV2`` beside it the names get their languages and flags; without it they are
those of the dump's own column, which has none. First- and second-level areas are given by name
where the dump itself has their rows, else by GeoNames' code.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cached_property

from gazetteer.errors import GazetteerFileError
from gazetteer.kinds_of_features import GEONAMES, geonames_kind
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import coordinate_problem
from gazetteer.sources.clean import LONGEST_NAME
from gazetteer.sources.geonames_names import Joined, NamesFile
from gazetteer.sources.lines import MAX_LINE, Line, line_blocks, too_long
from gazetteer.sources.quick import quick_name, quick_names, quick_record
from gazetteer.sources.unpack import InputFile

COLUMNS = 19
ATTRIBUTION = "GeoNames, CC BY 4.0"
MOST_NAMES = 2_000
"""Most names of one place that are kept; the richest have about 400."""

_AREA = b"\tA\tADM"
_GEONAMEID = re.compile(r"[0-9]{1,10}").fullmatch


class GeoNamesReader:
    """A dump as rows.

    Args:
        source: the dump.
        names: ``alternateNamesV2``, joined by ``geonameid``.
    """

    def __init__(self, source: InputFile, names: InputFile | None = None) -> None:
        self._source = source
        self._names = names
        self._areas: dict[str, str] = {}
        self._before = 0

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        stem = self._source.inner_name.rsplit(".", 1)[0]
        sha256, locator = self._source.sha256, str(self._source.path)
        if self._names is not None:
            both = f"{sha256} {self._names.sha256}"
            sha256 = hashlib.sha256(both.encode()).hexdigest()
            locator += f" with {self._names.path}"
        return Provenance(
            key=f"geonames:{stem}",
            title=ATTRIBUTION,
            origin="GeoNames",
            licence="CC BY 4.0",
            locator=locator,
            # With names beside: of both files' sums, as hexadecimal, a space between.
            sha256=sha256,
        )

    @property
    def size(self) -> int:
        """Bytes on disk, twice: the file is read for its areas first."""
        return 2 * self._source.size

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._before + self._source.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, in the order of the file.

        Raises:
            GazetteerFileError: the file cannot be read (on), or none of its first thousand lines
                is a row of a dump.
        """
        self._before = 0
        self._areas = self._read_areas()
        self._before, self._source.done = self._source.size, 0
        with NamesFile(self._names) if self._names else nullcontext() as names:
            yield from self._rows(names)

    def _rows(self, names: NamesFile | None) -> Iterator[Record | BadRow]:
        good = bad = 0
        for first, lines in line_blocks(self._source.pieces()):
            for row in self._block(first, lines, names):
                if good == 0:
                    if isinstance(row, Record):
                        good = 1
                    else:
                        bad += 1
                        if bad == 1000:
                            raise GazetteerFileError(
                                f"{self._source.name} is no GeoNames dump: its first thousand "
                                f"lines do not have {COLUMNS} columns separated by tabs "
                                f"({row.why})"
                            )
                yield row

    def _read_areas(self) -> dict[str, str]:
        """Names of first- and second-level areas by code: "SY.07", "SY.07.1234"."""
        found: dict[str, str] = {}
        rest = b""
        for piece in self._source.pieces():
            data = rest + piece
            end = data.rfind(b"\n") + 1
            # Few lines are such areas: they are looked for without cutting the others out.
            at = data.find(_AREA, 0, end)
            while at >= 0:
                stop = data.find(b"\n", at)
                line = data[data.rfind(b"\n", 0, at) + 1 : stop]
                cells = line.decode("utf-8", "replace").split("\t")
                if len(cells) == COLUMNS and cells[1] and cells[10]:
                    code = f"{cells[8]}.{cells[10]}"
                    if cells[7] == "ADM2":
                        code += f".{cells[11]}"
                    if cells[7] in ("ADM1", "ADM2"):
                        found[code] = cells[1][:LONGEST_NAME]
                at = data.find(_AREA, stop, end)
            rest = data[end:] if len(data) - end <= MAX_LINE else b""
        return found

    def _block(
        self, first: int, lines: list[Line], file: NamesFile | None
    ) -> Iterator[Record | BadRow]:
        if file is None:
            for number, cells in self._cells(first, lines):
                yield (
                    self._row(number, cells)
                    if type(cells) is list
                    else BadRow(line=number, why=str(cells))
                )
            return
        split = list(self._cells(first, lines))
        names = iter(file.of([int(cells[0]) for _, cells in split if type(cells) is list]))
        for number, cells in split:
            if type(cells) is list:
                yield self._row(number, cells, next(names))
            else:
                yield BadRow(line=number, why=str(cells))

    def _cells(self, first: int, lines: list[Line]) -> Iterator[tuple[int, list[str] | str]]:
        """Each line's number with its cells, or with what is wrong with it."""
        for number, line in enumerate(lines, start=first):
            if line is None:
                yield number, too_long()
                continue
            try:
                cells = line.decode().split("\t")
            except UnicodeDecodeError as error:
                yield number, f"byte 0x{line[error.start]:02x} is not UTF-8"
                continue
            if len(cells) != COLUMNS:
                if line.strip():
                    yield number, f"{len(cells)} columns separated by tabs; a dump has {COLUMNS}"
            elif not _GEONAMEID(cells[0]):
                yield number, f"{cells[0][:40]!r} is no geonameid"
            else:
                yield number, cells

    def _row(self, number: int, cells: list[str], joined: Joined | None = None) -> Record | BadRow:
        name = cells[1]
        try:
            lat, lon = float(cells[4]), float(cells[5])
        except ValueError:
            lat = lon = 999.0
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            return BadRow(line=number, why=coordinate_problem(cells[4], cells[5]))
        if not name or len(name) > LONGEST_NAME:
            why = f"a name of {len(name):,} characters" if name else "it has no name"
            return BadRow(line=number, why=why)
        # Names of the dump's own columns in their order, each once, the main one first.
        texts = dict.fromkeys((name, cells[2], *cells[3].split(",")))
        texts.pop("", None)
        same_as: tuple[str, ...] = (f"gn:{cells[0]}",)
        if joined is None:
            names = quick_names(texts)
        else:
            of_language, elsewhere, codes = joined
            same_as += tuple(dict.fromkeys(elsewhere))
            for text in (*codes, *[one.text for one in of_language]):
                texts.pop(text, None)
            texts.pop(name, None)
            names = [quick_name(name), *of_language, *quick_names(texts)]
        people = cells[14]
        population = int(people) if people.isdecimal() and len(people) < 11 else 0
        feature = f"{cells[6]}.{cells[7]}"
        country, code1, code2 = cells[8], cells[10], cells[11]
        admin1 = admin2 = None
        if code1:
            key = f"{country}.{code1}"
            admin1 = self._areas.get(key, code1)
            if code2:
                admin2 = self._areas.get(f"{key}.{code2}", code2)
        return quick_record(
            cells[0],
            tuple(names[:MOST_NAMES]),
            lon,
            lat,
            GEONAMES.get(feature) or geonames_kind(cells[6], cells[7], population),
            country or None,
            admin1,
            admin2,
            population or None,
            same_as,
            feature if feature != "." else "",
        )
