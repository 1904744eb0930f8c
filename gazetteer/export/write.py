"""An exported file: its format by its name, whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from gazetteer.database.open import FILE
from gazetteer.database.place_rows import Stored
from gazetteer.errors import GazetteerError, GazetteerFileError
from gazetteer.export.credit import BESIDE, credit_text
from gazetteer.export.geojson import GeoJsonFormat
from gazetteer.export.geonames import GeoNamesFormat
from gazetteer.export.layer import LayerFormat
from gazetteer.export.linked_places import LinkedPlacesFormat
from gazetteer.export.rows import Rows, StoredRow
from gazetteer.export.selection import Selection
from gazetteer.export.target import Format, Told

Open = Callable[[Path, Mapping[str, Stored], Told], Format]
Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and how much there is."""

FORMATS: Mapping[str, tuple[str, Open]] = MappingProxyType(
    {
        ".gpkg": ("GeoPackage", LayerFormat),
        ".geojson": ("GeoJSON", GeoJsonFormat),
        ".lpf.json": ("Linked Places Format", LinkedPlacesFormat),
        ".lpf": ("Linked Places Format", LinkedPlacesFormat),
        ".json": ("Linked Places Format", LinkedPlacesFormat),
        ".tsv": ("GeoNames columns", GeoNamesFormat),
        ".txt": ("GeoNames columns", GeoNamesFormat),
    }
)
"""Ending of the file's name to the format's name and what opens it; longer endings first."""

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An exported file.

    Attributes:
        path: the file.
        format: name of its format.
        places: how many are in it.
        sources: whose they are.
        losses: what the format could not say, in words, and how often.
        credit: file that says whose the places are, where the format has no room for it.
    """

    path: Path
    format: str
    places: int
    sources: tuple[Stored, ...]
    losses: tuple[tuple[str, int], ...]
    credit: Path | None


def format_of(path: Path) -> str:
    """The ending in ``FORMATS`` that a file's name has.

    Raises:
        GazetteerError: it has none of them.
    """
    for ending in FORMATS:
        if path.name.lower().endswith(ending) and len(path.name) > len(ending):
            return ending
    raise GazetteerError(
        f"{path.name!r:.80} names no format that can be written; end it in {', '.join(FORMATS)}"
    )


def export(
    folder: Path,
    path: Path,
    selection: Selection | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> Written:
    """Write places of the gazetteer in a folder to a file, in the format that its name says.

    Args:
        folder: of the gazetteer.
        path: the file.
        selection: which places; all if None.
        force: whether to replace a file that is there.
        progress: told how far it is, by ids, of which some may be left out.

    Raises:
        GazetteerError: the name says no format, or no place is asked for that there is.
        GazetteerFileError: the file is there already, or cannot be written.
        DatabaseError: there is no gazetteer, or it is damaged.
    """
    ending = format_of(path)
    name, opened = FORMATS[ending]
    tell = progress or (lambda _what, _done, _total: None)
    credit = path.with_name(f"{path.name}{BESIDE}") if opened is GeoNamesFormat else None
    _check(path, credit, folder, force=force)
    told, count = Told(), 0
    with Rows(folder, selection or Selection()) as rows:
        try:
            with _beside(path, ending) as part:
                file = opened(part, rows.sources, told)
                try:
                    for batch in _batches(rows):
                        for number, row in enumerate(batch, start=count + 1):
                            told.note(row.source, rows.sources[row.source], number)
                        file.write(batch)
                        count += len(batch)
                        tell(f"writing {name}", batch[-1].id, rows.highest)
                finally:
                    file.close()
                if count == 0:
                    raise GazetteerError("no place in the gazetteer is as asked; nothing written")
                if credit is not None:
                    with _beside(credit, ".json") as text:
                        text.write_text(credit_text(part, told), encoding="utf-8")
        except OSError as error:
            raise GazetteerFileError(
                f"{path} cannot be written ({error.strerror or error}); check room and rights"
            ) from error
    return Written(
        path=path,
        format=name,
        places=count,
        sources=tuple(told.used.values()),
        losses=tuple(told.losses.most_common()),
        credit=credit,
    )


def _batches(rows: Rows) -> Iterator[list[StoredRow]]:
    every = iter(rows)
    while batch := list(itertools.islice(every, _AT_ONCE)):
        yield batch


def _check(path: Path, credit: Path | None, folder: Path, *, force: bool) -> None:
    for one in (path, credit):
        if one is None:
            continue
        if one.is_dir():
            raise GazetteerFileError(f"{one} is a folder; name a file in it")
        if one.exists() and not force:
            raise GazetteerFileError(f"{one} is there already; --force replaces it")
    if path.resolve() == (folder / FILE).resolve():
        raise GazetteerFileError(f"{path} is the gazetteer itself; name another file")
    if not path.parent.is_dir():
        raise GazetteerFileError(f"there is no folder {path.parent}; make it first")


@contextlib.contextmanager
def _beside(path: Path, ending: str) -> Iterator[Path]:
    """A file beside the one meant, which takes its place when the block ends well."""
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}-", dir=path.parent))
    part = folder / f"part{ending}"
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
