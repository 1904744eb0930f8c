"""``osint photo``: what a photo file says of itself."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from osint.cli.options import JsonOption
from osint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from imagery.photo.sandbox.pool import Sandbox
    from osint.cli.photo_outputs import ReadPhoto

# A bar for anything over a second.
_WORTH_A_BAR = 20
_USABLE = "JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG XL or raw files"


def photo(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Photo files, or folders of them at any depth."),
    ],
    json: JsonOption = False,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="Print every tag too, and what each signal means and when it misleads."
        ),
    ] = False,
    geojson: Annotated[
        bool, typer.Option("--geojson", help="Print a GeoJSON FeatureCollection of the photos.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a contact sheet: one HTML file."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a table of the photos.")
    ] = None,
    pixels: Annotated[
        bool,
        typer.Option(
            "--pixels/--no-pixels",
            help="Look also for what only the pixels show, saved twice for instance (default); "
            "without, some ten times as fast.",
        ),
    ] = True,
    trust_list: Annotated[
        Path | None,
        typer.Option(
            "--trust-list",
            metavar="PEM",
            help="Certificates of authorities whose content credentials are trusted.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, max=256, help="Processes (default: cores)."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the files of --html and --csv.")
    ] = False,
) -> None:
    """Print what photos say of themselves: where, when, which way, and what disagrees."""
    from imagery.photo.provenance import read_trust_list
    from imagery.photo.sandbox.pool import Sandbox
    from osint.cli.output import bar
    from osint.cli.photo_files import photo_files
    from osint.cli.photo_outputs import outputs_of

    if json and geojson:
        raise UsageError("--json and --geojson both print; give one of them")
    paths, wrong = photo_files(files)
    trusted = read_trust_list(trust_list) if trust_list is not None else None
    read = 0
    with ExitStack() as stack:
        chosen = outputs_of(
            stack, json=json, geojson=geojson, html=html, csv=csv, every=every, force=force
        )
        box = stack.enter_context(Sandbox(workers=workers, trust_list=trusted))
        report = stack.enter_context(bar("reading photos"))
        # Two things that draw on one terminal spoil each other.
        silent = not chosen.prints or not sys.stdout.isatty()
        for number, found in enumerate(
            _read(box, paths, pixels=pixels, previews=html is not None), start=1
        ):
            if isinstance(found, str):
                wrong.append(found)
            else:
                read += found.usable
                if not found.usable:
                    wrong.append(found.facts.problems[0])
                for output in chosen.all:
                    if found.usable or output.takes_unusable:
                        output.add(found)
            if silent and len(paths) > _WORTH_A_BAR:
                report(number, len(paths))
        if not read and (html is not None or csv is not None):
            # Raised in here, so that no file without a photo is left behind.
            _complain(wrong, read)
        for output in chosen.all:
            output.finish()
    _complain(wrong, read)


def _read(
    box: Sandbox, paths: Sequence[Path], *, pixels: bool, previews: bool
) -> Iterator[ReadPhoto | str]:
    """Each photo, with a small picture of it if asked for, or why there is none."""
    from imagery.errors import PhotoError
    from imagery.photo.sandbox.reading import preview_of, read_in
    from osint.cli.photo_outputs import ReadPhoto

    def look(path: Path) -> ReadPhoto | str:
        facts = read_in(box, path, pixels=pixels)
        if isinstance(facts, PhotoError):
            return str(facts)
        photo = ReadPhoto(path=path, facts=facts)
        if not previews or not photo.usable:
            return photo
        return replace(photo, preview=preview_of(box, path, facts))

    return box.in_order(look, paths)


def _complain(wrong: Sequence[str], read: int) -> None:
    from osint.cli.output import plain

    if not read and len(wrong) == 1:
        raise UsageError(wrong[0])
    for message in wrong:
        sys.stderr.write(f"osint: {plain(' '.join(message.split()))}\n")
    if not read:
        raise UsageError(f"no photo could be read; name {_USABLE}")
