"""Sources told apart, added together, taken out and described."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazetteer.database import (
    Addition,
    Database,
    add,
    add_all,
    build,
    describe,
    index_names,
    reindex,
    remove,
    sources_of,
)
from gazetteer.database.arrays import Arrays, open_arrays
from gazetteer.database.index_writer import write_index
from gazetteer.database.lock import only_builder
from gazetteer.errors import DatabaseError, GazetteerFileError
from gazetteer.names import all_keys_many
from gazetteer.opening import open_database
from gazetteer.record import BadRow, Record

Make = Callable[..., Record]
TABLES = ("places", "names", "areas", "links", "same_as")


def content(folder: Path) -> list[Any]:
    connection = sqlite3.connect(folder / "gazetteer.gpkg")
    rows = [connection.execute(f"SELECT * FROM {t} ORDER BY id").fetchall() for t in TABLES]
    rows.append(connection.execute("SELECT * FROM rtree_places_geom ORDER BY id").fetchall())
    connection.close()
    return rows


def arrays(folder: Path) -> Arrays:
    (path,) = folder.glob("*.names")
    return {name: np.array(array) for name, array in open_arrays(path)[1].items()}


def keys(folder: Path) -> list[str]:
    return [stored.provenance.key for stored in sources_of(folder)]


def test_another_file_of_the_same_name_takes_no_place(
    tmp_path: Path, reader: Any, record: Make
) -> None:
    first, other = reader("geonames:SY", [record("1", "One")]), [record("2", "Two")]
    add_all(tmp_path, [Addition(reader=first, location="/a/SY.txt")])
    with pytest.raises(
        GazetteerFileError, match=r"/b/SY\.txt would take .* from /a/SY\.txt; --key"
    ):
        add_all(tmp_path, [Addition(reader=reader("geonames:SY", other), location="/b/SY.txt")])
    assert [stored.places for stored in sources_of(tmp_path)] == [1]
    beside = Addition(reader=reader("geonames:SY", other), location="/b/SY.txt", key="SY-b")
    assert add_all(tmp_path, [beside])[0].replaced == 0
    assert keys(tmp_path) == ["geonames:SY", "SY-b"]
    third = reader("geonames:SY", [record("3", "Three")])
    (added,) = add_all(tmp_path, [Addition(reader=third, location="/c/SY.txt", replace=True)])
    assert added.replaced == 1
    newer = reader("geonames:SY", [record("4", "Four")])
    assert add_all(tmp_path, [Addition(reader=newer, location="/c/SY.txt")])[0].replaced == 1


def test_two_files_of_one_name_in_one_command(tmp_path: Path, reader: Any, record: Make) -> None:
    both = [
        Addition(reader=reader("geonames:SY", [record("1", name)]), location=f"/{name}/SY.txt")
        for name in ("a", "b")
    ]
    with pytest.raises(GazetteerFileError, match="would both be geonames:SY"):
        add_all(tmp_path, both)
    assert not (tmp_path / "gazetteer.gpkg").exists()


def test_the_same_bytes_elsewhere_are_the_same_source(
    tmp_path: Path, few: Any, reader: Any
) -> None:
    given = [
        Addition(reader=reader("table:a.csv", few), location="/a.csv"),
        Addition(reader=reader("table:copy.csv", few), location="/copy.csv"),
    ]
    first, twin = add_all(tmp_path, given)
    assert not first.unchanged and first.known_from == ""
    assert (twin.unchanged, twin.key, twin.known_from) == (True, "table:a.csv", "/a.csv")
    (again,) = add_all(tmp_path, [given[1]])
    assert (again.unchanged, again.key, again.known_from) == (True, "table:a.csv", "/a.csv")
    assert keys(tmp_path) == ["table:a.csv"]


@pytest.fixture
def several(few: Any, reader: Any, record: Make) -> list[Any]:
    """Readers of three sources; some rows of each seem to be rows of the others."""
    return [
        reader("a", few),
        reader("b", [record("b1", "Tanif"), record("b2", "Damascus", lon=36.31, kind="city")]),
        reader("c", [record("c1", "Al-Tanf", same_as=("x:1",)), record("c2", "Łódź", "Lodz")]),
    ]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Paths of the name indexes that are written from now on."""
    written: list[Path] = []

    def noted(connection: Any, path: Path, *rest: Any) -> None:
        written.append(path)
        write_index(connection, path, *rest)

    monkeypatch.setattr(build, "write_index", noted)
    return written


