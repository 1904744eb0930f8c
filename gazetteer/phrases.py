"""A caption's words for where: which part names the place, and which only say where that is.

"Al-Fatih, Jableh District" names al-Fatih and puts it in Jableh; "Commercial Bank, Al Mayadeen"
names a bank nobody lists and the town it is in. So every part may be the place, the first more
readily than the rest, and each part is context to the others. No coordinates are worked out here:
"70 km northeast of Tanf" is the business of descriptions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 400
_MOST = 6
_APART = re.compile(r"\s*[,;:&،/]\s*|\.\s+|\s+[-–—]\s+|\s+(?:and|or|و)\s+")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_HOLDS = re.compile(
    r"\s+(?:in|of|near|outside|from|at|along|close to|next to|on)\s+(?:the\s+)?", re.I
)
_LEADING = re.compile(
    r"^(?:(?:the|near|between|around|outside|outskirts|vicinity|area|areas|in|at|of|on|from|to|"
    r"village|villages|town|towns|city|neighbou?rhood|countryside|suburbs?|road|several|"
    r"(?:north|south|east|west)(?:ern)?\s+(?:of|countryside|outskirts|suburbs?|area|part|side)|"
    r"edge|side|part|parts|rural|various|no|name|yet|locations?)\s+)+(?=\S)",
    re.I,
)
_TRAILING = re.compile(
    r"(?:\s+(?:area|areas|countryside|outskirts|suburbs?|surroundings|vicinity|side|road|"
    r"neighbou?rhoods?|villages?|towns?|city|front|frontlines?|rural|desert))+$",
    re.I,
)
_GLUED = re.compile(r"\b[AaEe]l['’]?(?=[b-df-hj-np-tv-z][^\W_]{3})")
LATER, BRACKETS, HOLDER, UNGLUED, SHORTER = 0.55, 0.8, 0.7, 0.98, 0.6
"""What a part counts as the place itself if it comes later, in brackets, or after "in" or "of",
with an article taken off that is written together with it, or with a word left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A name in a phrase and how readily it is the place meant, above 0 to 1."""

    name: str
    weight: float


def parts_of_phrase(phrase: str) -> tuple[Part, ...]:
    """The names in a phrase, the likeliest first; one of weight 1 for a plain name."""
    phrase = " ".join(phrase[:_LONGEST].split())
    found: dict[str, float] = {}
    bracketed = [text.strip() for text in _BRACKETED.findall(phrase)]
    plain = _BRACKETED.sub(" ", phrase)
    for number, piece in enumerate(_APART.split(plain)):
        weight = 1.0 if number == 0 else LATER
        inner = _HOLDS.split(_LEADING.sub("", piece.strip()))
        for depth, name in enumerate(inner):
            _add(found, name, weight * HOLDER**depth)
    for text in bracketed:
        for number, piece in enumerate(_APART.split(text)):
            _add(found, piece, BRACKETS * LATER**number)
    parts = [Part(name=name, weight=round(weight, 4)) for name, weight in found.items()]
    return tuple(sorted(parts, key=lambda part: -part.weight)[:_MOST])


def _add(found: dict[str, float], name: str, weight: float) -> None:
    name = name.strip(" .'\"“”‘’:")
    short = _TRAILING.sub("", _LEADING.sub("", name)).strip()
    name = short or name
    for text, factor in ((name, 1.0), (_GLUED.sub("", name), UNGLUED)):
        if sum(map(str.isalpha, text)) >= 2 and found.get(text, 0.0) < weight * factor:
            found[text] = weight * factor


def shorter_parts(part: Part) -> tuple[Part, ...]:
    """A name of several words with one word fewer, or the last put first ("Mustafa Sheikh")."""
    words = part.name.split()[:_MOST]
    if len(words) < 2:
        return ()
    names = [" ".join((words[-1], *words[:-1])), " ".join(words[:-1]), " ".join(words[1:])]
    if len(words) > 2:
        names.append(words[0])
    return tuple(
        Part(name=name, weight=round(part.weight * SHORTER, 4))
        for name in dict.fromkeys(names)
        if sum(map(str.isalpha, name)) >= 4
    )
