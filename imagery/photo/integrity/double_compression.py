"""Whether a JPEG's pixels had been through a coarser JPEG compression before.

A coefficient that was rounded to multiples of a first step and then to multiples of a finer second
one takes some values too often and others never. For each of nine low frequencies, the values found
are held against two predictions: those of a picture compressed once, and, for every first step, of
one compressed twice. What an uncompressed picture would look like is estimated from the picture
itself, moved by half a block, where the grid of the compression no longer fits (the calibration of
Fridrich, Goljan and Hogea 2002; first steps by Lukas and Fridrich 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.photo.integrity.pixels import Grey, brightness
from imagery.photo.integrity.quantisation import ijg_table
from imagery.photo.integrity.signal import Signal

_BLOCK = 8
# (row, column) of the frequencies looked at: the lowest, which take most values.
_FREQUENCIES = ((0, 1), (1, 0), (2, 0), (1, 1), (0, 2), (0, 3), (1, 2), (2, 1), (3, 0))
_MOST_PIXELS = 1_500_000
_LEAST_BLOCKS = 400
_STEPS = range(2, 61)
_MOST_STATES = 60
# Standard deviation of rounding pixels to whole numbers, the same for every coefficient.
_ROUNDING = 0.29
_CERTAIN_NATS = 0.12
_SMOOTHING = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleCompression:
    """How much better two compressions explain a picture than one.

    Attributes:
        gain_nats: mean gain in log-likelihood per coefficient; about 0 or less for one compression.
        first_steps: the first quantisation steps that explain it best, per frequency.
        quality: IJG quality of the first compression, where its steps are nearly those of one.
    """

    gain_nats: float
    first_steps: tuple[int, ...]
    quality: int | None


def double_compression_signal(data: bytes, quantisation: Sequence[Sequence[int]]) -> Signal | None:
    """The signal, if a JPEG shows a coarser compression before its last.

    Args:
        data: the whole file.
        quantisation: its tables as ``Parts.quantisation`` has them.
    """
    if not quantisation:
        return None
    grey = brightness(data)
    found = measure(grey, quantisation[0]) if grey is not None else None
    if found is None or found.gain_nats < _CERTAIN_NATS:
        return None
    first = f", first at about IJG quality {found.quality}" if found.quality else ""
    return Signal(
        signal="compressed twice",
        value=f"{found.gain_nats:.2f} nats a coefficient{first}",
        means=(
            "the picture was a JPEG of lower quality before it was saved as this one: it was "
            "opened and saved again, by a person, a messenger or a web site"
        ),
        misleads=(
            "sending and turning do it like forging; none of 56 photos saved once, at each of "
            "nine qualities, raises it; saved again clearly finer, 84 to 98 % do; saved again as "
            "coarse or coarser, made smaller, or cropped off the grid of blocks, it is missed"
        ),
    )


def measure(grey: Grey, table: Sequence[int]) -> DoubleCompression | None:
    """Hold a picture's coefficients against one compression and two; None if it is too small.

    Args:
        grey: brightness of the whole picture, as decoded from the JPEG.
        table: its table for brightness, 64 steps, rows one after the other.
    """
    middle = _middle(grey)
    blocks = _blocks(middle)
    if len(blocks) < _LEAST_BLOCKS:
        return None
    lowest, highest = blocks.min(axis=1), blocks.max(axis=1)
    # Clipped blocks were changed after the rounding that is looked for; flat ones say nothing.
    usable = (highest < 255) & (lowest > 0) & (highest > lowest)
    if int(usable.sum()) < _LEAST_BLOCKS:
        return None
    found = blocks[usable] @ _BASIS
    free = _blocks(middle[_BLOCK // 2 :, _BLOCK // 2 :]) @ _BASIS
    noise = np.random.default_rng(0).normal(0.0, _ROUNDING, len(free)).astype(np.float32)
    gains, steps = [], []
    for index, (row, column) in enumerate(_FREQUENCIES):
        gain, step = _best(found[:, index], free[:, index], noise, table[row * _BLOCK + column])
        gains.append(gain)
        steps.append(step)
    return DoubleCompression(
        gain_nats=float(np.mean(gains)), first_steps=tuple(steps), quality=_quality(steps)
    )


def _best(found: Grey, free: Grey, noise: Grey, second: int) -> tuple[float, int]:
    """Gain of the best first step over none, and that step."""
    states = np.rint(found / second)
    most = int(np.clip(np.percentile(np.abs(states), 99.5), 5, _MOST_STATES))
    counts = _counts(states, most)
    total = counts.sum()

    def likelihood(values: Grey) -> float:
        share = _counts(np.rint(values / second), most)
        # Brightness has no preferred sign.
        share = (share + share[::-1]) / 2 + _SMOOTHING
        return float((counts * np.log(share / share.sum())).sum() / total)

    once = likelihood(free)
    twice = [
        (likelihood(np.rint(free / first) * first + noise), first)
        for first in _STEPS
        if first != second
    ]
    best, step = max(twice)
    return best - once, step


def _counts(states: Grey, most: int) -> npt.NDArray[np.float64]:
    inside = np.clip(states, -most, most).astype(np.int64) + most
    return np.bincount(inside, minlength=2 * most + 1).astype(np.float64)


def _middle(grey: Grey) -> Grey:
    """The middle of a large picture, on the grid of its blocks."""
    rows, columns = grey.shape
    share = min(1.0, (_MOST_PIXELS / max(1, rows * columns)) ** 0.5)
    height, width = (int(side * share) // _BLOCK * _BLOCK for side in (rows, columns))
    top, left = (
        (whole - part) // 2 // _BLOCK * _BLOCK for whole, part in ((rows, height), (columns, width))
    )
    return grey[top : top + height, left : left + width]


def _blocks(grey: Grey) -> Grey:
    """Blocks of 8 by 8 pixels as rows of 64."""
    rows, columns = (side // _BLOCK for side in grey.shape)
    cut = grey[: rows * _BLOCK, : columns * _BLOCK]
    return cut.reshape(rows, _BLOCK, columns, _BLOCK).transpose(0, 2, 1, 3).reshape(-1, _BLOCK**2)


def _basis() -> Grey:
    """The nine cosine patterns as columns of 64 (ITU-T T.81, A.3.3)."""
    place = np.arange(_BLOCK)
    waves = np.array(
        [
            np.sqrt((1 if k == 0 else 2) / _BLOCK) * np.cos((2 * place + 1) * k * np.pi / 16)
            for k in range(_BLOCK)
        ]
    )
    patterns = [np.outer(waves[row], waves[column]).ravel() for row, column in _FREQUENCIES]
    return np.array(patterns, dtype=np.float32).T


_BASIS = _basis()


def _quality(steps: Sequence[int]) -> int | None:
    """The IJG quality whose steps these are, if most of them are within one."""

    def misfit(quality: int) -> tuple[int, int]:
        table = ijg_table(quality)
        apart = [
            abs(table[row * _BLOCK + column] - step)
            for (row, column), step in zip(_FREQUENCIES, steps, strict=True)
        ]
        return sum(distance > 1 for distance in apart), sum(apart)

    best = min(range(30, 100), key=misfit)
    return best if misfit(best)[0] < len(_FREQUENCIES) // 2 else None
