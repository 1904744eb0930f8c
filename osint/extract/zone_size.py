"""How large a zone is said to be: before its noun, in it, after it, or at the end of the clause."""

from __future__ import annotations

from dataclasses import dataclass, replace

from osint.claims import Distance
from osint.extract import lexicon
from osint.extract.phrase import Sentence
from osint.extract.quantities import may_open_quantity, quantity_at

EXTENT = lexicon.words("extending extends extended stretching stretches stretched reaching "
                        "reaches measuring measures spanning spans covering covers")  # fmt: skip
_MEASURE = lexicon.words("radius diameter wide deep across long width length")
_LINKING = frozenset({"with", "of", ",", "(", "for", "in", "some", "the", "up", "to"}) | {
    "has", "have", "had", "having", "has been", ":",
}  # fmt: skip
_RESIZING = lexicon.words(
    "widen expand extend enlarge increase reduce shrink cut narrow tighten raise"
)
_REACH = 18


@dataclass(frozen=True, slots=True)
class ZoneSize:
    """The stated radius of a zone, the flat phrase after the zone and its size, and which says it.

    ``told`` is the flat phrase of a size that is said of the zone behind it ("the zone has a radius
    of 5 km"), or None for a size that is part of the zone's own words or its apposition.
    """

    radius: Distance | None
    after: int
    told: int | None = None


def zone_size(sentence: Sentence, begin: int, at: int) -> ZoneSize:
    """The stated radius of a zone, and where it is told.

    A diameter is halved.

    Args:
        sentence: the sentence.
        begin: flat phrase with which the zone's noun phrase begins, its size included.
        at: flat phrase that holds the zone's noun.
    """
    return _Sizer(sentence).size(begin, at)


