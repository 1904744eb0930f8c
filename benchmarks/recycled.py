"""How surely a recycled photo is recognised, how often another is taken for it, how fast.

    python benchmarks/recycled.py DIR [--pictures 1000000] [--also DIR]...
                                  [--half held-out|tuned|both]

Every photo under DIR that Pillow decodes is kept once in an archive; files with the same SHA-256,
the same coarse look, or in the list of sample files that show the same by eye, count as one. Then
each is asked for again, transformed:

quality_40        saved as JPEG of quality 40
half              at half the width and height
mirror            mirrored left to right
mirror_half_40    all three
crop_5, crop_20   that share of the width, the height or both cut off: left, top, right, bottom,
                  each corner, and half of it from every side (9 copies of each photo)
crop_20_all       20 % from every side: 36 % of the picture is left
border            a white and a black frame of 5 %
caption_bar       a bar with words: 15 % above, 20 % below in white, 20 % below in black
darker            every value v of 0 to 1 as v ** 1.6
words_over        words across a tenth of the picture, in its middle
screenshot        on a telephone's grey screen, with bars above and below
turned_3          turned by 3 degrees, the corners cut off
turned_90         turned by a quarter

Pictures larger than 4 megapixels are reduced to that before they are transformed. The rules and
thresholds were chosen on the photos whose SHA-256 starts with an even byte; figures are for the
others unless asked otherwise.

Beside them lie, as pictures that are not asked for: the other half, quarters and ninths of large
photos, tiles of the rasters and pictures under every ``--also``, and made-up fingerprints up to
``--pictures``. A made-up feature is the sum of two real patches drawn at random, the second
counting 0.4, so that bits depend on each other as in real ones; ``equal_keys`` says how much
likelier than by even chance features of two pictures share a key, for real and made-up ones. Its
place and size are those of a real one; a made-up thumbnail is the mean of two real ones. Captions
have 60 to 140 letters. A match with a made-up or a different picture is false; parts of one photo
do not count.

Prints a table and as one line of JSON last its figures; intervals are Wilson's (1927) at 95 %, as
if copies of one photo were independent, which they are not quite.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.made_up_prints import Maker
from benchmarks.recycled_copies import Photo, copies, opened, saved
from imagery.errors import PhotoError
from imagery.photo.fingerprint import Fingerprint, fingerprint
from imagery.photo.fingerprint.decode import grey_picture
from imagery.photo.fingerprint.stored import pack
from imagery.photo.seen import Archive, Entry

NOW = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 20_000
LOOKS_ALIKE = 0.9
FEWEST_FEATURES = 8
"""Weight of the second patch of a made-up feature; chosen so that ``equal_keys`` are alike."""
RECALLS = {"quality_40": 0.98, "half": 0.98, "mirror": 0.98, "crop_5": 0.98, "crop_20": 0.85}

# Sample files of one picture, found by looking at all of them: one of each group is asked for.
BY_EYE = (
    r"c2pa/(adobe|contentauth|xmp)",
    r"c2pa/(com\.truepic.*37742c5e|truepic-20230212-camera)",
    r"c2pa/(com\.truepic.*3e3ecbb7|truepic-20230212-library)",
    r"jpg/orientation/",
    r"hdr/canon_hdr",
    r"hdr/iphone_hdr",
)
# And those that are no photos: drawings, logos, charts, and files whose pixels are one grey.
NO_PHOTOS = re.compile(
    r"PaintTool_sample|invalid/image(00971|01088|01551|01713|01980|02206)|BlueSquare|corrupted"
    r"|67-0_length_string|tiff/(Arbitro|Cr.+mieux|Jobagent|Picoawards|Rudless|Tless0)"
)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Interval of 95 % for a share."""
    if not of:
        return 0.0, 1.0
    z, share = 1.959964, hits / of
    middle = share + z * z / (2 * of)
    spread = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return max(0.0, (middle - spread) / (1 + z * z / of)), (middle + spread) / (1 + z * z / of)


