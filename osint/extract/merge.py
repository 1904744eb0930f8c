"""One claim said three times is one claim with three spans.

Two separations are one if the same number was said and each endpoint is, or can be, the same thing
("a US base in southern Syria" and "al-Zaqaf"); uniting them unites their endpoints. Other kinds are
one if they are about the same things and do not differ in date, polarity or direction.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from osint.extract.entities import Draft, compatible, unite
from osint.extract.scene import Found

# How many earlier separations with the same number are compared; bounds the work on long texts.
_LOOKBACK = 24


def merge(found: Sequence[Found]) -> tuple[Found, ...]:
    """Unite repeated claims; the order is that of their first spans."""
    ordered = sorted(found, key=lambda claim: (claim.span, claim.kind))
    separations = _merge_separations([claim for claim in ordered if claim.kind == "separation"])
    others = [claim for claim in ordered if claim.kind != "separation"]
    kept: dict[Hashable, Found] = {}
    for claim in others:
        claim.spans.append(claim.span)
        same = kept.get(_key(claim))
        if same is None:
            kept[_key(claim)] = claim
        else:
            _absorb(same, claim)
    merged = [*separations, *kept.values()]
    return tuple(sorted(merged, key=lambda claim: (claim.spans[0], claim.kind)))


def _key(claim: Found) -> Hashable:
    ends = tuple(end.root().order for end in claim.ends)
    if claim.kind == "zone" and claim.distance is not None:
        return (claim.kind, ends, claim.polarity, round(claim.distance.said_m))
    if claim.kind == "dated":
        return (claim.kind, claim.what.casefold(), claim.polarity, claim.date)
    return (claim.kind, ends, claim.polarity, claim.relation, frozenset(claim.between), claim.date)


def _absorb(first: Found, again: Found) -> None:
    first.spans.append(again.span)
    if first.modality != "stated" and again.modality == "stated":
        first.modality = "stated"
    if again.status == "enforced" or first.status is None:
        first.status = again.status


def _merge_separations(claims: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    by_number: dict[int, list[Found]] = {}
    for claim in claims:
        claim.spans.append(claim.span)
        number = round(claim.distance.said_m) if claim.distance else 0
        rivals = by_number.setdefault(number, [])
        same = next((other for other in rivals[-_LOOKBACK:] if _same(other, claim)), None)
        if same is None:
            rivals.append(claim)
            kept.append(claim)
            continue
        for one, other in zip(same.ends, claim.ends, strict=True):
            unite(one, other)
        _absorb(same, claim)
        same.bearing_deg = same.bearing_deg or claim.bearing_deg
    return kept


def _same(one: Found, other: Found) -> bool:
    if one.polarity != other.polarity or one.distance is None or other.distance is None:
        return False
    if (one.distance.low_m is None) != (other.distance.low_m is None):
        return False
    if (one.distance.high_m is None) != (other.distance.high_m is None):
        return False
    if one.bearing_deg and other.bearing_deg and one.bearing_deg != other.bearing_deg:
        return False
    pairs = list(zip(one.ends, other.ends, strict=True))
    shared = any(first.root() is second.root() for first, second in pairs)
    both_described = all(_can_be(first, second) for first, second in pairs)
    return both_described and (shared or one.sentence is not other.sentence)


def _can_be(one: Draft, other: Draft) -> bool:
    one, other = one.root(), other.root()
    if one is other:
        return True
    if one.role == "unknown" or other.role == "unknown":
        return False
    return compatible(one, other)
