"""A real tile server on loopback, whose tiles are cut from a georeferenced raster by GDAL."""

from __future__ import annotations

import io
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Where = tuple[int, int, int]
"""Zoom, column, row from the north."""
Fault = Callable[[bytes], tuple[int, bytes, str]]
"""What is sent instead of a tile: status, body, content type."""


def corner(zoom: int, col: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a tile's northwest corner: the published formula, in degrees."""
    n = 2.0**zoom
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / n))))
    return col / n * 360.0 - 180.0, lat


def cut_tile(raster: Path, where: Where, tile_px: int) -> np.ndarray[Any, Any]:
    """(bands, rows, cols) of one tile with alpha as last band, warped by GDAL."""
    import rasterio
    from affine import Affine
    from pyproj import Transformer
    from rasterio.vrt import WarpedVRT

    zoom, col, row = where
    to_mercator = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True)
    west, north = to_mercator.transform(*corner(zoom, col, row))
    east, south = to_mercator.transform(*corner(zoom, col + 1, row + 1))
    with (
        rasterio.open(raster) as source,
        WarpedVRT(
            source,
            crs="EPSG:3857",
            transform=Affine((east - west) / tile_px, 0, west, 0, (south - north) / tile_px, north),
            width=tile_px,
            height=tile_px,
            resampling=rasterio.enums.Resampling.bilinear,
            add_alpha=True,
        ) as tile,
    ):
        cut: np.ndarray[Any, Any] = tile.read()
    return cut


def encoded(cut: np.ndarray[Any, Any], kind: str) -> bytes:
    """A tile as PNG with alpha, or as JPEG without."""
    rgba = np.moveaxis(cut if cut.shape[0] == 4 else cut[[0, 0, 0, -1]], 0, 2).astype(np.uint8)
    picture = Image.fromarray(rgba)
    out = io.BytesIO()
    if kind == "png":
        picture.save(out, "PNG")
    else:
        picture.convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


class TileServer:
    """Serves ``/ANYTHING/z/x/y.png`` (or .jpg); ``faults`` replaces what single tiles answer."""

    def __init__(self, raster: Path, *, tile_px: int = 256, tms: bool = False) -> None:
        self.raster, self.tile_px, self.tms = raster, tile_px, tms
        self.asked: list[str] = []
        self.faults: dict[Where, Fault] = {}
        self.every: Fault | None = None
        self.once: set[Where] = set()
        # Answers to other paths, without their query: body and content type.
        self.documents: dict[str, tuple[bytes, str]] = {}
        self.wait_s = 0.0
        self.busiest = 0
        self._busy = 0
        self._made: dict[tuple[Where, str], bytes | None] = {}
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]

    def template(self, ext: str = "png", *, layer: str = "layer", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.http.server_port}/{layer}/{{z}}/{{x}}/{{y}}.{ext}"

    def tile(self, where: Where, kind: str) -> bytes | None:
        """A tile's bytes; None where the raster has nothing."""
        with self._lock:
            if (where, kind) not in self._made:
                cut = cut_tile(self.raster, where, self.tile_px)
                self._made[where, kind] = encoded(cut, kind) if cut[-1].any() else None
            return self._made[where, kind]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
            self.asked.append(request.path)
        try:
            status, body, kind = self._what(request.path)
            time.sleep(self.wait_s)
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        finally:
            with self._lock:
                self._busy -= 1

    def _what(self, path: str) -> tuple[int, bytes, str]:
        if path.split("?")[0] in self.documents:
            return 200, *self.documents[path.split("?")[0]]
        found = re.search(r"/(\d+)/(\d+)/(\d+)\.(png|jpg)$", path)
        if found is None:
            return 404, b"", "text/plain"
        zoom, col, row = (int(found.group(n)) for n in (1, 2, 3))
        if self.tms:
            row = 2**zoom - 1 - row
        where, kind = (zoom, col, row), found.group(4)
        body = self.tile(where, kind)
        with self._lock:
            fault = self.every or self.faults.get(where)
            if where in self.once:
                self.faults.pop(where, None)
        if fault is not None:
            return fault(body or b"")
        if body is None:
            return 404, b"", "text/plain"
        return 200, body, f"image/{kind}"


@contextmanager
def tile_server(
    raster: Path, *, tile_px: int = 256, tms: bool = False, kind: type[TileServer] = TileServer
) -> Iterator[TileServer]:
    """A running server."""
    server = kind(raster, tile_px=tile_px, tms=tms)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join(5)


def status(code: int) -> Fault:
    """An HTTP status without a body."""
    return lambda _: (code, b"", "text/plain")


def instead(body: bytes, kind: str = "image/png") -> Fault:
    """Other bytes, as if all were well."""
    return lambda _: (200, body, kind)


def truncated(body: bytes) -> tuple[int, bytes, str]:
    """Two thirds of the tile."""
    return 200, body[: len(body) * 2 // 3], "image/png"


def write_landscape(path: Path, *, lon: float, lat: float, epsg: int, size: int = 1200) -> Path:
    """A synthetic raster of 10 m pixels in UTM around a point, smooth and nowhere blank.

    In it stands one bright blob, round on the ground, centred on the point to a fraction of a
    pixel.
    """
    import rasterio
    from affine import Affine
    from pyproj import Transformer

    x, y = Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True).transform(lon, lat)
    # Not on the pixel grid, on purpose.
    west, north = round(x / 10) * 10 - size * 5 + 3.7, round(y / 10) * 10 + size * 5 - 1.9
    cols, rows = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5)
    east, up = west + cols * 10, north - rows * 10
    ground = 70 + 25 * np.sin(east / 900) + 25 * np.cos(up / 700)
    blob = 110 * np.exp(-((east - x) ** 2 + (up - y) ** 2) / (2 * 60.0**2))
    bands = np.stack([ground + blob, ground * 0.8 + blob, ground * 0.6 + blob])
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=size,
        height=size,
        count=3,
        dtype="uint8",
        crs=f"EPSG:{epsg}",
        transform=Affine(10, 0, west, 0, -10, north),
    ) as out:
        out.write(bands.round().astype(np.uint8))
    return path
