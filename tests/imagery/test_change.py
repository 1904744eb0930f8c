"""Change is found where it was made, and nowhere on dates that are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from imagery.change import change_map, irmad, radiometric_fit
from imagery.change.threshold import change_threshold, otsu
from imagery.errors import ChipError
from tests.imagery.made_dates import chip, ground

Array = npt.NDArray[Any]


def later(pixels: Array, seed: int = 1) -> Array:
    """The same ground through another sensor on another day."""
    rng = np.random.default_rng(seed)
    gain = rng.uniform(0.7, 1.4, (len(pixels), 1, 1))
    return pixels * gain + rng.uniform(-20, 20, gain.shape) + rng.normal(0, 2, pixels.shape)


def with_pond(pixels: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
    """The ground with something else in an ellipse of 24 by 12 pixels."""
    y, x = np.mgrid[: pixels.shape[1], : pixels.shape[2]]
    pond = ((y - 60) / 6.0) ** 2 + ((x - 120) / 12.0) ** 2 <= 1
    changed = pixels.copy()
    changed[:, pond] = np.array([20.0, 160.0, 30.0, 150.0])[: len(pixels), None]
    return changed, pond


@pytest.mark.parametrize("bands", [1, 2, 4, 12])
def test_statistic_is_chi_square_in_shape_without_change(bands: int) -> None:
    """Its tail falls off as the distribution's, up to one scale: reweighting narrows the spread."""
    pixels = ground(bands=bands)
    rng = np.random.default_rng(3)
    found = irmad(pixels + rng.normal(0, 4, pixels.shape), pixels + rng.normal(0, 4, pixels.shape))
    assert found.bands == bands
    scale = np.median(found.statistic) / chi2.ppf(0.5, bands)
    share = float((found.statistic > scale * chi2.ppf(0.99, bands)).mean())
    assert share == pytest.approx(0.01, abs=0.006)


def test_units_of_the_bands_do_not_matter() -> None:
    before, after = ground(), later(ground())
    mixed = np.einsum("ij,jrc->irc", np.array([[2.0, 1, 0], [0, 1, 0.5], [1, 0, 3]]), after) * 1e3
    np.testing.assert_allclose(
        irmad(before, after).statistic, irmad(before, mixed + 7).statistic, rtol=0.02, atol=0.05
    )


def test_change_is_found_where_it_is() -> None:
    before = ground(bands=4)
    changed, pond = with_pond(before)
    found = change_map(chip(before), chip(later(changed)))
    assert found.settled
    overlap = (found.changed & pond).sum() / (found.changed | pond).sum()
    assert overlap > 0.85
    best = next(p for p in found.patches if p.kind == "area")
    assert (best.row, best.col) == pytest.approx((60, 120), abs=0.5)
    assert best.area_m2 == pytest.approx(pond.sum() * 100, rel=0.15)
    assert best.length_m == pytest.approx(240, rel=0.15)
    assert best.width_m == pytest.approx(120, rel=0.2)
    assert best.orientation_deg == pytest.approx(90, abs=5)
    assert best.compactness == pytest.approx(1, abs=0.1)
    assert (best.x, best.y) == pytest.approx((501_205, 3_699_395), abs=5)
    assert float(found.significance[60, 120]) > 20


def test_equal_dates_have_no_patch() -> None:
    for pixels in (ground(), ground().astype(np.uint8), np.full((3, 80, 80), 7.0)):
        found = change_map(chip(pixels), chip(pixels))
        assert found.patches == ()
        assert not found.changed.any()
        assert not found.significance.any() or found.significance.max() < 1


def test_the_same_ground_seen_again_has_no_patch() -> None:
    """Other gain, other level, noise: a different picture of the same thing."""
    found = change_map(chip(ground()), chip(later(ground())))
    assert found.patches == ()


