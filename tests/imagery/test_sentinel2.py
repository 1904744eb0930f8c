"""Sentinel-2: its mask, its scale, and the offset that came with baseline 04.00."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gazetteer.position import Position
from imagery.errors import ProviderError
from imagery.fetcher import Fetcher
from imagery.mission import Scaling, Sky
from imagery.scenes import SceneSource
from imagery.sentinel2 import SENTINEL2, baseline, scaling, sky
from imagery.stac import StacCatalogue
from imagery.stac_item import Scene, read_item

PLAIN = Scaling(scale=1e-4, offset=0.0)
SHIFTED = Scaling(scale=1e-4, offset=-0.1)


def scene(name: str = "S2A_37SFS_20230613_0_L2A", **properties: Any) -> Scene:
    told = {"datetime": "2023-06-13T08:10:00Z", **properties}
    item = {"type": "Feature", "id": name, "bbox": [38, 33, 39, 34], "properties": told}
    return read_item(item, base="http://127.0.0.1/", catalogue="test")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"s2:processing_baseline": "02.12"}, PLAIN),
        ({"s2:processing_baseline": "03.01"}, PLAIN),
        ({"s2:processing_baseline": "04.00"}, SHIFTED),
        ({"s2:processing_baseline": "05.11"}, SHIFTED),
        ({"processing:version": "05.00"}, SHIFTED),
        ({"s2:processing_baseline": "05.11", "earthsearch:boa_offset_applied": True}, PLAIN),
        ({"s2:processing_baseline": "02.14", "earthsearch:boa_offset_applied": False}, PLAIN),
        ({"s2:product_uri": "S2A_MSIL2A_20170613T0_N0500_R1_T37SFS_2023.SAFE"}, SHIFTED),
        ({"s2:product_uri": "S2A_MSIL2A_20170613T0_N0205_R1_T37SFS_2017.SAFE"}, PLAIN),
    ],
)
def test_the_baseline_decides(properties: dict[str, Any], expected: Scaling) -> None:
    assert scaling(scene(**properties), "red") == expected


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "does not say with which baseline"),
        ({"s2:processing_baseline": "five"}, "does not say with which baseline"),
        (
            {"s2:processing_baseline": "05.11", "earthsearch:boa_offset_applied": False},
            "cannot be told",
        ),
    ],
)
def test_what_cannot_be_known_is_refused(properties: dict[str, Any], message: str) -> None:
    with pytest.raises(ProviderError, match=message):
        scaling(scene(**properties), "red")


def test_the_baseline_in_a_name() -> None:
    assert baseline(scene("S2A_MSIL2A_20190101T000001_N0212_R116_T60VUK_20201007")) == (2, 12)
    assert baseline(scene()) is None


def test_the_classes_of_the_mask() -> None:
    expected = {
        Sky.NO_DATA: (0, 12, 200, 255),
        Sky.SATURATED: (1,),
        Sky.SHADOW: (3,),
        Sky.CLEAR: (2, 4, 5, 6, 7, 11),
        Sky.CLOUD: (8, 9, 10),
    }
    for kind, numbers in expected.items():
        assert set(sky(np.array([numbers], dtype=np.uint8)).ravel()) == {kind}
    assert set(sky(np.array([[-1, 300]], dtype=np.int16)).ravel()) == {Sky.NO_DATA}


@pytest.mark.parametrize("band", ["red", "nir08", "swir16"])
def test_bands_of_recorded_items(shared_data: Path, band: str) -> None:
    """Under the names of both public catalogues; the catalogue's own name for it is the oracle."""
    found = 0
    for name in ("planetary_computer_sentinel2_search", "earth_search_cloud_filter"):
        with gzip.open(shared_data / "stac" / f"{name}.json.gz", "rt") as file:
            pairs = json.load(file)
        for pair in pairs:
            for feature in pair["response"]["json"].get("features", ()):
                if feature["collection"] not in SENTINEL2.collections:
                    continue
                read = read_item(feature, base="http://127.0.0.1/", catalogue="test")
                asset, layer = SENTINEL2.band_file(read, band)
                (said,) = feature["assets"][asset.key]["eo:bands"]
                number = {"red": "B04", "nir08": "B8A", "swir16": "B11"}[band]
                assert (said["name"], layer) == (number, 1)
                assert SENTINEL2.quality_file(read) is not None
                assert read.sun_elevation_deg is not None
                # Each can be scaled, or says why not.
                assert scaling(read, band) in {PLAIN, SHIFTED}
                found += 1
    assert found > 30


def test_a_real_scene(shared_data: Path, tmp_path: Path) -> None:
    """Read by us and by GDAL directly: the same numbers, and the mask's own cloud share."""
    import rasterio

    folder = shared_data / "imagery" / "sentinel2_29RKH"
    item = json.loads((folder / "S2A_29RKH_20200219_0_L2A.json").read_text())
    for asset in item["assets"].values():
        name = asset["href"].rsplit("/", 1)[-1]
        if (folder / name).exists() and name.endswith(".tif"):
            asset["href"] = name
            shutil.copy(folder / name, tmp_path / name)
    (tmp_path / "item.json").write_text(json.dumps(item))
    catalogue = StacCatalogue(tmp_path / "item.json", fetcher=Fetcher(None), name="folder")
    source = SceneSource(SENTINEL2, [catalogue], fetcher=None, bands=("red", "nir"))
    chip = source.chip(
        Position(lon=-11.45, lat=24.8), 20_000, (date(2020, 2, 1), date(2020, 2, 29))
    )
    assert chip is not None
    # The files are reduced to 100 m, whatever the item says of them.
    assert (chip.gsd_m, chip.shape, chip.crs) == (100.0, (200, 200), "EPSG:32629")
    assert chip.acquired == (date(2020, 2, 19), date(2020, 2, 19))
    col = round((chip.transform[2] - 199_980) / 100)
    row = round((2_800_020 - chip.transform[5]) / 100)
    window = ((row, row + 200), (col, col + 200))
    for layer, name in enumerate(("B04", "B08")):
        with rasterio.open(folder / f"{name}.tif") as direct:
            numbers = direct.read(1, window=window)
        assert chip.pixels[layer] == pytest.approx(numbers * 1e-4, abs=1e-6)
    with rasterio.open(folder / "SCL.tif") as direct:
        classes = direct.read(1, window=((row / 2, row / 2 + 100), (col / 2, col / 2 + 100)))
    assert chip.scenes[0].cloud_share == pytest.approx(
        np.isin(classes, (8, 9, 10)).mean(), abs=0.02
    )
