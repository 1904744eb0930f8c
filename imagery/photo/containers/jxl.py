"""JPEG XL: the container of boxes (ISO/IEC 18181-2) and the size in the code stream (18181-1, D.2).

EXIF, XMP and JUMBF each have a box of their own, or a box ``brob`` that holds one packed with
Brotli.
"""

from __future__ import annotations

from imagery.photo.containers.boxes import boxes, named
from imagery.photo.containers.inflate import InflateError, unbrotlied
from imagery.photo.containers.parts import Draft, Source

_MOST_BODY = 16_000_000
_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}


def walk_jxl(data: Source, draft: Draft) -> None:
    """Find the parts of a JPEG XL file, bare or in boxes."""
    if data[:2] == b"\xff\x0a":
        _size(data[:32], draft)
        return
    if data[: len(_SIGNATURE)] != _SIGNATURE:
        draft.trouble("its signature box is damaged")
    for box in boxes(data, 0, len(data), draft):
        draft.segment(named(box.kind))
        if box.cut:
            draft.trouble(
                f"the file ends {box.cut} bytes before its {named(box.kind)!r} box does",
                metadata=box.kind in (b"Exif", b"xml ", b"brob"),
            )
        if box.kind in (b"jxlc", b"jxlp"):
            # A part of the stream begins with its number.
            start = box.start + (4 if box.kind == b"jxlp" else 0)
            _size(data[start : min(start + 32, box.stop)], draft)
        elif box.kind in (b"Exif", b"xml ", b"jumb"):
            body = data[box.start : min(box.stop, box.start + _MOST_BODY)]
            _metadata(box.kind, body, box.start, named(box.kind), draft)
        elif box.kind == b"brob":
            body = data[box.start : min(box.stop, box.start + _MOST_BODY)]
            kind = body[:4]
            if kind in (b"Exif", b"xml ", b"jumb"):
                try:
                    _metadata(
                        kind, draft.unpack(body[4:], unbrotlied), -1, f"brob {named(kind)}", draft
                    )
                except InflateError as error:
                    draft.trouble(f"its {named(kind)} box {error}", metadata=True)


def _metadata(kind: bytes, body: bytes, offset: int, where: str, draft: Draft) -> None:
    if kind == b"jumb":
        draft.jumbf = True
    elif kind == b"xml ":
        draft.add_xmp(body, offset=offset, where=where)
    else:
        skip = 4 + int.from_bytes(body[:4], "big")
        draft.add_exif(body[skip:], offset=offset + skip if offset >= 0 else -1, where=where)


def _size(stream: bytes, draft: Draft) -> None:
    if draft.width is not None or not stream.startswith(b"\xff\x0a"):
        return
    bits, at = int.from_bytes(stream[2:], "little"), 0

    def take(count: int) -> int:
        nonlocal at
        at += count
        return bits >> at - count & (1 << count) - 1

    def side() -> int:
        return (take(5) + 1) * 8 if small else take((9, 13, 18, 30)[take(2)]) + 1

    small = take(1)
    height = side()
    ratio = take(3)
    if ratio:
        across, down = _RATIOS[ratio]
        width = height * across // down
    else:
        width = side()
    draft.width, draft.height = width, height
