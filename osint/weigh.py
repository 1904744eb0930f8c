"""One claim against a set of statements: everything a verdict on it needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from osint.answers import Answer, ReadingAnswer, Separation
from osint.ground import SiteSpec
from osint.refine import Refined, refine
from osint.relation import Relation, connected
from osint.sensitivity import Sensitivity, most_sensitive_anchor
from osint.solve import COARSEST_M, Model
from osint.verdict import Outcome, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """How much one statement moves a claim: the log of the Bayes factor with it over without it."""

    relation: Relation
    log_lr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A claim weighed.

    ``independent`` says whether anything of another origin could have contradicted it; ``refined``
    holds the model at the cells that sufficed.
    """

    claim: Relation
    answer: Answer
    outcome: Outcome
    readings: tuple[ReadingAnswer, ...]
    separation: Separation | None
    pulls: tuple[Pull, ...]
    sensitivity: Sensitivity | None
    independent: bool
    refined: Refined


def weigh(
    claim: Relation,
    specs: Sequence[SiteSpec],
    given: Sequence[Relation],
    *,
    brief: bool = False,
) -> Weighed | None:
    """Weigh ``claim`` by ``given``, none of which may be of its origin.

    ``brief`` leaves out what explains the answer: each statement's pull and the sensitivity.

    Returns:
        None where one of its places has no position at all: there is nothing to weigh.
    """
    near = connected(claim, given)
    reached = {s for r in (claim, *near) for s in (r.a, r.b) if s is not None}
    used = [s for s in specs if s.id in reached]
    ends = [s for s in (claim.a, claim.b) if s is not None]
    if any(not _placeable(spec, near) for spec in used if spec.id in ends):
        return None
    coarse = Model.build(used, near, spacing_m=COARSEST_M)
    if any(not coarse.sites[s].belief.lon.size for s in ends):
        return None
    refined = refine(coarse, [(claim, near)])
    answer = refined.model.ask(claim, near)
    readings = refined.model.ask_by_reading(claim, near)
    independent = bool(near) or all(not coarse.sites[s].described for s in ends)
    outcome = decide(answer, readings, independent=independent)
    sensitivity = None
    if not brief and claim.b is not None:
        # A border is no anchor that could be misplaced, and what lies on it is weighed by others.
        sensitivity = most_sensitive_anchor(
            used, claim, near, verdict=outcome, independent=independent
        )
    return Weighed(
        claim=claim,
        answer=answer,
        outcome=outcome,
        readings=readings,
        separation=refined.model.separation(claim, near),
        pulls=() if brief else _pulls(coarse, claim, near),
        sensitivity=sensitivity,
        independent=independent,
        refined=refined,
    )


def _placeable(spec: SiteSpec, given: Sequence[Relation]) -> bool:
    """Whether anything at all can say where a place is."""
    return bool(spec.points) or spec.border is not None or any(spec.id in (r.a, r.b) for r in given)


def _pulls(model: Model, claim: Relation, given: Sequence[Relation]) -> tuple[Pull, ...]:
    """Each statement's pull, by leaving it out."""
    everything = model.ask(claim, given).bayes_factor
    pulls = []
    for relation in given:
        rest = [r for r in given if r.id != relation.id]
        without = model.ask(claim, rest).bayes_factor
        pulls.append(
            Pull(
                relation=relation,
                log_lr=math.log(max(everything, 1e-12) / max(without, 1e-12)),
            )
        )
    return tuple(pulls)
