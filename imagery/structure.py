"""Man-made structure in bare ground, scored on one date and compared between two.

What people put into a desert differs from what wind and water do: lines are straight, meet and
close, tracks run up to them, soil is turned over. Five signs are measured in a small window and
against the ground around it, each from 0 (what the surroundings show as well) upwards:

straight    share of strong edges that lie on few straight lines of one or two directions
enclosure   the closed-outline answer of ``change.outlines``
tracks      thin lines that leave the site: crossings of a ring around it by a continuous ridge
disturbed   how far brightness and texture depart from the surroundings
built       a spectral index, where the bands allow one

Built-up indices that set built against vegetated ground fail where nothing is vegetated. Two that
were made for dry places are used: the dry bare-soil index (Rasul et al., Land 7(3), 81, 2018), as a
measure of what is *not* bare soil, and the built-up land features index BLFEI (Bouhennache et al.,
Geocarto International 34(14), 2019). Neither alone separates concrete from pale rock: the score is
the departure of the site from its own surroundings.

These are signs to rank and to look at, not a classifier: no rates are claimed for them. The rates
of enclosures are those of ``change.roc``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.change.outlines import outline_answer
from imagery.chip import Chip
from imagery.errors import ChipError
from imagery.resample import usable

LEAST_RADIUS_PX = 3
AROUND = 4
"""The surroundings reach so many radii out."""
_RING_POINTS = 72
_LEAST_PIXELS = 25

_Plane = npt.NDArray[np.float64]
_Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The five signs at one place on one date.

    Attributes:
        straight: 0 to 1, less what edges of no direction would give.
        enclosure: best closed outline within the radius, local standard deviations.
        tracks: how many ridges leave the site.
        disturbed: departure in brightness and texture, in spreads of the surroundings.
        built: departure of the built-up index, likewise; None without the bands it needs.
        score: the signs as one number to rank by: the mean of straight, enclosure / 2,
            tracks / 4, disturbed / 4 and built / 4, each at most 1; what is None is left out.
    """

    straight: float
    enclosure: float
    tracks: int
    disturbed: float
    built: float | None
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureChange:
    """The signs before and after.

    Attributes:
        before, after: on either date.
        gain: the later score less the earlier.
    """

    before: Structure
    after: Structure
    gain: float


def structure_change(
    before: Chip, after: Chip, *, row: float, col: float, radius_px: float
) -> StructureChange:
    """Scores the same place of two aligned chips.

    Raises:
        ChipError: as ``structure_at``, for either chip.
    """
    early = structure_at(before, row=row, col=col, radius_px=radius_px)
    late = structure_at(after, row=row, col=col, radius_px=radius_px)
    return StructureChange(before=early, after=late, gain=late.score - early.score)


def structure_at(chip: Chip, *, row: float, col: float, radius_px: float) -> Structure:
    """Scores the signs of man-made structure within a radius of a place.

    Args:
        chip: one date.
        row: the middle, pixels counted from the first pixel's centre.
        col: likewise.
        radius_px: how far the site reaches, at least 3.

    Raises:
        ChipError: a radius or place that makes no sense, or too few pixels with data there.
    """
    if not (math.isfinite(radius_px) and radius_px >= LEAST_RADIUS_PX):
        raise ChipError(
            f"a site of {radius_px} pixels radius has no structure to see; at least "
            f"{LEAST_RADIUS_PX} are needed"
        )
    rows, cols = chip.shape
    if not (-0.5 <= row < rows - 0.5 and -0.5 <= col < cols - 0.5):
        raise ChipError(f"row {row}, column {col} lies outside a chip of {rows} x {cols}")
    reach = math.ceil(AROUND * radius_px) + 12
    top, left = max(0, round(row) - reach), max(0, round(col) - reach)
    window = slice(top, round(row) + reach + 1), slice(left, round(col) + reach + 1)
    pixels = chip.pixels[:, *window]
    mask = chip.mask[window] & usable(pixels)
    y, x = np.mgrid[: mask.shape[0], : mask.shape[1]]
    distance = np.hypot(y - (row - top), x - (col - left))
    site = (distance <= radius_px) & mask
    around = (distance > 1.5 * radius_px) & (distance <= AROUND * radius_px) & mask
    if min(int(site.sum()), int(around.sum())) < _LEAST_PIXELS:
        raise ChipError(
            f"only {int(site.sum())} pixels with data at the site and {int(around.sum())} around "
            f"it; {_LEAST_PIXELS} of each are needed"
        )
    light = _light(pixels, mask)
    straight = _straight(light, site)
    enclosure = float(outline_answer(pixels, mask)[site].max())
    tracks = _tracks(light, mask, (row - top, col - left), 1.75 * radius_px)
    disturbed = _disturbed(light, site, around)
    index = _built_index(chip, pixels)
    built = None if index is None else _departure(index, site, around)
    parts = [straight, enclosure / 2, tracks / 4, disturbed / 4]
    if built is not None:
        parts.append(built / 4)
    score = float(np.mean([min(max(p, 0.0), 1.0) for p in parts]))
    return Structure(
        straight=straight,
        enclosure=enclosure,
        tracks=tracks,
        disturbed=disturbed,
        built=built,
        score=score,
    )


