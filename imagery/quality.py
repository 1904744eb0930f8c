"""What a chip may be used for: cloud, shadow, haze, saturation, coverage, date and resolution.

Three questions are kept apart. Can the ground be seen at all (coverage, cloud, haze, saturation)?
Is it known to be of the right time (an undated picture shows the place, never the time)? Is a pixel
small enough for the thing in question? A base 100 m across is one pixel of 100 m, three of 30 m and
ten of 10 m: with fewer than ``LEAST_PIXELS`` the answer is "cannot tell", whatever the picture
seems to show; below ``OUTLINE_PIXELS`` that something changed can be told, but not its shape.

Cloud and shadow come from the scene's own mask where it has one (they are holes of the chip then).
What is estimated here is what the mask missed, from reflectances of named bands only; without them
it is None: not known, which is not "clear". Bright desert looks like thin cloud to any such test;
the estimate warns, and does not decide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from imagery.chip import Chip, Interval
from imagery.errors import ChipError
from imagery.resample import usable

Use = Literal["outline", "change", "context", "nothing"]
"""In falling order: the outline of the thing can be judged; that something changed there can be
told; the picture shows the place only; it shows nothing usable."""
When = Literal["before", "during", "after", "overlaps", "undated"]

LEAST_PIXELS = 3.0
OUTLINE_PIXELS = 6.0
LEAST_CLEAR = 0.5
MOST_SATURATED = 0.05
MOST_CLOUD = 0.3
MOST_HAZE = 0.08
LONG_GAP_DAYS = 730

_Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was found of one chip, and what follows.

    Attributes:
        coverage: share of pixels with data, 0 to 1.
        cloud: share of those that look like cloud the mask missed; None if it cannot be told.
        shadow: share that looks like cloud shadow or another deep one; None likewise.
        haze: reflectance of the darkest blue ground, which is mostly air; None likewise.
        saturated: share of pixels at the top of their range in any band.
        contrast: middle 90 percent of brightness over its median; near 0 nothing is seen.
        when: how the exposure lies to the time asked about.
        gap_days: days between the two; 0 if they touch, None if undated or not asked.
        gsd_m: ground size of a pixel.
        pixels_across: the object's size in pixels; None if none was named.
        use: the most that the chip may be used for.
        reasons: why not more, one line each; empty for "outline".
    """

    coverage: float
    cloud: float | None
    shadow: float | None
    haze: float | None
    saturated: float
    contrast: float
    when: When
    gap_days: int | None
    gsd_m: float
    pixels_across: float | None
    use: Use
    reasons: tuple[str, ...]


def assess(chip: Chip, *, object_m: float | None = None, when: Interval | None = None) -> Quality:
    """Judges a chip for an object of a size and a time.

    Args:
        chip: what is to be judged.
        object_m: size of the thing in question on the ground, its smaller side.
        when: the time in question; None if any dated exposure will do.

    Raises:
        ChipError: a size that is no positive number.
    """
    if object_m is not None and not (math.isfinite(object_m) and object_m > 0):
        raise ChipError(f"an object of {object_m} m has no size; give its smaller side in metres")
    seen = chip.mask & usable(chip.pixels)
    bands = _reflectances(chip, seen)
    cloud = _cloud(bands)
    shadow = _shadow(bands)
    haze = _haze(bands)
    saturated, contrast = _saturated(chip, seen), _contrast(chip, seen)
    relation, gap = _relation(chip.acquired, when)
    across = None if object_m is None else object_m / chip.gsd_m
    use: Use = "outline"
    reasons: list[str] = []

    def limit(to: Use, why: str) -> None:
        nonlocal use
        order = ("outline", "change", "context", "nothing")
        use = max(use, to, key=order.index)
        reasons.append(why)

    clear = float(seen.mean())
    if clear < LEAST_CLEAR:
        limit("nothing", f"only {clear:.0%} of it holds data ({LEAST_CLEAR:.0%} needed)")
    if contrast < 1e-3:
        limit("nothing", "it is blank: nothing in it differs from anything else")
    if saturated > MOST_SATURATED:
        limit("change", f"{saturated:.0%} of it is overexposed")
    if cloud is not None and cloud > MOST_CLOUD:
        limit("context", f"{cloud:.0%} of it looks like cloud or bright haze")
    if haze is not None and haze > MOST_HAZE:
        limit("change", f"haze: the darkest ground reflects {haze:.2f} in blue")
    if chip.acquired is None:
        limit("context", "its date is not known, so it says nothing of when")
    elif relation == "overlaps":
        limit(
            "context",
            f"it was taken between {chip.acquired[0]} and {chip.acquired[1]}, partly within and "
            "partly outside the time in question",
        )
    if across is not None and across < LEAST_PIXELS:
        limit(
            "context",
            f"cannot tell: {object_m:,.0f} m are {across:.1f} of its pixels of {chip.gsd_m:g} m "
            f"({LEAST_PIXELS:g} are needed)",
        )
    elif across is not None and across < OUTLINE_PIXELS:
        limit(
            "change",
            f"{object_m:,.0f} m are {across:.1f} of its pixels: change can be told, shape cannot",
        )
    if gap is not None and gap > LONG_GAP_DAYS:
        # No limit: what stood before a date stands out however long after, but much else changes.
        reasons.append(f"{gap} days lie between it and the time in question")
    return Quality(
        coverage=clear,
        cloud=cloud,
        shadow=shadow,
        haze=haze,
        saturated=saturated,
        contrast=contrast,
        when=relation,
        gap_days=gap,
        gsd_m=chip.gsd_m,
        pixels_across=across,
        use=use,
        reasons=tuple(reasons),
    )


