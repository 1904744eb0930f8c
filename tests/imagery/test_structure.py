"""Made things score above bare ground, on one date and between two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imagery.chip import Chip
from imagery.errors import ChipError
from imagery.structure import structure_at, structure_change
from tests.imagery.made_dates import chip, ground


def bare(seed: int = 0) -> Chip:
    return chip(100 + (ground(side=160, bands=4, seed=seed) - 100) * 0.2)


def built(base: Chip, *, track: bool = False) -> Chip:
    """A square berm around (80, 80) and, if asked, a straight track from it to the edge."""
    pixels = base.pixels.copy()
    yard = np.zeros((160, 160), dtype=np.bool_)
    yard[74:87, 74:87] = True
    yard[75:86, 75:86] = False
    if track:
        yard[80, 87:] = True
    pixels[:, yard] += 25
    return replace(base, pixels=pixels)


def test_a_berm_appears() -> None:
    before = bare()
    found = structure_change(before, built(bare(seed=0)), row=80, col=80, radius_px=8)
    assert found.gain > 0.1
    assert found.after.enclosure > found.before.enclosure + 0.5
    assert found.after.straight > found.before.straight


def test_a_track_leads_in() -> None:
    without = structure_at(built(bare()), row=80, col=80, radius_px=8)
    with_one = structure_at(built(bare(), track=True), row=80, col=80, radius_px=8)
    assert with_one.tracks == without.tracks + 1


def test_same_date_gains_nothing() -> None:
    assert structure_change(bare(), bare(), row=80, col=80, radius_px=8).gain == 0.0


def test_disturbed_soil() -> None:
    pixels = bare().pixels.copy()
    pixels[:, 75:86, 75:86] += np.random.default_rng(0).normal(10, 8, (4, 11, 11))
    turned = structure_at(replace(bare(), pixels=pixels), row=80, col=80, radius_px=6)
    assert turned.disturbed > structure_at(bare(), row=80, col=80, radius_px=6).disturbed + 2


def test_built_index_needs_its_bands() -> None:
    assert structure_at(bare(), row=80, col=80, radius_px=8).built is None
    pixels = np.full((5, 160, 160), 0.3) + np.random.default_rng(0).normal(0, 0.01, (5, 160, 160))
    pixels[3:] += 0.15  # sand reflects most in the short-wave infrared
    pixels[3:, 74:87, 74:87] -= 0.15
    named = replace(chip(pixels), bands=("green", "red", "nir", "swir1", "swir2"))
    found = structure_at(named, row=80, col=80, radius_px=6)
    assert found.built is not None
    assert found.built > 3


@pytest.mark.parametrize(
    ("row", "col", "radius", "message"),
    [
        (80, 80, 2, "at least 3"),
        (80, 80, float("nan"), "at least 3"),
        (400, 80, 8, "outside"),
        (float("nan"), 80, 8, "outside"),
    ],
)
def test_places_that_make_no_sense(row: float, col: float, radius: float, message: str) -> None:
    with pytest.raises(ChipError, match=message):
        structure_at(bare(), row=row, col=col, radius_px=radius)


def test_a_hole_cannot_be_scored() -> None:
    mask = np.ones((160, 160), dtype=np.bool_)
    mask[70:91, 70:91] = False
    with pytest.raises(ChipError, match="pixels with data"):
        structure_at(chip(bare().pixels, mask), row=80, col=80, radius_px=8)
