"""Who has, keeps or sets up a thing, where its existence is what is said.

"Militants may have a camp east of X", "the army has dug trenches on the border": the thing is not
presupposed, so how the clause is meant decides how the claim is.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract.clause import subject_of
from osint.extract.phrase import Phrase

_HAVING = frozenset({"have", "has", "had"})
_KEEPING = frozenset({"run", "hold", "keep", "operate", "maintain"})
SETTING_UP = frozenset(
    {"set", "build", "establish", "erect", "open", "dig", "construct", "install", "lay", "pitch"}
    | {"sink"}
)


def holder(phrases: Sequence[Phrase], thing: int) -> int | None:
    """Index of the subject whose thing the noun phrase at ``thing`` is said to be, or None."""
    verb = thing - 1
    while verb >= 0 and phrases[verb].of("prep", "up"):
        verb -= 1
    if verb < 1 or not (
        phrases[verb].text in _HAVING or phrases[verb].base in SETTING_UP | _KEEPING
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