def test_together_they_are_indexed_once_and_come_out_the_same(
    tmp_path: Path, several: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one, together = tmp_path / "one", tmp_path / "all"
    expected = [add(one_by_one, reader) for reader in several]
    written = counted(monkeypatch)
    found = add_all(together, [Addition(reader=reader) for reader in several])
    assert len(written) == 1
    assert list(found) == expected
    assert [one.links for one in found] == [0, 2, 2]
    assert content(together) == content(one_by_one)
    assert {k: v.tolist() for k, v in arrays(together).items()} == {
        k: v.tolist() for k, v in arrays(one_by_one).items()
    }


def test_one_that_breaks_off_leaves_all_out(
    tmp_path: Path, several: list[Any], reader: Any, record: Make
) -> None:
    class Broken(reader):  # type: ignore[misc]
        def rows(self) -> Any:
            yield record("1", "One")
            raise GazetteerFileError("x.zip is cut off; fetch it again")

    add(tmp_path, several[0])
    before = content(tmp_path)
    with pytest.raises(GazetteerFileError, match="cut off"):
        add_all(tmp_path, [Addition(reader=several[1]), Addition(reader=Broken("d", []))])
    assert content(tmp_path) == before
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".gpkg", ".lock", ".names"]


@pytest.mark.parametrize("stop_at", ["reading two", "linking", "indexing names"])
def test_a_broken_off_batch_is_taken_up_again(
    tmp_path: Path, several: list[Any], reader: Any, stop_at: str
) -> None:
    folder, straight = tmp_path / "stopped", tmp_path / "straight"

    def batch() -> list[Addition]:
        return [
            Addition(reader=reader(one.provenance.key, one._rows), shown=shown)
            for one, shown in zip(several, ("one", "two", "three"), strict=True)
        ]

    def stop(stage: str, _done: int, _total: int | None) -> None:
        if stage == stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_all(folder, batch(), progress=stop)
    assert not (folder / "gazetteer.gpkg").exists()
    resumed = batch()
    add_all(folder, resumed)
    assert resumed[0].reader.done == 0, "what was read is not read again"
    add_all(straight, batch())
    assert content(folder) == content(straight)


def test_taken_out(tmp_path: Path, several: list[Any], reader: Any, record: Make) -> None:
    add_all(tmp_path, [Addition(reader=reader) for reader in several])
    only = tmp_path / "only"
    with Database.open(tmp_path) as opened:
        assert remove(tmp_path, ["a"]) == (3,)
        assert len(opened) == 7, "who has it open is not disturbed"
    assert keys(tmp_path) == ["b", "c"]
    with Database.open(tmp_path) as database:
        assert not database.lookup(fold_key="damascus")[1:]
        assert [match.place.source_id for match in database.lookup(fold_key="tanf")] == ["c1"]
        assert {n: p.source_id for n, p in database.places(range(20)).items()} == {
            4: "b1", 5: "b2", 6: "c1", 7: "c2"
        }  # fmt: skip
        assert [len(database.linked(number)) for number in (4, 5, 6, 7)] == [1, 0, 1, 0]
    assert len(list(tmp_path.glob("*.names"))) == 1
    assert remove(tmp_path, ["b", "c"]) == (2, 2)
    with Database.open(tmp_path) as database:
        assert len(database) == 0
        assert not database.lookup(fold_key="tanf")
        assert not database.typos("tanff")
    add(tmp_path, reader("d", [record("d1", "Homs")]))
    with Database.open(tmp_path) as database:
        assert list(database.places(range(20))) == [8], "an id is never given out again"
    with pytest.raises(DatabaseError, match="there is no source 'x'; there are: d"):
        remove(tmp_path, ["x"])
    with pytest.raises(DatabaseError, match="there is no gazetteer"):
        remove(only, ["a"])
    assert not only.exists()