def photos_in(folder: Path) -> tuple[list[Photo], dict[str, int]]:
    """The different photos under a folder, and how many files were left out for which reason."""
    left_out = {"no picture": 0, "same sha256": 0, "same by eye": 0, "same look": 0, "no photo": 0}
    found: list[Photo] = []
    looks: list[npt.NDArray[np.float32]] = []
    sums: set[bytes] = set()
    groups: set[str] = set()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        total = hashlib.sha256(data).digest()
        try:
            grey = grey_picture(data)[0]
            opened(data)
        except (PhotoError, OSError, ValueError, SyntaxError):
            left_out["no picture"] += 1
            continue
        by_eye = next((rule for rule in BY_EYE if re.search(rule, name)), None)
        look = coarse(grey)
        reason = (
            "same sha256"
            if total in sums
            else "no photo"
            if NO_PHOTOS.search(name)
            else "same by eye"
            if by_eye in groups
            else "same look"
            if any(float((look * each).mean()) >= LOOKS_ALIKE for each in looks)
            else None
        )
        sums.add(total)
        if reason:
            left_out[reason] += 1
            continue
        groups |= {by_eye} if by_eye else set()
        looks.append(look)
        odd = bool(total[0] % 2)
        found.append(Photo(name=name, group=len(found), held_out=odd, data=data))
    return found, left_out


