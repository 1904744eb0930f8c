"""Landsat 4 to 9, Collection 2 Level 2: surface reflectance at 30 m, with a pixel quality mask.

``reflectance = 0.0000275 * number - 0.2``; bits of QA_PIXEL from the least: fill, dilated cloud,
cirrus, cloud, cloud shadow, snow, clear, water (USGS, Landsat Collection 2 Level-2 Science Product
Guide). Bits of confidence above those are not asked: the single bits are their verdict.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.mission import Classes, Mission, Scaling, Sky
from imagery.stac_item import Scene

_FILL, _DILATED, _CIRRUS, _CLOUD, _SHADOW = (1 << bit for bit in range(5))


def sky(pixel_quality: npt.NDArray[Any]) -> Classes:
    """QA_PIXEL as ``Sky``; cloud outweighs shadow, fill outweighs both."""
    bits = pixel_quality.astype(np.int64)
    found = np.full(bits.shape, Sky.CLEAR, dtype=np.uint8)
    found[(bits & _SHADOW) != 0] = Sky.SHADOW
    found[(bits & (_DILATED | _CIRRUS | _CLOUD)) != 0] = Sky.CLOUD
    found[(bits & _FILL) != 0] = Sky.NO_DATA
    return found


def scaling(scene: Scene, band: str) -> Scaling:  # noqa: ARG001 - the same for all of them
    """How numbers become reflectance: the same for every scene of the collection."""
    return Scaling(scale=2.75e-5, offset=-0.2)


LANDSAT = Mission(
    key="landsat",
    name="Landsat Collection 2 Level 2",
    collections=("landsat-c2-l2", "landsat-c2l2-sr"),
    bands=(
        ("coastal", ("coastal",)),
        ("blue", ("blue",)),
        ("green", ("green",)),
        ("red", ("red",)),
        ("nir", ("nir08",)),
        ("swir16", ("swir16",)),
        ("swir22", ("swir22",)),
    ),
    default_bands=("red", "green", "blue", "nir", "swir16", "swir22"),
    gsd_m=30.0,
    quality=("qa_pixel",),
    sky=sky,
    scaling=scaling,
    no_data=0,
    attribution="Landsat imagery courtesy of the U.S. Geological Survey",
    licence="public domain",
)
"""Every sixteen days by each satellite, since 1982."""
