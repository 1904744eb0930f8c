"""Who or what is at a place, wherever in the clause the place is said.

The wide search behind the narrow rules: from "close to the border" or "in Anbar province" back to
the thing itself, over other places, dates, asides and "and"; or on to it where the place comes
first ("hard by the border stands a post"). What is found may be no possible subject: ``concrete``
tells, and the caller refuses the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.abstract import is_abstract
from osint.extract.clause import infinitive, subject_of
from osint.extract.events import EVENT_NOUNS, is_immaterial
from osint.extract.fronted import fronted
from osint.extract.holder import SETTING_UP
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase

_PASSED = frozenset({"adv", "hedge", "neg", "reflexive"})
_PARTICLES = ("up", "out", "down", "back", "over", "along", "together")
_STARTS = frozenset({";", ":", '"', "“"})
_ONES = frozenset({"this one", "that one", "one", "the latter", "the former", "each"})
_LYING = verbs.POSITION_VERBS | verbs.STAY_VERBS | {"run", "wait", "camp", "hide", "nestle", "live"}
_GOING = frozenset({"move", "pull", "advance", "push", "come", "get", "return", "withdraw"})
_OBJECT = SETTING_UP | lexicon.words(
    "put have has had keep keeps kept hold run operate maintain show shows showed find spot see "
    "film photograph station mass deploy gather park leave discover locate place seize "
    "capture stop catch intercept detain attack ambush bomb shell strike hit destroy burn loot "
    "raid overrun guard inspect man"
)
_LEADING = frozenset({"prep", "np", "dir", "qty", "adv", "conj", "date"})
_MAX_ASIDE = 14


def concrete(noun: Noun | None) -> bool:
    """Whether a noun phrase names a thing that can be somewhere: no event, no idea."""
    if noun is None or noun.abstract or noun.is_border or noun.kind in {"zone", "country"}:
        return False
    if noun.head in EVENT_NOUNS:
        return False
    if noun.role != "unknown" or noun.named:
        return True
    last = noun.words.lower().split(" ")[-1]
    return bool(noun.determiner or noun.plural) and not is_immaterial(last)


def whose_place(phrases: Sequence[Phrase], at: int, stop: int, *, made: bool = True) -> int | None:
    """Index of what is at the place between two phrases, or None.

    Args:
        phrases: the sentence.
        at: the first phrase of the place, its preposition or what stands before that.
        stop: one past the last.
        made: whether "near X they built Y" is asked for Y rather than for them.
    """
    index = _back(phrases, at - 1)
    if index < 0 or phrases[index].text in _STARTS:
        return _ahead(phrases, stop, made=made)
    phrase = phrases[index]
    if phrase.kind in {"verb", "aux"}:
        return _by_verb(phrases, index, at, stop)
    if phrase.kind in {"np", "pron"}:
        return _thing(phrases, index)
    if phrase.text in {",", "—", "–", "("} or phrase.kind == "conj":
        return _before_break(phrases, index, stop, made=made)
    return None


def _back(phrases: Sequence[Phrase], index: int) -> int:
    """Past what says how, when and where else: to the verb, the thing, or the break before."""
    while index >= 0:
        phrase = phrases[index]
        led = index > 0 and phrases[index - 1].kind in {"prep", "dir"}
        led = led and not _set_up(phrases, index - 1)
        if phrase.kind in _PASSED or phrase.of("prep", *_PARTICLES):
            index -= 1
        elif phrase.kind == "date":
            index -= 2 if led else 1
        elif phrase.kind == "np" and led and not _own(phrases, index):
            index -= 2
        else:
            return index
    return index


def _set_up(phrases: Sequence[Phrase], particle: int) -> bool:
    """Whether "up" is that of "set up cameras"."""
    up = particle > 0 and phrases[particle].of("prep", "up", "out", "down")
    return up and phrases[particle - 1].base in SETTING_UP | {"put", "pitch", "roll", "throw"}


def _own(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the last of several places is a thing that the next can be said of."""
    noun = phrases[at].noun
    if noun is None or phrases[at - 1].of("prep", "of"):
        return True
    if noun.named or noun.role in {"site", "force", "person"}:
        return True
    return noun.determiner in {"a", "an", "the"} and not noun.plural and concrete(noun)


