"""Who has, keeps or sets up a thing, where its existence is what is said.

"Militants may have a camp east of X", "the army has dug trenches on the border": the thing is not
presupposed, so how the clause is meant decides how the claim is.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract.clause import before, subject_of
from osint.extract.phrase import Phrase
from osint.extract.setting import acted_on

_HAVING = frozenset({"have", "has", "had"})
KEEPING = frozenset({"run", "hold", "keep", "operate", "maintain"})
SETTING_UP = frozenset(
    {"set", "build", "establish", "erect", "open", "dig", "construct", "install", "lay", "pitch"}
    | {"sink"}
)

_BUILDING = frozenset({"build", "establish", "set", "open", "construct", "install", "erect"})
_NOT_YET = frozenset({"may", "might", "could", "to", "will"})


def to_be_built(phrases: Sequence[Phrase], thing: int) -> bool:
    """As in "may build a base": what is not there yet."""
    verb = before(phrases, thing, "prep")
    if verb < 1 or phrases[verb].base not in _BUILDING:
        return False
    return phrases[verb].text == phrases[verb].base and phrases[verb - 1].text in _NOT_YET


def aimed(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "can hit targets 70 km from", "has a range of": what weapons could do."""
    return any(
        phrase.kind == "aux" and phrase.text in {"can", "could"}
        for phrase in phrases[max(at - 4, 0) : at]
    )


def holder(phrases: Sequence[Phrase], thing: int) -> int | None:
    """Index of the subject whose thing the noun phrase at ``thing`` is said to be, or None."""
    verb = thing - 1
    while verb >= 0 and phrases[verb].of("prep", "up"):
        verb -= 1
    if verb < 1 or not (
        phrases[verb].text in _HAVING
        or phrases[verb].base in SETTING_UP | KEEPING
        or acted_on(phrases, thing)
    ):
        return None
    return subject_of(phrases, verb)


def said_from(phrases: Sequence[Phrase], thing: int) -> int:
    """Phrase index from which the statement about ``thing`` has to be qualified."""
    noun = phrases[thing].noun
    if noun is None or noun.definite:
        return thing
    owner = holder(phrases, thing)
    return thing if owner is None else min(owner, thing)
