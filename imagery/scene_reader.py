"""One scene onto one grid: first its cloud mask over the chip, then its bands."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gazetteer.position import Position
from imagery.chip import Chip, SceneFacts
from imagery.cog import Cut, Grid, grid_around, opened, read_onto
from imagery.errors import RasterError
from imagery.fetcher import Fetcher, without_signature
from imagery.mission import Classes, Mission, Sky
from imagery.stac_item import Scene

_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How much of a chip a scene shows, by its own mask.

    Attributes:
        covered: share of the chip's pixels that the scene has data of.
        clear: share of the chip's pixels that have data, without cloud, shadow or saturation.
        cloud_share: of the pixels with data, those under cloud; None if there is no mask.
        shadow_share: of the pixels with data, those in a cloud's shadow; None likewise.
        classes: the mask itself on the grid, or None.
    """

    covered: float
    clear: float
    cloud_share: float | None
    shadow_share: float | None
    classes: Classes | None


class SceneReader:
    """Reads scenes of one mission.

    Args:
        mission: what their files mean.
        fetcher: fetches; None reads local files only.
    """

    def __init__(self, mission: Mission, fetcher: Fetcher | None) -> None:
        self.mission = mission
        self._fetcher = fetcher

    def grid(
        self,
        scene: Scene,
        centre: Position,
        size_m: float,
        bands: Sequence[str] | None = None,
    ) -> Grid:
        """The grid of a place as this scene's first band lies.

        Raises:
            ProviderError: the mission or the scene has no such band.
            RasterError: the file cannot be read or has no place on earth.
            HttpError: the file cannot be fetched.
        """
        asset, _ = self.mission.band_file(scene, self._bands(bands)[0])
        with opened(asset.href, self._fetcher) as (dataset, _):
            return grid_around(dataset, centre, size_m)

    def sight(self, scene: Scene, grid: Grid) -> Sight:
        """What the scene's own mask says of the chip; of a mission without one, the data's extent.

        Raises:
            ProviderError: the scene lists no mask though its mission has them.
            RasterError: the mask cannot be read.
            HttpError: the mask cannot be fetched.
        """
        mission = self.mission
        asset = mission.quality_file(scene)
        if mission.sky is None or asset is None:
            cut = self._cut(scene, grid, mission.default_bands[:1])
            covered = float(cut.mask.mean())
            return Sight(
                covered=covered, clear=covered, cloud_share=None, shadow_share=None, classes=None
            )
        with opened(asset.href, self._fetcher) as (dataset, remote):
            cut = read_onto(dataset, grid, (1,), remote=remote, kind="classes")
        classes = mission.sky(cut.pixels[0])
        classes[~cut.mask] = Sky.NO_DATA
        there = classes != Sky.NO_DATA
        number = max(int(there.sum()), 1)
        return Sight(
            covered=float(there.mean()),
            clear=float((classes == Sky.CLEAR).mean()),
            cloud_share=float((classes == Sky.CLOUD).sum() / number),
            shadow_share=float((classes == Sky.SHADOW).sum() / number),
            classes=classes,
        )

    def chip(
        self,
        scene: Scene,
        grid: Grid,
        bands: Sequence[str] | None = None,
        *,
        sight: Sight | None = None,
    ) -> Chip | None:
        """The scene's bands on the grid.

        Cloud, shadow and saturated pixels are holes, as are those without data; their share is in
        ``Chip.scenes``. Numbers are reflectance (0 to 1, a little below and above being possible)
        where the mission has it, else those of the file. A band of larger pixels than the grid's is
        interpolated, which adds no detail.

        Args:
            scene: of this reader's mission.
            grid: where to.
            bands: their common names; the mission's usual ones if None.
            sight: of this scene on this grid, if it was asked for before.

        Returns:
            None if no pixel is left.

        Raises:
            ProviderError: the scene has no such band, or does not tell how it is scaled.
            RasterError: a file cannot be read.
            HttpError: a file cannot be fetched.
        """
        names = self._bands(bands)
        mission = self.mission
        # Before anything is fetched: a scene that does not tell is not read at all.
        scales = [mission.scaling(scene, name) if mission.scaling else None for name in names]
        sight = sight or self.sight(scene, grid)
        cut = self._cut(scene, grid, names)
        mask = cut.mask
        if sight.classes is not None:
            mask = mask & (sight.classes == Sky.CLEAR)
        if not mask.any():
            return None
        pixels: npt.NDArray[np.float32] = cut.pixels.astype(np.float32)
        for layer, scale in enumerate(scales):
            if scale is not None:
                pixels[layer] = pixels[layer] * scale.scale + scale.offset
        pixels[:, ~cut.mask] = 0
        hrefs = [self.mission.band_file(scene, name)[0].href for name in names]
        quality = mission.quality_file(scene)
        hrefs += [quality.href] if quality is not None else []
        files = tuple(dict.fromkeys(_shown(str(href)) for href in hrefs))
        return Chip(
            pixels=pixels,
            mask=mask,
            transform=grid.transform,
            crs=grid.crs,
            gsd_m=grid.gsd_m,
            acquired=scene.acquired,
            provider=f"{mission.name} ({scene.catalogue})",
            sources=files,
            coverage=float(mask.mean()),
            bands=names,
            scenes=(
                SceneFacts(
                    id=scene.id,
                    collection=scene.collection,
                    catalogue=scene.catalogue,
                    acquired_at=scene.acquired_at,
                    platform=scene.platform,
                    baseline=scene.baseline,
                    sun_elevation_deg=scene.sun_elevation_deg,
                    sun_azimuth_deg=scene.sun_azimuth_deg,
                    cloud_share=sight.cloud_share,
                    shadow_share=sight.shadow_share,
                    hrefs=files,
                ),
            ),
        )

    def _bands(self, bands: Sequence[str] | None) -> tuple[str, ...]:
        names = tuple(bands or self.mission.default_bands)
        if len(set(names)) != len(names):
            raise RasterError(f"a band is asked for twice: {', '.join(names)}")
        return names

    def _cut(self, scene: Scene, grid: Grid, names: tuple[str, ...]) -> Cut:
        """The numbers of the files, each file opened once, several side by side."""
        wanted: dict[str | Path, list[tuple[int, int]]] = {}
        for place, name in enumerate(names):
            asset, layer = self.mission.band_file(scene, name)
            wanted.setdefault(asset.href, []).append((place, layer))

        def one(href: str | Path) -> Cut:
            layers = tuple(layer for _, layer in wanted[href])
            with opened(href, self._fetcher) as (dataset, remote):
                return read_onto(dataset, grid, layers, remote=remote, no_data=self.mission.no_data)

        pixels = np.zeros((len(names), grid.rows, grid.cols), dtype=np.float32)
        mask = np.ones((grid.rows, grid.cols), dtype=np.bool_)
        with ThreadPoolExecutor(min(_THREADS, len(wanted))) as pool:
            for href, cut in zip(wanted, pool.map(one, wanted), strict=True):
                pixels[[place for place, _ in wanted[href]]] = cut.pixels
                mask &= cut.mask
        return Cut(pixels=pixels, mask=mask)


def _shown(href: str) -> str:
    """A file's address without a signature; a local file's name."""
    return without_signature(href) if "://" in href else href.rsplit("/", 1)[-1]
