"""Overpass: OpenStreetMap's features of exactly a name, within one country.

Finds what Nominatim ranks low: a wadi, a checkpoint, a well. Asking the whole planet would burden
the server, so that a country is demanded.
"""

from __future__ import annotations

from typing import Any

from gazetteer.errors import OnlineError
from gazetteer.kinds_of_features import kind_by_population, osm_kind
from gazetteer.record import Record
from gazetteer.sources.online.answers import (
    BadAnswerError,
    asked_country,
    asked_name,
    coordinate,
    count_of,
    names_of_tags,
    openstreetmap_answer,
    same_as_of_tags,
    tags_of,
    text_of,
)
from gazetteer.sources.online.client import Answer, Client

BASE = "https://overpass-api.de/api/interpreter"
ATTRIBUTION = "OpenStreetMap contributors via Overpass, ODbL 1.0"
MOST = 200
"""Most features asked for."""

_KEYS = ("name", "name:en", "name:ar", "name:ru", "name:uk", "int_name", "alt_name", "old_name")
_SECONDS = 60


def question(name: str, country: str) -> str:
    """The query in Overpass QL; the name stands in quotes in which nothing can be hidden."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    parts = "".join(f'nwr["{key}"="{quoted}"](area.a);' for key in _KEYS)
    return (
        f"[out:json][timeout:{_SECONDS}];"
        f'area["ISO3166-1"="{country}"][admin_level=2]->.a;({parts});out tags center {MOST};'
    )


def overpass(
    name: str, country: str | None = None, *, client: Client | None = None, base: str = BASE
) -> Answer:
    """Features of exactly a name, in one of ``name``, ``alt_name``, ``name:ar`` and so on.

    Args:
        name: in the spelling of the map.
        country: ISO 3166-1 alpha-2; demanded.
        client: shared between questions; a new one with a cache otherwise.
        base: address of the interpreter.

    Raises:
        OnlineError: no country, offline, or no usable answer.
    """
    code = asked_country(country)
    if code is None:
        raise OnlineError("Overpass is asked for one country only; give one, such as SY")
    plain = asked_name(name)
    got = (client or Client()).get_json(base, {"data": question(plain, code)})
    elements = got.value.get("elements") if isinstance(got.value, dict) else None
    if not isinstance(elements, list):
        raise OnlineError("Overpass gave no list of elements; try later")
    remark = text_of(got.value.get("remark"), 150)
    if not elements and "error" in remark.lower():
        raise OnlineError(f"Overpass gave up ({remark}); try later")
    return openstreetmap_answer(
        elements[:MOST],
        lambda element: _record(element, code),
        got,
        key=f"overpass:{code}:{plain}",
        title=ATTRIBUTION,
    )


def _record(element: Any, country: str) -> Record:
    if not isinstance(element, dict):
        raise BadAnswerError("it is no object")
    kind, number = element.get("type"), element.get("id")
    if kind not in ("node", "way", "relation") or isinstance(number, bool):
        raise BadAnswerError("it is no node, way or relation")
    if not isinstance(number, int):
        raise BadAnswerError("it has no identifier")
    centre = element.get("center")
    point = centre if isinstance(centre, dict) else element
    tags = tags_of(element.get("tags"))
    names = names_of_tags(tags)
    if not names:
        raise BadAnswerError("it has no name")
    population = count_of(tags.get("population"))
    found = osm_kind(tags) or "unknown"
    if found == "populated_place" and population:
        found = kind_by_population(population)
    main = next(
        (
            f"{key}={tags[key]}"
            for key in ("place", "natural", "waterway", "military", "aeroway", "barrier", "landuse")
            if key in tags
        ),
        "",
    )
    return Record(
        source_id=f"{kind}/{number}",
        names=tuple(names),
        lon=coordinate(point.get("lon"), 180),
        lat=coordinate(point.get("lat"), 90),
        kind=found,
        country=country,
        population=population,
        same_as=(f"osm:{kind[0]}{number}", *same_as_of_tags(tags)),
        feature=main[:80],
    )
