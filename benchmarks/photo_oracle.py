"""Our reading of photos held against exiftool's; used by ``photos.py``.

Counted are fields in which exiftool finds a value that can be used at all: a date that exists, a
position with its hemispheres within range, an orientation from 1 to 8. Positions agree within
0.000001 degrees, headings within 0.01 degrees, times to the second, text without blanks around it.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from imagery.photo.facts import PhotoFacts

TAGS: Mapping[str, Any] = dict[str, Any]()
ARGUMENTS = ("-json", "-n", "-G1", "-charset", "filename=utf8")
SAME_DEG = 1e-6
SAME_HEADING_DEG = 0.01


def number(tags: Mapping[str, Any], name: str) -> float | None:
    value = tags.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def position(tags: Mapping[str, Any]) -> tuple[float, float] | None:
    lat, lon = number(tags, "GPS:GPSLatitude"), number(tags, "GPS:GPSLongitude")
    south = {"N": 1, "S": -1}.get(str(tags.get("GPS:GPSLatitudeRef")))
    west = {"E": 1, "W": -1}.get(str(tags.get("GPS:GPSLongitudeRef")))
    if lat is None or lon is None or south is None or west is None:
        return None
    return (south * lat, west * lon) if 0 <= lat <= 90 and 0 <= lon <= 180 else None


def taken(tags: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.strptime(
            str(tags.get("ExifIFD:DateTimeOriginal"))[:19], "%Y:%m:%d %H:%M:%S"
        )
    except ValueError:
        return None


def offset(tags: Mapping[str, Any]) -> str | None:
    value = str(tags.get("ExifIFD:OffsetTimeOriginal", "")).strip()
    value = "+00:00" if value == "Z" else value
    return value if re.fullmatch(r"[+-]\d\d:\d\d", value) else None


def text(name: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda tags: " ".join(str(tags.get(name, "")).split()) or None


def heading(tags: Mapping[str, Any]) -> float | None:
    value = number(tags, "GPS:GPSImgDirection")
    return value if value is not None and 0 <= value <= 360 else None


def orientation(tags: Mapping[str, Any]) -> int | None:
    value = tags.get("IFD0:Orientation")
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def our_text(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value is not None else None


Reading = Callable[[Mapping[str, Any]], Any]
# Field: exiftool's value, ours, and under which names of ours a conflict about it goes.
FIELDS: Mapping[str, tuple[Reading, Callable[[PhotoFacts], Any], tuple[str, ...]]] = {
    "position": (
        position,
        lambda f: (f.position.lat, f.position.lon) if f.position else None,
        ("position",),
    ),
    "time": (
        taken,
        lambda f: f.taken_at.replace(tzinfo=None, microsecond=0) if f.taken_at else None,
        ("taken_at",),
    ),
    "offset": (offset, lambda f: f.utc_offset, ("utc_offset", "taken_at")),
    "heading": (heading, lambda f: f.heading_deg, ("heading_deg",)),
    "make": (text("IFD0:Make"), lambda f: our_text(f.make), ("make",)),
    "model": (text("IFD0:Model"), lambda f: our_text(f.model), ("model",)),
    "orientation": (orientation, lambda f: f.orientation, ("orientation",)),
}


def same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple):
        return all(abs(x - y) <= SAME_DEG for x, y in zip(a, b, strict=True))
    if isinstance(a, float):
        return bool(abs(a - b) % 360 <= SAME_HEADING_DEG)
    return bool(a == b)


def compare(
    pairs: Sequence[tuple[Path, PhotoFacts]],
) -> tuple[dict[str, dict[str, int]] | None, list[str]]:
    """Counts per field, None without exiftool; and what differs, in words."""
    if not shutil.which("exiftool"):
        return None, []
    listed = "\n".join(str(path.absolute()) for path, _ in pairs)
    done = subprocess.run(
        ["exiftool", *ARGUMENTS, "-@", "-"], input=listed.encode(), capture_output=True, check=False
    )
    oracle = {
        Path(entry["SourceFile"]): entry for entry in json.loads(done.stdout or b"[]", strict=False)
    }
    counts = {name: {"n": 0, "agree": 0, "miss": 0, "wrong": 0} for name in FIELDS}
    errors = []
    for path, facts in pairs:
        tags = oracle.get(path.absolute(), TAGS)
        for name, (theirs, ours, conflicts) in FIELDS.items():
            expected, got = theirs(tags), ours(facts)
            if expected is None:
                continue
            counts[name]["n"] += 1
            told = any(conflict.field in conflicts for conflict in facts.conflicts)
            outcome = "miss" if got is None else "agree" if same(expected, got) else "wrong"
            if outcome == "wrong" and told:
                outcome = "miss"
            counts[name][outcome] += 1
            if outcome != "agree":
                errors.append(f"{outcome} {name} {path}: exiftool {expected}, ours {got}")
    return counts, errors


def exiftool_per_photo_ms(paths: Sequence[Path]) -> float | None:
    """Milliseconds a file of one exiftool that is kept open, starting it included."""
    program = shutil.which("exiftool")
    if not program:
        return None
    began = time.perf_counter()
    with subprocess.Popen(
        [program, "-stay_open", "True", "-@", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("exiftool was started without pipes")
        for path in paths:
            lines = (*ARGUMENTS, str(path.absolute()), "-execute", "")
            process.stdin.write("\n".join(lines).encode())
            process.stdin.flush()
            for line in process.stdout:
                if line.strip() == b"{ready}":
                    break
        process.stdin.write(b"-stay_open\nFalse\n")
        process.stdin.flush()
    return round(1000 * (time.perf_counter() - began) / len(paths), 2)
