"""The file is what other programs take for a GeoPackage; GDAL is the judge."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from gazetteer.database import add
from gazetteer.record import Name, Record

MANY = 3_000


@pytest.fixture(scope="module")
def points() -> Any:
    draw = np.random.default_rng(0)
    return np.column_stack([draw.uniform(-180, 180, MANY), draw.uniform(-90, 90, MANY)])


@pytest.fixture
def built(tmp_path: Path, points: Any, reader: Any, record: Callable[..., Record]) -> Path:
    rows = [
        record(str(at), f"Place {at}", lon=float(lon), lat=float(lat))
        for at, (lon, lat) in enumerate(points)
    ]
    square = shapely.box(10, 20, 11, 22)
    rows.append(record("area", "Square", lon=10.5, lat=21.0, outline_wkb=square.wkb))
    add(tmp_path, reader("a", rows))
    return tmp_path / "gazetteer.gpkg"


def test_gdal_sees_the_layers_and_every_point(built: Path, points: Any) -> None:
    layers = dict(pyogrio.list_layers(built))
    assert layers["places"] == "Point"
    assert layers["areas"] == "MultiPolygon"
    assert {"names", "sources", "links", "same_as"} <= set(layers)
    info = pyogrio.read_info(built, layer="places")
    assert (info["crs"], info["features"], info["fid_column"]) == ("EPSG:4326", MANY + 1, "id")
    frame = geopandas.read_file(built, layer="places")
    assert np.array_equal(shapely.get_coordinates(frame.geometry)[:MANY], points)
    assert list(frame["source_id"][:3]) == ["0", "1", "2"]
    assert set(frame["source"]) == {"a"}


def test_a_spatial_filter_gives_the_points_in_the_box(built: Path, points: Any) -> None:
    box = (-20.0, -30.0, 40.0, 35.0)
    frame = pyogrio.read_dataframe(built, layer="places", bbox=box)
    inside = (points > box[:2]).all(axis=1) & (points < box[2:]).all(axis=1)
    wanted = {str(at) for at in np.flatnonzero(inside)} | {"area"}
    assert set(frame["source_id"]) == wanted


def test_areas_keep_their_outline(built: Path) -> None:
    frame = pyogrio.read_dataframe(built, layer="areas")
    assert frame.geometry[0].equals(shapely.box(10, 20, 11, 22))
    assert len(pyogrio.read_dataframe(built, layer="areas", bbox=(0, 0, 5, 5))) == 0
    assert len(pyogrio.read_dataframe(built, layer="areas", bbox=(10.2, 20, 10.3, 21))) == 1


def test_sqlite_finds_no_fault_in_the_file_and_its_r_trees(built: Path) -> None:
    with sqlite3.connect(built) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("rtree_places_geom", "rtree_areas_geom"):
            assert connection.execute("SELECT rtreecheck(?)", (table,)).fetchone() == ("ok",)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        extensions = connection.execute(
            "SELECT table_name, column_name, extension_name, scope FROM gpkg_extensions"
        ).fetchall()
    connection.close()
    assert ("places", "geom", "gpkg_rtree_index", "write-only") in extensions


def test_a_program_that_edits_it_keeps_the_r_tree_right(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "edited.gpkg"
    shutil.copyfile(built, copy)
    frame = pyogrio.read_dataframe(copy, layer="places", bbox=(10.4, 20.9, 10.6, 21.1))
    frame = frame[frame["source_id"] == "area"].copy()
    frame["source_id"] = "new"
    frame.geometry = [shapely.Point(100.0, 50.0)]
    pyogrio.write_dataframe(frame, copy, layer="places", append=True)
    near = pyogrio.read_dataframe(copy, layer="places", bbox=(99.999, 49.999, 100.001, 50.001))
    assert list(near["source_id"]) == ["new"]


def test_flags_and_dates_of_a_name_are_kept(tmp_path: Path, reader: Any) -> None:
    names = (
        Name(text="Tselinograd", language="ru-Latn", historic=True, valid=(None, date(1992, 7, 6))),
        Name(text="Astana", language="en", preferred=True, colloquial=True),
    )
    days = (date(1830, 1, 1), None)
    row = Record(source_id="1", names=names, lon=71.4, lat=51.1, kind="city", valid=days)
    add(tmp_path, reader("a", [row]))
    path = tmp_path / "gazetteer.gpkg"
    frame = pyogrio.read_dataframe(path, layer="names")
    assert list(frame["language"]) == ["ru-Latn", "en"]
    assert frame["historic"][0] and frame["preferred"][1] and frame["colloquial"][1]
    assert str(frame["valid_last"][0])[:10] == "1992-07-06"
    place = pyogrio.read_dataframe(path, layer="places")
    assert str(place["valid_first"][0])[:10] == "1830-01-01"


@pytest.mark.parametrize("count", [0, 1, 51, 52, 51 * 51 + 1])
def test_r_trees_of_every_depth(count: int) -> None:
    from gazetteer.database.rtree import Boxes, pack_rtree

    draw = np.random.default_rng(count)
    x, y = draw.uniform(-180, 180, count), draw.uniform(-90, 90, count)
    connection = sqlite3.connect(":memory:")
    ids = np.arange(count) + 7
    pack_rtree(connection, "tree", Boxes(ids=ids, min_x=x, max_x=x + 0.5, min_y=y, max_y=y + 0.5))
    assert connection.execute("SELECT rtreecheck('tree')").fetchone() == ("ok",)
    found = connection.execute(
        "SELECT id FROM tree WHERE minx < 10 AND maxx > 0 AND miny < 20 AND maxy > 0"
    ).fetchall()
    inside = (x < 10) & (x + 0.5 > 0) & (y < 20) & (y + 0.5 > 0)
    assert sorted(row[0] for row in found) == list(ids[inside])
    connection.close()
