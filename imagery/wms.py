"""Web Map Service (OGC 01-068r3, version 1.1.1, and 06-042, version 1.3.0): any rectangle drawn.

The rectangles asked for are the tiles of a fixed grid, so that the answers can be kept and used for
the next chip. Version 1.3.0 writes a rectangle in the order of axes of the coordinate system, which
for EPSG:4326 is latitude first; version 1.1.1 always writes x before y.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from gazetteer.position import Position
from imagery.errors import ProviderError
from imagery.grid import Tile
from imagery.tile_matrix import MatrixWindow, matrices_of, north_first

if TYPE_CHECKING:
    from imagery.providers import Provider


class WmsTiling:
    """Tiles of one layer of a WMS; see ``tile_facts.Tiling``.

    Raises:
        ProviderError: the provider's coordinate system is not known.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._grid = matrices_of(provider.crs, tile_px=provider.tile_px)
        self._swapped = provider.version == "1.3.0" and north_first(provider.crs)

    def window(self, centre: Position, size_m: float, *, most_px: int) -> MatrixWindow:
        """The pixels of a square on the ground.

        Raises:
            ChipError: the square lies outside of the coordinate system.
        """
        return self._grid.window_around(
            centre,
            size_m,
            min_zoom=self._provider.min_zoom,
            max_zoom=self._provider.max_zoom,
            most_px=most_px,
        )

    def url(self, tile: Tile, day: date | None) -> str:
        """The address of a tile.

        Raises:
            ProviderError: the layer is daily and no day is given.
        """
        provider = self._provider
        left, bottom, right, top = self._grid.matrices[tile.zoom].box(tile)
        box = (bottom, left, top, right) if self._swapped else (left, bottom, right, top)
        image = provider.image or "image/png"
        asked = {
            "SERVICE": "WMS",
            "VERSION": provider.version,
            "REQUEST": "GetMap",
            "LAYERS": str(provider.layer),
            "STYLES": provider.style,
            "CRS" if provider.version == "1.3.0" else "SRS": provider.crs,
            "BBOX": ",".join(format(edge, ".12g") for edge in box),
            "WIDTH": str(provider.tile_px),
            "HEIGHT": str(provider.tile_px),
            "FORMAT": image,
            # Where the server has nothing, nothing is to be drawn.
            "TRANSPARENT": "FALSE" if image == "image/jpeg" else "TRUE",
            **provider.dimensions,
        }
        if provider.dates == "daily":
            asked["TIME"] = day_of(provider, day)
        return with_query(str(provider.address), asked)


def day_of(provider: Provider, day: date | None) -> str:
    """The day to ask a daily layer for.

    Raises:
        ProviderError: none is given.
    """
    if day is None:
        raise ProviderError(f"{provider.name} has one layer per day; say which day")
    return day.isoformat()


def with_query(address: str, asked: dict[str, str]) -> str:
    """An address with parameters, which replace those of the same name, however written."""
    parts = urlsplit(address)
    names = {name.upper() for name in asked}
    kept = [
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k.upper() not in names
    ]
    # Slashes and colons may stand in a query as they are (RFC 3986, 3.4), and some servers insist.
    query = urlencode([*kept, *asked.items()], safe="/:,")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
