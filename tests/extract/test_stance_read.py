"""Whether a distance is stated by the text itself or only reported, and whether it is claimed."""

from __future__ import annotations

import pytest

from osint.claims import SeparationClaim
from osint.extract import extract_text

REPORTED = [
    "Officials said the depot is 20 km from Homs.",
    "Officials said on Monday that the depot is 20 km from Homs.",
    "According to the ministry, the depot is 20 km from Homs.",
    "The depot is 20 km from Homs, officials said.",
    "The depot is 20 km from Homs, the ministry said on Friday.",
    "The depot is 20 km from Homs, according to the ministry.",
    "The depot is reportedly 20 km from Homs.",
    "Reportedly, the depot is 20 km from Homs.",
    "The depot, said to be 20 km from Homs, is big.",
    '"The depot is 20 km from Homs," he said.',
    "The minister said that Hama had fallen and that the depot is 20 km from Homs.",
    "The army told reporters that the depot is 20 km from Homs.",
    "It is reported that the depot is 20 km from Homs.",
    'He said: "The depot is 20 km from Homs."',
    "As officials said, the depot is 20 km from Homs.",
    "The depot, officials said, is 20 km from Homs.",
    "There are reports that the depot is 20 km from Homs.",
    "The ministry said rebels captured a depot 20 km from Homs.",
    "The depot, which officials said is 20 km from Homs, burned.",
    "The depot is 20 km from Homs, it was reported.",
]
STATED = [
    "The minister said nothing and the depot is 20 km from Homs.",
    "The minister said no, but the depot is 20 km from Homs.",
    "When the ministry said this, the depot was 20 km from Homs.",
    "The mayor, who said he was tired, was 20 km from Homs.",
    "The general said goodbye; the depot is 20 km from Homs.",
    "The depot is 20 km from Homs, and officials said the rebels left.",
    "In Hama, 20 km from Homs, the mayor said on Monday that the market was open.",
    "In Hama, 20 km from Homs, the mayor said no.",
    "The depot is 20 km from Homs; according to the army the rebels left.",
    "The depot is 20 km from Homs, and according to the army the rebels left.",
    "The report was published when the depot was 20 km from Homs.",
    "Rebels claimed victory, and their depot is 20 km from Homs.",
    "After the talks the minister said little, the depot is 20 km from Homs.",
    "The said depot is 20 km from Homs.",
    "The reported strike was wrong, and the depot is 20 km from Homs.",
    "The ministry announced that the depot is 20 km from Homs.",
]
NOT_CLAIMED = [
    "Every time the depot was 20 km from Homs, it rained.",
    "Whenever the troops were 20 km from Homs, they stopped.",
    "Unless the depot is 20 km from Homs, it is safe.",
]


def separations(text: str) -> list[SeparationClaim]:
    claims = extract_text(text, source="s").claims
    return [claim for claim in claims if isinstance(claim, SeparationClaim)]


@pytest.mark.parametrize("text", REPORTED)
def test_a_clause_with_its_own_attribution_is_reported(text: str) -> None:
    assert [claim.modality for claim in separations(text)] == ["reported"]


@pytest.mark.parametrize("text", STATED)
def test_somebody_saying_something_else_attributes_nothing(text: str) -> None:
    assert [claim.modality for claim in separations(text)] == ["stated"]


@pytest.mark.parametrize("text", NOT_CLAIMED)
def test_what_only_may_happen_is_no_claim(text: str) -> None:
    assert separations(text) == []


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("The ministry denied that the depot is 20 km from Homs.", "denied"),
        ("The army denied reports that the depot is 20 km from Homs.", "denied"),
        ("The ministry denied a deal, and the depot is 20 km from Homs.", "affirmed"),
        ("The ministry denied a deal; the depot is 20 km from Homs.", "affirmed"),
    ],
)
def test_a_denial_counts_for_what_it_denies(text: str, polarity: str) -> None:
    assert [claim.polarity for claim in separations(text)] == [polarity]
