"""Aerial photographs: four layers of one file, no mask of clouds, numbers as they are."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from gazetteer.position import Position
from imagery.fetcher import Fetcher
from imagery.naip import NAIP
from imagery.scenes import SceneSource
from imagery.stac import StacCatalogue
from imagery.stac_item import read_item
from tests.imagery.stac_server import Item

NAMES = ("red", "green", "blue", "nir")


def naip_item(path: Path) -> Item:
    """An item for one of the files, named by its day."""
    import rasterio
    from rasterio.warp import transform_bounds

    with rasterio.open(path) as dataset:
        box = transform_bounds(dataset.crs, "OGC:CRS84", *dataset.bounds)
    day = path.stem[-8:]
    return {
        "type": "Feature",
        "id": path.stem,
        "collection": "naip",
        "bbox": list(box),
        "properties": {"datetime": f"{day[:4]}-{day[4:6]}-{day[6:]}T16:00:00Z"},
        "assets": {
            "image": {"href": path.name, "eo:bands": [{"common_name": name} for name in NAMES]}
        },
    }


def test_real_dates_before_and_after(shared_data: Path, tmp_path: Path) -> None:
    import rasterio

    folder = shared_data / "imagery" / "naip"
    paths = sorted(folder.glob("*.tif"))
    for path in paths:
        shutil.copy(path, tmp_path / path.name)
    features = [naip_item(path) for path in paths]
    collection = {"type": "FeatureCollection", "features": features}
    (tmp_path / "catalog.json").write_text(json.dumps(collection))
    catalogue = StacCatalogue(tmp_path, fetcher=Fetcher(None), name="folder")
    source = SceneSource(NAIP, [catalogue], fetcher=None)
    here = Position(lon=-99.1574, lat=47.0312)
    chip = source.chip(here, 1000, (date(2015, 1, 1), date(2015, 12, 31)))
    assert chip is not None
    assert (chip.gsd_m, chip.shape, chip.bands) == (5.0, (200, 200), NAMES)
    assert chip.acquired == (date(2015, 9, 26), date(2015, 9, 26))
    assert chip.scenes[0].cloud_share is None
    with rasterio.open(paths[2]) as direct:
        col = round((chip.transform[2] - direct.transform.c) / 5)
        row = round((direct.transform.f - chip.transform[5]) / 5)
        numbers = direct.read(window=((row, row + 200), (col, col + 200)))
    assert np.array_equal(chip.pixels, numbers)
    # Files of other years are shifted by a metre or two: they come onto the first one's grid.
    best = source.before_after(here, 1000, (date(2016, 6, 1), date(2016, 6, 1)))
    assert [c.acquired for c in best.before] == [(date(2015, 9, 26), date(2015, 9, 26))]
    assert [c.acquired for c in best.after] == [(date(2017, 8, 27), date(2017, 8, 27))]
    assert best.before[0].transform == best.after[0].transform
    assert best.after[0].coverage == 1.0


def test_recorded_items(shared_data: Path) -> None:
    with gzip.open(shared_data / "stac" / "planetary_computer_naip_page.json.gz", "rt") as file:
        features = json.load(file)[0]["response"]["json"]["features"]
    for feature in features:
        scene = read_item(feature, base="http://127.0.0.1/", catalogue="test")
        layers = [NAIP.band_file(scene, band)[1] for band in NAIP.default_bands]
        assert layers == [1, 2, 3, 4]


@pytest.mark.parametrize("listed", [None, [], [{"name": "1"}]])
def test_layers_where_the_catalogue_names_none(listed: object) -> None:
    item = {
        "type": "Feature",
        "id": "a",
        "bbox": [1, 2, 3, 4],
        "properties": {"datetime": "2020-01-01T00:00:00Z"},
        "assets": {"image": {"href": "a.tif", "eo:bands": listed}},
    }
    scene = read_item(item, base="http://127.0.0.1/", catalogue="test")
    assert [NAIP.band_file(scene, band)[1] for band in NAMES] == [1, 2, 3, 4]
