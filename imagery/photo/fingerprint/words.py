"""A patch around a keypoint as a word of bits: which way its slow waves swing.

The signs of the lowest cosine coefficients (as in perceptual hashes of whole pictures) hold when a
picture is compressed, scaled or lit differently. The first bits are the key that an index is sorted
by, the others are compared afterwards. Where a sign is nearly zero it may flip, so the bits in most
doubt are named too.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from imagery.photo.fingerprint.keypoints import SAMPLES

KEY_BITS = 22
CHECK_BITS = 26
DOUBTS = 3
"""How many key bits in doubt are named for each word."""

Codes = npt.NDArray[np.uint64]


@cache
def _waves() -> tuple[tuple[int, int], ...]:
    """Pairs (down, across) of wave numbers, slow ones first; (0, 0) is brightness and left out."""
    every = [(v, u) for v in range(8) for u in range(8)][1:]
    return tuple(sorted(every, key=lambda vu: vu[0] ** 2 + vu[1] ** 2)[: KEY_BITS + CHECK_BITS])


@cache
def _cosines() -> npt.NDArray[np.float32]:
    """(8, SAMPLES): orthonormal cosines of wave number 0 to 7."""
    places = (np.arange(SAMPLES) + 0.5) * np.pi / SAMPLES
    waves: npt.NDArray[np.float64]
    waves = np.cos(np.arange(8)[:, None] * places) * (2 / SAMPLES) ** 0.5
    waves[0] *= 0.5**0.5
    return np.asarray(waves, dtype=np.float32)


def values_of(patches: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The cosine coefficients (n, KEY_BITS + CHECK_BITS) whose signs are the bits of a word."""
    waves = np.array(_waves())
    cosines = _cosines()
    plane = cosines @ patches @ cosines.T
    return np.asarray(plane[:, waves[:, 0], waves[:, 1]], dtype=np.float32)


def words_of(patches: npt.NDArray[np.float32]) -> tuple[Codes, npt.NDArray[np.uint8]]:
    """Words (n,) of patches (n, SAMPLES, SAMPLES), and (n, DOUBTS) which key bits are in doubt.

    Bits from 0 on are the key, those from KEY_BITS on the check.
    """
    values = values_of(patches)
    # What compression and cropping change of a coefficient falls with its wave number.
    weight = 1 + 0.3 * np.array(_waves())[:KEY_BITS].sum(axis=1)
    certainty = np.abs(values[:, :KEY_BITS]) * weight
    doubts = np.argsort(certainty, axis=1, kind="stable")[:, :DOUBTS].astype(np.uint8)
    return signs_of(values), doubts


def signs_of(values: npt.NDArray[np.float32]) -> Codes:
    """Words (n,) whose bits are set where a coefficient is positive."""
    bits = np.uint64(1) << np.arange(KEY_BITS + CHECK_BITS, dtype=np.uint64)
    codes: Codes = ((values > 0) * bits).sum(axis=1, dtype=np.uint64)
    return codes


@cache
def _odd() -> np.uint64:
    """The bits of waves that change sign when a patch is mirrored left to right."""
    return np.uint64(sum(1 << bit for bit, (_, across) in enumerate(_waves()) if across % 2))


def mirrored(codes: Codes) -> Codes:
    """The words of the same patches mirrored left to right."""
    return codes ^ _odd()


def keys_of(codes: Codes) -> npt.NDArray[np.uint32]:
    """The key part, below ``1 << KEY_BITS``."""
    return (codes & np.uint64((1 << KEY_BITS) - 1)).astype(np.uint32)


def checks_of(codes: Codes) -> npt.NDArray[np.uint32]:
    """The check part, below ``1 << CHECK_BITS``."""
    return (codes >> np.uint64(KEY_BITS)).astype(np.uint32)


def probes(codes: Codes, doubts: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """(n, 2 ** DOUBTS) keys to look up: the word's own first, then with bits in doubt flipped."""
    keys = keys_of(codes)[:, None]
    flips = np.zeros((len(codes), 1), dtype=np.uint32)
    for doubt in range(doubts.shape[1]):
        bit = (np.uint32(1) << doubts[:, doubt].astype(np.uint32))[:, None]
        flips = np.concatenate([flips, flips ^ bit], axis=1)
    return keys ^ flips
