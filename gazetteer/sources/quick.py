"""Names and records made by the million.

The constructor of a frozen dataclass sets one field after the other through
``object.__setattr__``, which costs four times what filling a plain object of the same slots and
then giving it its class does. Loading a gazetteer of millions of names is mostly that. What is made
here equals what the constructors make; a test says so. The caller vouches for what
``Record.__post_init__`` would have checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gazetteer.record import Name, Record

Span = tuple[date | None, date | None]


class _PlainName:
    """Same slots as ``Name``."""

    __slots__ = ("colloquial", "historic", "language", "preferred", "text", "valid")

    def __init__(
        self,
        text: str,
        language: str | None = None,
        preferred: bool = False,
        historic: bool = False,
        colloquial: bool = False,
        valid: Span | None = None,
    ) -> None:
        self.text = text
        self.language = language
        self.preferred = preferred
        self.historic = historic
        self.colloquial = colloquial
        self.valid = valid


class _PlainRecord:
    """Same slots as ``Record``."""

    __slots__ = (
        "admin1",
        "admin2",
        "country",
        "extent_m",
        "feature",
        "kind",
        "kind_inferred",
        "lat",
        "lon",
        "names",
        "note",
        "outline_wkb",
        "population",
        "same_as",
        "source_id",
        "uncertainty_m",
        "valid",
    )
    source_id: str
    names: tuple[Name, ...]
    lon: float
    lat: float
    kind: str
    uncertainty_m: float | None
    extent_m: float | None
    country: str | None
    admin1: str | None
    admin2: str | None
    population: int | None
    valid: Span | None
    same_as: tuple[str, ...]
    feature: str
    outline_wkb: bytes | None
    kind_inferred: bool
    note: str


def quick_name(
    text: str,
    language: str | None = None,
    preferred: bool = False,
    historic: bool = False,
    colloquial: bool = False,
    valid: Span | None = None,
) -> Name:
    """``Name`` of the same fields."""
    made = _PlainName(text, language, preferred, historic, colloquial, valid)
    made.__class__ = Name  # type: ignore[assignment]
    return made  # type: ignore[return-value]


def quick_names(texts: Iterable[str]) -> list[Name]:
    """A ``Name`` for each text, with nothing else said."""
    made = list(map(_PlainName, texts))
    for one in made:
        one.__class__ = Name  # type: ignore[assignment]
    return made  # type: ignore[return-value]


def quick_record(
    source_id: str,
    names: tuple[Name, ...],
    lon: float,
    lat: float,
    kind: str,
    country: str | None,
    admin1: str | None,
    admin2: str | None,
    population: int | None,
    same_as: tuple[str, ...],
    feature: str,
    valid: Span | None = None,
    uncertainty_m: float | None = None,
    note: str = "",
) -> Record:
    """``Record`` of the same fields; names, lon, lat and kind must be such as it takes."""
    made = _PlainRecord()
    made.source_id = source_id
    made.names = names
    made.lon = lon
    made.lat = lat
    made.kind = kind
    made.uncertainty_m = uncertainty_m
    made.extent_m = None
    made.country = country
    made.admin1 = admin1
    made.admin2 = admin2
    made.population = population
    made.valid = valid
    made.same_as = same_as
    made.feature = feature
    made.outline_wkb = None
    made.kind_inferred = False
    made.note = note
    made.__class__ = Record  # type: ignore[assignment]
    return made  # type: ignore[return-value]
