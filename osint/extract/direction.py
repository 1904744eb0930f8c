"""In which direction one thing lies from another, where no distance is said.

"The mine lies southeast of Lubari", "a new camp northwest of Zarqan", "the path of advance took it
just to the east of the kill zone". "In the north of Yemen" is a part of Yemen and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osint.extract.abstract import is_count_word
from osint.extract.anchors import can_anchor
from osint.extract.asides import without_asides, without_attributions
from osint.extract.beside import beside_another, fellows, found_there, meant, place_of
from osint.extract.clause import before, date_in, infinitive, subject_of
from osint.extract.events import EVENT_NOUNS
from osint.extract.fronted import begins, fronted
from osint.extract.holder import said_from
from osint.extract.lexicon import BE
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.setting import (
    EACH,
    SCENERY,
    acted_on,
    is_such,
    scenery,
    shown,
    there_is,
    thinglike,
)
from osint.extract.stance import stance

_PARTICLES = ("out", "up", "down", "through", "across", "in", "over", "past", "by", "around")


def directions(scene: Scene) -> Iterator[Found]:
    """Every direction the sentence states without a distance."""
    if not any(phrase.kind == "dir" for phrase in scene.sentence.phrases):
        return
    whole = without_attributions(scene.sentence.phrases)
    for index, phrase in enumerate(whole):
        if phrase.kind != "dir":
            continue
        found = tuple(_read(scene, whole, index))
        if not found:
            bare, core = without_asides(whole, index)
            found = tuple(_read(scene, bare, core)) if len(bare) < len(whole) else ()
        yield from found


def _read(scene: Scene, phrases: Sequence[Phrase], at: int) -> Iterator[Found]:
    """What the direction in phrase ``at`` is said of, and of what."""
    where_at = _target(phrases, at)
    subject = _subject(phrases, at) if where_at is not None else None
    if where_at is None or subject is None or subject == where_at:
        return
    for each in fellows(phrases, meant(phrases, subject)):
        found = _made(scene, phrases, at, each, where_at)
        if found is not None:
            yield found


def _made(
    scene: Scene, phrases: Sequence[Phrase], at: int, subject: int, where_at: int
) -> Found | None:
    if phrases[subject].text.endswith(" 's"):
        return None
    phrase = phrases[at]
    target = phrases[where_at]
    if not _can_lie(phrases[subject].noun):
        return None
    if target.noun is None and not target.of("pron", "it", "them"):
        return None
    called = target.noun is None or target.noun.named or target.noun.words[:1].isupper()
    called = called or (target.noun is not None and target.noun.role != "unknown")
    if target.noun is not None and not called:
        called = target.noun.definite and can_anchor(target) and thinglike(target)
    if not called:
        return None
    said = said_from(phrases, subject)
    qualified = _corrected(phrases, at)
    anchor = phrase.first if qualified is None else phrases[qualified].first
    stands = stance(scene.sentence, min(phrases[said].first, anchor), anchor)
    if said != subject and stands is not None and stands.polarity == "denied":
        return None
    again = _again(phrases, at) if target.kind == "pron" else None
    who, where = scene.referent(phrases[subject], site=True), scene.anchor(again or target)
    if who is not None and who is where and target.kind == "pron":
        where = scene.discourse.pronoun(target, scene.number, site=True, apart=who, anchors=True)
    elif who is not None and who is where and phrases[subject].kind == "pron":
        who = scene.discourse.pronoun(phrases[subject], scene.number, site=True, apart=where)
    if stands is None or who is None or where is None or who is where:
        return None
    span = target.noun.around if target.noun is not None else None
    around = scene.discourse.at(span) if span else None
    return Found(
        kind="direction",
        span=(min(phrases[subject].start, phrase.start), max(phrases[subject].end, target.end)),
        sentence=scene.sentence,
        ends=(who, where) if around is None else (who, where, around),
        places=(scene.written(phrases[subject]), scene.written(target)),
        relation=phrase.direction,
        polarity=stands.polarity,
        modality=stands.modality,
        date=date_in(phrases, at) if who.role in {"force", "person"} else None,
    )


def _acts_behind(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "wells north of the reserve have been poisoned"."""
    return at < len(phrases) and phrases[at].kind in {"aux", "verb"}


def _corrected(phrases: Sequence[Phrase], at: int) -> int | None:
    """Index of "not" in "is not north of Y but northwest of it", for the second direction."""
    if at < 4 or not phrases[at - 1].of("conj", "but"):
        return None
    for index in range(at - 2, max(at - 7, 0), -1):
        if phrases[index].of("neg", "not") and phrases[index + 1].kind == "dir":
            return index
    return None


def _again(phrases: Sequence[Phrase], at: int) -> Phrase | None:
    """The river in "the camp is north of the river and the clinic is south of it"."""
    for earlier in range(at - 1, 0, -1):
        if phrases[earlier].text in {";", ":"}:
            return None
        if phrases[earlier].kind == "dir" and phrases[earlier - 1].kind != "qty":
            return phrases[earlier + 1] if phrases[earlier + 1].noun is not None else None
    return None


