"""Places in a picture that are found again after it was scaled, cropped or compressed.

Extrema of differences of Gaussians over position and scale (D. G. Lowe, "Distinctive image
features from scale-invariant keypoints", 2004), without orientations: a recycled photo is mirrored
or cropped but hardly ever turned by an odd angle, and an upright patch says more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_FIRST_SIGMA = 1.6
_PER_OCTAVE = 3
_OCTAVES = 4
# What a camera's own blur is taken to be (Lowe).
_ASSUMED_SIGMA = 0.5
_LEAST_CONTRAST = 0.4
"""Of 255 grey levels; below it is what compression leaves of a plain sky."""
# Ratio of the principal curvatures: Lowe's limit, and one for pictures that have little but edges.
_MOST_EDGE, _EDGY = 10.0, 40.0
REACH = 6.0
"""Half the width of the patch that is described, in sigmas."""
SAMPLES = 16
"""Samples along one side of a patch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypoints:
    """Keypoints of one picture, strongest first, those on edges after all others.

    Attributes:
        x, y: (n,) position in pixels of the picture they were found in, pixel centres at 0.5.
        sigma: (n,) size in the same pixels.
        contrast: (n,) grey levels.
        edgy: (n,) whether it lies on an edge, along which it may have slid.
        patches: (n, SAMPLES, SAMPLES) grey levels around each.
    """

    x: Floats
    y: Floats
    sigma: Floats
    contrast: Floats
    edgy: npt.NDArray[np.bool_]
    patches: Floats


def find_keypoints(grey: Floats) -> Keypoints:
    """The keypoints of a picture (rows, columns) whose patches lie inside it."""
    found = [part for part in _parts(grey) if len(part.x)]
    if not found:
        none = np.zeros(0, dtype=np.float32)
        patches = np.zeros((0, SAMPLES, SAMPLES), dtype=np.float32)
        return Keypoints(
            x=none, y=none, sigma=none, contrast=none, edgy=none.astype(bool), patches=patches
        )
    contrast = np.concatenate([part.contrast for part in found])
    edgy = np.concatenate([part.edgy for part in found])
    order = np.lexsort((-contrast, edgy))
    return Keypoints(
        x=np.concatenate([part.x for part in found])[order],
        y=np.concatenate([part.y for part in found])[order],
        sigma=np.concatenate([part.sigma for part in found])[order],
        contrast=contrast[order],
        edgy=edgy[order],
        patches=np.concatenate([part.patches for part in found])[order],
    )


def _parts(grey: Floats) -> Iterator[Keypoints]:
    from scipy.ndimage import gaussian_filter

    step = 2.0 ** (1 / _PER_OCTAVE)
    blur = (_FIRST_SIGMA**2 - _ASSUMED_SIGMA**2) ** 0.5
    base = gaussian_filter(grey, blur, mode="nearest", truncate=3.0)
    for octave in range(_OCTAVES):
        if min(base.shape) < SAMPLES:
            return
        levels = [base]
        for level in range(1, _PER_OCTAVE + 3):
            sigma = _FIRST_SIGMA * step ** (level - 1)
            more = sigma * (step**2 - 1) ** 0.5
            levels.append(gaussian_filter(levels[-1], more, mode="nearest", truncate=3.0))
        yield from _octave(levels, 2.0**octave, step)
        base = levels[_PER_OCTAVE][::2, ::2]


