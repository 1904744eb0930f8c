"""Statements that cannot all hold: the smallest such sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from osint.relation import Relation
from osint.solve import Model

# A set conflicts when holding all of it true is this much less likely than chance.
THRESHOLD = 0.1
# Larger sets, or sets among more statements, take time and say little.
LARGEST_SET = 3
MOST_RELATIONS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Claims that cannot all be true; ``ratio`` is Z(all true) over the product of Z(each)."""

    claims: tuple[str, ...]
    ratio: float


def find_conflicts(model: Model, relations: Sequence[Relation]) -> tuple[Conflict, ...]:
    """The smallest sets of ``relations`` that conflict; all sets of the smallest size.

    A set S conflicts when Z(S all true) < 0.1 times the product of Z(each alone), Z averaging the
    likelihood ratios over where the places can be. Only sets that hang together by a shared place
    are looked at.
    """
    placed = _placed_only(model)
    relations = [r for r in relations if _has_ground(placed, r)][:MOST_RELATIONS]
    alone = {r.id: placed.log_all_true([r]) for r in relations}
    for size in range(2, LARGEST_SET + 1):
        found: list[Conflict] = []
        for group in combinations(relations, size):
            if not _hangs_together(group):
                continue
            together = placed.log_all_true(group)
            each = [alone[r.id] for r in group]
            if together is None or any(z is None or np.isinf(z) for z in each):
                continue
            log_ratio = together - sum(z for z in each if z is not None)
            if log_ratio < np.log(THRESHOLD):
                ids = tuple(r.id for r in group)
                found.append(Conflict(claims=ids, ratio=float(np.exp(log_ratio))))
        if found:
            return tuple(sorted(found, key=lambda c: (c.ratio, c.claims)))
    return ()


def _placed_only(model: Model) -> Model:
    """Described places conditioned on being on the map: whether all can hold *somewhere*."""
    sites = {}
    for name, site in model.sites.items():
        belief = site.belief
        if site.described and belief.lon.size:
            masses = belief.masses.copy()
            masses[-1] = 0.0
            site = replace(site, belief=belief.with_masses(masses))
        sites[name] = site
    return Model(sites, model.relations, model.same_sense)


def _has_ground(model: Model, relation: Relation) -> bool:
    ends = (relation.a, relation.b)
    return all(model.sites[s].belief.lon.size > 0 for s in ends if s is not None)


def _hangs_together(group: Sequence[Relation]) -> bool:
    """Whether the group is connected through shared places."""
    rest = list(group[1:])
    reached = {group[0].a, group[0].b} - {None}
    while True:
        joined = [r for r in rest if {r.a, r.b} & reached]
        if not joined:
            return not rest
        for relation in joined:
            reached |= {relation.a, relation.b} - {None}
            rest.remove(relation)
