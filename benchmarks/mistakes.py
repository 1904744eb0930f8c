"""How well likely data-entry errors are named and repaired.

    python benchmarks/mistakes.py ../shared/data/claims/incidents.jsonl

Each line of the file is a record with ``caption``, ``admin``, ``lat`` and ``lon``. Names are looked
up in the Who's On First files (``--gazetteer``, by default those of the shared data beside the
file). Two things are measured:

(i) what is suspected in the file as it is: the most probable ones are printed with the reason;
(ii) errors put on purpose into clean records (seed 0), one type at a time: how often the right type
is named first, and how often the first repair is within 1 km of the original point. Clean is a
record that has four decimals or more, a place of its name within 5 km, and nothing suspected; an
error counts only if it moves the point by 5 km or more, since smaller ones cannot be told from the
size of a place; ``named_50km`` counts those that move it by 50 km or more. For a wrong homonym,
0/0, the centre of the area and cut digits the original point is lost: their repair is the
gazetteer's point of the place.

``false_alarms`` is the share of records with four decimals and a place of the name within 5 km, in
the file as it is, in which an error is suspected; with its n and Wilson interval (1927).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from gazetteer.described.parse import parse
from gazetteer.described.tree import In, Name, names_in
from gazetteer.geodesy import distance_m
from gazetteer.mistakes import Said, diagnose
from gazetteer.mistakes.judge import Diagnosis
from gazetteer.names import fold, keys_many, skeletons, split_generic
from gazetteer.place import Candidate, How, Place, kind_extent_m
from gazetteer.position import Position

FILES = ("wof_sy.ndjson.gz", "wof_iq.ndjson.gz", "wof_jo.ndjson.gz")
KINDS = {
    "country": "country",
    "region": "region",
    "county": "district",
    "localadmin": "district",
    "locality": "populated_place",
    "neighbourhood": "neighbourhood",
    "campus": "airport",
}
NEAR_M, MOVED_M, FAR_M, RIGHT_M = 5_000.0, 5_000.0, 50_000.0, 1_000.0


class Names:
    """Who's On First places by folded name and by skeleton."""

    def __init__(self, folder: Path) -> None:
        self._places: list[Place] = []
        self._by_key: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._by_bones: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._kept: dict[str, tuple[Candidate, ...]] = {}
        rows = [row for name in FILES for row in _rows(folder / name)]
        regions = {row["wof:id"]: row["wof:name"] for row in rows if row["kind"] == "region"}
        numbers: list[int] = []
        names: list[str] = []
        for row in rows:
            named = [row["wof:name"], *(n for k, v in row.items() if k[:5] == "name:" for n in v)]
            named = [name for name in dict.fromkeys(named) if name and name.strip()]
            if not named:
                continue
            numbers += [len(self._places)] * len(named)
            names += named
            self._places.append(_place(row, named, regions))
        for number, name, key, bones in zip(numbers, names, *keys_many(names), strict=True):
            self._by_key[key].append((number, name))
            self._by_bones[bones].append((number, name))

    def find(self, name: str) -> tuple[Candidate, ...]:
        """Candidates of a name, best first: folded, then its core, then by skeleton."""
        if name not in self._kept:
            self._kept[name] = self._find(name)
        return self._kept[name]

    def _find(self, name: str) -> tuple[Candidate, ...]:
        best: dict[int, Candidate] = {}
        core, generics = split_generic(name)
        tries: list[tuple[Sequence[tuple[int, str]], float, How]] = [
            (self._by_key.get(fold(name), ()), 0.97, "exact"),
            (self._by_key.get(core, ()) if generics else (), 0.9, "exact"),
        ]
        tried = dict.fromkeys([*skeletons(name)[:2], *skeletons(core)[:1]])
        tries += [
            (self._by_bones.get(bones, ()), 0.7, "transliterated")
            for bones in tried
            if len(bones) >= 2
        ]
        for found, score, how in tries:
            for number, matched in found:
                alike = SequenceMatcher(None, core, fold(matched)).ratio() if score == 0.7 else 1.0
                value = score * (0.5 + 0.5 * alike)
                if number not in best or best[number].score < value:
                    place = self._places[number]
                    best[number] = Candidate(
                        place=place, matched_name=matched, how=how, score=value
                    )
        return tuple(sorted(best.values(), key=lambda c: -c.score)[:60])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            row["kind"] = KINDS.get(row.get("wof:placetype", ""), "unknown")
            yield row


