"""Which tile servers are asked for a case's places, for which days, and what came of it.

Nothing here fails a check. A server that cannot be reached, a tile that is damaged, a place too
near a pole become entries of the report.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gazetteer.position import Position
from osint.claims import DateInterval

if TYPE_CHECKING:
    from imagery.archive import Archive
    from imagery.chip import Chip
    from imagery.http import Session
    from imagery.providers import Provider
    from imagery.tile_cache import TileCache
    from imagery.tile_facts import Look
    from imagery.tile_source import TileSource
    from osint.case import Case
    from osint.report.model import Unreached

# Seconds for all of the fetching, from when the places are known.
_AUTO_S = 4.0
_LIVE_S = 60.0
# A chip of fewer pixels across shows nothing; more ground is taken then.
_LEAST_PX = 64
_MOST_CHIPS = 16
# Where a place can be anywhere in so wide a region, a chip of its middle is a picture of nothing.
_WIDEST_REGION_M = 150_000.0
_ENOUGH_COVERAGE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place to look at.

    Attributes:
        name: as the claims call it.
        centre: where to look.
        size_m: how much ground to show, across.
        region_m: how wide the region is that holds 95 % of the probability.
        claimed: when something is claimed of it.
    """

    name: str
    centre: Position
    size_m: float
    region_m: float
    claimed: DateInterval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiled:
    """A chip from a tile server: of what, from whom, and the story of its tiles."""

    site: Site
    provider: Provider
    size_m: float
    chip: Chip
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that the servers gave, and what they did not give."""

    chips: tuple[Tiled, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    notes: tuple[str, ...] = ()


@contextmanager
def tile_search(case: Case) -> Iterator[TileSearch | None]:
    """The tile servers of a case, being tried in the background; None if none is to be asked.

    Raises:
        ProviderError: the case's own catalogue cannot be used.
    """
    if case.tiles is None:
        yield None
        return
    from gazetteer.store import cache_folder
    from imagery.archive import Archive
    from imagery.http import HttpPolicy, Session
    from imagery.providers import TILED, read_providers, shipped_providers
    from imagery.tile_cache import TileCache

    own = case.tiles.catalogue
    providers = tuple(
        p
        for p in (read_providers(own) if own is not None else shipped_providers())
        # Whoever names a server in a catalogue of their own has chosen it.
        if (own is not None or p.automated) and p.protocol in TILED and p.shows == "imagery"
    )
    hurried = case.tiles.hurried
    policy = HttpPolicy(
        connect_timeout_s=_AUTO_S if hurried else 10.0,
        read_timeout_s=_AUTO_S if hurried else 20.0,
        total_timeout_s=_AUTO_S if hurried else 30.0,
        retries=1 if hurried else 3,
        allow_private=case.allow_private,
    )
    with Session(policy) as session:
        yield TileSearch(
            providers,
            session=session,
            cache=TileCache(cache_folder() / "tiles"),
            archive=Archive(case.evidence) if case.evidence is not None else None,
            budget_s=_AUTO_S if hurried else _LIVE_S,
            tries=1 if hurried else 2,
        )


class TileSearch:
    """Asks tile servers for chips of places, within a time.

    On construction each server is asked, in the background, for one tile of the whole world, which
    tells whether it can be reached and nobody which place is looked at.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        session: Session,
        cache: TileCache,
        archive: Archive | None,
        budget_s: float,
        tries: int,
    ) -> None:
        self._providers = tuple(providers)
        self._session = session
        self._cache = cache
        self._archive = archive
        self._budget_s = budget_s
        self._tries = tries
        self._probes: dict[str, _Probe] = {}
        for provider in self._providers:
            if provider.host not in self._probes:
                self._probes[provider.host] = _Probe(provider, session)

    def look(self, sites: Sequence[Site]) -> Found:
        """Chips of the places: the days before and after a claimed date, and undated layers."""
        notes: list[str] = []
        wanted = []
        for site in sites:
            if site.region_m > _WIDEST_REGION_M:
                notes.append(
                    f"No tiles were asked for of {site.name}: it can lie anywhere in "
                    f"{site.region_m / 1000:,.0f} km."
                )
            else:
                wanted.append(site)
        if not wanted:
            return Found(notes=tuple(notes))
        until = time.monotonic() + self._budget_s
        sources = {p.id: self._source(p, until) for p in self._providers}
        chips: list[Tiled] = []
        for site in wanted:
            if len(chips) >= _MOST_CHIPS:
                notes.append(f"No tiles were asked for of {site.name}: enough are shown.")
                continue
            chips += self._of_site(site, sources, notes)
        self._keep(chips, notes)
        return Found(
            chips=tuple(chips),
            unreached=tuple(_unreached(sources.values())),
            notes=tuple(dict.fromkeys(notes)),
        )

    def _source(self, provider: Provider, until: float) -> TileSource:
        from imagery.tile_source import TileSource

        return TileSource(
            provider,
            session=self._session,
            cache=self._cache,
            offline=self._probes[provider.host].problem(until),
            until=until,
            tries=self._tries,
        )

    def _of_site(
        self, site: Site, sources: dict[str, TileSource], notes: list[str]
    ) -> Iterator[Tiled]:
        """One place: each day from the first daily layer that has it, then all other layers."""
        for day in _days(site.claimed):
            best: Tiled | None = None
            for provider in self._providers:
                if provider.days_in((day, day)) is None:
                    continue
                tiled = _tiled(site, sources[provider.id], day, notes)
                if tiled and (best is None or tiled.chip.coverage > best.chip.coverage):
                    best = tiled
                if best and best.chip.coverage >= _ENOUGH_COVERAGE:
                    break
            if best:
                yield best
        for provider in self._providers:
            if provider.dates != "daily":
                tiled = _tiled(site, sources[provider.id], None, notes)
                if tiled:
                    yield tiled

    def _keep(self, chips: Sequence[Tiled], notes: list[str]) -> None:
        """Put the tiles that are shown into the archive, each once."""
        from imagery.errors import ArchiveError

        if self._archive is None:
            return
        used = {
            fact.url: fact.fetched
            for tiled in chips
            for fact in tiled.look.tiles
            if fact.fetched is not None and fact.reason is None
        }
        try:
            for fetched in used.values():
                self._archive.put(fetched)
        except ArchiveError as error:
            notes.append(f"Tiles were not kept as evidence: {error}.")


