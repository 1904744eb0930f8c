"""Adding sources: all or nothing, and whatever happens, the gazetteer that was there answers."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gazetteer.database import Database, add, reindex
from gazetteer.errors import DatabaseError, GazetteerFileError
from gazetteer.record import BadRow, Record

Make = Callable[..., Record]
ROOT = Path(__file__).parents[3]

# A builder of its own process: kills itself, or waits, where it is told to.
BUILDER = """
import os, resource, signal, sys, time
from pathlib import Path
import gazetteer.database.build as build
import gazetteer.database.filling as filling
from gazetteer.record import BadRow, Name, Provenance, Record

folder, stop_at, number, what, rows = sys.argv[1:6]
filling.COMMIT_ROWS = 100

class Reader:
    provenance = Provenance(
        key="big", title="Big", origin="big", licence="", locator="made up", sha256="s" + rows
    )
    size = int(rows)
    done = 0
    def rows(self):
        for at in range(self.size):
            self.done += 1
            if at % 50 == 7:
                yield BadRow(line=at, why="bad")
            names = Name(text=f"Place {at}"), Name(text=f"Ort {at}")
            yield Record(source_id=str(at), names=names,
                         lon=at % 360 - 180.0, lat=at % 180 - 90.0, kind="village", population=at)

told = 0
def tell(stage, done, total):
    global told
    if stage == stop_at:
        told += 1
        if told == int(number):
            if what == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            print("there", flush=True)
            time.sleep(60)

if what == "full":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(number) * 1024,) * 2)
if what == "switch":
    real = build.Path.replace
    def replace(path, target):
        if Path(target).name == "gazetteer.gpkg":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(path, target)
    build.Path.replace = replace
try:
    added = build.add(Path(folder), Reader(), progress=tell)
    print(added.places, added.names, added.bad_rows, len(added.bad_first))
except ValueError as error:
    print(type(error).__name__, error)
