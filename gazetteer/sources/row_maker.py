"""A row of a foreign table as a record, once it is known what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from gazetteer.countries import country_of_field
from gazetteer.errors import PositionError
from gazetteer.kinds_of_features import GEONAMES, PLACETYPES, geonames_kind
from gazetteer.place import kind_of_words, normal_kind
from gazetteer.position import parse_position
from gazetteer.record import Name, Record
from gazetteer.sources.cells import CellError, degrees, number
from gazetteer.sources.clean import LONGEST_NAME
from gazetteer.sources.columns import Columns
from gazetteer.sources.dates import span
from gazetteer.sources.outline import Ground

MOST_NAMES = 2_000
_MOST_IDS = 5_000_000
_LONGEST_NOTE = 1_000
_SPLIT_NAMES = re.compile(r"\s*[;|]\s*")
_LEVELS = {
    "admin0": "country",
    "adm0": "country",
    "admin1": "region",
    "adm1": "region",
    **{f"{word}{level}": "district" for word in ("admin", "adm") for level in (2, 3, 4, 5)},
}
_CODES = {code.partition(".")[2]: code for code in GEONAMES}
_CODES |= {code: f"P.{code}" for code in ("PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLC")}


class RowMaker:
    """Makes records of one table; keeps what it needs to know of the rows before."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._at = columns.at
        self._ids: set[str] = set()

    def record(self, cells: Sequence[str], number_: int, ground: Ground | None = None) -> Record:
        """The record of a row.

        Args:
            cells: one for each column.
            number_: its line.
            ground: where it lies, if that does not stand in the cells.

        Raises:
            CellError: the row cannot be used; says why.
        """
        names, notes = self._names(cells)
        if not names:
            raise CellError("it has no name")
        if all(len(name.text) > LONGEST_NAME for name in names):
            raise CellError(f"a name of {len(names[0].text):,} characters")
        lon, lat = (ground.lon, ground.lat) if ground else self._position(cells)
        stated = self._cell(cells, "kind")
        population = self._population(cells)
        kind = kind_of_cell(stated, population) if stated else None
        inferred = kind is None
        if kind is None:
            words = (kind_of_words(name.text) for name in names[:4])
            kind = next((word for word in words if word), "unknown")
        said = self._cell(cells, "country")
        if note := self._cell(cells, "note"):
            notes.append(note[:_LONGEST_NOTE])
        if source := self._cell(cells, "source"):
            notes.append(f"source: {source[:_LONGEST_NOTE]}")
        return Record(
            source_id=self._id(cells, number_),
            names=names,
            lon=lon,
            lat=lat,
            kind=kind,
            uncertainty_m=self._metres(cells),
            extent_m=ground.extent_m if ground else None,
            country=_country(said) if said else None,
            admin1=self._cell(cells, "admin1")[:LONGEST_NAME] or None,
            admin2=self._cell(cells, "admin2")[:LONGEST_NAME] or None,
            population=population,
            valid=span(self._cell(cells, "valid_from"), self._cell(cells, "valid_to")),
            feature=stated[:80],
            outline_wkb=ground.wkb if ground else None,
            kind_inferred=inferred,
            note="; ".join(notes),
        )

    def _cell(self, cells: Sequence[str], role: str) -> str:
        at = self._at.get(role)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def _names(self, cells: Sequence[str]) -> tuple[tuple[Name, ...], list[str]]:
        found: dict[tuple[str, str | None], Name] = {}
        dropped = 0
        given: list[tuple[str, str | None]] = [(self._cell(cells, "name"), None)]
        for at, language in self._columns.languages.items():
            if at < len(cells):
                given.append((cells[at].strip(), language))
        given.append((self._cell(cells, "native"), None))
        others = self._cell(cells, "names")
        if others:
            # GeoNames separates with commas, which are part of many names; only where nothing else
            # separates are they taken so.
            mark = _SPLIT_NAMES if re.search(r"[;|]", others) else re.compile(r"\s*,\s*")
            given += [(text, None) for text in mark.split(others)]
        for text, tongue in given:
            if not text:
                continue
            if len(found) >= MOST_NAMES:
                dropped += 1
            elif tongue is not None or all(text != known for known, _ in found):
                found.setdefault((text, tongue), Name(text=text, language=tongue))
        return tuple(found.values()), [f"{dropped} names left out as too many"] if dropped else []

    def _position(self, cells: Sequence[str]) -> tuple[float, float]:
        if "lat" in self._at:
            lat = degrees(self._cell(cells, "lat"), "lat")
            lon = degrees(self._cell(cells, "lon"), "lon")
            if lat == 0 and lon == 0:
                raise CellError("its position is 0, 0, which stands for unknown")
            return lon, lat
        if "point" in self._at:
            text = self._cell(cells, "point")
        else:
            parts = (self._cell(cells, role) for role in ("zone", "easting", "northing"))
            zone, easting, northing = parts
            metres = [f"{number(value):.3f}" for value in (easting, northing)]
            text = " ".join((zone, *metres))
        if not text:
            raise CellError("it has no position")
        try:
            position = parse_position(text)
        except PositionError as error:
            raise CellError(f"position {str(error)[:200]}") from error
        return position.lon, position.lat

    def _population(self, cells: Sequence[str]) -> int | None:
        text = re.sub(r"[\s,.'’]", "", self._cell(cells, "population"))
        if not text.isascii() or not text.isdigit() or len(text) > 10:
            return None
        return int(text) or None

    def _metres(self, cells: Sequence[str]) -> float | None:
        text = self._cell(cells, "uncertainty_m")
        if not text:
            return None
        value = number(text)
        if value < 0:
            raise CellError(f"an uncertainty of {text[:40]} m is below zero")
        return value

    def _id(self, cells: Sequence[str], line: int) -> str:
        text = self._cell(cells, "id")[:200]
        if not text:
            return str(line)
        if text in self._ids:
            # Rows of one identifier are rival readings, each a row of its own.
            return f"{text}#{line}"
        if len(self._ids) < _MOST_IDS:
            self._ids.add(text)
        return text


def kind_of_cell(text: str, population: int | None = None) -> str | None:
    """Kind that a table's word or code for a feature means, or None."""
    if len(text) > 80:
        return None
    plain = text.strip()
    code = _CODES.get(plain.upper()) or (plain.upper() if plain.upper() in GEONAMES else None)
    if code is not None:
        feature_class, _, feature = code.partition(".")
        return geonames_kind(feature_class, feature, population)
    return _word(plain.casefold())


@lru_cache(maxsize=4096)
def _word(text: str) -> str | None:
    return _LEVELS.get(text) or normal_kind(text) or PLACETYPES.get(text)


@lru_cache(maxsize=4096)
def _country(text: str) -> str | None:
    return country_of_field(text) if len(text) <= 100 else None
