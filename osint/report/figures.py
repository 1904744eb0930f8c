"""How far apart two places can be, drawn against what was claimed."""

from __future__ import annotations

import math
from collections.abc import Callable

from osint.report.claim_model import Distribution, JudgedClaim
from osint.report.labels import text_width
from osint.report.marks import CLAIM, INK, SOFT
from osint.report.svg import document, element, line, path_data, words
from osint.report.text import distance_text, exact_text, share_text, span_text

_WIDTH = 720.0
_LEFT, _RIGHT, _TOP, _FLOOR = 24.0, 696.0, 36.0, 190.0
_FILL = "#9db8d1"
_MOST_TICKS = 9
_LEAST_BAND_PX = 3.0
_WORTH_SAYING = 0.005

_Scale = Callable[[float], float]


def distance_svg(claim: JudgedClaim) -> str:
    """The distribution of a separation, the claimed band, the decision band and the 90 % interval.

    Returns an empty string for a claim without a distribution.
    """
    spread = claim.distribution
    if spread is None:
        return ""
    most_m = _axis_end_m(spread)

    def x(metres: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(metres, most_m) / most_m

    remarks = _remarks(spread, most_m)
    name = f"distance-{claim.id}".replace(".", "-").replace(":", "-")
    body = [
        *_claimed_band(spread, x, name),
        _steps(spread, x, most_m),
        *_axis(x, most_m),
        *_decision_band(spread, x),
        *_interval(spread, x),
        *remarks,
    ]
    return document(
        width=_WIDTH,
        height=_FLOOR + 90 + 16 * len(remarks),
        name=name,
        title=f"Distance between {claim.from_ or '?'} and {claim.to or '?'}",
        description=in_words(spread),
        body=body,
    )


def in_words(spread: Distribution) -> str:
    """What the figure shows, for those who do not see it."""
    parts = [f"Claimed: {span_text(spread.band_low_m, spread.band_high_m)}."]
    if spread.q05_m is not None and spread.q50_m is not None and spread.q95_m is not None:
        parts.append(
            f"The other evidence puts it at {distance_text(spread.q50_m)} (median), with 90 % "
            f"between {distance_text(spread.q05_m)} and {distance_text(spread.q95_m)}."
        )
    if spread.decision_low_m is not None or spread.decision_high_m is not None:
        parts.append(
            "The claim counts as right if the distance is "
            f"{span_text(spread.decision_low_m, spread.decision_high_m)}."
        )
    if spread.open > 0:
        parts.append(_open_words(spread))
    return " ".join(parts)


def _open_words(spread: Distribution) -> str:
    return (
        f"{share_text(spread.open)} of the probability is not placed on the map: one of the two "
        "may be somewhere that no evidence describes."
    )


def _axis_end_m(spread: Distribution) -> float:
    """Where the axis stops: beyond what was claimed and beyond 99 % of what was placed."""
    placed = math.fsum(spread.probability)
    reached, end = 0.0, spread.edges_m[-1]
    for share, edge in zip(spread.probability, spread.edges_m[1:], strict=True):
        reached += share
        if reached >= 0.99 * placed:
            end = edge
            break
    marks = (spread.band_low_m, spread.band_high_m, spread.decision_low_m, spread.decision_high_m)
    wide = (1.05 * mark for mark in (spread.q50_m, spread.q95_m) if mark is not None)
    shown = max(end, *(1.15 * mark for mark in marks if mark is not None), *wide, 1.0)
    step = _tick_step(shown)
    return math.ceil(shown / step) * step


def _tick_step(most_m: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that needs no more than nine ticks."""
    power = 10.0 ** math.floor(math.log10(most_m / _MOST_TICKS))
    return next(power * f for f in (1, 2, 5, 10) if most_m / (power * f) <= _MOST_TICKS)


def _steps(spread: Distribution, x: _Scale, most_m: float) -> str:
    """Filled steps whose area is probability: bins may differ in width."""
    bins = [
        (low, high, share / (high - low))
        for low, high, share in zip(
            spread.edges_m, spread.edges_m[1:], spread.probability, strict=False
        )
        if low < most_m
    ]
    peak = max((density for *_, density in bins), default=0.0)
    if not peak > 0:
        return ""
    points = [(x(bins[0][0]), _FLOOR)]
    for low, high, density in bins:
        y = _FLOOR - (_FLOOR - _TOP) * density / peak
        points += [(x(low), y), (x(high), y)]
    points.append((points[-1][0], _FLOOR))
    return element(
        "path",
        d=path_data(points, close=True),
        fill=_FILL,
        fill_opacity="0.75",
        stroke="#3f6a91",
        stroke_width="1.2",
    )


def _claimed_band(spread: Distribution, x: _Scale, name: str) -> list[str]:
    if spread.band_low_m is None and spread.band_high_m is None:
        return []
    left = x(spread.band_low_m or 0.0)
    right = x(spread.band_high_m) if spread.band_high_m is not None else _RIGHT
    if right - left < _LEAST_BAND_PX:
        left, right = (left + right - _LEAST_BAND_PX) / 2, (left + right + _LEAST_BAND_PX) / 2
    stripes = element(
        "pattern",
        line((0, 0), (0, 8), stroke=CLAIM, stroke_width="3", stroke_opacity="0.55"),
        id=f"{name}-stripes",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    text = f"claimed: {span_text(spread.band_low_m, spread.band_high_m)}"
    start = min(max((left + right) / 2 - text_width(text) / 2, _LEFT), _RIGHT - text_width(text))
    box = {"x": left, "y": _TOP - 10, "width": right - left, "height": _FLOOR - _TOP + 10}
    return [
        element("defs", stripes),
        element("rect", fill="#fbe3cf", **box),
        element("rect", fill=f"url(#{name}-stripes)", stroke=CLAIM, stroke_width="0.8", **box),
        words(start, _TOP - 16, text, fill=CLAIM, font_weight="600"),
    ]


def _axis(x: _Scale, most_m: float) -> list[str]:
    step = _tick_step(most_m)
    drawn = [line((_LEFT, _FLOOR), (_RIGHT, _FLOOR), stroke=INK, stroke_width="1")]
    for number in range(round(most_m / step) + 1):
        at = x(number * step)
        drawn.append(line((at, _FLOOR), (at, _FLOOR + 5), stroke=INK))
        label = exact_text(number * step) if number else "0"
        drawn.append(words(at, _FLOOR + 18, label, text_anchor="middle", fill=SOFT, font_size=11))
    return drawn


def _decision_band(spread: Distribution, x: _Scale) -> list[str]:
    if spread.decision_low_m is None and spread.decision_high_m is None:
        return []
    left = x(spread.decision_low_m or 0.0)
    right = x(spread.decision_high_m) if spread.decision_high_m is not None else _RIGHT
    text = f"counts as right: {span_text(spread.decision_low_m, spread.decision_high_m)}"
    y = _FLOOR + 68
    return [*_bracket(left, right, y), _beside(left, right, y, text)]


def _beside(left: float, right: float, y: float, text: str) -> str:
    """``text`` to the right of a bar, to its left if there is no room, else under its start."""
    width = text_width(text)
    if right + 10 + width <= _WIDTH:
        return words(right + 10, y + 4, text, fill=INK)
    if left - 10 - width >= 0:
        return words(left - 10 - width, y + 4, text, fill=INK)
    return words(max(left, _LEFT), y + 17, text, fill=INK)


def _bracket(left: float, right: float, y: float) -> list[str]:
    return [
        line((left, y), (right, y), stroke=INK, stroke_width="3"),
        line((left, y - 5), (left, y + 5), stroke=INK, stroke_width="1.5"),
        line((right, y - 5), (right, y + 5), stroke=INK, stroke_width="1.5"),
    ]


def _interval(spread: Distribution, x: _Scale) -> list[str]:
    if spread.q05_m is None or spread.q50_m is None or spread.q95_m is None:
        return []
    y = _FLOOR + 38
    middle, low, high = x(spread.q50_m), x(spread.q05_m), x(spread.q95_m)
    text = (
        f"median {distance_text(spread.q50_m)}, 90 % within "
        f"{distance_text(spread.q05_m)} to {distance_text(spread.q95_m)}"
    )
    return [
        line((low, y), (high, y), stroke=INK, stroke_width="1.5"),
        line((low, y - 5), (low, y + 5), stroke=INK, stroke_width="1.5"),
        line((high, y - 5), (high, y + 5), stroke=INK, stroke_width="1.5"),
        line((middle, _TOP), (middle, y), stroke=INK, stroke_width="1.5", stroke_dasharray="5 3"),
        element("circle", cx=middle, cy=y, r=4, fill=INK),
        _beside(low, high, y, text),
    ]


def _remarks(spread: Distribution, most_m: float) -> list[str]:
    beyond = max(0.0, 1 - spread.open - math.fsum(spread.probability))
    beyond += math.fsum(
        share
        for share, low in zip(spread.probability, spread.edges_m, strict=False)
        if low >= most_m
    )
    said = []
    if spread.open >= _WORTH_SAYING:
        said.append(f"{share_text(spread.open)} of the probability is not placed on the map.")
    if beyond >= _WORTH_SAYING:
        said.append(f"{share_text(beyond)} lies beyond the right edge.")
    return [words(_LEFT, _FLOOR + 100 + 16 * row, text, fill=INK) for row, text in enumerate(said)]
