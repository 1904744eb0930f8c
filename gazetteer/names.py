"""Keys under which differently written names of one place meet.

``fold`` brings together spellings in one script: al-Tanf, At Tanf and Tanf are all ``tanf``.
``skeleton`` brings together scripts and transliterations: al-Tanf, Tanif and التنف are all ``tnf``.
``skeletons`` are what to try, in order, for one name: its skeleton and those of its other readings.
The ``..._many`` forms take a million names in a few seconds, because they work on all names as
one text; a few names are made one by one, by the same rules, in some ten microseconds each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gazetteer.fold import (
    FEW,
    MAX_NAME,
    NEWLINE,
    PAD,
    Codes,
    codes_of,
    fold,
    fold_many,
    fold_text,
    lines_of,
)
from gazetteer.generics import GENERICS, LONGEST_GENERIC, QUALIFIERS
from gazetteer.readings import misreadings, needs_respelling, other_readings, respelled, slips
from gazetteer.skeleton import Hashes, segment_hashes, skeleton_of, skeleton_text

__all__ = [
    "MAX_NAME",
    "NameParts",
    "all_keys_many",
    "core_skeletons",
    "fold",
    "fold_many",
    "hash_key",
    "is_code",
    "key_hashes",
    "keys_many",
    "misreadings",
    "parts",
    "parts_many",
    "skeleton",
    "skeleton_many",
    "skeletons",
    "skeletons_many",
    "slips",
    "split_generic",
]


_CODE = re.compile(r"\s*[A-Z]{3}\s*")


def is_code(name: str) -> bool:
    """Whether a name is written like the code of an airport ("DAM"): it has one spelling."""
    return _CODE.fullmatch(name) is not None


def skeleton_many(names: Sequence[str]) -> list[str]:
    """``skeleton`` of every name, in order."""
    return keys_many(names)[1]


def skeleton(name: str) -> str:
    """Key of consonant classes under which Arabic script and its transliterations meet.

    Built on ``fold``: vowels go (also long ones and the semivowels w and y inside a word), as do
    ayn, hamza, a final h, the spaces and the words in ``generics.UNSAID``; q, k, g and gh are one
    class, as are emphatic consonants and their plain ones; sh and ch are ``S``, kh is ``X``.
    التنف, al-Tanf and Tanif are ``tnf``. Cyrillic is read as it is transliterated: Харків and
    Kharkov are ``Xrkf``. Other scripts contribute nothing, so that the key may be empty. Short keys
    are weak evidence.
    """
    return skeleton_of(fold(respelled(name)))


def skeletons(name: str) -> tuple[str, ...]:
    """The skeleton of a name and those of other ways to read its letters, likeliest first.

    An index holds one skeleton per name; the one who looks up tries these. Empty keys are left out.
    """
    return skeletons_many([name])[0]


def skeletons_many(names: Sequence[str]) -> list[tuple[str, ...]]:
    """``skeletons`` of every name, in order."""
    read = [(name, *other_readings(name)) for name in names]
    keys = iter(skeleton_many([reading for readings in read for reading in readings]))
    found = [[next(keys) for _ in readings] for readings in read]
    return [tuple(dict.fromkeys(key for key in each if key)) for each in found]


def keys_many(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """``fold`` and ``skeleton`` of every name: half the work of asking for each."""
    folds, bones, _ = _keys(names)
    return folds, bones


def _keys(names: Sequence[str]) -> tuple[list[str], list[str], list[int]]:
    """``keys_many``, and which names are respelled for their skeletons."""
    at = _to_respell(names)
    if len(names) <= FEW:
        return [fold(name) for name in names], [skeleton(name) for name in names], at
    codes = fold_text(names)
    folds, bones = lines_of(codes), lines_of(skeleton_text(codes))
    if at:
        again = lines_of(skeleton_text(fold_text([respelled(names[number]) for number in at])))
        for number, key in zip(at, again, strict=True):
            bones[number] = key
    return folds, bones, at


def key_hashes(names: Sequence[str]) -> tuple[Hashes, Hashes]:
    """64-bit hashes of ``fold`` and ``skeleton`` of every name, 0 for an empty key.

    The same on every machine and run, so that they can be stored. Equal keys have equal hashes;
    whether equal hashes are equal keys is for the caller to check.
    """
    if not names:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint64)
    codes = fold_text(names)
    folds, bones = _line_hashes(codes), _line_hashes(skeleton_text(codes))
    if at := _to_respell(names):
        codes = fold_text([respelled(names[number]) for number in at])
        bones[at] = _line_hashes(skeleton_text(codes))
    return folds, bones


def _to_respell(names: Sequence[str]) -> list[int]:
    if not needs_respelling("\n".join(names)):
        return []
    return [number for number, name in enumerate(names) if needs_respelling(name)]


def hash_key(key: str) -> np.uint64:
    """The hash in ``key_hashes`` of a key that ``fold`` or ``skeleton`` gave."""
    return np.uint64(segment_hashes(codes_of(key), np.array([len(key)]))[0])


def _line_hashes(codes: Codes) -> Hashes:
    lines = codes[PAD : 1 - PAD]
    ends = np.flatnonzero(lines == NEWLINE)
    lengths = np.diff(ends, prepend=-1) - 1
    return segment_hashes(lines[lines != NEWLINE], lengths)


_BEGINNINGS = (
    "umm um oum omm abu abou abo bu ibn bin bani beni ayn ain ein bayt beit bet kafr kafar "
    "kfar dayr deir der abd khan bir jubb ras bab dar ard rasm qasr kani sayyid shaykh sheikh "
    "hajj ام ابو بو ابن بن بني عين بيت كفر دير عبد خان بير جب راس باب دار ارض رسم قصر كاني سيد "
    "شيخ حاج"
)
_NEVER_ALONE = frozenset(_BEGINNINGS.split())
"""Words that begin names and are none by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """A folded name taken apart.

    Attributes:
        core: what is left of it; never empty unless the name is.
        generics: feature words that stood around the core, keys of ``generics.GENERICS``.
        qualifiers: senses of the words that tell places of one name apart ("east", "upper").
    """

    core: str
    generics: tuple[str, ...]
    qualifiers: tuple[str, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds that the generics stand for."""
        return frozenset(GENERICS[generic] for generic in self.generics)


def parts(name: str) -> NameParts:
    """Core, generics and qualifiers of a name: ``Tell Abyad al-Gharbi`` is abyad, tell, west."""
    return parts_many([name])[0]


def parts_many(names: Sequence[str]) -> list[NameParts]:
    """``parts`` of every name, in order."""
    return [_parts(name, key) for name, key in zip(names, fold_many(names), strict=True)]


@lru_cache(maxsize=16_384)
def _parts(name: str, key: str) -> NameParts:
    words, generics, qualifiers = _taken_apart(key)
    bracketed = [fold(text) for text in _bracket_texts(name)] if "(" in name or "[" in name else ()
    generics += [text for text in bracketed if text in GENERICS]
    return NameParts(
        core=" ".join(words),
        generics=tuple(dict.fromkeys(generics)),
        qualifiers=tuple(dict.fromkeys(qualifiers)),
    )


def _taken_apart(key: str) -> tuple[list[str], list[str], list[str]]:
    """Words of the core, generics and qualifiers of a folded name."""
    words = key.split()
    generics: list[str] = []
    qualifiers: list[str] = []
    while len(words) > 1:
        if 0 < (size := _generic_at(words, front=True)) < len(words):
            generics.append(" ".join(words[:size]))
            words = words[size:]
        elif 0 < (size := _generic_at(words, front=False)) < len(words):
            generics.append(" ".join(words[-size:]))
            words = words[:-size]
        elif (sense := QUALIFIERS.get(words[-1])) is not None:
            qualifiers.append(sense)
            words = words[:-1]
        elif (sense := QUALIFIERS.get(words[0])) is not None:
            qualifiers.append(sense)
            words = words[1:]
        else:
            break
    if words and words[-1] in _NEVER_ALONE:
        # "Umm Hawsh" is no farm of Umm's.
        return key.split(), [], []
    return words, generics, qualifiers


_AROUND = (*GENERICS, *QUALIFIERS)
_FIRST_WORDS = frozenset(words.partition(" ")[0] for words in _AROUND)
_LAST_WORDS = frozenset(words.rpartition(" ")[2] for words in _AROUND)


def core_skeletons(names: Sequence[str]) -> list[str]:
    """Skeletons of the cores of names (see ``parts``); "" where that is the whole name's own.

    The loose key of a name: خربة سربايا and Sarbaya have it in common.
    """
    _, _, loose = all_keys_many(names)
    return [loose.get(at, "") for at in range(len(names))]


def all_keys_many(names: Sequence[str]) -> tuple[list[str], list[str], dict[int, str]]:
    """``keys_many`` of names, and ``core_skeletons`` by place in the sequence.

    Only of those that have one: of millions they are few.
    """
    folds, bones, respelled_at = _keys(names)
    # What respelling made of marked letters is in the skeleton; the core goes by the plain ones.
    cores = {at: folds[at] for at in respelled_at if not needs_respelling(folds[at])}
    for at, key in enumerate(folds):
        first, space, rest = key.partition(" ")
        # Most names have no such word at either end, which is soon seen.
        if space and (first in _FIRST_WORDS or rest.rpartition(" ")[2] in _LAST_WORDS):
            core = " ".join(_taken_apart(key)[0])
            if core != key:
                cores[at] = core
    found = zip(cores, skeleton_many(list(cores.values())), strict=True)
    return folds, bones, {at: key for at, key in found if key != bones[at]}


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
    if not words or (words[0] not in _FIRST_WORDS if front else words[-1] not in _LAST_WORDS):
        return 0
    for size in range(min(LONGEST_GENERIC, len(words)), 0, -1):
        if " ".join(words[:size] if front else words[-size:]) in GENERICS:
            return size
    return 0
