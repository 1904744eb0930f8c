"""The nouns of zones, and what tells that people are kept out of what a wider noun names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from osint.extract import lexicon

ZONES = lexicon.words("zone cordon perimeter")
# Zones only with a word that says so: "a restricted area", "a security belt", "a buffer".
LOOSE = lexicon.words("area belt strip ring circle bubble airspace buffer radius exclusion")
SEALED = lexicon.words(
    "sealed-off cordoned-off fenced-off closed-off off-limits warning standoff stand-off keep-out "
    "exclusion security buffer safety safe restricted prohibited closed no-go no-fly danger "
    "quarantine protection protective protected no-entry no-drone forbidden "
    "evacuation military defensive deconfliction demilitarised demilitarized"
)
# "Within a radius of 5 km" is a zone where people are kept or sent out of it.
_CLEARED = lexicon.words(
    "evacuate evacuated evacuating evacuation evacuations leave left flee sealed seal closed close "
    "cordoned cordon barred banned ban forbidden prohibited restricted off-limits cleared clear "
    "shelter grounded"
)
# What is said of nothing but a zone that people are kept out of, wherever the sentence says it.
_ANYBODY = lexicon.words("anyone anybody everyone everybody nobody trespassers intruders")
_KEPT_OUT = lexicon.words(
    "off-limits no-go no-fly banned barred forbidden prohibited cordoned evacuated out-of-bounds "
    "closed sealed"
)
_KEPT = lexicon.words("keep keeps kept stay stays stayed keeping warned shut")
# "An area of 6 km around X was declared off limits"
_OFF = frozenset({"off", "declared", "closed"})
_LIMITS = frozenset({"limits", "off-limits", "closed", "prohibited", "forbidden", "restricted"})


def keeps_out(
    words: Sequence[str], head: str, told: Sequence[str], *, first: int, stop: int
) -> bool:
    """Whether a zone's noun means a zone that somebody is kept out of.

    Args:
        words: the sentence, lower-case.
        head: the noun, singular.
        told: all words of its noun phrase.
        first: first token of the noun phrase, its size included.
        stop: one past its last token.
    """
    if head in ZONES:
        return True
    if head == "radius":
        if not SEALED.isdisjoint(told):
            return True
        opens = {"within", "in", "inside"} | _CLEARED
        leads = first > 0 and words[first - 1] in opens
        leave = "told" in words and not {"leave", "stay", "go"}.isdisjoint(words)
        return leave or (leads and not _CLEARED.isdisjoint(words))
    kept = _KEPT_OUT | _ANYBODY
    if head in {"bubble", "buffer"} or not kept.isdisjoint(words):
        return True
    if any(one in _KEPT and "out" in words[at + 1 : at + 4] for at, one in enumerate(words)):
        return True
    lead, later = words[max(first - 4, 0) : first], words[stop:]
    off = any(one in _OFF and two in _LIMITS for one, two in pairwise(later))
    return off or not (SEALED | _CLEARED).isdisjoint(lead) or not SEALED.isdisjoint(told)


def bare(words: str) -> str:
    """What a zone is called, without its size: "40 km exclusion zone" is an exclusion zone."""
    kept = words.split(" ")
    while len(kept) > 1 and (not kept[0][0].isalpha() or _sizes(kept[0])):
        kept.pop(0)
    return " ".join(kept)


def _sizes(word: str) -> bool:
    plain = word.lower()
    return plain.endswith(("-wide", "-deep", "-long")) or plain in _UNITS or plain in _NUMBERS


_UNITS = lexicon.words("km kms kilometre kilometres kilometer kilometers mile miles nautical m "
                       "metre metres meter meters yards feet")  # fmt: skip
_NUMBERS = lexicon.words("some about roughly ten twenty thirty forty fifty five hundred")
