from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import PositionError
from gazetteer.geodesy import distance_m
from gazetteer.mistakes import Diagnosis, Said, diagnose
from gazetteer.mistakes.slips import PRIORS, slips
from gazetteer.place import Candidate, Place
from gazetteer.position import Position

# Synthetic places: (lat, lon), kind, first-level area.
ROWS = (
    ("Alder", 33.8367, 38.2719, "village", "Oakshire"),
    ("Cedar", 34.4121, 37.1345, "village", "Oakshire"),
    ("Cedar", 36.9132, 41.8733, "village", "Farshire"),
    ("Oakshire", 34.1200, 37.9000, "region", None),
    ("Farshire", 36.6000, 41.2000, "region", None),
)


def find(name: str) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            place=Place(
                name=row[0],
                names=(row[0],),
                kind=row[3],
                position=Position(lat=row[1], lon=row[2]),
                extent_m=60_000.0 if row[3] == "region" else 1_500.0,
                country="SY",
                valid=None,
                source="synthetic",
                source_id=str(number),
                origin="synthetic",
                admin1=row[4],
            ),
            matched_name=row[0],
            how="exact",
            score=1.0,
        )
        for number, row in enumerate(ROWS)
        if row[0].casefold() == name.casefold()
    )


ALDER = Said(names=("Alder",), admin="Oakshire")
CEDAR = Said(names=("Cedar",), admin="Oakshire")
# A few hundred metres from the gazetteer's own point, as real ones are.
TRUE = Position(lat=33.8394, lon=38.2743)


def ask(lat: str | float, lon: str | float, said: Said = ALDER) -> Diagnosis:
    return diagnose(lat=lat, lon=lon, said=said, find=find)


def test_a_point_that_fits_is_left_alone() -> None:
    found = ask("33.8394", "38.2743")
    assert found.best.kind == "none"
    assert not found.suspicious
    assert found.best.repaired is None
    assert found.nearest_m == pytest.approx(
        distance_m(TRUE, Position(lat=33.8367, lon=38.2719)), 1e-3
    )


RECOVERED = {
    "swapped": ("38.2743", "33.8394"),
    "wrong_sign": ("33.8394", "-38.2743"),
    "shifted_point": ("338.394", "38.2743"),
    "transposed_digits": ("33.3894", "38.2743"),
    "wrong_digit": ("33.8394", "39.2743"),
    # 33 deg 50' 22", 38 deg 16' 27" and 33 deg 50.364', 38 deg 16.458'.
    "dms_as_decimal": ("33.5022", "38.1627"),
    "minutes_as_decimal": ("3350.364", "3816.458"),
}


@pytest.mark.parametrize("kind", RECOVERED)
def test_slips_of_the_hand_are_named_and_taken_back(kind: str) -> None:
    lat, lon = RECOVERED[kind]
    found = ask(lat, lon)
    assert found.best.kind == kind
    assert found.suspicious
    assert found.best.repaired is not None
    assert distance_m(found.best.repaired, TRUE) < 100
    assert found.best.reason


def test_degrees_and_minutes_typed_as_decimals() -> None:
    # 33 deg 50.764', 38 deg 16.858': 76 and 85 are no seconds, so that only minutes are left.
    found = ask("33.50764", "38.16858")
    kinds = [h.kind for h in found.hypotheses if h.repaired]
    assert kinds[0] == "minutes_as_decimal"
    assert "dms_as_decimal" not in kinds


def test_without_anything_said_of_the_area_every_homonym_may_be_meant() -> None:
    found = ask("36.9132", "41.8733", Said(names=("Cedar",)))
    assert found.best.kind == "none"


def test_a_homonym_in_another_area() -> None:
    found = ask("36.9132", "41.8733", CEDAR)
    assert found.best.kind == "wrong_homonym"
    assert found.best.repaired is not None
    assert found.best.repaired.lat == pytest.approx(34.4121)
    # The point itself is lost: what comes in its place is as wide as the place.
    assert found.best.repaired.uncertainty_m == 1_500.0
    assert "Farshire" in found.best.reason
    # With the area that it lies in the same point is right.
    right = ask("36.9132", "41.8733", Said(names=("Cedar",), admin="Farshire"))
    assert right.best.kind == "none"


def test_the_centre_of_the_area() -> None:
    found = ask("34.1201", "37.9002")
    assert found.best.kind == "centre_of_area"
    assert "Oakshire" in found.best.reason


