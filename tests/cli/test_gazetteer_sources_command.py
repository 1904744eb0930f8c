"""``osint gazetteer`` on whose places they are: told apart, taken out, described, never leaked."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gazetteer.database.open import FILE
from osint.cli.app import run

ROOT = Path(__file__).parents[2]
ROW = "{}\t{}\t{}\t\t33.5\t38.6\tP\tPPL\tSY\t\t07\t\t\t\t100\t\t1\tAsia/Damascus\t2018-04-02\n"
TABLE = "name,lat,lon,kind\nAl-Tanf,33.50583,38.61778,base\nGimel,33.6,36.2,village\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("OSINT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def dump(path: Path, *names: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    lines = [ROW.format(number, name, name) for number, name in enumerate(names, start=1)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def gazetteer(*arguments: object) -> int:
    return run(["gazetteer", *map(str, arguments)])


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert gazetteer(*arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def sources(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(told(capsys, "info", "--json", *arguments))["sources"]
    return found


def test_two_dumps_of_one_name(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = dump(tmp_path / "a" / "SY.txt", "Alef"), dump(tmp_path / "b" / "SY.txt", "Bet")
    assert gazetteer("add", one, "--no-world") == 0
    assert gazetteer("add", other) == 2
    err = capsys.readouterr().err
    assert str(one) in err and str(other) in err and "--key" in err and err.count("\n") == 1
    assert [source["places"] for source in sources(capsys)] == [1]
    assert gazetteer("add", other, "--key", "geonames:SY-b") == 0
    assert [source["key"] for source in sources(capsys)] == ["geonames:SY", "geonames:SY-b"]
    copy = tmp_path / "copy.txt"
    shutil.copy(one, copy)
    assert f"already loaded, from {one}" in told(capsys, "add", copy).replace("\n    ", "")
    assert "already loaded" in told(capsys, "add", one)
    assert len(sources(capsys)) == 2
    assert "replaced 1 place" in told(
        capsys, "add", dump(tmp_path / "c" / "SY.txt", "Gimel"), "--replace"
    )


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".lpf.json", ".tsv"])
def test_an_export_added_is_whose_it_was(
    ending: str, cache: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gazetteer("add", dump(tmp_path / "a" / "SY.txt", "Alef"), "--no-world") == 0
    assert gazetteer("add", table, "--licence", "CC0", "--origin", "Survey team") == 0
    path, back = tmp_path / f"out{ending}", tmp_path / "back"
    assert gazetteer("export", path) == 0
    assert "places of geonames:SY, exported" in told(
        capsys, "add", path, "--no-world", "--folder", back
    )
    facts = ("title", "origin", "licence", "places")
    was, now = (
        [[source[fact] for fact in facts] for source in sources(capsys, *where)]
        for where in ((), ("--folder", back))
    )
    assert now == was and was[1][1:] == ["Survey team", "CC0", 2]
    assert gazetteer("add", path, "--folder", back, "--title", "X") == 2
    assert "holds 2 sources" in capsys.readouterr().err


def test_taken_out(cache: Path, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gazetteer("add", table, "--no-world", "--key", "mine") == 0
    capsys.readouterr()
    assert gazetteer("remove", "mine") == 2
    assert "--yes" in capsys.readouterr().err
    assert gazetteer("remove", "other", "--yes") == 2
    assert "there is no source 'other'; there are: mine" in capsys.readouterr().err
    assert gazetteer("remove", "other") == 2
    assert "there is no source" in capsys.readouterr().err
    assert told(capsys, "remove", "mine", "--yes") == "removed mine: 2 places\n"
    assert sources(capsys) == []
    assert run(["place", "Gimel", "--no-world"]) == 2


def test_described(cache: Path, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gazetteer("add", table, "--no-world") == 0
    (source,) = sources(capsys)
    index = {path.name for path in (cache / "gazetteer").glob("*.names")}
    assert "licence: CC0" in told(capsys, "describe", source["key"], "--licence", "CC0")
    assert "changed: title" in told(capsys, "add", table, "--title", "Survey 2020")
    (after,) = sources(capsys)
    assert (after["title"], after["licence"], after["origin"]) == (
        "Survey 2020", "CC0", "places.csv"
    )  # fmt: skip
    assert {path.name for path in (cache / "gazetteer").glob("*.names")} == index
    for arguments, why in (
        (["describe", source["key"]], "say what to change"),
        (["describe", source["key"], "--title", " "], "--title is empty"),
        (["describe", "other", "--title", "X"], "there is no source"),
        (["add", str(table), "--key", "two words"], "--key"),
        (["add", str(table), "--licence", "\udc80"], "not in UTF-8"),
    ):
        assert gazetteer(*arguments) == 2
        assert why in capsys.readouterr().err


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a server on loopback that has the table at every path."""
    monkeypatch.delenv("OSINT_OFFLINE", raising=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(TABLE)))
            self.end_headers()
            self.wfile.write(TABLE.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_secret_is_stored_or_said(
    cache: Path, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = ("hunter2", "s3cret", "sign4ture")
    url = f"http://user:{secrets[0]}@{shop}/p.csv?token={secrets[1]}&sig={secrets[2]}&area=SY"
    shown = f"http://{shop}/p.csv?token=...&sig=...&area=SY"
    said = told(capsys, "add", url, "--no-world", "--allow-private")
    said += told(capsys, "add", url, "--allow-private", "--json")
    (source,) = sources(capsys)
    assert source["locator"] == shown and source["retrieved_at"]
    said += told(capsys, "info") + told(capsys, "info", "--json")
    for ending in (".gpkg", ".geojson", ".lpf.json", ".tsv"):
        said += told(capsys, "export", tmp_path / f"out{ending}")
    assert gazetteer("add", f"http://user:{secrets[0]}@{shop}/\udc80?token={secrets[1]}") == 2
    assert gazetteer("add", f"http://user:{secrets[0]}@127.0.0.1:9/x?token={secrets[1]}") == 2
    out, err = capsys.readouterr()
    said += out + err
    assert "..." in said
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in secrets:
        assert secret not in said
        assert secret.encode() not in written
    assert b"token=..." in written


def test_damaged_geometries_are_rows_not_used(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import geopandas
    import shapely

    path = tmp_path / "layer.gpkg"
    points = [shapely.Point(38 + at / 10, 33) for at in range(9)]
    names = [f"Place {at}" for at in range(1, 10)]
    geopandas.GeoDataFrame({"name": names}, geometry=points, crs=4326).to_file(path, layer="p")
    connection = sqlite3.connect(path)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    ((whole,),) = connection.execute("SELECT geom FROM p WHERE fid = 1")
    for fid, damaged in ((2, b"XX" + whole[2:]), (5, whole[:12]), (9, whole[:8] + b"\xff" * 20)):
        connection.execute("UPDATE p SET geom = ? WHERE fid = ?", (damaged, fid))
    connection.commit()
    connection.close()
    capsys.readouterr()
    added = json.loads(told(capsys, "add", path, "--no-world", "--json"))
    assert (added["places"], added["bad_rows"]) == (6, 3)
    assert [(bad["unit"], bad["line"]) for bad in added["bad_first"]] == [
        ("row", 2), ("row", 5), ("row", 9)
    ]  # fmt: skip
    assert "row 2: it has no geometry" in told(capsys, "info", "--bad")


def test_features_are_no_lines(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    point = {"type": "Point", "coordinates": [38.6, 33.5]}
    good = {"type": "Feature", "geometry": point, "properties": {"name": "Tanf"}}
    bad = {"type": "Feature", "geometry": None, "properties": {"name": "Nowhere"}}
    whole, lined = tmp_path / "a.geojson", tmp_path / "b.geojsonl"
    whole.write_text(json.dumps({"type": "FeatureCollection", "features": [good, bad]}, indent=1))
    lined.write_text("\n\n".join(map(json.dumps, (good, bad, good))))
    marks = "<Placemark><name>A</name><Point><coordinates>1,2</coordinates></Point></Placemark>"
    kml = tmp_path / "c.kml"
    kml.write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}<Placemark><name>B</name>'
        "</Placemark></Document></kml>"
    )
    assert "feature 2: " in told(capsys, "add", whole, "--no-world")
    assert "line 3: " in told(capsys, "add", lined)
    assert "feature 2: " in told(capsys, "add", kml, "--key", "marks")


PROGRAM = "from osint.cli.app import run; import sys; run(sys.argv[1:])"
HOSTILE = "Evil\x1b[31mred\u202eeman\x85\u2028two"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_of_80_columns(cache: Path, tmp_path: Path) -> None:
    """Everything folded, nothing raw, and remove asks."""
    import fcntl
    import pty
    import struct
    import termios

    folder = tmp_path / "a folder"
    folder.mkdir()
    long = f"a survey with a rather long name, of many words{HOSTILE.replace(chr(10), '')}.csv"
    (folder / long).write_text(
        f'name,lat,lon,kind\n"{HOSTILE}",33.5,38.6,base\nHoms,34.7,36.7,city\n'
        f'"{HOSTILE}",4239.00416,36.1,village\n',
        encoding="utf-8",
    )
    (folder / "other.csv").write_text("name,lat,lon\nHoms,34.71,36.7\n", encoding="utf-8")
    commands: tuple[tuple[list[str], bytes], ...] = (
        (["add", long, "other.csv", "--no-world"], b""),
        (["add", "other.csv", "--title", HOSTILE, "--key", "x"], b""),
        (["info", "--bad"], b""),
        (["export", "out.tsv"], b""),
        (["describe", "x", "--title", "x"], b""),
        (["remove", "x"], b"n\n"),
    )
    for arguments, answer in commands:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "gazetteer", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
            env={**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        os.close(theirs)
        if answer:
            os.write(ours, answer)
        data = b""
        try:
            while piece := os.read(ours, 65_536):
                data += piece
        except OSError:
            # What Linux says at the end of a terminal.
            pass
        os.close(ours)
        child.wait()
        seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", data.decode())
        lines = [part for line in seen.split("\n") for part in line.split("\r")]
        # Errors are one line, and a path is never broken, so that it can be copied.
        whole = ("osint: ", str(tmp_path))
        assert [line for line in lines if len(line) > 80 and not line.startswith(whole)] == []
        assert not [c for c in seen if not c.isprintable() and c not in "\r\n"], arguments


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")
def test_a_cache_that_cannot_be_written(cache: Path, table: Path) -> None:
    """A real one, by a process that may not write there; root gives up the right to."""
    drop: list[str] = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write anywhere, and setpriv is not there to give that up")
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    assert gazetteer("add", table, "--no-world", "--key", "mine") == 0
    empty = cache.with_name("empty")
    empty.mkdir()
    small = cache.with_name("cities")
    (small / "data").mkdir(parents=True)
    (small / "data" / "cities500.json").write_text(
        '{"1": {"name": "Tanf", "geonameid": 1, "latitude": 1.5, "longitude": 2.5, "population": 9,'
        ' "countrycode": "SY", "admin1code": "07", "alternatenames": []}}'
    )
    code = (
        "import sys, pathlib; from gazetteer import store; from osint.cli.app import run; "
        f"store.files = lambda _: pathlib.Path({str(small)!r}); sys.exit(run(sys.argv[1:]))"
    )

    def osint(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*drop, sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, "OSINT_CACHE_DIR": str(folder), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    locked = [empty, cache, *cache.rglob("*")]
    for path in locked:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        if os.access(empty, os.W_OK) and not drop:
            pytest.skip("this file system takes no heed of permissions")
        for folder in (empty, cache):
            refused = osint(folder, "gazetteer", "add", table, "--title", "X")
            assert (refused.returncode, refused.stdout) == (2, ""), refused.stderr
            assert "cannot be written" in refused.stderr and refused.stderr.count("\n") == 1
        read = osint(cache, "gazetteer", "info", "--json")
        assert read.returncode == 0 and json.loads(read.stdout)["places"] == 2
        found = osint(cache, "place", "Gimel", "--json")
        assert '"Gimel"' in found.stdout.splitlines()[0], found.stderr
        passing = osint(empty, "place", "Tanf", "--json")
        assert json.loads(passing.stdout.splitlines()[0])["name"] == "Tanf"
        assert passing.returncode == 0 and "for this run only" in passing.stderr
        assert list(empty.iterdir()) == []
        without = osint(empty, "place", "Tanf", "--no-world")
        assert without.returncode == 2 and "for this run" not in without.stderr
    finally:
        for path in locked:
            path.chmod(path.stat().st_mode | 0o200)
    assert (cache / "gazetteer" / FILE).is_file()


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("remove", "describe"):
        assert command in told(capsys)
        assert "Options" in told(capsys, command, "--help")
