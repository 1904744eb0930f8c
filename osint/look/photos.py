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
from osint.case import Case, ShadowEntry
from osint.checks.photo import Claimed, Shown, check_photo
from osint.claims import Claim, LocatedClaim
from osint.document import Document
from osint.errors import CaseError
from osint.judge import PhotoFinding, Scene
from osint.pairing import Paired, pair_photos
from osint.readings import PlaceIndex

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts
    from imagery.photo.sandbox.pool import Sandbox
    from imagery.photo.seen import Sighting
    from osint.report.model import Photo

_MOST_SIGHTINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a photo looks like: previews for the report, and where else it was seen.

    Attributes:
        preview: a small JPEG; None where the pixels cannot be decoded.
        embedded: the same of the thumbnail in its metadata.
        sightings: of the same picture in other cases.
    """

    preview: bytes | None = None
    embedded: bytes | None = None
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The photos of a case, read and put to their captions.

    ``article`` is the document with each claim's ``photo`` filled in.
    """

    article: Document
    facts: Mapping[Path, PhotoFacts] = field(default_factory=dict)
    photo_of: Mapping[str, Path] = field(default_factory=dict)
    seen: Mapping[Path, Seen] = field(default_factory=dict)
    shadows: tuple[ShadowEntry, ...] = ()
    remarks: tuple[str, ...] = ()

    def findings(
        self,
        scene: Scene,
        beliefs: Mapping[str, Belief],
        gazetteer: PlaceIndex | None = None,
    ) -> dict[str, PhotoFinding]:
        """What each caption's photo says of its claim, by claim id.

        Args:
            scene: the case's places.
            beliefs: where each is by what others say.
            gazetteer: to look up places that a photo names inside; None: only names are compared.
        """
        by_name = {facts.path: facts for facts in self.facts.values()}
        found: dict[str, PhotoFinding] = {}
        for claim in self.article.extraction.claims:
            path = self.photo_of.get(claim.id)
            if path is None or not isinstance(claim, LocatedClaim):
                continue
            site = scene.resolution.site(self.article.key, claim.place)
            shown = Shown(
                facts=self.facts[path],
                sightings=self.seen.get(path, Seen()).sightings,
                shadows=self.shadows,
                others=by_name,
            )
            belief = beliefs[site.id] if site.area is None else None
            result = check_photo(
                shown, Claimed(claim=claim, site=site, belief=belief, gazetteer=gazetteer)
            )
            found[claim.id] = PhotoFinding(evidence=result.evidence, predictive=result.predictive)
        return found

    def report_photos(self) -> tuple[Photo, ...]:
        """The photos as the report lists them."""
        from osint.report.model import Photo

        claim_of = {path: claim for claim, path in self.photo_of.items()}
        return tuple(
            Photo.model_validate(
                {
                    **facts.as_full_dict(),
                    "caption_claim": claim_of.get(path),
                    "thumbnail": _data_uri(self.seen.get(path, Seen()).preview),
                    "embedded_thumbnail": _data_uri(self.seen.get(path, Seen()).embedded),
                    "sightings": [
                        sighting.as_dict() for sighting in self.seen.get(path, Seen()).sightings
                    ],
                }
            )
            for path, facts in sorted(self.facts.items())
        )


def look_at_photos(case: Case, article: Document, figures: Sequence[Figure] = ()) -> Looked:
    """Read every photo of the case and of the article's figures and put it to its caption.

    Files are read, and their pixels decoded, in child processes with limits. A file that is no
    image is left out and said so.

    Raises:
        InputError: a photo is missing, or a shadow names none of them.
        PhotoError: not one of the files is an image, or the trust list cannot be used.
    """
    claims = article.extraction.claims
    paired = pair_photos(case.photos, case.photo_captions, claims, figures)
    if not paired.photos:
        _check_shadows(case, ())
        return Looked(article=article, remarks=paired.remarks)
    from imagery.photo.provenance import read_trust_list
    from imagery.photo.sandbox.pool import Sandbox
    from imagery.photo.sandbox.reading import preview_of

    trust_list = read_trust_list(case.trust_list) if case.trust_list is not None else None
    with Sandbox(trust_list=trust_list) as sandbox:
        facts, remarks = _facts(paired, sandbox)
        _check_shadows(case, [each.path for each in facts.values()])
        photo_of = {claim_id: path for claim_id, path in paired.photo_of.items() if path in facts}
        by_photo = {path: _claim_of(path, photo_of, claims) for path in facts}
        sightings, said = _sightings(case, facts, by_photo, sandbox)
        seen = {
            path: Seen(
                preview=preview_of(sandbox, path, each),
                embedded=_embedded(each, sandbox),
                sightings=sightings.get(path, ()),
            )
            for path, each in facts.items()
        }
    named = tuple(
        replace(c, photo=paired.name_of(photo_of[c.id])) if c.id in photo_of else c for c in claims
    )
    return Looked(
        article=replace(article, extraction=replace(article.extraction, claims=named)),
        facts=facts,
        photo_of=photo_of,
        seen=seen,
        shadows=case.shadows,
        remarks=(*remarks, *said),
    )


