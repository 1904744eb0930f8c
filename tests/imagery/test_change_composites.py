"""Several dates: a step stands out from the scatter, and the scatter alone does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from imagery.change import composite_change
from imagery.errors import ChipError
from tests.imagery.made_dates import ground

Array = npt.NDArray[Any]


def dates(n: int, seed: int, noise: float = 5.0) -> list[Array]:
    rng = np.random.default_rng(seed)
    base = ground(side=80)
    return [base + rng.normal(0, noise, base.shape) for _ in range(n)]


def masks(n: int) -> list[npt.NDArray[np.bool_]]:
    return [np.ones((80, 80), dtype=np.bool_) for _ in range(n)]


def test_false_rate_is_no_more_than_stated() -> None:
    """Drawing each pixel's scatter towards the scene's errs on the careful side, but not far."""
    found = composite_change(dates(4, 1), dates(5, 2), masks(4), masks(5))
    for level in (1.0, 2.0):
        share = float((found.significance > level).mean())
        assert 0.3 * 10**-level < share < 1.2 * 10**-level


def test_a_step_is_found_and_its_size_is_right() -> None:
    after = [d.copy() for d in dates(4, 2)]
    for date in after:
        date[1, 30:40, 30:40] += 20
    found = composite_change(dates(4, 1), after, masks(4), masks(4))
    assert float(np.median(found.significance[30:40, 30:40])) > 4
    assert found.difference[1, 30:40, 30:40].mean() == pytest.approx(20, abs=1)
    outside = np.ones((80, 80), dtype=np.bool_)
    outside[30:40, 30:40] = False
    assert float((found.significance[outside] > 4).mean()) < 1e-3


def test_restless_ground_must_move_further() -> None:
    """A field that differs on every date is no step, one that differs once is."""
    rng = np.random.default_rng(5)
    before, after = dates(5, 1), dates(5, 2)
    for date in (*before, *after):
        date[:, :20, :20] += rng.normal(0, 40)
    for date in after:
        date[:, 50:70, 50:70] += 25
    found = composite_change(before, after, masks(5), masks(5))
    assert np.median(found.significance[:20, :20]) < np.median(found.significance[50:70, 50:70])


def test_clouds_are_left_out() -> None:
    before, after, clear = dates(3, 1), dates(3, 2), masks(3)
    after[0][:, :40] = 5000
    clear[0][:40] = False
    after[1][:, :10] = np.nan
    found = composite_change(before, after, masks(3), clear)
    assert float((found.significance > 4).mean()) < 1e-3
    assert found.dates[20, 20] == 5
    assert found.dates[5, 5] == 4
    assert found.mask.all()


def test_a_pixel_never_seen_on_one_side() -> None:
    clear = masks(3)
    for mask in clear:
        mask[:10] = False
    found = composite_change(dates(3, 1), dates(3, 2), masks(3), clear)
    assert not found.mask[:10].any()
    assert not found.significance[:10].any()
    assert not found.difference[:, :10].any()


@pytest.mark.parametrize(("before", "after"), [(1, 1), (0, 4), (4, 0)])
def test_too_few_dates(before: int, after: int) -> None:
    with pytest.raises(ChipError, match="three in all"):
        composite_change(dates(before, 1), dates(after, 2), masks(before), masks(after))


def test_shapes_that_differ() -> None:
    with pytest.raises(ChipError, match="one shape"):
        composite_change(dates(2, 1), [np.zeros((3, 9, 9))], masks(2), masks(1))
    with pytest.raises(ChipError, match="masks"):
        composite_change(dates(2, 1), dates(1, 2), masks(2), [np.ones((9, 9), dtype=np.bool_)])
