"""Of the scenes of a place, the best few before and after a date."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from gazetteer.position import Position
from imagery.chip import Chip, Interval
from imagery.cog import Grid
from imagery.errors import HttpError, ProviderError, RasterError
from imagery.scene_reader import SceneReader, Sight
from imagery.stac_item import Box, Scene

MOST_SIZE_M = 200_000.0
"""Widest chip of dated scenes."""
LEAST_CLEAR = 0.5
"""Share of a chip that a scene has to show clearly to be chosen."""
# How scenes are weighed against each other, all in days of distance from the date: a chip wholly
# under cloud counts like so many days, and the sun on the horizon like so many. From judgement: a
# month of waiting for a chip without a third of cloud, two weeks for shadows half as long.
_CLOUD_DAYS = 90.0
_SUN_DAYS = 45.0
_HIGH_SUN_DEG = 40.0
# Of the scenes that the catalogue's own figures favour, so many masks are read, for each chip that
# is wanted, and at least so many.
_MASKS_EACH = 4
LEAST_MASKS = 8
_THREADS = 4

_Read = TypeVar("_Read")
_FAILURES = (HttpError, ProviderError, RasterError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A scene that was looked at and not taken.

    Attributes:
        scene: which.
        why: in a few words.
    """

    scene: Scene
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """The best chips of a place before and after a date, all on one grid.

    Attributes:
        before: best first; all wholly before the first claimed day.
        after: best first; all wholly after the last.
        passed_over: scenes that were looked at, and why they were not taken.
        problems: catalogues and files that failed, and what else is to be known.
    """

    before: tuple[Chip, ...]
    after: tuple[Chip, ...]
    passed_over: tuple[PassedOver, ...] = ()
    problems: tuple[str, ...] = ()


def best_scenes(
    reader: SceneReader,
    scenes: Sequence[Scene],
    centre: Position,
    size_m: float,
    claimed: Interval,
    *,
    count: int = 1,
    bands: Sequence[str] | None = None,
) -> BeforeAfter:
    """Of some scenes the best few before and after a claimed interval, as chips on one grid.

    The masks of the likeliest are read first, over the chip alone: a scene half under cloud can be
    clear over it, and one of two percent can have its only cloud there. Then scenes are weighed by
    the days between them and the claimed interval, what the chip does not show, and a low sun.

    Args:
        reader: of the scenes' mission.
        scenes: candidates; those within the claimed interval are neither before nor after.
        centre: the middle of the square.
        size_m: its side on the ground.
        claimed: first and last day.
        count: of chips on each side, at most.
        bands: their common names; the mission's usual ones if None.

    Raises:
        RasterError: the size is not above zero, or beyond ``MOST_SIZE_M``.
    """
    box_around(centre, size_m)
    sides = (
        [s for s in scenes if s.acquired[1] < claimed[0]],
        [s for s in scenes if s.acquired[0] > claimed[1]],
    )
    most = max(LEAST_MASKS, _MASKS_EACH * count)
    likely = [sorted(side, key=lambda s: _forecast(s, claimed))[:most] for side in sides]
    passed: list[PassedOver] = []
    grid = first_grid(reader, [*likely[0], *likely[1]], centre, size_m, bands, passed)
    if grid is None:
        return BeforeAfter(before=(), after=(), passed_over=tuple(passed))
    failed = {id(p.scene) for p in passed}
    chips = [
        choose(
            reader,
            [s for s in side if id(s) not in failed],
            grid,
            lambda scene: _gap_days(scene, claimed),
            count,
            bands,
            passed,
        )
        for side in likely
    ]
    return BeforeAfter(before=tuple(chips[0]), after=tuple(chips[1]), passed_over=tuple(passed))


def box_around(centre: Position, size_m: float) -> Box:
    """A square's bounding box in degrees, a little more rather than less.

    Raises:
        RasterError: the size is not above zero, or beyond ``MOST_SIZE_M``.
    """
    if not (math.isfinite(size_m) and 0 < size_m <= MOST_SIZE_M):
        raise RasterError(
            f"a chip of {size_m:g} m cannot be cut from scenes; give a size above zero and up to "
            f"{MOST_SIZE_M / 1000:g} km"
        )
    # Half the square's diagonal; a degree of latitude is at least 110,574 m (WGS84).
    reach = size_m / math.sqrt(2) / 110_574.0
    south, north = max(centre.lat - reach, -90.0), min(centre.lat + reach, 90.0)
    shrink = math.cos(math.radians(min(max(abs(south), abs(north)), 89.9)))
    across = reach / shrink
    if across >= 180 or abs(south) == 90 or abs(north) == 90:
        return -180.0, south, 180.0, north
    west, east = centre.lon - across, centre.lon + across
    return (
        west + 360 if west < -180 else west,
        south,
        east - 360 if east > 180 else east,
        north,
    )


