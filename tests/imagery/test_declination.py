"""Magnetic declination against the test values of another model, and the errors."""

from __future__ import annotations

from datetime import date

import pytest

from gazetteer.position import Position
from imagery.declination import magnetic_declination
from imagery.errors import ImageryError


@pytest.mark.parametrize(
    ("day", "lat", "lon", "told"),
    [
        # NOAA's test values of the World Magnetic Model 2025, at the ellipsoid. That model is
        # fitted to other data than the one used here; the two differ by some hundredths.
        (date(2025, 1, 1), 80.0, 0.0, 1.28),
        (date(2025, 1, 1), 0.0, 120.0, -0.16),
        (date(2025, 1, 1), -80.0, -120.0, 68.78),
        (date(2027, 7, 2), 80.0, 0.0, 2.59),
        (date(2027, 7, 2), 0.0, 120.0, -0.24),
        (date(2027, 7, 2), -80.0, -120.0, 68.49),
    ],
)
def test_published_values(day: date, lat: float, lon: float, told: float) -> None:
    found = magnetic_declination(Position(lon=lon, lat=lat), day)
    assert found.declination_deg == pytest.approx(told, abs=0.12)
    assert found.sigma_deg > 0.26


def test_the_field_moves_from_epoch_to_epoch_without_a_jump() -> None:
    place = Position(lon=38.6, lat=33.5)
    before = magnetic_declination(place, date(2014, 12, 31)).declination_deg
    after = magnetic_declination(place, date(2015, 1, 1)).declination_deg
    assert abs(after - before) < 0.01
    assert magnetic_declination(place, date(2029, 12, 30)).declination_deg > after


def test_the_south_pole_is_the_limit_of_its_surroundings() -> None:
    day = date(2020, 6, 1)
    at = magnetic_declination(Position(lon=0, lat=-90), day).declination_deg
    near = magnetic_declination(Position(lon=0, lat=-89.999), day).declination_deg
    assert at == pytest.approx(near, abs=0.01)


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2030, 1, 1)])
def test_years_without_a_model(day: date) -> None:
    with pytest.raises(ImageryError, match="give the declination"):
        magnetic_declination(Position(lon=0, lat=0), day)


def test_next_to_a_magnetic_pole() -> None:
    with pytest.raises(ImageryError, match="no use"):
        magnetic_declination(Position(lon=139.3, lat=85.8), date(2025, 1, 1))
