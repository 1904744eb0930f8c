"""The class of a single word: small words of the closed classes, verb-like endings, Title Case."""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.abstract import is_count_word
from osint.extract.common_verbs import NOUNISH
from osint.extract.heads import head_of
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
_ACTS = frozenset(NOUNISH)
_MARKING = lexicon.words("marks blocks guards dominates covers lines crosses holds stops cuts bars")
_LINING = lexicon.words("line dot ring mark guard block dominate overlook cross")
_SINGULAR = lexicon.words(
    "series news lens gas headquarters barracks crossroads works means corps species heights"
)
_ATTRIBUTIVE = lexicon.words(
    "women men police people children forces personnel arms veterans corps troops villagers"
)
_COUNTING = lexicon.words("few dozen hundred thousand million couple half many score handful lot")
# "The displaced": people, by what happened to them.
FOLK = lexicon.words("displaced wounded injured missing deported detained bereaved accused dead")
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


def agrees(tokens: Sequence[Token], first: int, index: int) -> bool:
    """Whether the word at ``index`` must be a verb after the noun phrase that opens at ``first``.

    "Prisoners board a bus": what people do to something. "Protesters rally in": likewise. "A
    smelter towers over": no plural follows "a".
    """
    token, word, before = tokens[index], tokens[index].lower, tokens[index - 1].lower
    if token.kind != "word" or token.capital or index + 1 >= len(tokens):
        return False
    following = tokens[index + 1].lower
    led = following in lexicon.PREPOSITIONS
    if before not in _ATTRIBUTIVE and lexicon.is_plural(following) and not lexicon.is_plural(word):
        # "Workers pick olives": no noun phrase has a plural of people in front.
        plain = head_of(word) == "" and word not in SMALL_WORDS and not verbal(word)
        return plain and lexicon.is_plural(before) and head_of(before) == "force"
    if not led and following not in lexicon.DETERMINERS:
        return False
    if not lexicon.is_plural(word):
        if word in _LINING and lexicon.is_plural(before) and not led:
            # "Guard towers line the frontier"
            return True
        people = lexicon.is_plural(before) and head_of(before) in {"force", "person"}
        act = not led or word in _ACTS
        known = head_of(word) in {"", "force"} or word in _ACTS
        return people and act and known and not word.endswith("ing")
    if lexicon.is_plural(before) and following in lexicon.DETERMINERS and word in _MARKING:
        # "a checkpoint of oil drums marks the limit"
        return True
    if index < first + 2 or tokens[first].lower not in {"a", "an"} or word in _SINGULAR:
        return False
    counted = any(
        piece.kind == "number" or piece.lower in _COUNTING or is_count_word(piece.lower)
        for piece in tokens[first + 1 : index]
    )
    return not counted


def _ordinary(word: str) -> bool:
    return word in _CLOSED or word in verbs.VERBS or head_of(word) != ""
