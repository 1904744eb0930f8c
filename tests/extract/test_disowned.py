"""Statements that a sentence denies or takes back are never read as affirmed."""

from __future__ import annotations

import pytest

from osint.claims import Claim, LocatedClaim, SeparationClaim
from osint.extract import extract_text
from osint.extract.dates import parse_published

NOTHING = [
    "Nobody believed the claim that Kesto lies 40 km from Norvale.",
    "Nobody thinks Kesto lies 40 km from Norvale.",
    "According to a rumour later disproved, Kesto lies 8 km north of Sudmere.",
    "Kesto was 30 km from Norvale in the 1967 plan, which was never adopted.",
    "It is false that Kesto lies 40 km from Norvale.",
    "It is untrue that Kesto lies 40 km from Norvale.",
    "It is a myth that Kesto lies 40 km from Norvale.",
    "There is no evidence that Kesto lies 40 km from Norvale.",
    "Officials have not confirmed that Kesto lies 40 km from Norvale.",
    "The claim that Kesto lies 40 km from Norvale was later disproved.",
    "Reports that Kesto lies 40 km from Norvale were denied.",
    "A claim that Kesto lies 8 km from Sudmere was rejected by the army.",
    "The claim, rejected by the army, is that Kesto lies 8 km from Sudmere.",
    "Kesto is 40 km from Norvale, a claim the ministry denied.",
    "Kesto is 40 km from Norvale, which is false.",
    "It is false that the distance between Kesto and Norvale is 10 km.",
    "It is untrue that General Harrow visited Norvale.",
    "General Harrow denied being seen in Norvale.",
    "Nobody was seen at Norvale on June 11.",
    "Hardly any village lies within 10 km of Sudmere.",
    "Not every village lies 10 km from Sudmere.",
    "There is no US base at Norvale.",
    "The US denied having a base at Norvale.",
    "They do not have a base 20 km from Norvale.",
    "The claim that the base is on the Syrian border is false.",
]
NEVER_AFFIRMED = [
    *NOTHING,
    "Neither Kesto nor Norvale lies within 10 km of Sudmere.",
    "Neither General Harrow nor Colonel Bright was seen in Norvale on June 11.",
    "Neither base is on the Syrian border.",
    "The ministry denied that Kesto lies 40 km from Norvale.",
    "The ministry rejected claims that Kesto lies 40 km from Norvale.",
    "The ministry rejected as false claims that Kesto lies 40 km from Norvale.",
    "The army denied that troops were stationed at Norvale.",
]
CAPTIONS = [
    "Americans were not at Norvale, June 11",
    "This picture was not taken in Norvale, June 11",
    "Norvale, June 11: not the village of Norvale",
    "No Americans at Norvale, June 11",
    "Americans, not at Norvale, June 11",
    "Americans never at Norvale, June 11",
    "A photo falsely said to show a tank at Norvale, June 11",
    "Fake tank at Norvale, June 11",
]
DENIED = [
    "It is not true that Kesto lies 40 km from Norvale.",
    "It is not the case that Kesto lies 40 km from Norvale.",
    "It is not true that Kesto lies north of Norvale.",
    "None of the depots lies north of Norvale.",
    "Not one of the depots lies 40 km from Norvale.",
    "The ministry denied that Kesto lies 40 km from Norvale.",
    "The ministry rejected claims that Kesto lies 40 km from Norvale.",
    "No village lies within 10 km of Sudmere.",
    "Kesto isn't 20 km from Norvale.",
    "Kesto and Norvale are not 10 km apart.",
    "The army denied that troops were stationed at Norvale.",
    "Americans were not at Norvale, June 11",
]
AFFIRMED = [
    "Kesto lies 20 km from Norvale; nobody was hurt.",
    "Kesto lies 20 km from Norvale, and nobody was hurt.",
    "No one was hurt in Kesto, 20 km from Norvale.",
    "The army denied it, but Kesto lies 8 km from Sudmere.",
    "The minister denied the report; troops were seen at Norvale on June 11.",
    "They did not attack the base at Norvale.",
    "Americans at Norvale, June 11",
    "This picture was taken in Norvale, June 11",
]
# The denial is of something else: an affirmed claim would do, a denied one would not.
DENIED_OF_ANOTHER = [
    "The base, which was never finished, is 20 km from Norvale.",
    "Kesto, not Norvale, is 10 km from Sudmere.",
    "Rebels rejected a deal to leave a depot 20 km from Norvale.",
]


