"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer.search import Gazetteer
    from osint.claims import DateInterval

GazetteerOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--gazetteer",
        metavar="PATH",
        help="Places in any form that 'osint gazetteer add' takes, or a GeoJSON of country "
        "outlines or border lines; repeatable.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON; tables and progress go to stderr.")
]
PublishedOption = Annotated[
    str | None,
    typer.Option(
        "--published",
        metavar="DATE",
        help="When the text was published (2017-06-13, 2017-06): places 'last Friday' in time.",
    ),
]
SourceArgument = Annotated[
    str,
    typer.Argument(
        help=(
            "A case folder (with case.toml), a folder of photos with captions.csv, a text, HTML or "
            "Markdown file, the address of a page, or - for standard input."
        )
    ),
]
AllowPrivateOption = Annotated[
    bool,
    typer.Option(
        "--allow-private", help="Let pages and tiles come from private and loopback addresses."
    ),
]
WorldOption = Annotated[
    bool,
    typer.Option(
        "--world/--no-world",
        help="Look names up in the gazetteer on disk or, where there is none, among the world's "
        "cities too (default).",
    ),
]
FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder", metavar="DIR", help="Where the gazetteer lies, if not in the cache folder."
    ),
]


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; False for names that no file system takes."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    """Whether a path is a regular file; False for names that no file system takes."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def published_date(text: str | None) -> DateInterval | None:
    """The date an option gave.

    Raises:
        UsageError: it is no date.
    """
    if text is None:
        return None
    from osint.errors import UsageError
    from osint.extract.dates import parse_published

    try:
        return parse_published(text)
    except ValueError as error:
        raise UsageError(
            f"--published {text!r:.40} is no date; write 2017-06-13, 2017-06 or 2017"
        ) from error


def country_code(text: str) -> str:
    """The code of a country that an option names.

    Raises:
        UsageError: it is none.
    """
    from gazetteer.countries import country_of_field
    from osint.errors import UsageError

    code = country_of_field(text)
    if code is None:
        raise UsageError(f"--country {text!r:.40} is no country; write SY or Syria")
    return code


def open_gazetteer(paths: Sequence[Path], *, world: bool) -> Gazetteer:
    """The gazetteer, with a progress bar while its index of cities is built the first time."""
    from gazetteer.search import Gazetteer
    from osint.cli.output import bar, plain

    with bar("indexing the world's cities (once)") as report:
        index = Gazetteer.open(list(paths), world=world, progress=report)
    for source in index.sources:
        for told in getattr(source, "told", ()):
            sys.stderr.write(f"osint: {plain(told)}\n")
    return index
