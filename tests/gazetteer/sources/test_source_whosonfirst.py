from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources.open import open_reader


def feature(key: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "wof:id": key,
        "wof:name": name,
        "wof:placetype": "locality",
        "wof:country": "SY",
        "geom:latitude": 33.5,
        "geom:longitude": 38.6,
        "geom:bbox": "38.6,33.5,38.6,33.5",
        "mz:is_current": -1,
        "wof:superseded_by": [],
        **more,
    }


REGION = feature(
    7,
    "Rif Dimashq",
    **{"wof:placetype": "region", "geom:bbox": "35.9,32.9,38.9,34.3", "mz:is_current": 1},
)
TANF = feature(
    8,
    "At Tanf",
    **{
        "name:ara_x_preferred": ["التنف"],
        "name:und_x_variant": ["Tanif", "Tanf"],
        "name:fra_x_historical": ["Tanef"],
        "name:eng_x_colloquial": ["the Garrison"],
        "wof:concordances": {"gn:id": 172344, "wd:id": "Q1", "digitalenvoy:country_code": 1},
        "wof:hierarchy": [{"region_id": 7, "locality_id": 8}],
        "edtf:inception": "1950",
        "edtf:cessation": "uuuu",
        "wof:population": 12,
    },
)


def write_lines(path: Path, *objects: object) -> Path:
    data = "\n".join(json.dumps(one, ensure_ascii=False) for one in objects).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def as_feature(
    properties: dict[str, Any], geometry: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"type": "Feature", "id": 1, "properties": properties, "geometry": geometry}


def test_the_shared_files(shared_data: Path) -> None:
    places = left_out = names = 0
    for code in ("sy", "iq", "jo"):
        path = shared_data / "gazetteer" / f"wof_{code}.ndjson.gz"
        with gzip.open(path, "rt", encoding="utf-8") as file:
            raw = [json.loads(line) for line in file]
        given = {
            str(one["wof:id"]): sum(len(v) for k, v in one.items() if k.startswith("name:"))
            for one in raw
        }
        for row in open_reader(path).rows():
            if isinstance(row, BadRow):
                left_out += 1
                assert "left out" in row.why
                assert (
                    raw[row.line - 1].get("wof:superseded_by")
                    or "edtf:deprecated" in raw[row.line - 1]
                )
                names += given[str(raw[row.line - 1]["wof:id"])]
            else:
                places += 1
                names += given[row.source_id]
                # The main name may stand beside those, or be one of them.
                assert given[row.source_id] <= len(row.names) + 20
                assert row.country == code.upper()
    # As the data's own description counts them.
    assert (places + left_out, names) == (34_913, 149_417)
    assert 0 < left_out < 200


def test_a_record(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "wof.ndjson.gz", TANF, REGION)
    reader = open_reader(path)
    tanf, region = reader.rows()
    assert reader.done == reader.size
    assert isinstance(tanf, Record)
    assert isinstance(region, Record)
    flags = {(n.text, n.language, n.preferred, n.historic, n.colloquial) for n in tanf.names}
    assert flags == {
        ("At Tanf", None, False, False, False),
        ("التنف", "ara", True, False, False),
        ("Tanif", "und", False, False, False),
        ("Tanf", "und", False, False, False),
        ("Tanef", "fra", False, True, False),
        ("the Garrison", "eng", False, False, True),
    }
    assert tanf.names[0].text == "At Tanf"
    assert tanf.admin1 == "Rif Dimashq"
    assert tanf.same_as == ("wof:8", "gn:172344", "wd:Q1")
    assert tanf.valid is not None
    assert tanf.valid[0] is not None
    assert tanf.valid[0].year == 1950
    assert (tanf.kind, tanf.population, tanf.extent_m) == ("village", 12, None)
    assert region.kind == "region"
    assert region.admin1 is None
    # Half of a box of 3 by 1.4 degrees.
    assert region.extent_m == pytest.approx(159_000, rel=0.02)


