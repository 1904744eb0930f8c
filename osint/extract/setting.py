"""Where a noun phrase right before a distance or direction is only the scenery.

"They are camping in fields to the south-east of X", "soldiers blocked the road 30 km north of Y",
"the launch site was a field 7 km south of Z", "there are two villages within 4 km of W": what lies
there is not always what stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon
from osint.extract.abstract import is_abstract
from osint.extract.clause import before, subject_of
from osint.extract.events import EVENT_NOUNS
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase

SCENERY = lexicon.words(
    "field wood forest hill mountain desert countryside bush scrub tent sand dune water sea "
    "orchard woodland farmland plain marsh swamp foothill slope trench open shallow jungle steppe "
    "rubble ditch cave tunnel shelter darkness daylight convoy formation force number place wait "
    "position row foxhole dugout tree grove makeshift camp road highway"
)
EACH = frozenset({"both", "all", "each"})
_HAS = frozenset({"find", "keep", "run", "operate", "maintain", "identify", "locate", "have"})
_STRETCHES = lexicon.words("bend stretch section spot part point curve mile kilometre turn turning")
_TIMES = lexicon.words("night day week month year hour minute while")
_LINES = lexicon.words("road highway motorway track railway river border frontier route pipeline")
_INSIDE = ("in", "on", "among", "amid", "under", "along", "into", "through", "across", "at")
# "Stands in a field north of X": the ground is not what is told of.
_FINDS = frozenset({"find", "discover", "uncover", "unearth", "see", "spot", "photograph"})
_GROUND = lexicon.words("field wood forest orchard ditch meadow pasture grove gully swamp marsh")
_IS = frozenset({"is", "was", "are", "were"})
# Who does one of these to a thing tells where the thing is.
_SHOWS = lexicon.words(
    "hold control have keep run operate maintain find discover uncover see spot locate place put "
    "photograph film picture show identify open build dig bulldoze erect establish set pitch lay "
    "site mark capture seize take bomb hit strike shell destroy clear occupy guard man abandon "
    "damage attack raid sink anchor park moor crash storm overrun recapture retake reach use "
    "install deploy station mine plant pass visit inspect search surround besiege own fortify"
)


def scenery(phrases: Sequence[Phrase], at: int) -> int | None:
    """Index of the verb in "are camping in fields", where ``at`` is the fields; None otherwise."""
    noun = phrases[at].noun
    if noun is None or at < 2 or noun.is_border or (noun.named and not noun.words.isupper()):
        return None
    if noun.head in {"position", "station"} and noun.plural:
        # "have taken up positions west of X"
        verb = before(phrases, at, "prep")
        return verb if phrases[verb].base in {"take", "hold", "occupy"} else None
    lead = at - 1 - (phrases[at - 1].text == "open" and phrases[at - 1].kind == "verb")
    if phrases[lead].of("prep", "by") and phrases[lead - 1].kind == "verb" and _acting(noun):
        # "was hit by a mine 6 km south of X"
        return lead - 1 if phrases[lead - 2].text in lexicon.BE else None
    if noun.named:
        return None
    if not phrases[lead].of("prep", *_INSIDE):
        return None
    loose = noun.plural or not noun.determiner
    if noun.definite:
        if noun.head not in _LINES:
            return None
        stretch = phrases[lead - 1].noun
        if stretch is None or stretch.head not in _STRETCHES:
            return None
    elif not (noun.head in SCENERY and loose):
        return None
    verb = before(phrases, lead, "prep", "adv")
    if verb > 1 and phrases[verb].kind == "np" and phrases[verb - 1].of("prep", *_INSIDE):
        # "at a bend in the road"
        stretch = phrases[verb].noun
        if stretch is not None and stretch.head in _STRETCHES:
            verb = before(phrases, verb - 1, "prep", "adv")
    if verb < 0 or phrases[verb].kind not in {"verb", "aux"}:
        return None
    return None if phrases[lead].of("prep", "into") and not loose else verb


def _acting(noun: Noun) -> bool:
    return noun.role in {"unknown", "force"} and not noun.definite


def passive(phrases: Sequence[Phrase], verb: int) -> bool:
    """As in "have been dug", "was found"."""
    if verb < 1 or phrases[verb].kind != "verb" or phrases[verb].text.endswith("ing"):
        return False
    return phrases[before(phrases, verb, "adv", "hedge")].text in lexicon.BE


def is_line(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "blocked the road at a point 30 km from X": too long to lie at a point."""
    noun = phrases[at].noun
    return noun is not None and not noun.named and noun.head in _LINES


def is_such(phrases: Sequence[Phrase], at: int) -> int | None:
    """The site in "the launch site was a field 7 km from X", where ``at`` is the field."""
    noun = phrases[at].noun
    if noun is None or noun.determiner not in {"a", "an"} or at < 2:
        return None
    verb = before(phrases, at, "adv", "hedge")
    if phrases[verb].kind != "aux" or phrases[verb].text not in _IS:
        return None
    subject = subject_of(phrases, verb)
    said = phrases[subject].noun if subject is not None else None
    known = said is not None and said.role == "site" and (said.definite or said.named)
    return subject if known else None


