"""``osint gazetteer add``: files, folders and addresses of places into the gazetteer on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import AllowPrivateOption, FolderOption, JsonOption
from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.database import Added
    from osint.cli.gazetteer_sources import Named

BAD_ROWS_SHOWN = 3

KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="NAME", help="Keep the source under this key instead of its own."
    ),
]
TitleOption = Annotated[
    str | None,
    typer.Option("--title", metavar="TEXT", help="What reports shall call the source."),
]
LicenceOption = Annotated[
    str | None,
    typer.Option("--licence", metavar="TEXT", help="Under which licence it may be used."),
]
OriginOption = Annotated[
    str | None,
    typer.Option(
        "--origin",
        metavar="WHO",
        help="Who said it first: sources of one origin count once in a verdict.",
    ),
]


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
    key: KeyOption = None,
    title: TitleOption = None,
    licence: LicenceOption = None,
    origin: OriginOption = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Take the place of another file of the same name that was added."
        ),
    ] = False,
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
    """Add places to the gazetteer on disk, or replace those of a source."""
    from gazetteer.database import add_all
    from gazetteer.database.open import FILE
    from gazetteer.opening import database_folder
    from osint.cli import gazetteer_sources
    from osint.cli.gazetteer_progress import stages

    given = said(title=title, licence=licence, origin=origin)
    _check(sources, key, given)
    where = folder or database_folder()
    named = gazetteer_sources.opened(
        sources,
        beside=names,
        key=key or "",
        said=given,
        replace=replace,
        allow_private=allow_private,
    )
    if world and not (where / FILE).exists() and "world" not in sources:
        named.insert(0, gazetteer_sources.world())
    with stages("") as stage:
        added = add_all(where, [one.addition for one in named], progress=stage)
    for one, what in zip(named, added, strict=True):
        _tell(one, what, where, json=json)


def said(**given: str | None) -> dict[str, str]:
    """What a person says of a source.

    Raises:
        UsageError: it is empty, or no text.
    """
    for option, text in given.items():
        if text is not None and not text.strip():
            raise UsageError(f"--{option} is empty; leave it out or say what it is")
        if text is not None and not _is_text(text):
            raise UsageError(f"--{option} {text!a:.80} is not in UTF-8; write it in UTF-8")
    return {option: text.strip() for option, text in given.items() if text is not None}


def _check(sources: Sequence[str], key: str | None, given: dict[str, str]) -> None:
    from gazetteer.sources.online.addresses import without_secrets

    for text in sources:
        # They are stored and printed, which takes text.
        if not _is_text(text):
            shown = without_secrets(text) if "://" in text else text
            raise UsageError(f"{shown!a} is not in UTF-8; rename the file")
    if key is not None and (not key.isprintable() or " " in key or not 0 < len(key) <= 100):
        raise UsageError(f"--key {key!r:.80} is none; write up to 100 letters without spaces")
    asked = [f"--{option}" for option in ("key", *given) if option != "key" or key is not None]
    if asked and len(sources) > 1:
        raise UsageError(f"{asked[0]} is for one source; add the others by a command of their own")


def _is_text(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _tell(one: Named, added: Added, folder: Path, *, json: bool) -> None:
    from osint.cli.output import console, print_json

    if json:
        print_json(_facts(one, added, folder))
        return
    from osint.cli.gazetteer_lines import heading, indented

    screen = console()
    heading(screen, f"{one.short}: {one.form}")
    indented(screen, _lines(one, added))


def _lines(one: Named, added: Added) -> Iterator[str]:
    provenance = one.addition.reader.provenance
    counts = f"{_many(added.places, 'place')} under {_many(added.names, 'name')}"
    if added.areas:
        counts += f", {_many(added.areas, 'outline')}"
    if added.unchanged:
        yield f"already loaded, from {added.known_from}: rows unchanged"
        yield f"{counts}; key {added.key}"
        if added.said:
            yield f"changed: {' and '.join(added.said)}"
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
            yield f"  {row.unit or 'line'} {row.line}: {row.why}"
        if added.bad_rows > BAD_ROWS_SHOWN:
            yield "  ... (osint gazetteer info --bad lists more)"
    licence = one.addition.said.get("licence") or provenance.licence
    yield f"licence: {licence or 'not stated by the source; find out before publishing'}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _facts(one: Named, added: Added, folder: Path) -> dict[str, Any]:
    provenance = one.addition.reader.provenance
    given = one.addition.said
    return {
        "source": one.source,
        "key": added.key,
        "recognised": one.form,
        "guessed": list(provenance.guessed),
        "title": given.get("title", provenance.title),
        "origin": given.get("origin", provenance.origin),
        "licence": given.get("licence", provenance.licence),
        "locator": provenance.locator,
        "sha256": provenance.sha256,
        "unchanged": added.unchanged,
        "known_from": added.known_from or None,
        "changed": list(added.said),
        "rows": added.places + added.bad_rows,
        "places": added.places,
        "names": added.names,
        "areas": added.areas,
        "links": added.links,
        "replaced": added.replaced,
        "bad_rows": added.bad_rows,
        "bad_first": [
            {"line": row.line, "unit": row.unit or "line", "why": row.why}
            for row in added.bad_first
        ],
        "folder": str(folder),
    }
