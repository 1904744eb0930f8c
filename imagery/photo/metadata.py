"""``read_photo``: from a file to its facts, whatever the file is.

Pixels are never decoded. EXIF is read from JPEG, TIFF, PNG and WebP; HEIF and AVIF files are
recognised and reported as unsupported for now.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from imagery.errors import DECODER_ERRORS, PhotoError
from imagery.photo.container import DamagedError, exif_block
from imagery.photo.exif import Tag, Tags, read_tags
from imagery.photo.facts import PhotoFacts, Status
from imagery.photo.gps import read_gps

MOST_BYTES = 200_000_000
"""Files above this size are refused: larger than any camera's photo."""

_FORMATS = ("JPEG", "TIFF", "PNG", "WEBP", "GIF", "BMP")
_MOST_RAW = 300
_MOST_TEXT = 200
# In a TIFF every file has tags that only say how its pixels are stored.
_TELLING = re.compile(
    r"(EXIF|GPS) .*|Image (Make|Model|Software|DateTime|Artist|Copyright|ImageDescription)"
)
_DATE_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_BLANK_DATE = re.compile(r"[\s0:]*")


def read_photo(path: Path) -> PhotoFacts:
    """Read the facts in one photo file.

    Raises:
        PhotoError: the file is missing, too large or not an image.
    """
    data = _bytes_of(path)
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    sha256 = hashlib.sha256(data).hexdigest()
    boxed = _boxed_format(data)
    if boxed:
        return PhotoFacts(path=name, sha256=sha256, status="unsupported", format=boxed)
    kind, width, height = _header(data, path)

    def facts(status: Status, problems: tuple[str, ...], **more: Any) -> PhotoFacts:
        return PhotoFacts(
            path=name,
            sha256=sha256,
            format=kind,
            width=width,
            height=height,
            status=status,
            problems=problems,
            **more,
        )

    try:
        block = exif_block(data, kind)
        found = read_tags(block) if block else Tags(tags={}, problems=())
    except DamagedError as error:
        return facts("malformed", (str(error),))
    tags = found.tags
    raw = tuple((tag_name, tag.printed) for tag_name, tag in list(tags.items())[:_MOST_RAW])
    told = any(_TELLING.fullmatch(tag_name) for tag_name in tags) if kind == "TIFF" else bool(tags)
    if not told:
        return facts("malformed" if found.problems else "no_metadata", found.problems, raw=raw)
    gps = read_gps(tags)
    lost = next((problem for problem in found.problems if "GPS" in problem), None)
    taken_at, utc_offset, time_problems = _taken_at(tags)
    return facts(
        "ok",
        (*found.problems, *gps.problems, *time_problems),
        position=gps.position,
        position_problem=gps.position_problem or (lost if gps.position is None else None),
        altitude_m=gps.altitude_m,
        heading_deg=gps.heading_deg,
        heading_reference=gps.heading_reference,
        taken_at=taken_at,
        utc_offset=utc_offset,
        gps_time_utc=gps.time_utc,
        make=_text(tags, "Image Make"),
        model=_text(tags, "Image Model"),
        orientation=_orientation(tags),
        software=_text(tags, "Image Software"),
        raw=raw,
    )


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.exists():
            raise PhotoError(f"{path} does not exist; check the name")
        if not path.is_file():
            raise PhotoError(f"{path} is not a file; name an image file")
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError(f"{path} cannot be opened ({error}); check the file") from error
    if len(data) > MOST_BYTES:
        raise PhotoError(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB; name the photo itself"
        )
    return data


def _boxed_format(data: bytes) -> str | None:
    """HEIF and AVIF start with an ISO base media "ftyp" box that lists their brands."""
    if data[4:8] != b"ftyp":
        return None
    brands = data[8:64]
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    return "HEIF" if any(b in brands for b in (b"heic", b"heix", b"mif1", b"heif")) else None


def _header(data: bytes, path: Path) -> tuple[str, int, int]:
    """Format, width and height, as Pillow reads them from the header."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # Large pictures are no danger here, as no pixel is decoded; other warnings concern
            # metadata, which is read elsewhere.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                kind, (width, height) = str(image.format), image.size
    except Image.DecompressionBombError as error:
        raise PhotoError(f"{path} claims too many pixels to be a photo ({error})") from error
    except (UnidentifiedImageError, *DECODER_ERRORS) as error:
        raise PhotoError(
            f"{path} is not an image that can be read; give a JPEG, PNG, TIFF or WebP file"
        ) from error
    # Several pictures in one JPEG: the first is the photo.
    return ("JPEG" if kind == "MPO" else kind), width, height


def _text(tags: Mapping[str, Tag], name: str) -> str | None:
    tag = tags.get(name)
    if tag is None or tag.kind != "text":
        return None
    return str(tag.values[0]).strip("\0 \t\r\n")[:_MOST_TEXT] or None


def _orientation(tags: Mapping[str, Tag]) -> int | None:
    tag = tags.get("Image Orientation")
    value = tag.values[0] if tag and tag.kind == "integer" and tag.values else None
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _taken_at(tags: Mapping[str, Tag]) -> tuple[datetime | None, str | None, tuple[str, ...]]:
    """DateTimeOriginal with its fraction and offset; the offset alone is worth nothing."""
    text = _text(tags, "EXIF DateTimeOriginal")
    if text is None or _BLANK_DATE.fullmatch(text):
        return None, None, ()
    found = _DATE_TIME.fullmatch(text)
    try:
        moment = (
            datetime.fromisoformat("{}-{}-{} {}:{}:{}".format(*found.groups())) if found else None
        )
    except ValueError:
        moment = None
    if moment is None:
        return None, None, (f"DateTimeOriginal is not a date and time: {text[:40]!r}",)
    digits = _text(tags, "EXIF SubSecTimeOriginal") or ""
    if re.fullmatch(r"\d{1,9}", digits, re.ASCII):
        moment = moment.replace(microsecond=int(digits.ljust(6, "0")[:6]))
    offset_text = _text(tags, "EXIF OffsetTimeOriginal")
    if offset_text is None:
        return moment, None, ()
    offset = _OFFSET.fullmatch(offset_text)
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else timedelta()
    if not offset or ahead > timedelta(hours=14) or int(offset[3]) >= 60:
        problem = f"OffsetTimeOriginal is not an offset: {offset_text[:20]!r}"
        return moment, None, (problem,)
    zone = timezone(-ahead if offset[1] == "-" else ahead)
    return moment.replace(tzinfo=zone), offset_text, ()
