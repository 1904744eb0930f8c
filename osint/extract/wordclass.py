"""The class of a single word: small words of the closed classes, verb-like endings, Title Case."""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.nouns import head_of
from osint.extract.phrase import PhraseKind
from osint.extract.tokens import Token

_SMALL_TABLE: tuple[tuple[frozenset[str], PhraseKind], ...] = (
    (lexicon.NEGATIONS, "neg"),
    (lexicon.AUXILIARIES, "aux"),
    (lexicon.REFLEXIVES, "reflexive"),
    (lexicon.PRONOUNS, "pron"),
    (lexicon.RELATIVES, "rel"),
    (lexicon.CONJUNCTIONS, "conj"),
    (lexicon.SUBORDINATORS, "sub"),
    (lexicon.PREPOSITIONS, "prep"),
    (lexicon.ADVERBS, "adv"),
    (lexicon.HEDGES, "hedge"),
)
# The first class that lists a word is its class.
SMALL_WORDS: dict[str, PhraseKind] = {
    word: kind for listed, kind in reversed(_SMALL_TABLE) for word in listed
}
_CLOSED = lexicon.ADVERBS | lexicon.PREPOSITIONS | lexicon.DETERMINERS


def title_case(tokens: Sequence[Token]) -> bool:
    """Whether a line is set in Title Case, so that capitals tell nothing about names.

    Ordinary words show it: "Visits", "Base", "From". A line of names is none.
    """
    ordinary = [token for token in tokens[1:] if token.kind == "word" and _ordinary(token.lower)]
    capitals = sum(token.text[0].isupper() for token in ordinary)
    return capitals >= 2 and capitals >= 0.6 * len(ordinary)


def verbal(word: str) -> bool:
    """Whether a word ends like a verb's past or participle, and is one as far as is known."""
    return word.endswith(("ed", "ing")) and word not in lexicon.NO_VERBS


def bare_act(word: str, subject: str) -> bool:
    """Whether a lower-case word before a determiner is what people do: "prisoners board a bus"."""
    people = lexicon.is_plural(subject) and head_of(subject) == "force"
    return people and head_of(word) == "" and not lexicon.is_plural(word)


def _ordinary(word: str) -> bool:
    return word in _CLOSED or word in verbs.VERBS or head_of(word) != ""
