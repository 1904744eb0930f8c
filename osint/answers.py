"""What the solver answers: how a claim fares, under each reading, and distances with masses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from osint.belief import FloatArray

# Width of the classes of a distribution of distances, metres: finer than any cell.
CLASS_M = 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one claim fares against everything of other origins.

    ``bayes_factor`` is p(said | true) / p(said | false); ``predictive`` the probability of the
    decision band; ``approximate`` says that loopy propagation had to answer.
    """

    bayes_factor: float
    predictive: float
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAnswer:
    """The same under one reading of one place; ``weight`` is that reading's posterior mass."""

    site: str
    reading: str
    weight: float
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """Distribution of the distance between two places, by everything of other origins.

    Attributes:
        distance_m: (n,) distances, metres, ascending.
        probability: (n,) their masses.
        open: mass of the cases in which one of the two is not placed.
    """

    distance_m: FloatArray
    probability: FloatArray
    open: float

    @classmethod
    def of(cls, distance_m: FloatArray, half_width_m: FloatArray, mass: FloatArray) -> Separation:
        """From pairs of positions: their distances, half widths and masses, all of one shape.

        Each pair stands for a stretch of distances, and its mass is laid evenly over that stretch.
        """
        if not mass.size:
            return cls(distance_m=np.empty(0), probability=np.empty(0), open=1.0)
        low = np.maximum(distance_m - half_width_m, 0.0) / CLASS_M
        first = np.floor(low).astype(np.int64).ravel()
        high = (distance_m + half_width_m) / CLASS_M
        last = np.maximum(np.ceil(high).astype(np.int64).ravel(), first + 1)
        height = mass.ravel() / (last - first)
        size = int(last.max()) + 1
        steps = np.bincount(first, weights=height, minlength=size)
        steps = steps - np.bincount(last, weights=height, minlength=size)
        laid = np.maximum(np.cumsum(steps), 0.0)
        used = np.flatnonzero(laid > 1e-12)
        return cls(
            distance_m=((used + 0.5) * CLASS_M).astype(np.float64),
            probability=laid[used],
            open=float(max(1.0 - mass.sum(), 0.0)),
        )

    def quantiles_m(self, shares: Sequence[float]) -> tuple[float, ...]:
        """Quantiles of the placed part, metres; NaN where nothing is placed."""
        total = float(self.probability.sum())
        if total <= 0:
            return tuple(float("nan") for _ in shares)
        middle = (np.cumsum(self.probability) - self.probability / 2) / total
        return tuple(float(np.interp(share, middle, self.distance_m)) for share in shares)