def _days(claimed: DateInterval | None) -> tuple[date, ...]:
    """The day before a claimed date and the day after it."""
    if claimed is None:
        return ()
    day = timedelta(days=1)
    days = []
    if claimed.first > date.min:
        days.append(claimed.first - day)
    if claimed.last < date.max:
        days.append(claimed.last + day)
    return tuple(days)


def _tiled(site: Site, source: TileSource, day: date | None, notes: list[str]) -> Tiled | None:
    """The chip of a place from one layer; None if it has nothing there or cannot be asked."""
    from imagery.errors import ChipError, HttpError, ProviderError
    from imagery.grid import HALF_WORLD_M

    provider = source.provider
    size_m = site.size_m
    if provider.max_zoom is not None:
        # The size of a pixel at the finest zoom, on the ground.
        pixel_m = 2 * HALF_WORLD_M / (provider.tile_px * 2**provider.max_zoom)
        pixel_m *= math.cos(math.radians(site.centre.lat))
        size_m = max(size_m, _LEAST_PX * pixel_m)
    try:
        look = source.look(site.centre, size_m, day)
    except (ChipError, HttpError, ProviderError) as error:
        notes.append(f"{provider.name}, {site.name}: {error}.")
        return None
    if look.chip is None:
        return None
    return Tiled(site=site, provider=provider, size_m=size_m, chip=look.chip, look=look)


def _unreached(sources: Iterable[TileSource]) -> Iterator[Unreached]:
    """The servers of which tiles were wanted and not got, and why; damaged tiles included."""
    from osint.report.model import Unreached

    for source in sources:
        reach = source.reach()
        if reach.failed:
            yield Unreached(
                provider=reach.provider,
                host=reach.host,
                tiles=reach.failed,
                of=reach.fetched + reach.cached + reach.missing + reach.failed,
                reason="; ".join(reason for reason, _ in reach.reasons[:3]),
            )


@dataclass(slots=True)
class _Probe:
    """Whether a server can be reached, found out in the background."""

    provider: Provider
    session: Session
    _problem: str | None = None
    _done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        if os.environ.get("OSINT_OFFLINE"):
            self._problem = "not asked, since OSINT_OFFLINE is set"
            self._done.set()
            return
        name = f"probe {self.provider.host[:40]}"
        # A daemon: a name service that hangs does not keep the program from ending.
        threading.Thread(target=self._ask, daemon=True, name=name).start()

    def problem(self, until: float) -> str | None:
        """Why the server cannot be reached, waiting for the answer until then; None if it can."""
        if not self._done.wait(max(0.0, until - time.monotonic())):
            return "no answer in time"
        return self._problem

    def _ask(self) -> None:
        from imagery.errors import HttpError
        from imagery.grid import Tile

        provider = self.provider
        day = provider.first if provider.dates == "daily" else None
        try:
            self.session.get(
                provider.url(Tile(zoom=provider.min_zoom, col=0, row=0), day)
                if provider.protocol == "xyz"
                else str(provider.address)
            )
        except HttpError as error:
            # Any answer at all means that it is there.
            if error.status is None:
                self._problem = error.reason
        finally:
            self._done.set()
