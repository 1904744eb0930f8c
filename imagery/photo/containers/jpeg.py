"""JPEG: segments (ITU-T T.81, annex B), with what others keep in them.

EXIF and XMP in APP1 (Exif 2.32, 4.7; XMP specification part 3, 1.1.3, with its extended packets),
ICC profiles and the multi-picture index in APP2 (ICC.1 annex B.4; CIPA DC-007), JUMBF boxes in
APP11 (ISO 19566-5), Photoshop's image resources in APP13, of which 0x0404 holds the IPTC records.
"""

from __future__ import annotations

import re
import struct

from imagery.photo.containers.icc import description_of
from imagery.photo.containers.parts import EXIF_MARK, TIFF_HEADS, Block, Draft, Source, find

_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED_MARK = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENDED_GUID = re.compile(rb"HasExtendedXMP\s*(?:=\s*[\"']|>)\s*([0-9A-Fa-f]{32})")
_MOST_EXTENDED = 16_000_000
_PHOTOSHOP_MARK = b"Photoshop 3.0\0"
_MOST_RESOURCE_BYTES, _MOST_RESOURCES = 4_000_000, 10_000
_IPTC_RESOURCE = 0x0404
_ICC_MARK = b"ICC_PROFILE\0"
_MP_ENTRIES = 0xB002
# The mark's second zero is another byte in files of some cameras.
_EXIF = EXIF_MARK[:-1]
_APP1 = 0xE1
_SOI, _EOI, _SOS, _DQT, _COM, _TEM = 0xD8, 0xD9, 0xDA, 0xDB, 0xFE, 0x01
_RESTARTS = range(0xD0, 0xD8)
_APPLICATION = range(0xE0, 0xF0)
# Frame headers: C0 to CF without the tables DHT, DAC and the extension JPG.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_NAMES = {0xC4: "DHT", 0xCC: "DAC", 0xDB: "DQT", 0xDC: "DNL", 0xDD: "DRI", 0xFE: "COM", 0xDA: "SOS"}
_MARKS = {
    b"JFIF\0": "JFIF",
    b"JFXX\0": "JFXX",
    _EXIF: "Exif",
    _XMP_MARK: "XMP",
    _EXTENDED_MARK: "extended XMP",
    _ICC_MARK: "ICC",
    b"MPF\0": "MPF",
    b"JP": "JUMBF",
    _PHOTOSHOP_MARK: "Photoshop",
    b"Ducky": "Ducky",
    b"Adobe": "Adobe",
}
# What can follow inside a picture after its first scan.
_BETWEEN_SCANS = re.compile(rb"\xff[\xc4\xcc\xd9-\xdd\xe0-\xef\xfe]")
_MARKER = re.compile(rb"\xff[\x01\xc0-\xfe]")
_MOST_MARKERS = 20_000
_FIRST_PIECE, _PIECE = 1 << 12, 1 << 20
_FULL = 65_533
# Row-major place of each coefficient in zigzag order (T.81, figure 5).
_NATURAL = (
    *(0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48),
    *(41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23),
    *(30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63),
)
_SAMPLING = {
    (1, 1): "4:4:4",
    (2, 1): "4:2:2",
    (2, 2): "4:2:0",
    (1, 2): "4:4:0",
    (4, 1): "4:1:1",
    (4, 2): "4:1:0",
}


def walk_jpeg(data: Source, draft: Draft) -> None:
    """Find the parts of the first picture of a JPEG file."""
    _Walk(data, draft).run()


