"""Every reader gives rows, counted bad ones or one clear error for whatever a file has become."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerError
from gazetteer.record import BadRow, Record
from gazetteer.sources.clean import LONGEST_NAME, clean
from gazetteer.sources.given_file import FileSource, given_form
from gazetteer.sources.open import open_reader

from .conftest import geonames_line

AREA = {"type": "Polygon", "coordinates": [[[38, 33], [39, 33], [39, 34], [38, 33]]]}
POINT = {"type": "Point", "coordinates": [38.6, 33.5]}
GNS = (
    "UFI\tUNI\tLAT\tLONG\tFC\tDSG\tCC1\tADM1\tPOP\tNT\tFULL_NAME_RO\tSHORT_FORM\n"
    "1\t2\t33.5\t38.6\tP\tPPL\tSY\t07\t12\tN\tAt Tanf\tTanf\n"
    "1\t3\t33.5\t38.6\tP\tPPL\tSY\t07\t12\tV\tTenf\t\n"
)
WOF = {
    "wof:id": 1,
    "wof:name": "A",
    "wof:placetype": "locality",
    "geom:latitude": 33.5,
    "geom:longitude": 38.6,
    "geom:bbox": "38,33,39,34",
    "name:ara_x_preferred": ["ا"],
    "wof:hierarchy": [{"region_id": 1}],
    "wof:concordances": {"gn:id": 1},
    "edtf:inception": "1920",
}
LPF = {
    "type": "Feature",
    "@id": "x",
    "properties": {"title": "A", "ccodes": ["SY"], "fclasses": ["P"]},
    "names": [{"toponym": "ا", "lang": "ar", "when": {"timespans": [{"start": {"in": "1929"}}]}}],
    "types": [{"identifier": "aat:300008375", "label": "town"}],
    "links": [{"type": "closeMatch", "identifier": "http://www.wikidata.org/entity/Q1"}],
    "geometry": {"type": "GeometryCollection", "geometries": [POINT, AREA]},
}
LP_TSV = (
    "id\ttitle\tccodes\tmatches\tvariants\taat_types\tlon\tlat\tgeowkt\tstart\n"
    "1\tA\tSY\thttp://www.geonames.org/5/\tب@ar;B\t300008375\t38.6\t33.5\t\t1900\n"
    "2\tB\tSY\t\t\t\t\t\tPOINT(38 33)\t\n"
)
TABLE = 'name;lat;lon;country;pop;names\nдом;33,5;38,6;SY;1 000;A|B\n"x;y";33°30\'N;38,6;Syria;;\n'
KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    "<Placemark><name>A</name><ExtendedData><Data name='type'><value>base</value></Data>"
    "</ExtendedData><Point><coordinates>38,33,0</coordinates></Point></Placemark><Placemark>"
    "<name>B</name><Polygon><outerBoundaryIs><LinearRing><coordinates>38,33 39,33 39,34 38,33"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
)
ALTERNATE = "1\t1\ten\tOne\t1\t\t\t\t\t\n2\t1\tiata\tONE\t\t\t\t\t\t\n"


def in_zip(**files: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def in_tar(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def features(*ones: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": ones}).encode()


def named(geometry: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": 7,
        "properties": {"name": "A", "country": "SY"},
        "geometry": geometry,
    }


WHOLE: dict[str, bytes] = {
    "SY.txt": "\n".join(geonames_line(number) for number in range(1, 6)).encode(),
    "SY.zip": in_zip(SY__txt="\n".join(geonames_line(number) for number in range(1, 6))),
    "gns.txt": GNS.encode(),
    "wof.ndjson": (json.dumps(WOF) + "\n").encode() * 2,
    "wof.ndjson.gz": gzip.compress((json.dumps(WOF) + "\n").encode() * 2),
    "wof.geojson": json.dumps({"type": "Feature", "properties": WOF, "geometry": AREA}).encode(),
    "wof.tgz": in_tar(
        "data/1.geojson", json.dumps({"type": "Feature", "properties": WOF}).encode()
    ),
    "lpf.json": features(LPF, LPF),
    "lpf.jsonl": (json.dumps(LPF) + "\n").encode() * 2,
    "lp.tsv": LP_TSV.encode(),
    "table.csv": TABLE.encode(),
    "table16.csv": TABLE.encode("utf-16"),
    "table16le.csv": TABLE.encode("utf-16-le"),
    "table1251.csv": TABLE.encode("cp1251", "replace"),
    "contract.csv": b"name,lat,lon,country,source\nA,33.5,38.6,SY,a map\nB,34,39,,same\n",
    "p.geojson": features(named(POINT), named(AREA), named(None)),
    "p.jsonl": b"\n".join(json.dumps(named(POINT)).encode() for _ in range(3)),
    "a.kml": KML.encode(),
    "a.kmz": in_zip(doc__kml=KML),
}

TOKENS = [
    *(b"null", b"[]", b"{}", b"1e999", b'"x"', b"-1", b"true", b"NaN", b"-Infinity", b'"', b"\\"),
    *(
        b"\0",
        b"\n",
        b"\r",
        b"\t",
        b";",
        b",",
        b"<",
        b"&amp;",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xd8",
    ),
    *("\u202e".encode(), "\u200b".encode(), b"\\ud800", b"\x1b[31m", b"[" * 2000, b"9" * 5000),
    *(b"x" * 500, b"180.0001", b"0" * 30, b"\xc7\xe1\xc8\xe6", b"{" * 5, b"}" * 5, b"]" * 5),
]
DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 30),
        st.one_of(st.binary(max_size=6), st.sampled_from(TOKENS)),
    ),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, damage: list[tuple[float, int, bytes]], cut: bool) -> bytes:
    work = bytearray(data)
    for where, gone, new in damage:
        at = int(where * len(work))
        work[at : at + gone] = new
    return bytes(work[: len(work) * 2 // 3] if cut else work)


def check(path: Path) -> None:
    """Rows, bad rows or one clear line, and nothing that a terminal would obey."""
    name = path.name.split(".")[0]
    try:
        reader = open_reader(path)
        reader.provenance  # noqa: B018
        rows = list(reader.rows())
        said = reader.provenance.guessed
    except GazetteerError as error:
        assert name in str(error) or "layer" in str(error)
        return
    assert all(isinstance(text, str) and "\n" not in text for text in said)
    for row in rows:
        if isinstance(row, BadRow):
            assert row.why
            assert row.line >= 0
            continue
        assert isinstance(row, Record)
        for one in row.names:
            assert one.text == clean(one.text)
            assert 0 < len(one.text) <= LONGEST_NAME
    try:
        if given_form(path) == "places":
            assert len(FileSource(open_reader(path), path.name)) == sum(
                isinstance(row, Record) for row in rows
            )
    except GazetteerError as error:
        assert name in str(error)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_whole_ones_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(WHOLE[name])
    rows = list(open_reader(path).rows())
    assert any(isinstance(row, Record) for row in rows)
    assert sum(isinstance(row, BadRow) for row in rows) == (name == "p.geojson")
    check(path)


@pytest.mark.parametrize("name", sorted(WHOLE))
@given(damage=DAMAGE, cut=st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_damage_is_told(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    damage: list[tuple[float, int, bytes]],
    cut: bool,
) -> None:
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(damaged(WHOLE[name], damage, cut))
    check(path)


@given(damage=DAMAGE, cut=st.booleans())
@settings(max_examples=20)
def test_damaged_alternate_names_beside_a_dump(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, int, bytes]], cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "SY.txt").write_bytes(WHOLE["SY.txt"])
    path = folder / "alternateNamesV2.txt"
    path.write_bytes(damaged(ALTERNATE.encode() * 5, damage, cut) + b"\n")
    try:
        rows = list(open_reader(folder / "SY.txt").rows())
    except GazetteerError as error:
        assert "alternateNamesV2" in str(error)
        return
    assert all(isinstance(row, Record) for row in rows)


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layers")
    frame = geopandas.GeoDataFrame(
        {"NAME": ["دير الزور", "B"], "type": ["town", None]},
        geometry=[shapely.Point(38, 33), shapely.box(38, 33, 39, 34).centroid],
        crs=4326,
    )
    frame.to_file(folder / "l.gpkg")
    frame.to_file(folder / "l.shp", encoding="cp1256")
    return folder


@given(damage=DAMAGE, cut=st.booleans(), part=st.sampled_from(["dbf", "shp", "cpg", "shx"]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_shapefiles(
    tmp_path_factory: pytest.TempPathFactory,
    layers: Path,
    damage: list[tuple[float, int, bytes]],
    cut: bool,
    part: str,
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    for one in layers.glob("l.*"):
        data = one.read_bytes()
        hit = one.suffix == f".{part}"
        (folder / one.name).write_bytes(damaged(data, damage, cut) if hit else data)
    check(folder / "l.shp")


@given(damage=DAMAGE, cut=st.booleans())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_geopackages(
    tmp_path_factory: pytest.TempPathFactory,
    layers: Path,
    damage: list[tuple[float, int, bytes]],
    cut: bool,
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "l.gpkg"
    path.write_bytes(damaged((layers / "l.gpkg").read_bytes(), damage, cut))
    check(path)
