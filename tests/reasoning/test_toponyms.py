"""The names of a text, weighed together."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.abbreviations import spelled_out
from gazetteer.borders import Borders
from gazetteer.names import fold
from gazetteer.place import Candidate, How, Place, kind_extent_m
from gazetteer.position import Position
from osint.toponyms import Toponym, Weights, meanings

_ROWS = (
    # name, country, region, kind, population, lat, lon
    ("Paris", "FR", "11", "city", 2_138_551, 48.8534, 2.3488),
    ("Paris", "US", "TX", "town", 24_782, 33.6609, -95.5555),
    ("Paris", "US", "TN", "town", 10_156, 36.3020, -88.3267),
    ("Bonham", "US", "TX", "town", 10_127, 33.5773, -96.1783),
    ("Springfield", "US", "IL", "city", 116_250, 39.8017, -89.6437),
    ("Springfield", "US", "MO", "city", 159_498, 37.2153, -93.2982),
    ("Branson", "US", "MO", "town", 10_520, 36.6437, -93.2185),
    ("Georgia", "GE", None, "country", None, 42.0, 43.5),
    ("Georgia", "US", "GA", "region", None, 32.75, -83.5),
    ("Atlanta", "US", "GA", "city", 463_878, 33.749, -84.388),
    ("Macon", "US", "GA", "city", 153_159, 32.8407, -83.6324),
    ("Tbilisi", "GE", "51", "city", 1_049_498, 41.6941, 44.8337),
    ("Texas", "US", "TX", "region", None, 31.25, -99.25),
    ("Tennessee", "US", "TN", "region", None, 35.75, -86.25),
    ("Illinois", "US", "IL", "region", None, 40.0, -89.25),
)


class _Index:
    """A gazetteer of a few rows that knows exact names."""

    borders = Borders.open([], builtin=False)

    def find(
        self, name: str, *, country: str | None = None, hows: Collection[How] | None = None
    ) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(place=_place(number), matched_name=row[0], how="exact", score=1.0)
            for number, row in enumerate(_ROWS)
            if fold(row[0]) == fold(name) and country in (None, row[1])
        )


def _place(number: int) -> Place:
    name, country, region, kind, population, lat, lon = _ROWS[number]
    return Place(
        name=name,
        names=(name,),
        kind=kind,
        position=Position(lon=lon, lat=lat),
        extent_m=kind_extent_m(kind, population),
        country=country,
        valid=None,
        source="rows",
        source_id=str(number),
        origin="rows",
        admin1=region,
        population=population,
    )


def _read(text: str, names: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    toponyms = []
    for name in names:
        spans, at = [], text.find(name)
        while at >= 0:
            spans.append((at, at + len(name)))
            at = text.find(name, at + 1)
        toponyms.append(Toponym(name=name, spans=tuple(spans)))
    found = meanings(text, toponyms, _Index())
    places = {name: each[0].candidate.place for name, each in found.items() if each}
    return {name: (place.country, place.admin1) for name, place in places.items()}


@pytest.mark.parametrize(
    ("text", "names", "name", "expected"),
    [
        ("The mayor of Paris resigned.", ["Paris"], "Paris", ("FR", "11")),
        ("A fire in Paris, Texas, killed two.", ["Paris", "Texas"], "Paris", ("US", "TX")),
        ("A fire in Paris, Tenn., killed two.", ["Paris"], "Paris", ("US", "TN")),
        ("From Bonham the road leads to Paris.", ["Bonham", "Paris"], "Paris", ("US", "TX")),
        ("Police in Springfield said so.", ["Springfield"], "Springfield", ("US", "MO")),
        ("Springfield is in Illinois.", ["Springfield", "Illinois"], "Springfield", ("US", "IL")),
        ("From Atlanta to Macon, Georgia rejoiced.", ["Atlanta", "Macon", "Georgia"], "Georgia",
         ("US", "GA")),
        ("In Tbilisi, Georgia's capital, it rained.", ["Tbilisi", "Georgia"], "Georgia",
         ("GE", None)),
    ],
)  # fmt: skip
def test_what_stands_around_a_name_decides(
    text: str, names: list[str], name: str, expected: tuple[str, str | None]
) -> None:
    assert _read(text, names)[name] == expected


def test_shares_add_up_and_come_in_order() -> None:
    found = meanings("Paris", [Toponym(name="Paris", spans=((0, 5),))], _Index())["Paris"]
    shares = [meaning.share for meaning in found]
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    assert len(found) == 3


def test_a_name_nobody_knows_means_nothing() -> None:
    assert meanings("Zaqaf", [Toponym(name="Zaqaf", spans=((0, 5),))], _Index()) == {"Zaqaf": ()}


def test_the_weights_are_what_decides() -> None:
    text = "From Bonham the road leads to Paris."
    toponyms = [
        Toponym(name="Bonham", spans=((5, 11),)),
        Toponym(name="Paris", spans=((30, 35),)),
    ]
    blind = Weights(near=0.0, same_country=0.0)
    alone = meanings(text, toponyms, _Index(), weights=blind)["Paris"][0]
    assert alone.candidate.place.country == "FR"


def test_names_that_a_claim_joins_say_nothing_of_each_other() -> None:
    text = "From Bonham the road leads to Paris."
    toponyms = [
        Toponym(name="Bonham", spans=((5, 11),)),
        Toponym(name="Paris", spans=((30, 35),)),
    ]
    joined = [frozenset({"Bonham", "Paris"})]
    alone = meanings(text, toponyms, _Index(), joined=joined)["Paris"][0]
    assert alone.candidate.place.country == "FR"


@settings(max_examples=30)
@given(st.permutations(["Paris", "Bonham", "Springfield", "Branson", "Georgia", "Atlanta"]))
def test_the_order_of_the_names_changes_nothing(names: list[str]) -> None:
    text = "Paris Bonham Springfield Branson Georgia Atlanta"
    spans = {name: ((text.index(name), text.index(name) + len(name)),) for name in names}
    found = meanings(text, [Toponym(name=n, spans=spans[n]) for n in names], _Index())
    in_order = sorted(names)
    again = meanings(text, [Toponym(name=n, spans=spans[n]) for n in in_order], _Index())
    for name in names:
        assert [m.share for m in found[name]] == pytest.approx([m.share for m in again[name]])


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ("Ky.", ("Kentucky", "US")),
        ("W. Va.", ("West Virginia", "US")),
        ("N.C", ("North Carolina", "US")),
        ("Ont.", ("Ontario", "CA")),
        ("TX", ("Texas", "US")),
        ("in", None),
        ("Ore", ("Oregon", "US")),
        ("la.", None),
        ("Syria", None),
        ("", None),
    ],
)
def test_abbreviations_of_states(short: str, expected: tuple[str, str] | None) -> None:
    assert spelled_out(short) == expected
