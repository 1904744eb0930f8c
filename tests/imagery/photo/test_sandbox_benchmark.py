"""What ``benchmarks/photos.py`` measures, on a small scale, and that it would notice."""

from __future__ import annotations

import math
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
    # A third of so small a block are the digits of the position itself; where those are changed
    # there is nothing to see. A single reader is wrong in 12 of 261 photos.
    assert figures["wrong_ok"] <= 200 * 12 / 261


@pytest.mark.parametrize(("hits", "n"), [(12, 261), (150, 200)])
def test_the_interval_solves_the_score_equation(hits: int, n: int) -> None:
    interval = wilson(hits, n)
    assert interval is not None and interval[0] < hits / n < interval[1]
    for share in interval:
        spread = math.sqrt(share * (1 - share) / n)
        assert abs(hits / n - share) == pytest.approx(1.96 * spread, rel=0.06)


def test_an_interval_of_nothing_or_none() -> None:
    assert wilson(0, 0) is None
    none = wilson(0, 50)
    assert none is not None and none[0] == 0 < none[1] < 0.1


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
