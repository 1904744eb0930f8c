"""Words that are verbs as often as nouns, and what shows that one of them is a noun here.

All functions take the words of a sentence in lower case.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.events import EVENT_NOUNS
from osint.extract.tokens import Token

# "Air raids resumed", "drone strikes on the port destroyed".
EVENT_PLURALS = frozenset({"strikes", "attacks", "raids"})
WEAPONS = frozenset({"bombs", "mines", "shells", "rockets", "mortars"})
_TRADES = frozenset({"fishing", "mining", "logging", "landing", "racing", "trading", "rowing"})


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if 0 <= index < len(words) else ""


def opens_as_noun(words: Sequence[str]) -> bool:
    """As in "Shells hit two schools": a plural before a verb, at the start of a sentence."""
    word, following = words[0], _at(words, 1)
    if word in _TRADES and lexicon.is_plural(following):
        # "Fishing boats at the pier"
        return True
    if word in EVENT_NOUNS and word.endswith("ing"):
        # "Shelling damaged the school", "Fighting in the suburbs went on"
        past = following in verbs.VERBS and not following.endswith("ing")
        return past or following in lexicon.AUXILIARIES | {"in", "of", "near", "around"}
    if verbs.VERBS.get(word) == word and following in {"for", "of", "at", "near", "outside"}:
        # "Queue for bread", "March at the gate"
        return True
    if not word.endswith("s") or word.endswith("ss") or word not in verbs.VERBS:
        return False
    finite = following in verbs.VERBS and not following.endswith(("ing", "s"))
    return following in lexicon.AUXILIARIES or finite


def lacks_agreement(words: Sequence[str], index: int, begun: int) -> bool:
    """As in "a car bomb exploded": the bare form of a verb has no singular subject."""
    word = words[index]
    singular_head = _at(words, begun - 1) in {"a", "an", "the", "this"} if begun else False
    bare = verbs.VERBS.get(word) == word and word not in verbs.INVARIABLE
    bare = bare and _at(words, index + 1) != "of"
    before = _at(words, index - 1)
    return singular_head and bare and not lexicon.is_plural(before) and before != "police"


def compound(words: Sequence[str], index: int) -> bool:
    """As in "rebel forces were", "militia positions near": no verb, but part of a noun."""
    word, before, following = words[index], _at(words, index - 1), _at(words, index + 1)
    if not word.endswith("s") or lexicon.is_plural(before):
        return False
    if word in {"forces", "positions", "bases", "camps"}:
        return following in lexicon.AUXILIARIES | lexicon.PREPOSITIONS | set(".,;)") or (
            following in verbs.VERBS
        )
    opens = index == 1 and word in EVENT_PLURALS
    return following in lexicon.AUXILIARIES or (opens and following in lexicon.PREPOSITIONS)


def inner_name(tokens: Sequence[Token], begun: int, index: int) -> bool:
    """Whether all of a phrase up to ``index`` is a name: "the Umm al-Aranib" before "pumping"."""
    led = begun > 0 and tokens[begun - 1].lower in {"the", "a", "an"}
    return led and index > begun and all(token.capital for token in tokens[begun:index])
