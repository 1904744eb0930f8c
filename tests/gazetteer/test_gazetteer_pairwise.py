from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.geodesy import destinations, distance_to_lines_m, inverse
from gazetteer.pairwise import azimuth_matrix_deg, distance_matrix_m, line_distances_m

starts = st.tuples(st.floats(-180, 180), st.floats(-80, 80))


@settings(max_examples=60, deadline=None)
@given(starts, st.floats(100, 1_000_000), st.floats(0, 359.9))
def test_matrices_agree_with_the_exact_solution(
    start: tuple[float, float], distance: float, azimuth: float
) -> None:
    lon, lat = destinations(*start, azimuth, distance)
    if abs(float(lat)) > 85:
        return
    exact, towards = inverse(*start, lon, lat)
    found = distance_matrix_m([lon], [lat], [start[0]], [start[1]])[0, 0]
    assert abs(found - exact) <= 1e-3 * exact + 1.0
    bearing = azimuth_matrix_deg([lon], [lat], [start[0]], [start[1]])[0, 0]
    assert abs((bearing - towards + 180) % 360 - 180) <= 0.2


def test_shapes_and_order() -> None:
    distance = distance_matrix_m([0.0, 1.0, 2.0], [0.0, 0.0, 0.0], [0.0, 0.0], [0.0, 1.0])
    assert distance.shape == (3, 2)
    assert distance[0, 0] < 1.0 < distance[1, 0] < distance[2, 0]
    # From b towards a: a lies east of the first b.
    east = azimuth_matrix_deg([1.0], [0.0], [0.0], [0.0])
    assert east.shape == (1, 1)
    assert abs(east[0, 0] - 90.0) < 1e-6


def test_line_distances_near_the_line() -> None:
    line = np.array([[38.8, 33.4], [40.9, 34.4]])
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(38.5, 41.2, 200), rng.uniform(33.2, 34.6, 200)
    fast, exact = line_distances_m(lon, lat, [line]), distance_to_lines_m(lon, lat, [line])
    np.testing.assert_allclose(fast, exact, rtol=0.03, atol=150.0)
    assert np.isinf(line_distances_m(lon, lat, [])).all()


def test_lines_across_the_antimeridian() -> None:
    line = np.array([[179.5, 10.0], [-179.5, 10.0]])
    found = line_distances_m([180.0, -179.9], [10.1, 10.1], [line])
    np.testing.assert_allclose(found, 11_100.0, rtol=0.02)
