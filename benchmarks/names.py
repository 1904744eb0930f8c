"""How fast and how surely places are found by name among millions, and what the gazetteer costs.

    python benchmarks/names.py [--names 12000000] [--queries 2000] [--folder DIR] [--cpu]

Makes up about that many names (seed 0), two or three to a place: Arabic script with an English
transliteration, English-like names, Cyrillic with a transliteration; none is a real place but by
chance. They go through ``gazetteer.database.add`` as any source does; the time for making them up
is part of the build. A fresh process then asks for places drawn at random:

exact            by one of their names, as stored
transliterated   Arabic names by a spelling that is not stored: the French one, or the other script
                 where only one script is stored
typo             by a stored name of four letters and more with one letter left out, put in,
                 replaced, or swapped with the next

A look-up takes the name as typed and gives the first ten whole places. Making its keys is part of
the time; ``lookup_p50_ms`` and ``lookup_p99_ms`` leave that part out. The clock is the wall's, or
with ``--cpu``, for a machine that others use too, the processor's. ``recall10`` is the share with
the right place among the first ten. ``anonymous_mb`` is the asking process's own memory, pages of
mapped files left out. The last line is JSON: ``names, build_s, disk_mb,
anonymous_mb, exact {p50_ms, p99_ms, recall10}, transliterated {...}, typo {...}``.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from gazetteer.database import Database, add
from gazetteer.fold import fold_text, lines_of
from gazetteer.names import fold, skeletons
from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.match import Match

MOST = 10
CHUNK = 10_000
WORDS = 50_000
WARM = 50
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


def mistyped(name: str, draw: random.Random) -> str:
    """The name with one letter left out, put in, replaced, or swapped with the next."""
    alphabet = sorted({char for char in name.casefold() if char.isalpha()})
    for _ in range(100):
        at = draw.randrange(len(name))
        letter = draw.choice(alphabet)
        changed = draw.choice(
            (
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at:],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
            )
        )
        # Only a change that the key shows is one. ``fold`` itself would remember it.
        before, after = lines_of(fold_text([name, changed]))
        if after not in ("", before):
            return changed
    return ""


def anonymous_mb() -> float:
    """Memory of this process that is backed by no file, in MB."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("/proc/self/smaps_rollup does not say how much memory is anonymous")


Keys = tuple[str, tuple[str, ...]]


def timed(
    clock: Callable[[], float],
    questions: list[tuple[str, str]],
    keys_of: Callable[[str], Keys],
    ask: Callable[[Keys], Iterable[Match]],
) -> dict[str, float | int | None]:
    """Times and recall of one sort of question: pairs of what is typed and the right id."""
    taken, in_lookup, right = [], [], 0
    for text, wanted in questions:
        begun = clock()
        keys = keys_of(text)
        middle = clock()
        found = ask(keys)
        ended = clock()
        taken.append(ended - begun)
        in_lookup.append(ended - middle)
        ids = list(dict.fromkeys(match.place.source_id for match in found))
        right += wanted in ids[:MOST]
    if not taken:
        return {"p50_ms": None, "p99_ms": None, "recall10": None, "n": 0}
    p50, p99 = np.percentile(np.array(taken) * 1000, (50, 99))
    lookup_p50, lookup_p99 = np.percentile(np.array(in_lookup) * 1000, (50, 99))
    return {
        "p50_ms": round(float(p50), 3),
        "p99_ms": round(float(p99), 3),
        "recall10": round(right / len(taken), 4),
        "n": len(taken),
        "lookup_p50_ms": round(float(lookup_p50), 3),
        "lookup_p99_ms": round(float(lookup_p99), 3),
    }


