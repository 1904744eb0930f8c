"""What several statements of one clause share: "is in Y and north of X", "east and south of X"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osint.extract import lexicon, verbs
from osint.extract.clause import subject_of
from osint.extract.fronted import begins
from osint.extract.phrase import Phrase

_COMPLEMENTS = frozenset({"np", "prep", "dir", "qty", "adv", "neg", "hedge", "pron"})
_MAX_BACK = 14
_PUTS = frozenset({"put", "puts", "place", "places", "placed", "locates", "located"})
_MEDIA = lexicon.words("photograph photo picture video clip footage image frame film map sketch")
_ALONG = ("on", "along", "in", "beside", "off", "near")
_ROAD = re.compile(r"(?:[A-Z]{1,2}-?[0-9]{1,4}|(?:Highway|Route|Road) [0-9]{1,4}).{0,12}")
_LINES = lexicon.words(
    "highway road route motorway street track railway coast shore river plain plateau steppe "
    "desert dune sand slope hillside valley grove wood forest swamp marsh field outskirts"
)
_LOOKS = frozenset({"look", "seem", "appear", "sound", "remain"})


def beside_another(phrases: Sequence[Phrase], mark: int) -> int | None:
    """What lies where the place behind the comma or "and" at ``mark`` is, if another stands before.

    As in "is 13 km from X and north of Y", "X, in the south and north of Y, is". The place before
    has to begin with a preposition, a direction or a distance right after a verb of lying or after
    the comma of an apposition.
    """
    index = mark - 1
    if index >= 0 and phrases[index].text == ",":
        index -= 1
    opened = False
    while index >= max(mark - _MAX_BACK, 0):
        phrase = phrases[index]
        verb = phrase.kind in {"verb", "aux"}
        if verb:
            lies = phrase.base in verbs.POSITION_VERBS or phrase.text in lexicon.BE
            return subject_of(phrases, index) if lies and opened else None
        if phrase.text == ",":
            noun = phrases[index - 1].noun if index else None
            named = noun is not None and (noun.named or noun.role == "site")
            return index - 1 if opened and named and phrases[mark].kind == "conj" else None
        joins = phrase.kind == "conj" and phrase.text != "but"
        if not joins and phrase.kind not in _COMPLEMENTS:
            return None
        if phrase.kind in _COMPLEMENTS - {"np", "pron"}:
            opened = phrase.kind in {"prep", "dir", "qty"} or opened
        elif phrases[index - 1].kind not in {"prep", "dir"} or not index:
            return None
        index -= 1
    return None


def _at_aside(phrases: Sequence[Phrase], thing: int) -> int | None:
    """The name in "the nearest post, at X, is": where an unnamed site is."""
    noun = phrases[thing].noun
    if noun is None or noun.named or noun.role != "site" or thing + 3 >= len(phrases):
        return None
    if phrases[thing + 1].text != "," or not phrases[thing + 2].of("prep", "at", "in"):
        return None
    place = phrases[thing + 3].noun
    closed = thing + 4 >= len(phrases) or phrases[thing + 4].kind == "punct"
    named = place is not None and place.named and place.role in {"unknown", "site"}
    fits = (
        named and closed and (phrases[thing + 2].text == "at" or noun.words.startswith("nearest"))
    )
    return thing + 3 if fits else None


def meant(phrases: Sequence[Phrase], subject: int) -> int:
    """The thing in "what looks like a launcher", "the depot in the photograph, which"."""
    noun = phrases[subject].noun
    aside = _at_aside(phrases, subject)
    if aside is not None:
        return aside
    shown = noun is not None and noun.head in _MEDIA and subject > 1
    if shown and phrases[subject - 1].kind == "prep" and phrases[subject - 2].kind == "np":
        return subject - 2
    if phrases[subject].text != "what":
        return subject
    for at in range(subject + 1, min(subject + 6, len(phrases))):
        if phrases[at].kind == "np":
            return at
        loose = phrases[at].kind in {"aux", "adv", "hedge"} or phrases[at].text in {
            "like",
            "to",
            "of",
        }
        if not loose and phrases[at].base not in _LOOKS:
            return subject
    return subject


def _apposed_pair(phrases: Sequence[Phrase], subject: int) -> tuple[int, ...]:
    """The names in "two villages, A and B, lie"."""
    row = phrases[subject + 1 : subject + 7]
    noun = phrases[subject].noun
    if len(row) < 6 or noun is None or not noun.plural or noun.named:
        return ()
    shape = [row[0].text, row[2].text, row[4].text] == [",", "and", ","]
    acts = row[5].kind in {"verb", "aux"}
    named = all(piece.noun is not None and piece.noun.named for piece in (row[1], row[3]))
    return (subject + 2, subject + 4) if shape and acts and named else ()


def fellows(phrases: Sequence[Phrase], subject: int) -> tuple[int, ...]:
    """Everything that the verb behind the subject is said of: "A, B and C all lie", "A and B are".

    Only where the row opens the clause, so that no preposition or verb reaches into it.
    """
    after = subject + 1
    apposed = _apposed_pair(phrases, subject)
    if apposed:
        return apposed
    if after < len(phrases) and phrases[after].text == "," and after + 1 < len(phrases):
        after += phrases[after + 1].text in {"both", "all"}
    while after < len(phrases) and phrases[after].text in {"all", "both", "each"}:
        after += 1
    acts = after < len(phrases) and phrases[after].kind in {"verb", "aux"}
    if not acts or subject < 2 or not phrases[subject - 1].of("conj", "and"):
        return (subject,)
    row, at = [subject], subject - 2
    while at >= 0 and phrases[at].kind == "np" and not phrases[at].of("np", "both"):
        row.append(at)
        if at == 0 or begins(phrases, at):
            things = all(_stays(phrases[index]) for index in row)
            return tuple(reversed(row)) if things else (subject,)
        at -= 2 if phrases[at - 1].text == "," else at + 1
    return (subject,)


def _stays(phrase: Phrase) -> bool:
    noun = phrase.noun
    return noun is not None and noun.role in {"site", "unknown"} and not noun.is_border


def found_there(phrases: Sequence[Phrase], verb: int) -> int:
    """Index of "are" in "are still to be found", else the verb itself."""
    if verb < 3 or phrases[verb].text not in {"found", "seen"} or phrases[verb - 1].text != "be":
        return verb
    be = verb - 3
    while be > 0 and phrases[be].kind in {"adv", "hedge", "neg"}:
        be -= 1
    return be if phrases[verb - 2].text == "to" and phrases[be].text in lexicon.BE else verb


def put_there(phrases: Sequence[Phrase], thing: int, at: int) -> bool:
    """As in "the communique put the ambush site at 8 km from Y": somebody's word for it.

    "The army put a radar 8 km from Y" tells where it was set up: only what is known is placed in
    words.
    """
    if thing < 2 or at <= thing or at - thing > 2:
        return False
    verb, noun, who = phrases[thing - 1], phrases[thing].noun, phrases[thing - 2].noun
    active = (
        verb.text in _PUTS
        and phrases[thing - 2].text not in {"we", "i"}
        and verb.kind == "verb"
        and who is not None
    )
    return active and noun is not None and (noun.definite or noun.named)


def place_of(phrases: Sequence[Phrase], target: int) -> int:
    """Index of the name in "the oil wells at Adar", from which a distance is counted."""
    noun = phrases[target].noun
    if noun is None or noun.named or target + 2 >= len(phrases):
        return target
    if noun.role != "site" and not (noun.role == "unknown" and noun.definite):
        return target
    place = phrases[target + 2].noun
    named = place is not None and place.named and place.role in {"unknown", "site"}
    aside = _at_aside(phrases, target)
    if aside is not None:
        return aside
    return target + 2 if phrases[target + 1].of("prep", "at") and named else target


def on_the_way(phrases: Sequence[Phrase], at: int) -> bool:
    """As in "tanks on the M4", "a camp on the plain": too long to lie at a distance itself."""
    noun = phrases[at].noun
    if noun is None or at < 2 or not phrases[at - 1].of("prep", *_ALONG):
        return False
    line = _ROAD.fullmatch(noun.words) is not None or (not noun.named and noun.head in _LINES)
    return line and phrases[at - 2].kind in {"np", "verb", "aux"}
