"""Landsat: bits of its mask, its scale, and chips of synthetic and recorded scenes."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazetteer.position import Position
from imagery.fetcher import Fetcher
from imagery.landsat import LANDSAT, scaling, sky
from imagery.mission import Sky
from imagery.scenes import SceneSource
from imagery.stac import StacCatalogue
from imagery.stac_item import read_item
from tests.imagery.stac_server import bbox_of, centre, write_cog


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        # Values that the product guide spells out for Landsat 8 and 9.
        (1, Sky.NO_DATA),
        (21824, Sky.CLEAR),
        (21826, Sky.CLOUD),  # dilated cloud over land
        (21888, Sky.CLEAR),
        (21952, Sky.CLEAR),  # water
        (22280, Sky.CLOUD),
        (23888, Sky.SHADOW),
        (23952, Sky.SHADOW),
        (24088, Sky.CLOUD),
        (30048, Sky.CLEAR),  # snow
        (54596, Sky.CLOUD),  # high confidence cirrus
        (54852, Sky.CLOUD),
        (55052, Sky.CLOUD),
    ],
)
def test_bits_of_the_mask(number: int, kind: Sky) -> None:
    assert sky(np.array([[number]], dtype=np.uint16))[0, 0] == kind


def test_recorded_items(shared_data: Path) -> None:
    """The scale that the catalogue writes beside each file is the one used."""
    path = shared_data / "stac" / "planetary_computer_landsat_items.json.gz"
    with gzip.open(path, "rt") as file:
        features = json.load(file)[2]["response"]["json"]["features"]
    assert len(features) == 10
    for feature in features:
        scene = read_item(feature, base="http://127.0.0.1/", catalogue="test")
        assert scene.collection in LANDSAT.collections
        for band, _ in LANDSAT.bands:
            asset, layer = LANDSAT.band_file(scene, band)
            (said,) = feature["assets"][asset.key]["raster:bands"]
            used = scaling(scene, band)
            assert (used.scale, used.offset, layer) == (said["scale"], said["offset"], 1)
        quality = LANDSAT.quality_file(scene)
        assert quality is not None
        assert str(quality.href).endswith("_QA_PIXEL.TIF")
        assert scene.platform == "landsat-9"
        assert scene.sun_elevation_deg == feature["properties"]["view:sun_elevation"]


def test_a_chip(tmp_path: Path) -> None:
    """Pixels of 30 m whose corners lie at odd multiples of 15 m, with a cloud and its shadow."""
    names = ("red", "green", "blue", "nir08", "swir16", "swir22")
    numbers = np.random.default_rng(0).integers(8000, 20_000, (6, 100, 100), dtype=np.uint16)
    numbers[:, :, 95:] = 0
    mask = np.full((1, 100, 100), 21824, dtype=np.uint16)
    mask[:, 40:50, 40:50] = 22280
    mask[:, 50:55, 40:50] = 23888
    mask[:, :, 95:] = 1
    place: dict[str, Any] = {"west": 640_005.0, "north": 3_711_985.0, "step": 30.0}
    for name, layer in zip(names, numbers, strict=True):
        write_cog(tmp_path / f"{name}.tif", layer[None], **place)
    write_cog(tmp_path / "qa.tif", mask, no_data=1, **place)
    item = {
        "type": "Feature",
        "id": "LC08_SYNTHETIC",
        "collection": "landsat-c2-l2",
        "bbox": bbox_of(640_005.0, 3_711_985.0, 3000.0),
        "properties": {"datetime": "2017-06-13T08:00:00Z", "platform": "landsat-8"},
        "assets": {name: {"href": f"{name}.tif"} for name in names}
        | {"qa_pixel": {"href": "qa.tif"}},
    }
    (tmp_path / "item.json").write_text(json.dumps(item))
    catalogue = StacCatalogue(tmp_path / "item.json", fetcher=Fetcher(None))
    lon, lat = centre()
    chip = SceneSource(LANDSAT, [catalogue], fetcher=None).chip(
        Position(lon=lon, lat=lat), 4000, (date(2017, 6, 1), date(2017, 6, 30))
    )
    assert chip is not None
    assert chip.bands == ("red", "green", "blue", "nir", "swir16", "swir22")
    assert (chip.gsd_m, chip.shape) == (30.0, (133, 133))
    col = round((640_005.0 - chip.transform[2]) / 30)
    row = round((chip.transform[5] - 3_711_985.0) / 30)
    assert chip.transform[2] == 640_005.0 - 30 * col
    inside = np.s_[:, row : row + 100, col : col + 95]
    assert chip.pixels[inside] == pytest.approx(numbers[:, :, :95] * 2.75e-5 - 0.2, abs=1e-6)
    there = chip.mask[row : row + 100, col : col + 100]
    assert not there[40:55, 40:50].any()
    assert not there[:, 95:].any()
    assert chip.mask.sum() == 9500 - 150
    assert chip.scenes[0].cloud_share == pytest.approx(100 / 9500)
    assert chip.scenes[0].shadow_share == pytest.approx(50 / 9500)
