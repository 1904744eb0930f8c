"""Chips from a server of tiles, whatever its protocol.

How many tiles a chip needs is known, and can be announced, before the first is asked for. What is
missing or damaged is a hole of the chip with a reason, and never an error.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from queue import SimpleQueue
from typing import TYPE_CHECKING

from gazetteer.position import Position
from imagery.chip import Chip, Interval
from imagery.errors import ChipError, HttpError, ProviderError, TileError
from imagery.grid import MOST_PX, Tile
from imagery.mosaic import Colour, compose, decode_tile
from imagery.providers import Provider, yesterday
from imagery.tile_cache import Missing, TileCache
from imagery.tile_facts import Look, Plan, Reach, State, TileFact, Tiling

if TYPE_CHECKING:
    from imagery.http import Fetched, Session
    from imagery.tile_matrix import TileWindow

MOST_TILES = 400
"""Fetched for one chip; more is refused before the first."""
_MOST_TILE_BYTES = 5_000_000
# Days of a longer interval that are asked for before giving up on it.
_MOST_DAYS = 3
# A daily layer is still being filled for some days after the day.
_SETTLED_AFTER = timedelta(days=10)
_FRESH_UNSETTLED = timedelta(days=1)
_FRESH_UNDATED = timedelta(days=30)
_FRESH_DESCRIPTION = timedelta(days=7)
_MOST_DESCRIPTION = 30_000_000
_TOO_MANY = 429
# In place of a status, where nobody was asked.
_NOT_ASKED = 0
_NO_SUCH_TILE = frozenset({204, 404, 410})

# A tile that is missing among others that are there is asked for again, so many times: some servers
# answer 404 when they are busy. Where more are missing, the layer ends there.
_MISSING_TRIES = 2
_FEW_MISSING = 0.2


class TileSource:
    """One layer of one tile server as a source of chips.

    Args:
        provider: where it is and what its dates mean.
        session: fetches. None: only what is in the cache.
        cache: where tiles are kept between runs.
        offline: why nothing is fetched, if so; cached tiles are used all the same.
        until: when, on ``time.monotonic``'s clock, fetching ends; None leaves it to the session.
        tries: how often a tile that failed is asked for, besides the session's own retries.
        tiling: where the tiles are; None takes it from the provider.
        most_px: longest side of a chip in pixels.
        most_tiles: fetched for one chip.
        announce: told of a chip's plan before the first of its tiles is asked for, if any is.
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
        tiling: Tiling | None = None,
        most_px: int = MOST_PX,
        most_tiles: int = MOST_TILES,
        announce: Callable[[Plan], None] | None = None,
    ) -> None:
        self.provider = provider
        self.until = until
        self.offline = offline or (None if session else "nothing is fetched")
        self._session = session
        self._cache = cache
        self._tries = max(1, tries)
        self._tiling = tiling
        self._most_px = most_px
        self._most_tiles = most_tiles
        self._announce = announce
        self._lock = threading.Lock()
        self._tiling_lock = threading.Lock()
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
            ChipError: the square cannot be cut from the layer's tiles, or takes too many.
            ProviderError: the layer is daily and no day is given, or is not on its server.
            HttpError: the server's description of its layers could not be had.
        """
        window, wanted = self._wanted(centre, size_m, day)
        known = self._known(wanted, day)
        plan = self._plan(window, day, known)
        if plan.to_fetch > self._most_tiles and self.offline is None:
            raise ChipError(
                f"{plan.to_fetch:,} tiles would have to be fetched, and {self._most_tiles:,} are "
                "allowed; ask for less ground, or fewer pixels of it"
            )
        if self._announce is not None and plan.to_fetch and self.offline is None:
            self._announce(plan)
        facts, colours = self._read(wanted, known, window.tile_size_px)
        with self._lock:
            self._states.update(fact.state for fact in facts)
            self._reasons.update(
                fact.reason for fact in facts if fact.state == "failed" and fact.reason
            )
        return Look(chip=self._chip(window, facts, colours, day), tiles=tuple(facts), day=day)

    def plan(self, centre: Position, size_m: float, day: date | None = None) -> Plan:
        """What a look would need. Nothing is asked for but a server's list of its layers.

        Raises:
            ChipError, ProviderError, HttpError: as those of ``look``.
        """
        window, wanted = self._wanted(centre, size_m, day)
        return self._plan(window, day, self._known(wanted, day))

    def _wanted(
        self, centre: Position, size_m: float, day: date | None
    ) -> tuple[TileWindow, list[tuple[Tile, str]]]:
        tiling = self.tiling()
        window = tiling.window(centre, size_m, most_px=self._most_px)
        return window, [(tile, tiling.url(tile, day)) for tile in window.tiles()]

    def tiling(self) -> Tiling:
        """Where the layer's tiles are; a server that has a list of its layers is asked for it.

        Raises:
            ProviderError: the provider is no server of tiles, or has no such layer.
            HttpError: its list of layers could not be had.
        """
        with self._tiling_lock:
            if self._tiling is None:
                self._tiling = self._made_tiling()
            return self._tiling

    def _made_tiling(self) -> Tiling:
        provider = self.provider
        if provider.protocol == "xyz":
            from imagery.xyz import XyzTiling

            return XyzTiling(provider)
        if provider.protocol == "wms":
            from imagery.wms import WmsTiling

            return WmsTiling(provider)
        if provider.protocol == "wmts":
            from imagery.wmts import WmtsTiling

            return WmtsTiling(provider, self._description(str(provider.address)))
        raise ProviderError(
            f"{provider.name} is no server of tiles but {provider.protocol}; it is asked otherwise"
        )

    def _description(self, url: str) -> bytes:
        """A server's list of its layers."""
        if self._cache is not None:
            kept = self._cache.get(url, max_age=None if self.offline else _FRESH_DESCRIPTION)
            if kept is not None and not isinstance(kept, Missing):
                return kept.body
        if self._session is None or self.offline is not None:
            raise HttpError(url, self.offline or "nothing is fetched")
        left_s = None if self.until is None else max(self.until - time.monotonic(), 0.0)
        fetched = self._session.get(url, max_bytes=_MOST_DESCRIPTION, total_timeout_s=left_s)
        if self._cache is not None:
            self._cache.keep(fetched)
        return fetched.body

    def _plan(self, window: TileWindow, day: date | None, known: Mapping[Tile, object]) -> Plan:
        return Plan(
            provider=self.provider,
            window=window,
            day=day,
            tiles=len(known),
            to_fetch=sum(read is None for read in known.values()),
        )

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

    def _known(
        self, wanted: Sequence[tuple[Tile, str]], day: date | None
    ) -> dict[Tile, Fetched | Missing | None]:
        """What the cache has of each tile."""
        return {tile: self._from_cache(url, day) for tile, url in wanted}

    def _read(
        self,
        wanted: Sequence[tuple[Tile, str]],
        known: Mapping[Tile, Fetched | Missing | None],
        size: tuple[int, int],
    ) -> tuple[list[TileFact], dict[Tile, Colour]]:
        """Every tile's story and the pixels of those that have any."""
        reads: dict[Tile, _Read] = {}
        unknown = []
        for tile, url in wanted:
            read = self._of_cache(tile, url, known[tile], size)
            if read is None:
                unknown.append((tile, url))
            else:
                reads[tile] = read
        self._fetch_all(unknown, reads, size)
        lost = [one for one in unknown if reads[one[0]][0].state == "missing"]
        for _ in range(_MISSING_TRIES):
            if not lost or len(lost) > max(1.0, _FEW_MISSING * len(wanted)):
                break
            self._fetch_all(lost, reads, size)
            lost = [one for one in lost if reads[one[0]][0].state == "missing"]
        if self._cache is not None:
            for tile, url in unknown:
                if reads[tile][0].state == "missing":
                    self._cache.keep_missing(
                        Missing(url=url, retrieved_at=datetime.now(UTC), status=404)
                    )
        found = [reads[tile] for tile, _ in wanted]
        return (
            [fact for fact, _ in found],
            {fact.tile: colour for fact, colour in found if colour is not None},
        )

    def _fetch_all(
        self,
        unknown: Sequence[tuple[Tile, str]],
        reads: dict[Tile, _Read],
        size: tuple[int, int],
    ) -> None:
        """Ask for tiles, several at once, and again for those where that may help.

        The threads only fetch; what came is decoded here, so that none of them waits for another's
        decoding before it asks for its next tile.
        """
        if not unknown:
            return
        came: SimpleQueue[tuple[Tile, str, int, Fetched | HttpError | None]] = SimpleQueue()

        def ask(tile: Tile, url: str, times: int) -> None:
            answer = None
            try:
                answer = self._asked(url)
            finally:
                came.put((tile, url, times, answer))

        with ThreadPoolExecutor(min(self.provider.connections, len(unknown))) as pool:
            asked = [pool.submit(ask, tile, url, 1) for tile, url in unknown]
            waited, failed = len(unknown), False
            while waited:
                tile, url, times, answer = came.get()
                waited -= 1
                if answer is None:
                    failed = True
                    break
                reads[tile], again = self._judged(tile, url, answer, size)
                if again and times < self._tries:
                    asked.append(pool.submit(ask, tile, url, times + 1))
                    waited += 1
        if failed:
            for one in asked:
                # Raises what nobody foresaw.
                one.result()

    def _from_cache(self, url: str, day: date | None) -> Fetched | Missing | None:
        """What the cache has of a tile; None if it is to be fetched."""
        if self._cache is None:
            return None
        max_age: timedelta | None = _FRESH_UNDATED
        if day is not None:
            settled = datetime.now(UTC).date() - day > _SETTLED_AFTER
            max_age = None if settled else _FRESH_UNSETTLED
        # What cannot be fetched anew is better old than not at all: its time is reported.
        return self._cache.get(url, max_age=None if self.offline else max_age)

    def _of_cache(
        self, tile: Tile, url: str, kept: Fetched | Missing | None, size: tuple[int, int]
    ) -> _Read | None:
        if kept is None:
            return None
        if isinstance(kept, Missing):
            return _missing(tile, url)
        read = self._decoded(TileFact(tile=tile, url=url, state="cached", fetched=kept), size)
        return read if read[1] is not None else None

    def _asked(self, url: str) -> Fetched | HttpError:
        """What the server answers, or why there is no answer."""
        if self._session is None or self.offline is not None:
            return HttpError(url, self.offline or "nothing is fetched", status=_NOT_ASKED)
        left_s = None if self.until is None else self.until - time.monotonic()
        if left_s is not None:
            if left_s <= 0:
                return HttpError(url, "the time for fetching was over", status=_NOT_ASKED)
            left_s = min(left_s, self._session.policy.total_timeout_s)
        try:
            return self._session.get(url, max_bytes=_MOST_TILE_BYTES, total_timeout_s=left_s)
        except HttpError as error:
            if error.status == _TOO_MANY:
                # Whoever says "too many requests" again and again is asked nothing more.
                self.offline = self.offline or error.reason
            return error

    def _judged(
        self, tile: Tile, url: str, answer: Fetched | HttpError, size: tuple[int, int]
    ) -> tuple[_Read, bool]:
        """A tile by its answer, and whether asking again may help."""
        if answer.status in _NO_SUCH_TILE:
            return _missing(tile, url), False
        if isinstance(answer, HttpError):
            refused = answer.status is not None and answer.status < 500
            return _failed(tile, url, answer.reason), not refused
        read = self._decoded(TileFact(tile=tile, url=url, state="fetched", fetched=answer), size)
        # A damaged tile may be whole the next time.
        if self._cache is not None and read[1] is not None:
            self._cache.keep(answer)
        return read, read[1] is None

    def _decoded(self, fact: TileFact, size: tuple[int, int]) -> _Read:
        assert fact.fetched is not None
        try:
            colour = decode_tile(fact.fetched.body, size, dark_is_hole=self.provider.dark_is_hole)
        except TileError as error:
            return replace(fact, state="failed", reason=f"the tile {error}"), None
        return fact, colour

    def _chip(
        self,
        window: TileWindow,
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
            crs=window.crs,
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
