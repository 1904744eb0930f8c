"""A sentence without what is only thrown in: the fallback of the rules that look for a subject.

"The clinic, whose roof had been marked, lay 700 metres from X", "the grave – three trenches – 2 km
from X", "a radar, the pilots say, 30 km from X": with the aside gone, the plain rules find what
the distance or direction is said of. Phrases keep their offsets, so how a statement is meant is
still decided on the whole sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from osint.extract import lexicon
from osint.extract.clause import TIMES
from osint.extract.phrase import Phrase

_SPEAKING = lexicon.words(
    "say says said claim claims claimed report reports reported insist insists insisted allege "
    "alleges alleged add adds added maintain maintains maintained believe believes think thinks "
    "explained explains recalled recalls told tells admits admitted argues argued notes noted "
    "writes wrote according"
)
_ENDS = frozenset({";", ":", ".", "!", "?", '"', "“", "”"})
_DASHES = frozenset({"–", "—", "-"})
_ASIDE_OPENERS = frozenset({"rel", "prep", "sub", "adv", "hedge", "date", "neg", "dir", "qty"})
_IRREGULAR = lexicon.words(
    "bought built dug held hit known left lost made put said seen set sold struck taken thought "
    "found hidden laid sunk blown driven broken rebuilt burnt shot cut run kept given drawn written"
)
_MAX_SAID = 9
_MAX_STRETCH = 40


def without_attributions(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The phrases without ", the pilots say,", ", as the ministry claims,"; both commas go."""
    if not any(_speaks(phrase) for phrase in phrases):
        return tuple(phrases)
    gone: set[int] = set()
    marks = [at for at, phrase in enumerate(phrases) if phrase.text in {",", "–", "—"}]
    for opening, closing in pairwise(marks):
        inner = phrases[opening + 1 : closing]
        if opening not in gone and 0 < len(inner) <= _MAX_SAID and _is_attribution(inner):
            gone.update(range(opening, closing + 1))
    return tuple(phrase for at, phrase in enumerate(phrases) if at not in gone)


def _speaks(phrase: Phrase) -> bool:
    return phrase.text.rpartition(" ")[2] in _SPEAKING or phrase.text.startswith("according")


def _is_attribution(inner: Sequence[Phrase]) -> bool:
    if inner[0].kind in {"rel", "aux"} or any(piece.kind in {"qty", "dir"} for piece in inner):
        return False
    first, last = inner[0], inner[-1]
    if first.text.startswith("according") or (first.kind == "verb" and _speaks(first)):
        return True
    speaker = first.kind in {"np", "pron", "sub"} or first.text == "as"
    verbs = sum(piece.kind in {"verb", "aux"} for piece in inner)
    told = len(inner) > 2 and last.kind in {"np", "pron"} and inner[-2].text in {"told", "tells"}
    return speaker and (_speaks(last) or told) and verbs <= 1


def without_asides(phrases: Sequence[Phrase], core: int) -> tuple[tuple[Phrase, ...], int]:
    """The phrases without the asides around ``core``, and where ``core`` is among them.

    Args:
        phrases: the sentence.
        core: index of the distance or direction whose stretch has to stay.
    """
    begin, end = _clause(phrases, core)
    gone = _bracketed(phrases, begin, end, core)
    marks = [
        at
        for at in range(begin, end)
        if phrases[at].text in _DASHES | {","} and at not in gone
    ]  # fmt: skip
    edges = [begin - 1, *marks, end]
    for number in range(1, len(edges) - 2):
        opening, closing = edges[number], edges[number + 1]
        dashes = phrases[opening].text in _DASHES and phrases[closing].text in _DASHES
        if opening < core < closing or opening in gone:
            continue
        if not dashes and not _is_aside(phrases, opening + 1, closing):
            continue
        gone.update(range(opening + 1, closing))
        after = phrases[closing + 1] if closing + 1 < len(phrases) else None
        acts = after is not None and after.kind in {"verb", "aux", "neg", "hedge", "conj"}
        gone.add(opening)
        if acts or dashes:
            gone.add(closing)
    gone |= _restrictive(phrases, begin, core)
    kept = [at for at in range(len(phrases)) if at not in gone]
    return tuple(phrases[at] for at in kept), kept.index(core)


def _clause(phrases: Sequence[Phrase], core: int) -> tuple[int, int]:
    begin, end = core, core
    while begin > max(core - _MAX_STRETCH, 0) and phrases[begin - 1].text not in _ENDS:
        begin -= 1
    while end < min(core + _MAX_STRETCH, len(phrases)) and phrases[end].text not in _ENDS:
        end += 1
    return begin, end


def _restrictive(phrases: Sequence[Phrase], begin: int, core: int) -> set[int]:
    """The clause in "the mill at which the men were shot lies": up to the verb after its own."""
    verb = core - 1
    while verb > begin and phrases[verb].kind in {"adv", "hedge", "neg"}:
        verb -= 1
    if phrases[verb].kind not in {"verb", "aux"} or phrases[verb - 1].kind != "verb":
        return set()
    for at in range(verb - 2, begin, -1):
        if phrases[at].text == ",":
            return set()
        if phrases[at].kind == "rel":
            first = at - 1 if phrases[at - 1].kind == "prep" else at
            return set(range(first, verb)) if first > begin else set()
    return set()


def _bracketed(phrases: Sequence[Phrase], begin: int, end: int, core: int) -> set[int]:
    gone: set[int] = set()
    opening = -1
    for at in range(begin, end):
        if phrases[at].text == "(":
            opening = at
        elif phrases[at].text == ")" and opening >= 0:
            if not opening < core < at:
                gone.update(range(opening, at + 1))
            opening = -1
    return gone


def _is_aside(phrases: Sequence[Phrase], begin: int, end: int) -> bool:
    """Whether a stretch between two commas is no clause of its own and no predicate."""
    piece = phrases[begin:end]
    if not piece:
        return False
    first = piece[0]
    if first.kind == "conj":
        if first.text == "but" or len(piece) < 2:
            return False
        first = piece[1]
        if first.kind == "np":
            return False
    if first.kind == "rel":
        return True
    if first.kind == "sub":
        return first.text not in {"that"} and (first.text in TIMES or not _acts(piece))
    if first.kind == "verb":
        return _participle(piece, 0)
    if first.text == "for" and len(piece) > 1 and piece[1].noun is not None:
        # ", for the station at X, manned by Y, is only"
        return piece[1].noun.role not in {"site", "force"}
    if first.kind in _ASIDE_OPENERS:
        return not _acts(piece)
    return first.kind == "np" and not _finite(piece)


def _acts(piece: Sequence[Phrase]) -> bool:
    """Whether it has a verb outside its relative clauses."""
    for phrase in piece:
        if phrase.kind == "rel":
            return False
        if phrase.kind == "aux":
            return True
    return False


def _finite(piece: Sequence[Phrase]) -> bool:
    for at, phrase in enumerate(piece):
        if phrase.kind == "rel":
            return False
        if phrase.kind == "aux" or (phrase.kind == "verb" and not _participle(piece, at)):
            return True
    return False


def _participle(piece: Sequence[Phrase], at: int) -> bool:
    """As in "bought in Turkey", "dug by hand", "closed since May": no object of its own."""
    text = piece[at].text
    if text.endswith(("ed", "ing")):
        return True
    after = piece[at + 1] if at + 1 < len(piece) else None
    return text in _IRREGULAR and (after is None or after.kind in {"prep", "date", "adv", "sub"})
