"""Which fixed thing lies in which area.

"The base in southern Syria", "Menagh, a town in northern Syria", "the camp lies in Anbar
province", "Taiz, Yemen". What moves is not contained but located: "Russian troops in northern
Syria". Wars, elections and prices in an area say nothing of a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osint.extract import lexicon, verbs
from osint.extract.areas import BOTH, GROUND, is_area
from osint.extract.clause import before, infinitive, subject_of
from osint.extract.entities import Draft
from osint.extract.events import EVENT_NOUNS
from osint.extract.lying import lying_in, said_first, seated
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import Stance, asserted, granted, stance, unreal
from osint.extract.superlatives import MOST, best_of_all, superlative

_IN = ("in", "inside", "within")
_AGAINST = lexicon.words("against for between with over of on among about despite versus amid")
_IDEA_ENDINGS = ("tion", "sion", "ment", "ness", "ism", "ship", "ence", "ance", "ity", "ing", "s")
# "Operation X", "the Y Front": named, but no place.
_BODIES = lexicon.words(
    "operation mission group organisation organization front party movement ministry company "
    "council university agency committee union league association bank news times post"
)
_PLURAL_VERBS = lexicon.words("are were lie lay sit sat stand stood remain")
_LIE = verbs.POSITION_VERBS | {"base", "hide", "build", "find"}


def containments(scene: Scene) -> Iterator[Found]:
    """Every containment the sentence states, and every mover located in an area."""
    phrases = scene.sentence.phrases
    if phrases and phrases[-1].text == "?":
        return
    for at, phrase in enumerate(phrases):
        if phrase.noun is not None:
            for thing in (*phrase.inner, phrase):
                yield from _described(scene, at, thing)
            yield from _apposed(scene, at)
        elif phrase.of("prep", *_IN):
            found = _predicated(scene, at)
            if found is not None:
                yield found
                yield from _likewise(scene, at)
                continue
            found = said_first(scene, at, _fixed) or lying_in(scene, at, _fixed)
            if found is not None:
                yield found


def _likewise(scene: Scene, at: int) -> Iterator[Found]:
    """The others in "X and Y are in Z"."""
    phrases = scene.sentence.phrases
    verb = before(phrases, _complement(phrases, at), "adv", "neg", "hedge")
    subject = subject_of(phrases, verb)
    if subject is None or phrases[verb].text not in _PLURAL_VERBS:
        return
    for other in _coordinated(phrases, subject):
        found = _predicated(scene, at, other)
        if found is not None:
            yield found


def _described(scene: Scene, at: int, phrase: Phrase) -> Iterator[Found]:
    """As in "the base in southern Syria", "Ayn Issa, in the north of Syria"."""
    phrases, noun = scene.sentence.phrases, phrase.noun
    if noun is None or is_area(noun) or noun.is_border:
        return
    area: Draft | None
    if noun.within is not None:
        area, area_words = scene.discourse.at(noun.within), scene.text[slice(*noun.within)]
        after = phrase.stop
    else:
        if phrase is not phrases[at]:
            return
        index = at + 1
        comma = index < len(phrases) and phrases[index].text == ","
        index += comma
        both = False
        while index < len(phrases) and (
            phrases[index].kind in {"adv", "hedge"} or (comma and phrases[index].text in BOTH)
        ):
            both = both or phrases[index].text in BOTH
            index += 1
        if index + 1 >= len(phrases) or not phrases[index].of("prep", *_IN):
            return
        if not is_area(phrases[index + 1].noun):
            return
        if comma and (not _closed(phrases, index + 2) or _fronting(phrases, at)):
            return
        near = at and phrases[at - 1].kind in {"dir", "prep"} and not _told_at(phrases, at)
        if comma and near and _predicated(scene, index):
            # "X lies 20 km north of Y, in Z": where X lies.
            return
        area, area_words = scene.referent(phrases[index + 1]), scene.written(phrases[index + 1])
        after = phrases[index].first
    if area is None:
        return
    if noun.head in GROUND and not noun.named and phrases[max(at - 1, 0)].of("prep", "on"):
        yield from seated(scene, at, area, _fixed)
        return
    housing = phrases[at - 2] if at >= 2 and phrases[at - 1].of("prep", "for") else None
    if housing is None and at >= 2 and phrases[at - 1].of("prep", "of") and noun.role == "force":
        # "a village of 400 people in central Bosnia"
        at -= 2
        housing = phrases[at]
    if noun.role in {"force", "person"} and housing is not None and housing.noun is not None:
        # "a camp for displaced people in eastern Chad"
        if housing.noun.role != "site":
            return
        noun, phrase = housing.noun, housing
    if noun.role in {"force", "person"}:
        if noun.within is None and not scene.sentence.caption:
            yield from _mover(scene, at, area, area_words)
        return
    subject = _named_for(phrases, at) if phrase is phrases[at] else None
    wide = noun.kind == "region" and not noun.named
    known = subject is not None and (wide or (best_of_all(noun) and noun.role == "site"))
    if not known and (not _fixed(noun, opening=at == 0) or _compared(scene, phrase)):
        return
    stands = _attributed(scene, at, phrase, after)
    told = phrases[subject] if subject is not None else phrase
    who = scene.referent(told, site=True)
    if stands is None or who is None or who is area or who.role in {"force", "person"}:
        return
    span = (min(told.start, phrase.start), max(phrase.end, area.mentions[-1][1]))
    yield _found(scene, who, area, span, (scene.written(told), area_words), stands)
    if noun.within is None and both:
        for other in _coordinated(phrases, at):
            also = scene.referent(phrases[other], site=True)
            if also is not None and also is not area:
                places = (scene.written(phrases[other]), area_words)
                yield _found(scene, also, area, span, places, stands)


def _coordinated(phrases: Sequence[Phrase], at: int) -> Iterator[int]:
    """The places before "and X": "Y and X, both in Z", "W, Y and X, all in Z"."""
    while at >= 2 and (phrases[at - 1].of("conj", "and") or phrases[at - 1].text == ","):
        at -= 2
        noun = phrases[at].noun
        if noun is None or not _fixed(noun, opening=False):
            return
        yield at


def _fronting(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the noun is only where the subject behind lies: "20 km from X, in Y, the camp"."""
    if at < 1 or phrases[at - 1].kind not in {"prep", "dir"}:
        return False
    return not any(piece.kind in {"verb", "aux", "np", "pron"} for piece in phrases[:at])


