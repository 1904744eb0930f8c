"""In which encoding and with which separator a table was written, guessed from its beginning."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "vertical bar"}
_SAMPLE_LINES = 60
_MOSTLY = 0.5
_HIGH = re.compile(rb"[\x80-\xff]+")
# Windows-1251 puts small letters at e0-ff and those of Ukrainian and Belarusian at these places.
_SMALL_CYRILLIC = frozenset(range(0xE0, 0x100)) | frozenset(b"\xb8\xb3\xbf\xba\xa2\xb4\xbe\xbc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """An encoding and, where it had to be guessed, the sentence that says so."""

    name: str
    guessed: str = ""


def encoding_of(head: bytes) -> Encoding:
    """Encoding of a text by its first bytes.

    A byte order mark settles it; zero bytes at every other place mean UTF-16. A text of which most
    lines with other than ASCII letters are UTF-8 is UTF-8 with some bad lines. Else it is one of
    the Windows code pages: in a Latin one such letters stand singly between plain ones; of the
    others Cyrillic has capitals only at the beginnings of words or throughout them.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding(name="utf-16")
    if head.startswith(b"\xef\xbb\xbf"):
        return Encoding(name="utf-8")
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[offset:4000:2]
        if half and half.count(0) > 0.4 * len(half) and head[1 - offset : 4000 : 2].count(0) == 0:
            return Encoding(name=name, guessed=f"the text is {name.upper()}")
    # The last line of the sample may be cut within a letter.
    lines = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    if not lines or sum(_is_utf8(line) for line in lines) >= _MOSTLY * len(lines):
        return Encoding(name="utf-8")
    runs = _HIGH.findall(b"\n".join(lines))
    name = "cp1252"
    if sum(len(run) for run in runs) >= 1.8 * len(runs):
        cyrillic = sum(
            all(byte in _SMALL_CYRILLIC for byte in run[1:])
            or all(0xC0 <= byte < 0xE0 for byte in run)
            for run in runs
        )
        name = "cp1251" if cyrillic >= 0.8 * len(runs) else "cp1256"
    words = {"cp1252": "Latin", "cp1251": "Cyrillic", "cp1256": "Arabic"}
    return Encoding(
        name=name, guessed=f"the text is not UTF-8, taken for {name} (Windows {words[name]})"
    )


def is_binary(head: bytes) -> bool:
    """Whether zero bytes stand in the first line or in half of them; a few lines may be damaged."""
    lines = head.split(b"\n")
    damaged = [b"\0" in line for line in lines]
    return damaged[0] or sum(damaged) * 2 > len(lines)


def separator_of(text: str) -> tuple[str, str]:
    """The separator of a table by its first lines, and how it is called.

    Returns:
        ("", "") where no line has any of those known.
    """
    lines = [line for line in text.splitlines() if line.strip()][:_SAMPLE_LINES]
    best, best_score = "", 0.0
    for mark in SEPARATORS:
        widths = Counter(len(cells_of(line, mark)) for line in lines)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        # A comma within numbers splits lines as evenly as the true separator does; the header has
        # no such numbers.
        header = len(cells_of(lines[0], mark))
        if width < 2 or header < 2:
            continue
        score = count / len(lines) + (1.0 if header == width else 0.0) + min(width, 40) / 1000
        if score > best_score + 1e-9:
            best, best_score = mark, score
    return (best, SEPARATORS[best]) if best else ("", "")


def cells_of(line: str, separator: str) -> list[str]:
    """Cells of one line; a quote that is not closed is taken for a letter."""
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [""])
    except csv.Error:
        return line.split(separator)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
