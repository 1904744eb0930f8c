"""Change with several dates on each side: a difference of composites against their own scatter.

One date before and one after cannot tell a building from a ploughed field. With several on each
side a pixel's own scatter from date to date says how far its mean may move by itself. The test is
Hotelling's two-sample T-squared with one covariance of bands for the scene, scaled at each pixel by
its own scatter, which is drawn towards the scene's (as if ``PRIOR_DATES`` more dates had shown it):
a scatter from three dates is known too badly to be taken at its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.change.irmad import Mask, Pixels, Plane
from imagery.errors import ChipError
from imagery.resample import usable

PRIOR_DATES = 4.0
_RIDGE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompositeChange:
    """The test's answer.

    Attributes:
        significance: (rows, cols), float32: -log10 of the chance of so large a difference without
            change; 0 where it cannot be told, at most 300.
        difference: (bands, rows, cols), float32: mean after less mean before, holes 0.
        mask: (rows, cols), True where at least one date of each side and three in all hold data.
        dates: (rows, cols), how many dates hold data.
    """

    significance: Plane
    difference: Plane
    mask: Mask
    dates: npt.NDArray[np.int16]


def composite_change(
    before: Sequence[Pixels],
    after: Sequence[Pixels],
    before_masks: Sequence[Mask],
    after_masks: Sequence[Mask],
) -> CompositeChange:
    """Tests every pixel for a step between two groups of dates.

    Args:
        before: the earlier dates, (bands, rows, cols) each, aligned, in one radiometry (surface
            reflectance, or brought to one date's units with ``radiometric_fit``).
        after: the later ones likewise.
        before_masks: (rows, cols) each, True where that date is clear.
        after_masks: the same for the later ones.

    Raises:
        ChipError: fewer than three dates in all, none on a side, or shapes that differ.
    """
    dates = [*before, *after]
    masks = [*before_masks, *after_masks]
    if not before or not after or len(dates) < 3:
        raise ChipError(
            f"{len(before)} dates before and {len(after)} after: a difference of composites needs "
            "one on each side and three in all; with one and one use change_map"
        )
    shape = dates[0].shape
    if len(masks) != len(dates) or any(d.shape != shape for d in dates):
        raise ChipError("all dates must have one shape (bands, rows, cols) and one mask each")
    if any(m.shape != shape[1:] for m in masks):
        raise ChipError(f"masks must be of {shape[1:]}, as the dates are")
    bands = shape[0]
    mean_b, count_b, square_b, cross_b = _group(before, before_masks)
    mean_a, count_a, square_a, cross_a = _group(after, after_masks)
    count = count_b + count_a
    mask = (count_b > 0) & (count_a > 0) & (count >= 3)
    difference = np.where(mask, mean_a - mean_b, 0.0).astype(np.float32)
    freedom = np.maximum(count - 2, 0)
    total = float(freedom[mask].sum())
    if total < 10 * bands:
        raise ChipError(
            f"only {total:.0f} repeated looks at a pixel: their scatter cannot be told from change"
        )
    covariance = (cross_b + cross_a) / total
    # What rounding or a constant band leaves out is put in, in units of each band's own size.
    level = np.maximum(np.diag(covariance), _RIDGE * _spread(dates, masks) ** 2 + 1e-30)
    covariance[np.diag_indices(bands)] = level * (1 + _RIDGE)
    # Scatter of a pixel relative to the scene's: the mean over bands of its variance ratios.
    own = ((square_b + square_a) / level[:, None, None]).mean(axis=0)
    scale = (PRIOR_DATES + own) / (PRIOR_DATES + freedom)
    inverse = np.linalg.inv(covariance)
    quadratic = np.einsum("brc,bd,drc->rc", difference, inverse, difference, optimize=True)
    harmonic = np.where(mask, count_b * count_a / np.maximum(count, 1), 0.0)
    statistic = np.maximum(harmonic * quadratic / scale, 0.0) / bands
    return CompositeChange(
        significance=_tail(statistic, bands, bands * (PRIOR_DATES + freedom), mask),
        difference=difference,
        mask=mask,
        dates=count.astype(np.int16),
    )


_Array = npt.NDArray[np.float64]


def _group(dates: Sequence[Pixels], masks: Sequence[Mask]) -> tuple[_Array, _Array, _Array, _Array]:
    """Mean, count, sum of squares about the mean by band, and the scene's summed cross products."""
    bands, rows, cols = dates[0].shape
    mean = np.zeros((bands, rows, cols))
    square = np.zeros((bands, rows, cols))
    cross = np.zeros((bands, bands))
    count = np.zeros((rows, cols))
    clear = [m & usable(d) for d, m in zip(dates, masks, strict=True)]
    for pixels, seen in zip(dates, clear, strict=True):
        mean += np.where(seen, pixels, 0.0)
        count += seen
    mean /= np.maximum(count, 1)
    for pixels, seen in zip(dates, clear, strict=True):
        off = np.where(seen, pixels - mean, 0.0)
        square += off**2
        flat = off.reshape(bands, -1)
        cross += flat @ flat.T
    return mean, count, square, cross


def _spread(dates: Sequence[Pixels], masks: Sequence[Mask]) -> _Array:
    first, seen = dates[0], masks[0] & usable(dates[0])
    spread: _Array = (
        first[:, seen].astype(np.float64).std(axis=1) if seen.any() else np.ones(len(first))
    )
    return np.maximum(spread, 1e-12)


def _tail(statistic: _Array, bands: int, freedom: _Array, mask: Mask) -> Plane:
    """-log10 of the F distribution's tail."""
    from scipy.special import fdtrc

    out = np.zeros(mask.shape, dtype=np.float32)
    tail = fdtrc(bands, freedom[mask], statistic[mask])
    out[mask] = -np.log10(np.maximum(tail, 1e-300))
    return out
