"""``osint gazetteer describe``: what is said of a source, changed without reading it again."""

from __future__ import annotations

from typing import Annotated

import typer

from osint.cli.gazetteer_add import LicenceOption, OriginOption, TitleOption, said
from osint.cli.options import FolderOption
from osint.errors import UsageError


def describe(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Key of a source, as info lists it.")],
    title: TitleOption = None,
    licence: LicenceOption = None,
    origin: OriginOption = None,
    folder: FolderOption = None,
) -> None:
    """Change title, licence or origin of a source in the gazetteer on disk."""
    from gazetteer.database import describe as describe_source
    from gazetteer.opening import database_folder
    from osint.cli.gazetteer_lines import indented
    from osint.cli.output import console

    given = said(title=title, licence=licence, origin=origin)
    if not given:
        raise UsageError("say what to change: --title, --licence or --origin")
    describe_source(folder or database_folder(), key, given)
    lines = [f"{key}: changed", *(f"  {what}: {text}" for what, text in given.items())]
    indented(console(), lines, indent=0)
