"""``read_photo``: from a file to its facts, whatever the file is.

Pixels are not decoded to get at the facts. A file is walked by its own format (``containers``), its
EXIF block is read three times and compared (``readings``), its XMP and IPTC give words, history and
a second position; signals say what an examiner should look at.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from io import BufferedReader
from pathlib import Path

from imagery.errors import PhotoError
from imagery.photo.conflicts import places_apart
from imagery.photo.containers.opened import OpenFile
from imagery.photo.containers.parts import Parts, Source, walk
from imagery.photo.exif import Tag
from imagery.photo.facts import PhotoFacts, Status
from imagery.photo.fields import text_of
from imagery.photo.history import editing_of
from imagery.photo.iptc import IptcFacts, iptc_facts
from imagery.photo.provenance import Credentials
from imagery.photo.readings import Readings, read_blocks
from imagery.photo.signals import signals_of
from imagery.photo.words import Words
from imagery.photo.xmp import XmpFacts, xmp_facts
from imagery.photo.zones import with_zone

MOST_BYTES = 200_000_000
"""Files above this size are refused: larger than any camera's photo."""

_MOST_IN_MEMORY = 32_000_000
_MOST_PIXELS = 2_000_000_000
_MOST_CAPTION = 2_000
_BIG_TIFF = "BigTIFF"
# In a TIFF every file has tags that only say how its pixels are stored.
_TELLING = re.compile(
    r"(EXIF|GPS) .*|Image (Make|Model|Software|DateTime|Artist|Copyright|ImageDescription)"
)
# What cameras write into the description of every picture.
_CAMERAS_OWN = re.compile(r"[A-Z ]*DIGITAL (CAMERA|STILL CAMERA)")


