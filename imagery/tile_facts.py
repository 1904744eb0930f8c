"""What is known of a chip made of tiles: its plan, what became of each tile, who gave what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from gazetteer.position import Position
from imagery.chip import Chip
from imagery.grid import Tile

if TYPE_CHECKING:
    from imagery.http import Fetched
    from imagery.providers import Provider
    from imagery.tile_matrix import TileWindow

State = Literal["fetched", "cached", "missing", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileFact:
    """What became of one tile.

    Attributes:
        tile: which one.
        url: its address.
        state: fetched now, cached from before, missing on the server, or failed.
        reason: why there are no pixels of it; None if there are.
        fetched: the bytes and their origin, where there are any.
    """

    tile: Tile
    url: str
    state: State
    reason: str | None = None
    fetched: Fetched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A chip and what it was made of.

    Attributes:
        chip: None if no tile had a valid pixel.
        tiles: every tile of the window, by rows from the north.
        day: the day of a daily layer.
    """

    chip: Chip | None
    tiles: tuple[TileFact, ...]
    day: date | None = None

    def count(self, state: State) -> int:
        """How many tiles ended in a state."""
        return sum(fact.state == state for fact in self.tiles)

    def holes(self) -> tuple[tuple[str, int], ...]:
        """Why tiles are holes, and how many each, the most frequent reason first."""
        counted = Counter(fact.reason for fact in self.tiles if fact.reason)
        return tuple(counted.most_common())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one server gave, over all chips asked of it so far.

    Attributes:
        provider: its name.
        host: its address.
        fetched, cached, missing, failed: numbers of tiles.
        reasons: why tiles failed, with how many, the most frequent first.
    """

    provider: str
    host: str
    fetched: int
    cached: int
    missing: int
    failed: int
    reasons: tuple[tuple[str, int], ...]


class Tiling(Protocol):
    """How a layer is cut into tiles, and the address of each."""

    def window(self, centre: Position, size_m: float, *, most_px: int) -> TileWindow:
        """The pixels of a square on the ground.

        Raises:
            ChipError: the square cannot be cut from these tiles.
        """
        ...

    def url(self, tile: Tile, day: date | None) -> str:
        """The address of a tile.

        Raises:
            ProviderError: the layer needs a day and none is given, or has nothing of it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a chip needs, before anything of it is asked for.

    Attributes:
        provider: who would be asked.
        window: the pixels.
        day: of a daily layer.
        tiles: how many there are.
        to_fetch: how many of them are not in the cache.
    """

    provider: Provider
    window: TileWindow
    day: date | None
    tiles: int
    to_fetch: int
