"""How often the place that a caption means is found, with the area it names as context.

    python benchmarks/places.py ../shared/data/claims/incidents.jsonl [--gazetteer FOLDER]

Every unique pair of ``caption`` and ``admin`` of class village, town or city is looked up in the
Who's On First places of Syria, Iraq and Jordan (``wof_sy.ndjson.gz`` and so on in FOLDER). A place
is right within 10 km of the incident's point; about one point in 200 is itself wrong. Figures
and rules of ranking were chosen on the pairs whose text has an even CRC-32; ``held_out`` gives the
figures of the others. The three files are added to a gazetteer on disk first, in a temporary folder
or in the one that ``--database`` names; building it is no part of the times.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.borders import Borders
from gazetteer.database import Database, add
from gazetteer.geodesy import distances_m
from gazetteer.place import Candidate
from gazetteer.search import Gazetteer
from gazetteer.sources.open import open_reader

FILES = ("wof_sy.ndjson.gz", "wof_iq.ndjson.gz", "wof_jo.ndjson.gz")
NEAR_M = 10_000.0
CLASSES = ("village", "town", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A caption and where the incident was."""

    caption: str
    admin: str
    accuracy: str
    lon: float
    lat: float

    @property
    def held_out(self) -> bool:
        """Whether it was kept aside while tuning."""
        return zlib.crc32(f"{self.caption}\t{self.admin}".encode()) % 2 == 1


def built(folder: Path, files: Path) -> Database:
    """The gazetteer of the three files in a folder, added unless they are there."""
    for name in FILES:
        add(folder, open_reader(files / name))
    return Database.open(folder)


def cases(path: Path) -> list[Case]:
    """Unique pairs of caption and area, in the order of the file."""
    found: dict[tuple[str, str], Case] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["accuracy"] in CLASSES and row["caption"]:
            case = Case(
                caption=row["caption"],
                admin=row["admin"] or "",
                accuracy=row["accuracy"],
                lon=row["lon"],
                lat=row["lat"],
            )
            found.setdefault((case.caption, case.admin), case)
    return list(found.values())


def apart_m(case: Case, candidate: Candidate) -> float:
    """How far a candidate lies from the incident, in metres."""
    position = candidate.place.position
    return float(distances_m(case.lon, case.lat, position.lon, position.lat))


def rank_of(case: Case, found: Sequence[Candidate]) -> int | None:
    """Place of the first right candidate, from 0; None if there is none."""
    for number, candidate in enumerate(found):
        if apart_m(case, candidate) <= NEAR_M:
            return number
    return None


def figures(ranks: Sequence[int | None]) -> dict[str, Any]:
    """Shares right first and among ten."""
    count = max(len(ranks), 1)
    return {
        "n": len(ranks),
        "top1_10km": round(sum(rank == 0 for rank in ranks) / count, 4),
        "top10_10km": round(sum(rank is not None and rank < 10 for rank in ranks) / count, 4),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--gazetteer", type=Path, help="default: ../gazetteer beside the file")
    parser.add_argument("--database", type=Path, help="build here and keep it")
    parser.add_argument("--misses", type=int, default=0, help="print so many of the tuned half")
    parser.add_argument("--half", choices=("both", "tuned", "held-out"), default="both")
    options = parser.parse_args()
    folder = options.gazetteer or options.file.resolve().parents[1] / "gazetteer"
    if options.database:
        measure(options, built(options.database, folder))
    else:
        with tempfile.TemporaryDirectory(prefix="places-") as scratch:
            measure(options, built(Path(scratch), folder))


def measure(options: argparse.Namespace, database: Database) -> None:
    """Ask for every case and print."""
    gazetteer = Gazetteer([database], Borders(builtin=False))
    asked = [
        case
        for case in cases(options.file)
        if options.half == "both" or case.held_out == (options.half == "held-out")
    ]
    gazetteer.find("Aleppo", admin="Aleppo")
    ranks: list[int | None] = []
    times_ms: list[float] = []
    for case in asked:
        begun = time.perf_counter()
        found = gazetteer.find(case.caption, admin=case.admin or None, most=10)
        times_ms.append((time.perf_counter() - begun) * 1e3)
        ranks.append(rank_of(case, found))
    both = list(zip(asked, ranks, strict=True))
    for case, rank in [pair for pair in both if not pair[0].held_out and pair[1] != 0][
        : options.misses
    ]:
        found = gazetteer.find(case.caption, admin=case.admin or None, most=3)
        shown = "; ".join(
            f"{c.matched_name} ({c.place.admin1}) {c.how} {c.score} {apart_m(case, c) / 1e3:.0f} km"
            for c in found
        )
        print(f"{case.caption} | {case.admin} | {case.accuracy} | {rank} | {shown}")
    result: dict[str, Any] = {
        "all": figures(ranks),
        "by_class": {
            name: figures([rank for case, rank in both if case.accuracy == name])
            for name in CLASSES
        },
        "tuned": figures([rank for case, rank in both if not case.held_out]),
        "held_out": figures([rank for case, rank in both if case.held_out]),
        "ms_p50": round(float(np.percentile(times_ms, 50)), 2),
        "ms_p99": round(float(np.percentile(times_ms, 99)), 2),
    }
    for name, row in (("all", result["all"]), *result["by_class"].items()):
        print(name, *(f"{key} {value}" for key, value in row.items()), sep="  ")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
