"""Chips from a real tile server: where the pixels lie, and what becomes of tiles that fail."""

from __future__ import annotations

import io
import random
import re
import struct
import time
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from gazetteer.position import Position
from imagery.chip import Chip, ChipSource
from imagery.errors import ChipError, ProviderError
from imagery.http import HttpPolicy, Session
from imagery.providers import Provider
from imagery.tile_cache import TileCache
from imagery.tile_facts import Plan
from imagery.xyz import XyzSource
from tests.imagery.tile_server import (
    TileServer,
    instead,
    status,
    tile_server,
    truncated,
    write_landscape,
)

CENTRE = Position(lon=38.61784, lat=33.50583)
DAY = date(2017, 6, 11)


@pytest.fixture(scope="module")
def landscape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raster") / "landscape.tif"
    return write_landscape(path, lon=CENTRE.lon, lat=CENTRE.lat, epsg=32637)


@pytest.fixture
def server(landscape: Path) -> Iterator[TileServer]:
    with tile_server(landscape) as running:
        yield running


@pytest.fixture
def session() -> Iterator[Session]:
    policy = HttpPolicy(allow_private=True, retries=2, read_timeout_s=5)
    with Session(policy, sleep=lambda _: None) as opened:
        yield opened


def provider(template: str, **more: Any) -> Provider:
    facts = {
        "id": "test",
        "name": "Synthetic tiles",
        "template": template,
        "max_zoom": 14,
        "automated": True,
    }
    return Provider.model_validate({**facts, **more})


def lon_lat(chip: Chip, col: float, row: float) -> tuple[float, float]:
    a, b, c, d, e, f = chip.transform
    back = Transformer.from_crs(chip.crs, "OGC:CRS84", always_xy=True)
    x, y = back.transform(a * col + b * row + c, d * col + e * row + f)
    return float(x), float(y)


