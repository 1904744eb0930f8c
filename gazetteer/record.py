"""One row of a gazetteer file, as its reader gives it, before it goes into the database.

Readers in ``sources/`` yield these one after the other, so that a file of millions of rows never
stands in memory; what cannot be read is yielded too, as a ``BadRow``, counted and told by number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, Protocol

from gazetteer.errors import GazetteerError
from gazetteer.place import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One spelling of a place.

    Attributes:
        text: as the source writes it.
        language: the source's language code ("ar", "ara", "uk-Latn"), or None.
        preferred: the source prefers it in its language.
        historic: no longer in use.
        colloquial: slang or a nickname.
        valid: first and last day of use, each None if open; None if the source says nothing.
    """

    text: str
    language: str | None = None
    preferred: bool = False
    historic: bool = False
    colloquial: bool = False
    valid: tuple[date | None, date | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A place as one row gives it.

    Attributes:
        source_id: the source's own identifier, the same whenever the source is read again.
        names: all spellings, the main one first; never empty.
        lon, lat: WGS84 degrees of its point of reference.
        kind: key in ``place.KINDS``.
        uncertainty_m: as the source states it, or None.
        extent_m: radius in metres that the place fills, where the source gives its outline or
            bounding box; None means the usual size of its kind.
        country: ISO 3166-1 alpha-2 code, or None.
        admin1: first-level area, the source's code or name.
        admin2: second-level area, likewise.
        population: inhabitants.
        valid: first and last day it existed, each None if open; None if the source says nothing.
        same_as: identifiers of the same place elsewhere, "gn:163915", "wd:Q1432529", "wof:...".
        feature: the source's own word or code for what it is ("PPLX", "campus").
        outline_wkb: polygons of its ground in WKB, lon and lat, where the source has them.
        kind_inferred: the kind was read from words, not stated.
        note: the source's remark.
    """

    source_id: str
    names: tuple[Name, ...]
    lon: float
    lat: float
    kind: str = "unknown"
    uncertainty_m: float | None = None
    extent_m: float | None = None
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    population: int | None = None
    valid: tuple[date | None, date | None] | None = None
    same_as: tuple[str, ...] = ()
    feature: str = ""
    outline_wkb: bytes | None = None
    kind_inferred: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.names:
            raise GazetteerError(f"row {self.source_id} has no name")
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise GazetteerError(
                f"row {self.source_id}: {self.lat}, {self.lon} is no latitude and longitude"
            )
        if self.kind not in KINDS:
            raise GazetteerError(f"row {self.source_id}: {self.kind!r} is no kind of place")


Unit = Literal["line", "feature", "row"]
"""What the number of a row counts: lines of a text, features of a collection, rows of a layer."""

_COUNTED_IN: MappingProxyType[str, Unit] = MappingProxyType(
    {"geojson": "feature", "kml": "feature", "kmz": "feature", "layers": "row"}
)


def counted_in(key: str) -> Unit:
    """What rows of a source are counted in unless they say so themselves, by the source's key."""
    return _COUNTED_IN.get(key.partition(":")[0], "line")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be used.

    Attributes:
        line: its number in the file, counted in ``unit``.
        why: what is wrong with it, with the value.
        unit: what ``line`` counts; "" for what the source's form has (``counted_in``).
    """

    line: int
    why: str
    unit: Unit | Literal[""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Whose rows they are.

    Attributes:
        key: short and the same whenever the same source is added again ("geonames:SY").
        title: as to be printed in a report.
        origin: who said it first; equal origins are not independent.
        licence: under which it may be used, "" if unknown.
        locator: file name or URL.
        sha256: of the bytes that were read, or "" where they were never all at hand.
        retrieved_at: when they were fetched, for what came over the network.
        guessed: what the reader had to guess ("column 'Breite' is the latitude"), in plain words.
        part: which of several sources in one file it is, "" where the file is one source; files of
            the same bytes and part are the same source wherever they lie.
    """

    key: str
    title: str
    origin: str
    licence: str
    locator: str
    sha256: str = ""
    retrieved_at: datetime | None = None
    guessed: tuple[str, ...] = ()
    part: str = ""


class Reader(Protocol):
    """A source opened for reading, once."""

    @property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        ...

    @property
    def size(self) -> int | None:
        """How far ``done`` will run, in bytes or rows, where known."""
        ...

    @property
    def done(self) -> int:
        """How much has been read, in the unit of ``size``."""
        ...

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, in the order of the file.

        Raises:
            GazetteerFileError: the file as a whole cannot be read (on).
        """
        ...
