"""What class of thing the head of a noun phrase names: a site, a force, a person, a border."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from osint.extract import lexicon

_NO_MEN = lexicon.words("specimen regimen abdomen acumen yemen turkmen women")
Class = Literal["site", "force", "person", "border", "zone", ""]


@lru_cache(maxsize=32768)
def head_of(word: str) -> Class:
    """What class of thing a lower-case noun names."""
    plain = lexicon.singular(word)
    if plain.endswith("men") and len(plain) > len("women") and plain not in _NO_MEN:
        # "Militiamen", "frogmen"
        return "force"
    feature = lexicon.FEATURES.get(plain)
    if feature is not None:
        return "border" if feature == "border" else "zone" if feature == "zone" else "site"
    if plain in lexicon.FORCES:
        return "force"
    if plain in lexicon.PERSONS:
        return "person"
    return ""
