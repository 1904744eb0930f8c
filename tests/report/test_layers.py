"""case.gpkg is a sound GeoPackage, by GDAL and by SQLite, and says what the report says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from lxml import etree
from pyogrio.errors import DataSourceError

from osint.errors import OutputError
from osint.report.geopackage import STYLES_LAYER, geopackage
from osint.report.layers import layers_of
from osint.report.model import Report
from osint.report.write import write_report

SHAPES = {
    "places": "Point",
    "readings": "Point",
    "regions": "MultiPolygon",
    "claims": "MultiLineString",
    "claim_points": "Point",
    "zones": "MultiPolygon",
    "borders": "MultiLineString",
    "photos": "Point",
    "chips": "MultiPolygon",
}
CLAIM_LAYERS = ("claims", "claim_points", "zones")


def zone(claim_id: str, centre: str, radius_m: float) -> dict[str, Any]:
    return {
        "id": claim_id,
        "kind": "zone",
        "text": "A zone.",
        "source": "The Weekly",
        "origin": "The Weekly",
        "centre": centre,
        "radius_m": {"low": None, "high": radius_m, "said": radius_m},
        "what": "exclusion zone",
        "status": "proclaimed",
        "verdict": "undetermined",
        "because": "Nobody else speaks of it.",
    }


@pytest.fixture
def wide(raw: dict[str, Any]) -> Report:
    """The sample report with zones, one of them around a place that is nowhere."""
    raw["claims"] += [zone("c5", "al-Tanf", 55_000), zone("c6", "other forces", 5_000)]
    return Report.model_validate(raw)


@pytest.fixture
def path(wide: Report, tmp_path: Path) -> Path:
    file = tmp_path / "case.gpkg"
    file.write_bytes(geopackage(wide))
    return file


def read(path: Path, layer: str) -> geopandas.GeoDataFrame:
    return geopandas.read_file(path, layer=layer)


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def test_layers_and_their_shapes(path: Path) -> None:
    found = dict(pyogrio.list_layers(path))
    assert found == {**SHAPES, STYLES_LAYER: None}
    for name in SHAPES:
        info = pyogrio.read_info(path, layer=name)
        assert (info["crs"], info["geometry_name"]) == ("EPSG:4326", "geom")


def test_it_is_a_geopackage_to_sqlite(path: Path) -> None:
    # OGC 12-128r19, clauses 1.1.1.1.1 and 1.1.2 to 1.1.3; the extension of spatial indexes is F.3.
    assert rows(path, "PRAGMA application_id") == [(0x47504B47,)]
    assert rows(path, "PRAGMA user_version")[0][0] >= 10_200
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []
    contents = rows(path, "SELECT table_name, data_type, srs_id FROM gpkg_contents")
    assert sorted(contents) == sorted(
        [(name, "features", 4326) for name in SHAPES] + [(STYLES_LAYER, "attributes", 0)]
    )
    columns = rows(
        path,
        "SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns",
    )
    assert sorted(columns) == sorted((n, "geom", s.upper(), 4326) for n, s in SHAPES.items())
    systems = rows(path, "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys")
    assert ("EPSG", 4326) in systems
    indexed = rows(
        path, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"
    )
    assert {name for (name,) in indexed} == set(SHAPES)
    for name in SHAPES:
        kept = rows(path, f"SELECT count(*) FROM rtree_{name}_geom")[0][0]
        assert kept == rows(path, f"SELECT count(*) FROM {name} WHERE geom IS NOT NULL")[0][0]


def test_every_claim_is_in_exactly_one_layer(path: Path, wide: Report) -> None:
    found = [i for layer in CLAIM_LAYERS for i in read(path, layer)["id"]]
    assert sorted(found) == sorted(claim.id for claim in wide.claims)
    verdicts = {
        i: v
        for layer in CLAIM_LAYERS
        for i, v in read(path, layer)[["id", "verdict"]].itertuples(index=False)
    }
    assert verdicts == {claim.id: claim.verdict for claim in wide.claims}


def test_claim_lines_join_their_places(path: Path) -> None:
    lines = read(path, "claims").set_index("id")
    points = shapely.get_coordinates(lines.geometry["c1"])
    assert points[0] == pytest.approx((39.69, 33.834), abs=1e-9)
    assert points[-1] == pytest.approx((39.53, 33.86), abs=1e-9)
    assert lines["said_m"]["c1"] == 20_000
    assert lines["median_m"]["c1"] == 14_000
    assert (lines["from"]["c1"], lines["to"]["c1"]) == ("army base on the Iraqi border", "al-Zaqaf")
    # One of its ends is nowhere: the row stays, the line is not made up.
    assert lines.geometry["c2"] is None
    assert np.isnan(lines["bayes_factor"]["c2"])


def test_zones_are_circles_of_what_was_said(path: Path, wide: Report) -> None:
    zones = read(path, "zones").set_index("id")
    circle = zones.geometry["c5"]
    metres = zones.to_crs("ESRI:54009")["geometry"]["c5"]
    assert metres.area == pytest.approx(np.pi * 55_000**2, rel=0.01)
    # Around the likeliest of the rival readings, not around a point between them.
    tanf = next(place for place in wide.places if place.name == "al-Tanf")
    likeliest = max(tanf.readings, key=lambda reading: reading.weight or 0.0)
    assert len(tanf.readings) > 1
    assert circle.centroid.coords[0] == pytest.approx((likeliest.lon, likeliest.lat), abs=0.01)
    assert (zones["low_m"].isna().all(), zones["high_m"]["c5"]) == (True, 55_000)
    assert zones.geometry["c6"] is None


def test_regions_are_the_reports_outlines(path: Path, wide: Report) -> None:
    regions = read(path, "regions").set_index("name")
    outlined = {p.name: p.region for p in wide.places if p.region and p.region.outline}
    assert set(regions.index) == set(outlined)
    for name, region in outlined.items():
        expected = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in region.outline])
        assert regions.geometry[name].equals(expected)
        assert len(regions.geometry[name].geoms[0].interiors) == 1
        assert regions["radius_95_m"][name] == region.radius_95_m


def test_places_readings_photos_and_chips(path: Path, wide: Report) -> None:
    places = read(path, "places")
    assert list(places["place"]) == [p.id for p in wide.places]
    assert places["radius_95_m"].isna().tolist() == [p.region is None for p in wide.places]
    readings = read(path, "readings")
    assert len(readings) == sum(len(p.readings) for p in wide.places)
    assert readings["weight"].sum() == pytest.approx(
        sum(r.weight or 0 for p in wide.places for r in p.readings)
    )
    photos = read(path, "photos").set_index("path")
    assert photos.geometry["outpost.jpg"].equals(shapely.Point(39.5, 33.88))
    assert photos.geometry["bare.jpg"] is None
    assert photos["caption_claim"]["outpost.jpg"] == "c3"
    chips = read(path, "chips")
    assert chips["acquired_first"][0].date() == date(2017, 8, 27)
    assert chips.geometry[0].equals(shapely.box(39.6, 33.8, 39.7, 33.9))


def test_columns_have_types(path: Path) -> None:
    types = {
        (table, column): kind
        for table in ("claims", "chips")
        for column, kind in rows(path, f"SELECT name, type FROM pragma_table_info('{table}')")
    }
    assert types["claims", "bayes_factor"] == "REAL"
    assert types["claims", "text"] == "TEXT"
    assert types["claims", "caption"] == "BOOLEAN"
    assert types["claims", "date_first"] == "DATE"
    assert types["chips", "acquired_first"] == "DATE"
    assert rows(path, "SELECT DISTINCT typeof(date_first) FROM claims") == [("null",)]


def test_styles_fit_the_layers(path: Path) -> None:
    found = rows(
        path,
        "SELECT f_table_name, f_geometry_column, f_table_schema, useAsDefault, styleQML "
        f"FROM {STYLES_LAYER}",
    )
    assert {name for name, *_ in found} == set(SHAPES)
    for name, column, schema, default, qml in found:
        assert (column, schema, default) == ("geom", "", 1)
        renderer = etree.fromstring(qml).find("renderer-v2")
        assert renderer is not None
        symbols = {s.get("name"): s.get("type") for s in renderer.iter("symbol")}
        kinds = {"Point": "marker", "MultiLineString": "line", "MultiPolygon": "fill"}
        assert set(symbols.values()) == {kinds[SHAPES[name]]}
        if name in CLAIM_LAYERS:
            assert renderer.get("attr") in pyogrio.read_info(path, layer=name)["fields"]
            values = {c.get("value"): c.get("symbol") for c in renderer.iter("category")}
            assert set(values) == {"confirmed", "flagged", "undetermined"}
            assert set(values.values()) == set(symbols)
            assert (
                len(
                    {
                        o.get("value")
                        for o in renderer.iter("Option")
                        if "color" in o.get("name", "") and o.get("name") != "outline_color"
                    }
                )
                == 3
            )


@pytest.mark.parametrize(
    "text",
    [
        "'); DROP TABLE claims; --",
        '"quoted" `name` [x]; %s {0} ${a}',
        "\u202eevil\u2066 \u200b\ufeff",
        "a\0b",
        "التنف 北京 🏜",
        "x" * 100_000,
        '=HYPERLINK("http://x.example")\n<b>&amp;',
        "",
    ],
    ids=lambda t: ascii(t[:12]),
)
def test_hostile_texts_are_just_texts(
    with_text: Callable[[str], Report], tmp_path: Path, text: str
) -> None:
    report = with_text(text)
    file = tmp_path / "case.gpkg"
    file.write_bytes(geopackage(report))
    stored = text.replace("\0", "\ufffd")
    assert set(read(file, "places")["name"]) == {stored}
    assert set(read(file, "readings")["source"]) == {stored}
    claims = read(file, "claims")
    assert len(claims) == sum(c.kind == "separation" for c in report.claims)
    assert set(claims["because"]) == {stored}
    assert rows(file, "PRAGMA integrity_check") == [("ok",)]


def test_across_the_antimeridian(raw: dict[str, Any], tmp_path: Path) -> None:
    base, outpost = raw["places"][:2]
    base["region"] |= {"lon": 179.9, "lat": -17.0}
    outpost["region"] |= {"lon": -179.9, "lat": -17.0, "outline": []}
    raw["claims"].append(zone("c5", outpost["name"], 30_000))
    raw["borders"][0]["lines"] = [[[179.0, -17.0], [-179.0, -17.5]]]
    raw["imagery"][0]["footprint"] = [[179.9, 10], [-179.9, 10], [-179.9, 11], [179.9, 11]]
    file = tmp_path / "case.gpkg"
    file.write_bytes(geopackage(Report.model_validate(raw)))
    for layer, width_deg in (("claims", 0.2), ("zones", 0.57), ("borders", 2.0), ("chips", 0.2)):
        frame = read(file, layer)
        shape = frame.geometry[0] if layer != "claims" else frame.set_index("id").geometry["c1"]
        assert len(shape.geoms) == 2
        assert sum(b[2] - b[0] for b in (p.bounds for p in shape.geoms)) == pytest.approx(
            width_deg, rel=0.02
        )


def test_layers_come_from_report_json_alone(wide: Report) -> None:
    again = Report.model_validate_json(wide.to_json())
    for one, other in zip(layers_of(wide), layers_of(again), strict=True):
        assert one.rows == other.rows
        assert [shapely.to_wkb(g) for g in one.geometries] == [
            shapely.to_wkb(g) for g in other.geometries
        ]


def test_an_empty_report_has_every_layer(raw: dict[str, Any], tmp_path: Path) -> None:
    for name in ("claims", "places", "statements", "borders", "photos", "imagery", "evidence"):
        raw[name] = []
    raw["conflicts"] = []
    file = tmp_path / "case.gpkg"
    file.write_bytes(geopackage(Report.model_validate(raw)))
    for name in SHAPES:
        assert pyogrio.read_info(file, layer=name)["features"] == 0
        assert len(pyogrio.read_info(file, layer=name)["fields"]) > 1


def test_a_region_must_be_closed(raw: dict[str, Any]) -> None:
    raw["places"][0]["region"]["outline"] = [[[[0, 0], [1, 0], [1, 1]]]]
    with pytest.raises(ValueError, match="end at its first"):
        Report.model_validate(raw)


def test_a_failure_leaves_nothing(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DataSourceError("disk is full\nmore words")

    monkeypatch.setattr(pyogrio.raw, "write", full)
    with pytest.raises(OutputError, match="disk is full") as caught:
        write_report(report, tmp_path / "out", force=False)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_layers_name_what_they_hold() -> None:
    """Every layer is in the table of the module's docstring."""
    from osint.report import layers

    assert layers.__doc__ is not None
    for name in (*SHAPES, STYLES_LAYER):
        assert f"\n{name} " in layers.__doc__
