"""A file of places that a user names for one question, in any form that ``open`` knows.

The analyst's own table keeps its strict reader (``table``), outlines and border lines theirs
(``geojson``). Of anything else the rows that can be used are taken, and how many cannot is told.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Literal

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Reader, Record, counted_in
from gazetteer.sources.given import place_of
from gazetteer.sources.json_stream import FeatureStream
from gazetteer.sources.keyed import KeyedPlaces
from gazetteer.sources.recognise import recognise
from gazetteer.sources.table import has_its_columns

MOST_ROWS = 200_000
"""Most places taken from a file for one question; more belong in the gazetteer on disk."""

BAD_ROWS_TOLD = 3

_LOOKED_AT = 200
_POINTS = ("Point", "MultiPoint")

Form = Literal["table", "outlines", "places"]


def given_form(path: Path) -> Form:
    """What a file holds: an analyst's table, outlines and border lines, or places in another form.

    GeoJSON holds places if one of its first features is a point.

    Raises:
        GazetteerFileError: it cannot be read or is of no form that is known.
    """
    if not path.is_file():
        # Whoever opens it says what is wrong; as before by the ending.
        outlines = path.suffix.casefold() in (".geojson", ".json")
        return "outlines" if outlines else "table"
    if path.suffix.casefold() in (".csv", ".tsv") and has_its_columns(path):
        return "table"
    found = recognise(path)
    if found.form != "geojson":
        return "places"
    stream = FeatureStream(found.source.pieces(), path.name)
    kinds = (_geometry(feature) for feature in itertools.islice(stream, _LOOKED_AT))
    return "places" if any(kind in _POINTS for kind in kinds) else "outlines"


def _geometry(feature: object) -> object:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return geometry.get("type") if isinstance(geometry, dict) else None


class FileSource(KeyedPlaces):
    """The places of a file, or of one source in an export of several, found by key.

    Args:
        reader: its rows.
        name: of the file, as it is told.

    Attributes:
        provenance: whose they are.
        bad_rows: how many rows could not be used.
        bad_first: the first of them.
    """

    def __init__(self, reader: Reader, name: str) -> None:
        records: list[Record] = []
        self.bad_rows = 0
        bad: list[BadRow] = []
        for row in reader.rows():
            if isinstance(row, Record):
                records.append(row)
                if len(records) > MOST_ROWS:
                    raise GazetteerFileError(
                        f"{name} has over {MOST_ROWS:,} places; put it into the gazetteer "
                        f"with 'osint gazetteer add' and leave it out here"
                    )
            else:
                self.bad_rows += 1
                if len(bad) < BAD_ROWS_TOLD:
                    bad.append(row)
        self._name = name
        self.provenance: Provenance = reader.provenance
        self.bad_first = tuple(bad)
        if not records:
            why = f" ({_told(bad[0], self.provenance.key)})" if bad else ""
            raise GazetteerFileError(f"{name} has no row that can be used{why}")
        super().__init__((place_of(one, self.provenance) for one in records), cores=True)

    @property
    def told(self) -> tuple[str, ...]:
        """What was guessed and which rows are not used, a sentence each, for the user to see."""
        name = self._name
        said = [f"{name}: {text}" for text in self.provenance.guessed]
        if self.bad_rows:
            rows = "1 row" if self.bad_rows == 1 else f"{self.bad_rows:,} rows"
            first = "; ".join(_told(row, self.provenance.key) for row in self.bad_first)
            more = "; ..." if self.bad_rows > len(self.bad_first) else ""
            said.append(f"{name}: {rows} not used: {first}{more}")
        return tuple(said)


def _told(row: BadRow, key: str) -> str:
    return f"{row.unit or counted_in(key)} {row.line}: {row.why}"
