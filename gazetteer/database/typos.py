"""Misspelt names: every key within two edits of a given one.

Two keys that differ by one edit (a letter more, less, other, or two neighbours swapped) have a form
in common once each has lost at most one letter. All forms of the stored keys that lack one letter
are in the index (``typos_writer``), so one edit takes as many look-ups as the key has letters. For
two edits the key is edited once in every way its script allows, and each result looked up so.

The distance is that of optimal string alignment, in which a swap counts one and no part is edited
twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from gazetteer.database.hashing import hash_deletions, hash_lines
from gazetteer.database.name_index import NameIndex
from gazetteer.database.typos_writer import CHECK_BITS, LONGEST

_LATIN = "abcdefghijklmnopqrstuvwxyz "
_ALPHABETS = (
    (0x0600, 0x06FF, "ابتثجحخدذرزسشصضطظعغفقكلمنهويئؤآأإپچژگڤ "),
    (0x0400, 0x04FF, "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюяё "),
    (0x0370, 0x03FF, "αβγδεζηθικλμνξοπρσςτυφχψω "),
    (0x0590, 0x05FF, "אבגדהוזחטיכךלמםנןסעפףצץקרשת "),
)
SHORTEST = 3
"""Keys of fewer letters have half the gazetteer within one edit."""
SHORTEST_FOR_TWO = 6
"""Likewise for two edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A key that is like the one sought.

    Attributes:
        number: of the key in the index.
        key: the folded name.
        edits: how many edits away it is.
        weight: 10 * log2 of 1 + inhabitants of its most populous place.
    """

    number: int
    key: str
    edits: int
    weight: int


def find_near(index: NameIndex, key: str, *, edits: int = 1) -> list[Near]:
    """Keys from one to ``edits`` edits away, the nearest first, among equals the most populous.

    Args:
        index: to look in.
        key: as ``names.fold`` gives it.
        edits: 1 or 2; keys under 6 letters are sought at 1.
    """
    if not SHORTEST <= len(key) <= LONGEST:
        return []
    if len(key) < SHORTEST_FOR_TWO:
        edits = 1
    forms = [key] if edits == 1 else [key, *_edited(key)]
    text = "\n".join(forms) + "\n"
    lacking, _ = hash_deletions(text, longest=LONGEST + 1)
    whole = hash_lines(text)
    hashes = np.concatenate([whole, lacking])
    if edits > 1:
        hashes = np.unique(hashes)
    numbers = np.unique(np.concatenate([index.find_hashes(hashes), _with_deletions(index, hashes)]))
    keys = index.keys(numbers)
    weights = index.weights(numbers).tolist()
    found = [
        Near(number=number, key=other, edits=distance, weight=weight)
        for number, other, weight in zip(numbers.tolist(), keys, weights, strict=True)
        if 0 < (distance := OSA.distance(key, other, score_cutoff=edits)) <= edits
    ]
    found.sort(key=lambda near: (near.edits, -near.weight, near.number))
    return found


def _with_deletions(index: NameIndex, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Numbers of keys that have one of the hashes once they lack a letter.

    A few more are among them, whose bits happen to agree.
    """
    first = index.arrays["deletion_first"]
    bits = (len(first) - 1).bit_length() - 1
    buckets = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    checks = (hashes >> np.uint64(64 - bits - CHECK_BITS)).astype(np.uint8)
    begins = first[buckets].astype(np.int64)
    lengths = first[buckets + 1].astype(np.int64) - begins
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    rows = np.arange(total) + np.repeat(begins - (ends - lengths), lengths)
    hits = rows[index.arrays["deletion_check"][rows] == np.repeat(checks, lengths)]
    numbers: npt.NDArray[np.int64] = index.arrays["deletion_key"][hits].astype(np.int64)
    return numbers


def _edited(key: str) -> list[str]:
    """The key after any one edit."""
    alphabet = _alphabet(key)
    splits = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    edited = {left + right[1:] for left, right in splits if right}
    edited.update(
        left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1
    )
    edited.update(
        left + letter + right[1:] for left, right in splits if right for letter in alphabet
    )
    edited.update(left + letter + right for left, right in splits for letter in alphabet)
    edited.discard(key)
    return sorted(edited)


def _alphabet(key: str) -> str:
    """Letters that a misspelling of the key may bring in: those of its script, and its own."""
    for low, high, letters in _ALPHABETS:
        if any(low <= ord(char) <= high for char in key):
            return "".join(dict.fromkeys(letters + key))
    return "".join(dict.fromkeys(_LATIN + key))
