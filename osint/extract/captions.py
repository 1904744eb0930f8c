"""Who or what is where, in the captions of photographs.

A caption says what is seen, where and when: "Americans at al-Zaqaf, June 11", "Kherson, 11 November
2022: residents greet soldiers", "Damage at a market in Ariha after the strike". The place is the
last one named before the date; what stands before it is the subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from osint.claims import DateInterval, Span
from osint.extract import lexicon, verbs
from osint.extract.areas import is_area
from osint.extract.attach import zonelike
from osint.extract.mention_spans import with_tail
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.polarity import unsaid
from osint.extract.scene import Found, Scene

_AFTERMATH = lexicon.words("after following during before from since as when while amid")


_HEARSAY = lexicon.words("reportedly allegedly purportedly supposedly")
_ABOUT = ("inside", "outside", "over", "above", "atop", "behind", "beside", "alongside", "aboard")
# What a picture without a date shows people and things do; other verbs are those of headlines.
_SCENIC = lexicon.words(
    "gather wait queue stand sit walk pose watch look play rest sleep pray celebrate mourn search "
    "dig carry load unload guard shelter line rise burn cook wave stare peer smoke graze lie hang "
    "board cross wade climb fill collect clear inspect patrol huddle sift drink eat wash sell"
)
_RISING = frozenset({"rise", "billow", "pour", "drift", "belch", "erupt"})
_TOLD = lexicon.words("said reported claimed alleged described")
_MAYBE = frozenset({"possible", "probable", "apparent", "presumed"})
_SAYS = lexicon.words("say says said claims claim reports")
_LABELS = lexicon.words(
    "video watch update breaking exclusive image pictured picture left right top bottom above "
    "below inset middle centre center background foreground caption still screengrab screenshot"
)
_GUESSES = lexicon.words("probably possibly likely apparently perhaps maybe presumably believed")


def captions(scene: Scene) -> Iterator[Found]:
    """The located claim of a caption, if it makes one."""
    if not scene.sentence.caption:
        # With a full stop behind it only a dateline with its date is told from prose.
        found = _dateline(scene) if _dated_line(scene.sentence.flat) else None
    else:
        found = _dateline(scene) or _plain(scene)
    if found is None:
        return
    # A caption shows what is there: one that negates anything is left to the rules for prose.
    words = scene.sentence.words
    last = max(at for at, t in enumerate(scene.sentence.tokens) if t.start < found.span[1])
    lead = _lead_in(scene.sentence.flat)
    opener = _opener(scene.sentence.flat)
    skipped = scene.sentence.flat[opener].first if opener else 0
    told = words[scene.sentence.flat[lead].first : skipped]
    told = told or tuple(w for w in words[: scene.sentence.flat[lead].first] if w in _MAYBE)
    if told[:1] == ("not",):
        found.polarity = "denied"
    elif any(word in _HEARSAY or word in _TOLD for word in told) or _credited(words[last:]):
        found.modality = "reported"
    elif told or _doubt(found.places[0]):
        found.modality = "hedged"
    if not unsaid(words[skipped:], last - skipped):
        yield found


def _dated_line(phrases: Sequence[Phrase]) -> bool:
    """Whether a place and a date and a dash or colon open the sentence."""
    if not phrases or phrases[0].noun is None or not phrases[0].noun.named:
        return False
    sign = next((at for at in range(1, min(len(phrases), 9)) if _parts(phrases, at)), 0)
    return any(phrase.kind == "date" for phrase in phrases[:sign])


def _credited(after: Sequence[str]) -> bool:
    """As in "X at Y, May 2018, according to the uploader", "... (reportedly)", "..., says Z"."""
    if "according" in after or not _HEARSAY.isdisjoint(after):
        return True
    return any(one in {",", "(", "-", "–", "—"} and two in _SAYS for one, two in pairwise(after))


def _lead_in(phrases: Sequence[Phrase]) -> int:
    """Where a caption begins behind hashtags and labels: "#Aleppo: ...", "VIDEO: ..."."""
    at = 0
    while at + 2 < len(phrases) and phrases[at].text == "#" and phrases[at + 1].kind == "np":
        at += 2
        at += phrases[at].text in {":", "-", "–", "—", "|", ","}
    label = phrases[at].text in _LABELS | _MAYBE and at + 2 < len(phrases)
    if label and phrases[at + 1].text in {":", "-", "–", "—", "|"}:
        at += 2
    return at


def _opener(phrases: Sequence[Phrase]) -> int:
    """Where the subject begins, behind what says how the caption is meant.

    "Likely a tank at", "Not Americans at", "What appears to be a tank at".
    """
    lead = at = _lead_in(phrases)
    if phrases[at].text == "what":
        at += 1
        while at < min(lead + 8, len(phrases) - 1) and phrases[at].noun is None:
            at += 1
        return at if phrases[at].noun is not None else lead
    while at < min(lead + 3, len(phrases) - 1) and (
        phrases[at].kind == "hedge" or phrases[at].text in _HEARSAY | _GUESSES | {"not"}
    ):
        at += 1
    return at if phrases[at].noun is not None else lead


def _place_noun(phrase: Phrase) -> Noun | None:
    noun = phrase.noun
    if noun is None or noun.is_border or noun.possessive == "my":
        return None
    # "The Marikana winding tower" is a place of which the grammar knows the name only.
    called = noun.role == "unknown" and noun.words[:1].isupper() and not noun.abstract
    return noun if noun.is_place or (called and bool(noun.determiner)) else None


def _when(phrases: Sequence[Phrase]) -> DateInterval | None:
    dates = [phrase.date for phrase in phrases if phrase.kind == "date" and phrase.date]
    return dates[0] if len(dates) == 1 else None


def _dateline(scene: Scene) -> Found | None:
    """As in "PLACE, DATE: what is seen"."""
    phrases = scene.sentence.flat
    phrases = phrases[_lead_in(phrases) :]
    colon = next((at for at in range(len(phrases)) if _parts(phrases, at)), None)
    if colon is None or not 1 <= colon <= 8 or colon + 1 >= len(phrases):
        return None
    head = phrases[:colon]
    noun = _place_noun(head[0])
    if noun is None or not noun.named:
        return None
    if any(phrase.kind not in {"np", "date", "punct"} for phrase in head):
        return None
    wider = len(head) >= 3 and head[1].text == "," and is_area(head[2].noun)
    if not wider and not any(phrase.kind == "date" for phrase in head):
        return None
    subject = next((phrase for phrase in phrases[colon + 1 :] if phrase.noun is not None), None)
    if subject is None or subject.noun is None or subject.noun.abstract:
        return None
    when = _when(head if any(phrase.kind == "date" for phrase in head) else phrases)
    whole = next((p for p in scene.sentence.phrases if p.start == subject.start), subject)
    if whole.noun is not None and whole.noun.role == "force" and " of " in whole.noun.words:
        # "a patrol of peacekeepers"
        subject = whole
    words = subject.noun.words if subject.noun is not None else ""
    return _found(scene, subject.start, subject.end, words, head[0], when)


def _parts(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the sign ends a dateline: a hyphen does so only behind the date."""
    if phrases[at].text == "-":
        return at > 0 and (phrases[at - 1].kind == "date" or is_area(phrases[at - 1].noun))
    return phrases[at].text in {":", "—", "–", "|"}


