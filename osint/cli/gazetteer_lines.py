"""Lines of the gazetteer's commands: text from sources made harmless, folded under its indent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = 2


def heading(screen: Console, text: str) -> None:
    """A line in bold."""
    from rich.text import Text

    from osint.cli.output import plain

    screen.print(Text(plain(text), style="bold"))


def indented(screen: Console, lines: Iterable[str], *, indent: int = _INDENT) -> None:
    """Lines under a heading; spaces in front indent one further, and what it runs over too."""
    from rich.padding import Padding
    from rich.text import Text

    from osint.cli.output import plain

    for line in lines:
        text = line.lstrip(" ")
        left = indent + len(line) - len(text)
        screen.print(Padding(Text(plain(text)), (0, 0, 0, left), expand=False))


def path_line(screen: Console, path: object) -> None:
    """A path by itself, never broken, so that it can be copied whole."""
    from rich.text import Text

    from osint.cli.output import plain

    screen.print(Text(plain(str(path))), soft_wrap=True)
