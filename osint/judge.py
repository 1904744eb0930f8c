"""Every claim of the article against everything that others say: one judgement each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from osint.agreement import Agreement, weigh_agreement
from osint.answers import Answer
from osint.belief import Belief
from osint.checks.photo_together import bayes_factor
from osint.claims import Claim, DatedClaim, LocatedClaim, ZoneClaim
from osint.conflicts import Conflict, find_conflicts
from osint.document import Document, endpoints
from osint.evidence import Evidence
from osint.ground import SiteSpec
from osint.readings import PlaceIndex
from osint.relate import RELIABILITY, joined_by_sentence, once_per_origin, relation_of, zone_radii
from osint.relation import Relation
from osint.resolve import Resolution, Site
from osint.solve import COARSEST_M, Model, independent_of
from osint.verdict import Leaning, Outcome, leaning_of, outcome_of, posterior_probability
from osint.weigh import Weighed, weigh

# Readings lighter than this are not worth a line of the report.
_SHOWN_READING = 0.005
# In articles of more comparable claims than this the explanations of each (every statement's pull,
# the sensitivity to its anchors) are left out: they take most of the time.
MOST_EXPLAINED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedReading:
    """The verdict under one reading of one place."""

    reading: str
    weight: float
    outcome: Outcome
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFinding:
    """What a caption's photo says of its claim; ``predictive`` None if it shows no position."""

    evidence: tuple[Evidence, ...]
    predictive: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one claim with all that led to it.

    ``weighed`` is None where no positions could be compared, ``answer`` where nothing at all speaks
    of the claim; ``why_unchecked`` says why. ``sites`` are the places at its ends.
    """

    claim: Claim
    outcome: Outcome
    sites: tuple[Site, ...]
    answer: Answer | None = None
    predictive: float | None = None
    weighed: Weighed | None = None
    readings: tuple[JudgedReading, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    why_unchecked: str | None = None
    excluded_by: str | None = None
    without_alias: Weighed | None = None
    agreement: Agreement | None = None

    @property
    def leaning(self) -> Leaning:
        """Which way the evidence leans."""
        return leaning_of(self.answer) if self.answer else "none"

    @property
    def probability(self) -> float | None:
        """Posterior probability with the reliability of the claim's source as prior."""
        if self.answer is None:
            return None
        return posterior_probability(self.answer.bayes_factor, RELIABILITY[self.claim.modality])


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """All judgements of a case, and what was found on the way.

    Attributes:
        judgements: one per claim of the article, in its order.
        beliefs: every place as the statements of other origins put it, by site id.
        conflicts: the smallest sets of claims and statements that cannot all hold.
        repeated: ids of statements counted once because their origin had said the same.
    """

    judgements: tuple[Judgement, ...]
    beliefs: Mapping[str, Belief]
    conflicts: tuple[Conflict, ...]
    repeated: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A case as places and relations: the article's own, and what others said."""

    resolution: Resolution
    specs: tuple[SiteSpec, ...]
    own: Mapping[str, Relation]
    others: tuple[Relation, ...]
    repeated: tuple[str, ...]

    def without_definitions(self, relations: Sequence[Relation]) -> tuple[Relation, ...]:
        """``relations`` less what only repeats the definition of a place: its border."""
        defined = {spec.id for spec in self.specs if spec.border is not None}
        return tuple(
            replace(r, border=None) if r.a in defined else r
            for r in relations
            if r.b is not None or r.within is not None or r.a not in defined
        )

    def for_claim(self, claim: Relation) -> tuple[tuple[SiteSpec, ...], tuple[Relation, ...]]:
        """The places and statements a claim is weighed by, nothing of its own origin among them.

        A place that its description puts on a border is there by definition, except for the claim
        that it is on a border: for that one it is wherever other statements put it.
        """
        given = independent_of([claim.origin], self.others)
        if claim.b is not None or claim.border is None:
            return self.specs, self.without_definitions(given)
        specs = tuple(replace(s, border=None) if s.id == claim.a else s for s in self.specs)
        return specs, replace(self, specs=specs).without_definitions(given)


