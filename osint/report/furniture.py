"""What makes a drawing a map: grid, scale bar, north arrow, legend, and what lies outside it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from osint.report.frame import Frame, rough_distance_m
from osint.report.marks import BORDER, CLAIM, INK, SOFT, STATED, camera, marker
from osint.report.model import Report
from osint.report.svg import element, line, path_data, words
from osint.report.text import exact_text, position_text, shorten

# Whole degrees, then minutes that divide a degree.
_GRID_DEG = (30, 20, 10, 5, 2, 1, 1 / 2, 1 / 4, 1 / 6, 1 / 12, 1 / 30, 1 / 60)
_MOST_LINES = 7
_MOST_FAR = 8
_COLUMN, _ROW = 320.0, 22.0


def graticule(frame: Frame) -> list[str]:
    """Meridians and parallels at round values, labelled at the top and the left."""
    east = frame.width / frame.px_per_degree / math.cos(math.radians(frame.lat))
    up = frame.height / frame.px_per_degree
    drawn = []
    step = _grid_step(east)
    for number in range(
        math.ceil((frame.lon - east / 2) / step), math.floor((frame.lon + east / 2) / step) + 1
    ):
        x, _ = frame.xy((number * step, frame.lat))
        lon = (number * step + 180) % 360 - 180
        drawn.append(line((x, 0), (x, frame.height), stroke="#cfd4d8", stroke_width="0.7"))
        text = _degrees(lon, "E" if lon >= 0 else "W")
        drawn.append(words(x + 3, 12, text, fill=SOFT, font_size=10))
    step = _grid_step(up)
    for number in range(
        math.ceil((frame.lat - up / 2) / step), math.floor((frame.lat + up / 2) / step) + 1
    ):
        _, y = frame.xy((frame.lon, number * step))
        drawn.append(line((0, y), (frame.width, y), stroke="#cfd4d8", stroke_width="0.7"))
        text = _degrees(number * step, "N" if number >= 0 else "S")
        drawn.append(words(4, y - 3, text, fill=SOFT, font_size=10))
    return drawn


def _grid_step(span_deg: float) -> float:
    fitting = [step for step in _GRID_DEG if span_deg / step <= _MOST_LINES]
    return min(fitting, default=_GRID_DEG[0])


def _degrees(value: float, letter: str) -> str:
    minutes = round(abs(value) * 60)
    whole, rest = divmod(minutes, 60)
    return f"{whole}°{rest:02d}′{letter}" if rest else f"{whole}°{letter}"


def furniture(frame: Frame) -> list[str]:
    """The frame, the scale bar and the north arrow."""
    target_m = 150 / frame.px_per_metre
    power = 10.0 ** math.floor(math.log10(target_m))
    length_m = max(f * power for f in (1, 2, 5) if f * power <= target_m)
    left, y = 18.0, frame.height - 18
    right = left + length_m * frame.px_per_metre
    top = frame.width - 26
    return [
        element(
            "rect",
            x=0.5,
            y=0.5,
            width=frame.width - 1,
            height=frame.height - 1,
            fill="none",
            stroke=SOFT,
        ),
        element(
            "rect",
            x=left - 8,
            y=y - 24,
            width=right - left + 16,
            height=34.0,
            fill="#fff",
            fill_opacity="0.8",
        ),
        line((left, y), (right, y), stroke=INK, stroke_width="3"),
        line((left, y - 5), (left, y + 2), stroke=INK, stroke_width="1.5"),
        line((right, y - 5), (right, y + 2), stroke=INK, stroke_width="1.5"),
        words(left, y - 9, exact_text(length_m), fill=INK, font_weight="600"),
        element(
            "path",
            d=path_data([(top, 12), (top + 8, 38), (top, 32), (top - 8, 38)], close=True),
            fill=INK,
        ),
        words(top, 52, "N", fill=INK, font_weight="700", text_anchor="middle"),
    ]


def legend(report: Report, frame: Frame, colours: Mapping[str, str]) -> tuple[list[str], float]:
    """The key below the map, and the y where it ends."""
    items: list[tuple[str, str]] = []
    for number, place in enumerate(report.places):
        colour = colours[place.id]
        swatch = element(
            "rect",
            x=0,
            y=-11,
            width=26,
            height=14,
            fill=colour,
            fill_opacity="0.18",
            stroke=colour,
        )
        sign = swatch + marker(number, 13, -4, colour) if place.readings else swatch
        items.append((sign, shorten(place.name, 38)))
    if any(claim.distance_m for claim in report.claims):
        dashed = line((0, -4), (26, -4), stroke=CLAIM, stroke_width="2", stroke_dasharray="7 5")
        items.append((dashed, "distance claimed by the article"))
        items.append((line((0, -4), (26, -4), stroke=INK, stroke_width="1.6"), "claimed pair"))
    if any(c.radius_m and c.polarity == "affirmed" for c in report.claims):
        ground = element(
            "rect", x=0, y=-11, width=26, height=14, fill=CLAIM, fill_opacity="0.12", stroke="none"
        )
        items.append((ground, "zone claimed by the article"))
    if any(claim.distance_m for said in report.statements for claim in said.claims):
        dotted = line(
            (0, -4), (26, -4), stroke=STATED, stroke_width="1.6", stroke_dasharray="1.5 4"
        )
        items.append((dotted, "distance stated by others (s1, s2, …)"))
    if report.borders:
        dashes = line(
            (0, -4), (26, -4), stroke=BORDER, stroke_width="1.8", stroke_dasharray="9 3 2 3"
        )
        items.append((dashes, "border"))
    if any(photo.position for photo in report.photos):
        items.append((camera(13, -4), "where a photo says it was taken"))
    top = frame.height + 26
    drawn = []
    for number, (sign, text) in enumerate(items):
        row, column = divmod(number, 3)
        at = f"translate({14 + column * _COLUMN:.0f} {top + row * _ROW:.0f})"
        drawn.append(element("g", sign + words(36, 0, text, fill=INK), transform=at))
    rows = math.ceil(len(items) / 3)
    note = "Shaded areas hold 95 % of the probability; a paler sign is an unlikely reading."
    drawn.append(words(14, top + rows * _ROW, note, fill=SOFT, font_size=11))
    return drawn, top + rows * _ROW + 14


def far_list(report: Report, frame: Frame, top: float) -> tuple[list[str], float]:
    """Readings and photos outside the window, in words, and the y where the list ends."""
    outside: list[tuple[str, float, float]] = []
    for place in report.places:
        for reading in place.readings:
            if reading.lon is not None and reading.lat is not None:
                name = shorten(reading.name, 44)
                if reading.name != place.name:
                    name += f" (for “{shorten(place.name, 44)}”)"
                outside.append((name, reading.lon, reading.lat))
    outside += [
        (f"photo {shorten(photo.path, 60)}", photo.position.lon, photo.position.lat)
        for photo in report.photos
        if photo.position
    ]
    outside = [(name, lon, lat) for name, lon, lat in outside if not frame.shows((lon, lat))]
    if not outside:
        return [], top
    lines = ["Outside this map:"]
    for name, lon, lat in outside[:_MOST_FAR]:
        away_m = rough_distance_m((frame.lon, frame.lat), (lon, lat))
        lines.append(
            f"{name}, {position_text(lon=lon, lat=lat)}, {away_m / 1000:,.0f} km from the centre"
        )
    if len(outside) > _MOST_FAR:
        lines.append(f"and {len(outside) - _MOST_FAR} more, see Places and Photos")
    drawn = [
        words(14, top + 8 + 17 * row, text, fill=INK, font_weight=None if row else "600")
        for row, text in enumerate(lines)
    ]
    return drawn, top + 17 * len(lines) + 10