def _plain(scene: Scene) -> Found | None:
    """As in "SUBJECT at PLACE, DATE"."""
    phrases = scene.sentence.flat
    limit = next(
        (
            at
            for at, phrase in enumerate(phrases)
            if phrase.kind == "date"
            or (phrase.text == ":" and at > _lead_in(phrases))
            or (
                phrase.text in _AFTERMATH and phrase.kind in {"prep", "sub"} and _apart(phrases, at)
            )
        ),
        len(phrases),
    )
    spots = [
        at
        for at in range(_lead_in(phrases) + 1, limit)
        if _place_noun(phrases[at]) is not None
        and (
            (
                phrases[at - 1].of("prep", *lexicon.PLACE_PREPOSITIONS)
                and _placed(phrases, at)
                and not _told_apart(phrases, at)
            )
            or (phrases[at - 1].of("prep", "from") and phrases[at - 2].base in _RISING)
            or (phrases[at - 1].of("prep", "of") and _seen_of(phrases, at))
        )
    ]
    # "The port of Derna" is named by what belongs to it.
    whole = {phrase.start: phrase for phrase in scene.sentence.phrases}
    named = [at for at in spots if _is_named(whole.get(phrases[at].start, phrases[at]))]
    # "at the Tarsin base in Helmand province": the base is more to the point.
    named = [at for at in named if not is_area(phrases[at].noun)] or named
    spot = (named or spots)[-1] if spots else None
    if spot is not None and spot - 2 in named and phrases[spot - 1].of("prep", "in"):
        # "at the Evin jail in Tehran"
        inner = phrases[spot - 2].noun
        spot = spot - 2 if inner is not None and inner.role == "site" else spot
    when = _when(phrases)
    opener = _opener(phrases)
    subject = phrases[opener].noun
    first = phrases[opener].start
    counted = next((p.noun for p in scene.sentence.phrases if p.start == first), None)
    if subject is not None and subject.abstract and counted is not None:
        subject = counted  # "Dozens of trucks"
    if spot is None or subject is None or subject.abstract or spot <= opener:
        return None
    verb = next(
        (
            at
            for at in range(opener, spot)
            if phrases[at].kind in {"verb", "aux"}
            and phrases[max(at - 1, 0)].text != "("
            and not phrases[max(at - 1, 0)].of("conj")
        ),
        None,
    )
    told = any(phrase.kind == "aux" for phrase in phrases[opener:spot])
    finite = verb is not None and (told or not _participle(phrases, verb))
    # Without a date or a name it is as likely a heading: "Driver stopped in a building zone".
    if finite and verb is not None and _past(phrases[verb]) and _stopped(scene):
        # "Mortar rounds landed in X, near Y, on Tuesday.": prose
        return None
    scenic = verb is not None and phrases[verb].base in _SCENIC and not told
    if when is None and ((finite and not scenic) or not named):
        return None
    if when is None and subject.role == "site" and is_area(phrases[spot].noun):
        # "A base in southern Syria" is contained there.
        return None
    doing = verb is not None and (phrases[verb].text.endswith("ing") or verb == spot - 2)
    if verb is not None and doing and not finite and verb > opener:
        # "gunships parked at", "the president visiting troops at": who is seen, not what they do.
        cut = next((at for at in range(opener + 1, verb) if phrases[at].text in {",", "("}), verb)
        stop = phrases[cut - 2 if phrases[cut - 1].kind == "adv" and cut - 2 >= opener else cut - 1]
        start, end = phrases[opener].start, max(stop.end, phrases[opener].end)
        words = _without_determiner(scene.text[start:end], subject)
    elif finite:
        start, end, words = phrases[opener].start, phrases[opener].end, subject.words
    else:
        bracket = next((at for at in range(opener + 1, spot) if _cuts(phrases, at)), spot - 1)
        stop = phrases[bracket - 1] if spot >= 2 else phrases[opener]
        start, end = phrases[opener].start, max(stop.end, phrases[opener].end)
        words = _without_determiner(scene.text[start:end], subject)
    return _found(scene, start, end, words, phrases[spot], when)


