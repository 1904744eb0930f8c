"""What is exported is read back by the readers of foreign files to the same places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from gazetteer.export import FORMATS, Selection, export
from gazetteer.export.geonames import OWN_IDS
from gazetteer.export.rows import Rows
from gazetteer.record import BadRow, Record
from gazetteer.sources.open import open_reader

# GeoNames has no code for it, or tells it by inhabitants only, of which these have none.
UNSAYABLE = {"checkpoint", "city", "town"}


def read(path: Path) -> list[Record]:
    rows = list(open_reader(path).rows())
    assert not [row for row in rows if isinstance(row, BadRow)]
    return [row for row in rows if isinstance(row, Record)]


def test_the_rows_are_those_that_were_added(folder: Path, records: tuple[Record, ...]) -> None:
    with Rows(folder, Selection()) as rows:
        stored = list(rows)
    assert [row.record for row in stored] == list(records)
    assert {row.source for row in stored} == {"first", "geonames:SY"}


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".lpf.json", ".lpf", ".json"])
def test_round_trip(ending: str, folder: Path, records: tuple[Record, ...], tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    written = export(folder, path)
    assert written.places == len(records)
    assert {stored.provenance.key for stored in written.sources} == {"first", "geonames:SY"}
    back = read(path)
    assert len(back) == len(records)
    linked = FORMATS[ending][0] == "Linked Places Format"
    for was, now in zip(records, back, strict=True):
        assert (now.lon, now.lat) == (was.lon, was.lat)
        assert now.kind == was.kind
        assert now.country == was.country
        assert now.valid == was.valid
        names = [name.text for name in was.names]
        if not linked:
            names = [name.replace(";", ",").replace("|", "/") for name in names]
            assert now.source_id == was.source_id
            assert (now.admin1, now.admin2) == (was.admin1, was.admin2)
            assert now.population == was.population
            assert now.uncertainty_m == was.uncertainty_m
        else:
            assert [name.language for name in now.names] == [n.language for n in was.names]
            assert [name.valid for name in now.names] == [n.valid for n in was.names]
            assert set(now.same_as) >= set(was.same_as) - {f"gn:{was.source_id}"}
        assert [name.text for name in now.names] == names


@pytest.mark.parametrize("ending", [".tsv", ".txt"])
def test_round_trip_of_geonames_columns(
    ending: str, folder: Path, records: tuple[Record, ...], tmp_path: Path
) -> None:
    path = tmp_path / f"out{ending}"
    written = export(folder, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(records)
    assert {line.count("\t") for line in lines} == {18}
    back = read(path)
    for was, now in zip(records, back, strict=True):
        assert (now.lon, now.lat) == (was.lon, was.lat)
        if was.kind not in UNSAYABLE or was.population:
            assert now.kind == was.kind
        else:
            assert now.kind in ("populated_place", "unknown")
        names = [was.names[0].text, *(n.text.replace(",", "") for n in was.names[1:])]
        assert {name.text for name in now.names} == set(names)
        assert now.names[0].text == was.names[0].text
        assert now.country == was.country
        assert now.admin1 == was.admin1
        assert (now.population or 0) == (was.population or 0)
    assert back[-1].source_id == "17"
    assert int(back[0].source_id) > OWN_IDS
    assert any("checkpoint" in loss for loss, _ in written.losses)
    assert any("comma" in loss for loss, _ in written.losses)
    assert written.credit is not None
    credit = written.credit.read_text(encoding="utf-8")
    assert "Survey first" in credit and "CC BY 4.0" in credit and "CC0" in credit


def test_who_said_it_stands_in_every_feature(folder: Path, tmp_path: Path) -> None:
    export(folder, tmp_path / "out.geojson")
    whole: dict[str, Any] = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert {source["licence"] for source in whole["sources"]} == {"CC0", "CC BY 4.0"}
    for feature in whole["features"]:
        properties = feature["properties"]
        assert properties["source"].startswith("Survey ")
        assert properties["licence"] in ("CC0", "CC BY 4.0")
    spellings = whole["features"][0]["properties"]["spellings"]
    assert spellings[1] == {"text": "التنف", "language": "ar", "preferred": True}
    assert spellings[2] == {
        "text": "Tanf Qadim", "historic": True, "first": "1920-01-01", "last": "1946-04-17"
    }  # fmt: skip


def test_outlines_are_kept_by_linked_places_and_told_of_by_others(
    folder: Path, records: tuple[Record, ...], tmp_path: Path
) -> None:
    written = export(folder, tmp_path / "out.lpf.json")
    assert written.losses == ()
    whole = json.loads((tmp_path / "out.lpf.json").read_text(encoding="utf-8"))
    point, outline = whole["features"][0]["geometry"]["geometries"]
    assert point == {"type": "Point", "coordinates": [38.6, 33.5]}
    kept = shapely.from_geojson(json.dumps(outline))
    assert kept.equals(shapely.from_wkb(records[0].outline_wkb))
    for ending in (".geojson", ".gpkg"):
        written = export(folder, tmp_path / f"out{ending}")
        assert any("outlines" in loss and count == 1 for loss, count in written.losses)


def test_other_programs_read_the_geopackage(folder: Path, tmp_path: Path) -> None:
    import geopandas
    import pyogrio

    export(folder, tmp_path / "out.gpkg", Selection(country="SY"))
    layers = dict(pyogrio.list_layers(tmp_path / "out.gpkg"))
    assert layers["places"] == "Point"
    places = geopandas.read_file(tmp_path / "out.gpkg", layer="places")
    assert places.crs.to_epsg() == 4326
    assert list(places["name"]) == ["Al-Tanf", "At Tanf"]
    assert list(places["licence"]) == ["CC0", "CC BY 4.0"]
    assert places["population"].isna().tolist() == [False, True]
    sources = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="sources")
    assert set(sources["key"]) == {"first", "geonames:SY"}


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".lpf.json", ".tsv"])
def test_real_places_come_back(ending: str, shared_data: Path, tmp_path: Path) -> None:
    """The Jordanian rows of Who's On First, by way of each format."""
    from gazetteer.database import add

    source = shared_data / "gazetteer" / "wof_jo.ndjson.gz"
    folder, path = tmp_path / "gazetteer", tmp_path / f"out{ending}"
    add(folder, open_reader(source))
    was = [row for row in open_reader(source).rows() if isinstance(row, Record)]
    written = export(folder, path)
    back = read(path)
    assert written.places == len(was) == len(back)
    assert [(r.lon, r.lat) for r in back] == [(r.lon, r.lat) for r in was]
    changed = sum(count for loss, count in written.losses if loss.startswith("names"))
    unlike = sum(
        # Readers of JSON take runs of spaces for one.
        {" ".join(n.text.split()) for n in a.names} != {" ".join(n.text.split()) for n in b.names}
        for a, b in zip(was, back, strict=True)
    )
    assert unlike <= changed
    others = sum(count for loss, count in written.losses if loss.startswith("places of kind"))
    assert sum(a.kind != b.kind for a, b in zip(was, back, strict=True)) == others
