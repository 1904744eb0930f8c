"""Files of scenes, read in parts from servers and folders that are not to be trusted."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazetteer.position import Position
from imagery.archive import Archive
from imagery.cog import Grid, grid_around, opened, read_onto
from imagery.errors import HttpError, ImageryError, RasterError
from imagery.fetcher import Fetcher
from imagery.http import HttpPolicy, Session
from imagery.planetary_computer import PlanetaryComputer
from imagery.ranges import PAGE, RemoteFile
from imagery.raster import LocalRaster
from imagery.tile_cache import TileCache
from tests.imagery.stac_server import (
    EPSG,
    NORTH,
    WEST,
    StacServer,
    answering,
    centre,
    send,
    stac_server,
    write_cog,
)

GRID = Grid(
    crs=f"EPSG:{EPSG}",
    transform=(10, 0, WEST + 500, 0, -10, NORTH - 500),
    rows=40,
    cols=60,
    gsd_m=10,
)


@pytest.fixture
def here() -> Position:
    lon, lat = centre()
    return Position(lon=lon, lat=lat)


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    policy = HttpPolicy(allow_private=True, retries=0, total_timeout_s=10)
    with Session(policy, sleep=lambda _: None) as session:
        yield Fetcher(session)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StacServer]:
    with stac_server([], tmp_path) as running:
        yield running


def tiff(
    width: int,
    height: int,
    *,
    tile: int = 0,
    crs: bool = True,
    named: bytes = b"",
    step: float = 10,
) -> bytes:
    """A GeoTIFF of a few hundred bytes that declares any size; its pixels are not there."""
    keys: tuple[int, ...] = (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, EPSG)
    if named:
        # A coordinate system of its own, with this name.
        keys = (*keys[:3], 4, *keys[4:-1], 32767, 3073, 34737, len(named), 0)
    entries: list[tuple[int, int, int, bytes]] = [
        (256, 4, 1, struct.pack("<I", width)),
        (257, 4, 1, struct.pack("<I", height)),
        (258, 3, 1, struct.pack("<HH", 16, 0)),
        (259, 3, 1, struct.pack("<HH", 8, 0)),
        (262, 3, 1, struct.pack("<HH", 1, 0)),
        (277, 3, 1, struct.pack("<HH", 1, 0)),
    ]
    if tile:
        entries += [
            (322, 4, 1, struct.pack("<I", tile)),
            (323, 4, 1, struct.pack("<I", tile)),
            (324, 4, 1, struct.pack("<I", 8)),
            (325, 4, 1, struct.pack("<I", 8)),
        ]
    else:
        entries += [
            (273, 4, 1, struct.pack("<I", 8)),
            (278, 4, 1, struct.pack("<I", height)),
            (279, 4, 1, struct.pack("<I", 8)),
        ]
    entries.append((33550, 12, 3, struct.pack("<3d", step, step, 0)))
    entries.append((33922, 12, 6, struct.pack("<6d", 0, 0, 0, WEST, NORTH, 0)))
    if crs:
        entries.append((34735, 3, len(keys), struct.pack(f"<{len(keys)}H", *keys)))
    if named:
        entries.append((34737, 2, len(named) + 1, named + b"\0"))
    entries.sort()
    at = 8 + 2 + 12 * len(entries) + 4
    head, values = b"", b""
    for tag, kind, count, data in entries:
        if len(data) <= 4:
            place = data
        else:
            place = struct.pack("<I", at + len(values))
            values += data
        head += struct.pack("<HHI", tag, kind, count) + place
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + head + b"\0\0\0\0" + values


HOSTILE = {
    "declares 100,000 x 100,000": (tiff(100_000, 100_000), "declares 100,000 x 100,000 pixels"),
    "one block of 2 GB": (tiff(30_000, 30_000), "MB each"),
    "one tile of 2 GB": (tiff(40_000, 40_000, tile=32_000), "MB each"),
    "no coordinate system": (tiff(100, 100, crs=False), "not georeferenced"),
    "a name that is no text": (
        tiff(100, 100, named=b"\xe4\xff\xda projection|"),
        "cannot be read as a (GeoTIFF|raster)",
    ),
    "pixels of next to no size": (tiff(100, 100, step=1e-300), "not georeferenced"),
    "pixels as wide as the earth": (tiff(100, 100, step=1e8), "m wide, which no scene's are"),
    "no pixels": (tiff(100, 100), "cannot be read as a GeoTIFF"),
    "a page": (b"<html>maintenance</html>" * 100, "cannot be read as a GeoTIFF"),
    "nothing": (b"", "cannot be read as a GeoTIFF|answered 416"),
    "a description of other files": (
        b'<VRTDataset rasterXSize="9" rasterYSize="9"><SRS>EPSG:32637</SRS></VRTDataset>',
        "cannot be read as a GeoTIFF",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("remote", [True, False])
def test_hostile_files(
    server: StacServer,
    fetcher: Fetcher,
    tmp_path: Path,
    here: Position,
    name: str,
    *,
    remote: bool,
) -> None:
    data, message = HOSTILE[name]
    path = tmp_path / "bad.tif"
    path.write_bytes(data)
    href = server.url("/files/bad.tif") if remote else path
    with (
        pytest.raises(ImageryError, match=message) as caught,
        opened(href, fetcher) as (dataset, file),
    ):
        grid_around(dataset, here, 1000)
        read_onto(dataset, GRID, (1,), remote=file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["declares 100,000 x 100,000", "one block of 2 GB", "a name that is no text"]
)
def test_a_local_raster_of_such_a_size(tmp_path: Path, here: Position, name: str) -> None:
    path = tmp_path / "bad.tif"
    path.write_bytes(HOSTILE[name][0])
    with pytest.raises(RasterError, match=HOSTILE[name][1]):
        LocalRaster(path).chip(here, 1000)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.95])
def test_truncated_files(server: StacServer, fetcher: Fetcher, tmp_path: Path, cut: float) -> None:
    """Of the whole square an error; of what is there, what was written."""
    noise = np.random.default_rng(0).integers(1, 60_000, (1, 320, 320), dtype=np.uint16)
    whole = write_cog(tmp_path / "whole.tif", noise).read_bytes()
    (tmp_path / "bad.tif").write_bytes(whole[: int(len(whole) * cut)])
    everything = replace(GRID, transform=(10, 0, WEST, 0, -10, NORTH), rows=320, cols=320)
    for grid in (everything, GRID):
        try:
            with opened(server.url("/files/bad.tif"), fetcher) as (dataset, file):
                read = read_onto(dataset, grid, (1,), remote=file)
        except ImageryError:
            continue
        assert grid is not everything
        assert np.array_equal(read.pixels[0], noise[0, 50:90, 50:110])


def test_bytes_turned_over(server: StacServer, fetcher: Fetcher, tmp_path: Path) -> None:
    """Whatever a damaged file gives is a cut of the grid's shape or an error of ours."""
    noise = np.random.default_rng(0).integers(1, 60_000, (1, 100, 100), dtype=np.uint16)
    whole = write_cog(tmp_path / "whole.tif", noise).read_bytes()
    draw = np.random.default_rng(1)
    for _ in range(40):
        data = bytearray(whole)
        for at in draw.integers(0, 700, 4):
            data[at] = int(draw.integers(0, 256))
        (tmp_path / "bad.tif").write_bytes(data)
        try:
            with opened(server.url("/files/bad.tif"), fetcher) as (dataset, file):
                cut = read_onto(dataset, GRID, (1,), remote=file)
        except ImageryError:
            continue
        assert cut.mask.shape == (40, 60)


