"""Countries in the words of a noun phrase: whole ones, joined ones, sides of a border."""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon
from osint.extract.actors import Owner, countries_in, is_country_name, owner_of, owners_in
from osint.extract.heads import head_of
from osint.extract.tokens import Token, written_as

_GIVEN_COUNTRIES = frozenset({"jordan", "chad", "georgia", "israel"})


def joined_country(core: Sequence[Token]) -> tuple[Owner, int, int] | None:
    """As in "Sri Lankan", "Saudi Arabian": a country of two words, and where it stands."""
    for index in range(len(core) - 1):
        if not (core[index].capital and core[index + 1].capital):
            continue
        first, second = core[index].text, core[index + 1].text
        owner = owner_of(f"{first} {second}")
        if owner is not None and owner_of(second) != owner:
            return owner, index, index + 2
    return None


def codes_in(tokens: Sequence[Token]) -> list[str]:
    """Codes of the countries that the tokens name."""
    return [code for token in tokens for code in countries_in(token.text)]


def sides_in(core: Sequence[Token]) -> tuple[str, ...]:
    """As in "Sudan-South Sudan border": names of more than one word with a hyphen between."""
    written = written_as(core[:-1]).replace("–", "-")
    one, _, other = written.partition("-")
    if " " not in written or not other:
        return ()
    codes = [owner.country for owner in (owner_of(one), owner_of(other)) if owner]
    return tuple(code for code in codes if code) if len(codes) == 2 else ()


def given_country(core: Sequence[Token]) -> bool:
    """As in "Jordan Smith", "Georgia Brown": a given name that a country has as well."""
    if len(core) != 2 or core[0].lower not in _GIVEN_COUNTRIES or not core[1].capital:
        return False
    last = core[1].lower
    listed = last in lexicon.PLACE_HINTS or head_of(last) != ""
    titled = last in lexicon.TITLES
    return not (listed or titled or owners_in(core[1].text) or core[1].text.isupper())


def whole_country(core: Sequence[Token]) -> bool:
    """As in "Syria", "northern Iraq", "South Sudan", "the United States"."""
    begin = 0
    if is_country_name(written_as(core)):
        return core[0].text[0].isupper()
    while begin < len(core) and core[begin].lower in lexicon.COMPASS_WORDS:
        begin += 1
    # Every country's name begins with a capital.
    if begin == len(core) or not core[begin].text[0].isupper():
        return False
    return is_country_name(written_as(core[begin:]))
