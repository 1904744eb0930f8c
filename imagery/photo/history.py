"""What was done to a file, step by step, as the file itself tells it.

Editors that keep a history write it of their own accord; one that is missing means nothing, and one
that is there can be cut short or made up.
"""

from __future__ import annotations

from collections.abc import Iterable

_MOST_STEPS = 60
_MOST_STEP = 300


def step_of(*, action: str, when: str, software: str, changed: str) -> str:
    """One step in words ("saved, 2017-06-12T10:00:00+02:00, Adobe Photoshop CS6, /metadata").

    Empty parts are left out; nothing at all gives "".
    """
    # "/" says that everything may have changed, which is no news.
    said = (action, when, software, changed if changed != "/" else "")
    parts = (" ".join(part.split()) for part in said)
    return ", ".join(part for part in parts if part)[:_MOST_STEP]


def editing_of(*histories: Iterable[str]) -> tuple[str, ...]:
    """The steps of several histories (XMP, then content credentials), each once, at most 60."""
    steps = dict.fromkeys(step for history in histories for step in history if step)
    return tuple(steps)[:_MOST_STEPS]
