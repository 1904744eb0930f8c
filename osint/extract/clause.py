"""Inside a sentence: the subject of a verb, and when it was."""

from __future__ import annotations

from collections.abc import Sequence

from osint.claims import DateInterval
from osint.extract.lexicon import ORDINALS, words
from osint.extract.phrase import Phrase

_SKIPPED = frozenset({"aux", "adv", "neg", "hedge", "verb", "reflexive"})
_IRREGULAR = words(
    "set built said thought known dug held hit struck taken shot cut burnt torn overrun seen lost "
    "found laid sunk blown driven broken retaken rebuilt hidden left put shut"
)
_DASHES = frozenset({"—", "–"})
_SHARES = words("some none many most several few all both either neither any half")
_COUNTING = words("at least more than up to about some around")
_MAX_ASIDE = 60
# "handled 300 lorries a day before the war", "once the pride of the city": no clause follows.
TIMES = frozenset({"before", "after", "since", "until", "once", "than", "so"})
_EACH = frozenset({"both", "all", "each"})
_WHEN = ("before", "after")
_TELLING = frozenset({"said", "say", "says", "claim", "claimed", "believe", "think", "thought"})
# What is done though "to" stands before it: "managed to capture", "was forced to withdraw".
_MANAGED = words(
    "managed helped forced began started continued came appear appears appeared seem seems seemed"
)
_HEARSAY = words(
    "claim claims claimed purports alleged said believed thought reported known understood rumoured"
)


def before(phrases: Sequence[Phrase], at: int, *kinds: str) -> int:
    """Index of the nearest phrase left of ``at`` that is of none of the kinds; -1 if none."""
    index = at - 1
    while index >= 0 and phrases[index].kind in kinds:
        index -= 1
    return index


def subject_of(phrases: Sequence[Phrase], verb: int) -> int | None:
    """Index of the noun phrase or pronoun that is the subject of the verb group at ``verb``."""
    index = verb - 1
    while index >= 0:
        phrase = phrases[index]
        if phrase.kind in _SKIPPED:
            index -= 1
        elif phrase.kind == "date":
            index -= 2 if index and phrases[index - 1].kind == "prep" else 1
        elif phrase.kind == "qty" and index:
            index -= 2 if phrases[index - 1].of("prep", "of") else 1
        elif _told_of(phrases, index):
            # "is believed to have seized", "is said to be in"
            index -= 1
        elif phrase.text in ORDINALS and index and phrases[index - 1].kind == "aux":
            # "was first shelled"
            index -= 1
        elif phrase.text in _EACH and index and phrases[index - 1].kind == "np":
            # "The mill and the silos both lie"
            index -= 1
        elif index > 3 and phrase.kind == "np" and _between(phrases, index):
            # "The line between Moss and Ferrin reopened"
            index -= 4
        elif phrase.kind in {"np", "pron"}:
            if none_of(phrases, index):
                return index
            said = index < verb - 1 and phrases[verb - 1].text in _TELLING
            if said and phrase.kind == "pron" and index and phrases[index - 1].kind == "np":
                # "a tank it said was": the tank
                return index - 1
            if index > 1 and phrases[index - 1].text == "for" and phrases[index - 2].text == ",":
                # "Few slept, for the station is near"
                return index
            when = index > 1 and phrases[index - 1].of("sub", *_WHEN)
            if when and phrases[index - 2].kind == "np":
                # "The last station before the desert is"
                index -= 2
                continue
            if index and phrases[index - 1].kind in {"prep", "dir"}:
                if index >= 2 and phrases[index - 2].text in _SHARES:
                    # "some of the X were", "none of the X was"
                    return index
                index -= 2
                continue
            if index and phrases[index - 1].kind == "rel" and _tells(phrases, index + 1, verb):
                # "which officials said is": the relative, not who says so.
                return antecedent(phrases, index - 1)
            lead = index - 1
            while lead > 0 and phrases[lead].text in _COUNTING:
                lead -= 1
            if (
                lead > 0
                and phrases[lead].text.endswith("ing")
                and (
                    phrases[lead].kind == "verb"
                    and phrases[lead - 1].kind == "np"
                    and not phrases[lead - 1].text.endswith("'s")
                )
            ):
                # "A plane carrying relief goods crashed", "a grave containing at least 80 bodies"
                index = lead - 1
                continue
            if index and phrases[index - 1].kind in {"rel", "verb"}:
                relative = _relative_of(phrases, index, verb)
                if relative is not None:
                    return antecedent(phrases, relative)
            return index
        elif phrase.kind == "rel":
            return antecedent(phrases, index)
        elif phrase.kind == "conj":
            earlier = _verb_before(phrases, index)
            return subject_of(phrases, earlier) if earlier is not None else None
        elif phrase.text == ",":
            if index == verb - 1 and _is_reduced(phrases, verb):
                head = _head_before(phrases, index)
                if head is None and index and phrases[index - 1].kind == "date":
                    # "was shut on 3 March, reopened on 9 March and"
                    earlier = _verb_before(phrases, index)
                    return subject_of(phrases, earlier) if earlier is not None else None
                return head
            return _across(phrases, index)
        elif phrase.text == ")":
            while index >= 0 and phrases[index].text != "(":
                index -= 1
            index -= 1
        elif phrase.text in _DASHES:
            opening = max(index - _MAX_ASIDE, 0)
            spans = [at for at in range(opening, index) if phrases[at].text in _DASHES]
            if not spans:
                return None
            index = spans[-1] - 1
        elif phrase.kind == "prep" and index and phrases[index - 1].kind == "verb":
            # "flown in from X"
            index -= 1
        else:
            return None
    return _subject_behind(phrases, verb)


