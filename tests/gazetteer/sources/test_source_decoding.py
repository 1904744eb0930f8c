from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Reader, Record
from gazetteer.sources.open import open_reader
from gazetteer.sources.text_guess import ARABIC, CYRILLIC, LATIN, code_page_of, encoding_of

from .conftest import geonames_line

ARABIC_ROWS = (
    "name,lat,lon\n"
    "البوكمال الشرقية الكبيرة,34,40\n"
    "دير الزور المدينة القديمة,35,40\n"
    "الميادين,35,40\n"
)
POINT = {"type": "Point", "coordinates": [38.6, 33.5]}


def read(path: Path, data: bytes) -> tuple[Reader, list[Record], list[BadRow]]:
    path.write_bytes(data)
    reader = open_reader(path)
    rows = list(reader.rows())
    good = [row for row in rows if isinstance(row, Record)]
    return reader, good, [row for row in rows if isinstance(row, BadRow)]


def names(rows: list[Record]) -> list[str]:
    return [row.names[0].text for row in rows]


@pytest.mark.parametrize(
    ("text", "page", "said"),
    [
        ("البوكمال,34.45,40.91\nالميادين,35.01,40.45\nالرقة,35.95,39.01\n", "cp1256", "Arabic"),
        ("Щёлково,55.9,38.0\nЛиман,48.9,37.8\nІзюм,49.2,37.2\n", "cp1251", "Cyrillic"),
        ("Alcañiz,41.0,-0.1\nÉvreux,49.0,1.1\nKöln,50.9,6.9\n", "cp1252", "Latin"),
    ],
)
def test_lines_of_two_encodings(tmp_path: Path, text: str, page: str, said: str) -> None:
    data = "name,lat,lon\nدير الزور,35.33,40.14\nЛьвів,49.8,24.0\n".encode() + text.encode(page)
    reader, rows, bad = read(tmp_path / "t.csv", data)
    assert not bad
    expected = ["دير الزور", "Львів", *(line.split(",")[0] for line in text.splitlines())]
    assert names(rows) == expected
    (guess,) = reader.provenance.guessed
    assert guess.startswith("3 lines were not UTF-8, read as windows-125")
    assert said in guess


def test_the_odd_line_far_from_the_beginning(tmp_path: Path) -> None:
    body = "".join(f"Ort {number},33.5,38.6\n" for number in range(9_000))
    data = f"name,lat,lon\nKöln,50.9,6.9\n{body}".encode() + "Zürich,47.3,8.5\n".encode("cp1252")
    reader, rows, bad = read(tmp_path / "t.csv", data)
    assert not bad
    assert names(rows)[-1] == "Zürich"
    assert "1 line was not UTF-8" in " ".join(reader.provenance.guessed)


def test_damaged_utf8_is_no_code_page(tmp_path: Path) -> None:
    damaged = "البوكمال الشرقية".encode()[:-1] + b",34.4,40.9\n"
    data = "name,lat,lon\nالميادين,35,40.4\n".encode() + damaged
    reader, rows, bad = read(tmp_path / "t.csv", data)
    assert names(rows) == ["الميادين"]
    assert [row.line for row in bad] == [3]
    assert "not UTF-8" in bad[0].why
    assert reader.provenance.guessed == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_utf16_tables(tmp_path: Path, encoding: str, packed: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(ARABIC_ROWS.encode(encoding))
    if packed:
        with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
            archive.write(path, "t.csv")
        path = tmp_path / "t.zip"
    reader = open_reader(path)
    rows = [row for row in reader.rows() if isinstance(row, Record)]
    assert names(rows) == [line.split(",")[0] for line in ARABIC_ROWS.splitlines()[1:]]
    told = encoding.upper() in " ".join(reader.provenance.guessed)
    # A byte order mark says it, without one it is a guess.
    assert told is (encoding != "utf-16")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SY.txt", "\n".join(geonames_line(number, "دير الزور") for number in (1, 2))),
        (
            "p.geojson",
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "features": [
                        {"type": "Feature", "properties": {"name": "دير الزور"}, "geometry": POINT}
                    ],
                }
            ),
        ),
        ("lp.tsv", "id\ttitle\tvariants\tmatches\tlon\tlat\n1\tدير الزور\t\t\t38\t33\n"),
        (
            "a.kml",
            '<?xml version="1.0" encoding="UTF-16"?><kml><Placemark><name>دير الزور</name>'
            "<Point><coordinates>38,33</coordinates></Point></Placemark></kml>",
        ),
    ],
)
def test_utf16_in_every_form(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    if name == "a.kml" and encoding != "utf-16":
        text = text.replace("UTF-16", "UTF-16LE")
    _, rows, bad = read(tmp_path / name, text.encode(encoding))
    assert not bad
    assert set(names(rows)) == {"دير الزور"}


def test_utf16_that_is_cut_or_damaged(tmp_path: Path) -> None:
    good = "name,lat,lon\nA,33,38\n".encode("utf-16-le")
    _, rows, bad = read(tmp_path / "t.csv", good + "B".encode("utf-16-le")[:1])
    assert names(rows) == ["A"]
    assert [row.line for row in bad] == [3]
    half = b"\x00\xd8" + "B,33,38\n".encode("utf-16-le")
    _, rows, bad = read(tmp_path / "t.csv", good + half + "C,33,38\n".encode("utf-16-le"))
    assert names(rows) == ["A", "C"]
    assert [row.line for row in bad] == [3]


@pytest.mark.parametrize("data", ["name,lat\n".encode("utf-32"), "name".encode("utf-32-be")])
def test_utf32_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(GazetteerFileError, match=r"UTF-32; save it as UTF-8|zero bytes"):
        read(tmp_path / "t.csv", data)


def test_guesses() -> None:
    assert encoding_of(b"").name == "utf-8"
    assert encoding_of(b"\0").name == "utf-8"
    assert encoding_of(bytes(100)).name == "utf-8"
    # Zero bytes of damage stand anywhere.
    assert encoding_of(b"name,lat,lon\0\0\n\0\0A,1,2\n").name == "utf-8"
    assert code_page_of(b"") == LATIN
    assert code_page_of("Київ Ірпінь МОСКВА".encode("cp1251")) == CYRILLIC
    assert code_page_of("البوكمال".encode("cp1256")) == ARABIC
