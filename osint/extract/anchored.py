"""A distance and what it is counted from: "D from Y", "D north-east of Y", "within D of Y"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osint.extract import lexicon
from osint.extract.beside import place_of
from osint.extract.clause import before
from osint.extract.combinators import alt, cap, opt, seq
from osint.extract.pairs import kind, worded
from osint.extract.phrase import Phrase
from osint.extract.setting import there_is
from osint.extract.verbs import POSITION_VERBS

_STREAM = ("upstream", "downstream", "uphill", "downhill", "inland", "offshore")
_LINK = alt(
    cap("direction", kind("dir")),
    kind("prep", "from"),
    kind("prep", "outside", "behind"),
    kind("prep", "off", "beyond", "past"),
    seq(kind("prep", "up", "down"), kind("np", "the coast", "the shore"), kind("prep", "from")),
    seq(kind("adv", *_STREAM), kind("prep", "of", "from")),
    seq(kind("adv", *_STREAM), kind("conj", "and"), cap("direction", kind("dir"))),
    seq(kind("np", "short"), kind("prep", "of")),
    seq(kind("other", "short"), kind("prep", "of")),
    seq(kind("prep", "out"), kind("prep", "of")),
)
_TARGET = alt(kind("np"), kind("pron", "it", "them"))
_STRAIGHT = alt(
    seq(kind("conj", "or"), worded("so", "thereabouts")),
    seq(worded("as"), kind("np", "the crow"), worded("flies")),
    seq(kind("prep", "in"), kind("np", "a straight line")),
)
_CORRECTED = seq(worded(","), kind("neg", "not"), kind("qty"), worded(","))
_ANCHORED = seq(
    opt(_CORRECTED),
    opt(_STRAIGHT),
    opt(kind("adv", "away", "off")),
    cap("link", _LINK),
    cap("target", _TARGET),
)
_ROUTES = frozenset({"road", "rail", "river", "boat", "car", "train", "bus"})
_WITHIN = seq(kind("prep", "of", "from"), cap("target", _TARGET))


@dataclass(frozen=True, slots=True)
class Anchored:
    """A distance with its anchor: phrase indices."""

    qty: int
    target: int
    direction: str
    stop: int


def anchored_at(phrases: Sequence[Phrase], qty: int) -> Anchored | None:
    """What the distance in phrase ``qty`` is counted from, or None if from nothing."""
    quantity = phrases[qty].quantity
    if quantity is None:
        return None
    pattern = _WITHIN if quantity.within else _ANCHORED
    found = pattern(phrases, qty + 1)
    if found is None or (quantity.within and not _within_is_claimed(phrases, qty, found.end)):
        return None
    target = found.captures["target"][0]
    link = found.captures.get("direction")
    onward = [piece.kind for piece in phrases[found.end : found.end + 2]] == ["prep", "np"]
    if onward and phrases[found.end].text in {"to", "toward", "towards", "into"}:
        return None
    if onward and phrases[found.end].text == "by" and phrases[found.end + 1].text in _ROUTES:
        # "180 km from Y by road"
        return None
    direction = phrases[link[0]].direction if link else ""
    return Anchored(qty, place_of(phrases, target), direction, found.end)


def _within_is_claimed(phrases: Sequence[Phrase], qty: int, stop: int) -> bool:
    """As in "are within 3 km of", not "villages within 20 km of the plant"."""
    index = before(phrases, qty, "adv", "hedge", "neg", "prep")
    if index < 0 and stop < len(phrases):
        # "Within 3 km of X there are two mines", "... lie two mines"
        return phrases[stop].text in {"there", *lexicon.BE} or phrases[stop].base in POSITION_VERBS
    if index >= 0 and phrases[index].kind in {"aux", "verb"}:
        return True
    return there_is(phrases, qty)
