"""PNG: chunks (W3C PNG, third edition), and the profiles that others hide in its texts.

EXIF stands in ``eXIf``; before there was one, ImageMagick wrote it in hexadecimal into a text chunk
"Raw profile type exif" (or APP1, xmp, iptc). XMP is the text "XML:com.adobe.xmp", content
credentials ``caBX``. Every chunk has a check sum, and those of metadata are checked.
"""

from __future__ import annotations

import re
import struct
import zlib

from imagery.photo.containers.icc import description_of
from imagery.photo.containers.inflate import InflateError, inflated
from imagery.photo.containers.parts import EXIF_MARK, Block, Draft, Source

_MOST_CHUNKS = 100_000
_MOST_BODY = 16_000_000
_MOST_COMMENT = 4_000
_TEXTS = ("tEXt", "zTXt", "iTXt")
_READ = {"IHDR", "eXIf", "iCCP", *_TEXTS}
_XMP = b"XML:com.adobe.xmp"
_RAW = b"Raw profile type "
_XMP_MARK = b"http://ns.adobe.com/xap/1.0/\0"
_NAME = re.compile(rb"[A-Za-z]{4}")
_PROFILE = re.compile(rb"\s*\S{1,80}\s+(\d{1,12})\s+")
_HEX = re.compile(rb"[0-9A-Fa-f]*")


def walk_png(data: Source, draft: Draft) -> None:
    """Find the parts of a PNG file."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        head = data[at : at + 8]
        if len(head) < 8:
            draft.trouble("the file ends before its last chunk", metadata=not draft.segments)
            return
        length, sign = struct.unpack(">I4s", head)
        if not _NAME.fullmatch(sign):
            draft.trouble("it has a chunk without a proper name", metadata=True)
            return
        name = sign.decode("ascii")
        draft.segment(name)
        start, stop = at + 8, at + 8 + length
        if name in _READ:
            body = data[start : min(stop, start + _MOST_BODY)]
            _chunk(name, body, start, draft)
            tail = data[stop : stop + 4]
            if len(body) < length:
                what = "EXIF block" if name == "eXIf" else f"{name} chunk"
                missing = length - len(body)
                draft.trouble(
                    f"the file ends {missing} bytes before its {what} does", metadata=True
                )
            elif len(tail) == 4 and zlib.crc32(sign + body) != int.from_bytes(tail, "big"):
                draft.trouble(f"its {name} chunk does not fit its check sum", metadata=True)
        elif name == "caBX":
            draft.jumbf = True
        elif name == "IEND":
            draft.trailing_bytes = len(data) - stop - 4
            return
        at = stop + 4
    draft.trouble("it has more chunks than any picture needs")


def _chunk(name: str, body: bytes, start: int, draft: Draft) -> None:
    if name == "IHDR":
        if draft.width is None and len(body) >= 8:
            draft.width, draft.height = (size or None for size in struct.unpack_from(">II", body))
        return
    if name == "eXIf":
        draft.add_exif(body, offset=start, where="eXIf")
        return
    keyword, _, rest = body.partition(b"\0")
    try:
        if name == "iCCP":
            draft.icc = description_of(draft.unpack(rest[1:], inflated))
            return
        text = _text(name, rest, draft)
    except InflateError as error:
        metadata = keyword == _XMP or keyword.startswith(_RAW)
        said = keyword[:40].decode("latin-1")
        draft.trouble(f"its {name} chunk {said!r} {error}", metadata=metadata)
        return
    if keyword == _XMP:
        draft.add_xmp(text, offset=start if rest.endswith(text) else -1, where=name)
    elif keyword.startswith(_RAW):
        _raw(keyword[len(_RAW) :], text, f"{name} raw profile", draft)
    else:
        draft.comment(keyword + b": " + text[:_MOST_COMMENT])


def _text(name: str, rest: bytes, draft: Draft) -> bytes:
    if name == "tEXt":
        return rest
    if name == "zTXt":
        return draft.unpack(rest[1:], inflated)
    # iTXt: packed or not, method, language, translated keyword.
    packed, _, body = rest[:1], rest[1:2], rest[2:].split(b"\0", 2)[-1]
    return draft.unpack(body, inflated) if packed == b"\1" else body


def _raw(kind: bytes, text: bytes, where: str, draft: Draft) -> None:
    """A profile in hexadecimal: its name, its length in bytes, then lines of digits."""
    head = _PROFILE.match(text)
    digits = text[head.end() :].translate(None, b" \t\r\n") if head else b""
    if head is None or not _HEX.fullmatch(digits):
        draft.trouble(f"its {where} is damaged", metadata=True)
        return
    profile = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    if len(profile) != int(head[1]):
        draft.trouble(f"its {where} is not as long as it says", metadata=True)
    kind = kind.lower()
    if kind == b"xmp" or profile.startswith(_XMP_MARK):
        draft.add_xmp(profile.removeprefix(_XMP_MARK), offset=-1, where=where)
    elif kind in (b"exif", b"app1"):
        # What follows APP1's mark, or the mark too.
        draft.add_exif(profile.removeprefix(EXIF_MARK), offset=-1, where=where)
    elif kind == b"iptc":
        from imagery.photo.containers.jpeg import iptc_of

        records = profile if profile.startswith(b"\x1c") else iptc_of(profile)
        if records is not None:
            draft.iptc.append(Block(data=records, offset=-1, where=where))