def offset_px(chip: Chip) -> float:
    """How far the blob in the chip lies from the point it stands on, in pixels.

    A Gaussian on a sloping ground, fitted to the 31 x 31 pixels around the brightest.
    """
    from scipy.ndimage import gaussian_filter
    from scipy.optimize import least_squares

    grey = chip.pixels.astype(float).sum(axis=0)
    flat = grey - gaussian_filter(grey, 40)
    top_row, top_col = np.unravel_index(np.argmax(gaussian_filter(flat, 3)), grey.shape)
    part = grey[top_row - 15 : top_row + 16, top_col - 15 : top_col + 16]
    rows, cols = np.indices(part.shape) - 15.0

    def misfit(p: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        bump = p[0] * np.exp(-((cols - p[1]) ** 2 + (rows - p[2]) ** 2) / (2 * p[3] ** 2))
        misses: np.ndarray[Any, Any] = (bump + p[4] + p[5] * cols + p[6] * rows - part).ravel()
        return misses

    fit = least_squares(misfit, [300.0, 0.0, 0.0, 7.0, 150.0, 0.0, 0.0])
    a, _, c, _, e, f = chip.transform
    x, y = Transformer.from_crs("OGC:CRS84", chip.crs, always_xy=True).transform(
        CENTRE.lon, CENTRE.lat
    )
    col, row = top_col + 0.5 + fit.x[1], top_row + 0.5 + fit.x[2]
    return float(np.hypot((x - c) / a - col, (y - f) / e - row))


@pytest.mark.parametrize(
    ("ext", "tile_px", "tms", "max_zoom"),
    [("png", 256, False, 14), ("jpg", 256, False, 14), ("png", 512, False, 13),
     ("png", 256, True, 14), ("png", 256, False, 13)],
)  # fmt: skip
def test_a_known_point_is_where_it_should_be(
    landscape: Path, session: Session, ext: str, tile_px: int, tms: bool, max_zoom: int
) -> None:
    with tile_server(landscape, tile_px=tile_px, tms=tms) as server:
        source = XyzSource(
            provider(
                server.template(ext),
                tile_px=tile_px,
                scheme="tms" if tms else "xyz",
                max_zoom=max_zoom,
            ),
            session=session,
        )
        chip = source.chip(CENTRE, 3_000)
    assert chip is not None
    assert chip.coverage == 1.0
    assert offset_px(chip) < 0.1, offset_px(chip)
    lon, lat = lon_lat(chip, chip.shape[1] / 2, chip.shape[0] / 2)
    assert abs(lon - CENTRE.lon) * 93_000 < 0.75 * chip.gsd_m
    assert abs(lat - CENTRE.lat) * 111_000 < 0.75 * chip.gsd_m


def test_rows_from_the_south_by_template(landscape: Path, session: Session) -> None:
    with tile_server(landscape, tms=True) as server:
        template = server.template().replace("{y}", "{-y}")
        chip = XyzSource(provider(template), session=session).chip(CENTRE, 3_000)
    assert chip is not None
    assert offset_px(chip) < 0.1


def warped(raster: Path, chip: Chip) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The raster as GDAL sees it through the chip's own georeference: pixels and mask."""
    import rasterio
    from affine import Affine
    from rasterio.vrt import WarpedVRT

    with (
        rasterio.open(raster) as source,
        WarpedVRT(
            source,
            crs=chip.crs,
            transform=Affine(*chip.transform),
            width=chip.shape[1],
            height=chip.shape[0],
            resampling=rasterio.enums.Resampling.bilinear,
            add_alpha=True,
        ) as seen,
    ):
        read = seen.read()
    return read[:-1], read[-1] > 0


def test_every_pixel_against_gdal(landscape: Path, server: TileServer, session: Session) -> None:
    """Beyond the raster's edge too: where GDAL has no data, the chip has a hole."""
    source = XyzSource(provider(server.template()), session=session)
    edge = Position(lon=CENTRE.lon + 0.06, lat=CENTRE.lat + 0.04)
    coverages = []
    for centre, size_m in ((CENTRE, 3_000), (edge, 6_000)):
        chip = source.chip(centre, size_m)
        assert chip is not None
        coverages.append(chip.coverage)
        pixels, mask = warped(landscape, chip)
        assert (chip.mask != mask).mean() < 0.001
        both = chip.mask & mask
        assert np.abs(chip.pixels.astype(int) - pixels)[:, both].max() <= 1
        assert (chip.pixels[:, ~chip.mask] == 0).all()
    assert coverages[0] == 1.0
    assert 0.05 < coverages[1] < 0.95
    assert source.reach().missing > 0


def test_real_imagery_against_gdal(shared_data: Path, session: Session, tmp_path: Path) -> None:
    """An aerial photo from 2017, four bands and another zone, through tiles and back."""
    import rasterio

    raster = tmp_path / "naip.tif"
    with rasterio.open(shared_data / "imagery" / "naip" / "m_4709963_se_14_1_20170827.tif") as naip:
        profile = {**naip.profile, "count": 3, "nodata": None}
        with rasterio.open(raster, "w", **profile) as out:
            out.write(naip.read([1, 2, 3]))
        x, y = naip.xy(naip.height // 2, naip.width // 2)
        lon, lat = Transformer.from_crs(naip.crs.to_wkt(), "OGC:CRS84", always_xy=True).transform(
            x, y
        )
    with tile_server(raster) as server:
        facts = {"dates": "acquisition", "first": date(2017, 8, 27), "max_zoom": 14}
        source = XyzSource(provider(server.template(), **facts), session=session)
        chip = source.chip(Position(lon=lon, lat=lat), 2_000)
    assert chip is not None
    assert chip.acquired == (date(2017, 8, 27), date(2017, 8, 27))
    pixels, mask = warped(raster, chip)
    both = chip.mask & mask
    assert both.mean() > 0.99
    assert np.abs(chip.pixels.astype(int) - pixels)[:, both].max() <= 1


def test_it_is_a_chip_source(server: TileServer, session: Session) -> None:
    source: ChipSource = XyzSource(provider(server.template()), session=session)
    chip = source.chip(CENTRE, 2_000)
    assert chip is not None
    assert (chip.crs, chip.provider, chip.acquired) == ("EPSG:3857", "Synthetic tiles", None)
    assert all(url.startswith("http://127.0.0.1") for url in chip.sources)


def png(size: tuple[int, int], colour: Any, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def noise(size: tuple[int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    seeded = random.Random(0)
    bands = {"RGB": 3, "CMYK": 4, "I;16": 2}[mode]
    Image.frombytes(mode, size, seeded.randbytes(size[0] * size[1] * bands)).save(
        out, "JPEG" if mode == "CMYK" else "PNG"
    )
    return out.getvalue()


def bomb() -> bytes:
    """A PNG that claims 60,000 x 60,000 pixels."""
    small = png((256, 256), (1, 2, 3))

    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        small[:8] + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
    )


FAULTS = [
    (status(404), "missing", "has no such tile"),
    (status(410), "missing", "has no such tile"),
    (status(204), "missing", "has no such tile"),
    (status(500), "failed", "answered 500"),
    (status(403), "failed", "answered 403"),
    (status(503), "failed", "answered 503"),
    (truncated, "failed", "no image or a damaged one"),
    (instead(b""), "failed", "no image or a damaged one"),
    (instead(b"<html><body>Sorry</body></html>", "text/html"), "failed", "no image"),
    (instead(b"GIF89a" + b"\0" * 100), "failed", "no image"),
    (instead(png((1, 1), (9, 9, 9))), "failed", "is 1 x 1 pixels instead of 256 x 256"),
    (instead(noise((512, 512))), "failed", "is 512 x 512 pixels"),
    (instead(bomb()), "failed", "no image|is 60000 x 60000"),
    (instead(png((256, 256), (200, 200, 200))), "failed", "blank, one colour"),
    (instead(png((256, 256), (0, 0, 0, 0), "RGBA")), "failed", "is empty"),
    (instead(noise((256, 256), "CMYK")), "failed", "a kind that is not read"),
    (instead(noise((256, 256), "I;16")), "failed", "a kind that is not read"),
    (instead(b"x" * 6_000_000), "failed", "larger than the 5,000,000 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "state", "reason"), FAULTS)
def test_a_bad_tile_is_a_hole(
    server: TileServer, session: Session, fault: Any, state: str, reason: str, tmp_path: Path
) -> None:
    """The others are shown, exactly; the hole is masked; the cache keeps no failure."""
    source = XyzSource(provider(server.template()), session=session, cache=TileCache(tmp_path))
    whole = XyzSource(provider(server.template()), session=session).look(CENTRE, 3_000)
    assert whole.chip is not None
    victim = whole.tiles[0].tile
    server.faults[(victim.zoom, victim.col, victim.row)] = fault
    look = source.look(CENTRE, 3_000)
    assert look.chip is not None
    [bad] = [fact for fact in look.tiles if fact.reason]
    assert (bad.tile, bad.state) == (victim, state)
    assert bad.reason is not None
    assert re.search(reason, bad.reason)
    assert 0.3 < look.chip.coverage < 1
    shown = look.chip.mask
    assert (look.chip.pixels[:, shown] == whole.chip.pixels[:, shown]).all()
    assert not look.chip.pixels[:, ~shown].any()
    assert bad.url not in look.chip.sources
    assert look.holes() == ((bad.reason, 1),)
    # The hole is the tile's own rectangle.
    rows, cols = np.nonzero(~shown)
    assert (~shown[rows.min() : rows.max() + 1, cols.min() : cols.max() + 1]).all()
    # Repaired on the server, a failed tile is there the next time; a missing one after a day.
    del server.faults[(victim.zoom, victim.col, victim.row)]
    later = source.look(CENTRE, 3_000)
    assert later.chip is not None
    assert (later.chip.coverage == 1.0) == (state == "failed")


def test_a_tile_that_fails_once_is_asked_for_again(server: TileServer, session: Session) -> None:
    """By the session where the connection or the server is at fault, else by ``tries``."""
    tiles = [
        (f.tile.zoom, f.tile.col, f.tile.row)
        for f in XyzSource(provider(server.template()), session=session).look(CENTRE, 3_000).tiles
    ]
    for fault in (status(503), status(500), truncated, instead(b"<html>")):
        server.faults = {tiles[0]: fault}
        server.once = {tiles[0]}
        source = XyzSource(provider(server.template()), session=session, tries=2)
        chip = source.chip(CENTRE, 3_000)
        assert chip is not None
        assert chip.coverage == 1.0


def test_nothing_there_is_none(server: TileServer, session: Session) -> None:
    source = XyzSource(provider(server.template()), session=session)
    look = source.look(Position(lon=10.0, lat=10.0), 3_000)
    assert look.chip is None
    assert look.count("missing") == len(look.tiles) > 0
    assert source.chip(Position(lon=10.0, lat=10.0), 3_000) is None


def test_transparency_and_dark_gaps(server: TileServer, session: Session) -> None:
    half = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    half.paste((90, 80, 70, 255), (0, 0, 128, 256))
    half.paste((2, 1, 3, 255), (0, 0, 128, 100))
    out = io.BytesIO()
    half.save(out, "PNG")
    server.every = instead(out.getvalue())
    for dark, share in ((None, 0.5), (3, 0.5 * 156 / 256)):
        source = XyzSource(
            provider(server.template(), dark_is_hole=dark, max_zoom=10), session=session
        )
        look = source.look(CENTRE, 100_000)
        assert look.chip is not None
        expected = look.chip.pixels[0] == 90 if dark else look.chip.pixels[0] > 0
        assert (look.chip.mask == expected).all()
        assert look.chip.coverage == pytest.approx(share, abs=0.12)


def test_the_cache_saves_asking(server: TileServer, session: Session, tmp_path: Path) -> None:
    facts = provider(server.template())
    first = XyzSource(facts, session=session, cache=TileCache(tmp_path)).look(CENTRE, 3_000)
    asked = len(server.asked)
    second = XyzSource(facts, session=session, cache=TileCache(tmp_path)).look(CENTRE, 3_000)
    assert len(server.asked) == asked
    assert second.count("cached") == len(first.tiles) == first.count("fetched")
    assert first.chip is not None
    assert second.chip is not None
    assert (first.chip.pixels == second.chip.pixels).all()
    for a, b in zip(first.tiles, second.tiles, strict=True):
        assert a.fetched is not None
        assert b.fetched is not None
        assert a.fetched.retrieved_at == b.fetched.retrieved_at
        assert (a.fetched.sha256, a.fetched.body) == (b.fetched.sha256, b.fetched.body)


def test_without_a_network_the_cache_serves(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    facts = provider(server.template())
    cache = TileCache(tmp_path)
    XyzSource(facts, session=session, cache=cache).look(CENTRE, 2_000)
    asked = len(server.asked)
    source = XyzSource(facts, session=None, cache=cache)
    look = source.look(CENTRE, 3_000)
    assert len(server.asked) == asked
    assert look.chip is not None
    assert source.reach().cached > 0
    elsewhere = source.look(Position(lon=38.7, lat=33.5), 3_000)
    assert elsewhere.chip is None
    assert {fact.reason for fact in elsewhere.tiles} == {"nothing is fetched"}


def test_a_damaged_cache_is_fetched_anew(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    facts, cache = provider(server.template()), TileCache(tmp_path)
    XyzSource(facts, session=session, cache=cache).look(CENTRE, 2_000)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept[0].write_bytes(kept[0].read_bytes()[:-20])
    for path in kept[1:]:
        path.write_bytes(b"\xff\xfe no such thing")
    look = XyzSource(facts, session=session, cache=cache).look(CENTRE, 2_000)
    assert look.count("fetched") == len(look.tiles)
    assert look.chip is not None
    assert look.chip.coverage == 1.0


def test_a_cache_that_cannot_be_written_is_no_error(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    source = XyzSource(
        provider(server.template()), session=session, cache=TileCache(tmp_path / "file")
    )
    assert source.chip(CENTRE, 2_000) is not None


def test_dates(server: TileServer, session: Session) -> None:
    template = server.template().replace("/layer/", "/layer/{date}/")
    facts = provider(template, dates="daily", first=date(2015, 1, 1), last=date(2017, 12, 31))
    source = XyzSource(facts, session=session)
    chip = source.chip(CENTRE, 2_000, (DAY, DAY))
    assert chip is not None
    assert chip.acquired == (DAY, DAY)
    assert {path.split("/")[2] for path in server.asked} == {"2017-06-11"}
    # Before the layer begins, and after it ended, there is nothing and nobody is asked.
    server.asked.clear()
    assert source.chip(CENTRE, 2_000, (date(2014, 1, 1), date(2014, 12, 31))) is None
    assert source.chip(CENTRE, 2_000, (date(2018, 1, 1), date(2018, 1, 2))) is None
    assert server.asked == []
    latest = source.chip(CENTRE, 2_000)
    assert latest is not None
    assert latest.acquired == (date(2017, 12, 31), date(2017, 12, 31))
    with pytest.raises(ProviderError, match="say which day"):
        source.look(CENTRE, 2_000)


def test_a_cloudless_day_is_looked_for_but_not_for_ever(
    server: TileServer, session: Session
) -> None:
    template = server.template().replace("/layer/", "/layer/{date}/")
    source = XyzSource(provider(template, dates="daily", first=DAY), session=session)
    server.every = status(404)
    assert source.chip(CENTRE, 2_000, (DAY, DAY + timedelta(300))) is None
    assert len({path.split("/")[2] for path in server.asked}) == 3


def test_what_is_not_dated_says_nothing_of_a_date(server: TileServer, session: Session) -> None:
    undated = XyzSource(provider(server.template()), session=session)
    assert undated.chip(CENTRE, 2_000, (date(2000, 1, 1), date(2030, 1, 1))) is None
    year = provider(
        server.template(), dates="composite", first=date(2016, 1, 1), last=date(2016, 12, 31)
    )
    fixed = XyzSource(year, session=session)
    assert fixed.chip(CENTRE, 2_000, (DAY, DAY)) is None
    found = fixed.chip(CENTRE, 2_000, (date(2016, 1, 1), date(2017, 1, 1)))
    assert found is not None
    assert found.acquired == (date(2016, 1, 1), date(2016, 12, 31))


def test_at_most_eight_connections_and_more_than_one(server: TileServer, session: Session) -> None:
    server.wait_s = 0.05
    source = XyzSource(provider(server.template()), session=session)
    look = source.look(CENTRE, 7_000)
    assert len(look.tiles) > 8
    assert 1 < server.busiest <= 8


def test_the_time_is_limited(server: TileServer, session: Session) -> None:
    server.wait_s = 0.2
    source = XyzSource(provider(server.template()), session=session, until=time.monotonic() + 0.3)
    look = source.look(CENTRE, 7_000)
    assert look.count("failed") > 0
    assert {r for r, _ in source.reach().reasons} <= {
        "the time for fetching was over",
        *(fact.reason for fact in look.tiles if fact.reason and "not finished" in fact.reason),
        *(fact.reason for fact in look.tiles if fact.reason and "no answer" in fact.reason),
    }


def test_reach_counts(server: TileServer, session: Session) -> None:
    source = XyzSource(provider(server.template()), session=session)
    look = source.look(CENTRE, 3_000)
    where = look.tiles[0].tile
    server.faults[(where.zoom, where.col, where.row)] = status(500)
    source.look(CENTRE, 3_000)
    reach = source.reach()
    assert (reach.fetched, reach.failed) == (2 * len(look.tiles) - 1, 1)
    assert reach.reasons == (("the server answered 500", 1),)
    assert reach.host == f"127.0.0.1:{server.http.server_port}"


@pytest.mark.parametrize(("code", "most"), [(403, 25), (429, 8)])
def test_who_refuses_is_not_asked_again(
    server: TileServer, session: Session, code: int, most: int
) -> None:
    server.every = status(code)
    with Session(HttpPolicy(allow_private=True, retries=0)) as once:
        source = XyzSource(provider(server.template()), session=once, tries=3)
        look = source.look(CENTRE, 8_000)
    assert len(look.tiles) > 8
    assert look.count("failed") == len(look.tiles)
    assert len(server.asked) == len(set(server.asked)) <= most
    assert source.reach().reasons == ((f"the server answered {code}", len(look.tiles)),)


def test_nobody_listens(server: TileServer) -> None:
    template = server.template()
    server.http.server_close()
    with Session(HttpPolicy(allow_private=True, retries=0)) as session:
        look = XyzSource(provider(template), session=session).look(CENTRE, 2_000)
    assert look.chip is None
    assert all("connection failed" in str(fact.reason) for fact in look.tiles)


def test_private_servers_are_asked_only_where_allowed(server: TileServer) -> None:
    with Session(HttpPolicy()) as session:
        look = XyzSource(provider(server.template()), session=session).look(CENTRE, 2_000)
    assert look.chip is None
    assert all("--allow-private" in str(fact.reason) for fact in look.tiles)
    assert server.asked == []


def test_beyond_the_pyramid(server: TileServer, session: Session) -> None:
    source = XyzSource(provider(server.template()), session=session)
    with pytest.raises(ChipError, match="outside of web map tiles"):
        source.chip(Position(lon=0.0, lat=88.0), 2_000)


def test_a_404_among_tiles_that_are_there_is_doubted(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    """Some servers answer so when busy; what is really missing is asked for three times."""
    facts = provider(server.template())
    first = XyzSource(facts, session=session).look(CENTRE, 6_000).tiles[0].tile
    victim = (first.zoom, first.col, first.row)
    server.faults, server.once = {victim: status(404)}, {victim}
    look = XyzSource(facts, session=session, cache=TileCache(tmp_path)).look(CENTRE, 6_000)
    assert look.count("missing") == 0
    assert look.chip is not None
    assert look.chip.coverage == 1.0
    server.faults, server.once = {victim: status(404)}, set()
    server.asked.clear()
    again = XyzSource(facts, session=session).look(CENTRE, 6_000)
    assert again.count("missing") == 1
    assert len(server.asked) == len(again.tiles) + 2
    # Where the layer ends, everything is missing, and asked for once.
    server.asked.clear()
    nothing = XyzSource(facts, session=session).look(Position(lon=10.0, lat=10.0), 6_000)
    assert len(server.asked) == len(nothing.tiles)


def test_the_budget_is_said_before_the_first_request(
    server: TileServer, session: Session, tmp_path: Path
) -> None:
    asked_before: list[tuple[int, int, int]] = []

    def announce(plan: Plan) -> None:
        asked_before.append((len(server.asked), plan.tiles, plan.to_fetch))

    facts, cache = provider(server.template()), TileCache(tmp_path)
    source = XyzSource(facts, session=session, cache=cache, announce=announce)
    look = source.look(CENTRE, 3_000)
    assert asked_before == [(0, len(look.tiles), len(look.tiles))]
    # All of it is in the cache now: there is nothing to announce.
    source.look(CENTRE, 3_000)
    assert len(asked_before) == 1
    assert source.plan(CENTRE, 3_000).to_fetch == 0
    asked = len(server.asked)
    small = XyzSource(facts, session=session, most_tiles=3)
    with pytest.raises(ChipError, match=r"tiles would have to be fetched, and 3 are allowed"):
        small.look(CENTRE, 6_000)
    assert len(server.asked) == asked


def test_one_connection_where_no_more_are_allowed(server: TileServer, session: Session) -> None:
    server.wait_s = 0.02
    for allowed in (1, 3):
        server.busiest = 0
        facts = provider(server.template(layer=str(allowed)), connections=allowed)
        assert XyzSource(facts, session=session).chip(CENTRE, 6_000) is not None
        assert 1 <= server.busiest <= allowed