def _light(pixels: npt.NDArray[np.generic], mask: _Bits) -> _Plane:
    """Mean of the bands in units of each one's spread, holes at 0."""
    out = np.zeros(mask.shape)
    for band in pixels:
        values = np.where(mask, band, 0).astype(np.float64)
        middle, spread = float(values[mask].mean()), float(values[mask].std())
        if spread > 0:
            out += np.where(mask, (values - middle) / spread, 0.0)
    return out / len(pixels)


def _straight(light: _Plane, site: _Bits) -> float:
    """How strongly edge directions at the site gather in one direction and its perpendicular.

    The length of the mean of exp(4 i angle) over edges, weighted by their strength (a square has
    four-fold symmetry), or of exp(2 i angle) (one straight line), less what as many random edges
    would give.
    """
    from scipy.ndimage import gaussian_filter

    down = gaussian_filter(light, 1.0, order=(1, 0))[site]
    right = gaussian_filter(light, 1.0, order=(0, 1))[site]
    strength, angle = np.hypot(down, right), np.arctan2(down, right)
    total = float(strength.sum())
    if not total > 0:
        return 0.0
    gathered = max(abs(np.sum(strength * np.exp(k * 1j * angle))) / total for k in (2, 4))
    # Neighbouring pixels share an edge: about one in four is independent.
    effective = total**2 / float((strength**2).sum()) / 4
    return max(0.0, float(gathered) - 1 / math.sqrt(max(effective, 1.0)))


def _tracks(light: _Plane, mask: _Bits, middle: tuple[float, float], radius_px: float) -> int:
    """Ridges, bright or dark, that cross two rings around the site at about the same bearing."""
    from scipy.ndimage import gaussian_filter, map_coordinates

    ridge = np.abs(gaussian_filter(light, 0.7) - gaussian_filter(light, 2.0))
    ridge = np.where(mask, ridge, 0.0)
    spread = float(np.median(ridge[mask])) / 0.6745 if mask.any() else 0.0
    if not spread > 0:
        return 0
    turn = np.arange(_RING_POINTS) * 2 * math.pi / _RING_POINTS
    loud = []
    for radius in np.linspace(radius_px, 1.6 * radius_px, 4):
        at = np.stack([middle[0] + radius * np.sin(turn), middle[1] + radius * np.cos(turn)])
        on = map_coordinates(ridge, at, order=1, mode="constant", cval=0.0) > 3 * spread
        loud.append(on | np.roll(on, 1) | np.roll(on, -1))
    every = np.logical_and.reduce(loud)
    return int((every & ~np.roll(every, 1)).sum())


def _disturbed(light: _Plane, site: _Bits, around: _Bits) -> float:
    """The larger of the departures in brightness and in texture."""
    from scipy.ndimage import gaussian_filter, uniform_filter

    fine = light - gaussian_filter(light, 1.5)
    texture = np.sqrt(np.maximum(uniform_filter(fine * fine, 3), 0.0))
    return max(_departure(light, site, around), _departure(texture, site, around))


def _departure(values: _Plane, site: _Bits, around: _Bits) -> float:
    """How far the site's mean lies from the surroundings', in the surroundings' robust spreads.

    Bounded at 10: over perfectly even ground any departure would be without limit.
    """
    low, middle, high = np.percentile(values[around], [15.87, 50, 84.13])
    spread = max(float(high - low) / 2, 1e-6 * max(1.0, abs(float(middle))))
    return min(abs(float(values[site].mean()) - float(middle)) / spread, 10.0)


def _built_index(chip: Chip, pixels: npt.NDArray[np.generic]) -> _Plane | None:
    """BLFEI less the dry bare-soil index; whichever of the two the bands allow."""
    named = {n.lower(): b.astype(np.float64) for n, b in zip(chip.bands, pixels, strict=False)}
    parts = []
    if {"green", "red", "swir1", "swir2"} <= named.keys():
        others = (named["green"] + named["red"] + named["swir2"]) / 3
        parts.append(_ratio(others, named["swir1"]))
    if {"green", "red", "nir", "swir1"} <= named.keys():
        soil = _ratio(named["swir1"], named["green"]) - _ratio(named["nir"], named["red"])
        parts.append(-soil)
    return np.mean(parts, axis=0) if parts else None


def _ratio(first: _Plane, second: _Plane) -> _Plane:
    """Normalised difference, 0 where both are 0."""
    total = first + second
    sound = np.isfinite(total) & (total != 0)
    return np.divide(first - second, total, out=np.zeros_like(total), where=sound)
