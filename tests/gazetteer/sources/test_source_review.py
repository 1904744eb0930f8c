from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.axes import MOST_POINTS, PointSample, swapped_axes
from gazetteer.sources.clean import LONGEST_NAME, clean
from gazetteer.sources.codes import CODE, is_code
from gazetteer.sources.open import open_reader
from gazetteer.sources.review import ReviewedReader

from .conftest import geonames_line


class Given:
    """Rows at hand as a reader."""

    provenance = Provenance(key="k", title="t", origin="o", licence="", locator="l")
    size = done = 0

    def __init__(self, *rows: Record | BadRow) -> None:
        self._rows = rows

    def rows(self) -> Iterator[Record | BadRow]:
        yield from self._rows


def record(*names: str, **other: object) -> Record:
    fields: dict[str, object] = {"source_id": "1", "lon": 38.0, "lat": 33.0, **other}
    return Record(names=tuple(Name(text=name) for name in names), **fields)  # type: ignore[arg-type]


def reviewed(*rows: Record | BadRow) -> tuple[list[Record | BadRow], tuple[str, ...]]:
    reader = ReviewedReader(Given(*rows))
    assert reader.provenance == Given.provenance
    return list(reader.rows()), reader.provenance.guessed


def texts(row: Record | BadRow) -> list[str]:
    assert isinstance(row, Record)
    return [name.text for name in row.names]


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("\u202eevil\u202c", "evil"),
        ("a\u200bb\x07c\0", "abc"),
        ("\u200fالبحرين", "البحرين"),
        (" Deir\u00a0ez\u3000Zor\t\n", "Deir ez Zor"),
        ("half \ud800 pair", "half pair"),
        ("soft\u00adhyphen \ufeff\u2066x\u2069", "softhyphen x"),
        # Persian writes a joiner within words; elsewhere it is only hidden.
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("pay\u200cpal\u200d", "paypal"),
        ("line\u2028break", "line break"),
        ("\u200b\u200e", ""),
    ],
)
def test_clean(dirty: str, cleaned: str) -> None:
    assert clean(dirty) == cleaned
    (row,), said = reviewed(record("Main name", dirty))
    assert texts(row) == ["Main name", *([cleaned] if cleaned else [])]
    assert bool(said) is (cleaned != " ".join(dirty.split()))


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_texts_are_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI")
        for char in once
    )


def test_names_that_cannot_be_names() -> None:
    long = "x" * (LONGEST_NAME + 1)
    rows, said = reviewed(
        record("A name", long, "Dam\ufffdge", "y" * LONGEST_NAME),
        record(long),
        record("\u200b", source_id="node/5\u202e"),
        BadRow(line=9, why="was bad"),
        record("\ufffd", "Second name"),
        record("Last", "z" * 10**7),
    )
    assert texts(rows[0]) == ["A name", "y" * LONGEST_NAME]
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.line, row.unit) for row in bad] == [(2, "row"), (3, "row"), (9, "")]
    assert bad[1].why == "no name that can be read (id node/5)"
    assert texts(rows[4]) == ["Second name"]
    assert said == (
        "1 name with control or invisible characters, which were taken out",
        "3 names of over 300 characters left out",
        "2 names with unreadable letters (U+FFFD) left out; the file was damaged before",
    )


def test_what_is_clean_stays_the_same_object() -> None:
    row = record("Deir ez-Zor", "دير الزور", "大馬士革", "Le", admin1="X", note="a, b")
    rows, said = reviewed(row)
    assert rows[0] is row
    assert said == ()


def test_other_texts_are_cleaned() -> None:
    (row,), _ = reviewed(
        record("Name", admin1="\u202eA", admin2="\u200b", note="two\nlines", feature="\x1b[31m")
    )
    assert isinstance(row, Record)
    assert (row.admin1, row.admin2, row.note, row.feature) == ("A", None, "two lines", "[31m")


@pytest.mark.parametrize(
    ("text", "main", "kind", "code"),
    [
        ("DAM", "Damascus", "city", True),
        ("USA", "Concord", "city", True),
        ("OSDI", "Damascus International Airport", "airport", True),
        ("NOLA", "New Orleans", "city", False),
        ("HAMA", "HOMS", "city", False),
        ("DAM", "DAM", "city", False),
        ("Dam", "Damascus", "city", False),
        ("ДАМ", "Дамаск", "city", False),
        ("65030", "Deir ez-Zor", "city", True),
        ("8 March", "Village of 8 March", "village", False),
        ("https://en.wikipedia.org/wiki/Damascus", "Damascus", "city", True),
    ],
)
def test_codes(text: str, main: str, kind: str, code: bool) -> None:
    assert is_code(text, main=main, kind=kind) is code
    (row,), _ = reviewed(record(main, text, kind=kind))
    assert isinstance(row, Record)
    assert [name.language for name in row.names[1:]] == ([CODE if code else None][: text != main])


def test_codes_of_a_geonames_dump(tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_text(geonames_line(170654, "Damascus", others="DAM,Dimashq") + "\n")
    (row,) = open_reader(path).rows()
    assert isinstance(row, Record)
    assert {name.text for name in row.names if name.language == CODE} == {"DAM"}


def swap_table(path: Path, swapped: int, right: int) -> Path:
    lines = ["name,lat,lon,country"]
    lines += [f"n{number},40.{number},35.3,SY" for number in range(swapped)]
    lines += [f"r{number},35.3,40.{number},SY" for number in range(right)]
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize(
    ("swapped", "right", "said"),
    [(47, 3, "94 % of the rows"), (1, 0, "100 % of the rows"), (2, 8, "20 % of"), (1, 19, "")],
)
def test_swapped_axes_are_told(tmp_path: Path, swapped: int, right: int, said: str) -> None:
    reader = open_reader(swap_table(tmp_path / "t.csv", swapped, right))
    rows = [row for row in reader.rows() if isinstance(row, Record)]
    told = [text for text in reader.provenance.guessed if "swapped" in text]
    assert [said in text for text in told] == [True] * bool(said)
    # Told and nothing else.
    assert rows[0].lat == (40.0 if swapped else 35.3)


def test_swapped_axes_of_geojson(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"n{number}", "country": "Syria"},
            "geometry": {"type": "Point", "coordinates": [35.3, 40 + number / 10]},
        }
        for number in range(4)
    ]
    path = tmp_path / "p.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    reader = open_reader(path)
    list(reader.rows())
    assert "100 % of the rows that name a country" in reader.provenance.guessed[-1]


def test_points_that_cannot_be_swapped_or_lie_at_sea() -> None:
    assert swapped_axes([]) == ""
    assert swapped_axes([(139.7, 35.7, "SY"), (0.0, 0.0, "SY")]) == ""
    assert swapped_axes([(38.0, 35.0, "SY")]) == ""


def test_a_large_source_is_looked_at_evenly() -> None:
    sample = PointSample()
    for number in range(10 * MOST_POINTS):
        first = number < 5 * MOST_POINTS
        sample.add(lon=35.3 if first else 40.5, lat=40.5 if first else 35.3, country="SY")
    said = sample.warning()
    assert said.startswith("50 % of 1,")
    assert "of the rows that name a country" in said
