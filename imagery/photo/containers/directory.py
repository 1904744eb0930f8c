"""Directories of a TIFF (TIFF 6.0, section 2): entries of tag, type, count and value.

Only their structure is read here: what an entry's bytes mean is ``tiff_tags``' business.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from imagery.photo.containers.parts import TIFF_HEADS, Source

SIZES: Mapping[int, int] = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    # UTF-8, of EXIF 3.0.
    129: 1,
}
"""Bytes of one value by type."""

MOST_ENTRIES = 2_000
"""Entries of one directory that are looked at; EXIF knows fewer than 200 tags."""

_EXIF_AT, _GPS_AT = 0x8769, 0x8825
_MOST_VALUE = 1 << 20
_MOST_KEPT = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry.

    Attributes:
        tag: its number.
        kind: its type; a type that TIFF does not know has ``size`` 0.
        count: how many values it says it has.
        at: where the bytes of its values begin: in the entry itself if they are four or fewer.
        size: how many bytes they are.
    """

    tag: int
    kind: int
    count: int
    at: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One directory.

    Attributes:
        at: where it begins.
        stated: how many entries it says it has.
        entries: those that are there, at most ``MOST_ENTRIES``.
        follows: where the next one begins; 0 if there is none, None if the file ends before.
    """

    at: int
    stated: int
    entries: tuple[Entry, ...]
    follows: int | None

    def entry(self, tag: int) -> Entry | None:
        """The first entry of a tag."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


def order_of(data: Source) -> str:
    """The byte order of a TIFF as ``struct`` writes it: "<" or ">"."""
    return "<" if data[:2] == b"II" else ">"


def first_directory(data: Source) -> int | None:
    """Where the first directory begins; None if the file ends before it says."""
    head = data[4:8]
    return int(struct.unpack(order_of(data) + "I", head)[0]) if len(head) == 4 else None


def read_directory(data: Source, at: int) -> Directory | None:
    """The directory at ``at``; None if there are no bytes for one."""
    order = order_of(data)
    head = data[at : at + 2] if at >= 0 else b""
    if len(head) < 2:
        return None
    (stated,) = struct.unpack(order + "H", head)
    count = min(stated, MOST_ENTRIES)
    body = data[at + 2 : at + 2 + 12 * count + 4]
    whole = min(count, len(body) // 12)
    entries = []
    for number, (tag, kind, values, place) in enumerate(
        struct.iter_unpack(order + "HHII", body[: 12 * whole])
    ):
        size = SIZES.get(kind, 0) * values
        entries.append(
            Entry(
                tag=tag,
                kind=kind,
                count=values,
                at=place if size > 4 else at + 2 + 12 * number + 8,
                size=size,
            )
        )
    tail = body[12 * whole : 12 * whole + 4]
    follows = None
    if whole == stated and len(tail) == 4:
        (follows,) = struct.unpack(order + "I", tail)
    return Directory(at=at, stated=stated, entries=tuple(entries), follows=follows)


def number_of(data: Source, entry: Entry | None) -> int | None:
    """The first value of an entry of whole numbers; None if there is none."""
    if entry is None or entry.kind not in (1, 3, 4, 13) or not entry.size:
        return None
    size = SIZES[entry.kind]
    piece = data[entry.at : entry.at + size]
    return int.from_bytes(piece, "little" if order_of(data) == "<" else "big") if piece else None


def joined(*, main: Source, exif: Source | None, gps: Source | None) -> bytes | None:
    """One EXIF block of three TIFFs whose first directories are its main, EXIF and GPS directory.

    Values of more than 1 MB are left out, and all beyond 16 MB. None if the first is no TIFF; one
    of the others is left out if it is none or of another byte order.
    """
    order = order_of(main)
    if main[:4] not in TIFF_HEADS:
        return None
    parts: list[tuple[int, Source, Directory]] = []
    for link, source in ((0, main), (_EXIF_AT, exif), (_GPS_AT, gps)):
        if source is None or source[:4] not in TIFF_HEADS or order_of(source) != order:
            continue
        directory = read_directory(source, first_directory(source) or 0)
        if directory is not None:
            parts.append((link, source, directory))
    return _laid_out(order, main[:4], parts)


def compact(data: Source) -> bytes | None:
    """The main, EXIF and GPS directories of a large TIFF as a block by themselves.

    Values of more than 1 MB, such as pixels, are left out, and all beyond 16 MB.
    """
    main = read_directory(data, first_directory(data) or 0)
    if main is None:
        return None
    parts: list[tuple[int, Source, Directory]] = [(0, data, main)]
    for link in (_EXIF_AT, _GPS_AT):
        at = number_of(data, main.entry(link))
        directory = read_directory(data, at) if at else None
        if directory is not None:
            parts.append((link, data, directory))
    mark = b"II*\0" if order_of(data) == "<" else b"MM\0*"
    return _laid_out(order_of(data), mark, parts)


def _laid_out(order: str, mark: bytes, parts: list[tuple[int, Source, Directory]]) -> bytes:
    links = {link for link, _, _ in parts if link}
    starts: dict[int, int] = {}
    at = 8
    kept: dict[int, list[tuple[Entry, bytes]]] = {}
    left = _MOST_KEPT
    for link, source, directory in parts:
        kept[link] = []
        for entry in directory.entries:
            if entry.size <= min(_MOST_VALUE, left) and (link or entry.tag not in links):
                kept[link].append((entry, source[entry.at : entry.at + entry.size]))
                left -= entry.size
        if not link:
            blank = bytes(4)
            kept[link] += [(Entry(tag=tag, kind=4, count=1, at=0, size=4), blank) for tag in links]
            kept[link].sort(key=lambda pair: pair[0].tag)
        starts[link] = at
        at += (
            6
            + 12 * len(kept[link])
            + sum(len(value) + len(value) % 2 for _, value in kept[link] if len(value) > 4)
        )
    out = [mark, struct.pack(order + "I", 8)]
    for link, _, _ in parts:
        room = starts[link] + 6 + 12 * len(kept[link])
        head, values = [struct.pack(order + "H", len(kept[link]))], []
        for entry, value in kept[link]:
            if entry.tag in links and not link:
                place = struct.pack(order + "I", starts[entry.tag])
            elif entry.size <= 4:
                place = value.ljust(4, b"\0")
            else:
                # A value the file has not all of points beyond the end, as it did there.
                place = struct.pack(order + "I", room if len(value) == entry.size else 0xFFFFFFF0)
                values.append(value + bytes(len(value) % 2))
                room += len(values[-1])
            head.append(struct.pack(order + "HHI", entry.tag, entry.kind, entry.count) + place)
        out += [*head, bytes(4), *values]
    return b"".join(out)
