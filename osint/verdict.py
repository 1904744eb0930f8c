"""From numbers to a verdict: confirmed, flagged, or undetermined with a leaning.

All thresholds stand here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from osint.answers import Answer, ReadingAnswer

Outcome = Literal["confirmed", "flagged", "undetermined"]
Leaning = Literal["supports", "against", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a claim counts as confirmed or flagged.

    Attributes:
        bayes_factor: at least this confirms; at most its inverse flags.
        predictive: at least this confirms; at most one minus it flags.
        reading_weight: every reading of at least this weight must agree.
        leaning: a Bayes factor of this or more (or its inverse or less) leans.
    """

    bayes_factor: float = 10.0
    predictive: float = 0.9
    reading_weight: float = 0.05
    leaning: float = 3.0


DEFAULT = Thresholds()


def outcome_of(answer: Answer, thresholds: Thresholds = DEFAULT) -> Outcome:
    """The verdict that one Bayes factor and one predictive probability allow."""
    if (
        answer.bayes_factor >= thresholds.bayes_factor
        and answer.predictive >= thresholds.predictive
    ):
        return "confirmed"
    if (
        answer.bayes_factor <= 1 / thresholds.bayes_factor
        and answer.predictive <= 1 - thresholds.predictive
    ):
        return "flagged"
    return "undetermined"


def decide(
    answer: Answer,
    readings: Sequence[ReadingAnswer],
    *,
    independent: bool,
    thresholds: Thresholds = DEFAULT,
) -> Outcome:
    """The verdict on a claim, by the two-sided rule under every reading that matters.

    Args:
        answer: the claim against everything of other origins.
        readings: the same under each reading of each ambiguous place.
        independent: whether anything independent could have said no.
        thresholds: the limits.
    """
    outcome = outcome_of(answer, thresholds)
    if outcome == "undetermined" or not independent:
        return "undetermined"
    matter = [r for r in readings if r.weight >= thresholds.reading_weight]
    if all(outcome_of(r.answer, thresholds) == outcome for r in matter):
        return outcome
    return "undetermined"


def leaning_of(answer: Answer, thresholds: Thresholds = DEFAULT) -> Leaning:
    """Which way a Bayes factor leans."""
    if answer.bayes_factor >= thresholds.leaning:
        return "supports"
    if answer.bayes_factor <= 1 / thresholds.leaning:
        return "against"
    return "none"


def posterior_probability(bayes_factor: float, reliability: float) -> float:
    """Probability that the claim is true, with its source's reliability as prior."""
    odds = bayes_factor * reliability / (1 - reliability)
    return odds / (1 + odds)