def _relation(acquired: Interval | None, asked: Interval | None) -> tuple[When, int | None]:
    if acquired is None:
        return "undated", None
    if asked is None:
        return "during", None
    if acquired[1] < asked[0]:
        return "before", _days(acquired[1], asked[0])
    if acquired[0] > asked[1]:
        return "after", _days(asked[1], acquired[0])
    inside = asked[0] <= acquired[0] and acquired[1] <= asked[1]
    return ("during" if inside else "overlaps"), 0


def _days(first: date, last: date) -> int:
    return (last - first).days


def _reflectances(chip: Chip, seen: npt.NDArray[np.bool_]) -> dict[str, _Plane]:
    """Valid pixels of named bands, if they are reflectances: floats mostly between 0 and 1.5."""
    if not chip.bands or chip.pixels.dtype.kind != "f" or not seen.any():
        return {}
    named = {
        name.lower(): band[seen].astype(np.float32)
        for name, band in zip(chip.bands, chip.pixels, strict=True)
    }
    middle = [float(np.median(values)) for values in named.values()]
    return named if all(-0.1 <= m <= 1.5 for m in middle) and any(middle) else {}


def _cloud(bands: dict[str, _Plane]) -> float | None:
    """Bright, white and hazy pixels.

    The whiteness test and the haze-optimised transform of Fmask (Zhu and Woodcock, Remote Sensing
    of Environment 118, 2012, equations 2 and 3), and a brightness above what sand reaches in blue.
    """
    if not {"blue", "green", "red"} <= bands.keys():
        return None
    blue, green, red = bands["blue"], bands["green"], bands["red"]
    mean = (blue + green + red) / 3
    off = np.abs(blue - mean) + np.abs(green - mean) + np.abs(red - mean)
    white = off < 0.7 * np.maximum(mean, 1e-6)
    hazy = blue - 0.5 * red - 0.08 > 0
    return float((white & hazy & (blue > 0.3)).mean())


def _shadow(bands: dict[str, _Plane]) -> float | None:
    """Dry ground (greener than water is) with less than a third of the usual near infrared."""
    if not {"green", "nir"} <= bands.keys():
        return None
    green, nir = bands["green"], bands["nir"]
    dark = nir < np.median(nir) / 3
    water = green > nir
    return float((dark & ~water).mean())


def _haze(bands: dict[str, _Plane]) -> float | None:
    """The darkest blue (first percentile): surfaces reflect almost none of it, air does.

    Chavez' dark-object argument (Remote Sensing of Environment 24, 1988); on bare sand without any
    shadow it reads high, since there is no dark object.
    """
    if "blue" not in bands:
        return None
    return float(np.percentile(bands["blue"], 1))


def _saturated(chip: Chip, seen: npt.NDArray[np.bool_]) -> float:
    """Share of pixels with a band at the top of its type's range."""
    if chip.pixels.dtype.kind not in "iu" or not seen.any():
        return 0.0
    top = np.iinfo(chip.pixels.dtype).max
    return float((chip.pixels == top).any(axis=0)[seen].mean())


def _contrast(chip: Chip, seen: npt.NDArray[np.bool_]) -> float:
    """Middle 90 percent of the brightest-varying band over the median of its size."""
    if not seen.any():
        return 0.0
    best = 0.0
    for band in chip.pixels:
        values = band[seen].astype(np.float64)
        low, middle, high = np.percentile(values, [5, 50, 95])
        best = max(best, float((high - low) / max(abs(middle), 1e-12)))
    return best
