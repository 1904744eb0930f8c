"""What ``benchmarks/photos.py`` measures, on a small scale, and that it would notice."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.photo_mutants import (
    WAYS,
    is_wrong,
    measure_mutants,
    mutant,
    mutants,
    span_of,
    wilson,
)
from benchmarks.photo_oracle import compare
from gazetteer.position import Position
from imagery.photo.conflicts import Conflict
from imagery.photo.facts import PhotoFacts
from imagery.photo.metadata import read_photo
from imagery.photo.sandbox.reading import read_photos
from osint.cli.photo_files import photo_files
from tests.imagery.photo.files import encoded, geotagged, with_segment


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "synthetic.jpg"
    path.write_bytes(with_segment(encoded("JPEG"), b"Exif\0\0" + geotagged()))
    return path


def test_mutants_are_damaged_where_they_are_said_to_be(photo: Path) -> None:
    data = photo.read_bytes()
    span = span_of(data)
    assert data[span[0] :].startswith((b"II*\0", b"MM\0*")) and span[1] < len(data)
    for way in WAYS:
        found = mutant(data, span, way=way, rng=random.Random(1))
        assert found != data
        assert found[: span[0]] == data[: span[0]]
        assert found == data[: len(found)] if way == "cut" else found[span[1] :] == data[span[1] :]
    again = [list(mutants([photo], count=20, seed=3)) for _ in range(2)]
    assert again[0] == again[1]
    assert {way for _, way, _, _ in again[0]} == set(WAYS)


def test_another_place_is_wrong_unless_something_is_said(photo: Path) -> None:
    original = read_photo(photo)
    position = original.position
    assert position is not None and position.uncertainty_m is not None
    moved = replace(original, position=Position(lon=position.lon, lat=position.lat + 1))
    assert is_wrong(original, moved)
    assert not is_wrong(original, original)
    assert not is_wrong(original, replace(moved, status="malformed"))
    conflict = Conflict(field="position", readers=(("a", "x"), ("b", "y")))
    assert not is_wrong(original, replace(moved, conflicts=(conflict,)))


def test_two_hundred_mutants_have_two_hundred_outcomes(photo: Path) -> None:
    figures, _, _ = measure_mutants([(photo, read_photo(photo))], count=200, seed=0, workers=2)
    assert figures["n"] == figures["with_gps"] == sum(figures["status"].values()) == 200
    assert figures["uncaught"] == figures["over_5_s"] == 0
    assert figures["wrong_ok"] <= 2


def test_wilson() -> None:
    # R's prop.test(12, 261, correct = FALSE) gives 0.0265 to 0.0786.
    assert wilson(12, 261) == pytest.approx((0.0265, 0.0786), abs=2e-4)
    assert wilson(0, 0) is None


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_contradicts_no_value(shared_data: Path) -> None:
    paths, _ = photo_files([shared_data / "photos"])
    found = zip(paths, read_photos(paths, workers=2), strict=True)
    pairs = [(path, facts) for path, facts in found if isinstance(facts, PhotoFacts)]
    counts, errors = compare(pairs)
    assert counts is not None and all(field["n"] for field in counts.values())
    assert not [error for error in errors if error.startswith("wrong")]
    misses, values = (sum(field[key] for field in counts.values()) for key in ("miss", "n"))
    assert misses <= values / 100
    spoilt = [
        (path, replace(facts, make="Other", orientation=7 if facts.orientation != 7 else 8))
        for path, facts in pairs
    ]
    counts, errors = compare(spoilt)
    assert counts is not None
    assert counts["make"]["wrong"] + counts["make"]["miss"] == counts["make"]["n"]
    assert any(error.startswith("wrong orientation") for error in errors)
