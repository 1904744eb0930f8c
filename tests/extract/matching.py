"""Gold claims against the claims that were read; shared by the tests and ``benchmarks/grammar.py``.

A gold claim is a JSON object with ``kind``, the kind's own fields and, where they differ from
affirmed and stated, ``polarity`` and ``modality``. A name matches if it is the entity's name, one
of its mentions, or either of them up to "on the border", "at X" and the like; determiners and
ordinals do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from gazetteer.compass import compass_sector
from gazetteer.names import fold
from osint.claims import (
    BorderClaim,
    Claim,
    ContainmentClaim,
    DatedClaim,
    DateInterval,
    DirectionClaim,
    Entity,
    LocatedClaim,
    SeparationClaim,
    ZoneClaim,
)
from osint.extract import extract_text
from osint.extract.dates import parse_published

KINDS = ("separation", "direction", "border", "zone", "containment", "located", "dated")
_DETERMINER = re.compile(r"^(?:the|a|an|its|their|his|her|our|my|this|that|these|those)\s+")
_ORDINAL = re.compile(r"^(?:first|second|third|fourth|fifth|another|new)\s+")
_POSSESSOR = re.compile(r"^[^'\u2019]*['\u2019]s\s+")
_TAIL = re.compile(r"\s(?:on|near|at|along|in)\s")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CAPITAL = re.compile(r"[A-Z]\S*")
_SAME_EVENT = 0.6


def plain(words: str) -> str:
    """Words in lower case, without leading determiner and ordinal."""
    bare = _DETERMINER.sub("", " ".join(words.casefold().split()))
    return _ORDINAL.sub("", bare)


def is_called(entity: Entity, gold: str, text: str) -> bool:
    """Whether the gold words mean the entity; "?" means anything."""
    if gold == "?":
        return True
    names = {plain(entity.name), *(plain(text[start:end]) for start, end in entity.mentions)}
    names |= {_POSSESSOR.sub("", name) for name in names}
    names |= {_TAIL.split(name)[0] for name in names}
    wanted = plain(gold)
    capitals = {word.casefold() for word in _CAPITAL.findall(f"{text} {gold}")}
    return any(_same_noun(wanted, name, capitals) for name in names)


def _same_noun(one: str, other: str, capitals: set[str]) -> bool:
    """Whether two names differ at most by small words in front."""
    short, long = sorted((one, other), key=len)
    if not short or not long.endswith(short):
        return False
    front = long.removesuffix(short)
    return not front or (front.endswith(" ") and capitals.isdisjoint(front.split()))


def _bound_fits(gold: dict[str, Any], key: str, value: float | None) -> bool:
    if key not in gold:
        return True
    said = gold[key]
    return said is value if said is None or value is None else abs(float(said) - value) < 1


def _days(date: DateInterval | None) -> list[str] | None:
    return [str(date.first), str(date.last)] if date else None


def stems(words: str) -> Counter[str]:
    """Lower-case stems of the words longer than two letters."""
    found = (match.group() for match in _WORD.finditer(words.casefold()))
    return Counter(_stem(word) for word in found if len(word) > 2 and word != "the")


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def event_overlap(one: str, other: str) -> float:
    """F1 of the stems of two descriptions of an event, 0 to 1."""
    first, second = stems(one), stems(other)
    shared = (first & second).total()
    return 2 * shared / max(first.total() + second.total(), 1)


def _head(words: str) -> str:
    return plain(words).split(" ")[-1]


def _separation(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, SeparationClaim)
    bearing = compass_sector(gold["bearing"]) if gold["bearing"] else None
    return (
        is_called(claim.origin_entity, gold["from"], text)
        and is_called(claim.target, gold["to"], text)
        and abs(claim.distance.said_m / gold["said_m"] - 1) < 1e-6
        and bearing == claim.bearing_deg
        and _bound_fits(gold, "low", claim.distance.low_m)
        and _bound_fits(gold, "high", claim.distance.high_m)
    )


def _located(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, LocatedClaim)
    return (
        is_called(claim.subject, gold["subject"], text)
        and is_called(claim.place, gold["place"], text)
        and _days(claim.date) == gold["date"]
    )


def _direction(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, DirectionClaim)
    zone, _, centre = gold["object"].partition(" around ")
    if centre:
        told, _, about = claim.target.name.partition(" around ")
        around = claim.around is not None and is_called(claim.around, centre, text)
        same = _head(told) == _head(zone) and (around or plain(about) == plain(centre))
    else:
        same = is_called(claim.target, gold["object"], text)
    return same and (
        is_called(claim.subject, gold["subject"], text) and claim.relation == gold["relation"]
    )


def _border(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, BorderClaim)
    subject = is_called(claim.subject, gold["subject"], text)
    return subject and sorted(claim.between) == sorted(gold["between"])


def _zone(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, ZoneClaim)
    return (
        is_called(claim.centre, gold["centre"], text)
        and abs(claim.radius.said_m / gold["said_m"] - 1) < 1e-6
        and _head(claim.what) == _head(gold["what"])
        and claim.status == gold["status"]
        and _bound_fits(gold, "low", claim.radius.low_m)
        and _bound_fits(gold, "high", claim.radius.high_m)
    )


def _containment(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, ContainmentClaim)
    areas = {claim.area.name, *(text[start:end] for start, end in claim.area.mentions)}
    wanted = fold(plain(gold["area"]))
    same = wanted in {fold(plain(area)) for area in areas}
    return same and is_called(claim.subject, gold["subject"], text)


def _dated(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    assert isinstance(claim, DatedClaim)
    return (
        _days(claim.date) == gold["date"]
        and event_overlap(claim.event, gold["event"]) >= _SAME_EVENT
    )


_BY_KIND: dict[str, Callable[[dict[str, Any], Claim, str], bool]] = {
    "separation": _separation,
    "located": _located,
    "direction": _direction,
    "border": _border,
    "zone": _zone,
    "containment": _containment,
    "dated": _dated,
}


def fits(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    """Whether a claim is the one that the gold object describes."""
    return (
        gold["kind"] == claim.kind
        and gold.get("polarity", "affirmed") == claim.polarity
        and gold.get("modality", "stated") == claim.modality
        and _BY_KIND[claim.kind](gold, claim, text)
    )


@dataclass(slots=True)
class Compared:
    """What one record gave: claims matched, claims nobody asked for, gold claims not found."""

    text: str
    found: list[Claim] = field(default_factory=list)
    extra: list[Claim] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)


def compare(record: dict[str, Any]) -> Compared:
    """Read a record's text and match each gold claim with at most one claim."""
    published = parse_published(record["published"]) if record["published"] else None
    claims = extract_text(record["text"], source="s", published=published).claims
    result = Compared(record["text"], extra=list(claims))
    for gold in record["claims"]:
        match = next((claim for claim in result.extra if fits(gold, claim, record["text"])), None)
        if match is None:
            result.missed.append(gold)
        else:
            result.extra.remove(match)
            result.found.append(match)
    return result


def counts(results: Iterable[Compared]) -> dict[str, tuple[int, int, int]]:
    """By kind: how many were found, extra and missed."""
    found: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for result in results:
        found.update(claim.kind for claim in result.found)
        extra.update(claim.kind for claim in result.extra)
        missed.update(gold["kind"] for gold in result.missed)
    return {kind: (found[kind], extra[kind], missed[kind]) for kind in KINDS}
