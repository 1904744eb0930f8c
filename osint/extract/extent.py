"""Where a noun phrase ends, in a sentence without part-of-speech tags.

A noun phrase is what remains between the words of the closed classes and the verbs. Words that are
both noun and verb are told by those beside them (``nounlike``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from osint.claims import DateInterval
from osint.extract import lexicon, nounlike, verbs
from osint.extract.abstract import is_count_word
from osint.extract.actors import owners_in
from osint.extract.bearing import direction_at, may_open_direction
from osint.extract.date_ranges import date_at, may_open_date
from osint.extract.dates import OPENERS, DateAt
from osint.extract.events import AGENTS, EVENT_NOUNS
from osint.extract.heads import head_of
from osint.extract.nouns import ROUGHLY
from osint.extract.phrase import Phrase, PhraseKind
from osint.extract.quantities import Quantity, may_open_quantity, quantity_at
from osint.extract.tokens import Token
from osint.extract.wordclass import FOLK, SMALL_WORDS, agrees, title_case, verbal

_BEFORE_A_VERB = frozenset({"np", "pron", "aux", "rel", "neg", "adv", "punct", "hedge"})

_PLURAL_MARK = frozenset({"'", "’"})
_NEARNESS = frozenset({"late", "early", "right", "deep", "high", "close", "hard"})
_SIDING = lexicon.words("loyal close hostile sympathetic adjacent answerable subordinate next")
_FURTHER = frozenset({"more", "other", "further", "additional"})
_SOME = frozenset({"several", "many", "some", "few"})
_HOLDS = frozenset({"houses", "hosts", "shelters", "holds"})
_AIRY = frozenset({"air", "drone", "missile", "rocket", "artillery", "mortar", "bomb"})
_NO_COUNTED = lexicon.PREPOSITIONS | lexicon.AUXILIARIES
_SPANS = lexicon.words("day days week weeks month months hour hours year years")
_QUALITIES = frozenset({"new", "old", "fresh", "large", "small", "big", "empty", "makeshift"})


@lru_cache(maxsize=1 << 14)
def is_inert(word: str) -> bool:
    """Whether no date, distance or direction can begin with a word, in lower case."""
    alone = Token(word, word, 0, len(word), "word", True, False)
    return not (
        word in OPENERS
        or word == "between"
        or word.startswith("mid-")
        or may_open_quantity(alone)
        or may_open_direction(word)
    )


class Extent:
    """The tokens of one sentence, read from left to right, and how far a phrase in it goes."""

    def __init__(self, text: str, tokens: Sequence[Token], published: DateInterval | None) -> None:
        self.text = text
        self.tokens = tokens
        self.published = published
        self.words = [token.lower for token in tokens]
        self.titled = title_case(tokens)
        self.found: list[Phrase] = []
        self.quantities: dict[int, Quantity | None] = {}
        self.dates: dict[int, DateAt | None] = {}

    def quantity(self, at: int) -> Quantity | None:
        """The distance that begins at ``at``, if one does."""
        if not may_open_quantity(self.tokens[at]):
            return None
        if at not in self.quantities:
            self.quantities[at] = quantity_at(self.tokens, at)
        return self.quantities[at]

    def measures(self, at: int) -> bool:
        """As in "..., ends 700 metres from": a distance follows."""
        return at < len(self.tokens) and self.quantity(at) is not None

    def date(self, at: int) -> DateAt | None:
        """The date that begins at ``at``, if one does."""
        if at >= len(self.tokens) or not may_open_date(self.tokens, at):
            return None
        if at not in self.dates:
            self.dates[at] = date_at(self.tokens, at, self.published)
        return self.dates[at]

    def lower(self, at: int) -> str:
        """The word at ``at`` in lower case; "" outside the sentence."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def inside_name(self, at: int, end: int) -> bool:
        """A date that is part of a phrase ("the June 30 bridge") is left to the noun phrase."""
        bare = end == at + 1 and self.tokens[at].kind == "word"
        after = self.tokens[end] if end < len(self.tokens) else None
        return bare and after is not None and after.capital and not self.titled

    def direction(self, at: int) -> tuple[str, int] | None:
        """The direction told at ``at`` ("north of") and where it ends."""
        return direction_at(self.tokens, self.words, at)

    def small_word(self, token: Token, at: int) -> PhraseKind | None:
        """The closed class that a word belongs to, if any."""
        word = token.lower
        if token.kind == "punct":
            return "punct"
        if word == "may" and token.text[0].isupper() and at and not self.titled:
            return None
        if word.endswith("n't"):
            return "neg"
        if word == "that":
            return self.that()
        if word in ROUGHLY and self.roughly(at):
            return None
        if word in _SIDING and self.lower(at + 1) == "to":
            # "fighters loyal to the general took the town"
            return None if self.lower(at - 1) in lexicon.DETERMINERS else "adv"
        if word == "far" and self.lower(at - 1) == "the":
            # "in the far north of Mali"
            return None
        if word in _NEARNESS and self.lower(at + 1) in lexicon.PREPOSITIONS:
            before = self.lower(at - 1)
            return None if before in lexicon.DETERMINERS | {"of"} else "adv"
        if token.capital and word in {"us", "may", "march"} and token.text[1:2].isupper():
            return None
        if word == "last" and verbs.VERBS.get(self.lower(at + 1)) in verbs.SIGHT_VERBS:
            return "adv"
        kind = SMALL_WORDS.get(word)
        if kind is not None:
            return kind
        if not word.endswith("ly") or len(word) <= 4 or word in lexicon.ADVERB_EXCEPTIONS:
            return None
        named = token.capital and at
        return None if named or self.lower(at - 1) in lexicon.DETERMINERS else "adv"

    def roughly(self, at: int) -> bool:
        """As in "About 200 soldiers"."""
        if self.lower(at) not in ROUGHLY or at + 2 >= len(self.tokens):
            return False
        counted = self.tokens[at + 1].kind == "number" or is_count_word(self.lower(at + 1))
        return counted and self.tokens[at + 2].kind == "word" and not self.starts_other(at + 1)

    def that(self) -> PhraseKind | None:
        """As in "said that the ...", "the zone that was ...", "that base"."""
        before = self.found[-1].kind if self.found else ""
        if before == "np":
            return "rel"
        return "sub" if before in {"verb", "adv", "neg", "hedge"} else None

    def noun_end(self, at: int) -> int:
        """Where the noun phrase that begins at ``at`` ends; ``at`` itself if none does."""
        index = at
        word = self.lower(index)
        if word in lexicon.DETERMINERS:
            index += 1
        begun = index
        while index < len(self.tokens) and index - at < 16:
            if not self.continues(index, begun, at):
                break
            index += 1
        if index == begun:
            return at
        return index

    def continues(self, index: int, begun: int, at: int) -> bool:
        """Whether the phrase from ``at`` (``begun`` behind its determiner) holds ``index``."""
        token = self.tokens[index]
        word = token.lower
        if token.kind == "ordinal":
            return True
        if index > begun and self.lower(index + 1) in _SPANS and is_count_word(word):
            # "reached Bir Fadl two days later"
            return False
        if word in ROUGHLY and self.roughly(index):
            return index == begun
        counted = index == begun + 1 and self.words[begun] in ROUGHLY and self.roughly(begun)
        if counted and self.number_counts(index):
            return True
        if token.kind == "number":
            if index > begun:
                # "Highway 29", "Hill 312"
                before = self.tokens[index - 1]
                known = before.capital or lexicon.singular(before.lower) in lexicon.FEATURES
                return known and token.text.isdigit() and not self.starts_other(index)
            return self.number_counts(index)
        if token.text in "'’" and index > begun:
            # "the smugglers' warehouse"
            owns = not token.spaced and self.lower(index - 1).endswith("s")
            after = self.tokens[index + 1 : index + 2]
            return owns and bool(after) and after[0].spaced and after[0].kind == "word"
        if token.kind == "punct":
            return token.text in "/&" and index > begun and index + 1 < len(self.tokens)
        if word == "ends" and self.measures(index + 1):
            return False
        if word == "both" and index > begun:
            # "The mill and the silos both lie"
            return False
        if word in _FURTHER and index > begun and self.counted_on(index):
            # "two more tunnels"
            return True
        if index > begun + 1 and self.tokens[index - 1].kind == "number" and not token.capital:
            # "Object 825 lies": what follows a numbered name is no part of it but for a noun
            return lexicon.singular(word) in lexicon.FEATURES
        if word == "'s" or (self.lower(index - 1) in _PLURAL_MARK and index - 1 > begun):
            return index > begun
        inner = index == begun and begun > at
        if inner and is_count_word(word) and self.quantity(index) is not None:
            # "a five-kilometre cordon", as in "a 5-kilometre cordon"
            return False
        if token.capital and not self.titled and index > 0:
            if word in {"who"}:
                return False
            return self.name_may_follow(index, begun)
        if index == 0 and word in verbs.VERBS and not self.titled:
            # "Tell Suwar is ..." opens with a name.
            opens_name = len(self.tokens) > 1 and self.tokens[1].capital and token.capital
            if opens_name and not self.starts_other(1):
                return True
        if index == begun and nounlike.opens_as_noun(self.words, index):
            return True
        if index > begun and (agrees(self.tokens, at, index) or nounlike.rings(self.words, index)):
            return False
        if index == begun == at and self.lower(index - 1) == "no" and word in verbs.VERBS:
            # "No shells struck the town"
            return True
        if word == "al" and index + 1 < len(self.tokens) and self.tokens[index + 1].capital:
            return True
        if index > begun + 1 and nounlike.works(self.tokens, begun, index - 1):
            return lexicon.singular(word) in lexicon.FEATURES
        called = word == "well" and nounlike.inner_name(self.tokens, begun, index)
        called = called or nounlike.works(self.tokens, begun, index)
        called = called or (word == "well" and nounlike.ranked(self.words, index))
        if called or (inner and lexicon.singular(word) in lexicon.FEATURES):
            return True
        if self.small_word(token, index) is not None and not (inner and word.endswith("ly")):
            return False
        if word in lexicon.DETERMINERS:
            return False
        if index > begun and self.starts_other(index):
            return False
        return self.verb_allows(index, begun, inner=inner)

    def counted_on(self, index: int) -> bool:
        """As in "two more tunnels", "several other posts", where ``index`` is "more"."""
        before, after = self.tokens[index - 1], self.tokens[index + 1 : index + 2]
        counts = before.kind == "number" or is_count_word(before.lower) or before.lower in _SOME
        plain = bool(after) and after[0].kind == "word" and after[0].lower not in SMALL_WORDS
        return counts and plain

    def number_counts(self, index: int) -> bool:
        """A bare number opens a phrase only before a word: "3 soldiers", not "in 2017"."""
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        return (
            following is not None
            and following.kind == "word"
            and following.lower not in _NO_COUNTED
        )

    def name_may_follow(self, index: int, begun: int) -> bool:
        """A capital after a known common noun starts a new phrase: "took the outpost Monday"."""
        if index > begun and self.starts_other(index):
            return False
        previous = self.tokens[index - 1]
        if index == begun or previous.capital or previous.lower == "'s":
            return True
        common = previous.lower
        if common in lexicon.TITLES | lexicon.SHIPS | lexicon.NAME_FOLLOWS | lexicon.NAME_IS_APART:
            return True
        plain = lexicon.singular(common)
        return plain not in lexicon.FEATURES and plain not in lexicon.FORCES

    def starts_other(self, index: int) -> bool:
        """Whether a date, a distance or a direction begins here."""
        word = self.lower(index)
        if word and self.tokens[index].kind == "word" and is_inert(word):
            return False
        dated = self.date(index)
        if dated is not None and not self.inside_name(index, dated.end):
            return True
        return self.quantity(index) is not None or self.direction(index) is not None

    def verb_allows(self, index: int, begun: int, *, inner: bool) -> bool:
        """Whether a lower-case word (or any, in Title Case) may stand in the noun phrase."""
        word = self.lower(index)
        noun_like = lexicon.singular(word) in lexicon.FEATURES or owners_in(word) != ()
        if word in EVENT_NOUNS and (inner or self.lower(index - 1) in nounlike.FIERCE):
            return True
        bare = verbs.VERBS.get(word) == word and index == begun
        if bare and not inner and self.lower(index - 1) == "at":
            return True  # "at anchor"
        if bare and self.lower(index - 1) in {"a", "an"} and word in EVENT_NOUNS | AGENTS:
            # "a bomb under the stand"
            return True
        second = index > begun and word in nounlike.WEAPONS
        if second and nounlike.acted(self.words, index):
            # "Barrel bombs struck", "Cluster bombs, some of them duds, hit"
            return not lexicon.is_plural(self.lower(index - 1))
        if index > begun and word.endswith("s") and is_count_word(self.lower(index - 1)):
            # "fourteen shells"
            return True
        if index > begun and word in nounlike.EVENT_PLURALS and self.lower(index - 1) in _AIRY:
            return True
        if index == begun + 1 and word.endswith("s") and self.words[begun] in _QUALITIES:
            # "new shelters at the base"
            return True
        if self.lower(index - 1) in nounlike.COMPOUNDS.get(word, ()):
            return True
        if word.endswith("ed") and self.measured(index, begun):
            # "a 7 km closed zone"
            return self.more_follows(index)
        if word in verbs.NOUN_FIRST:
            before = self.tokens[index - 1] if index > begun else None
            if before is not None and word in _HOLDS and self.lower(index + 1)[:1].isdigit():
                # "the camp at Zaat houses 80,000 refugees"
                return False
            if (
                before is not None
                and word == "cut"
                and self.lower(index + 1) in lexicon.DETERMINERS
            ):
                # "Snow cut the road"
                return False
            if before is not None and word == "shelter" and lexicon.is_plural(before.lower):
                return False
            subject = before is not None and (
                head_of(before.lower) in {"force", "person"} or lexicon.is_plural(before.lower)
            )
            if before is not None and before.lower == "general" and word == "view":
                return True
            if subject and before is not None and nounlike.compound(self.words, index):
                return True
            return not (subject and not inner and not noun_like)
        if noun_like and word not in verbs.VERBS:
            return True
        verb = word in verbs.VERBS or verbal(word)
        pair = (word, lexicon.singular(self.lower(index + 1)))
        behind = (self.lower(index - 1), lexicon.singular(word))
        known = pair in lexicon.FEATURE_PAIRS or behind in lexicon.FEATURE_PAIRS
        if not verb or "-" in word or (known and index >= begun):
            return True
        if inner:
            # "at a spot 3 km from", "a burned tank"
            one = bare and self.lower(index - 1) in {"a", "an"}
            return one or word in FOLK or self.more_follows(index)
        if index > begun and nounlike.lacks_agreement(self.words, index, begun):
            return True
        if index == begun:
            if self.found and self.found[-1].kind == "conj" and word in verbs.VERBS:
                return False
            led = self.found_subject() and not nounlike.describes(self.words, index)
            return word.endswith("ed") and not led and self.more_follows(index)
        feature = lexicon.singular(self.lower(index + 1)) in lexicon.FEATURES
        if verbs.VERBS.get(word) == word and feature and nounlike.demonym(self.tokens[index - 1]):
            # "Russian launch sites"
            return True
        if word.endswith("ing") and feature and owners_in(self.tokens[index - 1].text):
            # "a Chinese listening post"
            return True
        if word.endswith("ing") and feature and nounlike.inner_name(self.tokens, begun, index):
            # "the Umm al-Aranib pumping hall"
            return True
        if is_count_word(self.lower(index - 1)) and word.endswith("ed"):
            # "two armoured brigades"
            return self.more_follows(index)
        # "a lightly armed patrol", "the newly built base"
        return nounlike.leads_on(self.lower(index - 1), word) and self.more_follows(index)

    def measured(self, index: int, begun: int) -> bool:
        """Whether a distance stands right before, inside the noun phrase."""
        for at in range(max(begun, index - 4), index):
            quantity = self.quantity(at)
            if quantity is not None:
                return quantity.end == index
        return False

    def found_subject(self) -> bool:
        """Whether what was found last can be the subject of a verb here."""
        last = len(self.found) - 1
        while last > 0 and self.found[last].kind == "date":
            # "strikes on 6 June destroyed": what stands before the date is the subject
            last -= 2 if self.found[last - 1].kind == "prep" else 1
        return last >= 0 and self.found[last].kind in _BEFORE_A_VERB

    def more_follows(self, index: int) -> bool:
        """Whether a noun can follow the participle at ``index``: "a burned tank"."""
        if index + 1 >= len(self.tokens):
            return False
        token = self.tokens[index + 1]
        if token.lower == "well" and nounlike.ranked(self.words, index + 1):
            return True
        return token.kind == "word" and self.small_word(token, index + 1) is None
