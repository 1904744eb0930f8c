"""Image files put together byte by byte, so that they can hold what no writer would write."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from PIL import Image

from tests.imagery.conftest import (
    ascii_entry,
    byte_entry,
    exif_block,
    gps_entries,
    rational_entry,
    short_entry,
    with_segment,
)

__all__ = [
    "ascii_entry",
    "byte_entry",
    "exif_block",
    "gps_entries",
    "rational_entry",
    "short_entry",
    "with_segment",
]

LAT, LON = 33.5 + 21 / 3600, 38 + 37 / 60 + 4 / 3600
"""Where ``geotagged`` says it is."""

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
    b'"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:photoshop='
    b'"http://ns.adobe.com/photoshop/1.0/" photoshop:Headline="Smoke"/></rdf:RDF></x:xmpmeta>'
)


def geotagged(make: str = "Synthetic") -> bytes:
    """An EXIF block with a maker and a position."""
    return exif_block(main=[ascii_entry(0x010F, make)], gps=gps_entries())


@cache
def encoded(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour in a format of Pillow's, without metadata."""
    out = io.BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(out, kind)
    return out.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg(*segments: bytes) -> bytes:
    """A JPEG with segments right after its start."""
    plain = encoded("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def exif_segment(block: bytes) -> bytes:
    """APP1 with an EXIF block."""
    return segment(0xE1, b"Exif\0\0" + block)


def chunk(name: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes, last: bool = False) -> bytes:
    """A PNG with chunks behind its header, or right before its end."""
    plain = encoded("PNG")
    at = len(plain) - 12 if last else 33
    return plain[:at] + b"".join(chunks) + plain[at:]


def raw_profile(kind: str, body: bytes) -> bytes:
    """A profile in hexadecimal as ImageMagick writes it."""
    digits = body.hex()
    lines = [digits[i : i + 72] for i in range(0, len(digits), 72)]
    return f"\n{kind}\n{len(body):8d}\n".encode() + "\n".join(lines).encode() + b"\n"


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP with further chunks."""
    plain = encoded("WEBP")
    # Bits of VP8X: 8 EXIF, 4 XMP.
    flags = sum({b"EXIF": 8, b"XMP ": 4}.get(name, 0) for name, _ in chunks)
    size = struct.pack("<I", flags) + (63).to_bytes(3, "little") + (47).to_bytes(3, "little")
    body = b"WEBP" + riff(b"VP8X", size) + plain[12:] + b"".join(riff(*one) for one in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff(name: bytes, body: bytes) -> bytes:
    """A RIFF chunk."""
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def box(kind: bytes, *content: bytes, wide: bool = False) -> bytes:
    """A box of the ISO base media format, with a 64-bit size if ``wide``."""
    body = b"".join(content)
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full_box(kind: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def heif(
    exif: bytes | None = None,
    *,
    xmp: bytes | None = None,
    brand: bytes = b"heic",
    method: int = 0,
    pieces: int = 1,
    skip: bytes = b"",
    size: tuple[int, int] = (640, 480),
) -> bytes:
    """A HEIF file with a picture of no pixels, and items for EXIF and XMP.

    ``method`` is where items lie, 0 in the file and 1 in ``idat``; ``pieces`` into how many extents
    the EXIF item is cut; ``skip`` stands between its length and the TIFF header.
    """
    items: list[tuple[int, bytes, bytes, bytes]] = [(1, b"hvc1", b"", b"")]
    if exif is not None:
        items.append((2, b"Exif", b"", struct.pack(">I", len(skip)) + skip + exif))
    if xmp is not None:
        items.append((3, b"mime", b"application/rdf+xml\0\0", xmp))
    store = b"".join(body for _, _, _, body in items)
    start = box(b"ftyp", brand, bytes(4), b"mif1", brand)

    def meta(at: int) -> bytes:
        infes = [
            full_box(b"infe", struct.pack(">HH", number, 0), kind, b"\0", more, version=2)
            for number, kind, more, _ in items
        ]
        places = []
        offset = at
        for number, _, _, body in items:
            count = pieces if number == 2 else 1
            cuts = [len(body) * i // count for i in range(count + 1)]
            places.append(struct.pack(">HHHH", number, method, 0, count))
            places += [struct.pack(">II", offset + a, b - a) for a, b in pairwise(cuts)]
            offset += len(body)
        ispe = full_box(b"ispe", struct.pack(">II", *size))
        ipma = full_box(b"ipma", struct.pack(">IHBB", 1, 1, 1, 0x81))
        return full_box(
            b"meta",
            full_box(b"hdlr", bytes(4), b"pict", bytes(13)),
            full_box(b"pitm", struct.pack(">H", 1)),
            full_box(b"iinf", struct.pack(">H", len(items)), *infes),
            full_box(b"iloc", b"\x44\x00", struct.pack(">H", len(items)), *places, version=1),
            box(b"iprp", box(b"ipco", ispe), ipma),
            *([box(b"idat", store)] if method == 1 else []),
        )

    if method == 1:
        return start + meta(0)
    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", store)


def jxl(*boxes: bytes) -> bytes:
    """A JPEG XL container: a code stream of 1000 x 800 that ends after its size, and boxes."""
    bits, used = 0, 0
    # Not small; height - 1 in 9 bits (selector 0) does not hold 799: selector 1, 13 bits.
    for value, width in ((0, 1), (1, 2), (799, 13), (0, 3), (1, 2), (999, 13)):
        bits |= value << used
        used += width
    stream = b"\xff\x0a" + bits.to_bytes(8, "little")
    signature = bytes.fromhex("0000000c4a584c200d0a870a")
    return (
        signature
        + box(b"ftyp", b"jxl ", bytes(4), b"jxl ")
        + b"".join(boxes)
        + box(b"jxlc", stream)
    )


def directory_tiff(entries: Sequence[tuple[int, int, int, bytes]], *, order: str = "<") -> bytes:
    """A TIFF of one directory in either byte order; values are given in that order."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    room = 8 + 2 + 12 * len(entries) + 4
    head, values = struct.pack(order + "H", len(entries)), b""
    for tag, kind, count, data in sorted(entries):
        if len(data) <= 4:
            place = data.ljust(4, b"\0")
        else:
            place = struct.pack(order + "I", room + len(values))
            values += data + bytes(len(data) % 2)
        head += struct.pack(order + "HHI", tag, kind, count) + place
    return mark + struct.pack(order + "I", 8) + head + bytes(4) + values


def pixel_entries(width: int = 4, height: int = 4) -> list[tuple[int, int, int, bytes]]:
    """What a TIFF of grey pixels needs; they would stand at its very start."""
    return [
        short_entry(tag, value)
        for tag, value in (
            *((256, width), (257, height), (258, 8), (259, 1), (262, 1)),
            *((273, 8), (278, height), (279, width * height)),
        )
    ]
