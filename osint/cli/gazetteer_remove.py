"""``osint gazetteer remove``: sources out of the gazetteer on disk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from osint.cli.options import FolderOption, JsonOption
from osint.errors import UsageError


def remove(
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY", help="Keys of sources, as info lists them.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    folder: FolderOption = None,
    json: JsonOption = False,
) -> None:
    """Take sources and all their places out of the gazetteer on disk."""
    from gazetteer.database import remove as remove_sources
    from gazetteer.opening import database_folder
    from osint.cli.gazetteer_lines import indented
    from osint.cli.gazetteer_progress import stages
    from osint.cli.output import console, print_json

    where = folder or database_folder()
    keys = list(dict.fromkeys(keys))
    if not yes:
        _ask(keys, _places(where, keys))
    with stages("removing") as stage:
        gone = remove_sources(where, keys, progress=stage)
    for key, places in zip(keys, gone, strict=True):
        if json:
            print_json({"key": key, "places": places})
        else:
            indented(console(), [f"removed {key}: {_many(places)}"], indent=0)


def _many(places: int) -> str:
    return f"{places:,} place" + ("" if places == 1 else "s")


def _places(folder: Path, keys: list[str]) -> int:
    """How many places would go.

    Raises:
        DatabaseError: there is no gazetteer, or no such source in it.
    """
    from gazetteer.database import sources_of
    from gazetteer.errors import DatabaseError

    there = {stored.provenance.key: stored.places for stored in sources_of(folder)}
    for key in keys:
        if key not in there:
            known = ", ".join(there) or "none"
            raise DatabaseError(f"there is no source {key!r:.80}; there are: {known:.600}")
    return sum(there[key] for key in keys)


def _ask(keys: list[str], places: int) -> None:
    from osint.cli.output import plain

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nobody can be asked here whether to remove it; --yes removes it")
    what = plain(keys[0]) if len(keys) == 1 else f"{len(keys)} sources"
    if not typer.confirm(f"Remove {what} with {_many(places)}?", err=True):
        raise typer.Abort
