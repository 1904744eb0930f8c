"""Who or what lies on which border.

"An army base on the Iraqi border", "the army reached the Iraqi border", "two brigades are massed
along the Ukrainian-Polish border". Where one side only is named, the other is the subject's own
country, or the one that the same text names in a pair with it; otherwise it stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from osint.extract import lexicon, verbs
from osint.extract.abroad import may_touch
from osint.extract.actors import countries_in
from osint.extract.areas import is_area
from osint.extract.clause import date_in, infinitive, subject_of
from osint.extract.entities import Draft
from osint.extract.fronted import fronted
from osint.extract.holder import holder
from osint.extract.phrase import Phrase
from osint.extract.placed import concrete, whose_place
from osint.extract.reference import Discourse
from osint.extract.scene import Found, Scene
from osint.extract.stance import granted, presupposed, stance

_ON = ("on", "at", "near", "along", "astride", "by")
_TOUCHING = frozenset({"straddle", "adjoin", "abut", "line", "dot", "stud"})
_DWELLING = frozenset({"camp", "patrol", "live", "wait", "shelter", "huddle", "strand", "entrench"})
_CLOSE = {
    "to": ("close", "next", "near", "nearer", "adjacent", "up"),
    "against": ("hard", "right", "up", "close"),
}
# What is done about a border, or elsewhere, rather than on it.
_NOT_THERE = lexicon.words(
    "fight clash battle argue talk speak negotiate agree warn comment report insist quarrel differ "
    "cross fire die perish focus concentrate depend "
    "insist vote disagree attack strike happen occur "
    "work fly flee retreat withdraw travel drive run walk march move go throw"
)
_TAKING = frozenset({"take", "have", "hold", "occupy", "man", "reinforce"})
_RIGHT = lexicon.words("right close hard just next near adjacent directly")
_LAND = frozenset({"hill", "mountain", "wadi"})
_WOODS = lexicon.words("forest wood woodland jungle bush swamp marsh scrub foothill plain dune")
_DOTTING = lexicon.words("dot line crown stud pepper occupy hold man control guard patrol dominate")
_BETWEEN = frozenset({"prep", "np", "qty", "dir", "adv", "hedge"})
# Neighbours of the Democratic Republic of the Congo that the other Congo does not touch.
_BY_EASTERN_CONGO = frozenset({"RW", "UG", "BI", "SS", "TZ", "ZM"})


def borders(scene: Scene) -> Iterator[Found]:
    """Every border claim the sentence states, save those that come with a distance."""
    phrases = scene.sentence.phrases
    for at, phrase in enumerate(phrases):
        noun = phrase.noun
        if noun is None:
            continue
        if noun.border and noun.head == "position" and at and not noun.named:
            # "took up positions along the border": they are there.
            verb = at - 2 if at > 1 and phrases[at - 1].of("prep", "up") else at - 1
            taker = subject_of(phrases, verb) if phrases[verb].base in _TAKING else None
            draft = scene.referent(phrases[taker]) if taker is not None else None
            if draft is not None and taker is not None and draft.role in {"force", "person"}:
                found = border_found(scene, draft, phrases[taker], at, taker)
                if found is not None:
                    yield found
                continue
        land = noun.border and (noun.kind in _LAND or noun.head in _WOODS)
        if land and not noun.named and at > 1:
            # "bases in the mountains along the border": it is the bases that are there.
            there = _on_land(phrases, at)
            found = _lying(scene, at, there) if there is not None else None
            if found is not None:
                yield found
                continue
        if noun.border and noun.plural and not noun.determiner and at > 1:
            # "living in tents on the border": they are there.
            housed = phrases[at - 1].of("prep", "in", "inside", "under")
            living = phrases[at - 2].kind == "verb" and housed
            taker = subject_of(phrases, at - 2) if living else None
            draft = scene.referent(phrases[taker]) if taker is not None else None
            if draft is not None and taker is not None and draft.role in {"force", "person"}:
                found = border_found(scene, draft, phrases[taker], at, taker)
                if found is not None:
                    yield found
                    continue
        if noun.border and not noun.is_border and noun.role in {"site", "force"}:
            draft = scene.discourse.of(phrase)
            none = at > 1 and phrases[at - 1].of("neg", "no")
            none = none and phrases[at - 2].text in lexicon.BE
            if draft is not None and (none or presupposed(scene.sentence, phrase)):
                found = border_found(scene, draft, phrase, at, at)
                if found is not None:
                    yield found
        elif noun.is_border and noun.border and not _measured(phrases, at):
            for subject in dict.fromkeys((_subject(scene, at), _anywhere(phrases, at))):
                found = _lying(scene, at, subject) if subject is not None else None
                if found is not None:
                    yield found
                    break


def _on_land(phrases: Sequence[Phrase], at: int) -> int | None:
    """Who is in the mountains, on the ridge, or dots the hills of phrase ``at``."""
    before = phrases[at - 1]
    if before.of("prep", *_ON, "in", "atop", "across", "among", "through", "over"):
        return _concrete(phrases, whose_place(phrases, at - 1, at + 1))
    if before.kind == "verb" and before.base in _DOTTING:
        return _concrete(phrases, subject_of(phrases, at - 1))
    return None


def _lying(scene: Scene, at: int, subject: int) -> Found | None:
    """The claim that what phrase ``subject`` means lies on the border at ``at``, if it can."""
    phrases = scene.sentence.phrases
    if phrases[subject].text == "what":
        # "What remains of the post is on the border"
        of = next((n for n in range(subject, subject + 4) if phrases[n].of("prep", "of")), None)
        if of is None or phrases[of + 1].noun is None:
            return None
        subject = of + 1
    subject = _housing(phrases, _enclosed(phrases, subject))
    told = phrases[subject]
    who = scene.referent(told, site=True)
    if who is None or who.role == "area":
        return None
    there = who.role != "unknown" or who.proper is not None or concrete(told.noun)
    return border_found(scene, who, told, at, subject) if there else None


def _enclosed(phrases: Sequence[Phrase], at: int) -> int:
    """Index of X in "X, in eastern Congo, which lies on the border": it is X that does."""
    led = at > 2 and is_area(phrases[at].noun) and phrases[at - 1].of("prep", "in")
    before = phrases[at - 3].noun if led and phrases[at - 2].text == "," else None
    return at - 3 if before is not None and (before.named or before.role == "site") else at


def _housing(phrases: Sequence[Phrase], at: int) -> int:
    """Index of the tents in "tents for the displaced along the border", "tents in the woods"."""
    noun = phrases[at].noun
    if at and noun is not None and noun.head in _WOODS and not noun.named:
        there = _on_land(phrases, at)
        return at if there is None else there
    led = at > 1 and phrases[at - 1].of("prep", "for")
    before = phrases[at - 2].noun if led else None
    return at - 2 if before is not None and before.role == "site" else at


def _measured(phrases: tuple[Phrase, ...], at: int) -> bool:
    """Whether a distance follows: then separation.py makes the claim."""
    return at + 1 < len(phrases) and phrases[at + 1].kind == "qty"


def _anywhere(phrases: Sequence[Phrase], border: int) -> int | None:
    """Who is on the border, by the wide search."""
    at = border - 1
    if at < 0 or phrases[at].kind != "prep":
        return None
    close = phrases[at - 1].text if at else ""
    if at > 1 and close == "far" and phrases[at].text == "from" and phrases[at - 2].kind == "neg":
        # "not far from the border"
        return _concrete(phrases, whose_place(phrases, at - 2, border + 1))
    if phrases[at].text not in _ON and close not in _CLOSE.get(phrases[at].text, ()):
        return None
    if at and phrases[at - 1].kind in {"adv", "np"} and phrases[at - 1].text in _RIGHT:
        at -= 1
    return _concrete(phrases, whose_place(phrases, at, border + 1))


def _concrete(phrases: Sequence[Phrase], subject: int | None) -> int | None:
    """The same if it can be somewhere."""
    if subject is None or phrases[subject].kind == "pron":
        return subject
    return subject if concrete(phrases[subject].noun) else None


def _subject(scene: Scene, border: int) -> int | None:
    """Who is on the border at phrase ``border``, by the words before it."""
    phrases = scene.sentence.phrases
    index = border - 1
    prepositions: list[str] = []
    while index >= 0 and phrases[index].kind in {"prep", "adv", "neg", "hedge"}:
        if phrases[index].kind == "prep":
            prepositions.append(phrases[index].text)
        index -= 1
    close = border >= 2 and phrases[border - 1].text == "to" and phrases[border - 2].text == "close"
    at_it = close or (bool(prepositions) and prepositions[0] in _ON)
    if index < 0:
        return _fronted(phrases, border) if at_it else None
    phrase = phrases[index]
    if at_it and (phrase.text == "," or phrase.kind == "conj"):
        described = phrases[index - 2 : index - 1] if phrase.text == "," and index >= 2 else ()
        if described and described[0].kind == "verb" and described[0].text.endswith("ing"):
            # "A post overlooking X, near the border": left to the wide search.
            return None
        return _after_break(phrases, index, border)
    # "made an appearance on the border"
    if phrase.noun is not None and phrase.noun.head == "appearance" and index:
        index -= 1
        phrase = phrases[index]
        return subject_of(phrases, index) if phrase.base == "make" else None
    if phrase.kind not in {"verb", "aux"} or infinitive(phrases, index):
        return None
    reaches = phrase.base in verbs.REACH_VERBS
    if reaches and (phrase.base == "reach" or "to" in prepositions[:1] or at_it):
        return subject_of(phrases, index)
    if phrase.base in _TOUCHING and not prepositions:
        return subject_of(phrases, index)
    lies = phrase.base in verbs.POSITION_VERBS | verbs.STAY_VERBS | verbs.COME_VERBS | _DWELLING
    seen = phrase.base in verbs.SIGHT_VERBS
    is_there = phrase.kind == "aux" and phrase.text in lexicon.BE
    # "was attacked near the border"
    hit = (
        phrase.kind == "verb"
        and index > 0
        and phrases[index - 1].kind in {"aux", "adv", "hedge", "neg"}
    )
    hit = hit and any(piece.text in lexicon.BE for piece in phrases[max(index - 3, 0) : index])
    if at_it and (lies or seen or is_there or hit):
        return subject_of(phrases, index)
    if at_it and phrase.kind == "verb" and not (phrase.base in _NOT_THERE or is_there):
        # "lurk along the border", "have dug in along the border": whatever they do there.
        by = subject_of(phrases, index)
        noun = phrases[by].noun if by is not None else None
        return by if noun is not None and noun.role in {"force", "site"} else None
    return None


def _after_break(phrases: Sequence[Phrase], at: int, border: int) -> int | None:
    """As in "X, near the border with Y, has", "lies in A, on the border", "... and close to it"."""
    if phrases[at].kind == "conj":
        verb = _main_verb(phrases, at)
        return subject_of(phrases, verb) if verb is not None else None
    left = at - 1
    noun = phrases[left].noun if left >= 0 else None
    if noun is None:
        verb = _main_verb(phrases, at)
        return subject_of(phrases, verb) if verb is not None else None
    verb = left - 2
    led = left >= 2 and phrases[left - 1].kind in {"prep", "dir"}
    if led:
        verb = next((i for i in range(left - 2, -1, -1) if phrases[i].kind not in _BETWEEN), -1)
        if verb >= 0 and _lies(phrases[verb]):
            return subject_of(phrases, verb)
        earlier = phrases[left - 2].noun if left >= 2 else None
        if phrases[left - 1].kind == "prep" and earlier is not None and _heads(phrases, left - 2):
            # "X in A, at the border,"
            left, noun = left - 2, earlier
    closed = border + 1 >= len(phrases) or phrases[border + 1].kind in {"punct", "rel", "prep"}
    described = noun.role in {"site", "force"} or (noun.role == "unknown" and noun.named)
    return left if closed and described and not noun.is_border else None


def _heads(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the noun phrase opens its clause and is a place: what lies further on is its."""
    noun = phrases[at].noun
    opens = at == 0 or phrases[at - 1].text in {",", ";", ":"}
    return opens and noun is not None and concrete(noun) and noun.role in {"site", "unknown"}


