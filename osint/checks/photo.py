"""Everything that one photo says of its caption: all photo checks, put to one claim.

Facts that two readers disagree on, and facts salvaged from damaged metadata, are shown and not
weighed. Nothing is said about a photo without metadata: that is the normal case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from osint.belief import Belief, region_95
from osint.case import ShadowEntry
from osint.checks.photo_area import check_area
from osint.checks.photo_credentials import check_credentials
from osint.checks.photo_exposure import check_exposure
from osint.checks.photo_hours import ClaimedTimes, claimed_times, said_hours, zone_at
from osint.checks.photo_position import check_position
from osint.checks.photo_seen import check_seen, seen_predictive
from osint.checks.photo_shadow import MeasuredShadow, check_shadows
from osint.checks.photo_time import check_time, time_predictive
from osint.checks.photo_together import forged_in
from osint.checks.photo_words import ClaimedPlace, Fits, check_words
from osint.checks.shadow_table import ShadowTable, measured_shadow
from osint.claims import LocatedClaim
from osint.evidence import Evidence
from osint.readings import EXACT, PlaceIndex
from osint.resolve import Site

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts
    from imagery.photo.seen import Sighting

# A place that can be anywhere in so much ground has no one zone and no one sun.
_WIDEST_M = 750_000.0
# "At" a town is said of its surroundings; beyond this it is another place.
_SURROUNDINGS_M = 25_000.0
_ELSEWHERE_M = 75_000.0
_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A caption's claim and what is known of the place it names.

    Attributes:
        claim: the claim.
        site: its place.
        belief: where that is by what others say; None for an area.
        gazetteer: to look up names inside the file; None: they are compared as written.
    """

    claim: LocatedClaim
    site: Site
    belief: Belief | None
    gazetteer: PlaceIndex | None = None

    def middle(self) -> Position | None:
        """The place as one position with its spread; None where it can be too far apart."""
        if self.site.area is not None:
            west, south, east, north = self.site.area.shape.bounds
            point = self.site.area.shape.representative_point()
            reach_m = max(east - west, north - south) / 2 * _METRES_PER_DEGREE
            lon, lat = float(point.x), float(point.y)
        else:
            region = region_95(self.belief) if self.belief is not None else None
            if region is None:
                return None
            lon, lat, reach_m = region.lon, region.lat, region.radius_95_m
        if reach_m > _WIDEST_M:
            return None
        return Position(lon=lon, lat=lat, uncertainty_m=reach_m)

    def names(self) -> tuple[str, ...]:
        """Every way the place is written, in the texts and in gazetteers."""
        written = [self.claim.place.name, self.site.name, *self.site.names]
        if self.site.area is not None:
            written.append(self.site.area.name)
        for row in self.site.rows:
            written += [row.place.name, *row.place.names]
        return tuple(dict.fromkeys(written))

    def place(self, middle: Position | None) -> ClaimedPlace:
        """What words inside the file are held against."""
        codes = {row.place.country for row in self.site.rows if row.place.country}
        if self.site.area is not None and self.site.area.country:
            codes.add(self.site.area.country)
        return ClaimedPlace(
            names=self.names(),
            countries=tuple(sorted(codes)),
            nearness=lambda name: self._nearness(name, middle),
        )

    def _nearness(self, name: str, middle: Position | None) -> Fits | None:
        if self.gazetteer is None or middle is None or self.site.area is not None:
            return None
        away = [
            distance_m(middle, candidate.place.position)
            - (middle.uncertainty_m or 0.0)
            - candidate.place.extent_m
            for candidate in self.gazetteer.find(name, hows=EXACT)
        ]
        # Of homonyms the nearest counts: which one the captioner meant is not known.
        if not away:
            return None
        if min(away) <= _SURROUNDINGS_M:
            return "agrees"
        return "contradicts" if min(away) > _ELSEWHERE_M else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A claim's photo with what is known of it beside its own metadata.

    Attributes:
        facts: of the photo.
        sightings: of the same picture in other cases.
        shadows: what an analyst measured, in any photo of the case.
        others: facts of all photos of the case, by name, for shadows of one scene.
    """

    facts: PhotoFacts
    sightings: tuple[Sighting, ...] = ()
    shadows: tuple[ShadowEntry, ...] = ()
    others: Mapping[str, PhotoFacts] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the checks found; ``predictive`` is None unless place and day were both seen."""

    evidence: tuple[Evidence, ...]
    predictive: float | None


