"""The protocol of web maps: one image per {z}/{x}/{y}, rows counted from north or south (TMS)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gazetteer.position import Position
from imagery.grid import MAX_ZOOM, Tile, Window, window_around
from imagery.tile_source import TileSource

if TYPE_CHECKING:
    from imagery.providers import Provider


class XyzTiling:
    """Tiles of a template; see ``tile_source.Tiling``."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def window(self, centre: Position, size_m: float, *, most_px: int) -> Window:
        """The pixels of a square on the ground.

        Raises:
            ChipError: the square cannot be cut from web map tiles.
        """
        provider = self._provider
        return window_around(
            centre,
            size_m,
            min_zoom=provider.min_zoom,
            max_zoom=MAX_ZOOM if provider.max_zoom is None else provider.max_zoom,
            tile_px=provider.tile_px,
            most_px=most_px,
        )

    def url(self, tile: Tile, day: date | None) -> str:
        """The address of a tile.

        Raises:
            ProviderError: the layer is daily and no day is given.
        """
        return self._provider.url(tile, day)


XyzSource = TileSource
"""A source of chips from a template; the class serves the other protocols as well."""
