"""Which phrases are taken to mean the same thing, and which are kept apart."""

from __future__ import annotations

import pytest

from osint.claims import SeparationClaim
from osint.extract import extract_text


def separations(text: str) -> list[SeparationClaim]:
    claims = extract_text(text, source="s").claims
    return [claim for claim in claims if isinstance(claim, SeparationClaim)]


@pytest.mark.parametrize(
    "text",
    [
        "The Jordanian base lies 20 km from Rukba. A new Jordanian base 20 km from Rukba was seen.",
        "Al-Zaqaf is 20 km from Rukba. Zaqaf, just 20 km from Rukba, is empty.",
        "A US outpost lies 20 km from Rukba. The American garrison is 20 km from Rukba.",
        "Hajin is 20 km from Rukba. Rukba is 20 km from Hajin. Hajin lies 20 km from Rukba.",
    ],
)
def test_said_again_is_one_claim(text: str) -> None:
    first = separations(text)[0]
    assert len(first.spans) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "A base lies 20 km from Rukba. Another base 20 km from Rukba was seen.",
        "The first camp is 20 km from Rukba. The second camp is 20 km from Rukba.",
        "The Iraqi base is 20 km from Rukba. The Syrian base is 20 km from Rukba.",
        "The dam is 20 km from Rukba. The bridge is 20 km from Rukba.",
        "The base is 20 km from Rukba. The base is 30 km from Rukba.",
        "The base is more than 20 km from Rukba. The base is 20 km from Rukba.",
        "The base is 20 km north of Rukba. The base is 20 km south of Rukba.",
        "The base is 20 km from Rukba. The base is not 20 km from Rukba.",
        "The base is 20 km from Rukba. The base is 20 km from the Rukba crossing.",
    ],
)
def test_different_things_stay_apart(text: str) -> None:
    assert [len(claim.spans) for claim in separations(text)] == [1, 1]


def test_pronouns() -> None:
    text = (
        "Iraqi troops left the depot at Hasrun. They were 9 km from Lomsk. "
        "The dam at Tishra was hit. It lies 40 km from Manba."
    )
    troops, dam = separations(text)
    assert troops.origin_entity.name == "Iraqi troops"
    assert dam.origin_entity.name == "Tishra"


def test_a_name_in_the_border_crossing_is_not_the_village() -> None:
    claims = separations("Lomsk is 5 km from al-Tanf. Lomsk is 9 km from the al-Tanf crossing.")
    assert [claim.target.proper for claim in claims] == ["al-Tanf", "al-Tanf crossing"]
    assert claims[1].target.kind == "crossing"
    assert claims[0].origin_entity == claims[1].origin_entity


def test_owner_of_a_possessive() -> None:
    claims = extract_text("The Pentagon enlarged its base at al-Tanf.", source="s").claims
    assert [claim.as_dict()["subject"] for claim in claims] == ["US base"]


@pytest.mark.parametrize(
    "between",
    [
        "were bombed three times",
        "were hit on several occasions",
        "waited ten hours",
        "rested for two weeks",
        "lost 30 percent",
        "were paid in dollars",
        "took heavy fire for months",
        "saw poor results",
        "had no means",
        "were hurt in both cases",
        "fired hundreds",
        "spent millions",
        "moved in two of three cases",
        "held talks",
    ],
)
def test_what_can_be_nowhere_is_no_antecedent(between: str) -> None:
    (claim,) = separations(f"Syrian forces {between}. They were still 40 km from Rukba.")
    assert claim.origin_entity.name == "Syrian forces"


@pytest.mark.parametrize(
    "subject",
    ["Three weeks", "The result", "Forty percent", "This case", "Two dollars", "The third time"],
)
def test_what_can_be_nowhere_is_no_subject(subject: str) -> None:
    assert separations(f"{subject}, 20 km from Rukba, was bad.") == []
    assert separations(f"{subject} is 20 km from Rukba.") == []


def test_a_count_of_something_is_that_thing() -> None:
    (claim,) = separations("Dozens of Iraqi soldiers are 20 km from Rukba.")
    assert claim.origin_entity.role == "force"
    assert claim.origin_entity.owners == ("Iraq",)
    (claim,) = separations("The troops were hit three times 40 km from Rukba.")
    assert claim.origin_entity.name == "troops"


def test_a_relative_clause_that_somebody_vouches_for() -> None:
    (claim,) = separations("The depot, which officials said is 20 km from Rukba, burned.")
    assert (claim.origin_entity.name, claim.modality) == ("depot", "reported")


def test_an_army_and_its_allies_are_one_body() -> None:
    (claim,) = extract_text(
        "The Syrian army and its allies reached the Syrian-Iraqi border.", source="s"
    ).claims
    assert claim.as_dict()["subject"] == "Syrian army and its allies"
