"""Bytes of a page to text: byte order mark, then what the server said, then what the page says.

The names of encodings and what they mean on the web are those of the WHATWG Encoding Standard
("latin-1" on a page means windows-1252).
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from osint.errors import ArticleError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABELS: dict[str, str] = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8",
        "windows-1252": (
            "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ascii "
            "us-ascii"
        ),
        "iso-8859-2": "iso-8859-2 iso8859-2 latin2 l2",
        "iso-8859-5": "iso-8859-5 cyrillic",
        "iso-8859-6": "iso-8859-6 arabic",
        "iso-8859-7": "iso-8859-7 greek",
        "iso-8859-8": "iso-8859-8 hebrew visual",
        "iso-8859-15": "iso-8859-15 latin-9 l9",
        "windows-1250": "windows-1250 cp1250",
        "windows-1251": "windows-1251 cp1251",
        "windows-1253": "windows-1253 cp1253",
        "windows-1254": "windows-1254 cp1254 iso-8859-9 latin5 l5",
        "windows-1255": "windows-1255 cp1255",
        "windows-1256": "windows-1256 cp1256",
        "windows-1257": "windows-1257 cp1257",
        "windows-1258": "windows-1258 cp1258",
        "koi8-r": "koi8-r koi8",
        "koi8-u": "koi8-u",
        "mac-roman": "macintosh mac x-mac-roman",
        "gb18030": "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese",
        "big5": "big5 big5-hkscs",
        "euc-jp": "euc-jp",
        "shift_jis": "shift_jis shift-jis sjis windows-31j",
        "euc-kr": "euc-kr ks_c_5601-1987 korean",
        "utf-16-le": "utf-16 utf-16le",
        "utf-16-be": "utf-16be",
    }.items()
    for label in labels.split()
}
# The standard has a page say its encoding within its first 1,024 bytes; many are later.
_LOOKED_AT = 4_096
_META = re.compile(rb"""<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I)
_XML = re.compile(rb"""\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9_:.-]{1,40})""")
_MOST_LOST = 0.02
# Not escape, with which ISO-2022 switches alphabets.
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 0.01


class Decoded(NamedTuple):
    """The text, and what had to be assumed or was lost."""

    text: str
    notes: tuple[str, ...]


def decode_page(data: bytes, *, name: str, charset: str | None = None) -> Decoded:
    """Decode a page.

    Args:
        data: its bytes.
        name: what to call it in messages.
        charset: what the server's Content-Type said.

    Raises:
        ArticleError: the bytes are no text.
    """
    codec, said, problem = _codec(data, charset)
    if not codec.startswith("utf-16") and b"\0" in data:
        raise ArticleError(f"{name} is no page but binary data (NUL bytes): name an HTML file")
    # Pictures and archives can do without NUL bytes; hardly a text has other control characters.
    if len(_CONTROLS.findall(data)) > _MOST_CONTROLS * len(data) and not codec.startswith("utf-16"):
        raise ArticleError(f"{name} is no page but binary data (control bytes): name an HTML file")
    notes = [problem] if problem else []
    text = data.decode(codec, "replace").removeprefix("\ufeff")
    lost = text.count("\ufffd")
    if lost > _MOST_LOST * max(len(text), 1):
        raise ArticleError(
            f"{name} is not readable as {said or codec} ({lost:,} of {len(text):,} characters are "
            "lost): save it as UTF-8"
        )
    if lost:
        notes.append(
            f"{lost:,} characters of the page are not valid {codec} and show as \ufffd; names that "
            "hold one are not found."
        )
    return Decoded(text.replace("\0", "\ufffd"), tuple(notes))


def _codec(data: bytes, charset: str | None) -> tuple[str, str | None, str | None]:
    """The codec, what the page called it, and a remark if it had to be assumed."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec, None, None
    head = data[:_LOOKED_AT]
    said = [charset.strip().lower()] if charset else []
    for pattern in (_META, _XML):
        found = pattern.search(head)
        if found:
            label = found[1].decode("ascii").lower()
            # Whoever can read the declaration does not read UTF-16.
            said.append("utf-8" if label.startswith("utf-16") else label)
    for label in said:
        if label in _LABELS:
            return _LABELS[label], label, None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return (
            "windows-1252",
            None,
            "The page does not say its encoding and is not UTF-8; it was read as windows-1252.",
        )
    return "utf-8", None, None
