from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerError
from gazetteer.record import BadRow, Record
from gazetteer.sources.open import open_reader

from .conftest import geonames_line

FEATURE = {
    "type": "Feature",
    "@id": "x",
    "properties": {"name": "A", "title": "A", "ccodes": ["SY"], "population": 4},
    "names": [{"toponym": "a", "lang": "ar", "when": {"timespans": [{"start": {"in": "1929"}}]}}],
    "types": [{"identifier": "aat:300008375"}],
    "geometry": {"type": "Polygon", "coordinates": [[[38, 33], [39, 33], [39, 34], [38, 33]]]},
}
KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml><Placemark><name>A</name>'
    "<Point><coordinates>38,33</coordinates></Point></Placemark></kml>"
)


def zipped(name: str, data: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


WHOLE = {
    "places.json": json.dumps({"type": "FeatureCollection", "features": [FEATURE] * 2}).encode(),
    "lines.json": b"\n".join(
        json.dumps(
            {
                "wof:id": number,
                "wof:name": "A",
                "wof:placetype": "region",
                "geom:latitude": 33.5,
                "geom:longitude": 38.6,
                "geom:bbox": "38,33,39,34",
                "name:ara_x_preferred": ["ا"],
                "wof:hierarchy": [{"region_id": 1}],
                "wof:concordances": {"gn:id": 1},
            }
        ).encode()
        for number in range(1, 4)
    ),
    "a.kml": KML.encode(),
    "a.kmz": zipped("doc.kml", KML),
    "SY.txt": "\n".join(geonames_line(number) for number in range(1, 6)).encode(),
    "SY.zip": zipped("SY.txt", "\n".join(geonames_line(number) for number in range(1, 6))),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_ones_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(WHOLE[name])
    assert all(isinstance(row, Record) for row in open_reader(path).rows())


@given(
    name=st.sampled_from(sorted(WHOLE)),
    damage=st.lists(
        st.tuples(
            st.floats(0, 1, exclude_max=True),
            st.integers(0, 30),
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from([b"null", b"[]", b"{}", b"1e999", b'"x"', b"-1", b"true"]),
            ),
        ),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=120)
def test_damage_is_told_by_row_or_for_the_file(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    damage: list[tuple[float, int, bytes]],
) -> None:
    data = bytearray(WHOLE[name])
    for where, gone, new in damage:
        at = int(where * len(data))
        data[at : at + gone] = new
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(data)
    try:
        reader = open_reader(path)
        reader.provenance  # noqa: B018
        rows = list(reader.rows())
    except GazetteerError as error:
        assert name.split(".")[0] in str(error)
        return
    for row in rows:
        assert isinstance(row, Record | BadRow)
