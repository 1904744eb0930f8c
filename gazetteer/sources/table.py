"""The analyst's own places: a CSV file with ``name``, ``lat``, ``lon``.

Further columns are optional: ``names`` (separated by ``;``), ``kind``, ``country``,
``uncertainty_m``, ``valid_from``, ``valid_to``, ``source``, ``note``; any others are left alone.
Columns may come in any order and case, separated by commas, semicolons or tabs. Every row is a
place of its own; rows of one name are rival readings. A ``source`` of "same" or "ditto" repeats the
row above, so that rows of one origin are not taken for independent ones.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gazetteer.countries import country_of_field
from gazetteer.errors import GazetteerFileError, PositionError
from gazetteer.files import UnreadableFileError, read_regular
from gazetteer.names import fold
from gazetteer.place import KINDS, Place, kind_extent_m, kind_of_words, normal_kind
from gazetteer.position import Position
from gazetteer.sources.axes import swapped_axes
from gazetteer.sources.keyed import KeyedPlaces

MAX_BYTES = 64 * 2**20
"""Largest file taken; more belongs in a proper gazetteer store."""

_OPTIONAL = (
    "names",
    "kind",
    "country",
    "uncertainty_m",
    "valid_from",
    "valid_to",
    "source",
    "note",
)
_COLUMNS = {
    "name": "name",
    "lat": "lat",
    "latitude": "lat",
    "lon": "lon",
    "lng": "lon",
    "long": "lon",
    "longitude": "lon",
    **dict(zip(_OPTIONAL, _OPTIONAL, strict=True)),
}
_HEAD = 65_536
_DITTO = ("same", "same as above", "ditto", "idem", "ibid", "ibid.", '"', "″", "〃")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row with what its error messages need."""

    file: str
    number: int
    cells: Mapping[str, str]

    def bad(self, why: str) -> GazetteerFileError:
        return GazetteerFileError(f"{self.file}, row {self.number}: {why}")

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(path: Path) -> tuple[Place, ...]:
    """Every row of the file as a place, in the order of the file.

    Row numbers in messages and in ``source_id`` count lines of the file, the header being row 1 (a
    row of a cell with line breaks counts by its last line).

    Raises:
        GazetteerFileError: the file cannot be read, lacks a column, has no rows, or has a row that
            cannot be used. One bad row refuses the file: a place silently left out would be a
            missing reading.
    """
    text = _read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        columns = _header(path, next(reader, []))
        places: list[Place] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            number = reader.line_num
            if len(cells) > len(columns) and any(c.strip() for c in cells[len(columns) :]):
                raise GazetteerFileError(
                    f"{path.name}, row {number}: {len(cells)} cells under {len(columns)} columns; "
                    "put quotes around a cell that holds the separator"
                )
            named = {c: v.strip() for c, v in zip(columns, cells, strict=False) if c}
            row = _Row(file=path.name, number=number, cells=named)
            source = row["source"] or path.name
            if source.casefold() in _DITTO and places:
                source = places[-1].source
            places.append(_place(row, source))
    except csv.Error as error:
        raise GazetteerFileError(
            f"{path.name}, row {reader.line_num}: not CSV ({error}); check its quotes"
        ) from error
    if not places:
        raise GazetteerFileError(f"{path.name} has a header but no rows; add at least one place")
    return tuple(places)


