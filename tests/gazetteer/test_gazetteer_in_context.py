from __future__ import annotations

import pytest

from gazetteer import Gazetteer
from gazetteer.borders import Borders
from gazetteer.in_context import Misspelt
from gazetteer.names import core_skeletons, fold, keys_many
from gazetteer.place import How, Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.sources.match import Match, Source


class Shelf:
    """Synthetic places by key; ``Typing`` finds misspelt ones, too."""

    def __init__(self, *places: Place) -> None:
        self.rows = [(place, name) for place in places for name in place.names]
        texts = [name for _, name in self.rows]
        self.folds, self.bones = keys_many(texts)
        self.cores = core_skeletons(texts)

    def __len__(self) -> int:
        return len(self.rows)

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", like: str = ""
    ) -> tuple[Match, ...]:
        keys = zip(self.rows, self.folds, self.bones, self.cores, strict=True)
        return tuple(
            Match(place=place, name=name)
            for (place, name), key, whole, core in keys
            if (fold_key and key == fold_key) or (skeleton_key and skeleton_key in (whole, core))
        )


class Typing(Shelf):
    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        shorter = {fold_key[:at] + fold_key[at + 1 :] for at in range(len(fold_key))}
        rows = zip(self.rows, self.folds, strict=True)
        return tuple(
            Match(place=place, name=name) for (place, name), key in rows if key in shorter
        )[:most]


def place(
    name: str, lat: float, lon: float, *, kind: str = "village", area: str = "", more: str = ""
) -> Place:
    return Place(
        name=name,
        names=tuple(filter(None, (name, more))),
        kind=kind,
        position=Position(lon=lon, lat=lat),
        extent_m=kind_extent_m(kind),
        country="SY",
        valid=None,
        source="synthetic",
        source_id=f"{name} {area} {lat}",
        origin="synthetic",
        admin1=area or None,
    )


PLACES = (
    place("Northland", 36.2, 37.2, kind="region", more="بلاد الشمال"),
    place("Southland", 33.2, 36.2, kind="region"),
    place("Zarfat", 36.5, 37.3, area="Northland", more="زرفات"),
    place("Zarfat", 33.3, 36.1, area="Southland"),
    place("Zurfat", 33.2, 36.3, area="Southland"),
    place("Khirbat Mansaf", 36.1, 37.0, area="Northland"),
    place("Dumar", 36.3, 37.1, kind="town", area="Northland"),
    place("Qalmun ash Sharqi", 36.4, 37.4, area="Northland"),
    place("Qalmun al Gharbi", 36.1, 37.6, area="Northland"),
)


@pytest.fixture
def known() -> Gazetteer:
    return Gazetteer([Typing(*PLACES)], Borders(builtin=False))


def test_the_area_decides_between_places_of_one_name(known: Gazetteer) -> None:
    north, south = (known.find("Zarfat", admin=area)[0] for area in ("Northland", "South land"))
    assert (north.place.admin1, south.place.admin1) == ("Northland", "Southland")
    assert north.how == south.how == "exact"
    assert known.find("Zarfat", admin="northern Northland countryside")[0].place == north.place
    assert known.find("زرفات", admin="بلاد الشمال")[0].place == north.place


def test_a_spelling_in_the_area_beats_the_same_letters_elsewhere(known: Gazetteer) -> None:
    found = known.find("Zurfat", admin="Northland")
    assert (found[0].place.admin1, found[0].how) == ("Northland", "transliterated")
    assert known.find("Zurfat")[0].place.name == "Zurfat"


def test_points_nearby_decide_too(known: Gazetteer) -> None:
    for lat, area in ((36.5, "Northland"), (33.3, "Southland")):
        found = known.find("Zarfat", near=(Position(lon=36.5, lat=lat),))
        assert found[0].place.admin1 == area
        assert found[0].score > found[1].score


def test_the_first_part_is_the_place_and_the_rest_say_where(known: Gazetteer) -> None:
    found = known.find("Zarfat, Dumar District", admin="Northland")
    assert [c.place.name for c in found[:2]] == ["Zarfat", "Dumar"]
    landmark = known.find("Main Post Office, Dumar", admin="Northland")
    assert landmark[0].place.name == "Dumar"
    assert landmark[0].score < found[0].score


def test_an_unknown_spot_is_in_the_town_of_the_areas_name(known: Gazetteer) -> None:
    found = known.find("various locations", admin="Dumar")
    assert found[0].place.name == "Dumar"
    assert found[0].score < 0.5


