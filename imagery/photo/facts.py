"""What is known of one photo file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from gazetteer.position import Position
from imagery.errors import PhotoError
from imagery.photo.second import Conflict
from imagery.photo.signals import Signal

Status = Literal["ok", "no_metadata", "malformed", "timeout", "memory", "unsupported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """The facts in one photo file, as the file states them.

    Attributes:
        path: the file's name without its folder.
        sha256: of the whole file, lower-case hexadecimal.
        status: "ok"; "no_metadata" (usual for published photos, proves nothing); "malformed" (the
            metadata is damaged, ``problems`` says how); "unsupported" (an image whose metadata is
            not read yet).
        format: "JPEG", "TIFF", "PNG", "WEBP", "GIF", "BMP", "HEIF" or "AVIF".
        position: where the file says it was taken; ``position_problem`` says why there is none
            although the file has GPS tags.
        altitude_m: above sea level.
        heading_deg: where the camera pointed, clockwise from north; ``heading_reference`` says
            which north ("true", "magnetic"), None if the file does not.
        taken_at: when the shutter opened (DateTimeOriginal); aware only if the file gives an
            offset. A time without a zone has no zone.
        utc_offset: as the file gives it ("+03:00").
        gps_time_utc: time of the satellite fix, aware, UTC.
        orientation: EXIF orientation 1 to 8.
        captions: what somebody wrote into the file about the picture; places_said: the places named
            there. Words, not measurements.
        signals: what an examiner should look at, see ``signals``.
        conflicts: where two readers of the metadata disagree, see ``second``.
        width: pixels as stored, before orientation; ``height`` likewise.
        problems: what could not be used, in words.
        raw: every tag as (name, printed value).
    """

    path: str
    sha256: str
    status: Status
    format: str
    position: Position | None = None
    altitude_m: float | None = None
    position_problem: str | None = None
    heading_deg: float | None = None
    heading_reference: Literal["true", "magnetic"] | None = None
    taken_at: datetime | None = None
    utc_offset: str | None = None
    gps_time_utc: datetime | None = None
    make: str | None = None
    model: str | None = None
    orientation: int | None = None
    software: str | None = None
    captions: tuple[str, ...] = ()
    places_said: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    width: int | None = None
    height: int | None = None
    problems: tuple[str, ...] = ()
    raw: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise PhotoError(f"photo status {self.status!r} is none of {get_args(Status)}")
        if self.position is not None and self.position_problem is not None:
            raise PhotoError(f"{self.path}: a usable position cannot have a problem as well")
        if self.taken_at is not None and (self.taken_at.tzinfo is None) == bool(self.utc_offset):
            raise PhotoError(f"{self.path}: a time has a zone exactly if the file gives an offset")
        if self.gps_time_utc is not None and self.gps_time_utc.tzinfo is None:
            raise PhotoError(f"{self.path}: the GPS time is UTC and must say so")

    def as_dict(self) -> dict[str, object]:
        """The photo as ``osint photo --json`` prints it; ``credentials`` null: not read yet."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "status": self.status,
            "format": self.format,
            "position": self._position_dict(),
            "position_problem": self.position_problem,
            "heading_deg": self.heading_deg,
            "heading_reference": self.heading_reference,
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "utc_offset": self.utc_offset,
            "gps_time_utc": (
                self.gps_time_utc.isoformat().replace("+00:00", "Z") if self.gps_time_utc else None
            ),
            "make": self.make,
            "model": self.model,
            "orientation": self.orientation,
            "software": self.software,
            "captions": list(self.captions),
            "places_said": list(self.places_said),
            "credentials": None,
            "signals": [
                *(signal.as_dict() for signal in self.signals),
                *(
                    {"signal": "unusable metadata", "value": None, "means": problem}
                    for problem in self.problems
                ),
            ],
            "conflicts": [conflict.as_dict() for conflict in self.conflicts],
        }

    def _position_dict(self) -> dict[str, float | None] | None:
        if self.position is None:
            return None
        return {
            "lon": self.position.lon,
            "lat": self.position.lat,
            "uncertainty_m": self.position.uncertainty_m,
            "altitude_m": self.altitude_m,
        }
