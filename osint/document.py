"""A text with what was read out of it."""

from __future__ import annotations

from dataclasses import dataclass

from osint.claims import Claim, DirectionClaim, Entity, Extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text with what was read out of it; ``key`` is unique ("article", "s1")."""

    key: str
    source: str
    origin: str
    text: str
    extraction: Extraction


def endpoints(claim: Claim) -> tuple[Entity, ...]:
    """The entities a claim is about, in the order of its fields.

    Of a zone that something lies beside, what counts is the place at its centre.
    """
    fields = ["subject", "origin_entity", "place", "target", "centre", "area"]
    if isinstance(claim, DirectionClaim) and claim.around is not None:
        fields = ["subject", "around"]
    ends = (getattr(claim, name, None) for name in fields)
    return tuple(e for e in ends if isinstance(e, Entity))