"""


def _build(
    folder: Path, stop_at: str = "", number: int = 0, what: str = "", rows: int = 1_000
) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILDER, str(folder), stop_at, str(number), what, str(rows)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _finish(child: subprocess.Popen[str]) -> str:
    out, _ = child.communicate(timeout=60)
    return out.strip()


def _answers(folder: Path) -> list[Any]:
    """Everything that can be asked of a small gazetteer."""
    with Database.open(folder) as database:
        places = database.places(range(1, 5_000))
        named = [database.lookup(fold_key=key) for key in ("tanf", "damascus", "place 33")]
        return [len(database), places, named, database.typos("tanff"), database.sources()]


def _content(folder: Path) -> list[Any]:
    connection = sqlite3.connect(folder / "gazetteer.gpkg")
    rows = [
        connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
        for table in ("places", "names", "areas", "links", "same_as")
    ]
    rows.append(connection.execute("SELECT * FROM rtree_places_geom ORDER BY id").fetchall())
    connection.close()
    return rows


def test_the_same_bytes_again_change_nothing(tmp_path: Path, few: Any, reader: Any) -> None:
    first = add(tmp_path, reader("a", few))
    assert (first.places, first.names, first.bad_rows, first.unchanged) == (3, 6, 1, False)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = reader("a", few)
    second = add(tmp_path, again)
    assert second.unchanged and again.done == 0
    assert (second.places, second.names, second.bad_first) == (3, 6, first.bad_first)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {**before, "gazetteer.lock": b""} == {**after, "gazetteer.lock": b""}


def test_other_bytes_replace_the_rows_and_other_ids_stay(
    tmp_path: Path, few: Any, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("a", few))
    add(tmp_path, reader("b", [record("b1", "Palmyra"), record("b2", "Tadmur")]))
    replaced = add(tmp_path, reader("a", [record("1", "Al-Tanf"), record("9", "Homs")]))
    assert (replaced.replaced, replaced.places) == (3, 2)
    with Database.open(tmp_path) as database:
        ids = {number: place.source_id for number, place in database.places(range(20)).items()}
        assert ids == {4: "b1", 5: "b2", 6: "1", 7: "9"}
        assert not database.lookup(fold_key="damascus")
        assert len(database) == 4
    add(tmp_path, reader("a", []))
    add(tmp_path, reader("c", [record("c1", "Raqqa")]))
    with Database.open(tmp_path) as database:
        ids = {number: place.source_id for number, place in database.places(range(20)).items()}
        assert ids == {4: "b1", 5: "b2", 8: "c1"}, "an id that was given out is never given again"
    assert len(list(tmp_path.glob("*.names"))) == 1


def test_a_source_without_a_usable_row_replaces_nothing(
    tmp_path: Path, few: Any, reader: Any
) -> None:
    add(tmp_path, reader("a", few))
    before = _content(tmp_path)
    broken = [BadRow(line=2, why="latitude 4239.00416 is out of range")]
    for _ in range(2):
        with pytest.raises(GazetteerFileError, match=r"no row that can be used \(1 bad"):
            add(tmp_path, reader("a", broken))
    assert _content(tmp_path) == before
    add(tmp_path, reader("b", few))


def test_without_a_fingerprint_the_rows_are_read_again(
    tmp_path: Path, few: Any, reader: Any
) -> None:
    add(tmp_path, reader("a", few, sha256=""))
    again = add(tmp_path, reader("a", few, sha256=""))
    assert not again.unchanged and again.replaced == 3


def test_an_opened_gazetteer_answers_as_before_while_another_is_built(
    tmp_path: Path, few: Any, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("a", few))
    with Database.open(tmp_path) as opened:
        add(tmp_path, reader("b", [record("b1", "Tanf")]))
        assert len(opened.lookup(fold_key="tanf")) == 1
        with Database.open(tmp_path) as fresh:
            assert len(fresh.lookup(fold_key="tanf")) == 2


POINTS = (
    ("reading", 1, "kill"),
    ("reading", 7, "kill"),
    ("linking", 1, "kill"),
    ("indexing positions", 1, "kill"),
    ("indexing names", 1, "kill"),
    ("indexing spellings", 1, "kill"),
    ("", 0, "switch"),
)


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize(("stop_at", "number", "what"), POINTS)
def test_a_killed_build_leaves_the_old_gazetteer_and_is_taken_up_again(
    tmp_path: Path, few: Any, reader: Any, stop_at: str, number: int, what: str
) -> None:
    folder, straight = tmp_path / "killed", tmp_path / "straight"
    for each in (folder, straight):
        add(each, reader("a", few))
    before = _answers(folder)
    child = _build(folder, stop_at, number, what)
    _finish(child)
    assert child.returncode == -signal.SIGKILL
    assert _answers(folder) == before
    assert _finish(_build(folder)) == _finish(_build(straight)) == "1000 2000 20 20"
    assert _content(folder) == _content(straight)
    assert sorted(path.suffix for path in folder.iterdir()) == [".gpkg", ".lock", ".names"]


def test_what_was_read_before_the_kill_is_not_written_again(tmp_path: Path) -> None:
    _finish(_build(tmp_path, "reading", 7, "kill"))
    connection = sqlite3.connect(tmp_path / "gazetteer.building.gpkg")
    (state,) = connection.execute("SELECT value FROM about WHERE key = 'last_add'").fetchone()
    assert json.loads(state)["sources"][0]["rows"] == 600
    connection.execute("UPDATE places SET note = 'from before' WHERE id <= 500")
    connection.commit()
    connection.close()
    _finish(_build(tmp_path))
    with Database.open(tmp_path) as database:
        places = database.places([1, 500, 700])
    assert [places[at].note for at in (1, 500, 700)] == ["from before", "from before", ""]


def test_other_bytes_start_anew_after_a_kill(tmp_path: Path) -> None:
    _finish(_build(tmp_path, "reading", 7, "kill"))
    assert _finish(_build(tmp_path, rows=300)) == "300 600 6 6"
    with Database.open(tmp_path) as database:
        assert len(database) == 300


def test_one_build_at_a_time(tmp_path: Path, few: Any, reader: Any) -> None:
    child = _build(tmp_path, "reading", 2, "wait")
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "there\n"
        with pytest.raises(DatabaseError, match=rf"another build .*\(pid {child.pid}\)"):
            add(tmp_path, reader("a", few))
    finally:
        child.kill()
        child.communicate()
    # What the dead one held does not count any more.
    assert add(tmp_path, reader("a", few)).places == 3


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
@pytest.mark.parametrize("kib", [64, 200, 330])
def test_a_full_disk_is_told_and_the_old_gazetteer_stays(
    tmp_path: Path, few: Any, reader: Any, kib: int
) -> None:
    add(tmp_path, reader("a", few))
    before = _answers(tmp_path)
    said = _finish(_build(tmp_path, "", kib, "full", rows=3_000))
    assert said.startswith("DatabaseError") and "\n" not in said, said
    assert _answers(tmp_path) == before
    assert _finish(_build(tmp_path)) == "1000 2000 20 20"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, few: Any, reader: Any) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match="cannot be written"):
        add(tmp_path / "file" / "folder", reader("a", few))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder_is_told_and_can_be_read(tmp_path: Path, few: Any, reader: Any) -> None:
    add(tmp_path, reader("a", few))
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(DatabaseError, match="cannot be written"):
            add(tmp_path, reader("b", few))
        assert len(_answers(tmp_path)[1]) == 3
    finally:
        tmp_path.chmod(0o755)


def test_a_newer_layout_is_left_alone(tmp_path: Path, few: Any, reader: Any) -> None:
    add(tmp_path, reader("a", few))
    path = tmp_path / "gazetteer.gpkg"
    connection = sqlite3.connect(path)
    connection.execute("UPDATE about SET value = '99' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    for attempt in (lambda: Database.open(tmp_path), lambda: add(tmp_path, reader("b", few))):
        with pytest.raises(DatabaseError, match=r"newer version \(layout 99"):
            attempt()
    assert path.read_bytes() == before


def test_a_gazetteer_open_for_editing_elsewhere_is_not_replaced(
    tmp_path: Path, few: Any, reader: Any
) -> None:
    add(tmp_path, reader("a", few))
    editor = sqlite3.connect(tmp_path / "gazetteer.gpkg")
    editor.execute("PRAGMA journal_mode = WAL")
    editor.execute("UPDATE names SET text = 'edited' WHERE id = 2")
    editor.commit()
    with pytest.raises(DatabaseError, match="open in another program"):
        add(tmp_path, reader("b", few))
    with Database.open(tmp_path) as database:
        place = database.place(1)
        assert place is not None and place.names == ("Al-Tanf", "edited")
    editor.close()


def test_a_source_that_breaks_off_changes_nothing(
    tmp_path: Path, few: Any, reader: Any, record: Make
) -> None:
    add(tmp_path, reader("a", few))
    before = _answers(tmp_path)

    class Broken(reader):  # type: ignore[misc]
        def rows(self) -> Any:
            yield record("1", "One")
            yield BadRow(line=2, why="bad")
            raise GazetteerFileError("x.zip is cut off; fetch it again")

    with pytest.raises(GazetteerFileError, match="cut off"):
        add(tmp_path, Broken("b", few, sha256="other bytes"))
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".gpkg", ".lock", ".names"]
    assert _answers(tmp_path) == before
    assert add(tmp_path, reader("c", few, sha256="of others")).places == 3


@pytest.mark.parametrize("harm", ["lost", "cut", "other keys"])
def test_an_index_that_cannot_be_used_is_made_anew(
    tmp_path: Path,
    few: Any,
    reader: Any,
    record: Make,
    harm: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(tmp_path, reader("a", few))
    before = _answers(tmp_path)
    (index,) = tmp_path.glob("*.names")
    if harm == "lost":
        index.unlink()
    elif harm == "cut":
        index.write_bytes(index.read_bytes()[:-9])
    else:
        monkeypatch.setattr("gazetteer.database.name_index.keys_version", lambda: "another")
    with pytest.raises(DatabaseError, match="name index"):
        Database.open(tmp_path)
    monkeypatch.undo()
    reindex(tmp_path)
    assert _answers(tmp_path) == before
    # Links too do without it.
    index.unlink()
    assert add(tmp_path, reader("b", [record("b1", "Tanif")])).links == 1


def test_only_the_first_bad_rows_are_kept(tmp_path: Path, reader: Any, record: Make) -> None:
    rows = [*(BadRow(line=at, why="x" * 1000) for at in range(50)), record("1", "One")]
    added = add(tmp_path, reader("a", rows))
    assert added.bad_rows == 50
    assert [bad.line for bad in added.bad_first] == list(range(20))
    assert max(len(bad.why) for bad in added.bad_first) == 300
