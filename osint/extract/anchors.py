"""What a distance can be counted from, and what can lie at the end of one."""

from __future__ import annotations

from osint.extract import lexicon
from osint.extract.entities import Draft
from osint.extract.events import EVENT_NOUNS
from osint.extract.pairs import MUTUAL
from osint.extract.phrase import Phrase

_NO_ANCHOR = lexicon.words(
    "start beginning end truth target goal ground surface day morning night home time year week "
    "month victory school sea level average other reality past"
)
_DEICTIC = frozenset({"latter", "former", "first", "second", "third", "other", "last"})


def can_anchor(phrase: Phrase) -> bool:
    """Whether the words after "from" can be a place: not "from victory"."""
    if phrase.kind == "pron":
        return True
    noun = phrase.noun
    if noun is not None and noun.head in {"school", "sea"} and (noun.determiner or noun.named):
        return True
    if noun is None or noun.head in _NO_ANCHOR | _DEICTIC or phrase.text in MUTUAL:
        return False
    if noun.role == "person":
        return False
    if noun.role == "unknown" and not noun.named and noun.words.startswith("nearest "):
        return False
    called = noun.words[:1].isupper() and noun.head not in EVENT_NOUNS
    return noun.role != "unknown" or noun.named or noun.definite or called


def nowhere(origin: Draft) -> bool:
    """A border is no point that could be 20 km from Y, and a person's name names no place."""
    return origin.kind == "border" or (origin.role == "person" and origin.proper is not None)
