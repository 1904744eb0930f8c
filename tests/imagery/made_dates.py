"""Made-up ground on two dates, with every difference known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import fourier_shift, gaussian_filter

from imagery.chip import Chip

Array = npt.NDArray[Any]


def chip(
    pixels: Array,
    mask: Array | None = None,
    *,
    gsd_m: float = 10.0,
    crs: str = "EPSG:32637",
    corner: tuple[float, float] = (500_000.0, 3_700_000.0),
) -> Chip:
    """Pixels as a chip of square pixels."""
    seen = np.ones(pixels.shape[1:], dtype=np.bool_) if mask is None else mask
    return Chip(
        pixels=pixels.copy(),
        mask=seen.copy(),
        transform=(gsd_m, 0.0, corner[0], 0.0, -gsd_m, corner[1]),
        crs=crs,
        gsd_m=gsd_m,
        acquired=None,
        provider="made",
        sources=("made",),
        coverage=float(seen.mean()),
    )


def ground(side: int = 200, bands: int = 3, seed: int = 0) -> Array:
    """Made-up ground: related bands with detail at several scales."""
    rng = np.random.default_rng(seed)
    base = sum(
        weight * gaussian_filter(rng.normal(size=(side, side)), scale, mode="wrap") * scale
        for weight, scale in ((1.0, 1.5), (1.0, 4.0), (0.7, 15.0))
    )
    own = gaussian_filter(rng.normal(size=(bands, side, side)), (0, 2, 2), mode="wrap")
    pixels: Array = 100 + 25 * (base + own)
    return pixels


def fourier_moved(pixels: Array, down: float, right: float) -> Array:
    """The exact shift of a periodic picture: the oracle."""
    return np.stack(
        [np.fft.ifft2(fourier_shift(np.fft.fft2(band), (down, right))).real for band in pixels]
    )
