"""Texts of a source made fit to store and to show.

A name out of a foreign file may hold control characters, marks that turn the direction of what
follows, and characters that nobody sees: a terminal obeys them, and two names that look the same
are two. They are taken out. Joiners stay where they join letters that need them, as in Persian.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 300
"""Longest name kept, in characters: what is longer is a sentence or a table gone wrong."""

DAMAGED = "\ufffd"
"""What stands for bytes that could not be read."""

_JOINERS = "\u200c\u200d"
_JOINED = re.compile(f"[{_JOINERS}]")
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_TAKEN_OUT = frozenset({"Cc", "Cf", "Cs"})


def clean(text: str) -> str:
    """A line of text without control, direction and invisible characters, single spaces between.

    Halves of surrogate pairs go too; line breaks and tabs become spaces.
    """
    if text.isprintable() and "  " not in text:
        # Of spaces only the plain one is printable.
        return text.strip(" ")
    kept = [
        " " if char in _SPACES else char
        for at, char in enumerate(text)
        if char in _SPACES
        or unicodedata.category(char) not in _TAKEN_OUT
        or (char in _JOINERS and _joins(text, at))
    ]
    return " ".join("".join(kept).split())


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands between letters of a script that is written with such."""
    if not 0 < at < len(text) - 1:
        return False
    before, after = text[at - 1], text[at + 1]
    return all(
        unicodedata.category(char)[0] in "LM" and ord(char) >= 0x0590 for char in (before, after)
    )
