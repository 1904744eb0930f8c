"""Which date says when something happened, and to which verb of the sentence it belongs."""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract import lexicon
from osint.extract.clause import TIMES, subject_of
from osint.extract.events import EVENT_NOUNS
from osint.extract.phrase import Phrase

_NOT_THEN = lexicon.words("by before after since until till from to of for between like than per")
_SPEECH = lexicon.words("say claim report insist recall write allege")
HOURS = lexicon.words(
    "hours days weeks half beginning start weekend night "
    "morning evening afternoon dawn night-time day"
)
PHASES = lexicon.words("begin start resume continue stop end halt finish complete")


def says_when(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the date is when something was: not "since May", "from 3 to 5 May", "by June"."""
    before = phrases[at - 1] if at else None
    after = phrases[at + 1] if at + 1 < len(phrases) else None
    if after is not None and after.text in {"'s", "’s", "'", "’"}:
        # "Yesterday's strike flattened the post office"
        owned = phrases[at + 2].noun if at + 2 < len(phrases) else None
        return owned is not None and owned.head in EVENT_NOUNS and before is None
    if before is None:
        return True
    if (
        before.text in {"of", "on"}
        and at > 2
        and phrases[at - 3].text in {"after", "before", "since"}
    ):
        told = phrases[at - 2].noun
        if told is not None and told.head in EVENT_NOUNS:
            # "two days after the quake of 6 February"
            return False
    if before.text == "of" and at > 1:
        # "in the early hours of 3 May", "on the night of 2 January"
        told = phrases[at - 2].noun
        if told is not None and told.head in EVENT_NOUNS:
            # "the strikes of 14 April 2018"
            return True
        if at == 3 and phrases[0].kind == "prep" and told is not None and told.definite:
            # "In the fog of 11 January"
            return not told.named and told.role == "unknown"
        return phrases[at - 2].text.rpartition(" ")[2] in HOURS
    when = phrases[at].date
    if before.text == "from" and when is not None and when.first != when.last:
        # "from 3 to 5 May"
        return " to " in phrases[at].text
    return before.text not in _NOT_THEN


def verb_of(phrases: Sequence[Phrase], date: int) -> int | None:
    """The main verb that the date belongs to: the nearest before it, else the first after it."""
    if _fronted(phrases, date):
        found = _verb_after(phrases, date)
        if found is not None:
            return found
    if date == 0 and len(phrases) > 1 and phrases[1].text in {":", "–", "—"}:
        return next((n for n in range(2, len(phrases)) if phrases[n].kind == "verb"), None)
    resumed = _resumed(phrases, date)
    if resumed is not None:
        return resumed
    for index in range(date - 1, -1, -1):
        phrase = phrases[index]
        if phrase.text in {";", ":"}:
            break
        if phrase.kind == "sub" and not _event_before(phrases, index, date):
            timed = phrase.text in {"after", "before"} and index and date - index > 2
            timed = timed and phrases[index - 1].kind in {"verb", "adv"}
            if timed and not _of_event(phrases, date):
                # "crashed shortly after take-off from X on 3 May"
                continue
            break
        if phrase.kind != "verb":
            continue
        if phrase.text.endswith("ing") and index and phrases[index - 1].text == ",":
            continue
        if phrase.text == "according":
            continue
        return _aspect(phrases, index)
    return _verb_after(phrases, date)


def _fronted(phrases: Sequence[Phrase], date: int) -> bool:
    """Whether the date opens a clause behind a conjunction: "..., but on 3 May rebels took X"."""
    begin = date - 1 if date and phrases[date - 1].kind == "prep" else date
    after = phrases[date + 1 : date + 3]
    behind = after[1:2] if after and after[0].text == "," else after[:1]
    subject = bool(behind) and behind[0].kind in {"np", "pron"}
    before = phrases[begin - 1] if begin > 0 else None
    opens = before is not None and (before.kind in {"conj", "sub"} or before.text in {",", "that"})
    return opens and subject


def _resumed(phrases: Sequence[Phrase], date: int) -> int | None:
    """The verb right behind a date that follows an aside: "X, who had waited, on 2 May took Y"."""
    begin = date - 1 if date and phrases[date - 1].kind == "prep" else date
    if begin < 1 or phrases[begin - 1].text != ",":
        return None
    index = date + 1
    while index < len(phrases) and phrases[index].kind in {"aux", "adv", "hedge", "neg"}:
        index += 1
    verb = index < len(phrases) and phrases[index].kind == "verb"
    return index if verb and not phrases[index].text.endswith("ing") else None


def _event_before(phrases: Sequence[Phrase], start: int, stop: int) -> bool:
    return any(phrase.kind == "verb" for phrase in phrases[start:stop])


def _aspect(phrases: Sequence[Phrase], verb: int) -> int:
    """Index of "began" in "began building": the verb that has the subject."""
    index = verb - 1
    if index >= 0 and phrases[index].of("prep", "to"):
        index -= 1
    if index >= 0 and phrases[index].kind == "verb" and phrases[index].base in PHASES:
        return index
    return verb


def _verb_after(phrases: Sequence[Phrase], date: int) -> int | None:
    """The first main verb of the clause that a date opens, or that follows "the attack on DATE"."""
    index, nested = date + 1, False
    while index < len(phrases) and index < date + 40:
        phrase = phrases[index]
        if phrase.text in {";", "."}:
            return None
        if phrase.kind == "sub" and phrase.text not in TIMES:
            if phrases[index - 1].text != ",":
                return None
            # "On 3 May, while the town slept, two drones hit"
            comma = next((n for n in range(index, len(phrases)) if phrases[n].text == ","), None)
            if comma is None:
                return None
            index = comma
        if phrase.kind in {"rel", "sub"}:
            nested = True
        elif nested and phrase.text == ",":
            nested = False
        elif _says_so(phrases, index):
            # "On 14 August, police said, masked men"
            index += 1
        elif phrase.kind == "verb" and not nested:
            subject = subject_of(phrases, index)
            fronted = subject is not None and subject > date
            if not fronted and not _of_event(phrases, date):
                # "Rebels on 3 May captured X"
                between = phrases[subject + 1 : date] if subject is not None else ()
                inside = subject is not None and subject < date and len(between) < 3
                if not inside or any(p.kind not in {"prep", "punct"} for p in between):
                    return None
            after = phrases[index + 1] if index + 1 < len(phrases) else None
            if after is not None and after.kind == "verb" and after.text.endswith("ing"):
                return index
            return index
        index += 1
    return None


def _says_so(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether the verb at ``at`` ends an aside that tells who says so."""
    if not phrases[at].of("verb") or phrases[at].base not in _SPEECH or at < 2:
        return False
    return (
        phrases[at - 2].text == ","
        and phrases[at + 1 : at + 2] != ()
        and (phrases[at + 1].text == ",")
    )


def _of_event(phrases: Sequence[Phrase], date: int) -> bool:
    """As in "the attack on 9 July killed five"."""
    index = date - 1
    if index >= 0 and phrases[index].of("prep", "on", "in", "of"):
        index -= 1
    while index > 1 and phrases[index].kind == "np" and phrases[index - 1].kind == "prep":
        noun = phrases[index].noun
        if noun is not None and noun.head in EVENT_NOUNS:
            return True
        # "the shelling of X on 2 May"
        index -= 2
    noun = phrases[index].noun if index >= 0 else None
    return noun is not None and noun.head in EVENT_NOUNS
