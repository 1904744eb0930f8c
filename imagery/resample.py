"""Resampling: one chip onto another's grid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.chip import Chip
from imagery.errors import ChipError

_LARGEST = 1e15
"""No instrument counts that far; float32 sums of squares would run over beyond it."""


def onto_grid(chip: Chip, like: Chip) -> Chip:
    """A chip resampled onto another's grid: coordinate system, transform and size.

    Cubic where pixels keep about their size or shrink, averages where they grow. Holes stay holes.

    Raises:
        ChipError: the two do not overlap.
    """
    from rasterio.crs import CRS
    from rasterio.enums import Resampling
    from rasterio.transform import Affine
    from rasterio.warp import reproject

    here, there = Affine(*chip.transform), Affine(*like.transform)
    coarser = like.gsd_m > 1.5 * chip.gsd_m
    how = Resampling.average if coarser else Resampling.cubic
    grids = {
        "src_transform": here,
        "src_crs": CRS.from_string(chip.crs),
        "dst_transform": there,
        "dst_crs": CRS.from_string(like.crs),
    }
    seen = np.zeros(like.shape, dtype=np.float32)
    reproject(chip.mask.astype(np.float32), seen, resampling=Resampling.bilinear, **grids)
    mask = seen > 0.999
    if not mask.any():
        raise ChipError("the chips do not overlap: one cannot be brought onto the other's grid")
    pixels = np.zeros((len(chip.pixels), *like.shape), dtype=np.float32)
    for out, band in zip(pixels, chip.pixels, strict=True):
        reproject(filled(band, chip.mask), out, resampling=how, **grids)
    return replace(
        chip,
        pixels=in_type(pixels, chip.pixels.dtype),
        mask=mask,
        transform=like.transform,
        crs=like.crs,
        gsd_m=like.gsd_m,
        coverage=float(mask.mean()),
    )


def usable(pixels: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where all bands (first axis) hold numbers that a measurement could be.

    Infinities, NaN and undeclared fill values such as -3.4e38 are none.
    """
    if pixels.dtype.kind != "f":
        return np.ones(pixels.shape[1:], dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        out: npt.NDArray[np.bool_] = (np.abs(pixels) < _LARGEST).all(axis=0)
    return out


def in_type(pixels: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Resampled values in the source's own type, rounded and kept in its range."""
    if dtype.kind not in "iu":
        return pixels.astype(dtype, copy=False)
    limits = np.iinfo(dtype)
    out: npt.NDArray[Any] = np.clip(np.rint(pixels), limits.min, limits.max).astype(dtype)
    return out


def filled(band: npt.NDArray[Any], mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """A band as float32, holes at the mean so that no edge of theirs is seen."""
    out = band.astype(np.float32)
    good = mask & usable(out[None])
    if not good.all():
        out[~good] = float(out[good].mean(dtype=np.float64)) if good.any() else 0.0
    return out
