"""HEIF and AVIF (ISO/IEC 23008-12, 23000-22) and Canon's CR3, all made of boxes.

A HEIF file lists items in its ``meta`` box: the picture, and beside it EXIF and XMP. ``iinf`` says
what each is, ``iloc`` where it lies, in pieces if need be, in the file (construction method 0) or
in the box ``idat`` (1).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from imagery.photo.containers.boxes import Box, boxes, named
from imagery.photo.containers.icc import description_of
from imagery.photo.containers.inflate import InflateError, inflated
from imagery.photo.containers.parts import EXIF_MARK, TIFF_HEADS, Draft, Source

_AVIF = {b"avif", b"avis"}
_HEIF = {
    *(b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"),
    *(b"mif1", b"msf1", b"mif2", b"miaf", b"heif"),
}
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_MOST_ITEMS = 10_000
_MOST_EXTENTS, _MOST_PIECES = 1_000, 20_000
_MOST_ITEM = 16_000_000
_MOST_META = 2_000_000


def brand_format(data: Source) -> str | None:
    """What a file that starts with an ``ftyp`` box is; None if no picture (a film, say)."""
    size = int.from_bytes(data[:4], "big")
    brands = data[8 : min(max(size, 16), 256)]
    listed = [brands[:4], *(brands[i : i + 4] for i in range(8, len(brands), 4))]
    if b"crx " in listed:
        return "CR3"
    for brand in listed:
        if brand in _AVIF:
            return "AVIF"
        if brand in _HEIF:
            return "AVIF" if _AVIF & set(listed) else "HEIF"
    return None


def walk_heif(data: Source, draft: Draft) -> None:
    """Find the parts of a HEIF, AVIF or CR3 file."""
    # A file has one of these; more would only cost time.
    wanted = b"moov" if draft.format == "CR3" else b"meta"
    for box in boxes(data, 0, len(data), draft):
        draft.segment(named(box.kind))
        first = box.kind == wanted
        if first:
            wanted = b""
        if first and box.kind == b"meta":
            _meta(data, box, draft)
        elif first:
            _moov(data, box, draft)
        elif box.kind == b"uuid":
            sign = data[box.start : box.start + 16]
            if sign == _C2PA:
                draft.jumbf = True
            elif sign == _XMP:
                body = data[box.start + 16 : min(box.stop, box.start + _MOST_ITEM)]
                draft.add_xmp(body, offset=box.start + 16, where="uuid")
        elif box.kind == b"jumb":
            draft.jumbf = True
        if box.cut:
            draft.trouble(
                f"the file ends {box.cut} bytes before its {named(box.kind)!r} box does",
                metadata=box.kind in (b"meta", b"moov"),
            )


@dataclass(slots=True)
class _Item:
    kind: bytes = b""
    content: bytes = b""
    packing: bytes = b""
    protected: bool = False
    method: int = 0
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Meta:
    items: dict[int, _Item] = field(default_factory=dict)
    primary: int | None = None
    pieces: int = 0
    idat: Box | None = None
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)


class _Fields:
    """Numbers, one after the other; short at the end of the box."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 0

    def number(self, size: int) -> int:
        piece = self.body[self.at : self.at + size]
        if len(piece) < size:
            raise _ShortError
        self.at += size
        return int.from_bytes(piece, "big")

    def text(self) -> bytes:
        end = self.body.find(b"\0", self.at)
        end = len(self.body) if end < 0 else end
        found = self.body[self.at : end]
        self.at = end + 1
        return found


class _ShortError(ValueError):
    """A box ends inside its fields."""


def _meta(data: Source, meta: Box, draft: Draft) -> None:
    if meta.stop - meta.start > _MOST_META:
        draft.trouble("its 'meta' box is too large to be one", metadata=True)
        return
    found = _Meta()
    readers = {b"pitm": _pitm, b"iinf": _iinf, b"iloc": _iloc, b"iprp": _iprp}
    for box in boxes(data, meta.start + 4, meta.stop, draft):
        if box.cut:
            draft.trouble(f"its {named(box.kind)!r} box is cut short", metadata=True)
        if box.kind == b"idat":
            found.idat = box
        elif box.kind in readers:
            try:
                readers[box.kind](data, box, found, draft)
            except _ShortError:
                draft.trouble(f"its {named(box.kind)!r} box ends too soon", metadata=True)
    for number, item in sorted(found.items.items()):
        if item.kind == b"Exif":
            _exif(data, item, found, draft)
        elif item.kind == b"mime" and item.content.lower() == b"application/rdf+xml":
            _xmp(data, item, found, draft)
        elif number == found.primary:
            for place in item.properties:
                if place in found.sizes:
                    draft.width, draft.height = found.sizes[place]


def _pitm(data: Source, box: Box, found: _Meta, _: Draft) -> None:
    fields = _Fields(data[box.start : box.stop])
    version = fields.number(4) >> 24
    found.primary = fields.number(4 if version else 2)


def _iinf(data: Source, box: Box, found: _Meta, draft: Draft) -> None:
    wide = data[box.start : box.start + 1] > b"\0"
    for entry in boxes(data, box.start + (8 if wide else 6), box.stop, draft):
        if entry.kind != b"infe" or len(found.items) > _MOST_ITEMS:
            continue
        fields = _Fields(data[entry.start : entry.stop])
        version = fields.number(4) >> 24
        if version < 2:
            continue
        item = found.items.setdefault(fields.number(2 if version == 2 else 4), _Item())
        item.protected = fields.number(2) != 0
        item.kind = fields.number(4).to_bytes(4, "big")
        fields.text()
        if item.kind == b"mime":
            item.content, item.packing = fields.text(), fields.text()


