"""What a source of places answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gazetteer.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A place, the one of its names that has the key, and feature words left out to get there."""

    place: Place
    name: str
    generics: tuple[str, ...] = ()


class Source(Protocol):
    """Somewhere to look places up by key; a fake one takes ten lines."""

    def __len__(self) -> int:
        """How many places there are; in a large source weak keys meet by accident."""
        ...

    def lookup(self, *, fold_key: str = "", skeleton_key: str = "") -> tuple[Match, ...]:
        """Matches of either key (see ``names``), in the source's own order; none for no key."""
        ...
