"""Chips as GeoTIFFs, read back by GDAL."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from gazetteer.position import Position
from imagery.chip import Chip, Interval
from imagery.errors import RasterError
from imagery.geotiff import Part, write_cog
from imagery.raster import LocalRaster

DAY = date(2017, 6, 11)
PART = Part(url="https://x.test/1", sha256="ab" * 32, retrieved_at=datetime(2020, 1, 2, tzinfo=UTC))


def chip(
    *,
    size: int = 700,
    bands: tuple[str, ...] = (),
    dtype: str = "uint8",
    acquired: Interval | None = (DAY, DAY),
) -> Chip:
    rng = np.random.default_rng(0)
    pixels = (rng.random((len(bands) or 3, size, size)) * 200 + 1).astype(dtype)
    mask = np.ones((size, size), dtype=np.bool_)
    mask[100:300, 50:90] = False
    return Chip(
        pixels=pixels,
        mask=mask,
        transform=(7.5, 0.0, 4_300_000.25, 0.0, -7.5, 3_960_000.125),
        crs="EPSG:3857",
        gsd_m=6.2,
        acquired=acquired,
        provider="Synthetic",
        sources=("https://x.test/1", "https://x.test/2"),
        coverage=float(mask.mean()),
        bands=bands,
    )


@pytest.mark.parametrize(
    ("bands", "dtype"),
    [((), "uint8"), (("blue", "green", "red", "nir"), "float32"), (("grey",), "uint16")],
)
def test_gdal_reads_what_was_written(tmp_path: Path, bands: tuple[str, ...], dtype: str) -> None:
    given = chip(bands=bands, dtype=dtype)
    path = tmp_path / "deep" / "chip.tif"
    write_cog(given, path, parts=[PART], attribution="Nobody: made for a test", licence="none")
    assert [p.name for p in path.parent.iterdir()] == ["chip.tif"]
    with rasterio.open(path) as file:
        assert (file.read() == given.pixels).all()
        assert ((file.dataset_mask() > 0) == given.mask).all()
        assert tuple(file.transform)[:6] == given.transform
        assert file.crs.to_epsg() == 3857
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.profile["tiled"]
        assert file.compression.name == "deflate"
        assert file.overviews(1) == [2, 4]
        assert file.descriptions == (bands or (None, None, None))
        tags = file.tags()
    assert tags["ATTRIBUTION"] == "Nobody: made for a test"
    assert (tags["ACQUIRED_FIRST"], tags["ACQUIRED_LAST"]) == ("2017-06-11", "2017-06-11")
    [source] = json.loads(tags["SOURCES"])
    assert source == {
        "url": "https://x.test/1",
        "sha256": "ab" * 32,
        "retrieved_at": "2020-01-02T00:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("acquired", "read"),
    [((DAY, DAY), (DAY, DAY)), (None, None), ((date(2016, 1, 1), DAY), None)],
)
def test_a_date_is_never_made_up(
    tmp_path: Path, acquired: Interval | None, read: Interval | None
) -> None:
    """What is read back is what was known: not the day of writing, not a part of a year."""
    path = tmp_path / "chip.tif"
    write_cog(chip(acquired=acquired), path)
    raster = LocalRaster(path)
    assert raster.acquired == read
    again = raster.chip(Position(lon=38.65, lat=33.47), 300)
    assert again is not None
    with rasterio.open(path) as file:
        assert ("ACQUIRED_FIRST" in file.tags()) == (acquired is not None)
        assert [s["url"] for s in json.loads(file.tags()["SOURCES"])] == [
            "https://x.test/1",
            "https://x.test/2",
        ]


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older file stays as it was, and nothing half-written is left."""
    path = tmp_path / "chip.tif"
    path.write_bytes(b"older")

    def full(self: Path, content: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RasterError, match="No space left on device"):
        write_cog(chip(size=64 + 256), path)
    assert path.read_bytes() == b"older"
    assert len(list(tmp_path.iterdir())) == 1
