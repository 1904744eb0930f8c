from __future__ import annotations

import json
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.sources import given_file
from gazetteer.sources.given_file import FileSource, given_form
from gazetteer.sources.open import open_reader
from gazetteer.sources.table import TableSource

from .conftest import geonames_line

POINT = {"type": "Point", "coordinates": [38.6, 33.5]}
AREA = {"type": "Polygon", "coordinates": [[[38, 33], [39, 33], [39, 34], [38, 33]]]}


def geojson(*geometries: object) -> str:
    features = [
        {"type": "Feature", "properties": {"name": "Tanf Crossing", "country": "SY"}, "geometry": g}
        for g in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


LPF = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "@id": "x",
                "properties": {"title": "Tanf"},
                "names": [{"toponym": "Tanf"}],
                "geometry": AREA,
            }
        ],
    }
)
KML = (
    "<kml><Placemark><name>Tanf</name><Point><coordinates>38,33</coordinates></Point></Placemark>"
    "</kml>"
)


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.csv", "name,lat,lon\nA,1,2\n", "table"),
        ("a.csv", "\ufeffLON;Latitude;NAME;mine\n1;2;A;x\n", "table"),
        ("a.tsv", "name\tlat\tlon\nbad\tx\ty\n", "table"),
        # What is wrong with these its strict reader says.
        ("a.csv", "", "table"),
        ("none.csv", None, "table"),
        ("none.geojson", None, "outlines"),
        ("a.csv", "Ort;Breite;Lange\nA;33,5;38,6\n", "places"),
        ("a.tsv", geonames_line() + "\n", "places"),
        ("SY.txt", geonames_line() + "\n", "places"),
        ("a.geojson", geojson(POINT), "places"),
        ("a.json", geojson(AREA, POINT), "places"),
        ("a.geojson", geojson(AREA), "outlines"),
        ("a.json", LPF, "places"),
        ("a.kml", KML, "places"),
    ],
)
def test_what_a_given_file_is(tmp_path: Path, name: str, text: str | None, form: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert given_form(path) == form
    if form == "places":
        assert len(FileSource(open_reader(path), path.name)) >= 1


def test_found_by_each_key_with_its_bad_rows_told(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(geojson(POINT, None, POINT, None, {"type": "Point"}, None, None))
    source = FileSource(open_reader(path), path.name)
    assert len(source) == 2
    (one, _) = source.lookup(fold_key="tanf crossing")
    assert one.place.source == one.place.origin == "a.geojson"
    assert [match.generics for match in source.lookup(fold_key="tanf")] == [("crossing",)] * 2
    assert source.lookup() == ()
    assert source.bad_rows == 5
    (told,) = source.told
    assert told.startswith("a.geojson: 5 rows not used: feature 2: ")
    assert told.count("feature") >= 3
    assert told.endswith("; ...")


def test_guesses_are_told(tmp_path: Path) -> None:
    path = tmp_path / "orte.csv"
    path.write_text("Ort;Breite;Lange\nA;33,5;38,6\n;;\nB;;\n")
    source = FileSource(open_reader(path), path.name)
    assert "orte.csv: column 'Breite' is the latitude" in source.told
    assert source.told[-1].startswith("orte.csv: 2 rows not used: line 3: ")


def test_a_code_has_no_skeleton(tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_text(geonames_line(170654, "Damascus", others="DAM,Dimashq") + "\n")
    source = FileSource(open_reader(path), path.name)
    assert [match.name for match in source.lookup(fold_key="dam")] == ["DAM"]
    assert source.lookup(skeleton_key="dm") == ()
    assert [match.name for match in source.lookup(skeleton_key="dmSk")] == ["Dimashq"]


def test_swapped_axes_of_an_analysts_table_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,lat,lon,country\nA,40.1,35.3,SY\nB,40.2,35.4,\nC,40.3,35.5,SY\n")
    (told,) = TableSource(path).told
    assert told.startswith("a.csv: 100 % of the rows that name a country lie in it only when")
    path.write_text("name,lat,lon,country\nA,35.3,40.1,SY\n")
    assert TableSource(path).told == ()


def test_too_many_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "orte.csv"
    path.write_text("Ort;Breite;Lange\nA;33,5;38,6\nB;33,5;38,6\n")
    monkeypatch.setattr(given_file, "MOST_ROWS", 1)
    with pytest.raises(GazetteerFileError, match="osint gazetteer add"):
        FileSource(open_reader(path), path.name)
    geo = tmp_path / "p.geojson"
    geo.write_text(geojson({"type": "Point"}))
    with pytest.raises(GazetteerFileError, match=r"no row that can be used \(feature 1: "):
        FileSource(open_reader(geo), geo.name)
