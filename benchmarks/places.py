"""How often the place that a caption means is found, with the area it names as context.

    python benchmarks/places.py ../shared/data/claims/incidents.jsonl [--gazetteer FOLDER]

Every unique pair of ``caption`` and ``admin`` of class village, town or city is looked up in the
Who's On First places of Syria, Iraq and Jordan (``wof_sy.ndjson.gz`` and so on in FOLDER). A place
is right within 10 km of the incident's point; about one point in 200 is itself wrong. Figures
and rules of ranking were chosen on the pairs whose text has an even CRC-32; ``held_out`` gives the
figures of the others. The places stand in memory here, with misspellings by rapidfuzz.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from gazetteer.borders import Borders
from gazetteer.geodesy import distances_m
from gazetteer.names import core_skeletons, keys_many
from gazetteer.place import Candidate, Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.search import Gazetteer
from gazetteer.sources.match import Match

FILES = ("wof_sy.ndjson.gz", "wof_iq.ndjson.gz", "wof_jo.ndjson.gz")
KINDS = {
    "locality": "populated_place",
    "neighbourhood": "neighbourhood",
    "county": "district",
    "region": "region",
    "country": "country",
    "campus": "airport",
}
NEAR_M = 10_000.0
CLASSES = ("village", "town", "city")


class Whole:
    """Every place in memory, by key."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._count = len(places)
        self._by_fold: dict[str, list[Match]] = defaultdict(list)
        self._by_skeleton: dict[str, list[Match]] = defaultdict(list)
        names = [(place, name) for place in places for name in place.names]
        texts = [name for _, name in names]
        folds, bones = keys_many(texts)
        rows = zip(names, folds, bones, core_skeletons(texts), strict=True)
        for (place, name), key, whole, core in rows:
            match = Match(place=place, name=name)
            self._by_fold[key].append(match)
            for each in {whole, core} - {""}:
                self._by_skeleton[each].append(match)
        self._keys = [key for key in self._by_fold if key]

    def __len__(self) -> int:
        return self._count

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", like: str = ""
    ) -> tuple[Match, ...]:
        """Matches of either key; all of them, so that ``like`` has nothing to choose."""
        del like
        found = [*self._by_fold.get(fold_key, ())] if fold_key else []
        found += self._by_skeleton.get(skeleton_key, ()) if skeleton_key else ()
        return tuple(found)

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        """Matches of the keys nearest in spelling, at most ``edits`` off."""
        if len(fold_key) < 3:
            return ()
        near = process.extract(
            fold_key,
            self._keys,
            scorer=OSA.distance,
            score_cutoff=edits if len(fold_key) >= 6 else 1,
            limit=most,
        )
        return tuple(match for key, _, _ in near for match in self._by_fold[key])


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


def places(folder: Path) -> Iterator[Place]:
    """Every place of the three files, with the name of its first-level area."""
    rows = []
    for name in FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            rows += [json.loads(line) for line in file]
    regions = {row["wof:id"]: row["wof:name"] for row in rows if row["wof:placetype"] == "region"}
    for row in rows:
        if (place := place_of(row, regions)) is not None:
            yield place


def place_of(row: dict[str, Any], regions: dict[int, str]) -> Place | None:
    """A row as a place; None without a name."""
    main = [row["wof:name"]] if row.get("wof:name") else []
    named = [name for key, names in row.items() if key.startswith("name:") for name in names]
    names = tuple(dict.fromkeys(name for name in (*main, *named) if name.strip()))
    if not names:
        return None
    above = {branch.get("region_id") for branch in row["wof:hierarchy"]} & regions.keys()
    kind = KINDS.get(row["wof:placetype"], "unknown")
    prefix = "lbl" if "lbl:latitude" in row else "geom"
    return Place(
        name=names[0],
        names=names,
        kind=kind,
        position=Position(lon=row[f"{prefix}:longitude"], lat=row[f"{prefix}:latitude"]),
        extent_m=kind_extent_m(kind),
        country=row["wof:country"] or None,
        valid=None,
        source="Who's On First",
        source_id=str(row["wof:id"]),
        origin="Who's On First",
        admin1=regions[above.pop()] if len(above) == 1 else None,
        population=row.get("wof:population"),
    )


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
    parser.add_argument("--misses", type=int, default=0, help="print so many of the tuned half")
    parser.add_argument("--half", choices=("both", "tuned", "held-out"), default="both")
    options = parser.parse_args()
    folder = options.gazetteer or options.file.resolve().parents[1] / "gazetteer"
    gazetteer = Gazetteer([Whole(list(places(folder)))], Borders(builtin=False))
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
