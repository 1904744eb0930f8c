"""Who's On First: its records as an object a line, as GeoJSON features, or a folder or archive.

A record is the feature's ``properties``. One that was superseded or withdrawn is left out and
counted, since its successor stands for it; one that is merely not current any more is kept, dated
where it says until when, and remarked on. First- and second-level areas are named where the region
or county is in the same file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

from gazetteer.errors import GazetteerFileError
from gazetteer.kinds_of_features import PLACETYPES, kind_by_population
from gazetteer.record import BadRow, Name, Provenance, Record, Unit
from gazetteer.sources.clean import LONGEST_NAME
from gazetteer.sources.dates import span
from gazetteer.sources.outline import OutlineError, outline_of

ATTRIBUTION = "Who's On First, CC BY 4.0 and its sources"

_NAME = re.compile(r"name:([a-z_]+)_x_([a-z]+)")
_SAME_AS = {
    "gn:id": "gn",
    "wd:id": "wd",
    "wk:page": "wk",
    "gp:id": "gp",
    "hasc:id": "hasc",
    "iata:code": "iata",
    "icao:code": "icao",
    "iso:code": "iso",
    "loc:id": "loc",
    "osm:id": "osm",
    "tgn:id": "tgn",
    "unlc:id": "unlc",
}
"""Concordances that mean one place each, and the prefix that this toolkit gives them."""

_MOST_NAMES = 5_000
_AREAS = ("region", "county")


class Items(Protocol):
    """Where the objects come from; see ``feature_files``."""

    @property
    def unit(self) -> Unit:
        """What the objects' numbers count."""
        ...

    @property
    def size(self) -> int | None:
        """Bytes in all."""
        ...

    @property
    def done(self) -> int:
        """Bytes read."""
        ...

    @property
    def sha256(self) -> str:
        """Of the bytes on disk."""
        ...

    @property
    def locator(self) -> str:
        """The file or folder."""
        ...

    @property
    def stem(self) -> str:
        """Its name without endings."""
        ...

    def objects(self) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
        """Each object with its number."""
        ...


class WhosOnFirstReader:
    """Records of Who's On First as rows."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self._areas: dict[int, str] = {}
        self._before = 0

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        return Provenance(
            key=f"whosonfirst:{self._items.stem}",
            title=ATTRIBUTION,
            origin="Who's On First",
            licence="CC BY 4.0; sources at whosonfirst.org/docs/licenses",
            locator=self._items.locator,
            sha256=self._items.sha256,
        )

    @property
    def size(self) -> int | None:
        """Bytes on disk, twice: all is read for the names of areas first."""
        return None if self._items.size is None else 2 * self._items.size

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._before + self._items.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every record; those left out as ``BadRow`` with the reason.

        Raises:
            GazetteerFileError: the file cannot be read (on), or holds no such record at all.
        """
        self._areas = {}
        self._before = 0
        for _, item in self._items.objects():
            if isinstance(item, BadRow):
                continue
            properties = properties_of(item)
            key = properties.get("wof:id")
            if properties.get("wof:placetype") in _AREAS and isinstance(key, int):
                name = properties.get("wof:name")
                if isinstance(name, str) and name.strip():
                    self._areas[key] = name.strip()[:LONGEST_NAME]
        self._before = self._items.done
        any_record = False
        for number, item in self._items.objects():
            if isinstance(item, BadRow):
                yield item
                continue
            try:
                record = self._record(item)
            except _UnusableError as problem:
                yield BadRow(line=number, why=str(problem), unit=self._items.unit)
                any_record |= problem.is_record
                continue
            any_record = True
            yield record
        if not any_record:
            raise GazetteerFileError(
                f"{self._items.locator} holds no record of Who's On First (an object with wof:id); "
                "give one of its files"
            )

    def _record(self, item: Mapping[str, Any]) -> Record:
        properties = properties_of(item)
        key = properties.get("wof:id")
        if isinstance(key, bool) or not isinstance(key, int) or key < 1:
            raise _UnusableError("it has no wof:id", is_record=False)
        superseded = _list(properties.get("wof:superseded_by"))
        if superseded:
            raise _UnusableError(f"left out: {key} is superseded by {superseded[0]}")
        text = _text(properties.get("edtf:deprecated"))
        if text and text.lower() not in ("u", "uuuu", ".."):
            raise _UnusableError(f"left out: {key} was withdrawn on {text[:20]}")
        lon, lat = _point(properties)
        placetype = _text(properties.get("wof:placetype"))
        population = _count(properties.get("wof:population"))
        admin1, admin2 = self._above(properties, key)
        names, dropped = _names(properties)
        if not names:
            raise _UnusableError(f"{key} has no name")
        current = properties.get("mz:is_current")
        notes = ["not current" if current == 0 else ""]
        notes.append(f"{dropped} names left out" if dropped else "")
        extent_m, outline = _ground(item, properties, lat, notes)
        country = _text(properties.get("wof:country")).upper()
        return Record(
            source_id=str(key),
            names=names,
            lon=lon,
            lat=lat,
            kind=_kind(placetype, population, properties),
            extent_m=extent_m,
            country=country if re.fullmatch(r"[A-W][A-Z]|Y[A-Z]|Z[A-Y]", country) else None,
            admin1=admin1,
            admin2=admin2,
            population=population,
            valid=span(
                _text(properties.get("edtf:inception")), _text(properties.get("edtf:cessation"))
            ),
            same_as=(f"wof:{key}", *_concordances(properties)),
            feature=placetype,
            outline_wkb=outline,
            note="; ".join(note for note in notes if note),
        )

    def _above(self, properties: Mapping[str, Any], key: int) -> tuple[str | None, str | None]:
        """Names of region and county; None where its hierarchies name different ones."""
        found: list[str | None] = []
        for level in _AREAS:
            ids = {
                branch.get(f"{level}_id")
                for branch in _list(properties.get("wof:hierarchy"))
                if isinstance(branch, dict)
            }
            names = {self._areas[i] for i in ids if isinstance(i, int) and i in self._areas}
            found.append(names.pop() if len(names) == 1 and key not in ids else None)
        return found[0], found[1]


