"""New enclosures are found, stable ones and lone lines are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.ndimage import shift

from benchmarks.implanted import line
from imagery.change import change_map
from imagery.change.outlines import POINTS, TEMPLATES, outline_maps, outlines
from tests.imagery.made_dates import chip, ground

Array = npt.NDArray[Any]
SPOTS = ((50, 60), (60, 150), (140, 40), (150, 140))


def textured(seed: int) -> Array:
    return 100 + (ground(bands=3, seed=seed) - 100) * 0.4


def with_outlines(
    pixels: Array, *, square: bool, across: float, contrast: float, turn: float = 0.3
) -> Array:
    out = pixels.copy()
    shape = line(square, across, 1.5, turn, (0.2, -0.3))
    for row, col in SPOTS:
        window = slice(row - 12, row + 13), slice(col - 12, col + 13)
        spread = out[:, *window].std(axis=(1, 2))[:, None, None]
        out[:, *window] += contrast * spread * shape
    return out


def test_templates_stay_within_their_halo() -> None:
    assert all(len(t.points) == POINTS for t in TEMPLATES)
    assert max(abs(v) for t in TEMPLATES for p in t.points for v in p[1:]) <= 9


@pytest.mark.parametrize("square", [False, True])
@pytest.mark.parametrize("across", [6.0, 9.0, 12.0])
@pytest.mark.parametrize("contrast", [-3.0, 3.0])
def test_found_on_another_date(square: bool, across: float, contrast: float) -> None:
    """The later date has its own gain, noise and a third of a pixel of shift left in."""
    before = textured(0)
    after = with_outlines(before, square=square, across=across, contrast=contrast)
    rng = np.random.default_rng(1)
    after = np.stack([shift(b, (0.2, 0.25), mode="nearest") for b in after])
    after = 1.1 * after + 6 + rng.normal(0, 1, after.shape)
    found = change_map(chip(before), chip(after), kinds=("outline",)).patches
    for row, col in SPOTS:
        near = [p for p in found if abs(p.row - row) <= 3 and abs(p.col - col) <= 3]
        assert len(near) == 1
        assert near[0].brighter == (contrast > 0)
        assert near[0].length_m == pytest.approx(10 * across, abs=35)
    assert len(found) <= len(SPOTS) + 4


def test_what_stood_before_is_not_new() -> None:
    before = with_outlines(textured(0), square=True, across=9, contrast=3)
    rng = np.random.default_rng(1)
    after = 0.9 * before + 10 + rng.normal(0, 1, before.shape)
    assert change_map(chip(before), chip(after), kinds=("outline",)).patches == ()


def test_what_is_gone_is_not_new() -> None:
    before = with_outlines(textured(0), square=True, across=9, contrast=3)
    after = textured(0) + np.random.default_rng(1).normal(0, 1, before.shape)
    assert change_map(chip(before), chip(after), kinds=("outline",)).patches == ()


def test_a_new_road_is_no_enclosure() -> None:
    before, after = textured(0), textured(0)
    after[:, 99:101, :] += 60
    assert change_map(chip(before), chip(after), kinds=("outline",)).patches == ()


def test_an_outline_in_a_hole_is_not_seen() -> None:
    before = textured(0)
    after = with_outlines(before, square=False, across=9, contrast=3)
    mask = np.ones((200, 200), dtype=np.bool_)
    for row, col in SPOTS:
        mask[row - 8 : row + 9, col - 8 : col + 9] = False
    after[:, ~mask] = 0
    assert change_map(chip(before), chip(after, mask), kinds=("outline",)).patches == ()


def test_best_first_and_apart() -> None:
    before = textured(0)
    after = with_outlines(before, square=False, across=8, contrast=4)
    mask = np.ones((200, 200), dtype=np.bool_)
    found = outlines(outline_maps(before, after, mask), 0.5, mask)
    scores = [o.score for o in found]
    assert scores == sorted(scores, reverse=True)
    for i, one in enumerate(found):
        assert all(max(abs(one.row - o.row), abs(one.col - o.col)) > 7 for o in found[:i])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_the_type_does_not_matter(dtype: type) -> None:
    before = textured(0)
    after = with_outlines(before, square=True, across=10, contrast=3)
    scale = 1.0 if dtype is np.uint8 else 30.0
    pair = [
        chip((np.rint(p * scale) if np.issubdtype(dtype, np.integer) else p * 1e-4).astype(dtype))
        for p in (before, after)
    ]
    found = change_map(*pair, kinds=("outline",)).patches
    assert {(round(p.row, -1), round(p.col, -1)) for p in found} >= set(SPOTS)
