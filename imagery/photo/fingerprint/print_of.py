"""The fingerprint of a picture, and making it from a file's bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.photo.fingerprint.decode import grey_picture
from imagery.photo.fingerprint.keypoints import Keypoints, find_keypoints
from imagery.photo.fingerprint.words import Codes, mirrored, words_of

MOST_FEATURES = 64
"""How many features a fingerprint has at most; an archive keeps the first few of them."""
SMALL = 64
"""Square root of the area of the small picture, in pixels."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """What is compared of a picture; lengths are in units of the square root of its area.

    Attributes:
        width, height: of the picture without uniform borders; their product is 1.
        x, y: (n,) centres of the features, from the left and the top.
        size: (n,) their sigmas.
        codes: (n,) their words.
        doubts: (n, DOUBTS) the bits of each word's key that are in doubt.
        small: (rows, columns) grey levels 0 to 255.
    """

    width: float
    height: float
    x: Floats
    y: Floats
    size: Floats
    codes: Codes
    doubts: npt.NDArray[np.uint8]
    small: npt.NDArray[np.uint8]

    def mirrored(self) -> Fingerprint:
        """That of the same picture, mirrored left to right."""
        return Fingerprint(
            width=self.width,
            height=self.height,
            x=(self.width - self.x).astype(np.float32),
            y=self.y,
            size=self.size,
            codes=mirrored(self.codes),
            doubts=self.doubts,
            small=np.ascontiguousarray(self.small[:, ::-1]),
        )


def fingerprint(data: bytes) -> Fingerprint:
    """The fingerprint of a picture file's bytes.

    Raises:
        PhotoError: no picture, one that claims too many pixels or is too small, or one whose
            pixels cannot be decoded.
    """
    grey, scale = grey_picture(data)
    return fingerprint_of(grey, scale=scale)


def fingerprint_of(grey: Floats, *, scale: float) -> Fingerprint:
    """The fingerprint of a grey picture (rows, columns), 0 to 255, enlarged by ``scale``."""
    rows, cols = grey.shape
    unit = (rows * cols) ** 0.5
    found = find_keypoints(grey)
    chosen = _spread(found, cols, rows, scale)
    codes, doubts = words_of(found.patches[chosen])
    return Fingerprint(
        width=cols / unit,
        height=rows / unit,
        x=found.x[chosen] / np.float32(unit),
        y=found.y[chosen] / np.float32(unit),
        size=found.sigma[chosen] / np.float32(unit),
        codes=codes,
        doubts=doubts,
        small=_small(grey),
    )


_NEAR = 1.0
_CELLS = 3
_A_ROUND = 2
_COARSE = 1.5
"""Sigma, in pixels of the file, of what is still there at half the size."""


def _spread(found: Keypoints, width: int, height: int, scale: float) -> npt.NDArray[np.intp]:
    """Which keypoints to keep, best first.

    Strong ones first, but in rounds: of each ninth of the picture two a round, so that neither a
    busy corner nor a caption takes all places; of two that nearly coincide the stronger. What half
    the size would lose comes later, what lies on an edge last.
    """
    total = len(found.x)
    taken: list[int] = []
    blocked = np.zeros(total, dtype=bool)
    for index in range(total):
        if blocked[index]:
            continue
        taken.append(index)
        apart = np.hypot(found.x - found.x[index], found.y - found.y[index])
        ratio = found.sigma / found.sigma[index]
        blocked |= (apart < _NEAR * found.sigma[index]) & (ratio > 0.7) & (ratio < 1.43)
    kept = np.array(taken, dtype=np.intp)
    cell = (found.x[kept] * (_CELLS / width)).astype(int) * _CELLS + (
        found.y[kept] * (_CELLS / height)
    ).astype(int)
    seen: dict[int, int] = {}
    rounds = np.where(found.sigma[kept] < _COARSE * scale, MOST_FEATURES, 0)
    rounds += np.where(found.edgy[kept], 2 * MOST_FEATURES, 0)
    for place, number in enumerate(cell):
        rounds[place] += seen.get(int(number), 0) // _A_ROUND
        seen[int(number)] = seen.get(int(number), 0) + 1
    return kept[np.argsort(rounds, kind="stable")][:MOST_FEATURES]


def _small(grey: Floats) -> npt.NDArray[np.uint8]:
    from PIL import Image

    rows, cols = grey.shape
    scale = SMALL / (rows * cols) ** 0.5
    size = (max(8, round(cols * scale)), max(8, round(rows * scale)))
    small = Image.fromarray(grey).resize(size, Image.Resampling.BOX)
    levels: npt.NDArray[np.uint8] = np.clip(np.rint(np.asarray(small)), 0, 255).astype(np.uint8)
    return levels
