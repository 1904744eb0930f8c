"""New enclosures: closed outlines a few pixels across, of the later date and not of the earlier.

A berm, a fence or a wall seen at 10 m a pixel is a thin bright or dark line around a yard of 5 to
13 pixels. The detector asks, at every pixel, how much ridge lies along each of a bank of outlines
(a circle and squares turned by 0, 22.5, 45 and 67.5 degrees, five sizes), sixteen points on each.
Three things keep ordinary ground from answering:

- brightness is measured in local standard deviations of its own date, so that a busy field must
  answer as loudly for its own level as a bare plain (constant false-alarm rate);
- a point's ridge strength is cut off at ``CLIP``: one bright road through the outline fills two or
  three of its sixteen points, and cannot make up for the others;
- what the earlier date answers nearby is taken away, and so is what the surroundings answer on
  average: among shores and woods an outline must be louder. Differencing the pixels first would
  add the earlier date's texture to the later one's, and it is the outline, not the field, that
  is new.

Sums are kept in 16-bit whole numbers by strips that fit a processor's cache: the whole bank costs
about as much as a few filters.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from imagery.change.irmad import Mask, Pixels, Plane
from imagery.change.windows import brightness_weights, standardised

Shape = Literal["round", "square"]

HALF_SIZES_PX = (2.5, 3.25, 4.0, 4.75, 5.5)
POINTS = 16
CLIP = 2.0
OUTLINE_SCORE = 0.95
"""Least score of a reported outline; benchmarks/implanted.py prints what it finds and costs."""
_UNIT = 1000
_GAP_PX = 2
_HALO_PX = 9
_STRIP_ROWS = 32
_DIRECTIONS = 8
_KEPT_OF_BEFORE = 0.5
_NEW_FACTOR = 2.0
_NEAR_PX = 3
_CALM_SIDE_PX = 31
_APART_PX = 15
_SMOOTH_PX = 0.5

Counts = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One outline: its shape, half its width, and its points as (direction, row, col)."""

    shape: Shape
    half_px: float
    points: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """An outline of the later date that the earlier one lacks.

    Attributes:
        row, col: its centre, pixels counted from the first pixel's centre.
        half_px: half its width.
        shape: which of the two fits better; at this size the difference is often in doubt.
        brighter: whether the line is brighter than the ground beside it.
        score: mean ridge along it in local standard deviations, less that of the earlier date.
        before, after: the answers on either date.
    """

    row: int
    col: int
    half_px: float
    shape: Shape
    brighter: bool
    score: float
    before: float
    after: float


def _bank() -> tuple[Template, ...]:
    templates = []
    for half in HALF_SIZES_PX:
        turns = [2 * math.pi * k / POINTS for k in range(POINTS)]
        ring = [(half * math.sin(t), half * math.cos(t), t) for t in turns]
        templates.append(Template(shape="round", half_px=half, points=_rounded(ring)))
        for turned in (0, 1, 2, 3):
            points = []
            for side in range(4):
                t = turned * math.pi / 8 + side * math.pi / 2
                across, along = (math.sin(t), math.cos(t)), (math.cos(t), -math.sin(t))
                points += [
                    (half * (across[0] + f * along[0]), half * (across[1] + f * along[1]), t)
                    for f in (-0.75, -0.25, 0.25, 0.75)
                ]
            templates.append(Template(shape="square", half_px=half, points=_rounded(points)))
    return tuple(templates)


def _rounded(points: list[tuple[float, float, float]]) -> tuple[tuple[int, int, int], ...]:
    return tuple(
        (round(t / (math.pi / _DIRECTIONS)) % _DIRECTIONS, round(y), round(x)) for y, x, t in points
    )


TEMPLATES = _bank()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutlineMaps:
    """What the bank answered.

    Attributes:
        score: (rows, cols), new outlines of either polarity.
        before, after: (rows, cols), the bank's best answer on each date.
        ridges: the later date's ridge maps, for a closer look at single places.
    """

    score: Plane
    before: Plane
    after: Plane
    ridges: Counts


def outline_maps(before: Pixels, after: Pixels, mask: Mask) -> OutlineMaps:
    """The bank's answers on two aligned dates (bands, rows, cols) with a common mask."""
    from scipy.ndimage import maximum_filter, uniform_filter

    late = standardised(after, mask)
    weights = brightness_weights(late)
    late_ridges = _ridges(_brightness(late, weights))
    late_best = _best(late_ridges)
    del late
    early_best = _best(_ridges(_brightness(standardised(before, mask), weights)))
    # A stable outline may answer a pixel or two beside where it did.
    nearby = np.maximum(maximum_filter(early_best, _NEAR_PX), 0.0)
    score = np.minimum(
        late_best - _KEPT_OF_BEFORE * nearby, _NEW_FACTOR * (late_best - nearby)
    ).astype(np.float32)
    # Where everything answers (a shore, a wood) one more answer tells little.
    score -= uniform_filter(np.maximum(score, 0.0), _CALM_SIDE_PX, mode="reflect")
    return OutlineMaps(score=score, before=nearby, after=late_best, ridges=late_ridges)


