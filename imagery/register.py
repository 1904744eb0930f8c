"""Sub-pixel co-registration of two dates, with its residual.

Scenes of one place are often a third of a pixel apart; at a third of a pixel every edge of the
ground looks like change. The shift is found in two steps. First whole pixels: phase correlation of
the gradient magnitudes, whose sign does not depend on which side of an edge is the brighter one.
Then fractions: in each of a raster of blocks the shift, gain and offset that bring one date's
brightness onto the other's by least squares (Lucas and Kanade, 1981), and of these the block
whose answer is most central, refined by those that agree with it. Blocks that changed disagree and
are left out; their spread says how far the result can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.chip import Chip
from imagery.errors import ChipError
from imagery.resample import filled, in_type

BLOCK_PX = 48
LEAST_BLOCK_PX = 12
MOST_SHIFT_PX = 32.0
LEAST_BLOCKS = 4
MOST_BLOCKS = 80
LEAST_AGREEING = 0.1
"""By chance one answer in fifty falls that near: a circle of half a pixel in a square of six."""
MOST_RESIDUAL_PX = 0.15
SMALLEST_SHIFT_PX = 0.02
"""Below this resampling would blur more than it mends."""
_AGREE_PX = 0.5
_ITERATIONS = 8
_LEAST_CORRELATION = 0.5
_RIM = 4

_Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How far a later date lies from an earlier one.

    Attributes:
        down_px, right_px: what was at (row, col) in the earlier date is at (row + down_px,
            col + right_px) in the later one.
        residual_px: standard error of the shift from the spread of the blocks, pixels.
        blocks: how many blocks gave an answer.
        agreeing: how many of them lie within half a pixel of the result.
        trusted: whether the shift may be used.
        why: why not; "" if it may.
    """

    down_px: float
    right_px: float
    residual_px: float
    blocks: int
    agreeing: int
    trusted: bool
    why: str

    @property
    def shift_px(self) -> float:
        """Length of the shift."""
        return float(np.hypot(self.down_px, self.right_px))


def register(before: Chip, after: Chip) -> Registration:
    """Finds the shift between two chips of one size and coordinate system.

    The answer is always given together with whether it is to be trusted; it is not where too
    little texture or data is shared, where blocks contradict each other, or where the shift is
    larger than could be checked.

    Raises:
        ChipError: the chips differ in size or coordinate system.
    """
    if before.shape != after.shape or before.crs != after.crs:
        raise ChipError(
            f"chips of {before.shape} in {before.crs[:40]} and {after.shape} in {after.crs[:40]} "
            "are not on one grid; bring one onto the other's first (imagery.resample.onto_grid)"
        )
    return register_pixels(before.pixels, after.pixels, before.mask, after.mask)


def register_pixels(
    before: npt.NDArray[Any],
    after: npt.NDArray[Any],
    before_mask: npt.NDArray[np.bool_],
    after_mask: npt.NDArray[np.bool_],
) -> Registration:
    """The same for arrays (bands, rows, cols), which may differ in their bands."""
    rows, cols = before.shape[1:]
    mask = before_mask & after_mask
    if min(rows, cols) < 16 or mask.sum() < 256:
        return _refused(f"{int(mask.sum())} shared pixels of {rows} x {cols} are too few to align")
    pairs = _shared_bands(before, after, mask)
    if not pairs:
        return _refused("a date without any texture cannot be aligned")
    coarse = _whole_pixels(pairs, mask)
    if max(map(abs, coarse)) > MOST_SHIFT_PX:
        return _refused(f"the best match is {max(map(abs, coarse))} pixels away, beyond belief")
    answers = _block_shifts(pairs, mask, coarse)
    return _consensus(answers)


def aligned(after: Chip, found: Registration) -> Chip:
    """The later chip resampled (cubic) so that it lies on the earlier one's pixels.

    Pixels that the shift brings in from outside, or that stand within two pixels of a hole, become
    holes. A shift below ``SMALLEST_SHIFT_PX`` returns the chip as it is.

    Raises:
        ChipError: the registration is not to be trusted; the message says why.
    """
    if not found.trusted:
        raise ChipError(f"these dates cannot be aligned: {found.why}")
    if found.shift_px < SMALLEST_SHIFT_PX:
        return after
    from scipy.ndimage import shift

    mask = shift(
        after.mask.astype(np.float32), (-found.down_px, -found.right_px), order=1, cval=0.0
    )
    kept = mask > 0.999
    if not after.mask.all():
        from scipy.ndimage import binary_erosion

        # A cubic reaches two pixels around; nothing may be made of a hole's values.
        clean = binary_erosion(after.mask, np.ones((3, 3)), border_value=1)
        near = shift(clean.astype(np.float32), (-found.down_px, -found.right_px), order=1, cval=0.0)
        kept &= near > 0.999
    pixels = np.empty(after.pixels.shape, dtype=np.float32)
    for out, band in zip(pixels, after.pixels, strict=True):
        whole = filled(band, after.mask)
        shift(whole, (-found.down_px, -found.right_px), output=out, order=3, mode="nearest")
    pixels = in_type(pixels, after.pixels.dtype)
    return replace(after, pixels=pixels, mask=kept, coverage=float(kept.mean()))


