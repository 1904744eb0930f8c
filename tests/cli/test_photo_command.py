from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from osint.cli.app import run

FIELDS = {
    *("path", "sha256", "status", "format", "position", "position_problem", "heading_deg"),
    *("heading_reference", "taken_at", "utc_offset", "gps_time_utc", "make", "model"),
    *("orientation", "software", "captions", "places_said", "credentials", "signals", "conflicts"),
}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "Maker\x1b[31m"
    exif[0x0131] = "Adobe Photoshop CS2"
    exif[0x010E] = "Troops at a base"
    exif.get_ifd(0x8769)[0x9003] = "2017:06:11 14:03:22"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 30.0, 21.0), 3: "E", 4: (38.0, 37.0, 4.0)})
    path = tmp_path / "one.jpg"
    Image.new("RGB", (32, 24)).save(path, exif=exif)
    return path


@pytest.fixture
def folder(photo: Path) -> Path:
    Image.new("RGB", (8, 8)).save(photo.parent / "bare.png")
    (photo.parent / "captions.csv").write_text("file,caption\n", encoding="utf-8")
    (photo.parent / "broken.jpg").write_bytes(b"no picture")
    (photo.parent / "deeper").mkdir()
    return photo.parent


def test_json_has_the_fields_of_the_contract(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["photo", str(photo), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    facts = json.loads(line)
    assert set(facts) >= FIELDS
    assert facts["position"]["lat"] == pytest.approx(33.5058333, abs=1e-6)
    assert facts["captions"] == ["Troops at a base"]
    assert facts["conflicts"] == []
    assert [signal["signal"] for signal in facts["signals"]] == ["editing software"]
    assert facts["credentials"] is None


def test_the_facts_for_people(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["photo", str(photo)]) == 0
    told = capsys.readouterr().out
    assert "33.505833, 38.617778" in told and "33°30'21.0\"N" in told
    assert "2017-06-11 14:03:22 (no time zone given)" in told
    assert "Troops at a base" in told and "editing software" in told
    assert "\x1b" not in told


def test_a_folder_means_the_photos_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["photo", str(folder), str(folder / "gone.jpg"), "--json"]) == 0
    told = capsys.readouterr()
    assert [json.loads(line)["path"] for line in told.out.splitlines()] == ["bare.png", "one.jpg"]
    complaints = told.err.splitlines()
    assert len(complaints) == 2
    assert any("broken.jpg is not an image" in line for line in complaints)
    assert any("gone.jpg does not exist" in line for line in complaints)


def test_the_same_file_twice_is_read_once(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["photo", str(photo), str(photo.parent), "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_nothing_that_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    for arguments, lines in (
        ([str(tmp_path / "none.jpg")], 1),
        ([str(tmp_path / "a.jpg")], 1),
        ([str(tmp_path)], 1),
        ([str(tmp_path / "a.jpg"), str(tmp_path / "b.jpg")], 3),
        (["nul\0.jpg"], 1),
        (["x" * 5000], 1),
        ([], 1),
    ):
        assert run(["photo", *arguments]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == lines


def test_a_name_that_would_command_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    path = tmp_path / "a\x1b[2J\nb\u202e.png"
    path.write_bytes(out.getvalue())
    assert run(["photo", str(path), str(tmp_path / "\x1b[2J.png")]) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err and "\u202e" not in told.out
    assert told.err.count("\n") == 1


def test_all_the_sample_photos(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = shared_data / "photos"
    folders = sorted({str(path.parent) for path in photos.rglob("*.*") if path.is_file()})
    assert run(["photo", *folders, "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) >= 100
    assert sum(facts["position"] is not None for facts in found) >= 10
    assert all(set(facts) >= FIELDS for facts in found)
    capsys.readouterr()
    assert run(["photo", *folders]) == 0
    assert "\x1b" not in capsys.readouterr().out
