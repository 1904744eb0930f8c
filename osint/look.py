"""What the case's own pictures show: photos beside their captions, satellite chips by place."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.position import Position
from osint.belief import Belief, region_95
from osint.case import Case
from osint.checks.imagery_cover import cover_of
from osint.checks.photo_area import check_area
from osint.checks.photo_position import check_position
from osint.checks.photo_time import check_time, time_predictive
from osint.claims import DateInterval, LocatedClaim
from osint.errors import InputError
from osint.extract.dates import parse_published
from osint.judge import Judged, PhotoFinding, Scene
from osint.pairing import pair_photos
from osint.resolve import Document

if TYPE_CHECKING:
    from imagery.chip import Chip
    from imagery.photo.facts import PhotoFacts
    from osint.report.model import Imagery, Photo

# A chip shows at least this much ground, and at most this much, metres across.
_LEAST_CHIP_M = 4_000.0
_MOST_CHIP_M = 40_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The photos of a case, read and put to their captions.

    ``article`` is the document with each claim's ``photo`` filled in.
    """

    article: Document
    facts: Mapping[Path, PhotoFacts] = field(default_factory=dict)
    photo_of: Mapping[str, Path] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def findings(self, scene: Scene, beliefs: Mapping[str, Belief]) -> dict[str, PhotoFinding]:
        """What each caption's photo says of its claim, by claim id."""
        found: dict[str, PhotoFinding] = {}
        for claim in self.article.extraction.claims:
            path = self.photo_of.get(claim.id)
            if path is None or not isinstance(claim, LocatedClaim):
                continue
            facts = self.facts[path]
            site = scene.resolution.site(self.article.key, claim.place)
            evidence = []
            predictive: list[float] = []
            if site.area is not None:
                position = check_area(facts, site.area, claim_id=claim.id)
            else:
                position = check_position(
                    facts, beliefs[site.id], claim_id=claim.id, place=claim.place.name
                )
            if position is not None:
                evidence.append(position[0])
                predictive.append(position[1])
            time_known = False
            if claim.date is not None:
                time = check_time(facts, claim.date, claim_id=claim.id)
                if time is not None:
                    evidence.append(time)
                    predictive.append(time_predictive(time))
                    time_known = True
            # Place and day must both be seen to confirm; one of them can be enough to contradict.
            complete = position is not None and (claim.date is None or time_known)
            complete = complete or bool(predictive and min(predictive) < 0.5)
            found[claim.id] = PhotoFinding(
                evidence=tuple(evidence),
                predictive=min(predictive) if predictive and complete else None,
            )
        return found

    def report_photos(self) -> tuple[Photo, ...]:
        """The photos as the report lists them."""
        from imagery.picture import thumbnail_jpeg
        from osint.report.model import Photo

        claim_of = {path: claim for claim, path in self.photo_of.items()}
        return tuple(
            Photo.model_validate(
                {
                    **facts.as_dict(),
                    "caption_claim": claim_of.get(path),
                    "thumbnail": _data_uri("jpeg", thumbnail_jpeg(path)),
                }
            )
            for path, facts in sorted(self.facts.items())
        )


def look_at_photos(case: Case, article: Document) -> Looked:
    """Read every photo of the case and put it to its caption.

    Raises:
        InputError: a photo is missing; a file that is not an image is the reader's own error.
    """
    claims = article.extraction.claims
    paired = pair_photos(case.photos, case.photo_captions, claims)
    if not paired.photos:
        return Looked(article=article, remarks=paired.remarks)
    from imagery.photo.metadata import read_photo

    facts = {path: read_photo(path) for path in paired.photos}
    named = tuple(
        replace(c, photo=paired.photo_of[c.id].name) if c.id in paired.photo_of else c
        for c in claims
    )
    return Looked(
        article=replace(article, extraction=replace(article.extraction, claims=named)),
        facts=facts,
        photo_of=paired.photo_of,
        remarks=paired.remarks,
    )


def look_at_imagery(
    case: Case, scene: Scene, judged: Judged
) -> tuple[tuple[Imagery, ...], tuple[str, ...]]:
    """Chips of the case's rasters around every place they cover, with what they can show."""
    if not case.rasters:
        return (), ()
    from imagery.picture import chip_png
    from imagery.raster import LocalRaster
    from osint.report.model import Imagery

    dates = _dates_by_site(judged)
    shown: list[Imagery] = []
    notes: list[str] = []
    for path, entry in case.rasters:
        if not path.is_file():
            raise InputError(f"{path}: no such raster; correct [[imagery]] in case.toml")
        acquired = parse_published(entry.acquired) if entry.acquired else None
        raster = LocalRaster(path, acquired=(acquired.first, acquired.last) if acquired else None)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        before = len(shown)
        for site_id, claimed in dates.items():
            region = region_95(judged.beliefs[site_id])
            if region is None:
                continue
            size_m = min(max(2.5 * region.radius_95_m, _LEAST_CHIP_M), _MOST_CHIP_M)
            centre = Position(lon=region.lon, lat=region.lat)
            chip = raster.chip(centre, size_m, None)
            if chip is None:
                continue
            cover = cover_of(chip, claimed)
            shown.append(
                Imagery.model_validate(
                    {
                        "provider": entry.source or chip.provider,
                        "acquired": _interval(chip),
                        "gsd_m": chip.gsd_m,
                        "coverage": chip.coverage,
                        "centre": {"lon": region.lon, "lat": region.lat},
                        "footprint": [tuple(map(float, p)) for p in chip.footprint()],
                        "supports": cover.supports,
                        "cannot": cover.cannot,
                        "picture": _data_uri("png", chip_png(chip)),
                        "place": scene.resolution.sites[site_id].name,
                        "sha256": sha256,
                        "path": path.name,
                    }
                )
            )
        if len(shown) == before:
            notes.append(f"{path.name} covers none of the places of this case.")
    return tuple(shown), tuple(notes)


def _dates_by_site(judged: Judged) -> dict[str, DateInterval | None]:
    """Places of the article's claims that have a position, with a date claimed of them."""
    dates: dict[str, DateInterval | None] = {}
    for judgement in judged.judgements:
        for site in judgement.sites:
            if judged.beliefs[site.id].lon.size:
                dates[site.id] = dates.get(site.id) or judgement.claim.date
    return dates


def _interval(chip: Chip) -> dict[str, str] | None:
    if chip.acquired is None:
        return None
    first, last = chip.acquired
    return {"first": first.isoformat(), "last": last.isoformat()}


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
