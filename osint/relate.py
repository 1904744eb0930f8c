"""From claims to relations between sites: what of the texts the solver can weigh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gazetteer.borders import BorderLine
from gazetteer.compass import compass_sector
from osint.claims import (
    BorderClaim,
    Claim,
    ContainmentClaim,
    DirectionClaim,
    Distance,
    SeparationClaim,
    ZoneClaim,
)
from osint.constraints import Band, Cone, Within, distance_tail_m
from osint.document import Document
from osint.readings import PlaceIndex, border_line
from osint.relation import Relation, origin_key
from osint.resolve import Resolution

# Prior probability that a statement is true, by how it was put; from judgement until calibrated.
RELIABILITY = {"stated": 0.8, "reported": 0.7, "hedged": 0.65}


def band_of(distance: Distance) -> Band:
    """A stated distance as a band."""
    return Band(
        said_m=distance.said_m,
        low_m=distance.low_m,
        high_m=distance.high_m,
        tail_m=distance_tail_m(distance.said_m),
    )


def zone_radii(documents: Sequence[Document], resolution: Resolution) -> dict[str, Distance]:
    """Radius of the zone around each place that is said to have one, by site id.

    The first text's word comes first: it defines what it means by its zone.
    """
    radii: dict[str, Distance] = {}
    for document in documents:
        for claim in document.extraction.claims:
            if isinstance(claim, ZoneClaim) and claim.polarity == "affirmed":
                radii.setdefault(resolution.site(document.key, claim.centre).id, claim.radius)
    return radii


def relation_of(
    claim: Claim,
    document: Document,
    resolution: Resolution,
    gazetteer: PlaceIndex,
    *,
    radii: Mapping[str, Distance] | None = None,
) -> Relation | None:
    """The claim as a relation between sites; None for kinds that compare no positions.

    A border whose line, or an area whose outline, is not known gives None too.

    Args:
        claim: the claim.
        document: the text it stands in.
        resolution: which entity means which place.
        gazetteer: where border lines are.
        radii: radius of the zone around a place, by site id: what lies east *of a zone* lies east
            of its centre and outside it.
    """
    b: str | None = None
    band: Band | None = None
    cone: Cone | None = None
    border: BorderLine | None = None
    within: Within | None = None
    if isinstance(claim, SeparationClaim):
        a = resolution.site(document.key, claim.origin_entity).id
        b = resolution.site(document.key, claim.target).id
        band = band_of(claim.distance)
        cone = Cone.from_sector(*claim.bearing_deg) if claim.bearing_deg else None
    elif isinstance(claim, DirectionClaim):
        a = resolution.site(document.key, claim.subject).id
        b = resolution.site(document.key, claim.around or claim.target).id
        cone = Cone.from_sector(*compass_sector(claim.relation))
        if claim.around is not None and (radius := (radii or {}).get(b)) is not None:
            band = band_of(replace(radius, low_m=radius.low_m or radius.said_m, high_m=None))
    elif isinstance(claim, BorderClaim):
        a = resolution.site(document.key, claim.subject).id
        border = border_line(gazetteer.borders, claim.between)
        if border is None:
            return None
    elif isinstance(claim, ContainmentClaim):
        a = resolution.site(document.key, claim.subject).id
        area = resolution.site(document.key, claim.area).area
        if area is None:
            return None
        within = Within.of(area, share_of_country=area.share_of_country())
    else:
        return None
    if a == b:
        return None
    return Relation(
        id=claim.id,
        document=document.key,
        origin=document.origin,
        reliability=RELIABILITY[claim.modality],
        a=a,
        b=b,
        band=band,
        cone=cone,
        border=border,
        within=within,
        denied=claim.polarity == "denied",
    )


def joined_by_sentence(relations: Sequence[tuple[Relation, str]]) -> tuple[Relation, ...]:
    """One relation per thing a sentence says of a place: its border joins its distance.

    Args:
        relations: each with the sentence it stands in.
    """
    borders = {
        (r.document, sentence, r.a): r
        for r, sentence in relations
        if r.b is None and r.border is not None and not r.denied
    }
    joined: list[Relation] = []
    used: set[str] = set()
    for relation, sentence in relations:
        border = borders.get((relation.document, sentence, relation.a))
        if relation.b is not None and border is not None and not relation.denied:
            joined.append(replace(relation, border=border.border))
            used.add(border.id)
        else:
            joined.append(relation)
    return tuple(r for r in joined if r.id not in used)


def once_per_origin(relations: Sequence[Relation]) -> tuple[tuple[Relation, ...], tuple[str, ...]]:
    """Each thing that one origin said counts once, whoever repeats it.

    Of repetitions, the one that says most (a direction, a narrower band) is kept.

    Returns:
        The relations to weigh, and the ids of those left out as repetitions.
    """
    kept: list[Relation] = []
    repeated: list[str] = []
    for relation in sorted(relations, key=lambda r: (-_informative(r), r.origin, r.document, r.id)):
        if any(_same_said(relation, other) for other in kept):
            repeated.append(relation.id)
        else:
            kept.append(relation)
    return tuple(sorted(kept, key=lambda r: (r.origin, r.document, r.id))), tuple(sorted(repeated))


def _informative(relation: Relation) -> float:
    """How much a relation narrows down: the smaller the share it leaves, the more."""
    share = 1.0
    if relation.band is not None:
        share *= relation.band.false_share()
    if relation.cone is not None:
        share *= relation.cone.false_share()
    if relation.within is not None:
        share *= relation.within.chance
    return -share


def _same_said(one: Relation, other: Relation) -> bool:
    """Whether two relations of one origin say the same of the same places, either way round."""
    if origin_key(one.origin) != origin_key(other.origin) or one.denied != other.denied:
        return False
    if (one.border is None) != (other.border is None):
        return False
    if (one.within is None) != (other.within is None):
        return False
    if one.within is not None and other.within is not None:
        return one.a == other.a and one.within.area.key == other.within.area.key
    turned = (one.a, one.b) == (other.b, other.a)
    if not turned and (one.a, one.b) != (other.a, other.b):
        return False
    if one.band is not None and other.band is not None:
        low_a, high_a = one.band.reach_m()
        low_b, high_b = other.band.reach_m()
        said = abs(one.band.said_m - other.band.said_m)
        within = max(one.band.tail_m, other.band.tail_m)
        if said > within or high_a < low_b or high_b < low_a:
            return False
    if one.cone is not None and other.cone is not None:
        azimuth = other.cone.azimuth_deg + (180.0 if turned else 0.0)
        return bool(one.cone.contains(azimuth))
    return True
