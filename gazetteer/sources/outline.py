"""A polygon as a place has it: a point that stands for it, how large it is, its outline as WKB."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_POINTS = 2_000_000
"""Most corners of an outline taken."""


class OutlineError(ValueError):
    """Why a geometry cannot be used, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a geometry says of a place.

    Attributes:
        lon, lat: of the point itself, of a point certainly inside a polygon near its middle, of
            the middle of a line.
        extent_m: for polygons the radius of the circle of the same area, for lines and several
            points half the diagonal of the bounding box; None for a point.
        wkb: polygons as a MultiPolygon in WKB, two-dimensional; None for the others.
    """

    lon: float
    lat: float
    extent_m: float | None
    wkb: bytes | None


def outline_of(geometry: Mapping[str, Any]) -> Ground:
    """The ground of a GeoJSON geometry.

    Raises:
        OutlineError: it is none, is empty, or has coordinates that are no degrees.
    """
    import shapely
    from shapely.geometry import shape

    try:
        made = shape(dict(geometry))
    except (
        shapely.errors.ShapelyError,
        TypeError,
        ValueError,
        IndexError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise OutlineError(f"unusable geometry: {str(error)[:120]}") from error
    return ground_of(made)


def ground_of(geometry: Any) -> Ground:
    """The ground of a shapely geometry in degrees, longitude first.

    Raises:
        OutlineError: as ``outline_of``.
    """
    import shapely

    if geometry is None or geometry.is_empty:
        raise OutlineError("it has no geometry")
    corners = shapely.get_num_coordinates(geometry)
    if corners > MAX_POINTS:
        raise OutlineError(f"{corners:,} corners; at most {MAX_POINTS:,} are taken")
    flat = shapely.force_2d(geometry)
    west, south, east, north = (float(value) for value in flat.bounds)
    if not all(math.isfinite(value) for value in (west, south, east, north)):
        raise OutlineError("coordinates that are not numbers")
    if west < -180 or east > 180 or south < -90 or north > 90:
        swapped = ""
        if south < -90 or north > 90:
            swapped = "; latitude and longitude may be swapped, or it is in metres"
        raise OutlineError(f"coordinates outside degrees ({east:g}, {north:g}){swapped}")
    try:
        return _ground(flat, (west, south, east, north))
    except shapely.errors.ShapelyError as error:
        raise OutlineError(f"unusable geometry: {error}") from error


def _ground(flat: Any, bounds: tuple[float, float, float, float]) -> Ground:
    import shapely

    if flat.geom_type == "Point":
        return Ground(lon=float(flat.x), lat=float(flat.y), extent_m=None, wkb=None)
    if not flat.is_valid:
        flat = shapely.make_valid(flat)
    polygons = [part for part in _parts(flat) if part.geom_type == "Polygon"]
    if polygons:
        whole = shapely.MultiPolygon(polygons)
        point = shapely.point_on_surface(max(polygons, key=lambda part: float(part.area)))
        return Ground(
            lon=float(point.x),
            lat=float(point.y),
            extent_m=max(math.sqrt(_area_m2(whole) / math.pi), 1.0),
            wkb=bytes(shapely.to_wkb(whole, output_dimension=2)),
        )
    west, south, east, north = bounds
    if flat.geom_type == "LineString":
        middle = flat.interpolate(0.5, normalized=True)
        lon, lat = float(middle.x), float(middle.y)
    else:
        middle = flat.centroid
        near = shapely.shortest_line(flat, middle)
        lon, lat = (float(value) for value in near.coords[0])
    from gazetteer.geodesy import inverse

    diagonal_m = float(inverse(west, south, east, north)[0])
    return Ground(lon=lon, lat=lat, extent_m=max(diagonal_m / 2, 1.0), wkb=None)


def _parts(geometry: Any) -> list[Any]:
    import shapely

    found: list[Any] = []
    for part in shapely.get_parts(geometry):
        found += list(shapely.get_parts(part))
    return found


def _area_m2(whole: Any) -> float:
    from pyproj import Geod

    return abs(float(Geod(ellps="WGS84").geometry_area_perimeter(whole)[0]))
