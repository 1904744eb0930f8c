"""TIFF, DNG and the raw formats that are TIFFs: the file itself is the EXIF block.

Tags: TIFF 6.0; DNG 1.7; XMP (700), IPTC (33723), Photoshop's resources (34377) and ICC (34675) by
the XMP specification, part 3, and the registered tags; content credentials (C2PA 2.1, A.4: 52545).
"""

from __future__ import annotations

from imagery.photo.containers.directory import (
    Directory,
    Entry,
    compact,
    first_directory,
    number_of,
    read_directory,
)
from imagery.photo.containers.icc import description_of
from imagery.photo.containers.parts import TIFF_HEADS, Block, Draft, Source

BIG_TIFF = "BigTIFF"
"""The format of TIFFs with 64-bit offsets, which is not read."""

_WIDTH, _HEIGHT, _MAKE, _SUB_DIRECTORIES, _SUBFILE = 0x0100, 0x0101, 0x010F, 0x014A, 0x00FE
_DNG_VERSION, _DNG_PRIVATE, _C2PA = 0xC612, 0xC634, 0xCD41
_XMP, _IPTC, _PHOTOSHOP, _ICC = 0x02BC, 0x83BB, 0x8649, 0x8773
_HEADS = {b"IIRO": "ORF", b"IIRS": "ORF", b"MMOR": "ORF", b"IIU\0": "RW2"}
_MAKERS = {b"NIKON": "NEF", b"SONY": "ARW", b"PENTAX": "PEF", b"RICOH": "PEF"}
_MOST_VALUE = 64_000_000
_MOST_WHOLE = 32_000_000
_MOST_SUB_DIRECTORIES = 20


def walk_tiff(data: Source, draft: Draft) -> None:
    """Find the parts of a TIFF file."""
    head = data[:4]
    if head in (b"II+\0", b"MM\0+"):
        draft.format = BIG_TIFF
        return
    at = first_directory(data)
    main = read_directory(data, at) if at else None
    if main is None:
        draft.trouble("its first directory lies beyond the end of the file", metadata=True)
        return
    draft.segment("IFD0")
    draft.format = _format(data, head, main)
    _size(data, main, draft)
    _blocks(data, main, draft)
    if len(data) > _MOST_WHOLE:
        block = compact(data)
        where = "directories of the file"
    else:
        order_mark = TIFF_HEADS[0] if head[:2] == b"II" else TIFF_HEADS[1]
        block = data[:] if head == order_mark else order_mark + data[4:]
        where = "the file"
    if block:
        draft.add_exif(block, offset=0, where=where)


def _format(data: Source, head: bytes, main: Directory) -> str:
    if head in _HEADS:
        return _HEADS[head]
    if data[8:10] == b"CR":
        return "CR2"
    if main.entry(_DNG_VERSION):
        return "DNG"
    maker = _bytes(data, main.entry(_MAKE)).upper()
    raw = main.entry(_SUB_DIRECTORIES) or main.entry(_DNG_PRIVATE)
    return next((kind for name, kind in _MAKERS.items() if raw and maker.startswith(name)), "TIFF")


def _size(data: Source, main: Directory, draft: Draft) -> None:
    """Of the full picture: in raw files the first directory is often a preview."""
    largest = main
    if (number_of(data, main.entry(_SUBFILE)) or 0) & 1:
        listed = main.entry(_SUB_DIRECTORIES)
        for number in range(min(listed.count, _MOST_SUB_DIRECTORIES) if listed else 0):
            assert listed is not None
            single = Entry(tag=0, kind=listed.kind, count=1, at=listed.at + 4 * number, size=4)
            at = number_of(data, single)
            inner = read_directory(data, at) if at else None
            if inner is not None and number_of(data, inner.entry(_SUBFILE)) == 0:
                largest = inner
                break
    draft.width = number_of(data, largest.entry(_WIDTH)) or None
    draft.height = number_of(data, largest.entry(_HEIGHT)) or None


def _blocks(data: Source, main: Directory, draft: Draft) -> None:
    packet, records = main.entry(_XMP), main.entry(_IPTC)
    if packet is not None and packet.size:
        draft.add_xmp(_bytes(data, packet), offset=packet.at, where="tag 700")
    if records is not None and records.size:
        body = _bytes(data, records)
        draft.iptc.append(Block(data=body, offset=records.at, where="tag 33723"))
    resources = main.entry(_PHOTOSHOP)
    if resources is not None and not draft.iptc:
        from imagery.photo.containers.jpeg import iptc_of

        found = iptc_of(_bytes(data, resources))
        if found is not None:
            draft.iptc.append(Block(data=found, offset=-1, where="tag 34377"))
    draft.icc = description_of(_bytes(data, main.entry(_ICC)))
    draft.jumbf = main.entry(_C2PA) is not None


def _bytes(data: Source, entry: Entry | None) -> bytes:
    return data[entry.at : entry.at + min(entry.size, _MOST_VALUE)] if entry else b""
