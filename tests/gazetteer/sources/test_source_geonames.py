from __future__ import annotations

import gzip
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerFileError
from gazetteer.place import KINDS
from gazetteer.record import BadRow, Name, Record
from gazetteer.sources.geonames import GeoNamesReader
from gazetteer.sources.geonames_names import NamesFile
from gazetteer.sources.open import open_reader
from gazetteer.sources.quick import quick_name, quick_names, quick_record
from gazetteer.sources.unpack import InputFile

from .conftest import geonames_line

ALTERNATES = """\
1\t173480\tar\tالبوكمال\t1\t\t\t\t\t
2\t173480\ten\tAbu Kamal\t1\t1\t\t\t\t
3\t173480\t\tBoukamal\t\t\t1\t\t\t
4\t173480\tfr\tAlbou Kamal\t\t\t\t1\t1920\t1946-04-17
5\t173480\tlink\thttps://en.wikipedia.org/wiki/Abu_Kamal\t\t\t\t\t\t
6\t173480\twkdt\tQ240108\t\t\t\t\t\t
7\t173480\tpost\t12345\t\t\t\t\t\t
8\t173480\tiata\tABK\t\t\t\t\t\t
9\t1\tabbr\tTT\t\t\t\t\t\t
10\t99\ten\tNobody's\t\t\t\t\t\t
"""


def records(path: Path | str, **options: object) -> list[Record]:
    rows = list(open_reader(path, **options).rows())  # type: ignore[arg-type]
    assert all(isinstance(row, Record) for row in rows), rows
    return [row for row in rows if isinstance(row, Record)]


def test_a_row(dump: Path) -> None:
    town, area, hill = records(dump)
    assert town == Record(
        source_id="173480",
        names=tuple(
            Name(text=text) for text in ("Al Būkamāl", "Al Bukamal", "Abu Kamal", "Albu Kamal")
        ),
        lon=40.91854,
        lat=34.45226,
        kind="city",
        country="SY",
        admin1="Dayr az Zawr Governorate",
        population=57572,
        same_as=("gn:173480",),
        feature="P.PPLA2",
    )
    assert (area.kind, area.population) == ("region", None)
    assert (hill.kind, hill.admin1) == ("hill", None)


@pytest.mark.parametrize("form", ["zip", "gz"])
def test_packed(dump: Path, form: str) -> None:
    plain = records(dump)
    packed = dump.with_name("SY.zip" if form == "zip" else "SY.txt.gz")
    if form == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("readme.txt", "x" * 9000)
            archive.write(dump, "SY.txt")
    else:
        packed.write_bytes(gzip.compress(dump.read_bytes()))
    dump.rename(dump.with_name("other.txt"))
    reader = open_reader(packed)
    assert list(reader.rows()) == plain
    assert reader.provenance.key == "geonames:SY"
    assert reader.done == reader.size


def test_alternate_names_are_joined(dump: Path) -> None:
    dump.with_name("alternateNamesV2.txt").write_text(ALTERNATES, encoding="utf-8")
    town, _, hill = records(dump)
    assert town.names == (
        Name(text="Al Būkamāl"),
        Name(text="البوكمال", language="ar", preferred=True),
        Name(text="Abu Kamal", language="en", preferred=True),
        Name(text="Boukamal", colloquial=True),
        Name(
            text="Albou Kamal",
            language="fr",
            historic=True,
            valid=(date(1920, 1, 1), date(1946, 4, 17)),
        ),
        Name(text="Al Bukamal"),
        Name(text="Albu Kamal"),
    )
    assert town.same_as == (
        "gn:173480",
        "https://en.wikipedia.org/wiki/Abu_Kamal",
        "wd:Q240108",
        "iata:ABK",
    )
    assert "TT" in [name.text for name in hill.names]


def test_codes_in_the_dumps_own_column_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "XX.txt"
    path.write_text(geonames_line(others="ABK,Abu Kamal"), encoding="utf-8")
    beside = tmp_path / "SY-names.txt"
    beside.write_text(ALTERNATES, encoding="utf-8")
    (town,) = records(path, beside=[beside])
    assert "ABK" not in [name.text for name in town.names]


def test_provenance_shows_a_change_of_the_names(dump: Path) -> None:
    alone = open_reader(dump).provenance
    beside = dump.with_name("alternateNamesV2.txt")
    beside.write_text(ALTERNATES, encoding="utf-8")
    joined = open_reader(dump).provenance
    beside.write_text(ALTERNATES.replace("Boukamal", "Bukemal"), encoding="utf-8")
    assert len({alone.sha256, joined.sha256, open_reader(dump).provenance.sha256}) == 3
    assert {alone.key, joined.key} == {"geonames:SY"}


