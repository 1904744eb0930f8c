"""Frames and letter boxes around a picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LEAST_SIDE = 16
"""Pixels each way below which nothing can be known of a picture."""
_SPREAD = 3.0
"""Grey levels by which a line of a frame strays, to either side: compression rings at its edge."""
_STEP = 8.0
_MOST = 0.35


def without_borders(grey: Floats) -> Floats:
    """The picture without uniform stripes along its edges, as frames and letter boxes have them.

    A stripe is a run of lines from an edge, each of one grey level and all of the same. At most
    35 % is taken from each edge, and nothing if a stripe seems to be wider: that is a plain sky, or
    no picture.
    """
    top, bottom = _stripe(grey), _stripe(grey[::-1])
    left, right = _stripe(grey.T), _stripe(grey.T[::-1])
    height, width = grey.shape
    inner = grey[top : height - bottom, left : width - right]
    return inner if min(inner.shape) >= LEAST_SIDE else grey


def _stripe(lines: Floats) -> int:
    """How many lines from the first on are uniform."""
    most = int(len(lines) * _MOST) + 1
    head = lines[:most]
    level = np.median(head[0])
    low, high = np.percentile(head, [2, 98], axis=1)
    of_one_level = high - low <= 2 * _SPREAD
    plain = of_one_level & (np.abs(np.median(head, axis=1) - level) <= _STEP)
    count = int(np.argmin(plain)) if not plain.all() else most
    return 0 if count >= most else count
