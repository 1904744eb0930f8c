"""What a report says of photos and of satellite pictures.

Field names are those of the published contract; see ``model`` for units.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from osint.report.values import (
    Id,
    Interval,
    Lat,
    Lon,
    Metres,
    Model,
    Picture,
    Point,
    PointAt,
    Scalar,
    Sha256,
    Share,
)


class PhotoPosition(Model):
    """Where the photo's own metadata put it."""

    lon: Lon
    lat: Lat
    uncertainty_m: Metres | None = None
    altitude_m: float | None = None


class Credentials(Model):
    """Content credentials: are there any, do they hold, is their signer trusted."""

    present: bool | None = None
    valid: bool | None = None
    trusted: bool | None = None


class Signal(Model):
    """One integrity signal and what it means."""

    signal: str
    value: Scalar
    means: str


class ReaderConflict(Model):
    """A field on which two metadata readers disagree."""

    field: str
    readers: dict[str, Scalar]


class Photo(Model):
    """The facts of one photo file, as ``osint photo --json`` prints them, and its caption."""

    path: str
    sha256: Sha256
    status: Literal["ok", "no_metadata", "malformed", "timeout", "memory", "unsupported"]
    format: str | None = None
    position: PhotoPosition | None = None
    position_problem: str | None = None
    heading_deg: float | None = None
    heading_reference: Literal["true", "magnetic"] | None = None
    taken_at: str | None = None
    utc_offset: str | None = None
    gps_time_utc: str | None = None
    make: str | None = None
    model: str | None = None
    orientation: int | None = None
    software: str | None = None
    captions: tuple[str, ...] = ()
    places_said: tuple[str, ...] = ()
    credentials: Credentials | None = None
    signals: tuple[Signal, ...] = ()
    conflicts: tuple[ReaderConflict, ...] = ()
    caption_claim: Id | None = None
    thumbnail: Picture | None = None


class Tile(Model):
    """One tile that a chip was made of; the evidence folder holds its bytes under the hash."""

    url: str
    sha256: Sha256
    retrieved_at: str


class Imagery(Model):
    """One satellite or aerial chip, with what it can and cannot show.

    ``tiles`` lists the first tiles of ``tile_count``; ``holes`` says why there are none of others.
    """

    provider: str
    acquired: Interval | None
    gsd_m: Metres
    coverage: Share
    centre: PointAt
    footprint: tuple[Point, ...]
    supports: str
    cannot: str
    picture: Picture | None = None
    place: str
    sha256: Sha256 | None = None
    path: str | None = None
    attribution: str | None = None
    licence: str | None = None
    remark: str | None = None
    tile_count: Annotated[int, Field(ge=0)] = 0
    tiles: tuple[Tile, ...] = ()
    holes: tuple[str, ...] = ()


class Unreached(Model):
    """A server of imagery of which ``tiles`` of ``of`` wanted tiles were not got, and why."""

    provider: str
    host: str
    tiles: Annotated[int, Field(ge=1)]
    of: Annotated[int, Field(ge=1)]
    reason: str