def scene_of(documents: Sequence[Document], resolution: Resolution, gazetteer: PlaceIndex) -> Scene:
    """The first document's relations and those of the others, each origin counted once."""
    own: dict[str, Relation] = {}
    others: list[tuple[Relation, str]] = []
    radii = zone_radii(documents, resolution)
    for number, document in enumerate(documents):
        for claim in document.extraction.claims:
            relation = relation_of(claim, document, resolution, gazetteer, radii=radii)
            if relation is None:
                continue
            if number == 0:
                own[claim.id] = relation
            else:
                others.append((relation, claim.text))
    kept, repeated = once_per_origin(joined_by_sentence(others))
    specs = tuple(site.spec for site in resolution.sites.values())
    return Scene(resolution=resolution, specs=specs, own=own, others=kept, repeated=repeated)


def place_beliefs(scene: Scene, article_origin: str) -> dict[str, Belief]:
    """Where each place is by everything that others say."""
    given = scene.without_definitions(independent_of([article_origin], scene.others))
    model = Model.build(scene.specs, given, spacing_m=COARSEST_M)
    return {name: model.posterior(name, given) for name in model.sites}


def judge(
    documents: Sequence[Document],
    scene: Scene,
    beliefs: Mapping[str, Belief],
    *,
    photos: Mapping[str, PhotoFinding] | None = None,
    unaliased: Scene | None = None,
) -> Judged:
    """Judge every claim of the first document.

    Args:
        documents: the article, then other publishers' statements.
        scene: the case with the analyst's aliases applied.
        beliefs: where each place is by what others say.
        photos: what the photo of a caption says, by claim id.
        unaliased: the same case without the aliases, to show both.
    """
    article = documents[0]
    judgements = []
    # Two sentences that say the same of the same places are weighed once.
    done: dict[tuple[object, ...], Weighed | None] = {}
    brief = len(scene.own) > MOST_EXPLAINED
    for claim in article.extraction.claims:
        sites = tuple(scene.resolution.site(article.key, e) for e in endpoints(claim))
        if isinstance(claim, LocatedClaim):
            judgements.append(_judge_located(claim, sites, (photos or {}).get(claim.id)))
            continue
        if isinstance(claim, ZoneClaim | DatedClaim):
            agreement = weigh_agreement(claim, documents, scene.resolution)
            judgements.append(_judge_agreement(claim, sites, agreement))
            continue
        relation = scene.own.get(claim.id)
        weighed = None
        if relation is not None:
            said = relation.content()
            if said not in done:
                done[said] = weigh(relation, *scene.for_claim(relation), brief=brief)
            found = done[said]
            weighed = replace(found, claim=relation) if found else None
        if relation is None or weighed is None:
            why = _why_unchecked(claim, sites, relation)
            judgements.append(
                Judgement(claim=claim, outcome="undetermined", sites=sites, why_unchecked=why)
            )
            continue
        judgement = _judge_weighed(claim, sites, weighed, scene)
        if unaliased is not None and any(site.alias for site in sites):
            judgement = _beside_alias(judgement, unaliased)
        judgements.append(judgement)
    judgements = _only_one_of_a_kind(judgements)
    everything = scene.without_definitions((*scene.others, *scene.own.values()))
    used = [s for s in scene.specs if any(s.id in (r.a, r.b) for r in everything)]
    model = Model.build(used, everything, spacing_m=2 * COARSEST_M)
    return Judged(
        judgements=tuple(judgements),
        beliefs=beliefs,
        conflicts=find_conflicts(model, everything),
        repeated=scene.repeated,
    )


