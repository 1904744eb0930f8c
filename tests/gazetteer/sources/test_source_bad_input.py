from __future__ import annotations

import gzip
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources.json_stream import FeatureStream, objects_by_line
from gazetteer.sources.lines import line_blocks
from gazetteer.sources.open import open_reader
from gazetteer.sources.unpack import InputFile, leads_out

from .conftest import geonames_line


def refused(path: Path, *, said: str) -> None:
    with pytest.raises(GazetteerFileError, match=said):
        list(open_reader(path).rows())


def test_a_line_of_gigabytes_takes_little_memory() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first\n"
        for _ in range(5 * 2**30 // 2**18):
            yield zeros
        yield b"\nlast\n"

    zeros = bytes(2**18)
    tracemalloc.start()
    lines = [
        (number + at, line)
        for number, block in line_blocks(pieces())
        for at, line in enumerate(block)
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == [(1, b"first"), (2, None), (3, b"last")]
    assert peak < 8 * 2**20


def test_a_sparse_file_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.write((geonames_line() + "\n").encode() * 3)
        file.seek(2**27)
        file.write(b"\n" + geonames_line(5).encode() + b"\n")
    rows = list(open_reader(path).rows())
    assert [row.source_id for row in rows if isinstance(row, Record)] == ["173480"] * 3 + ["5"]
    assert [row.line for row in rows if isinstance(row, BadRow)] == [4]


@pytest.mark.parametrize("cut", [30, 200, 2000])
def test_truncated_zip(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("SY.txt", (geonames_line() + "\n") * 100)
    path.write_bytes(path.read_bytes()[:-cut])
    refused(path, said="damaged or cut-off zip")


def test_damage_within_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "SY.zip"
    text = "".join(geonames_line(number, f"n{number * 7919}") + "\n" for number in range(1, 9000))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SY.txt", text)
    data = bytearray(path.read_bytes())
    middle = len(data) * 3 // 4
    data[middle : middle + 50] = bytes(50)
    path.write_bytes(data)
    refused(path, said="damaged after")


def test_truncated_gzip_says_how_far_it_came(tmp_path: Path) -> None:
    path = tmp_path / "wof.ndjson.gz"
    lines = (
        json.dumps(
            {"wof:id": n, "wof:name": f"n{n * 7919}", "geom:latitude": 1, "geom:longitude": n % 90}
        )
        for n in range(1, 20_000)
    )
    data = gzip.compress("\n".join(lines).encode())
    path.write_bytes(data[: len(data) // 2])
    refused(path, said=r"wof\.ndjson\.gz breaks off or is damaged after [0-9,]+ bytes")


def test_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        line = (geonames_line() + "\n").encode()
        archive.writestr("SY.txt", line * (100 * 2**20 // len(line)))
    refused(path, said="unpacks to more than")


def test_gzip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "SY.txt.gz"
    with gzip.open(path, "wb") as file:
        file.write((geonames_line() + "\n").encode() * 3)
        for _ in range(100):
            file.write(bytes(2**20))
    refused(path, said="unpacks to more than")


def test_encrypted_zip(tmp_path: Path) -> None:
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("SY.txt", geonames_line())
    data = bytearray(path.read_bytes())
    # The flag of encryption, in the member's head and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refused(path, said="cannot be unpacked")


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("../etc/passwd", True),
        ("/etc/passwd", True),
        ("a/../../b", True),
        ("a\\..\\b", True),
        ("C:\\x", True),
        ("a/b..c.kml", False),
        ("doc.kml", False),
    ],
)
def test_names_that_lead_out(name: str, bad: bool) -> None:
    assert leads_out(name) is bad


def test_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(GazetteerFileError, match="does not exist"):
        open_reader(tmp_path / "nothing.csv")
    with pytest.raises(GazetteerFileError, match=r"no \.geojson file"):
        open_reader(tmp_path)
    with pytest.raises(GazetteerFileError, match="is a folder"):
        InputFile(tmp_path)
    with pytest.raises(GazetteerFileError, match="no regular file"):
        open_reader("/dev/null")
    empty = tmp_path / "empty.csv"
    empty.touch()
    refused(empty, said="is empty")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"name,lat,lon\0\0\n\0\0A,1,2\n", "zero bytes"),
        (b"%PDF-1.4 ...", "is a PDF"),
        (b"\xd0\xcf\x11\xe0 excel", "old Excel"),
        (b"<!DOCTYPE html><html><body>404", "a web page"),
        (b"<?xml version='1.0'?><gpx/>", "is XML, no KML"),
        (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        (b'{"a": 1}', "is JSON, but no GeoJSON"),
        (b"   \n \n", "is empty"),
        (b"1\t2\ten\tName\t1\t\t\t\n", "alternate names only"),
        (b"\x0a\x0d\x0aOSMHeader", "PBF"),
    ],
)
def test_what_it_seems_to_be_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "thing"
    path.write_bytes(data)
    refused(path, said=said)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "FeatureCollection", "features": [{"a": 1}, {"b": ',
        '{"type": "FeatureCollection", "features": [' + "[" * 100_000,
        '{"type": "FeatureCollection", "features": [{"a": 1} {"b": 2}',
        "[1, 2",
        '{"x": 1',
        "{x}",
    ],
)
def test_broken_json(text: str) -> None:
    with pytest.raises(GazetteerFileError, match=r"f\.json"):
        list(FeatureStream([text.encode()], "f.json"))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_features_come_whole_whatever_the_pieces(size: int) -> None:
    inner = [{"type": "Feature", "n": number, "t": 'é[]{}\\",' * 3} for number in range(20)]
    whole = {"type": "FeatureCollection", "crs": {"a": [1]}, "features": inner, "after": 1.5}
    data = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    stream = FeatureStream((data[at : at + size] for at in range(0, len(data), size)), "f.json")
    assert list(stream) == inner
    assert stream.outer["crs"] == {"a": [1]}


def test_lines_of_json() -> None:
    data = (
        b'\xef\xbb\xbf{"a": 1}\n\nnope\n[1]\n{"b": ' + b"[" * 100_000 + b'\n{"c": 1e999}\n{"d": 2}'
    )
    found = list(objects_by_line([data]))
    assert [number for number, one in found if isinstance(one, dict)] == [1, 6, 7]
    assert [number for number, one in found if isinstance(one, BadRow)] == [3, 4, 5]
