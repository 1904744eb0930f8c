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
        runs: key, number of the first and number of the last place, of places of one source that
            follow each other, counted from 1.
    """

    losses: Counter[str] = field(default_factory=Counter)
    used: dict[str, Stored] = field(default_factory=dict)
    runs: list[tuple[str, int, int]] = field(default_factory=list)

    def note(self, key: str, source: Stored, number: int) -> None:
        """The place with this number is of that source."""
        if self.runs and self.runs[-1][0] == key:
            self.runs[-1] = (key, self.runs[-1][1], number)
        else:
            self.runs.append((key, number, number))
            self.used.setdefault(key, source)


class Format(Protocol):
    """A file being written; ``close`` ends it properly, also when nothing was written."""

    def write(self, rows: Iterable[StoredRow]) -> None:
        """Write some more places."""
        ...

    def close(self) -> None:
        """Write what belongs at the end."""
        ...