class _Walk:
    """One pass over the segments of a picture."""

    def __init__(self, data: Source, draft: Draft) -> None:
        self.data = data
        self.draft = draft
        self.resources = b""
        self.extended: dict[bytes, list[tuple[int, int, bytes]]] = {}
        self.extended_bytes = 0
        self.icc: dict[int, bytes] = {}
        self.end_of_others = 0
        # Where the picture's end mark stands behind its first scan, once that has been looked for.
        self.end: int | None = None

    def run(self) -> None:
        end = self._segments()
        draft = self.draft
        if end is None:
            draft.trouble("the file ends before its picture does")
        else:
            draft.trailing_bytes = len(self.data) - max(end, self.end_of_others)
        records = iptc_of(self.resources)
        if records is not None:
            draft.iptc.append(Block(data=records, offset=-1, where="APP13"))
        self._add_extended()
        if self.icc:
            draft.icc = description_of(b"".join(part for _, part in sorted(self.icc.items())))
        if not draft.exif and draft.problems:
            self._search()

    def _segments(self) -> int | None:
        """Walk to the end of the picture; where that is, None if the file ends before."""
        data, draft, at = self.data, self.draft, 2
        draft.segment("SOI")
        scanned = False
        for _ in range(_MOST_MARKERS):
            head = data[at : at + 4]
            if len(head) < 2:
                return None
            marker = head[1]
            if head[0] != 0xFF or marker in (0x00, _SOI):
                found = self._next(at, _MARKER)
                if found is None:
                    return None
                # Some writers pad with zeros where they took a segment out.
                if self.data[at:found].strip(b"\0"):
                    draft.trouble("there are stray bytes between its segments")
                at = found
            elif marker == 0xFF:
                at += 1
            elif marker == _EOI:
                draft.segment("EOI")
                return at + 2
            elif marker in _RESTARTS or marker == _TEM:
                at += 2
            else:
                if len(head) < 4:
                    return None
                length = max(2, (head[2] << 8) + head[3])
                body = data[at + 4 : at + 2 + length]
                self._segment(marker, body, at + 4, length - 2)
                at += 2 + length
                if marker == _SOS:
                    scanned = True
                if scanned:
                    after = self._after_scan(at)
                    if after is None:
                        return None
                    at = after
        draft.trouble("it has more segments than any picture needs")
        return None

    def _after_scan(self, at: int) -> int | None:
        """The next segment after the coded pixels that begin at ``at``."""
        if self.draft.progressive is False and self.end is None:
            # In one scan nothing but coded pixels is expected; they are looked at only if an EXIF
            # block stands among them.
            self.end = find(self.data, b"\xff\xd9", at)
            stop = self.end if self.end >= 0 else None
            if find(self.data, EXIF_MARK, at, stop) < 0:
                return stop
        return self._next(at, _BETWEEN_SCANS)

    def _next(self, at: int, pattern: re.Pattern[bytes]) -> int | None:
        size = _FIRST_PIECE
        while at < len(self.data):
            piece = self.data[at : at + size + 1]
            found = pattern.search(piece)
            if found:
                return at + found.start()
            at += size
            size = min(4 * size, _PIECE)
        return None

    def _segment(self, marker: int, body: bytes, offset: int, length: int) -> None:
        draft = self.draft
        if body[len(EXIF_MARK) :].startswith(TIFF_HEADS):
            # Where one of marker and mark is whole, the other was damaged.
            marked = body.startswith(_EXIF)
            if (marker == _APP1) != marked and marker not in _FRAMES:
                draft.trouble("the mark of its EXIF block is damaged", metadata=True)
                marker, body = _APP1, EXIF_MARK + body[len(EXIF_MARK) :]
        if marker in _APPLICATION:
            mark = next((name for sign, name in _MARKS.items() if body.startswith(sign)), "")
            draft.segment(f"APP{marker - 0xE0} {mark}".rstrip())
            if len(body) < length and mark in ("Exif", "XMP", "extended XMP", "Photoshop"):
                missing = length - len(body)
                what = "EXIF block" if mark == "Exif" else f"{mark} segment"
                draft.trouble(
                    f"the file ends {missing} bytes before its {what} does", metadata=True
                )
            self._application(marker - 0xE0, mark, body, offset)
            return
        if marker in _FRAMES:
            draft.segment(f"SOF{marker - 0xC0}")
            self._frame(marker, body)
        else:
            draft.segment(_NAMES.get(marker, f"{marker:02X}"))
        if marker == _DQT:
            self._tables(body)
        elif marker == _COM:
            draft.comment(body)

    def _application(self, number: int, mark: str, body: bytes, offset: int) -> None:
        draft = self.draft
        if number == 1 and mark == "Exif":
            self._exif(body, offset)
        elif number == 1 and mark == "XMP":
            start = len(_XMP_MARK)
            draft.add_xmp(body[start:], offset=offset + start, where="APP1")
        elif number == 1 and mark == "extended XMP":
            self._extended(body[len(_EXTENDED_MARK) :])
        elif number == 2 and mark == "ICC" and len(body) > len(_ICC_MARK) + 2:
            self.icc.setdefault(body[len(_ICC_MARK)], body[len(_ICC_MARK) + 2 :])
        elif number == 2 and mark == "MPF":
            self.end_of_others = max(self.end_of_others, _end_of_others(body[4:], offset + 4))
        elif number == 11 and mark == "JUMBF":
            draft.jumbf = True
        elif (
            number == 13
            and mark == "Photoshop"
            and len(self.resources) + len(body) <= _MOST_RESOURCE_BYTES
        ):
            # A long list of resources runs on over several segments.
            self.resources += body[len(_PHOTOSHOP_MARK) :]

    def _exif(self, body: bytes, offset: int) -> None:
        draft = self.draft
        block = body[len(EXIF_MARK) :]
        last = draft.exif[-1] if draft.exif else None
        full = last is not None and len(last.data) % (_FULL - len(EXIF_MARK)) == 0
        if last is not None and full and not block.startswith(TIFF_HEADS):
            # One that is too long for a segment runs on in the next, again behind the mark.
            joined = Block(data=last.data + block, offset=last.offset, where=last.where)
            draft.exif[-1] = joined
            return
        draft.add_exif(block, offset=offset + len(EXIF_MARK), where="APP1")

    def _extended(self, body: bytes) -> None:
        if len(body) < 40 or self.extended_bytes + len(body) > _MOST_EXTENDED:
            return
        total, start = struct.unpack_from(">II", body, 32)
        self.extended_bytes += len(body)
        self.extended.setdefault(body[:32].upper(), []).append((start, total, body[40:]))

    def _add_extended(self) -> None:
        """The extended packet that the main one names; others are somebody else's."""
        if not self.extended or not self.draft.xmp:
            return
        named = _EXTENDED_GUID.search(self.draft.xmp[0].data)
        pieces = self.extended.get(named[1].upper()) if named else None
        if not pieces:
            return
        whole = b""
        for start, total, piece in sorted(pieces):
            if start != len(whole) or len(whole) + len(piece) > total:
                self.draft.trouble("pieces of its extended XMP are missing", metadata=True)
                return
            whole += piece
        if len(whole) != sorted(pieces)[0][1]:
            self.draft.trouble("pieces of its extended XMP are missing", metadata=True)
            return
        self.draft.add_xmp(whole, offset=-1, where="extended XMP")

    def _search(self) -> None:
        """In a damaged file an EXIF block may stand where no segment leads."""
        at = find(self.data, EXIF_MARK, 2)
        start = at + len(EXIF_MARK)
        if at >= 0 and self.data[start : start + 4] in TIFF_HEADS:
            self.draft.trouble("its EXIF block is in no segment of the file", metadata=True)
            self.draft.add_exif(self.data[start : start + _FULL], offset=start, where="stray")

    def _frame(self, marker: int, body: bytes) -> None:
        if self.draft.width is not None or len(body) < 6:
            return
        _, height, width, count = struct.unpack_from(">BHHB", body)
        if len(body) < 6 + 3 * count or not width:
            self.draft.trouble("its frame header is damaged")
            return
        # A height of 0 is given after the first scan (DNL); nobody does that.
        self.draft.width, self.draft.height = width, height or None
        self.draft.progressive = marker in _PROGRESSIVE
        factors = [(body[7 + 3 * i] >> 4, body[7 + 3 * i] & 15) for i in range(count)]
        if count >= 3:
            self.draft.sampling = _sampling(factors)

    def _tables(self, body: bytes) -> None:
        at = 0
        while at < len(body):
            wide, number = body[at] >> 4, body[at] & 15
            size = 128 if wide else 64
            if wide > 1 or number > 3 or at + 1 + size > len(body):
                self.draft.trouble("its quantisation tables are damaged")
                return
            values = struct.unpack_from(">64H" if wide else ">64B", body, at + 1)
            table = [0] * 64
            for place, value in zip(_NATURAL, values, strict=True):
                table[place] = value
            self.draft.quantisation.setdefault(number, tuple(table))
            at += 1 + size


