"""What satellite and aerial imagery shows of a case's places, and what it cannot show."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.position import Position
from osint.belief import Belief, region_95
from osint.case import Case
from osint.checks.imagery_cover import cover_of
from osint.claims import DateInterval
from osint.errors import InputError
from osint.extract.dates import parse_published
from osint.judge import Judged, Scene
from osint.look.tiles import Site, Tiled, TileSearch

if TYPE_CHECKING:
    from imagery.chip import Chip
    from osint.report.model import Imagery, Unreached

# A chip shows at least this much ground, and at most this much, metres across.
_LEAST_CHIP_M = 4_000.0
_MOST_CHIP_M = 40_000.0
# The region with 95 % of the probability is shown with some ground around it.
_MARGIN = 1.25
# A reading that holds at least this share of a place's mass is worth a look of its own.
_LIKELY = 0.2
# Of the tiles that a chip was made of, this many are listed in the report; the archive has all.
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The imagery of a case, what could not be reached, and remarks for the report."""

    imagery: tuple[Imagery, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    notes: tuple[str, ...] = ()


def look_at_imagery(case: Case, scene: Scene, judged: Judged, tiles: TileSearch | None) -> Seen:
    """Chips around the places of the claims: from the case's rasters, then from tile servers.

    Args:
        case: names its rasters.
        scene: names the places.
        judged: says where the places can be and what is claimed of them when.
        tiles: the servers to ask; None asks nobody.

    Raises:
        InputError: a raster of the case is missing; one that cannot be read is the reader's error.
    """
    if not case.rasters and tiles is None:
        return Seen()
    sites = tuple(_sites(scene, judged))
    shown, notes = _from_rasters(case, sites)
    if tiles is None:
        return Seen(imagery=tuple(shown), notes=tuple(notes))
    found = tiles.look(sites)
    shown += [_from_tiles(tiled) for tiled in found.chips]
    return Seen(
        imagery=tuple(shown),
        unreached=tuple(found.unreached),
        notes=(*notes, *found.notes),
    )


def _sites(scene: Scene, judged: Judged) -> Iterator[Site]:
    """Places of the article's claims that have a position, with a date claimed of them."""
    dates: dict[str, DateInterval | None] = {}
    for judgement in judged.judgements:
        for site in judgement.sites:
            if judged.beliefs[site.id].lon.size:
                dates[site.id] = dates.get(site.id) or judgement.claim.date
    for site_id, claimed in dates.items():
        for name, belief in _grounds(scene.resolution.sites[site_id].name, judged.beliefs[site_id]):
            region = region_95(belief)
            if region is None:
                continue
            across_m = 2 * _MARGIN * region.radius_95_m
            yield Site(
                name=name,
                centre=Position(lon=region.lon, lat=region.lat),
                size_m=min(max(across_m, _LEAST_CHIP_M), _MOST_CHIP_M),
                region_m=2 * region.radius_95_m,
                claimed=claimed,
            )


def _grounds(name: str, belief: Belief) -> Iterator[tuple[str, Belief]]:
    """The grounds to look at: the place, or each likely reading where they lie far apart.

    Between two places of one name there is nothing to see.
    """
    region = region_95(belief)
    if region is None:
        return
    masses = belief.reading_masses()
    likely = np.flatnonzero(masses >= _LIKELY * masses.sum())
    if len(likely) < 2 or 2 * region.radius_95_m <= _MOST_CHIP_M:
        yield name, belief
        return
    for number in likely[np.argsort(-masses[likely], kind="stable")]:
        yield f"{name} as {belief.readings[number]}", belief.thinned(belief.reading == number)


def _from_rasters(case: Case, sites: tuple[Site, ...]) -> tuple[list[Imagery], list[str]]:
    if not case.rasters:
        return [], []
    from imagery.raster import LocalRaster

    shown: list[Imagery] = []
    notes: list[str] = []
    for path, entry in case.rasters:
        if not path.is_file():
            raise InputError(f"{path}: no such raster; correct [[imagery]] in case.toml")
        acquired = parse_published(entry.acquired) if entry.acquired else None
        raster = LocalRaster(path, acquired=(acquired.first, acquired.last) if acquired else None)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        before = len(shown)
        for site in sites:
            chip = raster.chip(site.centre, site.size_m, None)
            if chip is not None:
                own = {
                    "provider": entry.source or chip.provider,
                    "sha256": sha256,
                    "path": path.name,
                }
                shown.append(_entry(chip, site, site.size_m, own))
        if len(shown) == before:
            notes.append(f"{path.name} covers none of the places of this case.")
    return shown, notes


def _from_tiles(tiled: Tiled) -> Imagery:
    provider, look = tiled.provider, tiled.look
    used = [fact for fact in look.tiles if fact.reason is None and fact.fetched is not None]
    own = {
        "provider": provider.name,
        "attribution": provider.attribution,
        "licence": provider.licence,
        "remark": provider.note,
        "tile_count": len(used),
        "tiles": tuple(
            {
                "url": fact.url,
                "sha256": fact.fetched.sha256,
                "retrieved_at": fact.fetched.retrieved_at.isoformat(timespec="seconds"),
            }
            for fact in used[:_MOST_LISTED]
            if fact.fetched is not None
        ),
        "holes": tuple(
            f"{count} of {len(look.tiles)} tiles: {reason}" for reason, count in look.holes()
        ),
    }
    return _entry(tiled.chip, tiled.site, tiled.size_m, own)


def _entry(chip: Chip, site: Site, size_m: float, own: dict[str, Any]) -> Imagery:
    """A chip as the report lists it, with what only its kind of source has."""
    from imagery.picture import chip_png
    from osint.report.model import Imagery

    cover = cover_of(chip, site.claimed, elsewhere=site.region_m > size_m)
    return Imagery.model_validate(
        {
            "acquired": _interval(chip),
            "gsd_m": chip.gsd_m,
            "coverage": chip.coverage,
            "centre": {"lon": site.centre.lon, "lat": site.centre.lat},
            "footprint": [tuple(map(float, p)) for p in chip.footprint()],
            "supports": cover.supports,
            "cannot": cover.cannot,
            "picture": _data_uri(chip_png(chip)),
            "place": site.name,
            **own,
        }
    )


def _interval(chip: Chip) -> dict[str, str] | None:
    if chip.acquired is None:
        return None
    first, last = chip.acquired
    return {"first": first.isoformat(), "last": last.isoformat()}


def _data_uri(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
