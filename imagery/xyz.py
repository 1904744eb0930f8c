"""Chips from a tile server: the protocol of web maps, one image per {z}/{x}/{y}."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from gazetteer.position import Position
from imagery.chip import Chip, Interval
from imagery.errors import HttpError, TileError
from imagery.grid import CRS, Tile, Window, window_around
from imagery.mosaic import Colour, compose, decode_tile
from imagery.providers import Provider, yesterday
from imagery.tile_cache import Missing, TileCache

if TYPE_CHECKING:
    from imagery.http import Fetched, Session

MOST_CONNECTIONS = 8
_MOST_TILE_BYTES = 5_000_000
# Days of a longer interval that are asked for before giving up on it.
_MOST_DAYS = 3
# A daily layer is still being filled for some days after the day.
_SETTLED_AFTER = timedelta(days=10)
_FRESH_UNSETTLED = timedelta(days=1)
_FRESH_UNDATED = timedelta(days=30)
_TOO_MANY = 429
_NO_SUCH_TILE = frozenset({204, 404, 410})

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


class XyzSource:
    """One layer of one tile server as a source of chips.

    Args:
        provider: where it is and what its dates mean.
        session: fetches. None: only what is in the cache.
        cache: where tiles are kept between runs.
        offline: why nothing is fetched, if so; cached tiles are used all the same.
        until: when, on ``time.monotonic``'s clock, fetching ends; None leaves it to the session.
        tries: how often a tile that failed is asked for, besides the session's own retries.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        session: Session | None,
        cache: TileCache | None = None,
        offline: str | None = None,
        until: float | None = None,
        tries: int = 1,
    ) -> None:
        self.provider = provider
        self.until = until
        self.offline = offline or (None if session else "nothing is fetched")
        self._session = session
        self._cache = cache
        self._tries = max(1, tries)
        self._lock = threading.Lock()
        self._states: Counter[State] = Counter()
        self._reasons: Counter[str] = Counter()

    def chip(self, centre: Position, size_m: float, when: Interval | None = None) -> Chip | None:
        """The imagery of a square around a position; see ``ChipSource``.

        Of a daily layer, ``when`` is tried day by day, three days at most, until one covers half of
        the square; None means yesterday.

        Raises:
            ChipError: the square cannot be cut from web map tiles.
        """
        best: Chip | None = None
        for day in self.days(when):
            chip = self.look(centre, size_m, day).chip
            if chip is not None and (best is None or chip.coverage > best.coverage):
                best = chip
            if best is not None and best.coverage >= 0.5:
                break
        return best

    def days(self, when: Interval | None) -> Sequence[date | None]:
        """The days to ask for; a layer that is not daily has the one "day" None."""
        if self.provider.dates != "daily":
            acquired = self.provider.acquired(None)
            outside = when is not None and (
                acquired is None or acquired[0] < when[0] or acquired[1] > when[1]
            )
            return () if outside else (None,)
        there = self.provider.days_in(when or (date.min, yesterday()))
        if there is None:
            return ()
        first, last = there
        if when is None:
            return (last,)
        return [first + timedelta(n) for n in range(min((last - first).days + 1, _MOST_DAYS))]

    def look(self, centre: Position, size_m: float, day: date | None = None) -> Look:
        """The chip of one day (None where the layer is not daily) and the story of its tiles.

        Raises:
            ChipError: the square cannot be cut from web map tiles.
            ProviderError: the layer is daily and no day is given.
        """
        provider = self.provider
        window = window_around(
            centre,
            size_m,
            min_zoom=provider.min_zoom,
            max_zoom=provider.max_zoom,
            tile_px=provider.tile_px,
        )
        wanted = [(tile, provider.url(tile, day)) for tile in window.tiles()]
        facts, colours = self._read(wanted, day)
        with self._lock:
            self._states.update(fact.state for fact in facts)
            self._reasons.update(
                fact.reason for fact in facts if fact.state == "failed" and fact.reason
            )
        return Look(chip=self._chip(window, facts, colours, day), tiles=tuple(facts), day=day)

    def reach(self) -> Reach:
        """What the server gave so far."""
        with self._lock:
            return Reach(
                provider=self.provider.name,
                host=self.provider.host,
                fetched=self._states["fetched"],
                cached=self._states["cached"],
                missing=self._states["missing"],
                failed=self._states["failed"],
                reasons=tuple(self._reasons.most_common()),
            )

    def _read(
        self, wanted: Sequence[tuple[Tile, str]], day: date | None
    ) -> tuple[list[TileFact], dict[Tile, Colour]]:
        """Every tile's story and the pixels of those that have any."""
        known = {tile: self._from_cache(tile, url, day) for tile, url in wanted}
        unknown = [(tile, url) for tile, url in wanted if known[tile] is None]
        if unknown:
            with ThreadPoolExecutor(min(MOST_CONNECTIONS, len(unknown))) as pool:
                for read in pool.map(lambda one: self._fetch(*one), unknown):
                    known[read[0].tile] = read
        found = [read for read in known.values() if read is not None]
        return (
            [fact for fact, _ in found],
            {fact.tile: colour for fact, colour in found if colour is not None},
        )

    def _from_cache(self, tile: Tile, url: str, day: date | None) -> _Read | None:
        """What the cache has of a tile; None if it is to be fetched."""
        if self._cache is None:
            return None
        max_age: timedelta | None = _FRESH_UNDATED
        if day is not None:
            settled = datetime.now(UTC).date() - day > _SETTLED_AFTER
            max_age = None if settled else _FRESH_UNSETTLED
        # What cannot be fetched anew is better old than not at all: its time is reported.
        kept = self._cache.get(url, max_age=None if self.offline else max_age)
        if kept is None:
            return None
        if isinstance(kept, Missing):
            return _missing(tile, url)
        read = self._decoded(TileFact(tile=tile, url=url, state="cached", fetched=kept))
        return read if read[1] is not None else None

    def _fetch(self, tile: Tile, url: str) -> _Read:
        """A tile from the server, asked for again where that may help."""
        for _ in range(self._tries):
            read, again = self._fetch_once(tile, url)
            if not again:
                break
        return read

    def _fetch_once(self, tile: Tile, url: str) -> tuple[_Read, bool]:
        """A tile, and whether asking again may help."""
        if self._session is None or self.offline is not None:
            return _failed(tile, url, self.offline or "nothing is fetched"), False
        left_s = None if self.until is None else self.until - time.monotonic()
        if left_s is not None:
            if left_s <= 0:
                return _failed(tile, url, "the time for fetching was over"), False
            left_s = min(left_s, self._session.policy.total_timeout_s)
        try:
            fetched = self._session.get(url, max_bytes=_MOST_TILE_BYTES, total_timeout_s=left_s)
        except HttpError as error:
            if error.status not in _NO_SUCH_TILE:
                if error.status == _TOO_MANY:
                    # Whoever says "too many requests" is asked nothing more.
                    self.offline = self.offline or error.reason
                refused = error.status is not None and 400 <= error.status < 500
                return _failed(tile, url, error.reason), not refused
            return self._missing_now(tile, url, error.status or 404), False
        if fetched.status in _NO_SUCH_TILE:
            return self._missing_now(tile, url, fetched.status), False
        read = self._decoded(TileFact(tile=tile, url=url, state="fetched", fetched=fetched))
        # A damaged tile may be whole the next time.
        if self._cache is not None and read[1] is not None:
            self._cache.keep(fetched)
        return read, read[1] is None

    def _decoded(self, fact: TileFact) -> _Read:
        assert fact.fetched is not None
        provider = self.provider
        try:
            colour = decode_tile(
                fact.fetched.body, provider.tile_px, dark_is_hole=provider.dark_is_hole
            )
        except TileError as error:
            return replace(fact, state="failed", reason=f"the tile {error}"), None
        return fact, colour

    def _missing_now(self, tile: Tile, url: str, status: int) -> _Read:
        if self._cache is not None:
            self._cache.keep_missing(
                Missing(url=url, retrieved_at=datetime.now(UTC), status=status)
            )
        return _missing(tile, url)

    def _chip(
        self,
        window: Window,
        facts: Sequence[TileFact],
        colours: Mapping[Tile, Colour],
        day: date | None,
    ) -> Chip | None:
        pixels, mask = compose(window, colours)
        if not mask.any():
            return None
        return Chip(
            pixels=pixels,
            mask=mask,
            transform=window.transform,
            crs=CRS,
            gsd_m=window.gsd_m,
            acquired=self.provider.acquired(day),
            provider=self.provider.name,
            sources=tuple(fact.url for fact in facts if fact.tile in colours),
            coverage=float(mask.mean()),
        )


_Read = tuple[TileFact, Colour | None]
"""A tile's story, and its pixels if it has any."""


def _missing(tile: Tile, url: str) -> _Read:
    return TileFact(tile=tile, url=url, state="missing", reason="the server has no such tile"), None


def _failed(tile: Tile, url: str, reason: str) -> _Read:
    return TileFact(tile=tile, url=url, state="failed", reason=reason), None
