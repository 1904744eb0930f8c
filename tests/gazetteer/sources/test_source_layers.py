from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources.open import open_reader
from gazetteer.sources.outline import OutlineError, ground_of


def split(path: Path, **options: Any) -> tuple[list[Record], list[BadRow]]:
    rows = list(open_reader(path, **options).rows())
    return (
        [row for row in rows if isinstance(row, Record)],
        [row for row in rows if isinstance(row, BadRow)],
    )


@pytest.fixture
def frame() -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {
            "NAZWA": ["Tanf", "Rutba", "box", None],
            "type": ["base", "town", "district", "town"],
            "pop": [None, 20_000, None, None],
        },
        geometry=[
            shapely.Point(38.6178, 33.5058),
            shapely.Point(40.2856, 33.0361),
            shapely.box(38, 33, 39, 34),
            None,
        ],
        crs=4326,
    )


@pytest.mark.parametrize(("ending", "crs"), [("gpkg", 4326), ("gpkg", 32637)])
def test_what_gdal_writes_is_read(
    tmp_path: Path, frame: geopandas.GeoDataFrame, ending: str, crs: int
) -> None:
    path = tmp_path / f"places.{ending}"
    frame.to_crs(crs).to_file(path)
    reader = open_reader(path)
    assert reader.size == 4
    rows, bad = split(path)
    assert [row.names[0].text for row in rows] == ["Tanf", "Rutba", "box"]
    assert (rows[0].lon, rows[0].lat) == pytest.approx((38.6178, 33.5058), abs=1e-6)
    assert (rows[0].kind, rows[1].kind, rows[1].population) == ("base", "town", 20_000)
    # A degree by a degree at 33.5 north: 92.9 km by 110.9 km, pi r squared.
    assert rows[2].extent_m == pytest.approx(57_270, rel=0.002)
    assert rows[2].outline_wkb is not None
    outline = shapely.from_wkb(rows[2].outline_wkb)
    assert outline.geom_type == "MultiPolygon"
    assert outline.contains(shapely.Point(rows[2].lon, rows[2].lat))
    assert len(bad) == 1
    assert "NAZWA" in " ".join(reader.provenance.guessed)


def test_shapefile_by_itself_and_in_a_zip(tmp_path: Path, frame: geopandas.GeoDataFrame) -> None:
    frame.head(2).to_crs(3857).to_file(tmp_path / "places.shp", encoding="utf-8")
    plain, _ = split(tmp_path / "places.shp")
    assert (plain[0].lon, plain[0].lat) == pytest.approx((38.6178, 33.5058), abs=1e-6)
    assert plain[1].population == 20_000
    packed = tmp_path / "shape.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("places.*"):
            archive.write(part, f"folder/{part.name}")
    rows, _ = split(packed)
    assert rows == plain


def test_layers(tmp_path: Path, frame: geopandas.GeoDataFrame) -> None:
    path = tmp_path / "two.gpkg"
    frame.head(2).to_file(path, layer="one")
    frame.head(1).to_file(path, layer="other")
    rows, _ = split(path)
    assert [row.source_id.split(":")[0] for row in rows] == ["one", "one", "other"]
    rows, _ = split(path, layer="other")
    assert len(rows) == 1
    with pytest.raises(GazetteerFileError, match="no layer 'x'; it has: one, other"):
        split(path, layer="x")


def test_a_layer_of_another_kind_of_database(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))
    with pytest.raises(GazetteerFileError, match="no GeoPackage"):
        split(path)
    path.write_bytes(b"SQLite format 3\0" + bytes(52) + b"GPKG" + bytes(5000))
    with pytest.raises(GazetteerFileError, match="cannot be opened"):
        split(path)


@pytest.mark.parametrize("by_line", [True, False])
def test_geojson(tmp_path: Path, frame: geopandas.GeoDataFrame, by_line: bool) -> None:
    path = tmp_path / "places.geojson"
    whole = json.loads(frame.to_json())
    if by_line:
        path.write_text("\n".join(json.dumps(one) for one in whole["features"]))
    else:
        path.write_text(json.dumps(whole, indent=1))
    rows, bad = split(path)
    assert [row.names[0].text for row in rows] == ["Tanf", "Rutba", "box"]
    assert [row.source_id for row in rows] == ["0", "1", "2"]
    assert [row.line for row in bad] == [4]


def test_geojson_that_is_damaged_or_foreign(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    point = {"type": "Point", "coordinates": [38.6, 33.5]}
    features = [
        {"type": "Feature", "properties": {"name": "A"}, "geometry": point},
        {"type": "Feature", "properties": {"name": "B"}, "geometry": {"type": "Point"}},
        {
            "type": "Feature",
            "properties": {"name": "C"},
            "geometry": {"type": "Point", "coordinates": [500_000, 4_000_000]},
        },
        {"type": "Feature", "properties": None, "geometry": point},
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path.write_text(text)
    rows, bad = split(path)
    assert len(rows) == 1
    assert [row.line for row in bad] == [2, 3, 4]
    assert "in metres" in bad[1].why
    path.write_text(text[:-40])
    with pytest.raises(GazetteerFileError, match=r"p\.geojson"):
        split(path)
    path.write_text(text.replace('"name"', '"zahl"').replace('"A"', "1").replace('"B"', "2"))
    with pytest.raises(GazetteerFileError, match="could be the name"):
        split(path)


def test_grounds() -> None:
    line = ground_of(shapely.LineString([(38, 33), (40, 33)]))
    assert (line.lon, line.lat) == pytest.approx((39, 33))
    # 2 degrees of longitude at 33 north are 186.9 km.
    assert line.extent_m == pytest.approx(93_450, rel=0.002)
    horseshoe = shapely.Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])
    inside = ground_of(horseshoe)
    assert horseshoe.contains(shapely.Point(inside.lon, inside.lat))
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    assert ground_of(bowtie).wkb is not None
    for bad in (shapely.Point(), shapely.Point(200, 0), shapely.Point(float("inf"), 0)):
        with pytest.raises(OutlineError):
            ground_of(bad)