def _octave(levels: list[Floats], scale: float, step: float) -> Iterator[Keypoints]:
    from scipy.ndimage import maximum_filter, minimum_filter

    dogs = np.stack([b - a for a, b in pairwise(levels)])
    peak = (dogs == maximum_filter(dogs, 3, mode="nearest")) & (dogs > _LEAST_CONTRAST)
    pit = (dogs == minimum_filter(dogs, 3, mode="nearest")) & (dogs < -_LEAST_CONTRAST)
    extreme = peak | pit
    height, width = levels[0].shape
    for level in range(1, _PER_OCTAVE + 1):
        row, col = np.nonzero(extreme[level, 1:-1, 1:-1])
        row, col = row + 1, col + 1
        keep = _is_blob(dogs[level], row, col, _EDGY)
        row, col = row[keep], col[keep]
        edgy = ~_is_blob(dogs[level], row, col, _MOST_EDGE)
        d_level, d_row, d_col = _refined(dogs, level, row, col)
        y, x = row + d_row, col + d_col
        sigma = _FIRST_SIGMA * step ** (level + d_level)
        reach = REACH * sigma
        # Half a sample of overhang is clamped.
        slack = reach / SAMPLES
        inside = (
            (x + 0.5 >= reach - slack)
            & (y + 0.5 >= reach - slack)
            & (x + 0.5 <= width - reach + slack)
            & (y + 0.5 <= height - reach + slack)
        )
        x, y, sigma = x[inside], y[inside], sigma[inside]
        contrast = np.abs(dogs[level, row[inside], col[inside]])
        yield Keypoints(
            # Decimation keeps pixel 0 at its place: its centre moves with the scale.
            x=(x * scale + 0.5).astype(np.float32),
            y=(y * scale + 0.5).astype(np.float32),
            sigma=(sigma * scale).astype(np.float32),
            contrast=contrast.astype(np.float32),
            edgy=edgy[inside],
            patches=_patches(levels[level], x, y, sigma),
        )


def _is_blob(
    dog: Floats, row: npt.NDArray[np.intp], col: npt.NDArray[np.intp], most: float
) -> npt.NDArray[np.bool_]:
    """Whether both principal curvatures are alike: along an edge one vanishes (Lowe, 4.1)."""
    centre = dog[row, col]
    xx = dog[row, col + 1] + dog[row, col - 1] - 2 * centre
    yy = dog[row + 1, col] + dog[row - 1, col] - 2 * centre
    xy = (
        dog[row + 1, col + 1]
        - dog[row + 1, col - 1]
        - dog[row - 1, col + 1]
        + dog[row - 1, col - 1]
    ) / 4
    determinant = xx * yy - xy**2
    blob: npt.NDArray[np.bool_] = (determinant > 0) & (
        (xx + yy) ** 2 * most < (most + 1) ** 2 * determinant
    )
    return blob


def _refined(
    dogs: Floats, level: int, row: npt.NDArray[np.intp], col: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Offset of the extremum from its sample on each axis, by a parabola; at most half a step."""
    centre = dogs[level, row, col]

    def offset(before: Floats, after: Floats) -> npt.NDArray[np.float32]:
        bend = before + after - 2 * centre
        safe = np.where(np.abs(bend) < 1e-6, 1.0, bend)
        moved = np.where(np.abs(bend) < 1e-6, 0.0, (before - after) / (2 * safe))
        return np.clip(moved, -0.5, 0.5).astype(np.float32)

    return (
        offset(dogs[level - 1, row, col], dogs[level + 1, row, col]),
        offset(dogs[level, row - 1, col], dogs[level, row + 1, col]),
        offset(dogs[level, row, col - 1], dogs[level, row, col + 1]),
    )


def _patches(
    level: Floats,
    x: npt.NDArray[np.floating],
    y: npt.NDArray[np.floating],
    sigma: npt.NDArray[np.floating],
) -> Floats:
    """Samples on a grid of SAMPLES by SAMPLES over ``REACH`` sigmas to each side, bilinear."""
    grid = (np.arange(SAMPLES) + 0.5) * (2 / SAMPLES) - 1
    across = x[:, None] + grid * REACH * sigma[:, None]
    down = y[:, None] + grid * REACH * sigma[:, None]
    return sample(level, across[:, None, :], down[:, :, None])


def sample(
    picture: Floats, x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]
) -> npt.NDArray[np.float32]:
    """Bilinear values at pixel indices (centres of pixels are whole numbers), clamped at edges."""
    height, width = picture.shape
    x = np.clip(x, 0, width - 1.001) if width > 1 else np.zeros_like(x)
    y = np.clip(y, 0, height - 1.001) if height > 1 else np.zeros_like(y)
    col, row = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    right, below = np.minimum(col + 1, width - 1), np.minimum(row + 1, height - 1)
    u, v = (x - col).astype(np.float32), (y - row).astype(np.float32)
    top = picture[row, col] * (1 - u) + picture[row, right] * u
    bottom = picture[below, col] * (1 - u) + picture[below, right] * u
    values: npt.NDArray[np.float32] = (top * (1 - v) + bottom * v).astype(np.float32)
    return values
