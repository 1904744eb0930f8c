"""The key under which scripts and transliterations of a name meet: its classes of consonants.

Works on folded names laid out as one text (see ``fold``), a rule at a time over all of them; and,
by the same rules, on one folded name word by word, for the one who looks up. Other ways to read one
name ("ch" as k) are not its business; ``readings`` respells a name for those.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from gazetteer.fold import NEWLINE, PAD, SPACE, Codes, is_any, without_extra_spaces
from gazetteer.generics import UNSAID

Hashes = npt.NDArray[np.uint64]
_Flags = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.intp]

_KEPT_LATIN = dict(zip("bcdfgjklmnpqrstvxz", "bkdfkjklmnbkrstfXz", strict=True))
_KEPT_ARABIC = dict(
    zip("بپتثجچحخدذرزژسشصضطظغفڤقكگلمنه", "bbttjShXddrzjsSsdtzkffkkklmnh", strict=True)
)
_DIGRAPHS = {"s": "S", "c": "S", "k": "X", "g": "k", "t": "t", "d": "d", "p": "f", "z": "j"}
_FATHERS = ("abu", "abou", "abo", "abi", "ابو", "ابي", "ibn", "ebn", "ابن")
_LATIN_END = 0x250
_MOST_CODES = 1600
"""Longest line, in code points: NFKC may lengthen a name of the most letters allowed."""


@cache
def _skeleton_tables() -> tuple[Codes, Codes]:
    """Consonant class of every code point (0: none), and of a letter that an h follows."""
    table = np.zeros(0x110000, dtype=np.uint32)
    for letter, kept in {**_KEPT_LATIN, **_KEPT_ARABIC, "h": "h"}.items():
        table[ord(letter)] = ord(kept)
    for digit in "0123456789":
        table[ord(digit)] = ord(digit)
    table[NEWLINE] = NEWLINE
    before_h = np.zeros(0x110000, dtype=np.uint32)
    for letter, kept in _DIGRAPHS.items():
        before_h[ord(letter)] = ord(kept)
    return table, before_h


def skeleton_text(codes: Codes) -> Codes:
    """Consonant classes of folded names, laid out as ``fold_text`` does."""
    codes = _without_unsaid(codes)
    codes = _without_joined_articles(codes)
    codes = _without_digraph_t(codes)
    table, before_h = _skeleton_tables()
    out = table[codes]
    ends = np.flatnonzero((codes == SPACE) | (codes == NEWLINE))
    ends = ends[(ends >= PAD - 1) & (ends <= len(codes) - PAD)]
    starts = ends + 1
    _mark_starts(codes, out, starts)
    _drop_endings(codes, out, ends)

    h = np.flatnonzero(codes == ord("h"))
    kept = before_h[codes[h - 1]]
    h, kept = h[kept != 0], kept[kept != 0]
    out[h - 1] = kept
    # The French dj is one letter.
    j = np.flatnonzero(codes == ord("j"))
    out[j[codes[j - 1] == ord("d")] - 1] = 0
    if len(h):
        stay = np.ones(len(codes), dtype=np.bool_)
        stay[h] = False
        codes, out = codes[stay], out[stay]
    # Latin writes a doubled consonant twice, Arabic once.
    twice = np.flatnonzero((out[1:] == out[:-1]) & (out[1:] != 0) & (codes[1:] < _LATIN_END)) + 1
    out[twice[codes[twice] > SPACE]] = 0
    kept_only: Codes = out[out != 0]
    return kept_only


def _mark_starts(codes: Codes, out: Codes, starts: _Places) -> None:
    """Keep w and y where a word starts with them, and that a name starts with a vowel or ayn."""
    first = codes[starts]
    out[starts[is_any(first, "wو")]] = ord("w")
    out[starts[is_any(first, "yي")]] = ord("y")
    french_w = starts[(first == ord("o")) & (codes[starts + 1] == ord("u"))]
    out[french_w[is_any(codes[french_w + 2], "aei")]] = ord("w")
    line_starts = starts[codes[starts - 1] == NEWLINE]
    vowel = line_starts[is_any(codes[line_starts], "aeiouاع") & (out[line_starts] == 0)]
    for father in _FATHERS:
        said = _starts_with(codes, vowel, father) & (codes[vowel + len(father)] <= SPACE)
        vowel = vowel[~said]
    out[vowel] = ord("a")


def _drop_endings(codes: Codes, out: Codes, ends: _Places) -> None:
    # A final h is as often a silent ending (-ah, ta marbuta) as a letter, unless of a digraph.
    last = codes[ends - 1]
    out[ends[is_any(last, "hهح")] - 1] = 0
    # Before another word the same ta marbuta is spoken, -at, and some write it with a plain ta.
    inner = ends[codes[ends] == SPACE]
    before, two_before = codes[inner - 1], codes[inner - 2]
    long = (codes[inner - 4] > SPACE) & (codes[inner - 3] > SPACE) & (two_before > SPACE)
    latin = is_any(two_before, "ei") & ~is_any(codes[inner - 3], "aeiouy")
    latin = (before == ord("t")) & (latin | (two_before == ord("a")))
    arabic = (before == ord("ت")) & ~is_any(two_before, "وي")
    arabic |= (before == ord("ط")) & (two_before == ord("ا"))
    out[inner[long & (latin | arabic)] - 1] = 0


def _without_digraph_t(codes: Codes) -> Codes:
    """The French tch is one letter."""
    t = np.flatnonzero(codes == ord("t"))
    t = t[(codes[t + 1] == ord("c")) & (codes[t + 2] == ord("h"))]
    return np.delete(codes, t) if len(t) else codes


def _starting_with(codes: Codes, starts: _Places, spelling: str) -> _Places:
    for step, letter in enumerate(spelling):
        starts = starts[codes[starts + step] == ord(letter)]
    return starts


def _starts_with(codes: Codes, starts: _Places, spelling: str) -> _Flags:
    found: _Flags = codes[starts] == ord(spelling[0])
    for step, letter in enumerate(spelling[1:], start=1):
        found &= codes[starts + step] == ord(letter)
    return found


def _without_joined_articles(codes: Codes) -> Codes:
    """Drop what is written together: Arabic al before two letters, Abdal-, -allah, Albu."""
    starts = np.flatnonzero((codes[:-PAD] == SPACE) | (codes[:-PAD] == NEWLINE)) + 1
    drop = np.zeros(len(codes), dtype=np.bool_)

    article = _starting_with(codes, starts, "ال")
    article = article[(codes[article + 2] > SPACE) & (codes[article + 3] > SPACE)]
    drop[article] = drop[article + 1] = True
    # "Albu", a tribe's "al-Abu": fold keeps the word whole.
    albu = _starting_with(codes, starts, "albu")
    albu = albu[codes[albu + 4] <= SPACE]
    drop[albu] = drop[albu + 1] = True

    servant = _starting_with(codes, starts, "عبدال")
    servant = servant[(codes[servant + 5] > SPACE) & (codes[servant + 6] > SPACE)]
    drop[servant + 3] = drop[servant + 4] = True
    servant = _starting_with(codes, starts, "abd")
    servant = servant[is_any(codes[servant + 3], "aeou")]
    at = servant + 4 + (codes[servant + 4] == ord("u"))
    at = at[codes[at] == ord("l")]
    drop[at[(codes[at + 1] != NEWLINE) & ~is_any(codes[at + 1], "aeioul")]] = True

    ends = np.flatnonzero((codes[PAD:] == SPACE) | (codes[PAD:] == NEWLINE)) + PAD
    for step, letter in enumerate("هللا", start=1):
        ends = ends[codes[ends - step] == ord(letter)]
    drop[ends - 3] = True
    return codes[~drop] if drop.any() else codes


def _without_unsaid(codes: Codes) -> Codes:
    """Leave out words that one writer says and the next does not, unless nothing else is said."""
    inside = (codes != SPACE) & (codes != NEWLINE)
    edge = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=np.int8(0)))
    starts, ends = edge[::2], edge[1::2]
    if not len(starts):
        return codes
    lengths = ends - starts
    wanted, known = segment_hashes(codes[inside], lengths), _unsaid_hashes()
    unsaid = known[np.minimum(np.searchsorted(known, wanted), len(known) - 1)] == wanted
    if not unsaid.any():
        return codes
    line = np.cumsum(codes == NEWLINE)[starts]
    said = np.bincount(line[~unsaid], minlength=int(line[-1]) + 1)
    unsaid &= said[line] > 0
    gone = np.zeros(len(codes), dtype=np.bool_)
    gone[inside] = np.repeat(unsaid, lengths)
    return without_extra_spaces(codes[~gone])


_REMEMBERED = 16_384
_NONE = " "
_AL, _ABDAL, _ALLAH = "ال", "عبدال", "الله"
_SERVANT_VOWELS = frozenset("aeou")
_FRENCH_W = frozenset("aei")


class _Classes(dict[int, str]):
    """Consonant class of a code point, a space for none, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        return _NONE


