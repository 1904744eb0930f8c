"""Distances said of two things side by side: "X and Y are D apart", "the distance between X and Y".

Here neither end anchors the other, so these shapes are read apart from those of ``separation.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osint.extract import lexicon, verbs
from osint.extract.clause import before, subject_of
from osint.extract.combinators import Pattern, alt, cap, one, opt, seq
from osint.extract.fronted import begins
from osint.extract.phrase import Phrase, PhraseKind

MUTUAL = frozenset({"each other", "one another", "another"})


def kind(name: PhraseKind, *words: str) -> Pattern[Phrase]:
    """A phrase of this kind and, if words are given, one of them."""
    return one(lambda phrase: phrase.of(name, *words))


def worded(*words: str) -> Pattern[Phrase]:
    """A phrase of these words, whatever its kind."""
    return one(lambda phrase: phrase.text in words)


_SEPARATE: Pattern[Phrase] = one(lambda phrase: phrase.base in verbs.SEPARATE_VERBS)
_DISTANCE = kind("np", "the distance", "distance", "the gap", "the straight-line distance")
_TWO = seq(cap("one", kind("np")), kind("conj", "and"), cap("two", kind("np")))
_FROM_ONE = seq(cap("one", kind("np")), kind("prep", "from"), cap("two", kind("np")))
_COMMA = kind("punct", ",")
_DISTANCES = alt(
    seq(_DISTANCE, kind("prep", "between"), _TWO),
    # "the distance between the two runways, A and B, is"
    seq(_DISTANCE, kind("prep", "between"), kind("np"), _COMMA, _TWO, _COMMA),
    seq(
        _DISTANCE,
        kind("prep", "from"),
        cap("one", kind("np")),
        kind("prep", "to"),
        cap("two", kind("np")),
    ),
    seq(_DISTANCE, _SEPARATE, alt(_TWO, _FROM_ONE)),
)
_STRETCHING = verbs.POSITION_VERBS | {"stretch", "extend"}
_BETWEEN = alt(
    seq(kind("prep", "between"), _TWO),
    # "between the two villages, A and B,"
    seq(kind("prep", "between"), kind("np"), _COMMA, _TWO, _COMMA),
)
_COMING = frozenset({"come", "amount", "measure", "run", "work"})
_SEPARATES = seq(_SEPARATE, alt(_TWO, _FROM_ONE))
_FROM_TO = seq(
    kind("prep", "from"),
    cap("one", kind("np")),
    kind("prep", "to"),
    cap("two", kind("np")),
    opt(kind("adv")),
)
_IS = seq(opt(_COMMA), opt(kind("pron", "it")), kind("aux", "is", "was"), opt(kind("adv")))
_FROM_IT_IS = seq(kind("prep", "from"), cap("one", kind("np")), _IS)
_FROM_TO_IS = seq(
    kind("prep", "from"), cap("one", kind("np")), kind("prep", "to"), cap("two", kind("np")), _IS
)
_TO = seq(kind("prep", "to"), cap("two", kind("np")))
_QUALIFIERS = ("adv", "hedge", "neg")
_REACH = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """Phrase indices of the two things, and of where the statement begins."""

    one: int
    two: int
    first: int


def pair_at(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """The two things that the distance in phrase ``qty`` is said to lie between, or None."""
    for shape in (
        _lie_between,
        _apart,
        _distance_is,
        _separates,
        _separated_by,
        _it_is,
        _between_lie,
        _from_away,
        _from_it_is,
    ):
        found = shape(phrases, qty)
        if found is not None:
            return found
    return None


def _at(phrases: Sequence[Phrase], index: int) -> Phrase | None:
    return phrases[index] if 0 <= index < len(phrases) else None


def _lie_between(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "D of desert lie between X and Y"."""
    verb = qty + 1
    if verb + 1 < len(phrases) and phrases[verb].of("prep", "of"):
        verb += 2
    while verb < len(phrases) and phrases[verb].kind in {"adv", "hedge", "neg"}:
        verb += 1
    here = _at(phrases, verb)
    if here is None or not (here.base in _STRETCHING or here.text in lexicon.BE):
        return None
    found = _BETWEEN(phrases, verb + 1)
    return Pair(found.captures["one"][0], found.captures["two"][0], qty) if found else None