def test_what_is_taken_out_gives_its_room_back(
    tmp_path: Path, reader: Any, record: Make, few: Any
) -> None:
    add(tmp_path, reader("a", few))
    small = (tmp_path / "gazetteer.gpkg").stat().st_size
    add(tmp_path, reader("big", [record(str(n), f"Place {n}", note="x" * 500) for n in range(900)]))
    remove(tmp_path, ["big"])
    assert (tmp_path / "gazetteer.gpkg").stat().st_size < 1.2 * small


def test_described_without_reading(
    tmp_path: Path, few: Any, reader: Any, record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path, reader("a", few))
    rows, index = content(tmp_path), next(tmp_path.glob("*.names"))
    written = counted(monkeypatch)
    describe(tmp_path, "a", {"title": "Survey\n2020", "licence": "CC BY 4.0"})
    again = Addition(reader=reader("a", few), said={"origin": "Team"})
    (added,) = add_all(tmp_path, [again])
    assert (added.unchanged, added.said, again.reader.done) == (True, ("origin",), 0)
    assert written == [] and next(tmp_path.glob("*.names")) == index
    assert content(tmp_path) == rows
    (stored,) = sources_of(tmp_path)
    given = stored.provenance
    assert (given.title, given.licence, given.origin) == ("Survey 2020", "CC BY 4.0", "Team")
    with Database.open(tmp_path) as database:
        place = database.place(1)
        assert place is not None and (place.source, place.origin) == ("Survey 2020", "Team")
    # What a person said stays when newer bytes come.
    add(tmp_path, reader("a", [record("1", "Al-Tanf")]))
    (stored,) = sources_of(tmp_path)
    assert stored.places == 1 and stored.provenance.title == "Survey 2020"
    with pytest.raises(DatabaseError, match="no source 'x'"):
        describe(tmp_path, "x", {"title": "X"})


