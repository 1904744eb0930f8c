"""The other half of "Neither X nor Y lies in Z": what is denied of Y is denied of X as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene

_OF_SUBJECTS = frozenset({"located", "separation", "direction", "border", "containment", "dated"})


def neither(scene: Scene, here: Iterable[Found]) -> Iterator[Found]:
    """The denials that a pair of subjects adds to those told of the second.

    Args:
        scene: the sentence.
        here: its claims.
    """
    if "neither" not in scene.sentence.words or "nor" not in scene.sentence.words:
        return
    phrases = scene.sentence.phrases
    pairs = [(at - 1, at + 1) for at in range(2, len(phrases) - 1) if _joins(phrases, at)]
    for claim in here:
        if claim.kind not in _OF_SUBJECTS or claim.polarity != "denied":
            continue
        for one, other in pairs:
            first, second = scene.referent(phrases[one]), scene.referent(phrases[other])
            if first is None or second is None or claim.ends[0].root() is not second.root():
                continue
            if not claim.span[0] <= phrases[other].start < claim.span[1]:
                continue
            yield replace(
                claim,
                ends=(first, *claim.ends[1:]),
                places=(scene.written(phrases[one]), *claim.places[1:]),
                what=claim.what.replace(_bare(phrases[other]), _bare(phrases[one]), 1),
                span=(phrases[one].start, claim.span[1]),
            )


def _bare(phrase: Phrase) -> str:
    return phrase.noun.words if phrase.noun is not None else phrase.text


def _joins(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the conjunction at ``at`` is the "nor" of "neither X nor Y"."""
    if not phrases[at].of("conj", "nor") or phrases[at - 2].text != "neither":
        return False
    return phrases[at - 1].noun is not None and phrases[at + 1].noun is not None
