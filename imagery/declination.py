"""How far a compass points beside true north: magnetic declination from 2000 to 2030.

The field is the International Geomagnetic Reference Field, 14th generation (IAGA, 2024,
doi:10.5281/zenodo.14012302), evaluated at the ellipsoid: spherical harmonics of degree 13, linear
between epochs. It is the field of the Earth's core; rocks nearby add some tenths of a degree, iron
in a car or a rifle any amount, so that an uncertainty goes with it.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from gazetteer.position import Position
from imagery.errors import ImageryError

_REFERENCE_KM = 6371.2
_EQUATOR_KM, _POLE_KM = 6378.137, 6356.752314245
_DEGREE = 13
# What observatories see beside such a model, rocks and storms: sqrt(0.26^2 + (5625 / H)^2) degrees,
# H the horizontal field in nT (Chulliat et al., World Magnetic Model 2020 technical report).
_SIGMA_DEG = 0.26
_SIGMA_OF_FIELD_DEG = 5_625.0
# Next to a magnetic pole a compass has no direction.
_LEAST_HORIZONTAL_NT = 2_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Declination:
    """Declination in degrees, east positive, and one standard deviation."""

    declination_deg: float
    sigma_deg: float


def magnetic_declination(place: Position, day: date) -> Declination:
    """Magnetic declination at sea level: to be added to a magnetic heading for a true one.

    Raises:
        ImageryError: the day is not in 2000 to 2029, or the place is so near to a magnetic pole
            that compasses are of no use.
    """
    year = day.year + (day.timetuple().tm_yday - 1) / 365.25
    north, east = _field_nt(place, year)
    horizontal = math.hypot(north, east)
    if horizontal < _LEAST_HORIZONTAL_NT:
        raise ImageryError(
            f"compasses are of no use at {place.lat:.1f}, {place.lon:.1f}, next to a magnetic "
            "pole; give a true heading"
        )
    return Declination(
        declination_deg=math.degrees(math.atan2(east, north)),
        sigma_deg=math.hypot(_SIGMA_DEG, _SIGMA_OF_FIELD_DEG / horizontal),
    )


def _field_nt(place: Position, year: float) -> tuple[float, float]:
    """The field's north and east components at the ellipsoid, nanotesla."""
    g, h = _coefficients(year)
    # Geocentric radius and latitude of a point on the ellipsoid.
    sine, cosine = math.sin(math.radians(place.lat)), math.cos(math.radians(place.lat))
    a2, b2 = _EQUATOR_KM**2, _POLE_KM**2
    normal = math.hypot(_EQUATOR_KM * cosine, _POLE_KM * sine)
    across, along = a2 / normal * cosine, b2 / normal * sine
    radius = math.hypot(across, along)
    # A hair beside the pole, where the east component is 0 / 0.
    colatitude = min(max(math.atan2(across, along), 1e-8), math.pi - 1e-8)
    p, dp = _legendre(colatitude)
    longitude = math.radians(place.lon)
    up = south = east = 0.0
    for n in range(1, _DEGREE + 1):
        scale = (_REFERENCE_KM / radius) ** (n + 2)
        for m in range(n + 1):
            cos_m, sin_m = math.cos(m * longitude), math.sin(m * longitude)
            along_m = g[n][m] * cos_m + h[n][m] * sin_m
            up += scale * (n + 1) * along_m * p[n][m]
            south -= scale * along_m * dp[n][m]
            east += scale * m * (g[n][m] * sin_m - h[n][m] * cos_m) * p[n][m]
    east /= math.sin(colatitude)
    # From the direction to the Earth's centre to the vertical of the ellipsoid.
    tilt = math.radians(place.lat) - (math.pi / 2 - colatitude)
    return -south * math.cos(tilt) - up * math.sin(tilt), east


def _legendre(colatitude: float) -> tuple[list[list[float]], list[list[float]]]:
    """Schmidt semi-normalised Legendre functions and their derivatives by colatitude."""
    cosine, sine = math.cos(colatitude), math.sin(colatitude)
    p = [[0.0] * (_DEGREE + 1) for _ in range(_DEGREE + 1)]
    dp = [[0.0] * (_DEGREE + 1) for _ in range(_DEGREE + 1)]
    p[0][0] = 1.0
    for n in range(1, _DEGREE + 1):
        for m in range(n + 1):
            if n == m:
                factor = 1.0 if n == 1 else math.sqrt(1.0 - 1.0 / (2 * n))
                p[n][n] = factor * sine * p[n - 1][n - 1]
                dp[n][n] = factor * (cosine * p[n - 1][n - 1] + sine * dp[n - 1][n - 1])
                continue
            root = math.sqrt(n * n - m * m)
            before = math.sqrt((n - 1) ** 2 - m * m) if n - 1 > m else 0.0
            older, older_d = (p[n - 2][m], dp[n - 2][m]) if n > 1 else (0.0, 0.0)
            p[n][m] = ((2 * n - 1) * cosine * p[n - 1][m] - before * older) / root
            dp[n][m] = (
                (2 * n - 1) * (cosine * dp[n - 1][m] - sine * p[n - 1][m]) - before * older_d
            ) / root
    return p, dp


def _coefficients(year: float) -> tuple[list[list[float]], list[list[float]]]:
    """Gauss coefficients g and h at a moment, by degree and order, nanotesla."""
    epochs, rows = _model()
    if not epochs[0] <= year < epochs[-1]:
        raise ImageryError(
            f"the magnetic field of {year:.0f} is not known here, only that of {epochs[0]:.0f} to "
            f"{epochs[-1] - 1:.0f}; give the declination"
        )
    at = next(i for i, epoch in enumerate(epochs[1:]) if year < epoch)
    share = (year - epochs[at]) / (epochs[at + 1] - epochs[at])
    tables = {kind: [[0.0] * (_DEGREE + 1) for _ in range(_DEGREE + 1)] for kind in "gh"}
    for n, m, kind, values in rows:
        tables[kind][n][m] = values[at] + share * (values[at + 1] - values[at])
    return tables["g"], tables["h"]


@cache
def _model() -> tuple[tuple[float, ...], tuple[tuple[int, int, str, tuple[float, ...]], ...]]:
    parsed = tomllib.loads(files("imagery").joinpath("igrf14.toml").read_text(encoding="utf-8"))
    rows = tuple((n, m, kind, tuple(values)) for n, m, kind, *values in parsed["coefficients"])
    return tuple(float(epoch) for epoch in parsed["epochs"]), rows
