"""Words with their offsets, and sentences.

A token never changes the text: ``text[token.start:token.end] == token.text``. Everything later
works on tokens, so every finding can be shown where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from osint.extract import lexicon

TokenKind = Literal["word", "number", "ordinal", "punct"]

# One pass, no alternative of which overlaps another: linear in the length of the text.
_TOKEN = re.compile(
    r"(?P<number>[0-9]{1,3}(?:[,\u00a0\u202f][0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<abbr>(?:[A-Za-z]\.){2,})"
    r"|(?P<word>[^\W\d_][^\W_\u0300-\u036f]*[\u0300-\u036f\w]*"
    r"(?:[-'\u2019\u2010\u2011][^\W_]+[\u0300-\u036f]*)*)"
    r"|(?P<punct>\S)"
)
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_ABBREVIATIONS = lexicon.words(
    "mr mrs ms dr prof gen col lt maj capt sgt cmdr adm brig st mt no approx ca vs etc fig "
    "jan feb mar apr jun jul aug sep sept oct nov dec hon rev gov sen rep pres"
)
_SENTENCE_OPENERS = lexicon.words(
    "the a an this that these those it he she they we in on at by but and his her its their"
)
_ARTICLE_PREFIXES = lexicon.words("al el at as ash ad ar an az ath adh ul il es er en ed et ez esh")
_UNITS = lexicon.words("km kilometre kilometer mile metre meter yard foot")
_NUMBER_WORDS = lexicon.words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "half quarter hundred"
)
_DENIED = lexicon.words("is are was were has have had do does did")
_CLOSERS = frozenset("\"'”’)]»")
# Nothing an English reporter writes is longer; without a cap one runaway sentence could make the
# clause rules, which look left and right, quadratic.
MAX_SENTENCE_TOKENS = 160


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign.

    Attributes:
        text: as written.
        lower: lower-cased, curly apostrophes and odd hyphens made plain.
        start: first code point.
        end: one past the last.
        kind: word, number ("2,500"), ordinal ("29th") or punct.
        spaced: whether white space (or the start of the text) stands before it.
        capital: whether it starts like a name (``is_capital``).
    """

    text: str
    lower: str
    start: int
    end: int
    kind: TokenKind
    spaced: bool
    capital: bool


def is_capital(text: str) -> bool:
    """Whether a word starts like a name: "Tanf", "al-Tanf", "U.S.", or in letters without case.

    A word in Arabic or Hebrew letters has no capitals; in an English text it is a name.
    """
    first = text[0]
    if first.isupper():
        return True
    if not first.isascii() and first.isalpha() and first.lower() == first.upper():
        return True
    if "-" not in text:
        return False
    prefix, hyphen, rest = text.partition("-")
    return bool(hyphen) and prefix.lower() in _ARTICLE_PREFIXES and rest[:1].isupper()


def _plain(text: str) -> str:
    lower = text.lower()
    if lower.isascii():
        return lower
    return lower.replace("\u2019", "'").replace("\u2010", "-").replace("\u2011", "-")


def _counts(word: str) -> bool:
    first = word.partition("-")[0]
    return first in _NUMBER_WORDS


def _word(text: str, lower: str, start: int, end: int, *, spaced: bool) -> Token:
    return Token(text, lower, start, end, "word", spaced, is_capital(text))


def tokenise(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Split ``text[start:end]`` into tokens; offsets count from the start of ``text``.

    A possessive ending is a token of its own ("Pentagon" + "'s"), and so is each half of
    "55-kilometer"; "al-Tanf" and "north-east" stay whole.
    """
    tokens: list[Token] = []
    previous_end = -1
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        piece, first, last = match.group(), match.start(), match.end()
        spaced = first != previous_end
        previous_end = last
        lower = _plain(piece)
        if match.lastgroup == "number":
            tokens.append(Token(piece, lower, first, last, "number", spaced, False))
        elif match.lastgroup == "punct":
            tokens.append(Token(piece, lower, first, last, "punct", spaced, False))
        elif lower in _ORDINAL_ENDINGS and not spaced and tokens and tokens[-1].kind == "number":
            number = tokens.pop()
            whole = text[number.start : last]
            tokens.append(
                Token(whole, _plain(whole), number.start, last, "ordinal", number.spaced, False)
            )
        elif "-" in lower and lower.rpartition("-")[2] in _UNITS and _counts(lower):
            # "a five-kilometre cordon" reads like "a 5-kilometre cordon"
            cut = last - len(lower.rpartition("-")[2])
            count, unit = text[first : cut - 1], text[cut:last]
            tokens.append(_word(count, lower.rpartition("-")[0], first, cut - 1, spaced=spaced))
            tokens.append(Token(text[cut - 1 : cut], "-", cut - 1, cut, "punct", False, False))
            tokens.append(_word(unit, unit.lower(), cut, last, spaced=False))
        elif lower.endswith("'s") and len(lower) > len("'s"):
            cut = last - len("'s")
            tokens.append(_word(text[first:cut], lower[:-2], first, cut, spaced=spaced))
            tokens.append(_word(text[cut:last], "'s", cut, last, spaced=False))
        elif lower.endswith("n't") and lower[:-3] in _DENIED:
            # "isn't" reads like "is not"
            cut = last - len("n't")
            tokens.append(_word(text[first:cut], lower[:-3], first, cut, spaced=spaced))
            tokens.append(_word(text[cut:last], "n't", cut, last, spaced=False))
        else:
            tokens.append(_word(piece, lower, first, last, spaced=spaced))
    return tuple(tokens)


def _ends_sentence(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.text[-1] not in ".!?":
        return False
    following = next((t for t in tokens[index + 1 : index + 4] if t.text not in _CLOSERS), None)
    if following is None:
        return False
    if token.kind == "word" and token.text.endswith("."):
        return following.capital and following.lower in _SENTENCE_OPENERS
    if token.text in "!?":
        return following.spaced
    if token.text != "." or not following.spaced:
        return False
    before = tokens[index - 1] if index else None
    if before is not None and not token.spaced:
        if before.lower in _ABBREVIATIONS:
            return False
        initial = before.kind == "word" and len(before.text) == 1 and before.text.isupper()
        if initial and following.capital:
            return False
    return not following.text[:1].islower()


def sentences(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Group tokens into sentences, closing quotes included.

    A full stop ends one only if white space and no small letter follows and the word before is
    neither an abbreviation ("Gen.", "Sept.") nor an initial.
    """
    found: list[tuple[Token, ...]] = []
    current: list[Token] = []
    ending = False
    for index, token in enumerate(tokens):
        if ending and not (token.text in _CLOSERS and not token.spaced):
            found.append(tuple(current))
            current, ending = [], False
        current.append(token)
        if _ends_sentence(tokens, index) or len(current) >= MAX_SENTENCE_TOKENS:
            ending = True
    if current:
        found.append(tuple(current))
    return tuple(found)


def written_as(tokens: Sequence[Token]) -> str:
    """The tokens as they stand in the text, spaces between them as there."""
    pieces: list[str] = []
    for token in tokens:
        pieces.append(" " + token.text if pieces and token.spaced else token.text)
    return "".join(pieces)
