"""What every format offers to the exporter, and what is noted while a file is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from gazetteer.database.place_rows import Stored
from gazetteer.export.rows import StoredRow


@dataclass(slots=True)
class Told:
    """Notes taken on the way.

    Attributes:
        losses: what the format could not say, in words that follow a number, and how often.
        used: sources of the places written so far, by key.
    """

    losses: Counter[str] = field(default_factory=Counter)
    used: dict[str, Stored] = field(default_factory=dict)


class Format(Protocol):
    """A file being written; ``close`` ends it properly, also when nothing was written."""

    def write(self, rows: Iterable[StoredRow]) -> None:
        """Write some more places."""
        ...

    def close(self) -> None:
        """Write what belongs at the end."""
        ...
