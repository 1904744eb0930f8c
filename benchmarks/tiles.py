"""How fast and how exactly tiles become a chip, against a tile server on this machine.

    python benchmarks/tiles.py [--delay-ms 50] [--runs N] [--px 3000]

The server, a process of its own, cuts its tiles from a synthetic raster and waits before each
answer as a distant one would. Prints, as one line of JSON last: ``ours_per_s`` and
``contextily_per_s`` (tiles per second for the same square, median of the runs, which take turns;
contextily at whichever number of connections up to 16 suits it best; null where it is not
installed), ``ratio`` of the two, ``connections`` (most of ours at once), ``limit_per_s``
(connections over delay: no client of so many can be faster), ``contextily_unlimited_per_s`` (its
best with any number of connections up to 64), ``offset_px`` (the farther of two: a known point
against where the georeference puts it, and the chip's outer corners against those of GDAL's own
tile driver for the same tiles), ``faults_recovered`` (of tiles that exist, the share that arrives
where one request in twenty fails by a broken connection, a 429, 503 or 404) and
``first_fails_recovered`` (the same where the first request for every tile fails).
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import math
import multiprocessing
import random
import re
import statistics
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

import numpy as np
from PIL import Image

from gazetteer.position import Position
from imagery.grid import HALF_WORLD_M, RADIUS_M
from imagery.http import HttpPolicy, Session
from imagery.providers import Provider
from imagery.tile_source import TileSource

CENTRE = Position(lon=38.61784, lat=33.50583)
ZOOM = 14
# The blob's width on the map, metres of EPSG:3857.
BLOB_M = 70.0
FAULTS = ("503", "500", "hang up", "truncated", "html")
RARE_FAULTS = ("429", "503", "hang up", "404")
RARE = 0.05
CONNECTIONS = 16


def mercator(position: Position) -> tuple[float, float]:
    """The projection's own formula, not the toolkit's."""
    lat = math.radians(position.lat)
    return RADIUS_M * math.radians(position.lon), RADIUS_M * math.log(
        math.tan(math.pi / 4 + lat / 2)
    )


def tile_png(zoom: int, col: int, row: int) -> bytes:
    """A smooth synthetic landscape with one bright blob at the centre, sampled at pixel centres."""
    step = 2 * HALF_WORLD_M / 2**zoom / 256
    x = -HALF_WORLD_M + (col * 256 + np.arange(256) + 0.5) * step
    y = (HALF_WORLD_M - (row * 256 + np.arange(256) + 0.5) * step)[:, None]
    east, north = mercator(CENTRE)
    ground = 70 + 25 * np.sin(x / 900) + 25 * np.cos(y / 700)
    blob = 110 * np.exp(-((x - east) ** 2 + (y - north) ** 2) / (2 * BLOB_M**2))
    bands = np.dstack([ground + blob, 0.8 * ground + blob, 0.6 * ground + blob])
    out = io.BytesIO()
    Image.fromarray(bands.round().astype(np.uint8)).save(out, "PNG", compress_level=1)
    return out.getvalue()


class Server(ThreadingHTTPServer):
    """Serves the landscape and counts requests at once.

    In the layer "faulty", the first request for each tile fails, in turn in each way of FAULTS. In
    the layer "rare", one request in twenty fails, whichever it is, in a way of RARE_FAULTS.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self.failed: dict[str, int] = {}
        self.busy = self.busiest = self.rare = 0
        self.lock = threading.Lock()
        self.chance = random.Random(0)
        self.made: dict[tuple[int, ...], bytes] = {}
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is nothing to print."""

    def body(self, path: str) -> bytes:
        """The tile, or under /stats the counts."""
        with self.lock:
            if path == "/stats":
                counts = {"busiest": self.busiest, "failed": len(self.failed), "rare": self.rare}
                return json.dumps(counts).encode()
            where = tuple(int(n) for n in re.findall(r"\d+", path)[-3:])
            if where not in self.made:
                self.made[where] = tile_png(*where)
            return self.made[where]

    def fault(self, path: str) -> str | None:
        """How this request fails, if it does."""
        with self.lock:
            if "/rare/" in path:
                if self.chance.random() >= RARE:
                    return None
                self.rare += 1
                return self.chance.choice(RARE_FAULTS)
            if "/faulty/" not in path or path in self.failed:
                return None
            self.failed[path] = len(self.failed)
            return FAULTS[self.failed[path] % len(FAULTS)]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer after a while, as a distant server would."""
        with self.server.lock:
            self.server.busy += 1
            self.server.busiest = max(self.server.busiest, self.server.busy)
        try:
            body = self.server.body(self.path)
            fault = self.server.fault(self.path)
            time.sleep(self.server.delay_s)
            if fault == "hang up":
                self.close_connection = True
                return
            if fault == "truncated":
                body = body[: len(body) // 2]
            elif fault == "html":
                body = b"<html>Please come back later</html>"
            self.send_response(int(fault) if fault and fault.isdigit() else 200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        finally:
            with self.server.lock:
                self.server.busy -= 1

    def log_message(self, *_: object) -> None:
        """Quiet."""


def serve(delay_s: float, port: Connection) -> None:
    """The server's own process, so that it takes no time from what is measured."""
    server = Server(delay_s)
    port.send(server.server_port)
    server.serve_forever(0.05)


def source_of(port: int, session: Session, layer: str, *, tries: int = 1) -> TileSource:
    provider = Provider(
        id="bench",
        name="Synthetic",
        template=f"http://127.0.0.1:{port}/{layer}/{{z}}/{{x}}/{{y}}.png",
        min_zoom=ZOOM,
        max_zoom=ZOOM,
        connections=CONNECTIONS,
        automated=True,
    )
    return TileSource(provider, session=session, tries=tries, most_px=8192, most_tiles=2000)


def offset_px(source: TileSource) -> float:
    """Where the blob is in the chip, against where its georeference puts the point."""
    from scipy.optimize import least_squares

    chip = source.chip(CENTRE, 1_500)
    if chip is None:
        raise SystemExit("the server gave nothing")
    grey = chip.pixels.astype(float).sum(axis=0)
    rows, cols = np.indices(grey.shape) + 0.5
    rows, cols = rows - grey.shape[0] / 2, cols - grey.shape[1] / 2
    near = np.hypot(rows, cols) < 25

    def misfit(
        p: np.ndarray[tuple[int], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        bump = p[0] * np.exp(-((cols - p[1]) ** 2 + (rows - p[2]) ** 2) / (2 * p[3] ** 2))
        model = bump + p[4] + p[5] * cols + p[6] * rows
        return np.asarray((model - grey)[near])

    fit = least_squares(misfit, [300.0, 0.0, 0.0, 7.0, 150.0, 0.0, 0.0]).x
    a, _, c, _, e, f = chip.transform
    east, north = mercator(CENTRE)
    col = fit[1] + grey.shape[1] / 2
    row = fit[2] + grey.shape[0] / 2
    return math.hypot((east - c) / a - col, (north - f) / e - row)


def stats(port: int) -> dict[str, int]:
    """The server's counts."""
    with Session(HttpPolicy(allow_private=True)) as session:
        counts: dict[str, int] = json.loads(session.get(f"http://127.0.0.1:{port}/stats").body)
    return counts


def gdal_offset_px(source: TileSource) -> float:
    """How far the chip's corners lie from where GDAL's own tile driver has the same pixels."""
    import rasterio
    from rasterio.windows import from_bounds

    chip = source.chip(CENTRE, 1_500)
    if chip is None:
        raise SystemExit("the server gave nothing")
    url = source.provider.template.replace("{", "${")
    described = (
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}</ServerUrl></Service><DataWindow>'
        f"<UpperLeftX>{-HALF_WORLD_M!r}</UpperLeftX><UpperLeftY>{HALF_WORLD_M!r}</UpperLeftY>"
        f"<LowerRightX>{HALF_WORLD_M!r}</LowerRightX><LowerRightY>{-HALF_WORLD_M!r}</LowerRightY>"
        f"<TileLevel>{ZOOM}</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY>"
        "<YOrigin>top</YOrigin></DataWindow><Projection>EPSG:3857</Projection>"
        "<BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY><BandsCount>3</BandsCount>"
        "</GDAL_WMS>"
    )
    a, _, c, _, e, f = chip.transform
    rows, cols = chip.shape
    with rasterio.open(described) as gdal:
        window = from_bounds(c, f + rows * e, c + cols * a, f, gdal.transform)
        off_col, off_row = window.col_off, window.row_off
        near = window.round_offsets().round_lengths()
        same = gdal.read(window=near)
    if same.shape != chip.pixels.shape or not (same == chip.pixels).all():
        raise SystemExit("GDAL sees other pixels there")
    return math.hypot(off_col - round(off_col), off_row - round(off_row))


def ours_per_s(source: TileSource, size_m: float) -> tuple[float, int]:
    """Tiles per second without a cache, and how many tiles the square has."""
    begun = time.perf_counter()
    look = source.look(CENTRE, size_m)
    took_s = time.perf_counter() - begun
    if look.count("fetched") != len(look.tiles):
        raise SystemExit(f"tiles are missing: {look.holes()}")
    return len(look.tiles) / took_s, len(look.tiles)


def contextily_per_s(port: int, size_m: float, tiles: int, connections: int) -> float | None:
    """The same square through contextily, where that is installed."""
    if importlib.util.find_spec("contextily") is None:
        return None
    import contextily  # type: ignore[import-not-found,import-untyped,unused-ignore]

    half = size_m / math.cos(math.radians(CENTRE.lat)) / 2
    x, y = mercator(CENTRE)
    url = f"http://127.0.0.1:{port}/warm/{{z}}/{{x}}/{{y}}.png"
    begun = time.perf_counter()
    contextily.bounds2img(
        x - half, y - half, x + half, y + half, zoom=ZOOM, source=url, use_cache=False,
        n_connections=connections,
    )  # fmt: skip
    return tiles / (time.perf_counter() - begun)


def speeds(port: int, size_m: float, runs: int) -> dict[str, float | int | None]:
    """Both clients in turns, so that what else the machine does slows both."""
    ours: list[float] = []
    most = 0
    theirs: dict[int, list[float]] = {8: [], CONNECTIONS: [], 32: [], 64: []}
    with Session(HttpPolicy(allow_private=True)) as session:
        source = source_of(port, session, "warm")
        _, tiles = ours_per_s(source, size_m)
        for _ in range(runs):
            ours.append(ours_per_s(source, size_m)[0])
            connections = stats(port)["busiest"]
            for count, rates in theirs.items():
                rate = contextily_per_s(port, size_m, tiles, count)
                if rate is not None:
                    rates.append(rate)
            if connections > CONNECTIONS and len(ours) == 1:
                raise SystemExit(f"{connections} connections at once")
            most = connections if len(ours) == 1 else most
    medians = {count: statistics.median(rates) for count, rates in theirs.items() if rates}
    fair = max((rate for count, rate in medians.items() if count <= CONNECTIONS), default=None)
    mine = statistics.median(ours)
    return {
        "tiles": tiles,
        "ours_per_s": round(mine, 1),
        "contextily_per_s": None if fair is None else round(fair, 1),
        "ratio": None if fair is None else round(mine / fair, 2),
        "connections": most,
        "contextily_unlimited_per_s": round(max(medians.values()), 1) if medians else None,
    }


def recovered(port: int, size_m: float, layer: str) -> float:
    """Share of tiles that arrive from a layer that fails."""
    with Session(HttpPolicy(allow_private=True, retries=4, backoff_s=0.05)) as session:
        look = source_of(port, session, layer, tries=2).look(CENTRE, size_m)
    counts = stats(port)
    if layer == "faulty" and counts["failed"] != len(look.tiles):
        raise SystemExit("not every tile was made to fail")
    if layer == "rare" and not counts["rare"]:
        raise SystemExit("nothing was made to fail")
    return look.count("fetched") / len(look.tiles)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay-ms", type=float, default=50.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--px", type=int, default=3000)
    options = parser.parse_args()
    size_m = options.px * 2 * HALF_WORLD_M / 2**ZOOM / 256 * math.cos(math.radians(CENTRE.lat))
    ours_end, its_end = multiprocessing.Pipe()
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=serve, args=(options.delay_ms / 1000, its_end), daemon=True)
    process.start()
    port: int = ours_end.recv()
    try:
        figures = speeds(port, size_m, options.runs)
        tiles = figures.pop("tiles")
        rare = recovered(port, size_m, "rare")
        faulty = recovered(port, size_m, "faulty")
        with Session(HttpPolicy(allow_private=True)) as session:
            source = source_of(port, session, "warm")
            offset = max(offset_px(source), gdal_offset_px(source))
    finally:
        process.terminate()
        process.join()
    print(f"{tiles} tiles of 256 px, each answered after {options.delay_ms:g} ms")
    figures |= {
        "limit_per_s": round(CONNECTIONS / options.delay_ms * 1000, 1),
        "offset_px": round(offset, 4),
        "faults_recovered": round(rare, 4),
        "first_fails_recovered": round(faulty, 4),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