def has_its_columns(path: Path) -> bool:
    """Whether the first line of a file names the columns that this table must have."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD)
    except OSError:
        # Reading it says why.
        return True
    lines = start.decode("utf-8-sig", "replace").lstrip().splitlines()
    if not lines:
        return True
    try:
        cells = next(csv.reader(lines[:1], delimiter=_delimiter(lines[0]), strict=True), [])
    except csv.Error:
        return False
    return {"name", "lat", "lon"} <= {_COLUMNS.get(cell.strip().casefold()) for cell in cells}


def _read_text(path: Path) -> str:
    try:
        data = read_regular(path, limit=MAX_BYTES)
    except UnreadableFileError as problem:
        raise GazetteerFileError(f"{path} {problem}") from problem
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise GazetteerFileError(f"{path.name} is UTF-16; save it as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GazetteerFileError(
            f"{path.name}, row {line}: byte 0x{data[error.start]:02x} is not UTF-8; "
            "save the file as CSV in UTF-8"
        ) from error
    if "\0" in text:
        raise GazetteerFileError(f"{path.name} holds zero bytes; is it a CSV file at all?")
    if not text.strip():
        raise GazetteerFileError(f"{path.name} is empty; give a header with name, lat, lon")
    return text


def _delimiter(text: str) -> str:
    header = text.lstrip().splitlines()[0]
    return max(",;\t", key=header.count)


def _header(path: Path, cells: list[str]) -> list[str | None]:
    columns = [_COLUMNS.get(cell.strip().casefold()) for cell in cells]
    for need in ("name", "lat", "lon"):
        if need not in columns:
            raise GazetteerFileError(
                f"{path.name} has no column {need!r} (it has: {', '.join(cells) or 'none'}); "
                "the first row must name the columns name, lat, lon"
            )
    twice = [column for column in columns if column and columns.count(column) > 1]
    if twice:
        raise GazetteerFileError(f"{path.name} has two columns for {twice[0]!r}; keep one")
    return columns


def _place(row: _Row, source: str) -> Place:
    name = row["name"]
    if not fold(name):
        raise row.bad(f"the name {name!r} has nothing to look up; give one or delete the row")
    kind, inferred = _kind(row)
    others = (other.strip() for other in row["names"].split(";"))
    return Place(
        name=name,
        names=tuple(dict.fromkeys((name, *(other for other in others if other)))),
        kind=kind,
        position=_position(row),
        extent_m=kind_extent_m(kind),
        country=_country(row),
        valid=_valid(row),
        source=source,
        source_id=f"{row.file}:{row.number}",
        origin=source,
        note=row["note"],
        kind_inferred=inferred,
    )


def _number(row: _Row, column: str, what: str) -> float:
    text = row[column]
    if not text:
        raise row.bad(f"{what} is missing; fill in the column {column!r} or delete the row")
    try:
        return float(text)
    except ValueError as error:
        remedy = "write decimal degrees with a point, such as 33.5058"
        if column == "uncertainty_m":
            remedy = "write metres as a plain number, or leave it empty"
        raise row.bad(f"{what} {text!r} is not a number; {remedy}") from error


def _position(row: _Row) -> Position:
    lat, lon = _number(row, "lat", "latitude"), _number(row, "lon", "longitude")
    uncertainty = _number(row, "uncertainty_m", "uncertainty") if row["uncertainty_m"] else None
    try:
        return Position(lon=lon, lat=lat, uncertainty_m=uncertainty)
    except PositionError as error:
        raise row.bad(f"{error}; correct the row") from error


def _kind(row: _Row) -> tuple[str, bool]:
    stated = row["kind"]
    if stated:
        kind = normal_kind(stated)
        if kind is None:
            raise row.bad(f"{stated!r} is no kind of place; use one of {', '.join(KINDS)}")
        return kind, False
    for text in (row["name"], *row["names"].split(";"), row["note"]):
        kind = kind_of_words(text.replace("_", " "))
        if kind is not None:
            return kind, True
    return "unknown", True


def _country(row: _Row) -> str | None:
    text = row["country"]
    if not text:
        return None
    code = country_of_field(text)
    if code is None:
        raise row.bad(f"{text!r} is no country; give two letters of ISO 3166-1, such as SY")
    return code


def _valid(row: _Row) -> tuple[date | None, date | None] | None:
    days: list[date | None] = []
    for column in ("valid_from", "valid_to"):
        text = row[column]
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError as error:
            raise row.bad(f"{column} {text!r} is no date; write 2017-06-11") from error
    first, last = days
    if first is not None and last is not None and last < first:
        raise row.bad(f"valid_to {last} lies before valid_from {first}; swap them")
    return None if first is None and last is None else (first, last)


class TableSource(KeyedPlaces):
    """Places of a table, found by key.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(read_table(path), cores=True)

    @property
    def told(self) -> tuple[str, ...]:
        """What the user should see: whether latitude and longitude look swapped."""
        said = swapped_axes(
            [
                (place.position.lon, place.position.lat, place.country)
                for place in self.places
                if place.country is not None
            ]
        )
        return (f"{self.path.name}: {said}",) if said else ()
