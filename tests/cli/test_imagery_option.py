"""``osint check --imagery``: local tile servers, and every way in which they can fail."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import imagery.providers
import osint.report
from imagery.archive import Archive
from imagery.providers import Provider, read_providers
from osint.cli.app import run
from tests.imagery.tile_server import (
    TileServer,
    instead,
    status,
    tile_server,
    write_landscape,
)

SCHEMA = json.loads(
    (Path(osint.report.__file__).parent / "report.schema.json").read_text(encoding="utf-8")
)
LON, LAT = 38.61784, 33.50583
CLAIMED = date(2017, 6, 11)


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raster") / "landscape.tif"
    return write_landscape(path, lon=LON, lat=LAT, epsg=32637)


@pytest.fixture
def server(landscape: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TileServer]:
    monkeypatch.delenv("OSINT_OFFLINE")
    with tile_server(landscape) as running:
        yield running


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An article that puts soldiers at a made-up place on a day."""
    monkeypatch.setenv("OSINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "article.txt").write_text(
        "Soldiers arrived at Norvale on June 11.\n", encoding="utf-8"
    )
    (tmp_path / "places.csv").write_text(
        f"name,lat,lon,kind,uncertainty_m\nNorvale,{LAT},{LON},village,50\n", encoding="utf-8"
    )
    return [
        str(tmp_path / "article.txt"),
        "--gazetteer",
        str(tmp_path / "places.csv"),
        "--no-world",
        "--published",
        "2017-06-13",
    ]


def catalogue(folder: Path, *servers: str) -> str:
    path = folder / "servers.toml"
    path.write_text("\n".join(servers), encoding="utf-8")
    return str(path)


def entry(template: str, *, id_: str = "survey", more: str = "") -> str:
    return (
        f'[[provider]]\nid = "{id_}"\nname = "Synthetic {id_}"\ntemplate = "{template}"\n'
        f'max_zoom = 14\nattribution = "Nobody, made for a test"\nautomated = true\n{more}\n'
    )


