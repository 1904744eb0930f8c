"""What may have gone wrong when a point was written down, and what it should have been.

Reading order::

    said     what is said of where a point should lie; its places and how well a position fits them
    slips    slips of the hand in two numbers, each with the points it may have come from
    judge    the explanations of a point, ranked

A repair is a proposal with a probability and a reason; nothing is ever changed silently.
"""

from gazetteer.mistakes.judge import Diagnosis, Hypothesis, diagnose
from gazetteer.mistakes.said import Said

__all__ = ["Diagnosis", "Hypothesis", "Said", "diagnose"]
