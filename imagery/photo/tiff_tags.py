"""The tags of an EXIF block, read by a walker of our own that keeps to the letter.

The other readers are made to get something out of any file. This one says where a block is not
what EXIF 2.32 (CIPA DC-008) and TIFF 6.0 demand: a value or a directory beyond the end, two values
in the same bytes, a tag twice, a type or a count that is not the tag's own. That is how a damaged
block shows when the damage is in a length or a pointer and the numbers it leads to look well
enough. What sound cameras are known to do otherwise is no fault: directories in no order, signed
fractions, one value for two tags.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from imagery.photo.containers.directory import (
    MOST_ENTRIES,
    Directory,
    Entry,
    first_directory,
    number_of,
    order_of,
    read_directory,
)
from imagery.photo.exif import Rational, Tag

MAIN = {
    0x000B: "ProcessingSoftware",
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0112: "Orientation",
    0x0131: "Software",
    0x0132: "DateTime",
    0x013B: "Artist",
    0x013C: "HostComputer",
    0x8298: "Copyright",
    0x8769: "ExifOffset",
    0x8825: "GPSInfo",
}
EXIF = {
    0x829A: "ExposureTime",
    0x829D: "FNumber",
    0x8827: "ISOSpeedRatings",
    0x8832: "RecommendedExposureIndex",
    0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x9010: "OffsetTime",
    0x9011: "OffsetTimeOriginal",
    0x9012: "OffsetTimeDigitized",
    0x9201: "ShutterSpeedValue",
    0x9202: "ApertureValue",
    0x9203: "BrightnessValue",
    0x9204: "ExposureBiasValue",
    0x9209: "Flash",
    0x9290: "SubSecTime",
    0x9291: "SubSecTimeOriginal",
    0xA433: "LensMake",
    0xA434: "LensModel",
}
GPS = {
    0x00: "GPSVersionID",
    0x01: "GPSLatitudeRef",
    0x02: "GPSLatitude",
    0x03: "GPSLongitudeRef",
    0x04: "GPSLongitude",
    0x05: "GPSAltitudeRef",
    0x06: "GPSAltitude",
    0x07: "GPSTimeStamp",
    0x10: "GPSImgDirectionRef",
    0x11: "GPSImgDirection",
    0x12: "GPSMapDatum",
    0x1D: "GPSDate",
    0x1F: "GPSHPositioningError",
}
"""Names of the tags that facts are made of, by number, as the first reader calls them."""

_EXIF_AT, _GPS_AT = 0x8769, 0x8825
_THUMBNAIL_AT, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_MOST_THUMBNAIL = 1_000_000
_MOST_VALUES = 1_000
_MOST_TEXT = 70_000
_TEXT, _RATIONAL, _SIGNED_RATIONAL = 2, 5, 10
_WHOLE = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I"}
_FRACTIONS = {5: "II", 10: "ii"}
# How many fractions each GPS tag of fractions holds (CIPA DC-008, 4.6.6).
_FRACTIONS_OF: Mapping[int, int] = {
    **dict.fromkeys((0x02, 0x04, 0x07, 0x14, 0x16), 3),
    **dict.fromkeys((0x06, 0x0B, 0x0D, 0x0F, 0x11, 0x18, 0x1A, 0x1F), 1),
}
_LAST_GPS_TAG = 0x1F


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What the walker found.

    Attributes:
        tags: the tags named in ``MAIN``, ``EXIF`` and ``GPS``, by name ("GPS GPSLatitude").
        thumbnail: the JPEG that the second directory points to.
        problems: where the block is not what it should be, in words.
    """

    tags: Mapping[str, Tag]
    thumbnail: bytes | None
    problems: tuple[str, ...]


def walk_tags(block: bytes) -> Walked:
    """Read the directories of an EXIF block, which starts with a TIFF header."""
    walk = _Walk(block)
    main = walk.directory("main", first_directory(block))
    if main is None:
        return Walked(tags={}, thumbnail=None, problems=tuple(walk.problems))
    tags = dict(walk.tags_of("Image", MAIN, main))
    for name, group, names, link in (
        ("EXIF", "EXIF", EXIF, main.entry(_EXIF_AT)),
        ("GPS", "GPS", GPS, main.entry(_GPS_AT)),
    ):
        if link is None:
            continue
        if link.kind not in (4, 13) or link.count != 1:
            walk.problems.append(f"the pointer to the {name} directory is not one number")
        found = walk.directory(name, number_of(block, link))
        if found is not None:
            tags.update(walk.tags_of(group, names, found))
            if name == "GPS":
                walk.check_gps(found)
    thumbnail = walk.thumbnail(main.follows)
    walk.check_overlaps()
    return Walked(tags=tags, thumbnail=thumbnail, problems=tuple(dict.fromkeys(walk.problems)))


