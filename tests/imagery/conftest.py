"""Photos and rasters made on the spot, with every value known."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

Entry = tuple[int, int, int, bytes]
"""Tag, type, count and the value's bytes (little-endian)."""


def ascii_entry(tag: int, text: str) -> Entry:
    data = text.encode() + b"\0"
    return tag, 2, len(data), data


def rational_entry(tag: int, *pairs: tuple[int, int]) -> Entry:
    return tag, 5, len(pairs), b"".join(struct.pack("<II", *pair) for pair in pairs)


def short_entry(tag: int, value: int) -> Entry:
    return tag, 3, 1, struct.pack("<H", value)


def byte_entry(tag: int, value: int) -> Entry:
    return tag, 1, 1, bytes([value])


def _directory(entries: Sequence[Entry], start: int) -> bytes:
    """One IFD at offset ``start`` with its values behind it."""
    head = struct.pack("<H", len(entries))
    room = start + 2 + 12 * len(entries) + 4
    values = b""
    for tag, kind, count, data in sorted(entries):
        if len(data) <= 4:
            place = data.ljust(4, b"\0")
        else:
            place = struct.pack("<I", room + len(values))
            values += data + b"\0" * (len(data) % 2)
        head += struct.pack("<HHI", tag, kind, count) + place
    return head + struct.pack("<I", 0) + values


def exif_block(
    main: Sequence[Entry] = (), exif: Sequence[Entry] = (), gps: Sequence[Entry] = ()
) -> bytes:
    """A little-endian EXIF block, byte by byte, so that it can hold what no writer would write."""
    links = ([0x8769] if exif else []) + ([0x8825] if gps else [])
    blank = [*main, *((tag, 4, 1, b"\0\0\0\0") for tag in links)]
    first = 8
    exif_at = first + len(_directory(blank, first))
    exif_part = _directory(exif, exif_at) if exif else b""
    gps_at = exif_at + len(exif_part)
    gps_part = _directory(gps, gps_at) if gps else b""
    where = {0x8769: exif_at, 0x8825: gps_at}
    linked = [*main, *((tag, 4, 1, struct.pack("<I", where[tag])) for tag in links)]
    return b"II*\0" + struct.pack("<I", first) + _directory(linked, first) + exif_part + gps_part


def gps_entries(
    lat: Sequence[tuple[int, int]] = ((33, 1), (30, 1), (2100, 100)),
    lat_ref: str | None = "N",
    lon: Sequence[tuple[int, int]] = ((38, 1), (37, 1), (400, 100)),
    lon_ref: str | None = "E",
    *more: Entry,
) -> list[Entry]:
    """A position, 33°30'21" N 38°37'04" E unless told otherwise; None leaves a letter out."""
    entries = [rational_entry(2, *lat), rational_entry(4, *lon), *more]
    if lat_ref is not None:
        entries.append(ascii_entry(1, lat_ref))
    if lon_ref is not None:
        entries.append(ascii_entry(3, lon_ref))
    return entries


def with_segment(image: bytes, block: bytes, before: bytes = b"") -> bytes:
    """A JPEG with ``block`` as its EXIF segment, ``before`` standing between start and segment."""
    body = b"Exif\0\0" + block
    return image[:2] + before + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + image[2:]


@pytest.fixture(scope="session")
def plain_jpeg() -> bytes:
    """A JPEG of 64 x 48 pixels without metadata."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def jpeg_with(tmp_path: Path, plain_jpeg: bytes) -> Callable[..., Path]:
    """Writes a JPEG whose EXIF block is made of the given entries (or is the given bytes)."""

    def write(block: bytes | None = None, before: bytes = b"", **entries: Sequence[Entry]) -> Path:
        path = tmp_path / "photo.jpg"
        path.write_bytes(
            with_segment(plain_jpeg, exif_block(**entries) if block is None else block, before)
        )
        return path

    return write
