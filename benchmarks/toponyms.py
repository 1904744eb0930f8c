"""How often the right place is chosen for the names of a news text.

    python benchmarks/toponyms.py ../shared/data/toponyms/lgl.jsonl [FILE...]

Each line of a file is a text with its place names and where annotators say they are. World cities
and ``areas.csv`` (``--areas``, by default the one in the shared data beside the file) are the
gazetteer. A choice is right within 161 km (100 miles, the field's usual bound) of the annotators'
point; a name that nobody knows counts 20,039 km. ``acc161_covered`` counts only names that have a
row within 161 km. The weights of ``osint.toponyms`` were fitted on the documents whose id has an
even SHA-256; ``held_out`` gives the same figures for the others alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer import Gazetteer
from gazetteer.borders import Borders
from gazetteer.pairwise import distance_matrix_m
from gazetteer.place import Place
from gazetteer.record import Record
from gazetteer.sources.builtin import BuiltinSource
from gazetteer.sources.given import GivenSource
from gazetteer.sources.open import open_reader
from osint.readings import Remembered
from osint.toponyms import Toponym, candidates_of, meanings

FARTHEST_KM = 20_039.0
NEAR_KM = 161.0


def areas_of(path: Path) -> GivenSource:
    """The rows of ``areas.csv`` as a source of places."""
    reader = open_reader(path)
    records = [row for row in reader.rows() if isinstance(row, Record)]
    return GivenSource(reader.provenance, records)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One gold name: how far the first choice and the nearest row are from it, in km."""

    held_out: bool
    away_km: float
    nearest_km: float


def read(path: Path) -> list[dict[str, Any]]:
    """The documents of a file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def toponyms_of(document: dict[str, Any]) -> list[Toponym]:
    """Its place names, each spelling once."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for gold in document["toponyms"]:
        spans.setdefault(gold["name"], []).append((gold["start"], gold["end"]))
    return [Toponym(name=name, spans=tuple(where)) for name, where in spans.items()]


def judged(
    document: dict[str, Any], gazetteer: Remembered, chosen: dict[str, Place | None]
) -> Iterable[Chosen]:
    """How far each choice of a document is off."""
    held_out = hashlib.sha256(document["doc"].encode()).digest()[0] % 2 == 1
    for gold in document["toponyms"]:
        if gold["lon"] is None:
            continue
        rows = [c.place.position for c in candidates_of(gold["name"], gazetteer)]
        place = chosen[gold["name"]]
        if not rows or place is None:
            yield Chosen(held_out, FARTHEST_KM, FARTHEST_KM)
            continue
        spots = [place.position, *rows]
        away = distance_matrix_m(
            [gold["lon"]], [gold["lat"]], [p.lon for p in spots], [p.lat for p in spots]
        )[0]
        yield Chosen(held_out, float(away[0]) / 1000, float(away.min()) / 1000)


def figures(choices: Sequence[Chosen]) -> dict[str, float | int]:
    """The keys of the contract."""
    away = np.array([c.away_km for c in choices])
    nearest = np.array([c.nearest_km for c in choices])
    covered = nearest <= NEAR_KM
    right = away <= NEAR_KM
    # The area under the curve of the logarithm of the error, 0 (all exact) to 1 (all missed).
    auc = float((np.log(np.maximum(away, 1.0)) / np.log(FARTHEST_KM)).mean())
    return {
        "n": len(choices),
        "missed": int((away >= FARTHEST_KM).sum()),
        "acc161": round(float(right.mean()), 4),
        "acc20": round(float((away <= 20).mean()), 4),
        "ceiling161": round(float(covered.mean()), 4),
        "acc161_covered": round(float(right[covered].mean()), 4),
        "mean_km": round(float(away.mean()), 1),
        "median_km": round(float(np.median(away)), 2),
        "auc": round(auc, 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--areas", type=Path, help="areas.csv")
    options = parser.parse_args()
    areas = options.areas or options.files[0].parents[1] / "gazetteer" / "areas.csv"
    index = Gazetteer([areas_of(areas), BuiltinSource.open()], Borders.open([]))
    everything: dict[str, Any] = {}
    for path in options.files:
        documents = read(path)
        names = [toponyms_of(document) for document in documents]
        started = time.perf_counter()
        # Each document on its own, as if no other had been read before.
        results = [
            meanings(d["text"], toponyms, Remembered(index))
            for d, toponyms in zip(documents, names, strict=True)
        ]
        took_s = time.perf_counter() - started
        remembered = Remembered(index)
        choices: list[Chosen] = []
        for document, found in zip(documents, results, strict=True):
            chosen = {n: (m[0].candidate.place if m else None) for n, m in found.items()}
            choices += judged(document, remembered, chosen)
        result: dict[str, Any] = figures(choices)
        result["docs_per_s"] = round(len(documents) / took_s, 1)
        result["held_out"] = figures([c for c in choices if c.held_out])
        print(path.name)
        for key, value in result.items():
            print(f"  {key}: {value}")
        everything[path.stem] = result
    only = everything[options.files[0].stem]
    print(json.dumps(only if len(options.files) == 1 else everything))


if __name__ == "__main__":
    main()
