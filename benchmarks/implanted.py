"""How many new enclosures are found in real pairs of dates, and at what cost in false patches.

    python benchmarks/implanted.py [FOLDER] [--n 40] [--contrast 2] [--write]

FOLDER holds ``naip`` (five dates of one footprint) and ``taizhou`` (two dates; its labelled pixels
are avoided). Square and round outlines, 6 to 12 pixels across with lines of 1 to 2 pixels, at any
angle and fraction of a pixel, are implanted into the later date of each pair, brighter or darker
than their ground by ``contrast`` times its spread (standard deviation of 25 x 25 pixels, each band
its own). Then the later date is moved by a third of a pixel in a random direction, each band's gain
is changed by up to 10 percent and its level by up to 5, and it is rounded to its own type. What is
measured is the whole way: ``register``, ``aligned``, ``change_map``.

An implant is found if an outline is reported within 8 pixels of its middle; every other outline is
false, also where something really did appear. Settings were chosen on the pairs called ``chosen``;
``held_out`` pairs were not looked at. ``areas_per_10k_px`` counts the connected pieces of change
beside the outlines: real change, mostly, which these pairs are full of. ``identical`` is the same
path on equal dates, as they are and with drift added; ``seasons`` the false outlines of untouched
pairs from different times of the year.

Prints, as one line of JSON last, the figures of either half with Wilson intervals, clustered by
pair where that is wider. ``--write`` also writes imagery/change_roc.toml from the held-out pairs.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imagery.change.map import ChangeMap, change_map
from imagery.chip import Chip
from imagery.register import aligned, register
from imagery.resample import onto_grid

ROOT = Path(__file__).parents[1]
CHOSEN = {("2009", "2012"), ("2015", "2017"), ("2017", "2019"), ("2012", "2019"),
          ("2009", "2015"), ("2015", "2019")}  # fmt: skip
SEASONS = ("2012", "2015")
NEAR_PX = 8
LEAST = 0.7
EDGE_PX = 30
SCORES = tuple(round(LEAST + 0.05 * k, 2) for k in range(18))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one pair gave."""

    pair: tuple[str, str]
    implanted: int
    found: int
    false: int
    areas: int
    searched_px: int
    residual_px: float
    found_scores: tuple[float, ...]
    false_scores: tuple[float, ...]


def chip_of(path: Path) -> Chip:
    import rasterio

    with rasterio.open(path) as raster:
        pixels = raster.read()
        mask = raster.dataset_mask() > 0
        transform, crs = tuple(raster.transform)[:6], raster.crs.to_wkt()
        gsd = abs(raster.transform.a)
    return Chip(
        pixels=pixels,
        mask=mask,
        transform=transform,
        crs=crs,
        gsd_m=gsd,
        acquired=None,
        provider="file",
        sources=(path.name,),
        coverage=float(mask.mean()),
    )


def pairs_of(folder: Path) -> list[tuple[tuple[str, str], Chip, Chip, npt.NDArray[np.bool_]]]:
    """Every pair, earlier date first, with the pixels where nothing may be implanted."""
    import rasterio

    files = sorted((folder / "naip").glob("*.tif"))
    chips = [chip_of(f) for f in files]
    years = [f.stem[-8:-4] for f in files]
    chips = [chips[0], *(onto_grid(c, chips[0]) for c in chips[1:])]
    free = np.zeros(chips[0].shape, dtype=np.bool_)
    out = [
        ((years[i], years[j]), chips[i], chips[j], free)
        for i in range(len(chips))
        for j in range(i + 1, len(chips))
    ]
    taizhou = folder / "taizhou"
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        taken = np.zeros((400, 400), dtype=np.bool_)
        for name in ("change.bmp", "unchanged.bmp"):
            with rasterio.open(taizhou / name) as raster:
                taken |= raster.read(1) > 0
    early, late = chip_of(taizhou / "2000TM"), chip_of(taizhou / "2003TM")
    out.append((("tm2000", "tm2003"), early, late, taken))
    return out


def line(
    square: bool, across: float, width: float, turn: float, centre: tuple[float, float]
) -> npt.NDArray[np.float64]:
    """Share of each pixel of a 25 x 25 window that an outline covers."""
    fine = 5
    at = (np.arange(25 * fine) + 0.5) / fine - 12.5
    y, x = np.meshgrid(at - centre[0], at - centre[1], indexing="ij")
    u = math.cos(turn) * x + math.sin(turn) * y
    v = math.cos(turn) * y - math.sin(turn) * x
    r = np.maximum(np.abs(u), np.abs(v)) if square else np.hypot(u, v)
    inside = (r <= across / 2) & (r >= across / 2 - width)
    share: npt.NDArray[np.float64] = inside.reshape(25, fine, 25, fine).mean(axis=(1, 3))
    return share


