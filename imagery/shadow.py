"""A shadow measured in a picture, and what it says of where the sun stood.

The length of an upright object's shadow over its height gives the sun's elevation, the shadow's
direction its azimuth. Both are measurements of a person looking at a picture, far less exact than
the sun's position itself, and their uncertainties decide what follows::

    tan(elevation) = 1 / ratio

    one standard deviation of the elevation, in quadrature, h the elevation
      of the ratio          sin(h)^2 * ratio_sigma         (radians)
      of the ground's slope cos(h)^2 * slope_sigma         along the shadow, 2 deg if not given
      of the object's lean  sin(h)^2 * lean_sigma          1 deg
      of the shadow's edge  0.15 deg                       the sun's disc is 0.53 deg wide

    one standard deviation of the azimuth, in quadrature
      of the direction in the picture    10 deg if not given
      of the camera's heading            10 deg if not given (compasses of phones)
      of magnetic declination            where the heading is magnetic, see ``declination``
      of the object's lean               tan(h) * lean_sigma

The first line follows from the formula above, the slope's and the lean's from shifting the tip of
the shadow; the defaults are from judgement. A share of 5 % of measurements is taken to be worth
nothing: the wrong shadow, a lamp's shadow, an object that is not upright.

``shadow_fit`` has the times, dates and places that fit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imagery.errors import ImageryError

Floats = npt.NDArray[np.float64]
FloatsLike = npt.ArrayLike

RATIO_SHARE = 0.10
"""One standard deviation of a ratio whose uncertainty is not given, as a share of it."""
DIRECTION_SIGMA_DEG = 10.0
"""One standard deviation of a direction read off a picture."""
HEADING_SIGMA_DEG = 10.0
"""One standard deviation of a camera's compass."""
SLOPE_SIGMA_DEG = 2.0
"""One standard deviation of the slope of ground that looks level."""
LEAN_SIGMA_DEG = 1.0
"""One standard deviation of the lean of an object that looks upright."""
BLUNDER_SHARE = 0.05
"""Share of measurements that say nothing of the sun."""
PENUMBRA_SIGMA_DEG = 0.15

LONGEST_RATIO = 60.0
"""Shadows longer than this come from a sun within a degree of the horizon: not measurable."""

