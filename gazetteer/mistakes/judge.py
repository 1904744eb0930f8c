"""The explanations of a point, ranked: nothing wrong, elsewhere, or one of the slips.

Bayes' rule, plainly: the prior of an explanation times how likely it makes the numbers as written.
For a slip that can be taken back, that is the density of what is said at the point taken back. Four
lose the point: another place of the name, the centre of the area, zeros, and digits cut off; for
these the numbers' own likelihood counts, and the repair is where the gazetteer has the place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gazetteer.errors import PositionError
from gazetteer.geodesy import distance_m
from gazetteer.mistakes.said import Find, Fit, Reading, Said, heavy
from gazetteer.mistakes.slips import PRIORS, Kind, slips
from gazetteer.position import Position

SUSPICIOUS = 0.5
"""Probability from which a slip is named as the likely explanation."""

_MOST = 10
_SHARP_KM = 0.3
_CENTRE_KM = 0.5
_ZERO_PER_KM2 = 100.0
_AXIS_ZERO_PER_KM2 = 0.1
_SAME_NAME = 0.95
_SPOKEN_FOR = 3.0
_MEANT_ROUND = 0.02
_USUAL_DECIMALS = 4
_CUT_TO = 2
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One explanation of a point.

    Attributes:
        kind: "none" (it fits), "elsewhere" (no slip, but it is where no known place of the name
            is), or what went wrong, see ``slips.PRIORS``.
        repaired: the point that was meant; None for "none" and "elsewhere". Where the slip lost
            the point it is the gazetteer's, with the extent of the place as uncertainty.
        moved_m: from the point as written to there; None if the numbers are no point.
        away_m: from the point (repaired, if it is) to the place as the gazetteer has it.
        prior: chance of the kind before looking, from judgement.
        probability: chance after looking, among all explanations.
        reason: in words.
    """

    kind: Kind
    repaired: Position | None
    moved_m: float | None
    away_m: float | None
    prior: float
    probability: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All explanations of a point, most probable first; never empty."""

    hypotheses: tuple[Hypothesis, ...]

    @property
    def best(self) -> Hypothesis:
        """The most probable one."""
        return self.hypotheses[0]

    @property
    def suspicious(self) -> bool:
        """Whether a slip is the likely explanation."""
        harmless = self.best.kind in ("none", "elsewhere")
        return not harmless and self.best.probability >= SUSPICIOUS

    @property
    def nearest_m(self) -> float | None:
        """From the point as written to the place that explains it best; None if none is known."""
        own = [h.away_m for h in self.hypotheses if h.kind == "none"]
        return own[0] if own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    kind: Kind
    mass: float
    at: Position | None
    reason: str


def diagnose(*, lat: str | float, lon: str | float, said: Said, find: Find) -> Diagnosis:
    """What is likely wrong with a point, given what is said of its place.

    Args:
        lat: latitude in decimal degrees as written, out of range or not; text keeps its digits.
        lon: longitude, likewise.
        said: names and area of the place.
        find: a name to its candidates, best first, such as ``Gazetteer.find``.

    Raises:
        PositionError: a coordinate is no plain decimal number.
    """
    y, x = _plain(lat, "latitude"), _plain(lon, "longitude")
    fit = Fit(said, find)
    here = _position(float(y), float(x))
    weighed = list(_harmless(here, fit))
    weighed += _slipped(y, x, fit)
    weighed += _lost(y, x, here, fit)
    total = sum(one.mass for one in weighed)
    if total <= 0:
        return Diagnosis(
            hypotheses=(
                Hypothesis(
                    kind="elsewhere",
                    repaired=None,
                    moved_m=None,
                    away_m=None,
                    prior=1.0,
                    probability=1.0,
                    reason=f"{y}, {x} is no point, and no slip known here leads near what is said",
                ),
            )
        )
    merged: dict[tuple[Kind, float, float], _Weighed] = {}
    for one in weighed:
        key = (one.kind, one.at.lat if one.at else 0.0, one.at.lon if one.at else 0.0)
        if key not in merged or merged[key].mass < one.mass:
            merged[key] = one
    ranked = sorted(merged.values(), key=lambda one: -one.mass)
    kept = [one for number, one in enumerate(ranked) if number < _MOST or one.kind == "none"]
    return Diagnosis(hypotheses=tuple(_told(one, here, fit, total) for one in kept))


def _plain(value: str | float, axis: str) -> str:
    text = repr(value) if isinstance(value, float) else str(value).strip()
    if "e" in text and math.isfinite(float(value)):
        text = f"{float(value):.12f}".rstrip("0")
    if not re.fullmatch(r"[+-]?\d{1,9}(?:\.\d{0,15})?", text):
        raise PositionError(f"{axis} {value!r} is no plain decimal number; write it as 33.5058")
    return text


def _position(lat: float, lon: float) -> Position | None:
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    return Position(lon=lon, lat=lat)


def _harmless(here: Position | None, fit: Fit) -> Iterator[_Weighed]:
    if here is None:
        return
    lon, lat = np.array([here.lon]), np.array([here.lat])
    free = 1 - sum(PRIORS.values())
    yield _Weighed(kind="none", mass=free * float(fit.of_places(lon, lat)[0]), at=None, reason="")
    yield _Weighed(
        kind="elsewhere", mass=free * float(fit.of_elsewhere(lon, lat)[0]), at=None, reason=""
    )


def _slipped(lat: str, lon: str, fit: Fit) -> list[_Weighed]:
    ways = list(slips(lat, lon))
    density = fit.total(
        np.array([way.lon for way in ways], dtype=np.float64),
        np.array([way.lat for way in ways], dtype=np.float64),
    )
    return [
        _Weighed(
            kind=way.kind,
            mass=PRIORS[way.kind] * way.share * float(density[number]),
            at=at,
            reason=way.reason,
        )
        for number, way in enumerate(ways)
        if fit.in_reach(at := Position(lon=way.lon, lat=way.lat))
    ]


def _lost(lat: str, lon: str, here: Position | None, fit: Fit) -> Iterator[_Weighed]:
    """Slips after which the point cannot be had back from the numbers."""
    likeliest = fit.likeliest
    if here is None or likeliest is None:
        return
    yield from _zero(here, likeliest)
    yield from _homonym(here, fit)
    yield from _centre(here, fit, likeliest)
    yield from _cut(lat, lon, fit)


def _zero(here: Position, likeliest: Reading) -> Iterator[_Weighed]:
    axes = [abs(value) < 1e-3 for value in (here.lat, here.lon)]
    if any(axes):
        density = _ZERO_PER_KM2 if all(axes) else _AXIS_ZERO_PER_KM2
        yield _Weighed(
            kind="zero",
            mass=PRIORS["zero"] * density,
            at=_of(likeliest),
            reason="zero stands for a number that was missing",
        )


def _homonym(here: Position, fit: Fit) -> Iterator[_Weighed]:
    """Somebody looked the name up and took another place of it than the one meant."""
    for reading in fit.readings:
        if reading.score < _SAME_NAME * fit.readings[0].score:
            continue
        away = distance_m(here, reading.place.position) / 1000
        others = [r for r in fit.readings if r is not reading]
        if not others or away > 30 * _SHARP_KM:
            continue
        meant = others[0]
        # Without anything said that speaks for the other one there is no homonym error to see.
        if meant.weight * reading.named < _SPOKEN_FOR * reading.weight * meant.named:
            continue
        apart = distance_m(meant.place.position, reading.place.position) / 1000
        if apart < 5 * max(meant.spread_km, reading.spread_km):
            continue
        density = float(heavy(np.array([away]), _SHARP_KM)[0])
        chance = reading.named * (1 - reading.weight) * (1 - fit.unknown)
        name, area = reading.place.name, reading.place.admin1 or reading.place.country or "?"
        yield _Weighed(
            kind="wrong_homonym",
            mass=PRIORS["wrong_homonym"] * density * chance,
            at=_of(meant),
            reason=f"the point is that of another {name} ({area}), {away:.1f} km from it",
        )


def _centre(here: Position, fit: Fit, likeliest: Reading) -> Iterator[_Weighed]:
    """The centre of the area was written in place of the place."""
    for area in fit.areas:
        own = any(area.source_id == r.place.source_id for r in fit.readings if r.weight > 0.01)
        apart = distance_m(area.position, likeliest.place.position) / 1000
        if own or apart < 3 * likeliest.spread_km:
            continue
        away = distance_m(here, area.position) / 1000
        density = float(heavy(np.array([away]), _CENTRE_KM)[0]) / len(fit.areas)
        yield _Weighed(
            kind="centre_of_area",
            mass=PRIORS["centre_of_area"] * density,
            at=_of(likeliest),
            reason=f"the point is the centre of {area.name} ({area.kind}), {away:.1f} km from it",
        )


def _cut(lat: str, lon: str, fit: Fit) -> Iterator[_Weighed]:
    """Digits were cut off or rounded away; the place lies in the cell that is left.

    Numbers of few digits are rare by chance, but some people round on purpose.
    """
    kept = [len(text.partition(".")[2].rstrip("0")) for text in (lat, lon)]
    if min(kept) > _CUT_TO:
        return
    y, x = float(lat), float(lon)
    steps = [10.0**-places for places in kept]
    chance = math.prod(10.0 ** -max(_USUAL_DECIMALS - places, 0) for places in kept)
    cell_km2 = math.prod(step * 1.5 * _KM_PER_DEGREE for step in steps) * max(
        math.cos(math.radians(y)), 0.01
    )
    for reading in fit.readings:
        at = reading.place.position
        off = (abs(at.lat) - abs(y)) / steps[0], (abs(at.lon) - abs(x)) / steps[1]
        # As much again as the place itself is wide may stick out of the cell.
        slack = [reading.spread_km / _KM_PER_DEGREE / step for step in steps]
        if not all(-0.5 - s <= o <= 1 + s for o, s in zip(off, slack, strict=True)):
            continue
        if (at.lat < 0) != (y < 0) or (at.lon < 0) != (x < 0):
            continue
        ground = max(cell_km2, 2 * math.pi * reading.spread_km**2)
        yield _Weighed(
            kind="cut_digits",
            mass=PRIORS["cut_digits"]
            * (1 - fit.unknown)
            * reading.weight
            / ground
            * 0.3
            / max(chance, _MEANT_ROUND),
            at=_of(reading),
            reason=f"digits were cut off ({kept[0]} and {kept[1]} decimals are left)",
        )


def _of(reading: Reading) -> Position:
    at = reading.place.position
    return Position(
        lon=at.lon, lat=at.lat, uncertainty_m=max(reading.place.radius_m, reading.place.extent_m)
    )


def _told(one: _Weighed, here: Position | None, fit: Fit, total: float) -> Hypothesis:
    at = one.at or here
    nearest = fit.nearest(at) if at is not None else None
    reason = one.reason
    if nearest is not None:
        reading, away_m = nearest
        where = f"{reading.place.name} ({reading.place.admin1 or reading.place.country or '?'})"
        if one.kind == "none":
            reason = f"a point of {where}, {away_m / 1000:.1f} km from its own"
        elif one.kind == "elsewhere":
            reason = (
                f"no slip found; the best known reading, {where}, is {away_m / 1000:.0f} km off"
            )
        else:
            reason += f"; taken back it is {away_m / 1000:.1f} km from {where}"
    elif one.kind in ("none", "elsewhere"):
        reason = "no place of the name is known, and no slip found"
    return Hypothesis(
        kind=one.kind,
        repaired=one.at,
        moved_m=distance_m(here, one.at) if here is not None and one.at is not None else None,
        away_m=nearest[1] if nearest is not None else None,
        prior=PRIORS.get(one.kind, 1 - sum(PRIORS.values())),
        probability=one.mass / total,
        reason=reason,
    )
