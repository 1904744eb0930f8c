"""Dated scenes of a place: which there are, which are best, and chips of them.

::

    fetcher.py, ranges.py      bytes from the network, within limits, kept as evidence
    stac_item.py, stac.py      what a catalogue lists
    mission.py                 what the files of one kind of scene mean: sentinel2.py, landsat.py,
                               naip.py
    cog.py, scene_reader.py    one scene's mask and bands on one grid
    scene_choice.py            which of them, and before and after a date
    scenes.py                  all of it together
    composite.py               several scenes as one picture
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gazetteer.position import Position
from imagery.chip import Chip, Interval
from imagery.errors import ProviderError, StacError
from imagery.fetcher import Fetcher
from imagery.mission import Mission
from imagery.planetary_computer import STAC
from imagery.scene_choice import (
    LEAST_MASKS,
    BeforeAfter,
    PassedOver,
    best_scenes,
    box_around,
    choose,
    first_grid,
)
from imagery.scene_reader import SceneReader
from imagery.sentinel2 import SENTINEL2
from imagery.stac import EARTH_SEARCH, StacCatalogue
from imagery.stac_item import Scene

__all__ = [
    "BeforeAfter",
    "Found",
    "PassedOver",
    "SceneSource",
    "best_scenes",
    "find_scenes",
    "public_catalogues",
]


# Widening search before and after a date: most are found near it, and pages stay few.
_DAYS = (45, 180, 540)
_ANY_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Scenes of a place and what went wrong in finding them.

    Attributes:
        scenes: by time.
        problems: one line each.
    """

    scenes: tuple[Scene, ...]
    problems: tuple[str, ...] = ()


def public_catalogues(mission: Mission, fetcher: Fetcher) -> tuple[StacCatalogue, ...]:
    """The public catalogues that list a mission and whose files anyone may read, the best first.

    ``fetcher`` needs a ``planetary_computer.PlanetaryComputer`` among its signers.
    """
    planetary = StacCatalogue(STAC, fetcher=fetcher, name="Planetary Computer")
    if mission is not SENTINEL2:
        # Elsewhere the files of Landsat and NAIP cost money, or want a login.
        return (planetary,)
    return planetary, StacCatalogue(EARTH_SEARCH, fetcher=fetcher, name="Earth Search")


def find_scenes(
    catalogues: Sequence[StacCatalogue],
    mission: Mission,
    centre: Position,
    size_m: float,
    when: Interval,
) -> Found:
    """Every scene of a mission that may show a square, each acquisition once.

    A catalogue that fails is a problem of the answer, not an error.

    Args:
        catalogues: asked one after the other; of one acquisition in several, the first's is taken,
            and of several processings the latest.
        mission: which kind of scene.
        centre: the middle of the square.
        size_m: its side on the ground.
        when: first and last day, both included.

    Raises:
        RasterError: the size is not above zero, or beyond ``MOST_SIZE_M``.
    """
    box = box_around(centre, size_m)
    scenes: list[Scene] = []
    problems: list[str] = []
    for catalogue in catalogues:
        try:
            answer = catalogue.search(box, when, mission.collections)
        except StacError as error:
            problems.append(str(error))
            continue
        scenes += answer.scenes
        problems += answer.problems
        problems += catalogue.fetcher.problems
    return Found(scenes=_each_once(scenes, mission), problems=tuple(dict.fromkeys(problems)))


