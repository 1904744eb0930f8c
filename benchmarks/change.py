"""How well change between two dates is told from everything else, on labelled pixels.

    python benchmarks/change.py BEFORE AFTER CHANGED UNCHANGED
    python benchmarks/change.py --synthetic RASTER...

The dates are rasters of one size and the labels rasters whose pixels above zero are labelled. AUC
is that of the distance in spatial context; kappa and F1 (of the changed class) those of the
automatic threshold, which sees no label. ``plain`` gives the AUC of the statistic without spatial
context, ``best_kappa`` what the best threshold in hindsight would have reached.

With ``--synthetic`` each raster makes pairs of its own: ground from elsewhere in the same raster is
put into 0.5, 3 and 15 percent of it (irregular pieces), then haze, noise, gain and a quarter of a
pixel of shift are added. They show whether the threshold holds where change is rare or common; the
ground that replaces may look like what it replaces, so no method reaches a kappa of 1 there.

Prints, as one line of JSON last: ``auc, kappa, f1, seconds`` (median of five runs, reading files
not included), ``iterations``, ``plain, best_kappa, threshold``; or ``pairs`` with the kappa of the
threshold, of Otsu's split alone and of the bulk's edge alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.change.irmad import irmad
from imagery.change.map import distance_of
from imagery.change.threshold import EDGE_SPREADS, change_threshold, otsu

Bits = npt.NDArray[np.bool_]


def read(path: Path) -> npt.NDArray[Any]:
    """(bands, rows, cols) of any raster."""
    import warnings

    import rasterio

    with warnings.catch_warnings():
        # Label pictures are not georeferenced.
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path) as raster:
            pixels: npt.NDArray[Any] = raster.read()
    return pixels


def auc_of(values: npt.NDArray[Any], changed: Bits, unchanged: Bits) -> float:
    """Chance that a changed pixel lies above an unchanged one, ties counted half."""
    from scipy.stats import rankdata

    high, low = values[changed], values[unchanged]
    ranks = rankdata(np.concatenate([high, low]))
    n = len(high)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * len(low)))


def kappa_f1(said: Bits, changed: Bits, unchanged: Bits) -> tuple[float, float]:
    """Cohen's kappa and F1 of the changed class on labelled pixels."""
    hit, false = float(said[changed].sum()), float(said[unchanged].sum())
    miss, right = float(changed.sum()) - hit, float(unchanged.sum()) - false
    n = hit + false + miss + right
    agreed = (hit + right) / n
    chance = ((hit + false) * (hit + miss) + (miss + right) * (false + right)) / n**2
    f1 = 2 * hit / max(2 * hit + false + miss, 1)
    return (agreed - chance) / max(1 - chance, 1e-12), f1


def best_kappa(distance: npt.NDArray[Any], changed: Bits, unchanged: Bits) -> float:
    steps = np.percentile(distance, np.arange(50, 99.95, 0.25))
    return max(kappa_f1(distance > t, changed, unchanged)[0] for t in steps)


def labelled(args: argparse.Namespace) -> dict[str, Any]:
    before, after = read(args.before), read(args.after)
    changed, unchanged = read(args.changed)[0] > 0, read(args.unchanged)[0] > 0
    mask = np.ones(before.shape[1:], dtype=np.bool_)
    seconds = []
    for _ in range(6):
        start = time.perf_counter()
        found = irmad(before, after, mask)
        distance = distance_of(found, mask)
        threshold = change_threshold(distance)
        said = distance > threshold
        seconds.append(time.perf_counter() - start)
    kappa, f1 = kappa_f1(said, changed, unchanged)
    return {
        "auc": round(auc_of(distance, changed, unchanged), 5),
        "kappa": round(kappa, 4),
        "f1": round(f1, 4),
        # The first run also imports.
        "seconds": round(statistics.median(seconds[1:]), 3),
        "iterations": found.iterations,
        "plain": round(auc_of(found.statistic, changed, unchanged), 5),
        "best_kappa": round(best_kappa(distance, changed, unchanged), 4),
        "threshold": round(threshold, 2),
    }


def synthetic(raster: Path, share: float, rng: np.random.Generator) -> dict[str, Any]:
    from scipy.ndimage import gaussian_filter, shift

    whole = read(raster)
    top, left = (max(0, side // 2 - 250) for side in whole.shape[1:])
    base = whole[:, top : top + 500, left : left + 500].astype(np.float64)
    spread = base.std(axis=(1, 2), keepdims=True)
    field = gaussian_filter(rng.normal(size=base.shape[1:]), 6)
    changed = field > np.quantile(field, 1 - share)
    donor = np.roll(base, (base.shape[1] // 3, base.shape[2] // 2 - 7), (1, 2))
    after = np.where(changed, donor, base)
    after += gaussian_filter(rng.normal(size=base.shape), (0, 20, 20)) * 6 * spread
    after += rng.normal(size=base.shape) * 0.12 * spread
    after *= rng.uniform(0.8, 1.2, (len(base), 1, 1))
    after = np.stack([shift(band, (0.2, 0.15), mode="nearest") for band in after])
    mask = np.ones(changed.shape, dtype=np.bool_)
    distance = distance_of(irmad(base, after, mask), mask)
    low, middle = np.quantile(distance, [0.1587, 0.5])
    limits = {
        "kappa": change_threshold(distance),
        "otsu_alone": otsu(distance.ravel()),
        "edge_alone": middle + EDGE_SPREADS * (middle - low),
    }
    return {
        "raster": raster.name,
        "share": share,
        "auc": round(auc_of(distance, changed, ~changed), 4),
        "best": round(best_kappa(distance, changed, ~changed), 3),
        **{k: round(kappa_f1(distance > t, changed, ~changed)[0], 3) for k, t in limits.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("before", "after", "changed", "unchanged"):
        parser.add_argument(name, type=Path, nargs="?")
    parser.add_argument("--synthetic", type=Path, nargs="+", metavar="RASTER")
    args = parser.parse_args()
    if args.synthetic:
        rng = np.random.default_rng(0)
        pairs = [synthetic(r, share, rng) for r in args.synthetic for share in (0.005, 0.03, 0.15)]
        for pair in pairs:
            print(pair)
        print(json.dumps({"pairs": pairs}))
        return
    if args.unchanged is None:
        parser.error("BEFORE AFTER CHANGED UNCHANGED are needed, or --synthetic RASTER...")
    print(json.dumps(labelled(args)))


if __name__ == "__main__":
    main()
