"""Sentences that take back the one before, as "The claim was later withdrawn" does.

"That was wrong", "This turned out to be false". What is taken back is not claimed. Only a short
sentence that points back and does nothing else is a retraction; "The report was wrong about the
price" is about something of its own.
"""

from __future__ import annotations

from osint.extract import lexicon
from osint.extract.phrase import Sentence
from osint.extract.polarity import DISOWNING, REPORTS

_POINTING = lexicon.words("that this it these those both neither none")
_SHORT = 16
_LEAD = 6
_TAKING_BACK = lexicon.words(
    "retracted retract retracts corrected disproved disproven debunked refuted disavowed rescinded "
    "recanted"
)
_PASSIVE = _TAKING_BACK | lexicon.words("withdrawn denied deleted contradicted")
_UNTRUE = DISOWNING | lexicon.words("nonsense rubbish misinformation disinformation")
_ASSENT = lexicon.words("true so correct accurate right")
_BEING = lexicon.BE | lexicon.words("turned proved proven isn't wasn't aren't weren't")
# "That was wrong of them", "it was wrong to attack": not the sentence before.
_OF_ITS_OWN = lexicon.words("about to for of in on with")


def takes_back(sentence: Sentence) -> bool:
    """Whether the sentence says that the one before it was not so."""
    if len(sentence.tokens) > 2 * _SHORT:
        return False
    words = [token.lower for token in sentence.tokens if token.kind != "punct"]
    if not 2 <= len(words) <= _SHORT or sentence.tokens[-1].text == "?":
        return False
    if words[:2] == ["not", "true"]:
        return True
    told = not REPORTS.isdisjoint(words[:_LEAD])
    points = told or not _POINTING.isdisjoint(words[:_LEAD])
    negated = words[0] in {"neither", "none"} or any(
        word in lexicon.NEGATIONS or word.endswith("n't") for word in words
    )
    being = next((at for at, word in enumerate(words) if word in _BEING), len(words))
    if negated:
        return points and being < len(words) and not _ASSENT.isdisjoint(words[being:])
    for at, word in enumerate(words):
        if word in _PASSIVE and at > being and (told or (points and word in _TAKING_BACK)):
            return True
        objects = set(words[at + 1 :])
        if word in _TAKING_BACK and objects & (REPORTS | _POINTING):
            return True
        if word in {"withdrew", "deleted"} and objects & (REPORTS - {"which"}):
            return True
        own = not _OF_ITS_OWN.isdisjoint(words[at + 1 : at + 2])
        if word in _UNTRUE and at > being and points and not own:
            return True
    return False
