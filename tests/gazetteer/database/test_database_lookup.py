"""Answers of an opened gazetteer, held against looking through all rows."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from gazetteer.database import Database, add
from gazetteer.database.hashing import hash_deletions, hash_lines, hash_of
from gazetteer.errors import DatabaseError
from gazetteer.geodesy import distances_m
from gazetteer.names import fold, skeleton
from gazetteer.record import Name, Record

Make = Callable[..., Record]


def _ids(matches: Any) -> list[str]:
    return [match.place.source_id for match in matches]


def test_a_name_is_found_folded_and_by_its_bones(tmp_path: Path, few: Any, reader: Any) -> None:
    add(tmp_path, reader("a", few))
    with Database.open(tmp_path) as database:
        assert len(database) == 3
        assert _ids(database.lookup(fold_key=fold("at tanf"))) == ["1"]
        assert _ids(database.lookup(fold_key="damascus")) == ["2", "3"]
        found = database.lookup(skeleton_key=skeleton("Dimashk"))
        # Two of its names have these bones; the place comes once.
        assert _ids(found) == ["2"] and found[0].name in ("دمشق", "Dimashq")
        assert not database.lookup() and not database.lookup(fold_key="tan")
        place = database.place(1)
        assert place is not None and place.names == ("Al-Tanf", "التنف")
        assert (place.source, place.origin, place.population) == ("Rows of a", "a", 100)
        assert (place.position.lon, place.position.lat) == (38.6, 33.5)
        assert place.position.uncertainty_m is None and place.extent_m == 500.0
        assert database.place(99) is None
        stored = database.sources()[0]
        assert stored.provenance.guessed == ("column 'Breite' is the latitude",)
        assert (stored.places, stored.names, stored.bad_rows) == (3, 6, 1)
        assert stored.bad_first[0].line == 2


def test_likeness_orders_the_matches_of_a_skeleton(
    tmp_path: Path, reader: Any, record: Make
) -> None:
    names = ("Tanf", "Tunufi", "التنف", "Tonif")
    add(tmp_path, reader("a", [record(name, name) for name in names]))
    with Database.open(tmp_path) as database:
        found = database.alike([skeleton("tanf")], fold_key="tanf")
        assert len(found) == 4 and found[0].name == "Tanf"
        found = database.alike(["x", skeleton("tunufi")], fold_key="tunufi", most=1)
        assert [match.name for match in found] == ["Tunufi"]
        assert database.alike([], fold_key="tanf") == database.alike([""], fold_key="") == ()


def test_a_name_is_found_by_what_it_is_without_generic_words(
    tmp_path: Path, reader: Any, record: Make
) -> None:
    rows = [
        record("1", "Khirbat Sarbaya", "خربة سربايا", population=5),
        record("2", "Sarbaya", population=10),
        record("3", "Tell Abyad al-Gharbi", population=20),
    ]
    add(tmp_path, reader("a", rows))
    with Database.open(tmp_path) as database:
        # Those of the skeleton come before those of the core, more populous or not.
        assert _ids(database.lookup(skeleton_key=skeleton("Sarbayya"))) == ["2", "1"]
        assert _ids(database.alike([skeleton("Abyadh")], fold_key="abyadh")) == ["3"]
        found = database.alike([skeleton("Sarbaya")], fold_key="سربايا")
        assert {match.place.source_id: match.name for match in found} == {
            "1": "خربة سربايا",
            "2": "Sarbaya",
        }
        found = database.alike([skeleton("Sarbaya")], fold_key="sarbaya")
        assert [match.name for match in found] == ["Sarbaya", "Khirbat Sarbaya"]
        assert database.alike([skeleton("Sarbaya")], fold_key="sarbaya", most=0) == ()


_letters = st.sampled_from("abcde ا")
_words = st.text(_letters, min_size=1, max_size=9).map(fold).filter(bool)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(_words, min_size=1, max_size=60), sought=_words)
def test_typos_finds_just_the_keys_within_so_many_edits(
    tmp_path_factory: pytest.TempPathFactory,
    reader: Any,
    record: Make,
    names: list[str],
    sought: str,
) -> None:
    folder = tmp_path_factory.mktemp("typos")
    add(folder, reader("a", [record(str(at), name) for at, name in enumerate(names)]))
    keys = [fold(name) for name in names]
    with Database.open(folder) as database:
        for edits in (1, 2):
            reach = min(edits, 2 if len(sought) >= 6 else 1) if len(sought) >= 3 else 0
            wanted = {
                str(at) for at, key in enumerate(keys) if 0 < OSA.distance(sought, key) <= reach
            }
            assert set(_ids(database.typos(sought, edits=edits, most=1000))) == wanted
        exact = {str(at) for at, key in enumerate(keys) if key == sought}
        assert set(_ids(database.lookup(fold_key=sought))) == exact
        bones = skeleton(sought)
        alike = {str(at) for at, name in enumerate(names) if bones and skeleton(name) == bones}
        assert set(_ids(database.lookup(skeleton_key=bones, most=1000))) == alike


@given(st.lists(st.text(string.ascii_lowercase + "ابت", max_size=8), max_size=8))
def test_hashes_of_deletions_are_those_of_the_shorter_keys(keys: list[str]) -> None:
    text = "".join(f"{key}\n" for key in keys)
    assert hash_lines(text).tolist() == [hash_of(key) for key in keys]
    hashes, owner = hash_deletions(text, longest=6)
    wanted = sorted(
        (at, hash_of(key[:cut] + key[cut + 1 :]))
        for at, key in enumerate(keys)
        for cut in range(len(key))
        if len(key) <= 6 and (cut == 0 or key[cut] != key[cut - 1])
    )
    assert sorted(zip(owner.tolist(), hashes.tolist(), strict=True)) == wanted


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m"),
    [(10.0, 50.0, 3e5), (179.9, -17.0, 8e5), (0.0, 89.9, 1.5e6), (-60.0, 0.0, 2e6), (5, 5, 1e8)],
)
def test_near_gives_what_lies_within_the_radius(
    tmp_path: Path, reader: Any, record: Make, lon: float, lat: float, radius_m: float
) -> None:
    draw = np.random.default_rng(1)
    x, y = draw.uniform(-180, 180, 2_000), draw.uniform(-90, 90, 2_000)
    rows = [record(str(at), "X", lon=float(x[at]), lat=float(y[at])) for at in range(len(x))]
    add(tmp_path, reader("a", rows))
    apart_m = distances_m(lon, lat, x, y)
    order = np.argsort(apart_m)
    wanted = [str(at) for at in order if apart_m[at] <= radius_m]
    with Database.open(tmp_path) as database:
        for most in (3, 5_000):
            found = database.near(lon=lon, lat=lat, radius_m=radius_m, most=most)
            assert [near.place.source_id for near in found] == wanted[:most]
            assert [near.distance_m for near in found] == pytest.approx(
                apart_m[order][: len(found)], abs=1e-6
            )


def test_areas_that_hold_a_point(tmp_path: Path, reader: Any, record: Make) -> None:
    large, small = shapely.box(0, 0, 10, 10), shapely.Point(5, 5).buffer(1)
    rows = (
        record("large", "Large", kind="region", outline_wkb=large.wkb),
        record("small", "Small", kind="district", outline_wkb=small.wkb),
        record("none", "None"),
        record("broken", "Broken", outline_wkb=b"\x01\x02"),
    )
    added = add(tmp_path, reader("a", rows))
    assert (added.places, added.areas, added.bad_rows) == (4, 2, 1)
    assert added.bad_first[0].line == 4 and "outline" in added.bad_first[0].why
    with Database.open(tmp_path) as database:
        assert database.areas_at(lon=5, lat=5) == (2, 1)
        assert database.areas_at(lon=4.2, lat=4.2) == (1,)
        assert database.areas_at(lon=50, lat=5) == ()
        wkb = database.area_wkb(1)
        assert wkb is not None and shapely.from_wkb(wkb).equals(large)
        assert database.area_wkb(3) is None


def test_odd_rows_come_back_as_they_are_or_are_told(tmp_path: Path, reader: Any) -> None:
    day = date(2011, 3, 15)
    rows = (
        Record(source_id="a", names=(Name(text="Lone \ud83d surrogate"),), lon=0, lat=0),
        Record(source_id="b", names=(Name(text="Two\nlines"),), lon=0, lat=0, valid=(day, None)),
        Record(source_id="c", names=(Name(text="  "),), lon=0, lat=0),
        Record(source_id="d", names=(Name(text="Full"),), lon=0, lat=0, population=10**15),
        Record(source_id="e", names=(Name(text="!!!"),), lon=0, lat=0, uncertainty_m=0.0),
    )
    added = add(tmp_path, reader("a", rows))
    assert (added.places, added.bad_rows) == (3, 2)
    assert [bad.line for bad in added.bad_first] == [3, 4]
    with Database.open(tmp_path) as database:
        found = database.lookup(fold_key=fold("two lines"))
        assert found[0].name == "Two\nlines" and found[0].place.valid == (day, None)
        assert len(database.lookup(fold_key=fold("lone ? surrogate"))) == 1
        near = {near.place.name: near.place for near in database.near(lon=0, lat=0, radius_m=1)}
        assert near["!!!"].position.uncertainty_m == 0.0


def test_what_is_no_gazetteer_is_said_to_be_none(tmp_path: Path, few: Any, reader: Any) -> None:
    with pytest.raises(DatabaseError, match="there is no gazetteer"):
        Database.open(tmp_path)
    (tmp_path / "gazetteer.gpkg").write_bytes(b"no database at all" * 1000)
    with pytest.raises(DatabaseError, match="is no gazetteer"):
        Database.open(tmp_path)
    folder = tmp_path / "other"
    add(folder, reader("a", few))
    (index,) = folder.glob("*.names")
    index.write_bytes(index.read_bytes()[:-3])
    with pytest.raises(DatabaseError, match=r"name index .* cannot be used"):
        Database.open(folder)
