"""In which encoding and with which separator a table was written, guessed from its beginning."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "vertical bar"}
_SAMPLE_LINES = 60
_HIGH = re.compile(rb"[\x80-\xff]+")
# Windows-1251 puts small letters at e0-ff and those of Ukrainian and Belarusian at these places.
_SMALL_CYRILLIC = frozenset(range(0xE0, 0x100)) | frozenset(b"\xb8\xb3\xbf\xba\xa2\xb4\xbe\xbc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """An encoding and, where it had to be guessed, the sentence that says so."""

    name: str
    guessed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """A code page of Windows: its name for Python, and how it is called."""

    name: str
    called: str


LATIN = CodePage(name="cp1252", called="windows-1252 (cp1252, Latin)")
CYRILLIC = CodePage(name="cp1251", called="windows-1251 (cp1251, Cyrillic)")
ARABIC = CodePage(name="cp1256", called="windows-1256 (cp1256, Arabic)")


def encoding_of(head: bytes) -> Encoding:
    """UTF-8 or UTF-16, by the first bytes; which lines are no UTF-8 is another question.

    A byte order mark settles it. Without one, UTF-16 shows by the zero bytes of commas, digits and
    line breaks, all at even places or all at odd ones.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding(name="utf-16")
    sample = head[: min(len(head), 4_000) & ~1]
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    for name, many, few in (("utf-16-be", *zeros), ("utf-16-le", *zeros[::-1])):
        if many * 20 >= len(sample) and few * 20 <= many and many and _is_text(sample, name):
            called = name.upper()
            return Encoding(name=name, guessed=f"the text is {called}, by its zero bytes")
    return Encoding(name="utf-8")


def _is_text(sample: bytes, encoding: str) -> bool:
    """Whether hardly any of the characters is none that a text has."""
    text = sample.decode(encoding, "ignore")
    odd = sum(not char.isprintable() and not char.isspace() for char in text)
    return odd * 20 <= len(text)


def code_page_of(lines: bytes) -> CodePage:
    """The code page of Windows that lines which are no UTF-8 were most likely written in.

    In a Latin one letters beyond ASCII stand singly between plain ones; of the others Cyrillic has
    capitals only at the beginnings of words or throughout them.
    """
    runs = _HIGH.findall(lines)
    if not runs or sum(len(run) for run in runs) < 1.8 * len(runs):
        return LATIN
    cyrillic = sum(
        all(byte in _SMALL_CYRILLIC for byte in run[1:]) or all(0xC0 <= byte < 0xE0 for byte in run)
        for run in runs
    )
    return CYRILLIC if cyrillic >= 0.8 * len(runs) else ARABIC


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
