"""Putting spellings in order of likeness to a name, across scripts.

Names with one skeleton agree in their consonants; what tells them apart are vowels, and consonants
that the skeleton lumps together. Each name is written as it might sound, in one plain alphabet, and
the sounds are compared. This orders candidates and is no measure of anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

_ARABIC = (
    "ابپتثجچحخدذرزژسشصضطظعغفڤقكگلمنهويئؤ",
    "abbttjshxddrzzssszttagffkkglmnhuiiu",
)
_CYRILLIC = (
    "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюяёў",
    "abvggdeejziiiiklmnuprstufxtssseeuaeu",
)
_LATIN = ("eoywqpcv", "iuiukbkf")
_SOUNDS = str.maketrans(
    {**dict(zip(*_ARABIC, strict=True)), **dict(zip(*_CYRILLIC, strict=True)), "ь": "", "ъ": ""}
)
_LETTERS = str.maketrans(dict(zip(*_LATIN, strict=True)))
_SCRIPTS = {0: 0, 1: 0, 2: 0, 4: 4, 6: 6, 7: 6}
"""By block of 256 code points: Latin, Cyrillic, Arabic."""
_DIGRAPHS = (
    ("kh", "x"),
    ("sh", "s"),
    ("ch", "s"),
    ("gh", "g"),
    ("th", "t"),
    ("dh", "d"),
    ("zh", "j"),
    ("ph", "f"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("dj", "j"),
    (" ", ""),
)


def sounds(text: str) -> str:
    """Folded names, one a line, each as it might sound."""
    for written, spoken in _DIGRAPHS:
        text = text.replace(written, spoken)
    return text.translate(_LETTERS).translate(_SOUNDS)


def script_of(key: str) -> int:
    """A number for the script of a key's first letter: one for all below U+0250, and so on."""
    return next((_SCRIPTS.get(ord(letter) >> 8, 1) for letter in key if letter > "@"), 0)


def most_alike(name: str, numbers: Sequence[int], keys: Sequence[str]) -> list[int]:
    """The numbers in order of the likeness of their keys to a folded name; equals keep theirs."""
    if len(numbers) < 2:
        return list(numbers)
    said = sounds(name)
    as_spoken = process.cdist([said], sounds("\n".join(keys)).split("\n"), scorer=fuzz.ratio)[0]
    as_written = process.cdist([name], keys, scorer=fuzz.ratio)[0]
    score = (-(as_spoken + 0.25 * as_written)).argsort(kind="stable")
    return [numbers[at] for at in score.tolist()]
