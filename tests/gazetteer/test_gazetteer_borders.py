from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gazetteer.borders import Borders
from gazetteer.errors import BorderError, GazetteerError, GazetteerFileError
from gazetteer.geodesy import distance_to_lines_m, distances_m
from gazetteer.position import Position
from gazetteer.sources.geojson import read_geojson
from gazetteer.sources.outlines import countries_at, neighbours, outline

CROSSING = Position(lon=39.69, lat=33.834)


def box(code: str, west: float, east: float, **properties: object) -> dict[str, object]:
    ring = [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]
    return {
        "type": "Feature",
        "properties": {"country": code, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def border(between: object, *points: list[float], **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"between": between, **properties},
        "geometry": {"type": "LineString", "coordinates": list(points)},
    }


def write(folder: Path, *features: object) -> Path:
    path = folder / "lines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


@pytest.fixture(scope="module")
def builtin(tmp_path_factory: pytest.TempPathFactory) -> Borders:
    return Borders(cache_dir=tmp_path_factory.mktemp("cache"))


def test_boxes_that_nearly_touch(tmp_path: Path) -> None:
    # A gap of 0.01 degrees, 1.1 km, as between outlines of different make.
    path = write(tmp_path, box("SY", 0, 1, source="ours"), box("IQ", 1.01, 2), box("TR", 3, 4))
    borders = Borders.open([path], builtin=False)
    line = borders.line("SY", "IQ")
    assert line is not None
    assert (line.between, line.source, line.uncertainty_m) == (("IQ", "SY"), "lines.geojson", 1000)
    # The side of a box one degree high; the corners add up to NEAR_M each.
    side = float(distances_m(1, 0, 1, 1))
    assert side - 1 < line.length_m < side + 4_000
    assert borders.distance_m(Position(lon=1.5, lat=0.5), ("SY", "IQ")) == pytest.approx(
        float(distances_m(1.5, 0.5, 1.01, 0.5)), rel=1e-3
    )
    assert borders.line("SY", "TR") is None
    with pytest.raises(BorderError, match="Syria and Turkey"):
        borders.distance_m(CROSSING, ("SY", "TR"))


def test_a_stretch_wins_over_outlines(tmp_path: Path) -> None:
    stretch = border("IQ-SY", [5, 5], [5, 6], source="a treaty", uncertainty_m=50)
    borders = Borders.open([write(tmp_path, box("SY", 0, 1), box("IQ", 1, 2), stretch)])
    line = borders.line("sy", "iq")
    assert line is not None
    assert (line.source, line.uncertainty_m) == ("a treaty", 50)
    assert line.lines[0].tolist() == [[5, 5], [5, 6]]


def test_whole_outline_without_neighbours_to_name(tmp_path: Path) -> None:
    line = Borders.open([write(tmp_path, box("SY", 0, 1))], builtin=False).line("SY")
    assert line is not None
    around = 2 * float(distances_m(0, 0, 0, 1)) + float(distances_m(0, 0, 1, 0))
    around += float(distances_m(0, 1, 1, 1))
    assert line.length_m == pytest.approx(around)


def test_country_at_of_boxes(tmp_path: Path) -> None:
    borders = Borders.open([write(tmp_path, box("SY", 0, 1), box("IQ", 1.01, 2))], builtin=False)
    assert borders.codes_at([0.5, 1.5, 7], [0.5, 0.5, 0.5]) == ("SY", "IQ", None)
    assert borders.country_at(Position(lon=0.2, lat=0.2)) == "SY"


def test_outline_of_the_user_ends_the_country(tmp_path: Path, builtin: Borders) -> None:
    damascus = Position(lon=36.3, lat=33.5)
    moved = Borders.open([write(tmp_path, box("SY", 0, 1))])
    assert builtin.country_at(damascus) == "SY"
    assert moved.country_at(damascus) is None


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([], "no features"),
        ([{"type": "Feature", "properties": {}, "geometry": None}], "feature 1"),
        ([box("SY", 0, 1), box("Atlantis", 1, 2)], "feature 2 names no country"),
        ([box("SY", 200, 300)], "longitude outside"),
        ([box("SY", 0, 1, uncertainty_m="big")], "uncertainty_m 'big'"),
        ([border("SY", [0, 0], [1, 1])], "between is 'SY'"),
        ([border(["SY", "SY"], [0, 0], [1, 1])], "between is"),
        ([border("SY-IQ", [0, 0])], "unusable coordinates"),
        ([border("SY-IQ", [0, 0], [0, 95])], "unusable coordinates"),
        ([border("SY-IQ", [200, 0], [201, 0])], "longitude outside"),
        (
            [{"type": "Feature", "properties": {}, "geometry": {"type": "Point"}}],
            "type 'Point'",
        ),
        ([7], "no GeoJSON Feature"),
    ],
)
def test_bad_files(tmp_path: Path, features: list[object], said: str) -> None:
    with pytest.raises(GazetteerFileError) as refused:
        read_geojson(write(tmp_path, *features))
    assert said in str(refused.value)
    assert "lines.geojson" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff\xfe", b"[]", b'{"type": "Topology"}', b"[" * 99_999]
)
def test_no_geojson(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text)
    with pytest.raises(GazetteerFileError, match=r"x\.json"):
        read_geojson(path)
    with pytest.raises(GazetteerFileError, match="does not exist"):
        read_geojson(tmp_path / "none.json")


