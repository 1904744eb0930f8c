"""A place as one source gives it, and a place as an answer to a name.

Two rows of one name are two places, even in one file: rival coordinates are readings to reason
about, never noise to average away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from gazetteer.errors import GazetteerError
from gazetteer.generics import GENERICS, LONGEST_GENERIC
from gazetteer.names import fold
from gazetteer.position import Position

How = Literal["exact", "transliterated", "fuzzy", "described"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of feature.

    Attributes:
        name: key in ``KINDS``.
        extent_m: radius in metres around a typical point of reference within which someone "at"
            such a feature is. A judgement, not a measurement: large enough to hold most features of
            the kind, small enough to mean something.
        point: False for areas and lines, whose point of reference says little.
    """

    name: str
    extent_m: float
    point: bool = True


KINDS = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(name="city", extent_m=8_000.0),
            Kind(name="town", extent_m=3_000.0),
            Kind(name="village", extent_m=1_500.0),
            Kind(name="populated_place", extent_m=2_000.0),
            Kind(name="base", extent_m=2_000.0),
            Kind(name="outpost", extent_m=1_000.0),
            Kind(name="checkpoint", extent_m=500.0),
            Kind(name="crossing", extent_m=1_000.0),
            Kind(name="border_post", extent_m=1_000.0),
            Kind(name="airport", extent_m=2_500.0),
            Kind(name="camp", extent_m=2_000.0),
            Kind(name="hill", extent_m=1_500.0),
            Kind(name="mountain", extent_m=5_000.0),
            Kind(name="dam", extent_m=1_000.0),
            Kind(name="crossroads", extent_m=500.0),
            Kind(name="wadi", extent_m=15_000.0, point=False),
            Kind(name="oil_field", extent_m=8_000.0),
            # Out of gazetteers: what stands in their millions of rows and is none of the above.
            Kind(name="neighbourhood", extent_m=1_500.0),
            # About a third of a first-level area in each direction.
            Kind(name="district", extent_m=20_000.0, point=False),
            Kind(name="island", extent_m=5_000.0),
            Kind(name="river", extent_m=30_000.0, point=False),
            Kind(name="lake", extent_m=3_000.0),
            Kind(name="spring", extent_m=300.0),
            Kind(name="ruin", extent_m=500.0),
            # A bridge, a school, a station: one structure, and how exactly such a point is set.
            Kind(name="bridge", extent_m=500.0),
            Kind(name="building", extent_m=300.0),
            Kind(name="port", extent_m=1_500.0),
            Kind(name="mine", extent_m=1_500.0),
            Kind(name="power_plant", extent_m=1_000.0),
            Kind(name="region", extent_m=60_000.0, point=False),
            Kind(name="country", extent_m=400_000.0, point=False),
            Kind(name="unknown", extent_m=5_000.0),
        )
    }
)
"""Every kind by name, each with the radius it is taken to fill; all radii are judgement."""

ALIASES = MappingProxyType(
    {
        "garrison": "base",
        "military_base": "base",
        "air_base": "airport",
        "airfield": "airport",
        "border_crossing": "crossing",
        "settlement": "populated_place",
        "mount": "mountain",
        "valley": "wadi",
        "subdistrict": "district",
        "county": "district",
        "suburb": "neighbourhood",
        "quarter": "neighbourhood",
        "neighborhood": "neighbourhood",
        "well": "spring",
        "stream": "river",
        "harbour": "port",
        "harbor": "port",
        "quarry": "mine",
        "governorate": "region",
        "province": "region",
        "junction": "crossroads",
    }
)
"""Other spellings of a kind that a table may use."""


def kind_extent_m(kind: str, population: int | None = None) -> float:
    """Radius in metres that a place of this kind is taken to fill.

    A populated place of known population fills a disc of 3,000 people to the square kilometre (a
    judgement: dense old towns hold more, suburbs fewer), between 500 m and 25 km.

    Raises:
        GazetteerError: the kind is not in ``KINDS``.
    """
    if kind not in KINDS:
        raise GazetteerError(f"{kind!r} is no kind of place; use one of {', '.join(KINDS)}")
    if population and kind in ("city", "town", "village", "populated_place"):
        radius_m = (population / 3_000.0 / 3.141592653589793) ** 0.5 * 1_000.0
        return float(min(max(radius_m, 500.0), 25_000.0))
    return KINDS[kind].extent_m


def kind_of_words(text: str) -> str | None:
    """Kind that the feature words of a phrase mean, or None.

    The last one counts, since English puts the head last: ``Al-Tanf Border Post`` is a border_post,
    ``base near the crossing`` (with the longer phrase first) a crossing. Only a folded whole word
    or phrase counts.
    """
    words = fold(re.sub(r"[()\[\]]", " ", text)).split()
    found: str | None = None
    at = 0
    while at < len(words):
        for size in range(min(LONGEST_GENERIC, len(words) - at), 0, -1):
            kind = GENERICS.get(" ".join(words[at : at + size]))
            if kind is not None:
                found, at = kind, at + size
                break
        else:
            at += 1
    return found


def normal_kind(text: str) -> str | None:
    """The key in ``KINDS`` that a table's kind column means, or None."""
    key = re.sub(r"[\s\-_]+", "_", text.strip().casefold())
    if key in KINDS:
        return key
    return ALIASES.get(key) or kind_of_words(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as one source gives it.

    Attributes:
        name: the source's main name.
        names: all names, the main one first.
        kind: key in ``KINDS``.
        position: with ``uncertainty_m`` None where the source gives none.
        extent_m: radius in metres the place itself fills, see ``kind_extent_m``.
        country: ISO 3166-1 alpha-2 code, or None.
        valid: first and last day of validity, each None if open; None if the source says nothing.
        source: who publishes it, as to be printed in a report.
        source_id: the source's own identifier, or the row.
        origin: who said it first; equal origins are not independent.
        retrieved_at: when it was fetched, for online sources.
        note: the source's remark.
        admin1: first-level area, the source's code or name.
        population: inhabitants.
        kind_inferred: the kind was read from the words of name or note, not stated.
    """

    name: str
    names: tuple[str, ...]
    kind: str
    position: Position
    extent_m: float
    country: str | None
    valid: tuple[date | None, date | None] | None
    source: str
    source_id: str
    origin: str
    retrieved_at: datetime | None = None
    note: str = ""
    admin1: str | None = None
    population: int | None = None
    kind_inferred: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise GazetteerError(f"a place of {self.source} ({self.source_id}) has no name")
        if self.kind not in KINDS:
            raise GazetteerError(
                f"{self.kind!r} is no kind of place; use one of {', '.join(KINDS)}"
            )
        if not self.extent_m > 0:
            raise GazetteerError(f"{self.name}: an extent of {self.extent_m} m is not above zero")

    @property
    def radius_m(self) -> float:
        """Uncertainty of the position if the source gives one, else the extent of the kind."""
        stated = self.position.uncertainty_m
        return self.extent_m if stated is None else stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may mean.

    Attributes:
        place: the place.
        matched_name: the one of its names that matched.
        how: what made it match.
        score: how good the match of the names is, above 0 to 1; see ``search``. It orders
            candidates and is no probability.
        generics: feature words of ``matched_name`` that the query lacks ("crossing"), or of the
            query that the place lacks.
    """

    place: Place
    matched_name: str
    how: How
    score: float
    generics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.score <= 1:
            raise GazetteerError(f"a score of {self.score} is outside (0, 1]")
