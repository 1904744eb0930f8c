"""Typed stretches of a sentence, and the sentence made of them: the currency of every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from osint.claims import DateInterval
from osint.extract.nouns import Noun
from osint.extract.quantities import Quantity
from osint.extract.tokens import Token

PhraseKind = Literal[
    "np", "pron", "reflexive", "qty", "date", "dir", "verb", "aux", "prep", "conj", "sub", "rel",
    "neg", "adv", "hedge", "punct", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A typed stretch of one sentence.

    Attributes:
        kind: what it is; the field of that name carries its content.
        first: first token in the sentence; ``stop`` is one past the last.
        start: first code point in the text; ``end`` is one past the last.
        text: its words, lower-case, one space between.
        base: base form of a verb.
        inner: noun phrases that it swallowed and that are things in their own right.
    """

    kind: PhraseKind
    first: int
    stop: int
    start: int
    end: int
    text: str
    base: str = ""
    noun: Noun | None = None
    quantity: Quantity | None = None
    date: DateInterval | None = None
    direction: str = ""
    inner: tuple[Phrase, ...] = ()

    def of(self, kind: PhraseKind, *words: str) -> bool:
        """Whether it is of this kind and, if words are given, one of them."""
        return self.kind == kind and (not words or self.text in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: its tokens, and its phrases before and after post-modifiers were attached.

    ``words`` are the tokens in lower case.
    """

    text: str
    tokens: tuple[Token, ...]
    flat: tuple[Phrase, ...]
    phrases: tuple[Phrase, ...]
    caption: bool
    words: tuple[str, ...]

    @property
    def start(self) -> int:
        """First code point."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """One past the last code point."""
        return self.tokens[-1].end
