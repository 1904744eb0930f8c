"""The contact sheet: all photos small, each with the few facts, on one HTML page.

Like the report it is one file without scripts that loads nothing. Cards go to a temporary file as
the photos come, so that thousands take no memory; the map, which needs all of them, is drawn last
and stands first.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from osint.cli.photo_map import Dot, map_of
from osint.cli.photo_outputs import ReadPhoto, wrote
from osint.cli.photo_show import STATUS, few_lines

if TYPE_CHECKING:
    from jinja2 import Environment

_MOST_LINES = 14


class Sheet:
    """A contact sheet being written."""

    takes_unusable = False

    def __init__(self, handle: IO[str], path: Path) -> None:
        self._handle = handle
        self._path = path
        self._cards = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - until finish
        self._dots: list[Dot] = []
        self._count = self._conflicts = self._bare = 0

    def add(self, photo: ReadPhoto) -> None:
        """Write the photo's card."""
        facts, preview = photo.facts, photo.preview
        self._count += 1
        self._conflicts += bool(facts.conflicts)
        self._bare += facts.status == "no_metadata"
        if facts.position is not None:
            self._dots.append(
                Dot(number=self._count, lon=facts.position.lon, lat=facts.position.lat)
            )
        lines = [line for line in few_lines(facts) if line[0] != "metadata"]
        # Warnings are never what is cut.
        lines.sort(key=lambda line: not line[2])
        picture = base64.b64encode(preview).decode("ascii") if preview is not None else None
        card = (
            _environment()
            .get_template("photo_card.html.j2")
            .render(
                number=self._count,
                # A sheet is handed on: where it lay on this machine is nobody's business.
                name=photo.path.name,
                folder=photo.path.parent.name,
                facts=facts,
                status=STATUS[facts.status],
                lines=lines[:_MOST_LINES],
                more=max(0, len(lines) - _MOST_LINES),
                picture=picture,
            )
        )
        self._cards.write(card)

    def finish(self) -> None:
        """Put the page together."""
        from markupsafe import Markup

        frame = (
            _environment()
            .get_template("photo_sheet.html.j2")
            .render(
                count=self._count,
                conflicts=self._conflicts,
                bare=self._bare,
                placed=len(self._dots),
                map=Markup(map_of(self._dots)) if self._dots else None,
            )
        )
        head, mark, tail = frame.partition("<!-- cards -->")
        if not mark:
            raise AssertionError("the template has no place for the cards")
        self._handle.write(head)
        self._cards.seek(0)
        shutil.copyfileobj(self._cards, self._handle)
        self._cards.close()
        self._handle.write(tail)
        wrote(self._path, self._count)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    from osint.report.text import visible

    def shown(value: object) -> object:
        if isinstance(value, Markup):
            return value
        return visible(value) if isinstance(value, str) else value

    return Environment(
        loader=PackageLoader("osint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
