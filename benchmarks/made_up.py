"""Made-up places for ``benchmarks/names.py``; none is a real place but by chance.

Two or three names to a place: Arabic script with an English transliteration, English-like names,
Cyrillic with a transliteration. The same whenever they are made up (seed 0).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gazetteer.record import BadRow, Name, Provenance, Record

CHUNK = 10_000
WORDS = 50_000
NAMES_PER_PLACE = 2.75
"""What the makers below come to on average."""

Forms = tuple[str, ...]

# Arabic script, English and French spelling of one sound.
CONSONANTS = (
    *(("ب", "b", "b"), ("ت", "t", "t"), ("ج", "j", "dj"), ("ح", "h", "h"), ("خ", "kh", "kh")),
    *(("د", "d", "d"), ("ر", "r", "r"), ("ز", "z", "z"), ("س", "s", "s"), ("ش", "sh", "ch")),
    *(("ص", "s", "s"), ("ض", "d", "d"), ("ط", "t", "t"), ("ع", "", ""), ("غ", "gh", "gh")),
    *(("ف", "f", "f"), ("ق", "q", "k"), ("ك", "k", "k"), ("ل", "l", "l"), ("م", "m", "m")),
    *(("ن", "n", "n"), ("ه", "h", "h")),
)
VOWELS = (
    *(("", "a", "a"), ("", "i", "e"), ("", "u", "ou")),
    *(("ا", "a", "a"), ("ي", "i", "i"), ("و", "u", "ou")),
)
ENDINGS = (("", "", ""), ("ة", "a", "e"), ("ين", "in", "ine"), ("ان", "an", "ane"))
NO_ENDING = (("", "", ""),)
HEADS = (("تل", "Tell", "Tall"), ("خربة", "Khirbat", "Kherbet"), ("كفر", "Kafr", "Kfar"))
LATIN_ONSETS = ("b", "br", "c", "ch", "d", "f", "gl", "h", "k", "l", "m", "n", "p", "r", "st", "w")
LATIN_RHYMES = ("ald", "am", "ar", "ea", "ell", "er", "il", "ing", "o", "on", "ou", "ud")
LATIN_TAILS = ("bury", "dale", "field", "ford", "ham", "ley", "ton", "wick", "worth", "")
LATIN_HEADS = ("", "", "", "North ", "Upper ", "Saint ", "Lake ")
CYRILLIC = (
    *(("ба", "ba"), ("ве", "ve"), ("го", "ho"), ("ду", "du"), ("за", "za"), ("ки", "ky")),
    *(("ло", "lo"), ("ма", "ma"), ("но", "no"), ("пе", "pe"), ("ро", "ro"), ("са", "sa")),
    *(("ти", "ty"), ("фе", "fe"), ("ча", "cha"), ("шо", "sho"), ("бор", "bor"), ("дер", "der")),
    *(("кра", "kra"), ("сто", "sto"), ("лів", "liv"), ("мир", "myr"), ("ніж", "nizh")),
)
CYRILLIC_TAILS = (("ка", "ka"), ("не", "ne"), ("ськ", "sk"), ("ів", "iv"), ("івка", "ivka"))


def _joined(*parts: Forms) -> Forms:
    return tuple("".join(forms) for forms in zip(*parts, strict=True))


SYLLABLES = tuple(_joined(consonant, vowel) for consonant in CONSONANTS for vowel in VOWELS)
CODAS = (("", "", ""), *CONSONANTS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A place to ask for: its id, a stored name, and a spelling that is not stored, if any."""

    source_id: str
    stored: str
    other: str


