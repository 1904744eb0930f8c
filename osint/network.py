"""A small discrete factor graph: exact elimination where it can be, loopy propagation where not.

Variables are named and have a number of states; a factor is a non-negative table over one or more
of them. Nothing here knows of places. Everything is deterministic: no sampling, and the order in
which factors were given changes no result beyond rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Largest table elimination may build: 24 million doubles are 190 MB.
MAX_TABLE = 24_000_000
_MAX_SWEEPS = 200
_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A table over ``variables``, one axis each, in their order."""

    variables: tuple[str, ...]
    table: FloatArray

    def __post_init__(self) -> None:
        if self.table.ndim != len(self.variables):
            raise ValueError(f"table of {self.table.ndim} axes for variables {self.variables}")
        if len(set(self.variables)) != len(self.variables):
            raise ValueError(f"a factor names a variable twice: {self.variables}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """A normalised joint table over ``variables``.

    ``log_evidence`` is the logarithm of the sum over everything before normalising; None where the
    answer is ``approximate`` (loopy propagation).
    """

    variables: tuple[str, ...]
    table: FloatArray
    log_evidence: float | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Network:
    """Variables with their numbers of states, and the factors between them."""

    sizes: Mapping[str, int]
    factors: tuple[Factor, ...]

    def __post_init__(self) -> None:
        for factor in self.factors:
            expected = tuple(self.sizes[v] for v in factor.variables)
            if factor.table.shape != expected:
                raise ValueError(f"{factor.variables} need a table of {expected}")

    def marginal(self, keep: Sequence[str], *, max_table: int = MAX_TABLE) -> Marginal:
        """The joint distribution of ``keep``, all else summed out.

        Exact unless a table of more than ``max_table`` entries would be needed.
        """
        keep = tuple(dict.fromkeys(keep))
        part = self.connected_to(keep)
        order = part._elimination_order(keep, max_table)
        if order is None:
            return part._loopy(keep)
        return part._eliminate(keep, order)

    def log_evidence(self) -> float | None:
        """Logarithm of the sum over all states of all variables; None if it cannot be exact."""
        return self.marginal(()).log_evidence

    def connected_to(self, keep: Sequence[str]) -> Network:
        """The part of the network that bears on ``keep`` (all of it where nothing is kept)."""
        if not keep:
            return self
        reached, grown = set(keep), True
        while grown:
            grown = False
            for factor in self.factors:
                names = set(factor.variables)
                if names & reached and not names <= reached:
                    reached |= names
                    grown = True
        sizes = {name: size for name, size in self.sizes.items() if name in reached}
        return Network(sizes, tuple(f for f in self.factors if set(f.variables) <= reached))

    def _elimination_order(self, keep: tuple[str, ...], max_table: int) -> tuple[str, ...] | None:
        """The order in which to sum variables out; None if some table would be too large."""
        scopes = tuple(f.variables for f in self.factors)
        return _order(tuple(sorted(self.sizes.items())), scopes, keep, max_table)

    def _eliminate(self, keep: tuple[str, ...], order: Sequence[str]) -> Marginal:
        factors = list(self.factors)
        log_scale = 0.0
        for name in order:
            touching = [f for f in factors if name in f.variables]
            rest = [f for f in factors if name not in f.variables]
            scope = tuple(sorted({v for f in touching for v in f.variables} - {name}))
            if touching:
                table = _summed_product(touching, scope)
            else:
                table = np.array(float(self.sizes[name]))
            table, log = _rescaled(table)
            log_scale += log
            factors = [*rest, Factor(variables=scope, table=table)]
        ones = [Factor(variables=(v,), table=np.ones(self.sizes[v])) for v in keep]
        table, log = _rescaled(_summed_product([*factors, *ones], keep))
        total = float(table.sum())
        if total <= 0:
            shape = tuple(self.sizes[v] for v in keep)
            flat = np.full(shape, 1.0 / max(int(np.prod(shape)), 1))
            return Marginal(
                variables=keep, table=flat, log_evidence=float("-inf"), approximate=False
            )
        return Marginal(
            variables=keep,
            table=table / total,
            log_evidence=log_scale + log + float(np.log(total)),
            approximate=False,
        )

    def _loopy(self, keep: tuple[str, ...]) -> Marginal:
        """Sum-product messages until they settle; the joint of ``keep`` from its beliefs.

        Messages are damped by half, which settles the small cycles met here. Between variables that
        share no factor the joint is taken as the product of their beliefs.
        """
        messages: dict[tuple[int, str], FloatArray] = {
            (i, v): np.full(self.sizes[v], 1.0 / self.sizes[v])
            for i, f in enumerate(self.factors)
            for v in f.variables
        }

        def incoming(name: str, without: int = -1) -> FloatArray:
            product = np.ones(self.sizes[name])
            for i, factor in enumerate(self.factors):
                if i != without and name in factor.variables:
                    product = product * messages[i, name]
                    product /= max(product.sum(), 1e-300)
            return product

        for _ in range(_MAX_SWEEPS):
            largest = 0.0
            for i, factor in enumerate(self.factors):
                for axis, name in enumerate(factor.variables):
                    table = factor.table
                    for other_axis, other in enumerate(factor.variables):
                        if other != name:
                            shape = [1] * table.ndim
                            shape[other_axis] = -1
                            table = table * incoming(other, i).reshape(shape)
                    new = table.sum(axis=tuple(a for a in range(table.ndim) if a != axis))
                    new = new / max(new.sum(), 1e-300)
                    new = 0.5 * new + 0.5 * messages[i, name]
                    largest = max(largest, float(np.abs(new - messages[i, name]).max()))
                    messages[i, name] = new
            if largest < _TOLERANCE:
                break
        beliefs = [Factor(variables=(v,), table=incoming(v)) for v in keep]
        table = _product(beliefs, keep, self.sizes)
        for factor in self.factors:
            if len(factor.variables) > 1 and set(factor.variables) <= set(keep):
                table = table * _product([factor], keep, self.sizes)
        return Marginal(
            variables=keep, table=table / table.sum(), log_evidence=None, approximate=True
        )


@lru_cache(maxsize=512)
def _order(
    sizes_of: tuple[tuple[str, int], ...],
    tables: tuple[tuple[str, ...], ...],
    keep: tuple[str, ...],
    max_table: int,
) -> tuple[str, ...] | None:
    """``Network._elimination_order``; questions of one shape are asked many times over."""
    sizes = dict(sizes_of)
    scopes = [set(table) for table in tables]
    left = set(sizes) - set(keep)
    order: list[str] = []
    while left:
        costs: list[tuple[int, int, int, str]] = []
        for name in left:
            touching = [s for s in scopes if name in s]
            union = {name}.union(*touching)
            made = _entries(sizes, union - {name})
            removed = sum(_entries(sizes, scope) for scope in touching)
            costs.append((max(made - removed, 0), _entries(sizes, union), made, name))
        # What makes nothing larger goes first, cheapest first. Cost alone would tie all documents'
        # readings of a name together before each has been summed out.
        _, largest, _, name = min(costs)
        if largest > max_table:
            return None
        union = set().union(*(s for s in scopes if name in s)) - {name}
        scopes = [s for s in scopes if name not in s] + [union]
        left.discard(name)
        order.append(name)
    return tuple(order) if _entries(sizes, set(keep)) <= max_table else None


def _entries(sizes: Mapping[str, int], names: set[str]) -> int:
    entries = 1
    for name in names:
        entries *= sizes[name]
    return entries


def _rescaled(table: FloatArray) -> tuple[FloatArray, float]:
    """The table with its largest entry 1, and the logarithm taken out."""
    peak = float(table.max()) if table.size else 0.0
    if peak <= 0:
        return table, 0.0
    return table / peak, float(np.log(peak))


def _summed_product(factors: Sequence[Factor], scope: tuple[str, ...]) -> FloatArray:
    """The product of ``factors`` summed over every variable outside ``scope``.

    Tables over the same variables are multiplied first. What is left is mostly two tables that
    share the variable to be summed out: one matrix product, so that the table over all variables
    is never built. Anything else is left to a general contraction.
    """
    merged: dict[tuple[str, ...], FloatArray] = {}
    for factor in sorted(factors, key=lambda f: (f.variables, f.table.size)):
        names = tuple(sorted(factor.variables))
        table = factor.table.transpose([factor.variables.index(v) for v in names])
        merged[names] = merged[names] * table if names in merged else table
    for names in [n for n in merged if len(n) == 1]:
        # A table over one variable is taken into any larger one that has it.
        for larger in merged:
            if len(larger) > 1 and names[0] in larger:
                shape = [-1 if v == names[0] else 1 for v in larger]
                merged[larger] = merged[larger] * merged.pop(names).reshape(shape)
                break
    if len(merged) == 2 and all(len(names) == 2 for names in merged):
        (left, one), (right, other) = merged.items()
        shared = set(left) & set(right)
        if len(shared) == 1 and set(scope) == (set(left) | set(right)) - shared:
            (name,) = shared
            one = one if left[1] == name else one.T
            other = other if right[0] == name else other.T
            product = one @ other
            rows = (set(left) - shared).pop()
            return product if scope[0] == rows else product.T
    letters = {v: i for i, v in enumerate(sorted({v for names in merged for v in names}))}
    operands: list[Any] = []
    for names, table in merged.items():
        operands += [table, [letters[v] for v in names]]
    summed = np.einsum(*operands, [letters[v] for v in scope], optimize="greedy")
    return np.asarray(summed, dtype=np.float64)


def _product(
    factors: Sequence[Factor], scope: tuple[str, ...], sizes: Mapping[str, int]
) -> FloatArray:
    """The product of ``factors`` as one table over ``scope``."""
    table = np.ones(tuple(sizes[v] for v in scope))
    for factor in sorted(factors, key=lambda f: f.variables):
        positions = [scope.index(v) for v in factor.variables]
        order = np.argsort(positions)
        shape = [1] * len(scope)
        for axis in positions:
            shape[axis] = sizes[scope[axis]]
        table *= factor.table.transpose(order).reshape(shape)
    return table


def brute_force(network: Network, keep: Sequence[str]) -> FloatArray:
    """The same joint by enumerating every state of everything: the oracle of the tests.

    Only for networks of a few thousand states in all.
    """
    names = tuple(sorted(network.sizes))
    table = _product(network.factors, names, network.sizes)
    drop = tuple(i for i, name in enumerate(names) if name not in keep)
    kept = [name for name in names if name in keep]
    summed = table.sum(axis=drop).transpose([kept.index(k) for k in keep])
    return np.asarray(summed / summed.sum())
