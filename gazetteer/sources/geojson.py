"""Outlines and border lines from a user's GeoJSON file (RFC 7946).

A polygon feature is the outline of a country; its code stands in ``iso:country``, ``ISO_A2``,
``iso_a2``, ``ISO3166-1-Alpha-2`` or ``country``. One without such a code, or whose ``kind`` or
``wof:placetype`` is not ``country``, is the outline of the area that ``name`` names. A line feature
is a stretch of the border that its property ``between`` names, as ``"SY-IQ"`` or ``["SY", "IQ"]``.
``source`` says where it is from and ``uncertainty_m`` how far it may be off, both optional.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.countries import country_of_field
from gazetteer.errors import GazetteerFileError, GeodesyError
from gazetteer.files import UnreadableFileError, read_regular
from gazetteer.geodesy import Floats, as_line

if TYPE_CHECKING:
    from shapely import MultiPolygon

MAX_BYTES = 128 * 2**20
"""Largest file taken."""

UNCERTAINTY_M = 1_000.0
"""Taken for a file that does not say how far its lines may be off; a judgement."""

_CODE_KEYS = ("iso:country", "ISO_A2", "iso_a2", "ISO3166-1-Alpha-2", "country")
_NAME_KEYS = ("name", "wof:name", "NAME", "NAME_1", "ADM1_EN")
_KIND_KEYS = ("kind", "wof:placetype")
_COUNTRY_KINDS = frozenset({"country", "dependency", "empire"})
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Outline of one country or named area as a file gives it; longitude and latitude.

    ``code`` is None for an area that is no country; ``name`` is then set.
    """

    code: str | None
    shape: MultiPolygon
    source: str
    uncertainty_m: float
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Lines that a file says are the border between two countries (codes sorted)."""

    between: tuple[str, str]
    lines: tuple[Floats, ...]
    source: str
    uncertainty_m: float


def read_geojson(path: Path) -> tuple[tuple[Outline, ...], tuple[Stretch, ...]]:
    """The outlines and border stretches of a file.

    Raises:
        GazetteerFileError: the file cannot be read, is not GeoJSON, or has a feature that is
            neither; the message counts features from 1.
    """
    outlines: list[Outline] = []
    stretches: list[Stretch] = []
    for number, feature in enumerate(_features(path), start=1):
        where = f"{path.name}, feature {number}"
        if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
            raise GazetteerFileError(f"{where} is no GeoJSON Feature; export the file again")
        properties = feature.get("properties") or {}
        geometry = feature.get("geometry")
        if not isinstance(properties, Mapping) or not isinstance(geometry, Mapping):
            raise GazetteerFileError(f"{where} lacks properties or a geometry; export it again")
        kind = geometry.get("type")
        source = str(properties.get("source") or properties.get("src:geom") or path.name)
        uncertainty_m = _uncertainty(where, properties)
        if kind in ("Polygon", "MultiPolygon"):
            code, name = _identity(where, properties)
            outlines.append(
                Outline(
                    code=code,
                    name=name,
                    shape=_polygon(where, geometry),
                    source=source,
                    uncertainty_m=uncertainty_m,
                )
            )
        elif kind in ("LineString", "MultiLineString"):
            stretches.append(
                Stretch(
                    between=_between(where, properties),
                    lines=_lines(where, geometry),
                    source=source,
                    uncertainty_m=uncertainty_m,
                )
            )
        else:
            raise GazetteerFileError(
                f"{where} has a geometry of type {kind!r}; give country polygons or border lines"
            )
    if not outlines and not stretches:
        raise GazetteerFileError(f"{path.name} has no features; give polygons or border lines")
    return tuple(outlines), tuple(stretches)


def _features(path: Path) -> list[Any]:
    try:
        data = json.loads(read_regular(path, limit=MAX_BYTES))
    except UnreadableFileError as problem:
        raise GazetteerFileError(f"{path} {problem}") from problem
    except (ValueError, RecursionError) as error:
        raise GazetteerFileError(f"{path.name} is not JSON ({error}); export it again") from error
    if isinstance(data, Mapping):
        if data.get("type") == "Feature":
            return [data]
        features = data.get("features")
        if data.get("type") == "FeatureCollection" and isinstance(features, list):
            return features
    raise GazetteerFileError(
        f"{path.name} is no GeoJSON Feature or FeatureCollection; export it as GeoJSON"
    )


def _uncertainty(where: str, properties: Mapping[str, Any]) -> float:
    value = properties.get("uncertainty_m")
    if value is None:
        return UNCERTAINTY_M
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or not math.isfinite(value) or value < 0:
        raise GazetteerFileError(
            f"{where}: uncertainty_m {value!r} is not a number of metres, 0 or more; correct it"
        )
    return float(value)


def _identity(where: str, properties: Mapping[str, Any]) -> tuple[str | None, str]:
    """The code of the country a polygon outlines, or None for an area, and its name."""
    kinds = {str(properties.get(key, "")).casefold() for key in _KIND_KEYS} - {""}
    names = (properties.get(key) for key in _NAME_KEYS)
    name = next((" ".join(n.split()) for n in names if isinstance(n, str) and n.strip()), "")
    name = name[:_LONGEST_NAME]
    if not kinds or kinds & _COUNTRY_KINDS:
        for key in _CODE_KEYS:
            value = properties.get(key)
            if isinstance(value, str) and (code := country_of_field(value)):
                return code, name
    if name:
        return None, name
    raise GazetteerFileError(
        f"{where} names no country and no area; add a property {_CODE_KEYS[-1]!r} with a code such "
        "as SY, or a property 'name'"
    )


def _between(where: str, properties: Mapping[str, Any]) -> tuple[str, str]:
    value = properties.get("between")
    parts = value.split("-") if isinstance(value, str) else value
    if isinstance(parts, list) and len(parts) == 2 and all(isinstance(p, str) for p in parts):
        codes = [country_of_field(part) for part in parts]
        first, second = sorted(code for code in codes if code) if all(codes) else ("", "")
        if first != second:
            return first, second
    raise GazetteerFileError(
        f"{where}: between is {value!r}; name the two countries of the line, such as SY-IQ"
    )


def _lines(where: str, geometry: Mapping[str, Any]) -> tuple[Floats, ...]:
    parts = geometry.get("coordinates")
    if geometry["type"] == "LineString":
        parts = [parts]
    if not isinstance(parts, list) or not parts:
        raise GazetteerFileError(f"{where} has no coordinates; export it again")
    try:
        return tuple(_in_range(where, as_line([pair[:2] for pair in part])) for part in parts)
    except (GeodesyError, TypeError, ValueError) as error:
        if isinstance(error, GazetteerFileError):
            raise
        raise GazetteerFileError(f"{where} has unusable coordinates ({error})") from error


def _polygon(where: str, geometry: Mapping[str, Any]) -> MultiPolygon:
    import shapely
    from shapely.geometry import shape

    try:
        made = shapely.force_2d(shape(dict(geometry)))
        if not made.is_valid:
            made = shapely.make_valid(made)
    except (shapely.GEOSException, TypeError, ValueError, IndexError, AttributeError) as error:
        raise GazetteerFileError(f"{where} has an unusable outline ({error})") from error
    parts: list[Any] = []
    for part in shapely.get_parts(made):
        parts += [p for p in shapely.get_parts(part) if p.geom_type == "Polygon"]
    if not parts:
        raise GazetteerFileError(f"{where} has an outline without area; export it again")
    _in_range(where, shapely.get_coordinates(parts))
    return shapely.MultiPolygon(parts)


def _in_range(where: str, points: Floats) -> Floats:
    if not np.isfinite(points).all() or np.abs(points).max(axis=0)[0] > 180:
        raise GazetteerFileError(
            f"{where} has a longitude outside -180 to 180; give WGS84 degrees, longitude first"
        )
    if np.abs(points[:, 1]).max() > 90:
        raise GazetteerFileError(
            f"{where} has a latitude outside -90 to 90; give WGS84 degrees, longitude first"
        )
    return points
