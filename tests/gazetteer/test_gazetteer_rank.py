from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.names import parts
from gazetteer.phrases import parts_of_phrase
from gazetteer.place import Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.rank import (
    Anchor,
    Context,
    how_weight,
    kind_weight,
    likeness,
    main_name_weight,
    name_agreement,
    spelling_weight,
)


def place(
    name: str = "Tanf", *, kind: str = "village", lon: float = 38.0, lat: float = 33.0
) -> Place:
    return Place(
        name=name,
        names=(name,),
        kind=kind,
        position=Position(lon=lon, lat=lat),
        extent_m=kind_extent_m(kind),
        country="SY",
        valid=None,
        source="synthetic",
        source_id=name,
        origin="synthetic",
    )


@pytest.mark.parametrize(
    ("name", "closer", "farther"),
    [
        ("khusham", "khisham", "kechma"),
        ("sheikh miskin", "shaykh miskin", "shaykh hasan"),
        ("qamishli", "kamechli", "hamishli"),
        ("zaytounah", "zaytunah", "zaytan"),
        ("دير حافر", "dayr hafir", "dayr hasan"),
        ("kashkiya", "كشكيه", "كشيش"),
    ],
)
def test_what_sounds_alike_is_closer(name: str, closer: str, farther: str) -> None:
    assert likeness(name, closer) > likeness(name, farther)
    assert likeness(name, closer) > 0.85


@given(st.text(alphabet="abdeghijklmnoqrstuyz ابتشخ", max_size=20), st.text(max_size=20))
@settings(max_examples=150)
def test_likeness_is_a_share_and_symmetric(left: str, right: str) -> None:
    assert 0 <= likeness(left, right) <= 1
    assert likeness(left, right) == likeness(right, left)
    assert likeness(left, left) == 1
    assert left == right or likeness(left, right) < 1


def test_what_stands_around_a_name() -> None:
    asked = parts("Baghuz Fawqani")
    same, lacking, clash = (
        name_agreement(asked, parts(n)) for n in ("باغوز الفوقاني", "Baghuz", "Baghuz Tahtani")
    )
    assert same > lacking * 0.95 > clash
    plain = parts("Tanf")
    exact, said, hill = (
        name_agreement(plain, parts(n)) for n in ("At Tanf", "Qaryat at Tanf", "Jabal at Tanf")
    )
    assert exact == said == 1 > hill
    crossing = parts("al-Tanf crossing")
    assert name_agreement(crossing, parts("معبر التنف")) > name_agreement(
        crossing, parts("Jabal Tanf")
    )


def test_a_settlement_before_an_area_unless_the_area_was_named() -> None:
    plain, area = parts("Raqqa"), parts("Raqqa governorate")
    region, town = place("Raqqa", kind="region"), place("Raqqa", kind="town")
    assert kind_weight(region, plain) < kind_weight(town, plain) <= 1
    assert kind_weight(region, area) == 1


def test_an_anchor_pulls_less_with_distance() -> None:
    anchor = Anchor(lon=38.0, lat=33.0, reach_m=20_000.0)
    pulls = [anchor.pull(Position(lon=38.0, lat=33.0 + step)) for step in (0, 0.05, 0.18, 0.5, 5)]
    assert pulls == sorted(pulls, reverse=True)
    assert pulls[0] == 1
    assert pulls[2] == pytest.approx(0.5, abs=0.01)
    # The same across the antimeridian.
    edge = Anchor(lon=179.99, lat=0.0, reach_m=20_000.0)
    assert edge.pull(Position(lon=-179.99, lat=0.0)) > 0.9


def test_context_prefers_the_area_said() -> None:
    within = (Anchor(lon=38.0, lat=36.0, reach_m=100_000.0),)
    context = Context(admin=frozenset({"halab", "aleppo"}), within=within)
    here, there = place(lat=36.1), place(lat=33.0)
    assert context.factor(there, "aleppo") == 1
    assert 1 > context.factor(here, "") > context.factor(here, "idlib") > context.factor(there, "")
    assert context.factor(there, "hama") >= Context.ELSEWHERE
    assert Context().factor(there, "hama") == 1
    assert context.holds("halab")
    assert context.holds("alepo")
    assert not context.holds("")
    assert not context.holds("hama")
    near = Context(near=(Anchor(lon=38.0, lat=33.0, reach_m=20_000.0),))
    assert near.factor(there, "") > near.factor(here, "")


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("al-Tanf", ["al-Tanf"]),
        ("Al-Fatih, Jableh District", ["Al-Fatih", "Jableh District"]),
        ("Between Kahil and Al-Taybeh", ["Kahil", "Al-Taybeh"]),
        ("near Tanf", ["Tanf"]),
        ("outskirts of Al Soussa", ["Al Soussa"]),
        ("village of Abyan, Afrin", ["Abyan", "Afrin"]),
        ("Jubb Mahli (Ber Mahli)", ["Jubb Mahli", "Ber Mahli"]),
        ("Hajin: House near a mosque", ["Hajin"]),
        ("Al Hilalya neighbourhood of Al Qamishi", ["Al Qamishi", "Al Hilalya"]),
        ("Market Street, Tanf", ["Tanf"]),
        ("no name of village yet, Tanf", ["Tanf"]),
        ("Tell, [or Tall] Dagh", ["Tell", "Tall", "Dagh"]),
        ("55 km east of Tanf", ["Tanf"]),
        ("Land Bank", ["Land Bank"]),
        ("various locations", ["various locations"]),
        ("Alsayyal", ["Alsayyal", "sayyal"]),
        ("Aleppo", ["Aleppo"]),
        ("", []),
        (" ,;() - ", []),
        ("village", ["village"]),
    ],
)
def test_parts_of_a_phrase(phrase: str, names: list[str]) -> None:
    found = parts_of_phrase(phrase)
    assert [part.name for part in found] == names
    assert [part.weight for part in found] == sorted((p.weight for p in found), reverse=True)
    assert not found or found[0].weight == 1


def test_names_in_a_list_say_nothing_of_each_other() -> None:
    for phrase, listed in (
        ("Hajin and Tanf", True),
        ("Hajin & Tanf", True),
        ("Hajin, Tanf", False),
    ):
        assert [part.listed for part in parts_of_phrase(phrase)] == [listed, listed]


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_phrases_of_anything(phrase: str) -> None:
    for part in parts_of_phrase(phrase):
        assert part.name.strip() == part.name != ""
        assert 0 < part.weight <= 1


def test_hostile_phrases_have_few_parts() -> None:
    for phrase in ("the " * 10**5, "," * 10**6, "(" * 10**6, "a and " * 10**5, "in " * 10**5):
        assert len(parts_of_phrase(phrase)) <= 6


def test_of_names_that_sound_alike_the_same_letters_and_article_are_likelier() -> None:
    assert likeness("maaratah", "maarata") == pytest.approx(1, abs=0.01)
    assert spelling_weight("maaratah", "maaratah") == 1
    assert 1 > spelling_weight("maaratah", "maarata") > spelling_weight("maaratah", "mrt") > 0
    same = main_name_weight("al-Salhiya", "As Salihiyah", alike=1.0)
    assert same == 1 > main_name_weight("al-Salhiya", "Salahiyah", alike=1.0)
    assert main_name_weight("Ashara", "Alanah", alike=1.0) == 1
    assert how_weight("exact") == 1 > how_weight("transliterated") > how_weight("fuzzy") > 0
