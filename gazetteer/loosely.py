"""Looking names up by keys that are not their own: by skeleton and by misspelling.

In a large source such keys meet by accident, so that short ones are not looked up there, and a
source that can chooses the likest of what it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from gazetteer.names import misreadings, slips
from gazetteer.sources.match import Match, Source

LEAST_SKELETON = 3
LARGE = 10_000
"""From how many places on a source is large."""
MOST_TYPOS = 30


@runtime_checkable
class Misspelt(Protocol):
    """What a source of places that finds misspelt names offers besides ``lookup``."""

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        """Matches of keys from one to ``edits`` edits off, nearest first."""
        ...

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", like: str = ""
    ) -> tuple[Match, ...]:
        """As ``Source.lookup``; of too many with a skeleton, those like the folded name."""
        ...


@runtime_checkable
class Choosing(Protocol):
    """What a source with many names of one skeleton offers, such as ``database.Database``."""

    def alike(self, skeleton_keys: Iterable[str], *, fold_key: str) -> tuple[Match, ...]:
        """Matches of any of the skeletons, the likest to the folded name first."""
        ...


def by_skeleton(
    source: Source, bones: str, like: str, *, least: int = LEAST_SKELETON
) -> tuple[Match, ...]:
    """Matches of a skeleton, none where it is so short that in a large source it says nothing.

    Args:
        source: where to look.
        bones: the skeleton.
        like: folded name by likeness to which a source may choose among too many.
        least: in a large source the fewest consonants that say something.
    """
    if not bones or (len(bones) < least and len(source) >= LARGE):
        return ()
    if isinstance(source, Choosing):
        return source.alike((bones,), fold_key=like)
    if isinstance(source, Misspelt):
        return source.lookup(skeleton_key=bones, like=like)
    return source.lookup(skeleton_key=bones)


def by_skeletons(
    source: Source, keys: Sequence[str], like: str, *, least: int = LEAST_SKELETON
) -> Iterator[tuple[Match, ...]]:
    """``by_skeleton`` of each of the keys, at once where the source can."""
    if isinstance(source, Choosing):
        long = [key for key in keys if len(key) >= least or (key and len(source) < LARGE)]
        if long:
            yield source.alike(long, fold_key=like)
        return
    for key in keys:
        yield by_skeleton(source, key, like, least=least)


def near_skeletons(readings: Sequence[str]) -> tuple[str, ...]:
    """Keys with a letter misread, left out or swapped, of the first of a name's skeletons."""
    return (*misreadings(readings[0]), *slips(readings[0])) if readings else ()