def test_bad_rows_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "XX.txt"
    lines = [
        geonames_line().encode(),
        b"only\tthree\tcells",
        geonames_line(lat="4239.00416").encode(),
        geonames_line(lat="nan").encode(),
        geonames_line(name="").encode(),
        geonames_line(name="\u00e9").encode("latin-1"),
        b"",
        geonames_line("12x").encode(),  # type: ignore[arg-type]
        b"x" * 2**21,
        geonames_line(2).encode() + b"\r",
    ]
    path.write_bytes(b"\n".join(lines))
    rows = list(open_reader(path).rows())
    good = [row for row in rows if isinstance(row, Record)]
    bad = {row.line: row.why for row in rows if isinstance(row, BadRow)}
    assert [row.source_id for row in good] == ["173480", "2"]
    assert sorted(bad) == [2, 3, 4, 5, 6, 8, 9]
    assert "3 columns" in bad[2]
    assert "42° 39.00416'" in bad[3]
    assert "without the point" in bad[3]
    assert "0xe9 is not UTF-8" in bad[6]
    assert "longer than" in bad[9]


def test_another_kind_of_file_is_refused_soon(tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_text("not a dump\n" * 5000, encoding="utf-8")
    with pytest.raises(GazetteerFileError, match="19 columns"):
        list(GeoNamesReader(InputFile(path)).rows())


def test_names_file_counts_what_it_cannot_use(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(ALTERNATES + "11\tx\ten\tBad\t\t\t\n" + "broken\n", encoding="utf-8")
    with NamesFile(InputFile(path)) as names:
        assert (names.lines, names.bad) == (12, 2)
        assert [len(found) for found, _, _ in names.of([173480, 5, 1])] == [4, 0, 1]


@given(
    ids=st.lists(st.integers(1, 10**9 - 1), min_size=1, max_size=40),
    wanted=st.lists(st.integers(1, 10**9 - 1), max_size=5),
)
@settings(max_examples=20)
def test_names_file_finds_what_a_plain_search_finds(
    tmp_path_factory: pytest.TempPathFactory, ids: list[int], wanted: list[int]
) -> None:
    path = tmp_path_factory.mktemp("names") / "a.txt"
    lines = [f"{n}\t{i}\ten\tname {n}\t\t\t\t\t\t\n" for n, i in enumerate(ids)]
    path.write_text("".join(lines), encoding="utf-8")
    asked = [*wanted, *ids[:3]]
    with NamesFile(InputFile(path)) as names:
        found = [[name.text for name in each] for each, _, _ in names.of(asked)]
    assert found == [[f"name {n}" for n, i in enumerate(ids) if i == one] for one in asked]


def test_quick_ones_equal_the_constructors() -> None:
    day = date(2017, 6, 11)
    slow = Name(
        text="a", language="ar", preferred=True, historic=True, colloquial=True, valid=(day, None)
    )
    fast = quick_name("a", "ar", True, True, True, (day, None))
    assert fast == slow
    assert hash(fast) == hash(slow)
    assert quick_names(["a", "b"]) == [Name(text="a"), Name(text="b")]
    made = quick_record(
        "1", (slow,), 1.0, 2.0, "town", "SY", "x", "y", 3, ("gn:1",), "P.PPL", (day, day), 9.0, "n"
    )
    assert made == Record(
        source_id="1",
        names=(slow,),
        lon=1.0,
        lat=2.0,
        kind="town",
        country="SY",
        admin1="x",
        admin2="y",
        population=3,
        same_as=("gn:1",),
        feature="P.PPL",
        valid=(day, day),
        uncertainty_m=9.0,
        note="n",
    )
    with pytest.raises(AttributeError):
        made.lon = 3.0  # type: ignore[misc]


def test_every_table_of_kinds_gives_known_kinds() -> None:
    from gazetteer import kinds_of_features as tables

    for table in (tables.GEONAMES, tables.PLACETYPES, tables.AAT, tables.OSM, tables.WIKIDATA):
        assert set(table.values()) <= set(KINDS)
    assert tables.geonames_kind("P", "PPL", 60_000) == "city"
    assert tables.geonames_kind("P", "PPL", 0) == "populated_place"
    assert tables.geonames_kind("S", "MSQE") == "building"
    assert tables.geonames_kind("V", "FRST") == "unknown"
