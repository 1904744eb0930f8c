"""How fast and how surely places are found by name among millions, and what the gazetteer costs.

    python benchmarks/names.py [--names 12000000] [--queries 2000] [--folder DIR] [--cpu]

Makes up about that many names (seed 0), two or three to a place: Arabic script with an English
transliteration, English-like names, Cyrillic with a transliteration; none is a real place but by
chance. They go through ``gazetteer.database.add`` as any source does; the time for making them up
is part of the build. A fresh process reads the files through once, so that the disk's share is left
out (a first look-up on a cold disk takes some milliseconds more), and asks for places drawn at
random:

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
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from benchmarks.made_up import NAMES_PER_PLACE, Asked, MadeUp
from gazetteer.database import Database, add
from gazetteer.fold import fold_text, lines_of
from gazetteer.names import fold, skeletons
from gazetteer.sources.match import Match

MOST = 10
WARM = 50


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


def read_through(folder: Path) -> None:
    """Have the files in memory, so that a look-up is timed and not the disk."""
    for path in folder.iterdir():
        with path.open("rb") as handle:
            while handle.read(1 << 24):
                pass


def measure(folder: Path, asked: list[Asked], clock: Callable[[], float]) -> dict[str, object]:
    """Ask for every place in each way that it allows."""
    draw = random.Random(0)
    read_through(folder)
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