def corrected(phrases: Sequence[Phrase], qty: int) -> int | None:
    """Index of "not" in "is not 10 km but D from Y", where ``qty`` is D."""
    if qty < 4 or not phrases[qty - 1].of("conj", "but"):
        return None
    denial, wrong, verb = phrases[qty - 3], phrases[qty - 2], phrases[qty - 4]
    fits = denial.of("neg", "not") and wrong.kind == "qty" and verb.kind in {"aux", "verb"}
    return qty - 3 if fits else None


def lasting(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "was parked for two nights 12 km from Y", where ``at`` is the nights."""
    noun = phrases[at].noun
    return noun is not None and noun.head in _TIMES and phrases[at - 1].of("prep", "for")


def by_name(phrases: Sequence[Phrase], comma: int) -> int | None:
    """The centre in "the centre, known as the Bakery, D from Y", where ``comma`` is the second."""
    if comma < 5 or phrases[comma - 2].text not in {"as", "called", "dubbed"}:
        return None
    opening = before(phrases, comma - 1, "verb", "sub", "adv")
    if opening < 1 or phrases[opening].text != "," or phrases[opening - 1].noun is None:
        return None
    return opening - 1


def in_water(phrases: Sequence[Phrase], comma: int) -> int | None:
    """The verb in "lies in 40 metres of water, 3 miles from Y"."""
    if comma < 5 or not phrases[comma - 2].of("prep", "of"):
        return None
    deep = phrases[comma - 3].kind == "qty" and phrases[comma - 4].text == "in"
    return before(phrases, comma - 4, "adv") if deep else None


def told_before(phrases: Sequence[Phrase], colon: int) -> int | None:
    """As in "The base is far from both: 18 km from X": what the clause before ":" is about."""
    if colon < 2 or phrases[colon].text != ":":
        return None
    verb = next((at for at in range(1, colon) if phrases[at].kind in {"verb", "aux"}), None)
    if verb is None or phrases[verb].text not in lexicon.BE:
        return None
    subject = subject_of(phrases, verb)
    noun = phrases[subject].noun if subject is not None else None
    return subject if noun is not None and noun.role != "person" else None


def there_is(phrases: Sequence[Phrase], qty: int) -> bool:
    """As in "there are two villages within 4 km of", where ``qty`` is the distance."""
    at = before(phrases, qty, "adv", "hedge")
    if at < 1 or phrases[at].kind != "np":
        return False
    at = before(phrases, at, "hedge", "neg", "adv")
    if at >= 0 and (phrases[at].base in _HAS or phrases[at].text in {"has", "have", "had"}):
        # "has three bases within 20 km of", "did not find any base within"
        return True
    at = before(phrases, at + 1, "aux", "hedge", "neg")
    return at >= 0 and (phrases[at].text == "there" or phrases[at].text.endswith(" there"))


def acted_on(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "set up roadblocks", "captured villages": what somebody has, makes or takes."""
    if at < 1:
        return False
    verb = before(phrases, at, "prep") if phrases[at - 1].text in {"up", "out"} else at - 1
    return phrases[verb].kind == "verb" and phrases[verb].base in _SHOWS


def shown(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "hold a bridgehead", "have bulldozed a track": a thing, though of no known sort."""
    noun = phrases[at].noun
    if noun is None or at < 1 or noun.role != "unknown" or noun.named or not noun.determiner:
        return False
    if is_abstract(noun.head) or noun.head in EVENT_NOUNS or _idea(noun.head):
        return False
    return acted_on(phrases, at)


def found_things(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "found shell casings": things of no known sort that somebody came upon."""
    noun = phrases[at].noun
    if noun is None or not noun.plural or at < 1 or phrases[at - 1].base not in _FINDS:
        return False
    return not (is_abstract(noun.head) or noun.head in EVENT_NOUNS)


def counted_along(phrases: Sequence[Phrase], qty: int) -> int | None:
    """The border that a distance is counted along: "the Iraqi border 70 km north of"."""
    left = before(phrases, qty, "adv", "hedge", "punct")
    noun = phrases[left].noun if left >= 0 else None
    return left if noun is not None and noun.is_border else None


def thinglike(phrase: Phrase) -> bool:
    """Whether the head is no event and no idea: what may lie somewhere."""
    noun = phrase.noun
    if noun is None or noun.role != "unknown" or noun.named:
        return noun is not None
    head = lexicon.singular(noun.head)
    return not (is_abstract(head) or head in EVENT_NOUNS or _idea(head))


def _idea(head: str) -> bool:
    return head.endswith(("tion", "sion", "ness", "ment", "ity", "ance", "ence", "ism", "ing"))
