"""How many photos raise each integrity signal, and how well the signals of the pixels tell.

    python benchmarks/signals.py DIR [--most N]

First every photo below DIR is read, and for each signal the share that raises it is printed: on
photos nobody doubts that is how often it misleads. Then photos are made for which the truth is
known: every distinct photo large enough is made small (which removes the traces of its own
compression), saved once at each of nine qualities, and twice at pairs of qualities. And every small
picture inside a photo is held against every other photo. Photos that look alike (correlation over
0.95, turned or mirrored) are used once. Nothing is drawn at random.

Rates come with their Wilson interval at 95 %, by photo. The last line is JSON: ``files``,
``signals`` {name: n}, ``tables`` {"camera", "ijg"} (photos with a camera's make and no trace of an
editor, and those of them with the common library's tables), ``once`` {quality: {"n", "raised"}},
``twice`` {"first-second": {"n", "raised"}}, ``thumbnails`` {"own", "own_raised", "others",
"others_raised"}.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from imagery.errors import DECODER_ERRORS, PhotoError
from imagery.photo.containers.parts import walk
from imagery.photo.facts import PhotoFacts
from imagery.photo.integrity.double_compression import double_compression_signal
from imagery.photo.integrity.pixels import Grey, brightness
from imagery.photo.integrity.quantisation import ijg_quality
from imagery.photo.integrity.thumbnail import compare, likeness
from imagery.photo.metadata import read_photo
from imagery.photo.signals import pixel_signals

ONCE = (50, 60, 70, 75, 80, 85, 90, 95, 98)
TWICE = (
    *((60, 75), (60, 90), (70, 75), (75, 85), (75, 90), (80, 95), (85, 90), (90, 95), (92, 98)),
    *((75, 75), (90, 75), (95, 75)),
)
LEAST_SIDE = 450
ALIKE = 0.95
NO_CAMERAS_WORK = ("editing software", "converting software", "editing history")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=200, help="photos to save again (default 200)")
    arguments = parser.parse_args()
    files = sorted(path for path in arguments.folder.rglob("*") if path.is_file())
    facts, raised, tables = raise_all(files)
    for name, hits in sorted(raised.items()):
        print(f"{name:32} {share(hits, len(facts))}")
    print(f"camera photos with IJG tables    {share(tables['ijg'], tables['camera'])}")
    pictures = distinct(facts)[: arguments.most]
    once = {str(q): count([save(p, q) for p in pictures]) for q in ONCE}
    twice = {
        f"{first}-{second}": count([save(opened(save(p, first)), second) for p in pictures])
        for first, second in TWICE
    }
    for label, rates in (("once", once), ("twice", twice)):
        for quality, found in rates.items():
            print(f"saved {label} {quality:12} raised {share(found['raised'], found['n'])}")
    thumbnails = hold_thumbnails(facts)
    print(f"own thumbnail told apart         {share(thumbnails['own_raised'], thumbnails['own'])}")
    print(
        f"other photos' told apart         "
        f"{share(thumbnails['others_raised'], thumbnails['others'])}"
    )
    print(
        json.dumps(
            {
                "files": len(facts),
                "signals": dict(sorted(raised.items())),
                "tables": tables,
                "once": once,
                "twice": twice,
                "thumbnails": thumbnails,
            }
        )
    )


def raise_all(
    files: Sequence[Path],
) -> tuple[dict[Path, PhotoFacts], Counter[str], dict[str, int]]:
    """The facts of every photo, how many raise each signal, and whose tables cameras write."""
    facts: dict[Path, PhotoFacts] = {}
    raised: Counter[str] = Counter()
    tables = {"camera": 0, "ijg": 0}
    for path in files:
        try:
            found = read_photo(path)
        except PhotoError:
            continue
        facts[path] = found
        data = path.read_bytes()
        parts = walk(data)
        signals = (*found.signals, *pixel_signals(data, parts, found.thumbnail))
        names = {signal.signal for signal in signals}
        raised.update(names)
        if found.make and parts and parts.quantisation and not names & {*NO_CAMERAS_WORK}:
            tables["camera"] += 1
            tables["ijg"] += ijg_quality(parts.quantisation[0]) is not None
    return facts, raised, tables


def distinct(files: Sequence[Path] | dict[Path, PhotoFacts]) -> list[Image.Image]:
    """Photos made small, of those that look alike the first."""
    seen: list[Grey] = []
    pictures = []
    for path in files:
        data = path.read_bytes()
        grey = brightness(data, at_least=96)
        if grey is None or any(alike(other, grey) for other in seen):
            continue
        try:
            picture = opened(data)
        except DECODER_ERRORS:
            continue
        if min(picture.size) < LEAST_SIDE:
            continue
        seen.append(grey)
        scale = max(0.25, min(0.6, 1100 / max(picture.size)))
        size = (int(picture.width * scale), int(picture.height * scale))
        pictures.append(picture.resize(size, Image.Resampling.LANCZOS))
    return pictures


def alike(one: Grey, other: Grey) -> bool:
    """Whether one is the other, as it is, turned or mirrored."""
    forms = (np.rot90(form, turns) for form in (other, other[:, ::-1]) for turns in range(4))
    return any(likeness(np.ascontiguousarray(form), one) > ALIKE for form in forms)


def opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        # Damaged samples are part of the folder; only pixels are wanted here.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            return image.convert("RGB")


def save(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def count(jpegs: Sequence[bytes]) -> dict[str, int]:
    """How many raise the signal of double compression."""
    raised = 0
    for data in jpegs:
        parts = walk(data)
        assert parts is not None, "Pillow wrote no JPEG"
        raised += double_compression_signal(data, parts.quantisation) is not None
    return {"n": len(jpegs), "raised": raised}


def hold_thumbnails(facts: dict[Path, PhotoFacts]) -> dict[str, int]:
    """Every small picture against its own photo and every other one that does not look alike."""
    pairs = list(thumbnails_of(facts))
    found = {"own": len(pairs), "own_raised": 0, "others": 0, "others_raised": 0}
    for index, (small, whole) in enumerate(pairs):
        found["own_raised"] += compare(small, whole) is not None
        for other, (_, stranger) in enumerate(pairs):
            if other != index and likeness(whole, stranger) < ALIKE / 2:
                found["others"] += 1
                found["others_raised"] += compare(small, stranger) is not None
    return found


def thumbnails_of(facts: dict[Path, PhotoFacts]) -> Iterator[tuple[Grey, Grey]]:
    for path, found in facts.items():
        small = brightness(found.thumbnail) if found.thumbnail else None
        whole = brightness(path.read_bytes(), at_least=192)
        if small is not None and whole is not None:
            yield small, whole


def share(hits: int, n: int) -> str:
    """A share with its Wilson interval at 95 %."""
    if n == 0:
        return "none to count"
    z, rate = 1.96, hits / n
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{hits} of {n}: {rate:.3f} ({max(0, middle - half):.3f} to {middle + half:.3f})"


if __name__ == "__main__":
    main()