def checked(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code = run(["check", *arguments, "--json"])
    output = capsys.readouterr()
    assert code in (0, 1), output.err
    report: dict[str, Any] = json.loads(output.out)
    jsonschema.validate(report, SCHEMA)
    return report


def test_tiles_of_ones_own_server(
    server: TileServer, case: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers = catalogue(
        tmp_path,
        entry(
            server.template(layer="daily/{date}"),
            id_="daily",
            more='dates = "daily"\nfirst = 2015-01-01',
        ),
        entry(server.template(layer="undated"), id_="undated"),
        entry(
            server.template("jpg", layer="year"),
            id_="year",
            more='dates = "fixed"\nfirst = 2016-01-01\nlast = 2017-12-31',
        ),
    )
    out = tmp_path / "out"
    report = checked([*case, "--imagery", servers, "--allow-private", "--out", str(out)], capsys)
    assert report["unreached"] == []
    by_date = [(e["provider"], e["acquired"]) for e in report["imagery"]]
    day = timedelta(days=1)
    assert by_date == [
        ("Synthetic daily", {"first": str(CLAIMED - day), "last": str(CLAIMED - day)}),
        ("Synthetic daily", {"first": str(CLAIMED + day), "last": str(CLAIMED + day)}),
        ("Synthetic undated", None),
        ("Synthetic year", {"first": "2016-01-01", "last": "2017-12-31"}),
    ]
    before, after, undated, year = report["imagery"]
    assert "the state a day before the claimed date" in before["supports"]
    assert "whether what it shows stood there" in after["cannot"]
    assert "any date: it does not say when" in undated["cannot"]
    assert "any single date: it is put together" in year["cannot"]
    assert "claimed date itself" not in year["supports"]
    archive = Archive(out / "evidence")
    addresses = {kept.url: kept for kept in archive.fetches()}
    for shown in report["imagery"]:
        assert shown["coverage"] == 1.0
        assert shown["attribution"] == "Nobody, made for a test"
        assert (shown["holes"], shown["place"]) == ([], "Norvale")
        assert shown["tile_count"] == len(shown["tiles"]) > 1
        for tile in shown["tiles"]:
            body = archive.open(tile["sha256"]).read()
            assert hashlib.sha256(body).hexdigest() == tile["sha256"]
            assert addresses[tile["url"]].sha256 == tile["sha256"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Nobody, made for a test" in page
    assert report["imagery"][0]["tiles"][0]["sha256"] in page


def test_holes_are_said(
    server: TileServer, case: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers = catalogue(tmp_path, entry(server.template()))
    arguments = [*case, "--imagery", servers, "--allow-private"]
    tiles = checked(arguments, capsys)["imagery"][0]["tiles"]
    zoom, col, row = (int(n) for n in tiles[0]["url"].removesuffix(".png").split("/")[-3:])
    server.faults[(zoom, col, row)] = instead(b"<html>")
    # What is in the cache is not asked for again, so another address of the same server.
    servers = catalogue(tmp_path, entry(server.template(layer="other")))
    out = tmp_path / "out"
    report = checked([*arguments, "--out", str(out)], capsys)
    [shown] = report["imagery"]
    assert shown["coverage"] < 1
    assert shown["tile_count"] == len(tiles) - 1
    assert shown["holes"] == [f"1 of {len(tiles)} tiles: the tile is no image or a damaged one"]
    [missed] = report["unreached"]
    assert (missed["tiles"], missed["of"]) == (1, len(tiles))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Imagery that could not be reached" in page
    assert "is hatched in the picture" in page


def test_the_cache_is_enough(
    server: TileServer, case: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    servers = catalogue(tmp_path, entry(server.template()))
    arguments = [*case, "--imagery", servers, "--allow-private"]
    first = checked(arguments, capsys)
    server.http.shutdown()
    server.http.server_close()
    second = checked(arguments, capsys)
    assert second["imagery"] == first["imagery"]
    assert second["unreached"] == []


def test_a_private_server_needs_the_flag(
    server: TileServer, case: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = checked([*case, "--imagery", catalogue(tmp_path, entry(server.template()))], capsys)
    assert report["imagery"] == []
    [missed] = report["unreached"]
    assert "is a loopback address; --allow-private permits that" in missed["reason"]
    assert server.asked == []


@pytest.mark.parametrize("choice", ["none", "raster"])
def test_nobody_is_asked(
    server: TileServer,
    landscape: Path,
    case: list[str],
    choice: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(imagery.providers, "shipped_providers", lambda: (shipped(server),))
    wanted = str(landscape) if choice == "raster" else choice
    report = checked([*case, "--imagery", wanted, "--allow-private"], capsys)
    assert server.asked == []
    assert report["unreached"] == []
    assert [e["provider"] for e in report["imagery"]] == (
        ["local file landscape.tif"] if choice == "raster" else []
    )


def shipped(server: TileServer, **more: Any) -> Provider:
    return Provider.model_validate(
        {
            "id": "shipped",
            "name": "Shipped server",
            "template": server.template(),
            "max_zoom": 14,
            "automated": True,
            **more,
        }
    )


@pytest.mark.parametrize("choice", [[], ["--imagery", "auto"], ["--imagery", "live"]])
def test_servers_that_allow_it_are_asked_by_default(
    server: TileServer,
    case: list[str],
    choice: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    forbidding = shipped(
        server, id="forbidding", name="Forbidding", template=server.template(layer="forbidding")
    ).model_copy(update={"automated": False})
    monkeypatch.setattr(
        imagery.providers, "shipped_providers", lambda: (forbidding, shipped(server))
    )
    report = checked([*case, *choice, "--allow-private"], capsys)
    assert [e["provider"] for e in report["imagery"]] == ["Shipped server"]
    assert not [path for path in server.asked if "forbidding" in path]
    # The first thing asked for is the whole world, which tells nothing of the place.
    assert server.asked[0] == "/layer/0/0/0.png"


@pytest.mark.parametrize("choice", ["auto", "live"])
def test_what_cannot_be_reached_never_fails_the_check(
    server: TileServer,
    case: list[str],
    choice: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{free.getsockname()[1]}/{{z}}/{{x}}/{{y}}.png"
    server.every = status(500)
    monkeypatch.setattr(
        imagery.providers,
        "shipped_providers",
        lambda: (shipped(server), shipped(server, id="dead", name="Dead server", template=dead)),
    )
    report = checked([*case, "--imagery", choice, "--allow-private"], capsys)
    assert report["imagery"] == []
    reasons = {u["provider"]: u["reason"] for u in report["unreached"]}
    assert reasons["Shipped server"] == "the server answered 500"
    assert "connection failed" in reasons["Dead server"]
    assert all(u["tiles"] == u["of"] for u in report["unreached"])


def test_offline_by_wish(
    server: TileServer,
    case: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OSINT_OFFLINE", "1")
    monkeypatch.setattr(imagery.providers, "shipped_providers", lambda: (shipped(server),))
    report = checked([*case, "--allow-private"], capsys)
    assert server.asked == []
    assert report["unreached"][0]["reason"] == "not asked, since OSINT_OFFLINE is set"


def test_a_slow_server_is_left_alone_in_time(
    server: TileServer,
    case: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """``auto`` gives up after its budget; the check goes on."""
    import osint.look.tiles

    monkeypatch.setattr(osint.look.tiles, "_AUTO_S", 0.3)
    monkeypatch.setattr(imagery.providers, "shipped_providers", lambda: (shipped(server),))
    server.wait_s = 30.0
    report = checked([*case, "--allow-private"], capsys)
    assert report["imagery"] == []
    assert report["unreached"][0]["tiles"] == report["unreached"][0]["of"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("servers.toml", "[[provider]]\nid = 3\n", "provider 1"),
        ("servers.toml", "", "provider"),
        ("servers.TOML", "not toml", "is not TOML"),
        (None, None, "no such file; give a raster, a catalogue (.toml), auto, live or none"),
    ],
)
def test_unusable_arguments(
    case: list[str],
    tmp_path: Path,
    name: str | None,
    content: str | None,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / (name or "not-there.toml")
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert run(["check", *case, "--imagery", str(path)]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert says in error
    assert "Traceback" not in error


def test_the_documented_catalogue_can_be_used(tmp_path: Path) -> None:
    """What the module's documentation shows is a catalogue."""
    text = imagery.providers.__doc__ or ""
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    path = tmp_path / "servers.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    provider, described = read_providers(path)
    assert described.protocol == "wmts"
    assert provider.acquired(None) == (date(2017, 8, 27), date(2017, 8, 27))
