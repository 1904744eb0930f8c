"""A kind of dated scene: which files hold its bands, its cloud mask and its scale.

One file per mission says what is particular to it (``sentinel2.py``, ``landsat.py``, ``naip.py``);
``scenes.py`` knows only what stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.errors import ProviderError
from imagery.stac_item import Scene, SceneAsset

Classes = npt.NDArray[np.uint8]
"""(rows, cols) of ``Sky``."""


class Sky(IntEnum):
    """What a mission's own mask says of a pixel."""

    CLEAR = 0
    CLOUD = 1
    SHADOW = 2
    SATURATED = 3
    NO_DATA = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """From the numbers of a file to reflectance: ``scale * number + offset``."""

    scale: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """What scenes of one kind have in common.

    Attributes:
        key: short name, for a command line.
        name: for people.
        collections: what public catalogues call it.
        bands: each band's common name and the names under which catalogues list its file.
        default_bands: those of a chip unless others are asked for.
        gsd_m: size of a pixel on the ground at best.
        quality: names under which catalogues list the cloud mask; empty if there is none.
        sky: turns the mask's numbers into ``Sky``; None if there is no mask.
        scaling: how one band of one scene becomes reflectance; None keeps the numbers of the file.
        no_data: number that means "no data" also in files that do not say so.
        attribution: what has to stand beside a chip.
        licence: terms of use in a few words.
    """

    key: str
    name: str
    collections: tuple[str, ...]
    bands: tuple[tuple[str, tuple[str, ...]], ...]
    default_bands: tuple[str, ...]
    gsd_m: float
    quality: tuple[str, ...]
    sky: Callable[[npt.NDArray[Any]], Classes] | None
    scaling: Callable[[Scene, str], Scaling] | None
    no_data: int | None
    attribution: str
    licence: str

    def band_file(self, scene: Scene, band: str) -> tuple[SceneAsset, int]:
        """The file of a band and which of its layers it is, counted from 1.

        Raises:
            ProviderError: the mission has no such band, or the scene lists no file of it.
        """
        names = dict(self.bands).get(band)
        if names is None:
            known = ", ".join(name for name, _ in self.bands)
            raise ProviderError(f"{self.name} has no band {band!r}; choose among {known}")
        for name in names:
            asset = scene.asset(name)
            if asset is not None:
                # A file of several bands is listed under one name; where the catalogue does not
                # say in which order they are, it is the mission's.
                order = asset.bands or tuple(b for b, n in self.bands if n == names)
                if len(order) == 1:
                    return asset, 1
                if band in order:
                    return asset, order.index(band) + 1
        raise ProviderError(f"{scene.id}: the catalogue lists no file of its band {band!r}")

    def quality_file(self, scene: Scene) -> SceneAsset | None:
        """The file of the scene's cloud mask; None if it has none."""
        return next((a for a in map(scene.asset, self.quality) if a is not None), None)
