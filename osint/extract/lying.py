"""What lies in an area that is said anywhere in its clause: the wide search of containments.

"Situated in southern Yemen, the port of X", "Y, north of X and still in the Z region, is", "In the
north of Z lies W", "deep in the Z desert they built a camp". The narrow rules come first
(``containment.py``); what is found here has to be a site, or a name in so plain a place that nobody
could be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from osint.extract import lexicon, verbs
from osint.extract.areas import is_area
from osint.extract.clause import before, infinitive, subject_of
from osint.extract.entities import Draft
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.placed import whose_place
from osint.extract.scene import Found, Scene
from osint.extract.stance import granted, stance

_SPEAKING = lexicon.words("said says told announced warned reported ruled")
_LEADING = frozenset({"prep", "np", "qty", "dir", "adv", "punct"})
_HOW = lexicon.words("deep right still far high just well both somewhere elsewhere")


def lying_in(scene: Scene, at: int, fixed: Callable[..., bool]) -> Found | None:
    """The containment that the area behind the preposition at ``at`` makes, or None.

    Args:
        scene: the sentence.
        at: index of the preposition.
        fixed: whether a noun phrase means something that stays where it is.
    """
    phrases = scene.sentence.phrases
    if at + 1 >= len(phrases) or not is_area(phrases[at + 1].noun):
        return None
    begin = at
    while begin and phrases[begin - 1].kind == "adv" and phrases[begin - 1].text in _HOW:
        begin -= 1
    if begin and phrases[begin - 1].text == "or":
        return None
    if begin and phrases[begin - 1].kind not in {"punct", "conj", "np"}:
        return None
    if begin and phrases[begin - 1].kind == "np" and phrases[begin - 2].kind not in {"dir", "prep"}:
        return None
    if begin > 2 and phrases[begin - 1].text == "," and phrases[begin - 3].kind == "prep":
        # "A hospital near X, in Z": it may be X that lies there.
        return None
    subject = whose_place(phrases, begin, at + 2)
    noun = phrases[subject].noun if subject is not None else None
    if subject is None or noun is None or noun.is_border or not fixed(noun, opening=False):
        return None
    if not _plain(phrases, subject, at, noun):
        return None
    told = phrases[subject]
    who, area = scene.referent(told, site=True), scene.referent(phrases[at + 1])
    if who is None or area is None or who is area or who.role in {"force", "person", "area"}:
        return None
    if noun.definite or noun.named:
        stands = granted(scene.sentence, told.first)
    else:
        stands = stance(scene.sentence, min(told.first, phrases[at].first), phrases[at].first)
    if stands is None or stands.polarity == "denied":
        return None
    return Found(
        kind="containment",
        span=(min(told.start, phrases[at].start), max(told.end, phrases[at + 1].end)),
        sentence=scene.sentence,
        ends=(who, area),
        places=(scene.written(told), scene.written(phrases[at + 1])),
        polarity=stands.polarity,
        modality=stands.modality,
    )


def _plain(phrases: Sequence[Phrase], subject: int, at: int, noun: Noun) -> bool:
    """Whether the words leave no doubt that it is the thing that is there, not what it does."""
    if subject < at:
        # "X, north of Y and still in Z, is": an aside that ends with the area
        closed = at + 2 >= len(phrases) or phrases[at + 2].kind == "punct"
        return closed and (noun.role == "site" or noun.named)
    before = phrases[subject - 1]
    lies = before.kind == "aux" and before.text in lexicon.BE
    if lies or (before.kind == "verb" and before.base in verbs.POSITION_VERBS):
        return True
    if any(piece.text in _SPEAKING for piece in phrases[subject + 1 : subject + 6]):
        return False
    return noun.role == "site" and noun.kind != "region" and bool(noun.determiner or noun.named)


def said_first(scene: Scene, at: int, fixed: Callable[..., bool]) -> Found | None:
    """As in "In Donetsk oblast, the town of X has ...": where the subject lies, said first."""
    phrases = scene.sentence.phrases
    if at + 3 >= len(phrases) or not is_area(phrases[at + 1].noun) or phrases[at + 2].text != ",":
        return None
    lead = phrases[:at]
    if any(piece.kind not in _LEADING for piece in lead) or any(p.kind == "date" for p in lead):
        return None
    told, after = phrases[at + 3], phrases[at + 4 : at + 5]
    noun = told.noun
    if noun is None or noun.role != "site" or not fixed(noun, opening=False):
        return None
    if not (noun.definite or noun.named) or noun.within is not None or noun.kind == "region":
        return None
    if not after or after[0].kind not in {"verb", "aux", "punct", "neg"}:
        return None
    if any(piece.text in _SPEAKING for piece in phrases[at + 4 : at + 9]):
        return None
    who, area = scene.referent(told, site=True), scene.referent(phrases[at + 1])
    stands = granted(scene.sentence, told.first)
    if who is None or area is None or who is area or stands is None:
        return None
    return Found(
        kind="containment",
        span=(phrases[at].start, told.end),
        sentence=scene.sentence,
        ends=(who, area),
        places=(scene.written(told), scene.written(phrases[at + 1])),
        polarity=stands.polarity,
        modality=stands.modality,
    )


def seated(scene: Scene, at: int, area: Draft, fixed: Callable[..., bool]) -> Iterator[Found]:
    """As in "the clinic stands on a hill in Bamyan province": it is the clinic that is there."""
    phrases = scene.sentence.phrases
    verb = before(phrases, at - 1, "adv", "neg", "hedge")
    lies = verb > 0 and (
        phrases[verb].text in lexicon.BE or phrases[verb].base in verbs.POSITION_VERBS
    )
    subject = subject_of(phrases, verb) if lies and not infinitive(phrases, verb) else None
    told = phrases[subject] if subject is not None else None
    who = scene.referent(told, site=True) if told is not None else None
    if told is None or who is None or who is area or who.role in {"force", "person", "area"}:
        return
    if told.noun is not None and not fixed(told.noun, opening=False):
        return
    stands = stance(scene.sentence, told.first, phrases[at].first)
    if stands is not None:
        yield Found(
            kind="containment",
            span=(told.start, phrases[at].end),
            sentence=scene.sentence,
            ends=(who, area),
            places=(scene.written(told), area.names[0]),
            polarity=stands.polarity,
            modality=stands.modality,
        )