def check_photo(shown: Shown, claimed: Claimed) -> Found:
    """Put a photo to its caption.

    Raises:
        CaseError: a shadow was written down that measures nothing.
        ImageryError: a number of a shadow is none that can be measured.
    """
    facts, claim = shown.facts, claimed.claim
    usable = facts.status == "ok"
    disputed = {conflict.field for conflict in facts.conflicts}
    credentials = None if disputed else check_credentials(facts, claim_id=claim.id)
    forged = forged_in([credentials] if credentials else [])
    evidence: list[Evidence] = []
    predictive: list[float] = []
    position = None
    if usable and "position" not in disputed:
        position = _position(facts, claimed, forged)
    if position is not None:
        evidence.append(position[0])
        predictive.append(position[1])
    middle = claimed.middle()
    time = None
    if claim.date is not None and usable and not disputed & {"taken_at", "utc_offset"}:
        time = check_time(facts, claim.date, claim_id=claim.id, place=middle, forged=forged)
    if time is not None:
        evidence.append(time)
        predictive.append(time_predictive(time, forged=forged))
    # Place and day must both be seen to confirm; one of them can be enough to contradict.
    complete = position is not None and (claim.date is None or time is not None)
    evidence += _by_the_sun(shown, claimed, middle, forged, usable=usable)
    if credentials is not None and evidence:
        evidence.insert(0, credentials)
    if facts.status in {"ok", "malformed"}:
        evidence += check_words(facts, claim, claimed.place(middle))
    evidence += check_seen(shown.sightings, claim, path=facts.path, place_names=claimed.names())
    existed = seen_predictive(shown.sightings, claim)
    if existed is not None:
        predictive.append(existed)
    complete = complete or bool(predictive and min(predictive) < 0.5)
    return Found(
        evidence=tuple(evidence), predictive=min(predictive) if predictive and complete else None
    )


def _position(facts: PhotoFacts, claimed: Claimed, forged: float) -> tuple[Evidence, float] | None:
    claim, area = claimed.claim, claimed.site.area
    if area is not None:
        return check_area(facts, area, claim_id=claim.id, forged=forged)
    if claimed.belief is None:
        return None
    return check_position(
        facts, claimed.belief, claim_id=claim.id, place=claim.place.name, forged=forged
    )


def _by_the_sun(
    shown: Shown, claimed: Claimed, middle: Position | None, forged: float, *, usable: bool
) -> list[Evidence]:
    """Exposure and shadows against the sun over the claimed place."""
    facts, claim = shown.facts, claimed.claim
    shadows = _of_scene(shown.shadows, facts.path)
    if claim.date is None or middle is None:
        return []
    if not shadows and not (usable and facts.exposure):
        return []
    times = claimed_times(claim.date, middle, zone_at(middle), said_hours(claim.text))
    if times is None:
        return []
    found = []
    if usable and facts.exposure is not None:
        found.append(
            check_exposure(
                facts.exposure,
                middle,
                times,
                claim_id=claim.id,
                path=facts.path,
                sha256=facts.sha256,
                forged=forged,
            )
        )
    found.append(_shadows(shown, shadows, claimed, middle, times))
    return [evidence for evidence in found if evidence is not None]


def _shadows(
    shown: Shown,
    shadows: Sequence[ShadowEntry],
    claimed: Claimed,
    middle: Position,
    times: ClaimedTimes,
) -> Evidence | None:
    claim, others = claimed.claim, shown.others or {}
    measured: list[MeasuredShadow] = []
    for entry in shadows:
        own = entry.photo == shown.facts.path
        facts = shown.facts if own else others.get(entry.photo)
        later = timedelta(0) if own else _later(facts, shown.facts)
        if facts is None or later is None or claim.date is None:
            continue
        table = ShadowTable(**entry.model_dump(exclude={"scene"}))
        measured.append(
            measured_shadow(table, facts, middle, claim.date.first, later_s=later.total_seconds())
        )
    return check_shadows(measured, middle, times, claim_id=claim.id)


def _of_scene(shadows: Sequence[ShadowEntry], path: str) -> tuple[ShadowEntry, ...]:
    """The shadows of a photo, its own first, and of the photos of the same scene."""
    own = [entry for entry in shadows if entry.photo == path]
    scenes = {entry.scene for entry in own if entry.scene is not None}
    return (
        *own,
        *(entry for entry in shadows if entry.scene in scenes and entry.photo != path),
    )


def _later(facts: PhotoFacts | None, first: PhotoFacts) -> timedelta | None:
    """How long after the first photo another was taken, by clocks that can be compared."""
    if facts is None or facts.taken_at is None or first.taken_at is None:
        return None
    if (facts.taken_at.tzinfo is None) != (first.taken_at.tzinfo is None):
        return None
    return facts.taken_at - first.taken_at
