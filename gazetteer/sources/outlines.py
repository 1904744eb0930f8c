"""Country outlines out of the box, from the time zones that timezonefinder ships.

A country is the union of its time zones, by the ``zone.tab`` of the tz database. Three things to
mind. The zones run out to about 12 nautical miles at sea, so that a coast is not where land ends
and two neighbours' line goes on into the water. Where a territory is disputed, a zone follows the
local clock and ``zone.tab`` names one country for it (Crimea: UA; Kosovo: part of RS); that is no
statement on sovereignty. And a zone drawn over a former line of control follows that line.

The zones come from OpenStreetMap by way of timezone-boundary-builder. Outlines are thinned to
``TOLERANCE_M`` and kept in the cache folder.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazetteer.errors import BorderError
from gazetteer.store import cache_folder

if TYPE_CHECKING:
    from shapely import MultiPolygon

ATTRIBUTION = "OpenStreetMap contributors via timezone-boundary-builder {version}, ODbL 1.0"

TOLERANCE_M = 30.0
"""How far a thinned outline may stray from the full one."""

UNCERTAINTY_M = 500.0
"""Taken for how far a border of this source may be off; a judgement, see the note on zones."""

_METRES_PER_DEGREE = 111_000.0


@cache
def _finder() -> Any:
    import atexit

    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder()
    # It holds files open, and otherwise complains of that when the process ends.
    atexit.register(finder.cleanup)
    return finder


@cache
def _zones() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Zones of every country, and the country of every zone."""
    from importlib.resources import files

    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    countries: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            countries[code] = (*countries.get(code, ()), zone)
            owner[zone] = code
    return countries, owner


def attribution() -> str:
    """How the source is to be named in a report."""
    return ATTRIBUTION.format(version=_finder().data_version)


def countries_at(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[str | None, ...]:
    """Country code for each point, None at sea or outside any; no outline is read for this.

    Args:
        lon: (n,) degrees.
        lat: (n,) degrees.
    """
    lons = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    lats = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    zones = _finder().timezone_names_at_land(lngs=lons, lats=lats)
    owner = _zones()[1]
    return tuple(owner.get(zone) if zone else None for zone in zones)


def outline(code: str, cache_dir: Path | None = None) -> MultiPolygon:
    """Outline of a country in longitude and latitude, thinned to ``TOLERANCE_M``.

    Args:
        code: ISO 3166-1 alpha-2, upper case.
        cache_dir: see ``store.cache_folder``; a cache that cannot be written is done without.

    Raises:
        BorderError: no time zone belongs to that code.
    """
    import shapely

    zones = _zones()[0].get(code)
    if zones is None:
        raise BorderError(
            f"no outline for country {code!r} comes with the toolkit; "
            "give one as GeoJSON with --gazetteer"
        )
    path = cache_folder(cache_dir) / "outlines" / f"{code}-{_finder().data_version}-1.wkb"
    with contextlib.suppress(OSError, shapely.GEOSException):
        kept = shapely.from_wkb(path.read_bytes())
        if isinstance(kept, shapely.MultiPolygon) and not kept.is_empty:
            return kept
    made = _united(zones)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(shapely.to_wkb(made))
            Path(part).replace(path)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise
    return made


def _united(zones: Sequence[str]) -> MultiPolygon:
    import shapely

    names = list(_finder().timezone_names)
    polygons = []
    for zone in zones:
        if zone not in names:
            continue
        for shell, *holes in _finder().get_geometry(tz_name=zone):
            rings = [np.column_stack(ring) for ring in (shell, *holes)]
            polygons.append(shapely.Polygon(rings[0], rings[1:]))
    whole = shapely.union_all(shapely.make_valid(polygons))
    thinned = shapely.make_valid(shapely.simplify(whole, TOLERANCE_M / _METRES_PER_DEGREE))
    parts = [part for part in shapely.get_parts(thinned) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def neighbours(outline: MultiPolygon, code: str, *, spacing_deg: float = 0.05) -> tuple[str, ...]:
    """Codes of the countries just outside an outline, sorted.

    Points are tried every ``spacing_deg`` along it, about 2 km to either side; a neighbour that
    shares less than that may be missed.
    """
    import shapely

    found: set[str] = set()
    for ring in shapely.get_rings(shapely.get_parts(outline)):
        line = shapely.segmentize(ring, spacing_deg)
        points = shapely.get_coordinates(line)
        along = np.diff(points, axis=0)
        length = np.hypot(along[:, 0], along[:, 1])
        along, middle = along[length > 0], ((points[1:] + points[:-1]) / 2)[length > 0]
        normal = np.column_stack([along[:, 1], -along[:, 0]]) / length[length > 0][:, None]
        for side in (0.02, -0.02):
            tried = middle + side * normal
            lon = np.clip(tried[:, 0], -180, 180)
            lat = np.clip(tried[:, 1], -90, 90)
            found.update(other for other in countries_at(lon, lat) if other)
    return tuple(sorted(found - {code}))
