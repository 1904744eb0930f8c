"""``osint gazetteer export``: places of the gazetteer as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from osint.cli.gazetteer_lines import indented, path_line
from osint.cli.options import FolderOption, country_code
from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.export import Selection, Written


def export(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Where to: .gpkg (GeoPackage), .geojson, .lpf.json (Linked Places Format), .tsv "
            "or .txt (the columns of GeoNames).",
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="KEY", help="Only places of this source (see info)."),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CC", help="Only places of this country (SY, or its name)."
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only places of this kind (village, base)."),
    ] = None,
    within: Annotated[
        tuple[str, float] | None,
        typer.Option(
            "--within", metavar="POINT KM", help="Only places so many kilometres around a position."
        ),
    ] = None,
    folder: FolderOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that is already there.")
    ] = False,
) -> None:
    """Write places with their names, sources and licences to a file."""
    from gazetteer.export import export as export_places
    from gazetteer.opening import database_folder
    from osint.cli.gazetteer_progress import stages

    selection = _selection(source, country, kind, within)
    with stages(file.name) as stage:
        written = export_places(
            folder or database_folder(), file, selection, force=force, progress=stage
        )
    _tell(written)


def _selection(
    source: str | None,
    country: str | None,
    kind: str | None,
    within: tuple[str, float] | None,
) -> Selection:
    from gazetteer.export import Selection
    from gazetteer.place import normal_kind
    from gazetteer.position import parse_position

    if within is not None and not 0 < within[1] <= 21_000:
        raise UsageError(f"--within {within[1]:g} is no radius; give kilometres above 0")
    return Selection(
        source=source,
        country=country_code(country) if country is not None else None,
        kind=(normal_kind(kind) or kind) if kind is not None else None,
        centre=parse_position(within[0]) if within is not None else None,
        radius_m=within[1] * 1000 if within is not None else None,
    )


def _tell(written: Written) -> None:
    from osint.cli.output import console

    screen = console()
    places = "place" if written.places == 1 else "places"
    path_line(screen, f"{written.path}: {written.places:,} {places}, {written.format}")
    lines = [f"{count:,} {loss}" for loss, count in written.losses]
    for stored in written.sources:
        title, licence = stored.provenance.title, stored.provenance.licence or "licence not stated"
        lines.append(f"from {title}" if licence in title else f"from {title} ({licence})")
    if written.credit is not None:
        lines.append(f"whose they are stands in {written.credit.name}; keep it beside the file")
    indented(screen, dict.fromkeys(lines))
