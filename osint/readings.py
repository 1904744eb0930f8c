"""What one name can mean: the gazetteer's rows as readings, with prior weights.

Rival coordinates for one name are kept as readings of their own, never merged; rows that give
coordinates of one and the same thing share its weight.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gazetteer.areas import Outlines
from gazetteer.borders import BorderLine
from gazetteer.countries import country_codes_in, country_name
from gazetteer.errors import BorderError
from gazetteer.pairwise import distance_matrix_m
from gazetteer.place import KINDS, Candidate, How, Place
from osint.belief import PointReading
from osint.case import Reading
from osint.errors import CaseError


class Borders(Outlines, Protocol):
    """Where borders run and what they enclose."""

    def line(self, a: str, b: str | None = None, /) -> BorderLine | None:
        """The line between two countries, or all around one; None where it is not known."""
        ...

    def codes_at(self, lon: Sequence[float], lat: Sequence[float], /) -> tuple[str | None, ...]:
        """The country each position lies in; None where that is not known."""
        ...


def border_line(borders: Borders, codes: Sequence[str]) -> BorderLine | None:
    """The border between two countries or all around one; None where no source has an outline."""
    try:
        return borders.line(*codes)
    except BorderError:
        return None


class PlaceIndex(Protocol):
    """What is asked of a gazetteer."""

    @property
    def borders(self) -> Borders:
        """The borders it knows."""
        ...

    def find(
        self, name: str, *, country: str | None = None, hows: Collection[How] | None = None
    ) -> tuple[Candidate, ...]:
        """Candidates for a name, best first; only those matched in one of ``hows``, if given."""
        ...


class Remembered:
    """A gazetteer that is asked for each name once: texts use the same few names over and over."""

    def __init__(self, index: PlaceIndex) -> None:
        self._index = index
        self._found: dict[tuple[object, ...], tuple[Candidate, ...]] = {}

    @property
    def borders(self) -> Borders:
        """The borders of the gazetteer behind it."""
        return self._index.borders

    def find(
        self, name: str, *, country: str | None = None, hows: Collection[How] | None = None
    ) -> tuple[Candidate, ...]:
        """Candidates for a name, best first; only those matched in one of ``hows``, if given."""
        key = (name, country, None if hows is None else frozenset(hows))
        if key not in self._found:
            self._found[key] = self._index.find(name, country=country, hows=hows)
        return self._found[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One reading of a site as the report shows it: a gazetteer row and its prior weight."""

    label: str
    place: Place
    weight: float
    how: str


EXACT: tuple[How, ...] = ("exact",)
"""To look up a name as it stands and in no other spelling."""

# Readings beyond these bring next to no mass and cost time.
MOST_READINGS = 24
# Above this many rows of one name rivals are not told from homonyms.
_MOST_COMPARED = 500

# How readily a bare name in a text means a feature of this kind, against a populated place; from
# judgement. A kind that the texts themselves use of the name counts 2.5 times.
KIND_WEIGHT: Mapping[str, float] = {
    "hill": 0.2,
    "mountain": 0.3,
    "wadi": 0.2,
    "dam": 0.3,
    "crossroads": 0.3,
    "airport": 0.5,
    "border_post": 0.5,
    "oil_field": 0.3,
}
SAID_KIND_FACTOR = 2.5
# A row in a country that the texts hardly name; otherwise a row weighs by the square of its
# country's weight: of two countries a text is about, one is mostly the scene and the other not.
FOREIGN_FACTOR = 0.1
# Matches this much worse than the best are other names, not other readings.
_WORST_MATCH = 0.72
# A match by consonants alone counts where the country fits and the name is long enough to tell.
_LEAST_TRANSLITERATED = 0.35
_LEAST_FOREIGN_TRANSLITERATED = 0.6
# A name known only by its transliteration may be a place the gazetteer does not have.
TRANSLITERATED_DESCRIBED_SHARE = 0.5
_BORDER = re.compile(
    r"\b(?:[A-Z][\w.]*(?:\s*[-–/]\s*|\s+and\s+))?[A-Z][\w.]*\s+(?:borders?|frontiers?)\b"
    r"|\b(?:borders?|frontiers?)\s+(?:with|between|of)\s+(?:the\s+)?[A-Z]\w*"
    r"(?:\s+and\s+(?:the\s+)?[A-Z]\w*)?"
)
# Rows this close are rival coordinates of one thing and share its prior.
_RIVAL_M = 2_000.0


def country_weights(texts: Sequence[str]) -> dict[str, int]:
    """In how many of the texts each country is a scene, by code.

    By texts and not by words: saying a country's name over and over makes it no likelier. A border
    is between countries and in neither: "the Syrian-Iraqi border" and "the border with Iraq" count
    for none, unless the text names no country otherwise.
    """
    weights: Counter[str] = Counter()
    for text in texts:
        weights.update(set(country_codes_in(_BORDER.sub(" ", text)) or country_codes_in(text)))
    return dict(weights)


def plausible(
    candidates: Sequence[Candidate], countries: Mapping[str, float]
) -> tuple[Candidate, ...]:
    """The candidates a text may mean: exact ones if there are any, else close transliterations.

    Misspellings are for a person to look at (``osint place``): a name that no gazetteer has is more
    often a place nobody has mapped than a slip of the pen.
    """
    exact = [c for c in candidates if c.how == "exact"]
    if exact:
        best = max(c.score for c in exact)
        return tuple(c for c in exact if c.score >= _WORST_MATCH * best)
    return tuple(
        c
        for c in candidates
        if c.how == "transliterated"
        and c.score
        >= (
            _LEAST_TRANSLITERATED
            if not countries or c.place.country in countries
            else _LEAST_FOREIGN_TRANSLITERATED
        )
    )


