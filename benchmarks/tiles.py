"""How fast and how exactly tiles become a chip, against a tile server on this machine.

    python benchmarks/tiles.py [--delay-ms 20] [--runs N] [--px 1000]

The server cuts its tiles from a synthetic raster and waits before each answer as a distant one
would. Prints, as one line of JSON last: ``ours_per_s`` and ``contextily_per_s`` (tiles per second
for the same square, median of the runs; null where contextily is not installed), ``ratio`` of the
two, ``connections`` (most at once), ``offset_px`` (how far a known point lies from where the
georeference puts it) and ``faults_recovered`` (share of tiles got in the end of those that first
failed: an error status, a broken connection, a damaged image).
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import math
import multiprocessing
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
from imagery.xyz import XyzSource

CENTRE = Position(lon=38.61784, lat=33.50583)
ZOOM = 14
# The blob's width on the map, metres of EPSG:3857.
BLOB_M = 70.0
FAULTS = ("503", "500", "hang up", "truncated", "html")


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

    In the layer "faulty", the first request for each tile fails, in turn in each way of FAULTS.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self.failed: dict[str, int] = {}
        self.busy = self.busiest = 0
        self.lock = threading.Lock()
        self.made: dict[tuple[int, ...], bytes] = {}
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is nothing to print."""

    def body(self, path: str) -> bytes:
        """The tile, or under /stats the counts."""
        with self.lock:
            if path == "/stats":
                return json.dumps({"busiest": self.busiest, "failed": len(self.failed)}).encode()
            where = tuple(int(n) for n in re.findall(r"\d+", path)[-3:])
            if where not in self.made:
                self.made[where] = tile_png(*where)
            return self.made[where]

    def fault(self, path: str) -> str | None:
        """How this request fails, if it does."""
        with self.lock:
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


def source_of(port: int, session: Session, layer: str, *, tries: int = 1) -> XyzSource:
    provider = Provider(
        id="bench",
        name="Synthetic",
        template=f"http://127.0.0.1:{port}/{layer}/{{z}}/{{x}}/{{y}}.png",
        min_zoom=ZOOM,
        max_zoom=ZOOM,
        automated=True,
    )
    return XyzSource(provider, session=session, tries=tries)


def offset_px(source: XyzSource) -> float:
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


def ours_per_s(port: int, size_m: float, runs: int) -> tuple[float, int]:
    """Tiles per second without a cache, and how many tiles the square has."""
    rates, tiles = [], 0
    with Session(HttpPolicy(allow_private=True)) as session:
        source = source_of(port, session, "warm")
        source.look(CENTRE, size_m)
        for _ in range(runs):
            begun = time.perf_counter()
            look = source.look(CENTRE, size_m)
            tiles = look.count("fetched")
            rates.append(tiles / (time.perf_counter() - begun))
    return statistics.median(rates), tiles


def contextily_per_s(port: int, size_m: float, runs: int, tiles: int) -> float | None:
    """The same square through contextily, where that is installed."""
    if importlib.util.find_spec("contextily") is None:
        return None
    import contextily  # type: ignore[import-not-found,unused-ignore]

    half = size_m / math.cos(math.radians(CENTRE.lat)) / 2
    x, y = mercator(CENTRE)
    rates = []
    url = f"http://127.0.0.1:{port}/warm/{{z}}/{{x}}/{{y}}.png"
    for _ in range(runs):
        begun = time.perf_counter()
        contextily.bounds2img(
            x - half, y - half, x + half, y + half, zoom=ZOOM, source=url, use_cache=False,
            n_connections=16,
        )  # fmt: skip
        rates.append(tiles / (time.perf_counter() - begun))
    return statistics.median(rates)


def faults_recovered(port: int, size_m: float) -> float:
    """Share of tiles got although their first request failed."""
    with Session(HttpPolicy(allow_private=True, retries=3), sleep=lambda _: None) as session:
        look = source_of(port, session, "faulty", tries=2).look(CENTRE, size_m)
    if stats(port)["failed"] != len(look.tiles):
        raise SystemExit("not every tile was made to fail")
    return look.count("fetched") / len(look.tiles)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay-ms", type=float, default=20.0)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--px", type=int, default=1000)
    options = parser.parse_args()
    size_m = options.px * 2 * HALF_WORLD_M / 2**ZOOM / 256 * math.cos(math.radians(CENTRE.lat))
    ours_end, its_end = multiprocessing.Pipe()
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=serve, args=(options.delay_ms / 1000, its_end), daemon=True)
    process.start()
    port: int = ours_end.recv()
    try:
        ours, tiles = ours_per_s(port, size_m, options.runs)
        connections = stats(port)["busiest"]
        contextily = contextily_per_s(port, size_m, options.runs, tiles)
        recovered = faults_recovered(port, size_m)
        with Session(HttpPolicy(allow_private=True)) as session:
            offset = offset_px(source_of(port, session, "warm"))
    finally:
        process.terminate()
        process.join()
    print(f"{tiles} tiles of 256 px, each answered after {options.delay_ms:g} ms")
    figures = {
        "ours_per_s": round(ours, 1),
        "contextily_per_s": None if contextily is None else round(contextily, 1),
        "ratio": None if contextily is None else round(ours / contextily, 2),
        "connections": connections,
        "offset_px": round(offset, 4),
        "faults_recovered": round(recovered, 3),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
