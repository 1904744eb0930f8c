"""How many Arabic names and their transliterations meet in a key, and how many places share it.

    python benchmarks/pairs.py [FOLDER] [--half tuned|held-out] [--misses N]

FOLDER holds ``wof_sy.ndjson.gz``, ``wof_iq.ndjson.gz`` and ``wof_jo.ndjson.gz`` (Who's On First). A
pair is a place's preferred Arabic name, if it is in Arabic script, with its main name or its
preferred English or French name, if that is in Latin script. Places whose ``wof:id`` has an even
CRC-32 were used to find the rules; figures are for the others unless asked otherwise.

An index holds one skeleton for each name, and that of its core where it has one (see
``names.core_skeletons``). A pair has joined where a key of the Arabic name, tried in order, is one
of the Latin name's ("from Arabic"), and the other way round; its candidates are the places of the
three files with that key among their names, whatever the script. The keys tried are the skeleton
(``first``: joined by it alone), those of other readings (``whole``: joined by any of these), the
core's (``cores``: by any so far), those with one letter's dots misread (``misread``) and those with
one consonant fewer or two swapped (``joined``: by any of all). Of the pairs that do not join many
are two names, not two spellings: ``alike`` is the share joined among those whose skeletons are at
least half the same.

Prints a table, and as one line of JSON last its figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from gazetteer.names import (
    core_skeletons,
    misreadings,
    skeleton_many,
    skeletons,
    skeletons_many,
    slips,
)

ROOT = Path(__file__).parents[1]
FILES = ("wof_sy.ndjson.gz", "wof_iq.ndjson.gz", "wof_jo.ndjson.gz")
LATIN = ("name:eng_x_preferred", "name:fra_x_preferred")
ALIKE = 0.5

Index = defaultdict[str, set[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two names of one place."""

    place: int
    arabic: str
    latin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted in one direction; candidates are per joined pair."""

    pairs: int
    joined: int
    first: int
    whole: int
    near: int
    misread: int
    alike: float
    candidates: tuple[int, ...]
    missed: tuple[tuple[str, str], ...]


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Every place of the three files."""
    for name in FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def all_names(row: dict[str, Any]) -> set[str]:
    """Every name of a place in any language."""
    named = {name for key, names in row.items() if key.startswith("name:") for name in names}
    return {name for name in {row.get("wof:name") or "", *named} if name.strip()}


def in_script(name: str, *, arabic: bool) -> bool:
    """Whether all its letters are of that script; False without letters."""
    letters = [char for char in name if char.isalpha()]
    found = [
        "\u0600" <= char <= "\u06ff" or "\ufb50" <= char <= "\ufeff"
        if arabic
        else char < "\u0370" or "\u1d00" <= char <= "\u1eff"
        for char in letters
    ]
    return bool(letters) and all(found)


def pairs_of(row: dict[str, Any]) -> Iterator[Pair]:
    """The pairs of one place, each once."""
    latin = [row.get("wof:name") or "", *(name for key in LATIN for name in row.get(key, ()))]
    for arabic in row.get("name:ara_x_preferred", ()):
        for other in dict.fromkeys(latin):
            if in_script(arabic, arabic=True) and in_script(other, arabic=False):
                yield Pair(place=row["wof:id"], arabic=arabic, latin=other)


def is_held_out(place: int) -> bool:
    """Which half a place is in."""
    return zlib.crc32(str(place).encode()) % 2 == 1


def tally(pairs: list[Pair], index: Index, cores: Index, *, from_arabic: bool) -> Tally:
    """Look up one name of each pair and see whether a key leads to the other."""
    asked = [pair.arabic if from_arabic else pair.latin for pair in pairs]
    answers = [pair.latin if from_arabic else pair.arabic for pair in pairs]
    stored = skeleton_many(answers)
    loose = core_skeletons(answers)
    joined = first = whole = near = misread = alike = alike_joined = 0
    candidates: list[int] = []
    missed: list[tuple[str, str]] = []
    every = zip(
        asked, answers, stored, loose, skeletons_many(asked), core_skeletons(asked), strict=True
    )
    for name, answer, key, loose_key, readings, core in every:
        strict = tuple(dict.fromkeys(filter(None, (*readings, core))))
        bones = readings[0] if readings else ""
        dotted = (*strict, *misreadings(bones))
        tried = (*dotted, *slips(bones))
        met = next((each for each in tried if each in (key, loose_key)), "")
        ratio = SequenceMatcher(None, tried[0] if tried else "", key).ratio()
        alike += bool(met) or ratio >= ALIKE
        alike_joined += bool(met)
        if not met:
            missed.append((name, answer))
            continue
        joined += 1
        first += tried[0] == key
        whole += met in readings and met == key
        near += met in strict
        misread += met in dotted
        candidates.append(len(index[met] if met == key else index[met] | cores[met]))
    return Tally(
        pairs=len(pairs),
        joined=joined,
        first=first,
        whole=whole,
        near=near,
        misread=misread,
        alike=alike_joined / max(alike, 1),
        candidates=tuple(candidates),
        missed=tuple(missed),
    )


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Interval of 95 % for a share, by Wilson's formula (1927)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.959964, hits / of
    middle = share + z * z / (2 * of)
    spread = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def figures(counted: Tally) -> dict[str, Any]:
    """What is printed of one direction."""
    low, high = wilson(counted.joined, counted.pairs)
    return {
        "n": counted.pairs,
        "joined": round(counted.joined / max(counted.pairs, 1), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "first": round(counted.first / max(counted.pairs, 1), 4),
        "whole": round(counted.whole / max(counted.pairs, 1), 4),
        "cores": round(counted.near / max(counted.pairs, 1), 4),
        "misread": round(counted.misread / max(counted.pairs, 1), 4),
        "alike": round(counted.alike, 4),
        "median_candidates": statistics.median(counted.candidates or (0,)),
        "mean_candidates": round(statistics.mean(counted.candidates or (0,)), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT.parent / "shared" / "data" / "gazetteer"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--half", choices=("tuned", "held-out"), default="held-out")
    parser.add_argument("--misses", type=int, default=0, help="print so many that did not join")
    options = parser.parse_args()
    owners: list[int] = []
    names: list[str] = []
    pairs: list[Pair] = []
    for row in rows(options.folder):
        named = all_names(row)
        owners += [row["wof:id"]] * len(named)
        names += named
        if is_held_out(row["wof:id"]) == (options.half == "held-out"):
            pairs += pairs_of(row)
    index: Index = defaultdict(set)
    cores: Index = defaultdict(set)
    for found, keys in ((index, skeleton_many(names)), (cores, core_skeletons(names))):
        for owner, key in zip(owners, keys, strict=True):
            if key:
                found[key].add(owner)
    both = {
        "from_arabic": tally(pairs, index, cores, from_arabic=True),
        "from_latin": tally(pairs, index, cores, from_arabic=False),
    }
    for direction, counted in both.items():
        step = max(len(counted.missed) // options.misses, 1) if options.misses else 0
        for asked, answer in counted.missed[::step][: options.misses] if step else ():
            print(f"{asked} | {answer} | {' '.join(skeletons(asked))} | {skeletons(answer)[:1]}")
        print(direction, *(f"{key} {value}" for key, value in figures(counted).items()), sep="  ")
    result = {direction: figures(counted) for direction, counted in both.items()}
    print(json.dumps({"half": options.half, "seed": 0, **result["from_arabic"], **result}))


if __name__ == "__main__":
    main()
