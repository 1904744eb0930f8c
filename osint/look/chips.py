"""Chips of one place around one date, from each provider that is asked, whatever its protocol.

Nothing here fails for one server's sake: what could not be had is a problem in words, and the rest
is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from gazetteer.position import Position
from osint.claims import DateInterval

if TYPE_CHECKING:
    from imagery.archive import Archive
    from imagery.chip import Chip
    from imagery.geotiff import Part
    from imagery.http import Session
    from imagery.providers import Provider
    from imagery.tile_cache import TileCache
    from imagery.tile_facts import Look, Plan
    from imagery.tile_source import TileSource

Role = Literal["before", "during", "after", "around", "undated"]
"""How the acquisition lies to the date; ``around``: it began before and ended after."""

# A daily layer is under cloud or between two passes on some days.
_MOST_DAYS = 4
_ENOUGH_COVERAGE = 0.9
_LEAST_PX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A chip, who gave it, and how it lies to the date.

    Attributes:
        provider: who was asked.
        role: before, during or after the date.
        chip: the pixels.
        parts: what was fetched for it.
        tiles: how many tiles it was to be made of; 0 for scenes.
        holes: why parts of it are missing, a phrase each.
        remark: what is to be known besides.
    """

    provider: Provider
    role: Role
    chip: Chip
    parts: tuple[Part, ...] = ()
    tiles: int = 0
    holes: tuple[str, ...] = ()
    remark: str | None = None


