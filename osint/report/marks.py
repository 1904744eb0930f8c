"""The signs of the map: one per place, one for a photo."""

from __future__ import annotations

from osint.report.svg import element, path_data

# Distinct for the common kinds of colour blindness and in print; shapes differ as well.
COLOURS = ("#1b5e9b", "#b8500b", "#6b3fa0", "#1f7a4d", "#a3286b", "#6b5416")
CLAIM = "#a84a00"
STATED = "#4f5b67"
BORDER = "#3a3a3a"
INK = "#1d2733"
SOFT = "#5b6673"
_LEAST_WEIGHT = 0.05


def marker(shape: int, x: float, y: float, colour: str, *, weight: float | None = None) -> str:
    """The sign of a place's reading: circle, square, triangle or diamond; paler if unlikely."""
    look = {
        "fill": colour,
        "stroke": "#fff",
        "stroke_width": "1.5",
        "fill_opacity": "1" if weight is None or weight >= _LEAST_WEIGHT else "0.45",
    }
    match shape % 4:
        case 0:
            return element("circle", cx=x, cy=y, r=5.5, **look)
        case 1:
            return element("rect", x=x - 5, y=y - 5, width=10.0, height=10.0, **look)
        case 2:
            corners = [(x, y - 6.5), (x + 6, y + 5), (x - 6, y + 5)]
        case _:
            corners = [(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)]
    return element("path", d=path_data(corners, close=True), **look)


def camera(x: float, y: float) -> str:
    """The sign of a photo's own position: a small camera."""
    body = element("rect", x=x - 8, y=y - 5, width=16.0, height=11.0, rx=2, fill=INK)
    lens = element("circle", cx=x, cy=y + 0.5, r=3.2, fill="#fff")
    top = element("rect", x=x - 3, y=y - 8, width=6.0, height=4.0, fill=INK)
    return element("g", body + top + lens)
