"""What the commands print: text from outside made harmless, tables, progress, JSON."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gazetteer.printable import escape_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

VERDICT_STYLE: Mapping[str, str] = {
    "confirmed": "bold green",
    "flagged": "bold red",
    "undetermined": "yellow",
}


def plain(text: str) -> str:
    """Text without anything a terminal would obey: control, bidi and zero-width characters."""
    return "".join(
        " " if c in "\t\n\r" else c
        for c in text
        if c in "\t\n\r" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )


def console(*, stderr: bool = False) -> Console:
    """A console that colours only on a terminal and never reads markup out of data."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    # A pipe has no width; give it one that keeps a table's sentences on few lines.
    width = None if stream.isatty() else 120
    return Console(file=stream, markup=False, highlight=False, emoji=False, width=width)


def print_json(value: Mapping[str, Any]) -> None:
    """One object on one line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    sys.stdout.write((text if text.isascii() else escape_json(text)) + "\n")


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Say on stderr what is being done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    screen = console(stderr=True)
    with screen.status("starting") as status:
        yield lambda text: status.update(text)


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr that appears with the first report of progress."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    progress = Progress(
        TextColumn(title), BarColumn(), TimeRemainingColumn(), console=console(stderr=True)
    )
    tasks: list[Any] = []

    def report(done: int, total: int) -> None:
        if not tasks:
            progress.start()
            tasks.append(progress.add_task(title, total=total))
        progress.update(tasks[0], completed=done, total=total)

    try:
        yield report
    finally:
        if tasks:
            progress.stop()