def coarse(grey: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """16 by 16 cells of mean 0 and spread 1: an oracle of likeness that has nothing of ours."""
    cells = np.asarray(Image.fromarray(grey).resize((16, 16), Image.Resampling.BOX))
    centred = (cells - cells.mean()).astype(np.float32)
    look: npt.NDArray[np.float32] = centred / np.float32(max(float(centred.std()), 1e-6))
    return look


def parts_of(photos: list[Photo]) -> Iterator[Photo]:
    """Quarters and ninths of photos large enough; of their photo's group."""
    for photo in photos:
        image = opened(photo.data)
        for count in (2, 3):
            if min(image.size) < 300 * count:
                continue
            wide, high = image.width // count, image.height // count
            for at in range(count * count):
                left, top = at % count * wide, at // count * high
                part = image.crop((left, top, left + wide, top + high))
                yield Photo(
                    name=f"{photo.name} {count}.{at}",
                    group=photo.group,
                    held_out=photo.held_out,
                    data=saved(part),
                )


def tiles_in(folder: Path, first_group: int) -> Iterator[Photo]:
    """Tiles of 320 pixels of the rasters and pictures under a folder, a group for each file."""
    import rasterio

    paths = sorted(each for each in folder.rglob("*") if each.suffix in (".tif", ".jpg", ".png"))
    for group, path in enumerate(paths, first_group):
        with rasterio.open(path) as raster:
            bands = raster.read(list(range(1, min(raster.count, 3) + 1))).astype(np.float32)
        low, high = np.percentile(bands, [1, 99])
        grey = np.clip((bands.mean(axis=0) - low) / max(high - low, 1e-6) * 255, 0, 255)
        for top in range(0, grey.shape[0] - 319, 320):
            for left in range(0, grey.shape[1] - 319, 320):
                tile = Image.fromarray(grey[top : top + 320, left : left + 320].astype(np.uint8))
                name = f"{path.name} {left},{top}"
                yield Photo(name=name, group=group, held_out=False, data=saved(tile.convert("RGB")))


def entry(number: int, case: str, name: str) -> Entry:
    """An entry with a caption as long as captions are."""
    length = 60 + number * 7919 % 81
    words = (
        f"Synthetic caption {number}: smoke over the market of a town by the river, seen from it"
    )
    return Entry(
        sha256=hashlib.sha256(f"{case} {number}".encode()).hexdigest(),
        case=case,
        name=name,
        seen_at=NOW,
        caption=(words * 2)[:length],
        place="Synthetic Town",
        date="2017-06-11",
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=1_000_000)
    parser.add_argument("--also", type=Path, action="append", default=[])
    parser.add_argument("--half", choices=("held-out", "tuned", "both"), default="held-out")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    photos, left_out = photos_in(options.folder)
    others = list(parts_of(photos))
    for number, folder in enumerate(options.also, 1):
        others += tiles_in(folder, number * 1_000_000)
    print(f"{len(photos)} photos, {len(others)} parts and tiles; left out: {left_out}")
    with tempfile.TemporaryDirectory() as folder:
        result = measure(photos, others, Path(folder), options)
    print(json.dumps({"seed": 0, "half": options.half, "left_out": left_out, **result}))


@dataclass(slots=True, kw_only=True)
class Count:
    """What was asked and found so far."""

    groups: dict[str, int]
    asked: int = 0
    pairs: int = 0
    false_real: int = 0
    false_made: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def ask(self, archive: Archive, print_: Fingerprint, what: str, group: int) -> set[str]:
        """Look a picture up; the names of what was found."""
        began, worked = time.perf_counter(), time.process_time()
        sightings = archive.find(print_)
        self.seconds.append(time.perf_counter() - began)
        self.cpu.append(time.process_time() - worked)
        self.asked += 1
        self.pairs += sum(other != group for other in self.groups.values())
        for sighting in sightings:
            other = self.groups.get(sighting.entry.name)
            if other != group:
                print(f"false: {what} {sighting.entry.name} {sighting.distance:.2f}")
                self.false_real += other is not None
                self.false_made += other is None
        return {sighting.entry.name for sighting in sightings}


def filled(
    archive: Archive, photos: list[Photo], pictures: int
) -> tuple[dict[str, Fingerprint], Maker, int]:
    """Put the photos in and as many made-up pictures as are missing; how many these were."""
    prints = {photo.name: fingerprint(photo.data) for photo in photos}
    # Sky, water and blank sheets: nothing to know them by.
    prints = {name: each for name, each in prints.items() if len(each.x) >= FEWEST_FEATURES}
    archive.add_many((entry(at, "real", name), prints[name]) for at, name in enumerate(prints))
    known = [photo for photo in photos if photo.name in prints]
    maker = Maker(known, [pack(print_) for print_ in prints.values()])
    made_up = max(0, pictures - len(prints))
    for first in range(0, made_up, BATCH):
        made = enumerate(maker.make(min(BATCH, made_up - first)), first)
        case = f"made up {first // BATCH}"
        archive.add_packed((entry(at, case, f"IMG_{at:08d}.jpg"), record) for at, record in made)
    archive.flush()
    return prints, maker, made_up


def measure(
    photos: list[Photo], others: list[Photo], folder: Path, options: argparse.Namespace
) -> dict[str, Any]:
    """All figures."""
    archive = Archive.open(folder)
    began = time.perf_counter()
    prints, maker, made_up = filled(archive, [*photos, *others], options.pictures)
    build_s = time.perf_counter() - began
    disk = archive.info().disk_bytes
    count = Count(groups={p.name: p.group for p in (*photos, *others) if p.name in prints})
    archive.find(next(iter(prints.values())))

    both, held_out = options.half == "both", options.half == "held-out"
    wanted = [photo for photo in photos if both or photo.held_out == held_out]
    hits: dict[str, list[bool]] = {}
    took: list[float] = []
    for photo in wanted:
        for kind, data in copies(opened(photo.data)):
            began = time.perf_counter()
            try:
                print_ = fingerprint(data)
            except PhotoError as error:
                print(f"no fingerprint: {photo.name} {kind} ({error})")
                hits.setdefault(kind, []).append(False)
                continue
            took.append(time.perf_counter() - began)
            found = count.ask(archive, print_, f"{photo.name} {kind}", photo.group)
            hits.setdefault(kind, []).append(photo.name in found)
            if photo.name not in found:
                print(f"missed: {photo.name} {kind}")
    for other in others:
        if other.name in prints:
            count.ask(archive, prints[other.name], other.name, other.group)
    archive.close()
    recall = {kind: share(sum(each), len(each)) for kind, each in hits.items()}
    for kind, figures in recall.items():
        goal = f"goal {RECALLS[kind]}" if kind in RECALLS else ""
        print(f"{kind:16}", *(f"{key} {value}" for key, value in figures.items()), goal, sep="  ")
    total = len(prints) + made_up
    return {
        "photos": len(wanted),
        "recall": recall,
        "false_real": rate(count.false_real, count.pairs),
        "false_made_up": rate(count.false_made, count.asked * made_up),
        "pictures": total,
        "archive_mb": round(disk / 1e6, 1),
        "bytes_a_picture": round(disk / total),
        "build_s": round(build_s, 1),
        "lookup_ms": quantiles(count.seconds),
        "lookup_cpu_ms": quantiles(count.cpu),
        "fingerprint_ms": quantiles(took),
        "equal_keys": maker.equal_keys(),
    }


def share(hits: int, of: int) -> dict[str, float]:
    """A recall with its interval."""
    low, high = wilson(hits, of)
    recall = round(hits / max(of, 1), 4)
    return {"n": of, "recall": recall, "low": round(low, 4), "high": round(high, 4)}


def rate(hits: int, of: int) -> dict[str, float]:
    """A rare share with the upper end of its interval."""
    high = float(f"{wilson(hits, of)[1]:.2g}")
    return {"pairs": of, "matches": hits, "rate": hits / max(of, 1), "high": high}


def quantiles(seconds: list[float]) -> dict[str, float]:
    """Milliseconds."""
    if not seconds:
        return {"p50": 0.0, "p99": 0.0}
    low, high = np.percentile(seconds, [50, 99]) * 1000
    return {"p50": round(float(low), 1), "p99": round(float(high), 1)}


if __name__ == "__main__":
    main()
