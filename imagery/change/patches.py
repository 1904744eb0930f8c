"""Connected pieces of change: where they are, how large, what shape, how loud."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from imagery.change.irmad import Mask, Plane
from imagery.change.outlines import Outline
from imagery.chip import Transform

Kind = Literal["outline", "area"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One place that changed.

    Attributes:
        kind: "outline", a closed line that was not there before; "area", pixels in one piece that
            depart from the usual relation of the dates.
        row, col: its middle, pixels counted from the first pixel's centre.
        x, y: the same in the chip's coordinate system.
        area_m2: of an outline what it encloses, of an area its pixels.
        length_m, width_m: of the ellipse with the same moments; of an outline its width twice.
        orientation_deg: of the length, clockwise from the grid's up, 0 to 180; 0 for outlines.
        compactness: 1 for a disc or a square, less for what is ragged or long: area over that of
            the ellipse with the same moments, 0 to about 1.
        brighter: whether it grew brighter (an area) or is brighter than its ground (an outline).
        score: what patches of one kind are ranked by: an outline's mean ridge, in local standard
            deviations; an area's mean distance, in standard deviations of unchanged pixels.
        shape: "round" or "square" for outlines, else "".
        bounds: first row, first column, last row and last column + 1 of the pixels concerned.
    """

    kind: Kind
    row: float
    col: float
    x: float
    y: float
    area_m2: float
    length_m: float
    width_m: float
    orientation_deg: float
    compactness: float
    brighter: bool
    score: float
    shape: str = ""
    bounds: tuple[int, int, int, int] = (0, 0, 0, 0)


def outline_patch(outline: Outline, *, transform: Transform, pixel_m: float) -> Patch:
    """An outline as a patch."""
    side = 2 * outline.half_px * pixel_m
    reach = math.ceil(outline.half_px) + 1
    x, y = _at(transform, outline.row, outline.col)
    return Patch(
        kind="outline",
        row=float(outline.row),
        col=float(outline.col),
        x=x,
        y=y,
        area_m2=side**2 * (math.pi / 4 if outline.shape == "round" else 1.0),
        length_m=side,
        width_m=side,
        orientation_deg=0.0,
        compactness=1.0,
        brighter=outline.brighter,
        score=outline.score,
        shape=outline.shape,
        bounds=(
            max(0, outline.row - reach),
            max(0, outline.col - reach),
            outline.row + reach + 1,
            outline.col + reach + 1,
        ),
    )


def area_patches(
    changed: Mask,
    distance: Plane,
    brightness: Plane,
    *,
    transform: Transform,
    pixel_m: float,
    least_px: int,
    most: int,
) -> tuple[Patch, ...]:
    """The connected pieces (touching by side or corner) of ``changed``, largest score first.

    Args:
        changed: (rows, cols).
        distance: (rows, cols), in standard deviations of unchanged pixels.
        brightness: (rows, cols), later less earlier, in any unit.
        transform: the grid's.
        pixel_m: side of a pixel on the ground.
        least_px: smaller pieces are left out.
        most: at most so many, those with the greatest score times root of their area.
    """
    from scipy.ndimage import find_objects, label

    labels, count = label(changed, structure=np.ones((3, 3)))
    if count == 0:
        return ()
    rows, cols = np.nonzero(labels)
    which = labels[rows, cols]
    size = np.bincount(which, minlength=count + 1).astype(np.float64)
    safe = np.maximum(size, 1)

    def mean(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.bincount(which, weights=values, minlength=count + 1) / safe

    score = mean(distance[rows, cols].astype(np.float64))
    light = mean(brightness[rows, cols].astype(np.float64))
    row, col = mean(rows.astype(np.float64)), mean(cols.astype(np.float64))
    down, right = rows - row[which], cols - col[which]
    # A pixel is a square with moments of its own: 1/12.
    down2, right2 = mean(down**2) + 1 / 12, mean(right**2) + 1 / 12
    cross = mean(down * right)
    half, root = (down2 + right2) / 2, np.hypot((down2 - right2) / 2, cross)
    long_axis, short_axis = 4 * np.sqrt(half + root), 4 * np.sqrt(np.maximum(half - root, 1 / 48))
    # The angle of the long axis from the grid's up, clockwise: rows grow downwards.
    angle = np.degrees(np.arctan2(2 * cross, right2 - down2) / 2 + math.pi / 2) % 180
    boxes = find_objects(labels)
    kept = [k for k in range(1, count + 1) if size[k] >= least_px]
    kept.sort(key=lambda k: (-score[k] * math.sqrt(size[k]), k))
    patches = []
    for k in kept[:most]:
        x, y = _at(transform, row[k], col[k])
        box = boxes[k - 1]
        patches.append(
            Patch(
                kind="area",
                row=float(row[k]),
                col=float(col[k]),
                x=x,
                y=y,
                area_m2=float(size[k]) * pixel_m**2,
                length_m=float(long_axis[k]) * pixel_m,
                width_m=float(short_axis[k]) * pixel_m,
                orientation_deg=float(angle[k]),
                compactness=float(size[k] / (math.pi / 4 * long_axis[k] * short_axis[k])),
                brighter=bool(light[k] > 0),
                score=float(score[k]),
                bounds=(box[0].start, box[1].start, box[0].stop, box[1].stop),
            )
        )
    return tuple(patches)


def _at(transform: Transform, row: float, col: float) -> tuple[float, float]:
    """A pixel's centre in the chip's coordinate system."""
    a, b, c, d, e, f = transform
    x, y = float(col) + 0.5, float(row) + 0.5
    return a * x + b * y + c, d * x + e * y + f