def test_holes_say_nothing() -> None:
    before = ground(bands=4)
    changed, pond = with_pond(before)
    after = later(changed)
    mask = ~pond
    after[:, pond] = 0.0
    found = change_map(chip(before), chip(after, mask))
    assert not found.changed[pond].any()
    assert not found.significance[pond].any()
    assert found.patches == ()
    # Values that are no numbers, or fill values, are holes as well, whatever the mask says.
    for fill in (np.nan, np.inf, -3.4e38):
        after[:, pond] = fill
        again = change_map(chip(before), chip(after))
        assert not again.mask[pond].any()
        assert again.patches == ()
        assert np.isfinite(again.significance).all()


def test_gain_and_offset_are_found() -> None:
    before, _ = with_pond(ground(bands=4))
    fit = radiometric_fit(
        before, 1.5 * ground(bands=4) + 12, irmad(before, 1.5 * ground(bands=4) + 12)
    )
    assert fit.gain == pytest.approx([1.5] * 4, rel=0.03)
    assert fit.offset == pytest.approx([12] * 4, abs=5)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (np.zeros((3, 40, 40)), np.zeros((4, 40, 40)), "one shape"),
        (np.zeros((40, 40)), np.zeros((40, 40)), "one shape"),
        (np.zeros((100, 40, 40)), np.zeros((100, 40, 40)), "100 bands"),
        (np.full((3, 40, 40), np.nan), np.zeros((3, 40, 40)), "only 0 pixels"),
    ],
)
def test_arrays_that_do_not_fit(before: Array, after: Array, message: str) -> None:
    with pytest.raises(ChipError, match=message):
        irmad(before, after)


def test_chips_on_different_grids() -> None:
    here = chip(ground())
    with pytest.raises(ChipError, match="onto_grid"):
        change_map(here, chip(ground(side=100)))
    with pytest.raises(ChipError, match="different grids"):
        change_map(here, chip(ground(), crs="EPSG:32638"))
    with pytest.raises(ChipError, match=r"0\.50 pixels apart"):
        change_map(here, replace(here, transform=(10.0, 0.0, 500_005.0, 0.0, -10.0, 3_700_000.0)))


def test_no_data_shared() -> None:
    mask = np.zeros((200, 200), dtype=np.bool_)
    with pytest.raises(ChipError, match="hold data on both dates"):
        change_map(chip(ground()), chip(ground(), mask))


def test_otsu_against_every_split() -> None:
    """The histogram's answer is as good as the best of all splits."""
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(2, 0.5, 900), rng.normal(7, 1.0, 100)])

    def between(split: float) -> float:
        low, high = values[values <= split], values[values > split]
        return float(len(low) * len(high) * (low.mean() - high.mean()) ** 2)

    best = max(between(v) for v in np.sort(values)[1:-1])
    assert between(otsu(values)) > 0.98 * best


@given(st.floats(0.01, 100), st.integers(0, 2**32 - 1))
def test_threshold_follows_the_unit(scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.concatenate([rng.chisquare(4, 3000) ** 0.5, rng.normal(12, 2, 200)])
    assert change_threshold(scale * values) == pytest.approx(
        scale * change_threshold(values), rel=0.02
    )


def test_nothing_stands_out() -> None:
    assert change_threshold(np.ones(100)) == np.inf
    assert change_threshold(np.zeros(0)) == np.inf
    noise = np.sqrt(np.random.default_rng(0).chisquare(6, 50_000))
    assert float((noise > change_threshold(noise)).mean()) < 1e-3


def test_labelled_pair(shared_data: Path) -> None:
    """A published pair with labels reaches the promised agreement."""
    from benchmarks.change import auc_of, kappa_f1, read

    folder = shared_data / "imagery" / "taizhou"
    before, after = read(folder / "2000TM"), read(folder / "2003TM")
    changed, same = read(folder / "change.bmp")[0] > 0, read(folder / "unchanged.bmp")[0] > 0
    found = change_map(chip(before, gsd_m=30), chip(after, gsd_m=30))
    kappa, f1 = kappa_f1(found.changed, changed, same)
    assert auc_of(found.distance, changed, same) >= 0.996
    assert kappa >= 0.94
    assert f1 >= 0.955
