"""SOURCE on the command line, whatever it is."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path

import pytest

from imagery.archive import Archive
from osint.article.read import MAX_BYTES
from osint.cli.app import run
from tests.cli.test_check_command import check_json, photo
from tests.intake.conftest import Site

PLACES = "name,lat,lon,kind,uncertainty_m\nNorvale,40.0,20.0,village,50\n"
CAPTION = "Soldiers at Norvale, June 11"
TEXT = f"Two towns\n\nIt was a long and quiet day for all of them.\n\n{CAPTION}\n"
PAGE = (
    "<!doctype html><script type='application/ld+json'>"
    '{"@type": "NewsArticle", "datePublished": "2017-06-13", "publisher": {"name": "The Wire"}}'
    "</script><h1>Two towns</h1><p>It was a long and quiet day for all of them.</p>"
    f"<figure><img src='img/a.jpg'><figcaption>{CAPTION}</figcaption></figure>"
)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    path = tmp_path / "places.csv"
    path.write_text(PLACES, encoding="utf-8")
    return ["--gazetteer", str(path), "--no-world", "--imagery", "none"]


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def claimed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (TEXT.encode(), "standard input"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "standard input"),
        (PAGE.encode(), "The Wire"),
        (b"\n  " + PAGE.replace("<!doctype html>", "<!-- saved -->").encode(), "The Wire"),
    ],
)
def test_standard_input(
    content: bytes,
    source: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pipe(monkeypatch, content)
    assert run(["claims", "-", "--published", "2017-06-13", "--json"]) == 0
    (claim,) = claimed(capsys)
    assert (claim["text"], claim["source"]) == (CAPTION, source)
    assert claim["date"] == {"first": "2017-06-11", "last": "2017-06-11"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\0\1\2", "NUL"),
        (b"x" * (MAX_BYTES + 1), "limit"),
        (b"<html><nav>a</nav></html>", "no article text"),
    ],
)
def test_unusable_standard_input(
    content: bytes,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pipe(monkeypatch, content)
    assert run(["claims", "-"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("osint: standard input") and says in told
    assert told.count("\n") == 1


def test_a_file_that_begins_like_a_page_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("saved", "saved.php", "saved.html", "saved.HTM"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
        assert run(["claims", str(tmp_path / name), "--json"]) == 0
        assert [claim["source"] for claim in claimed(capsys)] == ["The Wire"]


def test_a_page_by_its_address_with_its_photo(
    site: Site, tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    photo(tmp_path / "a.jpg", lat=40.0005, lon=20.0005, taken="2017:06:11 10:00:00")
    picture = (tmp_path / "a.jpg").read_bytes()
    site.routes["/2017/img/a.jpg"] = (200, {"Content-Type": "image/jpeg"}, picture)
    address = site.page("/2017/story", PAGE)
    out = tmp_path / "report"
    arguments = [address, *options, "--allow-private", "--out", str(out)]
    report = check_json(arguments, capsys)
    (claim,) = report["claims"]
    assert (claim["photo"], claim["verdict"], claim["source"]) == (
        "a.jpg",
        "confirmed",
        "The Wire",
    )
    assert report["source"]["url"] == address
    assert report["source"]["published"] == "2017-06-13"
    assert "Published 2017-06-13, as the page says (JSON-LD, datePublished)." in report["notes"]
    # Every byte that the verdict rests on is beside the report, under its hash.
    kept = Archive(out / "evidence")
    assert kept.open(report["source"]["sha256"]).read() == PAGE.encode()
    assert kept.open(report["photos"][0]["sha256"]).read() == picture
    assert report["photos"][0]["sha256"] == hashlib.sha256(picture).hexdigest()
    assert [fetch.url for fetch in kept.fetches()] == [address, site.url("/2017/img/a.jpg")]
    # Again into the same folder: the index tells of both runs, the bodies are there once.
    check_json([*arguments, "--force"], capsys)
    assert len(kept.fetches()) == 4
    assert len(list((out / "evidence").glob("??/*"))) == 2


def test_the_given_day_goes_before_the_pages_own(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "case.toml").write_text(
        'article = "page.html"\npublished = "2016-07-01"\n', encoding="utf-8"
    )
    for more, year in (([], "2016"), (["--published", "2015-07-01"], "2015")):
        report = check_json([str(tmp_path), *options, *more], capsys)
        assert report["claims"][0]["date"]["first"] == f"{year}-06-11"
        assert any(f"{year}-07-01 as given" in note for note in report["notes"])
    report = check_json([str(tmp_path / "page.html"), *options], capsys)
    assert report["claims"][0]["date"]["first"] == "2017-06-11"


def test_a_case_whose_article_is_a_page(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "case.toml").write_text(
        f'source = "somebody"\narticle = "{site.page("/", PAGE)}"\n', encoding="utf-8"
    )
    assert run(["claims", str(tmp_path), "--allow-private", "--json"]) == 0
    assert [claim["source"] for claim in claimed(capsys)] == ["somebody"]


@pytest.mark.parametrize("command", ["check", "claims"])
def test_a_page_that_cannot_be_fetched_leaves_nothing_behind(
    site: Site, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = site.page("/", PAGE)
    out = tmp_path / "report"
    more = ["--no-world", "--out", str(out)] if command == "check" else []
    assert run([command, address, *more]) == 2
    told = capsys.readouterr().err
    assert "allow-private" in told and told.count("\n") == 1
    assert run([command, site.url("/gone"), "--allow-private", *more]) == 2
    assert "404" in capsys.readouterr().err
    assert not out.exists()


def test_a_page_without_an_article_leaves_nothing_behind(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = site.page("/", "<nav>Home</nav><div id=app></div><script>run()</script>")
    out = tmp_path / "report"
    assert run(["check", address, "--allow-private", "--no-world", "--out", str(out)]) == 2
    assert "no article text" in capsys.readouterr().err
    assert not out.exists()


def test_help_says_what_a_source_is(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for command in ("check", "claims"):
        assert run([command, "--help"]) == 0
        told.append(" ".join(capsys.readouterr().out.split()))
    for words in ("captions.csv", "address of a page", "standard input", "--allow-private"):
        assert all(words in text for text in told)
