"""A real STAC API on loopback, over scenes that are made on the spot or lie in a folder.

It serves the files too, whole or in parts, as object stores do. ``faults`` replaces what single
paths answer.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

ITEM_SEARCH = "https://api.stacspec.org/v1.0.0/item-search"
Answer = Callable[[BaseHTTPRequestHandler], None]
Item = dict[str, Any]


class StacServer:
    """Serves ``/stac`` (an API), ``/files/...`` (a folder) and whatever stands in ``faults``."""

    def __init__(self, items: Sequence[Item], folder: Path, *, page: int = 100) -> None:
        self.items, self.folder, self.page = list(items), folder, page
        self.asked: list[str] = []
        self.methods: list[str] = []
        self.spans: list[tuple[str, str]] = []
        self.faults: dict[str, Answer] = {}
        self.ranges = True
        self.post_pages = False
        self.busiest = 0
        self.wait_s = 0.0
        self._busy = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer.answer(self)

            do_POST = do_GET  # noqa: N815 - the name the standard library calls

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]

    def url(self, path: str = "/stac") -> str:
        return f"http://127.0.0.1:{self.http.server_port}{path}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.asked.append(request.path)
            self.methods.append(request.command)
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        try:
            time.sleep(self.wait_s)
            parts = urlsplit(request.path)
            query = {k: v[0] for k, v in parse_qs(parts.query).items()}
            if fault := self.faults.get(parts.path):
                fault(request)
            elif parts.path in {"/stac", "/stac/"}:
                send_json(request, self.root())
            elif parts.path == "/stac/search":
                send_json(request, self.search(query))
            elif parts.path.startswith("/files/"):
                self.send_file(request, parts.path.removeprefix("/files/"))
            else:
                send(request, 404, b"")
        finally:
            with self._lock:
                self._busy -= 1

    def root(self) -> Item:
        return {
            "type": "Catalog",
            "stac_version": "1.0.0",
            "id": "loopback",
            "description": "Synthetic scenes",
            "conformsTo": ["https://api.stacspec.org/v1.0.0/core", ITEM_SEARCH],
            "links": [
                {"rel": "self", "href": self.url()},
                {"rel": "root", "href": self.url()},
                {
                    "rel": "search",
                    "type": "application/geo+json",
                    "method": "GET",
                    "href": self.url("/stac/search"),
                },
            ],
        }

    def search(self, query: Mapping[str, str]) -> Item:
        """Items by box, time and collection, the newest first, page by page."""
        found = sorted(self.items, key=lambda i: str(i["properties"]["datetime"]), reverse=True)
        if "collections" in query:
            found = [i for i in found if i["collection"] in query["collections"].split(",")]
        if "datetime" in query:
            first, last = query["datetime"].split("/")
            found = [i for i in found if first <= i["properties"]["datetime"] <= last]
        if "bbox" in query:
            west, south, east, north = map(float, query["bbox"].split(","))
            found = [
                i
                for i in found
                if i["bbox"][0] <= east
                and west <= i["bbox"][2]
                and i["bbox"][1] <= north
                and south <= i["bbox"][3]
            ]
        begin = int(query.get("token", "0"))
        end = begin + min(self.page, int(query.get("limit", "10")))
        links = []
        if end < len(found):
            href = self.url("/stac/search")
            if self.post_pages:
                body = {**query, "token": str(end)}
                links = [{"rel": "next", "method": "POST", "href": href, "body": body}]
            else:
                joined = "&".join(f"{k}={v}" for k, v in {**query, "token": str(end)}.items())
                links = [{"rel": "next", "href": f"{href}?{joined}"}]
        return {"type": "FeatureCollection", "features": found[begin:end], "links": links}

    def send_file(self, request: BaseHTTPRequestHandler, name: str) -> None:
        path = self.folder / name
        if not path.is_file():
            send(request, 404, b"")
            return
        data = path.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
        if asked is None or not self.ranges:
            send(request, 200, data, ETag=f'"{len(data)}"')
            return
        first, last = int(asked[1]), min(int(asked[2]), len(data) - 1)
        with self._lock:
            self.spans.append((name, f"{first}-{last}"))
        if first >= len(data):
            send(request, 416, b"")
            return
        where = f"bytes {first}-{last}/{len(data)}"
        part = data[first : last + 1]
        send(request, 206, part, Content_Range=where, ETag=f'"{len(data)}"')


@contextmanager
def stac_server(items: Sequence[Item], folder: Path, **more: Any) -> Iterator[StacServer]:
    """A running server; items' addresses that begin with ``/`` are made its own."""
    server = StacServer([], folder, **more)
    server.items = [_at(item, server) for item in items]
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join(5)