def _main_verb(phrases: Sequence[Phrase], at: int) -> int | None:
    """The verb of lying that the words before ``at`` depend on."""
    for index in range(at - 1, max(at - 10, -1), -1):
        if phrases[index].text in {";", ":"} or phrases[index].kind in {"rel", "sub"}:
            return None
        if phrases[index].kind in {"verb", "aux"}:
            return index if _lies(phrases[index]) else None
    return None


def _lies(phrase: Phrase) -> bool:
    known = phrase.base in verbs.POSITION_VERBS | verbs.STAY_VERBS
    return known or (phrase.kind == "aux" and phrase.text in lexicon.BE)


def _fronted(phrases: Sequence[Phrase], border: int) -> int | None:
    """As in "On the Iraqi border, troops dug in", "Near the border, they built a depot"."""
    after = fronted(phrases, border + 1, made=True)
    noun = phrases[after].noun if after is not None else None
    return after if noun is not None and noun.role in {"force", "site"} else None


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
    words_before = scene.sentence.words[max(anchor - 3, 0) : anchor]
    if words_before == ("not", "far", "from"):
        anchor -= len(words_before)
    owner = holder(phrases, first) if border == first and subject.role == "site" else None
    if border == first and border > 1 and phrases[border - 1].of("neg", "no"):
        # "There is no tank on the border"
        stands = stance(scene.sentence, phrases[border - 2].first, anchor)
    elif border != first:
        stands = stance(scene.sentence, min(phrases[first].first, anchor), anchor)
    elif owner is not None and not noun.definite:
        # "may have a base on the border": whether there is one is what is said.
        stands = stance(scene.sentence, phrases[owner].first, anchor)
        stands = stands if stands is None or stands.polarity == "affirmed" else None
    else:
        stands = granted(scene.sentence, anchor)
    if stands is None:
        return None
    builder = scene.referent(phrases[owner]) if owner is not None else None
    area = _area_codes(phrases, border, subject) or _named_besides(phrases, noun.border)
    between = complete(noun.border, subject, scene.discourse, builder, area)
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


