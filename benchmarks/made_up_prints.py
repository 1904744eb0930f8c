"""Made-up fingerprints whose bits depend on each other as those of real pictures do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.recycled_copies import Photo
from imagery.photo.fingerprint.decode import grey_picture
from imagery.photo.fingerprint.keypoints import find_keypoints
from imagery.photo.fingerprint.stored import FEATURE, HEAD, KEPT_FEATURES, thumbs_of
from imagery.photo.fingerprint.words import KEY_BITS, checks_of, keys_of, signs_of, values_of

LESS = 0.4


class Maker:
    """Makes up fingerprints from real ones."""

    def __init__(self, pictures: list[Photo], kept: list[bytes]) -> None:
        self.random = np.random.default_rng(0)
        values, groups = [], []
        for photo in pictures:
            patches = find_keypoints(grey_picture(photo.data)[0]).patches[:100]
            values.append(values_of(patches))
            groups += [photo.group] * len(patches)
        every = np.concatenate(values)
        self.groups = np.array(groups)
        self.values = every / np.maximum(np.linalg.norm(every, axis=1, keepdims=True), 1e-6)
        heads = np.frombuffer(b"".join(each[: HEAD.itemsize] for each in kept), dtype=HEAD)
        self.aspects, self.thumbs = heads["aspect"], thumbs_of(heads)
        rest = b"".join(each[HEAD.itemsize :] for each in kept)
        self.features = np.frombuffer(rest, dtype=FEATURE)

    def codes(self, count: int) -> npt.NDArray[np.uint64]:
        """Words of made-up features."""
        first, second = self.random.integers(0, len(self.values), (2, count))
        return signs_of(self.values[first] + np.float32(LESS) * self.values[second])

    def make(self, count: int) -> list[bytes]:
        """Kept fingerprints."""
        codes = self.codes(count * KEPT_FEATURES)
        like = self.features[self.random.integers(0, len(self.features), len(codes))]
        features = np.zeros(len(codes), dtype=FEATURE)
        features["key"] = keys_of(codes)
        features["check"] = checks_of(codes) | (like["check"] >> 26 << 26)
        features["x"], features["y"] = like["x"], like["y"]
        first, second = self.random.integers(0, len(self.thumbs), (2, count))
        mean = self.thumbs[first].astype(np.float32) + self.thumbs[second][:, :, ::-1]
        low = mean.min(axis=(1, 2), keepdims=True)
        span = np.maximum(mean.max(axis=(1, 2), keepdims=True) - low, 1)
        cells = np.rint((mean - low) / span * 15).astype(np.uint8).reshape(count, -1)
        heads = np.zeros(count, dtype=HEAD)
        heads["aspect"] = self.aspects[first]
        heads["thumb"] = cells[:, 0::2] << 4 | cells[:, 1::2]
        each = KEPT_FEATURES
        return [
            heads[at : at + 1].tobytes() + features[at * each : at * each + each].tobytes()
            for at in range(count)
        ]

    def equal_keys(self) -> dict[str, float]:
        """How much likelier than by even chance features of two pictures share a key."""
        count = len(self.values)
        real, made = keys_of(signs_of(self.values)), keys_of(self.codes(count))
        inside = [real[self.groups == group] for group in np.unique(self.groups)]
        pairs = count * (count - 1)
        pairs_inside = sum(len(keys) * (len(keys) - 1) for keys in inside)
        apart = equal_pairs(real) - sum(equal_pairs(keys) for keys in inside)
        return {
            "real": round(apart / max(pairs - pairs_inside, 1) * 2**KEY_BITS, 1),
            "made_up": round(equal_pairs(made) / max(pairs, 1) * 2**KEY_BITS, 1),
        }


def equal_pairs(keys: npt.NDArray[np.uint32]) -> int:
    """Ordered pairs of equal ones."""
    counts = np.unique(keys, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1)).sum())