def test_codes_are_checked(builtin: Borders) -> None:
    with pytest.raises(GazetteerError, match="'XX'"):
        builtin.line("SY", "XX")
    with pytest.raises(BorderError, match="with itself"):
        builtin.line("SY", "sy")
    with pytest.raises(BorderError, match="no outline"):
        Borders(builtin=False).line("SY", "IQ")


def test_builtin_border_of_syria_and_iraq(builtin: Borders) -> None:
    line = builtin.line("SY", "IQ")
    assert line is not None
    # The CIA World Factbook gives 599 km.
    assert line.length_m == pytest.approx(599_000, rel=0.05)
    assert builtin.distance_m(CROSSING, ("IQ", "SY")) < 1_000
    assert builtin.line("SY", "FR") is None


def test_builtin_agrees_with_independent_outlines(
    builtin: Borders, outline_files: dict[str, Path]
) -> None:
    files = Borders.open([outline_files["SY"], outline_files["IQ"]], builtin=False)
    mine, theirs = builtin.line("SY", "IQ"), files.line("SY", "IQ")
    assert mine is not None
    assert theirs is not None
    assert files.distance_m(CROSSING, ("SY", "IQ")) < 1_000
    for one, other in ((mine, theirs), (theirs, mine)):
        points = np.concatenate(one.lines)
        south = points[(points[:, 0] > 38.8) & (points[:, 0] < 40.9)]
        assert len(south) > 10
        assert distance_to_lines_m(south[:, 0], south[:, 1], other.lines).max() < 1_000
    mixed = Borders.open([outline_files["SY"]]).line("SY", "IQ")
    assert mixed is not None
    assert mixed.source == theirs.source


def test_countries_at_known_places() -> None:
    # Damascus, Baghdad, Paris, the Mediterranean, Maseru (inside South Africa).
    lon, lat = [36.3, 44.4, 2.35, 33.0, 27.5], [33.5, 33.3, 48.85, 34.0, -29.4]
    assert countries_at(lon, lat) == ("SY", "IQ", "FR", None, "LS")


def test_neighbours_and_land_border_of_jordan(builtin: Borders, tmp_path: Path) -> None:
    shape = outline("JO", tmp_path)
    assert {"SY", "IQ", "SA", "IL"} <= set(neighbours(shape, "JO"))
    kept = list((tmp_path / "outlines").iterdir())
    assert len(kept) == 1
    kept[0].write_bytes(b"damaged")
    assert outline("JO", tmp_path).equals(shape)


def test_no_outline_for_a_code() -> None:
    with pytest.raises(BorderError, match="'XK'"):
        outline("XK")
