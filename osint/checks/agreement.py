"""What other publishers said of a zone's size or an event's date, as evidence on a claim."""

from __future__ import annotations

from collections.abc import Mapping

from osint.agreement import Agreement
from osint.checks.statements import statement_evidence
from osint.claims import ZoneClaim
from osint.evidence import Evidence, Measurement
from osint.statements import Statement


def check_agreement(
    agreement: Agreement, claim_id: str, statements: Mapping[str, Statement]
) -> tuple[Evidence, ...]:
    """One piece of evidence per statement of another origin that speaks of the same number."""
    found = []
    for number, said in enumerate(agreement.said, start=1):
        document, other = said.document, said.claim
        if isinstance(other, ZoneClaim):
            radius = other.radius
            half = None
            if radius.low_m is not None and radius.high_m is not None:
                half = (radius.high_m - radius.low_m) / 2
            measured = Measurement(
                quantity="stated radius", value=radius.said_m, unit="m", uncertainty=half
            )
        else:
            measured = Measurement(quantity="stated date", value=str(other.date), unit="day")
        found.append(
            statement_evidence(
                claim_id,
                number,
                document,
                statements.get(document.key),
                said=other.text,
                log_lr=said.log_lr,
                measurements=(measured,),
            )
        )
    return tuple(found)
