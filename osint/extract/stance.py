"""How a statement is meant: affirmed or denied, and stated, hedged or only reported.

A statement is reported if its own clause is attributed to somebody: "officials said (that) ...",
"according to X, ...", "reportedly", "said to be", "..., officials said". That somebody says
something else in the same sentence attributes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from osint.claims import Modality, Polarity
from osint.extract import lexicon
from osint.extract.phrase import Phrase, Sentence
from osint.extract.polarity import disowned, negated_before, negates, polarity, reaches
from osint.extract.tokens import Token

# These take what is said as their object; the others need "that" to show that they do. Verbs by
# which the writer vouches himself ("confirmed", "revealed", "announced") attribute nothing.
_SAYING = lexicon.words(
    "say says said saying claim claims claimed claiming report reports reported reporting allege "
    "alleges alleged alleging insist insists insisted tell tells told"
)
_TELLING_THAT = lexicon.words(
    "state stated states add added adds assert asserted asserts maintain maintained maintains warn "
    "warned warns write wrote writes tweeted rumour rumours rumor rumors statement statements "
    "allegation allegations assertion boast boasted complain complained"
)
_ABOUT_HEARSAY = lexicon.words(
    "reportedly allegedly supposedly purportedly alleged supposed rumoured rumored purported"
)
_TOLD = _SAYING | _TELLING_THAT | _ABOUT_HEARSAY | {"according"}
_SAID_TO = lexicon.words("said reported claimed alleged understood rumoured rumored")
_SEEMING = lexicon.words("appear appears appeared seem seems seemed")
_CONTRARY = lexicon.words("whatever whatsoever contrary despite although though unlike")
_QUOTES = frozenset("\"'“”‘’«»")
_MARKS = _QUOTES - {"'", "’"}
_EVERY = lexicon.words("every each any next")
_SPEAKING = _SAYING | _TELLING_THAT
_SHORTEST_QUOTE = 5
_MAX_REACH = 60


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
    lead, inner = words[_clause_start(words, subject) : anchor], words[subject:anchor]
    inverted = tokens[0].lower in {"had", "were", "should"} and tokens[0].text[0].isupper()
    if inverted and "," in words[anchor:]:
        # "Had the army crossed the river, ..."
        return None
    if lexicon.CONDITIONALS & set(lead) or lexicon.FUTURES & set(inner):
        return None
    if subject > 1 and words[subject - 2] in _EVERY and words[subject - 1] in {"time", "day"}:
        # "Every time they visit X": when, not that they do.
        return None
    held = polarity(words, subject, anchor, named=tokens[subject].capital)
    if held is None:
        return None
    near = [*range(min(1, subject)), *range(max(subject - 3, 1), anchor)]
    modality: Modality = "stated"
    if any(_hedges(tokens, at) and not _in_aside(words, at, subject, anchor) for at in near):
        modality = "hedged"
    elif _reported(sentence, words, subject, anchor):
        modality = "reported"
    return Stance(held, modality)


def _reported(sentence: Sentence, words: Sequence[str], subject: int, anchor: int) -> bool:
    """Whether the clause from ``subject`` to ``anchor`` is somebody's who is named or hinted at."""
    inner = words[subject:anchor]
    opening = words[_clause_start(words, subject) : subject]
    if _ABOUT_HEARSAY & {*inner, *opening, *words[: min(1, subject)]} or "according" in inner:
        return True
    # "is said to be", ", reported at"
    if any(one in _SAID_TO and two in {"to", "at"} for one, two in pairwise(inner)):
        return True
    # "X, officials said, is ...", "X, which officials said is ..."
    for at in range(2, len(inner) - 1):
        told = inner[at] in {"say", "says", "said"} and inner[at - 1] not in {",", "who"}
        if told and (inner[at + 1] == "," or inner[at + 1] in lexicon.AUXILIARIES):
            return True
    return (
        _said_before(words, subject)
        or _according_before(words, subject)
        or _said_after(sentence, anchor)
        or _quoted(words, subject)
    )


