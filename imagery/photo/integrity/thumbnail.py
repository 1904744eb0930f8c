"""The small picture that cameras put into a file, against the picture itself.

Some editors change the picture and leave the small one as the camera made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from imagery.photo.integrity.pixels import Grey, brightness, resized
from imagery.photo.integrity.signal import Signal

_SIDE = 48
_LEAST_SIDE = 16
_DARK, _FLAT = 24.0, 16.0
_SAME = 0.85
_CUT_OUT = 0.93
_SHAPED = 0.90
_MOST_ASPECT = 1.05
# A picture with hardly any contrast is like every other one.
_LEAST_CONTRAST = 3.0
_CROPPED_SHARES = tuple(percent / 100 for percent in range(90, 39, -5))
# 4:3 out of 16:9, and everything between that and nothing cut off.
_SHAPED_SHARES = tuple(percent / 100 for percent in range(100, 73, -2))


_MEANS = {
    "turned": (
        "turned or mirrored",
        "the small picture in the file is the picture turned or mirrored: the picture was turned "
        "after the camera wrote it",
    ),
    "cut out": (
        "shows more than the picture",
        "the small picture in the file shows more than the picture, which was cropped after the "
        "camera wrote it; look at the small one",
    ),
    "other": (
        "shows something else",
        "the small picture in the file is not the picture made small: the picture was changed or "
        "replaced after the small one was written; look at the small one",
    ),
}
_MISLEADS = (
    "most editors write a new small picture, so that its agreement says nothing; raised on 1 of 56 "
    "sample photos with a small picture, which had been cropped, and on all of 3,028 pairs of a "
    "photo and another one's small picture"
)


def thumbnail_signal(data: bytes, thumbnail: bytes) -> Signal | None:
    """The signal, if the small picture does not show what the picture shows."""
    small, whole = brightness(thumbnail), brightness(data, at_least=4 * _SIDE)
    found = compare(small, whole) if small is not None and whole is not None else None
    if found is None:
        return None
    value, means = _MEANS[found]
    return Signal(signal="thumbnail differs", value=value, means=means, misleads=_MISLEADS)


def compare(small: Grey, whole: Grey) -> str | None:
    """How they differ: "turned", "cut out" or "other"; None if not, or it cannot be told."""
    found = _compare(small, whole)
    # What is dark along the edge can be bars, or a night sky that the picture has too.
    return found and _compare(_without_bars(small), whole)


def _compare(small: Grey, whole: Grey) -> str | None:
    if min(small.shape) < _LEAST_SIDE or min(whole.shape) < _LEAST_SIDE:
        return None
    if float(small.std()) < _LEAST_CONTRAST or float(whole.std()) < _LEAST_CONTRAST:
        return None
    square = _square(whole)
    likeness = [_likeness(_square(turned), square) for turned in _turned(small)]
    apart = _aspect(small) / _aspect(whole)
    same_shape = 1 / _MOST_ASPECT < apart < _MOST_ASPECT
    if likeness[0] >= _SAME and same_shape:
        return None
    if max(likeness[1:]) >= max(_SAME, likeness[0] + 0.05):
        return "turned"
    if _inside(whole, small, _CROPPED_SHARES) >= _CUT_OUT:
        return "cut out"
    # Cameras cut their small picture to 4:3 whatever the shape of the picture.
    shaped = _inside(small, whole, _SHAPED_SHARES) >= _SHAPED
    return None if likeness[0] >= _SAME or shaped else "other"


def likeness(small: Grey, whole: Grey) -> float:
    """Correlation of the two pictures, each brought to a small square; 1 for the same."""
    square = _square(whole)
    return max(_likeness(_square(form), square) for form in (small, _without_bars(small)))


def _turned(grey: Grey) -> Iterator[Grey]:
    """As it is, then turned and mirrored in the seven other ways."""
    for mirrored in (grey, grey[:, ::-1]):
        for quarters in range(4):
            yield np.rot90(mirrored, quarters)


def _square(grey: Grey) -> Grey:
    return resized(np.ascontiguousarray(grey), rows=_SIDE, columns=_SIDE)


def _likeness(a: Grey, b: Grey) -> float:
    x, y = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / scale if scale > 0 else 0.0


def _aspect(grey: Grey) -> float:
    rows, columns = grey.shape
    return float(columns / rows)


def _without_bars(grey: Grey) -> Grey:
    """Without the dark bars that fill a thumbnail of 4:3 up around a picture of 3:2."""

    def first(lines: Grey) -> int:
        dark = (lines.mean(axis=1) < _DARK) & (lines.std(axis=1) < _FLAT)
        return int(np.argmin(dark)) if not dark.all() else 0

    top, bottom, left, right = first(grey), first(grey[::-1]), first(grey.T), first(grey.T[::-1])
    rows, columns = grey.shape
    return grey[top : rows - bottom, left : columns - right]


def _inside(part: Grey, whole: Grey, shares: Iterable[float]) -> float:
    """How well ``part`` is found inside ``whole``, in proportion, at these shares of its width."""
    columns = _SIDE
    rows = max(8, round(columns / _aspect(whole)))
    ground = resized(np.ascontiguousarray(whole), rows=rows, columns=columns)
    best = 0.0
    for share in shares:
        width = round(columns * share)
        height = round(width / _aspect(part))
        if not 8 <= height <= rows or not 8 <= width <= columns:
            continue
        pattern = resized(part, rows=height, columns=width)
        windows = np.lib.stride_tricks.sliding_window_view(ground, (height, width))
        best = max(best, _best_match(windows.reshape(-1, height * width), pattern.ravel()))
    return best


def _best_match(windows: Grey, pattern: Grey) -> float:
    level = pattern - pattern.mean()
    spread: npt.NDArray[np.float32] = windows.std(axis=1) * np.sqrt(np.float32(windows.shape[1]))
    scale = spread * np.sqrt((level * level).sum())
    products = windows @ level
    return float(np.max(np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)))
