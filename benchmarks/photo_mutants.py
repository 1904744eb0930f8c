"""Damaged copies of real photos, and what is read of them; used by ``photos.py``.

Each mutant is one file of the folder, drawn evenly, changed in one of four ways that take turns:
1 to 8 bits flipped; 1 to 16 bytes replaced at random; cut off somewhere; 1 to 4 integers of 2 or 4
bytes overwritten by 0, 1, 7F.., 80.. or FF... Every second change of bits, bytes and integers falls
into the EXIF block (the first 64 KB where there is none), the others anywhere in the file; cuts
likewise. With the same files, seed and count the mutants are the same.

``wrong_ok``: mutants of files that have a position, in which another position (off by more than
1 m and more than the stated uncertainty of the original) is reported with the status "ok" and
without a conflict about the position. ``share`` is of ``with_gps``, the mutants of such files, with
its Wilson interval at 95 %. ``lost_ok`` counts, for information, those whose position is gone
although the status is "ok" and there is no problem or conflict that says so.
"""

from __future__ import annotations

import math
import random
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from gazetteer.geodesy import distance_m
from imagery.errors import PhotoError
from imagery.photo.containers.parts import walk
from imagery.photo.facts import PhotoFacts
from imagery.photo.sandbox.pool import Sandbox
from imagery.photo.sandbox.reading import NOT_READ, read_in

WAYS = ("bits", "bytes", "cut", "integers")
HEAD_BYTES = 65_536
BATCH = 100
SAME_M = 1.0
Z = 1.959964


def span_of(data: bytes) -> tuple[int, int]:
    """Where the EXIF block stands, else the start of the file."""
    parts = walk(data)
    block = parts.exif[0] if parts is not None and parts.exif else None
    if block is None or block.offset < 0:
        return 0, min(len(data), HEAD_BYTES)
    # A TIFF file is its own block, of which the first part holds the directories.
    return block.offset, min(block.offset + min(len(block.data), HEAD_BYTES), len(data))


def mutant(data: bytes, span: tuple[int, int], *, way: str, rng: random.Random) -> bytes:
    """One damaged copy; ``span`` is where the damage falls."""
    first, end = span
    if way == "cut":
        return data[: rng.randrange(first, end)]
    out = bytearray(data)
    if way == "bits":
        for _ in range(rng.randint(1, 8)):
            out[rng.randrange(first, end)] ^= 1 << rng.randrange(8)
    elif way == "bytes":
        for _ in range(rng.randint(1, 16)):
            out[rng.randrange(first, end)] = rng.randrange(256)
    else:
        for _ in range(rng.randint(1, 4)):
            code = rng.choice((">H", "<H", ">I", "<I"))
            most = 256 ** struct.calcsize(code) - 1
            value = rng.choice((0, 1, most // 2, most // 2 + 1, most))
            at = rng.randrange(first, max(first + 1, end - 3))
            out[at : at + struct.calcsize(code)] = struct.pack(code, value)
    return bytes(out[: len(data)])


def mutants(
    originals: Sequence[Path], *, count: int, seed: int
) -> Iterator[tuple[int, str, str, bytes]]:
    """(number of the original, way, place, bytes)."""
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        chosen = rng.randrange(len(originals))
        data = originals[chosen].read_bytes()
        way = WAYS[number % len(WAYS)]
        aimed = number // len(WAYS) % 2 == 0
        span = span_of(data) if aimed else (0, len(data))
        yield chosen, way, "block" if aimed else "anywhere", mutant(data, span, way=way, rng=rng)


def is_wrong(original: PhotoFacts, found: PhotoFacts | PhotoError) -> bool:
    """Whether another position is reported as if nothing were the matter."""
    if not _quiet(found) or original.position is None or found.position is None:
        return False
    allowed_m = max(SAME_M, original.position.uncertainty_m or 0.0)
    return distance_m(original.position, found.position) > allowed_m


def _quiet(found: PhotoFacts | PhotoError) -> TypeGuard[PhotoFacts]:
    return (
        isinstance(found, PhotoFacts)
        and found.status == "ok"
        and found.position_problem is None
        and not any(conflict.field == "position" for conflict in found.conflicts)
    )


def measure_mutants(
    pairs: Sequence[tuple[Path, PhotoFacts]], *, count: int, seed: int, workers: int
) -> tuple[dict[str, Any], list[str], float]:
    """The figures, the mutants behind the bad ones, and the most memory of a child in MB."""
    originals = [path for path, facts in pairs if facts.format]
    facts_of = [facts for _, facts in pairs if facts.format]
    status: Counter[str] = Counter()
    with_gps = wrong = lost = uncaught = over = number = 0
    slowest_s = 0.0
    errors: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Sandbox(workers=workers) as box:

        def timed(path: Path) -> tuple[PhotoFacts | PhotoError, float]:
            began = time.perf_counter()
            found = read_in(box, path)
            return found, time.perf_counter() - began

        made = mutants(originals, count=count, seed=seed)
        while batch := [one for _, one in zip(range(BATCH), made, strict=False)]:
            files = []
            for place, (chosen, *_, data) in enumerate(batch):
                files.append(Path(folder, f"{place}{originals[chosen].suffix}"))
                files[-1].write_bytes(data)
            for (chosen, way, where, _), (found, took_s) in zip(
                batch, box.in_order(timed, files), strict=True
            ):
                original = facts_of[chosen]
                name = f"mutant {number} ({way}, {where}) of {original.path}"
                number += 1
                slowest_s = max(slowest_s, took_s)
                over += took_s > 5
                status["error" if isinstance(found, PhotoError) else found.status] += 1
                problems = () if isinstance(found, PhotoError) else found.problems
                if any(problem.startswith(NOT_READ) for problem in problems):
                    uncaught += 1
                    errors.append(f"uncaught {name}: {problems}")
                if original.position is None:
                    continue
                with_gps += 1
                if isinstance(found, PhotoFacts) and is_wrong(original, found):
                    wrong += 1
                    errors.append(f"wrong_ok {name}: {original.position} -> {found.position}")
                elif isinstance(found, PhotoFacts) and _quiet(found) and found.position is None:
                    lost += 1
                    errors.append(f"lost_ok {name}")
        peak_mb = box.peak_child_mb
    return (
        {
            "n": number,
            "status": dict(status),
            "uncaught": uncaught,
            "slowest_ms": round(1000 * slowest_s, 1),
            "over_5_s": over,
            "with_gps": with_gps,
            "wrong_ok": wrong,
            "share": round(wrong / with_gps, 4) if with_gps else None,
            "wilson": wilson(wrong, with_gps),
            "lost_ok": lost,
        },
        errors,
        peak_mb,
    )


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """The interval at 95 % for a share."""
    if not n:
        return None
    share = hits / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)
