from __future__ import annotations

import pytest

from gazetteer import Gazetteer
from gazetteer.borders import Borders
from gazetteer.geodesy import distance_m
from gazetteer.loosely import Misspelt
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
    assert (found[0].place.name, found[0].place.admin1) == ("Zarfat", "Northland")
    assert "Dumar" in [c.place.name for c in found]
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


class Map(Typing):
    """Finds places by position, too."""

    def near(self, *, lon: float, lat: float, radius_m: float, most: int) -> list[Match]:
        here = Position(lon=lon, lat=lat)
        rows = {(place.source_id): Match(place=place, name=name) for place, name in self.rows}
        by_distance = sorted(rows.values(), key=lambda row: distance_m(here, row.place.position))
        return [r for r in by_distance if distance_m(here, r.place.position) <= radius_m][:most]


BORDERLAND = (
    place("Northland", 36.5, 37.0, kind="region"),
    place("Southland", 34.5, 37.0, kind="region"),
    *(place(f"Noor{n}", 35.60 + n / 100, 37.0 + n / 100, area="Northland") for n in range(4)),
    *(place(f"Soor{n}", 34.50 + n / 100, 37.0 + n / 100, area="Southland") for n in range(4)),
)


def test_a_place_without_an_area_lies_in_that_of_its_neighbours() -> None:
    rows = (
        *BORDERLAND,
        place("Zarfat", 34.52, 37.03),
        place("Zarfat", 35.62, 37.01),
    )
    for admin, lat in (("Northland", 35.62), ("Southland", 34.52)):
        known, unknown = (
            Gazetteer([kind(*rows)], Borders(builtin=False)).find("Zarfat", admin=admin)
            for kind in (Map, Typing)
        )
        assert known[0].place.position.lat == unknown[0].place.position.lat == lat
        # Without its neighbours a place is only held to be near the middle of the area.
        assert known[0].score > unknown[0].score
        assert known[0].score > 1.2 * known[1].score


def test_a_place_across_the_border_of_the_area_is_likelier_than_one_far_from_it() -> None:
    across = place("Zarfat", 35.55, 37.0, area="Southland")
    far = place("Zarfat", 34.51, 37.0, area="Southland")
    index = Gazetteer([Map(*BORDERLAND, across, far)], Borders(builtin=False))
    found = index.find("Zarfat", admin="Northland")
    assert [c.place.position.lat for c in found[:2]] == [35.55, 34.51]
    assert found[0].score > 1.2 * found[1].score
    assert index.find("Zarfat", admin="Southland")[0].score > found[0].score
    alone = Gazetteer([Map(*BORDERLAND[:2], across, far)], Borders(builtin=False))
    assert alone.find("Zarfat", admin="Northland")[0].score < found[0].score


def test_a_misspelt_area_is_an_area_before_a_village_of_that_sound() -> None:
    rows = (
        place("Udlub", 36.0, 36.5, kind="region"),
        place("Udab", 31.0, 36.0, area="Elsewhere"),
        place("Zarfat", 36.1, 36.6, area="Udlub"),
        place("Zarfat", 31.1, 36.1, area="Elsewhere"),
    )
    index = Gazetteer([Longer(*rows)], Borders(builtin=False))
    assert index.find("Zarfat", admin="Udub")[0].place.admin1 == "Udlub"


class Longer(Typing):
    """Finds names with a letter more, too."""

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        rows = zip(self.rows, self.folds, strict=True)
        more = (
            Match(place=place, name=name)
            for (place, name), key in rows
            if any(key[:at] + key[at + 1 :] == fold_key for at in range(len(key)))
        )
        return (*super().typos(fold_key, edits=edits, most=most), *more)[:most]


def test_the_area_said_again_leaves_its_place_to_what_else_is_said(known: Gazetteer) -> None:
    found = known.find("Northland, Zarfat", admin="Northland")
    assert (found[0].place.name, found[0].score) == (
        "Zarfat",
        known.find("Zarfat", admin="Northland")[0].score,
    )


def test_slips_in_consonants_count_only_where_there_is_nothing_else() -> None:
    rows = (place("Tall Maksur", 35.3, 40.3), place("Tall Miskir", 30.4, 40.4))
    near = (Position(lon=40.35, lat=35.35),)
    both = Gazetteer([Typing(*rows)], Borders(builtin=False)).find("Tall Maskur", near=near)
    assert [c.place.name for c in both] == ["Tall Miskir"]
    alone = Gazetteer([Typing(rows[0])], Borders(builtin=False)).find("Tall Maskur", near=near)
    assert [(c.place.name, c.how) for c in alone] == [("Tall Maksur", "fuzzy")]


def test_codes_are_spelled_in_one_way() -> None:
    rows = (
        place("Damaskenos", 33.5, 36.3, more="DAM", area="Southland"),
        place("Dima", 33.6, 36.4, area="Southland"),
        place("Dam", 33.7, 36.5, area="Southland"),
    )
    index = Gazetteer([Typing(*rows)], Borders(builtin=False))
    near = (Position(lon=36.3, lat=33.5),)
    for points in ((), near):
        by_code = index.find("DAM", near=points)
        assert {c.place.name for c in by_code} == {"Damaskenos", "Dam"}
        assert {c.how for c in by_code} == {"exact"}
        # Sounds like the code, which nobody speaks; misspells it, which nobody does.
        for name in ("Dima", "Deem", "Damm"):
            found = index.find(name, near=points)
            assert "Dima" in [c.place.name for c in found]
            assert "Damaskenos" not in [c.place.name for c in found]


def test_what_an_area_means(known: Gazetteer) -> None:
    assert [area.name for area in known.areas("Northland")] == ["Northland"]
    assert [area.name for area in known.areas("Dumar")] == ["Dumar"]
    assert known.areas("Qwxzkr") == known.areas("") == ()
