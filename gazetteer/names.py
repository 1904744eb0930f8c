"""Keys under which differently written names of one place meet.

``fold`` brings together spellings in one script: al-Tanf, At Tanf and Tanf are all ``tanf``.
``skeleton`` brings together scripts and transliterations: al-Tanf, Tanif and التنف are all ``tnf``.
The ``..._many`` forms take a million names in a second or two, because they work on all names as
one text; the single forms call them, so that there is one definition of each key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from gazetteer.generics import GENERICS, LONGEST_GENERIC

_Codes = npt.NDArray[np.uint32]
_Hashes = npt.NDArray[np.uint64]

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
def _fold_table() -> _Codes:
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


def _codes(text: str) -> _Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _text(codes: _Codes) -> str:
    return codes.tobytes().decode("utf-32-le")


_SPACE, _NEWLINE = 0x20, 0x0A
_PAD = 8
"""Line ends put before and after the text, so that looking a few characters on stays inside."""


def _fold_text(names: Sequence[str]) -> _Codes:
    """Folded names as code points, one line each, with ``_PAD`` line ends around them."""
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
    codes = _fold_table()[_codes(text)]
    pad = np.full(_PAD - 1, _NEWLINE, dtype=np.uint32)
    codes = np.concatenate([pad, _spelled_out(codes[codes != 0]), pad])
    return _without_articles(_without_extra_spaces(codes))


def _spelled_out(codes: _Codes) -> _Codes:
    """The few letters that stand for two written as two."""
    at = np.flatnonzero(_is_any(codes, "".join(_TWO_LETTERS)))
    if not len(at):
        return codes
    pairs = [_TWO_LETTERS[chr(code)] for code in codes[at]]
    codes[at] = [ord(pair[0]) for pair in pairs]
    return np.insert(codes, at + 1, [ord(pair[1]) for pair in pairs])


def _composed(text: str) -> str:
    """Apply NFKC where it matters to keys, each time with the character before."""
    at = np.flatnonzero(_composed_table()[_codes(text)])
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


def _without_extra_spaces(codes: _Codes) -> _Codes:
    spaces = np.flatnonzero(codes == _SPACE)
    if not len(spaces):
        return codes
    keep = np.ones(len(codes), dtype=np.bool_)
    before = codes[spaces - 1]
    keep[spaces[(before == _SPACE) | (before == _NEWLINE)]] = False
    codes = codes[keep]
    # What is left of a run is one space, which may still stand before a line end.
    spaces = np.flatnonzero(codes == _SPACE)
    keep = np.ones(len(codes), dtype=np.bool_)
    keep[spaces[codes[spaces + 1] == _NEWLINE]] = False
    return codes[keep]


def _is_any(codes: _Codes, letters: str) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = codes == ord(letters[0])
    for letter in letters[1:]:
        found |= codes == ord(letter)
    return found


def _without_articles(codes: _Codes) -> _Codes:
    """Drop al-/el- before a word, an assimilated article before its own letter, and Arabic al.

    Only an article that agrees with the word is one: ``at`` goes before ``tanf``, not before
    ``home``. A glued Latin one ("Alzaqaf") cannot be told from a root and stays.
    """
    starts = np.flatnonzero((codes[:-6] == _SPACE) | (codes[:-6] == _NEWLINE)) + 1
    drop = np.zeros(len(codes), dtype=np.bool_)
    latin = starts[_is_any(codes[starts], "aeu")]
    second, third, fourth = codes[latin + 1], codes[latin + 2], codes[latin + 3]
    two = latin[(third == _SPACE) & ((second == ord("l")) | (second == fourth))]
    agrees = (codes[two + 1] == ord("l")) | _is_any(codes[two + 1], "tdrzsn")
    for step in range(3):
        drop[two[agrees] + step] = True
    three = latin[(third == ord("h")) & (fourth == _SPACE) & (second == codes[latin + 4])]
    three = three[_is_any(codes[three + 1], "std") & (codes[three + 5] == ord("h"))]
    for step in range(4):
        drop[three + step] = True
    arabic = starts[(codes[starts] == ord("ا")) & (codes[starts + 1] == ord("ل"))]
    for step in (2, 3, 4):
        following = codes[arabic + step]
        arabic = arabic[(following != _SPACE) & (following != _NEWLINE)]
    drop[arabic] = drop[arabic + 1] = True
    return codes[~drop] if drop.any() else codes


def _lines(codes: _Codes) -> list[str]:
    return _text(codes[_PAD:-_PAD]).split("\n")


def fold_many(names: Sequence[str]) -> list[str]:
    """``fold`` of every name, in order."""
    return _lines(_fold_text(names)) if names else []


def fold(name: str) -> str:
    """Key under which spellings in one script meet; empty if nothing of the name is left.

    Case, diacritics, apostrophes, ayn and hamza, invisible characters, text in brackets and the
    Arabic article go; hyphens and other punctuation become spaces; Arabic letters take one form.
    The order of words stays: ``Al-Tanf (garrison)`` is ``tanf``, ``Jabal at Tanf`` ``jabal tanf``.
    """
    return fold_many([name])[0]


_KEPT_LATIN = dict(zip("bcdfgjklmnpqrstvxz", "bkdfkjklmnbkrstfkz", strict=True))
_KEPT_ARABIC = dict(
    zip("بپتثجچحخدذرزژسشصضطظغفڤقكگلمنه", "bbttjShXddrzjsSsdtzkffkkklmnh", strict=True)
)
_DIGRAPHS = {"s": "S", "c": "S", "k": "X", "g": "k", "t": "t", "d": "d", "p": "f", "z": "j"}


@cache
def _skeleton_tables() -> tuple[_Codes, _Codes]:
    """Consonant class of every code point (0: none), and of a letter that an h follows."""
    table = np.zeros(0x110000, dtype=np.uint32)
    for letter, kept in {**_KEPT_LATIN, **_KEPT_ARABIC, "h": "h"}.items():
        table[ord(letter)] = ord(kept)
    for digit in "0123456789":
        table[ord(digit)] = ord(digit)
    table[_NEWLINE] = _NEWLINE
    before_h = np.zeros(0x110000, dtype=np.uint32)
    for letter, kept in _DIGRAPHS.items():
        before_h[ord(letter)] = ord(kept)
    return table, before_h


def _skeleton_text(codes: _Codes) -> _Codes:
    """Consonant classes of folded names, laid out as ``_fold_text`` does."""
    table, before_h = _skeleton_tables()
    out = table[codes]
    ends = np.flatnonzero((codes == _SPACE) | (codes == _NEWLINE))
    ends = ends[(ends >= _PAD - 1) & (ends <= len(codes) - _PAD)]
    starts = ends + 1
    first = codes[starts]
    out[starts[_is_any(first, "wو")]] = ord("w")
    out[starts[_is_any(first, "yي")]] = ord("y")
    french_w = starts[(first == ord("o")) & (codes[starts + 1] == ord("u"))]
    out[french_w[_is_any(codes[french_w + 2], "aei")]] = ord("w")

    # A final h is as often a silent ending (-ah, ta marbuta) as a letter.
    out[ends[_is_any(codes[ends - 1], "hهح")] - 1] = 0
    # The ending -at before another word is the same ta marbuta, spoken.
    joined = ends[(codes[ends] == _SPACE) & (codes[ends - 1] == ord("t"))]
    joined = joined[(codes[joined - 2] == ord("a")) & (codes[joined - 4] > _SPACE)]
    out[joined - 1] = 0
    # The tribal "Albu" is "al" and "Abu".
    for spelling in ("albu", "البو"):
        word = starts[codes[starts] == ord(spelling[0])]
        for step, letter in enumerate(spelling[1:], start=1):
            word = word[codes[word + step] == ord(letter)]
        out[word[codes[word + 4] <= _SPACE] + 1] = 0

    h = np.flatnonzero(codes == ord("h"))
    kept = before_h[codes[h - 1]]
    h, kept = h[kept != 0], kept[kept != 0]
    out[h - 1] = kept
    out[h] = 0
    # Latin writes a doubled consonant twice, Arabic once.
    twice = np.flatnonzero((out[1:] == out[:-1]) & (out[1:] != 0) & (codes[1:] < 0x250)) + 1
    out[twice[codes[twice] > _SPACE]] = 0
    kept_only: _Codes = out[out != 0]
    return kept_only


def skeleton_many(names: Sequence[str]) -> list[str]:
    """``skeleton`` of every name, in order."""
    return keys_many(names)[1]


def skeleton(name: str) -> str:
    """Key of consonant classes under which Arabic script and its transliterations meet.

    Built on ``fold``: vowels go (also long ones and the semivowels w and y inside a word), as do
    ayn, hamza, a final h and the spaces; q, k, g and gh are one class, as are emphatic consonants
    and their plain ones; sh and ch are ``S``, kh is ``X``. التنف, al-Tanf and Tanif are ``tnf``.
    Other scripts contribute nothing, so that the key may be empty. Short keys are weak evidence.
    """
    return skeleton_many([name])[0]


def keys_many(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """``fold`` and ``skeleton`` of every name: half the work of asking for each."""
    if not names:
        return [], []
    codes = _fold_text(names)
    return _lines(codes), _lines(_skeleton_text(codes))


def key_hashes(names: Sequence[str]) -> tuple[_Hashes, _Hashes]:
    """64-bit hashes of ``fold`` and ``skeleton`` of every name, 0 for an empty key.

    The same on every machine and run, so that they can be stored. Equal keys have equal hashes;
    whether equal hashes are equal keys is for the caller to check.
    """
    if not names:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint64)
    codes = _fold_text(names)
    return _line_hashes(codes), _line_hashes(_skeleton_text(codes))


def hash_key(key: str) -> np.uint64:
    """The hash in ``key_hashes`` of a key that ``fold`` or ``skeleton`` gave."""
    pad = np.full(_PAD, _NEWLINE, dtype=np.uint32)
    return np.uint64(_line_hashes(np.concatenate([pad, _codes(key), pad]))[0])


@cache
def _powers() -> _Hashes:
    # Knuth's multiplier for 64-bit linear congruential generators (MMIX).
    with np.errstate(over="ignore"):
        factors = np.full(4 * MAX_NAME, 6364136223846793005, dtype=np.uint64)
        return np.multiply.accumulate(factors)


def _line_hashes(codes: _Codes) -> _Hashes:
    lines = codes[_PAD : 1 - _PAD].astype(np.uint64)
    ends = np.flatnonzero(lines == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts
    place = np.arange(len(lines)) - np.repeat(starts, lengths + 1)
    lines[ends] = 0
    hashes = np.add.reduceat(lines * _powers()[place], starts)
    # The sum's low bits depend on few bits of each letter; fold the high half in.
    hashes ^= hashes >> np.uint64(32)
    hashes[lengths == 0] = 0
    return hashes


def split_generic(name: str) -> tuple[str, tuple[str, ...]]:
    """Folded core of a name and the generic words around it.

    ``Al-Tanf Border Post`` is ``("tanf", ("border post",))`` and ``Al-Tanf (garrison)``
    ``("tanf", ("garrison",))``. Generics are taken off both ends, longest first, and from brackets;
    a name of nothing but generics keeps its last word as core. The kind of a generic is
    ``GENERICS[generic]``.
    """
    words = fold(name).split()
    front: list[str] = []
    back: list[str] = []
    while (size := _generic_at(words, front=True)) and size < len(words):
        front.append(" ".join(words[:size]))
        words = words[size:]
    while (size := _generic_at(words, front=False)) and size < len(words):
        back.insert(0, " ".join(words[-size:]))
        words = words[:-size]
    bracketed = [fold(text) for text in _bracket_texts(name)]
    generics = [*front, *back, *(text for text in bracketed if text in GENERICS)]
    return " ".join(words), tuple(dict.fromkeys(generics))


def _bracket_texts(name: str) -> Iterable[str]:
    return (part.strip("()[]") for part in re.findall(r"[(\[][^()\[\]]*[)\]]", name[:MAX_NAME]))


def _generic_at(words: Sequence[str], *, front: bool) -> int:
    """How many words at that end make a generic; 0 if none."""
    for size in range(min(LONGEST_GENERIC, len(words)), 0, -1):
        if " ".join(words[:size] if front else words[-size:]) in GENERICS:
            return size
    return 0
