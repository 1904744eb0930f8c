"""Several chips of one place and grid as one, without what only one of them shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imagery.chip import Chip
from imagery.errors import ChipError

# Pixels of the stack that are sorted at once: bounds memory, whatever the chips' size.
_MOST_AT_ONCE = 8_000_000


def composite(chips: Sequence[Chip], *, least: int = 1) -> Chip:
    """The median of the valid pixels, band by band.

    With three or more chips a cloud or a shadow that a mask missed is outvoted; with two the median
    is their mean, and nothing is. What it shows has no single day: ``acquired`` runs from the
    first chip's first day to the last one's last, and is None if one of them has no date.

    Args:
        chips: of one grid and the same bands; the order is of no consequence.
        least: chips that have to be valid at a pixel; below, it is a hole.

    Raises:
        ChipError: there are none, or they differ in grid or bands.
    """
    if not chips:
        raise ChipError("a composite of no chips; give at least one")
    if not 1 <= least <= len(chips):
        raise ChipError(f"{least} of {len(chips)} chips cannot be valid; give 1 to {len(chips)}")
    first = chips[0]
    for chip in chips[1:]:
        if (
            chip.pixels.shape != first.pixels.shape
            or chip.crs != first.crs
            or not np.allclose(chip.transform, first.transform, rtol=0, atol=1e-3 * first.gsd_m)
        ):
            raise ChipError("chips of different grids cannot be put together; read them onto one")
        if chip.bands != first.bands:
            raise ChipError(
                f"chips of bands {', '.join(first.bands)} and {', '.join(chip.bands)} cannot be "
                "put together"
            )
    valid = np.stack([chip.mask for chip in chips])
    mask = valid.sum(axis=0) >= least
    pixels: npt.NDArray[np.float32] = np.zeros(first.pixels.shape, dtype=np.float32)
    rows, cols = first.shape
    bands = pixels.shape[0]
    step = max(1, _MOST_AT_ONCE // (len(chips) * cols))
    for band in range(bands):
        for top in range(0, rows, step):
            part = slice(top, top + step)
            stack = np.stack([chip.pixels[band, part].astype(np.float32) for chip in chips])
            pixels[band, part] = _median(stack, valid[:, part])
    pixels[:, ~mask] = 0
    dates = [chip.acquired for chip in chips]
    known = [day for day in dates if day is not None]
    return Chip(
        pixels=pixels,
        mask=mask,
        transform=first.transform,
        crs=first.crs,
        gsd_m=first.gsd_m,
        acquired=(min(d[0] for d in known), max(d[1] for d in known))
        if len(known) == len(dates)
        else None,
        provider="; ".join(dict.fromkeys(chip.provider for chip in chips)),
        sources=tuple(dict.fromkeys(source for chip in chips for source in chip.sources)),
        coverage=float(mask.mean()),
        bands=first.bands,
        scenes=tuple(dict.fromkeys(scene for chip in chips for scene in chip.scenes)),
    )


def _median(
    stack: npt.NDArray[np.float32], valid: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """The median over the first axis of what is valid; 0 where nothing is.

    Invalid values are sorted to the end, so that the middle of the first n is the median of n;
    ``numpy.nanmedian`` does the same pixel by pixel and many times slower.
    """
    ordered = np.sort(np.where(valid, stack, np.float32(np.inf)), axis=0)
    number = valid.sum(axis=0)
    low = np.maximum((number - 1) // 2, 0)[None]
    high = np.minimum(number // 2, stack.shape[0] - 1)[None]
    middle = np.take_along_axis(ordered, low, 0)[0] / 2
    middle += np.take_along_axis(ordered, high, 0)[0] / 2
    return np.where(number > 0, middle, np.float32(0)).astype(np.float32)
