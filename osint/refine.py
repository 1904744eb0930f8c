"""Cells fine enough for the question: halved until no Bayes factor moves any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from osint.network import MAX_TABLE
from osint.relation import Relation
from osint.solve import COARSEST_M, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """A model fine enough that halving its cells moved no Bayes factor by more than 5 %.

    ``moved`` is the largest change at the last halving; above 0.05 where the cell limit came first.
    """

    model: Model
    spacing_m: float
    moved: float


FINEST_M = 500.0
MAX_MOVE = 0.05


def refine(model: Model, claims: Sequence[tuple[Relation, Sequence[Relation]]]) -> Refined:
    """Halve the cells until no claim's Bayes factor moves by more than ``MAX_MOVE``.

    Cells that hold next to nothing under every set of statements asked about are not carried along.

    Args:
        model: grounded at ``COARSEST_M``.
        claims: each claim to be judged, with the statements it may be judged by.
    """
    gridded = [name for name, site in model.sites.items() if site.spacing_m is not None]
    spacing = max((model.sites[name].spacing_m or 0.0 for name in gridded), default=0.0)
    before = [model.ask(claim, given).bayes_factor for claim, given in claims]
    moved = 0.0
    # Two coarse grids can agree by chance: cells must also be no wider than the narrowest tail.
    said = [r.band for claim, given in claims for r in (claim, *given) if r.band is not None]
    finest_tail = min((band.tail_m for band in said), default=COARSEST_M)
    while gridded and claims and spacing > FINEST_M and _affordable(model):
        finer = model.halved([given for _, given in claims])
        after = [finer.ask(claim, given).bayes_factor for claim, given in claims]
        moved = max(
            abs(float(np.log(max(y, 1e-12) / max(x, 1e-12))))
            for x, y in zip(before, after, strict=True)
        )
        model, before, spacing = finer, after, spacing / 2
        if moved <= MAX_MOVE and spacing <= finest_tail:
            break
    return Refined(model=model, spacing_m=spacing, moved=moved)


def _affordable(model: Model) -> bool:
    """Whether the tables between linked places still fit if every cell were cut in four."""

    def states(name: str) -> int:
        site = model.sites[name]
        return site.belief.lon.size * (4 if site.spacing_m is not None else 1)

    return all(
        states(r.a) * (states(r.b) if r.b is not None else 1) <= MAX_TABLE for r in model.relations
    )
