"""Scenes from a catalogue: found, weighed, read onto one grid, with dates and holes."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazetteer.position import Position
from imagery.archive import Archive
from imagery.chip import ChipSource
from imagery.errors import HttpError, ProviderError, RasterError
from imagery.fetcher import Fetcher
from imagery.http import HttpPolicy, Session
from imagery.landsat import LANDSAT
from imagery.naip import NAIP
from imagery.scene_reader import SceneReader
from imagery.scenes import SceneSource, best_scenes, find_scenes, public_catalogues
from imagery.sentinel2 import SENTINEL2
from imagery.stac import StacCatalogue
from imagery.stac_item import Scene, read_item
from imagery.tile_cache import TileCache
from tests.imagery.stac_server import (
    BANDS,
    SIDE,
    Item,
    StacServer,
    answering,
    centre,
    dripping,
    ground,
    sentinel_scene,
    stac_server,
    write_cog,
)

ALL = (slice(0, SIDE), slice(0, SIDE))
YEAR = (date(2023, 1, 1), date(2023, 12, 31))
JUNE_11 = (date(2023, 6, 11), date(2023, 6, 11))
Open = Callable[..., Fetcher]


@pytest.fixture(scope="module")
def here() -> Position:
    lon, lat = centre()
    return Position(lon=lon, lat=lat)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Item]]:
    """Scenes of six days of 2023."""
    folder = tmp_path_factory.mktemp("scenes")
    middle = (slice(100, 220), slice(100, 220))
    items = [
        # The catalogue calls it cloudy; over the middle it is clear.
        sentinel_scene(folder, "2023-06-08", cloud=(slice(0, 60), slice(0, SIDE)), said_cloud=30),
        # The catalogue calls it clear; its only cloud hides the middle.
        sentinel_scene(folder, "2023-06-10", cloud=middle, said_cloud=3),
        sentinel_scene(folder, "2023-05-01"),
        sentinel_scene(folder, "2023-06-11"),
        sentinel_scene(folder, "2023-06-16", cloud=ALL, said_cloud=20),
        sentinel_scene(folder, "2023-07-03"),
    ]
    return folder, items


@pytest.fixture
def server(files: tuple[Path, list[Item]]) -> Iterator[StacServer]:
    folder, items = files
    with stac_server(items, folder) as running:
        yield running


@pytest.fixture
def fetching() -> Iterator[Open]:
    """Opens fetchers whose session may talk to this machine."""
    sessions: list[Session] = []

    def build(policy: dict[str, Any] | None = None, **more: Any) -> Fetcher:
        allowed = {"allow_private": True, "retries": 0, **(policy or {})}
        sessions.append(Session(HttpPolicy(**allowed), sleep=lambda _: None))
        return Fetcher(sessions[-1], **more)

    yield build
    for session in sessions:
        session.close()


def source(server: StacServer, fetcher: Fetcher, **more: Any) -> SceneSource:
    catalogue = StacCatalogue(server.url(), fetcher=fetcher, name="loopback")
    return SceneSource(SENTINEL2, [catalogue], fetcher=fetcher, **more)


def test_the_best_before_and_after(server: StacServer, fetching: Open, here: Position) -> None:
    best = source(server, fetching()).before_after(here, 1000, JUNE_11)
    assert [chip.acquired for chip in best.before] == [(date(2023, 6, 8), date(2023, 6, 8))]
    assert [chip.acquired for chip in best.after] == [(date(2023, 7, 3), date(2023, 7, 3))]
    why = {over.scene.id: over.why for over in best.passed_over}
    # Two days away and three percent cloudy, all of it over the place.
    assert why["S2A_20230610"] == "it shows 0% of the chip clearly, 100% of its data is cloud"
    assert "clearly" in why["S2A_20230616"]
    # Of the claimed day itself: neither before nor after.
    assert "S2A_20230611" not in why
    assert best.problems == ()


def test_a_chip_holds_what_the_files_say(
    server: StacServer, fetching: Open, here: Position, files: tuple[Path, list[Item]]
) -> None:
    chip = source(server, fetching()).chip(here, 1000, (date(2023, 7, 1), date(2023, 7, 9)))
    assert chip is not None
    assert chip.bands == BANDS == SENTINEL2.default_bands
    assert chip.pixels.dtype == np.float32
    assert chip.pixels.shape == (4, 100, 100)
    assert chip.gsd_m == 10.0
    assert chip.crs == "EPSG:32637"
    # On the file's own grid: exactly the numbers of the file, without the 1,000 of baseline 05.09.
    truth = ground(sum(map(ord, "2023-07-03")))[:, 110:210, 110:210]
    assert chip.pixels == pytest.approx(truth, abs=6e-5)
    assert chip.transform == (10.0, 0.0, 641_100.0, 0.0, -10.0, 3_710_900.0)
    assert chip.coverage == 1.0
    (facts,) = chip.scenes
    assert (facts.id, facts.collection) == ("S2A_20230703", "sentinel-2-c1-l2a")
    assert facts.acquired_at == datetime(2023, 7, 3, 8, 10, 11, tzinfo=UTC)
    assert (facts.platform, facts.baseline) == ("sentinel-2a", "05.09")
    assert (facts.sun_elevation_deg, facts.cloud_share, facts.shadow_share) == (55.0, 0.0, 0.0)
    assert [href.rsplit("/", 1)[-1] for href in facts.hrefs] == [
        *(f"{band}.tif" for band in BANDS),
        "scl.tif",
    ]
    assert chip.sources == facts.hrefs


def test_clouds_are_holes(server: StacServer, fetching: Open, here: Position) -> None:
    # The cloud reaches to row 60 of the scene; a chip of 3 km begins at row 10.
    chip = source(server, fetching()).chip(here, 3000, (date(2023, 6, 8), date(2023, 6, 8)))
    assert chip is not None
    assert chip.shape == (300, 300)
    assert not chip.mask[:50].any()
    assert chip.mask[50:].all()
    assert chip.coverage == pytest.approx(250 / 300)
    assert chip.scenes[0].cloud_share == pytest.approx(50 / 300)


def test_beyond_the_scene_is_no_data(server: StacServer, fetching: Open, here: Position) -> None:
    chip = source(server, fetching()).chip(here, 4000, (date(2023, 7, 3), date(2023, 7, 3)))
    assert chip is not None
    assert chip.shape == (400, 400)
    assert chip.coverage == pytest.approx((SIDE / 400) ** 2)
    assert not chip.mask[:39].any()
    # Of the pixels that it has, none is cloud.
    assert chip.scenes[0].cloud_share == 0.0


def test_what_is_not_there_is_none(server: StacServer, fetching: Open, here: Position) -> None:
    scenes = source(server, fetching())
    protocol: ChipSource = scenes
    assert protocol.chip(here, 1000, (date(2016, 1, 1), date(2016, 1, 9))) is None
    assert protocol.chip(Position(lon=10, lat=0), 1000, YEAR) is None
    assert not scenes.problems
    # Only under cloud.
    assert scenes.chip(here, 1000, (date(2023, 6, 16), date(2023, 6, 16))) is None
    assert scenes.problems == (
        "S2A_20230616: it shows 0% of the chip clearly, 100% of its data is cloud",
    )


def test_before_and_after_lie_on_one_grid(tmp_path: Path, fetching: Open, here: Position) -> None:
    """Scenes on shifted grids, or of another zone, are read onto that of the first."""
    before = sentinel_scene(tmp_path, "2023-06-08", seed=1)
    after = sentinel_scene(tmp_path, "2023-06-13", seed=1)
    truth = (ground(1) * 10_000 + 1000).round().astype(np.uint16)
    for band, layer in zip(BANDS, truth, strict=True):
        # The same ground, cut off by one pixel and laid 2.5 m further: a quarter of a pixel.
        write_cog(tmp_path / "S2A_20230613" / f"{band}.tif", layer[None], west=640_002.5)
    with stac_server([before, after], tmp_path) as server:
        best = source(server, fetching()).before_after(here, 1000, JUNE_11)
    one, two = best.before[0], best.after[0]
    assert (one.crs, one.transform, one.shape) == (two.crs, two.transform, two.shape)
    # Between pixels c - 1 and c a quarter of the way: bilinear interpolation by hand.
    exact = one.pixels[0]
    expected = 0.75 * exact[:, 1:] + 0.25 * exact[:, :-1]
    assert two.pixels[0][:, 1:] == pytest.approx(expected, abs=2e-4)


def test_a_second_run_needs_no_network(
    tmp_path: Path, server: StacServer, fetching: Open, here: Position
) -> None:
    cache = TileCache(tmp_path / "cache")
    first = source(server, fetching(cache=cache)).before_after(here, 1000, JUNE_11)
    asked = len(server.asked)
    offline = Fetcher(None, cache=cache, offline="OSINT_OFFLINE is set")
    again = source(server, offline).before_after(here, 1000, JUNE_11)
    assert len(server.asked) == asked
    assert again.before[0].pixels.tobytes() == first.before[0].pixels.tobytes()
    assert again.after[0].scenes == first.after[0].scenes
    # Elsewhere nothing is known, and that is said.
    elsewhere = source(server, offline)
    assert elsewhere.chip(Position(lon=40, lat=30), 1000, YEAR) is None
    assert "OSINT_OFFLINE is set" in elsewhere.problems[0]


def test_every_byte_is_kept_as_evidence(
    tmp_path: Path, server: StacServer, fetching: Open, here: Position
) -> None:
    archive = Archive(tmp_path / "evidence")
    found = source(server, fetching(archive=archive)).before_after(here, 1000, JUNE_11)
    kept = archive.fetches()
    parts = [k for k in kept if "#bytes=" in k.url]
    assert {k.url for k in kept} > {server.url()}
    for part in parts:
        address, span = part.url.split("#bytes=")
        first, last = map(int, span.split("-"))
        data = (server.folder / address.split("/files/")[1]).read_bytes()[first : last + 1]
        assert hashlib.sha256(data).hexdigest() == part.sha256
    # Of every file of the chips, and of masks that were passed over.
    read = {part.url.split("#")[0] for part in parts}
    assert read >= {href for chip in found.before for href in chip.scenes[0].hrefs}
    assert server.url("/files/S2A_20230610/scl.tif") in read


def test_only_the_chip_is_read(tmp_path: Path, fetching: Open, here: Position) -> None:
    """A small chip of a large scene takes a small part of its bytes."""
    item = sentinel_scene(tmp_path, "2023-07-03")
    noise = np.random.default_rng(0).integers(1000, 60_000, (1, 2000, 2000), dtype=np.uint16)
    one = write_cog(tmp_path / "noise.tif", noise, west=631_600, north=3_720_400)
    for band in BANDS:
        shutil.copy(one, tmp_path / "S2A_20230703" / f"{band}.tif")
    size = sum((tmp_path / "S2A_20230703" / f"{band}.tif").stat().st_size for band in BANDS)
    fetcher = fetching()
    with stac_server([item], tmp_path) as server:
        server.wait_s = 0.01
        chip = source(server, fetcher).chip(here, 600, YEAR)
        assert server.busiest > 2
    assert chip is not None
    assert chip.pixels[0] == pytest.approx(noise[0, 970:1030, 970:1030] * 1e-4 - 0.1, abs=1e-5)
    assert fetcher.bytes_fetched < size / 20


def test_a_wide_chip_is_reduced(server: StacServer, fetching: Open, here: Position) -> None:
    from imagery import cog

    chips = {}
    for most in (1024, 50):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cog, "MOST_PIXELS", most)
            chips[most] = source(server, fetching()).chip(here, 2000, YEAR)
    fine, coarse = chips[1024], chips[50]
    assert fine is not None
    assert coarse is not None
    assert (fine.gsd_m, fine.shape) == (10.0, (200, 200))
    assert (coarse.gsd_m, coarse.shape) == (40.0, (50, 50))
    # The same ground, each pixel the mean of sixteen.
    means = fine.pixels.reshape(4, 50, 4, 50, 4).mean(axis=(2, 4))
    assert (coarse.transform[2], coarse.transform[5]) == (fine.transform[2], fine.transform[5])
    assert coarse.pixels == pytest.approx(means, abs=2e-3)


@pytest.mark.parametrize("count", [1, 2])
def test_nearer_clearer_and_sunnier_come_first(
    tmp_path: Path, fetching: Open, here: Position, count: int
) -> None:
    items = [
        sentinel_scene(tmp_path, "2023-06-13", sun=4.0),
        sentinel_scene(tmp_path, "2023-06-18"),
        sentinel_scene(tmp_path, "2023-07-03"),
    ]
    with stac_server(items, tmp_path) as server:
        best = source(server, fetching()).before_after(here, 1000, JUNE_11, count=count)
    days = [chip.acquired[0].isoformat() for chip in best.after if chip.acquired]
    assert days == ["2023-06-18", "2023-07-03"][:count]


def test_one_acquisition_counts_once(tmp_path: Path, fetching: Open, here: Position) -> None:
    item = sentinel_scene(tmp_path, "2023-06-13", properties={"grid:code": "MGRS-37SFS"})
    earlier = json.loads(json.dumps(item))
    earlier["id"] = "processed-before"
    earlier["properties"]["s2:processing_baseline"] = "04.00"
    earlier["properties"]["datetime"] = "2023-06-13T08:09:59Z"
    other = {**json.loads(json.dumps(item)), "id": "older", "collection": "sentinel-2-l2a"}
    with stac_server([earlier, item, other], tmp_path) as server:
        fetcher = fetching()
        catalogues = [StacCatalogue(server.url(), fetcher=fetcher) for _ in range(2)]
        found = find_scenes(catalogues, SENTINEL2, here, 1000, YEAR)
    assert [scene.id for scene in found.scenes] == ["S2A_20230613"]


def test_of_two_catalogues_the_one_that_can_be_read(
    tmp_path: Path, fetching: Open, here: Position
) -> None:
    """The same acquisition in a collection that leaves its scale open, and in one that does not."""
    item = sentinel_scene(tmp_path, "2023-06-13", properties={"grid:code": "MGRS-37SFS"})
    unclear = json.loads(json.dumps(item))
    unclear["id"] = "unclear"
    unclear["properties"]["earthsearch:boa_offset_applied"] = False
    only = {"unclear": [unclear], "both": [unclear, item]}
    for name, items in only.items():
        with stac_server(items, tmp_path) as server:
            best = source(server, fetching()).before_after(here, 1000, JUNE_11)
        if name == "both":
            assert [chip.scenes[0].id for chip in best.after] == ["S2A_20230613"]
        else:
            assert best.after == ()
            assert "cannot be told" in best.passed_over[0].why


def test_public_catalogues_by_mission() -> None:
    fetcher = Fetcher(None)
    names = {
        mission.key: [catalogue.name for catalogue in public_catalogues(mission, fetcher)]
        for mission in (SENTINEL2, LANDSAT, NAIP)
    }
    assert names == {
        "sentinel-2": ["Planetary Computer", "Earth Search"],
        "landsat": ["Planetary Computer"],
        "naip": ["Planetary Computer"],
    }


def scene_of(item: Item, base: str | Path = "http://127.0.0.1/") -> Scene:
    return read_item(item, base=base, catalogue="test")


def test_a_file_that_fails_costs_one_scene(
    server: StacServer, fetching: Open, here: Position
) -> None:
    server.faults["/files/S2A_20230703/scl.tif"] = answering(500)
    server.faults["/files/S2A_20230608/nir.tif"] = answering(
        200, b"<html>sorry</html>", Content_Type="text/html"
    )
    best = source(server, fetching()).before_after(here, 1000, JUNE_11)
    why = {over.scene.id: over.why for over in best.passed_over}
    assert "answered 500" in why["S2A_20230703"]
    assert "cannot be read as a GeoTIFF" in why["S2A_20230608"]
    # The next best is taken instead.
    assert [chip.scenes[0].id for chip in best.before] == ["S2A_20230501"]
    assert best.after == ()


def test_a_file_in_the_middle_of_which_the_server_fails(
    tmp_path: Path, fetching: Open, here: Position
) -> None:
    item = sentinel_scene(tmp_path, "2023-06-13")
    with stac_server([item], tmp_path) as server:
        whole = server.send_file

        def fail_later(request: Any, name: str) -> None:
            if "red" in name and not request.headers.get("Range", "").startswith("bytes=0-"):
                request.close_connection = True
                request.connection.close()
            else:
                whole(request, name)

        noise = np.random.default_rng(0).integers(1000, 9000, (1, SIDE, SIDE), dtype=np.uint16)
        write_cog(tmp_path / "S2A_20230613" / "red.tif", noise)
        server.send_file = fail_later  # type: ignore[method-assign]
        scenes = source(server, fetching())
        assert scenes.chip(here, 3000, YEAR) is None
    assert "connection failed" in scenes.problems[0] or "broke off" in scenes.problems[0]


def test_a_server_that_knows_no_parts(server: StacServer, fetching: Open, here: Position) -> None:
    server.ranges = False
    chip = source(server, fetching()).chip(here, 1000, (date(2023, 7, 3), date(2023, 7, 3)))
    assert chip is not None
    assert chip.coverage == 1.0


def test_a_drip_ends_on_time(server: StacServer, fetching: Open, here: Position) -> None:
    server.faults["/files/S2A_20230703/scl.tif"] = dripping
    scenes = source(server, fetching({"total_timeout_s": 0.4}))
    assert scenes.chip(here, 1000, (date(2023, 7, 3), date(2023, 7, 3))) is None
    assert "not finished within 0.4 s" in scenes.problems[0]


def test_fetching_ends_at_its_time(server: StacServer, fetching: Open, here: Position) -> None:
    scenes = source(server, fetching(until=time.monotonic() - 1))
    assert scenes.chip(here, 1000, YEAR) is None
    assert "the time for fetching was over" in scenes.problems[0]
    assert server.asked == []


def test_files_at_private_addresses_are_not_fetched(
    files: tuple[Path, list[Item]], here: Position
) -> None:
    """Not by a catalogue's own words, nor by a redirect, of its pages or of its files."""
    folder, items = files
    with stac_server(items, folder) as server, Session(HttpPolicy(retries=0)) as session:
        scenes = source(server, Fetcher(session))
        assert scenes.chip(here, 1000, YEAR) is None
        assert "is a loopback address" in scenes.problems[0]
        assert server.asked == []