def _sampling(factors: list[tuple[int, int]]) -> str | None:
    (across, down), *colours = factors
    if any(not h or not v or across % h or down % v for h, v in colours[:2]):
        return None
    ratios = {(across // h, down // v) for h, v in colours[:2]}
    return _SAMPLING.get(ratios.pop()) if len(ratios) == 1 else None


def iptc_of(resources: bytes) -> bytes | None:
    """The IPTC records among Photoshop's image resources; None if there are none."""
    at = 0
    for _ in range(_MOST_RESOURCES):
        if resources[at : at + 4] != b"8BIM" or at + 8 > len(resources):
            break
        (number,) = struct.unpack_from(">H", resources, at + 4)
        name = resources[at + 6] + 1
        at += 6 + name + name % 2
        if at + 4 > len(resources):
            break
        (length,) = struct.unpack_from(">I", resources, at)
        if number == _IPTC_RESOURCE:
            return resources[at + 4 : at + 4 + length]
        at += 4 + length + length % 2
    return None


def _end_of_others(index: bytes, start: int) -> int:
    """Where the last picture that a multi-picture index lists ends; 0 if it cannot be told."""
    if not index.startswith(TIFF_HEADS) or len(index) < 10:
        return 0
    order = "<" if index.startswith(b"II") else ">"
    (first,) = struct.unpack_from(order + "I", index, 4)
    if first + 2 > len(index):
        return 0
    (count,) = struct.unpack_from(order + "H", index, first)
    end = 0
    for i in range(min(count, 100)):
        at = first + 2 + 12 * i
        if at + 12 > len(index):
            return 0
        tag, _, size, where = struct.unpack_from(order + "HHII", index, at)
        if tag != _MP_ENTRIES or where + size > len(index):
            continue
        for entry in range(where, where + size - 15, 16):
            length, offset = struct.unpack_from(order + "II", index, entry + 4)
            # The first picture has offset 0; the others count from the index's header.
            end = max(end, start + offset + length if offset else 0)
    return end