class _UnusableError(ValueError):
    """Why an object is no row."""

    def __init__(self, why: str, *, is_record: bool = True) -> None:
        super().__init__(why)
        self.is_record = is_record


def properties_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a feature, or the object itself where it has none."""
    inner = item.get("properties")
    return inner if isinstance(inner, dict) and "wof:id" not in item else item


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: object) -> int | None:
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**10
    return value if usable and isinstance(value, int) else None


def _point(properties: Mapping[str, Any]) -> tuple[float, float]:
    """The point for a label where there is one: the geometric centre may lie outside."""
    problem = "it has no geom:latitude and geom:longitude"
    for prefix in ("lbl", "geom"):
        lat, lon = properties.get(f"{prefix}:latitude"), properties.get(f"{prefix}:longitude")
        if not isinstance(lat, int | float) or not isinstance(lon, int | float):
            continue
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            problem = f"{lat}, {lon} is no latitude and longitude"
        elif lat == 0 and lon == 0:
            problem = "its position is 0, 0, which stands for unknown"
        else:
            return float(lon), float(lat)
    raise _UnusableError(problem)


def _kind(placetype: str, population: int | None, properties: Mapping[str, Any]) -> str:
    if placetype == "locality":
        return kind_by_population(population)
    if placetype == "campus":
        from gazetteer.place import kind_of_words

        given = properties.get("wof:concordances")
        if isinstance(given, dict) and {"icao:code", "iata:code", "oa:id"} & given.keys():
            return "airport"
        return kind_of_words(_text(properties.get("wof:name"))) or "unknown"
    return PLACETYPES.get(placetype, "unknown")


def _names(properties: Mapping[str, Any]) -> tuple[tuple[Name, ...], int]:
    """All names, the main one first, and how many were left out as too many."""
    main = _text(properties.get("wof:name"))
    found: dict[tuple[str, str], Name] = {}
    dropped = 0
    for key, values in properties.items():
        match = _NAME.fullmatch(key)
        if match is None:
            continue
        language, role = match.groups()
        # "historical" is no form of the standard but occurs; "abbreviation" and "unknown" are
        # variants.
        for value in _list(values) or [values]:
            text = _text(value)
            if not text:
                continue
            if len(found) >= _MOST_NAMES:
                dropped += 1
                continue
            found.setdefault(
                (text, language),
                Name(
                    text=text,
                    language=language,
                    preferred=role == "preferred",
                    historic=role in ("historic", "historical"),
                    colloquial=role == "colloquial",
                ),
            )
    names = list(found.values())
    if main:
        first = next(
            (name for name in names if name.text == main and name.language == "eng"), None
        ) or next((name for name in names if name.text == main), None)
        if first is None:
            first = Name(text=main)
        else:
            names.remove(first)
        names.insert(0, first)
    return tuple(names), dropped


def _concordances(properties: Mapping[str, Any]) -> tuple[str, ...]:
    given = properties.get("wof:concordances")
    found = []
    for key, value in given.items() if isinstance(given, dict) else ():
        prefix = _SAME_AS.get(key)
        if prefix and isinstance(value, str | int) and value not in ("", 0, -1):
            text = str(value)
            if len(text) <= 300:
                found.append(f"{prefix}:{text}")
    return tuple(dict.fromkeys(found))


def _ground(
    item: Mapping[str, Any], properties: Mapping[str, Any], lat: float, notes: list[str]
) -> tuple[float | None, bytes | None]:
    """Radius and outline, from the geometry or, lacking one, the bounding box."""
    geometry = item.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") in ("Polygon", "MultiPolygon"):
        try:
            outline = outline_of(geometry)
        except OutlineError as error:
            notes.append(f"outline left out ({error})")
        else:
            return outline.extent_m, outline.wkb
    return bbox_extent_m(_text(properties.get("geom:bbox")), lat), None


def bbox_extent_m(text: str, lat: float) -> float | None:
    """Half the diagonal of a "west,south,east,north" box in metres; None for a point or nonsense.

    On a sphere of 6,371 km: an extent needs no more.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None
    height = math.radians(north - south)
    width = math.radians(east - west) * math.cos(math.radians(max(min(lat, 90.0), -90.0)))
    extent_m = 6_371_000.0 * math.hypot(height, width) / 2
    return extent_m if extent_m >= 1.0 else None