def _iloc(data: Source, box: Box, found: _Meta, draft: Draft) -> None:
    fields = _Fields(data[box.start : box.stop])
    version = fields.number(4) >> 24
    sizes = fields.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(min(fields.number(2 if version < 2 else 4), _MOST_ITEMS)):
        item = found.items.setdefault(fields.number(2 if version < 2 else 4), _Item())
        item.method = fields.number(2) & 15 if version else 0
        fields.number(2)
        base = fields.number(base_size)
        count = fields.number(2)
        found.pieces += count
        if count > _MOST_EXTENTS or found.pieces > _MOST_PIECES:
            draft.trouble("its items lie in too many pieces", metadata=True)
            return
        for _ in range(count):
            fields.number(index_size)
            offset = base + fields.number(offset_size)
            item.extents.append((offset, fields.number(length_size)))


def _iprp(data: Source, box: Box, found: _Meta, draft: Draft) -> None:
    for inner in boxes(data, box.start, box.stop, draft):
        if inner.kind == b"ipco":
            for number, prop in enumerate(boxes(data, inner.start, inner.stop, draft), start=1):
                body = data[prop.start : min(prop.stop, prop.start + _MOST_META)]
                if prop.kind == b"ispe" and len(body) >= 12:
                    found.sizes[number] = (
                        int.from_bytes(body[4:8], "big"),
                        int.from_bytes(body[8:12], "big"),
                    )
                elif prop.kind == b"colr" and body[:4] in (b"prof", b"rICC") and not draft.icc:
                    draft.icc = description_of(body[4:])
        elif inner.kind == b"ipma":
            fields = _Fields(data[inner.start : inner.stop])
            head = fields.number(4)
            version, wide = head >> 24, head & 1
            for _ in range(min(fields.number(4), _MOST_ITEMS)):
                item = found.items.setdefault(fields.number(4 if version else 2), _Item())
                for _ in range(fields.number(1)):
                    item.properties.append(
                        fields.number(2) & 0x7FFF if wide else fields.number(1) & 0x7F
                    )


def _content(data: Source, item: _Item, found: _Meta, draft: Draft) -> tuple[bytes, int] | None:
    """The bytes of an item, and where they stand in the file (-1 if in pieces)."""
    name = named(item.kind)
    start, stop = 0, len(data)
    if item.method == 1 and found.idat is not None:
        start, stop = found.idat.start, found.idat.stop
    elif item.method:
        draft.trouble(f"its {name} item is kept in a way that is not read", metadata=True)
        return None
    if item.protected:
        draft.trouble(f"its {name} item is protected", metadata=True)
        return None
    pieces = []
    length = 0
    for offset, size in item.extents:
        end = start + offset + size if size else stop
        piece = data[start + offset : min(end, stop, start + offset + _MOST_ITEM)]
        if end > stop or not piece:
            draft.trouble(f"its {name} item does not lie inside the file", metadata=True)
        pieces.append(piece)
        length += len(piece)
        if length > draft.left:
            draft.trouble(f"its {name} items are too large to be any", metadata=True)
            return None
    draft.left -= length
    where = start + item.extents[0][0] if len(item.extents) == 1 else -1
    return b"".join(pieces), where


def _exif(data: Source, item: _Item, found: _Meta, draft: Draft) -> None:
    content = _content(data, item, found, draft)
    if content is None or not content[0]:
        return
    body, offset = content
    # A length first, of what stands before the TIFF header: nothing, or JPEG's mark.
    skip = 4 + int.from_bytes(body[:4], "big")
    block = body[skip:].removeprefix(EXIF_MARK)
    if not block.startswith(TIFF_HEADS):
        starts = [body.find(head, 0, 64) for head in TIFF_HEADS]
        begin = min((start for start in starts if start >= 0), default=skip)
        block = body[begin:]
    draft.add_exif(
        block, offset=offset + len(body) - len(block) if offset >= 0 else -1, where="Exif item"
    )


def _xmp(data: Source, item: _Item, found: _Meta, draft: Draft) -> None:
    content = _content(data, item, found, draft)
    if content is None or not content[0]:
        return
    body, offset = content
    if item.packing == b"deflate":
        try:
            body, offset = draft.unpack(body, inflated), -1
        except InflateError as error:
            draft.trouble(f"its XMP item {error}", metadata=True)
            return
    draft.add_xmp(body, offset=offset, where="mime item")


def _moov(data: Source, moov: Box, draft: Draft) -> None:
    """CR3: one directory of the EXIF block in each of the boxes CMT1 (main), CMT2, CMT4 (GPS)."""
    from imagery.photo.containers.directory import joined

    for box in boxes(data, moov.start, moov.stop, draft):
        if box.kind != b"uuid" or data[box.start : box.start + 16] != _CANON:
            continue
        blocks: dict[bytes, bytes] = {}
        for inner in boxes(data, box.start + 16, box.stop, draft):
            draft.segment(named(inner.kind))
            if inner.kind.startswith(b"CMT") and inner.stop - inner.start <= _MOST_META:
                blocks.setdefault(inner.kind, data[inner.start : inner.stop])
        main = blocks.get(b"CMT1")
        if main is None:
            continue
        whole = joined(main=main, exif=blocks.get(b"CMT2"), gps=blocks.get(b"CMT4"))
        if whole is None:
            draft.trouble("its CMT boxes do not start with a TIFF header", metadata=True)
        else:
            draft.add_exif(whole, offset=-1, where="CMT boxes")
        return
