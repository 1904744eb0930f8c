"""Zones told in two parts: named in one clause, and measured or placed in another.

"A zone was drawn around X; it is 15 km in radius." "For 9 km around X nothing may sail, and they
call it a safety zone."
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from osint.extract import lexicon
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import granted, wished
from osint.extract.zone_size import EXTENT, zone_size
from osint.extract.zone_status import zone_status
from osint.extract.zone_words import LOOSE, ZONES, bare

_ROUND = frozenset({"around", "round", "surrounding"})
_DECLARING = frozenset({"declare", "designate", "proclaim", "make"})
_CALLING = lexicon.words("call calls called dub dubs dubbed term terms termed name names named")


def measured(scene: Scene, zone: Found) -> Iterator[Found]:
    """A zone without a size that an earlier clause told of, if this sentence tells its size.

    Args:
        scene: the sentence.
        zone: the zone of an earlier sentence, or of an earlier clause of this one.
    """
    flat = scene.sentence.flat
    here = zone.sentence is scene.sentence
    for at, phrase in enumerate(flat):
        if here and phrase.start < zone.span[1]:
            continue
        if not _means_it(phrase) or not _opens(flat, at):
            continue
        sized = zone_size(scene.sentence, at, at)
        follows = flat[at + 1].kind == "aux" or flat[at + 1].text in EXTENT | {"has", "had"}
        stands = granted(scene.sentence, phrase.first)
        if sized.radius is None or not follows or stands is None or _unsure(scene, phrase.first):
            continue
        modality = zone.modality if stands.modality == "stated" else stands.modality
        status = zone.status or zone_status(scene.sentence.words, phrase.first, phrase.stop)
        span = (zone.span[0], phrase.end) if here else (phrase.start, phrase.end)
        yield replace(
            zone, span=span, sentence=scene.sentence, distance=sized.radius, modality=modality,
            status=status,
        )  # fmt: skip
        return


def _means_it(phrase: Phrase) -> bool:
    if phrase.of("pron", "it"):
        return True
    noun = phrase.noun
    return noun is not None and noun.definite and noun.head.split(" ")[-1] in ZONES | LOOSE


def _opens(flat: tuple[Phrase, ...], at: int) -> bool:
    return at == 0 or flat[at - 1].kind in {"punct", "conj"}


def _unsure(scene: Scene, first: int) -> bool:
    words = scene.sentence.words[first : first + 8]
    return not (lexicon.FUTURES | lexicon.NEGATIONS).isdisjoint(words)


def called(scene: Scene) -> Iterator[Found]:
    """As in "9 km around X, and they call it a red zone": the size and centre before the name."""
    flat = scene.sentence.flat
    name = next((at for at in range(len(flat)) if _names(flat, at)), None)
    if name is None:
        return
    for at in range(len(flat) - 2):
        size, centre = flat[at].quantity, flat[at + 2]
        if size is None or flat[at + 1].text not in _ROUND or centre.noun is None:
            continue
        if centre.noun.abstract or not (centre.noun.definite or centre.noun.named):
            continue
        where = scene.thing(centre)
        stands = granted(scene.sentence, flat[at].first)
        if where is None or where.role == "person" or stands is None:
            continue
        if wished(scene.sentence.words, flat[at].first):
            continue
        first, last = min(at, name), max(at + 2, name)
        noun = flat[name].noun
        yield Found(
            kind="zone", span=(flat[first].start, flat[last].end), sentence=scene.sentence,
            ends=(where,), places=(scene.written(centre),), polarity=stands.polarity,
            modality=stands.modality, distance=size.distance,
            what=bare(noun.words) if noun is not None else "",
            status=zone_status(scene.sentence.words, flat[first].first, flat[last].stop),
        )  # fmt: skip
        return


def _names(flat: tuple[Phrase, ...], at: int) -> bool:
    """As in "they called it a red zone", "what the port calls a safety zone"."""
    noun = flat[at].noun
    if noun is None or noun.head.split(" ")[-1] not in ZONES | LOOSE or " " not in noun.words:
        return False
    if any(phrase.base in _DECLARING for phrase in flat[:at]) and flat[at - 1].noun is not None:
        # "declared the 5 km around X an exclusion zone"
        return at > 2 and flat[at - 2].text in _ROUND and noun.determiner in {"a", "an"}
    lead = {phrase.text for phrase in flat[max(at - 2, 0) : at]}
    return not _CALLING.isdisjoint(lead)
