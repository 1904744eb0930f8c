"""``osint gazetteer``: the gazetteer on disk, filled, looked at and given out again."""

from __future__ import annotations

import typer

from osint.cli.gazetteer_add import add
from osint.cli.gazetteer_describe import describe
from osint.cli.gazetteer_export import export
from osint.cli.gazetteer_info import info
from osint.cli.gazetteer_remove import remove

gazetteer = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
)
gazetteer.command()(add)
gazetteer.command()(info)
gazetteer.command()(export)
gazetteer.command()(describe)
gazetteer.command()(remove)


@gazetteer.callback()
def help_without_command(context: typer.Context) -> None:
    """Add places to the gazetteer on disk, look at it, export from it, take places out."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
