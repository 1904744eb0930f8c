"""The option ``--imagery``: where satellite and aerial imagery comes from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from osint.case import Case

ImageryOption = Annotated[
    str,
    typer.Option(
        "--imagery",
        metavar="auto|live|none|CATALOG|RASTER",
        help=(
            "auto: the case's rasters, cached tiles, and public tile servers for a few seconds; "
            "live: the same without hurry; CATALOG: your own tile servers (.toml); RASTER: a "
            "georeferenced file and no server; none. A tile server learns where you look."
        ),
    ),
]


def with_imagery(case: Case, choice: str) -> Case:
    """The case with the imagery that the option asks for.

    Raises:
        UsageError: the option names a file that is not there.
    """
    from osint.case import ChipEntry, TileWish
    from osint.cli.options import is_file
    from osint.errors import UsageError

    if choice == "none":
        return replace(case, rasters=(), tiles=None)
    if choice in {"auto", "live"}:
        return replace(case, tiles=TileWish(hurried=choice == "auto"))
    path = Path(choice)
    if not is_file(path):
        raise UsageError(
            f"--imagery {choice}: no such file; give a raster, a catalogue (.toml), auto, live "
            "or none"
        )
    if path.suffix.lower() == ".toml":
        from imagery.providers import read_providers

        # Asked here, so that a mistake in it is answered before any work is done.
        read_providers(path)
        return replace(case, tiles=TileWish(catalogue=path, hurried=False))
    return replace(case, rasters=(*case.rasters, (path, ChipEntry(file=path.name))))
