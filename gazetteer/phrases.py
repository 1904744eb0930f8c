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
_LISTED = re.compile(r"&|\s(?:and|or|و)\s")
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
_SPOT = (
    r"(?:street|st|square|roundabout|mosque|church|hospital|clinic|school|university|college|"
    r"institute|bank|post office|office|market|souk|souq|bakery|factory|prison|museum|stadium|"
    r"houses?|homes?|buildings?|apartments?|shops?|centre|center|headquarters|warehouses?|station|"
    r"convoy|neighbou?rhoods?|quarter)"
)
_IS_SPOT = re.compile(rf"\b{_SPOT}$|^{_SPOT}\b", re.I)
"""Something in a settlement rather than a settlement."""
_NO_NAME = re.compile(
    rf"(?:(?:{_SPOT}|and|or|the|a|an|of|in|at|near|several|various|other|unknown|many|two|three|"
    r"locations?|areas?|places?|crossings?|camps?|residential|civilians?|central|military|local|"
    r"name|yet|not|no|unspecified|\d+(?:\.\d+)?|km|kms|kilomet(?:er|re)s?|miles?|m|"
    r"(?:north|south|east|west)(?:ern|east|west)?)\b\s*)+",
    re.I,
)
"""Words that name nothing by themselves."""
_OR = re.compile(r"^(?:or|and|aka|also)\s+", re.I)
_GLUED = re.compile(r"\b[AaEe]l['’]?(?=[b-df-hj-np-tv-z][^\W_]{3})")
LATER, BRACKETS, HOLDER, UNGLUED, SHORTER, SPOT = 0.55, 0.8, 0.7, 0.98, 0.6, 0.6
"""What a part counts as the place itself if it comes later, in brackets, or after "in" or "of",
with an article taken off that is written together with it, with a word left out, or if it says that
it is a street, a mosque or the like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A name in a phrase.

    Attributes:
        name: as written.
        weight: how readily it is the place meant, above 0 to 1.
        listed: it stands in a list of places ("Hajin and Sha'fa") that say nothing of each other.
    """

    name: str
    weight: float
    listed: bool = False


def parts_of_phrase(phrase: str) -> tuple[Part, ...]:
    """The names in a phrase, the likeliest first; one of weight 1 for a plain name."""
    phrase = " ".join(phrase[:_LONGEST].split())
    found: dict[str, float] = {}
    bracketed = [text.strip() for text in _BRACKETED.findall(phrase)]
    plain = _BRACKETED.sub(" ", phrase)
    for piece in _APART.split(plain):
        # What names nothing ("no name yet, ...") takes no place.
        weight = LATER if found else 1.0
        inner = _HOLDS.split(_LEADING.sub("", piece.strip()))
        for depth, name in enumerate(inner):
            _add(found, name, weight * HOLDER**depth)
    for text in bracketed:
        for number, piece in enumerate(_APART.split(text)):
            _add(found, piece, BRACKETS * LATER**number)
    if not found:
        _add_any(found, plain)
    # Whatever is likeliest is the place if nothing else is.
    most = max(found.values(), default=1.0)
    listed = _LISTED.search(plain) is not None
    parts = [
        Part(name=name, weight=round(weight / most, 4), listed=listed)
        for name, weight in found.items()
    ]
    return tuple(sorted(parts, key=lambda part: -part.weight)[:_MOST])


def _add_any(found: dict[str, float], name: str) -> None:
    """The words of a phrase that has no name, since they may be one after all."""
    name = _TRAILING.sub("", name.strip(" .,;:'\"“”‘’-()[]/&،")).strip()
    if sum(map(str.isalpha, name)) >= 2:
        found[name] = 1.0


def _add(found: dict[str, float], name: str, weight: float) -> None:
    name = _OR.sub("", name.strip(" .'\"“”‘’:"))
    if _NO_NAME.fullmatch(name):
        return
    if _IS_SPOT.search(name):
        weight *= SPOT
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
