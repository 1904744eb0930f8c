"""Formats that keep next to nothing: GIF and BMP; and RAF, a JPEG with raw pixels behind it."""

from __future__ import annotations

import struct
from dataclasses import replace

from imagery.photo.containers.jpeg import walk_jpeg
from imagery.photo.containers.parts import Draft, Source, find

_GIF_XMP = b"\x21\xff\x0bXMP DataXMP"
RAF_JPEG_AT = 84
"""Where a RAF file says where its JPEG begins and how long it is."""

_MOST_XMP = 1_000_000


def walk_simple(data: Source, draft: Draft) -> None:
    """Find the parts of a GIF, BMP or RAF file."""
    {"GIF": _gif, "BMP": _bmp, "RAF": _raf}[draft.format](data, draft)


def _gif(data: Source, draft: Draft) -> None:
    head = data[6:10]
    if len(head) == 4:
        draft.width, draft.height = struct.unpack("<HH", head)
    # XMP specification part 3, 1.1.2: the packet stands in the open, then a ramp of bytes by which
    # readers of sub-blocks find the end.
    at = find(data, _GIF_XMP, 13)
    if at >= 0:
        start = at + len(_GIF_XMP)
        end = find(data, b"\x01\xff\xfe\xfd", start, start + _MOST_XMP)
        if end >= 0:
            draft.add_xmp(data[start:end], offset=start, where="application extension")


def _bmp(data: Source, draft: Draft) -> None:
    head = data[14:26]
    if len(head) == 12:
        (size,) = struct.unpack_from("<I", head)
        width, height = struct.unpack_from("<HH" if size == 12 else "<ii", head, 4)
        if width > 0 and height:
            draft.width, draft.height = width, abs(height)


def _raf(data: Source, draft: Draft) -> None:
    head = data[RAF_JPEG_AT : RAF_JPEG_AT + 8]
    start, length = struct.unpack(">II", head) if len(head) == 8 else (0, 0)
    picture = data[start : start + length] if start else b""
    if not picture.startswith(b"\xff\xd8"):
        draft.trouble("it holds no JPEG where a RAF file has it", metadata=True)
        return
    if len(picture) < length:
        draft.trouble("the file ends before its JPEG does", metadata=True)
    walk_jpeg(picture, draft)
    # The size of the JPEG is not that of the photo, and offsets count from the file's start.
    draft.width = draft.height = None
    draft.trailing_bytes = 0
    draft.exif = [replace(block, offset=block.offset + start) for block in draft.exif]
    draft.xmp = [
        replace(block, offset=block.offset + start) if block.offset >= 0 else block
        for block in draft.xmp
    ]
