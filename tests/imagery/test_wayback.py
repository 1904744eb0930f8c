"""Releases of a basemap: which changed a place, and when that was captured."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gazetteer.position import Position
from imagery.errors import ProviderError
from imagery.fetcher import Fetcher
from imagery.grid import Tile
from imagery.http import HttpPolicy, Session
from imagery.providers import Provider
from imagery.tile_source import TileSource
from imagery.wayback import Wayback, read_capture, read_releases
from tests.imagery.tile_server import TileServer, tile_server, write_landscape

CENTRE = Position(lon=38.61784, lat=33.50583)
# Number, published, and whether the tile changed: numbers are not in the order of time.
RELEASES = [
    (5359, "2021-03-17", False),
    (9812, "2020-02-24", True),
    (1049, "2018-01-13", False),
    (29260, "2016-12-16", True),
    (10, "2014-02-20", True),
]
CAPTURED: dict[int, list[str | None]] = {
    9812: ["2019-05-02", "2019-07-09"],
    29260: ["2015-03-04"],
    10: [None, "2010-01-01"],
}


def milliseconds(day: str | None) -> int | None:
    if day is None:
        return None
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


class FakeWayback(TileServer):
    """The three services of a Wayback over one raster."""

    circle = False

    def _what(self, path: str) -> tuple[int, bytes, str]:
        root = f"http://127.0.0.1:{self.http.server_port}/svc"
        if path == "/config.json":
            listed = {
                str(n): {
                    "itemTitle": f"World Imagery (Wayback {day})",
                    "itemURL": f"{root}/WMTS/1.0.0/x/MapServer/tile/{n}/{{level}}/{{row}}/{{col}}",
                    "metadataLayerUrl": f"{root}/meta{n}/MapServer",
                }
                for n, day, _ in RELEASES
            }
            return 200, json.dumps(listed).encode(), "application/json"
        if found := re.search(r"/svc/MapServer/tilemap/(\d+)/", path):
            numbers = [n for n, _, _ in RELEASES]
            at = numbers.index(int(found[1]))
            real = next((n for n, _, changed in RELEASES[at:] if changed), None)
            select = [] if real == numbers[at] else [real]
            answer: dict[str, Any] = {"valid": True, "data": [1 if real else 0], "select": select}
            if self.circle:
                answer["select"] = [numbers[0]] if at else []
            return 200, json.dumps(answer).encode(), "application/json"
        if found := re.search(r"/svc/meta(\d+)/MapServer/(\d+)/query\?", path):
            assert int(found[2]) == 23 - 14
            features = [
                {"attributes": {"SRC_DATE2": milliseconds(day), "NICE_DESC": "Synthetic"}}
                for day in CAPTURED[int(found[1])]
            ]
            return 200, json.dumps({"features": features}).encode(), "application/json"
        if found := re.search(r"/tile/\d+/(\d+)/(\d+)/(\d+)$", path):
            return super()._what(f"/x/{found[1]}/{found[3]}/{found[2]}.png")
        return 404, b"", "text/plain"


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raster") / "landscape.tif"
    return write_landscape(path, lon=CENTRE.lon, lat=CENTRE.lat, epsg=32637)


@pytest.fixture
def server(landscape: Path) -> Iterator[FakeWayback]:
    with tile_server(landscape, kind=FakeWayback) as running:
        assert isinstance(running, FakeWayback)
        yield running


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(HttpPolicy(allow_private=True, retries=0)) as opened:
        yield opened


def wayback(server: FakeWayback, session: Session) -> Wayback:
    provider = Provider(
        id="wayback",
        name="Synthetic Wayback",
        protocol="wayback",
        address=f"http://127.0.0.1:{server.http.server_port}/config.json",
        max_zoom=14,
        dates="acquisition",
        automated=False,
    )
    return Wayback(provider, Fetcher(session))


def test_releases_that_changed_and_their_captures(server: FakeWayback, session: Session) -> None:
    asked = wayback(server, session)
    assert [r.number for r in asked.releases()] == [n for n, _, _ in RELEASES]
    dated = asked.dated(CENTRE, 3_000)
    assert [one.release.number for one in dated] == [9812, 29260, 10]
    assert [one.capture.acquired for one in dated] == [
        (date(2019, 5, 2), date(2019, 7, 9)),
        (date(2015, 3, 4), date(2015, 3, 4)),
        # A part of the ground has no date: then the whole has none.
        None,
    ]
    # One question for each change and none for releases that changed nothing.
    assert sum("tilemap" in path for path in server.asked) == 3
    assert sum("query?" in path for path in server.asked) == 3


def test_a_chip_has_the_date_of_its_capture(server: FakeWayback, session: Session) -> None:
    asked = wayback(server, session)
    for one, acquired in zip(
        asked.dated(CENTRE, 3_000), [(date(2019, 5, 2), date(2019, 7, 9)), None, None], strict=True
    ):
        chip = TileSource(asked.tiles_of(one), session=session).chip(CENTRE, 3_000)
        assert chip is not None
        if one.release.number == 10:
            assert chip.acquired is None
            assert "release of 2014-02-20" in chip.provider
        if acquired:
            assert chip.acquired == acquired
        assert all(f"/tile/{one.release.number}/" in source for source in chip.sources)


def test_a_server_that_leads_in_a_circle(server: FakeWayback, session: Session) -> None:
    server.circle = True
    with pytest.raises(ProviderError, match="which is not before it"):
        list(wayback(server, session).changes(Tile(zoom=14, col=9949, row=6569)))
    assert len(server.asked) < 10


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"5": 3}', b'{"x": {}}', b"[" * 100_000,
     b'{"5": {"itemTitle": "(Wayback 2021-99-17)", "itemURL": "https://x/{level}/{row}/{col}"}}',
     b'{"5": {"itemTitle": "(Wayback 2021-03-17)", "itemURL": "file:///{level}/{row}/{col}"}}',
     b'{"5": {"itemTitle": "(Wayback 2021-03-17)", "itemURL": "https://x/{level}/{row}"}}'],
)  # fmt: skip
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(ProviderError, match="list of Wayback releases"):
        read_releases(body)


@pytest.mark.parametrize("said", [None, "2017", True, 1e30, -1e15, 4e12, float("nan"), [], {}])
def test_days_that_are_none(said: object) -> None:
    assert read_capture({"features": [{"attributes": {"SRC_DATE2": said}}]}).acquired is None


def test_metadata_of_nothing() -> None:
    assert read_capture({"features": []}).acquired is None
    assert read_capture({"features": [3, {}]}).acquired is None


def test_the_published_list(shared_data: Path) -> None:
    releases = read_releases((shared_data / "wayback" / "waybackconfig.json").read_bytes())
    assert len(releases) == 124
    days = [release.published for release in releases]
    assert days == sorted(days, reverse=True)
    assert releases[-1].published == date(2014, 2, 20)
    assert all(release.tilemap and release.metadata for release in releases)
    newest = next(r for r in releases if r.number == 5359)
    assert newest.published == date(2021, 3, 17)
    assert newest.tilemap == (
        "https://waybackdev.maptiles.arcgis.com/arcgis/rest/services/World_Imagery/MapServer/"
        "tilemap/5359"
    )
    assert newest.template.endswith("/tile/5359/{z}/{y}/{x}")
