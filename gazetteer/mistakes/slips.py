"""Slips of the hand: from two numbers as written to the points they may have come from.

Each slip has a prior, which is judgement (all together about one point in a hundred; in 3,800
real records of incidents one in 200 was found wrong in nature), and each point that it leads back
to a share of it. A share includes how much the slip stretches the map (its Jacobian), so that
densities of points compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

Kind = Literal[
    "none",
    "elsewhere",
    "swapped",
    "wrong_sign",
    "shifted_point",
    "transposed_digits",
    "wrong_digit",
    "dms_as_decimal",
    "minutes_as_decimal",
    "cut_digits",
    "wrong_homonym",
    "centre_of_area",
    "zero",
]

PRIORS: MappingProxyType[Kind, float] = MappingProxyType(
    {
        "swapped": 0.002,
        "wrong_sign": 0.001,
        "shifted_point": 0.001,
        "transposed_digits": 0.001,
        "wrong_digit": 0.002,
        "dms_as_decimal": 0.001,
        "minutes_as_decimal": 0.001,
        "cut_digits": 0.003,
        "wrong_homonym": 0.004,
        "centre_of_area": 0.001,
        "zero": 0.001,
    }
)
"""Chance of each kind before a point is looked at."""

_DIGITS = 6
"""Digits from the first of a number that are looked at: the sixth is some hundred metres."""

_USUAL_DIGITS: dict[str, dict[int, float]] = {
    "dms_as_decimal": {4: 1.0, 5: 0.35, 6: 0.35},
    "minutes_as_decimal": {3: 0.7, 4: 0.5, 5: 1.0, 6: 0.6},
}
"""How usual so many decimals are: mmss is four, and minutes are given to a thousandth. Judgement;
it tells the two apart where both could be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One way back.

    Attributes:
        kind: what went wrong.
        lat, lon: degrees of the point that may have been meant.
        share: share of the kind's prior, times the stretch of the map.
        reason: what it is, in words.
    """

    kind: Kind
    lat: float
    lon: float
    share: float
    reason: str


def slips(lat: str, lon: str) -> Iterator[Slip]:
    """Every way back from two plain decimal numbers that ends on the globe.

    Args:
        lat: as written, digits kept.
        lon: likewise.
    """
    for found in _all(lat, lon):
        if abs(found.lat) <= 90 and abs(found.lon) <= 180:
            yield found


def _all(lat: str, lon: str) -> Iterator[Slip]:
    y, x = float(lat), float(lon)
    yield Slip(kind="swapped", lat=x, lon=y, share=0.9, reason="latitude and longitude swapped")
    yield Slip(
        kind="swapped", lat=-x, lon=y, share=0.03, reason="swapped, and a sign lost on the way"
    )
    yield Slip(
        kind="swapped", lat=x, lon=-y, share=0.03, reason="swapped, and a sign lost on the way"
    )
    for sy, sx, share, which in (
        (-1, 1, 0.45, "latitude"),
        (1, -1, 0.45, "longitude"),
        (-1, -1, 0.1, "both"),
    ):
        yield Slip(
            kind="wrong_sign",
            lat=sy * y,
            lon=sx * x,
            share=share,
            reason=f"the sign of {which} (the hemisphere) is wrong",
        )
    yield from _one_axis(lat, lon, "shifted_point", _shifts)
    yield from _one_axis(lat, lon, "transposed_digits", _transpositions)
    yield from _one_axis(lat, lon, "wrong_digit", _replacements)
    yield from _both_shifted(lat, lon)
    yield from _sexagesimal(lat, lon)


Alternatives = Callable[[str], Iterator[tuple[float, float, str]]]


def _one_axis(lat: str, lon: str, kind: Kind, ways: Alternatives) -> Iterator[Slip]:
    for value, share, why in ways(lat):
        yield Slip(
            kind=kind, lat=value, lon=float(lon), share=share / 2, reason=f"{why} in latitude"
        )
    for value, share, why in ways(lon):
        yield Slip(
            kind=kind, lat=float(lat), lon=value, share=share / 2, reason=f"{why} in longitude"
        )


_POWERS = ((1, 0.3), (-1, 0.3), (2, 0.05), (-2, 0.1), (-3, 0.05), (-4, 0.05), (-5, 0.05))


def _shifts(text: str) -> Iterator[tuple[float, float, str]]:
    for power, share in _POWERS:
        way = "left" if power > 0 else "right"
        yield (
            float(text) * 10.0**power,
            # A value typed ten times too small packs ten times the ground into a step.
            share * 10.0**power,
            f"the decimal point stands {abs(power)} too far to the {way}",
        )


def _both_shifted(lat: str, lon: str) -> Iterator[Slip]:
    for power, share in _POWERS:
        yield Slip(
            kind="shifted_point",
            lat=float(lat) * 10.0**power,
            lon=float(lon) * 10.0**power,
            share=share * 100.0**power / 4,
            reason=f"the decimal point stands {abs(power)} places off in both numbers",
        )


def _places(text: str) -> list[int]:
    return [at for at, char in enumerate(text) if char.isdigit()][:_DIGITS]


def _transpositions(text: str) -> Iterator[tuple[float, float, str]]:
    digits = _places(text)
    for first, second in pairwise(digits):
        if text[first] != text[second]:
            changed = list(text)
            changed[first], changed[second] = changed[second], changed[first]
            yield (
                float("".join(changed)),
                1 / max(len(digits) - 1, 1),
                f"the digits {text[first]} and {text[second]} changed places",
            )


def _replacements(text: str) -> Iterator[tuple[float, float, str]]:
    digits = _places(text)
    for at in digits:
        for digit in "0123456789":
            if digit == text[at]:
                continue
            share = 0.25 if abs(int(digit) - int(text[at])) == 1 else 0.07
            yield (
                float(text[:at] + digit + text[at + 1 :]),
                share / len(digits),
                f"digit {digits.index(at) + 1} is {text[at]} and should be {digit}",
            )


def _sexagesimal(lat: str, lon: str) -> Iterator[Slip]:
    dms, minutes = (_from_dms(lat), _from_dms(lon)), (_from_minutes(lat), _from_minutes(lon))
    # A minute is 1/60 where a hundredth was read, so that points spread over more ground.
    ways: tuple[tuple[Kind, tuple[float | None, float | None], float, str], ...] = (
        ("dms_as_decimal", dms, 100 / 36, "degrees, minutes and seconds typed as decimals"),
        ("minutes_as_decimal", minutes, 100 / 60, "degrees and minutes typed as decimals"),
    )
    longest = max(len(_split(text)[2]) for text in (lat, lon))
    for kind, (y, x), stretch, reason in ways:
        if y is not None and x is not None:
            share = 0.8 * stretch**2 * _USUAL_DIGITS[kind].get(longest, 0.2)
            yield Slip(kind=kind, lat=y, lon=x, share=share, reason=reason)
        if y is not None:
            yield Slip(
                kind=kind, lat=y, lon=float(lon), share=0.1 * stretch, reason=f"{reason}, latitude"
            )
        if x is not None:
            yield Slip(
                kind=kind, lat=float(lat), lon=x, share=0.1 * stretch, reason=f"{reason}, longitude"
            )
    joined = [_from_joined(text) for text in (lat, lon)]
    reason = "degrees and minutes run together (ddmm.mm)"
    for y, x, share in (
        (joined[0], joined[1], 0.5 / 3600),
        (joined[0], float(lon), 0.25 / 60),
        (float(lat), joined[1], 0.25 / 60),
    ):
        if y is not None and x is not None:
            yield Slip(kind="minutes_as_decimal", lat=y, lon=x, share=share, reason=reason)


def _from_dms(text: str) -> float | None:
    """33.5058 as 33 degrees 50 minutes 58 seconds; None where it cannot be."""
    sign, whole, rest = _split(text)
    if len(rest) < 3:
        return None
    rest = rest.ljust(4, "0")
    minutes, seconds = int(rest[:2]), float(f"{rest[2:4]}.{rest[4:] or 0}")
    if minutes >= 60 or seconds >= 60:
        return None
    return sign * (whole + minutes / 60 + seconds / 3600)


def _from_minutes(text: str) -> float | None:
    """33.50967 as 33 degrees 50.967 minutes."""
    sign, whole, rest = _split(text)
    if len(rest) < 2 or int(rest[:2]) >= 60:
        return None
    return sign * (whole + float(f"{rest[:2]}.{rest[2:] or 0}") / 60)


def _from_joined(text: str) -> float | None:
    """4239.00416 as 42 degrees 39.00416 minutes."""
    value = abs(float(text))
    if value < 100 or value % 100 >= 60:
        return None
    return (-1 if float(text) < 0 else 1) * (value // 100 + value % 100 / 60)


def _split(text: str) -> tuple[int, int, str]:
    whole, _, rest = text.lstrip("+-").partition(".")
    return (-1 if text.startswith("-") else 1), int(whole or 0), rest