def _by_verb(phrases: Sequence[Phrase], verb: int, at: int, stop: int) -> int | None:
    if infinitive(phrases, verb):
        return None
    phrase = phrases[verb]
    be = phrase.kind == "aux" and phrase.text in lexicon.BE
    if be and verb and phrases[verb - 1].of("pron", "it"):
        # "It is on the border that the hangar was put up."
        cleft = stop + 1 < len(phrases) and phrases[stop].kind in {"rel", "sub"}
        return (
            stop + 1 if cleft and phrases[stop + 1].noun is not None else subject_of(phrases, verb)
        )
    passive = phrase.kind == "verb" and any(
        piece.kind == "aux" and piece.text in lexicon.BE
        for piece in phrases[max(verb - 3, 0) : verb]
    )
    goes = phrase.base in _GOING and any(piece.text == "to" for piece in phrases[verb + 1 : at + 2])
    grows = phrase.base in {"go", "hold"} and phrases[verb + 1].text in {"up", "out"}
    if be or passive or goes or grows or phrase.base in _LYING | verbs.COME_VERBS:
        return subject_of(phrases, verb)
    return None


def _thing(phrases: Sequence[Phrase], at: int) -> int | None:
    """The thing right before its place, or what it is one of, or what it is said to be."""
    before = phrases[at - 1] if at else None
    if before is not None and _set_up(phrases, at - 1):
        return at
    noun = phrases[at].noun
    spent = noun is not None and noun.role == "unknown" and is_abstract(noun.head)
    if spent and before is not None and before.kind == "verb":
        # "spent the winter near X": where they were
        return subject_of(phrases, at - 1)
    if phrases[at].text in _ONES:
        return at - 2 if at >= 2 and before is not None and before.text == "," else None
    if phrases[at].kind == "pron":
        return at if before is None or before.kind != "prep" else None
    if before is not None and before.text in lexicon.BE and at >= 2:
        there = phrases[at - 2].text == "there"
        return at if there else subject_of(phrases, at - 1)
    if before is not None and before.kind == "verb":
        kept = before.base in _OBJECT or before.text in _OBJECT
        return at if kept or before.base in verbs.POSITION_VERBS else None
    return at


def _before_break(phrases: Sequence[Phrase], index: int, stop: int, *, made: bool) -> int | None:
    """Before "X, near Y,", "X, in Z and near Y,", "X is in Z, near Y", "In Z, near Y, is X"."""
    closed = stop >= len(phrases) or phrases[stop].kind in {"punct", "rel", "conj"}
    joined = phrases[index].kind == "conj"
    left = index - 1
    floor = max(index - _MAX_ASIDE, -1)
    while left > floor:
        phrase = phrases[left]
        led = left > 0 and phrases[left - 1].kind in {"prep", "dir", "qty"}
        if phrase.text == ")":
            while left > 0 and phrases[left].text != "(":
                left -= 1
            left -= 1
        elif (
            phrase.kind in _PASSED
            or phrase.kind in {"date", "qty"}
            or (phrase.kind == "np" and led)
            or phrase.kind in {"prep", "dir"}
            or (phrase.text == "," and (joined or left <= 3))
        ):
            left -= 1
        else:
            break
    if left < 0:
        return _ahead(phrases, stop, made=made)
    phrase = phrases[left]
    if phrase.kind in {"verb", "aux"}:
        return _by_verb(phrases, left, left + 1, stop)
    if phrase.kind != "np" or not (closed or joined):
        return None
    left = _described(phrases, left)
    if left and phrases[left - 1].kind == "verb" and phrases[left - 1].base not in _OBJECT:
        return None
    return left


def _described(phrases: Sequence[Phrase], at: int) -> int:
    """The post in "a post overlooking Barikot": what a participle with its object describes."""
    if at < 2 or phrases[at - 1].kind != "verb" or not phrases[at - 1].text.endswith("ing"):
        return at
    return at - 2 if phrases[at - 2].kind == "np" else at


def _ahead(phrases: Sequence[Phrase], stop: int, *, made: bool) -> int | None:
    """What follows a place that opens the clause, past other places: "In Z, near Y, lies X"."""
    at, end = stop, min(stop + _MAX_ASIDE, len(phrases))
    while at < end:
        there = phrases[at].text == "there" and at + 2 < end
        if there and phrases[at + 1].text in lexicon.BE:
            return at + 2 if phrases[at + 2].noun is not None else None
        found = fronted(phrases, at, made=made)
        if found is not None:
            return found
        if phrases[at].text == ",":
            inverted = at + 1 < end and phrases[at + 1].kind in {"verb", "aux"}
            if inverted and phrases[at + 1].text != "according":
                return fronted(phrases, at + 1, made=made)
        elif phrases[at].kind not in _LEADING and phrases[at].text != "according":
            return None
        elif phrases[at].kind == "np" and phrases[at - 1].kind not in {"prep", "dir"}:
            acts = at + 1 < end and phrases[at + 1].kind in {"verb", "aux"}
            return at if at == stop and acts and concrete(phrases[at].noun) else None
        at += 1
    return None
