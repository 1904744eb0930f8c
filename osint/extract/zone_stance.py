"""How a zone is meant: there, wished for or denied, stated or only told of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from osint.extract import lexicon
from osint.extract.clause import subject_of
from osint.extract.phrase import Sentence
from osint.extract.stance import Stance, asserted, granted, stance, wished

_MAKING = lexicon.words("set establish create declare impose proclaim announce draw enforce put")
_SAYS = lexicon.words("say says said claim claims claimed report reports reported insist insists")


@dataclass(frozen=True, slots=True)
class ZonePhrase:
    """A zone's noun: flat phrase indices ``begin`` to ``stop`` (half-open), its words, its head."""

    begin: int
    stop: int
    what: str
    head: str


class ZoneStance:
    """Tells how the zones of one sentence are meant."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.flat = sentence.flat
        self.words = sentence.words

    def text(self, at: int) -> str:
        """The words of a flat phrase; none outside the sentence."""
        return self.flat[at].text if 0 <= at < len(self.flat) else ""

    def first(self, zone: ZonePhrase) -> int:
        """First token of the zone's noun phrase, its size included."""
        return self.flat[zone.begin].first

    def stance(self, zone: ZonePhrase, centre: int, told: int | None) -> Stance | None:
        """How a zone is meant whose centre is said after it, its size perhaps in a predicate."""
        first = self.first(zone)
        rel = any(self.flat[index].kind == "rel" for index in range(zone.stop, centre))
        sentence = self.sentence
        if "?" in self.words[-2:]:
            return None
        if rel or self.words[first] in {"the", "this", "that", "its", "their"}:
            # What is definite is there, whatever is said of it: "the zone that was proclaimed".
            made = self.verb_before(zone)
            if made is not None and self.flat[made].base in _MAKING:
                # "The UN never set up the zone that was asked for"
                lead = self.flat[max(made - 3, 0) : made + 1]
                if any(piece.kind == "neg" for piece in lead):
                    return None
            if told is not None:
                return stance(sentence, first, self.flat[told].first)
            return granted(sentence, first)
        if wished(self.words, first) or self.wished_of(zone, centre):
            return None
        verb = self.verb_before(zone)
        if verb is not None:
            subject = subject_of(self.flat, verb)
            begin = self.flat[subject].first if subject is not None else self.flat[verb].first
            return stance(sentence, begin, first)
        if self.text(zone.begin - 1) == "no":
            said = asserted(sentence, self.flat[zone.begin])
            return said or Stance("denied", "stated")
        after = next((p.first for p in self.flat[zone.stop :] if p.kind in {"verb", "aux"}), None)
        opens = zone.begin <= 1 or self.flat[zone.begin - 1].kind in {"sub", "punct"}
        if after is not None and opens:
            last = next((p.stop for p in self.flat if p.first >= after and p.kind == "verb"), after)
            return stance(sentence, first, last)
        return asserted(sentence, self.flat[zone.begin])

    def verb_before(self, zone: ZonePhrase) -> int | None:
        """The verb whose object the zone is."""
        at = zone.begin - 1
        while at >= 0 and (self.flat[at].kind in {"adv", "hedge"} or self.text(at) == "up"):
            at -= 1
        later = {phrase.kind for phrase in self.flat[zone.stop : zone.stop + 2]}
        if self.text(at) in _SAYS and "aux" in later:
            # "Residents say a zone has been in place around X"
            return None
        return at if at >= 0 and self.flat[at].kind == "verb" else None

    def wished_of(self, zone: ZonePhrase, centre: int) -> bool:
        """Whether the words behind tell that it is still to come: "should be set up"."""
        if self.text(max(centre, zone.stop - 1) + 1) in {"should", "would", "will", "shall"}:
            return True
        later = self.words[self.flat[zone.stop - 1].stop :]
        return any(
            word in {"planned", "proposed", "discussed", "considered", "demanded", "expected"}
            and later[at - 1 : at] and later[at - 1] in lexicon.BE
            for at, word in enumerate(later)
        ) or (not lexicon.FUTURES.isdisjoint(later[:12]) and zone.begin == 0)  # fmt: skip

    def owned(self, centre: int, zone: ZonePhrase) -> Stance | None:
        """How a zone is meant whose centre is said before it: "X came without a zone"."""
        first = self.first(zone)
        held = stance(self.sentence, self.flat[centre].first, first)
        if held is None:
            begin = self.flat[centre].stop
            if "without" not in self.words[begin:first]:
                return None
            held = Stance("affirmed", "stated")
        lacks = {"without", "lacks", "lacked"} & set(self.words[self.flat[centre].stop : first])
        if not lacks:
            return held
        return replace(held, polarity="denied") if held.polarity == "affirmed" else None
