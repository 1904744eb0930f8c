"""Characters that nobody sees: they hide a name from every comparison and show nothing.

Zero-width spaces, soft hyphens and direction marks come with text pasted out of editors, and now
and then on purpose. Joiners (U+200C, U+200D) stay: Persian and emoji need them.
"""

from __future__ import annotations

from typing import NamedTuple

_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff"
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)


class Seen(NamedTuple):
    """A text without its invisible characters, and a note of how many there were."""

    text: str
    notes: tuple[str, ...]


def without_invisible(text: str) -> Seen:
    """``text`` as a reader sees it."""
    # A byte order mark at the start is no character of the text.
    whole = text.removeprefix("\ufeff")
    if whole.isascii():
        return Seen(whole, ())
    seen = whole.translate(_INVISIBLE)
    count = len(whole) - len(seen)
    if not count:
        return Seen(seen, ())
    noun = "character" if count == 1 else "characters"
    return Seen(seen, (f"{count} invisible {noun} (zero-width or direction marks) were left out.",))


def collapsed(text: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def words(text: str) -> frozenset[str]:
    """A set of words written as one line of text."""
    return frozenset(text.split())