@cache
def _classes() -> _Classes:
    table, _ = _skeleton_tables()
    codes = range(0x700)
    found = _Classes({code: chr(table[code]) if table[code] else _NONE for code in codes})
    assert not table[0x700:].any()
    return found


def skeleton_of(folded: str) -> str:
    """Consonant classes of one folded name; what ``skeleton_text`` gives for it."""
    words = folded.split(" ")
    if len(words) > 1 and any(word in UNSAID for word in words):
        words = [word for word in words if word not in UNSAID] or words
    last = len(words) - 1
    return "".join([_word(word, at == 0, at == last) for at, word in enumerate(words)])


@lru_cache(maxsize=_REMEMBERED)
def _word(word: str, first: bool, last: bool) -> str:
    """Consonant classes of a word; whether it is the first or the last of its name matters."""
    word = _without_joined(word, last).replace("tch", "ch")
    classes = list(word.translate(_classes()))
    if not classes:
        return ""
    _mark_start(word, classes, first)
    if word[-1] in "hهح" or (not last and len(word) > 3 and _is_spoken_ending(word)):
        classes[-1] = _NONE
    for at in range(1, len(word)) if "h" in word or "dj" in word else ():
        if word[at] == "h" and (kept := _DIGRAPHS.get(word[at - 1])):
            classes[at - 1 : at + 1] = kept, ""
        elif word[at] == "j" and word[at - 1] == "d":
            classes[at - 1] = _NONE
    found = []
    before = _NONE
    for letter, each in zip(word, classes, strict=True):
        # The h of a digraph is gone altogether: what stands around it may be a consonant doubled.
        if not each:
            continue
        if each != _NONE and (each != before or ord(letter) >= _LATIN_END):
            found.append(each)
        before = each
    return "".join(found)


