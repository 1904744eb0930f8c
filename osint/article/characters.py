"""Characters that nobody sees: they hide a name from every comparison and show nothing.

Zero-width spaces, soft hyphens, direction marks and control characters come with text pasted out of
editors, and now and then on purpose. Joiners (U+200C, U+200D) stay: Persian and emoji need them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Control characters too, but for those that are white space.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
# What JSON and file names can hold and no text in UTF-8 can.
_SURROGATE = re.compile("[\ud800-\udfff]")


class Seen(NamedTuple):
    """A text without its invisible characters, and how many there were."""

    text: str
    left_out: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What a report says of it: nothing if there were none."""
        return note_of(self.left_out)


def note_of(left_out: int) -> tuple[str, ...]:
    """That so many invisible characters were left out; nothing if none were."""
    if not left_out:
        return ()
    noun = "character was" if left_out == 1 else "characters were"
    return (f"{left_out} invisible {noun} left out (zero-width, direction or control marks).",)


def shown(name: str) -> str:
    """A name from outside, a file's for instance, as one line that any file and screen can take."""
    return collapsed(without_invisible(name).text)


def without_invisible(text: str) -> Seen:
    """``text`` as a reader sees it; half a surrogate pair, which is no character, as U+FFFD."""
    # A byte order mark at the start is no character of the text.
    whole = text.removeprefix("\ufeff")
    seen, count = _INVISIBLE.subn("", _SURROGATE.sub("\ufffd", whole))
    return Seen(seen, count)


def collapsed(text: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def words(text: str) -> frozenset[str]:
    """A set of words written as one line of text."""
    return frozenset(text.split())
