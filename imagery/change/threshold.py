"""Where change begins, from the statistic alone.

The root of the statistic is a distance in standard deviations. Two limits are found without labels.
The unchanged bulk ends near its median plus ``EDGE_SPREADS`` robust standard deviations, taken from
the half below the median, which change cannot reach as long as it is the smaller part of the scene:
a threshold there is too low where the bulk has a long tail. Otsu's split (1979) is too high where
the changed class is wide, since it takes both classes for equally wide. Their geometric mean holds
where change is rare and where it is common (benchmarks/change.py --synthetic prints all three).
Where Otsu's split lies within the bulk there is no second class, and only what stands
``ALONE_SPREADS`` above the median counts.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.change.irmad import Mask, Plane

EDGE_SPREADS = 3.0
ALONE_SPREADS = 5.0
FAR_SPREADS = 40.0
"""Beyond this all is equally changed: a saturated band can put single pixels thousands of spreads
away, where they would pull Otsu's split after them."""
SMOOTH_PX = 0.8
"""Standard deviation of the spatial context, pixels: about the spread of an imaging system's
response, by which neighbours see the same ground."""
_BINS = 512
_MOST_VALUES = 200_000


def in_context(statistic: Plane, mask: Mask) -> Plane:
    """The statistic averaged over each pixel's immediate neighbours; holes take no part."""
    from scipy.ndimage import gaussian_filter

    smooth: Plane = gaussian_filter(statistic, SMOOTH_PX, truncate=3.0, mode="nearest")
    if not mask.all():
        share = gaussian_filter(mask.astype(np.float32), SMOOTH_PX, truncate=3.0, mode="nearest")
        smooth = np.where(mask, smooth / np.maximum(share, 1e-3), 0.0).astype(np.float32)
    return smooth


def change_threshold(distance: npt.NDArray[Any]) -> float:
    """The distance above which a pixel counts as changed; infinity where nothing stands out.

    Args:
        distance: (n,) roots of the statistic of valid pixels.
    """
    values = np.asarray(distance, dtype=np.float32).ravel()
    values = values[:: max(1, values.size // _MOST_VALUES)]
    if values.size == 0:
        return math.inf
    low, middle, high = np.quantile(values, [0.1587, 0.5, 1.0])
    spread = float(middle - low)
    edge, alone = float(middle) + EDGE_SPREADS * spread, float(middle) + ALONE_SPREADS * spread
    split = otsu(np.minimum(values, middle + FAR_SPREADS * spread))
    threshold = math.sqrt(split * edge) if split > edge else alone
    return threshold if high > threshold else math.inf


def otsu(values: npt.NDArray[Any]) -> float:
    """Otsu's threshold: the split with the greatest variance between its two classes."""
    top = float(values.max())
    counts, edges = np.histogram(values, bins=_BINS)
    centres = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts).astype(np.float64)
    above = below[-1] - below
    sums = np.cumsum(counts * centres)
    if not (below[:-1] * above[:-1]).any():
        return top  # all alike: nothing to split
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + int(np.nanargmax(between[:-1]))])