def test_a_redirect_to_a_forbidden_address(
    server: StacServer, fetching: Open, here: Position
) -> None:
    target = "http://169.254.169.254/latest/meta-data/"
    server.faults["/files/S2A_20230703/red.tif"] = answering(302, Location=target)
    scenes = source(server, fetching())
    assert scenes.chip(here, 1000, (date(2023, 7, 3), date(2023, 7, 3))) is None
    assert "link-local" in scenes.problems[0]


def test_a_full_disk_is_told_and_the_chip_given(
    tmp_path: Path, server: StacServer, fetching: Open, here: Position
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    fetcher = fetching(archive=Archive(blocked), cache=TileCache(blocked))
    scenes = source(server, fetcher)
    best = scenes.before_after(here, 1000, JUNE_11)
    assert best.before
    assert any("not everything fetched was kept" in problem for problem in scenes.problems)


@pytest.mark.parametrize("size_m", [0.0, -5.0, float("nan"), 1e7])
def test_sizes_that_make_no_chip(server: StacServer, fetching: Open, size_m: float) -> None:
    with pytest.raises(RasterError, match="cannot be cut"):
        source(server, fetching()).chip(Position(lon=38, lat=33), size_m)


@pytest.mark.parametrize("lat", [89.99, -89.99, 0.0])
@pytest.mark.parametrize("lon", [-180.0, 179.9999, 0.0])
def test_places_at_the_edges_of_the_map(lat: float, lon: float) -> None:
    from imagery.scene_choice import box_around
    from imagery.stac_item import boxes_meet, read_box

    box = read_box(box_around(Position(lon=lon, lat=lat), 5000))
    assert boxes_meet(box, (lon, lat, lon, lat))
    assert not boxes_meet(box, (90.0, -45.0, 91.0, -44.0))


def test_reader_errors_are_typed(tmp_path: Path, here: Position) -> None:
    item = sentinel_scene(tmp_path, "2023-06-13")
    for asset in item["assets"].values():
        asset["href"] = "." + asset["href"]
    scene = scene_of(item, tmp_path / "item.json")
    reader = SceneReader(SENTINEL2, None)
    grid = reader.grid(scene, here, 1000)
    chip = reader.chip(scene, grid, ["nir", "red"])
    assert chip is not None
    assert chip.bands == ("nir", "red")
    assert np.median(chip.pixels[0] / chip.pixels[1]) == pytest.approx(1.2, abs=0.01)
    with pytest.raises(ProviderError, match="no band 'infrared'"):
        reader.chip(scene, grid, ["infrared"])
    with pytest.raises(ProviderError, match="lists no file of its band 'swir16'"):
        reader.chip(scene, grid, ["swir16"])
    with pytest.raises(RasterError, match="asked for twice"):
        reader.chip(scene, grid, ["red", "red"])
    remote = scene_of(item, "http://127.0.0.1:9/item.json")
    with pytest.raises(RasterError, match="nothing is fetched"):
        reader.grid(remote, here, 1000)
    with pytest.raises(HttpError, match="nothing is fetched"):
        SceneReader(SENTINEL2, Fetcher(None)).grid(remote, here, 1000)


def test_a_scene_that_does_not_cover_the_chip(tmp_path: Path, here: Position) -> None:
    item = sentinel_scene(tmp_path, "2023-06-13")
    for asset in item["assets"].values():
        asset["href"] = "." + asset["href"]
    scene = scene_of(item, tmp_path / "item.json")
    reader = SceneReader(SENTINEL2, None)
    far = replace(here, lat=here.lat + 0.3)
    grid = reader.grid(scene, far, 1000)
    sight = reader.sight(scene, grid)
    assert (sight.covered, sight.clear, sight.cloud_share) == (0.0, 0.0, 0.0)
    assert reader.chip(scene, grid) is None
    best = best_scenes(reader, [scene], far, 1000, (date(2023, 7, 1), date(2023, 7, 2)))
    assert [over.why for over in best.passed_over] == ["it covers 0% of the chip"]
