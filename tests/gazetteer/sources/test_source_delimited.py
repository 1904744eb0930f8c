from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources.cells import CellError, degrees, looks_packed
from gazetteer.sources.clean import clean
from gazetteer.sources.delimited import DelimitedReader
from gazetteer.sources.open import open_reader
from gazetteer.sources.text_guess import encoding_of, separator_of
from gazetteer.sources.unpack import InputFile

RUSSIAN = "Название;Широта;Долгота;Тип\nГород Славянск;48,8667;37,6167;город\nЛиман;48,98;37,8;\n"
ARABIC = "الاسم,خط العرض,خط الطول\nالبوكمال,34.4523,40.9185\nدير الزور,35.3359,40.1408\n"
FRENCH = "nom;latitude;longitude\nPalmyre détruite;34,56;38,28\nAl-Boukamal;34,45;40,92\n"


def table(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> DelimitedReader:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return DelimitedReader(InputFile(path))


def split(reader: DelimitedReader) -> tuple[list[Record], dict[int, str]]:
    rows = list(reader.rows())
    good = [row for row in rows if isinstance(row, Record)]
    return good, {row.line: row.why for row in rows if isinstance(row, BadRow)}


def test_plain_columns_need_no_guess(tmp_path: Path) -> None:
    reader = table(
        tmp_path,
        "name,lat,lon,kind,country,uncertainty_m,population,names,valid_from,note,source\n"
        "Al-Tanf,33.49,38.66,garrison,Syria,250,1000,At Tanf;Tanf,2016-03,held,Hayat\n",
    )
    (row,), bad = split(reader)
    assert not bad
    assert reader.provenance.guessed == ()
    assert [name.text for name in row.names] == ["Al-Tanf", "At Tanf", "Tanf"]
    assert (row.kind, row.kind_inferred, row.country) == ("base", False, "SY")
    assert (row.uncertainty_m, row.population, row.source_id) == (250.0, 1000, "2")
    assert row.valid is not None
    assert str(row.valid[0]) == "2016-03-01"
    assert row.note == "held; source: Hayat"


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (RUSSIAN, "cp1251", "cp1251"),
        (ARABIC, "cp1256", "cp1256"),
        (FRENCH, "cp1252", "cp1252"),
        (RUSSIAN, "utf-8", ""),
        (ARABIC, "utf-8-sig", ""),
        (ARABIC, "utf-16", ""),
        (RUSSIAN, "utf-16-le", "UTF-16-LE"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str, said: str) -> None:
    reader = table(tmp_path, text.encode(encoding))
    rows, bad = split(reader)
    assert not bad
    expected = [line.split(";" if ";" in text else ",")[0] for line in text.splitlines()[1:]]
    assert [row.names[0].text for row in rows] == expected
    assert 33 < rows[0].lat < 49
    assert said in " ".join(reader.provenance.guessed)


def test_what_was_guessed_is_said(tmp_path: Path) -> None:
    reader = table(tmp_path, "Ort\tBreite\tLänge (°)\tLand\nTanf\t33,49\t38,66\tSyria\n")
    said = "; ".join(reader.provenance.guessed)
    for part in (
        "tab",
        "'Ort' is the name",
        "'Breite' is the latitude",
        "'Länge (°)' is the longitude",
    ):
        assert part in said
    (row,), _ = split(reader)
    assert (row.lat, row.lon, row.country) == (33.49, 38.66, "SY")


def test_columns_named_the_wrong_way_round(tmp_path: Path) -> None:
    text = "name,lat,lon\nA,138.6,33.5\nB,139.2,33.9\n"
    reader = table(tmp_path, text)
    rows, _ = split(reader)
    assert [(row.lat, row.lon) for row in rows] == [(33.5, 138.6), (33.9, 139.2)]
    assert "wrong way round" in " ".join(reader.provenance.guessed)


def test_one_wrong_row_does_not_swap_the_columns(tmp_path: Path) -> None:
    rows, bad = split(table(tmp_path, "name,lat,lon\nA,33.5,38.6\nB,33.9,39\nC,139.2,33.9\n"))
    assert [row.names[0].text for row in rows] == ["A", "B"]
    assert "look swapped" in bad[4]


def test_without_header(tmp_path: Path) -> None:
    reader = table(tmp_path, "1,Tokyo,139.69,35.69\n2,Osaka,135.50,34.69\n")
    rows, _ = split(reader)
    assert [(row.names[0].text, row.lat, row.lon) for row in rows] == [
        ("Tokyo", 35.69, 139.69),
        ("Osaka", 34.69, 135.50),
    ]
    assert "no header" in reader.provenance.guessed[0]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("name,coordinates", 'Tanf,"33.5058, 38.6178"'),
        ("name;wkt", "Tanf;POINT(38.6178 33.5058)"),
        ("name;Position", "Tanf;33°30'21\"N 38°37'04\"E"),
        ("name,lat,lon", "Tanf,33°30'20.9\"N,38°37'04.1\"E"),
        ("name;lat;lon", "Tanf;33,5058;38,6178"),
        ("name;lat;lon", "Tanf;33 30.348;38 37.068"),
        ("name,mgrs", "Tanf,37SDT6449907431"),
        ("name,utm_zone,easting,northing", "Tanf,37 north,464499,3707431"),
    ],
)
def test_notations_of_positions(tmp_path: Path, header: str, cells: str) -> None:
    (row,), bad = split(table(tmp_path, f"{header}\n{cells}\n"))
    assert not bad
    assert row.lat == pytest.approx(33.5058, abs=1e-4)
    assert row.lon == pytest.approx(38.6178, abs=1e-4)


