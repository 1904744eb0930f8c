"""``read_photo``: from a file to its facts, whatever the file is.

Pixels are never decoded. EXIF is read from JPEG, TIFF, PNG and WebP, by two readers that are
compared; captions from EXIF, XMP and IPTC. HEIF and AVIF files are recognised and reported as
unsupported for now.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from pathlib import Path
from typing import Any

from imagery.errors import DECODER_ERRORS, PhotoError
from imagery.photo.container import DamagedError, exif_block, iptc_records, xmp_packet
from imagery.photo.exif import Tags, read_tags
from imagery.photo.facts import PhotoFacts, Status
from imagery.photo.fields import read_fields, text_of
from imagery.photo.iptc import read_iptc
from imagery.photo.second import conflicts_of
from imagery.photo.signals import signals_of
from imagery.photo.words import Words
from imagery.photo.xmp import read_xmp

MOST_BYTES = 200_000_000
"""Files above this size are refused: larger than any camera's photo."""

_FORMATS = ("JPEG", "TIFF", "PNG", "WEBP", "GIF", "BMP")
_MOST_RAW = 300
_MOST_CAPTION = 2_000
# In a TIFF every file has tags that only say how its pixels are stored.
_TELLING = re.compile(
    r"(EXIF|GPS) .*|Image (Make|Model|Software|DateTime|Artist|Copyright|ImageDescription)"
)
# What cameras write into the description of every picture.
_CAMERAS_OWN = re.compile(r"[A-Z ]*DIGITAL (CAMERA|STILL CAMERA)")


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

    words, lost_words = _words(data, kind)
    try:
        block = exif_block(data, kind)
        found = read_tags(block) if block else Tags(tags={}, problems=())
    except DamagedError as error:
        return facts("malformed", (str(error), *lost_words), **_said(words))
    tags = found.tags
    raw = tuple((tag_name, tag.printed) for tag_name, tag in list(tags.items())[:_MOST_RAW])
    told = any(_TELLING.fullmatch(tag_name) for tag_name in tags) if kind == "TIFF" else bool(tags)
    problems = (*found.problems, *lost_words)
    if not told:
        status: Status = "malformed" if problems else "ok" if words != Words() else "no_metadata"
        signals = signals_of(read_fields({}), words, ())
        return facts(status, problems, raw=raw, signals=signals, **_said(words))
    fields = read_fields(tags)
    conflicts, gave_up = conflicts_of(block, fields) if block else ((), None)
    description = text_of(tags, "Image ImageDescription", most=_MOST_CAPTION)
    if description and not _CAMERAS_OWN.fullmatch(description):
        words = Words.of(captions=[description], places=[]).and_then(words)
    gps = fields.gps
    lost = next((problem for problem in found.problems if "GPS" in problem), None)
    return facts(
        "ok",
        (*problems, *gps.problems, *fields.problems, *([gave_up] if gave_up else [])),
        position=gps.position,
        position_problem=gps.position_problem or (lost if gps.position is None else None),
        altitude_m=gps.altitude_m,
        heading_deg=gps.heading_deg,
        heading_reference=gps.heading_reference,
        taken_at=fields.taken_at,
        utc_offset=fields.utc_offset,
        gps_time_utc=gps.time_utc,
        make=fields.make,
        model=fields.model,
        orientation=fields.orientation,
        software=fields.software,
        signals=signals_of(fields, words, conflicts),
        conflicts=conflicts,
        raw=raw,
        **_said(words),
    )


def _words(data: bytes, kind: str) -> tuple[Words, tuple[str, ...]]:
    """What XMP and IPTC say, and what of them could not be read."""
    words, problems = Words(), []
    records = iptc_records(data, kind)
    if records is not None:
        words = read_iptc(records)
    packet = xmp_packet(data, kind)
    if packet is not None:
        more, problem = read_xmp(packet)
        words = words.and_then(more)
        problems += [problem] if problem else []
    return words, tuple(problems)


def _said(words: Words) -> dict[str, tuple[str, ...]]:
    return {"captions": words.captions, "places_said": words.places}


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
