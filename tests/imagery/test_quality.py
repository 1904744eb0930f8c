"""A chip is used for what its pixels, date and size can support, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from imagery.chip import Chip, Interval
from imagery.errors import ChipError
from imagery.quality import assess

DAY = (date(2017, 6, 1), date(2017, 6, 1))
ASKED = (date(2017, 6, 11), date(2017, 6, 11))


def chip(
    pixels: npt.NDArray[Any] | None = None,
    *,
    gsd_m: float = 10.0,
    acquired: Interval | None = DAY,
    bands: tuple[str, ...] = (),
    mask: npt.NDArray[np.bool_] | None = None,
) -> Chip:
    if pixels is None:
        pixels = np.random.default_rng(0).integers(40, 200, (3, 50, 50)).astype(np.uint8)
    seen = np.ones(pixels.shape[1:], dtype=np.bool_) if mask is None else mask
    return Chip(
        pixels=pixels,
        mask=seen,
        transform=(gsd_m, 0.0, 0.0, 0.0, -gsd_m, 0.0),
        crs="EPSG:32637",
        gsd_m=gsd_m,
        acquired=acquired,
        provider="made",
        sources=(),
        coverage=float(seen.mean()),
        bands=bands,
    )


@pytest.mark.parametrize(
    ("gsd_m", "use", "across"),
    [(1.0, "outline", 100), (10.0, "outline", 10), (30.0, "change", 3.33), (100.0, "context", 1)],
)
def test_a_base_of_100_m(gsd_m: float, use: str, across: float) -> None:
    found = assess(chip(gsd_m=gsd_m), object_m=100.0, when=ASKED)
    assert found.use == use
    assert found.pixels_across == pytest.approx(across, abs=0.01)
    assert any("cannot tell" in why for why in found.reasons) == (use == "context")


@pytest.mark.parametrize(
    ("acquired", "when", "gap", "use"),
    [
        (DAY, "before", 10, "outline"),
        ((date(2017, 6, 20), date(2017, 6, 21)), "after", 9, "outline"),
        (ASKED, "during", 0, "outline"),
        ((date(2017, 6, 10), date(2017, 6, 12)), "overlaps", 0, "context"),
        (None, "undated", None, "context"),
        ((date(2013, 6, 1), date(2013, 6, 1)), "before", 1471, "outline"),
    ],
)
def test_dates(acquired: Interval | None, when: str, gap: int | None, use: str) -> None:
    found = assess(chip(acquired=acquired), object_m=100, when=ASKED)
    assert (found.when, found.gap_days, found.use) == (when, gap, use)
    assert bool(found.reasons) == (use != "outline" or (gap or 0) > 730)


def test_holes() -> None:
    mask = np.zeros((50, 50), dtype=np.bool_)
    mask[:20] = True
    found = assess(chip(mask=mask), when=ASKED)
    assert found.use == "nothing"
    assert found.coverage == pytest.approx(0.4)


def test_blank_and_saturated() -> None:
    assert assess(chip(np.full((3, 50, 50), 90, dtype=np.uint8))).use == "nothing"
    bright = np.random.default_rng(0).integers(40, 200, (3, 50, 50)).astype(np.uint8)
    bright[:, :10] = 255
    found = assess(chip(bright))
    assert found.saturated == pytest.approx(0.2)
    assert found.use == "change"


def reflectances(cloudy: int) -> npt.NDArray[np.float32]:
    """Sand with some white cloud: blue, green, red, nir."""
    sand = np.array([0.06, 0.2, 0.3, 0.38])[:, None, None]
    rng = np.random.default_rng(0)
    pixels = sand * rng.uniform(0.9, 1.1, (4, 50, 50))
    pixels[:, :cloudy] = rng.uniform(0.6, 0.65, (4, cloudy, 50))
    return pixels.astype(np.float32)


def test_cloud_that_the_mask_missed() -> None:
    bands = ("blue", "green", "red", "nir")
    clear = assess(chip(reflectances(0), bands=bands))
    assert clear.cloud == 0.0
    assert clear.use == "outline"
    cloudy = assess(chip(reflectances(25), bands=bands))
    assert cloudy.cloud == pytest.approx(0.5)
    assert cloudy.use == "context"


def test_haze_and_shadow() -> None:
    bands = ("blue", "green", "red", "nir")
    hazy = assess(chip(reflectances(0) + np.float32(0.1), bands=bands))
    assert hazy.haze is not None
    assert hazy.haze > 0.1
    assert hazy.use == "change"
    dark = reflectances(0)
    dark[:, :10] *= np.float32(0.2)
    assert assess(chip(dark, bands=bands)).shadow == pytest.approx(0.2)


def test_what_cannot_be_told_is_none() -> None:
    for found in (assess(chip()), assess(replace(chip(), bands=("blue", "green", "red")))):
        assert found.cloud is None
        assert found.shadow is None
        assert found.haze is None


def test_values_that_are_no_numbers_are_holes() -> None:
    pixels = reflectances(0)
    pixels[0, :40] = np.nan
    found = assess(chip(pixels))
    assert found.coverage == pytest.approx(0.2)
    assert found.use == "nothing"


@pytest.mark.parametrize("size", [0.0, -5.0, float("nan"), float("inf")])
def test_object_without_size(size: float) -> None:
    with pytest.raises(ChipError, match="smaller side"):
        assess(chip(), object_m=size)