def _facts(paired: Paired, sandbox: Sandbox) -> tuple[dict[Path, PhotoFacts], tuple[str, ...]]:
    """The facts of every file that is an image, and what to say of the others."""
    from imagery.errors import PhotoError
    from imagery.photo.sandbox.reading import read_photos

    facts: dict[Path, PhotoFacts] = {}
    unusable: dict[Path, PhotoError] = {}
    for path, found in zip(paired.photos, read_photos(paired.photos, sandbox=sandbox), strict=True):
        if isinstance(found, PhotoError):
            unusable[path] = found
        elif found.status == "unsupported" and not found.format:
            unusable[path] = PhotoError(found.problems[0] if found.problems else NOT_AN_IMAGE)
        else:
            facts[path] = replace(found, path=paired.name_of(path))
    if not unusable:
        return facts, paired.remarks
    if not facts:
        raise next(iter(unusable.values()))
    names = listed([paired.name_of(path) for path in unusable])
    remark = f"{counted(len(unusable), 'photo')} not used ({NOT_AN_IMAGE}): {names}."
    return facts, (*paired.remarks, remark)


def _check_shadows(case: Case, names: Sequence[str]) -> None:
    """Every measured shadow must be one of a photo of the case."""
    for entry in case.shadows:
        if entry.photo not in names:
            have = f"it has {listed(sorted(names))}" if names else "it has none"
            raise CaseError(f"shadow: photo = {entry.photo[:80]!r} is no photo of the case; {have}")


def _claim_of(
    path: Path, photo_of: Mapping[str, Path], claims: Sequence[Claim]
) -> LocatedClaim | None:
    """The claim a photo's caption makes of where it was taken."""
    return next(
        (c for c in claims if isinstance(c, LocatedClaim) and photo_of.get(c.id) == path), None
    )


def _sightings(
    case: Case,
    facts: Mapping[Path, PhotoFacts],
    by_photo: Mapping[Path, LocatedClaim | None],
    sandbox: Sandbox,
) -> tuple[dict[Path, tuple[Sighting, ...]], tuple[str, ...]]:
    """Where each photo was seen in earlier cases; this case's own are then added for later ones."""
    if case.seen is None:
        return {}, ()
    from datetime import UTC, datetime

    from imagery.errors import ArchiveError, PhotoError
    from imagery.photo.fingerprint import Fingerprint
    from imagery.photo.fingerprint.carried import from_bytes
    from imagery.photo.sandbox.reading import run
    from imagery.photo.seen import Archive, Entry
    from osint.checks.photo_seen import caption_kept

    found: dict[Path, tuple[Sighting, ...]] = {}
    kept: list[tuple[Entry, Fingerprint | None]] = []
    now = datetime.now(UTC)
    try:
        with Archive.open(case.seen.folder) as archive:
            for path, photo in facts.items():
                try:
                    print_ = from_bytes(run("fingerprint", path, sandbox=sandbox))
                except PhotoError:
                    # It is known by its bytes all the same.
                    print_ = None
                sightings = archive.find(print_, sha256=photo.sha256, but_not=case.seen.case)
                found[path] = sightings[:_MOST_SIGHTINGS]
                claim = by_photo[path]
                kept.append(
                    (
                        Entry(
                            sha256=photo.sha256,
                            case=case.seen.case,
                            name=photo.path,
                            seen_at=now,
                            caption=caption_kept(claim.text, claim.origin) if claim else "",
                            place=claim.place.name if claim else "",
                            date=str(claim.date) if claim and claim.date else "",
                        ),
                        print_,
                    )
                )
            archive.add_many(kept)
    except ArchiveError as error:
        return found, (f"The archive of pictures seen before was not used: {error}.",)
    return found, ()


def _embedded(facts: PhotoFacts, sandbox: Sandbox) -> bytes | None:
    """The thumbnail of a photo's metadata, drawn anew; None without one that can be decoded."""
    from imagery.errors import PhotoError
    from imagery.photo.sandbox.reading import run

    if facts.thumbnail is None:
        return None
    try:
        return run("preview", facts.thumbnail, sandbox=sandbox)
    except PhotoError:
        return None


def _data_uri(jpeg: bytes | None) -> str | None:
    if jpeg is None:
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