def _at(item: Item, server: StacServer) -> Item:
    assets = {
        key: {**asset, "href": server.url("/files" + asset["href"])}
        if asset["href"].startswith("/")
        else asset
        for key, asset in item["assets"].items()
    }
    return {**item, "assets": assets}


def send(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def send_json(request: BaseHTTPRequestHandler, document: Any) -> None:
    send(request, 200, json.dumps(document).encode(), Content_Type="application/json")


def answering(status: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda request: send(request, status, body, **headers)


def dripping(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    while True:
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.05)


# 33.5 N, 38.6 E lies in zone 37; the synthetic scenes begin at a corner of the 10 m grid.
EPSG = 32637
WEST, NORTH = 640_000.0, 3_712_000.0
SIDE = 320
"""Pixels of 10 m."""


def ground(seed: int = 0) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Reflectance (4, SIDE, SIDE) of a synthetic plain with a bright square in its middle."""
    rows, cols = np.mgrid[0:SIDE, 0:SIDE]
    plain = 0.25 + 0.05 * np.sin(cols / 9) * np.cos(rows / 13)
    plain = plain + np.random.default_rng(seed).normal(0, 0.002, plain.shape)
    plain[150:170, 150:170] += 0.1
    return np.stack([plain * share for share in (1.0, 0.8, 0.6, 1.2)])


def write_cog(
    path: Path,
    pixels: np.ndarray[Any, Any],
    *,
    west: float = WEST,
    north: float = NORTH,
    step: float = 10.0,
    crs: str | None = f"EPSG:{EPSG}",
    no_data: float | None = 0,
) -> Path:
    """A Cloud-Optimized GeoTIFF of (bands, rows, cols)."""
    import rasterio
    from affine import Affine

    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path,
        "w",
        driver="COG",
        count=pixels.shape[0],
        height=pixels.shape[1],
        width=pixels.shape[2],
        dtype=pixels.dtype,
        crs=crs,
        transform=Affine(step, 0, west, 0, -step, north),
        nodata=no_data,
        blocksize=128,
        compress="deflate",
        overview_resampling="average",
    ) as out:
        out.write(pixels)
    return path


def bbox_of(
    west: float = WEST, north: float = NORTH, side_m: float = SIDE * 10.0, epsg: int = EPSG
) -> list[float]:
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(f"EPSG:{epsg}", "OGC:CRS84", always_xy=True)
    box = to_degrees.transform_bounds(west, north - side_m, west + side_m, north)
    return [float(edge) for edge in box]


def centre() -> tuple[float, float]:
    """Longitude and latitude of the middle of the synthetic scenes."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(f"EPSG:{EPSG}", "OGC:CRS84", always_xy=True)
    lon, lat = to_degrees.transform(WEST + SIDE * 5, NORTH - SIDE * 5)
    return float(lon), float(lat)


BANDS = ("red", "green", "blue", "nir")


def sentinel_scene(
    folder: Path,
    day: str,
    *,
    cloud: tuple[slice, slice] | None = None,
    said_cloud: float = 1.0,
    baseline: str | None = "05.09",
    sun: float = 55.0,
    seed: int | None = None,
    properties: Mapping[str, Any] | None = None,
) -> Item:
    """One synthetic scene in the manner of Sentinel-2: four bands of 10 m, a mask of 20 m, an item.

    The numbers in the files are those that its baseline asks for; under ``cloud`` (in pixels of
    10 m) they are bright and the mask says cloud.
    """
    name = f"S2A_{day.replace('-', '')}"
    reflectance = ground(sum(map(ord, day)) if seed is None else seed)
    classes = np.full((SIDE // 2, SIDE // 2), 5, dtype=np.uint8)
    if cloud is not None:
        reflectance[:, cloud[0], cloud[1]] = 0.9
        half = tuple(slice((s.start or 0) // 2, (s.stop or SIDE) // 2) for s in cloud)
        classes[half] = 9
    add = 1000 if baseline is None or baseline >= "04.00" else 0
    numbers = (reflectance * 10_000 + add).round().astype(np.uint16)
    for band, layer in zip(BANDS, numbers, strict=True):
        write_cog(folder / name / f"{band}.tif", layer[None])
    write_cog(folder / name / "scl.tif", classes[None], step=20.0)
    told = {"s2:processing_baseline": baseline} if baseline is not None else {}
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": name,
        "collection": "sentinel-2-c1-l2a",
        "geometry": None,
        "bbox": bbox_of(),
        "properties": {
            "datetime": f"{day}T08:10:11Z",
            "platform": "sentinel-2a",
            "eo:cloud_cover": said_cloud,
            "view:sun_elevation": sun,
            "view:sun_azimuth": 140.0,
            **told,
            **(properties or {}),
        },
        "links": [],
        "assets": {
            key: {"href": f"/{name}/{key}.tif", "type": "image/tiff"} for key in (*BANDS, "scl")
        },
    }
