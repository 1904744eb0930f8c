"""Words that somebody wrote into a photo file: captions and places.

They are the captioner's claim, wherever in the file they stand, and no measurement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_MOST = 40
_MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Captions and named places, each once, in the order found."""

    captions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @classmethod
    def of(cls, *, captions: Iterable[str], places: Iterable[str]) -> Words:
        """Tidied: no padding, nothing empty or twice, at most 40 of each, of 2,000 characters."""
        return cls(captions=tidy(captions), places=tidy(places))

    def and_then(self, other: Words) -> Words:
        """These words, then those of another part of the file that are not the same."""
        return Words.of(
            captions=(*self.captions, *other.captions), places=(*self.places, *other.places)
        )


def tidy(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts without padding, nothing empty or twice, at most 40, of at most 2,000 characters."""
    clean = (" ".join(text.replace("\0", " ").split())[:_MOST_TEXT] for text in texts)
    return tuple(dict.fromkeys(text for text in clean if text))[:_MOST]
