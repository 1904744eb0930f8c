"""How one verdict came about: every factor with its source, in an order that multiplies up.

What a reader of a report sees as each statement's pull is what would change without it; those
pulls overlap and do not multiply. Here the statements are laid on one after another, so that the
product of the factors is the claim's Bayes factor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osint.checks.photo_together import forged_in
from osint.checks.trust import F_WRONG
from osint.document import Document
from osint.explain import kilometres, per_cent
from osint.judge import Judged, Judgement, Scene
from osint.relate import RELIABILITY
from osint.relation import Relation, origin_key
from osint.resolve import Site
from osint.verdict import DEFAULT, posterior_probability
from osint.weigh import Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a derivation.

    Attributes:
        about: which part it belongs to ("statement", "place", ...).
        text: what is taken, measured or concluded.
        factor: what it multiplies the odds of the claim by, or None for what is no factor.
        source: who or what stands behind it; "" for the tool's own rules.
    """

    about: str
    text: str
    factor: float | None = None
    source: str = ""

    def as_dict(self) -> dict[str, object]:
        """The step as ``osint check --explain ID --json`` prints it."""
        return {
            "about": self.about,
            "text": self.text,
            "factor": self.factor,
            "source": self.source,
        }


def derive(
    judgement: Judgement, judged: Judged, scene: Scene, documents: Sequence[Document]
) -> tuple[Step, ...]:
    """The whole derivation of one verdict, from the words to the outcome.

    The factors of the steps multiply to the claim's Bayes factor.

    Args:
        judgement: the verdict to explain.
        judged: all judgements of the case.
        scene: its places and statements.
        documents: the article, then other publishers' statements.
    """
    by_key = {document.key: document for document in documents}
    steps = _claim(judgement)
    steps += _left_out(judgement, judged, documents)
    if judgement.weighed is not None:
        steps += _places(judgement.weighed, scene)
        steps += _statements(judgement.weighed, by_key)
    elif judgement.agreement is not None:
        steps += [
            Step(
                about="statement",
                text=f"\u201c{' '.join(said.claim.text.split())}\u201d moves it "
                f"{math.exp(said.log_lr):.3g} times, all others kept",
                source=_who(said.document),
            )
            for said in judgement.agreement.said
        ]
        steps.append(_together(judgement, "all statements of the same number together"))
    elif judgement.evidence:
        steps += _photos(judgement)
    if judgement.answer is None:
        steps.append(Step(about="verdict", text=f"not checked: {judgement.why_unchecked}"))
        return tuple(steps)
    return (*steps, *_readings(judgement), *_verdict(judgement, scene))


def _claim(judgement: Judgement) -> list[Step]:
    claim = judgement.claim
    return [
        Step(
            about="claim",
            text=f"{claim.kind}, {claim.polarity}, {claim.modality}: "
            f"\u201c{' '.join(claim.text.split())}\u201d",
            source=claim.source
            + ("" if claim.origin == claim.source else f", from {claim.origin}"),
        )
    ]


def _left_out(judgement: Judgement, judged: Judged, documents: Sequence[Document]) -> list[Step]:
    """What cannot count: the claim's own origin, and what an origin said twice."""
    own = origin_key(judgement.claim.origin)
    steps = [
        Step(
            about="left out",
            text=f"\u201c{' '.join(document.text.split())[:200]}\u201d: of the claim's own origin",
            source=_who(document),
        )
        for document in documents[1:]
        if origin_key(document.origin) == own
    ]
    if judged.repeated:
        steps.append(
            Step(
                about="left out",
                text=f"{', '.join(judged.repeated)}: their origin had said the same before",
            )
        )
    return steps


def _places(weighed: Weighed, scene: Scene) -> list[Step]:
    steps = []
    posterior = {(r.site, r.reading): r.weight for r in weighed.readings}
    for name in sorted(weighed.refined.model.sites):
        site = scene.resolution.sites[name]
        for row in site.rows:
            place = row.place
            off = (
                "uncertainty unknown"
                if place.position.uncertainty_m is None
                else f"+-{kilometres(place.position.uncertainty_m)}"
            )
            after = posterior.get((site.id, row.label))
            moved = "" if after is None else f", {per_cent(after)} after all statements"
            steps.append(
                Step(
                    about="place",
                    text=f"{site.name} may be {row.label} at {place.position.lat:.5f}, "
                    f"{place.position.lon:.5f} ({off}); weight {per_cent(row.weight)} "
                    f"before any statement{moved}",
                    source=f"{place.source} {place.source_id or ''}".strip(),
                )
            )
        if not site.rows:
            steps.append(Step(about="place", text=_described(site), source=_border_source(site)))
        if site.alias:
            steps.append(
                Step(
                    about="assumption",
                    text=f"\u201c{site.alias.phrase}\u201d means {site.alias.place}: "
                    f"{site.alias.why}",
                    source=site.alias.by,
                )
            )
    return steps


def _described(site: Site) -> str:
    if site.spec.border is not None:
        return f"{site.name} is {site.spec.label}"
    return f"{site.name} is in no gazetteer: it is where the statements about it allow"


def _border_source(site: Site) -> str:
    return str(getattr(site.spec.border, "source", "")) if site.spec.border is not None else ""


