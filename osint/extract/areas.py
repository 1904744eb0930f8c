"""What words name an area that things can lie in: countries, parts of countries, provinces.

"Syria", "southern Syria", "the north of Syria", "Anbar province", "the Badiya desert", "Iraqi
Kurdistan". A bare name ("Homs") is none: it is more often a town, and a market in a town is only
where the town is.
"""

from __future__ import annotations

import re

from osint.extract import lexicon
from osint.extract.actors import is_country_name
from osint.extract.known_regions import REGIONS
from osint.extract.nouns import Noun

_HEADS = lexicon.words(
    "province department district governorate region desert county state oblast prefecture canton "
    "raion department municipality subdistrict sub-district commune voivodeship woreda "
    "peninsula highland steppe delta basin plateau enclave countryside area territory sector"
)
# These say where without a name of their own: "the Syrian desert", "the Afar region".
_WILDS = lexicon.words("desert steppe highland peninsula coast countryside")
_PARTS = frozenset({"North", "South", "West", "East", "Upper", "Lower"})
# The word is that of two countries, but the place is an area all the same.
_BARE_COUNTRY = re.compile(r"(?:(?:\w+ern|central) )?Congo")
_OFFICES = lexicon.words(
    "State Police Fire Health Treasury Justice Defense Defence Interior Energy"
)
_SIDES = lexicon.words(
    "north south east west northeast northwest southeast southwest north-east north-west "
    "south-east south-west center centre"
)
# "Stands on a plateau in northern Chile": what lies there is what stands on it.
GROUND = lexicon.words("plateau hill ridge slope hillside hilltop plain spur bluff outskirts edge")
BOTH = frozenset({"both", "all"})
_SHARES = lexicon.words("part half portion corner tip end reaches fringe edge")


def is_area(noun: Noun | None) -> bool:
    """Whether the words name an area in which a fixed thing can be said to lie."""
    if noun is None or noun.kind in {"zone", "border"}:
        return False
    if _BARE_COUNTRY.fullmatch(noun.words):
        return True
    if noun.role in {"person", "force"} or noun.words.split(" ")[0] in _OFFICES:
        return False
    if noun.role == "area":
        if noun.kind != "region":
            return True
        if noun.proper is not None:
            return noun.head in _HEADS or noun.head in _SIDES
        if noun.head in _HEADS and _called_as_country(noun.words):
            return True
        return noun.head in _WILDS and bool(noun.countries)
    if noun.proper is None:
        return False
    if noun.head == "valley":
        return True
    return noun.role in {"unknown", "site"} and known_region(noun.words)


def _called_as_country(words: str) -> bool:
    """As in "Niger state", "Lebanon county": the area has a country's own name."""
    before = words.rsplit(" ", 2)[-2:]
    return len(before) == 2 and is_country_name(before[0])


def known_region(words: str) -> bool:
    """Whether a bare name is that of a region everybody knows: "Crimea", "Iraqi Kurdistan"."""
    if words.endswith((" Sea", " Ocean", " Gulf")):
        return False
    side, _, rest = words.partition(" ")
    if words in REGIONS or rest in REGIONS:
        return True
    return side in _PARTS and rest[:1].isupper() and "'" not in rest


def part_of(noun: Noun, whole: Noun) -> bool:
    """Whether "NOUN of WHOLE" is a part of an area: "the north of Syria"."""
    if noun.named or not is_area(whole):
        return False
    compass = any(
        word in lexicon.COMPASS_ADJECTIVES or word in _SIDES
        for word in noun.words.lower().split(" ")
    )
    return noun.head in _SIDES or (compass and noun.head in _SHARES | _WILDS | {"region", "area"})