def test_generics_and_qualifiers(known: Gazetteer) -> None:
    assert known.find("Mansaf village", admin="Northland")[0].place.name == "Khirbat Mansaf"
    west = known.find("Western Qalmun", admin="Northland")
    assert [c.place.name for c in west[:2]] == ["Qalmun al Gharbi", "Qalmun ash Sharqi"]
    assert west[0].score > 1.2 * west[1].score


def test_misspelt_only_where_the_source_can(known: Gazetteer) -> None:
    typo = known.find("Dumbar", admin="Northland")[0]
    assert (typo.place.name, typo.how) == ("Dumar", "fuzzy")
    plain: Source = Shelf(*PLACES)
    assert not isinstance(plain, Misspelt)
    # By its skeleton with a consonant left out, which does not put one for another.
    index = Gazetteer([plain], Borders(builtin=False))
    found = index.find("Dumbar", admin="Northland")[0]
    assert (found.place.name, found.how) == ("Dumar", "fuzzy")
    misspelt: tuple[How, ...] = ("fuzzy",)
    assert index.find("Tumar", admin="Northland", hows=misspelt) == ()
    alone = known.find("Dumbar")
    assert [(c.place.name, c.how) for c in alone] == [("Dumar", "fuzzy")]
    assert alone[0].score < known.find("Dimar")[0].score < known.find("Dumar")[0].score


def test_most_and_country(known: Gazetteer) -> None:
    assert len(known.find("Zarfat", most=1)) == 1
    assert (
        known.find("Zarfat", admin="Northland", most=2)
        == known.find("Zarfat", admin="Northland")[:2]
    )
    assert known.find("Zarfat", admin="Northland", country="IQ") == ()
    assert len(known.find("Zarfat", admin="Northland", country="sy")) >= 2


@pytest.mark.parametrize("name", ["", " , ", "()", "\u200b", "a, b; c"])
def test_nothing_to_look_up(known: Gazetteer, name: str) -> None:
    for admin in ("", "Nowhere", "()"):
        assert all(0 < c.score <= 1 for c in known.find(name, admin=admin))


def test_hostile_phrases_end(known: Gazetteer) -> None:
    for name in ("x" * 10**6, "near " * 10**5, "Zarfat, " * 10**5, "(" * 10**6):
        assert len(known.find(name, admin=name)) < 20


def test_scores_are_in_order_and_keys_fold(known: Gazetteer) -> None:
    for name in ("Zarfat", "Zurfat or Dumar", "Qalmun"):
        scores = [c.score for c in known.find(name, admin="Northland")]
        assert scores == sorted(scores, reverse=True)
        assert scores
        assert fold(name)


class Watched(Typing):
    """Remembers which keys were asked for."""

    def __init__(self, *places: Place) -> None:
        super().__init__(*places)
        self.skeletons: list[str] = []
        self.misspelt: list[str] = []

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", like: str = ""
    ) -> tuple[Match, ...]:
        self.skeletons += filter(None, (skeleton_key,))
        return super().lookup(fold_key=fold_key, skeleton_key=skeleton_key, like=like)

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        self.misspelt.append(fold_key)
        return super().typos(fold_key, edits=edits, most=most)


def test_what_is_not_asked_for_is_not_sought() -> None:
    rows = (place("Khusham", 35.3, 40.3), place("Khisham", 35.4, 40.4), place("Khusha", 35.5, 40.5))
    near = (Position(lon=40.3, lat=35.3),)
    for points in ((), near):
        source = Watched(*rows)
        index = Gazetteer([source], Borders(builtin=False))
        every = index.find("Khusham", near=points)
        assert {found.how for found in every} >= {"exact", "transliterated"}
        source.skeletons.clear()
        source.misspelt.clear()
        only: tuple[How, ...] = ("exact",)
        exact = index.find("Khusham", near=points, hows=only)
        assert [found.place.name for found in exact] == ["Khusham"]
        assert source.skeletons == source.misspelt == []
        both = index.find("Khusham", near=points, hows=("exact", "transliterated"))
        assert {found.how for found in both} == {"exact", "transliterated"}
        assert source.misspelt == []
        assert index.find("Khusham", near=points, hows=()) == ()


def test_a_swapped_consonant_is_found_where_nothing_else_is() -> None:
    rows = (place("Tall Maksur", 35.3, 40.3), place("Qurayyat", 35.4, 40.4))
    asked = "تل مسكور"
    found = Gazetteer([Typing(*rows)], Borders(builtin=False)).find(asked)
    assert [(each.place.name, each.how) for each in found] == [("Tall Maksur", "fuzzy")]
    assert Gazetteer([Shelf(*rows)], Borders(builtin=False)).find(asked) == ()
