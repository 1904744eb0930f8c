"""Sources that someone made to hurt: one clear line or a counted skip, in good time."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from lxml.html import HtmlElement
from PIL import Image

from osint.article import html, read_source
from osint.article.encoding import decode_page
from osint.article.html import read_html
from osint.article.text import read_text
from osint.cli.app import run
from osint.errors import ArticleError
from osint.extract import dates
from tests.cli.test_check_command import check_json, photo
from tests.intake.conftest import Site
from tests.intake.test_photo_folders import folder, notes, options, verdicts

__all__ = ["folder", "options"]

PROSE = "<p>It was a long and quiet day for all of them at Norvale.</p>"


def test_standard_input_that_is_closed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["claims", "-"]) == 2
    assert "standard input is closed" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "claims"])
def test_no_page_is_fetched_offline(
    command: str, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = site.page("/a", PROSE)
    monkeypatch.setenv("OSINT_OFFLINE", "1")
    assert run([command, address, "--allow-private"]) == 2
    told = capsys.readouterr().err
    assert "OSINT_OFFLINE" in told
    assert told.count("\n") == 1
    assert site.asked == []


def test_names_that_no_text_can_hold(
    site: Site, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {
        "@type": "NewsArticle",
        "headline": "Head\ud800 \x1b[31mline\0",
        "publisher": {"name": "The \udfffWire\x07"},
    }
    script = f"<script type='application/ld+json'>{json.dumps(told)}</script>"
    address = site.page("/a", f"{script}{PROSE}<p>Soldiers were at Norvale on June 11.</p>")
    out = tmp_path / "report"
    report = check_json([address, *options, "--allow-private", "--out", str(out)], capsys)
    assert report["source"]["title"] == "Head\ufffd [31mline"
    assert {claim["source"] for claim in report["claims"]} == {"The \ufffdWire"}
    assert "\x1b" not in (out / "report.html").read_text(encoding="utf-8")


def test_a_file_name_that_is_not_in_utf_8(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    name = b"news\xff\x1b[31m.txt".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_text("Soldiers were at Norvale on June 11.\n", encoding="utf-8")
    report = check_json([str(tmp_path / name), *options], capsys)
    assert {claim["source"] for claim in report["claims"]} == {"news\ufffd[31m"}
    assert run(["check", str(tmp_path / name), "--statements", str(tmp_path / name)]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_a_paragraph_of_very_many_lines() -> None:
    # In time that grows with the square of them, this does not end.
    article = read_text(b"Head\n\n" + b"a b\n" * 1_000_000, name="x", source="x")
    assert [(block.start, block.end) for block in article.blocks] == [(0, 4), (6, 4_000_005)]


def test_very_many_pictures_are_counted() -> None:
    article = read_html((PROSE + "<p><img src=a.jpg></p>" * 20_000).encode(), name="x")
    assert len(article.figures) == 200
    assert article.notes == ("19800 of 20000 pictures were left out: at most 200 are read.",)


def test_a_word_of_a_million_characters_is_no_caption(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, dates, "date_at")
    read_text(b"Head\n\n(" + b"1-" * 500_000, name="x", source="x")
    assert len(asked) < 100


def test_empty_headings_are_not_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, html, "is_dropped")
    page = PROSE + "<div class=share>" * 200 + "<h1> </h1>" * 5_000
    assert read_html(page.encode(), name="x").title == ""
    assert len(asked) < 50_000


def counted(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[None]:
    """One entry for each time the function is called from now on."""
    calls: list[None] = []
    real = getattr(module, name)

    def called(*arguments: object) -> object:
        calls.append(None)
        return real(*arguments)

    monkeypatch.setattr(module, name, called)
    return calls


def test_elements_around_everything_are_not_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    prose = html._prose

    def measured(element: HtmlElement) -> tuple[int, int]:
        nonlocal seen
        found = prose(element)
        seen += found[1]
        return found

    monkeypatch.setattr(html, "_prose", measured)
    monkeypatch.setattr(html, "MAX_ELEMENTS", 5_000)
    page = "<article>" * 100 + "<p>Words there were.</p>" * 2_000
    article = read_html(page.encode(), name="x")
    assert article.text.count("Words") == 2_000
    assert seen < 4 * 5_000


def test_control_bytes_are_no_page() -> None:
    data = bytes(range(1, 256)) * 20
    with pytest.raises(ArticleError, match="binary"):
        decode_page(data, name="x", charset="iso-8859-5")


def test_the_next_address_of_a_picture_is_tried(site: Site, tmp_path: Path) -> None:
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(body, "JPEG")
    site.routes["/small.jpg"] = (200, {"Content-Type": "image/jpeg"}, body.getvalue())
    site.routes["/page.jpg"] = (200, {"Content-Type": "image/jpeg"}, b"<html>")
    address = site.page(
        "/a",
        PROSE + "<figure><img src=small.jpg srcset=',, page.jpg 900w, none.jpg 800w'>"
        "<figcaption>Soldiers at Norvale, June 11</figcaption></figure>",
    )
    article = read_source(address, allow_private=True, evidence=tmp_path / "evidence")
    (figure,) = article.figures
    assert (figure.name, figure.problem) == ("small.jpg", None)
    assert figure.path is not None


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("file,caption\nthere.jpg,Soldiers at Norvale, June 11\n", "line 2: 3 cells"),
        ('file;caption\nthere.jpg;"Soldiers"\n', "with a comma between"),
        ("file,caption,caption\nthere.jpg,Soldiers,\n", "two columns are called caption"),
        ("file,caption\n" + "a.jpg,Soldiers\n" * 20_001, "20,000"),
    ],
)
def test_captions_that_would_be_misread(
    folder: Path, rows: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "captions.csv").write_text(rows, encoding="utf-8")
    assert run(["claims", str(folder)]) == 2
    assert says in capsys.readouterr().err


def test_captions_with_old_line_ends(folder: Path) -> None:
    (folder / "captions.csv").write_bytes(b"file,caption\rthere.jpg,Soldiers at Norvale\r")
    assert read_source(folder / "captions.csv").figures[0].path is not None


def test_a_caption_of_another_file_is_not_given_to_the_only_photo(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "far.jpg").unlink()
    (folder / "captions.csv").write_text(
        'file,caption\nTHERE.JPG,"Soldiers at Norvale, June 11"\n', encoding="utf-8"
    )
    report = check_json([str(folder), *options], capsys)
    assert verdicts(report) == {None: "undetermined"}
    assert "THERE.JPG" in notes(report)
    assert "there.jpg: put to no caption" in notes(report)


def test_files_of_a_folder_that_are_left_out(
    folder: Path, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo(tmp_path / "secret.jpg", lat=1.0, lon=1.0, taken="2017:06:11 10:00:00")
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (folder / "x\x1b[31m.jpg").write_bytes((folder / "far.jpg").read_bytes())
    (folder / "broken.jpg").write_text("no picture", encoding="utf-8")
    (folder / "captions.csv").write_text(
        'file,caption\nthere.jpg,"Soldiers at Norvale, June 11"\n', encoding="utf-8"
    )
    report = check_json([str(folder), *options], capsys)
    assert verdicts(report) == {"there.jpg": "confirmed"}
    assert [p["path"] for p in report["photos"]] == ["far.jpg", "there.jpg"]
    said = notes(report)
    assert "link out of the folder; copy the file there): link.jpg" in said
    assert "1 photo not used (no image that can be read): broken.jpg" in said
    assert r"'x\x1b[31m.jpg'" in said
