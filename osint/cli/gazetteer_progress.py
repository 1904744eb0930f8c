"""A progress bar for work of several stages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from osint.cli.output import console, plain

Stage = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and how much there is, where known."""


@contextmanager
def stages(title: str) -> Iterator[Stage]:
    """A bar on stderr, on a terminal only, that says what is being done and how far it is.

    Args:
        title: stands before what is being done; "" where that says enough.
    """
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task(plain(title or "starting"), total=None)
        current = ""

        def report(what: str, done: int, total: int | None) -> None:
            nonlocal current
            if what != current:
                current = what
                progress.reset(
                    task, total=total, description=plain(f"{title}: {what}" if title else what)
                )
            progress.update(task, completed=done, total=total)

        yield report