def with_countries(candidates: Sequence[Candidate], borders: Borders) -> tuple[Candidate, ...]:
    """The same candidates; where a row names no country, the one its coordinates lie in."""
    missing = [i for i, c in enumerate(candidates) if c.place.country is None]
    if not missing:
        return tuple(candidates)
    positions = [candidates[i].place.position for i in missing]
    codes = borders.codes_at([p.lon for p in positions], [p.lat for p in positions])
    filled = list(candidates)
    for i, code in zip(missing, codes, strict=True):
        filled[i] = replace(filled[i], place=replace(filled[i].place, country=code))
    return tuple(filled)


def weighed_rows(
    candidates: Sequence[Candidate],
    countries: Mapping[str, float],
    said: Collection[str],
    context: Mapping[tuple[str, str], float] | None = None,
) -> list[ReadingRow]:
    """Candidates with prior weights from match, kind, country and the words around the name.

    Args:
        candidates: the rows.
        countries: ``country_weights`` of the texts.
        said: kinds that the texts themselves use of the name.
        context: what each row, by source and source_id, is to be weighed by for what stands around
            the name, see ``context``; rows that are not in it stay as they are.
    """
    weights: list[float] = []
    most = max(countries.values(), default=0)
    rivals = _rivals(candidates)
    for candidate, count in zip(candidates, rivals, strict=True):
        place = candidate.place
        weight = candidate.score * KIND_WEIGHT.get(place.kind, 1.0)
        if place.kind in said:
            weight *= SAID_KIND_FACTOR
        if most and place.country is not None:
            weight *= max((countries.get(place.country, 0) / most) ** 2, FOREIGN_FACTOR)
        if place.population:
            weight *= 1.0 + min(place.population, 10_000_000) ** 0.25 / 10
        weight *= (context or {}).get((place.source, place.source_id), 1.0)
        weights.append(weight / count)
    total = sum(weights)
    order = sorted(range(len(candidates)), key=lambda i: (-weights[i], *_tie(candidates[i].place)))
    return [
        ReadingRow(
            label=label_of(candidates[i].place),
            place=candidates[i].place,
            # Shares of all rows: what is cut off stays missing, and the site says so.
            weight=weights[i] / total,
            how=candidates[i].how,
        )
        for i in order[:MOST_READINGS]
        if weights[i] > 1e-3 * max(weights)
    ]


def _tie(place: Place) -> tuple[str, float, float]:
    """What decides between rows of equal weight: never the order of a file."""
    return label_of(place), place.position.lat, place.position.lon


def _rivals(candidates: Sequence[Candidate]) -> list[int]:
    """For each row, how many rows give coordinates for the same thing, itself included."""
    if len(candidates) > _MOST_COMPARED:
        return [1] * len(candidates)
    lon = [c.place.position.lon for c in candidates]
    lat = [c.place.position.lat for c in candidates]
    near = distance_matrix_m(lon, lat, lon, lat) <= _RIVAL_M
    kinds = [c.place.kind for c in candidates]
    return [
        sum(
            bool(near[i, k]) and (kinds[k] == kind or "unknown" in (kind, kinds[k]))
            for k in range(len(kinds))
        )
        for i, kind in enumerate(kinds)
    ]


def chosen_rows(
    name: str,
    chosen: Sequence[Reading],
    candidates: Sequence[Candidate],
    gazetteer: PlaceIndex,
) -> list[ReadingRow]:
    """The rows an analyst named for a name, with the analyst's weights."""
    rows: list[ReadingRow] = []
    for reading in chosen:
        matching = [
            c
            for c in [*candidates, *gazetteer.find(reading.place)]
            if c.place.name.casefold() == reading.place.casefold()
            and (reading.source is None or c.place.source == reading.source)
        ]
        if not matching:
            with_source = f" from {reading.source!r}" if reading.source else ""
            raise CaseError(
                f"reading of {name!r}: no gazetteer row is named {reading.place!r}{with_source}; "
                "write name and source as the gazetteer given here does"
            )
        place = matching[0].place
        rows.append(
            ReadingRow(label=label_of(place), place=place, weight=reading.weight, how="analyst")
        )
    total = sum(row.weight for row in rows)
    return [replace(row, weight=row.weight / total) for row in rows]


def point_of(row: ReadingRow, *, extent_m: float) -> PointReading:
    """A reading as the solver takes it."""
    position = row.place.position
    return PointReading(
        label=row.label,
        lon=position.lon,
        lat=position.lat,
        extent_m=extent_m,
        uncertainty_m=position.uncertainty_m or 0.0,
        weight=row.weight,
    )


def label_of(place: Place) -> str:
    """A reading in words: name, kind, country, source."""
    kind = KINDS[place.kind].name if place.kind in KINDS and place.kind != "unknown" else ""
    country = country_name(place.country) if place.country else ""
    about = ", ".join(part for part in (kind, country) if part)
    return f"{place.name} ({about}; {place.source})" if about else f"{place.name} ({place.source})"


def readings_of(name: str, gazetteer: PlaceIndex) -> tuple[PointReading, ...]:
    """What a bare name can mean, without any text around it: its readings, likeliest first."""
    rows = weighed_rows(plausible(gazetteer.find(name), {}), {}, ())
    return tuple(point_of(row, extent_m=row.place.extent_m) for row in rows)
