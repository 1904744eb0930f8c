"""The grammar against sentences with known claims, and against sentences that claim nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from osint.extract import extract_text
from osint.extract.dates import parse_published
from tests.extract.matching import KINDS, Compared, compare, counts, event_overlap

HERE = Path(__file__).parent
UNSEEN = HERE / "unseen.jsonl"


def records(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


# A line with "gap" is known to be misread; the benchmark counts it all the same.
DEV = records(HERE / "sentences.jsonl")
READ = [record for record in DEV if not record.get("gap")]


@pytest.mark.parametrize("record", READ, ids=[record["text"][:60] for record in READ])
def test_sentence_is_read(record: dict[str, Any]) -> None:
    result = compare(record)
    assert result.missed == []
    assert [claim.as_dict() for claim in result.extra] == []


def test_the_corpus_has_every_kind() -> None:
    kinds = [claim["kind"] for record in DEV for claim in record["claims"]]
    assert set(kinds) == set(KINDS)
    assert len(DEV) >= 200
    assert len(READ) >= 0.95 * len(DEV)
    assert len({record["text"] for record in DEV}) == len(DEV)


@pytest.fixture(scope="module")
def unseen() -> list[Compared]:
    found = records(UNSEEN)
    if not found:
        pytest.skip("the sentences nobody tuned on (unseen.jsonl) are not there")
    return [compare(record) for record in found]


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_never_tuned_on(unseen: list[Compared], kind: str) -> None:
    """Written by another hand, by the same guide; the grammar's writer never saw them."""
    found, extra, missed = counts(unseen)[kind]
    assert found / max(found + extra, 1) >= 0.9, "precision"
    assert found / max(found + missed, 1) >= 0.9, "recall"


def test_the_comparison_is_strict() -> None:
    gold = {
        "kind": "zone", "centre": "Tarfa", "said_m": 40000, "what": "exclusion zone",
        "status": "proclaimed",
    }  # fmt: skip
    text = "The coalition declared a 40 km exclusion zone around Tarfa."

    def read(**changed: object) -> Compared:
        return compare({"text": text, "published": None, "claims": [{**gold, **changed}]})

    assert read().missed == []
    wrong: tuple[dict[str, object], ...] = (
        {"centre": "Tarsa"}, {"said_m": 41000}, {"what": "exclusion area"}, {"status": None},
        {"polarity": "denied"}, {"modality": "reported"}, {"kind": "separation"}, {"low": None},
    )  # fmt: skip
    for change in wrong:
        result = read(**change)
        assert (len(result.missed), len(result.extra)) == (1, 1), change
    assert event_overlap("base was set up", "base was set up") == 1
    assert event_overlap("base was set up", "bridge was destroyed") < 0.6


FALSE_FRIENDS = [
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
    "Talks reached a deal on Monday.",
    "Oil fell to 40 dollars on Friday.",
    "The shop opens on Monday.",
    "The court struck down the law on Monday.",
    "Inflation in southern Europe hit a record on Friday.",
    "A 30 km zone of contact along the river saw fighting.",
    "The 20 km race around Lomsk was cancelled.",
    "The story of a town in northern Norway is told in the film.",
    "In Geneva, Russia said it would talk.",
    "He visited France, Italy, Spain and Greece.",
    "Syria, Iraq and Iran signed the treaty on 3 June.",
]


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_nothing_is_invented(text: str) -> None:
    claims = extract_text(text, source="s", published=parse_published("2017-06-13")).claims
    assert [claim.as_dict() for claim in claims] == []


RETRACTED = [
    "That was wrong.",
    "This is not true.",
    "The claim was later withdrawn.",
    "The report turned out to be false.",
    "He later retracted the statement.",
    "It was not so.",
    "The agency has since corrected the report.",
]


@pytest.mark.parametrize("retraction", RETRACTED)
def test_the_next_sentence_can_take_it_back(retraction: str) -> None:
    text = f"The depot lies in southern Syria, 20 km from Lomsk. {retraction}"
    assert extract_text(text, source="s").claims == ()


@pytest.mark.parametrize(
    "following",
    [
        "That was wrong of them.",
        "They were wrong about the price.",
        "It was destroyed.",
        "The troops withdrew.",
        "The plan was withdrawn by the mayor.",
        "It is true.",
    ],
)
def test_a_sentence_about_something_else_takes_nothing_back(following: str) -> None:
    text = f"The depot lies in southern Syria, 20 km from Lomsk. {following}"
    kinds = {claim.kind for claim in extract_text(text, source="s").claims}
    assert kinds == {"containment", "separation"}