def claims(text: str) -> tuple[Claim, ...]:
    return extract_text(text, source="s", published=parse_published("2017-06-13")).claims


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_taken_back_is_no_claim(text: str) -> None:
    assert [claim.as_dict() for claim in claims(text)] == []


@pytest.mark.parametrize("text", [*NEVER_AFFIRMED, *CAPTIONS])
def test_a_denial_leaves_nothing_affirmed(text: str) -> None:
    assert [claim.as_dict() for claim in claims(text) if claim.polarity == "affirmed"] == []


@pytest.mark.parametrize("text", DENIED)
def test_a_plain_denial_is_read_as_one_claim(text: str) -> None:
    assert [claim.polarity for claim in claims(text)] == ["denied"]


def test_a_paired_denial_is_read_of_both() -> None:
    found = claims("Neither Kesto nor Sudmere lies north of Norvale.")
    assert [claim.polarity for claim in found] == ["denied", "denied"]
    assert {claim.places[0] for claim in found} == {"Kesto", "Sudmere"}


@pytest.mark.parametrize("text", AFFIRMED)
def test_a_negation_elsewhere_denies_nothing(text: str) -> None:
    assert [claim.polarity for claim in claims(text)] == ["affirmed"]


@pytest.mark.parametrize("text", DENIED_OF_ANOTHER)
def test_a_denial_of_another_thing_is_not_turned_on_this_one(text: str) -> None:
    assert [claim.as_dict() for claim in claims(text) if claim.polarity == "denied"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Troops advanced 15 km from Norvale towards Kesto.",
        "Troops advanced 15 km from Norvale.",
        "Troops pushed 15 km north of Norvale.",
        "Troops pulled back 15 km from Norvale.",
        "Troops pushed the rebels 15 km from Norvale.",
        "A bomb fell 500 m from John Smith.",
        "A bomb fell 500 m from General Harrow.",
        "Paris Hilton was 3 km from London Bridge.",
        "John Smith was 3 km from Norvale.",
        "The Jordan border is 22 km from Kesto.",
        "The Jordanian frontier lies 22 km south of Kesto.",
    ],
)
def test_movements_people_and_lines_are_no_positions(text: str) -> None:
    assert [claim.as_dict() for claim in claims(text)] == []


@pytest.mark.parametrize(
    ("text", "origin", "target", "said_m"),
    [
        ("Troops advanced to within 15 km of Norvale.", "Troops", "Norvale", 15_000),
        ("The army runs a base 15 km from Norvale.", "base", "Norvale", 15_000),
        ("A bomb fell 500 m from Norvale.", "bomb", "Norvale", 500),
        ("James Bay lies 20 km from Norvale.", "James Bay", "Norvale", 20_000),
        ("San Jose lies 20 km from Norvale.", "San Jose", "Norvale", 20_000),
        ("Kesto is 22 km from the Jordan border.", "Kesto", "Jordan border", 22_000),
        ("Kesto is not 10 km but 30 km from Norvale.", "Kesto", "Norvale", 30_000),
        ("Norvale and Sudmere, which are 90 km apart.", "Norvale", "Sudmere", 90_000),
        ("Norvale and Sudmere, which are 90 km apart, are old.", "Norvale", "Sudmere", 90_000),
    ],
)
def test_positions_beside_them_are_read(text: str, origin: str, target: str, said_m: float) -> None:
    (claim,) = claims(text)
    assert isinstance(claim, SeparationClaim)
    assert claim.polarity == "affirmed"
    assert (claim.origin_entity.name, claim.target.name) == (origin, target)
    assert claim.distance.said_m == pytest.approx(said_m)


def test_a_given_name_makes_a_person() -> None:
    (claim,) = claims("John Smith arrived in Norvale on June 11.")
    assert isinstance(claim, LocatedClaim)
    assert (claim.subject.name, claim.subject.role) == ("John Smith", "person")


def test_a_caption_that_negates_in_its_next_sentence_still_counts() -> None:
    (claim,) = claims("Tank at Norvale, June 11. The driver was not named")
    assert isinstance(claim, LocatedClaim)
    assert (claim.subject.name, claim.place.name, claim.polarity) == ("Tank", "Norvale", "affirmed")
