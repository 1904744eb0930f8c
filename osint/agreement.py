"""What several sources say of one number that no map holds: a zone's size, the day of an event.

Geometry cannot tell how large a zone was declared to be, or when a base was set up; other
publishers' statements can. The number is a belief of its own: even over what it could be before
anything is said, weighed by each statement of another origin as true with its reliability, and
otherwise said in error. Falsehood is modelled as for distances: a size said in error is
log-uniform, a date uniform over a year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from gazetteer.names import fold
from osint.answers import Answer
from osint.claims import Claim, DatedClaim, DateInterval, ZoneClaim
from osint.constraints import FALSE_DISTANCE_RANGE_M, FloatArray
from osint.document import Document
from osint.relate import RELIABILITY, band_of
from osint.relation import origin_key
from osint.resolve import Resolution
from osint.verdict import Outcome, outcome_of

# Said in error, a date lies anywhere within this many days.
FALSE_DATE_RANGE_DAYS = 365
# A report's day can be off by one (time zones, nights); the Gaussian tail of that, in days.
DATE_TAIL_DAYS = 0.5
# Share of their words that two descriptions of one event have in common; from judgement.
SAME_EVENT = 0.6

_RADII = 2_000
_SQRT_2PI = math.sqrt(2 * math.pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Another publisher's statement of the same number, and how much it moves the claim.

    ``log_lr`` is the log of the claim's Bayes factor with the statement over that without it.
    """

    claim: Claim
    document: Document
    log_lr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A claim weighed by what others say of the same number.

    ``spread`` is in words: between what limits the others put it. ``unchecked`` names the part of
    the claim that no such comparison can reach; a claim with such a part is never confirmed.
    """

    answer: Answer
    outcome: Outcome
    said: tuple[Said, ...]
    spread: str
    unchecked: str = ""


def weigh_agreement(
    claim: Claim, documents: Sequence[Document], resolution: Resolution
) -> Agreement | None:
    """Weigh the size of a zone, or the date of an event, by statements of other origins.

    Args:
        claim: a claim of the first document.
        documents: the article, then other publishers' statements.
        resolution: which entity means which place: zones are compared around one and the same.

    Returns:
        None for other kinds, for what is denied, and where nobody else speaks of it.
    """
    if claim.polarity == "denied":
        return None
    others = _once_per_origin(
        [
            (document, other)
            for document in documents[1:]
            if origin_key(document.origin) != origin_key(claim.origin)
            for other in document.extraction.claims
            if other.polarity == "affirmed" and other.kind == claim.kind
        ],
        claim,
        (documents[0], resolution),
    )
    if not others:
        return None
    if isinstance(claim, ZoneClaim):
        return _weigh_zone(claim, others)
    if isinstance(claim, DatedClaim):
        return _weigh_date(claim, others)
    return None


def _once_per_origin(
    found: Sequence[tuple[Document, Claim]], claim: Claim, context: tuple[Document, Resolution]
) -> list[tuple[Document, Claim]]:
    """The statements that speak of the same thing, the first of each origin."""
    article, resolution = context
    kept: dict[str, tuple[Document, Claim]] = {}
    for document, other in found:
        if _same_thing(claim, article, other, document, resolution):
            kept.setdefault(origin_key(document.origin), (document, other))
    return list(kept.values())


def _same_thing(
    claim: Claim, article: Document, other: Claim, document: Document, resolution: Resolution
) -> bool:
    if isinstance(claim, ZoneClaim) and isinstance(other, ZoneClaim):
        ours = resolution.site(article.key, claim.centre)
        return ours.id == resolution.site(document.key, other.centre).id
    if isinstance(claim, DatedClaim) and isinstance(other, DatedClaim):
        return same_event(claim.event, other.event)
    return False


def same_event(one: str, other: str) -> bool:
    """Whether two descriptions are of one event: most of their words, and every name they share.

    Names are what is written with a capital; where both have names, one must be common.
    """
    a, b = _stems(one), _stems(other)
    if not a or not b:
        return False
    names_a, names_b = _names(one), _names(other)
    if names_a and names_b and not names_a & names_b:
        return False
    return 2 * len(a & b) / (len(a) + len(b)) >= SAME_EVENT


def _stems(text: str) -> set[str]:
    return {
        re.sub(r"(?:ing|ed|es|s)$", "", word)
        for word in re.findall(r"\w+", text.casefold())
        if len(word) > 2 and word not in {"the", "was", "were", "has", "had", "been", "and", "its"}
    }


def _names(text: str) -> set[str]:
    return {fold(word) for word in re.findall(r"(?<!^)\b[A-Z][\w'’-]+", text)} - {""}


def _weigh_zone(claim: ZoneClaim, others: Sequence[tuple[Document, Claim]]) -> Agreement:
    first, last = FALSE_DISTANCE_RANGE_M
    radius = np.geomspace(first, last, _RADII)
    band = band_of(claim.radius)
    low, high = band.decision_m()
    tables = [
        RELIABILITY[other.modality] * band_of(other.radius).ratio(radius)
        + (1 - RELIABILITY[other.modality])
        for _, other in others
        if isinstance(other, ZoneClaim)
    ]
    inside = ((radius >= low) & (radius <= high)).astype(float)
    answer, pulls, mass = _answer(tables, band.ratio(radius), inside)
    ends = [float(np.interp(q, np.cumsum(mass), radius)) / 1000 for q in (0.05, 0.95)]
    unchecked = ""
    if claim.status is not None:
        unchecked = f"that it was {claim.status} is nothing that a comparison of sizes can show"
    return Agreement(
        answer=answer,
        outcome=_outcome(answer, unchecked),
        said=_said(others, pulls),
        spread=f"{ends[0]:.3g} to {ends[1]:.3g} km",
        unchecked=unchecked,
    )


def _weigh_date(claim: DatedClaim, others: Sequence[tuple[Document, Claim]]) -> Agreement | None:
    dates = [c.date for c in (claim, *(other for _, other in others)) if c.date is not None]
    if claim.date is None or len(dates) <= len(others):
        return None
    margin = timedelta(days=FALSE_DATE_RANGE_DAYS // 2)
    start = min(d.first for d in dates) - margin
    days = np.arange((max(d.last for d in dates) + margin - start).days + 1, dtype=float)
    tables = [
        RELIABILITY[other.modality] * _date_ratio(days, start, other.date)
        + (1 - RELIABILITY[other.modality])
        for _, other in others
        if other.date is not None
    ]
    first, last = ((d - start).days for d in (claim.date.first, claim.date.last))
    inside = ((days >= first) & (days <= last)).astype(float)
    answer, pulls, mass = _answer(tables, _date_ratio(days, start, claim.date), inside)
    shares = np.cumsum(mass)
    ends = [start + timedelta(days=int(np.searchsorted(shares, q))) for q in (0.05, 0.95)]
    return Agreement(
        answer=answer,
        outcome=_outcome(answer, ""),
        said=_said(others, pulls),
        spread=f"{ends[0]} to {ends[1]}",
    )


def _date_ratio(days: FloatArray, start: date, said: DateInterval) -> FloatArray:
    """True-to-false likelihood ratio of a stated interval, at each day."""
    first, last = (said.first - start).days, (said.last - start).days
    beyond = np.maximum(np.maximum(first - days, days - last), 0.0)
    plateau = np.exp(-0.5 * (beyond / DATE_TAIL_DAYS) ** 2)
    width = last - first + 1 + DATE_TAIL_DAYS * _SQRT_2PI
    ratio: FloatArray = plateau / min(width / FALSE_DATE_RANGE_DAYS, 1.0)
    return ratio


def _answer(
    tables: Sequence[FloatArray], ratio: FloatArray, inside: FloatArray
) -> tuple[Answer, list[float], FloatArray]:
    """The claim against all statements, each one's pull, and the masses of the number."""

    def masses(kept: Sequence[FloatArray]) -> FloatArray:
        product = np.prod(np.stack(kept), axis=0) if kept else np.ones_like(ratio)
        shares: FloatArray = product / product.sum()
        return shares

    mass = masses(tables)
    factor = float(mass @ ratio)
    pulls = [
        math.log(
            max(factor, 1e-12)
            / max(float(masses([t for k, t in enumerate(tables) if k != i]) @ ratio), 1e-12)
        )
        for i in range(len(tables))
    ]
    return Answer(bayes_factor=factor, predictive=min(float(mass @ inside), 1.0)), pulls, mass


def _outcome(answer: Answer, unchecked: str) -> Outcome:
    outcome = outcome_of(answer)
    return "undetermined" if unchecked and outcome == "confirmed" else outcome


def _said(others: Sequence[tuple[Document, Claim]], pulls: Sequence[float]) -> tuple[Said, ...]:
    return tuple(
        Said(claim=other, document=document, log_lr=pull)
        for (document, other), pull in zip(others, pulls, strict=True)
    )