def outlines(maps: OutlineMaps, least: float, mask: Mask) -> tuple[Outline, ...]:
    """The peaks of the score that reach ``least``, best first.

    Of several within 7 pixels the best stands. An outline whose middle, or more than half of whose
    surroundings, is a hole is not reported: its line was not seen.
    """
    from scipy.ndimage import maximum_filter, uniform_filter

    score = maps.score
    peak = (score >= least) & (maximum_filter(score, _APART_PX) == score) & mask
    if not mask.all():
        peak &= uniform_filter(mask.astype(np.float32), 2 * _HALO_PX - 5) > 0.5
    rows, cols = np.nonzero(peak)
    order = np.lexsort((cols, rows, -score[rows, cols]))
    found: list[Outline] = []
    for row, col in zip(rows[order].tolist(), cols[order].tolist(), strict=True):
        if any(
            abs(row - o.row) <= _APART_PX // 2 and abs(col - o.col) <= _APART_PX // 2
            for o in found[-8:]
            if o.score == float(score[row, col])
        ):
            continue  # two equal maxima of one outline
        template, brighter = _which(maps.ridges, row, col)
        found.append(
            Outline(
                row=row,
                col=col,
                half_px=template.half_px,
                shape=template.shape,
                brighter=brighter,
                score=float(score[row, col]),
                before=float(maps.before[row, col]),
                after=float(maps.after[row, col]),
            )
        )
    return tuple(found)


def outline_answer(pixels: Pixels, mask: Mask) -> Plane:
    """One date's own answer (rows, cols): how much closed outline stands around each pixel."""
    standard = standardised(pixels, mask)
    return _best(_ridges(_brightness(standard, brightness_weights(standard))))


def _brightness(standard: Plane, weights: Plane) -> Plane:
    """The weighted sum of standardised bands at unit variance."""
    summed: npt.NDArray[Any] = np.tensordot(weights, standard, axes=1)
    spread = float(summed.std(dtype=np.float64))
    return (summed / max(spread, 1e-6)).astype(np.float32)


def _ridges(brightness: Plane) -> Counts:
    """How far each pixel stands above what lies two pixels off on either side, by direction.

    Returns:
        (directions, rows + 2 halo, cols + 2 halo) in thousandths, within +-CLIP.
    """
    from scipy.ndimage import gaussian_filter

    rows, cols = brightness.shape
    rim = _HALO_PX + _GAP_PX
    padded = np.pad(gaussian_filter(brightness, _SMOOTH_PX), rim, mode="symmetric")
    high, wide = rows + 2 * _HALO_PX, cols + 2 * _HALO_PX

    def moved(down: int, right: int) -> Plane:
        top, left = _GAP_PX + down, _GAP_PX + right
        return padded[top : top + high, left : left + wide]

    out = np.empty((_DIRECTIONS, high, wide), dtype=np.int16)
    for direction in range(_DIRECTIONS):
        turn = direction * math.pi / _DIRECTIONS
        down, right = round(_GAP_PX * math.sin(turn)), round(_GAP_PX * math.cos(turn))
        ridge = moved(down, right) + moved(-down, -right)
        ridge *= -0.5
        ridge += moved(0, 0)
        np.clip(ridge, -CLIP, CLIP, out=ridge)
        ridge *= _UNIT
        out[direction] = ridge
    return out


def _best(ridges: Counts) -> Plane:
    """The loudest template's answer at each pixel, of either polarity, in standard deviations."""
    out = np.empty((ridges.shape[1] - 2 * _HALO_PX, ridges.shape[2] - 2 * _HALO_PX), np.float32)
    for top, sums in _strips(ridges):
        out[top : top + len(sums)] = sums
    out /= _UNIT * POINTS
    return out


def _strips(ridges: Counts) -> Iterator[tuple[int, Counts]]:
    """Strips of the loudest answer, in thousandths times points (at most 32,000)."""
    rows, cols = ridges.shape[1] - 2 * _HALO_PX, ridges.shape[2] - 2 * _HALO_PX
    for top in range(0, rows, _STRIP_ROWS):
        high = min(_STRIP_ROWS, rows - top)
        part = np.ascontiguousarray(ridges[:, top : top + high + 2 * _HALO_PX])
        loudest = np.zeros((high, cols), dtype=np.int16)
        summed = np.empty((high, cols), dtype=np.int16)
        for template in TEMPLATES:
            for number, (direction, down, right) in enumerate(template.points):
                low, left = _HALO_PX + down, _HALO_PX + right
                points = part[direction, low : low + high, left : left + cols]
                if number == 0:
                    summed[...] = points
                else:
                    np.add(summed, points, out=summed)
            np.abs(summed, out=summed)
            np.maximum(loudest, summed, out=loudest)
        yield top, loudest


def _which(ridges: Counts, row: int, col: int) -> tuple[Template, bool]:
    """The template that answers loudest at a pixel, and whether its line is bright."""
    answers = [
        sum(
            int(ridges[direction, row + _HALO_PX + down, col + _HALO_PX + right])
            for direction, down, right in template.points
        )
        for template in TEMPLATES
    ]
    loudest = max(range(len(answers)), key=lambda k: abs(answers[k]))
    return TEMPLATES[loudest], answers[loudest] > 0