def _without_joined(word: str, last: bool) -> str:
    """``_without_joined_articles`` of a word."""
    drop: tuple[int, ...] = ()
    if word.startswith(_AL):
        drop = (0, 1) if len(word) > 3 else ()
    elif word.startswith(_ABDAL):
        drop = (3, 4) if len(word) > 6 else ()
    elif word == "albu":
        drop = (0, 1)
    elif word.startswith("abd") and word[3:4] in _SERVANT_VOWELS:
        at = 5 if word[4:5] == "u" else 4
        ended = len(word) == at + 1
        if word[at : at + 1] == "l" and not (last if ended else word[at + 1] in "aeioul"):
            drop = (at,)
    if word.endswith(_ALLAH):
        drop = (*drop, len(word) - 3)
    return "".join([letter for at, letter in enumerate(word) if at not in drop]) if drop else word


def _mark_start(word: str, classes: list[str], first: bool) -> None:
    """``_mark_starts`` of a word."""
    letter = word[0]
    if letter in "wو" or (letter == "o" and word[1:2] == "u" and word[2:3] in _FRENCH_W):
        classes[0] = "w"
    elif letter in "yي":
        classes[0] = "y"
    elif first and letter in "aeiouاع" and classes[0] == _NONE and word not in _FATHERS:
        classes[0] = "a"


def _is_spoken_ending(word: str) -> bool:
    """Whether a word of four letters and more ends in a ta marbuta that is heard."""
    two_before, letter = word[-2], word[-1]
    if letter == "t":
        return two_before == "a" or (two_before in "ei" and word[-3] not in "aeiouy")
    return (letter == "ت" and two_before not in "وي") or (letter == "ط" and two_before == "ا")


@cache
def _unsaid_hashes() -> Hashes:
    words = sorted(UNSAID)
    letters = np.array([ord(letter) for word in words for letter in word], dtype=np.uint32)
    return np.sort(segment_hashes(letters, np.array([len(word) for word in words])))


@cache
def _powers() -> Hashes:
    # Knuth's multiplier for 64-bit linear congruential generators (MMIX).
    with np.errstate(over="ignore"):
        factors = np.full(_MOST_CODES, 6364136223846793005, dtype=np.uint64)
        return np.multiply.accumulate(factors)


def segment_hashes(letters: Codes, lengths: npt.NDArray[np.int_]) -> Hashes:
    """64-bit hash of each of the runs of ``lengths`` that the letters fall into; 0 for none.

    The same on every machine and run, so that they can be stored.
    """
    hashes = np.zeros(len(lengths), dtype=np.uint64)
    filled = lengths > 0
    if not filled.any():
        return hashes
    firsts = np.cumsum(lengths) - lengths
    place = np.arange(len(letters)) - np.repeat(firsts, lengths)
    found = np.add.reduceat(letters.astype(np.uint64) * _powers()[place], firsts[filled])
    # The sum's low bits depend on few bits of each letter; fold the high half in.
    found ^= found >> np.uint64(32)
    hashes[filled] = found
    return hashes
