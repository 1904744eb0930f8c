"""What lies where a sentence begins with the place: "20 km south of X, the convoy was hit".

"North of Y lies a camp", "At 200 metres from X, the crater is ...", "Up to 5 km from X, yet still
in Y, the village of Z has ...", "East of X, conscripts have dug trenches" (the trenches are east).
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.events import EVENT_NOUNS
from osint.extract.holder import KEEPING, SETTING_UP
from osint.extract.phrase import Phrase
from osint.extract.setting import thinglike

_ACTS = frozenset({"verb", "aux", "neg", "adv", "hedge"})
_SKIPPED = ("aux", "adv", "hedge", "neg")
# Who holds a place is as much the news as the place.
_RUNNING = KEEPING - {"hold"}
_MAX_ASIDE = 8


def begins(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether phrase ``at`` opens its clause."""
    return at <= 0 or phrases[at - 1].text in {";", ":", '"', "“", "—"}


def fronted(phrases: Sequence[Phrase], stop: int, *, made: bool = False) -> int | None:
    """What lies at the place that ends before phrase ``stop``, or None.

    Args:
        phrases: the sentence.
        stop: the phrase after the place.
        made: whether what somebody builds there is meant rather than who builds it.
    """
    if stop >= len(phrases):
        return None
    if phrases[stop].of("conj", "and", "yet", "but") or phrases[stop].text == "yet":
        # "5 km from X and a stone's throw from the railway, the warehouse"
        closing = _next_comma(phrases, stop)
        if closing is None:
            # "Six miles from X and a little north of Y stands Z"
            mark = stop + 1
            while mark < len(phrases) and (
                phrases[mark].kind in {"adv", "hedge"} or phrases[mark].text == "a little"
            ):
                mark += 1
            placed = phrases[mark : mark + 1] and phrases[mark].kind in {"dir", "prep"}
            return _inverted(phrases, mark + 2) if placed else None
        if any(piece.kind == "aux" for piece in phrases[stop:closing]):
            return None
        stop = closing
    if phrases[stop].text in {",", "–", "—"}:
        return _inverted(phrases, stop + 1) or _after_comma(phrases, stop, made=made)
    return _inverted(phrases, stop)


def _inverted(phrases: Sequence[Phrase], stop: int) -> int | None:
    """The thing in "lies a camp", "is a kennel", "was found a grave"."""
    if stop >= len(phrases):
        return None
    verb = stop
    while verb < len(phrases) and phrases[verb].kind in {"aux", "adv", "hedge"}:
        verb += 1
    last = phrases[verb] if verb < len(phrases) else None
    if last is not None and last.kind == "verb" and last.base in verbs.POSITION_VERBS:
        return verb + 1 if _is_thing(phrases, verb + 1) else None
    first = stop + (phrases[stop].text == "there")
    is_verb = first < verb and phrases[first].kind == "aux" and phrases[first].text in lexicon.BE
    return verb if is_verb and _is_thing(phrases, verb) and thinglike(phrases[verb]) else None


def _after_comma(phrases: Sequence[Phrase], comma: int, *, made: bool) -> int | None:
    at = _past_asides(phrases, comma + 1)
    if not _is_thing(phrases, at):
        return None
    verb = at + 1
    if verb < len(phrases) and phrases[verb].text == ",":
        # "the town, long abandoned, stands"
        closing = _next_comma(phrases, verb + 1)
        verb = verb if closing is None else closing + 1
    if verb >= len(phrases) or phrases[verb].kind not in _ACTS:
        return None
    thing = _made(phrases, verb) if made else None
    return at if thing is None else thing


def _past_asides(phrases: Sequence[Phrase], at: int) -> int:
    while at < len(phrases) and phrases[at].kind in {"adv", "hedge"}:
        at += 1
    if at < len(phrases) and phrases[at].kind == "rel":
        # "North of X, where the asphalt ends, a checkpoint marks"
        closing = _next_comma(phrases, at)
        return at if closing is None else closing + 1
    aside = at < len(phrases) and phrases[at].kind in {"conj", "prep"}
    closing = _next_comma(phrases, at) if aside else None
    if closing is None or any(piece.kind in {"verb", "aux"} for piece in phrases[at:closing]):
        return at
    return closing + 1


def _next_comma(phrases: Sequence[Phrase], at: int) -> int | None:
    for index in range(at, min(at + _MAX_ASIDE, len(phrases))):
        if phrases[index].text == ",":
            return index
    return None


def _made(phrases: Sequence[Phrase], verb: int) -> int | None:
    """The trenches in "conscripts have dug trenches": what is there is what they made."""
    while verb < len(phrases) and phrases[verb].kind in _SKIPPED:
        verb += 1
    if verb >= len(phrases) or phrases[verb].base not in SETTING_UP | _RUNNING:
        return None
    passive = any(piece.text in lexicon.BE for piece in phrases[max(verb - 2, 0) : verb])
    thing = verb + 1
    while thing < len(phrases) and phrases[thing].of("prep", "up"):
        thing += 1
    noun = phrases[thing].noun if thing < len(phrases) else None
    if noun is None or noun.abstract or noun.head in EVENT_NOUNS:
        return None
    return thing if not passive and _is_thing(phrases, thing) else None


def _is_thing(phrases: Sequence[Phrase], at: int) -> bool:
    noun = phrases[at].noun if 0 <= at < len(phrases) else None
    return noun is not None and noun.role != "person" and noun.kind != "country"


def scene_only(phrases: Sequence[Phrase], stop: int) -> bool:
    """Whether the clause up to phrase ``stop`` only says where or when: "In the dunes, ..."."""
    at = stop
    while not begins(phrases, at):
        at -= 1
    if at >= stop:
        return False
    while at < stop:
        if phrases[at].kind in {"adv", "date", "hedge"} or phrases[at].text == ",":
            at += 1
        elif (phrases[at].kind == "neg" and phrases[at + 1].text == "far") or (
            phrases[at].kind in {"prep", "dir"}
            and at + 1 < stop
            and (phrases[at + 1].kind in {"np", "date"})
        ):
            at += 2
        else:
            return False
    return True