def _statements(weighed: Weighed, documents: Mapping[str, Document]) -> list[Step]:
    """The statements one after another: what each makes of the factor of those before it."""
    model, claim = weighed.refined.model, weighed.claim
    given = [pull.relation for pull in weighed.pulls] or list(weighed.refined.model.relations)
    before = model.ask(claim, []).bayes_factor
    steps = [
        Step(
            about="coordinates",
            text="where gazetteers, borders and the ground that the statements allow put the "
            "places, before any statement is weighed",
            factor=before,
        )
    ]
    for number, relation in enumerate(given, start=1):
        after = model.ask(claim, given[:number]).bayes_factor
        document = documents[relation.document]
        steps.append(
            Step(
                about="statement",
                text=f"\u201c{' '.join(document.text.split())[:300]}\u201d, read as "
                f"{_read_as(relation)}, true with {per_cent(relation.reliability)}",
                factor=after / before if before > 0 else None,
                source=_who(document),
            )
        )
        before = after
    return steps


def _read_as(relation: Relation) -> str:
    parts = []
    if relation.band is not None:
        low, high = relation.band.low_m, relation.band.high_m
        if low is None:
            parts.append(f"at most {kilometres(high or relation.band.said_m)}")
        elif high is None:
            parts.append(f"at least {kilometres(low)}")
        else:
            parts.append(f"{kilometres(low)} to {kilometres(high)}")
        parts[-1] += f" (tail {kilometres(relation.band.tail_m)})"
    if relation.cone is not None:
        parts.append(
            f"azimuth {relation.cone.azimuth_deg:g} +-{relation.cone.half_angle_deg:g} deg "
            f"(tail {relation.cone.tail_deg:g})"
        )
    if relation.border is not None:
        parts.append("at the border")
    if relation.within is not None:
        parts.append(f"within {relation.within.area.name}")
    return ("not " if relation.denied else "") + ", ".join(parts)


def _photos(judgement: Judgement) -> list[Step]:
    forged = forged_in(judgement.evidence)
    steps = [
        Step(
            about="photo",
            text=f"{e.summary.rstrip('.')}: {math.exp(e.log_lr):.3g} times",
            source=e.origin,
        )
        for e in judgement.evidence
    ]
    steps.append(
        Step(
            about="rule",
            text=f"EXIF is wrong with {per_cent(F_WRONG)} and made to match with "
            f"{per_cent(forged)}, all of it at once: no photo counts for more than "
            f"{1 / forged:.0f} to 1 for a caption or 1 to {1 / F_WRONG:.0f} against it",
        )
    )
    if judgement.answer is not None:
        steps.append(_together(judgement, "all together, no better than the worse of its parts"))
    return steps


def _together(judgement: Judgement, text: str) -> Step:
    factor = judgement.answer.bayes_factor if judgement.answer is not None else None
    return Step(about="together", text=text, factor=factor)


def _readings(judgement: Judgement) -> list[Step]:
    return [
        Step(
            about="reading",
            text=f"if {r.reading} (weight {per_cent(min(r.weight, 1.0))}): Bayes factor "
            f"{r.answer.bayes_factor:.3g}, probability {per_cent(r.answer.predictive)}: "
            f"{r.outcome}",
        )
        for r in judgement.readings
    ]


def _verdict(judgement: Judgement, scene: Scene) -> list[Step]:
    answer = judgement.answer
    assert answer is not None
    prior = RELIABILITY[judgement.claim.modality]
    limit, share = DEFAULT.bayes_factor, DEFAULT.predictive
    predictive = judgement.predictive
    said = "not known" if predictive is None else per_cent(predictive)
    steps = [
        Step(
            about="verdict",
            text=f"Bayes factor {answer.bayes_factor:.3g} (confirms from {limit:g}, flags up to "
            f"{1 / limit:g}); probability of what is claimed {said} (confirms from "
            f"{per_cent(share)}, flags up to {per_cent(1 - share)}); every reading of "
            f"{per_cent(DEFAULT.reading_weight)} or more must agree: {judgement.outcome}",
        ),
        Step(
            about="probability",
            text=f"a statement that is {judgement.claim.modality} is true with {per_cent(prior)}; "
            f"with the factor that is "
            f"{per_cent(posterior_probability(answer.bayes_factor, prior))}",
        ),
    ]
    if judgement.weighed is not None and not judgement.weighed.independent:
        steps.insert(1, Step(about="rule", text="nothing independent could have said no"))
    if judgement.excluded_by:
        text = f"it excludes {judgement.excluded_by}, which fits better"
        steps.insert(1, Step(about="rule", text=text))
    sensitivity = judgement.weighed.sensitivity if judgement.weighed is not None else None
    if sensitivity is not None:
        name = scene.resolution.sites[sensitivity.site].name
        steps.append(
            Step(
                about="sensitivity",
                text=f"the verdict changes if {name} lies {kilometres(sensitivity.move_m)} towards "
                f"{sensitivity.azimuth_deg:.0f} deg from where it was taken to be",
            )
        )
    return steps


def _who(document: Document) -> str:
    if origin_key(document.origin) == origin_key(document.source):
        return document.source
    return f"{document.source}, first said by {document.origin}"
