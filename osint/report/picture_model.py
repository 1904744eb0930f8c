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
    signer: str | None = None
    issuer: str | None = None
    claim_generator: str | None = None
    signed_at: str | None = None
    actions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Exposure(Model):
    """What the file says of its exposure."""

    time_s: float | None = None
    f_number: float | None = None
    iso: float | None = None
    bias_ev: float | None = None
    flash_fired: bool | None = None
    brightness_ev: float | None = None


class Sighting(Model):
    """The same picture in another case: what was said of it there, and how it differs.

    ``distance`` is 0 for the same file, else 1 less the correlation where both overlap; ``votes``
    counts the features that agree; the shares are of either picture that the other shows.
    """

    sha256: Sha256
    case: str
    name: str
    caption: str
    place: str
    date: str
    seen_at: str
    kind: Literal["same file", "same picture"]
    changes: tuple[str, ...] = ()
    distance: float
    votes: Annotated[int, Field(ge=0)]
    mirrored: bool
    share_of_earlier: float
    share_of_asked: float


class Signal(Model):
    """One integrity signal, what it means, and when or how often it misleads."""

    signal: str
    value: Scalar
    means: str
    misleads: str = ""


class ReaderConflict(Model):
    """A field on which two metadata readers disagree."""

    field: str
    readers: dict[str, Scalar]


class Photo(Model):
    """The facts of one photo file, as ``osint photo --json`` prints them, and its caption.

    ``thumbnail`` is the photo in small, ``embedded_thumbnail`` the small picture that the file's
    own metadata carries.
    """

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
    embedded_thumbnail: Picture | None = None
    sightings: tuple[Sighting, ...] = ()
    width: int | None = None
    height: int | None = None
    lens: str | None = None
    exposure: Exposure | None = None
    datum: str | None = None
    implied_offset: str | None = None
    created: str | None = None
    credit: str | None = None
    editing: tuple[str, ...] = ()
    location_shown: tuple[str, ...] = ()
    location_created: tuple[str, ...] = ()
    xmp_position: PhotoPosition | None = None
    thumbnail_bytes: int | None = None
    problems: tuple[str, ...] = ()


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
