"""The grammar against sentences with known claims, and against sentences that claim nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gazetteer.compass import compass_sector
from osint.claims import (
    BorderClaim,
    Claim,
    DirectionClaim,
    Entity,
    LocatedClaim,
    SeparationClaim,
)
from osint.extract import extract_text
from osint.extract.dates import parse_published

CORPUS = [
    json.loads(line)
    for line in Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
DEV = [record for record in CORPUS if record["half"] == "dev"]
HELD_OUT = [record for record in CORPUS if record["half"] == "held_out"]


def plain(words: str) -> str:
    words = re.sub(r"^(the|a|an|its|their|his|her)\s+", "", words.casefold().strip())
    return re.sub(r"^(first|second|third|new)\s+", "", words)


def is_called(entity: Entity, gold: str, text: str) -> bool:
    """Whether the gold words are its name (with or without "on the ... border") or a mention."""
    names = {entity.name, re.split(r" (?:on|near|at|along) ", entity.name)[0]}
    names |= {text[start:end] for start, end in entity.mentions}
    return gold == "?" or plain(gold) in {plain(name) for name in names}


def same_bound(gold: dict[str, Any], key: str, value: float | None) -> bool:
    if key not in gold:
        return True
    said = gold[key]
    return said is value if said is None or value is None else abs(float(said) - value) < 1


def fits(gold: dict[str, Any], claim: Claim, text: str) -> bool:
    if gold["kind"] != claim.kind:
        return False
    if gold.get("polarity", "affirmed") != claim.polarity:
        return False
    if gold.get("modality", "stated") != claim.modality:
        return False
    match claim:
        case SeparationClaim():
            bearing = compass_sector(gold["bearing"]) if gold["bearing"] else None
            return (
                is_called(claim.origin_entity, gold["from"], text)
                and is_called(claim.target, gold["to"], text)
                and claim.distance.said_m == pytest.approx(gold["said_m"], rel=1e-6)
                and bearing == claim.bearing_deg
                and same_bound(gold, "low", claim.distance.low_m)
                and same_bound(gold, "high", claim.distance.high_m)
            )
        case LocatedClaim():
            days = [str(claim.date.first), str(claim.date.last)] if claim.date else None
            return (
                is_called(claim.subject, gold["subject"], text)
                and is_called(claim.place, gold["place"], text)
                and days == gold["date"]
            )
        case DirectionClaim():
            return (
                is_called(claim.subject, gold["subject"], text)
                and is_called(claim.target, gold["object"], text)
                and claim.relation == gold["relation"]
            )
        case BorderClaim():
            return (
                is_called(claim.subject, gold["subject"], text)
                and sorted(claim.between) == gold["between"]
            )
    return False


def compare(record: dict[str, Any]) -> tuple[int, list[Claim], list[dict[str, Any]]]:
    """Claims found, found without being there, there without being found."""
    published = parse_published(record["published"]) if record["published"] else None
    extra = list(extract_text(record["text"], source="s", published=published).claims)
    missed, found = [], 0
    for gold in record["claims"]:
        match = next((claim for claim in extra if fits(gold, claim, record["text"])), None)
        if match is None:
            missed.append(gold)
        else:
            extra.remove(match)
            found += 1
    return found, extra, missed


@pytest.mark.parametrize("record", DEV, ids=[record["text"][:60] for record in DEV])
def test_sentence_is_read(record: dict[str, Any]) -> None:
    _, extra, missed = compare(record)
    assert missed == []
    assert [claim.as_dict() for claim in extra] == []


def test_sentences_never_tuned_on() -> None:
    """Written before the grammar, failures never looked at; but by the hand that wrote both.

    So the figure flatters: text by strangers will do worse.
    """
    results = [compare(record) for record in HELD_OUT]
    found = sum(result[0] for result in results)
    extra = sum(len(result[1]) for result in results)
    missed = sum(len(result[2]) for result in results)
    assert found / (found + extra) >= 0.9, "precision"
    assert found / (found + missed) >= 0.85, "recall"


FALSE_FRIENDS = [
    "A 55 kilometer exclusion zone around al-Tanf was proclaimed.",
    "The pipeline runs 900 km from Karim to Sahel.",
    "The rocket has a range of 300 km from its launcher.",
    "They can strike targets 70 km from the front.",
    "He walked 20 km in a day.",
    "The 101st Airborne Division landed.",
    "About 70 percent of the town was destroyed.",
    "The wreck lies at a depth of 40 metres.",
    "The 8-metre-high wall was breached.",
    "Indeed in Iraq the militias and US forces are allied.",
    "The fight against ISIS in Syria and Iraq goes on.",
    "He is the architect of the intervention in Syria.",
    "Aid worth $5 m from Norway arrived.",
    "Oil fell 3 m from the start of the week.",
    "Their village was only an hour from Homs.",
    "It is a long way from Aleppo.",
    "The new missile flew 400 km.",
    "The second largest city in Syria is rebuilding.",
    "What if the base were 20 km from the border?",
    "The general may visit Damascus next week.",
    "The two sides are miles apart.",
    "Temperatures in the north of Iraq fell.",
    "The ship sailed 30 nautical miles.",
    "The battle for control of the Syrian-Iraqi border continues.",
    "Iran is winning the race to the border.",
    "Photo of Ahmad Salim, who invented a drone",
    "An article on Samir Haddad and his plans",
    "The firm was in Leeds news again.",
    "Our Web site is located at 1000 W.",
]


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_nothing_is_invented(text: str) -> None:
    claims = extract_text(text, source="s", published=parse_published("2017-06-13")).claims
    assert [claim.as_dict() for claim in claims] == []