class SceneSource:
    """Catalogues of one mission's scenes as a source of chips; see ``ChipSource``.

    Args:
        mission: which kind of scene.
        catalogues: asked one after the other.
        fetcher: fetches the scenes' files; None reads only local ones.
        bands: their common names; the mission's usual ones if None.

    ``problems`` tells what failed so far.
    """

    def __init__(
        self,
        mission: Mission,
        catalogues: Sequence[StacCatalogue],
        *,
        fetcher: Fetcher | None,
        bands: Sequence[str] | None = None,
    ) -> None:
        self.mission = mission
        self.catalogues = tuple(catalogues)
        self.problems: tuple[str, ...] = ()
        self._bands = tuple(bands) if bands is not None else None
        self._reader = SceneReader(mission, fetcher)
        self._fetcher = fetcher

    def chip(self, centre: Position, size_m: float, when: Interval | None = None) -> Chip | None:
        """The clearest chip of a square in an interval, the later of two that are alike.

        None as ``when`` takes the past year. Returns None if no scene shows at least half of the
        square clearly; ``problems`` tells why.

        Raises:
            RasterError: the size is not above zero, or beyond ``MOST_SIZE_M``.
        """
        today = datetime.now(UTC).date()
        interval = when or (today - timedelta(days=_ANY_DAYS), today)
        found = find_scenes(self.catalogues, self.mission, centre, size_m, interval)
        self._note(found.problems)
        likely = sorted(
            found.scenes,
            key=lambda s: (s.cloud_cover or 0.0, -s.acquired[1].toordinal(), s.id),
        )[:LEAST_MASKS]
        passed: list[PassedOver] = []
        grid = first_grid(self._reader, likely, centre, size_m, self._bands, passed)
        chips: list[Chip] = []
        if grid is not None:
            failed = {id(p.scene) for p in passed}
            chips = choose(
                self._reader,
                [s for s in likely if id(s) not in failed],
                grid,
                # A day counts for little here: a hundredth of what it does beside a claimed date.
                lambda scene: (interval[1] - scene.acquired[1]).days / 100,
                1,
                self._bands,
                passed,
            )
        self._note(f"{p.scene.id}: {p.why}" for p in passed)
        return chips[0] if chips else None

    def before_after(
        self, centre: Position, size_m: float, claimed: Interval, *, count: int = 1
    ) -> BeforeAfter:
        """The best chips before and after a claimed interval, searched ever further from it.

        Raises:
            RasterError: the size is not above zero, or beyond ``MOST_SIZE_M``.
        """
        best = BeforeAfter(before=(), after=())
        problems: list[str] = []
        for days in _DAYS:
            found = [
                find_scenes(self.catalogues, self.mission, centre, size_m, interval)
                for interval in _around(claimed, days)
            ]
            problems += [problem for part in found for problem in part.problems]
            scenes = [scene for part in found for scene in part.scenes]
            best = best_scenes(
                self._reader, scenes, centre, size_m, claimed, count=count, bands=self._bands
            )
            if len(best.before) >= count and len(best.after) >= count:
                break
        self._note([*problems, *(self._fetcher.problems if self._fetcher else ())])
        return BeforeAfter(
            before=best.before,
            after=best.after,
            passed_over=best.passed_over,
            problems=tuple(dict.fromkeys(problems)),
        )

    def _note(self, problems: Iterable[str]) -> None:
        self.problems = tuple(dict.fromkeys([*self.problems, *problems]))


def _each_once(scenes: Iterable[Scene], mission: Mission) -> tuple[Scene, ...]:
    """One scene of each acquisition and footprint: catalogues overlap and scenes are reprocessed.

    One that can be read comes first, then the collection that the mission names first, then the
    latest processing, then the catalogue asked first.
    """
    kept: dict[tuple[object, ...], Scene] = {}
    rank = {name: place for place, name in enumerate(mission.collections)}

    def better(scene: Scene, other: Scene) -> bool:
        mine, its = (
            (_usable(s, mission), -rank.get(s.collection, len(rank)), s.baseline or "")
            for s in (scene, other)
        )
        return mine > its

    for scene in scenes:
        if scene.acquired_at is None or not scene.platform:
            key: tuple[object, ...] = (scene.collection, scene.id)
        else:
            # Catalogues give moments of one acquisition that differ by minutes.
            key = (scene.platform, scene.acquired[0], _tile(scene))
        if key not in kept or better(scene, kept[key]):
            kept[key] = scene
    return tuple(sorted(kept.values(), key=lambda s: (s.acquired, s.id)))


def _usable(scene: Scene, mission: Mission) -> bool:
    """Whether the scene tells how its numbers are to be read."""
    try:
        if mission.scaling is not None:
            mission.scaling(scene, mission.default_bands[0])
    except ProviderError:
        return False
    return True


def _tile(scene: Scene) -> object:
    """Which piece of the acquisition it is, in whatever way its catalogue tells."""
    told = scene.properties
    if "landsat:wrs_path" in told:
        return told["landsat:wrs_path"], told.get("landsat:wrs_row")
    for key in ("s2:mgrs_tile", "grid:code"):
        if key in told:
            return str(told[key]).removeprefix("MGRS-")
    return round(scene.box[0], 1), round(scene.box[3], 1)


def _around(claimed: Interval, days: int) -> list[Interval]:
    """So many days before an interval and after it, as far as there are any."""
    day = timedelta(days=1)
    today = datetime.now(UTC).date()
    intervals = []
    if claimed[0].toordinal() > days:
        intervals.append((claimed[0] - timedelta(days=days), claimed[0] - day))
    if claimed[1] < today:
        ahead = min(days, (date.max - claimed[1]).days)
        intervals.append((claimed[1] + day, min(claimed[1] + timedelta(days=ahead), today)))
    return intervals
