"""Post-modifiers: what follows a noun phrase and says which one it is.

"its base at al-Tanf", "the second base in southern Syria", "an army base on the Iraqi border", "the
border between Chad and Sudan", "the village of Dabil", "al-Zaqaf (Zakf)", "the kill zone which the
Pentagon declared around its base at al-Tanf".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from osint.extract import lexicon
from osint.extract.abstract import COUNTED, is_count_word
from osint.extract.actors import country_of
from osint.extract.areas import is_area, part_of
from osint.extract.events import AGENTS
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase
from osint.extract.zone_words import SEALED

_BORDER_PREPOSITIONS = ("on", "at", "near", "along", "astride")
# "The archaeological site of X", "the monastery of X", "the centre of X".
_OF_HEADS = lexicon.words("centre center site ruin monastery castle shrine temple tomb citadel")
# "A view of the port of X": the port is a thing of its own.
_SEEN = lexicon.words("view panorama image photo picture photograph footage video ruin")
_PARTS = lexicon.words("edge entrance mouth foot gate corner rim end tip top heart middle wreck")
_FRONTS = lexicon.words("contact control demarcation fire defence defense separation")
_PLUMES = lexicon.words("column plume pall cloud ball")
_SHORES = lexicon.words("coast shore coastline tip")
_WRECKS = lexicon.words("wreck wreckage hull")
# "A line of bunkers" is no line.
_ROWS = lexicon.words(
    "battery line row series network ring string belt cluster chain "
    "cache stockpile stack pile heap haul shipment"
)
_SEVERAL = lexicon.words("both two three four five six seven eight nine ten several many all")
_STATES = frozenset(
    {"Democratic Republic", "Republic", "Islamic Republic", "People's Republic", "Kingdom"}
    | {"State", "Sultanate", "Emirate", "Commonwealth", "Federal Republic", "Arab Republic"}
)
_MAX_ZONE_REACH = 16
# Every post-modifier begins with one of these, save a zone's.
_LINKS = frozenset({"(", "between", "with", "of", "to", "at", "in", "and", *_BORDER_PREPOSITIONS})


class _Attacher:
    def __init__(self, text: str, flat: Sequence[Phrase]) -> None:
        self.text = text
        self.flat = flat

    def run(self) -> tuple[Phrase, ...]:
        found: list[Phrase] = []
        at = 0
        while at < len(self.flat):
            if self.flat[at].noun is None:
                found.append(self.flat[at])
                at += 1
                continue
            one_of = self.of(at, "one") and self.of(at + 1, "of")
            if at and one_of and self.flat[at - 1].kind == "neg":
                # "Not one of the tanks": of the tanks.
                found.append(self.flat[at])
                at += 1
                continue
            phrase, at = self.grow(at)
            found.append(phrase)
        return tuple(found)

    def noun(self, at: int) -> Noun | None:
        return self.flat[at].noun if 0 <= at < len(self.flat) else None

    def of(self, at: int, *words: str) -> bool:
        return 0 <= at < len(self.flat) and self.flat[at].text in words

    def grow(self, at: int) -> tuple[Phrase, int]:
        """The phrase at ``at`` with all that belongs to it, and where the next one starts."""
        phrase, next_at = self.flat[at], at + 1
        while True:
            grown = self.once(phrase, next_at)
            if grown is None:
                return phrase, next_at
            noun, begin, next_at = grown[0], next_at, grown[1]
            last = self.flat[next_at - 1]
            earlier = phrase.noun
            held = noun.around or (noun.within and not (earlier and earlier.within))
            held = held or (noun.town and not (earlier and earlier.town))
            held = held or (noun.part_of and not (earlier and earlier.part_of))
            swallowed = self.things(begin, next_at) if held else ()
            phrase = replace(
                phrase,
                noun=noun,
                stop=last.stop,
                end=last.end,
                inner=(*phrase.inner, *swallowed),
                text=phrase.text + " " + " ".join(
                    piece.text for piece in self.flat if phrase.stop <= piece.first < last.stop
                ),
            )  # fmt: skip

    def things(self, begin: int, stop: int) -> tuple[Phrase, ...]:
        """The noun phrases between two flat phrases, each with what belongs to it."""
        found: list[Phrase] = []
        while begin < stop:
            phrase, after = self.grow(begin) if self.noun(begin) else (None, begin + 1)
            if phrase is not None:
                found.append(phrase)
            begin = after
        return tuple(found)

    def once(self, phrase: Phrase, at: int) -> tuple[Noun, int] | None:
        noun = phrase.noun
        if noun is None or at >= len(self.flat):
            return None
        if self.flat[at].text not in _LINKS and not zonelike(noun):
            return None
        steps = (
            self.side, self.alias, self.border_sides, self.naming, self.setting, self.zone,
            self.joint,
        )  # fmt: skip
        for step in steps:
            found = step(noun, at)
            if found is not None:
                return found
        return None

    def alias(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "al-Zaqaf (Zakf)": another name of the same place."""
        other = self.noun(at + 1)
        if not (self.of(at, "(") and self.of(at + 2, ")") and noun.named and other is not None):
            return None
        if other.proper is None or other.role != "unknown" or noun.role == "person":
            return None
        return replace(noun, aliases=(*noun.aliases, other.proper)), at + 3

    def side(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "the Ethiopian side of the border": on the border."""
        other = self.noun(at + 1)
        if noun.head != "side" or not self.of(at, "of") or other is None or not other.is_border:
            return None
        grown, after = self.grow(at + 1)
        inner = grown.noun
        if inner is None:
            return None
        return self.sided(inner, (*noun.countries, *inner.border)), after

    def border_sides(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "border between Chad and Sudan", "border with Iraq", "border of Iraq"."""
        other = self.noun(at + 1)
        if not noun.is_border or other is None:
            return None
        other = _side(other)
        if not other.countries:
            return None
        if self.of(at, "between", "of") and self.of(at + 2, "and"):
            third = self.noun(at + 3)
            third = _side(third) if third is not None else None
            if third is None or not third.countries:
                one = replace(noun, border=other.countries[:1])
                return (one, at + 2) if self.of(at, "of") and not noun.border else None
            sides = (*noun.border, *other.countries, *third.countries)
            return self.sided(noun, sides), at + 4
        if self.of(at, "with", "of", "to") and len(noun.border) < 2:
            return self.sided(noun, (*noun.border, *other.countries)), at + 2
        return None

    @staticmethod
    def sided(noun: Noun, sides: Sequence[str]) -> Noun:
        return replace(noun, border=tuple(dict.fromkeys(sides))[:2])

    def naming(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "the village of Dabil", "its base at al-Tanf", "General X of the Guards"."""
        other = self.noun(at + 1)
        if other is None:
            return None
        if other.abstract and not self.of(at, "of"):
            return None
        place_like = other.role in {"unknown", "site"} and other.named
        if self.of(at, "of") and part_of(noun, other):
            words = f"{noun.words} of {other.words}"
            return replace(
                noun, role="area", kind="region", head="region", proper=words, words=words
            ), at + 2
        if self.of(at, "of") and other.kind == "country" and noun.words in _STATES:
            words = f"{noun.words} of {other.words}"
            code = country_of(words) or country_of(other.words)
            codes = (code,) if code else other.countries
            return replace(other, words=words, proper=words, countries=codes), at + 2
        if self.of(at, "of"):
            town = noun.kind in lexicon.SETTLEMENTS and noun.words.lower().endswith(noun.head)
            bare = not noun.named or (town and bool(noun.head))
            if noun.role in {"site", "area"} and bare and place_like:
                if noun.kind == "airport":
                    name = f"{noun.head} of {other.proper}"
                    return replace(noun, proper=name, aliases=(str(other.proper),)), at + 2
                if noun.kind in lexicon.OF_NAMED or noun.head in _OF_HEADS:
                    return replace(noun, proper=other.proper), at + 2
            elif noun.role == "person" and other.owners:
                return replace(noun, owners=(*noun.owners, *other.owners)), at + 2
            if noun.role == "person" and not noun.named and other.role == "force":
                # "the commander of the brigade"
                told = f"{other.determiner} {other.words}".strip()
                return replace(noun, words=f"{noun.words} of {told}"), at + 2
            if noun.head in _PLUMES and other.role == "unknown" and not other.named:
                return replace(noun, words=f"{noun.words} of {other.words}", role="unknown"), at + 2
            if noun.role == "force" and (other.role == "force" or other.owners):
                # "fighters of the group", "soldiers of the Syrian army"
                told = f"{other.determiner} {other.words}".strip()
                owners = tuple(dict.fromkeys((*noun.owners, *other.owners)))
                return replace(noun, words=f"{noun.words} of {told}", owners=owners), at + 2
            counted = noun.role == "unknown" and not noun.named
            counted = counted and (noun.head in COUNTED or is_count_word(noun.head))
            acting = other.role in {"force", "person", "site"} or other.head in AGENTS
            if counted and acting and other.plural:
                # "dozens of Syrian soldiers", "one of the camps": the counted thing is meant.
                words = f"{noun.words} of {other.words}"
                plural = noun.head != "one"
                return replace(
                    other, words=words, determiner=noun.determiner, plural=plural
                ), at + 2
            if noun.head in _ROWS and other.plural and not other.named:
                words = f"{noun.words} of {other.words}"
                return replace(noun, words=words, role="site", kind="site"), at + 2
            made_of = noun.role == "site" and noun.determiner in {"a", "an"} and not noun.named
            if made_of and other.role == "unknown" and other.plural and not other.determiner:
                # "a checkpoint of oil drums"
                return replace(noun, words=f"{noun.words} of {other.words}"), at + 2
            if noun.head == "line" and other.words in _FRONTS:
                words = f"{noun.words} of {other.words}"
                return replace(noun, words=words, role="site", kind="site"), at + 2
            whole = self.belonging(noun, at)
            if whole is not None:
                return whole
            seen = noun.head in _SEEN and other.role == "site"
            if noun.role == "unknown" and not noun.named and not other.named and not seen:
                words = f"{noun.words} of {other.words}"
                return replace(noun, words=words), at + 2
            return None
        fits = noun.role == "site" and not noun.is_border and not noun.named
        counted_out = noun.words.lower().split(" ")[0] in _SEVERAL
        fits = fits and (not noun.plural or noun.definite or counted_out)
        bare = not noun.determiner and not noun.owners and noun.ordinal is None and at > 1
        bare = bare and not counted_out
        if self.of(at + 2, "'", "’") or bare:
            return None
        if self.of(at, "at") and fits and place_like:
            grown = self.grow(at + 1)
            inner = grown[0].noun
            if inner is None:
                return None
            return (
                replace(
                    noun, proper=inner.proper, at_place=True,
                    aliases=(*noun.aliases, *inner.aliases), area=noun.area or inner.area,
                    within=inner.within,
                ),
                grown[1],
            )  # fmt: skip
        return None

    def belonging(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "the gate of the clinic", "the wreck of the tanker Almira": a part of a whole."""
        if noun.named or noun.plural or noun.part_of is not None or noun.is_border:
            return None
        if noun.role != "site" and noun.head not in _PARTS | _SHORES:
            return None
        grown, after = self.grow(at + 1)
        other = grown.noun
        if other is None or other.abstract or other.role == "person":
            return None
        if other.role == "area" and noun.head not in _SHORES:
            return None
        if other.role == "force" and (other.plural or noun.head not in _WRECKS):
            return None
        if not (other.named or other.words[:1].isupper() or other.definite):
            return None
        if other.role == "unknown" and not any(word[:1].isupper() for word in other.words.split()):
            return None
        told = f"{other.determiner} {other.words}".strip()
        return replace(
            noun, words=f"{noun.words} of {told}", kind=noun.kind or "site",
            role="area" if noun.head in _SHORES else "site",
            part_of=(grown.start, grown.end),
        ), after  # fmt: skip

    def setting(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "base in southern Syria", "base on the Iraqi border"."""
        other = self.noun(at + 1)
        if other is None or noun.is_border:
            return None
        if self.of(at, "in") and noun.role == "site" and noun.area is None:
            if is_area(other) and (noun.named or not noun.area):
                grown = self.grow(at + 1)
                inner = grown[0].noun
                if inner is not None:
                    area = inner.proper or inner.words
                    within = (grown[0].start, grown[0].end)
                    return replace(noun, area=area, within=within), grown[1]
            if other.proper is not None and other.role in {"area", "unknown", "site"}:
                span = (self.flat[at + 1].start, self.flat[at + 1].end)
                return replace(noun, area=other.proper, town=span), at + 2
            return None
        whole = other.is_border or (other.head == "side" and self.of(at + 2, "of"))
        if self.of(at, *_BORDER_PREPOSITIONS) and whole and not noun.border:
            if noun.role not in {"site", "force"}:
                return None
            grown = self.grow(at + 1)
            inner = grown[0].noun
            if inner is None or not inner.border or not inner.is_border:
                return None
            tail = self.text[self.flat[at].start : grown[0].end]
            return replace(noun, border=inner.border, tail=tail), grown[1]
        return None

    def zone(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "kill zone for X which Y declared around Z": the thing that a zone surrounds."""
        if not zonelike(noun) or noun.around is not None:
            return None
        for index in range(at, min(at + _MAX_ZONE_REACH, len(self.flat) - 1)):
            piece = self.flat[index]
            if piece.kind in {"punct", "qty", "dir", "conj"}:
                return None
            if piece.of("prep", "around") and self.noun(index + 1) is not None:
                grown = self.grow(index + 1)
                return replace(noun, around=(grown[0].start, grown[0].end)), grown[1]
            if piece.kind not in {"np", "prep", "rel", "verb", "aux", "adv"}:
                return None
        return None

    def joint(self, noun: Noun, at: int) -> tuple[Noun, int] | None:
        """As in "the Syrian army and allied militias", "... and its allies": one body of people."""
        other = self.noun(at + 1)
        if noun.role != "force" or not self.of(at, "and") or other is None:
            return None
        if other.role != "force" or (other.determiner and not other.possessive):
            return None
        theirs = f"{other.possessive} {other.words}".strip()
        return (
            replace(
                noun, words=f"{noun.words} and {theirs}", plural=True,
                owners=tuple(dict.fromkeys((*noun.owners, *other.owners))),
            ),
            at + 2,
        )  # fmt: skip


def zonelike(noun: Noun) -> bool:
    """As in "kill zone", "security area": what may be told by the thing that it surrounds."""
    if noun.kind == "zone":
        return True
    return noun.head == "area" and not SEALED.isdisjoint(noun.words.lower().split(" "))


def _side(noun: Noun) -> Noun:
    """A side of a border; Gaza is no country's name, but it has one."""
    gaza = noun.words.lower() in {"gaza", "gaza strip", "the gaza strip"}
    return replace(noun, countries=("PS",)) if gaza else noun


def attach(text: str, flat: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The phrases with post-modifiers folded into the noun phrases they belong to."""
    return _Attacher(text, flat).run()