def first_grid(
    reader: SceneReader,
    scenes: Sequence[Scene],
    centre: Position,
    size_m: float,
    bands: Sequence[str] | None,
    passed: list[PassedOver],
) -> Grid | None:
    """The grid of the first scene that can be opened; the others are noted."""
    for scene in scenes:
        try:
            return reader.grid(scene, centre, size_m, bands)
        except _FAILURES as error:
            passed.append(PassedOver(scene=scene, why=str(error)))
    return None


def choose(
    reader: SceneReader,
    scenes: Sequence[Scene],
    grid: Grid,
    days: Callable[[Scene], float],
    count: int,
    bands: Sequence[str] | None,
    passed: list[PassedOver],
) -> list[Chip]:
    """Chips of the best scenes on a grid; the others go to ``passed``."""
    weighed: list[tuple[float, str, Scene, Sight]] = []
    for scene, sight in _side_by_side(lambda s: reader.sight(s, grid), scenes, passed):
        if sight.clear < LEAST_CLEAR:
            passed.append(PassedOver(scene=scene, why=_unclear(sight)))
        else:
            cost = days(scene) + _CLOUD_DAYS * (1 - sight.clear) + _low_sun(scene)
            weighed.append((cost, scene.id, scene, sight))
    weighed.sort(key=lambda w: w[:2])
    chips: list[Chip] = []
    while weighed and len(chips) < count:
        # As many as are missing; one that fails makes room for the next.
        batch, weighed = weighed[: count - len(chips)], weighed[count - len(chips) :]
        sights = {id(scene): sight for _, _, scene, sight in batch}
        read = _side_by_side(
            lambda s, sights=sights: reader.chip(s, grid, bands, sight=sights[id(s)]),  # type: ignore[misc]
            [scene for _, _, scene, _ in batch],
            passed,
        )
        for scene, chip in read:
            if chip is None or chip.coverage < LEAST_CLEAR:
                passed.append(PassedOver(scene=scene, why="its bands hold no data here"))
            else:
                chips.append(chip)
    passed += [
        PassedOver(scene=scene, why="others lie nearer, are clearer or have a higher sun")
        for _, _, scene, _ in weighed
    ]
    return chips


def _side_by_side(
    read: Callable[[Scene], _Read], scenes: Sequence[Scene], passed: list[PassedOver]
) -> list[tuple[Scene, _Read]]:
    """What is read of each scene, in order; failures are noted."""

    def one(scene: Scene) -> _Read | PassedOver:
        try:
            return read(scene)
        except _FAILURES as error:
            return PassedOver(scene=scene, why=str(error))

    if not scenes:
        return []
    results: list[tuple[Scene, _Read]] = []
    with ThreadPoolExecutor(min(_THREADS, len(scenes))) as pool:
        for scene, result in zip(scenes, pool.map(one, scenes), strict=True):
            if isinstance(result, PassedOver):
                passed.append(result)
            else:
                results.append((scene, result))
    return results


def _unclear(sight: Sight) -> str:
    if sight.covered < LEAST_CLEAR:
        return f"it covers {sight.covered:.0%} of the chip"
    cloud = f", {sight.cloud_share:.0%} of its data is cloud" if sight.cloud_share else ""
    return f"it shows {sight.clear:.0%} of the chip clearly{cloud}"


def _gap_days(scene: Scene, claimed: Interval) -> float:
    """Days between a scene and a claimed interval."""
    if scene.acquired[1] < claimed[0]:
        return float((claimed[0] - scene.acquired[1]).days)
    return float(max(0, (scene.acquired[0] - claimed[1]).days))


def _forecast(scene: Scene, claimed: Interval) -> tuple[float, str]:
    """What a scene would cost by the catalogue's own figures."""
    cost = _gap_days(scene, claimed) + _CLOUD_DAYS * (scene.cloud_cover or 0.0) + _low_sun(scene)
    return cost, scene.id


def _low_sun(scene: Scene) -> float:
    elevation = scene.sun_elevation_deg
    if elevation is None:
        return 0.0
    return _SUN_DAYS * min(max(_HIGH_SUN_DEG - elevation, 0.0) / _HIGH_SUN_DEG, 1.0)
