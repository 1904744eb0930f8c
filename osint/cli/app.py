"""The application: its commands, and how an error becomes one line and an exit code."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from osint import __version__
from osint.cli.check import check
from osint.cli.chip import chip
from osint.cli.claims import claims
from osint.cli.distance import distance
from osint.cli.gazetteer import gazetteer
from osint.cli.photo import photo
from osint.cli.place import place
from osint.cli.providers import providers
from osint.cli.sun import sun
from osint.errors import EXIT_FAULT, EXIT_INPUT, OsintError

app = typer.Typer(
    name="osint",
    help=(
        "Check the places, dates and distances that an article and its photo captions claim.\n\n"
        "Exit codes: 0 nothing flagged, 1 something flagged, 2 unusable input, 3 a fault of the "
        "tool."
    ),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(check)
app.command()(claims)
# A southern latitude begins with a minus sign and is no option.
_MINUS = {"ignore_unknown_options": True}
app.command(context_settings=_MINUS)(chip)
app.command(context_settings=_MINUS)(distance)
app.command(context_settings=_MINUS)(place)
app.command(context_settings=_MINUS)(sun)
app.command()(photo)
app.command()(providers)
app.add_typer(gazetteer, name="gazetteer")


_NEGATIVE = re.compile(r"-\s?[\d.]")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"osint {__version__}")
        raise typer.Exit


@app.callback()
def options(
    traceback: Annotated[
        bool, typer.Option("--traceback", help="On a fault of the tool, show where it happened.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Check the places, dates and distances that an article and its photo captions claim."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line on ``arguments`` (none: the help) and return its exit code."""
    # A text that begins with a minus sign ("-5 km", "-33.5, 38.6") is no option: behind a space it
    # is not taken apart as one, and every command strips what it is given.
    arguments = [f" {one}" if _NEGATIVE.match(one) else one for one in arguments or ["--help"]]
    try:
        result = app(args=list(arguments), prog_name="osint", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        _say("stopped")
        return EXIT_INPUT
    except typer.TyperException as error:
        _say(f"{error.format_message()} (osint --help lists the options)")
        return EXIT_INPUT
    except OsintError as error:
        return _ended(error, error.exit_code, arguments)
    except BrokenPipeError:
        # Whoever read the output has enough; nothing is wrong.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        _say("stopped")
        return 130
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if isinstance(code, int):
            # The lower packages' errors carry a code of their own.
            return _ended(error, code, arguments)
        if "--traceback" in arguments:
            raise
        _say(
            f"a fault of the tool: {type(error).__name__}: {_one_line(str(error))} "
            "(osint --traceback COMMAND ... shows where)"
        )
        return EXIT_FAULT


def _ended(error: Exception, code: int, arguments: Sequence[str]) -> int:
    if "--traceback" in arguments and code == EXIT_FAULT:
        raise error
    _say(str(error))
    return code


def _say(message: str) -> None:
    from osint.cli.output import plain

    print(f"osint: {plain(_one_line(message))}", file=sys.stderr)  # noqa: T201


def _one_line(text: str) -> str:
    return " ".join(text.split())
