"""Counts become likelihood ratios that obey the laws of chance."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagery.change import Roc, read_roc
from imagery.change.outlines import OUTLINE_SCORE
from imagery.errors import ChipError

TABLE = Roc(
    contrast=2.0,
    low_px=6.0,
    high_px=12.0,
    scores=(0.7, 0.9, 1.1, 1.3),
    found=(95, 90, 70, 30),
    implanted=100,
    false=(300, 100, 20, 1),
    searched_px=1_000_000,
    provenance="made up",
)


def test_a_louder_outline_is_worth_more() -> None:
    ratios = [TABLE.likelihood_ratio(s, 2000) for s in (None, 0.8, 1.0, 1.2, 1.4)]
    assert ratios == sorted(ratios)
    assert ratios[0] < 0.1
    assert ratios[-1] > 10


def test_a_larger_area_is_worth_less() -> None:
    ratios = [TABLE.likelihood_ratio(1.2, px) for px in (100, 1000, 10_000, 100_000)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] == pytest.approx(1, abs=0.5)


@given(st.floats(1, 1e7))
def test_the_ratios_average_to_one_without_an_outline(searched_px: float) -> None:
    """The chances of all answers sum to 1 under either: E[LR | nothing built] = 1."""
    silent = [math.exp(-TABLE.false_per_px(s) * searched_px) for s in TABLE.scores] + [1.0]
    chances = [silent[0], *(b - a for a, b in pairwise(silent))]
    scores = [None, *TABLE.scores]
    total = sum(
        p * TABLE.likelihood_ratio(s, searched_px) for p, s in zip(chances, scores, strict=True)
    )
    assert total == pytest.approx(1, rel=0.02) or min(chances[1:]) < 1e-12


def test_the_shipped_table() -> None:
    for contrast in (1.0, 2.0, 3.0):
        roc = read_roc(contrast=contrast)
        assert roc.searched_px > 1_000_000
        assert "benchmarks/implanted.py" in roc.provenance
    assert read_roc(contrast=3.0).recall(OUTLINE_SCORE) > read_roc().recall(OUTLINE_SCORE)
    assert read_roc().recall(OUTLINE_SCORE) >= 0.85
    assert read_roc().false_per_px(OUTLINE_SCORE) <= 1e-4


def test_a_contrast_never_measured() -> None:
    with pytest.raises(ChipError, match="no measured rates"):
        read_roc(contrast=7.0)


@pytest.mark.parametrize(
    "text", ["", "outline = 3", "not toml [", '[[outline]]\ncontrast = 2.0\nscores = "x"']
)
def test_a_damaged_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChipError):
        read_roc(path)


@pytest.mark.parametrize(
    "change",
    [
        {"found": (95, 96, 70, 30)},
        {"false": (1, 2, 3, 4)},
        {"scores": (0.7, 0.7, 1.1, 1.3)},
        {"found": (101, 90, 70, 30)},
        {"implanted": 0},
        {"false": (300, 100)},
    ],
)
def test_counts_that_cannot_be(change: dict[str, object]) -> None:
    values = {name: getattr(TABLE, name) for name in Roc.__dataclass_fields__}
    with pytest.raises(ChipError):
        Roc(**{**values, **change})


@pytest.mark.parametrize("area", [0, -1, math.nan, math.inf])
def test_an_area_that_cannot_be(area: float) -> None:
    with pytest.raises(ChipError, match="cannot have been searched"):
        TABLE.likelihood_ratio(1.0, area)
