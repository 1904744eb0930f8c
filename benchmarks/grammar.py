"""How well the grammar reads: precision and recall by kind of claim, and how fast.

    python benchmarks/grammar.py FILE [FILE...] [--errors] [--speed]

Each FILE holds one JSON object a line: ``{"text", "published", "claims": [...]}``. Prints, by kind,
the number of gold claims, precision and recall with their Wilson 95 % intervals, and as one line
of JSON last ``{"n_sentences", "by_kind": {kind: {...}}, "all": {...}}``. ``--errors`` lists what
was missed and what was extra on standard error. ``--speed`` adds ``words_200k_s``: the processor
time to read a generated article of 200,000 words full of names, numbers and claims.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.extract.matching import Compared, compare, counts  # noqa: E402

_Z = 1.959964
_WORDS = 200_000


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """The Wilson score interval of a share at 95 %, or None without any trial."""
    if n == 0:
        return None
    share, spread = hits / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return round(max(middle - half, 0.0), 4), round(min(middle + half, 1.0), 4)


def figures(found: int, extra: int, missed: int) -> dict[str, Any]:
    """Precision and recall with intervals; None where nothing was read or asked for."""
    read, gold = found + extra, found + missed
    return {
        "n": gold,
        "precision": round(found / read, 4) if read else None,
        "precision_95": wilson(found, read),
        "recall": round(found / gold, 4) if gold else None,
        "recall_95": wilson(found, gold),
    }


def read_records(paths: list[Path]) -> list[dict[str, Any]]:
    """The records of all files."""
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def list_errors(results: list[Compared]) -> None:
    """What was missed and what was extra, on standard error."""
    for result in results:
        if not (result.missed or result.extra):
            continue
        print(result.text, file=sys.stderr)
        for gold in result.missed:
            print("  missed", json.dumps(gold, ensure_ascii=False), file=sys.stderr)
        for claim in result.extra:
            shown = {**claim.own_fields(), "date": claim.date and claim.date.as_dict()}
            meant = f"{claim.polarity} {claim.modality}"
            said = json.dumps(shown, ensure_ascii=False)
            print("  extra ", claim.kind, meant, said, file=sys.stderr)


def long_article(words: int) -> str:
    """A generated article of so many words, every sentence full of names, numbers and claims."""
    chance = random.Random(0)
    starts = ["Tell", "Kafr", "Deir", "Qasr", "Umm", "Wadi", "al-", "Ras"]
    ends = ["Suwar", "Nahal", "Zahran", "Tawil", "Rasas", "Qamh", "Harma", "Burqa", "Hadid", "Lab"]
    syllables = ["ba", "ri", "mo", "ten", "sal", "du", "kar", "lim", "zo", "fe"]

    def name() -> str:
        first, last = chance.choice(starts), chance.choice(ends)
        last = chance.choice([last, "".join(chance.choices(syllables, k=3)).title()])
        return f"{first}{last}" if first.endswith("-") else f"{first} {last}"

    shapes = (
        "The {owner} base at {a} lies {n} km north of {b}, in {area}.",
        "Last Friday {owner} forces retook {a}, a town {n} miles from {b}, officials said.",
        "A {n} km exclusion zone around {a} was declared on 3 March 2017.",
        "General {x} was seen in {a} on 4 June, not in {b}, and left for {area} a day later.",
        "The outpost, which was set up in May 2016, is probably {n} to {m} kilometres from {a}.",
        "In {a}, {n} km south-west of {b}, residents said that prices had risen by {m} percent.",
        "They have reached the border between Syria and Iraq, {n} km east of the {a} crossing.",
        "The ministry denied that its {m} troops were stationed at {a} in {area}.",
        "It was the third time in {m} weeks that the convoy came within {n} km of the river.",
    )
    pieces: list[str] = ["A long report", ""]
    count = 3
    while count < words:
        paragraph = " ".join(
            chance.choice(shapes).format(
                a=name(), b=name(), x=name().split(" ")[-1].removeprefix("al-"),
                n=chance.randint(2, 400), m=chance.randint(2, 90),
                owner=chance.choice(["Syrian", "US", "Iraqi", "French", "rebel"]),
                area=chance.choice(["southern Syria", "Anbar province", "northern Mali", "Libya"]),
            )
            for _ in range(6)
        )  # fmt: skip
        pieces += [paragraph, ""]
        count += len(paragraph.split())
    return "\n".join(pieces)


def words_200k_s() -> float:
    """Processor seconds to read 200,000 words."""
    from osint.article import article_from_text
    from osint.extract import extract
    from osint.extract.dates import parse_published

    text = long_article(_WORDS)
    begun = time.process_time()
    extract(article_from_text(text, source="s", published=parse_published("2017-06-13")))
    return round(time.process_time() - begun, 2)


def main() -> None:
    """Read the files, print the figures."""
    parser = argparse.ArgumentParser(description="precision and recall of the grammar, by kind")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--errors", action="store_true", help="list misses and extras on stderr")
    parser.add_argument("--speed", action="store_true", help="also read 200,000 words")
    arguments = parser.parse_args()
    records = read_records(arguments.files)
    results = [compare(record) for record in records]
    if arguments.errors:
        list_errors(results)
    by_kind = counts(results)
    total = (sum(column) for column in zip(*by_kind.values(), strict=True))
    printed = {kind: figures(*numbers) for kind, numbers in by_kind.items()}
    everything = figures(*total)
    for kind, shown in {**printed, "all": everything}.items():
        print(
            f"{kind:12} n {shown['n']:4}  precision {shown['precision']} {shown['precision_95']}"
            f"  recall {shown['recall']} {shown['recall_95']}"
        )
    summary = {"n_sentences": len(records), "by_kind": printed, "all": everything}
    if arguments.speed:
        summary["words_200k_s"] = words_200k_s()
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
