"""Whether a place lies in an area: weighed like any other statement."""

from __future__ import annotations

import numpy as np
import pytest

from gazetteer.areas import Area, find_area
from gazetteer.borders import Borders
from osint.constraints import AREA_CHANCE, Within
from osint.ground import SiteSpec
from osint.relation import Relation
from osint.weigh import Weighed, weigh
from tests.worked_figure import ALBU_KAMAL, GARRISON, SPECS, STATEMENTS, point

ALEPPO = (37.16, 36.20)


@pytest.fixture(scope="module")
def borders() -> Borders:
    return Borders.open()


def area(phrase: str, borders: Borders) -> Area:
    found = find_area(phrase, borders)
    assert found is not None
    return found


def lies_in(site: str, ground: Area, *, denied: bool = False) -> Relation:
    return Relation(
        id="c",
        document="article",
        origin="article",
        reliability=0.8,
        a=site,
        within=Within.of(ground, share_of_country=ground.share_of_country()),
        denied=denied,
    )


def weighed(relation: Relation, *specs: SiteSpec) -> Weighed:
    found = weigh(relation, specs, ())
    assert found is not None
    return found


def town(at: tuple[float, float]) -> SiteSpec:
    return SiteSpec(id="town", points=(point("row", at),))


@pytest.mark.parametrize(
    ("phrase", "denied", "outcome"),
    [
        ("Syria", False, "confirmed"),
        ("Syria", True, "flagged"),
        ("Iraq", False, "flagged"),
        ("Iraq", True, "undetermined"),
        # The part is vague, so being in it excludes too little; being far outside it does not.
        ("eastern Syria", False, "undetermined"),
        ("western Syria", False, "flagged"),
    ],
)
def test_a_town_with_coordinates(borders: Borders, phrase: str, denied: bool, outcome: str) -> None:
    assert (
        weighed(lies_in("town", area(phrase, borders), denied=denied), town(ALBU_KAMAL)).outcome
        == outcome
    )


def test_denial_and_claim_share_out_the_probability(borders: Borders) -> None:
    syria = area("Syria", borders)
    said = weighed(lies_in("town", syria), town(ALBU_KAMAL)).answer
    denied = weighed(lies_in("town", syria, denied=True), town(ALBU_KAMAL)).answer
    assert said.predictive + denied.predictive == pytest.approx(1.0)
    # p(said) over both answers of a fair question adds up to one, under truth and falsehood alike.
    assert AREA_CHANCE * said.bayes_factor + (
        1 - AREA_CHANCE
    ) * denied.bayes_factor == pytest.approx(1.0)


def test_a_described_place_is_weighed_by_what_others_say(borders: Borders) -> None:
    found = weigh(lies_in("zaqaf", area("Syria", borders)), SPECS, STATEMENTS)
    assert found is not None
    assert {pull.relation.id for pull in found.pulls} == {relation.id for relation in STATEMENTS}
    # By their distances it lies on one or the other side of the border, and near it.
    assert 0.1 < found.answer.predictive < 0.9
    assert found.outcome == "undetermined"


def test_an_area_said_of_a_place_moves_other_claims(borders: Borders) -> None:
    rivals = SiteSpec(id="town", points=(point("north", ALEPPO), point("tanf", GARRISON)))
    south = Relation(
        id="s1",
        document="s1",
        origin="another",
        reliability=0.8,
        a="town",
        within=Within.of(area("southern Syria", borders), share_of_country=0.5),
    )
    claim = lies_in("town", area("Syria", borders))
    without = weigh(claim, [rivals], ())
    with_south = weigh(claim, [rivals], (south,))
    assert without is not None
    assert with_south is not None
    weights = {r.reading: r.weight for r in with_south.readings}
    assert weights["tanf"] > 1.2 * {r.reading: r.weight for r in without.readings}["tanf"]


def test_cells_on_the_edge_count_by_their_share(borders: Borders) -> None:
    syria = area("Syria", borders)
    line = borders.line("IQ", "SY")
    assert line is not None
    at = max(line.lines, key=len)[50]
    ratio = Within.of(syria).ratio(np.array([at[0]]), np.array([at[1]]), np.array([8_000.0]))
    assert 0.2 / AREA_CHANCE < ratio[0] < 0.8 / AREA_CHANCE
