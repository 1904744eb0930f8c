"""Who a thing belongs to: countries, demonyms, seats of government that stand for them, groups.

Countries are one atom each, whatever word was used ("American", "US", "the Pentagon"), so that "its
base" and "a US base" can be seen to have the same owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

_SEATS = {
    "pentagon": "US",
    "washington": "US",
    "white house": "US",
    "centcom": "US",
    "u.s.": "US",
    "kremlin": "RU",
    "moscow": "RU",
    "u.k.": "GB",
    "downing street": "GB",
    "whitehall": "GB",
    "knesset": "IL",
    "elysee": "FR",
    "irgc": "IR",
    "idf": "IL",
}
_GROUPS = {
    "rebels": "rebel opposition insurgent fsa",
    "militias": "militia paramilitary",
    "ISIS": "isis isil daesh is",
    "Kurds": "kurd kurdish ypg peshmerga",
    "SDF": "sdf",
    "Taliban": "taliban",
    "Houthis": "houthi",
    "Hezbollah": "hezbollah hizbollah hizbullah",
    "PMU": "pmu pmf hashd",
    "al-Qaeda": "al-qaeda al-qaida",
    "Hamas": "hamas",
    "Wagner": "wagner",
    "Janjaweed": "janjaweed",
    "al-Shabaab": "al-shabaab shabaab",
    "M23": "m23",
    "PKK": "pkk",
    "RSF": "rsf",
    "government": "government regime loyalist pro-government",
    "separatists": "separatist",
    "coalition": "coalition nato",
    "UN": "un u.n.",
}
_GROUP_OF = {word: label for label, listed in _GROUPS.items() for word in listed.split()}
# "US-backed rebels" are rebels; "US-rebel" names both; "US-held" still names the holder.
_NOT_OWNING = ("backed", "supported", "funded", "trained", "armed", "supplied", "made", "built")


# Names of countries that are neither the usual one nor a demonym.
_ALSO_CALLED = frozenset(
    {"türkiye", "turkiye", "dr congo", "ivory coast", "cote d'ivoire", "burma", "britain", "congo"}
    | {"great britain", "palestine", "america", "holland", "swaziland", "east timor", "cape verde"}
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose something is: ``atom`` to compare, ``label`` to show, ``country`` if it is one."""

    atom: str
    label: str
    country: str | None = None


@lru_cache(maxsize=32768)
def country_of(word: str) -> str | None:
    """ISO code of a country name, demonym or its plural ("Americans"), else None.

    Only capitalised words can be one.
    """
    from gazetteer.countries import country_code

    if not word[:1].isupper():
        return None
    code = country_code(word)
    if code is None and word.endswith("s") and not word.isupper():
        code = country_code(word[:-1])
    return code


@lru_cache(maxsize=32768)
def is_country_name(word: str) -> bool:
    """Whether the word is the country's own name ("Syria"), not a demonym ("Syrian")."""
    from gazetteer.countries import country_name

    code = country_of(word)
    if code is None:
        return False
    name = country_name(code).casefold()
    plain = word.casefold().removeprefix("the ")
    return (
        plain == name
        or plain in _ALSO_CALLED
        or (plain in {"us", "usa", "u.s.", "uk", "uae", "drc"})
        or (len(plain) >= len("Chad") and name.startswith(plain) and not _looks_demonym(plain))
    )


def _looks_demonym(word: str) -> bool:
    return word.endswith(("an", "ans", "i", "is", "ese", "ish"))


@lru_cache(maxsize=32768)
def owner_of(word: str) -> Owner | None:
    """The actor that one word names, else None."""
    lower = word.lower()
    if lower in _SEATS:
        return _country_owner(_SEATS[lower])
    code = country_of(word)
    if code is not None:
        return _country_owner(code)
    label = _GROUP_OF.get(lower) or (
        _GROUP_OF.get(lower[:-1]) if lower.endswith("s") and lower != "is" else None
    )
    if label is not None and (label != "ISIS" or word.isupper() or len(lower) > len("is")):
        return Owner(label, label)
    return None


def _country_owner(code: str) -> Owner:
    from gazetteer.countries import country_name

    return Owner(code, "US" if code == "US" else country_name(code), code)


@lru_cache(maxsize=32768)
def owners_in(word: str) -> tuple[Owner, ...]:
    """The actors in a word, hyphenated compounds taken apart ("US-rebel": two)."""
    whole = owner_of(word)
    if whole is not None:
        return (whole,)
    pieces = word.replace("/", "-").split("-")
    if len(pieces) == 1 or pieces[-1].lower() in _NOT_OWNING:
        return ()
    found = [owner_of(piece) for piece in pieces]
    return tuple(owner for owner in found if owner is not None)


@lru_cache(maxsize=32768)
def countries_in(word: str) -> tuple[str, ...]:
    """ISO codes in a word, in order ("Syrian-Iraqi": SY, IQ)."""
    codes = (owner.country for owner in owners_in(word))
    return tuple(code for code in codes if code is not None)
