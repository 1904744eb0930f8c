"""Two noun phrases of one sentence that name the same thing.

"Zaqaf, a village on the Iraqi border, ...", "the radio relay, Khor Tal, stands ...", "Trebil is a
crossing", "a well which the herders call Bir Natil", "the envoy, a former officer, landed".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osint.extract import lexicon
from osint.extract.clause import subject_of
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase

_CLOSES = frozenset({",", ".", ";", ")", "—", "–", "(", ":"})
_OPEN_END = frozenset({"rel", "prep", "qty", "dir", "sub"})
_CALLED = frozenset({"called", "named", "dubbed", "nicknamed", "call", "calls"})
_FRONTS = frozenset({"prep", "sub", "dir", "qty", "adv", "date"})
_ONCE = frozenset({"once", "now", "formerly", "long"})
_IS = frozenset({"is", "was", "remains"})
_ONE_OF_THEM = lexicon.words("last first second third fourth fifth latter former other next")
_WHICH_ONE = frozenset({"last", "first", "second", "third", "nearest", "largest", "smallest"})
_NEARNESS = lexicon.words("close right just hard deep next near not high far")
_ARTICLES = frozenset({"a", "an"})


def same_things(phrases: Sequence[Phrase]) -> Iterator[tuple[int, int]]:
    """Pairs of phrase indices of one sentence that name the same thing, the earlier first."""
    for at, phrase in enumerate(phrases):
        if phrase.noun is None or at < 1:
            continue
        comma = at - 2 if phrases[at - 1].text in _ONCE else at - 1
        if comma > 0 and phrases[comma].text in {",", "—", "–"}:
            left = _past_brackets(phrases, comma - 1)
            if _apposed(phrases, left, at):
                yield left, at
        elif at >= 2 and phrases[at - 1].text in _IS and phrases[at - 1].kind in {"aux", "verb"}:
            subject = subject_of(phrases, at - 1)
            if subject is not None and _is_a(phrases, subject, at):
                yield subject, at
        else:
            named = _called(phrases, at)
            if named is not None:
                yield named, at


def _past_brackets(phrases: Sequence[Phrase], at: int) -> int:
    """Index of "X" in "X (population 800)"."""
    if phrases[at].text != ")":
        return at
    while at > 0 and phrases[at].text != "(":
        at -= 1
    return max(at - 1, 0)


def _place_name(noun: Noun) -> bool:
    return noun.named and noun.role in {"unknown", "site"} and not noun.is_border


def _description(noun: Noun) -> bool:
    known = noun.role == "site" and not noun.is_border and noun.kind != "zone"
    return known and not noun.plural and (not noun.named or noun.determiner in _ARTICLES)


def _apposed(phrases: Sequence[Phrase], left: int, right: int) -> bool:
    one, two = phrases[left].noun, phrases[right].noun
    if one is None or two is None or not _ends(phrases, right):
        return False
    fronted = phrases[0].kind in _FRONTS and all(
        piece.kind not in {"verb", "aux"} for piece in phrases[:left]
    )
    closed = _closed(phrases, right)
    if "person" in {one.role, two.role}:
        return closed and not fronted and _same_person(one, two)
    if _place_name(one) and _description(two):
        if fronted and two.kind not in lexicon.SETTLEMENTS:
            return False
        return two.determiner in _ARTICLES or (two.determiner == "the" and closed)
    if one.role == "site" and one.definite and not one.named and _description(two):
        # "the outpost, a cluster of tents west of Y,"
        return two.determiner in _ARTICLES and not one.plural and not fronted
    if _place_name(two) and not two.determiner and not one.named and closed and not fronted:
        if one.plural or one.role not in {"site", "unknown"} or one.is_border:
            return False
        if one.determiner == "the" and one.words.lower() in _ONE_OF_THEM:
            return True
        if one.determiner == "the" and one.words in _WHICH_ONE:
            return True
        return bool(one.possessive or one.area) or (one.role == "site" and one.determiner == "the")
    return False


def _same_person(one: Noun, two: Noun) -> bool:
    if one.role == "site" or two.role in {"site", "area"} or one.plural or two.plural:
        return False
    if one.named and two.named:
        return False
    if two.role == "person":
        return one.role in {"person", "unknown"} and (one.role == "person" or one.named)
    return one.role == "person" and two.role == "unknown" and two.determiner in _ARTICLES


def _ends(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether what follows lets the phrase be no subject of its own."""
    if at + 1 >= len(phrases):
        return True
    after = phrases[at + 1]
    if after.kind in {"rel", "qty", "dir"} or after.text in _CLOSES:
        return True
    participle = after.kind == "verb" and after.text.endswith(("ed", "ing", "built", "held"))
    if after.kind not in _OPEN_END and after.text not in _NEARNESS and not participle:
        return False
    # "a village in the hills was" against "a village in the hills, was"
    for phrase in phrases[at + 1 : at + 12]:
        if phrase.text in _CLOSES:
            return True
        if phrase.kind == "aux" or (phrase.kind == "verb" and phrase is not after):
            return False
    return True


def _closed(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether a comma or the end follows, and no list goes on."""
    if at + 1 >= len(phrases):
        return True
    if phrases[at + 1].text not in _CLOSES:
        timed = phrases[at + 1].text in {"before", "after"}
        return timed or phrases[at + 1].kind in {"rel", "qty", "dir", "prep"}
    beyond = phrases[at + 2] if at + 2 < len(phrases) else None
    return beyond is None or beyond.kind not in {"conj"} or phrases[at + 1].text != ","


def _is_a(phrases: Sequence[Phrase], subject: int, at: int) -> bool:
    one, two = phrases[subject].noun, phrases[at].noun
    if one is None or two is None or not _place_name(one):
        return False
    return _description(two) and two.determiner in {"a", "an", "the"}


def _called(phrases: Sequence[Phrase], at: int) -> int | None:
    """What goes by the name at ``at``: "a well called X", "the well, which herders call X"."""
    noun = phrases[at].noun
    if noun is None or not _place_name(noun) or noun.determiner:
        return None
    verb = at - 1
    if phrases[verb].text == "as" and verb and phrases[verb - 1].text == "known":
        verb -= 1
    elif phrases[verb].text not in _CALLED:
        return None
    thing = verb - 1
    while thing > 0 and phrases[thing].kind in {"aux", "adv"}:
        thing -= 1
    relative = next(
        (index for index in range(thing, max(thing - 4, 0), -1) if phrases[index].kind == "rel"), 0
    )
    if relative:
        thing = relative - 1
    if thing > 0 and phrases[thing].text == ",":
        thing -= 1
    said = phrases[thing].noun if thing >= 0 else None
    return thing if said is not None and said.role == "site" and not said.named else None