def implanted(
    chip: Chip, taken: npt.NDArray[np.bool_], n: int, contrast: float, rng: np.random.Generator
) -> tuple[Chip, list[tuple[int, int]]]:
    """The chip with outlines, and where they are."""
    pixels = chip.pixels.astype(np.float64)
    rows, cols = chip.shape
    spots: list[tuple[int, int]] = []
    for _ in range(200 * n):
        if len(spots) == n:
            break
        row = int(rng.integers(EDGE_PX, rows - EDGE_PX))
        col = int(rng.integers(EDGE_PX, cols - EDGE_PX))
        window = slice(row - 12, row + 13), slice(col - 12, col + 13)
        close = any(abs(row - r) < 40 and abs(col - c) < 40 for r, c in spots)
        core = slice(row - 6, row + 7), slice(col - 6, col + 7)
        if close or taken[core].any() or not chip.mask[window].all():
            continue
        shape = line(
            bool(rng.integers(2)),
            rng.uniform(6, 12),
            rng.uniform(1, 2),
            rng.uniform(0, math.pi / 2),
            (rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)),
        )
        spread = pixels[:, *window].std(axis=(1, 2))[:, None, None]
        pixels[:, *window] += rng.choice([-1, 1]) * contrast * spread * shape
        spots.append((row, col))
    return replace(chip, pixels=pixels), spots


def drifted(chip: Chip, dtype: np.dtype[Any], rng: np.random.Generator) -> Chip:
    """A third of a pixel of shift, gain and level of each band, rounding."""
    from scipy.ndimage import shift

    turn = rng.uniform(0, 2 * math.pi)
    move = math.sin(turn) / 3, math.cos(turn) / 3
    top = np.iinfo(dtype).max if dtype == np.uint8 else float(chip.pixels.max())
    bands = [
        shift(band.astype(np.float64), move, order=3, mode="nearest") * rng.uniform(0.9, 1.1)
        + rng.uniform(-0.05, 0.05) * top
        for band in chip.pixels
    ]
    pixels = np.clip(np.rint(bands), 0, np.iinfo(dtype).max).astype(dtype)
    return replace(chip, pixels=pixels)


def measured(before: Chip, after: Chip) -> tuple[ChangeMap, float]:
    """The whole way, with every outline down to the least score, and the residual."""
    found = register(before, after)
    return change_map(before, aligned(after, found)), found.residual_px


def tally(pair: tuple[str, str], before: Chip, after: Chip, spots: list[tuple[int, int]]) -> Tally:
    shift = register(before, after)
    late = aligned(after, shift)
    change = change_map(before, late)
    every = change_map(before, late, kinds=("outline",), outline_score=LEAST).patches
    reported = [p for p in change.patches if p.kind == "outline"]

    def near(patch_row: float, patch_col: float, spot: tuple[int, int]) -> bool:
        return abs(patch_row - spot[0]) <= NEAR_PX and abs(patch_col - spot[1]) <= NEAR_PX

    best = [max((p.score for p in every if near(p.row, p.col, s)), default=0.0) for s in spots]
    return Tally(
        pair=pair,
        implanted=len(spots),
        found=sum(any(near(p.row, p.col, s) for p in reported) for s in spots),
        false=sum(not any(near(p.row, p.col, s) for s in spots) for p in reported),
        areas=sum(p.kind == "area" for p in change.patches),
        searched_px=int(change.mask.sum()),
        residual_px=shift.residual_px,
        found_scores=tuple(best),
        false_scores=tuple(p.score for p in every if not any(near(p.row, p.col, s) for s in spots)),
    )


