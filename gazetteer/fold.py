"""The key under which spellings of a name in one script meet: case, marks, articles.

Names are folded by the million as one text, an array of code points with a line to each name; the
functions here hand that array on, for ``skeleton`` to build its own key from. A single name is
folded as the string it is, by the same rules and tables: arrays of a few letters cost more than
they save.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
"""Code points of many names, a line each, between ``PAD`` line ends before and after."""

MAX_NAME = 400
"""Longer names are cut here, in characters; no place has one, and keys stay cheap."""

# Code points whose base letter is worked out one by one; elsewhere NFKC has done what there is.
_LETTER_RANGES = ((0x00, 0x0800), (0x1C80, 0x1CC0), (0x1D00, 0x2C80), (0xA640, 0xA800))

_DROPPED = (
    "'’‘‛`ʼʻʾʿʽˈʹʺ′″ˊˋ՚׳״ـء"  # apostrophes, ayn, hamza, primes, kashida
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\ufeff\ufffc"  # invisible
)
_DROPPED_RANGES = (
    (0x0300, 0x0370),  # combining marks of Latin, Greek and Cyrillic
    (0x0483, 0x048A),
    (0x0591, 0x05BE),  # Hebrew points
    (0x05BF, 0x05C0),
    (0x05C1, 0x05C3),
    (0x05C4, 0x05C6),
    (0x05C7, 0x05C8),
    (0x0610, 0x061B),  # Arabic points
    (0x064B, 0x0660),
    (0x0670, 0x0671),
    (0x06D6, 0x06DD),
    (0x06DF, 0x06E9),
    (0x06EA, 0x06EE),
    (0x180B, 0x180E),
    (0x1AB0, 0x1B00),
    (0x1DC0, 0x1E00),
    (0x200B, 0x2010),  # zero width, direction marks
    (0x202A, 0x202F),  # direction embeddings and overrides
    (0x2060, 0x2070),  # word joiner, direction isolates
    (0x20D0, 0x2100),
    (0xFE00, 0xFE10),  # variation selectors
    (0xFE20, 0xFE30),
    (0xFFF9, 0xFFFC),
    (0xE0000, 0xE0200),  # tags, variation selectors
)
_SAME_LETTER = {
    **dict(zip("øłđðħŋıĸŧƀɓɖɗəɛɣɨɩɲɔʉʋƴ", "olddhniktbbddeegiinouvy", strict=True)),
    **dict.fromkeys("ىیېےۍێ", "ي"),
    **dict.fromkeys("ةہەھۃۀ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ٱٲٳ", "ا"),
    **dict.fromkeys("ۆۇۈۉۋ", "و"),
    "ẞ": "ß",
}
_TWO_LETTERS = {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}

# Characters that only normalisation of the text around them can resolve: presentation forms,
# ligatures, full width letters, letter-like symbols, loose Hangul and kana voice marks.
_COMPOSED_RANGES = (
    (0x1100, 0x1200),
    (0x2100, 0x2150),
    (0x2460, 0x2500),
    (0x3099, 0x309B),
    (0x3130, 0x3190),
    (0x3200, 0x3400),
    (0xF900, 0xFE00),
    (0xFE20, 0xFFF0),
)
_BRACKETED = re.compile(r"[(\[](?<!\n[(\[])[^()\[\]\n]*[)\]]")


@cache
def _fold_table() -> Codes:
    """For every code point what it folds to: another one, a space, or 0 to drop it."""
    table = np.arange(0x110000, dtype=np.uint32)
    for low, high in _LETTER_RANGES:
        for code in range(low, high):
            char = chr(code)
            if not char.isalnum():
                table[code] = 0x20
                continue
            plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
            base = "".join(c for c in plain if not unicodedata.combining(c))
            if len(base) == 1:
                table[code] = ord(_SAME_LETTER.get(base, base))
            if char.isdecimal():
                table[code] = ord(str(unicodedata.digit(char)))
    for code in (*range(0x3000, 0x3004), *range(0x3008, 0x3021), 0x30FB, *range(0xFE10, 0xFE70)):
        table[code] = 0x20
    for low, high in _DROPPED_RANGES:
        table[low:high] = 0
    for char in _DROPPED:
        table[ord(char)] = 0
    for char, base in _SAME_LETTER.items():
        table[ord(char)] = ord(base)
        if len(char.upper()) == 1:
            table[ord(char.upper())] = ord(base)
    table[0xD800:0xE000] = 0x20
    table[0x0A] = 0x0A
    return table


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("utf-32-le")


SPACE, NEWLINE = 0x20, 0x0A
PAD = 8
"""Line ends put before and after the text, so that looking a few characters on stays inside."""


def fold_text(names: Sequence[str]) -> Codes:
    """Folded names as code points, one line each, with ``PAD`` line ends around them."""
    if max(map(len, names), default=0) > MAX_NAME:
        names = [name[:MAX_NAME] for name in names]
    joined = "\n".join(names)
    if joined.count("\n") != len(names) - 1:
        joined = "\n".join([name.replace("\n", " ") for name in names])
    text = "\n" + joined + "\n"
    if not text.isascii():
        text = _composed(text)
    if "(" in text or "[" in text:
        text = _BRACKETED.sub(" ", text)
    codes = _fold_table()[codes_of(text)]
    pad = np.full(PAD - 1, NEWLINE, dtype=np.uint32)
    codes = np.concatenate([pad, _spelled_out(codes[codes != 0]), pad])
    return _without_articles(without_extra_spaces(codes))


def _spelled_out(codes: Codes) -> Codes:
    """The few letters that stand for two written as two."""
    at = np.flatnonzero(is_any(codes, "".join(_TWO_LETTERS)))
    if not len(at):
        return codes
    pairs = [_TWO_LETTERS[chr(code)] for code in codes[at]]
    codes[at] = [ord(pair[0]) for pair in pairs]
    return np.insert(codes, at + 1, [ord(pair[1]) for pair in pairs])


def _composed(text: str) -> str:
    """Apply NFKC where it matters to keys, each time with the character before."""
    at = np.flatnonzero(_composed_table()[codes_of(text)])
    if not len(at):
        return text
    first = np.concatenate([[True], np.diff(at) > 1])
    pieces: list[str] = []
    done = 0
    for start, stop in zip(at[first] - 1, at[np.append(first[1:], True)] + 1, strict=True):
        # Two runs may share the character between them.
        begin = max(int(start), done)
        pieces += (text[done:begin], unicodedata.normalize("NFKC", text[begin:stop]))
        done = int(stop)
    return "".join([*pieces, text[done:]])


@cache
def _composed_table() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    for low, high in _COMPOSED_RANGES:
        table[low:high] = True
    return table


def without_extra_spaces(codes: Codes) -> Codes:
    """The same lines with single spaces and none at either end."""
    spaces = np.flatnonzero(codes == SPACE)
    if not len(spaces):
        return codes
    keep = np.ones(len(codes), dtype=np.bool_)
    before = codes[spaces - 1]
    keep[spaces[(before == SPACE) | (before == NEWLINE)]] = False
    codes = codes[keep]
    # What is left of a run is one space, which may still stand before a line end.
    spaces = np.flatnonzero(codes == SPACE)
    keep = np.ones(len(codes), dtype=np.bool_)
    keep[spaces[codes[spaces + 1] == NEWLINE]] = False
    return codes[keep]


def is_any(codes: Codes, letters: str) -> npt.NDArray[np.bool_]:
    """Which of the codes are one of the letters."""
    found: npt.NDArray[np.bool_] = codes == ord(letters[0])
    for letter in letters[1:]:
        found |= codes == ord(letter)
    return found


def _without_articles(codes: Codes) -> Codes:
    """Drop al-/el- before a word, an assimilated article before its own letter, and Arabic al.

    Only an article that agrees with the word is one: ``at`` goes before ``tanf``, not before
    ``home``. A glued Latin one ("Alzaqaf") cannot be told from a root and stays.
    """
    starts = np.flatnonzero((codes[:-6] == SPACE) | (codes[:-6] == NEWLINE)) + 1
    drop = np.zeros(len(codes), dtype=np.bool_)
    latin = starts[is_any(codes[starts], "aeu")]
    second, third, fourth = codes[latin + 1], codes[latin + 2], codes[latin + 3]
    two = latin[(third == SPACE) & ((second == ord("l")) | (second == fourth))]
    agrees = (codes[two + 1] == ord("l")) | is_any(codes[two + 1], "tdrzsn")
    for step in range(3):
        drop[two[agrees] + step] = True
    three = latin[(third == ord("h")) & (fourth == SPACE) & (second == codes[latin + 4])]
    three = three[is_any(codes[three + 1], "stdc") & (codes[three + 5] == ord("h"))]
    for step in range(4):
        drop[three + step] = True
    arabic = starts[(codes[starts] == ord("ا")) & (codes[starts + 1] == ord("ل"))]
    for step in (2, 3, 4):
        following = codes[arabic + step]
        arabic = arabic[(following != SPACE) & (following != NEWLINE)]
    drop[arabic] = drop[arabic + 1] = True
    return codes[~drop] if drop.any() else codes


def lines_of(codes: Codes) -> list[str]:
    """The text of every line."""
    return _text(codes[PAD:-PAD]).split("\n")


FEW = 32
"""Up to so many names are faster made one by one."""
_REMEMBERED = 8_192


def fold_many(names: Sequence[str]) -> list[str]:
    """``fold`` of every name, in order."""
    if len(names) <= FEW:
        return [fold(name) for name in names]
    return lines_of(fold_text(names))


@cache
def _fold_map() -> dict[int, str | int | None]:
    """``_fold_table`` as ``str.translate`` wants it, letters that become two among them."""
    table = _fold_table()
    changed = np.flatnonzero(table != np.arange(len(table), dtype=np.uint32))
    found: dict[int, str | int | None] = {
        code: to or None for code, to in zip(changed.tolist(), table[changed].tolist(), strict=True)
    }
    for letter, pair in _TWO_LETTERS.items():
        for code in np.flatnonzero(table == ord(letter)).tolist():
            found[code] = pair
    return found


_TO_COMPOSE = re.compile(
    "(?s:.)[" + "".join(f"{chr(low)}-{chr(high - 1)}" for low, high in _COMPOSED_RANGES) + "]+"
)


@lru_cache(maxsize=_REMEMBERED)
def _fold(name: str) -> str:
    text = name.replace("\n", " ")
    if not text.isascii():
        # The character before the first one is that of ``fold_text``, a line end.
        text = _TO_COMPOSE.sub(
            lambda match: unicodedata.normalize("NFKC", match.group()), "\n" + text
        )[1:]
    if "(" in text or "[" in text:
        text = _BRACKETED.sub(" ", "\n" + text)[1:]
    words = [word for word in text.translate(_fold_map()).split(" ") if word]
    kept = []
    for word, following in itertools.zip_longest(words, words[1:], fillvalue=""):
        if word[0] in "aeu" and following and len(word) in (2, 3):
            if len(word) == 2:
                if word[1] == "l" or (word[1] in "tdrzsn" and following[0] == word[1]):
                    continue
            elif word[2] == "h" and word[1] in "stdc" and following.startswith(word[1:]):
                continue
        kept.append(word[2:] if len(word) > 4 and word.startswith("ال") else word)
    return " ".join(kept)


def fold(name: str) -> str:
    """Key under which spellings in one script meet; empty if nothing of the name is left.

    Case, diacritics, apostrophes, ayn and hamza, invisible characters, text in brackets and the
    Arabic article go; hyphens and other punctuation become spaces; Arabic letters take one form.
    The order of words stays: ``Al-Tanf (garrison)`` is ``tanf``, ``Jabal at Tanf`` ``jabal tanf``.
    """
    return _fold(name[:MAX_NAME])
