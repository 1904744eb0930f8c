"""Where two readings of one photo differ: two programs, two blocks, or EXIF and XMP.

A file may be made, or damaged, so that two programs see two places in it. Which of them is right
cannot be told from the file; that they differ can, and is never resolved silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gazetteer.position import Position
from imagery.photo.fields import Fields

Scalar = str | float | int | None

# Readers compute degrees from the same fractions; this is far below what any of them states.
_SAME_DEG = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field of which there are two readings; ``readers`` are (name of reader, value)."""

    field: str
    readers: tuple[tuple[str, Scalar], ...]

    def as_dict(self) -> dict[str, object]:
        """``{"field", "readers": {name: value}}``."""
        return {"field": self.field, "readers": dict(self.readers)}


def _place(fields: Fields) -> Scalar:
    return str(fields.gps.position) if fields.gps.position is not None else None


def _time(fields: Fields) -> Scalar:
    return fields.taken_at.isoformat() if fields.taken_at is not None else None


def _fix(fields: Fields) -> Scalar:
    return fields.gps.time_utc.isoformat() if fields.gps.time_utc is not None else None


_COMPARED: Mapping[str, Callable[[Fields], Scalar]] = {
    "position": _place,
    "heading_deg": lambda fields: fields.gps.heading_deg,
    "heading_reference": lambda fields: fields.gps.heading_reference,
    "altitude_m": lambda fields: fields.gps.altitude_m,
    "gps_time_utc": _fix,
    "taken_at": _time,
    "utc_offset": lambda fields: fields.utc_offset,
    "make": lambda fields: fields.make,
    "model": lambda fields: fields.model,
    "orientation": lambda fields: fields.orientation,
}


def conflicts_between(readings: Sequence[tuple[str, Fields]]) -> tuple[Conflict, ...]:
    """The fields in which the readings, each with its reader's name, are not all the same."""
    return tuple(_differences(readings))


def _differences(readings: Sequence[tuple[str, Fields]]) -> Iterator[Conflict]:
    for name, value in _COMPARED.items():
        said = tuple((reader, value(fields)) for reader, fields in readings)
        if name == "position":
            first, *others = (fields.gps.position for _, fields in readings)
            same = all(_same(first, other) for other in others)
        else:
            same = len({text for _, text in said}) <= 1
        # A time that differs in its zone alone is told once.
        if not same and not (name == "utc_offset" and _told(readings)):
            yield Conflict(field=name, readers=said)


def _told(readings: Sequence[tuple[str, Fields]]) -> bool:
    return len({_time(fields) for _, fields in readings}) > 1


def _same(a: Position | None, b: Position | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a.lat - b.lat) <= _SAME_DEG and abs(a.lon - b.lon) <= _SAME_DEG


def places_apart(exif: Position | None, xmp: Position | None) -> Conflict | None:
    """EXIF and XMP naming positions that lie further apart than both uncertainties together."""
    if exif is None or xmp is None:
        return None
    from gazetteer.geodesy import distance_m

    slack_m = (exif.uncertainty_m or 0.0) + (xmp.uncertainty_m or 0.0)
    if distance_m(exif, xmp) <= slack_m:
        return None
    return Conflict(field="position", readers=(("exif", str(exif)), ("xmp", str(xmp))))
