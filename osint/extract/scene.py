"""What the rules work on, and what they hand back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from osint.claims import DateInterval, Distance, Modality, Polarity, Span, ZoneStatus
from osint.extract.entities import Draft
from osint.extract.phrase import Phrase, Sentence
from osint.extract.reference import Discourse

Kind = Literal["located", "separation", "zone", "direction", "border", "containment", "dated"]


@dataclass(slots=True, kw_only=True)
class Found:
    """One claim as one sentence makes it; ``merge.py`` unites those that say the same.

    ``ends`` are the endpoints in the order of the kind's fields, ``places`` the same as written;
    after the two ends of a direction comes what the zone surrounds that it is told from.
    ``distance`` is a separation's or a zone's radius; ``what`` is what a zone is called or what
    happened.
    """

    kind: Kind
    span: Span
    sentence: Sentence
    ends: tuple[Draft, ...]
    places: tuple[str, ...]
    polarity: Polarity = "affirmed"
    modality: Modality = "stated"
    date: DateInterval | None = None
    distance: Distance | None = None
    bearing_deg: tuple[float, float] | None = None
    relation: str = ""
    between: tuple[str, ...] = ()
    what: str = ""
    status: ZoneStatus | None = None
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence with everything said before it."""

    text: str
    sentence: Sentence
    number: int
    discourse: Discourse

    def written(self, phrase: Phrase) -> str:
        """A phrase as it stands in the text."""
        return self.text[phrase.start : phrase.end]

    def thing(self, flat: Phrase) -> Draft | None:
        """What a noun phrase means before post-modifiers were attached: its whole's referent."""
        for phrase in self.sentence.phrases:
            if phrase.start <= flat.start < phrase.end:
                held = [inner for inner in phrase.inner if inner.start <= flat.start < inner.end]
                owner = min(held, key=lambda inner: inner.end - inner.start, default=phrase)
                return self.discourse.of(owner) or self.discourse.of(phrase)
        return None

    def referent(self, phrase: Phrase, *, site: bool = False) -> Draft | None:
        """What a noun phrase or pronoun means, if anything is known of it."""
        if phrase.kind == "pron":
            return self.discourse.pronoun(phrase, self.number, site=site)
        if phrase.noun is None or phrase.noun.abstract:
            return None
        return self.discourse.of(phrase)

    def anchor(self, phrase: Phrase) -> Draft | None:
        """What a distance or direction is told from."""
        if phrase.kind == "pron":
            return self.discourse.pronoun(phrase, self.number, site=True, anchors=True)
        return self.referent(phrase)

    def nameless(self, phrase: Phrase, place: Draft) -> Draft | None:
        """As in "They were 25 km from Y" with nobody to be "they": kept if Y has a name."""
        if phrase.kind != "pron" or place.proper is None:
            return None
        span = (phrase.start, phrase.end)
        return self.discourse.extra(self.written(phrase), span, "unknown", self.number)
