"""Is the claim borne out? Claims, evidence, verdicts and reports.

Reading order::

    errors                     every error, as a tree
    claims, article, extract/  a text to claims
    case, statements           what an analyst hands in besides
    readings, resolve          phrases to places, names to rival readings
    relation, relate           claims to constraints between places
    constraints, belief, ground, network
                               what a sentence allows, where a place can be, how to sum it out
    answers, solve, refine     all statements at once, in cells that are fine enough
    weigh, sensitivity, conflicts, verdict, judge
                               one judgement per claim
    checks/, attach, pairing, look
                               photos, imagery and statements as evidence
    explain, report/           a judgement in words, and the files an editor gets
    pipeline, cli/             the whole flow, and the commands
"""

from __future__ import annotations

__version__ = "0.3.0"
