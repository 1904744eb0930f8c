"""Who or what is where: in prose.

Three shapes only, as prose is full of "in": a thing at a named place ("its base at al-Tanf"), a
person or force with a verb of presence ("was seen in", "arrived at", "is stationed near"), and a
visit in either voice. Captions have their own rule in ``captions.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

from osint.extract import lexicon, verbs
from osint.extract.clause import date_in, infinitive, subject_of
from osint.extract.entities import Draft
from osint.extract.holder import SETTING_UP
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import granted, presupposed, stance

_VAGUE = frozenset({"a", "an", "another", "any", ""})
_STILL = lexicon.words(
    "still now also currently already reportedly then back allegedly supposedly purportedly "
    "apparently today again"
)
_MOORED = frozenset({"anchor", "moor", "dock", "park", "camp", "encamp", "garrison", "billet"})
_BIDING = frozenset({"wait", "shelter", "live", "stay", "camp", "park", "queue"})
_STAYING = lexicon.words("remain stay wait camp live linger reside lodge shelter")
_KEPT = lexicon.words(
    "strand trap quarter house accommodate billet barrack berth hold imprison jail detain intern "
    "lodge confine hospitalise hide entrench"
)
_TENDED = lexicon.words("treat train feed screen register vaccinate question")
_MISSILES = lexicon.words("round shell rocket missile bomb mortar projectile grenade debris")
_SITED = lexicon.words(
    "stand lie locate situate base station deploy install position park mount erect house site"
)
_SEEING = frozenset({"see", "spot", "photograph", "film", "sight", "find", "observe", "notice"})
_SHOWING = frozenset({"show", "reveal", "depict", "capture"})
_PICTURES = lexicon.words(
    "image picture photo photograph photographs frame video footage imagery clip film still pass"
)
_AT = ("at", "in", "near", "outside", "inside")


def located(scene: Scene) -> Iterator[Found]:
    """Every located claim the sentence states in prose."""
    phrases = scene.sentence.phrases
    for at, phrase in enumerate(phrases):
        if phrase.noun is not None:
            for thing in (*phrase.inner, phrase):
                seen = scene.sentence.caption
                plans = thing is phrase and _planned(phrases, at)
                if thing.noun is not None and thing.noun.at_place and not seen and not plans:
                    yield from _facility(scene, thing)
        if phrase.kind in {"verb", "aux"}:
            found = _visit(scene, at) if phrase.base in verbs.VISIT_VERBS else None
            found = found or _there(scene, at) or _saw(scene, at) or _sited(scene, at)
            found = found or _presence(scene, at) or _shown(scene, at) or _seen_there(scene, at)
            if found is not None:
                yield found


def _planned(phrases: tuple[Phrase, ...], at: int) -> bool:
    """As in "intends to set up a base at X": it is not there yet."""
    noun = phrases[at].noun
    verb = at - 2 if at > 1 and phrases[at - 1].of("prep", "up") else at - 1
    new = noun is not None and noun.determiner in {"a", "an", ""} and verb > 0
    return new and phrases[verb].base in SETTING_UP and infinitive(phrases, verb)


def _facility(scene: Scene, phrase: Phrase) -> Iterator[Found]:
    place = scene.discourse.of(phrase)
    if place is None or phrase.noun is None or place.proper is None:
        return
    stands = granted(scene.sentence, phrase.first)
    if stands is None or not presupposed(scene.sentence, phrase):
        return
    thing = scene.discourse.facility(phrase.noun, place, phrase, scene.number)
    yield Found(
        kind="located",
        span=(phrase.start, phrase.end),
        sentence=scene.sentence,
        ends=(thing, place),
        places=(thing.names[0], phrase.noun.proper or ""),
        modality=stands.modality,
    )


def _there(scene: Scene, verb: int) -> Found | None:
    """As in "there are (no) foreign soldiers at X"."""
    phrases = scene.sentence.phrases
    if not verb or phrases[verb - 1].text != "there" or phrases[verb].text not in lexicon.BE:
        return None
    who = verb + 1
    while who < len(phrases) and phrases[who].kind in {"neg", "adv", "hedge"}:
        who += 1
    if who + 2 >= len(phrases) or not phrases[who + 1].of("prep", *_AT):
        return None
    noun, place = phrases[who].noun, phrases[who + 2].noun
    if noun is None or noun.role not in {"force", "person"} or noun.abstract:
        return None
    return _claim(scene, who, who + 2, verb) if place is not None and place.named else None


def _saw(scene: Scene, verb: int) -> Found | None:
    """As in "witnesses saw two lorries at X": who or what was seen there."""
    phrases = scene.sentence.phrases
    if verb + 3 >= len(phrases) or phrases[verb].base not in _SEEING or verb == 0:
        return None
    if phrases[verb].kind != "verb" or phrases[verb].text.endswith("ing"):
        return None
    if phrases[verb - 1].kind == "aux" and phrases[verb - 1].text in lexicon.BE:
        return None
    if infinitive(phrases, verb) or not phrases[verb + 2].of("prep", *_AT):
        return None
    thing, place = phrases[verb + 1].noun, phrases[verb + 3].noun
    if thing is None or place is None or thing.role not in {"force", "person"}:
        return None
    settled = place.named and place.role in {"unknown", "site"}
    seer = subject_of(phrases, verb)
    return _claim(scene, verb + 1, verb + 3, verb) if settled and seer is not None else None


def _sited(scene: Scene, verb: int) -> Found | None:
    """As in "the reception centre is at X"."""
    phrases = scene.sentence.phrases
    at = verb + 1
    while at < len(phrases) and phrases[at].kind in {"adv", "hedge", "neg"}:
        at += 1
    be = phrases[verb].kind == "aux" and phrases[verb].text in {"is", "are", "was", "were"}
    placed = be or phrases[verb].base in _SITED
    if not placed or at + 1 >= len(phrases) or not phrases[at].of("prep", "at"):
        return None
    place = phrases[at + 1].noun
    if place is None or not place.named or place.role not in {"unknown", "site"}:
        return None
    who = subject_of(phrases, verb)
    thing = phrases[who].noun if who is not None else None
    if who is None or thing is None or thing.role != "site" or thing.named or thing.is_border:
        return None
    if infinitive(phrases, verb) or (thing.plural and not thing.definite):
        return None
    return _claim(scene, who, at + 1, verb, fixed=True)


def _visit(scene: Scene, verb: int) -> Found | None:
    phrases = scene.sentence.phrases
    after = verb + 1
    while after < len(phrases) and phrases[after].kind == "adv":
        after += 1
    if after >= len(phrases):
        return None
    if phrases[after].of("prep", "by") and after + 1 < len(phrases):
        place = subject_of(phrases, verb)
        return _claim(scene, after + 1, place, verb) if place is not None else None
    previous = phrases[verb - 1] if verb else None
    if previous is not None and previous.kind == "aux" and previous.text in lexicon.BE:
        return None
    if infinitive(phrases, verb):
        return None
    who = subject_of(phrases, verb)
    if after + 2 < len(phrases) and phrases[after + 1].of("prep", *_AT):
        # "visited troops at the base", "visited Gregg at the hospital"
        seen, at_place = phrases[after].noun, phrases[after + 2].noun
        people = seen is not None and seen.role in {"force", "person"}
        perhaps = seen is not None and seen.role == "unknown"
        if people or (perhaps and at_place is not None and at_place.role == "site"):
            after += 2
    return _claim(scene, who, after, verb) if who is not None else None


def _presence(scene: Scene, verb: int) -> Found | None:
    phrases = scene.sentence.phrases
    phrase = phrases[verb]
    after = verb + 1
    while after < len(phrases) and phrases[after].kind in {"adv", "neg", "hedge"}:
        if phrase.kind == "aux" and phrases[after].of("adv") and phrases[after].text not in _STILL:
            return None
        after += 1
    if phrase.base == "make" and after < len(phrases):
        noun = phrases[after].noun
        if noun is None or noun.head != "appearance":
            return None
        after += 1
    elif not _shows_presence(phrases, verb):
        return None
    while after < len(phrases) and (phrases[after].kind == "date" or phrases[after].text == ","):
        after += 1
    aside = phrases[after - 1 : after + 2]
    if len(aside) == 3 and aside[1].text.endswith("ing") and aside[0].text == aside[2].text == ",":
        # "was photographed, smiling, in X"
        after += 2
    been = phrase.text == "been" and after < len(phrases) and phrases[after].of("prep", "to")
    after = _nearest(phrases, after)
    spots = (*_AT, "over", "off") if phrase.base in verbs.SIGHT_VERBS else _AT
    if after + 1 >= len(phrases) or not (been or phrases[after].of("prep", *spots)):
        return None
    if infinitive(phrases, verb):
        return None
    who = subject_of(phrases, verb)
    if who is None:
        return None
    never = any(piece.text == "never" for piece in phrases[verb:after])
    if phrase.kind == "aux" and not never and not _moves(scene, phrases[who]):
        return None
    return _claim(scene, who, after + 1, verb)


def _shows_presence(phrases: tuple[Phrase, ...], verb: int) -> bool:
    phrase = phrases[verb]
    passive = any(
        piece.kind == "aux" and piece.text in lexicon.BE
        for piece in phrases[max(verb - 3, 0) : verb]
    )
    if phrase.kind == "aux":
        return phrase.text in lexicon.BE
    if phrase.base in verbs.SIGHT_VERBS | verbs.STAY_VERBS:
        before = phrases[verb - 1] if verb else None
        reduced = before is not None and before.noun is not None and before.noun.role == "force"
        return passive or (reduced and phrase.text.endswith("ed"))
    if phrase.base in _BIDING and passive and phrase.text.endswith("ing"):
        return True
    if phrase.base in _STAYING and not passive:
        return True
    if phrase.base in {"stand", "sit", "lie"} and not passive:
        # "A train stood at X station"; what is no force or person is refused later.
        return verb + 1 < len(phrases) and phrases[verb + 1].of("prep", "at")
    if phrase.base in _TENDED and phrases[verb - 1].text == "being":
        return True
    if passive and phrase.base in _KEPT:
        return phrase.text.endswith(("ed", "d")) or phrase.text == "held"
    return phrase.base in verbs.COME_VERBS or (passive and phrase.base in _MOORED)


def _nearest(phrases: tuple[Phrase, ...], after: int) -> int:
    """Past a border to the place named behind it: "near the border at X"."""
    if after + 3 < len(phrases) and phrases[after].of("prep", "on", "along", "by"):
        # "on the motorway near X"
        road, place = phrases[after + 1].noun, phrases[after + 3].noun
        named = place is not None and place.named and place.role in {"site", "unknown"}
        nearer = phrases[after + 2].of("prep", *_AT)
        if road is not None and not road.is_border and named and nearer:
            return after + 2
    if after + 3 < len(phrases) and phrases[after].kind == "prep":
        border, place = phrases[after + 1].noun, phrases[after + 3].noun
        named = place is not None and place.named and place.role in {"site", "unknown"}
        if border is not None and border.is_border and phrases[after + 2].of("prep", *_AT):
            return after + 2 if named else after
    return after


def _shown(scene: Scene, verb: int) -> Found | None:
    """As in "the frame from May shows revetments at X": what a picture shows, and where."""
    phrases = scene.sentence.phrases
    if phrases[verb].base not in _SHOWING or verb + 3 >= len(phrases):
        return None
    thing, place = phrases[verb + 1].noun, phrases[verb + 3].noun
    if thing is None or place is None or not phrases[verb + 2].of("prep", *_AT):
        return None
    settled = place.named and place.role in {"unknown", "site"}
    if thing.abstract or thing.named or not settled or infinitive(phrases, verb):
        return None
    by = subject_of(phrases, verb)
    picture = phrases[by].noun if by is not None else None
    if picture is None or lexicon.singular(picture.head or "") not in _PICTURES:
        return None
    subject, where = scene.referent(phrases[verb + 1]), scene.referent(phrases[verb + 3], site=True)
    stands = stance(scene.sentence, phrases[verb].first, phrases[verb + 1].first)
    if subject is None or where is None or stands is None or stands.polarity == "denied":
        return None
    return Found(
        kind="located",
        span=(phrases[verb + 1].start, phrases[verb + 3].end),
        sentence=scene.sentence,
        ends=(subject, where),
        places=(scene.written(phrases[verb + 1]), scene.written(phrases[verb + 3])),
        modality=stands.modality,
        date=date_in(phrases, verb),
    )


def _seen_there(scene: Scene, verb: int) -> Found | None:
    """As in "At X, a helicopter was seen on 4 July": the place said first."""
    phrases = scene.sentence.phrases
    if verb < 4 or not phrases[0].of("prep", *_AT) or phrases[2].text != ",":
        return None
    place = phrases[1].noun
    named = place is not None and place.named and place.role in {"unknown", "site"}
    if not named or phrases[verb].base not in verbs.SIGHT_VERBS:
        return None
    if not _shows_presence(phrases, verb) or any(p.kind == "rel" for p in phrases[:verb]):
        return None
    if verb + 1 < len(phrases) and phrases[verb + 1].of("prep", *_AT):
        return None
    who = subject_of(phrases, verb)
    return _claim(scene, who, 1, verb) if who is not None and who > 2 else None


def _moves(scene: Scene, phrase: Phrase) -> bool:
    draft = scene.referent(phrase)
    return draft is not None and draft.role in {"person", "force"}


def _claim(scene: Scene, who: int, where: int, verb: int, *, fixed: bool = False) -> Found | None:
    phrases = scene.sentence.phrases
    place_phrase, who_phrase = phrases[where], phrases[who]
    place = _place(scene, place_phrase)
    subject = scene.referent(who_phrase, site=True) if fixed else _subject(scene, who_phrase)
    noun = place_phrase.noun
    loose = noun is not None and not noun.named
    visited = phrases[verb].base in verbs.VISIT_VERBS
    vague = noun is not None and noun.determiner in _VAGUE
    vague = vague and noun is not None and noun.town is None
    told = who_phrase.noun
    if told is not None and _last(told) in _MISSILES:
        return None
    if loose and (phrases[verb].kind == "aux" or vague):
        return None
    if place is None or subject is None or place is subject:
        return None
    if loose and noun is not None and (noun.words == noun.head or visited):
        # "The clinic" is no place anybody could look up, unless more is known of it.
        known = place.proper or place.border or place.area or place.owners
        if not known:
            return None
    # "Was reportedly in": what qualifies the verb may stand behind it.
    after = verb + 1
    while after < len(phrases) and phrases[after].kind in {"adv", "neg", "hedge"}:
        after += 1
    qualified = phrases[after - 1].stop if after > verb + 1 else phrases[verb].first
    stands = stance(scene.sentence, min(who_phrase.first, place_phrase.first), qualified)
    later = max(phrases[verb].stop, place_phrase.first)
    denied = any(
        token.lower in lexicon.NEGATIONS
        for token in scene.sentence.tokens[phrases[verb].first : later]
    )
    if stands is None:
        return None
    return Found(
        kind="located",
        span=(min(who_phrase.start, place_phrase.start), max(who_phrase.end, place_phrase.end)),
        sentence=scene.sentence,
        ends=(subject, place),
        places=(scene.written(who_phrase), scene.written(place_phrase)),
        polarity="denied" if denied else stands.polarity,
        modality=stands.modality,
        date=date_in(phrases, verb),
    )


def _last(noun: Noun) -> str:
    """The last word, singular: "round" of "Mortar rounds"."""
    return lexicon.singular(noun.words.lower().rsplit(" ", 1)[-1])


def _place(scene: Scene, phrase: Phrase) -> Draft | None:
    """The place, if the words name or describe one; not the people who are visited."""
    noun = phrase.noun
    if noun is not None and noun.town is not None and not noun.named:
        # "the field hospital in Bosra"
        return scene.discourse.at(noun.town)
    draft = scene.referent(phrase, site=True)
    if draft is None:
        return None
    if phrase.noun is None:
        return draft if draft.role == "site" or draft.proper else None
    return draft if phrase.noun.is_place and not phrase.noun.is_border else None


def _subject(scene: Scene, phrase: Phrase) -> Draft | None:
    draft = scene.referent(phrase)
    if draft is None or draft.role in {"site", "area"}:
        return None
    return draft if draft.role in {"person", "force"} or draft.proper else None
