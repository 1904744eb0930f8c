"""Nouns that can be nowhere: times, counts, units, money, and what is only thought or said.

"Three times", "last week", "40 percent", "a means to an end": no pronoun stands for one of these
where a place is asked for, and none of them lies 20 km from anything. Events (an attack, a crash)
are not among them: they do happen somewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.extract.lexicon import is_plural, singular, words
from osint.extract.numbers import ONES, TENS
from osint.extract.tokens import Token

_MONTHS = words(
    "january february march april may june july august september october november december"
)
_WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
# What tells when or how often without a preposition: "three times", "the next day".
_TIMES = words(
    "time occasion instance moment second minute hour day week weekend fortnight month quarter "
    "season year decade century night morning afternoon evening noon midnight dawn dusk daybreak "
    "nightfall sunset sunrise spring summer autumn winter"
) | _WEEKDAYS | _MONTHS  # fmt: skip
_COUNTS = words(
    "dozen score hundred thousand million billion trillion number total majority minority half "
    "third rest couple handful pair percent percentage per-cent proportion share fraction "
    "average sum amount quantity figure rate ratio count most many several few some all both "
    "each"
)
_UNITS = words(
    "m km kilometre kilometer metre meter centimetre centimeter millimetre millimeter mile yard "
    "inch foot ft degree ton tonne kilo kilogram gram pound litre liter gallon barrel acre hectare "
    "watt megawatt volt knot mph distance length width depth altitude speed radius"
)
_MONEY = words(
    "dollar euro cent yen rouble ruble lira dinar dirham riyal shekel franc rupee pence penny "
    "money cash price cost budget fund tax debt profit loss revenue salary wage income"
)
_IDEAS = words(
    "means case result fact reason way matter issue question answer cause effect consequence "
    "outcome sense opinion idea thought belief hope fear doubt concern plan purpose goal aim "
    "intention decision choice option possibility chance risk threat danger problem solution "
    "situation condition circumstance state-of-affairs context background basis ground end "
    "claim statement announcement report rumour rumor allegation accusation denial comment remark "
    "word name title term phrase message story news tale talk negotiation discussion debate "
    "agreement deal treaty pact truce ceasefire law rule policy strategy tactic measure step "
    "example kind sort type form part role aspect detail evidence proof indication "
    "relation relationship tie link tension dispute peace war conflict power influence pressure "
    "interest right duty effort attempt progress success failure victory defeat humiliation pride "
    "hatred anger history past present future truth lie mistake error nothing something anything "
    "everything none one ones thing latter former same other event"
)
_CALENDAR = _WEEKDAYS | _MONTHS
_ABSTRACT = _TIMES | _COUNTS | _UNITS | _MONEY | _IDEAS
# A count says nothing of its own before "of": "dozens of soldiers" are soldiers.
COUNTED = (_COUNTS - words("average rate ratio percentage per-cent figure")) | words("one none lot")
_FREQUENCIES = words("each every several many few some this that next last same all") | words(
    "first second third previous following other"
)


def is_abstract(head: str) -> bool:
    """Whether a noun, singular and in lower case, names nothing that can be somewhere."""
    return head in _ABSTRACT or is_count_word(head)


def is_calendar_name(name: str) -> bool:
    """Whether a capitalised name is only a month or a weekday: "May", "Fridays"."""
    return singular(name.lower()) in _CALENDAR


def is_count_word(word: str) -> bool:
    """A number, in figures or in one word: "30", "three", "twenty-five"."""
    first, _, second = word.partition("-")
    return (
        word.isdigit()
        or word in ONES
        or word in TENS
        or (first in TENS and second in ONES)
        or singular(word) in TENS
    )


def is_adverbial(tokens: Sequence[Token]) -> bool:
    """Whether a noun phrase is one of time or frequency, to be read like an adverb.

    "Three times", "many days", "this week", "the next morning": a time word, and before it nothing
    but how many or which one.
    """
    last = tokens[-1].lower
    if len(tokens) < 2 or singular(last) not in _TIMES:
        return False
    lead = [token.lower for token in tokens[:-1]]
    counted = any(is_count_word(word) or word in _FREQUENCIES for word in lead)
    known = all(
        is_count_word(word) or word in _FREQUENCIES | {"the", "a", "separate", "different", "more"}
        for word in lead
    )
    return known and (counted or is_plural(last))
