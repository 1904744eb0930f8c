"""Real photos of many cameras: the same facts as programs that nobody here wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from imagery.photo.facts import PhotoFacts
from imagery.photo.metadata import read_photo

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "photos"
SUFFIXES = {".jpg", ".jpeg", ".tiff", ".heic", ".heif"}
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample photos are not here")

# Tags as exiftool names them, by our names for the facts.
TAGS = {
    "lat": "GPS:GPSLatitude",
    "lon": "GPS:GPSLongitude",
    "taken_at": "ExifIFD:DateTimeOriginal",
    "utc_offset": "ExifIFD:OffsetTimeOriginal",
    "heading_deg": "GPS:GPSImgDirection",
    "make": "IFD0:Make",
    "model": "IFD0:Model",
    "orientation": "IFD0:Orientation",
    "lens": "ExifIFD:LensModel",
    "f_number": "ExifIFD:FNumber",
}


@cache
def samples() -> tuple[tuple[Path, PhotoFacts], ...]:
    paths = sorted(path for path in DATA.rglob("*") if path.suffix.lower() in SUFFIXES)
    return tuple((path, read_photo(path)) for path in paths if path.is_file())


def ours(facts: PhotoFacts) -> dict[str, Any]:
    position = facts.position
    return {
        "lat": abs(position.lat) if position else None,
        "lon": abs(position.lon) if position else None,
        "taken_at": facts.taken_at.strftime("%Y:%m:%d %H:%M:%S") if facts.taken_at else None,
        "utc_offset": facts.utc_offset,
        "heading_deg": facts.heading_deg,
        "make": facts.make,
        "model": facts.model,
        "orientation": facts.orientation,
        "lens": facts.lens,
        "f_number": facts.exposure.f_number if facts.exposure else None,
    }


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_every_fact_is_exiftools() -> None:
    named = [str(path) for path, _ in samples()]
    done = subprocess.run(
        ["exiftool", "-j", "-n", "-G1", "-fast", *(f"-{tag}" for tag in TAGS.values()), *named],
        capture_output=True,
        text=True,
        check=False,
    )
    # It prints whatever looks like a number as one, names of models too.
    printed = json.loads(done.stdout, parse_float=str, parse_int=str)
    told = {Path(each["SourceFile"]): each for each in printed}
    compared = dict.fromkeys(TAGS, 0)
    for path, facts in samples():
        found = ours(facts)
        for name, tag in TAGS.items():
            theirs = told[path].get(tag)
            if not theirs or not theirs.strip():
                continue
            compared[name] += 1
            if isinstance(found[name], int | float):
                assert found[name] == pytest.approx(float(theirs), abs=1e-7), (path.name, name)
            else:
                assert found[name] == theirs.strip(), (path.name, name)
    assert compared["lat"] >= 15
    assert compared["taken_at"] >= 50
    assert min(compared.values()) >= 1


def test_readers_agree_on_every_sound_file() -> None:
    assert [path.name for path, facts in samples() if facts.conflicts] == []
    damaged = [path.name for path, facts in samples() if facts.status == "malformed"]
    # Made by others to show a directory whose pointer has no number.
    assert damaged == ["30-type_error.jpg", "45-gps_ifd.jpg"]


def test_real_photos_agree_with_pillow() -> None:
    """Pillow reads EXIF with code of its own: where both find a position, it is the same."""
    compared = 0
    for path, facts in samples():
        if facts.status != "ok":
            continue
        exif = Image.Exif()
        if facts.format == "HEIF":
            exif.load(pillow_heif.open_heif(path).info["exif"])
        else:
            with Image.open(path) as image:
                exif = image.getexif()
        gps = exif.get_ifd(0x8825)
        if not {1, 2, 3, 4} <= set(gps) or gps[1] not in ("N", "S"):
            assert facts.position is None, path.name
            continue
        lat, lon = (
            sum(float(part) / 60**power for power, part in enumerate(gps[tag])) for tag in (2, 4)
        )
        assert facts.position is not None, path.name
        assert abs(facts.position.lat) == pytest.approx(lat, abs=1e-9), path.name
        assert abs(facts.position.lon) == pytest.approx(lon, abs=1e-9), path.name
        assert (facts.position.lat < 0) == (gps[1] == "S"), path.name
        assert (facts.position.lon < 0) == (gps[3] == "W"), path.name
        compared += 1
    assert compared >= 10