def _shared_bands(
    before: npt.NDArray[Any], after: npt.NDArray[Any], mask: npt.NDArray[np.bool_]
) -> list[tuple[_Plane, _Plane]]:
    """Up to four bands in units of their spread, standing for equal ones where counts agree."""
    if len(before) == len(after):
        chosen = np.unique(np.linspace(0, len(before) - 1, min(4, len(before))).round().astype(int))
        raw = [(filled(before[k], mask), filled(after[k], mask)) for k in chosen]
    else:
        raw = [
            (
                np.mean([filled(b, mask) for b in before], axis=0),
                np.mean([filled(b, mask) for b in after], axis=0),
            )
        ]
    out = []
    for early, late in raw:
        spreads = float(early[mask].std()), float(late[mask].std())
        if min(spreads) > 0:
            out.append(
                (
                    ((early - early[mask].mean()) / spreads[0]).astype(np.float32),
                    ((late - late[mask].mean()) / spreads[1]).astype(np.float32),
                )
            )
    return out


def _whole_pixels(
    pairs: list[tuple[_Plane, _Plane]], mask: npt.NDArray[np.bool_]
) -> tuple[int, int]:
    """The shift in whole pixels by phase correlation of summed gradient magnitudes."""
    from scipy.fft import irfft2, next_fast_len, rfft2
    from scipy.ndimage import binary_erosion, gaussian_gradient_magnitude

    rows, cols = mask.shape
    inner = binary_erosion(mask, np.ones((3, 3)), iterations=_RIM, border_value=0)
    if inner.sum() < 64:
        return 0, 0
    taper = np.outer(np.hanning(rows + 2)[1:-1], np.hanning(cols + 2)[1:-1]).astype(np.float32)
    spectra = []
    size = next_fast_len(rows, real=True), next_fast_len(cols, real=True)
    for side in (0, 1):
        edges = sum(np.sqrt(gaussian_gradient_magnitude(pair[side], 1.0)) for pair in pairs)
        edges = np.where(inner, edges - edges[inner].mean(), 0.0) * taper
        spectra.append(rfft2(edges.astype(np.float32), size))
    cross = np.conj(spectra[0]) * spectra[1]
    # Whitening by the root of the power: full whitening lifts noise where scenes have no detail.
    peak = irfft2(cross / np.sqrt(np.abs(cross) + 1e-6), size)
    reach = int(MOST_SHIFT_PX)
    near = np.full(peak.shape, -np.inf, dtype=np.float32)
    for down in (slice(0, reach + 1), slice(-reach, None)):
        for right in (slice(0, reach + 1), slice(-reach, None)):
            near[down, right] = peak[down, right]
    row, col = np.unravel_index(int(np.argmax(near)), near.shape)
    down_px = int(row) - (size[0] if row > size[0] // 2 else 0)
    right_px = int(col) - (size[1] if col > size[1] // 2 else 0)
    return down_px, right_px


def _block_shifts(
    pairs: list[tuple[_Plane, _Plane]], mask: npt.NDArray[np.bool_], coarse: tuple[int, int]
) -> npt.NDArray[np.float64]:
    """(n, 3): shift down, shift right and weight of every block that gave an answer."""
    from scipy.ndimage import gaussian_filter, spline_filter

    rows, cols = mask.shape
    down, right = coarse
    rim = _RIM + max(abs(down), abs(right))
    # At least two by two blocks: one that changed must not be the only one asked.
    side = min(BLOCK_PX, (min(rows, cols) - 2 * rim) // 2)
    if side < LEAST_BLOCK_PX:
        return np.zeros((0, 3))
    steps = max(1, (rows - 2 * rim) // side), max(1, (cols - 2 * rim) // side)
    smooth = [(gaussian_filter(e, 0.7), gaussian_filter(t, 0.7)) for e, t in pairs]
    splines = [spline_filter(t, order=3, output=np.float32) for _, t in smooth]
    answers = []
    corners = [(rim + i * side, rim + j * side) for i in range(steps[0]) for j in range(steps[1])]
    # A large scene has more blocks than are needed: an even choice of them, the same every time.
    chosen = np.unique(np.linspace(0, len(corners) - 1, MOST_BLOCKS).round().astype(int))
    for top, left in (corners[k] for k in chosen):
        if top + side > rows - rim or left + side > cols - rim:
            continue
        here = mask[top : top + side, left : left + side]
        there = mask[top + down : top + down + side, left + right : left + right + side]
        good = here & there
        if good.mean() < 0.7:
            continue
        for (early, _), spline in zip(smooth, splines, strict=True):
            answer = _fitted(early, spline, good, (top, left), side, coarse)
            if answer is not None:
                answers.append(answer)
    return np.array(answers, dtype=np.float64).reshape(-1, 3)


def _fitted(
    early: _Plane,
    spline: _Plane,
    good: npt.NDArray[np.bool_],
    corner: tuple[int, int],
    side: int,
    coarse: tuple[int, int],
) -> tuple[float, float, float] | None:
    """Least squares for shift, gain and offset in one block; None without a sure answer."""
    from scipy.ndimage import shift

    top, left = corner
    block = early[top : top + side, left : left + side].astype(np.float64)
    rows, cols = spline.shape
    first_row, first_col = top + coarse[0] - _RIM, left + coarse[1] - _RIM
    if min(first_row, first_col) < 0:
        return None
    last_row, last_col = first_row + side + 2 * _RIM, first_col + side + 2 * _RIM
    if last_row > rows or last_col > cols:
        return None
    patch = spline[first_row:last_row, first_col:last_col].astype(np.float64)
    down = right = 0.0
    correlation = 0.0
    inside = slice(_RIM, _RIM + side)
    target = block[good]
    spread = target.std()
    if spread < 1e-3:
        return None
    for _ in range(_ITERATIONS):
        moved = shift(patch, (-down, -right), order=3, prefilter=False, mode="nearest")
        d_row = np.gradient(moved, axis=0)[inside, inside][good]
        d_col = np.gradient(moved, axis=1)[inside, inside][good]
        values = moved[inside, inside][good]
        if values.std() < 1e-3:
            return None
        correlation = float(np.corrcoef(values, target)[0, 1])
        if abs(correlation) < _LEAST_CORRELATION:
            return None
        # target = gain (values + d_row dy + d_col dx) + offset, linear in gain, gain dy, gain dx.
        design = np.stack([values, d_row, d_col, np.ones_like(values)], axis=1)
        normal = design.T @ design
        try:
            gain, by_row, by_col, _ = np.linalg.solve(normal, design.T @ target)
        except np.linalg.LinAlgError:
            return None
        if abs(gain) < 1e-3:
            return None
        step_row, step_col = float(by_row / gain), float(by_col / gain)
        step = float(np.hypot(step_row, step_col))
        if not step < 2.0:
            return None
        down, right = down + step_row, right + step_col
        if max(abs(down), abs(right)) > _RIM - 1:
            return None
        if step < 1e-3:
            break
    weight = _certainty(d_row, d_col, correlation)
    return coarse[0] + down, coarse[1] + right, weight


def _certainty(
    d_row: npt.NDArray[np.float64], d_col: npt.NDArray[np.float64], correlation: float
) -> float:
    """Inverse variance of the worse of the two directions, up to a constant.

    A block with one straight edge says nothing of the shift along it: its smaller eigenvalue is
    that of noise.
    """
    rr, cc, rc = (d_row**2).sum(), (d_col**2).sum(), (d_row * d_col).sum()
    smaller = (rr + cc) / 2 - np.hypot((rr - cc) / 2, rc)
    return float(smaller * correlation**2 / max(1 - correlation**2, 1e-3))


def _consensus(answers: npt.NDArray[np.float64]) -> Registration:
    """The most central answer, refined by those that agree."""
    if len(answers) < LEAST_BLOCKS:
        return _refused(
            f"only {len(answers)} places look alike on both dates; {LEAST_BLOCKS} are needed"
        )
    shifts, weights = answers[:, :2], np.minimum(answers[:, 2], 4 * np.median(answers[:, 2]))
    apart = np.hypot(*(shifts[:, None] - shifts[None]).transpose(2, 0, 1))
    support = (np.exp(-((apart / _AGREE_PX) ** 2)) * weights[None]).sum(axis=1)
    centre = shifts[int(np.argmax(support))]
    for _ in range(20):
        off = np.hypot(*(shifts - centre).T)
        near = off < _AGREE_PX
        # Tukey's biweight: far answers fade out instead of dropping out.
        weight = weights * np.where(near, (1 - (off / _AGREE_PX) ** 2) ** 2, 0.0)
        if not weight.sum() > 0:
            break
        moved = (shifts * weight[:, None]).sum(axis=0) / weight.sum()
        if float(np.hypot(*(moved - centre))) < 1e-4:
            centre = moved
            break
        centre = moved
    agreeing = int(near.sum())
    total = max(float(weight.sum()), 1e-12)
    effective = total**2 / max(float((weight**2).sum()), 1e-12)
    variance = (((shifts - centre) ** 2).sum(axis=1) * weight).sum() / total
    residual = float(np.sqrt(variance / max(effective - 1, 0.5)))
    why = ""
    if agreeing < max(LEAST_BLOCKS, LEAST_AGREEING * len(answers)):
        why = f"only {agreeing} of {len(answers)} places agree on a shift"
    elif residual > MOST_RESIDUAL_PX:
        why = f"the shift is known to {residual:.2f} pixels only ({MOST_RESIDUAL_PX} is the limit)"
    return Registration(
        down_px=float(centre[0]),
        right_px=float(centre[1]),
        residual_px=residual,
        blocks=len(answers),
        agreeing=agreeing,
        trusted=not why,
        why=why,
    )


def _refused(why: str) -> Registration:
    return Registration(
        down_px=0.0,
        right_px=0.0,
        residual_px=float("inf"),
        blocks=0,
        agreeing=0,
        trusted=False,
        why=why,
    )
