from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from osint.belief import PointReading, from_points
from osint.constraints import Band, Cone, distance_tail_m, false_distance_probability
from osint.relation import Relation


def band(said_km: float, half_km: float, tail_km: float) -> Band:
    return Band(
        said_m=said_km * 1e3,
        low_m=(said_km - half_km) * 1e3,
        high_m=(said_km + half_km) * 1e3,
        tail_m=tail_km * 1e3,
    )


def plateau(x_km: float, low_km: float, high_km: float, tail_km: float) -> float:
    off = max(low_km - x_km, x_km - high_km, 0.0)
    return float(np.exp(-0.5 * (off / tail_km) ** 2))


def test_ratio_is_the_density_over_the_number_said_against_the_log_uniform_law() -> None:
    # By quadrature: p(said 20 | d) = plateau / integral, p_false(20) = 1 / (20 ln 1000).
    said = band(20, 2.5, 2.5)
    area, _ = quad(lambda m: plateau(m, 17.5, 22.5, 2.5), -50, 90, limit=200)
    for actual in (5.0, 15.0, 18.0, 20.0, 26.0):
        expected = plateau(actual, 17.5, 22.5, 2.5) / area * (20 * np.log(1000))
        assert said.ratio(actual * 1e3) == pytest.approx(expected, rel=1e-3)


def test_a_cell_is_averaged_and_not_read_at_its_centre() -> None:
    said = band(20, 2.5, 2.5)
    inside, _ = quad(lambda d: float(said.ratio(d * 1e3)), 22.0, 30.0, limit=200)
    assert said.ratio(26_000.0, 4_000.0) == pytest.approx(inside / 8.0, rel=1e-3)


@given(st.floats(1.5, 400), st.floats(0.05, 0.4))
def test_a_true_number_is_never_worse_than_a_far_one(said_km: float, share: float) -> None:
    said = band(said_km, said_km * share, said_km * share)
    assert said.ratio(said_km * 1e3) > 1
    assert said.ratio(said_km * 10e3) < 1e-3


def test_one_sided_bands_accept_everything_on_their_side() -> None:
    more = Band(said_m=20e3, low_m=20e3, high_m=None, tail_m=2e3)
    np.testing.assert_allclose(more.ratio([50e3, 500e3]), more.ratio(50e3))
    assert more.ratio(50e3) > 1 > more.ratio(5e3)
    assert more.decision_m() == (20e3, float("inf"))
    less = Band(said_m=20e3, low_m=None, high_m=20e3, tail_m=2e3)
    assert less.ratio(5e3) > 1 > less.ratio(60e3)


def test_decision_band_is_one_and_a_half_either_way_or_the_own_band_if_wider() -> None:
    low, high = band(20, 2.5, 2.5).decision_m()
    assert low == pytest.approx(20e3 / 1.5)
    assert high == pytest.approx(30e3)
    assert band(20, 15, 2.5).decision_m() == (5e3, 35e3)


def test_tails_at_the_judged_distances() -> None:
    judged = {20e3: 2.5e3, 70e3: 4e3, 130e3: 5e3}
    for said, tail in judged.items():
        assert distance_tail_m(said) == pytest.approx(tail, rel=0.03)


def test_cone_across_north_and_its_uniform_alternative() -> None:
    north = Cone.from_sector(315.0, 45.0)
    assert north.azimuth_deg == pytest.approx(0.0)
    assert north.ratio(350.0) == pytest.approx(float(north.ratio(10.0)))
    around = np.arange(0, 360, 0.25)
    # Averaged over a uniform bearing the ratio is 1: nothing is gained by saying a direction.
    assert float(north.ratio(around).mean()) == pytest.approx(1.0, rel=1e-3)


def test_false_law_is_log_uniform() -> None:
    assert false_distance_probability(1e3, 1e6) == pytest.approx(1.0)
    assert false_distance_probability(10e3, 100e3) == pytest.approx(1 / 3)
    assert false_distance_probability(5e3, 5e3) == 0.0


def test_ground_next_to_the_line_lies_in_the_band_from_zero() -> None:
    """A place that is as wide as the border is far: none of its ground is nearer than nothing."""
    line = np.array([[20.0, 39.0], [20.0, 41.0]])
    border = SimpleNamespace(lines=(line,), between=("AL", "GR"))
    claim = Relation(id="c", document="d", origin="o", reliability=0.8, a="town", border=border)
    for lon, extent_m, share in ((20.001, 1_000.0, 1.0), (20.0, 8_000.0, 0.5)):
        reading = PointReading(
            label="row", lon=lon, lat=40.0, extent_m=extent_m, uncertainty_m=0.0, weight=1.0
        )
        inside, _ = claim.inside(from_points([reading], elsewhere=0.02), None)
        assert inside == pytest.approx(share, abs=0.01)
