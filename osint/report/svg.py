"""An SVG drawing as a list of elements; every attribute and every text is escaped on the way in."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from osint.report.text import visible

XY = tuple[float, float]
Attribute = str | float | int | None


def element(tag: str, content: str = "", /, **attributes: Attribute) -> str:
    """One element; ``content`` is markup.

    Attribute names have ``_`` for ``-``; None leaves an attribute out. Numbers are written with one
    decimal: a tenth of a pixel.
    """
    parts = [tag]
    for name, value in attributes.items():
        if value is None:
            continue
        written = f"{value:.1f}" if isinstance(value, float) else str(value)
        spelled = name.rstrip("_").replace("_", "-")
        parts.append(f'{spelled}="{escape(visible(written))}"')
    return f"<{' '.join(parts)}>{content}</{tag}>" if content else f"<{' '.join(parts)}/>"


def titled(title: str) -> str:
    """A ``<title>`` child: what a browser shows on hover and a screen reader reads."""
    return element("title", escape(visible(title)))


def words(x: float, y: float, text: str, **attributes: Attribute) -> str:
    """A line of text with its baseline at (x, y)."""
    return element("text", escape(visible(text)), x=x, y=y, **attributes)


def line(a: XY, b: XY, **attributes: Attribute) -> str:
    """A straight line."""
    return element("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1], **attributes)


def path_data(points: Iterable[XY], *, close: bool = False) -> str:
    """The ``d`` of a polyline through ``points``; steps under half a pixel are left out."""
    kept: list[XY] = []
    for x, y in points:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > 0.5:
            kept.append((x, y))
    if not kept:
        return ""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in kept) + ("Z" if close else "")


def polyline(points: Iterable[XY], **attributes: Attribute) -> str:
    """An open line through ``points``; empty for no points."""
    data = path_data(points)
    return element("path", d=data, **attributes) if data else ""


def document(
    *, width: float, height: float, name: str, title: str, description: str, body: Iterable[str]
) -> str:
    """A whole ``<svg>`` with title and description; ``name`` makes its ids unique in a page."""
    head = element("title", escape(visible(title)), id=f"{name}-title") + element(
        "desc", escape(visible(description)), id=f"{name}-desc"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'role="img" aria-labelledby="{name}-title {name}-desc" '
        f'font-family="system-ui, sans-serif" font-size="12">{head}{"".join(body)}</svg>'
    )