def wilson(hits: float, n: float) -> tuple[float, float]:
    z = 1.959964
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def summed(tallies: list[Tally]) -> dict[str, Any]:
    """The figures of several pairs; intervals widened where pairs differ by more than chance."""
    n, hits = sum(t.implanted for t in tallies), sum(t.found for t in tallies)
    share = hits / n
    design = 1.0
    if len(tallies) > 1 and 0 < share < 1:
        chi = sum((t.found - share * t.implanted) ** 2 / t.implanted for t in tallies)
        design = max(1.0, chi / (share * (1 - share)) / (len(tallies) - 1))
    low, high = wilson(hits / design, n / design)
    rates = [1e4 * t.false / t.searched_px for t in tallies]
    return {
        "pairs": len(tallies),
        "n": n,
        "recall": round(share, 4),
        "recall_95": [round(low, 3), round(high, 3)],
        "worst_recall": round(min(t.found / t.implanted for t in tallies), 3),
        "false_per_10k_px": round(
            1e4 * sum(t.false for t in tallies) / sum(t.searched_px for t in tallies), 3
        ),
        "worst_false_per_10k_px": round(max(rates), 3),
        "areas_per_10k_px": round(
            1e4 * sum(t.areas for t in tallies) / sum(t.searched_px for t in tallies), 2
        ),
    }


def roc_table(contrast: float, tallies: list[Tally]) -> str:
    """One table of counts as TOML."""
    found = [sum(s >= score for t in tallies for s in t.found_scores) for score in SCORES]
    false = [sum(s >= score for t in tallies for s in t.false_scores) for score in SCORES]
    return (
        "\n[[outline]]\n"
        f"contrast = {contrast}\nlow_px = 6.0\nhigh_px = 12.0\n"
        f"scores = {list(SCORES)}\nfound = {found}\n"
        f"implanted = {sum(t.implanted for t in tallies)}\nfalse = {false}\n"
        f"searched_px = {sum(t.searched_px for t in tallies)}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    folder = ROOT.parent / "shared" / "data" / "imagery"
    parser.add_argument("folder", type=Path, nargs="?", default=folder)
    parser.add_argument("--n", type=int, default=40, help="implants a pair")
    parser.add_argument("--contrast", type=float, default=2.0)
    parser.add_argument("--write", action="store_true", help="write imagery/change_roc.toml")
    args = parser.parse_args()
    pairs = pairs_of(args.folder)

    def run(contrast: float, *, only_held_out: bool = False) -> list[Tally]:
        rng = np.random.default_rng(0)
        out = []
        for pair, before, after, taken in pairs:
            if only_held_out and pair in CHOSEN:
                continue
            n = args.n if before.shape[0] > 500 else args.n // 2
            late, spots = implanted(after, taken, n, contrast, rng)
            out.append(tally(pair, before, drifted(late, after.pixels.dtype, rng), spots))
            t = out[-1]
            print(
                f"{pair[0]} {pair[1]}: {t.found}/{t.implanted} found, "
                f"{1e4 * t.false / t.searched_px:.2f} false and {1e4 * t.areas / t.searched_px:.1f}"
                f" areas per 10,000 px, aligned to {t.residual_px:.3f} px",
                flush=True,
            )
        return out

    tallies = run(args.contrast)
    rng = np.random.default_rng(1)
    same = pairs[0][1]
    noisy = drifted(same, same.pixels.dtype, rng)
    seasons = next((b, a) for pair, b, a, _ in pairs if pair == SEASONS)
    untouched = tally(SEASONS, *seasons, [])
    result = {
        "contrast": args.contrast,
        "chosen": summed([t for t in tallies if t.pair in CHOSEN]),
        "held_out": summed([t for t in tallies if t.pair not in CHOSEN]),
        "identical": {
            "patches": len(measured(same, same)[0].patches),
            "drifted_outlines": sum(p.kind == "outline" for p in measured(same, noisy)[0].patches),
            "drifted_areas": sum(p.kind == "area" for p in measured(same, noisy)[0].patches),
        },
        "seasons": {
            "pair": SEASONS,
            "false_per_10k_px": round(1e4 * untouched.false / untouched.searched_px, 3),
            "areas_per_10k_px": round(1e4 * untouched.areas / untouched.searched_px, 2),
        },
    }
    if args.write:
        names = ", ".join(f"{a}-{b}" for a, b in (t.pair for t in tallies) if (a, b) not in CHOSEN)
        text = (
            "# Counted by benchmarks/implanted.py --write; not to be edited.\n"
            f'provenance = "benchmarks/implanted.py, seed 0, {args.n} outlines a pair, '
            f'held-out pairs of NAIP and Landsat TM: {names}"\n'
        )
        for contrast in (1.0, 2.0, 3.0):
            text += roc_table(contrast, run(contrast, only_held_out=True))
        (ROOT / "imagery" / "change_roc.toml").write_text(text, encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
