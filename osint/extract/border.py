"""Who or what lies on which border.

"An army base on the Iraqi border", "the army reached the Iraqi border", "two brigades are massed
along the Ukrainian-Polish border". Where one side only is named, the other is the subject's own
country, or the one that the same text names in a pair with it; otherwise it stays open.
"""

from __future__ import annotations

from collections.abc import Iterator

from osint.extract import lexicon, verbs
from osint.extract.clause import date_in, infinitive, subject_of
from osint.extract.entities import Draft
from osint.extract.phrase import Phrase
from osint.extract.reference import Discourse
from osint.extract.scene import Found, Scene
from osint.extract.stance import granted, presupposed, stance

_ON = ("on", "at", "near", "along")


def borders(scene: Scene) -> Iterator[Found]:
    """Every border claim the sentence states, save those that come with a distance."""
    phrases = scene.sentence.phrases
    for at, phrase in enumerate(phrases):
        noun = phrase.noun
        if noun is None:
            continue
        if noun.border and not noun.is_border and noun.role in {"site", "force"}:
            draft = scene.discourse.of(phrase)
            if draft is not None and presupposed(scene.sentence, phrase):
                found = border_found(scene, draft, phrase, at, at)
                if found is not None:
                    yield found
        elif noun.is_border and noun.border and not _measured(phrases, at):
            subject = _subject(scene, at)
            if subject is None:
                continue
            who = scene.referent(phrases[subject])
            if who is not None and who.role in {"site", "force", "person"}:
                found = border_found(scene, who, phrases[subject], at, subject)
                if found is not None:
                    yield found


def _measured(phrases: tuple[Phrase, ...], at: int) -> bool:
    """Whether a distance follows: then separation.py makes the claim."""
    return at + 1 < len(phrases) and phrases[at + 1].kind == "qty"


def _subject(scene: Scene, border: int) -> int | None:
    """Who is on the border at phrase ``border``, by the verb before it."""
    phrases = scene.sentence.phrases
    index = border - 1
    prepositions: list[str] = []
    while index >= 0 and phrases[index].kind in {"prep", "adv", "neg", "hedge"}:
        if phrases[index].kind == "prep":
            prepositions.append(phrases[index].text)
        index -= 1
    if index < 0:
        return None
    phrase = phrases[index]
    # "made an appearance on the border"
    if phrase.noun is not None and phrase.noun.head == "appearance" and index:
        index -= 1
        phrase = phrases[index]
        return subject_of(phrases, index) if phrase.base == "make" else None
    if phrase.kind not in {"verb", "aux"} or infinitive(phrases, index):
        return None
    at_it = bool(prepositions) and prepositions[0] in _ON
    reaches = phrase.base in verbs.REACH_VERBS
    if reaches and (phrase.base == "reach" or "to" in prepositions[:1] or at_it):
        return subject_of(phrases, index)
    lies = phrase.base in verbs.POSITION_VERBS | verbs.STAY_VERBS | verbs.COME_VERBS
    seen = phrase.base in verbs.SIGHT_VERBS
    is_there = phrase.kind == "aux" and phrase.text in lexicon.BE
    # "was attacked near the border"
    hit = phrase.kind == "verb" and index > 0 and phrases[index - 1].text in lexicon.BE
    if at_it and (lies or seen or is_there or hit):
        return subject_of(phrases, index)
    return None


def border_found(
    scene: Scene, subject: Draft, words: Phrase, border: int, first: int
) -> Found | None:
    """The claim that ``subject`` lies on the border spoken of in phrase ``border``."""
    phrases = scene.sentence.phrases
    phrase = phrases[border]
    noun = phrase.noun
    if noun is None:
        return None
    # A description ("the base on the border") presupposes; only a predicate can be denied.
    anchor = phrase.first
    if border != first:
        stands = stance(scene.sentence, phrases[first].first, anchor)
    else:
        stands = granted(scene.sentence, anchor)
    if stands is None:
        return None
    builder = _builder(scene, first) if border == first and subject.role == "site" else None
    between = complete(noun.border, subject, scene.discourse, builder)
    if subject.role != "person" and set(between) >= set(subject.border):
        subject.root().border = between
    moves = subject.role in {"force", "person"}
    return Found(
        kind="border",
        span=(min(words.start, phrase.start), max(words.end, phrase.end)),
        sentence=scene.sentence,
        ends=(subject,),
        places=(scene.written(words),),
        between=between,
        polarity=stands.polarity,
        modality=stands.modality,
        date=date_in(phrases, border) if moves and border != first else None,
    )


def _builder(scene: Scene, at: int) -> Draft | None:
    """Who set it up: "the Israeli army set up a post on the Lebanese border"."""
    phrases = scene.sentence.phrases
    verb = at - 1
    while verb >= 0 and phrases[verb].of("prep", "up"):
        verb -= 1
    if verb < 1 or phrases[verb].base not in {"set", "build", "establish", "erect", "open"}:
        return None
    subject = subject_of(phrases, verb)
    return scene.referent(phrases[subject]) if subject is not None else None


def complete(
    sides: tuple[str, ...], subject: Draft, discourse: Discourse, builder: Draft | None = None
) -> tuple[str, ...]:
    """Both sides of a border, the subject's own country first where it is one of them."""
    own = [owner.country for owner in subject.owners.values() if owner.country]
    if not own and builder is not None:
        own = [owner.country for owner in builder.owners.values() if owner.country]
    if len(sides) == 1:
        other = [code for code in own if code not in sides]
        paired = [set(pair) - set(sides) for pair in discourse.pairs if sides[0] in pair]
        if len(other) == 1:
            sides = (other[0], sides[0])
        elif len(paired) == 1:
            sides = (*paired[0], sides[0])
    return tuple(sorted(sides, key=lambda code: code not in own))
