"""From tokens to typed phrases: noun phrases, distances, dates, directions, verbs, small words.

There is no part-of-speech tagger behind this. A noun phrase is what remains between the words of
the closed classes and the verbs; ``nouns.py`` says what it is about. What a wrong cut costs is a
claim missed, not one invented: the rules ask for the words around it to fit as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.claims import DateInterval
from osint.extract import lexicon, nounlike, verbs
from osint.extract.abstract import is_adverbial, is_count_word
from osint.extract.actors import owners_in
from osint.extract.bearing import direction_at
from osint.extract.date_ranges import date_at, may_open_date
from osint.extract.dates import DateAt
from osint.extract.events import AGENTS, EVENT_NOUNS
from osint.extract.nouns import ROUGHLY, Noun, as_city, head_of, read_noun
from osint.extract.phrase import Phrase, PhraseKind
from osint.extract.quantities import Quantity, may_open_quantity, quantity_at
from osint.extract.tokens import Token
from osint.extract.wordclass import FOLK, SMALL_WORDS, agrees, title_case, verbal

_BEFORE_A_VERB = frozenset({"np", "pron", "aux", "rel", "neg", "adv", "punct", "hedge"})
# "Right on the border", "deep in the desert".
_PLURAL_MARK = frozenset({"'", "’"})
_WHERE = frozenset({"in", "at", "near", "outside", "from", "to"})
_NEARNESS = frozenset({"late", "early", "right", "deep", "high", "close", "hard"})
_HOLDS = frozenset({"houses", "hosts", "shelters", "holds"})
_AIRY = frozenset({"air", "drone", "missile", "rocket", "artillery", "mortar", "bomb"})
_ASPECT = frozenset({"begin", "start", "continue", "resume", "stop", "finish"})
_NO_COUNTED = lexicon.PREPOSITIONS | lexicon.AUXILIARIES
_SPANS = lexicon.words("day days week weeks month months hour hours year years")


class _Chunker:
    def __init__(self, text: str, tokens: Sequence[Token], published: DateInterval | None) -> None:
        self.text = text
        self.tokens = tokens
        self.published = published
        self.words = [token.lower for token in tokens]
        self.titled = title_case(tokens)
        self.found: list[Phrase] = []
        self.quantities: dict[int, Quantity | None] = {}
        self.dates: dict[int, DateAt | None] = {}

    def run(self) -> tuple[Phrase, ...]:
        at = 0
        while at < len(self.tokens):
            at = self.step(at)
        return tuple(self.found)

    def quantity(self, at: int) -> Quantity | None:
        if not may_open_quantity(self.tokens[at]):
            return None
        if at not in self.quantities:
            self.quantities[at] = quantity_at(self.tokens, at)
        return self.quantities[at]

    def date(self, at: int) -> DateAt | None:
        if at >= len(self.tokens) or not may_open_date(self.tokens, at):
            return None
        if at not in self.dates:
            self.dates[at] = date_at(self.tokens, at, self.published)
        return self.dates[at]

    def lower(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def add(
        self,
        kind: PhraseKind,
        first: int,
        stop: int,
        *,
        base: str = "",
        noun: Noun | None = None,
        quantity: Quantity | None = None,
        date: DateInterval | None = None,
        direction: str = "",
    ) -> int:
        words = self.words
        self.found.append(
            Phrase(
                kind=kind,
                first=first,
                stop=stop,
                start=self.tokens[first].start,
                end=self.tokens[stop - 1].end,
                text=words[first] if stop == first + 1 else " ".join(words[first:stop]),
                base=base,
                noun=noun,
                quantity=quantity,
                date=date,
                direction=direction,
            )
        )
        return stop

    def step(self, at: int) -> int:
        quantity = self.quantity(at)
        if quantity is not None:
            return self.add("qty", at, quantity.end, quantity=quantity)
        dated = self.date(at)
        if dated is not None and not self.inside_name(at, dated.end):
            return self.add("date", at, dated.end, date=dated.interval)
        direction = self.direction(at)
        if direction is not None:
            return self.add("dir", at, direction[1], direction=direction[0])
        token, word = self.tokens[at], self.lower(at)
        small = self.small_word(token, at)
        if small is not None:
            return self.add(small, at, at + 1)
        if word in verbs.NOUN_FIRST and self.acts(at):
            return self.add("verb", at, at + 1, base=verbs.VERBS[word])
        last = self.found[-1] if self.found else None
        if last is not None and last.kind == "np" and agrees(self.tokens, last.first, at):
            return self.add("verb", at, at + 1, base=verbs.base_of(word))
        stop = self.noun_end(at)
        if stop > at:
            after_preposition = bool(self.found) and self.found[-1].kind == "prep"
            if not after_preposition and is_adverbial(self.tokens[at:stop]):
                return self.add("adv", at, stop)
            noun = read_noun(self.tokens[at:stop], titled=self.titled, opening=at == 0)
            led = after_preposition and self.found[-1].text in _WHERE
            dated_line = at == 0 and self.lower(stop) == "," and self.date(stop + 1) is not None
            if led or dated_line or (self.found and self.found[-1].kind == "dir"):
                noun = as_city(noun)
            return self.add("np", at, stop, noun=noun)
        if word in verbs.VERBS:
            return self.add("verb", at, at + 1, base=verbs.VERBS[word])
        if token.kind == "word" and verbal(word):
            return self.add("verb", at, at + 1, base=word)
        return self.add("other", at, at + 1)

    def acts(self, at: int) -> bool:
        """Whether a word that is mostly a noun is a verb here: "was set up", "they attack"."""
        word, before = self.lower(at), self.found[-1] if self.found else None
        if word not in verbs.VERBS or (self.tokens[at].capital and not self.titled):
            return False
        if word == "set" and self.lower(at + 1) in {"up", "off", "out"}:
            return True
        if before is None or before.stop != at:
            return False
        if before.text == "whose":
            return False
        if before.kind == "punct":
            return word.endswith("ing") and self.lower(at + 1) in lexicon.DETERMINERS
        if before.kind == "np":
            return not self.titled
        if before.kind in {"adv", "neg"} and len(self.found) > 1:
            if self.found[-2].kind != "aux":
                return self.found[-2].kind == "np" and before.text in nounlike.STILL
            before = self.found[-2]
        if before.kind == "aux":
            inflected = word.endswith(("ed", "ing")) or word in {"set", "cut"}
            return inflected or before.text in {"did", "do", "does"}
        if before.kind == "verb":
            return before.base in _ASPECT and word.endswith("ing")
        return before.kind in {"pron", "rel"}

    def inside_name(self, at: int, end: int) -> bool:
        """A date that is part of a phrase ("the June 30 bridge") is left to the noun phrase."""
        bare = end == at + 1 and self.tokens[at].kind == "word"
        after = self.tokens[end] if end < len(self.tokens) else None
        return bare and after is not None and after.capital and not self.titled

    def direction(self, at: int) -> tuple[str, int] | None:
        return direction_at(self.tokens, self.words, at)

    def small_word(self, token: Token, at: int) -> PhraseKind | None:
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
        called = word == "well" and nounlike.inner_name(self.tokens, begun, index)
        if called or (inner and lexicon.singular(word) in lexicon.FEATURES):
            return True
        if self.small_word(token, index) is not None and not (inner and word.endswith("ly")):
            return False
        if word in lexicon.DETERMINERS:
            return False
        if index > begun and self.starts_other(index):
            return False
        return self.verb_allows(index, begun, inner=inner)

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
        return token.kind == "word" and self.small_word(token, index + 1) is None


def chunk(text: str, tokens: Sequence[Token], published: DateInterval | None) -> tuple[Phrase, ...]:
    """The phrases of one sentence, in order, every token in exactly one."""
    return _Chunker(text, tokens, published).run()
