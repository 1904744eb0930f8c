"""Whose words a clause is told in: "officials said (that) ...", "according to X", "..., X said"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from osint.extract import lexicon
from osint.extract.phrase import Phrase, Sentence
from osint.extract.polarity import reaches

# These take what is said as their object; the others need "that" to show that they do. Verbs by
# which the writer vouches himself ("confirmed", "revealed", "announced") attribute nothing.
_SAYING = lexicon.words(
    "say says said saying claim claims claimed claiming report reports reported reporting allege "
    "alleges alleged alleging insist insists insisted tell tells told"
)
_TELLING_THAT = lexicon.words(
    "contend contends contended argue argues argued suspect suspects estimate estimates estimated "
    "reckon reckons reckoned confide confided whisper whispered swear swears swore vow vows vowed "
    "state stated states add added adds assert asserted asserts maintain maintained maintains warn "
    "warned warns recall recalled recalls testify testified testifies remembered "
    "remembers explained write wrote writes tweeted rumour rumours rumor rumors statement "
    "statements allegation allegations assertion boast boasted complain complained"
)
_ABOUT_HEARSAY = lexicon.words(
    "reportedly allegedly supposedly purportedly alleged supposed rumoured rumored purported"
)
_DEPICTING = lexicon.words("describe describes described recount recounts recounted")
_TOLD = _SAYING | _TELLING_THAT | _ABOUT_HEARSAY | {"according", "per"}
_SAID_TO = lexicon.words(
    "claim claims purport purports said reported claimed alleged understood rumoured rumored"
)
_CONTRARY = lexicon.words("whatever whatsoever contrary despite although though unlike")
_QUOTES = frozenset("\"'“”‘’«»")
_MARKS = _QUOTES - {"'", "’"}
_SPEAKING = _SAYING | _TELLING_THAT
_FINITE = frozenset(
    {word for word in _SPEAKING if word.endswith(("ed", "s"))}
    | {"said", "told", "wrote", "swore", "say", "claim", "report", "insist"}
) - lexicon.words("states statements rumours rumors rumoured rumored allegations estimates")
# "CLAIM, said X"; "the embassy, D from X, told its staff" says who told.
_INVERTED = _FINITE - {"told", "tells"}
# As often nouns as verbs; what stands before them tells.
_PRESENT = lexicon.words("insists maintains asserts contends alleges argues boasts complains")
_NOUNS_TOO = lexicon.words("report reports claim claims state states estimate estimates boast")
_BEFORE_NOUNS = (
    lexicon.DETERMINERS
    | lexicon.PREPOSITIONS
    | lexicon.SUBORDINATORS
    | lexicon.words(
        "several many some few two three recent earlier previous new conflicting unconfirmed media "
        "news press official intelligence first early initial such more other similar these those "
        "various numerous no all both field situation incident and or member unity neighbouring "
        "police eyewitness social-media"
    )
)
_SHORTEST_QUOTE = 5
_MAX_REACH = 60
_CLOSE = 12
_OPENERS = frozenset({",", ";", ":", "(", "and", "but", "that", "while", "though", *_QUOTES})
_OWNED = frozenset({"'s", "’s", "s", "'", "’", "own", "official"})
_ACCOUNTS = lexicon.words(
    "telling retelling account accounts reckoning version narrative words description testimony"
)
_VIEWS = _ACCOUNTS | {"view"}
_BY_ACCOUNT = _ACCOUNTS | {"believed"}


def reported(sentence: Sentence, words: Sequence[str], subject: int, anchor: int) -> bool:
    """Whether the clause from ``subject`` to ``anchor`` is somebody's who is named or hinted at."""
    inner = words[subject:anchor]
    opening = words[clause_start(words, subject) : subject]
    if _ABOUT_HEARSAY & {*inner, *opening, *words[: min(1, subject)]} or "according" in inner:
        return True
    # "is said to be", ", reported at"
    if any(one in _SAID_TO and two in {"to", "at"} for one, two in pairwise(inner)):
        return True
    for at, word in enumerate(inner):
        if word == "told" and "," in inner[max(at - 4, 0) : at] and "," in inner[at + 1 : at + 5]:
            # "X, sources told this newspaper, is"
            return lexicon.RELATIVES.isdisjoint(inner[max(at - 4, 0) : at])
        if word in _SAID_TO and "by" in inner[at + 1 : at + 2] and "to" in inner[at + 2 : at + 7]:
            # "is said by locals to be"
            return True
        if word in _VIEWS and inner[at - 2 : at] in {("in", "the"), ("by", "the")}:
            # "X, in the view of two experts, is"
            return "," in inner[max(at - 3, 0) : at] and "of" in inner[at + 1 : at + 2]
    # "X, officials said, is ...", "X, which officials said is ..."
    for at in range(2, len(inner) - 1):
        aside = inner[at - 1] == "," and "," in inner[at + 2 : at + 8]
        if inner[at] in {"said", "says", "claimed"} and aside:
            # "X, said a driver, stood at"
            return inner[at + 1] != "to"
        told = inner[at] in {"say", "says", "said"} and inner[at - 1] not in {",", "who"}
        spoken = inner[at] in _SPEAKING and not _is_noun(inner, at)
        spoken = spoken and not _denies_as(inner, at)
        if spoken and inner[at + 1] == "," and "," in inner[max(at - 6, 0) : at]:
            # "X, one of them remembers, is"
            told = told or lexicon.RELATIVES.isdisjoint(inner[max(at - 6, 0) : at])
        if told and (inner[at + 1] == "," or inner[at + 1] in lexicon.AUXILIARIES):
            return True
    return (
        _said_before(words, subject)
        or _according_before(words, subject)
        or _by_account(words, subject)
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


def _is_noun(words: Sequence[str], at: int) -> bool:
    """Whether "reports", "claim", "state" is a noun here: "after reports of", "in Unity state"."""
    if words[at] not in _NOUNS_TOO:
        return at > 0 and words[at - 1] in lexicon.DETERMINERS
    before = words[at - 1] if at else ""
    if not before or before in _BEFORE_NOUNS or before in {",", "(", ":", ";"}:
        return True
    if words[at] in {"report", "claim"}:
        # "Officials in Dhaka claim", "residents report"
        begin = clause_start(words, at)
        return not any(_many(word) for word in words[begin:at])
    return words[at] in {"state", "estimate", "boast"} and not _many(before)


def _many(word: str) -> bool:
    return lexicon.is_plural(word) or word in {"they", "we", "i", "you", "media"}


def _said_before(words: Sequence[str], subject: int) -> bool:
    """As in "officials said (that) CLAIM", "said that A and that CLAIM", "said: CLAIM"."""
    for at in range(subject - 1, max(subject - _MAX_REACH, -1), -1):
        word = words[at]
        if word in {";", "but"}:
            return False
        if word in _SAYING or word in _TELLING_THAT or word in _DEPICTING:
            between = words[at + 1 : subject]
            noun = _is_noun(words, at)
            if word in _DEPICTING and not between and not noun:
                # "Defectors have described a tunnel in X"
                return True
            vague = noun or word not in _SAYING
            if between[:1] and between[0] in lexicon.AUXILIARIES | {"to", "by", "of"}:
                continue
            if not lexicon.DENIALS.isdisjoint(between):
                # "In a statement the ministry denied that CLAIM": not what the statement says.
                return False
            if vague and "that" not in between and ":" not in between:
                continue
            if between == (",",) and words[clause_start(words, at)] == ",":
                # "On 14 August, police said, masked men ..."
                return at - clause_start(words, at) < _SHORTEST_QUOTE
            return reaches(between)
    return False


def _according_before(words: Sequence[str], subject: int) -> bool:
    """As in "according to X, CLAIM": one comma between, that which closes the phrase."""
    for at in range(subject - 1, max(subject - _MAX_REACH, -1), -1):
        if words[at] == ";":
            return False
        if words[at] == "according":
            opens = at == 0 or words[at - 1] in _OPENERS
            return opens and _one_phrase(words[at:subject])
        if words[at] == "per" and (at == 0 or words[at - 1] in _OPENERS):
            # "Per the ministry, CLAIM"
            return words[subject - 1] == "," and _one_phrase(words[at:subject])
        # "As officials said, CLAIM"
        if words[at] == "as" and words[subject - 1] == ",":
            said = words[at + 1 : subject - 1]
            if "," not in said and _SAYING & set(said):
                return at == 0 or words[at - 1] in {",", ";", ":"}
    return False


def _one_phrase(told: Sequence[str]) -> bool:
    """Whether the words from "according" to a subject are those of the source alone."""
    if told.count(",") <= 1:
        return True
    first = told.index(",")
    aside = told[first + 1 : len(told) - 1]
    if told[-1] != ",":
        return False
    return aside[0] in lexicon.RELATIVES or lexicon.AUXILIARIES.isdisjoint(aside)


def _by_account(words: Sequence[str], subject: int) -> bool:
    """As in "In the army's telling CLAIM", "by their account, CLAIM", "if X is to be believed"."""
    if _BY_ACCOUNT.isdisjoint(words[max(subject - _CLOSE, 0) : subject]):
        return False
    for at in range(subject - 1, max(subject - _CLOSE, -1), -1):
        word = words[at]
        if word in {";", ":", "but"}:
            return False
        if word not in _BY_ACCOUNT:
            continue
        begin = next((n for n in range(at, -1, -1) if words[n] in {",", ";", "and"}), -1) + 1
        if word == "believed" and words[begin] == "if" and words[at - 1] == "be":
            return True
        if word in _ACCOUNTS and words[begin] in {"in", "by", "on", "from", "if"}:
            owned = words[at - 1] in lexicon.POSSESSIVES | _OWNED
            owned = owned or words[at + 1] == "of" or words[begin + 1 : at] == ("the",)
            return owned and "," not in words[at + 1 : subject - 1]
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
        if phrase.text == "per" and phrases[at - 1].text in {",", "("}:
            return True
        if phrase.text in _ABOUT_HEARSAY and phrases[at - 1].text == ",":
            return at + 1 == len(phrases) or phrases[at + 1].text == "."
        says = phrase.text in _SPEAKING and phrase.kind in {"verb", "np"}
        if (
            phrase.kind == "np"
            and phrase.text.rpartition(" ")[2] in _PRESENT
            and (phrases[at - 1].text == "," and _closes(phrases, at + 1))
        ):
            # "CLAIM, the presidency maintains": a verb that was not told from a noun
            return True
        after_comma = phrases[at - 1].text == "," or phrases[at - 1].text in _QUOTES
        inverted = phrase.text in _INVERTED and after_comma and _acts(phrases[:at])
        if inverted and at + 1 < len(phrases) and phrases[at + 1].kind in {"np", "pron"}:
            # "CLAIM, said one of the officials"
            return _closes(phrases, at + 2)
        # "..., he told the court"
        told = phrase.text in {"told", "tells"} and at + 1 < len(phrases)
        behind_it = at + 2 if told and phrases[at + 1].kind == "np" else at + 1
        if says and _denies_as(sentence.words, phrase.first):
            return False
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


def _denies_as(words: Sequence[str], at: int) -> bool:
    """As in "is not, as the ministry maintains, in X": what they say is what is denied."""
    begin = clause_start(words, at)
    return words[begin + 1 : begin + 2] == ("as",) and not lexicon.NEGATIONS.isdisjoint(
        words[:begin]
    )


def _acts(phrases: Sequence[Phrase]) -> bool:
    """Whether a clause is among the phrases: with none, the verb that follows is its own."""
    return any(phrase.kind in {"verb", "aux"} for phrase in phrases)


def _closes(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether nothing but when and where it was said follows up to the end or a comma."""
    while at < len(phrases):
        phrase = phrases[at]
        if phrase.kind == "punct":
            return phrase.text in {".", ",", *_QUOTES, "!", ")"}
        if phrase.kind == "prep" and at + 1 < len(phrases):
            if phrases[at + 1].kind == "verb":
                # "told its staff to stay"
                return False
            at += 2
        elif phrase.kind in {"date", "adv"}:
            at += 1
        else:
            return False
    return True


def _speaker_before(phrases: Sequence[Phrase], at: int, anchor: int) -> bool:
    """Whether ", SPEAKER" stands before the verb of saying: no verb, and a comma to open it."""
    named = False
    if at > 3 and phrases[at].text == "," and phrases[at - 2].text == ",":
        # "CLAIM, the ministry's spokesman, Ali Hassan, said"
        apposed = phrases[at - 1].kind == phrases[at - 3].kind == "np"
        return apposed and phrases[at - 3].first > anchor and phrases[at - 4].text == ","
    while at >= 0 and phrases[at].first > anchor:
        phrase = phrases[at]
        if phrase.text in {",", "-", "–", "—"} | _QUOTES:
            return named
        if not _CONTRARY.isdisjoint(phrase.text.split(" ")):
            # "..., whatever the channels claim"
            return False
        if phrase.kind in {"np", "pron"}:
            named = True
        elif phrase.text in {"or", "so"}:
            # "– or so the army says"
            pass
        elif phrase.kind not in {"prep", "adv", "aux", "date"}:
            return False
        at -= 1
    return False


def clause_start(words: Sequence[str], subject: int) -> int:
    """First token of the clause: what is said in an earlier one is not about this one."""
    for index in range(subject - 1, -1, -1):
        if words[index] in {";", "but", ":", ","}:
            return index
    return 0