class ChipSearch:
    """Asks providers for chips.

    Args:
        session: fetches; None: only what was fetched before.
        cache: of answers.
        archive: where the bytes of the chips are kept as evidence.
        announce: told what each chip needs before it is asked for.
        budget_s: seconds for all of it.
        most_px: longest side of a chip made of tiles.
        offline: why nothing is fetched, if so.

    ``problems`` tells what went wrong so far.
    """

    def __init__(
        self,
        *,
        session: Session | None,
        cache: TileCache,
        archive: Archive | None,
        announce: Callable[[Plan], None],
        budget_s: float,
        most_px: int,
        offline: str | None = None,
    ) -> None:
        self.problems: list[str] = []
        self._session = session
        self._cache = cache
        self._archive = archive
        self._announce = announce
        self._until = time.monotonic() + budget_s
        self._most_px = most_px
        self._offline = offline
        self._silent: dict[str, str] = {}

    def of(
        self, provider: Provider, centre: Position, size_m: float, when: DateInterval
    ) -> tuple[Taken, ...]:
        """Chips of a square before and after a date from one provider, earliest first."""
        from imagery.errors import ImageryError

        try:
            if provider.protocol == "stac":
                found = list(self._of_scenes(provider, centre, size_m, when))
            elif provider.protocol == "wayback":
                found = list(self._of_wayback(provider, centre, size_m, when))
            else:
                found = list(self._of_tiles(provider, centre, size_m, when))
        except ImageryError as error:
            self.problems.append(f"{provider.name}: {error}")
            return ()
        return tuple(found)

    def _source(self, provider: Provider) -> TileSource:
        from imagery.tile_source import TileSource

        return TileSource(
            provider,
            session=self._session,
            cache=self._cache,
            offline=self._offline,
            until=self._until,
            tries=2,
            most_px=self._most_px,
            announce=self._announce,
        )

    def _of_tiles(
        self, provider: Provider, centre: Position, size_m: float, when: DateInterval
    ) -> Iterator[Taken]:
        if provider.host in self._silent:
            # A server has several layers; one that did not answer is asked once.
            self.problems.append(f"{provider.name}: {self._silent[provider.host]}")
            return
        source = self._source(provider)
        if provider.dates != "daily":
            yield from self._taken(provider, source.look(centre, size_m), when)
            return
        for days in _days_beside(provider, when):
            best: Look | None = None
            for day in days:
                look = source.look(centre, size_m, day)
                if look.count("failed") == len(look.tiles) and self._offline is None:
                    self._silent[provider.host] = "; ".join(why for why, _ in look.holes()[:2])
                    break
                if look.chip is None:
                    continue
                if best is None or best.chip is None or look.chip.coverage > best.chip.coverage:
                    best = look
                if look.chip.coverage >= _ENOUGH_COVERAGE:
                    break
            if best is not None:
                yield from self._taken(provider, best, when)
            if provider.host in self._silent:
                break
        for reason, count in source.reach().reasons[:3]:
            self.problems.append(f"{provider.name}: {count} tiles: {reason}")

    def _taken(
        self, provider: Provider, look: Look, when: DateInterval, remark: str | None = None
    ) -> Iterator[Taken]:
        """A look as a chip; one without a pixel is a problem."""
        from imagery.errors import ArchiveError
        from imagery.geotiff import parts_of

        holes = tuple(f"{n} of {len(look.tiles)} tiles: {why}" for why, n in look.holes())
        if look.chip is None:
            self.problems.append(f"{provider.name}: nothing there ({'; '.join(holes[:3])})")
            return
        if self._archive is not None:
            try:
                for fact in look.tiles:
                    if fact.fetched is not None and fact.reason is None:
                        self._archive.put(fact.fetched)
            except ArchiveError as error:
                self.problems.append(str(error))
        yield Taken(
            provider=provider,
            role=role_of(look.chip, when),
            chip=look.chip,
            parts=parts_of(look),
            tiles=len(look.tiles),
            holes=holes,
            remark=remark,
        )

    def _of_scenes(
        self, provider: Provider, centre: Position, size_m: float, when: DateInterval
    ) -> Iterator[Taken]:
        from imagery.fetcher import Fetcher
        from imagery.landsat import LANDSAT
        from imagery.naip import NAIP
        from imagery.planetary_computer import PlanetaryComputer
        from imagery.scenes import SceneSource
        from imagery.sentinel2 import SENTINEL2
        from imagery.stac import StacCatalogue

        missions = {one.key: one for one in (SENTINEL2, LANDSAT, NAIP)}
        mission = missions.get(str(provider.mission))
        if mission is None:
            self.problems.append(
                f"{provider.name}: scenes of kind {provider.mission!r} are not read; "
                f"{', '.join(missions)} are"
            )
            return
        fetcher = Fetcher(
            self._session,
            cache=self._cache,
            archive=self._archive,
            signers=(PlanetaryComputer(),),
            offline=self._offline,
            until=self._until,
        )
        catalogue = StacCatalogue(str(provider.address), fetcher=fetcher, name=provider.name)
        source = SceneSource(mission, [catalogue], fetcher=fetcher)
        best = source.before_after(centre, size_m, (when.first, when.last))
        self.problems += [f"{provider.name}: {problem}" for problem in best.problems]
        for chip in (*best.before, *best.after):
            yield Taken(provider=provider, role=role_of(chip, when), chip=chip)

    def _of_wayback(
        self, provider: Provider, centre: Position, size_m: float, when: DateInterval
    ) -> Iterator[Taken]:
        from imagery.fetcher import Fetcher
        from imagery.wayback import Wayback

        fetcher = Fetcher(
            self._session,
            cache=self._cache,
            archive=self._archive,
            offline=self._offline,
            until=self._until,
        )
        wayback = Wayback(provider, fetcher)
        changed = wayback.dated(centre, size_m, most_px=self._most_px)
        dated = [one for one in changed if one.capture.acquired is not None]
        before = [
            one for one in dated if one.capture.acquired and one.capture.acquired[1] < when.first
        ]
        after = [
            one for one in dated if one.capture.acquired and one.capture.acquired[0] > when.last
        ]
        if len(dated) < len(changed):
            self.problems.append(
                f"{provider.name}: {len(changed) - len(dated)} of {len(changed)} releases that "
                "changed here do not say when they were captured; they are left out"
            )
        # Nearest to the date; of one capture in several releases, the latest processing.
        chosen = []
        if before:
            chosen.append(max(before, key=lambda one: one.capture.acquired or (date.min,) * 2))
        if after:
            chosen.append(min(after, key=lambda one: one.capture.acquired or (date.max,) * 2))
        for one in chosen:
            remark = f"released {one.release.published.isoformat()}"
            if one.capture.sources:
                remark += f", by {'; '.join(one.capture.sources[:3])}"
            look = self._source(wayback.tiles_of(one)).look(centre, size_m)
            yield from self._taken(provider, look, when, remark)


def role_of(chip: Chip, when: DateInterval) -> Role:
    """How a chip's acquisition lies to a date."""
    if chip.acquired is None:
        return "undated"
    first, last = chip.acquired
    if last < when.first:
        return "before"
    if first > when.last:
        return "after"
    return "during" if when.first <= first and last <= when.last else "around"


def _days_beside(provider: Provider, when: DateInterval) -> Iterator[Sequence[date]]:
    """The last days before a date and the first after it that a daily layer has."""
    day = timedelta(days=1)
    steps = range(1, _MOST_DAYS + 1)
    before = [when.first - day * n for n in steps if (when.first - date.min).days > n]
    after = [when.last + day * n for n in steps if (date.max - when.last).days > n]
    for days in (before, after):
        there = [one for one in days if provider.days_in((one, one)) is not None]
        if there:
            yield there
