"""How a statement is meant: affirmed or denied, and stated, hedged or only reported.

A statement is reported if its own clause is attributed to somebody: "officials said (that) ...",
"according to X, ...", "reportedly", "said to be", "..., officials said". That somebody says
something else in the same sentence attributes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osint.claims import Modality, Polarity
from osint.extract import lexicon
from osint.extract.attribution import clause_start, reported
from osint.extract.phrase import Phrase, Sentence
from osint.extract.polarity import disowned, negated_before, negates, polarity
from osint.extract.quantities import may_open_quantity, quantity_at
from osint.extract.tokens import Token
from osint.extract.verbs import NOUN_FIRST, VERBS

_SIGHT = lexicon.words("seen made found spotted heard")
_SEEMING = lexicon.words("appear appears appeared seem seems seemed")
_HELD_TRUE = lexicon.words("believed thought assumed suspected")
_EVERY = lexicon.words("every each any next")
_SHORT_ASIDE = 5
_ADVERBS = lexicon.words("probably likely possibly apparently perhaps maybe presumably")
_SEEMS_SO = _SEEMING | _HELD_TRUE | _ADVERBS | lexicon.words("believe believes think thinks")


@dataclass(frozen=True, slots=True)
class Stance:
    """How a statement is meant."""

    polarity: Polarity
    modality: Modality


def stance(sentence: Sentence, subject: int, anchor: int) -> Stance | None:
    """Polarity and modality of what is said between two tokens of a sentence.

    Args:
        sentence: the sentence.
        subject: first token of the subject.
        anchor: token before which the statement has to be qualified.

    Returns:
        None where nothing is claimed: a question, a condition, a plan, a thing called untrue.
    """
    tokens = sentence.tokens
    subject = min(subject, anchor)
    words = sentence.words
    if "?" in words[-2:]:
        return None
    lead, inner = words[clause_start(words, subject) : anchor], words[subject:anchor]
    inverted = tokens[0].lower in {"had", "were", "should"} and tokens[0].text[0].isupper()
    if inverted and "," in words[anchor:]:
        # "Had the army crossed the river, ..."
        return None
    if lexicon.CONDITIONALS & set(lead) or lexicon.FUTURES & set(_unseen(inner)):
        return None
    if subject > 1 and words[subject - 2] in _EVERY and words[subject - 1] in {"time", "day"}:
        # "Every time they visit X": when, not that they do.
        return None
    if _under_condition(words, subject):
        return None
    held = polarity(words, subject, anchor, named=tokens[subject].capital)
    if held is None:
        return None
    opener = range(min(1, subject) if _opens_for(words, subject) else 0)
    there = "there" in words[max(subject - 3, 0) : subject]  # "believe that there are no mines"
    near = [*opener, *range(max(subject - (5 if there else 3), 1), anchor)]
    modality: Modality = "stated"
    hedged = any(_hedges(tokens, at) and not _in_aside(words, at, subject, anchor) for at in near)
    if hedged or seems_so(words, subject, anchor):
        modality = "hedged"
    elif reported(sentence, words, subject, anchor):
        modality = "reported"
    return Stance(held, modality)


def _opens_for(words: Sequence[str], subject: int) -> bool:
    """Whether an adverb that opens the sentence is of the subject's own clause.

    Not in "Apparently set up in May, the post was evacuated".
    """
    if "," not in words[1:subject]:
        return True
    before = words[1 : words.index(",", 1)]
    return not any(word in VERBS and word not in NOUN_FIRST - {"set"} for word in before)


def seems_so(words: Sequence[str], subject: int, anchor: int) -> bool:
    """As in "CLAIM, it seems", "X, it is believed, is ...", "CLAIM, analysts believe"."""
    if _SEEMS_SO.isdisjoint(words):
        return False
    for at in range(max(subject - 4, 1), len(words)):
        word = words[at]
        if at > anchor and word in {";", "but", "and", "while"}:
            return False
        if word not in _SEEMS_SO:
            continue
        closes = words[at + 1] if at + 1 < len(words) else "."
        if closes not in {",", ".", ")", "–", "—"}:
            continue
        begin = at - 1
        while begin > 0 and words[begin] not in {",", "(", "–", "—"}:
            begin -= 1
        own = words[begin + 1 : at]
        opens = begin == 0 or words[begin] != "," or begin >= subject or at < subject
        if not own and word in _ADVERBS and at > anchor and words[at - 1] == ",":
            # "CLAIM, probably."
            return closes == "."
        if opens and 0 < len(own) <= _SHORT_ASIDE and lexicon.RELATIVES.isdisjoint(own):
            said_of_it = own[0] in {"it", "so", "or"} and word in _SEEMING | _HELD_TRUE
            if said_of_it or (word in {"believe", "think", "believes", "thinks"}):
                return lexicon.NEGATIONS.isdisjoint(own)
    return False


def _unseen(inner: Sequence[str]) -> Sequence[str]:
    """The words without the "can" of "can be seen", "can be made out": what is seen is there."""
    return [
        word
        for at, word in enumerate(inner)
        if word != "can" or _SIGHT.isdisjoint(inner[at + 2 : at + 3])
    ]


def _hedges(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    if token.lower in _SEEMING:
        # "appears to be", not "appears on no chart"
        if following in {"to", "as", "like"}:
            return True
        where = following in lexicon.PREPOSITIONS or following in lexicon.COMPASS_WORDS
        return token.lower != "appeared" and not where
    if token.lower in {"look", "looks", "looked"} and following == "like":
        return True
    if token.lower in {"possible", "probable", "conceivable"}:
        # "It is possible that CLAIM"
        return following == "that"
    if token.lower not in lexicon.HEDGES:
        return False
    if token.lower in {"perhaps", "maybe"} and following[:1].isdigit():
        # "Perhaps 200 fighters": of their number.
        return may_open_quantity(tokens[at + 1]) and quantity_at(tokens, at + 1) is not None
    if token.lower == "believed" and at > 1 and tokens[at - 1].lower == "be":
        return tokens[at - 2].lower != "to"
    if token.lower == "may" and token.text[0].isupper() and at:
        return False
    # "could be seen" tells that someone was there, not that he might have been.
    seen = tokens[at + 2].lower if at + 2 < len(tokens) else ""
    clear = _SIGHT | {"clearly", "plainly", "easily", "heard", ""}
    return not (token.lower == "could" and following == "be" and seen in clear)


def _in_aside(words: Sequence[str], at: int, subject: int, anchor: int) -> bool:
    """Whether a word between subject and anchor stands in ", which ... ,": of something else."""
    begin = next((n for n in range(at, subject, -1) if words[n] == ","), None)
    if begin is None or "," not in words[at:anchor]:
        return False
    end = next(n for n in range(at, anchor) if words[n] == ",")
    others = {*words[begin + 1 : end]} - {words[at], "most", "very", "quite", "more"}
    if words[at] in _ADVERBS and others and lexicon.AUXILIARIES.isdisjoint(others):
        # "A drone, most likely Turkish, destroyed"
        return len(others) < _SHORT_ASIDE
    if "that" in words[begin + 1 : at]:
        # "..., some of them filled with stuff that could not be put out, ..."
        return True
    return not lexicon.RELATIVES.isdisjoint(words[begin + 1 : begin + 3])


def _under_condition(words: Sequence[str], subject: int) -> bool:
    """As in "If the pictures are genuine, CLAIM"; not "if X is to be believed, CLAIM"."""
    stops = (at for at in range(subject - 1, -1, -1) if words[at] in {";", ":", "but"})
    begin = next(stops, -1) + 1
    if begin >= subject or words[begin] not in {"if", "unless"} or "," not in words[begin:subject]:
        return False
    return "believed" not in words[begin:subject]


_UNREAL = lexicon.words(
    "planned proposed future would-be potential prospective hypothetical imaginary fictional "
    "projected intended envisaged"
)
_WISHES = lexicon.words(
    "dream dreams dreamed dreamt imagine imagines imagined pretend pretended "
    "want wants wanted hope hopes hoped wish wishes wished demand demands demanded propose "
    "proposes proposed plan plans planned planning "
    "consider considers considered considering intend intends "
    "intended request requests requested urge urges urged seek seeks sought discuss discussed "
    "discussing threaten threatens threatened promise promised promises suggest suggests suggested "
    "propose proposing debate debated expected due recommend recommended"
)
_HAVING = lexicon.words(
    "is are was be been were has have had having keeps kept runs ran operates holds"
)
_THINKING = lexicon.words("believe believes think thinks suspect suspects")
_WISH_REACH = 10


def unreal(words: str) -> bool:
    """Whether a noun phrase calls its thing planned or imagined."""
    return not _UNREAL.isdisjoint(words.lower().split(" "))


def wished(words: Sequence[str], first: int) -> bool:
    """Whether what stands at a token is only wanted, planned or talked about."""
    for at in range(first - 1, max(first - _WISH_REACH, -1), -1):
        if words[at] in {";", ",", ":"}:
            return False
        if words[at] in _WISHES or words[at] in {"will", "would", "shall", "'ll"}:
            return True
        if words[at] == "for" and at and words[at - 1] in {"call", "calls", "called", "calling"}:
            return True
    return False


def asserted(sentence: Sentence, phrase: Phrase) -> Stance | None:
    """How a thing is meant that is spoken of for the first time ("a base in southern Syria").

    Where the sentence is about having it ("there is a base in", "has no base in"), the stance of
    that clause is its stance; else it is taken for granted, unless it is negated or wished for.
    """
    words = sentence.words
    first = phrase.first
    if disowned(words, first, phrase.stop) or wished(words, first):
        return None
    begin = clause_start(words, first)
    lead = words[begin:first]
    if lexicon.CONDITIONALS & set(lead) or "?" in words[-2:]:
        return None
    negation = any(negates(word) for word in lead)
    having = next((at for at in range(first - 1, begin - 1, -1) if words[at] in _HAVING), None)
    near = having is not None and first - having <= 4
    if not near or having is None:
        thought = any(word in _THINKING for word in words[begin:first])
        if thought and not negation:
            # "Locals believe the plant sits inside a 15 km zone"
            return Stance("affirmed", "hedged")
        return None if negation else granted(sentence, first)
    subject = having
    while subject > begin and words[subject - 1] not in {",", "that", ":", "and"}:
        subject -= 1
        if words[subject] == "there":
            break
    modality: Modality = "stated"
    if any(_hedges(sentence.tokens, at) for at in range(max(subject - 2, 0), first)) or seems_so(
        words, subject, first
    ):
        modality = "hedged"
    elif reported(sentence, words, subject, first):
        modality = "reported"
    if not any(word in lexicon.DENIALS for word in words[:first]):
        return Stance("denied" if negation else "affirmed", modality)
    if words[subject - 1 : subject] == ("that",) and words[subject - 2] in lexicon.DENIALS:
        # "The governor denied that there was a zone around the mine"
        return None if negation else Stance("denied", modality)
    return None


def granted(sentence: Sentence, first: int) -> Stance | None:
    """How a thing is meant that is taken for granted: affirmed, in whosever words it is told.

    Args:
        sentence: the sentence.
        first: first token of the thing.

    Returns:
        None where the sentence calls what it says untrue, or asks.
    """
    words = sentence.words
    if "?" in words[-2:] or disowned(words, first, first + 1):
        return None
    if seems_so(words, first, first):
        return Stance("affirmed", "hedged")
    told = reported(sentence, words, first, first)
    return Stance("affirmed", "reported" if told else "stated")


def presupposed(sentence: Sentence, phrase: Phrase) -> bool:
    """Whether a noun phrase alone tells that its thing exists: "its base at X", "a base on Y".

    Not so under a negation ("has no base at X", "denied having a base at X") or where the sentence
    calls what it says untrue.
    """
    words = sentence.words
    if disowned(words, phrase.first, phrase.stop):
        return False
    definite = phrase.noun is not None and phrase.noun.definite
    return definite or not negated_before(words, phrase.first)
