"""``walk``: what a photo file is made of, without decoding a pixel or reading a tag.

Every format is walked by code of this package, by the lengths that its segments, chunks or boxes
state, each checked against what there is. So the readers of EXIF never search for their block: one
that searches misses blocks that follow a long segment, and can be led in circles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from imagery.photo.containers.inflate import MOST_INFLATED, TOO_LONG, InflateError

EXIF_MARK = b"Exif\0\0"
TIFF_HEADS = (b"II*\0", b"MM\0*")
RAW_HEADS = (*TIFF_HEADS, b"II+\0", b"MM\0+", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
"""How TIFF files start, and the raw formats that are TIFF but for their first bytes."""

_MOST_SEGMENTS = 1_000
_MOST_COMMENTS = 40
_MOST_COMMENT = 2_000
_MOST_PROBLEMS = 20
_MOST_BLOCKS = 8
_PIECE = 1 << 20
_COST_OF_FAILURE = 1 << 20


class Source(Protocol):
    """Bytes of a file, whole in memory or read slice by slice; a slice beyond the end is short."""

    def __len__(self) -> int:
        """How many bytes there are."""
        ...

    def __getitem__(self, piece: slice, /) -> bytes:
        """The bytes of ``piece``, with step 1."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of metadata, cut out.

    Attributes:
        data: its bytes, without the mark that its container puts in front; EXIF starts with a TIFF
            header.
        offset: where it stands in the file; -1 if it was put together of several pieces.
        where: what held it ("APP1", "eXIf", "Exif item", "tEXt raw profile", ...).
    """

    data: bytes
    offset: int
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a file holds; of several pictures in one file, the first is meant.

    Attributes:
        format: "JPEG", "TIFF", "DNG", "CR2", "PNG", "WEBP", "HEIF", "AVIF", "JXL", ...
        width: pixels as stored, before any orientation; ``height`` likewise; None if not found.
        exif: its EXIF blocks in the order found.
        xmp: its XMP packets; the first is the main one, and parts too long for it follow, each a
            document of its own with ``where`` "extended XMP".
        iptc: its IPTC records.
        jumbf: it holds JUMBF boxes, as content credentials do.
        quantisation: of a JPEG, 64 values each, rows of the matrix one after the other.
        sampling: of a JPEG, how coarsely colour is kept ("4:2:0"); None where there is none.
        progressive: of a JPEG.
        segments: names of markers, chunks or boxes, in order, shortened after a thousand.
        comments: texts the format itself provides for, shortened.
        icc: the description in the colour profile.
        trailing_bytes: how many follow after the end of the picture, and of the further ones that
            it lists.
        problems: what is damaged, in words; the metadata may yet be whole.
        broken: those of the problems that concern the metadata itself.
    """

    format: str
    width: int | None = None
    height: int | None = None
    exif: tuple[Block, ...] = ()
    xmp: tuple[Block, ...] = ()
    iptc: tuple[Block, ...] = ()
    jumbf: bool = False
    quantisation: tuple[tuple[int, ...], ...] = ()
    sampling: str | None = None
    progressive: bool | None = None
    segments: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    icc: str | None = None
    trailing_bytes: int = 0
    problems: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class Draft:
    """The parts of a file while they are being found."""

    def __init__(self, kind: str) -> None:
        self.format = kind
        self.width: int | None = None
        self.height: int | None = None
        self.exif: list[Block] = []
        self.xmp: list[Block] = []
        self.iptc: list[Block] = []
        self.jumbf = False
        self.quantisation: dict[int, tuple[int, ...]] = {}
        self.sampling: str | None = None
        self.progressive: bool | None = None
        self.segments: list[str] = []
        self.comments: list[str] = []
        self.icc: str | None = None
        self.trailing_bytes = 0
        self.problems: dict[str, bool] = {}
        # How many bytes may yet be unpacked, or put together of pieces.
        self.left = MOST_INFLATED

    def segment(self, name: str) -> None:
        """Note a marker, chunk or box."""
        if len(self.segments) < _MOST_SEGMENTS:
            self.segments.append(name)

    def unpack(self, packed: bytes, unpacker: Callable[[bytes, int], bytes]) -> bytes:
        """What ``inflate.inflated`` or ``unbrotlied`` unpacks, within what is left for this file.

        Raises:
            InflateError: it is damaged, or all of it together too long.
        """
        if self.left <= 0:
            raise InflateError(TOO_LONG)
        try:
            found = unpacker(packed, self.left)
        except InflateError:
            # A bomb costs as much as what is in it.
            self.left -= min(self.left, _COST_OF_FAILURE)
            raise
        self.left -= len(found)
        return found

    def comment(self, text: bytes) -> None:
        """Note a comment, in UTF-8 if it is that and else in Latin-1."""
        try:
            said = text[:_MOST_COMMENT].decode("utf-8")
        except UnicodeDecodeError:
            said = text[:_MOST_COMMENT].decode("latin-1")
        if said.strip("\0 \t\r\n") and len(self.comments) < _MOST_COMMENTS:
            self.comments.append(said.strip("\0 \t\r\n"))

    def trouble(self, problem: str, *, metadata: bool = False) -> None:
        """Note damage, and whether it is the metadata that is damaged."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems[problem] = self.problems.get(problem, False) or metadata

    def add_exif(self, data: bytes, *, offset: int, where: str) -> None:
        """Note an EXIF block; one that does not start as a TIFF does is damage."""
        if data.startswith(EXIF_MARK):
            data, offset = data[len(EXIF_MARK) :], offset + len(EXIF_MARK)
        if not data.startswith(TIFF_HEADS):
            self.trouble("its EXIF block does not start with a TIFF header", metadata=True)
        elif len(self.exif) < _MOST_BLOCKS:
            self.exif.append(Block(data=data, offset=offset, where=where))

    def add_xmp(self, data: bytes, *, offset: int, where: str) -> None:
        """Note an XMP packet."""
        if len(self.xmp) < _MOST_BLOCKS:
            self.xmp.append(Block(data=data, offset=offset, where=where))

    def parts(self) -> Parts:
        """What was found."""
        return Parts(
            format=self.format,
            width=self.width,
            height=self.height,
            exif=tuple(self.exif),
            xmp=tuple(self.xmp),
            iptc=tuple(self.iptc),
            jumbf=self.jumbf,
            quantisation=tuple(table for _, table in sorted(self.quantisation.items())),
            sampling=self.sampling,
            progressive=self.progressive,
            segments=tuple(self.segments),
            comments=tuple(self.comments),
            icc=self.icc,
            trailing_bytes=max(0, self.trailing_bytes),
            problems=tuple(self.problems),
            broken=tuple(problem for problem, metadata in self.problems.items() if metadata),
        )


def find(data: Source, needle: bytes, start: int, stop: int | None = None) -> int:
    """Where ``needle`` begins at or after ``start`` and before ``stop``; -1 if nowhere."""
    stop = len(data) if stop is None else min(stop, len(data))
    while start < stop:
        piece = data[start : min(start + _PIECE, stop) + len(needle) - 1]
        at = piece.find(needle)
        if at >= 0:
            return start + at if start + at < stop else -1
        start += _PIECE
    return -1


def walk(data: Source) -> Parts | None:
    """The parts of an image file; None if it starts like none of the formats known here.

    Never raises for what the bytes are: damage stands in ``problems``, and what was found before
    and behind it in the other fields.
    """
    head = data[:16]
    walker: Callable[[Source, Draft], None]
    # Each format's walker is loaded when there is a file of that format.
    if head.startswith(b"\xff\xd8\xff"):
        from imagery.photo.containers.jpeg import walk_jpeg as walker

        draft = Draft("JPEG")
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        from imagery.photo.containers.png import walk_png as walker

        draft = Draft("PNG")
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        from imagery.photo.containers.webp import walk_webp as walker

        draft = Draft("WEBP")
    elif head.startswith((b"\0\0\0\x0cJXL ", b"\xff\x0a")):
        from imagery.photo.containers.jxl import walk_jxl as walker

        draft = Draft("JXL")
    elif head.startswith(RAW_HEADS):
        from imagery.photo.containers.tiff import walk_tiff as walker

        draft = Draft("TIFF")
    elif head.startswith((b"GIF87a", b"GIF89a", b"BM", b"FUJIFILMCCD-RAW")):
        from imagery.photo.containers.simple import walk_simple as walker

        draft = Draft({b"G": "GIF", b"B": "BMP", b"F": "RAF"}[head[:1]])
    elif head[4:8] == b"ftyp":
        from imagery.photo.containers.heif import brand_format
        from imagery.photo.containers.heif import walk_heif as walker

        kind = brand_format(data)
        if kind is None:
            return None
        draft = Draft(kind)
    else:
        return None
    walker(data, draft)
    return draft.parts()
