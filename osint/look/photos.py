"""What the photos of a case show, each beside its caption."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from osint.article import Figure
from osint.article.pictures import NOT_AN_IMAGE, counted, listed
from osint.belief import Belief
from osint.case import Case
from osint.checks.photo_area import check_area
from osint.checks.photo_position import check_position
from osint.checks.photo_time import check_time, time_predictive
from osint.claims import LocatedClaim
from osint.document import Document
from osint.judge import PhotoFinding, Scene
from osint.pairing import pair_photos

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts
    from osint.report.model import Photo


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
        from osint.report.model import Photo

        claim_of = {path: claim for claim, path in self.photo_of.items()}
        return tuple(
            Photo.model_validate(
                {
                    **facts.as_dict(),
                    "caption_claim": claim_of.get(path),
                    "thumbnail": _thumbnail(path),
                }
            )
            for path, facts in sorted(self.facts.items())
        )


def look_at_photos(case: Case, article: Document, figures: Sequence[Figure] = ()) -> Looked:
    """Read every photo of the case and of the article's figures and put it to its caption.

    A file that is no image is left out and said so.

    Raises:
        InputError: a photo is missing.
        PhotoError: not one of the files is an image.
    """
    claims = article.extraction.claims
    paired = pair_photos(case.photos, case.photo_captions, claims, figures)
    if not paired.photos:
        return Looked(article=article, remarks=paired.remarks)
    from imagery.errors import PhotoError
    from imagery.photo.metadata import read_photo

    facts: dict[Path, PhotoFacts] = {}
    unusable: dict[Path, PhotoError] = {}
    for path in paired.photos:
        try:
            facts[path] = replace(read_photo(path), path=paired.name_of(path))
        except PhotoError as error:
            unusable[path] = error
    remarks = paired.remarks
    if unusable:
        if not facts:
            raise next(iter(unusable.values()))
        names = listed([paired.name_of(path) for path in unusable])
        remarks += (f"{counted(len(unusable), 'photo')} not used ({NOT_AN_IMAGE}): {names}.",)
    photo_of = {claim_id: path for claim_id, path in paired.photo_of.items() if path in facts}
    named = tuple(
        replace(c, photo=paired.name_of(photo_of[c.id])) if c.id in photo_of else c for c in claims
    )
    return Looked(
        article=replace(article, extraction=replace(article.extraction, claims=named)),
        facts=facts,
        photo_of=photo_of,
        remarks=remarks,
    )


def _thumbnail(path: Path) -> str | None:
    """A photo in small; None where its metadata can be read and its pixels cannot."""
    from imagery.errors import PhotoError
    from imagery.picture import thumbnail_jpeg

    try:
        return _data_uri("jpeg", thumbnail_jpeg(path))
    except PhotoError:
        return None


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
