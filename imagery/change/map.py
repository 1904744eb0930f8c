"""change_map: two aligned chips in, the significance of change and ranked patches out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagery.change.irmad import IrMad, Mask, Plane, irmad, sample
from imagery.change.outlines import OUTLINE_SCORE, outline_maps, outlines
from imagery.change.patches import Kind, Patch, area_patches, outline_patch
from imagery.change.radiometry import RadiometricFit, radiometric_fit
from imagery.change.threshold import change_threshold, in_context
from imagery.chip import Chip
from imagery.errors import ChipError
from imagery.resample import usable

LEAST_AREA_PX = 4
MOST_AREAS = 1000
MATERIAL_SPREADS = 0.5
"""What resampling and rounding make of the same ground is significant where nothing else differs,
but small: an area counts only if its bands moved by half their spread over the scene (root mean
square of the bands, in spatial context)."""
MOST_OF_OWN = 1.5
_GRID_TOLERANCE_PX = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChangeMap:
    """What changed between two dates on one grid.

    Attributes:
        significance: (rows, cols), float32: -log10 of the chance that an unchanged pixel departs
            this far, by the chi-square distribution; 0 in holes, at most 300.
        distance: (rows, cols), float32: the same as a distance in standard deviations, in spatial
            context; what the threshold is applied to.
        changed: (rows, cols), above the threshold, and by more than resampling and rounding make
            of the same ground.
        threshold: the distance at which change begins; infinity where nothing stands out.
        mask: (rows, cols), True where both dates hold data: only there anything is said.
        patches: outlines, best first, then areas, best first.
        normalisation: the later date in terms of the earlier, by band.
        bands: how many independent bands the statistic rests on.
        iterations: of IR-MAD.
        settled: whether IR-MAD settled.
    """

    significance: Plane
    distance: Plane
    changed: Mask
    threshold: float
    mask: Mask
    patches: tuple[Patch, ...]
    normalisation: RadiometricFit
    bands: int
    iterations: int
    settled: bool


def change_map(
    before: Chip,
    after: Chip,
    *,
    kinds: tuple[Kind, ...] = ("outline", "area"),
    outline_score: float = OUTLINE_SCORE,
    least_area_px: int = LEAST_AREA_PX,
    most_areas: int = MOST_AREAS,
) -> ChangeMap:
    """Measures change between two chips on one grid.

    Args:
        before: the earlier date.
        after: the later date: the same bands, on the same grid, aligned (``imagery.register``).
        kinds: which patches to look for.
        outline_score: least score of an outline.
        least_area_px: least pixels of an area.
        most_areas: report no more areas than this.

    Raises:
        ChipError: the chips differ in bands, size, grid or coordinate system, or share hardly any
            data.
    """
    check_one_grid(before, after)
    mask = before.mask & after.mask & usable(before.pixels) & usable(after.pixels)
    statistic = irmad(before.pixels, after.pixels, mask)
    fit = radiometric_fit(before.pixels, after.pixels, statistic, mask)
    distance = distance_of(statistic, mask)
    significance = _significance(distance, statistic.bands)
    threshold = change_threshold(distance[mask])
    changed = (distance > threshold) & mask
    brighter = np.zeros(after.shape, dtype=np.float32)
    if changed.any():
        brighter, moved = _moved(before, after, fit, mask)
        changed &= moved > MATERIAL_SPREADS
    patches: list[Patch] = []
    if "outline" in kinds:
        maps = outline_maps(before.pixels, after.pixels, mask)
        patches += [
            outline_patch(found, transform=after.transform, pixel_m=after.gsd_m)
            for found in outlines(maps, outline_score, mask)
        ]
        del maps
    if "area" in kinds and changed.any():
        patches += area_patches(
            changed,
            distance,
            brighter,
            transform=after.transform,
            pixel_m=after.gsd_m,
            least_px=least_area_px,
            most=most_areas,
        )
    return ChangeMap(
        significance=significance,
        distance=distance,
        changed=changed,
        threshold=threshold,
        mask=mask,
        patches=tuple(patches),
        normalisation=fit,
        bands=statistic.bands,
        iterations=statistic.iterations,
        settled=statistic.settled,
    )


def distance_of(statistic: IrMad, mask: Mask) -> Plane:
    """The statistic in spatial context as a distance in standard deviations.

    Never more than ``MOST_OF_OWN`` times the pixel's own: a stark change does not spread to its
    neighbours.
    """
    distance: Plane = np.sqrt(np.maximum(in_context(statistic.statistic, mask), 0.0))
    np.minimum(distance, MOST_OF_OWN * np.sqrt(statistic.statistic), out=distance)
    return distance


def check_one_grid(before: Chip, after: Chip) -> None:
    """Raises ChipError unless two chips have the same bands, size, grid and coordinate system."""
    if before.pixels.shape != after.pixels.shape:
        raise ChipError(
            f"chips of {before.pixels.shape} and {after.pixels.shape} (bands, rows, columns) "
            "cannot be compared pixel by pixel; put them on one grid (imagery.resample.onto_grid) "
            "and choose the bands they share"
        )
    if before.crs != after.crs:
        raise ChipError(
            f"chips in {before.crs[:60]} and {after.crs[:60]} are on different grids; bring one "
            "onto the other's (imagery.resample.onto_grid)"
        )
    rows, cols = before.shape
    a, b, c, d, e, f = (y - x for x, y in zip(before.transform, after.transform, strict=True))
    pixel = min(np.hypot(*before.transform[0:4:3]), np.hypot(*before.transform[1:5:3]))
    apart = max(
        float(np.hypot(a * x + b * y + c, d * x + e * y + f))
        for x, y in ((0, 0), (cols, 0), (0, rows), (cols, rows))
    )
    if apart > _GRID_TOLERANCE_PX * pixel:
        raise ChipError(
            f"the chips' grids are {apart / pixel:.2f} pixels apart; bring one onto the other's "
            "(imagery.resample.onto_grid)"
        )


def _significance(distance: Plane, bands: int) -> Plane:
    """-log10 of the chi-square tail."""
    from scipy.special import chdtrc

    # The tail is smooth in its argument: a table is exact to four digits, and much faster.
    top = 2 * 300 * np.log(10)
    table = np.linspace(0.0, top, 8192)
    with np.errstate(divide="ignore"):
        logs = -np.log10(np.maximum(chdtrc(bands, table), 1e-300))
    out: Plane = np.interp(np.minimum(distance**2, top), table, logs).astype(np.float32)
    return out


def _moved(before: Chip, after: Chip, fit: RadiometricFit, mask: Mask) -> tuple[Plane, Plane]:
    """Later less normalised earlier in units of each band's spread: the mean and the size of it."""
    mean = np.zeros(after.shape, dtype=np.float32)
    square = np.zeros(after.shape, dtype=np.float32)
    every = sample(mask)
    for band in range(after.pixels.shape[0]):
        late = np.where(mask, after.pixels[band], 0).astype(np.float32)
        spread = float(late[every].std(dtype=np.float64)) or 1.0
        late -= fit.gain[band] * np.where(mask, before.pixels[band], 0).astype(np.float32)
        late -= fit.offset[band]
        late /= spread
        late[~mask] = 0.0
        mean += late
        square += late * late
    return mean, np.sqrt(in_context(square / np.float32(len(after.pixels)), mask))