def read_photo(
    path: Path,
    *,
    trust_list: str | None = None,
    pixels: bool = False,
    zones: bool = True,
) -> PhotoFacts:
    """Read the facts in one photo file.

    Args:
        path: the file.
        trust_list: certificates of authorities whose content credentials are trusted (PEM text,
            see ``provenance.read_trust_list``).
        pixels: look also for what only the pixels of a file of up to 32 MB show, double
            compression and a thumbnail of another picture; takes several times as long.
        zones: hold the clock against the zone of the place, which loads a map of all zones.

    Raises:
        PhotoError: the file is missing, too large or not an image.
    """
    try:
        if not path.exists():
            raise PhotoError(f"{path} does not exist; check the name")
        if not path.is_file():
            raise PhotoError(f"{path} is not a file; name an image file")
        with path.open("rb") as handle:
            facts = _read(path, handle, trust_list=trust_list, pixels=pixels)
    except (OSError, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError(f"{path} cannot be opened ({error}); check the file") from error
    return with_zone(facts) if zones else facts


def _read(
    path: Path, handle: BufferedReader, *, trust_list: str | None, pixels: bool
) -> PhotoFacts:
    opened = OpenFile(handle)
    if len(opened) > MOST_BYTES:
        raise PhotoError(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB; name the photo itself"
        )
    # A large file is read in slices; what matters of it is little.
    data: Source = opened[:] if len(opened) <= _MOST_IN_MEMORY else opened
    if isinstance(data, bytes):
        sha256 = hashlib.sha256(data).hexdigest()
    else:
        handle.seek(0)
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    parts = walk(data)
    if parts is None or _nothing(parts):
        raise PhotoError(
            f"{path} is not an image that can be read; give a JPEG, PNG, TIFF, WebP, HEIC, AVIF, "
            "JPEG XL or raw file"
        )
    if (parts.width or 0) * (parts.height or 0) > _MOST_PIXELS:
        raise PhotoError(
            f"{path} claims too many pixels to be a photo ({parts.width} x {parts.height})"
        )
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    if parts.format == _BIG_TIFF:
        return PhotoFacts(path=name, sha256=sha256, status="unsupported", format="TIFF")
    credentials = _credentials(data, parts, trust_list) if parts.jumbf else None
    facts = _facts(name, sha256, data, parts, credentials)
    if not pixels or not isinstance(data, bytes):
        return facts
    from imagery.photo.signals import pixel_signals

    seen = pixel_signals(data, parts, facts.thumbnail)
    return replace(facts, signals=(*facts.signals, *seen))


def _credentials(data: Source, parts: Parts, trust_list: str | None) -> Credentials:
    from imagery.photo.provenance import read_credentials

    if not isinstance(data, bytes):
        most = _MOST_IN_MEMORY // 1_000_000
        return Credentials(present=True, problems=(f"not checked in files of more than {most} MB",))
    return read_credentials(data, parts.format, trust_list=trust_list)


def _nothing(parts: Parts) -> bool:
    """Whether a file only starts like an image."""
    held = parts.width or parts.exif or parts.xmp or parts.iptc or parts.jumbf or parts.broken
    return not held and parts.format != _BIG_TIFF


def _facts(
    name: str, sha256: str, data: Source, parts: Parts, credentials: Credentials | None
) -> PhotoFacts:
    readings = read_blocks(data, parts)
    xmp, iptc, lost_words = _texts(parts)
    fields, gps = readings.fields, readings.fields.gps
    words = _captions(readings.tags).and_then(iptc.words).and_then(xmp.words)
    apart = places_apart(gps.position, xmp.position)
    conflicts = (*readings.conflicts, *([apart] if apart else []))
    broken = (*parts.broken, *readings.broken)
    told = _told(parts, readings)
    status: Status = "no_metadata"
    if broken or (lost_words and not told):
        status = "malformed"
    elif told or xmp != XmpFacts() or iptc != IptcFacts() or credentials is not None:
        status = "ok"
    seen = signals_of(
        fields,
        words,
        conflicts,
        name=name,
        parts=parts,
        xmp=xmp,
        iptc=iptc,
        credentials=credentials,
    )
    lost = next((problem for problem in broken if "GPS" in problem), None)
    return PhotoFacts(
        path=name,
        sha256=sha256,
        status=status,
        format=parts.format,
        width=parts.width,
        height=parts.height,
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
        captions=words.captions,
        places_said=words.places,
        signals=seen,
        conflicts=conflicts,
        problems=tuple(
            dict.fromkeys(
                (
                    *broken,
                    *parts.problems,
                    *lost_words,
                    *gps.problems,
                    *fields.problems,
                    *readings.remarks,
                )
            )
        ),
        raw=readings.raw,
        lens=fields.lens,
        exposure=fields.exposure,
        datum=gps.datum,
        implied_offset=fields.implied_offset,
        created=xmp.created or iptc.created,
        credit=iptc.credit or xmp.credit or fields.credit,
        editing=editing_of(xmp.history, credentials.actions if credentials else ()),
        location_shown=xmp.location_shown,
        location_created=xmp.location_created,
        xmp_position=xmp.position,
        thumbnail=readings.thumbnail,
        credentials=credentials,
    )


def _told(parts: Parts, readings: Readings) -> bool:
    """Whether there is metadata beyond how the pixels of the file are stored."""
    if parts.exif and parts.exif[0].where in ("the file", "directories of the file"):
        return any(_TELLING.fullmatch(name) for name in readings.tags)
    return bool(readings.tags)


def _texts(parts: Parts) -> tuple[XmpFacts, IptcFacts, tuple[str, ...]]:
    """What XMP and IPTC say, and what of them could not be read."""
    xmp = xmp_facts(*(block.data for block in parts.xmp)) if parts.xmp else XmpFacts()
    iptc = iptc_facts(parts.iptc[0].data) if parts.iptc else IptcFacts()
    return xmp, iptc, (*xmp.problems, *iptc.problems)


def _captions(tags: Mapping[str, Tag]) -> Words:
    description = text_of(tags, "Image ImageDescription", most=_MOST_CAPTION)
    if not description or _CAMERAS_OWN.fullmatch(description):
        return Words()
    return Words.of(captions=[description], places=[])
