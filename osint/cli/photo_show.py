"""The facts of a photo for people: the few that matter first, the rest when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts
    from osint.cli.photo_outputs import ReadPhoto

Line = tuple[str, str, bool]
"""Label, value, and whether it is a warning."""

# Said by the lines on the metadata and on what disagrees.
_SAID_ELSEWHERE = frozenset({"no metadata", "readers disagree"})
_MOST_TEXT = 300
STATUS = {
    "ok": "read",
    "no_metadata": "none; usual for a published photo and proves nothing",
    "malformed": "damaged; what could not be read was not used",
    "timeout": "not read in the time allowed",
    "memory": "not read in the memory allowed",
    "unsupported": "in a format that is not read yet",
}
"""Outcomes in words."""


class Shown:
    """Photos printed for people."""

    takes_unusable = False

    def __init__(self, *, every: bool) -> None:
        from osint.cli.output import console

        self._screen = console()
        self._every = every

    def add(self, photo: ReadPhoto) -> None:
        """Print one photo."""
        from rich.table import Table
        from rich.text import Text

        from osint.cli.output import plain

        self._screen.print(Text(plain(str(photo.path)), style="bold"), soft_wrap=True)
        table = Table(box=None, padding=(0, 1), show_header=False)
        table.add_column("field", no_wrap=True)
        table.add_column("value", overflow="fold")
        lines = all_lines(photo.facts) if self._every else few_lines(photo.facts)
        for label, value, warning in lines:
            style = "bold red" if warning else ""
            table.add_row(f"  {label}", Text(plain(value), style=style))
        self._screen.print(table)

    def finish(self) -> None:
        """Nothing is left."""


def few_lines(facts: PhotoFacts) -> Iterator[Line]:
    """Where, when, which way, what disagrees, and what else to look at."""
    if facts.status != "ok":
        yield "metadata", STATUS[facts.status], facts.status not in ("no_metadata", "unsupported")
    yield from _where(facts)
    yield from _when(facts)
    if facts.heading_deg is not None:
        north = facts.heading_reference or "unstated"
        yield "which way", f"{round(facts.heading_deg, 1) % 360:.1f} deg, {north} north", False
    for conflict in facts.conflicts:
        said = "; ".join(f"{reader}: {_said(value)}" for reader, value in conflict.readers)
        yield "disagree", f"on {conflict.field}: {said}", True
    make, model = facts.make or "", facts.model or ""
    camera = model if model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()
    if camera or make:
        yield "camera", camera or make, False
    for caption in facts.captions:
        yield "caption", _short(caption), False
    if facts.places_said:
        yield "places said", _short("; ".join(facts.places_said)), False
    for signal in facts.signals:
        if signal.signal not in _SAID_ELSEWHERE:
            value = f": {_short(signal.value)}" if signal.value else ""
            yield "look at", f"{signal.signal}{value}", False
    for problem in facts.problems:
        yield "problem", _short(problem), False


def _where(facts: PhotoFacts) -> Iterator[Line]:
    position = facts.position
    if position is not None:
        from gazetteer.position import format_position

        radius = "" if position.uncertainty_m is None else f" +- {position.uncertainty_m:.0f} m"
        height = "" if facts.altitude_m is None else f", {facts.altitude_m:.0f} m high"
        text = f"{position}{radius}{height} ({format_position(position, 'dms')})"
        yield "where", text, False
    elif facts.position_problem is not None:
        yield "where", f"unusable: {facts.position_problem}", True
    if facts.xmp_position is not None and position is None:
        yield "where (XMP)", f"{facts.xmp_position}, which editors write", False


def _when(facts: PhotoFacts) -> Iterator[Line]:
    if facts.taken_at is not None:
        zone = "" if facts.utc_offset else " (no time zone given)"
        if not facts.utc_offset and facts.implied_offset:
            zone = f" (no time zone given; {facts.implied_offset} by the GPS time)"
        yield "when", f"{facts.taken_at.isoformat(' ')}{zone}", False
    if facts.gps_time_utc is not None:
        text = facts.gps_time_utc.isoformat(" ").replace("+00:00", " UTC")
        yield "GPS time", text, False
    if facts.taken_at is None and facts.created:
        yield "created", f"{facts.created}, as XMP or IPTC state it", False


def all_lines(facts: PhotoFacts) -> Iterator[Line]:
    """Every fact, what each signal means and when it misleads, and every tag."""
    size = f", {facts.width} x {facts.height}" if facts.width and facts.height else ""
    yield "file", f"{facts.format or 'unknown'}{size}", False
    yield "SHA-256", facts.sha256, False
    if facts.status == "ok":
        yield "metadata", STATUS["ok"], False
    meant = {signal.signal: signal for signal in facts.signals}
    for label, value, warning in few_lines(facts):
        yield label, value, warning
        signal = meant.pop(value.partition(": ")[0], None) if label == "look at" else None
        if signal is not None:
            yield "", f"means: {signal.means}", False
            if signal.misleads:
                yield "", f"misleads: {signal.misleads}", False
    for label, text in _further(facts):
        if text:
            yield label, text, False
    for name, value in facts.raw:
        yield "tag", f"{name}: {value}", False


def _further(facts: PhotoFacts) -> Iterator[tuple[str, str | None]]:
    yield "lens", facts.lens
    if facts.exposure is not None:
        known = {
            name: value for name, value in facts.exposure.as_dict().items() if value is not None
        }
        yield "exposure", ", ".join(f"{name} {_said(value)}" for name, value in known.items())
    yield "software", facts.software
    yield "orientation", str(facts.orientation) if facts.orientation else None
    yield "datum", facts.datum
    yield "UTC offset", facts.utc_offset or facts.implied_offset
    yield "created", facts.created
    yield "credit", facts.credit
    yield "shown", "; ".join(facts.location_shown)
    yield "taken in", "; ".join(facts.location_created)
    for step in facts.editing:
        yield "edited", step
    if facts.credentials is not None:
        yield "signer", facts.credentials.signer
        yield "issuer", facts.credentials.issuer
        for problem in facts.credentials.problems:
            yield "credentials", problem
    if facts.thumbnail is not None:
        yield "thumbnail", f"{len(facts.thumbnail):,} bytes"


def _said(value: object) -> str:
    if value is None:
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= _MOST_TEXT else line[: _MOST_TEXT - 1] + "\u2026"
