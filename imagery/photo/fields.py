"""What EXIF tags say of the camera, the moment and the place, whichever reader found the tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from imagery.photo.exif import Tag
from imagery.photo.gps import GpsFacts, read_gps

_MOST_TEXT = 200
_DATE_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_BLANK_DATE = re.compile(r"[\s0:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The tags in the terms of ``PhotoFacts``; see there for the meaning of each field.

    Attributes:
        gps: what the GPS tags give.
        taken_at: DateTimeOriginal, with ``utc_offset`` as the file gives it.
        changed_at: DateTime, when the file was last written; never with a zone.
        problems: what of the times could not be used.
    """

    gps: GpsFacts
    taken_at: datetime | None
    utc_offset: str | None
    changed_at: datetime | None
    make: str | None
    model: str | None
    orientation: int | None
    software: str | None
    problems: tuple[str, ...]


def read_fields(tags: Mapping[str, Tag]) -> Fields:
    """The fields of the main, EXIF and GPS directories ("Image Make", "GPS GPSLatitude")."""
    taken_at, utc_offset, problems = _taken_at(tags)
    return Fields(
        gps=read_gps(tags),
        taken_at=taken_at,
        utc_offset=utc_offset,
        changed_at=_moment(text_of(tags, "Image DateTime")),
        make=text_of(tags, "Image Make"),
        model=text_of(tags, "Image Model"),
        orientation=_orientation(tags),
        software=text_of(tags, "Image Software"),
        problems=problems,
    )


def text_of(tags: Mapping[str, Tag], name: str, *, most: int = _MOST_TEXT) -> str | None:
    """A text tag without padding and shortened to ``most`` characters; None if it says nothing."""
    tag = tags.get(name)
    if tag is None or tag.kind != "text":
        return None
    return str(tag.values[0]).strip("\0 \t\r\n")[:most] or None


def _orientation(tags: Mapping[str, Tag]) -> int | None:
    tag = tags.get("Image Orientation")
    value = tag.values[0] if tag and tag.kind == "integer" and tag.values else None
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _moment(text: str | None) -> datetime | None:
    found = _DATE_TIME.fullmatch(text) if text else None
    try:
        return (
            datetime.fromisoformat("{}-{}-{} {}:{}:{}".format(*found.groups())) if found else None
        )
    except ValueError:
        return None


def _taken_at(tags: Mapping[str, Tag]) -> tuple[datetime | None, str | None, tuple[str, ...]]:
    """DateTimeOriginal with its fraction and offset; the offset alone is worth nothing."""
    text = text_of(tags, "EXIF DateTimeOriginal")
    if text is None or _BLANK_DATE.fullmatch(text):
        return None, None, ()
    moment = _moment(text)
    if moment is None:
        return None, None, (f"DateTimeOriginal is not a date and time: {text[:40]!r}",)
    digits = text_of(tags, "EXIF SubSecTimeOriginal") or ""
    if re.fullmatch(r"\d{1,9}", digits, re.ASCII):
        moment = moment.replace(microsecond=int(digits.ljust(6, "0")[:6]))
    offset_text = text_of(tags, "EXIF OffsetTimeOriginal")
    if offset_text is None:
        return moment, None, ()
    offset = _OFFSET.fullmatch(offset_text)
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else timedelta()
    if not offset or ahead > timedelta(hours=14) or int(offset[3]) >= 60:
        problem = f"OffsetTimeOriginal is not an offset: {offset_text[:20]!r}"
        return moment, None, (problem,)
    zone = timezone(-ahead if offset[1] == "-" else ahead)
    return moment.replace(tzinfo=zone), offset_text, ()
