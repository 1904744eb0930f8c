"""A STAC item from outside as a scene: what is needed of it, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit

from imagery.chip import Interval
from imagery.errors import StacError, printable

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west above east crosses the antimeridian."""

Plain = str | float | bool
_FIRST_YEAR = 1930
_MOST_PROPERTIES = 200
_MOST_ASSETS = 200
_LONGEST = 500
_LONGEST_HREF = 4_000
_MOST_BANDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneAsset:
    """One file of a scene.

    Attributes:
        key: its name in the item.
        href: its address without any signature, or its path in a local catalogue.
        bands: common names of its bands in order, as far as told.
    """

    key: str
    href: str | Path
    bands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A dated scene of a catalogue.

    Attributes:
        id: its name.
        collection: the collection it belongs to; "" if not told.
        catalogue: who lists it.
        acquired: first and last day of exposure, UTC.
        acquired_at: the moment of exposure, UTC; None where the catalogue gives an interval.
        box: what it covers at most.
        assets: its files.
        properties: what else is told of it, as far as it is a text, a number, or true or false.
    """

    id: str
    collection: str
    catalogue: str
    acquired: Interval
    acquired_at: datetime | None
    box: Box
    assets: tuple[SceneAsset, ...]
    properties: Mapping[str, Plain] = field(default_factory=lambda: MappingProxyType({}))

    def asset(self, key: str) -> SceneAsset | None:
        """The file of this name, if there is one."""
        return next((asset for asset in self.assets if asset.key == key), None)

    def number(self, *keys: str) -> float | None:
        """The first of these properties that is a finite number."""
        for key in keys:
            value = self.properties.get(key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
        return None

    def meets(self, box: Box) -> bool:
        """Whether the scene's box and another have a point in common."""
        return boxes_meet(self.box, box)

    @property
    def platform(self) -> str:
        """The satellite, in lower case; "" if not told."""
        said = self.properties.get("platform", "")
        return said.lower() if isinstance(said, str) else ""

    @property
    def baseline(self) -> str | None:
        """Version of the processing, as the catalogue writes it."""
        for key in ("s2:processing_baseline", "processing:version", "landsat:collection_number"):
            if key in self.properties:
                return str(self.properties[key])
        return None

    @property
    def cloud_cover(self) -> float | None:
        """Share of the whole scene under cloud, 0 to 1, as the catalogue says."""
        percent = self.number("eo:cloud_cover")
        return None if percent is None else min(max(percent / 100, 0.0), 1.0)

    @property
    def sun_elevation_deg(self) -> float | None:
        """Height of the sun above the horizon."""
        elevation = self.number("view:sun_elevation")
        if elevation is None:
            zenith = self.number("s2:mean_solar_zenith")
            elevation = None if zenith is None else 90 - zenith
        return elevation if elevation is not None and -90 <= elevation <= 90 else None

    @property
    def sun_azimuth_deg(self) -> float | None:
        """Direction of the sun, clockwise from north."""
        azimuth = self.number("view:sun_azimuth", "s2:mean_solar_azimuth")
        return None if azimuth is None else azimuth % 360


def read_item(item: Any, *, base: str | Path, catalogue: str, folder: Path | None = None) -> Scene:
    """A scene from an item's JSON.

    Args:
        item: as the catalogue gave it.
        base: address or path of the document it stood in; relative addresses count from there.
        catalogue: who lists it.
        folder: of a local catalogue; its files have to lie inside.

    Raises:
        StacError: it has no name, no date, or no place, or they make no sense.
    """
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise StacError("an entry is no STAC item")
    name = item.get("id")
    if not isinstance(name, str) or not name:
        raise StacError("an item without a name")
    shown = printable(name, 80)
    given = item.get("properties")
    given = given if isinstance(given, dict) else {}
    try:
        acquired, moment = _dates(given)
        box = read_box(item.get("bbox"))
    except (ValueError, TypeError, OverflowError) as error:
        raise StacError(f"{shown}: {error}") from error
    collection = item.get("collection")
    return Scene(
        id=printable(name, _LONGEST),
        collection=printable(collection, _LONGEST) if isinstance(collection, str) else "",
        catalogue=catalogue,
        acquired=acquired,
        acquired_at=moment,
        box=box,
        assets=tuple(_assets(item.get("assets"), base, folder)),
        properties=MappingProxyType(_plain(given)),
    )


def read_moment(said: Any) -> datetime:
    """A date and time of RFC 3339 in UTC.

    Raises:
        ValueError: it is none, or has no zone.
    """
    if not isinstance(said, str):
        raise ValueError("a date that is no text")  # noqa: TRY004 - bad input, not a bad call
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise ValueError(f"{printable(said, 40)!r} is no date") from error
    if moment.tzinfo is None:
        raise ValueError(f"{printable(said, 40)!r} has no time zone")
    return moment.astimezone(UTC)


