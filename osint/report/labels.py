"""Where a label finds room on a drawing: first come, first served, never on top of another."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_HEIGHT = 14.0
# Offsets from the anchor to the label's nearest corner or edge, in the order of preference: beside,
# above, below; then the same farther out.
_SPOTS = tuple(
    (dx * reach, dy * reach)
    for reach in (1.0, 2.2, 3.6)
    for dx, dy in ((9, 0), (-9, 0), (0, -10), (0, 10), (8, -8), (8, 8), (-8, -8), (-8, 8))
)


def text_width(text: str, size: float = 12.0) -> float:
    """Pixels that ``text`` takes in a common sans-serif, on the generous side."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return size * (0.56 * (len(text) - wide) + 1.05 * wide)


def overlap(a: Box, b: Box) -> float:
    """Area that two boxes share."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    return across * down if across > 0 and down > 0 else 0.0


@dataclass(slots=True)
class Labeller:
    """Finds places for labels inside ``frame``; remembers what is taken."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep labels off a marker."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def place(self, x: float, y: float, text: str, size: float = 12.0) -> tuple[float, float]:
        """Where the baseline of ``text`` starts near (x, y): a free spot, else the least bad."""
        width = text_width(text, size)
        best: tuple[float, Box] | None = None
        for rank, (dx, dy) in enumerate(_SPOTS):
            left = x + dx if dx > 0 else x + dx - width if dx < 0 else x - width / 2
            top = y + dy - (_HEIGHT if dy < 0 else 0 if dy > 0 else _HEIGHT / 2)
            # A label that would leave the drawing slides back in.
            left = min(max(left, self.frame[0] + 3), self.frame[2] - width - 3)
            top = min(max(top, self.frame[1] + 3), self.frame[3] - _HEIGHT - 3)
            box = (left, top, left + width, top + _HEIGHT)
            cost = sum(overlap(box, other) for other in self.taken) + 0.01 * rank
            if best is None or cost < best[0]:
                best = (cost, box)
            if cost < 1:
                break
        assert best is not None
        self.taken.append(best[1])
        return best[1][0], best[1][3] - 3
