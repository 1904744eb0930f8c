"""Laying one picture over another and seeing whether they are the same where they overlap.

A thumbnail is a grid of cells over the whole picture. A placement says where the asked picture lies
on the kept one: ``kept = scale * asked + (right, down)``, in the units of ``Fingerprint``. What is
compared is not grey levels, which are alike for any two pictures of sky over ground, but how each
cell differs from the cells around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.photo.fingerprint.keypoints import sample
from imagery.photo.fingerprint.print_of import Fingerprint

CELLS = 14
"""Cells along each side of a thumbnail."""
LEVELS = 16

Floats = npt.NDArray[np.float32]

_BLUR = 0.35
"""Of a cell's side: samples at the middle of a cell then stand for its mean."""
_BLURS = (0.0, 0.7, 1.0, 1.4, 2.0, 2.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlays:
    """How well n placements fit.

    Attributes:
        likeness: (n,) correlation of the local differences over the overlap, -1 to 1.
        of_kept: (n,) share of the kept picture that the asked one covers.
        of_asked: (n,) share of the asked picture that lies on the kept one.
    """

    likeness: Floats
    of_kept: Floats
    of_asked: Floats


def thumbnail(print_: Fingerprint) -> npt.NDArray[np.uint8]:
    """(CELLS, CELLS) levels 0 to 15, from the darkest cell to the brightest."""
    from PIL import Image

    cells = Image.fromarray(print_.small.astype(np.float32)).resize(
        (CELLS, CELLS), Image.Resampling.BOX
    )
    values = np.asarray(cells, dtype=np.float32)
    low, high = float(values.min()), float(values.max())
    if high - low < 1:
        return np.full((CELLS, CELLS), LEVELS // 2, dtype=np.uint8)
    levels: npt.NDArray[np.uint8] = np.rint((values - low) / (high - low) * (LEVELS - 1)).astype(
        np.uint8
    )
    return levels


def blurred(print_: Fingerprint) -> tuple[Floats, ...]:
    """The small picture at every blur that a placement may need."""
    from scipy.ndimage import gaussian_filter

    small = print_.small.astype(np.float32)
    return tuple(gaussian_filter(small, blur, mode="nearest") if blur else small for blur in _BLURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """n kept pictures.

    Attributes:
        thumbs: (n, CELLS, CELLS) their thumbnails.
        widths, heights: (n,) their sides, in their own units.
    """

    thumbs: npt.NDArray[np.uint8]
    widths: Floats
    heights: Floats

    def taken(self, which: npt.NDArray[np.intp]) -> Kept:
        """Some of them, each as often as it is named."""
        return Kept(
            thumbs=self.thumbs[which], widths=self.widths[which], heights=self.heights[which]
        )


def overlay(
    asked: Fingerprint,
    pyramid: tuple[Floats, ...],
    others: Kept,
    placements: Floats,
    *,
    without: float = 0.0,
) -> Overlays:
    """Compare one asked picture with n kept ones.

    Args:
        asked: the asked picture.
        pyramid: ``blurred(asked)``.
        others: the kept ones.
        placements: (n, 3) scale, right, down.
        without: share of the cells that do not count, those that agree least: words, a logo or a
            blot may cover them in one of the two.
    """
    widths, heights = others.widths, others.heights
    middle = (np.arange(CELLS, dtype=np.float32) + 0.5) / CELLS
    scale = placements[:, 0]
    x = (middle * widths[:, None] - placements[:, 1:2]) / scale[:, None]
    y = (middle * heights[:, None] - placements[:, 2:3]) / scale[:, None]
    rows, cols = asked.small.shape
    per_unit = cols / asked.width
    inside_x, inside_y = (x >= 0) & (x <= asked.width), (y >= 0) & (y <= asked.height)
    inside = inside_x[:, None, :] & inside_y[:, :, None]
    cell = per_unit / CELLS / scale
    wanted = _BLUR * cell
    level = np.searchsorted(np.array(_BLURS[1:]) * 0.85, wanted)
    taken = np.zeros(inside.shape, dtype=np.float32)
    for number, picture in enumerate(pyramid):
        which = np.flatnonzero(level == number)
        if len(which):
            taken[which] = sample(
                picture,
                (x[which] * per_unit - 0.5)[:, None, :],
                (y[which] * (rows / asked.height) - 0.5)[:, :, None],
            )
    weight = inside.astype(np.float32)
    kept = others.thumbs.astype(np.float32)
    if without:
        weight = _agreeing(kept, taken, weight, without)
    # Exact, and not by counting cells: a crop of 5 % is less than one of them.
    left, top = np.maximum(placements[:, 1], 0), np.maximum(placements[:, 2], 0)
    right = np.minimum(placements[:, 1] + scale * asked.width, widths)
    bottom = np.minimum(placements[:, 2] + scale * asked.height, heights)
    area = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
    return Overlays(
        likeness=_correlation(_local(kept, weight), _local(taken, weight), weight),
        of_kept=np.minimum(area / (widths * heights), 1).astype(np.float32),
        of_asked=np.minimum(area / (scale**2 * asked.width * asked.height), 1).astype(np.float32),
    )


def _agreeing(kept: Floats, taken: Floats, weight: Floats, without: float) -> Floats:
    """The weights without the cells that stray most from a line through all the others."""
    left = weight
    for _ in range(2):
        count = np.maximum(left.sum(axis=(1, 2), keepdims=True), 1)
        kept_mean = (kept * left).sum(axis=(1, 2), keepdims=True) / count
        taken_mean = (taken * left).sum(axis=(1, 2), keepdims=True) / count
        dk, dt = kept - kept_mean, taken - taken_mean
        square = (dt * dt * left).sum(axis=(1, 2), keepdims=True)
        slope = (dk * dt * left).sum(axis=(1, 2), keepdims=True) / np.maximum(square, 1e-3)
        stray = np.where(weight > 0, np.abs(dk - slope * dt), np.inf).reshape(len(kept), -1)
        most = ((1 - without) * weight.sum(axis=(1, 2))).astype(np.intp)
        rank = np.argsort(np.argsort(stray, axis=1), axis=1)
        left = (weight.reshape(len(kept), -1) * (rank < most[:, None])).reshape(weight.shape)
    return left


def _local(cells: Floats, weight: Floats) -> Floats:
    """Each cell less the mean of the five by five around it that count."""
    from scipy.ndimage import uniform_filter

    size = (1, 5, 5)
    total = uniform_filter(cells * weight, size, mode="constant")
    share = uniform_filter(weight, size, mode="constant")
    local: Floats = cells - total / np.maximum(share, 1e-6)
    return local


def _correlation(a: Floats, b: Floats, weight: Floats) -> Floats:
    count = np.maximum(weight.sum(axis=(1, 2)), 1)
    da = (a - ((a * weight).sum(axis=(1, 2)) / count)[:, None, None]) * weight
    db = (b - ((b * weight).sum(axis=(1, 2)) / count)[:, None, None]) * weight
    product = (da * db).sum(axis=(1, 2))
    norm = np.sqrt((da * da).sum(axis=(1, 2)) * (db * db).sum(axis=(1, 2)))
    return np.where(norm > 1e-3, product / np.maximum(norm, 1e-3), 0).astype(np.float32)