def test_parts_of_a_file_are_its_bytes(
    server: StacServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    data = np.random.default_rng(0).bytes(5 * PAGE + 123)
    (tmp_path / "any.bin").write_bytes(data)
    file = RemoteFile(server.url("/files/any.bin"), fetcher)
    draw = np.random.default_rng(1)
    assert file.size == len(data)
    for _ in range(60):
        at, count = int(draw.integers(0, len(data))), int(draw.integers(1, 2 * PAGE))
        if draw.random() < 0.3:
            file.prefetch([(at, count), (at + 7, 50), (len(data) + 5, 10)])
        assert file.read(at, count) == data[at : at + count]
    assert file.read(len(data), 10) == b""
    # Nothing is fetched twice once it is there.
    asked = len(server.asked)
    assert file.read(0, len(data)) == data
    assert file.read(0, len(data)) == data
    assert len(server.asked) <= asked + 6


def test_parts_are_fetched_side_by_side(
    server: StacServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "any.bin").write_bytes(bytes(100 * 1000))
    file = RemoteFile(server.url("/files/any.bin"), fetcher)
    assert file.size == 100_000
    server.wait_s = 0.05
    barrier = threading.Event()
    file.prefetch([(PAGE + n * 1000, 1000) for n in range(24)])
    barrier.set()
    assert 4 <= server.busiest <= 8


def lying(content_range: str, body: bytes, status: int = 206) -> Any:
    def answer(request: BaseHTTPRequestHandler) -> None:
        send(request, status, body, Content_Range=content_range)

    return answer


@pytest.mark.parametrize(
    ("content_range", "body"),
    [
        ("", b"x" * 10),
        ("bytes 5-14/100", b"x" * 10),
        ("bytes 0-99/100", b"x" * 10),
        ("bytes 0-9/5", b"x" * 10),
        ("bytes 0-9/*", b"x" * 10),
        ("bytes 9-0/100", b""),
        ("bytes 0-9/99999999999999999999999", b"x" * 10),
    ],
)
def test_servers_that_send_another_part(
    server: StacServer, fetcher: Fetcher, content_range: str, body: bytes
) -> None:
    server.faults["/files/any.bin"] = lying(content_range, body)
    with pytest.raises(HttpError, match="part"):
        RemoteFile(server.url("/files/any.bin"), fetcher).read(0, 4)


def test_a_file_that_changes_while_it_is_read(
    server: StacServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "any.bin").write_bytes(bytes(3 * PAGE))
    file = RemoteFile(server.url("/files/any.bin"), fetcher)
    assert file.read(0, 10) == bytes(10)
    (tmp_path / "any.bin").write_bytes(bytes(4 * PAGE))
    with pytest.raises(HttpError, match="changed on the server"):
        file.read(PAGE, 10)


def test_a_cache_of_an_older_file(server: StacServer, tmp_path: Path) -> None:
    """What is read is never put together of two files, and the next reading finds one."""
    (tmp_path / "any.bin").write_bytes(b"a" * 3 * PAGE)
    with Session(HttpPolicy(allow_private=True)) as session:

        def remote() -> RemoteFile:
            fetcher = Fetcher(session, cache=TileCache(tmp_path / "cache"))
            return RemoteFile(server.url("/files/any.bin"), fetcher)

        assert remote().read(0, 10) == b"a" * 10
        remote().read(PAGE, 10)
        (tmp_path / "any.bin").write_bytes(b"b" * 4 * PAGE)
        with pytest.raises(HttpError, match="try again"):
            remote().read(2 * PAGE, 10)
        file = remote()
        assert file.read(0, 10) == b"b" * 10
        # Of this part the cache has the older file's.
        assert file.read(PAGE, 10) == b"b" * 10
        assert file.size == 4 * PAGE


def test_too_many_requests_end_all(server: StacServer, fetcher: Fetcher) -> None:
    server.faults["/files/any.bin"] = answering(429)
    for _ in range(3):
        with pytest.raises(HttpError, match="answered 429"):
            fetcher.get(server.url("/files/any.bin"), most_bytes=10)
    assert len(server.asked) == 1


def test_a_file_that_is_read_too_much_of(
    server: StacServer, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagery.ranges.MOST_BYTES", 3 * PAGE)
    (tmp_path / "any.bin").write_bytes(bytes(9 * PAGE))
    file = RemoteFile(server.url("/files/any.bin"), fetcher)
    assert file.read(0, 3 * PAGE) == bytes(3 * PAGE)
    with pytest.raises(HttpError, match="ask for less ground"):
        file.read(5 * PAGE, 1)


def test_all_bytes_together_are_limited(server: StacServer, tmp_path: Path) -> None:
    (tmp_path / "any.bin").write_bytes(bytes(9 * PAGE))
    with Session(HttpPolicy(allow_private=True)) as session:
        fetcher = Fetcher(session, most_bytes=2 * PAGE)
        file = RemoteFile(server.url("/files/any.bin"), fetcher)
        file.read(0, 2 * PAGE)
        with pytest.raises(HttpError, match="bytes allowed in all"):
            file.read(7 * PAGE, 1)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32638"])
def test_files_of_other_projections(tmp_path: Path, here: Position, crs: str) -> None:
    """Ground whose brightness is its own easting, seen through another projection."""
    from pyproj import Transformer

    there = Transformer.from_crs("OGC:CRS84", crs, always_xy=True).transform(here.lon, here.lat)
    step = 0.0001 if crs == "EPSG:4326" else 10.0
    west, north = there[0] - 200 * step, there[1] + 200 * step
    col, row = np.meshgrid(np.arange(400) + 0.5, np.arange(400) + 0.5)
    to_utm = Transformer.from_crs(crs, f"EPSG:{EPSG}", always_xy=True)
    east, _ = to_utm.transform(west + col * step, north - row * step)
    brightness = (east - WEST).astype(np.float32)
    path = write_cog(
        tmp_path / "a.tif",
        brightness[None],
        west=west,
        north=north,
        step=step,
        crs=crs,
        no_data=None,
    )
    with opened(path, None) as (dataset, _):
        own = grid_around(dataset, here, 1000)
        cut = read_onto(dataset, GRID, (1,))
        assert own.gsd_m == pytest.approx(step if step > 1 else 11.1, rel=0.25)
        assert own.crs == (crs if crs == "EPSG:32638" else f"EPSG:{EPSG}")
    expected = 500 + 10 * (np.arange(60) + 0.5)
    valid = cut.mask
    assert valid.any()
    error_m = (cut.pixels[0] - expected)[valid]
    # Interpolated by GDAL, whose weights are those of a kernel in steps: within a tenth of a pixel
    # each, and not shifted.
    assert np.abs(error_m).max() < 1.0
    assert abs(error_m.mean()) < 0.02


def test_half_a_colour_is_none(tmp_path: Path) -> None:
    pixels = np.full((2, 200, 200), 100, dtype=np.uint16)
    pixels[0, 60:70, 60:70] = 0
    path = write_cog(tmp_path / "a.tif", pixels)
    with opened(path, None) as (dataset, _):
        both, second = read_onto(dataset, GRID, (1, 2)), read_onto(dataset, GRID, (2,))
        with pytest.raises(RasterError, match="of 2 bands"):
            read_onto(dataset, GRID, (3,))
    assert not both.mask[10:20, 10:20].any()
    assert both.mask.sum() == 40 * 60 - 100
    assert second.mask.all()


# Signatures.


def token(name: str, expires: str = "2999-01-01T00:00:00Z") -> bytes:
    return f'{{"msft:expiry": "{expires}", "token": "sig={name}&se=later"}}'.encode()


@pytest.fixture
def signing(server: StacServer) -> PlanetaryComputer:
    return PlanetaryComputer(server.url("/token"), storage=".blob.test")


def test_files_are_signed_on_the_way_out_and_nowhere_else(
    server: StacServer, signing: PlanetaryComputer, tmp_path: Path
) -> None:
    server.faults["/token/account/container"] = answering(200, token("secret"))
    (tmp_path / "a.bin").write_bytes(bytes(PAGE + 5))
    server.faults["/container/a.bin"] = lambda request: server.send_file(request, "a.bin")
    archive = Archive(tmp_path / "evidence")
    host = f"http://account.blob.test:{server.http.server_port}"
    policy = HttpPolicy(allow_private=True, retries=0)
    with Session(policy, resolve=lambda _: ("127.0.0.1",)) as session:
        fetcher = Fetcher(session, archive=archive, signers=[signing])
        file = RemoteFile(f"{host}/container/a.bin", fetcher)
        assert file.read(0, PAGE + 5) == bytes(PAGE + 5)
        with pytest.raises(HttpError) as caught:
            fetcher.get(f"{host}/container/gone.bin", most_bytes=100)
    signed = [path for path in server.asked if "/container/" in path and "/token" not in path]
    assert all(path.endswith("?sig=secret&se=later") for path in signed)
    # One signature for all of a container's files.
    assert sum(path.startswith("/token") for path in server.asked) == 1
    for kept in archive.fetches():
        assert "secret" not in kept.url + kept.final_url
    assert "secret" not in (archive.folder / "index.jsonl").read_text()
    assert "secret" not in str(caught.value) + repr(caught.value.__cause__)


def test_signatures_that_a_catalogue_gives(
    server: StacServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(9))
    for query, kept in (("sig=secret&x=1", ""), ("X-Amz-Signature=secret", ""), ("v=2", "?v=2")):
        asked = fetcher.get(f"{server.url('/files/a.bin')}?{query}", most_bytes=100)
        assert server.asked[-1] == f"/files/a.bin?{query}"
        assert asked.url == asked.final_url == server.url("/files/a.bin") + kept


@pytest.mark.parametrize(
    "url",
    [
        "https://sentinel-cogs.s3.us-west-2.amazonaws.com/a/b.tif",
        "http://account.blob.test/container/a.tif?sig=own",
        "http://blob.test/container/a.tif",
        "http://a.b.blob.test/container/a.tif",
        "http://account.blob.test/",
        "http://account.blob.test/..%2f..%2f/a.tif",
    ],
)
def test_other_addresses_stay_as_they_are(signing: PlanetaryComputer, url: str) -> None:
    with Session(HttpPolicy(retries=0)) as session:
        assert signing.sign(url, session) == url


def test_a_signature_that_ran_out_is_asked_for_anew(
    server: StacServer, signing: PlanetaryComputer
) -> None:
    answers = [token("one", "2000-01-01T00:00:00Z"), token("two"), token("three")]
    server.faults["/token/account/container"] = lambda request: send(request, 200, answers.pop(0))
    with Session(HttpPolicy(allow_private=True)) as session:
        signed = [
            signing.sign(f"http://account.blob.test/container/{n}", session) for n in range(3)
        ]
    assert [url.split("=")[1].split("&")[0] for url in signed] == ["one", "two", "two"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b'{"token": "a"}',
        b'{"token": 5, "msft:expiry": "2999-01-01T00:00:00Z"}',
        b'{"token": "a\\r\\nX: y", "msft:expiry": "2999-01-01T00:00:00Z"}',
        b'{"token": "a", "msft:expiry": "later"}',
    ],
)
def test_signatures_that_are_none(
    server: StacServer, signing: PlanetaryComputer, answer: bytes
) -> None:
    server.faults["/token/account/container"] = answering(200, answer)
    with (
        Session(HttpPolicy(allow_private=True)) as session,
        pytest.raises(HttpError, match="no signature"),
    ):
        signing.sign("http://account.blob.test/container/a.tif", session)
