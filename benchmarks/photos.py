"""How photos are read: every file an outcome, how fast, how exactly, and what damage does.

    python benchmarks/photos.py DIR [--mutants 2000] [--seed 0] [--workers 2] [--errors]

Prints, as one line of JSON last: ``files``, ``status`` (how many of each; files that are no image
are "unsupported"), ``uncaught`` (an exception in a reader that nobody foresaw, or a crash of its
child), ``slowest_ms`` and ``median_ms`` of one file (asking a child and its answer; the first of
each child includes starting it), ``total_s`` and ``per_photo_ms`` (wall clock for all files through
the sandbox, starting it included, divided by the files), ``cpu_ms`` (processor time a file, parent
and children), the same with the signals of the pixels under ``pixels``, ``peak_child_mb``
(resident, 10^6 bytes, over everything this script did; null where the system does not tell),
``exiftool`` (per field: ``n`` files in which exiftool finds a usable value, of which ``agree``,
``miss`` and ``wrong``; ours beside a conflict in that field is a miss), ``exiftool_per_photo_ms``
(one exiftool kept open), and ``mutants`` (see ``photo_mutants.py``). ``--errors`` lists the files
behind ``wrong``, ``miss`` and ``uncaught``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from imagery.errors import PhotoError
from imagery.photo.facts import PhotoFacts
from imagery.photo.sandbox.pool import Sandbox
from imagery.photo.sandbox.reading import NOT_READ, read_in
from osint.cli.photo_files import photo_files

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.photo_mutants import measure_mutants
from benchmarks.photo_oracle import compare, exiftool_per_photo_ms

Found = PhotoFacts | PhotoError


def read_all(
    paths: Sequence[Path], *, workers: int, pixels: bool
) -> tuple[list[Found], dict[str, float | None], float]:
    """Facts, times, and the most memory of a child in MB."""

    def timed(path: Path) -> tuple[Found, float]:
        began = time.perf_counter()
        found = read_in(box, path, pixels=pixels)
        return found, 1000 * (time.perf_counter() - began)

    began, cpu = time.perf_counter(), cpu_s()
    with Sandbox(workers=workers) as box:
        results = list(box.in_order(timed, paths))
        total_s = time.perf_counter() - began
        peak_mb = box.peak_child_mb
    # Of children the system counts the time once they have ended.
    used_s = cpu_s() - cpu
    each_ms = [ms for _, ms in results]
    times = {
        "slowest_ms": round(max(each_ms), 1),
        "median_ms": round(statistics.median(each_ms), 1),
        "total_s": round(total_s, 2),
        "per_photo_ms": round(1000 * total_s / len(paths), 2),
        "cpu_ms": round(1000 * used_s / len(paths), 2) if used_s else None,
    }
    return [found for found, _ in results], times, peak_mb


def cpu_s() -> float:
    """Processor time of this process and its ended children; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def status_of(found: Found) -> str:
    return "unsupported" if isinstance(found, PhotoError) else found.status


def is_uncaught(found: Found) -> bool:
    return isinstance(found, PhotoFacts) and any(
        problem.startswith(NOT_READ) for problem in found.problems
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--errors", action="store_true")
    chosen = parser.parse_args()
    paths, _ = photo_files([chosen.folder])
    if not paths:
        sys.exit(f"{chosen.folder} holds no photos")

    found, times, peak_mb = read_all(paths, workers=chosen.workers, pixels=False)
    _, pixel_times, pixel_peak_mb = read_all(paths, workers=chosen.workers, pixels=True)
    pairs = [(p, f) for p, f in zip(paths, found, strict=True) if isinstance(f, PhotoFacts)]
    fields, errors = compare(pairs)
    errors += [f"uncaught {f.path}: {f.problems}" for _, f in pairs if is_uncaught(f)]
    uncaught = sum(map(is_uncaught, found))
    mutants = None
    if chosen.mutants:
        mutants, worse, mutant_peak_mb = measure_mutants(
            pairs, count=chosen.mutants, seed=chosen.seed, workers=chosen.workers
        )
        errors += worse
        pixel_peak_mb = max(pixel_peak_mb, mutant_peak_mb)
    if chosen.errors:
        print("\n".join(errors))
    peak_mb = max(peak_mb, pixel_peak_mb)
    result = {
        "files": len(paths),
        "status": dict(Counter(map(status_of, found))),
        "uncaught": uncaught,
        **times,
        "pixels": pixel_times,
        "peak_child_mb": round(peak_mb, 1) if peak_mb else None,
        "exiftool": fields,
        "exiftool_per_photo_ms": exiftool_per_photo_ms(paths),
        "mutants": mutants,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
