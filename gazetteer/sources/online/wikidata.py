"""Wikidata: items of a name that have a position.

Two questions, or three where countries have to be told: the search, the items found, and the
countries they lie in (wikidata.org/w/api.php).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gazetteer.errors import OnlineError
from gazetteer.kinds_of_features import WIKIDATA, kind_by_population
from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.online.answers import (
    MOST_NAMES,
    BadAnswerError,
    asked_country,
    asked_name,
    coordinate,
    text_of,
)
from gazetteer.sources.online.client import Answer, Client, Fetched

BASE = "https://www.wikidata.org/w/api.php"
ATTRIBUTION = "Wikidata, CC0"
MOST = 30
"""Most items looked at; the service takes fifty at once."""

_ITEM = re.compile(r"Q[1-9]\d{0,11}")
_METRES_PER_DEGREE = 111_320.0
_EARTH = "Q2"
_IDENTIFIERS = {"P1566": "gn", "P238": "iata", "P239": "icao", "P2326": "gns", "P1667": "tgn"}


def wikidata(
    name: str, country: str | None = None, *, client: Client | None = None, base: str = BASE
) -> Answer:
    """Items of a name on Earth with a position.

    Args:
        name: a label or alias, or how one begins.
        country: ISO 3166-1 alpha-2; items of another country are left out, items that name none
            are not.
        client: shared between questions; a new one with a cache otherwise.
        base: address of the API.

    Raises:
        OnlineError: offline, or no usable answer.
    """
    plain, code = asked_name(name), asked_country(country)
    asker = client or Client()
    search = asker.get_json(
        base,
        {
            "action": "wbsearchentities",
            "search": plain,
            # The language of the interface; labels of all languages are searched as aliases of it.
            "language": "ar" if re.search(r"[\u0600-\u06ff]", plain) else "en",
            "uselang": "en",
            "type": "item",
            "limit": str(MOST),
            "format": "json",
        },
    )
    hits = _part(search, "search", list)
    ids = [str(hit["id"]) for hit in hits if isinstance(hit, dict) and _is_item(hit.get("id"))]
    records: list[Record] = []
    bad: list[BadRow] = []
    when = search.retrieved_at
    if ids:
        entities, when = _entities(asker, base, ids[:MOST], "labels|aliases|claims")
        lands = {land for e in entities.values() for land in _items(e, "P17")}
        codes = _codes(asker, base, lands) if lands else {}
        for number, key in enumerate(ids[:MOST], start=1):
            try:
                record = _record(key, entities.get(key), codes)
            except BadAnswerError as error:
                bad.append(BadRow(line=number, why=f"{key}: {error}"))
                continue
            if code is None or record.country in (None, code):
                records.append(record)
    return Answer(
        records=tuple(records),
        bad=tuple(bad),
        provenance=Provenance(
            key=f"wikidata:{code or ''}:{plain}",
            title=ATTRIBUTION,
            origin="Wikidata",
            licence="CC0",
            locator=search.url,
            sha256=search.sha256,
            retrieved_at=when,
        ),
    )


def _part(got: Fetched, key: str, kind: type) -> Any:
    value = got.value.get(key) if isinstance(got.value, dict) else None
    if not isinstance(value, kind):
        error = got.value.get("error") if isinstance(got.value, dict) else None
        info = error.get("info") if isinstance(error, dict) else None
        raise OnlineError(f"Wikidata gave no {key} ({text_of(info, 120) or 'no reason said'})")
    return value


def _is_item(value: object) -> bool:
    return isinstance(value, str) and _ITEM.fullmatch(value) is not None


def _entities(
    client: Client, base: str, ids: Iterable[str], parts: str
) -> tuple[dict[str, Any], datetime]:
    got = client.get_json(
        base,
        {
            "action": "wbgetentities",
            "ids": "|".join(ids),
            "props": parts,
            "format": "json",
        },
    )
    return _part(got, "entities", dict), got.retrieved_at


def _codes(client: Client, base: str, lands: set[str]) -> dict[str, str]:
    """Item of a country to its ISO code (P297)."""
    entities, _ = _entities(client, base, sorted(lands)[:50], "claims")
    found = {}
    for key, entity in entities.items():
        for value in _values(entity, "P297"):
            if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value):
                found[key] = value
    return found


def _values(entity: Any, key: str) -> list[Any]:
    """Values of a property, the preferred first, deprecated ones left out."""
    claims = entity.get("claims") if isinstance(entity, dict) else None
    statements = claims.get(key) if isinstance(claims, dict) else None
    found: list[tuple[bool, Any]] = []
    for statement in statements if isinstance(statements, list) else ():
        if not isinstance(statement, dict) or statement.get("rank") == "deprecated":
            continue
        snak = statement.get("mainsnak")
        value = snak.get("datavalue") if isinstance(snak, dict) else None
        if isinstance(value, dict) and "value" in value:
            found.append((statement.get("rank") != "preferred", value["value"]))
    return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def _items(entity: Any, key: str) -> list[str]:
    values = (value.get("id") for value in _values(entity, key) if isinstance(value, dict))
    return [str(value) for value in values if _is_item(value)]


def _record(key: str, entity: Any, codes: dict[str, str]) -> Record:
    if not isinstance(entity, dict) or "missing" in entity:
        raise BadAnswerError("the item is missing")
    point = next((v for v in _values(entity, "P625") if isinstance(v, dict)), None)
    if point is None:
        raise BadAnswerError("it has no position")
    if not str(point.get("globe", _EARTH)).endswith(f"/{_EARTH}") and "globe" in point:
        raise BadAnswerError("it does not lie on Earth")
    lat, lon = coordinate(point.get("latitude"), 90), coordinate(point.get("longitude"), 180)
    names = _names(entity)
    if not names:
        raise BadAnswerError("it has no label")
    population = next((p for v in _values(entity, "P1082") if (p := _amount(v))), None)
    classes = _items(entity, "P31")
    kind = next((WIKIDATA[item] for item in classes if item in WIKIDATA), "unknown")
    if kind == "populated_place":
        kind = kind_by_population(population)
    land = next((codes[item] for item in _items(entity, "P17") if item in codes), None)
    same_as = [f"wd:{key}"]
    for prop, prefix in _IDENTIFIERS.items():
        same_as += [
            f"{prefix}:{value}"
            for value in _values(entity, prop)[:3]
            if isinstance(value, str) and re.fullmatch(r"[\w-]{1,40}", value)
        ]
    return Record(
        source_id=key,
        names=names,
        lon=lon,
        lat=lat,
        kind=kind,
        uncertainty_m=_uncertainty_m(point.get("precision")),
        country=land,
        population=population,
        same_as=tuple(same_as),
        feature=classes[0] if classes else "",
    )


def _names(entity: dict[str, Any]) -> tuple[Name, ...]:
    found: dict[tuple[str, str], Name] = {}
    labels = entity.get("labels")
    for language, label in labels.items() if isinstance(labels, dict) else ():
        text = text_of(label.get("value")) if isinstance(label, dict) else ""
        if text and len(found) < MOST_NAMES:
            tongue = str(language)[:20]
            found[text, tongue] = Name(text=text, language=tongue, preferred=True)
    names = sorted(found.values(), key=lambda name: name.language != "en")
    aliases = entity.get("aliases")
    for language, entries in aliases.items() if isinstance(aliases, dict) else ():
        for alias in entries if isinstance(entries, list) else ():
            text = text_of(alias.get("value")) if isinstance(alias, dict) else ""
            tongue = str(language)[:20]
            if text and (text, tongue) not in found and len(names) < MOST_NAMES:
                found[text, tongue] = Name(text=text, language=tongue)
                names.append(found[text, tongue])
    return tuple(names)


def _amount(value: Any) -> int | None:
    text = str(value.get("amount", "")) if isinstance(value, dict) else ""
    found = re.fullmatch(r"\+(\d{1,10})(?:\.0*)?", text)
    return int(found[1]) or None if found else None


def _uncertainty_m(precision: Any) -> float | None:
    """Wikidata's precision is the size of the last digit in degrees; taken along a meridian."""
    if isinstance(precision, bool) or not isinstance(precision, int | float):
        return None
    return float(precision) * _METRES_PER_DEGREE if 0 < precision <= 10 else None