def test_an_area_is_at_its_own_centre() -> None:
    found = ask("34.1201", "37.9002", Said(names=("Oakshire",)))
    assert found.best.kind == "none"


@pytest.mark.parametrize("point", [("0", "0"), ("0.0", "0.00000")])
def test_zeros(point: tuple[str, str]) -> None:
    found = ask(*point)
    assert found.best.kind == "zero"
    assert found.best.repaired is not None


def test_cut_digits() -> None:
    found = ask("33.8394", "38")
    assert found.best.kind == "cut_digits"
    assert "4 and 0 decimals" in found.best.reason
    assert found.best.moved_m is not None
    assert found.best.moved_m > 20_000


def test_far_away_without_a_slip_is_elsewhere() -> None:
    found = ask("34.61283", "36.55117")
    assert found.best.kind == "elsewhere"
    assert not found.suspicious


def test_out_of_range_numbers_are_diagnosed_and_never_fit() -> None:
    # A real one of the kind, 4239.00416, is degrees and minutes run together or a lost point.
    found = ask("3383.94", "38.2743")
    assert found.best.kind == "shifted_point"
    assert found.best.moved_m is None
    assert all(h.kind != "none" for h in found.hypotheses)


def test_nothing_known_says_so() -> None:
    found = diagnose(lat="33.8", lon="38.2", said=Said(names=("Nowhere",)), find=find)
    assert found.best.kind == "elsewhere"
    assert found.nearest_m is None
    assert "no place of the name" in found.best.reason


@pytest.mark.parametrize(
    ("lat", "lon"), [("99.1", "200.2"), ("-12.3394", "138.2743"), ("12.3456", "98.7654")]
)
def test_a_repair_that_leads_nowhere_near_is_none(lat: str, lon: str) -> None:
    found = ask(lat, lon)
    assert not found.suspicious
    near = [Position(lat=lat, lon=lon) for _, lat, lon, _, _ in ROWS]
    for hypothesis in found.hypotheses:
        if hypothesis.repaired is not None:
            assert min(distance_m(hypothesis.repaired, place) for place in near) <= 200_000


def test_nothing_is_repaired_for_what_is_not_known() -> None:
    found = diagnose(lat="99.1", lon="33.8", said=Said(names=("Nowhere",)), find=find)
    assert [h.kind for h in found.hypotheses] == ["elsewhere"]
    assert "no point" in found.best.reason


def test_an_accidental_match_is_no_reading() -> None:
    def weakly(name: str) -> tuple[Candidate, ...]:
        return tuple(replace(candidate, score=0.3) for candidate in find(name))

    found = diagnose(lat="33.8394", lon="38.2743", said=ALDER, find=weakly)
    assert found.nearest_m is None


def test_no_way_back_is_no_crash() -> None:
    found = diagnose(lat="999999999", lon="999999999", said=Said(names=()), find=find)
    assert not found.suspicious


@pytest.mark.parametrize("bad", ["", "33,5", "33.5N", "nan", "inf", "1e400", float("nan"), "--3"])
def test_what_is_no_number_is_refused(bad: str | float) -> None:
    with pytest.raises(PositionError, match="plain decimal number"):
        ask(bad, "38.2")


def test_floats_are_taken_by_their_shortest_form() -> None:
    assert ask(33.8394, 38.2743).best.kind == "none"
    assert ask(38.2743, 33.8394).best.kind == "swapped"
    assert ask(1e-7, 38.2743).best.kind != "none"


@settings(max_examples=60)
@given(lat=st.floats(-95, 95), lon=st.floats(-200, 200))
def test_probabilities_are_those_of_one_world(lat: float, lon: float) -> None:
    found = ask(f"{lat:.5f}", f"{lon:.5f}")
    chances = [h.probability for h in found.hypotheses]
    assert all(0 <= chance <= 1 + 1e-9 for chance in chances)
    assert sum(chances) <= 1 + 1e-6
    for hypothesis in found.hypotheses:
        assert (hypothesis.repaired is None) == (hypothesis.kind in ("none", "elsewhere"))


@settings(max_examples=60)
@given(lat=st.floats(-89, 89), lon=st.floats(-179, 179))
def test_every_way_back_is_on_the_globe(lat: float, lon: float) -> None:
    ways = list(slips(f"{lat:.4f}", f"{lon:.4f}"))
    assert ways
    assert all(abs(way.lat) <= 90 and abs(way.lon) <= 180 and way.share > 0 for way in ways)


def test_priors_leave_most_to_nothing_wrong() -> None:
    assert 0 < sum(PRIORS.values()) < 0.05
