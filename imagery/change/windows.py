"""Local means and spreads that leave holes out."""

from __future__ import annotations

import numpy as np

from imagery.change.irmad import Mask, Pixels, Plane

SIDE_PX = 15
"""Side of the neighbourhood that "local" means: a little more than the largest outline."""
CLIP_SPREADS = 2.5
_LEAST_SHARE = 0.1


def standardised(pixels: Pixels, mask: Mask) -> Plane:
    """Each band's departure from its local mean in local standard deviations, clipped.

    Args:
        pixels: (bands, rows, cols).
        mask: (rows, cols), True where there is data.

    Returns:
        (bands, rows, cols), float32, 0 in holes. What is finer than the rounding of whole numbers,
        or than a fiftieth of the usual spread, is no structure.
    """
    from scipy.ndimage import uniform_filter

    whole = mask.all()
    share = None if whole else uniform_filter(mask.astype(np.float32), SIDE_PX, mode="reflect")
    out = np.empty(pixels.shape, dtype=np.float32)
    for band, values in zip(out, pixels, strict=True):
        plane = values.astype(np.float32)
        # Sums of squares in float32 need small numbers: the level is taken out first.
        plane -= np.float32(np.mean(plane[mask], dtype=np.float64)) if mask.any() else 0
        if share is not None:
            plane[~mask] = 0.0
        mean = uniform_filter(plane, SIDE_PX, mode="reflect")
        if share is not None:
            mean /= np.maximum(share, _LEAST_SHARE)
        np.subtract(plane, mean, out=band)
        if share is not None:
            band[~mask] = 0.0
        variance = uniform_filter(band * band, SIDE_PX, mode="reflect")
        if share is not None:
            variance /= np.maximum(share, _LEAST_SHARE)
        spread = np.sqrt(np.maximum(variance, 0.0))
        rounding = 0.5 if pixels.dtype.kind in "iu" else 0.0
        usual = float(np.median(spread[::4, ::4]))
        spread = np.hypot(spread, max(rounding, 0.02 * usual, 1e-12))
        band /= spread
        np.clip(band, -CLIP_SPREADS, CLIP_SPREADS, out=band)
    return out


def brightness_weights(standard: Plane) -> Plane:
    """How much each band counts when all bands may have grown brighter or darker together.

    Bands that vary together tell the same thing once: the weights are those of the matched filter
    for a change of every band by its own spread, C^-1 1 with C the bands' correlation, none below
    zero. A little of the identity is added to C, since it is estimated.
    """
    few = standard[:, ::4, ::4].reshape(len(standard), -1).astype(np.float64)
    spread = few.std(axis=1)
    few = few / np.maximum(spread, 1e-9)[:, None]
    correlation = few @ few.T / few.shape[1]
    weights = np.linalg.solve(correlation + 0.05 * np.eye(len(few)), np.ones(len(few)))
    weights = np.where(spread > 0, np.maximum(weights, 0.0), 0.0)
    if not weights.any():
        weights = np.ones(len(few))
    return weights.astype(np.float32)
