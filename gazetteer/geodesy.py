"""Distances, bearings and lines on the WGS84 ellipsoid.

Array functions take numbers or numpy arrays of degrees and follow numpy's broadcasting; distances
are metres, azimuths degrees clockwise from true north in [0, 360). The solutions are Karney's
(2013, doi:10.1007/s00190-012-0578-z) as built into PROJ. Compass words come from ``compass``
and are offered here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazetteer.compass import COMPASS as COMPASS
from gazetteer.compass import compass_sector as compass_sector
from gazetteer.compass import compass_word as compass_word
from gazetteer.compass import sector_width_deg as sector_width_deg
from gazetteer.errors import GeodesyError
from gazetteer.position import Position

if TYPE_CHECKING:
    from pyproj import Geod

Floats = npt.NDArray[np.float64]
FloatsLike = npt.ArrayLike

# WGS84: equatorial radius in metres and flattening (NGA.STND.0036, table 3.1).
_EQUATOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563


@cache
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _broadcast(*values: FloatsLike) -> list[Floats]:
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    # pyproj works on contiguous buffers and may write into them.
    return [np.array(array, dtype=np.float64, order="C", copy=True) for array in arrays]


def _need_finite(what: str, *arrays: Floats) -> None:
    if not all(bool(np.isfinite(array).all()) for array in arrays):
        raise GeodesyError(f"{what} holds a value that is not finite; leave such points out first")


def inverse(
    lon1: FloatsLike, lat1: FloatsLike, lon2: FloatsLike, lat2: FloatsLike
) -> tuple[Floats, Floats]:
    """Geodesic distance in metres and azimuth in degrees at point 1 towards point 2.

    Inputs are degrees; shapes broadcast; both results have the broadcast shape. The azimuth of a
    point towards itself means nothing and is 0 or 180.

    Raises:
        GeodesyError: a coordinate is not finite.
    """
    a, b, c, d = _broadcast(lon1, lat1, lon2, lat2)
    _need_finite("a coordinate array", a, b, c, d)
    azimuth, _, distance = _geod().inv(a.ravel(), b.ravel(), c.ravel(), d.ravel())
    wrapped = _wrap_azimuth(np.asarray(azimuth, dtype=np.float64).reshape(a.shape))
    return np.asarray(distance, dtype=np.float64).reshape(a.shape), wrapped


def _wrap_azimuth(azimuth_deg: Floats) -> Floats:
    wrapped = np.mod(azimuth_deg, 360.0)
    # A tiny negative azimuth rounds up to exactly 360.
    return np.where(wrapped >= 360.0, 0.0, wrapped)


def distances_m(lon1: FloatsLike, lat1: FloatsLike, lon2: FloatsLike, lat2: FloatsLike) -> Floats:
    """Geodesic distances in metres; see ``inverse``."""
    return inverse(lon1, lat1, lon2, lat2)[0]


def azimuths_deg(lon1: FloatsLike, lat1: FloatsLike, lon2: FloatsLike, lat2: FloatsLike) -> Floats:
    """Azimuths in degrees at point 1 towards point 2; see ``inverse``."""
    return inverse(lon1, lat1, lon2, lat2)[1]


def destinations(
    lon: FloatsLike, lat: FloatsLike, azimuth_deg: FloatsLike, distance_m: FloatsLike
) -> tuple[Floats, Floats]:
    """Longitudes and latitudes (degrees) reached along an azimuth after a distance.

    Raises:
        GeodesyError: an input is not finite.
    """
    a, b, azimuth, distance = _broadcast(lon, lat, azimuth_deg, distance_m)
    _need_finite("an input array", a, b, azimuth, distance)
    out_lon, out_lat, _ = _geod().fwd(a.ravel(), b.ravel(), azimuth.ravel(), distance.ravel())
    return (
        np.asarray(out_lon, dtype=np.float64).reshape(a.shape),
        np.asarray(out_lat, dtype=np.float64).reshape(a.shape),
    )


def distance_m(a: Position, b: Position) -> float:
    """Geodesic distance between two positions in metres."""
    return float(inverse(a.lon, a.lat, b.lon, b.lat)[0])


def azimuth_deg(a: Position, b: Position) -> float:
    """Azimuth at ``a`` towards ``b`` in degrees, [0, 360)."""
    return float(inverse(a.lon, a.lat, b.lon, b.lat)[1])


def destination(a: Position, *, azimuth_deg: float, distance_m: float) -> Position:
    """The position reached from ``a``; it keeps the uncertainty of ``a``."""
    lon, lat = destinations(a.lon, a.lat, azimuth_deg, distance_m)
    return Position(lon=float(lon), lat=float(lat), uncertainty_m=a.uncertainty_m)


def ring(centre: Position, radius_m: float, *, points: int = 180) -> Floats:
    """Closed circle around ``centre``: (points + 1, 2) longitudes and latitudes, last = first.

    Raises:
        GeodesyError: the radius is not above zero or there are fewer than three points.
    """
    if not radius_m > 0 or points < 3:
        raise GeodesyError(
            f"a ring of {radius_m} m with {points} points cannot be drawn; "
            "give a radius above 0 and at least 3 points"
        )
    azimuths = np.linspace(0.0, 360.0, points + 1)
    azimuths[-1] = 0.0
    lon, lat = destinations(centre.lon, centre.lat, azimuths, radius_m)
    return np.column_stack([lon, lat])


def as_line(line: Any) -> Floats:
    """A polyline as an (n, 2) array of longitudes and latitudes, n at least 2.

    Raises:
        GeodesyError: the shape is another one or a value is not finite or out of range.
    """
    array = np.asarray(line, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2 or len(array) < 2:
        raise GeodesyError(
            f"a line of shape {array.shape} is not usable; give (n, 2) lon, lat with n >= 2"
        )
    _need_finite("a line", array)
    if np.abs(array[:, 1]).max() > 90 or np.abs(array[:, 0]).max() > 360:
        raise GeodesyError("a line leaves the range of longitude and latitude; is it in degrees?")
    return array


def _unwrapped(line: Floats) -> Floats:
    """The same line with longitudes that never jump by more than 180 degrees."""
    out = line.copy()
    out[:, 0] = np.unwrap(line[:, 0], period=360.0)
    return out


def densify(line: Any, spacing_m: float) -> tuple[Floats, Floats]:
    """Points along a line at even spacing, each the middle of an equal piece.

    Between two vertices a line is straight in longitude and latitude, as GeoJSON has it (RFC 7946,
    3.1.1), the short way round the antimeridian.

    Args:
        line: (n, 2) longitudes and latitudes.
        spacing_m: longest piece wanted, metres along the line.

    Returns:
        (k, 2) points with longitudes in [-180, 180], and (k,) the metres that each stands for;
        these sum to the length of the line. A line without length gives its first point and 0.

    Raises:
        GeodesyError: the spacing is not above zero or the line is unusable.
    """
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise GeodesyError(f"a spacing of {spacing_m} m is not usable; give metres above 0")
    fine = _fine(as_line(line), 20_000.0)
    steps = distances_m(fine[:-1, 0], fine[:-1, 1], fine[1:, 0], fine[1:, 1])
    along = np.concatenate([[0.0], np.cumsum(steps)])
    total = float(along[-1])
    if total == 0.0:
        return _wrap_lon(fine[:1]), np.zeros(1)
    count = max(1, int(np.ceil(total / spacing_m)))
    at = (np.arange(count) + 0.5) * (total / count)
    points = np.column_stack([np.interp(at, along, fine[:, axis]) for axis in (0, 1)])
    return _wrap_lon(points), np.full(count, total / count)


def _wrap_lon(points: Floats) -> Floats:
    out = points.copy()
    outside = np.abs(out[:, 0]) > 180
    out[outside, 0] = np.mod(out[outside, 0] + 180.0, 360.0) - 180.0
    return out


def _fine(line: Floats, step_m: float) -> Floats:
    """The unwrapped line with vertices added so that none is further than about ``step_m``."""
    line = _unwrapped(line)
    steps = distances_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
    counts = np.maximum(1, np.ceil(steps / step_m)).astype(np.int64)
    if counts.sum() == len(counts):
        return line
    which = np.repeat(np.arange(len(counts)), counts)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    share = (np.arange(len(which)) - first[which]) / counts[which]
    inner = line[which] + share[:, None] * (line[which + 1] - line[which])
    return np.concatenate([inner, line[-1:]])


def distance_to_lines_m(lon: FloatsLike, lat: FloatsLike, lines: Sequence[Any]) -> Floats:
    """Distance in metres from each point to the nearest place on any of the lines.

    Pieces of at most 250 m are searched in Earth-centred coordinates, where neither the poles nor
    the antimeridian are special; the distance to the place found is geodesic. Chord and geodesic
    rank places a little differently, which enters at second order: within 0.1 % at any distance.
    Lines are straight in longitude and latitude, see ``densify``.

    Args:
        lon: degrees; broadcast with ``lat``.
        lat: degrees.
        lines: (n, 2) arrays of longitudes and latitudes.

    Raises:
        GeodesyError: there is no line, or a coordinate is unusable.
    """
    if not len(lines):
        raise GeodesyError("no line to measure to; give at least one")
    lons, lats = _broadcast(lon, lat)
    _need_finite("a coordinate array", lons, lats)
    if lons.size == 0:
        return lons
    foot = _nearest_on(_xyz(lons.ravel(), lats.ravel()), [as_line(line) for line in lines])
    foot_lon = np.degrees(np.arctan2(foot[:, 1], foot[:, 0]))
    foot_lat = np.degrees(
        np.arctan2(foot[:, 2], (1 - _FLATTENING) ** 2 * np.hypot(foot[:, 0], foot[:, 1]))
    )
    return distances_m(lons.ravel(), lats.ravel(), foot_lon, foot_lat).reshape(lons.shape)


def _xyz(lon: Floats, lat: Floats) -> Floats:
    """Earth-centred coordinates of points on the ellipsoid, metres, (n, 3)."""
    east, north = np.radians(lon), np.radians(lat)
    squared = _FLATTENING * (2 - _FLATTENING)
    normal = _EQUATOR_M / np.sqrt(1 - squared * np.sin(north) ** 2)
    return np.column_stack(
        [
            normal * np.cos(north) * np.cos(east),
            normal * np.cos(north) * np.sin(east),
            normal * (1 - squared) * np.sin(north),
        ]
    )


def _nearest_on(points: Floats, lines: Sequence[Floats]) -> Floats:
    """The place on the lines nearest to each point; all Earth-centred, (n, 3).

    The nearest piece is one that ends at one of the few nearest vertices; looking at four of them
    guards against another line crowding out the right one.
    """
    fine = [_fine(line, 250.0) for line in lines]
    vertices = np.concatenate([_xyz(line[:, 0], line[:, 1]) for line in fine])
    last = np.cumsum([len(line) for line in fine]) - 1
    # Piece i runs from vertex i to i + 1; at the last vertex of a line it shrinks to that vertex.
    along = np.zeros_like(vertices)
    along[:-1] = vertices[1:] - vertices[:-1]
    along[last] = 0.0
    squared = (along**2).sum(axis=1)
    squared[squared == 0] = 1.0
    few = min(4, len(vertices))
    nearest = _nearest_vertices(points, vertices, few)
    best = np.full(len(points), np.inf)
    foot = np.empty_like(points)
    for column in nearest.T:
        for piece in (column, np.maximum(column - 1, 0)):
            start = vertices[piece]
            share = ((points - start) * along[piece]).sum(axis=1) / squared[piece]
            place = start + np.clip(share, 0.0, 1.0)[:, None] * along[piece]
            away = ((points - place) ** 2).sum(axis=1)
            better = away < best
            best[better], foot[better] = away[better], place[better]
    return foot


def _nearest_vertices(points: Floats, vertices: Floats, few: int) -> npt.NDArray[np.int64]:
    """Indices of the ``few`` vertices nearest to each point, (n, few), in no order."""
    if len(points) * len(vertices) <= 2_000_000:
        # Not worth the half second that the first import of scipy.spatial takes.
        away = ((points[:, None, :] - vertices[None, :, :]) ** 2).sum(axis=2)
        return np.asarray(np.argpartition(away, few - 1, axis=1)[:, :few], dtype=np.int64)
    from scipy.spatial import cKDTree

    _, nearest = cKDTree(vertices).query(points, k=few)
    return np.asarray(nearest, dtype=np.int64).reshape(len(points), few)