def _quoted(words: Sequence[str], subject: int) -> bool:
    """As in '"A is so," the surveyor writes, "and CLAIM."': inside a quotation that somebody says.

    The words of saying stand outside the quotation marks; a quotation of a word or two is a name.
    """
    if _MARKS.isdisjoint(words):
        return False
    marks = [at for at, word in enumerate(words) if word in _MARKS]
    inside = sum(at < subject for at in marks) % 2 == 1
    if not inside or len(marks) < 2:
        return False
    opening = max(at for at in marks if at < subject)
    closing = next((at for at in marks if at > subject), len(words))
    outside = [word for at, word in enumerate(words) if sum(m < at for m in marks) % 2 == 0]
    return closing - opening > _SHORTEST_QUOTE and not _SPEAKING.isdisjoint(outside)


def _said_before(words: Sequence[str], subject: int) -> bool:
    """As in "officials said (that) CLAIM", "said that A and that CLAIM", "said: CLAIM"."""
    for at in range(subject - 1, max(subject - _MAX_REACH, -1), -1):
        word = words[at]
        if word in {";", "but"}:
            return False
        if word in _SAYING or word in _TELLING_THAT:
            between = words[at + 1 : subject]
            noun = at > 0 and words[at - 1] in lexicon.DETERMINERS
            vague = noun or word in _TELLING_THAT
            if between[:1] and between[0] in lexicon.AUXILIARIES | {"to", "by", "of"}:
                continue
            if not lexicon.DENIALS.isdisjoint(between):
                # "In a statement the ministry denied that CLAIM": not what the statement says.
                return False
            if vague and "that" not in between and ":" not in between:
                continue
            return reaches(between)
    return False


def _according_before(words: Sequence[str], subject: int) -> bool:
    """As in "according to X, CLAIM": one comma between, that which closes the phrase."""
    for at in range(subject - 1, max(subject - _MAX_REACH, -1), -1):
        if words[at] == ";":
            return False
        if words[at] == "according":
            opens = at == 0 or words[at - 1] in {",", ";", ":", "and", "but", "that", *_QUOTES}
            return opens and words[at:subject].count(",") <= 1
        # "As officials said, CLAIM"
        if words[at] == "as" and words[subject - 1] == ",":
            said = words[at + 1 : subject - 1]
            if "," not in said and _SAYING & set(said):
                return at == 0 or words[at - 1] in {",", ";", ":"}
    return False


def _said_after(sentence: Sentence, anchor: int) -> bool:
    """As in "CLAIM, officials said (on Monday)", "CLAIM, according to X", "CLAIM, reportedly"."""
    if _TOLD.isdisjoint(sentence.words[anchor:]):
        return False
    phrases = sentence.phrases
    behind = [at for at, phrase in enumerate(phrases) if phrase.first > anchor]
    for at in behind:
        phrase = phrases[at]
        if phrase.text in {";", "but", "and", "while"}:
            before = phrases[at + 1].text if at + 1 < len(phrases) else ""
            # What comes after may be attributed by itself.
            if phrase.text != "and" or before == "according":
                return False
        if phrase.text == "according" or phrase.text.startswith("according "):
            return True
        if phrase.text in _ABOUT_HEARSAY and phrases[at - 1].text == ",":
            return at + 1 == len(phrases) or phrases[at + 1].text == "."
        says = phrase.text in _SAYING | _TELLING_THAT and phrase.kind in {"verb", "np"}
        after_comma = phrases[at - 1].text == "," or phrases[at - 1].text in _QUOTES
        inverted = phrase.text in {"said", "says", "reported"} and after_comma
        if inverted and at + 1 < len(phrases) and phrases[at + 1].kind in {"np", "pron"}:
            # "CLAIM, said one of the officials"
            return _closes(phrases, at + 2)
        # "..., he told the court"
        told = phrase.text in {"told", "tells"} and at + 1 < len(phrases)
        behind_it = at + 2 if told and phrases[at + 1].kind == "np" else at + 1
        if says and _closes(phrases, behind_it) and _speaker_before(phrases, at - 1, anchor):
            return not _elsewhere(phrases, at, behind_it, anchor)
    return False


