"""A small map of where photos say they were taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from osint.report.frame import METRES_PER_DEGREE, Frame
from osint.report.furniture import furniture, graticule
from osint.report.marks import COLOURS
from osint.report.svg import document, element, titled, words

_WIDTH, _HEIGHT = 960.0, 480.0
_LEAST_SPAN_M = 2_000.0
_MARGIN = 1.25
# Photos closer than this on the page share a dot.
_CELL_PX = 26.0
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A photo by its number on the sheet, and its position in degrees."""

    number: int
    lon: float
    lat: float


def map_of(dots: Sequence[Dot]) -> str:
    """An SVG of all dots, at least one, numbered and linked to their cards."""
    frame = _frame(dots)
    cells: dict[tuple[int, int], list[Dot]] = {}
    for dot in dots:
        x, y = frame.xy((dot.lon, dot.lat))
        cells.setdefault((int(x // _CELL_PX), int(y // _CELL_PX)), []).append(dot)
    body = [*graticule(frame), *(_drawn(group, frame) for group in cells.values())]
    return document(
        width=_WIDTH,
        height=_HEIGHT,
        name="map",
        title="Where the photos say they were taken",
        description=f"{len(dots)} positions as the files state them, numbered as the cards",
        body=[*body, *furniture(frame)],
    )


def _frame(dots: Sequence[Dot]) -> Frame:
    west = _west([dot.lon for dot in dots])
    east_of = [(dot.lon - west) % 360 for dot in dots]
    south, north = min(dot.lat for dot in dots), max(dot.lat for dot in dots)
    lat = (south + north) / 2
    least = _LEAST_SPAN_M / METRES_PER_DEGREE
    wide = max(max(east_of) * math.cos(math.radians(lat)), least) * _MARGIN
    high = max(north - south, least) * _MARGIN
    return Frame(
        lon=(west + max(east_of) / 2 + 180) % 360 - 180,
        lat=lat,
        px_per_degree=min(_WIDTH / wide, _HEIGHT / high),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _west(lons: Sequence[float]) -> float:
    """The longitude from which all others lie east within the smallest span."""
    ordered = sorted({lon % 360 for lon in lons})
    gaps = [
        ((after - before) % 360 or 360, after)
        for before, after in zip(ordered, [*ordered[1:], ordered[0]], strict=True)
    ]
    return max(gaps)[1]


def _drawn(group: Sequence[Dot], frame: Frame) -> str:
    x = sum(frame.xy((dot.lon, dot.lat))[0] for dot in group) / len(group)
    y = sum(frame.xy((dot.lon, dot.lat))[1] for dot in group) / len(group)
    numbers = ", ".join(str(dot.number) for dot in group[:_MOST_NAMED])
    more = f" and {len(group) - _MOST_NAMED} more" if len(group) > _MOST_NAMED else ""
    text = str(group[0].number) if len(group) == 1 else f"{len(group)}\u00d7"
    circle = element("circle", cx=x, cy=y, r=11.0, fill=COLOURS[0], stroke="#fff")
    label = words(x, y + 4, text, fill="#fff", font_size=10, text_anchor="middle")
    return element(
        "a", titled(f"photo {numbers}{more}") + circle + label, href=f"#p{group[0].number}"
    )
