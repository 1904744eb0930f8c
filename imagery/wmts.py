"""Web Map Tile Service (OGC 07-057r7, version 1.0.0): tiles as the server's capabilities say.

Which grids a layer has, in which coordinate system, and how a tile is addressed (REST: a template;
KVP: parameters) is read from the capabilities. A layer with a dimension of time is asked for a day:
servers answer a request without one with a day of their own choice.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from gazetteer.position import Position
from imagery.errors import ChipError, ProviderError, printable
from imagery.grid import Tile
from imagery.tile_matrix import MatrixWindow, TileMatrixSet
from imagery.wms import day_of, with_query
from imagery.wmts_capabilities import FIELD, Dimension, Layer, read_capabilities

if TYPE_CHECKING:
    from imagery.providers import Provider

_READ = ("image/png", "image/jpeg", "image/webp")
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class WmtsTiling:
    """Tiles of one layer of a WMTS; see ``tile_facts.Tiling``.

    Args:
        provider: names the layer, and its style, grid and format where there are several.
        capabilities: the server's own description.

    Raises:
        ProviderError: the description is none, or has no such layer, grid or format.
    """

    def __init__(self, provider: Provider, capabilities: bytes) -> None:
        self._provider = provider
        described = read_capabilities(capabilities, str(provider.layer))
        layer = described.layer
        self._layer = layer
        self._kvp = described.kvp
        self._grid = _chosen_grid(provider, layer, described.grids)
        self._image = _chosen_image(provider, layer)
        self._style = provider.style or layer.style
        self._template = next((t for kind, t in layer.templates if kind == self._image), None)
        if self._template is None and self._kvp is None:
            # Kept simple by small servers: one template, and its format told nowhere.
            self._template = layer.templates[0][1] if layer.templates else None
        if self._template is None and self._kvp is None:
            raise ProviderError(
                f"{provider.name}: the capabilities do not say how a tile is addressed"
            )
        self._limits = layer.limits_of(self._grid.id)

    @property
    def grid(self) -> TileMatrixSet:
        """The grid that is used."""
        return self._grid

    def window(self, centre: Position, size_m: float, *, most_px: int) -> MatrixWindow:
        """The pixels of a square on the ground.

        Raises:
            ChipError: the square lies outside of the layer's tiles.
        """
        provider = self._provider
        window = self._grid.window_around(
            centre,
            size_m,
            min_zoom=provider.min_zoom,
            max_zoom=provider.max_zoom,
            most_px=most_px,
        )
        limits = self._limits.get(window.matrix.id)
        if limits is not None and not any(
            limits[0] <= t.row <= limits[1] and limits[2] <= t.col <= limits[3]
            for t in window.tiles()
        ):
            raise ChipError(f"{centre} lies outside of the layer {printable(self._layer.id, 60)}")
        return window

    def url(self, tile: Tile, day: date | None) -> str:
        """The address of a tile.

        Raises:
            ProviderError: the layer has a dimension that no value is given for, or not this day.
        """
        matrix = self._grid.matrices[tile.zoom]
        values = self._dimensions(day)
        if self._template is not None:
            fields = {
                "style": self._style,
                "tilematrixset": self._grid.id,
                "tilematrix": matrix.id,
                "tilerow": str(tile.row),
                "tilecol": str(tile.col),
                "layer": self._layer.id,
                "format": _SUFFIX.get(self._image, self._image),
                **{name.lower(): value for name, value in values.items()},
            }
            if missing := [n for n in FIELD.findall(self._template) if n.lower() not in fields]:
                raise ProviderError(
                    f"{self._provider.name}: tiles are addressed by {printable(missing[0], 40)!r}, "
                    "which is not known; give it under dimensions"
                )
            return FIELD.sub(
                lambda found: quote(fields[found.group(1).lower()], safe=":-._~"), self._template
            )
        asked = {
            "SERVICE": "WMTS",
            "REQUEST": "GetTile",
            "VERSION": "1.0.0",
            "LAYER": self._layer.id,
            "STYLE": self._style,
            "TILEMATRIXSET": self._grid.id,
            "TILEMATRIX": matrix.id,
            "TILEROW": str(tile.row),
            "TILECOL": str(tile.col),
            "FORMAT": self._image,
            **values,
        }
        return with_query(str(self._kvp), asked)

    def _dimensions(self, day: date | None) -> dict[str, str]:
        """A value for each dimension of the layer: the day, one that is given, its default."""
        given = {name.lower(): value for name, value in self._provider.dimensions.items()}
        values = {}
        daily = self._provider.dates == "daily"
        for dimension in self._layer.dimensions:
            name = dimension.id
            if name.lower() in given:
                values[name] = given[name.lower()]
            elif name.lower() == "time":
                values[name] = self._day(dimension, day)
            elif dimension.default:
                values[name] = dimension.default
            else:
                raise ProviderError(
                    f"{self._provider.name}: the layer has a dimension {printable(name, 40)!r} "
                    "without a default; give it under dimensions"
                )
        if daily and not any(name.lower() == "time" for name in values):
            raise ProviderError(
                f"{self._provider.name}: the layer has no days; its dates are not daily"
            )
        return values

    def _day(self, dimension: Dimension, day: date | None) -> str:
        provider = self._provider
        if provider.dates != "daily":
            raise ProviderError(
                f'{provider.name}: the layer has a dimension of time; say dates = "daily" and '
                "first, or fix it under dimensions"
            )
        text = day_of(provider, day)
        assert day is not None
        if not dimension.has(day):
            raise ProviderError(f"{provider.name} has nothing of {text}")
        return text


def _chosen_grid(
    provider: Provider, layer: Layer, grids: tuple[TileMatrixSet, ...]
) -> TileMatrixSet:
    known = {grid.id: grid for grid in grids}
    linked = [known[name] for name in layer.grids if name in known]
    if provider.matrix_set is not None:
        for grid in linked:
            if grid.id == provider.matrix_set:
                return grid
        names = ", ".join(grid.id for grid in linked) or "none that can be used"
        raise ProviderError(
            f"{provider.name}: the layer has no grid {printable(provider.matrix_set, 60)!r}; "
            f"choose among {printable(names)}"
        )
    if not linked:
        raise ProviderError(f"{provider.name}: the layer has no grid that can be used")
    return next((grid for grid in linked if grid.crs == "EPSG:3857"), linked[0])


def _chosen_image(provider: Provider, layer: Layer) -> str:
    if provider.image is not None:
        if layer.images and provider.image not in layer.images:
            raise ProviderError(
                f"{provider.name}: the layer has no {provider.image}; choose among "
                f"{printable(', '.join(layer.images))}"
            )
        return provider.image
    for kind in _READ:
        if kind in layer.images:
            return kind
    raise ProviderError(
        f"{provider.name}: the layer has only {printable(', '.join(layer.images) or 'no format')}, "
        f"of which none is read; {', '.join(_READ)} are"
    )
