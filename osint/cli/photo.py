"""``osint photo``: what a photo file says of itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from osint.cli.options import JsonOption
from osint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from imagery.photo.facts import PhotoFacts

_SUFFIXES = frozenset(
    f".{kind}"
    for kind in (
        *("jpg", "jpeg", "jpe", "mpo", "tif", "tiff", "png", "webp"),
        *("gif", "bmp", "heic", "heif", "avif"),
    )
)
_MOST_FILES = 20_000
# Reading takes some tens of milliseconds a file; a bar for anything over a second.
_WORTH_A_BAR = 40


def photo(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Photo files, or folders of them.")
    ],
    json: JsonOption = False,
) -> None:
    """Print the metadata facts of photos: place, time, camera, captions, signals, conflicts."""
    from imagery.errors import PhotoError
    from imagery.photo.metadata import read_photo
    from osint.cli.output import bar, console, plain, print_json

    paths, wrong = _files(files)
    screen = console()
    read = 0
    with bar("reading photos") as report:
        for number, path in enumerate(paths, start=1):
            try:
                facts = read_photo(path)
            except PhotoError as error:
                wrong.append(str(error))
            else:
                read += 1
                if json:
                    print_json(facts.as_dict())
                else:
                    _show(screen, facts, path)
            if len(paths) > _WORTH_A_BAR:
                report(number, len(paths))
    if not read and len(wrong) == 1:
        raise UsageError(wrong[0])
    for message in wrong:
        sys.stderr.write(f"osint: {plain(' '.join(message.split()))}\n")
    if not read:
        raise UsageError("no photo could be read; name JPEG, PNG, TIFF or WebP files")


def _files(named: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files to read, those of folders in order of name, and what is wrong with the rest."""
    from osint.cli.options import is_folder

    paths: dict[Path, None] = {}
    wrong = []
    for path in named:
        if not is_folder(path):
            paths[path] = None
            continue
        before = len(paths)
        try:
            inside = sorted(_photos_in(path))
        except OSError as error:
            wrong.append(f"{path} cannot be listed ({error.strerror}); check its permissions")
            continue
        paths.update(dict.fromkeys(inside))
        if len(paths) == before:
            wrong.append(f"{path} holds no photos ({', '.join(sorted(_SUFFIXES))})")
        if len(paths) > _MOST_FILES:
            raise UsageError(f"more than {_MOST_FILES} photos; name fewer folders at a time")
    return list(paths), wrong


def _photos_in(folder: Path) -> Iterator[Path]:
    """Photos right in a folder; what it holds in folders of its own is named separately."""
    for path in folder.iterdir():
        if path.suffix.casefold() in _SUFFIXES and path.is_file():
            yield path


def _show(screen: Console, facts: PhotoFacts, path: Path) -> None:
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import plain

    screen.print(Text(plain(str(path)), style="bold"), soft_wrap=True)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column("field", no_wrap=True)
    table.add_column("value", overflow="fold")
    for label, value in _lines(facts):
        alarming = label.startswith(("readers disagree", "position unusable"))
        table.add_row(f"  {label}", Text(plain(value), style="bold red" if alarming else ""))
    screen.print(table)


def _lines(facts: PhotoFacts) -> Iterator[tuple[str, str]]:
    """The facts that there are, as (label, value)."""
    size = f", {facts.width} x {facts.height}" if facts.width and facts.height else ""
    yield "file", f"{facts.format}{size}, SHA-256 {facts.sha256}"
    yield "metadata", _STATUS[facts.status]
    position = facts.position
    if position is not None:
        from gazetteer.position import format_position

        radius = "" if position.uncertainty_m is None else f" +- {position.uncertainty_m:.0f} m"
        yield "position", f"{position}{radius} ({format_position(position, 'dms')})"
    if facts.position_problem is not None:
        yield "position unusable", facts.position_problem
    if facts.altitude_m is not None:
        yield "altitude", f"{facts.altitude_m:.0f} m"
    if facts.heading_deg is not None:
        yield (
            "heading",
            f"{facts.heading_deg:.1f} deg, {facts.heading_reference or 'unstated'} north",
        )
    if facts.taken_at is not None:
        zone = "" if facts.utc_offset else " (no time zone given)"
        yield "taken at", f"{facts.taken_at.isoformat(' ')}{zone}"
    if facts.gps_time_utc is not None:
        yield "GPS time", facts.gps_time_utc.isoformat(" ").replace("+00:00", " UTC")
    camera = " ".join(filter(None, (facts.make, facts.model)))
    if camera:
        yield "camera", camera
    if facts.software:
        yield "software", facts.software
    for caption in facts.captions:
        yield "caption inside", caption
    if facts.places_said:
        yield "places said", "; ".join(facts.places_said)
    for conflict in facts.conflicts:
        said = "; ".join(f"{reader} {value!r}" for reader, value in conflict.readers)
        yield f"readers disagree on {conflict.field}", said
    for signal in facts.signals:
        value = f"{signal.value}: " if signal.value else ""
        yield f"signal: {signal.signal}", f"{value}{signal.means}"
    for problem in facts.problems:
        yield "unusable", problem


_STATUS = {
    "ok": "read",
    "no_metadata": "none; usual for a published photo and proves nothing",
    "malformed": "damaged; what could not be read was not used",
    "timeout": "not read in the time allowed",
    "memory": "not read in the memory allowed",
    "unsupported": "in a format that is not read yet",
}