def _past(phrase: Phrase) -> bool:
    return phrase.kind == "verb" and phrase.text != phrase.base and not phrase.text.endswith("s")


def _stopped(scene: Scene) -> bool:
    return scene.sentence.tokens[-1].text == "."


def _cuts(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the subject ends: "Two jets inside a shelter at X", "a tank (left) at X"."""
    if phrases[at].of("prep", *_ABOUT):
        noun = phrases[at + 1].noun if at + 1 < len(phrases) else None
        return noun is not None and noun.kind != "zone"
    return phrases[at].text in {"(", ","}


def _apart(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether what follows is told apart: not so "from" in "smoke rises from a refinery"."""
    if phrases[at].text != "from":
        return True
    placed = at + 2 < len(phrases) and phrases[at + 2].of("prep", *lexicon.PLACE_PREPOSITIONS)
    return not (placed or (at and phrases[at - 1].kind == "verb"))


def _placed(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether "on X" is on a place: "an article on Hardik Patel" is not."""
    noun = phrases[at].noun
    known = noun is not None and noun.role in {"site", "area"}
    return known or not phrases[at - 1].of("prep", "on")


def _told_apart(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "6 miles off X", "south of the buffer zone around X": something else is there."""
    if at < 2 or phrases[at - 2].kind == "qty":
        return at > 1
    noun = phrases[at - 2].noun
    told_from = phrases[at - 1].text in {"around", "round"} and phrases[at - 3].kind == "dir"
    return told_from and at > 2 and noun is not None and zonelike(noun)


def _is_named(phrase: Phrase) -> bool:
    return phrase.noun is not None and phrase.noun.named and phrase.noun.kind != "country"


def _seen_of(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "A view of Y", "satellite image of Y"."""
    noun = phrases[at - 2].noun if at >= 2 else None
    if noun is None:
        return False
    # A "photo of X" shows X, which may be a person; a view or a satellite image shows a place.
    from_above = {"satellite", "aerial", "drone"} & set(noun.words.lower().split(" "))
    return noun.head in {"view", "panorama"} or bool(from_above)


def _participle(phrases: Sequence[Phrase], verb: int) -> bool:
    """As in "a tank hidden in an orchard": no auxiliary and right behind its noun."""
    word = phrases[verb].text
    acts = verbs.COME_VERBS | verbs.REACH_VERBS | verbs.TRAVEL_VERBS | verbs.VISIT_VERBS
    if phrases[verb].base in acts and not word.endswith("ing"):
        return False
    form = word.endswith(("ing", "ed", "en")) or word in {"hit", "built", "seen", "shot", "left"}
    return phrases[verb].kind == "verb" and form


def _doubt(words: str) -> int:
    """How many characters of the subject only say that it may be one: "Possible" and a space."""
    first, space, rest = words.partition(" ")
    return len(first) + 1 if space and rest and first.lower() in _MAYBE else 0


def _without_determiner(words: str, noun: Noun) -> str:
    if noun.determiner and words.lower().startswith(noun.determiner + " "):
        return words[len(noun.determiner) + 1 :]
    return words


def _other_words(scene: Scene, start: int, end: int, stop: int) -> Iterator[Span]:
    """The noun alone, and with what tells it apart, up to the place: they mean the same."""
    phrases = scene.sentence.phrases
    at = next((at for at, phrase in enumerate(phrases) if phrase.start == start), None)
    if at is None or phrases[at].noun is None:
        return
    for span in ((start, phrases[at].end), with_tail(phrases, at)):
        if span is not None and span[1] != end and span[1] <= stop:
            yield span


def _found(
    scene: Scene, start: int, end: int, words: str, place: Phrase, when: DateInterval | None
) -> Found | None:
    whole = next((p for p in scene.sentence.phrases if p.start == place.start), place)
    where = scene.discourse.of(whole) or scene.discourse.of(place)
    where = where or scene.discourse.read_one(place, scene.number)
    if where is None:
        return None
    phrase = next((p for p in scene.sentence.phrases if (p.start, p.end) == (start, end)), None)
    subject = scene.discourse.of(phrase) if phrase is not None else None
    words, doubt = words[_doubt(words) :], _doubt(words)
    if doubt or subject is None or subject is where or subject.role in {"site", "area"}:
        span = (start + doubt, end)
        subject = scene.discourse.extra(words, span, "unknown", scene.number)
        subject.mentions.extend(_other_words(scene, start, end, place.start))
    first, last = min(start, place.start), max(end, place.end)
    dates = [p for p in scene.sentence.flat if p.kind == "date" and p.date == when and when]
    if dates and dates[0].start < last + 40:
        first, last = min(first, dates[0].start), max(last, dates[0].end)
    return Found(
        kind="located",
        span=(first, last),
        sentence=scene.sentence,
        ends=(subject, where),
        places=(scene.text[start:end], scene.written(place)),
        date=when,
    )