@dataclass(slots=True)
class MadeUp:
    """A reader of made-up places."""

    places: int
    queries: int
    done: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def provenance(self) -> Provenance:
        """Said to be made up."""
        return Provenance(
            key="made-up",
            title="Made-up places",
            origin="made up",
            licence="",
            locator=f"{self.places} places, seed 0",
            sha256=f"{self.places:x}",
        )

    @property
    def size(self) -> int:
        """Places in all."""
        return self.places

    def rows(self) -> Iterator[Record | BadRow]:
        """The places, the same whenever they are made up."""
        words = Words.made(min(WORDS, self.places))
        makers = (words.arabic_name, words.english_name, words.arabic_name, words.slavic_name)
        every = max(1, self.places // self.queries)
        for start in range(0, self.places, CHUNK):
            draw = np.random.default_rng((0, start))
            count = min(CHUNK, self.places - start)
            picks = draw.integers(0, len(words.first), size=(count, 4)).tolist()
            lon = np.round(draw.uniform(-180, 180, count), 5).tolist()
            lat = np.round(draw.uniform(-60, 75, count), 5).tolist()
            people = (draw.pareto(1.1, count) * 200).astype(np.int64).clip(0, 10**7).tolist()
            self.done = start
            for at in range(count):
                number = start + at
                names, other = makers[number % len(makers)](picks[at])
                if number % every == number // every * 7 % every:
                    stored = names[picks[at][3] % len(names)]
                    self.asked.append(Asked(str(number), stored, other))
                yield Record(
                    source_id=str(number),
                    names=tuple([Name(text=text) for text in names]),
                    lon=lon[at],
                    lat=lat[at],
                    kind="village",
                    population=people[at] or None,
                )


@dataclass(frozen=True, slots=True)
class Words:
    """Tables to put names together from, so that making names up takes little of the build."""

    first: list[Forms]
    second: list[Forms]
    english: list[str]
    second_english: list[str]
    slavic: list[Forms]
    second_slavic: list[Forms]

    @classmethod
    def made(cls, count: int) -> Words:
        """As many of each as are asked for, all drawn with one seed."""
        draw = random.Random(0)

        def arabic(*, ended: bool) -> Forms:
            sounds = [draw.choice(SYLLABLES), draw.choice(SYLLABLES), draw.choice(CODAS)]
            script, english, french = _joined(*sounds, draw.choice(ENDINGS if ended else NO_ENDING))
            return script, english.capitalize(), french.capitalize()

        def english(tails: tuple[str, ...]) -> str:
            parts = (LATIN_ONSETS, LATIN_RHYMES, LATIN_ONSETS, LATIN_RHYMES, tails)
            return "".join(draw.choice(part) for part in parts).capitalize()

        def slavic(syllables: int) -> Forms:
            parts = [draw.choice(CYRILLIC) for _ in range(syllables)]
            script, latin = _joined(*parts, draw.choice(CYRILLIC_TAILS))
            return script.capitalize(), latin.capitalize()

        return cls(
            first=[arabic(ended=True) for _ in range(count)],
            second=[arabic(ended=False) for _ in range(count)],
            english=[english(LATIN_TAILS) for _ in range(count)],
            second_english=[draw.choice(LATIN_HEADS) for _ in range(count)],
            slavic=[slavic(3) for _ in range(count)],
            second_slavic=[slavic(draw.choice((1, 2))) for _ in range(count)],
        )

    def arabic_name(self, pick: list[int]) -> tuple[tuple[str, ...], str]:
        """Names in Arabic script, in English, or both; and a spelling that is not stored."""
        script, english, french = self.first[pick[0]]
        # One place in twenty has a name of one word.
        if pick[1] % 20:
            more = self.second[pick[1]]
            script, english, french = (
                f"{script} {more[0]}",
                f"{english} {more[1]}",
                f"{french} {more[2]}",
            )
        if pick[2] % 5 == 0:
            head = HEADS[pick[2] % len(HEADS)]
            script, english, french = (
                f"{head[0]} {script}",
                f"{head[1]} {english}",
                f"{head[2]} {french}",
            )
        number = pick[3] % 90 + 10
        which = pick[3] % 4
        if which == 0:
            return (english, f"{english} {number}"), script
        if which == 1:
            return (script, f"{script} {number}"), english
        return (english, script, f"{english}a"), french

    def english_name(self, pick: list[int]) -> tuple[tuple[str, ...], str]:
        """An English-like name and two variants of it."""
        name = f"{self.second_english[pick[1]]}{self.english[pick[0]]}"
        if pick[2] % 3:
            name = f"{name} {self.english[pick[2]]}"
        return (name, f"{name} Cross", f"Old {name}"), ""

    def slavic_name(self, pick: list[int]) -> tuple[tuple[str, ...], str]:
        """A name in Cyrillic, its transliteration, and a variant."""
        script, latin = self.slavic[pick[0]]
        more, more_latin = self.second_slavic[pick[1]]
        return (f"{script} {more}", f"{latin} {more_latin}", f"{latin} {more_latin} II"), ""
