"""What happened on which day: "rebels captured the town on 4 March", "the base was set up in May".

A dated event is a clause with an event verb (``events.py``) and a date that can be placed, of which
no located claim carries the date already. The event is told in the clause's own words without the
date. Speech, votes and what is still to come are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from osint.claims import DateInterval
from osint.extract import lexicon, verbs
from osint.extract.clause import infinitive, subject_of
from osint.extract.dated_verb import HOURS, PHASES, says_when, verb_of
from osint.extract.events import (
    EVENT_NOUNS,
    PLAIN_EVENTS,
    WIDE_EVENTS,
    is_agent,
    is_immaterial,
)
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import stance, unreal

_LEADS = lexicon.words("on of in during at early late around over")
_GROUP = frozenset({"aux", "adv", "neg", "hedge", "verb", "reflexive"})
_DONE = frozenset({"complete", "finish"})
_ABOUT_EVENTS = lexicon.words("happen occur take")
# These tell of the ground only where a place is lost, gained or held.
_OF_PLACES = lexicon.words("lose gain control secure find join run spread raise lower link")
_UNSAID = lexicon.words(
    "may might could have has had reportedly allegedly supposedly apparently probably presumably"
)
_GOING = frozenset({"leave", "go", "come"})
_PORTIONS = lexicon.words("part most half rest remainder remains majority third quarter bulk")
_OF_PEOPLE = lexicon.words("kill wound injure maim behead execute")
# What verbs of no event of their own tell together with their object.
_IDIOMS = frozenset(
    {("catch", "fire"), ("run", "aground"), ("go", "aground"), ("change", "hands"), ("give", "way")}
    | {("cease", "operations"), ("cease", "fire"), ("burst", "its banks"), ("make", "landfall")}
    | {("burst", "banks"), ("come", "ashore"), ("run", "dry"), ("go", "dark"), ("go", "offline")}
    | {("begin", "operating"), ("begin", "operations"), ("take", "shelter"), ("dry", "up")}
    | {("resume", "operations"), ("start", "operations"), ("begin", "work"), ("resume", "work")}
    | {("put", "up"), ("put", "out"), ("set", "ablaze")}
    | {("bring", "down"), ("take", "down"), ("tear", "down"), ("pull", "down"), ("go", "up")}
    | {("start", "work"), ("stop", "work"), ("halt", "work"), ("go", "into service")}
)
_SERVICES = frozenset(
    {"flight", "service", "traffic", "train", "production", "pumping", "supply", "delivery"}
    | {"ferry", "loading", "crossing", "logging", "mining", "drilling", "export", "shipment"}
)
_ALL = frozenset({"everything", "everyone", "everybody"})
_SUPPLIES = frozenset({"power", "electricity", "water", "gas", "supply", "service", "heating"})
_SUPPLYING = frozenset({"cut", "restore", "return", "cut-off", "lose", "disconnect", "shut"})
_POLITICAL = frozenset({"government", "coalition", "alliance", "regime"})
_CONTROL = frozenset({"control", "possession", "siege", "assault", "attack", "raid", "offensive"})
_HELD = {
    "gain": _CONTROL, "lose": _CONTROL, "wrest": _CONTROL, "seize": _CONTROL, "take": _CONTROL,
    "regain": _CONTROL, "mount": _CONTROL, "launch": _CONTROL, "lift": _CONTROL,
    "break": _CONTROL, "lay": _CONTROL, "begin": _CONTROL, "start": _CONTROL,
    "raise": frozenset({"flag", "flags"}), "hoist": frozenset({"flag", "flags"}),
    "drop": frozenset({"bombs", "bomb", "leaflets", "barrels"}),
    "deliver": frozenset({"blow"}),
}  # fmt: skip
_STOPS = frozenset({";", ":", ".", "!", "?", "(", ")", '"', "“", "”", "–", "—", "--"})


def dated(scene: Scene, located: Sequence[Found]) -> Iterator[Found]:
    """Every dated event of the sentence.

    Args:
        scene: the sentence.
        located: its located claims; a date that one of them carries is spoken for.
    """
    phrases = scene.sentence.phrases
    if phrases and phrases[-1].text == "?":
        return
    taken: dict[int, int] = {}
    for at, phrase in enumerate(phrases):
        if phrase.kind != "date" or phrase.date is None or not says_when(phrases, at):
            continue
        verb = verb_of(phrases, at)
        if verb is None:
            yield from _there_was(scene, at, phrase.date)
        if verb is None or (verb in taken and not _again(phrases, taken[verb], at)):
            continue
        if verb == 0 and scene.sentence.caption and phrases[0].text.endswith("ing"):
            # "Striking miners at the shaft, 15 August 2012"
            continue
        found = _event(scene, verb, at, phrase.date, located)
        if found is not None:
            taken[verb] = at
            yield found


def _there_was(scene: Scene, date: int, when: DateInterval) -> Iterator[Found]:
    """As in "There was an explosion at the depot on 3 May": an event without a verb of its own."""
    phrases = scene.sentence.phrases
    at = next((n for n, phrase in enumerate(phrases) if phrase.text == "there"), None)
    if at is None or at + 2 >= date or phrases[at + 1].text not in {"was", "were"}:
        return
    told = phrases[at + 2 : date]
    noun = told[0].noun
    if (
        noun is None
        or noun.head not in EVENT_NOUNS
        or any(p.kind != "prep" and p.noun is None for p in told)
    ):
        return
    stands = stance(scene.sentence, phrases[at].first, told[0].first)
    if stands is None:
        return
    last = len(told) - (1 if told[-1].kind == "prep" else 0)
    what = " ".join(scene.written(phrase) for phrase in told[:last])
    what = what[len(noun.determiner) :].strip() if noun.determiner else what
    yield Found(
        kind="dated", span=(phrases[at].start, phrases[date].end), sentence=scene.sentence,
        ends=(), places=(what,), polarity=stands.polarity, modality=stands.modality, date=when,
        what=what,
    )  # fmt: skip


def _again(phrases: Sequence[Phrase], earlier: int, date: int) -> bool:
    """As in "was bombed on 16 August 2014 and again in March 2015"."""
    between = phrases[earlier + 1 : date]
    joined = any(phrase.of("conj", "and") for phrase in between)
    return joined and all(phrase.kind in {"conj", "adv", "prep", "punct"} for phrase in between)


def _event(
    scene: Scene, verb: int, date: int, when: DateInterval, located: Sequence[Found]
) -> Found | None:
    phrases = scene.sentence.phrases
    subject = subject_of(phrases, verb)
    if subject is None or infinitive(phrases, verb) or phrases[subject].kind == "date":
        return None
    is_one = subject > 1 and phrases[subject - 1].text in {"is", "was"} and subject < verb
    named = phrases[subject - 2].noun if is_one else None
    if named is not None and named.named and phrases[subject + 1].kind == "rel":
        # "Ras Ajdir is a crossing that closed in March"
        subject -= 2
    told = phrases[subject]
    stop = _clause_end(phrases, verb, date)
    if not _happens(scene, subject, verb, stop):
        return None
    span = (
        min(told.start, phrases[verb].start, phrases[date].start),
        max(phrases[stop - 1].end, phrases[date].end),
    )
    if any(other.date == when and _overlap(other.span, span) for other in located):
        return None
    stands = stance(scene.sentence, told.first, phrases[verb].first)
    if stands is None:
        return None
    if date > 1 and phrases[0].of("pron", "it") and date < subject:
        # "It may have been on 19 May that ..."
        cleft = stance(scene.sentence, 0, phrases[date].first)
        if cleft is None or "denied" in {cleft.polarity, stands.polarity}:
            return None
        stands = cleft if stands.modality == "stated" else stands
    begin = verb
    while begin and phrases[begin - 1].kind in _GROUP and begin - 1 > subject:
        begin -= 1
    words = _words(scene, phrases, subject, begin, stop)
    who = scene.referent(told)
    return Found(
        kind="dated", span=span, sentence=scene.sentence, ends=(who,) if who is not None else (),
        places=(scene.written(told),), polarity=stands.polarity, modality=stands.modality,
        date=when, what=words,
    )  # fmt: skip


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _happens(scene: Scene, subject: int, verb: int, stop: int) -> bool:
    """Whether the clause tells of a change on the ground."""
    phrases = scene.sentence.phrases
    base, told = phrases[verb].base, phrases[subject]
    noun = told.noun
    if noun is not None and unreal(noun.words):
        return False
    if base not in PLAIN_EVENTS | WIDE_EVENTS and (base, _said(phrases, verb + 1)) not in _IDIOMS:
        return False
    headed = phrases[0].kind == "date" and phrases[1].text in {":", "–", "—"}
    if _present(phrases, verb) and not headed:
        # "28 April: troops enter X" is told as of a diary.
        return False
    if base in _OF_PEOPLE and any(
        piece.kind == "aux" and piece.text in lexicon.BE for piece in phrases[subject + 1 : verb]
    ):
        # "He was killed in Homs" is of a person, not of the place.
        return False
    if noun is not None and noun.head in _POLITICAL and base in {"fall", "collapse", "break"}:
        return False
    rest = phrases[verb + 1 : stop]
    if base in _GOING and told.of("pron", "he", "she"):
        return False
    if base == "leave" and _said(phrases, verb + 1) == "office":
        return False
    if base in _GOING and noun is not None and noun.named and noun.role in {"person", "unknown"}:
        # "Volkov left a day later": of somebody rather than of the ground.
        return False
    made = rest[0].noun if rest else None
    if _idiom(base, rest):
        return noun is None or noun.role != "person" or not noun.named
    if base in _DONE and told.of("pron", "it", "they"):
        return True
    if base in _DONE and any(it is not None and it.role == "site" for it in (noun, made)):
        # "The dam, completed in 1974", "engineers finished the bridge"
        return True
    if base in PHASES:
        head = noun.head or lexicon.singular(noun.words.lower()) if noun is not None else ""
        works = head in EVENT_NOUNS | _SERVICES
        does = next((p for p in rest if p.kind in {"verb", "np"}), None)
        acts = does is not None and (
            (does.kind == "verb" and does.base in PLAIN_EVENTS | WIDE_EVENTS)
            or (does.noun is not None and does.noun.head in EVENT_NOUNS)
        )
        return works or acts
    if base in _ABOUT_EVENTS and base != "take":
        return noun is not None and noun.head in EVENT_NOUNS
    if noun is not None:
        if noun.head in _SUPPLIES and base in _SUPPLYING:
            return True
        if noun.head in _ALL:
            return base in PLAIN_EVENTS
        part = noun.head in _PORTIONS and " of " in told.text
        if noun.role == "unknown" and not noun.named and is_immaterial(noun.head) and not part:
            return False
        agent = is_agent(noun.head, kind=noun.kind, role=noun.role, named=noun.named)
        if base not in PLAIN_EVENTS and not agent and not part and not _by_agent(rest):
            return False
    taken = rest[0] if rest else None
    if base in _OF_PLACES and not (taken and taken.noun and taken.noun.is_place):
        return False
    if taken is not None and taken.text == "place":
        return noun is not None and noun.head in EVENT_NOUNS
    portion = len(rest) > 1 and rest[1].of("prep", "of")
    if taken is not None and taken.of("prep", "by", "with", "without", "despite", "amid"):
        return True
    return not any(
        piece.noun is not None
        and not (portion and piece.noun.head in _PORTIONS)
        and piece.text.rpartition(" ")[2] not in HOURS
        and piece.noun.role == "unknown"
        and not piece.noun.named
        and is_immaterial(piece.noun.head)
        for piece in rest[:2]
    )


def _said(phrases: Sequence[Phrase], at: int) -> str:
    return phrases[at].text.rpartition(" ")[2] if at < len(phrases) else ""


def _idiom(base: str, rest: Sequence[Phrase]) -> bool:
    """As in "caught fire", "ran aground", "changed hands", "lost control of the town"."""
    if not rest:
        return False
    told = rest[0].text.rpartition(" ")[2]
    if (base, told) in _IDIOMS:
        return True
    words = [word for word in rest[0].text.split(" ")[:3] if word in _HELD.get(base, ())]
    if words and " of " in rest[0].text:
        return True
    held = rest[2].noun if len(rest) > 2 and rest[1].of("prep", "of", "on", "over", "to") else None
    place = held is not None and (held.is_place or held.named or held.role != "unknown")
    return told in _HELD.get(base, ()) and place


def _by_agent(rest: Sequence[Phrase]) -> bool:
    """Whether what did it is told: "was hit by an air strike"."""
    for one, two in pairwise(rest):
        noun = two.noun
        if one.of("prep", "by") and noun is not None:
            return is_agent(noun.head, kind=noun.kind, role=noun.role, named=noun.named)
    return False


def _present(phrases: Sequence[Phrase], verb: int) -> bool:
    """Whether the verb tells of what is usual or to come: "the shop opens on Mondays"."""
    phrase = phrases[verb]
    if phrase.text in verbs.INVARIABLE:
        return False
    if verb and phrases[verb - 1].text == "to":
        # "managed to capture"
        return False
    did = any(piece.kind == "aux" for piece in phrases[max(verb - 3, 0) : verb])
    return phrase.text in {phrase.base, f"{phrase.base}s", f"{phrase.base}es"} and not did


def _clause_end(phrases: Sequence[Phrase], verb: int, date: int) -> int:
    """One past the last phrase of the clause."""
    index = verb + 1
    while index < len(phrases):
        phrase = phrases[index]
        if (
            phrase.text in {"after", "before"}
            and index < date
            and not any(ahead.kind in {"verb", "aux"} for ahead in phrases[index:date])
        ):
            # "crashed shortly after take-off from X on 3 May"
            index += 1
            continue
        if phrase.text in _STOPS or phrase.kind in {"sub", "rel"}:
            return index
        if (
            phrases[index - 1].kind == "date"
            and phrase.kind in {"verb", "aux"}
            and index > verb + 1
        ):
            # "The pier that was built in 2010 collapsed"
            return index
        if phrase.text == ",":
            following = phrases[index + 1] if index + 1 < len(phrases) else None
            if index > date or following is None or following.kind not in {"date", "prep"}:
                return index
        if phrase.kind == "conj":
            done_by = index + 2 < len(phrases) and phrases[index + 2].text == "by"
            if (
                index > date
                and not done_by
                and phrases[index + 1 : index + 2]
                and (phrases[index + 1].kind == "verb")
            ):
                return index
            ahead = [p.kind for p in phrases[index + 1 : index + 4]]
            if phrase.text == "and" and _done_too(phrases, verb, index + 1):
                index += 1
                continue
            if phrase.text != "and" or "verb" in ahead or "aux" in ahead:
                return index
        index += 1
    return index


def _done_too(phrases: Sequence[Phrase], verb: int, second: int) -> bool:
    """As in "was shelled and abandoned by its garrison": one more participle, with no date."""
    if second >= len(phrases) or phrases[second].kind != "verb":
        return False
    passive = verb and any(
        piece.kind == "aux" and piece.text in lexicon.BE for piece in phrases[verb - 2 : verb]
    )
    if not passive or not phrases[second].text.endswith(("ed", "en", "t")):
        return False
    for phrase in phrases[second + 1 :]:
        if phrase.kind == "date":
            return False
        if phrase.kind in {"verb", "aux", "rel", "sub", "punct"}:
            break
    return phrases[second].base in PLAIN_EVENTS | WIDE_EVENTS


def _named(scene: Scene, phrase: Phrase) -> str:
    """A phrase as written; for a pronoun the name or the words of what it stands for."""
    if phrase.kind != "pron":
        return scene.written(phrase)
    meant = scene.referent(phrase, site=phrase.text == "it")
    if meant is None:
        return scene.written(phrase)
    return meant.root().proper or meant.root().names[0]


def _words(scene: Scene, phrases: Sequence[Phrase], subject: int, begin: int, stop: int) -> str:
    """The clause without its date, and without a determiner at its start."""
    told = phrases[subject]
    head = _named(scene, told)
    if told.noun is not None and told.noun.determiner:
        head = head[len(told.noun.determiner) :].strip() or head
    pieces = [head]
    if subject > begin:
        # "Evacuated on 3 May, the town ..."
        subject = begin - 1
    between = {phrase.kind for phrase in phrases[subject + 1 : begin]}
    if begin > subject and between <= {"prep", "np", "qty", "dir", "date", "adv"}:
        # "villagers inside the zone were moved"
        begin = subject + 1
    for index in range(max(begin, subject + 1), stop):
        phrase = phrases[index]
        following = phrases[index + 1] if index + 1 < stop else None
        leads = following is not None and following.kind == "date"
        if leads and phrase.text == "of" and pieces[-1].rpartition(" ")[2].lower() in HOURS:
            # "on the night of 3 March"
            pieces = pieces[: -2 if len(pieces) > 2 else -1]
        if phrase.kind == "hedge" or phrase.text in _UNSAID:
            # "may have attacked", "reportedly attacked"
            continue
        if phrase.kind == "date" or (leads and (phrase.text in _LEADS or phrase.kind == "adv")):
            continue
        if phrase.text == ",":
            continue
        pieces.append(_named(scene, phrase))
    return " ".join(" ".join(pieces).split())