def _target(phrases: Sequence[Phrase], at: int) -> int | None:
    """What the direction is told from: behind "of", or behind that of "north and east of"."""
    after = at + 1
    if after + 1 < len(phrases) and phrases[after].kind == "conj":
        after += 2 if phrases[after + 1].kind == "dir" else 0
    return place_of(phrases, after) if after < len(phrases) else None


def _closes(phrases: Sequence[Phrase], at: int) -> bool:
    if at >= len(phrases) or phrases[at].kind == "punct":
        return True
    onward = phrases[at].kind == "conj" and before(phrases, at, "conj") >= 0
    after = at + 1
    while after < len(phrases) and phrases[after].kind == "adv":
        after += 1
    return onward and after < len(phrases) and phrases[after].kind in {"prep", "qty", "dir"}


def _resumes(phrases: Sequence[Phrase], comma: int) -> bool:
    """As in "A kiln, north of Y, gives": the comma closes an aside."""
    after = phrases[comma + 1] if comma + 1 < len(phrases) else None
    return after is not None and phrases[comma].text == "," and after.kind in {"verb", "aux"}


def _can_lie(noun: Noun | None) -> bool:
    """Whether it is something in particular: a known sort of thing, a name, or well described."""
    if noun is None or noun.role != "unknown" or noun.named:
        return True
    if noun.head in EVENT_NOUNS:
        return False
    return bool(noun.determiner) or " " in noun.words


def _subject(phrases: Sequence[Phrase], at: int) -> int | None:
    left = before(phrases, at, "adv", "hedge", "neg")
    if at and phrases[at - 1].kind == "qty":
        return None
    if begins(phrases, left + 1):
        return fronted(phrases, at + 2, made=True)
    if left > 1 and phrases[left].kind == "conj" and phrases[left - 2].kind == "qty":
        # "5 km downstream and due south of Y": told with the distance
        return None
    if left > 0 and phrases[left].kind == "conj" and phrases[left - 1].kind == "dir":
        return _subject(phrases, left - 1)
    if phrases[left].kind == "conj" or (phrases[left].text == "," and left in {at - 1, at - 2}):
        beside = beside_another(phrases, left)
        if beside is not None:
            return beside
    if phrases[left].kind == "date":
        left -= 2 if left and phrases[left - 1].kind == "prep" else 1
    if left < 0:
        return None
    if left and phrases[left].of("prep", *_PARTICLES) and phrases[left - 1].kind == "verb":
        # "came out to the east of", "passed by to the north of"
        left -= 1
    if phrases[left].text in EACH and left and phrases[left - 1].text in BE:
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
        known = noun is not None and noun.role == "site" and not noun.is_border
        told = noun is not None and (noun.definite or acted_on(phrases, left - 1))
        known = known and (told or _resumes(phrases, at + 2))
        return left - 1 if lies or known else None
    if phrase.of("adv", "away") or (left and phrases[left - 1].kind == "qty"):
        return None
    if phrase.kind == "np" and phrase.noun is not None:
        noun = phrase.noun
        if left and noun.words == noun.head and phrases[left - 1].text in BE and not noun.plural:
            # "is visible to the east of Y"
            return subject_of(phrases, left - 1)
        hidden = scenery(phrases, left)
        if hidden is not None:
            return subject_of(phrases, hidden)
        same = is_such(phrases, left)
        if same is not None:
            return same
        first = noun.words.split(" ")[0].lower()
        counted = is_count_word(first) or first in {"several", "many"} or bool(noun.owners)
        headline = left == 0 and at + 2 == len(phrases)
        loose = (
            noun.plural
            and not headline
            and not (noun.definite or counted)
            and noun.role != "force"
            and not acted_on(phrases, left)
            and not there_is(phrases, at)
            and not (noun.role == "site" and _acts_behind(phrases, at + 2))
        )
        known = noun.role in {"site", "force", "area"} or noun.named or shown(phrases, left)
        known = known or (noun.definite and noun.head in SCENERY)
        measured = any(piece.kind == "qty" for piece in phrases[max(left - 2, 0) : left])
        if noun.role == "person" or noun.is_border or loose or not known or measured:
            return None
        return left
    if phrase.kind == "pron" and left and phrases[left - 1].kind == "verb":
        left -= 1
        phrase = phrases[left]
    running = phrase.kind == "verb" and phrase.text.endswith("ing") and left > 1
    if running and phrases[left - 1].kind == "np" and phrases[left - 2].kind == "prep":
        # "along a track running south of Y"
        return left - 1 if not phrases[left - 2].of("prep", "from") else None
    if phrase.kind == "verb" or phrase.kind == "aux":
        left = found_there(phrases, left)
        return None if infinitive(phrases, left) else subject_of(phrases, left)
    return None
