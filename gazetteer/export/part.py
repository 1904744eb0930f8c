"""One of the sources in an exported file, as a reader of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gazetteer.export.given import Whose
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.unpack import key_of

MOST_PARTS = 200
"""A file of more sources is not one of ours."""

NOBODY = "rows that name no source"


class Meter(Protocol):
    """How far a file has been read."""

    @property
    def size(self) -> int | None:
        """Bytes or rows in all, where known."""
        ...

    @property
    def done(self) -> int:
        """How many of those have been read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A ``Reader`` of the rows of one source.

    Attributes:
        provenance: whose they are.
        made: gives the rows.
        meter: of the file.
    """

    provenance: Provenance
    made: Callable[[], Iterator[Record | BadRow]]
    meter: Meter

    @property
    def size(self) -> int | None:
        """How far ``done`` will run."""
        return self.meter.size

    @property
    def done(self) -> int:
        """How much of the file has been read."""
        return self.meter.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row of this source, in the order of the file."""
        return self.made()


def provenance_of(
    one: Whose | None, path: Path, sha256: str, prefix: str, guessed: tuple[str, ...] = ()
) -> Provenance:
    """Whose rows they are, restored.

    The key has the one of before in it and the file's name, so that an export of a part never takes
    the place of the whole it came from.

    Args:
        one: as the rows say; None for rows that do not, which are the file's own.
        path: the file.
        sha256: of its bytes.
        prefix: of the key of rows that do not say.
        guessed: what is to be told of them.
    """
    if one is None:
        return Provenance(
            key=key_of(prefix, path),
            title=path.name,
            origin=path.name,
            licence="",
            locator=str(path),
            sha256=sha256,
            guessed=guessed,
            part=NOBODY,
        )
    return Provenance(
        key=key_of(one.key, path),
        title=one.title,
        origin=one.origin,
        licence=one.licence,
        locator=str(path),
        sha256=sha256,
        retrieved_at=one.retrieved_at,
        guessed=guessed,
        part=one.key,
    )
