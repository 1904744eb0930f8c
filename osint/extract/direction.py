"""In which direction one thing lies from another, where no distance is said.

"The mine lies southeast of Lubari", "a new camp northwest of Zarqan", "the path of advance took it
just to the east of the kill zone". "In the north of Yemen" is a part of Yemen and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osint.extract.abstract import is_count_word
from osint.extract.clause import before, date_in, infinitive, subject_of
from osint.extract.fronted import begins, fronted
from osint.extract.holder import said_from
from osint.extract.lexicon import BE
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import stance

_PARTICLES = ("out", "up", "down", "through", "across", "in", "over", "past", "by", "around")


def directions(scene: Scene) -> Iterator[Found]:
    """Every direction the sentence states without a distance."""
    phrases = scene.sentence.phrases
    for at, phrase in enumerate(phrases):
        if phrase.kind != "dir" or at + 1 >= len(phrases):
            continue
        target = phrases[at + 1]
        subject = _subject(scene, at)
        if subject is None or subject == at + 1 or not _can_lie(phrases[subject].noun):
            continue
        if target.noun is None and not target.of("pron", "it", "them"):
            continue
        called = target.noun is None or target.noun.named or target.noun.words[:1].isupper()
        if target.noun is not None and target.noun.role == "unknown" and not called:
            continue
        said = said_from(phrases, subject)
        stands = stance(scene.sentence, min(phrases[said].first, phrase.first), phrase.first)
        if said != subject and stands is not None and stands.polarity == "denied":
            continue
        who, where = scene.referent(phrases[subject], site=True), scene.referent(target, site=True)
        if stands is None or who is None or where is None or who is where:
            continue
        span = target.noun.around if target.noun is not None else None
        around = scene.discourse.at(span) if span else None
        yield Found(
            kind="direction",
            span=(phrases[subject].start, target.end),
            sentence=scene.sentence,
            ends=(who, where) if around is None else (who, where, around),
            places=(scene.written(phrases[subject]), scene.written(target)),
            relation=phrase.direction,
            polarity=stands.polarity,
            modality=stands.modality,
            date=date_in(phrases, at) if who.role in {"force", "person"} else None,
        )


def _closes(phrases: Sequence[Phrase], at: int) -> bool:
    return at >= len(phrases) or phrases[at].kind == "punct"


def _can_lie(noun: Noun | None) -> bool:
    """Whether it is something in particular: a known sort of thing, a name, or well described."""
    if noun is None or noun.role != "unknown" or noun.named:
        return True
    return bool(noun.determiner) or " " in noun.words


def _subject(scene: Scene, at: int) -> int | None:
    phrases = scene.sentence.phrases
    left = before(phrases, at, "adv", "hedge", "neg")
    if at and phrases[at - 1].kind == "qty":
        return None
    if begins(phrases, left + 1):
        return fronted(phrases, at + 2, made=True)
    if phrases[left].kind == "date":
        left -= 2 if left and phrases[left - 1].kind == "prep" else 1
    if left < 0:
        return None
    if left and phrases[left].of("prep", *_PARTICLES) and phrases[left - 1].kind == "verb":
        # "came out to the east of", "passed by to the north of"
        left -= 1
    phrase = phrases[left]
    if phrase.text == "," and left and _closes(phrases, at + 2):
        # "X, just north-west of Y, was"
        noun = phrases[left - 1].noun
        if phrases[left - 1].kind in {"adv", "verb"}:
            # "is upstream, to the west of Y", "stands empty, east of Y"
            verb = before(phrases, left, "adv")
            return subject_of(phrases, verb) if verb >= 0 and phrases[verb].kind == "aux" else None
        lies = noun is not None and noun.role in {"site", "unknown"} and noun.named
        known = noun is not None and noun.role == "site" and noun.definite and not noun.is_border
        return left - 1 if lies or known else None
    if phrase.of("adv", "away") or (left and phrases[left - 1].kind == "qty"):
        return None
    if phrase.kind == "np" and phrase.noun is not None:
        noun = phrase.noun
        if left and noun.words == noun.head and phrases[left - 1].text in BE and not noun.plural:
            # "is visible to the east of Y"
            return subject_of(phrases, left - 1)
        counted = is_count_word(noun.words.split(" ")[0].lower()) or bool(noun.owners)
        loose = noun.plural and not (noun.definite or counted) and noun.role != "force"
        known = noun.role in {"site", "force", "area"} or noun.named
        measured = any(piece.kind == "qty" for piece in phrases[max(left - 2, 0) : left])
        if noun.role == "person" or noun.is_border or loose or not known or measured:
            return None
        return left
    if phrase.kind == "pron" and left and phrases[left - 1].kind == "verb":
        left -= 1
        phrase = phrases[left]
    if phrase.kind == "verb" or phrase.kind == "aux":
        return None if infinitive(phrases, left) else subject_of(phrases, left)
    return None
