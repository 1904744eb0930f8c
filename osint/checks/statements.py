"""What other publishers said, as evidence on a claim: each statement's pull."""

from __future__ import annotations

import math
from collections.abc import Mapping

from osint.document import Document
from osint.evidence import Evidence, Measurement, Provenance
from osint.statements import Statement
from osint.weigh import Weighed


def check_statements(
    weighed: Weighed,
    documents: Mapping[str, Document],
    statements: Mapping[str, Statement],
) -> tuple[Evidence, ...]:
    """One piece of evidence per statement that bears on the claim.

    Its ratio is the claim's Bayes factor with the statement over that without it, all others kept.
    """
    claim_id = weighed.claim.id
    found = []
    for number, pull in enumerate(weighed.pulls, start=1):
        document = documents[pull.relation.document]
        measurements = []
        if pull.relation.band is not None:
            band = pull.relation.band
            half = None
            if band.low_m is not None and band.high_m is not None:
                half = (band.high_m - band.low_m) / 2
            measurements.append(
                Measurement(
                    quantity="stated distance", value=band.said_m, unit="m", uncertainty=half
                )
            )
        if pull.relation.cone is not None:
            cone = pull.relation.cone
            measurements.append(
                Measurement(
                    quantity="stated azimuth",
                    value=cone.azimuth_deg,
                    unit="deg",
                    uncertainty=cone.half_angle_deg,
                )
            )
        found.append(
            statement_evidence(
                claim_id,
                number,
                document,
                statements.get(document.key),
                said=document.text,
                log_lr=pull.log_lr,
                measurements=tuple(measurements),
            )
        )
    return tuple(found)


def statement_evidence(
    claim_id: str,
    number: int,
    document: Document,
    statement: Statement | None,
    *,
    said: str,
    log_lr: float,
    measurements: tuple[Measurement, ...],
) -> Evidence:
    """One statement of another publisher as evidence: who said what, and what it does."""
    first = "" if document.origin == document.source else f" (first said by {document.origin})"
    return Evidence(
        id=f"{claim_id}.s{number}",
        claim_id=claim_id,
        check="statement",
        log_lr=log_lr,
        summary=(
            f"{document.source}{first}: \u201c{said.strip()}\u201d \u2014 {_effect_of(log_lr)}."
        ),
        origin=document.origin,
        measurements=measurements,
        provenance=(
            Provenance(
                source=document.source,
                locator=(statement.url or statement.locator) if statement else None,
            ),
        ),
    )


def _effect_of(log_lr: float) -> str:
    """What a pull does to a claim, in words."""
    times = math.exp(abs(log_lr))
    if times < 1.05:
        return "hardly moves the claim"
    if log_lr > 0:
        return f"makes the claim {times:.2g} times likelier"
    return f"makes the claim {times:.2g} times less likely"
