"""What one sentence allows, as a likelihood ratio over positions.

Falsehood is modelled in the space of what was said. For a true claim, p(said | positions) is a
density over the number or bearing that was said, normalised over it; for a false one a stated
distance is log-uniform over 1 to 1,000 km, p = 1 / (m ln 1000), and a bearing uniform over the
circle. Every function here returns the ratio of the two, so that a place about which nothing is
known ("elsewhere") always has the ratio 1, however large a map is drawn around it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

FALSE_DISTANCE_RANGE_M = (1_000.0, 1_000_000.0)
_LOG_RANGE = float(np.log(FALSE_DISTANCE_RANGE_M[1] / FALSE_DISTANCE_RANGE_M[0]))
_LEAST_SHARE = float(np.log(2.0)) / _LOG_RANGE
_SQRT_2PI = float(np.sqrt(2 * np.pi))
# Tails are cut where they are below 1e-11.
_FAR_TAILS = 7.0
_NODES_PER_SIGMA = 1_000

# A bearing's tails, degrees: "northeast" is said of 70 deg often, of 90 deg seldom.
BEARING_TAIL_DEG = 10.0

# "On the border" is said of places within this distance of the line, metres, with a tail as wide.
ON_BORDER_M = 2_000.0

# Chance that a country or province named in error is right by accident: one in twenty, the number
# of countries in a part of the world, or of provinces in a country. From judgement.
AREA_CHANCE = 0.05


class AreaGeometry(Protocol):
    """What an area has to offer here."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def key(self) -> str:
        """Equal for two areas that are the same ground."""
        ...

    def share_inside(
        self, lon: ArrayLike, lat: ArrayLike, half_width_m: ArrayLike = 0.0, /
    ) -> FloatArray:
        """(n,) share of the ground around each position that lies in the area, 0 to 1."""
        ...


def distance_tail_m(said_m: float) -> float:
    """Standard deviation of the Gaussian tails beyond a stated distance's band, metres.

    What is added to a number's rounding by anchors that are not points and by paraphrase: 2.5 km
    at 20 km, 4 km at 70 km, 5 km at 130 km (a power law through these three judgements), never
    more than a quarter of the number.
    """
    return min(2_460.0 * float((said_m / 20_000.0) ** 0.375), said_m / 4)


def false_distance_probability(low_m: float, high_m: float) -> float:
    """Chance that a distance said in error lies in [low, high], metres."""
    first, last = FALSE_DISTANCE_RANGE_M
    low, high = min(max(low_m, first), last), min(max(high_m, first), last)
    return float(np.log(high / low)) / _LOG_RANGE if high > low else 0.0


def _plateau_integral(x: FloatArray, low: float, high: float, tail: float) -> FloatArray:
    """Integral from -inf to x of: 1 on [low, high], Gaussian tails of width ``tail`` outside."""
    below = _half_normal((low - np.minimum(x, low)) / tail)
    above = _half_normal((np.maximum(x, high) - high) / tail)
    scale = tail * _SQRT_2PI
    total: FloatArray = scale * (0.5 - below + above) + (np.clip(x, low, high) - low)
    return total


@cache
def _normal_table() -> FloatArray:
    """The normal distribution's mass between 0 and k / ``_NODES_PER_SIGMA`` deviations."""
    steps = range(int(_FAR_TAILS * 2) * _NODES_PER_SIGMA + 1)
    root = math.sqrt(2)
    return np.array([math.erf(k / _NODES_PER_SIGMA / root) / 2 for k in steps])


def _half_normal(deviations: FloatArray) -> FloatArray:
    """The normal distribution's mass between 0 and ``deviations`` >= 0, to 1e-7.

    From a table, linearly: at hand without the import of a large library at every start.
    """
    table = _normal_table()
    at = np.minimum(deviations * _NODES_PER_SIGMA, len(table) - 1.001)
    node = at.astype(np.int64)
    left = table[node]
    mass: FloatArray = left + (at - node) * (table[node + 1] - left)
    return mass


