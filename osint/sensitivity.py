"""How far one anchor must be off before a verdict changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from osint.ground import SiteSpec
from osint.relation import Relation
from osint.solve import Model
from osint.verdict import Outcome, decide, outcome_of

# Where coordinates are off by more than this, the place is another place.
FARTHEST_M = 30_000.0
BEARINGS_DEG = tuple(45.0 * i for i in range(8))
_LADDER_M = (8_000.0, FARTHEST_M)
_BISECTIONS = 5
# Coarser than the verdict's own cells: only where the verdict turns is wanted. Where the coarsest
# give another verdict to begin with, finer ones are tried.
_SPACINGS_M = (8_000.0, 4_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The smallest displacement of one anchor, over all bearings, that changes the verdict."""

    site: str
    move_m: float
    azimuth_deg: float


def most_sensitive_anchor(
    specs: Sequence[SiteSpec],
    claim: Relation,
    given: Sequence[Relation],
    *,
    verdict: Outcome,
    independent: bool,
) -> Sensitivity | None:
    """The anchor whose smallest displacement changes the verdict on ``claim``; None if none does.

    ``specs`` are the places that hang together with the claim. Every reading of the anchor moves
    together, along each of eight bearings, up to 30 km. None too where the coarse cells do not give
    the ``verdict`` itself.
    """

    def outcome(moved: Model) -> Outcome:
        answer = moved.ask(claim, given)
        if outcome_of(answer) == "undetermined":
            return "undetermined"
        return decide(answer, moved.ask_by_reading(claim, given), independent=independent)

    models = (
        Model.build(specs, given, spacing_m=spacing, margin_m=FARTHEST_M) for spacing in _SPACINGS_M
    )
    model = next((m for m in models if outcome(m) == verdict), None)
    if model is None:
        return None
    best: Sensitivity | None = None
    for anchor in sorted(s.id for s in specs if s.points):
        limit = best.move_m if best else FARTHEST_M
        found = _smallest_move(model, anchor, outcome, verdict, limit, claim)
        if found is not None and (best is None or found.move_m < best.move_m):
            best = found
    return best


def _smallest_move(
    model: Model,
    anchor: str,
    outcome: Callable[[Model], Outcome],
    before: Outcome,
    limit_m: float,
    claim: Relation,
) -> Sensitivity | None:
    """Climb a ladder of distances, then bisect between the last two rungs."""

    def turns(distance_m: float, azimuth_deg: float) -> bool:
        angle = np.radians(azimuth_deg)
        moved = model.with_displaced(
            anchor,
            east_m=float(distance_m * np.sin(angle)),
            north_m=float(distance_m * np.cos(angle)),
            claim=claim,
        )
        return outcome(moved) != before

    steady = 0.0
    for rung in _LADDER_M:
        if steady >= limit_m:
            return None
        turned = [b for b in BEARINGS_DEG if turns(rung, b)]
        if not turned:
            steady = rung
            continue
        low, high, azimuth = steady, rung, turned[0]
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            still = [b for b in turned if turns(middle, b)]
            if still:
                high, turned, azimuth = middle, still, still[0]
            else:
                low = middle
        return Sensitivity(site=anchor, move_m=high, azimuth_deg=azimuth)
    return None
