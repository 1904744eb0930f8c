"""MapProxy, an independent server of WMTS and WMS, on loopback over our own tiles."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_RUN = """
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server
from mapproxy.wsgiapp import make_wsgi_app


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


server = make_server("127.0.0.1", 0, make_wsgi_app(sys.argv[1]), handler_class=Quiet)
print(server.server_port, flush=True)
server.serve_forever(0.05)
"""

_CONFIG = """
services:
  wmts: {{kvp: true, restful: true}}
  wms:
    srs: ["EPSG:4326", "EPSG:3857", "EPSG:32637", "EPSG:3035"]
    image_formats: [image/png, image/jpeg]
    versions: ["1.1.1", "1.3.0"]
layers:
  - {{name: land, title: Synthetic, sources: [land]}}
caches:
  land:
    grids: [mercator, utm, degrees]
    sources: [original]
    format: image/png
    disable_storage: true
  original:
    grids: [mercator]
    sources: [tiles]
    format: image/png
    disable_storage: true
sources:
  tiles:
    type: tile
    grid: mercator
    transparent: true
    url: "{template}"
    on_error: {{404: {{response: transparent, cache: false}}}}
grids:
  mercator: {{base: GLOBAL_WEBMERCATOR, num_levels: 15}}
  utm:
    srs: "EPSG:32637"
    bbox: [400000, 3600000, 500000, 3800000]
    origin: nw
    res: [80, 40, 20, 10]
    tile_size: [300, 200]
  degrees: {{srs: "EPSG:4326", origin: nw, bbox: [-180, -90, 180, 90], num_levels: 15}}
globals:
  image: {{resampling_method: bilinear}}
"""


@contextmanager
def mapproxy(template: str, folder: Path) -> Iterator[str]:
    """A running server's address; ``template`` has %(z)s, %(x)s and %(y)s."""
    config = folder / "mapproxy.yaml"
    config.write_text(_CONFIG.format(template=template), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _RUN, str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
