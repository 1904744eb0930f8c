from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from osint.cli.app import run
from tests.imagery.photo.files import encoded, geotagged, with_segment

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
    lines = told.splitlines()
    assert lines[0].strip() == str(photo)
    assert lines[1].split()[0] == "where" and lines[2].split()[0] == "when"
    assert "33.505833, 38.617778" in told and "33°30'21.0\"N" in told
    assert "2017-06-11 14:03:22 (no time zone given)" in told
    assert "Troops at a base" in told and "editing software" in told
    assert "\x1b" not in told
    assert "SHA-256" not in told and "tag" not in told


def test_all_that_is_known(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["photo", str(photo), "--all"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "SHA-256" in told and "tag Image Software: Adobe Photoshop CS2" in told
    assert "means:" in told and "misleads:" in told
    assert "\x1b" not in told
    assert run(["photo", str(photo), "--all", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert ["Image Software", "Adobe Photoshop CS2"] in facts["raw"]
    assert facts["file"] == str(photo) and facts["path"] == "one.jpg"


def test_what_disagrees_is_a_warning_near_the_top(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = encoded("JPEG")
    for maker in ("Second", "First"):
        data = with_segment(data, b"Exif\0\0" + geotagged(maker))
    path = tmp_path / "two.jpg"
    path.write_bytes(data)
    assert run(["photo", str(path)]) == 0
    told = capsys.readouterr().out
    assert "on make: first block: First; second block: Second" in told
    assert told.index("disagree") < told.index("camera")


def test_a_folder_means_the_photos_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (9, 9)).save(folder / "deeper" / "down.png")
    (folder / ".hidden").mkdir()
    Image.new("RGB", (9, 9)).save(folder / ".hidden" / "not.png")
    (folder / "deeper" / "round").symlink_to(folder, target_is_directory=True)
    assert run(["photo", str(folder), str(folder / "gone.jpg"), "--json"]) == 0
    told = capsys.readouterr()
    found = [json.loads(line) for line in told.out.splitlines()]
    assert [facts["path"] for facts in found] == ["bare.png", "broken.jpg", "one.jpg", "down.png"]
    assert [facts["status"] for facts in found] == [
        "no_metadata",
        "unsupported",
        "ok",
        "no_metadata",
    ]
    assert found[3]["file"] == str(folder / "deeper" / "down.png")
    complaints = told.err.splitlines()
    assert len(complaints) == 2
    assert any("broken.jpg is not an image" in line for line in complaints)
    assert any("gone.jpg does not exist" in line for line in complaints)


def test_geojson_is_one_collection(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["photo", str(folder), "--geojson"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["type"] == "FeatureCollection"
    bare, one = found["features"]
    assert bare["geometry"] is None and bare["properties"]["path"] == "bare.png"
    assert one["geometry"]["type"] == "Point"
    assert one["geometry"]["coordinates"] == pytest.approx([38.6177778, 33.5058333], abs=1e-6)
    assert set(one["properties"]) >= FIELDS


HOSTILE = '</bdi></dd><script>alert(1)</script><img src=x onerror="alert(2)">\u202e{{ 7*7 }}'


class Elements(HTMLParser):
    """Names of the elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_contact_sheet_is_one_harmless_page(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exif = Image.Exif()
    exif[0x010E] = HOSTILE
    exif[0x010F] = HOSTILE
    Image.new("RGB", (40, 30), "red").save(folder / "a<b>&\u202e.jpg", exif=exif)
    sheet = folder / "sheet.html"
    assert run(["photo", str(folder), "--html", str(sheet)]) == 0
    told = capsys.readouterr()
    assert told.out == "" and "sheet.html: 3 photos" in told.err
    page = sheet.read_text(encoding="utf-8")
    found = Elements(page)
    assert "script" not in found.tags and "onerror" not in found.attributes
    assert found.tags >= {"svg", "article", "img", "meta"}
    assert all(source.startswith(("data:image/jpeg;base64,", "#p")) for source in found.sources)
    assert "default-src 'none'" in page and "\u202e" not in page and "{{ 7*7 }}" in page
    assert page.count("<article") == 3 and "33.505833, 38.617778" in page


def test_a_file_that_is_there_is_not_replaced(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = photo.read_bytes()
    for option in ("--html", "--csv"):
        assert run(["photo", str(photo), option, str(photo)]) == 2
        assert "is there already" in capsys.readouterr().err
    assert photo.read_bytes() == before
    assert run(["photo", str(photo), "--csv", str(photo.parent / "none" / "a.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    target = photo.parent / "table.csv"
    assert run(["photo", str(photo.parent / "gone.jpg"), "--csv", str(target)]) == 2
    assert not target.exists() and [p.name for p in photo.parent.iterdir()] == ["one.jpg"]
    capsys.readouterr()
    target.write_text("old", encoding="utf-8")
    assert run(["photo", str(photo), "--csv", str(target), "--force"]) == 0
    assert target.read_text(encoding="utf-8").startswith("path,")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\u200b=1"])
def test_a_table_holds_no_formulas(
    tmp_path: Path, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exif = Image.Exif()
    exif[0x0131] = exif[0x010E] = start
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    target = tmp_path / "table.csv"
    assert run(["photo", str(tmp_path), "--csv", str(target)]) == 0
    with target.open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle)
    for field in ("software", "captions"):
        value = row[field]
        assert value and not value.lstrip().startswith(("=", "+", "-", "@"))


def test_options_that_contradict_each_other(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = str(photo.parent / "x")
    for wrong in (
        ["--json", "--geojson"],
        ["--html", same, "--csv", same],
        ["--trust-list", str(photo)],
        ["--workers", "0"],
    ):
        assert run(["photo", str(photo), *wrong]) == 2
        told = capsys.readouterr()
        assert told.out == "" and told.err.count("\n") == 1
    assert not Path(same).exists()


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
    photos = str(shared_data / "photos")
    assert run(["photo", photos, "--json", "--no-pixels"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) >= 100
    assert sum(facts["position"] is not None for facts in found) >= 10
    assert all(set(facts) >= FIELDS for facts in found)
    assert run(["photo", photos, "--no-pixels", "--all"]) == 0
    assert "\x1b" not in capsys.readouterr().out