def test_bad_rows(tmp_path: Path) -> None:
    lines = [
        b"name,lat,lon,uncertainty_m",
        b"A,33.5,38.6,",
        b"B,4239.00416,38.6,",
        b"C,,38.6,",
        b"D,0,0,",
        b"E\xe9,33.5,38.6,",
        b"F,33.5,38.6,,,,x",
        b"G,33.5,38.6,-3",
        b",33.5,38.6,",
        b"H\0,33.5,38.6,",
        b"I,north,38.6,",
        "ي,33.5,38.6,".encode(),
        b"J" * 2**20 + b"J,33.5,38.6,",
        b"K,33.5,38.6,",
    ]
    rows, bad = split(table(tmp_path, b"\r\n".join(lines)))
    assert [row.names[0].text for row in rows] == ["A", "Eé", "ي", "K"]
    assert sorted(bad) == [3, 4, 5, 7, 8, 9, 10, 11, 13]
    assert "degrees and minutes, 42° 39.00416' without the point" in bad[3]
    assert "has no latitude" in bad[4]
    assert "7 cells under 4 columns" in bad[7]


def test_quotes(tmp_path: Path) -> None:
    text = (
        'name,lat,lon,note\n"Tanf, al-",33.5,38.6,"two\nlines, ""quoted"""\nB 5" pipe,33.6,38.7,\n'
        '"open,33.5,38.6,\nC,33.7,38.8,\n'
    )
    rows, bad = split(table(tmp_path, text))
    assert [row.names[0].text for row in rows] == ["Tanf, al-", 'B 5" pipe', "C"]
    assert rows[0].note == 'two\nlines, "quoted"'
    assert bad == {5: "a quote is opened and not closed"}


def test_an_open_quote_costs_one_row_of_many(tmp_path: Path) -> None:
    body = "".join(f"n{number},33.5,38.6\n" for number in range(3000))
    rows, bad = split(table(tmp_path, f'name,lat,lon\n"open,33.5,38.6\n{body}'))
    assert len(rows) == 3000
    assert list(bad) == [2]


def test_wrong_separator_and_no_table(tmp_path: Path) -> None:
    rows, _ = split(table(tmp_path, "name|lat|lon\nA|33.5|38.6\n"))
    assert rows[0].lat == 33.5
    for text in ("just prose\nand more of it\n", "{}", "name\nA\nB\n"):
        with pytest.raises(GazetteerFileError, match="no table"):
            split(table(tmp_path, text))
    with pytest.raises(GazetteerFileError, match="it has: name, breadth, length"):
        split(table(tmp_path, "name,breadth,length\nA,33.5,38.6\n"))
    with pytest.raises(GazetteerFileError, match="no row that can be used"):
        split(table(tmp_path, "name,lat,lon\nA,x,38.6\n"))


def test_ids_and_rivals(tmp_path: Path) -> None:
    rows, _ = split(table(tmp_path, "id,name,lat,lon\nx,A,1,2\nx,A,1,3\n,B,1,4\n"))
    assert [row.source_id for row in rows] == ["x", "x#3", "4"]


def test_names_of_languages(tmp_path: Path) -> None:
    text = "name,name_ar,name:uk,name_alt,demonym,lat,lon\nTanf,التنف,Танф,x,Tanfi,33.5,38.6\n"
    (row,), _ = split(table(tmp_path, text))
    assert [(n.text, n.language) for n in row.names] == [
        ("Tanf", None),
        ("التنف", "ar"),
        ("Танф", "uk"),
    ]


def test_areas_of_the_shared_data(shared_data: Path) -> None:
    path = shared_data / "gazetteer" / "areas.csv"
    with path.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    rows = list(open_reader(path).rows())
    good = {row.source_id: row for row in rows if isinstance(row, Record)}
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert len(rows) == len(expected)
    assert all("0, 0" in row.why for row in bad)
    kinds = {"country": "country", "admin1": "region", "admin2": "district"}
    for line, cells in enumerate(expected, start=2):
        row = good.get(str(line))
        if row is None:
            assert line in {one.line for one in bad}
            continue
        assert row.kind == kinds[cells["kind"]]
        # Marks of direction stand before some of the Arabic names.
        names = {clean(cells["name"]), clean(cells["native"])} - {""}
        assert {name.text for name in row.names} == names
        assert (row.lat, row.lon) == (float(cells["lat"]), float(cells["lon"]))


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]),
                min_size=1,
                max_size=20,
            ),
            st.floats(-90, 90).map(lambda x: round(x, 6)).filter(bool),
            st.floats(-180, 180).map(lambda x: round(x, 6)).filter(bool),
        ),
        min_size=1,
        max_size=10,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
@settings(max_examples=40)
def test_what_the_standard_writer_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float, float]], mark: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    writer.writerow(["name", "lat", "lon"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(out.getvalue().encode("utf-8"))
    back, bad = split(DelimitedReader(InputFile(path)))
    assert not bad
    assert [(r.names[0].text, r.lat, r.lon) for r in back] == rows


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_any_bytes_are_rows_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(b"name,lat,lon\nA,1,2\n" + data)
    try:
        list(DelimitedReader(InputFile(path)).rows())
    except GazetteerFileError as error:
        assert "t.csv" in str(error)


def test_looks_packed() -> None:
    assert looks_packed(120.5, "lat") is None
    assert looks_packed(4275.0, "lat") is None
    assert "42° 39' 12.50\"" in (looks_packed(423912.5, "lat") or "")
    with pytest.raises(CellError, match="swapped"):
        degrees("120.5", "lat")


def test_guesses_of_nothing() -> None:
    assert encoding_of(b"").name == "utf-8"
    assert separator_of("") == ("", "")