def _area_codes(phrases: Sequence[Phrase], border: int, subject: Draft) -> tuple[str, ...]:
    """The country that the subject, or the border beside it, is said to lie in."""
    found = {code for word in (subject.root().area or "").split(" ") for code in countries_in(word)}
    for at in range(1, len(phrases)):
        noun = phrases[at].noun
        area = noun is not None and noun.role == "area" and not noun.is_border
        near = at <= border or at == border + 2
        if noun is not None and area and near and phrases[at - 1].of("prep", "in"):
            found.update(noun.countries)
            found.update(owner.country for owner in noun.owners if owner.country)
    return tuple(found)


def _named_besides(phrases: Sequence[Phrase], sides: tuple[str, ...]) -> tuple[str, ...]:
    """The one other country the sentence names that may touch the side that is told."""
    if len(sides) != 1:
        return ()
    found: set[str] = set()
    for phrase in phrases:
        for thing in (phrase, *phrase.inner):
            if thing.noun is not None and not thing.noun.is_border:
                found.update(thing.noun.countries)
                found.update(owner.country for owner in thing.noun.owners if owner.country)
    found = {code for code in found - set(sides) if may_touch(code, sides[0])}
    return tuple(found) if len(found) == 1 else ()


def complete(
    sides: tuple[str, ...],
    subject: Draft,
    discourse: Discourse,
    builder: Draft | None = None,
    area: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Both sides of a border, the subject's own country first where it is one of them."""
    own = [owner.country for owner in subject.owners.values() if owner.country]
    if not own and builder is not None:
        own = [owner.country for owner in builder.owners.values() if owner.country]
    if len(sides) == 1:
        own = [code for code in own if may_touch(code, sides[0])]
        other = [code for code in own if code not in sides]
        paired = [set(pair) - set(sides) for pair in discourse.pairs if sides[0] in pair]
        if len(other) == 1:
            sides = (other[0], sides[0])
        elif len(paired) == 1:
            sides = (*paired[0], sides[0])
        elif not other and len(set(area) - set(sides)) == 1:
            sides = (*(set(area) - set(sides)), sides[0])
    if "CG" in sides and _BY_EASTERN_CONGO & set(sides):
        sides = tuple("CD" if code == "CG" else code for code in sides)
    return tuple(sorted(sides, key=lambda code: code not in own))
