"""What is known of one photo file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from gazetteer.position import Position
from imagery.errors import PhotoError
from imagery.photo.conflicts import Conflict
from imagery.photo.exposure import Exposure
from imagery.photo.integrity.signal import Signal
from imagery.photo.provenance import Credentials

Status = Literal["ok", "no_metadata", "malformed", "timeout", "memory", "unsupported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """The facts in one photo file, as the file states them.

    Attributes:
        path: the file's name without its folder.
        sha256: of the whole file, lower-case hexadecimal.
        status: "ok"; "no_metadata" (usual for published photos, proves nothing); "malformed" (the
            metadata is damaged, ``problems`` says how; the other fields hold what was salvaged);
            "unsupported" (a kind of image whose metadata is not read); "timeout" and "memory"
            (reading it took more than it was allowed).
        format: "JPEG", "TIFF", "PNG", "WEBP", "HEIF", "AVIF", "JXL", "DNG", "CR2", ...
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
        conflicts: where two readings of the metadata disagree, see ``conflicts``.
        width: pixels as stored, before orientation; ``height`` likewise.
        problems: what could not be used, in words.
        raw: every tag as (name, printed value).
        lens: as the file names it.
        exposure: time, aperture, sensitivity and light.
        datum: the geodetic datum that the coordinates are said to be in, as written; ``position``
            is WGS84 whatever it says.
        implied_offset: what the camera's clock was ahead of the GPS time ("+03:00"), to a quarter
            of an hour; None where there is no GPS time or the two do not differ by quarters.
        created: when the content was made, as XMP or IPTC state it.
        credit: who is to be credited, as XMP, IPTC or EXIF state it.
        editing: steps of the file's own editing history, oldest first.
        location_shown: places in the picture as somebody wrote them; location_created: places
            where the camera stood, likewise.
        xmp_position: the position in the XMP packet, which editors copy from EXIF or make up.
        thumbnail: the small JPEG inside the EXIF block.
        credentials: what content credentials say; None where they were not looked for.
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
    lens: str | None = None
    exposure: Exposure | None = None
    datum: str | None = None
    implied_offset: str | None = None
    created: str | None = None
    credit: str | None = None
    editing: tuple[str, ...] = ()
    location_shown: tuple[str, ...] = ()
    location_created: tuple[str, ...] = ()
    xmp_position: Position | None = None
    thumbnail: bytes | None = None
    credentials: Credentials | None = None

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
        """The photo in the terms of the report; ``as_full_dict`` has every fact.

        ``credentials`` is null where they were not looked for.
        """
        credentials = self.credentials
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
            "credentials": credentials
            and {
                "present": credentials.present,
                "valid": credentials.valid,
                "trusted": credentials.trusted,
            },
            "signals": [
                *(signal.as_dict() for signal in self.signals),
                *self._problem_dicts(),
            ],
            "conflicts": [conflict.as_dict() for conflict in self.conflicts],
        }

    def as_full_dict(self) -> dict[str, object]:
        """The photo as ``osint photo --json`` prints it; the thumbnail's bytes are left out."""
        spot = self.xmp_position
        return self.as_dict() | {
            "width": self.width,
            "height": self.height,
            "lens": self.lens,
            "exposure": self.exposure.as_dict() if self.exposure else None,
            "datum": self.datum,
            "implied_offset": self.implied_offset,
            "created": self.created,
            "credit": self.credit,
            "editing": list(self.editing),
            "location_shown": list(self.location_shown),
            "location_created": list(self.location_created),
            "xmp_position": spot
            and {"lon": spot.lon, "lat": spot.lat, "uncertainty_m": spot.uncertainty_m},
            "thumbnail_bytes": len(self.thumbnail) if self.thumbnail is not None else None,
            "credentials": self.credentials.as_dict() if self.credentials else None,
            "signals": [
                *(signal.as_dict() | {"misleads": signal.misleads} for signal in self.signals),
                *(problem | {"misleads": ""} for problem in self._problem_dicts()),
            ],
            "problems": list(self.problems),
        }

    def _problem_dicts(self) -> list[dict[str, object]]:
        return [
            {"signal": "unusable metadata", "value": None, "means": problem}
            for problem in self.problems
        ]

    def _position_dict(self) -> dict[str, float | None] | None:
        if self.position is None:
            return None
        return {
            "lon": self.position.lon,
            "lat": self.position.lat,
            "uncertainty_m": self.position.uncertainty_m,
            "altitude_m": self.altitude_m,
        }
