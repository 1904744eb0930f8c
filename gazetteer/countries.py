"""Countries by code, name and demonym; the table is ``countries.tsv`` beside this file.

``country_code`` and ``country_codes_in`` read words as an article writes them. A country whose name
is also an English word ("turkey", "us") counts only with its capitals.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from gazetteer.errors import GazetteerError

_LONGEST = 7
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+")
_GAP = re.compile(r"[\s\-\u2010-\u2013'’,.()]{1,3}")


class _Phrase(NamedTuple):
    code: str | None
    needs: str | None
    """Exact spelling demanded of abbreviations, else None."""


class _Table(NamedTuple):
    names: dict[str, str]
    english: frozenset[str]
    phrases: dict[tuple[str, ...], _Phrase]
    longest: dict[str, int]
    """Most words that a phrase beginning with this word has."""


@lru_cache(maxsize=4096)
def _key(token: str) -> str:
    plain = unicodedata.normalize("NFKD", token.replace(".", "")).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


def _tokens(text: str) -> list[re.Match[str]]:
    return list(_TOKEN.finditer(text))


@cache
def _table() -> _Table:
    names: dict[str, str] = {}
    english: set[str] = set()
    phrases: dict[tuple[str, ...], _Phrase] = {}
    text = files("gazetteer").joinpath("countries.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        code, *fields = line.split("\t")
        if code == "-":
            for phrase in fields[0].split(";"):
                _add(phrases, phrase, None)
            continue
        if code == "=":
            english.update(fields[0].split(";"))
            continue
        name, others, demonyms = fields
        names[code] = name
        for phrase in (name, *others.split(";"), *demonyms.split(";")):
            _add(phrases, phrase, code)
    longest: dict[str, int] = {}
    for key in phrases:
        longest[key[0]] = max(len(key), longest.get(key[0], 1))
    return _Table(names, frozenset(english), phrases, longest)


def _add(phrases: dict[tuple[str, ...], _Phrase], phrase: str, code: str | None) -> None:
    tokens = [match.group() for match in _tokens(phrase)]
    if not tokens:
        return
    plain = "".join(tokens).replace(".", "")
    needs = plain if len(tokens) == 1 and plain.isupper() else None
    phrases.setdefault(tuple(_key(token) for token in tokens), _Phrase(code, needs))


def country_name(code: str) -> str:
    """English name of a country by its ISO 3166-1 alpha-2 code, in either case.

    Raises:
        GazetteerError: no country has that code.
    """
    name = _table().names.get(code.upper())
    if name is None:
        raise GazetteerError(
            f"{code!r} is no country code; give two letters of ISO 3166-1, such as SY"
        )
    return name


def country_codes() -> tuple[str, ...]:
    """All codes of the table in alphabetical order."""
    return tuple(sorted(_table().names))


def country_code(phrase: str) -> str | None:
    """Code of the country that a name, abbreviation or demonym means, or None.

    The whole phrase has to be it: ``Syria``, ``the Syrian``, ``Americans``, ``US``, ``U.S.``,
    ``Côte d'Ivoire``. Case is free except for abbreviations and for names that are English words:
    ``syria`` is SY, ``turkey`` and ``us`` are None.
    """
    tokens = _tokens(phrase[:200])
    if len(tokens) > 1 and tokens[0].group().casefold() == "the":
        tokens = tokens[1:]
    if not 1 <= len(tokens) <= _LONGEST:
        return None
    words = [token.group() for token in tokens]
    found = _match(words, tuple(_key(word) for word in words))
    return found.code if found else None


def country_of_field(value: str) -> str | None:
    """Code of the country a table's or file's country field means: a code in any case, or a name.

    A field is known to hold a country, so that ``sy`` and ``turkey`` are taken here.
    """
    text = value.strip()
    if text.upper() in _table().names:
        return text.upper()
    return country_code(text) or country_code(text.title())


def country_codes_in(text: str) -> tuple[str, ...]:
    """Codes of the countries that a text names, in order of first mention, each once.

    ``the Syrian-Iraqi border`` gives (SY, IQ). The longest phrase counts: ``South Korean`` is KR,
    ``New Mexico`` none.
    """
    tokens = _tokens(text)
    words = [token.group() for token in tokens]
    keys = [_key(word) for word in words]
    longest = _table().longest
    codes: list[str] = []
    at = 0
    while at < len(tokens):
        step = 1
        end = at + 1
        reach = at + longest.get(keys[at], 1)
        while end < min(reach, len(tokens)) and _GAP.fullmatch(
            text, tokens[end - 1].end(), tokens[end].start()
        ):
            end += 1
        for stop in range(end, at, -1):
            found = _match(words[at:stop], tuple(keys[at:stop]))
            if found is not None:
                step = stop - at
                if found.code is not None and found.code not in codes:
                    codes.append(found.code)
                break
        at += step
    return tuple(codes)


def _match(words: list[str], key: tuple[str, ...]) -> _Phrase | None:
    phrases = _table().phrases
    found = phrases.get(key)
    if found is None and key[-1].endswith("s"):
        found = phrases.get((*key[:-1], key[-1][:-1]))
        if found is not None and found.needs is not None:
            return None
    if found is None:
        return None
    if found.needs is not None:
        return found if words[0].replace(".", "") == found.needs else None
    if words[0].islower() and len(words) == 1:
        singular = key[0].removesuffix("s")
        if {key[0], singular} & _table().english:
            return None
    return found