def _apart(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "X and Y are D apart", "X and Y lie D from each other", "... are separated by D"."""
    after, beyond = _at(phrases, qty + 1), _at(phrases, qty + 2)
    mutual = after is not None and after.of("adv", "apart")
    if after is not None and after.of("prep", "from") and beyond is not None:
        mutual = beyond.text in MUTUAL
        third = _at(phrases, qty + 3)
        mutual = mutual or (beyond.text == "one" and third is not None and third.text == "another")
    by, parted = _at(phrases, qty - 1), _at(phrases, qty - 2)
    if by and parted and by.of("prep", "by") and parted.base in verbs.SEPARATE_VERBS:
        mutual, qty = True, qty - 1
    verb = before(phrases, qty, *_QUALIFIERS)
    if not mutual or verb < 0 or phrases[verb].kind not in {"aux", "verb"}:
        return None
    two = before(phrases, verb, "aux", "verb", *_QUALIFIERS)
    which = two > 2 and phrases[two].of("rel", "which")
    two -= which
    if two > 0 and phrases[two].text == ",":
        two -= 1
    if which and two > 2 and phrases[two - 3].text == ",":
        # "A, B and C, which are": three, or what is said of two of them.
        return None
    if two < 2 or not phrases[two - 1].of("conj", "and"):
        return None
    if phrases[two].kind != "np" or phrases[two - 2].kind != "np":
        return None
    return Pair(two - 2, two, two - 2)


def _distance_is(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "the distance between X and Y is D", "the distance separating X from Y is D"."""
    if qty and phrases[qty - 1].of("prep", "at"):
        # "is put at D", "is given at D"
        qty -= 1
    verb = before(phrases, qty, "verb", *_QUALIFIERS)
    told = before(phrases, qty, "prep", *_QUALIFIERS)
    if told > 3 and phrases[told].base in _COMING:
        # "comes to D", "measures D"
        verb = told
    elif verb < 0 or phrases[verb].kind != "aux":
        return None
    for start in range(max(verb - _REACH, 0), verb):
        found = _DISTANCES(phrases, start)
        if found is not None and found.end <= verb:
            return Pair(found.captures["one"][0], found.captures["two"][0], start)
    return None


def _separates(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "fifteen miles separate X from Y"."""
    found = _SEPARATES(phrases, qty + 1)
    if found is None:
        return None
    return Pair(found.captures["one"][0], found.captures["two"][0], qty)


def _separated_by(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "X is separated from Y by D"."""
    by = _at(phrases, qty - 1)
    if by is None or not by.of("prep", "by") or qty < 4:
        return None
    far, link, verb = phrases[qty - 2], phrases[qty - 3], phrases[qty - 4]
    if far.kind != "np" or not link.of("prep", "from") or verb.base != "separate":
        return None
    near = subject_of(phrases, qty - 4)
    return Pair(near, qty - 2, near) if near is not None else None


def _from_away(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "from X, the fort is D away"."""
    verb = before(phrases, qty, *_QUALIFIERS)
    after = _at(phrases, qty + 1)
    if verb < 4 or after is None or after.text not in {"away", "off", "distant"}:
        return None
    subject = subject_of(phrases, verb) if phrases[verb].text in lexicon.BE else None
    if subject is None or subject < 3 or phrases[subject - 1].text != ",":
        return None
    far = phrases[subject - 2].kind == "np" and phrases[subject - 3].of("prep", "from", "seen from")
    if not far or not begins(phrases, subject - 3):
        return None
    return Pair(subject, subject - 2, subject - 3)


def _between_lie(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "between X and Y lie D", "between X and Y there is D"."""
    if qty > 1 and phrases[qty - 1].of("prep", "of") and phrases[qty - 2].of("np", "a distance"):
        qty -= 2
    verb = before(phrases, qty, *_QUALIFIERS)
    here = _at(phrases, verb)
    if verb < 4 or here is None or not (here.base in _STRETCHING or here.text in lexicon.BE):
        return None
    end = before(phrases, verb, "punct", *_QUALIFIERS) + 1
    for first in (end - 4, end - 7, end - 6):
        if first < 0 or not begins(phrases, first):
            continue
        found = _BETWEEN(phrases, first)
        if found is not None and found.end in {end, end + 1}:
            return Pair(found.captures["one"][0], found.captures["two"][0], first)
    return None


def _from_it_is(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "from X it is D to Y"."""
    far = _TO(phrases, qty + 1)
    for start in range(max(qty - 6, 0), qty):
        near = _FROM_IT_IS(phrases, start)
        if near is not None and near.end == qty and far is not None:
            return Pair(near.captures["one"][0], far.captures["two"][0], start)
        whole = _FROM_TO_IS(phrases, start)
        if whole is not None and whole.end == qty and begins(phrases, start):
            return Pair(whole.captures["one"][0], whole.captures["two"][0], start)
    return None


def _it_is(phrases: Sequence[Phrase], qty: int) -> Pair | None:
    """As in "it is D from X to Y"."""
    verb = before(phrases, qty, *_QUALIFIERS)
    it = _at(phrases, verb - 1)
    if verb < 1 or it is None or not it.of("pron", "it"):
        return None
    if phrases[verb].kind != "aux" or phrases[verb].text not in lexicon.BE:
        return None
    found = _FROM_TO(phrases, qty + 1)
    if found is None:
        return None
    return Pair(found.captures["one"][0], found.captures["two"][0], verb - 1)
