"""``osint chip`` and ``osint providers`` against servers on loopback."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rasterio
from PIL import Image

from imagery.archive import Archive
from osint.cli.app import run
from tests.imagery.tile_server import TileServer, instead, status, tile_server, write_landscape

LON, LAT = 38.61784, 33.50583
POINT = f"{LAT}, {LON}"


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raster") / "landscape.tif"
    return write_landscape(path, lon=LON, lat=LAT, epsg=32637)


@pytest.fixture
def server(
    landscape: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[TileServer]:
    monkeypatch.delenv("OSINT_OFFLINE", raising=False)
    monkeypatch.setenv("OSINT_CACHE_DIR", str(tmp_path / "cache"))
    with tile_server(landscape) as running:
        yield running


def catalogue(server: TileServer, folder: Path) -> list[str]:
    template = server.template(layer="daily/{date}")
    path = folder / "servers.toml"
    path.write_text(
        f'[[provider]]\nid = "daily"\nname = "Synthetic daily"\ntemplate = "{template}"\n'
        'max_zoom = 14\ndates = "daily"\nfirst = 2015-01-01\nautomated = true\n'
        'attribution = "Nobody, made for a test"\nlicence = "none"\n'
        f'[[provider]]\nid = "undated"\nname = "Synthetic undated"\nmax_zoom = 14\n'
        f'template = "{server.template()}"\nautomated = false\n',
        encoding="utf-8",
    )
    return ["--catalogue", str(path), "--allow-private"]


def chips(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[list[dict[str, Any]], str]:
    code = run(["chip", POINT, "--date", "2017-06-11", "--size", "3", *arguments, "--json"])
    output = capsys.readouterr()
    assert code == 0, output.err
    return [json.loads(line) for line in output.out.splitlines()], output.err


def test_before_after_and_undated(
    server: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    found, said = chips(capsys, *catalogue(server, tmp_path), "--out", str(out))
    assert [(f["provider"], f["role"]) for f in found] == [
        ("daily", "before"),
        ("daily", "after"),
        ("undated", "undated"),
    ]
    assert [f["acquired"] and f["acquired"]["first"] for f in found] == [
        "2017-06-10",
        "2017-06-12",
        None,
    ]
    assert "Synthetic daily, 2017-06-10: " in said
    assert "tiles to fetch (at most 400)" in " ".join(said.split())
    archive = Archive(out / "evidence")
    for fact in found:
        assert (fact["coverage"], fact["holes"]) == (1.0, [])
        with rasterio.open(fact["file"]) as file:
            assert file.shape == (fact["rows"], fact["cols"])
            sources = json.loads(file.tags()["SOURCES"])
            assert ("ACQUISITION_DATE" in file.tags()) == (fact["role"] != "undated")
        assert {s["sha256"] for s in sources} == {s["sha256"] for s in fact["sources"]}
        for source in sources:
            body = archive.open(source["sha256"]).read()
            assert hashlib.sha256(body).hexdigest() == source["sha256"]


def test_offline_from_what_was_fetched(
    server: TileServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = catalogue(server, tmp_path)
    first, _ = chips(capsys, *options)
    asked = len(server.asked)
    monkeypatch.setenv("OSINT_OFFLINE", "1")
    second, said = chips(capsys, *options)
    assert second == first
    assert len(server.asked) == asked
    assert "to fetch" not in said


def test_one_file(server: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "picture.tif"
    found, _ = chips(capsys, "--provider", server.template(), "--allow-private", "--out", str(path))
    assert [f["file"] for f in found] == [str(path)]
    assert found[0]["role"] == "undated"
    with rasterio.open(path) as file:
        assert file.crs.to_epsg() == 3857


def test_the_table(server: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = catalogue(server, tmp_path)
    assert run(["chip", POINT, "--date", "2017-06", "--size", "3", *options]) == 0
    shown = capsys.readouterr().out
    assert "before" in shown
    assert "2017-05-31" in shown
    assert "2017-07-01" in shown
    assert "not known" in shown
    assert "imagery: Nobody, made for a test" in shown


def test_holes_are_said(
    server: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, _ = chips(capsys, "--provider", server.template(), "--allow-private")
    zoom, col, row = whole[0]["sources"][0]["url"].removesuffix(".png").split("/")[-3:]
    server.faults[int(zoom), int(col), int(row)] = instead(b"<html>Sorry", "text/html")
    template = server.template(layer="other")
    found, _ = chips(capsys, "--provider", template, "--allow-private")
    assert found[0]["coverage"] < 1
    assert found[0]["holes"] == [
        f"1 of {found[0]['tiles']} tiles: the tile is no image or a damaged one"
    ]
    server.every = status(403)
    template = server.template(layer="third")
    arguments = ["--provider", template, "--allow-private"]
    assert run(["chip", POINT, "--date", "2017-06-11", "--size", "3", *arguments]) == 2
    errors = " ".join(capsys.readouterr().err.split())
    assert "tiles: the server answered 403" in errors
    assert "no imagery was found" in errors


def test_terms_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chip", POINT, "--date", "2017-06-11", "--provider", "esri-wayback"]) == 2
    said = capsys.readouterr().err
    assert "no scraping or storing" in said
    assert "https://www.esri.com/" in said
    assert "--accept-terms" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--date", "soon"], "is no date"),
        (["--date", "2017-06-11", "--size", "0"], "--size 0"),
        (["--date", "2017-06-11", "--px", "9999"], "--px 9999"),
        (["--date", "2017-06-11", "--provider", "nobody-at-all"], "no provider is called"),
        (["--date", "2017-06-11", "--catalogue", "not-there.toml"], "cannot be read"),
        ([], "--date"),
    ],
)
def test_bad_input(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chip", POINT, *arguments]) == 2
    assert says in capsys.readouterr().err


def test_too_many_tiles_are_refused_before_the_first(
    server: TileServer, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--provider", server.template(), "--allow-private", "--px", "8192"]
    assert run(["chip", POINT, "--date", "2017-06-11", "--size", "60", *arguments]) == 2
    assert "and 400 are allowed" in " ".join(capsys.readouterr().err.split())
    assert server.asked == []


def test_providers_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["providers", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_id = {one["id"]: one for one in listed}
    assert by_id["esri-wayback"]["automated"] is False
    assert by_id["gibs-modis-terra"]["dates"] == "daily"
    assert all(one["licence"] and one["attribution"] and one["terms"] for one in listed)
    assert run(["providers"]) == 0
    shown = capsys.readouterr().out
    assert all(one["id"] in shown for one in listed)


def test_providers_are_asked(
    server: TileServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("imagery.providers.shipped_providers", lambda: ())
    server.faults[0, 0, 0] = instead(b"<html>Please log in</html>", "text/html")
    options = [*catalogue(server, tmp_path), "--test", "--json"]
    assert run(["providers", *options]) == 0
    answers = [json.loads(line)["test"] for line in capsys.readouterr().out.splitlines()]
    assert [a["works"] for a in answers] == [False, False]
    assert answers[0]["says"] == "answers, but the tile is no image or a damaged one"
    assert len(server.asked) == 2
    picture = io.BytesIO()
    Image.linear_gradient("L").save(picture, "PNG")
    server.faults[0, 0, 0] = instead(picture.getvalue())
    assert run(["providers", *options]) == 0
    answers = [json.loads(line)["test"] for line in capsys.readouterr().out.splitlines()]
    assert all(a["works"] for a in answers), answers
    # A server of one region has no tile of the world: it is there all the same.
    server.faults[0, 0, 0] = status(404)
    assert run(["providers", *options]) == 0
    answers = [json.loads(line)["test"] for line in capsys.readouterr().out.splitlines()]
    assert [(a["works"], a["says"]) for a in answers] == [
        (None, "answers, and has no tile of the whole world")
    ] * 2
    monkeypatch.setenv("OSINT_OFFLINE", "1")
    assert run(["providers", *options]) == 0
    assert "OSINT_OFFLINE" in capsys.readouterr().out
    assert len(server.asked) == 6


def test_terms_hold_for_testing_too(
    server: TileServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from imagery.providers import Provider

    forbidding = Provider(
        id="no", name="No", template=server.template(), max_zoom=3, automated=False
    )
    monkeypatch.setattr("imagery.providers.shipped_providers", lambda: (forbidding,))
    assert run(["providers", "--test", "--json", "--allow-private"]) == 0
    assert json.loads(capsys.readouterr().out)["test"]["works"] is None
    assert server.asked == []
    assert run(["providers", "--test", "--json", "--allow-private", "--accept-terms"]) == 0
    assert len(server.asked) == 1
