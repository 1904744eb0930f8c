"""The forms in which ``osint photo`` gives photos out, one class a form."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from osint.errors import OutputError, UsageError

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
COLUMNS = (
    *("path", "sha256", "status", "format", "lat", "lon", "uncertainty_m", "altitude_m"),
    *("heading_deg", "heading_reference", "taken_at", "utc_offset", "gps_time_utc", "make"),
    *("model", "software", "captions", "places_said", "conflicts", "signals", "problems"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPhoto:
    """A photo that was read.

    Attributes:
        path: the file as it was named or found.
        facts: what it says.
        preview: a small JPEG of it, if one was asked for and could be made.
    """

    path: Path
    facts: PhotoFacts
    preview: bytes | None = None

    @property
    def usable(self) -> bool:
        """Whether it is an image at all."""
        return bool(self.facts.format) or self.facts.status != "unsupported"


class Output(Protocol):
    """One form of output; photos come in order, ``finish`` last."""

    takes_unusable: bool
    """Whether it lists files that are no image."""

    def add(self, photo: ReadPhoto) -> None:
        """Give one photo out."""
        ...

    def finish(self) -> None:
        """Give out the rest."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """All outputs, and whether one of them prints to standard output."""

    all: tuple[Output, ...]
    prints: bool


def outputs_of(
    stack: ExitStack,
    *,
    json: bool,
    geojson: bool,
    html: Path | None,
    csv: Path | None,
    every: bool,
    force: bool,
) -> Outputs:
    """What the options ask for; without any, the facts for people.

    Raises:
        UsageError: two files are one, or one is there and may not be replaced.
    """
    if html is not None and csv is not None and html.absolute() == csv.absolute():
        raise UsageError(f"--html and --csv both name {html}; give two files")
    found: list[Output] = []
    if json:
        found.append(JsonLines(every=every))
    if geojson:
        found.append(GeoJson(every=every))
    if html is not None:
        from osint.cli.photo_sheet import Sheet

        found.append(Sheet(stack.enter_context(new_file(html, force=force)), html))
    if csv is not None:
        found.append(Table(stack.enter_context(new_file(csv, force=force)), csv))
    if not found:
        from osint.cli.photo_show import Shown

        found.append(Shown(every=every))
    return Outputs(all=tuple(found), prints=json or geojson or (html is None and csv is None))


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[IO[str]]:
    """A file that is there whole or not at all.

    Raises:
        UsageError: there is one already and ``force`` is not set: it might be a photo.
        OutputError: it cannot be written.
    """
    if not force and os.path.lexists(path):
        raise UsageError(f"{path} is there already; give another name, or --force to replace it")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            dir=path.parent,
            prefix=f".{path.name[:40]}.",
            delete=False,
            encoding="utf-8",
            newline="",
        ) as handle:
            temporary = Path(handle.name)
            try:
                yield handle
                handle.close()
                # As readable as any new file; temporary ones are their owner's alone.
                temporary.chmod(0o666 & ~_umask())
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror}); name a file in a folder of yours"
        ) from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def full_facts(photo: ReadPhoto, *, every: bool) -> dict[str, Any]:
    """Every fact as JSON has it, and the file's whole path; with ``every``, all tags as ``raw``."""
    found: dict[str, Any] = photo.facts.as_full_dict()
    found["file"] = str(photo.path).encode("utf-8", "replace").decode("utf-8")
    if every:
        found["raw"] = [list(pair) for pair in photo.facts.raw]
    return found


class JsonLines:
    """One object a line."""

    takes_unusable = True

    def __init__(self, *, every: bool) -> None:
        self._every = every

    def add(self, photo: ReadPhoto) -> None:
        """Print the photo's line."""
        from osint.cli.output import print_json

        print_json(full_facts(photo, every=self._every))

    def finish(self) -> None:
        """Nothing is left."""


class GeoJson:
    """A FeatureCollection (RFC 7946); a photo without a position has no geometry."""

    takes_unusable = False

    def __init__(self, *, every: bool) -> None:
        self._every = every
        self._begun = False

    def add(self, photo: ReadPhoto) -> None:
        """Print the photo's feature."""
        start = ",\n" if self._begun else '{"type": "FeatureCollection", "features": [\n'
        self._begun = True
        text = json.dumps(self._feature(photo), ensure_ascii=False, allow_nan=False)
        sys.stdout.write(start + text)

    def _feature(self, photo: ReadPhoto) -> Mapping[str, Any]:
        facts = photo.facts
        geometry = None
        if facts.position is not None:
            coordinates = [facts.position.lon, facts.position.lat]
            if facts.altitude_m is not None:
                coordinates.append(facts.altitude_m)
            geometry = {"type": "Point", "coordinates": coordinates}
        properties = full_facts(photo, every=self._every)
        return {"type": "Feature", "geometry": geometry, "properties": properties}

    def finish(self) -> None:
        """Close the collection."""
        if self._begun:
            sys.stdout.write("\n]}\n")


class Table:
    """A CSV table for spreadsheets, in which nothing is taken for a formula."""

    takes_unusable = True

    def __init__(self, handle: IO[str], path: Path) -> None:
        self._writer = csv.writer(handle)
        self._path = path
        self._rows = 0
        self._writer.writerow(COLUMNS)

    def add(self, photo: ReadPhoto) -> None:
        """Write the photo's row."""
        facts = photo.facts
        self._rows += 1
        row = facts.as_dict() | {"path": str(photo.path), "problems": facts.problems}
        if facts.position is not None:
            row |= {"lat": facts.position.lat, "lon": facts.position.lon}
            row["uncertainty_m"] = facts.position.uncertainty_m
        row["altitude_m"] = facts.altitude_m
        row["conflicts"] = [conflict.field for conflict in facts.conflicts]
        row["signals"] = [signal.signal for signal in facts.signals]
        self._writer.writerow([cell(row.get(name)) for name in COLUMNS])

    def finish(self) -> None:
        """Say where it is."""
        wrote(self._path, self._rows)


def cell(value: object) -> str:
    """A value for a spreadsheet: text that would be a formula there gets an apostrophe in front."""
    from osint.cli.output import plain

    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = plain(text)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def wrote(path: Path, count: int) -> None:
    """Say on stderr what was written."""
    from osint.cli.output import plain

    photos = "photo" if count == 1 else "photos"
    sys.stderr.write(f"{plain(str(path))}: {count:,} {photos}\n")
