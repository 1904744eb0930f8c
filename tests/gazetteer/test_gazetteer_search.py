from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gazetteer
from gazetteer import Candidate, Gazetteer, GazetteerFileError
from gazetteer.borders import Borders
from gazetteer.place import KINDS, Place, kind_extent_m, normal_kind
from gazetteer.position import Position
from gazetteer.search import ACCIDENTAL, FUZZY, LARGE
from gazetteer.sources.builtin import BuiltinSource
from gazetteer.sources.match import Match
from gazetteer.store import WorldIndex

ROWS = """name,lat,lon,kind,country
At Tanf,33.488,38.657,village,SY
Tanf,33.415,38.970,village,IQ
Al-Tanf (garrison),33.506,38.618,,
Al-Tanf Crossing,33.437,38.895,,
Jabal at Tanf,33.502,38.701,hill,
Damascus,1,2,village,SY
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


@pytest.fixture
def local(table: Path) -> Gazetteer:
    return Gazetteer.open([table], world=False)


def rows(found: tuple[Candidate, ...]) -> list[str]:
    return [candidate.place.source_id.removeprefix("rows.csv:") for candidate in found]


def test_rivals_stay_apart_and_features_come_after(local: Gazetteer) -> None:
    found = local.find("al-Tanf")
    assert rows(found) == ["2", "3", "4", "5", "6"]
    assert [c.how for c in found] == ["exact"] * 5
    assert [c.score for c in found] == [0.97] * 3 + [0.75] * 2
    assert [c.generics for c in found] == [(), (), (), ("crossing",), ("jabal",)]


def test_a_generic_prefers_its_kind(local: Gazetteer) -> None:
    crossing = local.find("al-Tanf border crossing")
    assert (rows(crossing)[0], crossing[0].score) == ("5", 0.9)
    assert crossing[1].score < crossing[0].score
    assert crossing[1].generics == ("border crossing",)
    garrison = local.find("the Tanf garrison".removeprefix("the "))
    assert (rows(garrison)[0], garrison[0].score) == ("4", 0.9)
    assert garrison[-1].score == min(c.score for c in garrison)


def test_other_scripts(local: Gazetteer) -> None:
    found = local.find("التنف")
    assert rows(found)[:3] == ["2", "3", "4"]
    assert {c.how for c in found} == {"transliterated"}
    assert all(c.score < 0.75 for c in found)
    assert local.find("Tanif")[0].how == "transliterated"


def test_country_keeps_what_has_none(local: Gazetteer) -> None:
    assert rows(local.find("Tanf", country="iq")) == ["3", "4", "5", "6"]


@pytest.mark.parametrize("name", ["", "  ", "()", "\u200b", "?!", "\n"])
def test_nothing_to_look_up(local: Gazetteer, name: str) -> None:
    assert local.find(name) == ()


def test_hostile_names_end_quickly(local: Gazetteer) -> None:
    for name in ("x" * 10**6, "(" * 10**6, "al-" * 10**5, "base " * 10**5):
        assert local.find(name) == ()


def test_the_users_rows_come_first(table: Path, world_index: WorldIndex, world_cache: Path) -> None:
    both = Gazetteer.open([table], cache_dir=world_cache)
    found = both.find("Damascus")
    assert [c.score for c in found[:2]] == [1.0, 1.0]
    assert [c.place.country for c in found[:2]] == ["SY", "SY"]
    assert rows(found)[0] == "7"
    assert found[1].place.source_id == "170654"
    assert found[1].place.origin == "GeoNames"
    assert "CC BY" in found[1].place.source
    assert isinstance(both.borders, Borders)


def test_the_case_of_the_article(
    keypoints: Path, world_index: WorldIndex, world_cache: Path
) -> None:
    known = Gazetteer.open([keypoints], cache_dir=world_cache)
    tanf = known.find("al-Tanf")
    assert [(c.place.name, c.generics) for c in tanf[:7]] == [
        ("At Tanf", ()),
        ("Tanf", ()),
        ("Al-Tanf (garrison)", ()),
        ("At Tanf", ()),
        ("Jabal at Tanf", ("jabal",)),
        ("Al-Tanf Crossing", ("crossing",)),
        ("Al-Tanf Border Post", ("border post",)),
    ]
    assert "At Tanf" in [c.place.name for c in known.find("التنف")[:4]]
    for name in ("Albu Kamal", "Abu Kamal", "البو كمال"):
        assert known.find(name)[0].place.source_id == "174448"
    for name in ("al-Zaqaf", "الزكف"):
        assert all(c.score <= 0.3 for c in known.find(name))


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("garrison of al-Tanf", "al-Tanf garrison"),
        ("the garrison of al-Tanf", "al-Tanf garrison"),
        ("village of the Damascus", "Damascus village"),
        ("The border crossing of Tanf", "Tanf border crossing"),
    ],
)
def test_a_generic_may_stand_before_with_of(local: Gazetteer, asked: str, same: str) -> None:
    found, expected = local.find(asked), local.find(same)
    assert [(rows((c,)), c.score) for c in found] == [(rows((c,)), c.score) for c in expected]
    assert found
    assert local.find("village of") == local.find("of the") == ()


class Fake:
    """A source of a stated size with one place, which has every skeleton; no misspelling but it."""

    def __init__(self, size: int, name: str) -> None:
        self.size = size
        self.name = name

    def __len__(self) -> int:
        return self.size

    def lookup(self, *, fold_key: str = "", skeleton_key: str = "") -> tuple[Match, ...]:
        place = Place(
            name=self.name,
            names=(self.name,),
            kind="city",
            position=Position(lon=0, lat=0),
            extent_m=1,
            country=None,
            valid=None,
            source="fake",
            source_id="1",
            origin="fake",
        )
        return (Match(place=place, name=place.name),) if skeleton_key else ()


class FakeMisspelt(Fake):
    """The same, which has every misspelling and no skeleton."""

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", like: str = ""
    ) -> tuple[Match, ...]:
        return ()

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        return super().lookup(skeleton_key=fold_key)


def best_score(source: Fake, asked: str) -> float:
    return Gazetteer([source], Borders(builtin=False)).find(asked)[0].score


@pytest.mark.parametrize(
    ("asked", "given", "most"),
    [
        ("Zaqaf", "Ziquf", ACCIDENTAL[0][1]),
        ("زقف", "Zaqaf", ACCIDENTAL[0][1]),
        ("Zaqafib", "Zouqifaba", ACCIDENTAL[1][1]),
    ],
)
def test_short_skeletons_count_little_in_a_large_source(
    asked: str, given: str, most: float
) -> None:
    assert best_score(Fake(LARGE, given), asked) <= most < best_score(Fake(LARGE - 1, given), asked)
    assert Gazetteer([Fake(LARGE, "Zaq")], Borders(builtin=False)).find("Zaq") == ()


@pytest.mark.parametrize("given", ["al-Zaqaf", "Zaqf", "Zakaf"])
def test_a_name_that_sounds_the_same_is_no_accident(given: str) -> None:
    score = best_score(Fake(LARGE, given), "Az Zakf")
    assert score > best_score(FakeMisspelt(LARGE, "Al Waqf"), "Az Zakf")
    assert FUZZY >= score > 0.9 * FUZZY


def test_of_accidents_those_that_agree_on_the_article_come_first() -> None:
    def scores(asked: str) -> tuple[float, float]:
        return best_score(Fake(LARGE, "al-Zaqaf"), asked), best_score(Fake(LARGE, "Zukiv"), asked)

    assert scores("الزقف")[0] > scores("الزقف")[1]
    assert scores("زقف")[0] < scores("زقف")[1]


def test_a_letter_off_in_three_counts_little_in_a_large_source() -> None:
    large, small = FakeMisspelt(LARGE, "زيف"), FakeMisspelt(LARGE - 1, "زيف")
    assert best_score(large, "زكف") < ACCIDENTAL[0][1] < best_score(small, "زكف")
    # What has all of the consonants is first, though in another script.
    assert best_score(large, "زكف") < best_score(Fake(LARGE, "al-Zaqaf"), "زكف")
    assert best_score(FakeMisspelt(LARGE, "Homs"), "Hums") == best_score(
        FakeMisspelt(LARGE - 1, "Homs"), "Hums"
    )


def test_only_known_files(tmp_path: Path) -> None:
    with pytest.raises(GazetteerFileError, match=r"places\.shp"):
        Gazetteer.open([tmp_path / "places.shp"], world=False)


def test_kinds_of_cities(world_index: WorldIndex) -> None:
    source = BuiltinSource(world_index)
    (damascus, *_) = source.lookup(fold_key="damascus")
    assert (damascus.place.kind, damascus.place.admin1) == ("city", "13")
    assert 10_000 < damascus.place.extent_m <= 25_000
    assert len(source) == len(world_index)


def test_extents() -> None:
    assert kind_extent_m("village", 30) == 500
    assert kind_extent_m("city", 10**9) == 25_000
    assert kind_extent_m("dam", 10**9) == KINDS["dam"].extent_m
    assert kind_extent_m("town") == KINDS["town"].extent_m
    with pytest.raises(gazetteer.GazetteerError, match="'moon'"):
        kind_extent_m("moon")
    assert normal_kind("Border Crossing") == "crossing"
    assert normal_kind("garrison") == "base"
    assert normal_kind("moon") is None


def test_public_names() -> None:
    assert gazetteer.__all__ == [
        "KINDS",
        "BorderError",
        "BorderLine",
        "Borders",
        "Candidate",
        "Gazetteer",
        "GazetteerError",
        "GazetteerFileError",
        "GeodesyError",
        "Kind",
        "Place",
        "Position",
        "PositionError",
        "WorldIndexError",
        "format_position",
        "parse_position",
    ]
    assert gazetteer.KINDS is KINDS
    for name in set(gazetteer.__all__) - {"KINDS"}:
        assert getattr(gazetteer, name).__module__.startswith("gazetteer.")
    with pytest.raises(AttributeError, match="nothing"):
        _ = gazetteer.nothing


def test_the_light_modules_import_nothing_heavy() -> None:
    code = (
        "import sys, gazetteer, gazetteer.position, gazetteer.countries as c; c.country_code('US');"
        "heavy = {'numpy', 'pyproj', 'shapely', 'scipy', 'pandas', 'timezonefinder'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(gazetteer.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"