def test_what_is_left_out_and_why(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "wof.ndjson",
        feature(1, "Old", **{"wof:superseded_by": [2]}),
        feature(2, "Withdrawn", **{"edtf:deprecated": "2018-08-15"}),
        feature(3, "Gone", **{"mz:is_current": 0}),
        feature(4, ""),
        feature(5, "Nowhere", **{"geom:latitude": 0.0, "geom:longitude": 0.0}),
        feature(6, "Far", **{"geom:latitude": 91}),
        {"a": 1},
        [1],
    )
    rows = list(open_reader(path).rows())
    bad = {row.line: row.why for row in rows if isinstance(row, BadRow)}
    (kept,) = (row for row in rows if isinstance(row, Record))
    assert (kept.source_id, kept.note) == ("3", "not current")
    assert sorted(bad) == [1, 2, 4, 5, 6, 7, 8]
    assert "superseded by 2" in bad[1]
    assert "withdrawn on 2018-08-15" in bad[2]
    assert "0, 0" in bad[5]


def test_an_area_of_two_regions_is_in_neither(tmp_path: Path) -> None:
    other = {**REGION, "wof:id": 9, "wof:name": "Homs"}
    disputed = feature(8, "x", **{"wof:hierarchy": [{"region_id": 7}, {"region_id": 9}]})
    path = write_lines(tmp_path / "wof.ndjson", disputed, REGION, other)
    first = next(iter(open_reader(path).rows()))
    assert isinstance(first, Record)
    assert first.admin1 is None


@pytest.mark.parametrize("form", ["collection", "folder", "tar.bz2", "zip", "one"])
def test_forms(tmp_path: Path, form: str) -> None:
    square = [[[38.0, 33.0], [39.0, 33.0], [39.0, 34.0], [38.0, 34.0], [38.0, 33.0]]]
    items = [as_feature(TANF), as_feature(REGION, {"type": "Polygon", "coordinates": square})]
    path = tmp_path / f"wof.{form}"
    if form == "one":
        items = items[1:]
        path = tmp_path / "7.geojson"
        path.write_text(json.dumps(items[0], indent=1), encoding="utf-8")
    elif form == "collection":
        text = json.dumps({"type": "FeatureCollection", "features": items}, indent=2)
        path.write_text(text, encoding="utf-8")
    elif form == "folder":
        for number, item in enumerate(items):
            inner = path / "data" / str(number)
            inner.mkdir(parents=True)
            (inner / f"{number}.geojson").write_text(json.dumps(item), encoding="utf-8")
        (path / "README.md").write_text("no feature")
    elif form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for number, item in enumerate(items):
                archive.writestr(f"data/{number}.geojson", json.dumps(item))
            archive.writestr("data/0-alt-quattroshapes.geojson", "{}")
    else:
        with tarfile.open(path, "w:bz2") as tar:
            for number, item in enumerate(items):
                data = json.dumps(item).encode()
                info = tarfile.TarInfo(f"repo/data/{number}.geojson")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    rows = [row for row in open_reader(path).rows() if isinstance(row, Record)]
    assert len(rows) == len(items)
    assert rows[0].admin1 == (None if form == "one" else "Rif Dimashq")
    assert rows[-1].outline_wkb is not None
    assert rows[-1].extent_m == pytest.approx(57_300, rel=0.01)


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_text('{"wof:id": null, "a": 1}\n{"wof:id": "x"}\n', encoding="utf-8")
    with pytest.raises(GazetteerFileError, match="no record of Who's On First"):
        list(open_reader(path).rows())


def test_a_broken_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "wof.tar.bz2"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as tar:
        for number in range(200):
            data = json.dumps(as_feature(feature(number + 1, f"n{number}"))).encode()
            info = tarfile.TarInfo(f"{number}.geojson")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    path.write_bytes(buffer.getvalue()[:-700])
    with pytest.raises(GazetteerFileError, match="breaks off or is damaged"):
        list(open_reader(path).rows())