def _elsewhere(phrases: Sequence[Phrase], says: int, after: int, anchor: int) -> bool:
    """As in "CLAIM, close enough for those who wake, they say, when ...": of the last clause."""
    if after >= len(phrases) or phrases[after].text != ",":
        return False
    begin = says - 1
    while begin > 0 and phrases[begin].text != ",":
        begin -= 1
    own = [phrase for phrase in phrases[:begin] if phrase.first > anchor]
    return any(phrase.kind in {"rel", "verb"} for phrase in own)


def _closes(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether nothing but when and where it was said follows up to the end or a comma."""
    while at < len(phrases):
        phrase = phrases[at]
        if phrase.kind == "punct":
            return phrase.text in {".", ",", *_QUOTES, "!", ")"}
        if phrase.kind == "prep" and at + 1 < len(phrases):
            at += 2
        elif phrase.kind in {"date", "adv"}:
            at += 1
        else:
            return False
    return True


def _speaker_before(phrases: Sequence[Phrase], at: int, anchor: int) -> bool:
    """Whether ", SPEAKER" stands before the verb of saying: no verb, and a comma to open it."""
    named = False
    while at >= 0 and phrases[at].first > anchor:
        phrase = phrases[at]
        if phrase.text in {",", "-", "–", "—"} | _QUOTES:
            return named
        if not _CONTRARY.isdisjoint(phrase.text.split(" ")):
            # "..., whatever the channels claim"
            return False
        if phrase.kind in {"np", "pron"}:
            named = True
        elif phrase.kind not in {"prep", "adv", "aux"}:
            return False
        at -= 1
    return False


def _hedges(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    if token.lower in _SEEMING:
        # "appears to be", not "appears on no chart"
        if following in {"to", "as", "like"}:
            return True
        where = following in lexicon.PREPOSITIONS or following in lexicon.COMPASS_WORDS
        return token.lower != "appeared" and not where
    if token.lower not in lexicon.HEDGES:
        return False
    if token.lower == "may" and token.text[0].isupper() and at:
        return False
    # "could be seen" tells that someone was there, not that he might have been.
    return not (token.lower == "could" and following == "be")


def _in_aside(words: Sequence[str], at: int, subject: int, anchor: int) -> bool:
    """Whether a word between subject and anchor stands in ", which ... ,": of something else."""
    begin = next((n for n in range(at, subject, -1) if words[n] == ","), None)
    if begin is None or "," not in words[at:anchor]:
        return False
    return not lexicon.RELATIVES.isdisjoint(words[begin + 1 : begin + 3])


def _clause_start(words: Sequence[str], subject: int) -> int:
    """First token of the clause: what is said in an earlier one is not about this one."""
    for index in range(subject - 1, -1, -1):
        if words[index] in {";", "but", ":", ","}:
            return index
    return 0


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
    begin = _clause_start(words, first)
    lead = words[begin:first]
    if lexicon.CONDITIONALS & set(lead) or "?" in words[-2:]:
        return None
    negation = any(negates(word) for word in lead)
    having = next((at for at in range(first - 1, begin - 1, -1) if words[at] in _HAVING), None)
    near = having is not None and first - having <= 4
    if not near or having is None:
        return None if negation else granted(sentence, first)
    subject = having
    while subject > begin and words[subject - 1] not in {",", "that", ":", "and"}:
        subject -= 1
        if words[subject] == "there":
            break
    modality: Modality = "stated"
    if any(_hedges(sentence.tokens, at) for at in range(subject, first)):
        modality = "hedged"
    elif _reported(sentence, words, subject, first):
        modality = "reported"
    if not any(word in lexicon.DENIALS for word in words[:first]):
        return Stance("denied" if negation else "affirmed", modality)
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
    told = _reported(sentence, words, first, first)
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