_EARTH_RADIUS_M = 6_371_008.8
# Quantiles of chi squared with one and two degrees of freedom (Abramowitz and Stegun, 26.8).
_CHI2 = {0.95: (3.841, 5.991), 0.999: (10.828, 13.816)}
FITS, DOUBTFUL = 0.95, 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """One shadow as an analyst measured it: its ratio, its direction, or both.

    Attributes:
        ratio: length of the shadow along the ground over the height of the upright object.
        ratio_sigma: one standard deviation of it; None takes 10 %.
        azimuth_deg: where the shadow points, from the object's foot to the shadow's tip, clockwise
            from true north; see ``picture_azimuth`` for one measured in the picture.
        azimuth_sigma_deg: one standard deviation of it.
        slope_sigma_deg: of the ground along the shadow.
        lean_sigma_deg: of the object.

    Raises:
        ImageryError: nothing was measured, or a value is no measurement.
    """

    ratio: float | None = None
    ratio_sigma: float | None = None
    azimuth_deg: float | None = None
    azimuth_sigma_deg: float = DIRECTION_SIGMA_DEG
    slope_sigma_deg: float = SLOPE_SIGMA_DEG
    lean_sigma_deg: float = LEAN_SIGMA_DEG

    def __post_init__(self) -> None:
        if self.ratio is None and self.azimuth_deg is None:
            raise ImageryError("a shadow needs a length ratio or a direction; give at least one")
        if self.ratio is not None and not 0.0 <= self.ratio <= LONGEST_RATIO:
            raise ImageryError(
                f"a shadow of {self.ratio:g} times the object's height cannot be used; "
                f"give a ratio from 0 to {LONGEST_RATIO:g}"
            )
        for name, value, least, most in (
            ("ratio uncertainty", self.ratio_sigma, 0.0, LONGEST_RATIO),
            ("shadow direction", self.azimuth_deg, -360.0, 720.0),
            ("direction uncertainty", self.azimuth_sigma_deg, 0.1, 180.0),
            ("slope uncertainty", self.slope_sigma_deg, 0.0, 45.0),
            ("lean uncertainty", self.lean_sigma_deg, 0.0, 45.0),
        ):
            if value is not None and not least <= value <= most:
                raise ImageryError(f"a {name} of {value:g} is not within {least:g} to {most:g}")

    @property
    def sun_elevation_deg(self) -> float | None:
        """Elevation of the sun that throws such a shadow on level ground."""
        return None if self.ratio is None else math.degrees(math.atan2(1.0, self.ratio))

    @property
    def sun_azimuth_deg(self) -> float | None:
        """Azimuth of the sun opposite to the shadow, [0, 360)."""
        return None if self.azimuth_deg is None else (self.azimuth_deg + 180.0) % 360.0

    @property
    def elevation_sigma_deg(self) -> float | None:
        """One standard deviation of ``sun_elevation_deg``; see the module's table."""
        height = self.sun_elevation_deg
        if height is None or self.ratio is None:
            return None
        sine2 = math.sin(math.radians(height)) ** 2
        sigma = RATIO_SHARE * self.ratio if self.ratio_sigma is None else self.ratio_sigma
        return math.hypot(
            math.degrees(sine2 * sigma),
            (1.0 - sine2) * self.slope_sigma_deg,
            sine2 * self.lean_sigma_deg,
            PENUMBRA_SIGMA_DEG,
        )

    @property
    def measured(self) -> int:
        """How many quantities were measured, 1 or 2."""
        return (self.ratio is not None) + (self.azimuth_deg is not None)

    def misfit(
        self, *, azimuth_deg: FloatsLike, elevation_deg: FloatsLike, place_sigma_deg: float = 0.0
    ) -> Floats:
        """Squared deviations over their variances: chi squared of a sun at these positions.

        Args:
            azimuth_deg: the sun's.
            elevation_deg: its apparent elevation; the two broadcast.
            place_sigma_deg: how far the sun may stand elsewhere because the place is not known
                better, degrees; see ``sun_shift_deg``.

        Returns:
            The broadcast shape; infinite where the sun is down and throws no shadow.
        """
        azimuth = np.asarray(azimuth_deg, dtype=np.float64)
        height = np.asarray(elevation_deg, dtype=np.float64)
        total = np.zeros(np.broadcast_shapes(azimuth.shape, height.shape))
        sigma = self.elevation_sigma_deg
        measured = self.sun_elevation_deg
        if sigma is not None and measured is not None:
            total = total + (height - measured) ** 2 / (sigma**2 + place_sigma_deg**2)
        towards = self.sun_azimuth_deg
        if towards is not None:
            apart = np.mod(azimuth - towards + 180.0, 360.0) - 180.0
            total = total + apart**2 / self._azimuth_variance(height, place_sigma_deg)
        return np.where(height > 0.0, total, np.inf)

    def density(
        self,
        *,
        azimuth_deg: FloatsLike,
        elevation_deg: FloatsLike,
        place_sigma_deg: float = 0.0,
        blunder_share: float = BLUNDER_SHARE,
    ) -> Floats:
        """Probability density of this measurement under a sun at these positions.

        Per degree for each measured quantity; see ``misfit`` for the arguments. Ratios of it
        between suns are likelihood ratios. A blunder may be measured anywhere, so that it is 0
        only without any.
        """
        height = np.asarray(elevation_deg, dtype=np.float64)
        chi2 = self.misfit(
            azimuth_deg=azimuth_deg, elevation_deg=height, place_sigma_deg=place_sigma_deg
        )
        anywhere = 1.0
        scale: Floats = np.ones(())
        sigma = self.elevation_sigma_deg
        if sigma is not None:
            anywhere /= 90.0
            scale = scale / math.sqrt(2 * math.pi * (sigma**2 + place_sigma_deg**2))
        if self.azimuth_deg is not None:
            anywhere /= 360.0
            scale = scale / np.sqrt(2 * math.pi * self._azimuth_variance(height, place_sigma_deg))
        return np.asarray(
            (1.0 - blunder_share) * scale * np.exp(-0.5 * chi2) + blunder_share * anywhere
        )

    def limit(self, share: float = FITS) -> float:
        """Largest misfit of that share of right measurements: 0.95 or 0.999."""
        return _CHI2[share][self.measured - 1]

    def _azimuth_variance(self, height: Floats, place_sigma_deg: float) -> Floats:
        """Variance of the shadow's direction; a short shadow's is all but open."""
        steepness = np.tan(np.radians(np.clip(height, 0.0, 89.0)))
        lean = steepness * self.lean_sigma_deg
        # Towards the zenith a small displacement turns the azimuth far.
        place = place_sigma_deg * np.hypot(1.0, steepness)
        return np.asarray(np.minimum(self.azimuth_sigma_deg**2 + lean**2 + place**2, 180.0**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a measured elevation can tell apart.

    Attributes:
        distance_m: the displacement asked about.
        shift_deg: the largest change of the sun's elevation over it.
        sigma_deg: one standard deviation of the measurement.
        resolved: whether the change is at least twice that.
        least_distance_m: the shortest displacement that could be told at all.
    """

    distance_m: float
    shift_deg: float
    sigma_deg: float
    resolved: bool
    least_distance_m: float

    def __str__(self) -> str:
        return (
            f"{self.distance_m / 1000:,.0f} km change the sun's elevation by at most "
            f"{self.shift_deg:.2f} deg, measured here to {self.sigma_deg:.1f} deg: places less "
            f"than {self.least_distance_m / 1000:,.0f} km apart look alike"
        )


def picture_azimuth(
    *,
    direction_deg: float,
    heading_deg: float,
    declination_deg: float = 0.0,
    direction_sigma_deg: float = DIRECTION_SIGMA_DEG,
    heading_sigma_deg: float = HEADING_SIGMA_DEG,
    declination_sigma_deg: float = 0.0,
) -> tuple[float, float]:
    """Azimuth of a shadow whose direction was read off a picture, and one standard deviation.

    Args:
        direction_deg: direction of the shadow on the ground, from the object's foot to its tip,
            clockwise from where the camera looks: 0 away from it, 90 to the right, 180 towards it.
        heading_deg: where the camera looks, clockwise from north.
        declination_deg: of the compass, east positive, where the heading is magnetic; 0 where it is
            true.
        direction_sigma_deg: one standard deviation of the direction.
        heading_sigma_deg: one of the heading.
        declination_sigma_deg: one of the declination.

    Returns:
        Degrees clockwise from true north, [0, 360), and its standard deviation.

    Raises:
        ImageryError: a value is not finite or beyond two turns.
    """
    values = (direction_deg, heading_deg, declination_deg)
    if not all(abs(value) <= 720.0 for value in values):
        raise ImageryError("a direction or heading is no finite number of degrees within two turns")
    sigma = math.hypot(direction_sigma_deg, heading_sigma_deg, declination_sigma_deg)
    return sum(values) % 360.0, min(max(sigma, 0.1), 180.0)


def sun_shift_deg(distance_m: float) -> float:
    """How far the sun's elevation changes over a displacement at most: the arc of it, degrees."""
    return math.degrees(distance_m / _EARTH_RADIUS_M)


def resolves(distance_m: float, *, elevation_sigma_deg: float) -> Resolution:
    """Whether a measured elevation can tell two places apart that lie so far from each other.

    20 km change the sun's elevation by at most 0.18 degrees, and a shadow is seldom measured to
    better than 2: shadows test times and headings, not displacements of that size. "Can tell" means
    at least two standard deviations in the best case, of a displacement along the sun's azimuth.
    """
    shift = sun_shift_deg(distance_m)
    least = math.radians(2.0 * elevation_sigma_deg) * _EARTH_RADIUS_M
    return Resolution(
        distance_m=distance_m,
        shift_deg=shift,
        sigma_deg=elevation_sigma_deg,
        resolved=shift >= 2.0 * elevation_sigma_deg,
        least_distance_m=least,
    )
