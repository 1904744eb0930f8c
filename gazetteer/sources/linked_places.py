"""Linked Places Format: GeoJSON-LD with names, times and links (github.com/LinkedPasts).

A FeatureCollection, or a feature a line. A place that lay in several spots is read at the first of
its geometries that can be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from gazetteer.countries import country_of_field
from gazetteer.kinds_of_features import AAT, geonames_kind
from gazetteer.place import normal_kind
from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.dates import Span, first_day, last_day
from gazetteer.sources.outline import Ground, OutlineError, outline_of
from gazetteer.sources.unpack import key_of
from gazetteer.sources.whosonfirst import Items

SAME = frozenset({"closematch", "exactmatch", "sameas", "close_match", "exact_match"})
"""Types of link that mean the same place."""

_MOST_NAMES = 2_000
_PREFIXES = (
    (re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q\d+).*"), r"wd:\1"),
    (re.compile(r"https?://(?:www\.|sws\.)?geonames\.org/(\d+).*"), r"gn:\1"),
    (re.compile(r"https?://pleiades\.stoa\.org/places/(\d+).*"), r"pl:\1"),
    (re.compile(r"https?://vocab\.getty\.edu/(?:page/)?tgn/(\d+).*"), r"tgn:\1"),
)


def same_as_of(identifier: str) -> str:
    """An identifier in this toolkit's short form: "wd:Q42", "gn:163915", else as it stands."""
    text = identifier.strip()[:1_000]
    for pattern, short in _PREFIXES:
        if pattern.fullmatch(text):
            return pattern.sub(short, text)
    return text


class _NoPlaceError(ValueError):
    """Why a feature is no row."""


class LinkedPlacesReader:
    """Features of Linked Places Format as rows."""

    def __init__(self, items: Items) -> None:
        self._items = items

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        return Provenance(
            key=key_of("linkedplaces", Path(self._items.locator)),
            title=f"{self._items.stem} (Linked Places Format)",
            origin=self._items.stem,
            licence="",
            locator=self._items.locator,
            sha256=self._items.sha256,
        )

    @property
    def size(self) -> int | None:
        """Bytes on disk."""
        return self._items.size

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._items.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every feature, in the order of the file.

        Raises:
            GazetteerFileError: the file cannot be read (on).
        """
        for number, item in self._items.objects():
            if isinstance(item, BadRow):
                yield item
                continue
            try:
                yield _record(item, number)
            except (_NoPlaceError, OutlineError) as error:
                yield BadRow(line=number, why=str(error)[:300], unit=self._items.unit)


def _record(item: Mapping[str, Any], number: int) -> Record:
    properties = item.get("properties")
    if item.get("type") != "Feature" or not isinstance(properties, dict):
        raise _NoPlaceError("it is no Feature with properties")
    names = _names(item, properties)
    if not names:
        raise _NoPlaceError("it has no title and no toponym")
    ground = _ground(item.get("geometry"))
    feature, kind = _kind(item, properties)
    identifier = item.get("@id") or properties.get("id") or item.get("id")
    codes = properties.get("ccodes")
    countries = [country_of_field(c) for c in _list(codes) if isinstance(c, str)]
    return Record(
        source_id=str(identifier)[:1_000] if identifier else str(number),
        names=names,
        lon=ground.lon,
        lat=ground.lat,
        kind=kind,
        extent_m=ground.extent_m,
        # A place of several countries is of none in particular.
        country=countries[0] if len(countries) == 1 else None,
        valid=when_of(item.get("when")),
        same_as=_links(item),
        feature=feature,
        outline_wkb=ground.wkb,
        note=_note(item),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(item: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[Name, ...]:
    title = _text(properties.get("title"))
    found: dict[tuple[str, str | None], Name] = {}
    for entry in _dicts(item.get("names")):
        text, language = _text(entry.get("toponym")), _text(entry.get("lang")) or None
        if not text or len(found) >= _MOST_NAMES:
            continue
        valid = when_of(entry.get("when"))
        found.setdefault(
            (text, language),
            Name(
                text=text,
                language=language,
                historic=valid is not None and valid[1] is not None,
                valid=valid,
            ),
        )
    names = list(found.values())
    main = next((name for name in names if name.text == title), None)
    if main is not None:
        names.remove(main)
        names.insert(0, main)
    elif title:
        names.insert(0, Name(text=title))
    return tuple(names)


def when_of(when: object) -> Span | None:
    """First and last day of all time spans of a ``when``; years before 1 count as open."""
    if not isinstance(when, dict):
        return None
    spans = _dicts(when.get("timespans"))
    firsts = [_edge(span.get("start"), last=False) for span in spans]
    lasts = [_edge(span.get("end"), last=True) for span in spans]
    first = min((day for day in firsts if day), default=None)
    last = max((day for day in lasts if day), default=None)
    # A span without an end goes on.
    if any(day is None for day in lasts):
        last = None
    if any(day is None for day in firsts):
        first = None
    if (first is None and last is None) or (first and last and last < first):
        return None
    return first, last


def _edge(edge: object, *, last: bool) -> Any:
    values = edge if isinstance(edge, dict) else {"in": edge}
    order = ("in", "latest", "earliest") if last else ("in", "earliest", "latest")
    for key in order:
        value = values.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = f"{value:04d}" if isinstance(value, int) and value > 0 else str(value)
            return last_day(text) if last else first_day(text)
    return None


def _ground(geometry: object) -> Ground:
    if not isinstance(geometry, dict):
        raise _NoPlaceError("it has no geometry")
    parts = _dicts(geometry.get("geometries")) if "geometries" in geometry else [geometry]
    problem = "it has no geometry"
    for part in parts:
        if isinstance(part.get("geowkt"), str) and not part.get("coordinates"):
            problem = "its geometry has no coordinates"
            continue
        try:
            return outline_of(part)
        except OutlineError as error:
            problem = str(error)
    raise _NoPlaceError(problem)


def _kind(item: Mapping[str, Any], properties: Mapping[str, Any]) -> tuple[str, str]:
    """The source's own word, and the kind."""
    labels: list[str] = []
    for entry in _dicts(item.get("types")):
        found = re.search(r"(\d{9})", str(entry.get("identifier", ""))[:200])
        labels.append(_text(entry.get("label")))
        labels += [_text(one.get("label")) for one in _dicts(entry.get("sourceLabels"))]
        if found and found[1] in AAT:
            return next((label for label in labels if label), found[1])[:80], AAT[found[1]]
    word = next((label for label in labels if label), "")[:80]
    for label in labels:
        kind = normal_kind(label[:80]) if label else None
        if kind:
            return word, kind
    for code in _list(properties.get("fclasses")):
        if isinstance(code, str):
            return word or code[:80], geonames_kind(code[:1].upper(), "")
    return word, "unknown"


def _links(item: Mapping[str, Any]) -> tuple[str, ...]:
    found = [
        same_as_of(entry["identifier"])
        for entry in _dicts(item.get("links"))
        if str(entry.get("type", "")).casefold() in SAME
        and isinstance(entry.get("identifier"), str)
    ]
    return tuple(dict.fromkeys(found))[:200]


def _note(item: Mapping[str, Any]) -> str:
    values = [_text(entry.get("value")) for entry in _dicts(item.get("descriptions"))]
    return next((value[:500] for value in values if value), "")