def _only_one_of_a_kind(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Of confirmed claims whose own words exclude each other, only the best supported stays so."""
    kept = list(judgements)
    confirmed = [i for i, j in enumerate(kept) if j.outcome == "confirmed" and j.weighed]
    for i in confirmed:
        for k in confirmed:
            one, other = kept[i], kept[k]
            if i == k or one.weighed is None or other.weighed is None:
                continue
            if not one.weighed.claim.excludes(other.weighed.claim):
                continue
            if one.answer and other.answer and one.answer.bayes_factor <= other.answer.bayes_factor:
                kept[i] = replace(one, outcome="undetermined", excluded_by=other.claim.id)
    return kept


def _judge_weighed(
    claim: Claim,
    sites: tuple[Site, ...],
    weighed: Weighed,
    scene: Scene,
) -> Judgement:
    several = len({r.site for r in weighed.readings}) > 1
    readings = tuple(
        JudgedReading(
            reading=f"{scene.resolution.sites[r.site].name}: {r.reading}" if several else r.reading,
            weight=r.weight,
            outcome=outcome_of(r.answer) if weighed.independent else "undetermined",
            answer=r.answer,
        )
        for r in sorted(weighed.readings, key=lambda r: (r.site, -r.weight, r.reading))
        if r.weight >= _SHOWN_READING
    )
    return Judgement(
        claim=claim,
        outcome=weighed.outcome,
        sites=sites,
        answer=weighed.answer,
        predictive=weighed.answer.predictive,
        weighed=weighed,
        readings=readings,
    )


def _beside_alias(judgement: Judgement, unaliased: Scene) -> Judgement:
    """The same claim without the analyst's assertion, as one more reading of weight 0."""
    relation = unaliased.own.get(judgement.claim.id)
    if relation is None:
        return judgement
    weighed = weigh(relation, *unaliased.for_claim(relation), brief=True)
    aliased = [site for site in judgement.sites if site.alias]
    given = [
        JudgedReading(
            reading=f"{site.name} is {site.alias.place} ({site.alias.by} says so)",
            weight=1.0,
            outcome=judgement.outcome,
            answer=judgement.answer,
        )
        for site in aliased
        if site.alias and judgement.answer
    ]
    if weighed is None:
        return replace(judgement, readings=(*given, *judgement.readings))
    labels = {
        unaliased.resolution.sites[s].spec.label
        for s in (relation.a, relation.b)
        if s is not None
        and unaliased.resolution.sites[s].spec.described_share >= 1
        and unaliased.resolution.sites[s].name in {a.name for a in aliased}
    }
    free = JudgedReading(
        reading=f"without that assertion: {'; '.join(sorted(labels)) or 'as the texts say'}",
        weight=0.0,
        outcome=weighed.outcome,
        answer=weighed.answer,
    )
    return replace(judgement, readings=(*given, free, *judgement.readings), without_alias=weighed)


def _judge_located(
    claim: LocatedClaim, sites: tuple[Site, ...], photo: PhotoFinding | None
) -> Judgement:
    """Who was where is for photos to show; geometry alone cannot."""
    if photo is None or not photo.evidence:
        return Judgement(
            claim=claim,
            outcome="undetermined",
            sites=sites,
            evidence=photo.evidence if photo else (),
            why_unchecked=(
                "the photo of this caption says neither where nor when it was taken"
                if photo is not None
                else "no photo file was given for this caption"
                if claim.caption
                else "nothing independent of the article was given that shows "
                + ("it there" if claim.subject.role == "site" else "who was there")
            ),
        )
    factor = bayes_factor(photo.evidence)
    predictive = photo.predictive
    if claim.polarity == "denied":
        # What shows that they were there speaks against the denial, and the other way round.
        factor = 1.0 / factor
        predictive = None if predictive is None else 1.0 - predictive
    answer = Answer(
        bayes_factor=factor,
        predictive=predictive if predictive is not None else 0.5,
    )
    return Judgement(
        claim=claim,
        outcome=outcome_of(answer),
        sites=sites,
        answer=answer,
        predictive=predictive,
        evidence=photo.evidence,
    )


def _judge_agreement(
    claim: Claim, sites: tuple[Site, ...], agreement: Agreement | None
) -> Judgement:
    """The size of a zone or the date of an event, by what others say of it."""
    if agreement is None:
        return Judgement(
            claim=claim,
            outcome="undetermined",
            sites=sites,
            why_unchecked=_why_nobody(claim),
        )
    return Judgement(
        claim=claim,
        outcome=agreement.outcome,
        sites=sites,
        answer=agreement.answer,
        predictive=agreement.answer.predictive,
        agreement=agreement,
    )


def _why_nobody(claim: Claim) -> str:
    """Why a zone or a date could not be compared."""
    if claim.polarity == "denied":
        return "it is a denial, which nothing that others say of a size or a day could bear out"
    if isinstance(claim, ZoneClaim):
        said = f", and that it was {claim.status} is nothing a map shows" if claim.status else ""
        return f"nobody else was given who says how large that zone is{said}"
    return "nobody else was given who says when that was"


def _why_unchecked(claim: Claim, sites: Sequence[Site], relation: Relation | None) -> str:
    reasons = [site.why_nowhere for site in sites if site.why_nowhere]
    if reasons:
        return "; ".join(dict.fromkeys(reasons))
    areas = [site.name for site in sites if site.area is not None]
    if areas and claim.kind != "containment":
        return f"{areas[0]!r} is an area, and distances are measured between places"
    if relation is None and claim.kind == "border":
        return "the border line is not known; give one with --gazetteer FILE.geojson"
    return "nothing that others say places it"
