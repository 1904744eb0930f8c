"""Nominatim: OpenStreetMap's places by name (nominatim.org/release-docs/latest/api/Search).

The public server allows one request a second from a program that says who it is, and no bulk use:
ask for single names. ``base`` names another server.
"""

from __future__ import annotations

import math
from typing import Any

from gazetteer.errors import OnlineError
from gazetteer.kinds_of_features import kind_by_population, osm_kind
from gazetteer.record import Name, Record
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

BASE = "https://nominatim.openstreetmap.org/search"
ATTRIBUTION = "OpenStreetMap contributors via Nominatim, ODbL 1.0"
MOST = 40
"""Most answers that Nominatim gives."""

_LETTERS = {"node": "n", "way": "w", "relation": "r"}
_ADMIN1 = ("state", "province", "region", "state_district")
_ADMIN2 = ("county", "district", "municipality")


def nominatim(
    name: str, country: str | None = None, *, client: Client | None = None, base: str = BASE
) -> Answer:
    """Places of a name.

    Args:
        name: as it would be typed into the search field.
        country: ISO 3166-1 alpha-2, to look in one country only.
        client: shared between questions; a new one with a cache otherwise.
        base: address of the search.

    Raises:
        OnlineError: offline, or no usable answer.
    """
    parameters = {
        "q": asked_name(name),
        "format": "jsonv2",
        "limit": str(MOST),
        "namedetails": "1",
        "extratags": "1",
        "addressdetails": "1",
        "accept-language": "en",
    }
    code = asked_country(country)
    if code:
        parameters["countrycodes"] = code.lower()
    got = (client or Client()).get_json(base, parameters)
    if not isinstance(got.value, list):
        error = got.value.get("error") if isinstance(got.value, dict) else None
        raise OnlineError(f"Nominatim gave no list of places ({text_of(str(error), 100)})")
    return openstreetmap_answer(
        got.value[:MOST],
        _record,
        got,
        key=f"nominatim:{code or ''}:{parameters['q']}",
        title=ATTRIBUTION,
    )


def _record(item: Any) -> Record:
    if not isinstance(item, dict):
        raise BadAnswerError("it is no object")
    kind, number = text_of(item.get("osm_type")), item.get("osm_id")
    if kind not in _LETTERS or isinstance(number, bool) or not isinstance(number, int):
        raise BadAnswerError("it has no identifier of OpenStreetMap")
    lat, lon = coordinate(item.get("lat"), 90), coordinate(item.get("lon"), 180)
    extra, address = tags_of(item.get("extratags")), tags_of(item.get("address"))
    names = names_of_tags(tags_of(item.get("namedetails")))
    shown = text_of(item.get("name")) or text_of(item.get("display_name")).split(",")[0]
    if shown and all(name.text != shown for name in names):
        names.insert(0, Name(text=shown))
    if not names:
        raise BadAnswerError("it has no name")
    category, word = text_of(item.get("category")), text_of(item.get("type"))
    population = count_of(extra.get("population"))
    found = osm_kind({category: word, **extra})
    address_type = text_of(item.get("addresstype"))
    if found is None or category == "boundary":
        found = osm_kind({"place": address_type}) or found
    country = address.get("country_code", "").upper()
    return Record(
        source_id=f"{kind}/{number}",
        names=tuple(names),
        lon=lon,
        lat=lat,
        kind=kind_by_population(population)
        if found == "populated_place" and population
        else found or "unknown",
        extent_m=_extent_m(item.get("boundingbox")),
        country=country if len(country) == 2 and country.isalpha() else None,
        admin1=next((address[key] for key in _ADMIN1 if key in address), None),
        admin2=next((address[key] for key in _ADMIN2 if key in address), None),
        population=population,
        same_as=(f"osm:{_LETTERS[kind]}{number}", *same_as_of_tags(extra)),
        feature=f"{category}={word}"[:80],
    )


def _extent_m(box: Any) -> float | None:
    """Half the diagonal of the box; None for that of a point, which Nominatim makes up."""
    if not isinstance(box, list) or len(box) != 4:
        return None
    try:
        south, north = coordinate(box[0], 90), coordinate(box[1], 90)
        west, east = coordinate(box[2], 180), coordinate(box[3], 180)
    except BadAnswerError:
        return None
    if south > north or west > east:
        return None
    height = math.radians(north - south)
    width = math.radians(east - west) * math.cos(math.radians((north + south) / 2))
    extent_m = 6_371_000.0 * math.hypot(height, width) / 2
    # Around a node a box of fixed size is given: 0.0001 degrees for a thing, up to 0.32 for a city.
    squarish = math.isclose(north - south, east - west, rel_tol=1e-3)
    return None if extent_m < 10 or squarish else extent_m