def measure(folder: Path, asked: list[Asked], clock: Callable[[], float]) -> dict[str, object]:
    """Ask for every place in each way that it allows."""
    draw = random.Random(0)
    database = Database.open(folder)

    def folded(name: str) -> Keys:
        return fold(name), ()

    def with_skeletons(name: str) -> Keys:
        return fold(name), skeletons(name)

    def exact(keys: Keys) -> Iterable[Match]:
        return database.lookup(fold_key=keys[0], most=MOST)

    def transliterated(keys: Keys) -> Iterable[Match]:
        return database.alike(keys[1], fold_key=keys[0], most=MOST)

    def typo(keys: Keys) -> Iterable[Match]:
        # What is asked for may be another place's name, too.
        found = database.lookup(fold_key=keys[0], most=MOST)
        return (*found, *database.typos(keys[0], most=MOST))

    wrong = [
        (mistyped(one.stored, draw), one.source_id)
        for one in asked
        if sum(map(str.isalpha, one.stored)) >= 4
    ]
    answers: dict[str, object] = {}
    for name, questions, keys_of, ask in (
        ("exact", [(one.stored, one.source_id) for one in asked], folded, exact),
        (
            "transliterated",
            [(one.other, one.source_id) for one in asked if one.other],
            with_skeletons,
            transliterated,
        ),
        ("typo", [pair for pair in wrong if pair[0]], folded, typo),
    ):
        # The first few only open what is opened once; keys are remembered, so they are not timed.
        for text, _ in questions[:WARM]:
            ask(keys_of(text))
        answers[name] = timed(clock, questions[WARM:], keys_of, ask)
    return {"anonymous_mb": round(anonymous_mb(), 1), **answers}


def show(what: str, done: int, total: int | None) -> None:
    share = f"{done / total:4.0%}" if total else ""
    print(f"\r{what:<24}{share}", end="", file=sys.stderr, flush=True)


def run(folder: Path, names: int, queries: int, *, cpu: bool) -> dict[str, object]:
    reader = MadeUp(places=max(1, round(names / NAMES_PER_PLACE)), queries=queries)
    begun = time.perf_counter()
    added = add(folder, reader, progress=show)
    build_s = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(file=sys.stderr)
    disk_mb = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    asked = folder / "asked.json"
    asked.write_text(json.dumps([[one.source_id, one.stored, one.other] for one in reader.asked]))
    child = subprocess.run(
        [sys.executable, __file__, "--measure", str(folder), *(["--cpu"] if cpu else [])],
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        raise SystemExit(child.stderr)
    return {
        "names": added.names,
        "build_s": round(build_s, 1),
        "disk_mb": round(disk_mb, 1),
        "build_cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "build_peak_mb": round(used.ru_maxrss / 1024, 1),
        "clock": "cpu" if cpu else "wall",
        **json.loads(child.stdout),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--names", type=int, default=12_000_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--folder", type=Path, help="build here and keep it")
    parser.add_argument(
        "--cpu", action="store_true", help="time look-ups by the processor's clock, not the wall's"
    )
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        asked = json.loads((arguments.measure / "asked.json").read_text())
        clock = time.thread_time if arguments.cpu else time.perf_counter
        answers = measure(arguments.measure, [Asked(*one) for one in asked], clock)
        print(json.dumps(answers))
        return
    if arguments.folder:
        result = run(arguments.folder, arguments.names, arguments.queries, cpu=arguments.cpu)
    else:
        with tempfile.TemporaryDirectory(prefix="names-") as folder:
            result = run(Path(folder), arguments.names, arguments.queries, cpu=arguments.cpu)
    for name in ("exact", "transliterated", "typo"):
        row = result[name]
        assert isinstance(row, dict)
        print(
            f"{name:<16}{row['p50_ms']!s:>8} / {row['p99_ms']!s:<8} ms   recall at 10 "
            f"{row['recall10']!s:<8} of {row['n']}; without making keys "
            f"{row.get('lookup_p50_ms')} / {row.get('lookup_p99_ms')} ms"
        )
    print(
        f"{result['names']:,} names: built in {result['build_s']} s ("
        f"{result['build_cpu_s']} s of one core, peak "
        f"{result['build_peak_mb']} MB), {result['disk_mb']} MB on disk, "
        f"{result['anonymous_mb']} MB anonymous while asked"
    )
    print(json.dumps(result))


if __name__ == "__main__":
    main()
