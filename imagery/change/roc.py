"""Measured rates to a likelihood ratio: what a detection, or its absence, is worth.

``change_roc.toml`` holds what ``benchmarks/implanted.py --write`` counted on real pairs of dates:
how many outlines implanted at known contrast and size reached each score, and how many places
without one did. No number in it is typed by hand; a test refuses a table that counts cannot make.

The rates hold for ground like that of the pairs named in the table, and for outlines like those
implanted. They say nothing of whether a thing that was built left an outline of that contrast.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from imagery.errors import ChipError

_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Roc:
    """Counts at rising scores.

    Attributes:
        contrast: of the implanted outlines, in local standard deviations.
        low_px, high_px: their sizes.
        scores: thresholds, ascending; the first is the least that is reported at all.
        found: how many of the implanted outlines reached each score.
        implanted: how many there were.
        false: how many places without one reached each score.
        searched_px: pixels on which they were counted.
        provenance: which script, seed and data the counts are from.
    """

    contrast: float
    low_px: float
    high_px: float
    scores: tuple[float, ...]
    found: tuple[int, ...]
    implanted: int
    false: tuple[int, ...]
    searched_px: int
    provenance: str

    def __post_init__(self) -> None:
        same = len(self.scores) == len(self.found) == len(self.false) > 0
        if not same or self.implanted < 1 or self.searched_px < 1:
            raise ChipError("a table of measured rates needs counts for each of its scores")
        if any(b <= a for a, b in pairwise(self.scores)) or any(
            b > a for counts in (self.found, self.false) for a, b in pairwise(counts)
        ):
            raise ChipError("scores must rise, and counts cannot grow with them")
        if self.found[0] > self.implanted or min(*self.found, *self.false) < 0:
            raise ChipError("more found than implanted: the table of measured rates is damaged")

    def recall(self, score: float) -> float:
        """Share of the implanted outlines that reach a score (with half a count either way)."""
        return (self._at(self.found, score) + _HALF) / (self.implanted + 1)

    def false_per_px(self, score: float) -> float:
        """Places without an outline that reach a score, per pixel."""
        return (self._at(self.false, score) + _HALF) / self.searched_px

    def likelihood_ratio(self, score: float | None, searched_px: float) -> float:
        """How much more likely the best score in an area is if an outline stands in it.

        With recall t and false rate f per pixel at a score, an area of A pixels holds nothing that
        loud with chance exp(-f A) if nothing was built and (1 - t) exp(-f A) if it was. The ratio
        is that of the chances of the score's own interval of the table.

        Args:
            score: the best outline's score; None (or one below the table) for none reported.
            searched_px: how many pixels were searched for it: the claimed place with its
                uncertainty, not the single pixel where something turned up.

        Raises:
            ChipError: an area that is no positive number.
        """
        if not (math.isfinite(searched_px) and searched_px > 0):
            raise ChipError(f"an area of {searched_px} pixels cannot have been searched")
        if score is None or score < self.scores[0]:
            return 1.0 - self.recall(self.scores[0])
        index = bisect_right(self.scores, score) - 1
        low = self._silent(index, searched_px)
        # A last interval, or one no place was counted in, is taken with those below it.
        high = (1.0, 1.0)
        if index + 1 < len(self.scores):
            high = self._silent(index + 1, searched_px)
        built, absent = high[0] - low[0], high[1] - low[1]
        while built <= 0 or absent <= 0:
            if index == 0:
                return 1.0
            index -= 1
            low = self._silent(index, searched_px)
            built, absent = high[0] - low[0], high[1] - low[1]
        return built / absent

    def _silent(self, index: int, searched_px: float) -> tuple[float, float]:
        """The chances of nothing as loud as a threshold, with and without an outline."""
        score = self.scores[index]
        absent = math.exp(-self.false_per_px(score) * searched_px)
        return (1.0 - self.recall(score)) * absent, absent

    def _at(self, counts: tuple[int, ...], score: float) -> int:
        return counts[max(0, bisect_right(self.scores, score) - 1)]


def read_roc(path: Path | None = None, *, contrast: float = 2.0) -> Roc:
    """The table for one contrast, from a file or from what is shipped.

    Raises:
        ChipError: the file has no such table, or a damaged one.
    """
    return _parsed(path, contrast)


@cache
def _parsed(path: Path | None, contrast: float) -> Roc:
    source = files("imagery") / "change_roc.toml" if path is None else path
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
        table = next(t for t in tables["outline"] if t["contrast"] == contrast)
        return Roc(
            contrast=float(table["contrast"]),
            low_px=float(table["low_px"]),
            high_px=float(table["high_px"]),
            scores=tuple(float(s) for s in table["scores"]),
            found=tuple(int(n) for n in table["found"]),
            implanted=int(table["implanted"]),
            false=tuple(int(n) for n in table["false"]),
            searched_px=int(table["searched_px"]),
            provenance=str(tables["provenance"]),
        )
    except StopIteration:
        raise ChipError(
            f"no measured rates for a contrast of {contrast}; benchmarks/implanted.py --write "
            "counts them"
        ) from None
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ChipError(f"the table of measured rates cannot be used: {error}") from error
