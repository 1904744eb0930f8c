"""One piece of evidence: what a check found, as a likelihood ratio with its basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A measured quantity; ``uncertainty`` is in the same unit, None where it is not known."""

    quantity: str
    value: float | str
    unit: str
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a fact comes from, so that anyone can look it up."""

    source: str
    locator: str | None = None
    sha256: str | None = None
    retrieved_at: datetime | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one check says of one claim.

    Attributes:
        id: unique within a report ("v1").
        claim_id: the claim it bears on.
        check: which check found it.
        log_lr: natural logarithm of p(found | claim true) / p(found | claim false); 0 where it
            cannot tell.
        summary: one sentence for a reader.
        measurements: the numbers behind it.
        provenance: the sources behind it.
        origin: who is behind it; a claim's own origin never counts for it.
    """

    id: str
    claim_id: str
    check: str
    log_lr: float
    summary: str
    origin: str
    measurements: tuple[Measurement, ...] = ()
    provenance: tuple[Provenance, ...] = ()