def _place(row: dict[str, Any], named: list[str], regions: dict[int, str]) -> Place:
    lon, lat = float(row["geom:longitude"]), float(row["geom:latitude"])
    kind, above = row["kind"], (row.get("wof:hierarchy") or [{}])[0]
    return Place(
        name=named[0],
        names=tuple(named),
        kind=kind,
        position=Position(lon=lon, lat=lat),
        extent_m=kind_extent_m(kind, row.get("wof:population")),
        country=row.get("wof:country") or None,
        valid=None,
        source="Who's On First",
        source_id=str(row["wof:id"]),
        origin="Who's On First",
        admin1=regions.get(above.get("region_id")),
    )


def said_of(record: dict[str, Any], names: Names) -> Said:
    """What a record says of its place: the names of its caption, likeliest first."""
    caption = record["caption"][:300]
    try:
        tree = parse(caption)
    except ValueError:
        return Said(names=())
    main = tree
    while isinstance(main, In):
        main = main.what
    named = [name for name in names_in(tree) if names.find(name)]
    own = isinstance(main, Name) and main.text in named
    return Said(
        names=(main.text,) if own and isinstance(main, Name) else tuple(named[:3]),
        within=tuple(n for n in names_in(tree)[1:] if names.find(n)) if own else (),
        near=not own,
        admin=record.get("admin") or None,
    )


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Interval of 95 % for a share, by Wilson's formula (1927)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.959964, hits / of
    middle = share + z * z / (2 * of)
    spread = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def share(hits: int, of: int) -> dict[str, float | int]:
    """A share with its n and interval."""
    low, high = wilson(hits, of)
    return {
        "n": of,
        "share": round(hits / max(of, 1), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


@dataclass(frozen=True, slots=True)
class Clean:
    """A record fit to be spoiled."""

    lat: str
    lon: str
    said: Said


def decimals(text: str) -> int:
    """Digits after the point."""
    return len(text.partition(".")[2])


def _cut(text: str, rng: random.Random) -> str:
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest[: rng.choice((0, 1))]}".rstrip(".")


def _moved_point(text: str, rng: random.Random) -> str:
    whole, _, rest = text.partition(".")
    if rng.random() < 0.5:
        return f"{whole[:-1]}.{whole[-1]}{rest}"
    return f"{whole}{rest[0]}.{rest[1:]}"


def _transposed(text: str, rng: random.Random) -> str:
    digits = [at for at, char in enumerate(text) if char.isdigit()][:5]
    at = rng.randrange(len(digits) - 1)
    first, second = digits[at], digits[at + 1]
    out = list(text)
    out[first], out[second] = out[second], out[first]
    return "".join(out)


def _off_by_one(text: str, rng: random.Random) -> str:
    at = rng.choice([at for at, char in enumerate(text) if char.isdigit()][:4])
    digit = int(text[at]) + rng.choice((-1, 1))
    return text[:at] + str(min(max(digit, 0), 9)) + text[at + 1 :]


def _sexagesimal(text: str, *, seconds: bool) -> str:
    value = abs(float(text))
    degrees, rest = int(value), (value - int(value)) * 60
    if seconds:
        minutes, left = int(rest), round((rest - int(rest)) * 60)
        return f"{degrees}.{minutes:02d}{min(left, 59):02d}"
    whole, part = f"{rest:.3f}".split(".")
    return f"{degrees}.{int(whole):02d}{part}"


def spoil(kind: str, clean: Clean, names: Names, rng: random.Random) -> tuple[str, str] | None:
    """Latitude and longitude with an error of that type in them, or None where it cannot be."""
    lat, lon = clean.lat, clean.lon
    one = rng.random() < 0.5
    of_one = {
        "shifted_point": _moved_point,
        "transposed_digits": _transposed,
        "wrong_digit": _off_by_one,
        "cut_digits": _cut,
    }
    if kind == "swapped":
        return lon, lat
    if kind == "wrong_sign":
        return rng.choice(((f"-{lat}", lon), (lat, f"-{lon}"), (f"-{lat}", f"-{lon}")))
    if kind == "cut_digits":
        return _cut(lat, rng), _cut(lon, rng)
    if kind in of_one:
        change = of_one[kind]
        return (change(lat, rng), lon) if one else (lat, change(lon, rng))
    if kind in ("dms_as_decimal", "minutes_as_decimal"):
        seconds = kind.startswith("dms")
        return _sexagesimal(lat, seconds=seconds), _sexagesimal(lon, seconds=seconds)
    if kind == "zero":
        return "0", "0"
    here = Position(lon=float(lon), lat=float(lat))
    if kind == "centre_of_area":
        areas = [c for c in names.find(clean.said.admin or "") if c.place.kind == "region"]
        if not areas:
            return None
        point = areas[0].place.position
        return repr(point.lat), repr(point.lon)
    others = [
        c.place.position
        for c in names.find(clean.said.names[0])
        if c.score >= 0.9 and distance_m(c.place.position, here) > 20_000
    ]
    if not others:
        return None
    point = rng.choice(others)
    return f"{point.lat:.6f}", f"{point.lon:.6f}"


TYPES = (
    "swapped",
    "wrong_sign",
    "shifted_point",
    "transposed_digits",
    "wrong_digit",
    "dms_as_decimal",
    "minutes_as_decimal",
    "cut_digits",
    "wrong_homonym",
    "centre_of_area",
    "zero",
)


def moved_m(lat: str, lon: str, clean: Clean) -> float:
    """How far an error moved the point; endless where it left the globe."""
    if abs(float(lat)) > 90 or abs(float(lon)) > 180:
        return float("inf")
    here = Position(lon=float(clean.lon), lat=float(clean.lat))
    return distance_m(Position(lon=float(lon), lat=float(lat)), here)


def injected(clean: Sequence[Clean], names: Names, most: int) -> dict[str, Any]:
    """By type of error: how often it is named first and how often repaired."""
    result: dict[str, Any] = {}
    for kind in TYPES:
        rng = random.Random(f"0 {kind}")
        asked = named = repaired = noticed = far = far_named = 0
        taken: Counter[str] = Counter()
        for one in rng.sample(clean, len(clean)):
            if asked >= most:
                break
            spoiled = spoil(kind, one, names, rng)
            if spoiled is None or moved_m(*spoiled, one) < MOVED_M:
                continue
            asked += 1
            answer = diagnose(lat=spoiled[0], lon=spoiled[1], said=one.said, find=names.find)
            first = answer.best
            taken[first.kind] += 1
            named += first.kind == kind
            if moved_m(*spoiled, one) >= FAR_M:
                far += 1
                far_named += first.kind == kind
            noticed += answer.suspicious
            here = Position(lon=float(one.lon), lat=float(one.lat))
            repaired += first.repaired is not None and distance_m(first.repaired, here) <= RIGHT_M
        result[kind] = {
            "n": asked,
            "noticed": round(noticed / max(asked, 1), 4),
            "named": share(named, asked),
            "repaired": share(repaired, asked),
            "named_50km": share(far_named, far),
            "taken_for": dict(taken.most_common(4)),
        }
        print(kind, json.dumps(result[kind]))
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--show", type=int, default=40, help="print so many suspicions")
    parser.add_argument("--most", type=int, default=300, help="records spoiled per type")
    options = parser.parse_args()
    started = time.perf_counter()
    names = Names(options.gazetteer or options.file.parent.parent / "gazetteer")
    loaded = time.perf_counter()
    records = [json.loads(line) for line in options.file.open(encoding="utf-8")]
    suspected: list[tuple[float, dict[str, Any], Diagnosis]] = []
    clean: list[Clean] = []
    seen: set[tuple[str, str, str]] = set()
    outcomes: Counter[str] = Counter()
    asked = alarms = 0
    for record in records:
        lat, lon = repr(record["lat"]), repr(record["lon"])
        said = said_of(record, names)
        answer = diagnose(lat=lat, lon=lon, said=said, find=names.find)
        outcomes[answer.best.kind] += 1
        if answer.suspicious:
            suspected.append((answer.best.probability, record, answer))
        key = (record["caption"], lat, lon)
        if key in seen or max(decimals(lat), decimals(lon)) < 4:
            continue
        seen.add(key)
        if answer.nearest_m is not None and answer.nearest_m <= NEAR_M:
            asked += 1
            alarms += answer.suspicious
            if not answer.suspicious and min(decimals(lat), decimals(lon)) >= 4 and not said.near:
                clean.append(Clean(lat=lat, lon=lon, said=said))
    judged = time.perf_counter()
    suspected.sort(key=lambda item: -item[0])
    shown: set[str] = set()
    for probability, record, answer in suspected:
        line = f"{record['caption'][:60]} | {record['admin']} | {record['lat']}, {record['lon']}"
        if line in shown or len(shown) >= options.show:
            continue
        shown.add(line)
        print(f"{probability:.2f}  {line} ({record['accuracy']})\n      {answer.best.reason}")
    spoiled = injected(clean, names, options.most)
    print(
        json.dumps(
            {
                "seed": 0,
                "n": len(records),
                "outcomes": dict(outcomes.most_common()),
                "suspected": len(suspected),
                "suspected_distinct": len({(r["caption"], r["lat"]) for _, r, _ in suspected}),
                "false_alarms": share(alarms, asked),
                "clean": len(clean),
                "injected": spoiled,
                "load_s": round(loaded - started, 1),
                "ms_each": round((judged - loaded) / len(records) * 1000, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