def read_box(said: Any) -> Box:
    """A bounding box of two or three dimensions as one of two.

    Raises:
        ValueError: it is none, or lies outside of the earth.
    """
    if not isinstance(said, list | tuple) or len(said) not in {4, 6}:
        raise ValueError("it has no bounding box")
    half = len(said) // 2
    numbers = (said[0], said[1], said[half], said[half + 1])
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        raise ValueError("its bounding box holds what is no number")
    west, south, east, north = (float(n) for n in numbers)
    # A little beyond is rounding.
    if max(abs(west), abs(east)) > 180.01 or not -90.01 <= south <= north <= 90.01:
        raise ValueError(f"its bounding box lies outside of the earth: {numbers}")
    return west, south, east, north


def boxes_meet(one: Box, other: Box) -> bool:
    """Whether two boxes have a point in common."""
    if one[1] > other[3] or other[1] > one[3]:
        return False
    return any(a[0] <= b[1] and b[0] <= a[1] for a in _spans(one) for b in _spans(other))


def _spans(box: Box) -> tuple[tuple[float, float], ...]:
    """West to east, in two pieces where the antimeridian lies between."""
    west, _, east, _ = box
    return ((west, east),) if west <= east else ((west, 180.0), (-180.0, east))


def _dates(properties: Mapping[str, Any]) -> tuple[Interval, datetime | None]:
    moment = properties.get("datetime")
    if moment is not None:
        at = read_moment(moment)
        return _sane((at.date(), at.date())), at
    try:
        first = read_moment(properties.get("start_datetime"))
        last = read_moment(properties.get("end_datetime"))
    except ValueError as error:
        raise ValueError("it has no date") from error
    return _sane((first.date(), last.date())), None


def _sane(days: Interval) -> Interval:
    latest = datetime.now(UTC).date() + timedelta(days=1)
    if days[1] < days[0]:
        raise ValueError(f"its exposure ends before it begins: {days[0]} to {days[1]}")
    if not date(_FIRST_YEAR, 1, 1) <= days[0] or days[1] > latest:
        raise ValueError(f"no scene is of {days[0]} to {days[1]}")
    return days


def _plain(given: Mapping[str, Any]) -> dict[str, Plain]:
    kept: dict[str, Plain] = {}
    for key, value in list(given.items())[:_MOST_PROPERTIES]:
        if isinstance(value, str):
            kept[key[:_LONGEST]] = printable(value, _LONGEST)
        elif isinstance(value, bool):
            kept[key[:_LONGEST]] = value
        elif isinstance(value, int | float):
            try:
                number = float(value)
            except OverflowError:
                continue
            if math.isfinite(number):
                kept[key[:_LONGEST]] = number
    return kept


def _assets(given: Any, base: str | Path, folder: Path | None) -> list[SceneAsset]:
    found = []
    for key, value in list(given.items())[:_MOST_ASSETS] if isinstance(given, dict) else ():
        href = value.get("href") if isinstance(value, dict) else None
        if not isinstance(href, str) or not 0 < len(href) <= _LONGEST_HREF:
            continue
        at = _located(href, base, folder)
        if at is not None:
            found.append(SceneAsset(key=key[:_LONGEST], href=at, bands=_band_names(value)))
    return found


def _located(href: str, base: str | Path, folder: Path | None) -> str | Path | None:
    """The file's address, or its path in a local catalogue; None for what is neither.

    A catalogue on the network cannot name files of this machine, and one in a folder only those
    inside of that folder.
    """
    try:
        scheme = urlsplit(href).scheme.lower()
        if scheme in {"http", "https"}:
            return href
        if isinstance(base, Path):
            path = (base.parent / href).resolve()
            inside = path.is_relative_to((folder or base.parent).resolve())
            return path if not scheme and inside else None
        whole = urljoin(base, href)
        return whole if urlsplit(whole).scheme.lower() in {"http", "https"} else None
    except (ValueError, OSError, RuntimeError):
        return None


def _band_names(asset: Mapping[str, Any]) -> tuple[str, ...]:
    """Common names of an asset's bands, by the fields of STAC 1.0 or 1.1; empty if incomplete."""
    for key, name in (("eo:bands", "common_name"), ("bands", "eo:common_name")):
        bands = asset.get(key)
        if isinstance(bands, list) and 0 < len(bands) <= _MOST_BANDS:
            names = [band.get(name) if isinstance(band, dict) else None for band in bands]
            if all(isinstance(n, str) for n in names):
                return tuple(str(n) for n in names)
    return ()
