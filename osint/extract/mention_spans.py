"""Other stretches of text that mean what a noun phrase means: without its number, with its tail."""

from __future__ import annotations

from collections.abc import Sequence

from osint.claims import Span
from osint.extract import lexicon
from osint.extract.clause import none_of
from osint.extract.numbers import ONES
from osint.extract.phrase import Phrase


def uncounted_span(phrases: Sequence[Phrase], at: int) -> Span | None:
    """As in "none of the four pads": the pads without their number, which is not of the claim."""
    noun = phrases[at].noun
    if noun is None or not none_of(phrases, at):
        return None
    first, _, others = noun.words.partition(" ")
    if not others or not (first.isdigit() or first.lower() in ONES):
        return None
    return (phrases[at].end - len(others), phrases[at].end)


def with_tail(phrases: Sequence[Phrase], at: int) -> Span | None:
    """As in "engineers from the oil company", "a delegation of elders": with what tells which."""
    if at + 2 >= len(phrases) or phrases[at + 1].kind != "prep":
        return None
    noun = phrases[at].noun
    # "Elements of the Guard": the capital is the sentence's.
    opening = at == 0 and noun is not None and lexicon.is_plural(noun.words.lower())
    if noun is not None and noun.role == "area" and noun.kind == "region":
        # "The Darien region of Panama"
        whole = phrases[at + 2].noun if phrases[at + 1].text == "of" else None
        if whole is None or whole.kind != "country":
            return None
        return (phrases[at].start, phrases[at + 2].end)
    if noun is None or (noun.named and not opening) or noun.is_border or noun.role == "area":
        return None
    whole = phrases[at + 2].noun
    if noun.role == "site" and noun.plural and phrases[at + 1].text == "of" and whole is not None:
        # "The first houses of Opytna"
        return (phrases[at].start, phrases[at + 2].end) if whole.named else None
    links = ("for", "to", "with") if noun.role == "site" else ("of", "from", "for", "with", "to")
    if phrases[at + 1].text not in links:
        return None
    tail = phrases[at + 2].noun
    if tail is None or tail.is_border or tail.abstract:
        return None
    return (phrases[at].start, phrases[at + 2].end)