def keys_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names whose keys are made for an index from now on."""
    made: list[str] = []

    def noted(texts: Any) -> Any:
        made.extend(texts)
        return all_keys_many(texts)

    monkeypatch.setattr(index_names, "all_keys_many", noted)
    return made


def same_as_anew(folder: Path) -> bool:
    """Whether the name index there is what one made of all names is."""
    there = arrays(folder)
    reindex(folder)
    anew = arrays(folder)
    return there.keys() == anew.keys() and all(
        there[name].tobytes() == anew[name].tobytes() for name in anew
    )


def test_keys_are_made_of_new_names_only(
    tmp_path: Path, reader: Any, record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Names of one key whose skeletons differ, of places whose order changes as they come and go.
    base = [
        record(str(n), f"Place {n}", f"Khirbat Place {n}", "مدينة البو كمال", population=n)
        for n in range(300)
    ]
    add(tmp_path, reader("base", base))
    assert same_as_anew(tmp_path)
    made = keys_made(monkeypatch)
    odd = [record("1", "Łódź", population=5), record("2", "Place 7", "???", population=10**6)]
    add(tmp_path, reader("odd", odd))
    assert made == ["Łódź", "Place 7", "???"]
    assert same_as_anew(tmp_path)
    add(tmp_path, reader("plain", [record("1", "Lodz", population=3)]))
    made.clear()
    add(tmp_path, reader("odd", [record("9", "Place 7", population=2)]))
    # Of the key "lodz" another name is now the first.
    assert sorted(made) == ["Lodz", "Place 7", "Place 7"]
    assert same_as_anew(tmp_path)
    made.clear()
    remove(tmp_path, ["plain"])
    assert made == [] and same_as_anew(tmp_path)
    remove(tmp_path, ["base", "odd"])
    assert same_as_anew(tmp_path)
    add(tmp_path, reader("base", base))
    assert same_as_anew(tmp_path)


def test_keys_are_made_anew_where_another_program_changed_a_name(
    tmp_path: Path, few: Any, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("a", few))
    connection = sqlite3.connect(tmp_path / "gazetteer.gpkg")
    connection.execute("UPDATE names SET text = 'Zakf' WHERE id = 1")
    connection.commit()
    connection.close()
    # Describing must not make the index look newer than the change.
    describe(tmp_path, "a", {"title": "A"})
    add(tmp_path, reader("b", [record("b1", "Homs")]))
    with Database.open(tmp_path) as database:
        assert [match.name for match in database.lookup(fold_key="zakf")] == ["Zakf"]


def test_a_gazetteer_of_before_gets_what_is_new(
    tmp_path: Path, few: Any, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("a", few))
    connection = sqlite3.connect(tmp_path / "gazetteer.gpkg")
    connection.execute("ALTER TABLE sources DROP COLUMN location")
    connection.execute("ALTER TABLE sources DROP COLUMN said")
    connection.execute("""UPDATE sources SET bad_first = '[[2, "latitude 4239 is none"]]'""")
    connection.commit()
    connection.close()
    (stored,) = sources_of(tmp_path)
    assert stored.bad_first == (BadRow(line=2, why="latitude 4239 is none", unit="line"),)
    assert add(tmp_path, reader("a", few)).known_from == "made up"
    describe(tmp_path, "a", {"title": "A"})
    add(tmp_path, reader("b", [record("b1", "Homs")]))
    assert [stored.provenance.title for stored in sources_of(tmp_path)] == ["A", "Rows of b"]


def test_keys_can_be_shown_and_typed(tmp_path: Path, reader: Any, record: Make) -> None:
    add(tmp_path, reader("table:e\x1bvil\u202e.csv", [record("1", "One")]))
    add(tmp_path, reader("table:evil.csv", [record("2", "Two")]))
    first, second = keys(tmp_path)
    assert first.isprintable() and first.startswith("table:evil.csv~")
    assert second == "table:evil.csv"


def test_bad_rows_are_counted_in_their_own_unit(tmp_path: Path, reader: Any, record: Make) -> None:
    bad = BadRow(line=3, why="it has no geometry")
    own = BadRow(line=4, why="it is blank", unit="row")
    for key, unit in (("kml:x.kml", "feature"), ("layers:x.gpkg", "row"), ("table:x.csv", "line")):
        rows = [record("1", key), bad, own, record("2", "Two", population=-5)]
        added = add(tmp_path, reader(key, rows))
        assert [(row.unit, row.line) for row in added.bad_first] == [
            (unit, 3), ("row", 4), ("row", 4)
        ]  # fmt: skip
        assert sources_of(tmp_path)[-1].bad_first == added.bad_first
    with pytest.raises(GazetteerFileError, match="the first, feature 3: it has no geometry"):
        add(tmp_path, reader("geojson:y", [bad]))


def test_a_lost_index_of_a_folder_that_cannot_be_written(
    tmp_path: Path, few: Any, reader: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    add(tmp_path, reader("a", few))
    next(tmp_path.glob("*.names")).unlink()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    def refused(path: Path) -> Any:
        if path.parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        return only_builder(path)

    monkeypatch.setattr(build, "only_builder", refused)
    database = open_database(tmp_path)
    assert database is not None
    with database:
        assert [match.place.source_id for match in database.lookup(fold_key="tanf")] == ["1"]
    assert "for this run only" in caplog.text
    assert list(tmp_path.glob("*.names")) == []
    assert list(temporary.iterdir()) == []