def _plateau_mean(
    x: FloatArray, half_width: FloatArray, low: float, high: float, tail: float
) -> FloatArray:
    """The plateau averaged over [x - half_width, x + half_width]: a cell is not its centre."""
    half = np.maximum(half_width, tail * 1e-3)
    # Most pairs of positions are nowhere near the band; their mean is zero without a calculation.
    near = (x + half > low - _FAR_TAILS * tail) & (x - half < high + _FAR_TAILS * tail)
    mean = np.zeros(x.shape)
    centre, width = x[near], half[near]
    upper = _plateau_integral(centre + width, low, high, tail)
    lower = _plateau_integral(centre - width, low, high, tail)
    mean[near] = (upper - lower) / (2 * width)
    return mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stated distance: a plateau from ``low_m`` to ``high_m`` with Gaussian tails.

    ``low_m`` None means "up to", ``high_m`` None "at least"; such a statement is an event, and its
    ratio is taken against the chance of that event under the false law.
    """

    said_m: float
    low_m: float | None
    high_m: float | None
    tail_m: float

    def __post_init__(self) -> None:
        if not (self.said_m > 0 and self.tail_m > 0):
            raise ValueError(f"a band needs a positive number and tail, got {self}")

    def ratio(self, distance_m: ArrayLike, half_width_m: ArrayLike = 0.0) -> FloatArray:
        """True-to-false likelihood ratio at actual distances, averaged over +-``half_width_m``."""
        d = np.asarray(distance_m, dtype=float)
        half = np.broadcast_to(np.asarray(half_width_m, dtype=float), d.shape)
        low, high = self._bounds()
        ratio: FloatArray = _plateau_mean(d, half, low, high, self.tail_m) / self.false_share()
        return ratio

    def false_share(self) -> float:
        """What the false law gives the statement: the ratio's denominator.

        Two-sided: the density 1 / (m ln 1000) of the number said, times the width over which a true
        statement spreads. One-sided: the chance of the event, tails included.
        """
        if self.low_m is not None and self.high_m is not None:
            width = (self.high_m - self.low_m) + self.tail_m * _SQRT_2PI
            return width / (self.said_m * _LOG_RANGE)
        low, high = self._bounds()
        said = np.geomspace(*FALSE_DISTANCE_RANGE_M, 4001)
        event = _plateau_mean(said, np.zeros_like(said), low, high, self.tail_m)
        # The false law says nothing of distances outside its range. A statement there ("less than
        # 5 m", "more than 2,000 km") is given no smaller a share than the law's own first or last
        # factor of two, so that it can never count for more than one at the range's edge.
        return float(np.clip(event.mean(), _LEAST_SHARE, 1.0 - _LEAST_SHARE))

    def _bounds(self) -> tuple[float, float]:
        """The band's ends; open ones stand far outside anything that can be said."""
        low = -1e9 if self.low_m is None else self.low_m
        high = 1e9 if self.high_m is None else self.high_m
        return low, high

    def decision_m(self) -> tuple[float, float]:
        """The decision band: claimed value times or over 1.5, or the own band if wider, metres."""
        if self.low_m is None:
            return 0.0, self.high_m or self.said_m
        if self.high_m is None:
            return self.low_m, float("inf")
        return min(self.said_m / 1.5, self.low_m), max(self.said_m * 1.5, self.high_m)

    def reach_m(self) -> tuple[float, float]:
        """Distances beyond which the ratio is negligible (four tails out), metres."""
        low = 0.0 if self.low_m is None else max(self.low_m - 4 * self.tail_m, 0.0)
        high = float("inf") if self.high_m is None else self.high_m + 4 * self.tail_m
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Cone:
    """A stated direction: azimuths within ``half_angle_deg`` of ``azimuth_deg``, with tails."""

    azimuth_deg: float
    half_angle_deg: float
    tail_deg: float = BEARING_TAIL_DEG

    def __post_init__(self) -> None:
        if not 0 < self.half_angle_deg <= 180:
            raise ValueError(f"a cone's half angle must be in (0, 180] deg, got {self}")

    @classmethod
    def from_sector(cls, low_deg: float, high_deg: float) -> Cone:
        """From a sector of azimuths clockwise from ``low_deg`` to ``high_deg``."""
        width = (high_deg - low_deg) % 360.0
        return cls(azimuth_deg=(low_deg + width / 2) % 360.0, half_angle_deg=width / 2 or 180.0)

    def _off_axis(self, azimuth_deg: ArrayLike) -> FloatArray:
        off: FloatArray = np.abs(
            (np.asarray(azimuth_deg, float) - self.azimuth_deg + 180) % 360 - 180
        )
        return off

    def ratio(self, azimuth_deg: ArrayLike, half_width_deg: ArrayLike = 0.0) -> FloatArray:
        """True-to-false likelihood ratio at actual azimuths, averaged over +-``half_width_deg``."""
        off = self._off_axis(azimuth_deg)
        half = np.broadcast_to(np.asarray(half_width_deg, dtype=float), off.shape)
        mean = _plateau_mean(
            off, np.minimum(half, 180.0), -self.half_angle_deg, self.half_angle_deg, self.tail_deg
        )
        ratio: FloatArray = mean / self.false_share()
        return ratio

    def false_share(self) -> float:
        """Share of the circle over which a true statement spreads, tails included."""
        return min(2 * self.half_angle_deg + self.tail_deg * _SQRT_2PI, 360.0) / 360.0

    def reaches(self, azimuth_deg: ArrayLike, half_width_deg: ArrayLike) -> NDArray[np.bool_]:
        """Whether azimuths lie within four tails of the cone, give or take ``half_width_deg``."""
        limit = self.half_angle_deg + 4 * self.tail_deg + np.asarray(half_width_deg, float)
        within: NDArray[np.bool_] = self._off_axis(azimuth_deg) <= limit
        return within

    def contains(self, azimuth_deg: ArrayLike) -> NDArray[np.bool_]:
        """Whether azimuths lie within the cone proper, tails left out."""
        inside: NDArray[np.bool_] = self._off_axis(azimuth_deg) <= self.half_angle_deg
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A stated area: the event "inside it".

    Attributes:
        area: the ground.
        chance: how often an area named in error holds the place by accident.
    """

    area: AreaGeometry
    chance: float

    def __post_init__(self) -> None:
        if not 0 < self.chance < 1:
            raise ValueError(f"the chance of an area must lie in (0, 1), got {self.chance}")

    @classmethod
    def of(cls, area: AreaGeometry, *, share_of_country: float = 1.0) -> Within:
        """From an area; ``share_of_country`` is below 1 for a part of one ("southern Syria").

        Who errs on a part is as often wrong about the country, then hitting the part is that much
        rarer, as about the part alone.
        """
        chance = AREA_CHANCE
        if share_of_country < 1.0:
            chance = share_of_country * (1.0 + AREA_CHANCE) / 2
        return cls(area=area, chance=chance)

    def inside(self, lon: FloatArray, lat: FloatArray, half_width_m: FloatArray) -> FloatArray:
        """(n,) share of each position's ground that lies in the area."""
        share: FloatArray = self.area.share_inside(lon, lat, half_width_m)
        return share

    def ratio(self, lon: FloatArray, lat: FloatArray, half_width_m: FloatArray) -> FloatArray:
        """(n,) true-to-false likelihood ratio at actual positions."""
        return self.inside(lon, lat, half_width_m) / self.chance


def on_border_ratio(distance_to_line_m: ArrayLike, half_width_m: ArrayLike = 0.0) -> FloatArray:
    """True-to-false likelihood ratio of "on the border" at actual distances from the line.

    The statement is the event "within ``ON_BORDER_M``"; said in error, the distance to the line is
    log-uniform like any other.
    """
    return _on_border_band().ratio(distance_to_line_m, half_width_m)


def on_border_share() -> float:
    """What the false law gives "on the border": that ratio's denominator."""
    return _on_border_band().false_share()


def _on_border_band() -> Band:
    return Band(said_m=ON_BORDER_M, low_m=None, high_m=ON_BORDER_M, tail_m=ON_BORDER_M)
