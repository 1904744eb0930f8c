"""How fast the main job is: ``osint check`` on the example case.

    python benchmarks/check.py [CASE] [--runs N]

Prints, as one line of JSON last: ``cold_s`` (a fresh process with an empty cache, so the index of
the world's cities is built too, to the finished report), ``warm_s`` (a fresh process, index there),
``help_s`` (``osint --help``), ``solve_s`` (weighing all claims, in process) and ``peak_mb`` (the
cold run's resident memory at its highest). Times are medians of N runs, 3 by default; one of cold.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(arguments: list[str], cache: Path) -> float:
    """Seconds from start to end of one ``osint`` process."""
    environment = {**os.environ, "OSINT_CACHE_DIR": str(cache)}
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "osint", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"osint {' '.join(arguments)} failed: {done.stderr.strip()}")
    return time.perf_counter() - begun


def solve_seconds(case_folder: Path, cache: Path) -> float:
    """Seconds to weigh every claim of a case, places looked up beforehand."""
    from gazetteer.search import Gazetteer
    from osint.case import read_case
    from osint.judge import judge, place_beliefs, scene_of
    from osint.pipeline import read_texts
    from osint.resolve import resolve

    case = read_case(case_folder)
    gazetteer = Gazetteer.open(case.gazetteers, cache_dir=cache)
    documents = read_texts(case).documents
    scene = scene_of(
        documents,
        resolve(documents, gazetteer, aliases=case.aliases, readings=case.readings),
        gazetteer,
    )
    plain = scene_of(documents, resolve(documents, gazetteer, readings=case.readings), gazetteer)
    begun = time.perf_counter()
    beliefs = place_beliefs(scene, documents[0].origin)
    judge(documents, scene, beliefs, unaliased=plain)
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", type=Path, default=ROOT / "examples" / "al-zaqaf")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache, out = Path(folder) / "cache", str(Path(folder) / "report")
        check = ["check", str(options.case.resolve()), "--out", out, "--force"]
        cold = run(check, cache)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
        warm = statistics.median(run(check, cache) for _ in range(options.runs))
        helped = statistics.median(run(["--help"], cache) for _ in range(max(options.runs, 5)))
        solved = statistics.median(solve_seconds(options.case, cache) for _ in range(options.runs))
    figures = {
        "cold_s": round(cold, 2),
        "warm_s": round(warm, 2),
        "help_s": round(helped, 2),
        "solve_s": round(solved, 2),
        "peak_mb": round(peak),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