def _between(phrases: Sequence[Phrase], last: int) -> bool:
    """Whether "between X and Y" ends here, behind a noun phrase."""
    pair = phrases[last - 1].of("conj", "and") and phrases[last - 3].of("prep", "between")
    return pair and phrases[last - 2].kind == "np" and phrases[last - 4].kind == "np"


def none_of(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "none of the tanks", "not one of the tanks": whether those at ``at`` are meant."""
    if at < 2 or not phrases[at - 1].of("prep", "of"):
        return False
    one = at > 2 and phrases[at - 2].text == "one" and phrases[at - 3].kind == "neg"
    return one or phrases[at - 2].text in {"none", "neither"}


def _across(phrases: Sequence[Phrase], comma: int) -> int | None:
    """The subject before asides that end at a comma: "X, a town that ..., in the north, fell".

    The first stretch of the clause between commas that opens with a noun phrase and has no verb of
    its own; those in front that open otherwise ("On 3 May, ...") only say when or where.
    """
    begin = comma
    while begin > max(comma - _MAX_ASIDE, 0):
        before = phrases[begin - 1]
        if before.text in {";", ":", ".", "but"}:
            break
        if before.kind == "sub" and before.text not in TIMES:
            break
        if before.kind == "conj" and begin >= 2 and phrases[begin - 2].text == ",":
            break
        begin -= 1
    nested, opening = False, begin
    for index in range(begin, comma + 1):
        if phrases[index].text != ",":
            continue
        while opening < index and _sets_scene(phrases, opening):
            opening += 1
        first = phrases[opening]
        nested = nested or first.kind == "rel" or _of_which(phrases, opening)
        if first.kind in {"np", "pron"} and not nested and not _finite(phrases[opening:index]):
            return opening
        opening = index + 1
        nested = False
    return None


def _sets_scene(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether it is a date or what leads to one: "On 14 June 2014 gunmen, some of them, ..."."""
    return phrases[at].kind in {"date", "adv"} or (
        phrases[at].kind == "prep" and phrases[at + 1].kind == "date"
    )


def _of_which(phrases: Sequence[Phrase], at: int) -> bool:
    return phrases[at].kind == "prep" and phrases[at + 1].kind == "rel"


def _finite(piece: Sequence[Phrase]) -> bool:
    """Whether a stretch has a verb of its own, not in a relative clause and no participle."""
    for index, phrase in enumerate(piece):
        if phrase.kind == "rel":
            return False
        if phrase.kind == "aux":
            return True
        if phrase.kind == "verb" and not phrase.text.endswith("ing"):
            by = index + 1 < len(piece) and piece[index + 1].kind in {"prep", "date"}
            return not (by and _is_participle(piece, index))
    return False


def _is_reduced(phrases: Sequence[Phrase], verb: int) -> bool:
    """Whether the verb after a comma opens an aside: "X, closed since May, ...", "X, burning Y".

    A participle has no object of its own; one behind an aside that is closed is the main verb,
    unless another verb follows the comma that closes its own.
    """
    if phrases[verb].kind not in {"verb", "hedge"} or not _is_participle(phrases, verb):
        return False
    after = phrases[verb + 1] if verb + 1 < len(phrases) else None
    if phrases[verb].text.endswith("ing"):
        return not _aside(phrases, verb - 1)
    if after is not None and after.kind in {"np", "pron", "reflexive"}:
        return False
    if not _aside(phrases, verb - 1) and _comma_before(phrases, verb - 1) is None:
        return True
    return not _aside(phrases, verb - 1) and _resumes(phrases, verb)


def _resumes(phrases: Sequence[Phrase], verb: int) -> bool:
    """Whether a comma and a finite verb follow: "X, opened in May by Y, is ..."."""
    for index in range(verb + 1, len(phrases)):
        phrase = phrases[index]
        if phrase.text == "," and index + 1 < len(phrases):
            following = phrases[index + 1]
            return following.kind in {"verb", "aux", "rel", "prep", "neg", "hedge", "adv"}
        if phrase.kind in {"verb", "aux", "sub"} or phrase.text in {";", ":", "."}:
            return False
    return True


def _subject_behind(phrases: Sequence[Phrase], verb: int) -> int | None:
    """As in "Evacuated in May, the town of X was": what a participle that opens is said of."""
    opening = before(phrases, verb, "adv", "hedge", "neg")
    if opening == 0 and phrases[0].text == "having":
        # "Having taken X in May, the column ..."
        opening = -1
    if opening >= 0 or not (_is_participle(phrases, verb) or phrases[0].text == "having"):
        return None
    for index in range(verb + 1, len(phrases) - 1):
        if phrases[index].text in {";", ":", "."} or phrases[index].kind == "aux":
            return None
        if phrases[index].text == "," and phrases[index + 1].kind in {"np", "pron"}:
            return index + 1
    return None


def _relative_of(phrases: Sequence[Phrase], at: int, verb: int) -> int | None:
    """The relative pronoun of a clause without commas that holds the noun phrase at ``at``.

    "The depot that the inspectors found is", "rebels who had crossed the river seized".
    """
    if phrases[at - 1].kind == "rel":
        found = any(phrase.kind == "verb" for phrase in phrases[at + 1 : verb])
        return at - 1 if found else None
    index = before(phrases, at - 1, "aux", "adv", "neg", "hedge")
    return index if index >= 0 and phrases[index].kind == "rel" else None


def _tells(phrases: Sequence[Phrase], begin: int, end: int) -> bool:
    return any(phrase.text in _TELLING for phrase in phrases[begin:end])


def antecedent(phrases: Sequence[Phrase], relative: int) -> int | None:
    """What "which" at ``relative`` stands for."""
    index = relative - 1
    if index >= 0 and phrases[index].text == ",":
        index -= 1
    return index if index >= 0 and phrases[index].kind == "np" else None


def hearsay(phrases: Sequence[Phrase], verb: int) -> int:
    """Index of "said" in "is said to be", else the verb itself."""
    told = verb >= 2 and phrases[verb - 1].of("prep", "to")
    return verb - 2 if told and phrases[verb - 2].text in _HEARSAY else verb


def _head_before(phrases: Sequence[Phrase], comma: int) -> int | None:
    index = comma - 1
    if index < 0 or phrases[index].kind != "np":
        return None
    noun, named = phrases[index].noun, phrases[index - 2].noun if index >= 2 else None
    apposed = index >= 2 and phrases[index - 1].text == "," and noun is not None
    if apposed and noun is not None and noun.determiner in {"a", "an"} and named is not None:
        return index - 2
    return index


def _aside(phrases: Sequence[Phrase], comma: int) -> bool:
    """Whether the comma closes what another one opened: "X, closed since May, reopened"."""
    opening = _comma_before(phrases, comma)
    if opening is None or not opening or phrases[opening - 1].kind != "np":
        return False
    return phrases[opening + 1].kind in {"verb", "rel", "aux"}


def _is_participle(phrases: Sequence[Phrase], verb: int) -> bool:
    return phrases[verb].text.endswith(("ed", "ing")) or phrases[verb].text in _IRREGULAR


def _verb_before(phrases: Sequence[Phrase], at: int) -> int | None:
    for index in range(at - 1, -1, -1):
        if phrases[index].kind in {"verb", "aux"}:
            return index
        if phrases[index].text in {";", ":"}:
            return None
    return None


def _comma_before(phrases: Sequence[Phrase], at: int) -> int | None:
    for index in range(at - 1, max(at - 24, -1), -1):
        if phrases[index].text == ",":
            return index
    return None


def date_in(phrases: Sequence[Phrase], anchor: int) -> DateInterval | None:
    """When it was: the one date said in the main clause around ``anchor``.

    Dates in a relative clause are about something else; two dates are none.
    """
    found: list[DateInterval] = []
    relative = False
    for index, phrase in enumerate(phrases):
        if phrase.kind in {"rel", "sub"} and index > anchor:
            relative = True
        ends = phrase.text == "," or phrase.of("conj", "and", "but")
        if index > anchor and (
            phrase.text == ";" or (found and ends and _acts(phrases, index + 1))
        ):
            # "arrived on 4 June and left a day later"
            break
        if phrase.text == ";":
            found.clear()
        later = phrase.noun is None and phrase.text.endswith(("later", "next day", "following day"))
        if phrase.kind == "date" and phrase.date is not None and not relative and not later:
            since = index and phrases[index - 1].of("prep", "before", "after", "by")
            since = since or (index and phrases[index - 1].text in {"since", "until", "before"})
            if not since:
                found.append(phrase.date)
    return found[0] if len(found) == 1 else None


def _acts(phrases: Sequence[Phrase], at: int) -> bool:
    return at < len(phrases) and phrases[at].kind in {"verb", "aux"}


def infinitive(phrases: Sequence[Phrase], verb: int) -> bool:
    """Whether the verb follows "to": a purpose or a plan, nothing that has happened."""
    index = verb - 1
    while index >= 0 and phrases[index].kind in {"aux", "adv"}:
        if phrases[index].kind == "aux" and phrases[index].text not in {"be", "have"}:
            return False
        index -= 1
    return index >= 0 and phrases[index].of("prep", "to") and not _told_of(phrases, index)


def _told_of(phrases: Sequence[Phrase], to: int) -> bool:
    """Whether "to" at ``to`` is that of "is believed to be": what is thought or said to be so."""
    if to < 1 or not phrases[to].of("prep", "to"):
        return False
    told = phrases[to - 1]
    if to > 2 and phrases[to - 2].of("prep", "by"):
        # "is said by locals to stand"
        told = phrases[to - 3]
    return told.kind == "hedge" or (told.kind == "verb" and told.text in _HEARSAY | _MANAGED)
