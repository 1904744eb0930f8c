"""The invented case from end to end: the whole report as it was, but for times."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio.warp
from PIL import Image

from imagery.photo.metadata import read_photo
from osint.cli.app import run
from tests.golden.checking import checked
from tests.golden.comparing import CASE, GOLDEN, comparable, differences

MOST_BYTES = 600_000


@pytest.fixture(scope="module")
def report(cache_dir: Path) -> dict[str, Any]:
    return checked()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    subprocess.run([sys.executable, str(CASE / "make_case.py"), str(folder)], check=True)
    return folder


def test_the_whole_report_is_as_it_was(report: dict[str, Any]) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = list(differences(golden, comparable(report)))
    assert found == [], "if this is meant: python tests/golden/regenerate.py"


def test_every_outcome_occurs(report: dict[str, Any]) -> None:
    outcomes = {claim["verdict"] for claim in report["claims"]}
    assert outcomes == {"confirmed", "flagged", "undetermined"}


def test_the_command_comes_to_the_same(
    report: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(CASE), "--imagery", "none", "--json"]) == 1
    other = json.loads(capsys.readouterr().out)
    for name in ("source", "summary", "claims", "places", "photos", "evidence", "conflicts"):
        assert list(differences(comparable(report[name]), comparable(other[name]), name)) == []


@pytest.mark.parametrize(
    ("photo", "verdict"),
    [
        ("rig.jpg", "confirmed"),
        ("trucks.jpg", "flagged"),
        ("tower.jpg", "flagged"),
        ("tents.jpg", "undetermined"),
    ],
)
def test_captions_and_their_photos(report: dict[str, Any], photo: str, verdict: str) -> None:
    claims = [c for c in report["claims"] if c["photo"] == photo]
    assert {c["verdict"] for c in claims} == {verdict}


def test_imagery_before_and_after_is_shown(report: dict[str, Any]) -> None:
    shown = {(i["place"], i["path"]) for i in report["imagery"]}
    assert {("Kestrel Wells", "before.tif"), ("Kestrel Wells", "after.tif")} <= shown


def test_a_repeated_origin_and_a_contradiction_are_said(report: dict[str, Any]) -> None:
    assert any("Counted once" in note for note in report["notes"])
    publishers = {s["id"]: s["source"] for s in report["statements"]}
    in_conflict = {
        publishers[ref.partition(".")[0]]
        for conflict in report["conflicts"]
        for ref in conflict["claims"]
        if "." in ref
    }
    assert "Mirage Bulletin (synthetic)" in in_conflict


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r["claims"][0].update(verdict="confirmed_"), "claims[0].verdict"),
        (lambda r: r["claims"].pop(), "entries expected"),
        (lambda r: r.pop("notes"), "only in the golden"),
        (lambda r: r["places"][0]["region"].update(lat=1.0), "region.lat"),
        (lambda r: r["imagery"][0]["picture"].update(rows=1), "picture.rows"),
    ],
)
def test_a_difference_is_noticed(change: Any, words: str) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    other = json.loads(GOLDEN.read_text(encoding="utf-8"))
    change(other)
    assert any(words in line for line in differences(golden, other))


@pytest.mark.parametrize("name", ["article.html", "places.csv", "statements.jsonl", "case.toml"])
def test_the_script_makes_the_texts(made: Path, name: str) -> None:
    assert (made / name).read_text("utf-8") == (CASE / name).read_text("utf-8")


def test_the_script_makes_every_file(made: Path) -> None:
    def names(folder: Path) -> set[str]:
        return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}

    own = {"README.md", "make_case.py", "draw_photos.py", "draw_imagery.py"}
    assert {n for n in names(CASE) if "__pycache__" not in n} - own == names(made)


@pytest.mark.parametrize("path", sorted((CASE / "photos").iterdir()), ids=lambda p: p.name)
def test_the_script_draws_the_photos(made: Path, path: Path) -> None:
    again = made / "photos" / path.name
    with Image.open(path) as one, Image.open(again) as other:
        near(np.asarray(one), np.asarray(other))
    facts = [read_photo(p).as_dict() for p in (path, again)]
    for fact in facts:
        del fact["path"], fact["sha256"]
    assert facts[0] == facts[1]


@pytest.mark.parametrize("name", ["before.tif", "after.tif"])
def test_the_script_draws_the_imagery(made: Path, name: str) -> None:
    with (
        rasterio.open(CASE / "imagery" / name) as one,
        rasterio.open(made / "imagery" / name) as other,
    ):
        assert (one.crs, one.transform) == (other.crs, other.transform)
        near(one.read(), other.read())


def test_the_camp_is_in_the_later_picture_only() -> None:
    with (
        rasterio.open(CASE / "imagery" / "before.tif") as before,
        rasterio.open(CASE / "imagery" / "after.tif") as after,
    ):
        changed = (before.read() != after.read()).any(axis=0)
        rows, columns = np.nonzero(changed)
        lon, lat = rasterio.warp.transform(
            after.crs, "EPSG:4326", *[[v] for v in after.xy(rows.max(), columns.max())]
        )
    # The middle of the camp and its wells: where the case invents Kestrel Wells.
    assert (lon[0], lat[0]) == pytest.approx((54.0, 20.02), abs=0.03)
    assert 0 < changed.mean() < 0.01


def test_the_files_stay_small() -> None:
    files = [p for p in CASE.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    assert sum(p.stat().st_size for p in files) < MOST_BYTES


def near(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> None:
    """Pixels alike but for what another build of an encoder or a font renderer may do."""
    assert one.shape == other.shape
    assert np.abs(one.astype(float) - other.astype(float)).mean() < 1.0
