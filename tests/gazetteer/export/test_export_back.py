"""What is exported goes back to the sources it was of."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from gazetteer.database import Addition, Database, add, add_all, sources_of
from gazetteer.errors import GazetteerError, GazetteerFileError
from gazetteer.export import Selection, export
from gazetteer.export.back import own_export
from gazetteer.export.given import filled, names_of, whose
from gazetteer.export.rows import Rows
from gazetteer.printable import json_line, plain_line
from gazetteer.record import BadRow, Name, Provenance, Reader, Record
from gazetteer.sources.open import open_reader

ENDINGS = (".geojson", ".gpkg", ".lpf.json", ".tsv", ".txt")
HOSTILE = "Tanf\r\n\x1b[31mred\u2028\u202eeman\x85\u2066"


def rows_of(reader: Reader) -> list[Record]:
    rows = list(reader.rows())
    assert not [row for row in rows if isinstance(row, BadRow)]
    return [row for row in rows if isinstance(row, Record)]


def add_back(folder: Path, path: Path) -> None:
    add_all(folder, [Addition(reader=reader) for reader in own_export(path)])


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_source_comes_back(
    ending: str, folder: Path, records: tuple[Record, ...], tmp_path: Path
) -> None:
    path = tmp_path / f"out{ending}"
    export(folder, path)
    before = {stored.provenance.key: stored for stored in sources_of(folder)}
    add_back(tmp_path / "back", path)
    found = sources_of(tmp_path / "back")
    assert [stored.provenance.part for stored in found] == ["", ""], "it is no fact of its own"
    for key, stored in zip(before, found, strict=True):
        was, now = before[key].provenance, stored.provenance
        assert now.key.startswith(f"{key}:out{ending}@")
        assert (now.title, now.origin, now.licence) == (was.title, was.origin, was.licence)
        assert now.retrieved_at == was.retrieved_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
        assert stored.places == before[key].places
    with Database.open(folder) as old, Database.open(tmp_path / "back") as new:
        numbers = range(1, len(records) + 1)
        was_of, now_of = old.places(numbers), new.places(numbers)
    assert len(was_of) == len(now_of) == len(records)
    for number in numbers:
        a, b = was_of[number], now_of[number]
        assert (b.origin, b.source, b.position.lon) == (a.origin, a.source, a.position.lon)


@pytest.mark.parametrize("ending", [".geojson", ".lpf.json"])
def test_all_that_was_stored_comes_back(
    ending: str, folder: Path, records: tuple[Record, ...], tmp_path: Path
) -> None:
    """To the letter, but for outlines in GeoJSON and what separates names."""
    path = tmp_path / f"out{ending}"
    export(folder, path)
    add_back(tmp_path / "back", path)
    with Rows(tmp_path / "back", Selection()) as rows:
        back = [row.record for row in rows]
    for was, now in zip(records, back, strict=True):
        note = " ".join(was.note.split())
        names = tuple(Name(text=" ".join(n.text.split())) for n in now.names)
        assert [n.text for n in names] == [" ".join(n.text.split()) for n in was.names]
        for name_was, name_now in zip(was.names, now.names, strict=True):
            assert name_now == name_was
        for fact in ("source_id", "lon", "lat", "kind", "kind_inferred", "feature", "country"):
            assert getattr(now, fact) == getattr(was, fact), fact
        for fact in ("admin1", "admin2", "population", "uncertainty_m", "extent_m", "valid"):
            assert getattr(now, fact) == getattr(was, fact), fact
        assert set(was.same_as) <= set(now.same_as) | {f"gn:{was.source_id}"}
        assert " ".join(now.note.split()) == note
        assert (now.outline_wkb is None) == (was.outline_wkb is None or ending == ".geojson")


def test_a_part_does_not_take_the_place_of_the_whole(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "part.geojson"
    export(folder, path, Selection(country="SY"))
    places = {stored.provenance.key: stored.places for stored in sources_of(folder)}
    add_back(folder, path)
    after = {stored.provenance.key: stored.places for stored in sources_of(folder)}
    assert {key: after[key] for key in places} == places
    assert len(after) == 4
    # The file elsewhere is the same file.
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(path, tmp_path / "elsewhere" / "other.geojson")
    readers = own_export(tmp_path / "elsewhere" / "other.geojson")
    added = add_all(folder, [Addition(reader=reader) for reader in readers])
    assert [one.unchanged for one in added] == [True, True]


def test_foreign_files_are_left_to_others(tmp_path: Path) -> None:
    foreign = tmp_path / "a.geojson"
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [1, 2]},
        "properties": {"name": "A", "source": "OSM"},
    }
    whole = {"type": "FeatureCollection", "features": [feature]}
    foreign.write_text(json.dumps(whole), encoding="utf-8")
    assert own_export(foreign) == ()
    feature["properties"] = {"name": "A", "source_key": ""}
    foreign.write_text(json.dumps(whole), encoding="utf-8")
    assert own_export(foreign) == ()
    table = tmp_path / "a.csv"
    table.write_text("name,lat,lon\nA,1,2\n", encoding="utf-8")
    assert own_export(table) == ()
    assert own_export(tmp_path / "none.csv") == ()
    assert own_export(tmp_path) == ()


def test_rows_that_were_put_in_by_hand_are_the_files_own(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.geojson"
    export(folder, path, Selection(country="SY"))
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["features"].append(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [38.7, 33.6]},
            "properties": {"name": "Drawn"},
        }
    )
    whole["features"][0]["properties"]["name"] = "Tanf, renamed"
    whole["features"].append({"type": "Feature", "geometry": None, "properties": {}})
    path.write_text(json.dumps(whole), encoding="utf-8")
    first, second, own = own_export(path)
    (renamed,) = rows_of(first)
    assert renamed.names[0] == Name(text="Tanf, renamed"), "spellings of before do not count"
    assert [row.source_id for row in rows_of(second)] == ["163915"]
    drawn_row, bad = own.rows()
    assert isinstance(drawn_row, Record) and drawn_row.names == (Name(text="Drawn"),)
    assert isinstance(bad, BadRow) and (bad.unit, bad.line) == ("feature", 4)
    assert (own.provenance.origin, own.provenance.licence) == ("out.geojson", "")


def test_a_layer_of_another_program_beside_ours(folder: Path, tmp_path: Path) -> None:
    import geopandas
    import shapely

    path = tmp_path / "out.gpkg"
    export(folder, path)
    drawn_layer = geopandas.GeoDataFrame({"name": ["X"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    drawn_layer.to_file(path, layer="drawn", driver="GPKG", mode="a")
    *own, other = own_export(path)
    assert len(own) == 2
    assert [row.names[0].text for row in rows_of(other)] == ["X"]
    assert add_all(tmp_path / "back", [Addition(reader=one) for one in (*own, other)])


def test_geonames_columns_without_the_file_beside(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    credit = export(folder, path).credit
    assert credit is not None
    credit.unlink()
    geonames, unknown = own_export(path)
    assert {row.source_id for row in rows_of(geonames)} == {"163915", "17"}
    assert geonames.provenance.origin == "GeoNames"
    assert len(rows_of(unknown)) == 2 + len(rows_of(open_reader(path))) - 4
    assert unknown.provenance.origin == "out.tsv" and unknown.provenance.licence == ""
    assert "not GeoNames'" in unknown.provenance.guessed[0]
    assert not any(row.same_as for row in rows_of(unknown)), "our ids are nobody's identifiers"


def test_geonames_columns_that_were_changed(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    export(folder, path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[1:]), encoding="utf-8")
    with pytest.raises(GazetteerFileError, match=r"was changed since out\.tsv\.sources"):
        own_export(path)
    # Of one source alone every row is that one's.
    export(folder, path, Selection(source="first"), force=True)
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(True)[5:]), "utf-8")
    (first,) = own_export(path)
    assert first.provenance.title == "Survey first"
    for damaged in (
        "[]",
        "{}",
        '{"sources":[{}],"sha256":""}',
        '{"sources":[3]}',
        "\0",
        "[" * 9999,
    ):
        path.with_name("out.tsv.sources.json").write_text(damaged, encoding="utf-8")
        with pytest.raises(GazetteerFileError, match="does not say whose"):
            own_export(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_rows_and_terminals_stay_intact(
    ending: str, given: Any, place: Callable[..., Record], tmp_path: Path
) -> None:
    class Said(given):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__("x", (place("1\t2", HOSTILE, "می\u200cخواهم", admin1=HOSTILE),), "CC0")
            self.provenance = Provenance(
                key="x", title="T", origin=HOSTILE, licence=HOSTILE, locator=HOSTILE, sha256="s"
            )

    add(tmp_path / "gazetteer", Said())
    path = tmp_path / f"out{ending}"
    written = export(tmp_path / "gazetteer", path)
    for file in (path, written.credit):
        if file is None or ending == ".gpkg":
            continue
        text = file.read_bytes().decode()
        assert not [c for c in text if not c.isprintable() and c not in "\n\t\u200c"]
        if file.suffix in (".tsv", ".txt"):
            assert (text.count("\n"), text.count("\t")) == (1, 18)
    (reader,) = own_export(path)
    (row,) = rows_of(reader)
    assert row.names[-1].text == "می\u200cخواهم"
    assert row.names[0].text.startswith("Tanf [31mred")


@drawn(st.text())
def test_a_line_stays_a_line(text: str) -> None:
    line = plain_line(text)
    assert line.splitlines() in ([line], [])
    assert "\t" not in line and "\u202e" not in line
    assert plain_line(line).strip() == line.strip()
    told = json_line({"name": text})
    assert json.loads(told) == {"name": text}
    assert len(told.splitlines()) == 1


def test_plain_text_is_as_it_was() -> None:
    for text in ("Al-Tanf", "التنف", "می\u200cخواهم", "Łódź  x", "क्\u200dष"):
        assert plain_line(text) == text


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("text", "language", "first", "x")), inner, max_size=3)
    ),
    max_leaves=6,
)
WORDS = (
    "source_key source origin licence retrieved_at name names spellings kind country population "
    "uncertainty_m extent_m valid_from valid_to note same_as id feature admin1"
)
KEYS = st.sampled_from(WORDS.split())


@settings(max_examples=150)
@drawn(st.dictionaries(KEYS, VALUES, max_size=12))
def test_whatever_a_row_says_it_is_a_place_or_refused(values: dict[str, Any]) -> None:
    who = whose(values)
    assert who is None or (who.key and who.title and who.origin)
    try:
        names = names_of(values)
    except GazetteerError:
        return
    place = Record(source_id="1", names=names, lon=1, lat=2)
    made = filled(place, values, identifier="id")
    assert made.population is None or made.population >= 1
    assert made.uncertainty_m is None or made.uncertainty_m >= 0
    assert all(name.text for name in made.names)