def _compared(scene: Scene, phrase: Phrase) -> bool:
    """As in "the most heavily guarded site in Syria": it tells nobody where the site is."""
    return not MOST.isdisjoint(scene.sentence.words[max(phrase.first - 3, 0) : phrase.first + 2])


def _closed(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether what was opened by a comma ends here: "X, in southern Syria, ..." does."""
    return at >= len(phrases) or phrases[at].kind == "punct"


def _fixed(noun: Noun, *, opening: bool) -> bool:
    """Whether it is a thing or place that stays where it is, and one in particular."""
    if noun.kind in {"zone", "border"} or noun.abstract or noun.head in EVENT_NOUNS:
        return False
    words = noun.words.lower().split(" ")
    # "The largest city in Syria" compares; it tells nobody where the city is.
    if unreal(noun.words) or any(superlative(word) for word in words[:-1]):
        return False
    if noun.role == "site":
        bare = noun.plural and not noun.determiner and " " not in noun.words and not noun.named
        return not bare
    if noun.role != "unknown" or not noun.named or noun.proper != _one_name(noun.words):
        return False
    if not _BODIES.isdisjoint(noun.words.lower().split(" ")):
        return False
    single = " " not in noun.words and "-" not in noun.words
    # "Elections in southern Iraq": a capital at the start of a sentence makes no name.
    return not (opening and single and noun.words.lower().endswith(_IDEA_ENDINGS))


def _one_name(words: str) -> str:
    """X in "Both X" and Y."""
    return words.split(" ", 1)[1] if words.startswith(("Both ", "both ")) else words


def _named_for(phrases: Sequence[Phrase], at: int) -> int | None:
    """What "a town in northern Syria" is said of: "Menagh, a town in", "Menagh is a town in"."""
    noun = phrases[at].noun
    if noun is None or at < 2:
        return None
    if noun.determiner not in {"a", "an", ""} and not best_of_all(noun):
        return None
    if noun.named and noun.determiner == "":
        return None
    at = _before_parenthesis(phrases, at)
    earlier = phrases[at - 1]
    if earlier.text in {",", "(", "—", "–"}:
        back = at - 2
        named = phrases[back].noun
        apposed = named is not None and named.named and named.role in {"unknown", "site"}
        return back if apposed else None
    if best_of_all(noun):
        return None
    verb = before(phrases, at, "adv", "hedge", "neg")
    if verb > 0 and phrases[verb - 1].text == "there":
        return None
    if verb > 0 and phrases[verb].kind == "aux" and phrases[verb].text in lexicon.BE:
        return subject_of(phrases, verb)
    return None


def _before_parenthesis(phrases: Sequence[Phrase], at: int) -> int:
    """Index that stands for ``at`` if "(...)" before its comma is left out: "X (pop. 800), a"."""
    if phrases[at - 1].text != "," or phrases[at - 2].text != ")":
        return at
    opening = at - 3
    while opening > 0 and phrases[opening].text != "(":
        opening -= 1
    return opening + 1 if opening > 0 and phrases[opening - 1].noun is not None else at


def _attributed(scene: Scene, at: int, phrase: Phrase, after: int) -> Stance | None:
    """How the containment is meant: a description is taken for granted, unless it is news."""
    noun, phrases = phrase.noun, scene.sentence.phrases
    if noun is None:
        return None
    subject = _named_for(phrases, at) if phrase is phrases[at] else None
    if subject is not None and not phrases[at - 1].of("punct"):
        return stance(scene.sentence, phrases[subject].first, phrase.first)
    said = [p for p in phrases if phrase.stop <= p.first < after and p.kind in {"adv", "hedge"}]
    if said:
        return stance(scene.sentence, phrase.first, after)
    if noun.definite or noun.named:
        return granted(scene.sentence, phrase.first)
    return asserted(scene.sentence, phrase)


def _mover(scene: Scene, at: int, area: Draft, words: str) -> Iterator[Found]:
    """As in "Russian troops in northern Syria": where they are, taken for granted."""
    phrases = scene.sentence.phrases
    phrase, earlier = phrases[at], phrases[at - 1] if at else None
    noun = phrase.noun
    who = scene.referent(phrase)
    if noun is None or who is None or who.role not in {"force", "person"} or unreal(noun.words):
        return
    if earlier is not None and (earlier.of("prep", *_AGAINST) or earlier.kind == "conj"):
        return
    if at + 1 < len(phrases) and phrases[at + 1].text == ",":
        return
    many = noun.role == "person" and (noun.named or noun.plural)
    if noun.head not in lexicon.FORCES and not many:
        return
    described = noun.determiner or noun.owners or " " in noun.words
    stands = asserted(scene.sentence, phrase)
    if not described or stands is None or stands.polarity == "denied":
        return
    span = (phrase.start, max(phrase.end, phrases[at + 2].end))
    yield Found(
        kind="located", span=span, sentence=scene.sentence, ends=(who, area),
        places=(scene.written(phrase), words), modality=stands.modality,
    )  # fmt: skip


def _told_at(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "is at Ras Banas, in Egypt": what follows the comma is said of the place named."""
    noun = phrases[at].noun
    named = noun is not None and noun.named and noun.role in {"unknown", "site"}
    return named and at > 0 and phrases[at - 1].of("prep", "at")


def _complement(phrases: Sequence[Phrase], at: int) -> int:
    """Index of what a place before "in AREA" is told with: "close to the border in AREA".

    Also "one of four in AREA", and what a comma or "and" sets off: "20 km north of X, in AREA".
    """
    index = at - 1
    noun = phrases[index].noun if index >= 0 else None
    if noun is not None and phrases[index].text.startswith("one of "):
        return index
    apart = index > 0 and phrases[index].text in {",", "and", "but"}
    if apart and phrases[index].text == "," and _told_at(phrases, index - 1):
        return at
    ground = noun is not None and noun.head in GROUND and not noun.named
    if not apart and (noun is None or not (noun.is_border or ground)):
        return at
    index -= apart
    far = False
    while index > 0 and (
        phrases[index].kind in {"np", "prep", "dir", "qty", "adv", "hedge"}
        or phrases[index].text in {",", "and"}
    ):
        placed = phrases[index].kind != "np" or phrases[index - 1].kind in {"prep", "dir"}
        if not placed:
            return at
        far = far or phrases[index].kind == "qty"
        index -= 1
    # "3 miles from the border in southern Syria": it is the border that is there.
    return at if far and not apart else index + 1


def _predicated(scene: Scene, at: int, told_of: int | None = None) -> Found | None:
    """As in "the camp lies in Anbar province", "the depot is in southern Syria"."""
    phrases = scene.sentence.phrases
    wide = phrases[at + 1].noun if at + 1 < len(phrases) else None
    range_ = wide is not None and wide.kind == "mountain" and wide.plural and wide.named
    if not range_ and not is_area(wide):
        return None
    verb = before(phrases, _complement(phrases, at), "adv", "neg", "hedge")
    if verb < 0 or infinitive(phrases, verb):
        return None
    phrase = phrases[verb]
    is_there = phrase.kind == "aux" and phrase.text in lexicon.BE
    if not is_there and not (phrase.kind == "verb" and phrase.base in _LIE):
        return None
    subject = subject_of(phrases, verb) if told_of is None else told_of
    area = scene.referent(phrases[at + 1])
    if subject is None or area is None:
        return None
    told = phrases[subject]
    who = scene.referent(told, site=True)
    noun = told.noun
    if who is None or who is area or who.role in {"force", "person", "area"}:
        return None
    # "The last, X, is in": what was named beside it.
    apposed = noun is not None and not noun.named and who.proper is not None
    if noun is not None and not apposed and not _fixed(noun, opening=False):
        return None
    if told.kind == "pron" and who.role != "site" and not who.proper:
        return None
    stands = stance(scene.sentence, told.first, phrases[at].first)
    if stands is None:
        return None
    if phrases[at - 1].text == "but" and stands.polarity == "denied":
        # "not in Gaza but in Sinai"
        stands = Stance("affirmed", stands.modality)
    places = (scene.written(told), scene.written(phrases[at + 1]))
    span = (min(told.start, phrases[at].start), phrases[at + 1].end)
    return _found(scene, who, area, span, places, stands)


def _apposed(scene: Scene, at: int) -> Iterator[Found]:
    """As in "Taiz, Yemen"."""
    phrases = scene.sentence.phrases
    if at + 2 >= len(phrases) or phrases[at + 1].text not in {",", "("}:
        return
    if phrases[at + 1].text == "(" and (at + 3 >= len(phrases) or phrases[at + 3].text != ")"):
        return
    phrase, wider = phrases[at], phrases[at + 2]
    if phrase.noun is not None and phrase.noun.town is not None:
        # "a school in Taiz, Yemen": it is Taiz that lies in Yemen.
        phrase = next((p for p in phrase.inner if (p.start, p.end) == phrase.noun.town), phrase)
    noun, area_noun = phrase.noun, wider.noun
    if noun is None or area_noun is None or not is_area(area_noun) or is_area(noun):
        return
    if not noun.named or noun.role not in {"unknown", "site"} or noun.within is not None:
        return
    if area_noun.determiner or area_noun.possessive or _listed(phrases, at, at + 3):
        return
    who, area = scene.referent(phrase, site=True), scene.referent(wider)
    if who is None or area is None or who is area or who.role in {"force", "person"}:
        return
    places = (scene.written(phrase), scene.written(wider))
    stands = granted(scene.sentence, phrase.first)
    if stands is not None:
        yield _found(scene, who, area, (phrase.start, wider.end), places, stands)


def _listed(phrases: Sequence[Phrase], at: int, after: int) -> bool:
    """Whether "X, Y" may be a list, or an adverbial and a subject: "In Geneva, Russia said"."""
    following = phrases[after] if after < len(phrases) else None
    if following is None:
        return False
    if following.kind in {"verb", "aux", "neg"}:
        fronted = at <= 1 or phrases[at - 2].kind == "punct"
        return fronted and phrases[at - 1].kind == "prep"
    if following.text == ",":
        listed = after + 2 < len(phrases) and phrases[after + 1].kind == "np"
        return (
            listed and phrases[after + 2].text in {",", "and"} and is_area(phrases[after + 1].noun)
        )
    return following.kind in {"conj", "np", "pron", "adv", "hedge"} and following.text != "but"


def _found(
    scene: Scene, who: Draft, area: Draft, span: tuple[int, int], places: tuple[str, str],
    stands: Stance,
) -> Found:  # fmt: skip
    return Found(
        kind="containment", span=span, sentence=scene.sentence, ends=(who, area), places=places,
        polarity=stands.polarity, modality=stands.modality,
    )  # fmt: skip