class _Sizer:
    def __init__(self, sentence: Sentence) -> None:
        self.flat = sentence.flat
        self.tokens = sentence.tokens

    def text(self, at: int) -> str:
        return self.flat[at].text if 0 <= at < len(self.flat) else ""

    def size(self, begin: int, at: int) -> ZoneSize:
        """The stated radius, and the flat phrase after the zone and its size."""
        for index in range(begin, at):
            quantity = self.flat[index].quantity
            if quantity is not None:
                return ZoneSize(quantity.distance, at + 1)
        tokens = self.tokens
        for index in range(self.flat[begin].first, self.flat[at].stop):
            if tokens[index].kind == "number":
                compound = self.compound(index)
                if compound is not None:
                    return ZoneSize(compound, at + 1)
            if may_open_quantity(tokens[index]) and tokens[index].lower not in {"a", "an"}:
                inside = quantity_at(tokens, index)
                if inside is not None and inside.end <= self.flat[at].stop:
                    return ZoneSize(inside.distance, at + 1)
        ahead = self.size_ahead(begin)
        return self.size_behind(at) if ahead is None else ZoneSize(ahead, at + 1)

    def size_ahead(self, begin: int) -> Distance | None:
        """As in "More than 25 km in radius, the zone", "Five kilometres wide, the cordon"."""
        measures: list[str] = []
        index = begin - 1
        if index < 1 or self.text(index) != ",":
            return None
        while index and len(measures) < 4:
            index -= 1
            quantity = self.flat[index].quantity
            if quantity is not None and index > 2 and self.text(index - 1) == "of":
                # "With a diameter of 16 km, the zone"
                measure = self.last_word(index - 2)
                leads = self.text(index - 3) in {"with", "at", "in"} and index == begin - 2
                if not leads or measure not in _MEASURE:
                    return None
                return _halved(quantity.distance) if measure == "diameter" else quantity.distance
            if quantity is not None:
                opens = index == 0 or self.flat[index - 1].kind in {"punct", "conj", "sub"}
                if not opens or _MEASURE.isdisjoint(measures):
                    return None
                said = quantity.distance
                return _halved(said) if "diameter" in measures else said
            measures.append(self.last_word(index))
        return None

    def compound(self, index: int) -> Distance | None:
        """As in "a 30km-wide zone", "a 30-km-radius zone": the unit is joined to the measure."""
        tokens = self.tokens
        at = index + 1 + (tokens[index + 1 : index + 2] != () and tokens[index + 1].text == "-")
        if at >= len(tokens):
            return None
        unit, hyphen, measure = tokens[at].text.partition("-")
        if not hyphen or measure.lower() not in _MEASURE:
            return None
        joined = replace(tokens[at], text=unit, lower=unit.lower())
        found = quantity_at((tokens[index], joined), 0)
        if found is None:
            return None
        return _halved(found.distance) if measure.lower() == "diameter" else found.distance

    def inside(self, at: int) -> Distance | None:
        """The size in the words of a phrase that ends in a measure: "a 5 km radius"."""
        phrase = self.flat[at]
        for index in range(phrase.first, phrase.stop - 1):
            if self.tokens[index].lower not in {"a", "an"} and may_open_quantity(
                self.tokens[index]
            ):
                found = quantity_at(self.tokens, index)
                if found is not None and found.end <= phrase.stop:
                    halved = self.last_word(at) == "diameter"
                    return _halved(found.distance) if halved else found.distance
        return None

    def resized(self, index: int) -> Distance | None:
        """As in "was widened to 5 km", "was cut from 5 km to 3 km": what it is now."""
        quantity = self.flat[index].quantity
        changes = any(phrase.base in _RESIZING for phrase in self.flat[:index])
        if quantity is None or not changes:
            return None
        if self.text(index - 1) == "to":
            return quantity.distance
        if self.text(index - 1) != "from":
            return None
        phrase = self.flat[index]
        to = next(
            (n for n in range(phrase.first, phrase.stop) if self.tokens[n].lower == "to"), None
        )
        last = quantity_at(self.tokens, to + 1) if to is not None else None
        return last.distance if last is not None else None

    def size_behind(self, at: int) -> ZoneSize:
        """As in "of 25 km", "with a radius of 2 km", "extending 30 miles"."""
        index, measure, predicate, verb = at + 1, "", False, False
        for _ in range(7):
            if index >= len(self.flat):
                return ZoneSize(None, at + 1)
            phrase = self.flat[index]
            if phrase.quantity is not None:
                for step in (1, 2):
                    if self.last_word(index + step) in _MEASURE:
                        measure, index = self.last_word(index + step), index + step
                        break
                if predicate and not measure:
                    # "The zone is 10 km from X"
                    break
                said = phrase.quantity.distance
                radius = _halved(said) if measure == "diameter" else said
                return ZoneSize(radius, index + 1, index if verb else None)
            word = self.last_word(index)
            verb = verb or phrase.kind in {"aux", "verb"}
            inside = self.inside(index) if word in _MEASURE else None
            if inside is not None:
                # "with a 5 km radius"
                return ZoneSize(inside, index + 1, index if verb else None)
            if word in _MEASURE:
                measure = word
            elif phrase.kind == "aux":
                predicate = True
            elif phrase.text not in EXTENT | _LINKING and phrase.kind not in {
                "rel",
                "adv",
                "hedge",
            }:
                break
            index += 1
        return self.size_at_end(at)

    def size_at_end(self, at: int) -> ZoneSize:
        """As in "zone around X, 60 km in diameter", "zone around X extending 5 km"."""
        told = None
        if self.text(at - 1) == "of" and self.last_word(at - 2) in _MEASURE:
            # "The radius of the zone around X is 4 km"
            sizes = [n for n in range(at + 1, min(at + _REACH, len(self.flat)))
                     if self.flat[n].quantity is not None
                     and self.flat[n - 1].kind in {"aux", "adv", "hedge"}]  # fmt: skip
            said = self.flat[sizes[0]].quantity if sizes else None
            if said is not None:
                halved = self.last_word(at - 2) == "diameter"
                radius = _halved(said.distance) if halved else said.distance
                return ZoneSize(radius, at + 1, sizes[0])
        for index in range(at + 1, min(at + _REACH, len(self.flat))):
            phrase = self.flat[index]
            if phrase.kind in {"verb", "aux"}:
                told = index
            if phrase.text in {";", "."} or phrase.kind in {"conj", "sub"}:
                break
            if phrase.quantity is None:
                continue
            measure = next(
                (word for step in (1, 2) if (word := self.last_word(index + step)) in _MEASURE), ""
            )
            resized = self.resized(index)
            if resized is not None:
                return ZoneSize(resized, at + 1, told)
            enclosed = self.text(index - 1) == "(" and self.text(index + 1) in {")", ","}
            of = self.text(index - 1) == "of" and self.flat[index - 2].noun is not None
            if told is None and index <= at + 4 and (enclosed or of):
                # A size in brackets or behind "of" at the end: the zone around X (5 km)
                return ZoneSize(phrase.quantity.distance, at + 1)
            before = {self.last_word(index - step) for step in (1, 2, 3)}
            if "diameter" in before or measure == "diameter":
                return ZoneSize(_halved(phrase.quantity.distance), at + 1, told)
            if measure or not before.isdisjoint(EXTENT | {"radius"}):
                return ZoneSize(phrase.quantity.distance, at + 1, told)
        return ZoneSize(None, at + 1)

    def last_word(self, at: int) -> str:
        return self.text(at).rpartition(" ")[2]


def _halved(distance: Distance) -> Distance:
    low, high = distance.low_m, distance.high_m
    return Distance(
        said_m=distance.said_m / 2, low_m=None if low is None else low / 2,
        high_m=None if high is None else high / 2, hedge=distance.hedge,
    )  # fmt: skip
