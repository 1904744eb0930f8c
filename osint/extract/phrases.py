"""From tokens to typed phrases: noun phrases, distances, dates, directions, verbs, small words.

There is no part-of-speech tagger behind this. A noun phrase is what remains between the words of
the closed classes and the verbs; ``nouns.py`` says what it is about. What a wrong cut costs is a
claim missed, not one invented: the rules ask for the words around it to fit as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from osint.claims import DateInterval
from osint.extract import lexicon, nounlike, verbs
from osint.extract.abstract import is_adverbial
from osint.extract.extent import Extent, is_inert
from osint.extract.nouns import Noun, as_city, read_noun
from osint.extract.phrase import Phrase, PhraseKind
from osint.extract.quantities import Quantity
from osint.extract.tokens import Token
from osint.extract.wordclass import agrees, verbal

_WHERE = frozenset({"in", "at", "near", "outside", "from", "to"})
_ASPECT = frozenset({"begin", "start", "continue", "resume", "stop", "finish"})


class _Chunker(Extent):
    def run(self) -> tuple[Phrase, ...]:
        at = 0
        while at < len(self.tokens):
            at = self.step(at)
        return tuple(self.found)

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
        token, word = self.tokens[at], self.words[at]
        if token.kind != "word" or not is_inert(word):
            quantity = self.quantity(at)
            if quantity is not None:
                return self.add("qty", at, quantity.end, quantity=quantity)
            dated = self.date(at)
            if dated is not None and not self.inside_name(at, dated.end):
                return self.add("date", at, dated.end, date=dated.interval)
            direction = self.direction(at)
            if direction is not None:
                return self.add("dir", at, direction[1], direction=direction[0])
        small = self.small_word(token, at)
        if small is not None:
            return self.add(small, at, at + 1)
        if word == "ends" and self.measures(at + 1):
            return self.add("verb", at, at + 1, base="end")
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


def chunk(text: str, tokens: Sequence[Token], published: DateInterval | None) -> tuple[Phrase, ...]:
    """The phrases of one sentence, in order, every token in exactly one."""
    return _Chunker(text, tokens, published).run()
