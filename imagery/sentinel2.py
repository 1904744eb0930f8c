"""Sentinel-2, Level 2A: reflectance at the ground at 10, 20 and 60 m, with a scene classification.

Numbers in the files are ``10,000 * reflectance``, and from processing baseline 04.00 on
``10,000 * reflectance + 1,000`` (ESA, Sentinel-2 Products Specification Document, BOA_ADD_OFFSET).
The baseline decides, not the date: scenes of 2017 have been processed anew with 05.xx.

Earth Search's collection ``sentinel-2-l2a`` took the 1,000 off again and notes that in
``earthsearch:boa_offset_applied``. A "true" there is followed. A "false" beside a baseline of 04.00
or later is not: its maintainers' issue tracker has scenes of either kind under it
(Element84/earth-search 66 and 71), and a mistake of 0.1 in reflectance would look like change. Such
a scene is refused; the same acquisition is to be had from ``sentinel-2-c1-l2a`` or from the
Planetary Computer.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.errors import ProviderError
from imagery.mission import Classes, Mission, Scaling, Sky
from imagery.stac_item import Scene

_OFFSET_SINCE = (4, 0)
_SCALE = 1e-4
_OFFSET = -0.1
_BASELINE = re.compile(r"(\d{1,2})\.(\d{1,2})", re.ASCII)
_IN_NAME = re.compile(r"_N(\d{2})(\d{2})_", re.ASCII)
_APPLIED = ("earthsearch:boa_offset_applied", "sentinel:boa_offset_applied")
_SAID_IN = ("s2:processing_baseline", "processing:version", "sentinel:processing_baseline")

# Scene classification, ESA Level-2A algorithm: 0 no data, 1 saturated or defective, 2 dark,
# 3 cloud shadow, 4 vegetation, 5 not vegetated, 6 water, 7 unclassified, 8 cloud of medium and 9 of
# high probability, 10 thin cirrus, 11 snow or ice.
_SKY = np.full(256, Sky.NO_DATA, dtype=np.uint8)
_SKY[[2, 4, 5, 6, 7, 11]] = Sky.CLEAR
_SKY[1] = Sky.SATURATED
_SKY[3] = Sky.SHADOW
_SKY[[8, 9, 10]] = Sky.CLOUD


def sky(classification: npt.NDArray[Any]) -> Classes:
    """The scene classification (SCL) as ``Sky``; numbers it does not define are no data."""
    return _SKY[np.where((classification >= 0) & (classification < 12), classification, 0)]


def baseline(scene: Scene) -> tuple[int, int] | None:
    """Version of the processing, from the scene's properties or its product's name."""
    for key in _SAID_IN:
        said = _BASELINE.fullmatch(str(scene.properties.get(key, "")).strip())
        if said:
            return int(said[1]), int(said[2])
    for name in (str(scene.properties.get("s2:product_uri", "")), scene.id):
        found = _IN_NAME.search(name)
        if found:
            return int(found[1]), int(found[2])
    return None


def scaling(scene: Scene, band: str) -> Scaling:  # noqa: ARG001 - the same for all bands
    """How numbers become reflectance; see the head of this file.

    Raises:
        ProviderError: the scene does not tell, or tells what is known to be unreliable.
    """
    applied = next((scene.properties[k] for k in _APPLIED if k in scene.properties), None)
    if applied is True:
        return Scaling(scale=_SCALE, offset=0.0)
    version = baseline(scene)
    if version is None:
        raise ProviderError(
            f"{scene.id}: the catalogue does not say with which baseline it was processed, so its "
            "reflectance can be off by 0.1; take the scene from another catalogue"
        )
    if version < _OFFSET_SINCE:
        return Scaling(scale=_SCALE, offset=0.0)
    if applied is False:
        raise ProviderError(
            f"{scene.id}: whether its offset was applied cannot be told from this collection; take "
            "the scene from sentinel-2-c1-l2a or the Planetary Computer"
        )
    return Scaling(scale=_SCALE, offset=_OFFSET)


SENTINEL2 = Mission(
    key="sentinel-2",
    name="Sentinel-2 Level 2A",
    # Not Earth Search's older "sentinel-2-l2a" first: see the head of this file.
    collections=("sentinel-2-c1-l2a", "sentinel-2-l2a"),
    bands=(
        ("coastal", ("coastal", "B01")),
        ("blue", ("blue", "B02")),
        ("green", ("green", "B03")),
        ("red", ("red", "B04")),
        ("rededge1", ("rededge1", "B05")),
        ("rededge2", ("rededge2", "B06")),
        ("rededge3", ("rededge3", "B07")),
        ("nir", ("nir", "B08")),
        ("nir08", ("nir08", "B8A")),
        ("nir09", ("nir09", "B09")),
        ("swir16", ("swir16", "B11")),
        ("swir22", ("swir22", "B12")),
    ),
    default_bands=("red", "green", "blue", "nir"),
    gsd_m=10.0,
    quality=("scl", "SCL"),
    sky=sky,
    scaling=scaling,
    no_data=0,
    attribution="Contains modified Copernicus Sentinel data",
    licence="free and open (Copernicus Sentinel data terms)",
)
"""Every five days since 2017, every ten before."""