class _Walk:
    def __init__(self, block: bytes) -> None:
        self.block = block
        self.order = order_of(block)
        self.problems: list[str] = []
        # (start, stop, what) of directories and values.
        self.taken: list[tuple[int, int, str]] = []

    def directory(self, name: str, at: int | None) -> Directory | None:
        found = read_directory(self.block, at) if at is not None and at >= 8 else None
        if found is None or found.at + 2 + 12 * found.stated > len(self.block):
            self.problems.append(f"the {name} directory lies beyond the end of the metadata")
        if found is None:
            return None
        if found.stated > MOST_ENTRIES:
            self.problems.append(f"the {name} directory claims {found.stated} entries")
        self.taken.append((found.at, found.at + 2 + 12 * found.stated, f"the {name} directory"))
        return found

    def tags_of(
        self, group: str, names: Mapping[int, str], directory: Directory
    ) -> Iterator[tuple[str, Tag]]:
        seen: set[int] = set()
        for entry in directory.entries:
            name = names.get(entry.tag)
            called = f"{group} {name or f'tag 0x{entry.tag:04X}'}"
            if entry.tag in seen:
                self.problems.append(f"{called} stands twice")
            seen.add(entry.tag)
            if entry.size > 4:
                if entry.at + entry.size > len(self.block):
                    self.problems.append(f"{called} lies beyond the end of the metadata")
                    continue
                self.taken.append((entry.at, entry.at + entry.size, called))
            if name is None:
                continue
            if not entry.size and entry.kind != _TEXT:
                self.problems.append(f"{called} has no value of a known type")
                continue
            tag = self._tag(entry)
            if tag is not None:
                yield f"{group} {name}", tag

    def _tag(self, entry: Entry) -> Tag | None:
        if entry.kind in (_TEXT, 129):
            said = self.block[entry.at : entry.at + min(entry.size, _MOST_TEXT)].partition(b"\0")[0]
            try:
                text = said.decode("utf-8")
            except UnicodeDecodeError:
                text = said.decode("latin-1")
            return Tag(kind="text", values=(text,), printed="")
        if entry.count > _MOST_VALUES:
            return None
        raw = self.block[entry.at : entry.at + entry.size]
        if entry.kind in _FRACTIONS:
            pairs: tuple[Rational, ...] = tuple(
                struct.iter_unpack(self.order + _FRACTIONS[entry.kind], raw)
            )
            return Tag(kind="rational", values=pairs, printed="")
        if entry.kind in _WHOLE:
            numbers = struct.iter_unpack(self.order + _WHOLE[entry.kind], raw)
            return Tag(kind="integer", values=tuple(number for (number,) in numbers), printed="")
        return Tag(kind="other", values=(), printed="")

    def check_gps(self, directory: Directory) -> None:
        for entry in directory.entries:
            called = GPS.get(entry.tag, f"GPS tag 0x{entry.tag:04X}")
            count = _FRACTIONS_OF.get(entry.tag, 0)
            if entry.tag > _LAST_GPS_TAG:
                self.problems.append(f"{called} is none that EXIF knows")
            elif count and (
                entry.kind not in (_RATIONAL, _SIGNED_RATIONAL) or entry.count != count
            ):
                self.problems.append(
                    f"{called} is of type {entry.kind} and count {entry.count}, not {_RATIONAL} "
                    f"and {count}"
                )

    def thumbnail(self, at: int | None) -> bytes | None:
        found = read_directory(self.block, at) if at else None
        if found is None:
            return None
        start = number_of(self.block, found.entry(_THUMBNAIL_AT))
        length = number_of(self.block, found.entry(_THUMBNAIL_LENGTH))
        if not start or not length or length > _MOST_THUMBNAIL:
            return None
        picture = self.block[start : start + length]
        return picture if len(picture) == length and picture.startswith(b"\xff\xd8") else None

    def check_overlaps(self) -> None:
        before = (0, 0, "")
        for start, stop, what in sorted(self.taken):
            # Writers that save space let equal values of two tags share their bytes; latitude and
            # longitude, say, are not equal.
            shared = (start, stop) == before[:2] and not any(
                named.startswith(("GPS ", "the ")) for named in (what, before[2])
            )
            if start < before[1] and not shared:
                self.problems.append(f"{what} stands in the same bytes as {before[2]}")
            if stop > before[1]:
                before = (start, stop, what)
