"""Words that are verbs as often as nouns, and what shows that one of them is a noun here.

All functions take the words of a sentence in lower case.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.actors import owners_in
from osint.extract.events import AGENTS, EVENT_NOUNS
from osint.extract.tokens import Token

# "Air raids resumed", "drone strikes on the port destroyed".
EVENT_PLURALS = frozenset({"strikes", "attacks", "raids"})
WEAPONS = frozenset({"bombs", "mines", "shells", "rockets", "mortars"})
_SUPPLIED = lexicon.words("water power food gas fuel electricity relief medical aid oil arms")
COMPOUNDS = {
    "works": lexicon.words("chemical chemicals gas steel iron water cement brick salt sugar paper"),
    "storm": lexicon.words("dust sand snow ice winter hail rain"),
    "supplies": _SUPPLIED,
    "supply": _SUPPLIED,
    "cuts": lexicon.words("power electricity water"),
    "floods": lexicon.words("flash spring winter river monsoon coastal"),
    "flooding": lexicon.words("flash spring winter river monsoon coastal"),
}
# "Heavy fighting broke out", "renewed shelling hit"
FIERCE = lexicon.words(
    "heavy fierce intense renewed fresh sporadic severe clan street ethnic tribal aerial rebel "
    "indiscriminate russian israeli turkish government army"
)
_CLAUSES = frozenset({"that", "when", "as", "and", "after", "before", "while", "said", "say", ","})
_FIRES = WEAPONS | EVENT_PLURALS | {"clashes", "fires", "blasts", "floods", "tanks", "drones"}
_ANYBODY = lexicon.words(
    "nobody everyone everybody someone somebody anyone anybody nothing something everything"
)
_FINITE = frozenset({",", "did", "had", "were", "have"})
# "Insurgents still control", "troops now shell": a verb follows.
STILL = frozenset({"still", "now", "also", "already", "then", "once", "again"})
_ADJECTIVES = lexicon.words("nearest closest only last old new large small big largest main next")
_FACTORIES = lexicon.words("works mills docks shops falls")
_DOING = lexicon.words(
    "as with to for under toward towards together alongside closely hard well a an"
)
_TRADES = frozenset({"fishing", "mining", "logging", "landing", "racing", "trading", "rowing"})


def plural_thing(word: str) -> bool:
    """As in "Missiles", "Bombs", which may be taken for names where they open a sentence."""
    return lexicon.is_plural(word) and lexicon.singular(word) in AGENTS | EVENT_NOUNS


def is_ship(words: str) -> bool:
    """As in "bulk carrier Ioanna Star", which may be "she"."""
    return not lexicon.SHIPS.isdisjoint(words.lower().split(" "))


def demonym(token: Token) -> bool:
    """As in "Russian", "Iraqi": no subject of a plural verb."""
    return token.text.endswith(("an", "i")) and token.capital and owners_in(token.text) != ()


def leads_on(before: str, word: str) -> bool:
    """As in "a lightly armed patrol", "the nearest paved road": a participle goes on after it."""
    return before.endswith("ly") or (before in _ADJECTIVES and word.endswith(("ed", "ing")))


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if 0 <= index < len(words) else ""


def opens_as_noun(words: Sequence[str], at: int = 0) -> bool:
    """As in "Shells hit two schools": a plural before a verb, at the start of a clause."""
    if at and (words[at - 1] not in _CLAUSES or words[at] not in _FIRES):
        return False
    word, following = words[at], _at(words, at + 1)
    if at and verbs.VERBS.get(word) in verbs.POSITION_VERBS:
        # ", lies close to"
        return False
    if word in _TRADES and lexicon.is_plural(following):
        # "Fishing boats at the pier"
        return True
    if not at and following == "of" and verbs.VERBS.get(word) != word and word.endswith("s"):
        # "Remains of a missile"
        return True
    if (
        not at
        and word.endswith("ing")
        and lexicon.is_plural(following)
        and word not in verbs.NOUN_FIRST
    ):
        # "Striking miners outside the shaft"
        crowd = lexicon.singular(following) in lexicon.FORCES
        return crowd and _at(words, 2) in lexicon.PLACE_PREPOSITIONS
    if not at and verbs.VERBS.get(word) == word and lexicon.is_plural(following):
        # "Salvage workers cut up", "Salvage crews at"
        crowd = lexicon.singular(following) in lexicon.FORCES
        third = _at(words, 2)
        goes_on = third in lexicon.AUXILIARIES or third in lexicon.PLACE_PREPOSITIONS
        return crowd and (goes_on or third in verbs.VERBS)
    if word in EVENT_NOUNS and word.endswith("ing"):
        # "Shelling damaged the school", "Fighting in the suburbs went on"
        past = following in verbs.VERBS and not following.endswith("ing")
        return past or following in lexicon.AUXILIARIES | {"in", "of", "near", "around"}
    if verbs.VERBS.get(word) == word and following in {"for", "of", "at", "near", "outside"}:
        # "Queue for bread", "March at the gate"
        return True
    if word in {"work", "fire", "search"} and following in {"on", "in", "to"}:
        # "Work on the fence started"
        return True
    if not word.endswith("s") or word.endswith("ss") or word not in verbs.VERBS:
        return False
    finite = following in verbs.VERBS and not following.endswith(("ing", "s"))
    return following in lexicon.AUXILIARIES or finite


def ranked(words: Sequence[str], index: int) -> bool:
    """As in "the nearest well", "the only working well", before ``index``."""
    return _at(words, index - 1) in _ADJECTIVES or (
        _at(words, index - 2) in _ADJECTIVES and _at(words, index - 1).endswith(("ed", "ing"))
    )


def works(tokens: Sequence[Token], begun: int, index: int) -> bool:
    """As in "the Tavda works stand", "near the Moss mills": a factory, not what somebody does."""
    if tokens[index].lower not in _FACTORIES or not inner_name(tokens, begun, index):
        return False
    return index + 1 >= len(tokens) or tokens[index + 1].lower not in _DOING


def lacks_agreement(words: Sequence[str], index: int, begun: int) -> bool:
    """As in "a car bomb exploded": the bare form of a verb has no singular subject."""
    word = words[index]
    if _at(words, index + 1) in {"a", "an", "the"}:
        # "soldiers of the 2nd battalion cross a stream"
        return False
    if index and verbs.VERBS.get(word) == word and _at(words, index + 1) in lexicon.BE:
        # "the explosives store are"
        return True
    if word == "pass" and index > begun and not lexicon.is_plural(_at(words, index - 1)):
        # "Sandur pass and the camp"
        return _at(words, index + 1) not in lexicon.DETERMINERS
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


def acted(words: Sequence[str], index: int) -> bool:
    """Whether what follows shows a subject: "Barrel bombs struck", "Cluster bombs, some of ..."."""
    return _at(words, index + 1) in verbs.VERBS or _at(words, index + 1) in _FINITE


def rings(words: Sequence[str], index: int) -> bool:
    """As in "a cordon rings the plant", "a cordon round the plant": a new phrase begins."""
    if words[index] in _ANYBODY:
        return True
    if words[index] == "set":
        # "The operator set up a cordon"
        return _at(words, index + 1) in {"up", "off", "out", "ablaze", "fire"}
    zone = words[index - 1] in {"zone", "cordon", "perimeter"}
    return zone and words[index] in {"rings", "round"}


def describes(words: Sequence[str], index: int) -> bool:
    """As in ", masked men burned down the court": a participle before who did it."""
    doing = _at(words, index + 2)
    past = doing in verbs.VERBS and doing.endswith(("ed", "t", "k"))
    acts = past or doing in lexicon.AUXILIARIES
    return acts and lexicon.is_plural(_at(words, index + 1)) and _at(words, index - 1) == ","


def inner_name(tokens: Sequence[Token], begun: int, index: int) -> bool:
    """Whether all of a phrase up to ``index`` is a name: "the Umm al-Aranib" before "pumping"."""
    led = begun > 0 and tokens[begun - 1].lower in {"the", "a", "an"}
    return led and index > begun and all(token.capital for token in tokens[begun:index])
