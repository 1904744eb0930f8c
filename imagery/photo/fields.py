"""What EXIF tags say of the camera, the moment and the place, whichever reader found the tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from imagery.photo.exif import Tag
from imagery.photo.exposure import Exposure
from imagery.photo.gps import GpsFacts, read_gps

_MOST_TEXT = 200
_DATE_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_QUARTER_S, _SLACK_S = 900, 300
_MOST_APEX = 40.0
_ISO_ELSEWHERE = 65_535
_BLANK_DATE = re.compile(r"[\s0:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The tags in the terms of ``PhotoFacts``; see there for the meaning of each field.

    Attributes:
        gps: what the GPS tags give.
        taken_at: DateTimeOriginal, with ``utc_offset`` as the file gives it.
        implied_offset: what the camera's clock was ahead of the GPS time.
        changed_at: DateTime, when the file was last written; never with a zone.
        credit: Artist, else Copyright.
        exposure: None if the file says nothing of it.
        problems: what of the times could not be used.
    """

    gps: GpsFacts
    taken_at: datetime | None
    utc_offset: str | None
    implied_offset: str | None
    changed_at: datetime | None
    make: str | None
    model: str | None
    lens: str | None
    orientation: int | None
    software: str | None
    credit: str | None
    exposure: Exposure | None
    problems: tuple[str, ...]


def read_fields(tags: Mapping[str, Tag]) -> Fields:
    """The fields of the main, EXIF and GPS directories ("Image Make", "GPS GPSLatitude")."""
    taken_at, utc_offset, problems = _taken_at(tags)
    gps = read_gps(tags)
    return Fields(
        gps=gps,
        taken_at=taken_at,
        utc_offset=utc_offset,
        implied_offset=implied_offset(taken_at, gps.time_utc),
        changed_at=_moment(text_of(tags, "Image DateTime")),
        make=text_of(tags, "Image Make"),
        model=text_of(tags, "Image Model"),
        lens=text_of(tags, "EXIF LensModel") or text_of(tags, "EXIF LensMake"),
        orientation=_orientation(tags),
        software=text_of(tags, "Image Software"),
        credit=text_of(tags, "Image Artist") or text_of(tags, "Image Copyright"),
        exposure=_exposure(tags),
        problems=problems,
    )


def implied_offset(taken_at: datetime | None, fix_utc: datetime | None) -> str | None:
    """How far a camera's clock was ahead of the GPS time, as an offset from UTC ("+03:00").

    Every zone is a whole number of quarters of an hour from UTC; a clock and a fix that differ by
    more than five minutes from one say nothing, nor do days.
    """
    if taken_at is None or fix_utc is None:
        return None
    ahead_s = (taken_at.replace(tzinfo=UTC) - fix_utc).total_seconds()
    quarters = round(ahead_s / _QUARTER_S)
    if abs(ahead_s - quarters * _QUARTER_S) > _SLACK_S or not -48 <= quarters <= 56:
        return None
    hours, rest = divmod(abs(quarters), 4)
    return f"{'-' if quarters < 0 else '+'}{hours:02d}:{rest * 15:02d}"


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
    name, offset_text = _offset_text(tags, text)
    if offset_text is None:
        return moment, None, ()
    offset = _OFFSET.fullmatch(offset_text)
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else timedelta()
    if not offset or ahead > timedelta(hours=14) or int(offset[3]) >= 60:
        problem = f"{name} is not an offset: {offset_text[:20]!r}"
        return moment, None, (problem,)
    zone = timezone(-ahead if offset[1] == "-" else ahead)
    return moment.replace(tzinfo=zone), offset_text, ()


def _offset_text(tags: Mapping[str, Tag], taken: str) -> tuple[str, str | None]:
    """The offset of DateTimeOriginal: its own, or that of another time which is the same moment.

    Exif 2.32 gives each of the three times an offset of its own, and some writers only fill one.
    """
    for name, time in (
        ("OffsetTimeOriginal", "EXIF DateTimeOriginal"),
        ("OffsetTimeDigitized", "EXIF DateTimeDigitized"),
        ("OffsetTime", "Image DateTime"),
    ):
        offset = text_of(tags, f"EXIF {name}")
        if offset is not None and offset.strip(" :") and text_of(tags, time) == taken:
            return name, offset
    return "", None


def _exposure(tags: Mapping[str, Tag]) -> Exposure | None:
    flash = _number(tags, "EXIF Flash")
    iso = _number(tags, "EXIF ISOSpeedRatings")
    if iso == _ISO_ELSEWHERE:
        # More than two bytes can say; Exif 2.3 has four-byte tags for that.
        iso = _number(tags, "EXIF RecommendedExposureIndex") or iso
    time_s, f_number = _number(tags, "EXIF ExposureTime"), _number(tags, "EXIF FNumber")
    if time_s is None:
        speed = _number(tags, "EXIF ShutterSpeedValue")
        time_s = 2.0**-speed if speed is not None and abs(speed) < _MOST_APEX else None
    if f_number is None:
        aperture = _number(tags, "EXIF ApertureValue")
        usable = aperture is not None and abs(aperture) < _MOST_APEX
        f_number = 2.0 ** (aperture / 2) if usable and aperture is not None else None
    found = Exposure(
        time_s=time_s,
        f_number=f_number,
        iso=iso,
        bias_ev=_number(tags, "EXIF ExposureBiasValue"),
        flash_fired=None if flash is None else bool(int(flash) & 1),
        brightness_ev=_number(tags, "EXIF BrightnessValue"),
    )
    return None if found == Exposure() else found


def _number(tags: Mapping[str, Tag], name: str) -> float | None:
    """The first value of a tag of numbers; None if it has none or is divided by zero."""
    tag = tags.get(name)
    value = tag.values[0] if tag is not None and tag.values else None
    if isinstance(value, tuple):
        top, bottom = value
        return top / bottom if bottom else None
    return float(value) if isinstance(value, int) else None
