"""Shifts are found to a twentieth of a pixel; what cannot be aligned is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imagery.errors import ChipError
from imagery.register import aligned, register
from imagery.resample import onto_grid
from tests.imagery.made_dates import Array, chip, fourier_moved, ground


@pytest.mark.parametrize(
    ("down", "right"), [(0.0, 0.0), (1 / 3, 0.0), (-0.25, 0.4), (3.4, -7.3), (-14.7, 11.2)]
)
def test_known_shift(down: float, right: float) -> None:
    pixels = ground()
    noise = np.random.default_rng(1).normal(size=pixels.shape)
    later = 1.3 * fourier_moved(pixels, down, right) - 20 + 2 * noise
    found = register(chip(pixels), chip(later))
    assert found.trusted
    assert found.why == ""
    assert found.down_px == pytest.approx(down, abs=0.05)
    assert found.right_px == pytest.approx(right, abs=0.05)
    assert found.residual_px < 0.05


def test_change_and_holes_do_not_move_it() -> None:
    pixels = ground()
    later = fourier_moved(pixels, 0.3, -0.2)
    later[:, 30:110, 50:150] = ground(seed=9)[:, 30:110, 50:150]
    mask = np.ones((200, 200), dtype=np.bool_)
    mask[120:160, 20:90] = False
    later[:, ~mask] = 0
    found = register(chip(pixels), chip(later, mask))
    assert found.trusted
    assert found.agreeing < found.blocks or found.blocks < 48
    assert (found.down_px, found.right_px) == pytest.approx((0.3, -0.2), abs=0.05)


def test_dates_that_share_nothing_are_refused() -> None:
    found = register(chip(ground(seed=1)), chip(ground(seed=2)))
    assert not found.trusted
    assert found.why
    with pytest.raises(ChipError, match="cannot be aligned"):
        aligned(chip(ground(seed=2)), found)


@pytest.mark.parametrize(
    "pixels", [np.zeros((1, 200, 200)), np.full((2, 200, 200), 7.0)], ids=["empty", "flat"]
)
def test_blank_dates_are_refused(pixels: Array) -> None:
    found = register(chip(ground(bands=len(pixels))), chip(pixels))
    assert not found.trusted
    assert "texture" in found.why


@pytest.mark.parametrize("side", [40, 64, 100])
def test_small_chips(side: int) -> None:
    late = fourier_moved(ground(), 0.3, 0.1)[:, :side, :side]
    found = register(chip(ground()[:, :side, :side]), chip(late))
    assert found.trusted
    assert (found.down_px, found.right_px) == pytest.approx((0.3, 0.1), abs=0.08)


def test_too_few_pixels() -> None:
    mask = np.zeros((200, 200), dtype=np.bool_)
    mask[:5, :5] = True
    found = register(chip(ground()), chip(ground(), mask))
    assert not found.trusted
    assert "too few" in found.why


def test_other_size_or_system() -> None:
    with pytest.raises(ChipError, match="onto_grid"):
        register(chip(ground()), chip(ground(side=180)))
    with pytest.raises(ChipError, match="onto_grid"):
        register(chip(ground()), chip(ground(), crs="EPSG:32638"))


def test_aligned_undoes_the_shift_and_keeps_holes() -> None:
    pixels = ground()
    later = chip(np.rint(fourier_moved(pixels, 2.3, -1.6)).astype(np.uint8))
    hole = np.ones((200, 200), dtype=np.bool_)
    hole[60:80, 60:80] = False
    later = chip(np.where(hole, later.pixels, 0), hole)
    moved = aligned(later, register(chip(pixels), later))
    assert moved.pixels.dtype == np.uint8
    inner = np.s_[20:-20, 20:-20]
    seen = moved.mask[inner]
    off = np.abs(moved.pixels[:, *inner] - pixels[:, *inner])[:, seen]
    assert float(off.mean()) < 1.0
    # What the shift moved in from outside, and what a hole reaches, is a hole.
    assert not moved.mask[-2:].any()
    assert not moved.mask[:, :1].any()
    assert not moved.mask[59:77, 63:80].any()
    assert moved.coverage == pytest.approx(float(moved.mask.mean()))


def test_aligned_leaves_aligned_dates_alone() -> None:
    late = chip(ground())
    assert aligned(late, register(chip(ground()), late)) is late


def test_onto_another_grid() -> None:
    """A coarser grid, half outside: averages inside, holes outside."""
    fine = chip(np.full((1, 100, 100), 50, dtype=np.uint8))
    like = chip(np.zeros((1, 40, 40)), gsd_m=20.0, corner=(500_000.0 - 200, 3_700_000.0))
    moved = onto_grid(fine, like)
    assert moved.transform == like.transform
    assert moved.shape == like.shape
    assert (moved.pixels[0][moved.mask] == 50).all()
    assert not moved.mask[:, :10].any()
    assert moved.mask[5:30, 12:30].all()


def test_onto_a_grid_elsewhere() -> None:
    with pytest.raises(ChipError, match="do not overlap"):
        onto_grid(chip(ground()), chip(ground(), corner=(900_000.0, 3_000_000.0)))


def test_real_dates(shared_data: Path) -> None:
    """Two real dates: a known move of one changes the answer by just that move."""
    import rasterio

    folder = shared_data / "imagery" / "taizhou"
    with rasterio.open(folder / "2000TM") as early, rasterio.open(folder / "2003TM") as late:
        before, after = early.read().astype(float), late.read().astype(float)
    found = register(chip(before), chip(after))
    moved = register(chip(before), chip(fourier_moved(after, 1 / 3, -0.2)))
    assert found.trusted
    assert moved.trusted
    assert moved.down_px - found.down_px == pytest.approx(1 / 3, abs=0.05)
    assert moved.right_px - found.right_px == pytest.approx(-0.2, abs=0.05)
