"""Several chips as one: the median of what is valid, and the interval of its days."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagery.chip import Chip, Interval
from imagery.composite import composite
from imagery.errors import ChipError

UTM = (10.0, 0.0, 500_000.0, 0.0, -10.0, 3_700_000.0)


def chip(
    pixels: np.ndarray[Any, Any],
    mask: np.ndarray[Any, Any],
    acquired: Interval | None = None,
    **more: Any,
) -> Chip:
    given: dict[str, Any] = {
        "transform": UTM,
        "crs": "EPSG:32637",
        "gsd_m": 10.0,
        "provider": "synthetic",
        "sources": ("a.tif",),
        "bands": ("red", "nir"),
        **more,
    }
    return Chip(pixels=pixels, mask=mask, acquired=acquired, coverage=float(mask.mean()), **given)


@given(
    number=st.integers(1, 7),
    least=st.integers(1, 7),
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.0, 0.3, 0.8, 1.0]),
)
def test_the_median_is_numpys(number: int, least: int, seed: int, share: float) -> None:
    draw = np.random.default_rng(seed)
    pixels = draw.normal(0.3, 0.1, (number, 2, 5, 6)).astype(np.float32)
    masks = draw.random((number, 5, 6)) < share
    chips = [chip(p, m) for p, m in zip(pixels, masks, strict=True)]
    if least > number:
        with pytest.raises(ChipError, match="cannot be valid"):
            composite(chips, least=least)
        return
    made = composite(chips, least=least)
    assert np.array_equal(made.mask, masks.sum(axis=0) >= least)
    hidden = np.ma.masked_array(pixels, ~np.broadcast_to(masks[:, None], pixels.shape))
    expected = np.ma.median(hidden, axis=0).filled(0)  # type: ignore[no-untyped-call]
    assert made.pixels[:, made.mask] == pytest.approx(expected[:, made.mask], abs=1e-6)
    assert not made.pixels[:, ~made.mask].any()


def test_a_cloud_that_a_mask_missed_is_outvoted() -> None:
    plain = np.full((2, 8, 8), 0.3, dtype=np.float32)
    cloudy = plain.copy()
    cloudy[:, 2:4, 2:4] = 0.9
    everywhere = np.ones((8, 8), dtype=np.bool_)
    made = composite([chip(cloudy, everywhere), chip(plain, everywhere), chip(plain, everywhere)])
    assert made.pixels == pytest.approx(plain)


def test_its_dates_are_an_interval() -> None:
    pixels, mask = np.zeros((2, 3, 3), dtype=np.uint8), np.ones((3, 3), dtype=np.bool_)
    days = [(date(2017, 6, n), date(2017, 6, n)) for n in (20, 3, 11)]
    dated = [chip(pixels, mask, day, sources=(str(day[0]),)) for day in days]
    made = composite(dated)
    assert made.acquired == (date(2017, 6, 3), date(2017, 6, 20))
    assert made.sources == ("2017-06-20", "2017-06-03", "2017-06-11")
    assert made.pixels.dtype == np.float32
    # One without a date leaves the whole without one.
    assert composite([*dated, chip(pixels, mask)]).acquired is None


def test_memory_is_bounded_by_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    mask = np.ones((40, 30), dtype=np.bool_)
    chips = [chip(draw.random((2, 40, 30)).astype(np.float32), mask) for _ in range(3)]
    whole = composite(chips)
    monkeypatch.setattr("imagery.composite._MOST_AT_ONCE", 700)
    assert np.array_equal(composite(chips).pixels, whole.pixels)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"transform": (10.0, 0.0, 500_005.0, 0.0, -10.0, 3_700_000.0)}, "different grids"),
        ({"crs": "EPSG:32638"}, "different grids"),
        ({"bands": ("nir", "red")}, "bands red, nir and nir, red"),
    ],
)
def test_chips_that_do_not_go_together(change: dict[str, Any], message: str) -> None:
    pixels, mask = np.zeros((2, 3, 3)), np.ones((3, 3), dtype=np.bool_)
    with pytest.raises(ChipError, match=message):
        composite([chip(pixels, mask), chip(pixels, mask, **change)])


def test_names_of_bands_are_as_many_as_bands() -> None:
    with pytest.raises(ChipError, match="2 bands of a chip are named"):
        chip(np.zeros((2, 3, 3)), np.ones((3, 3), dtype=np.bool_), bands=("red",))


def test_no_chips() -> None:
    with pytest.raises(ChipError, match="at least one"):
        composite([])
