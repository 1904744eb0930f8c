"""Photos and captions: captions.csv as the article, figures beside a page, what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from osint.article import read_source
from osint.cli.app import run
from tests.cli.test_check_command import check_json, photo

PLACES = "name,lat,lon,kind,uncertainty_m\nNorvale,40.0,20.0,village,50\n"


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    path = tmp_path / "places.csv"
    path.write_text(PLACES, encoding="utf-8")
    extra = ["--no-world", "--imagery", "none", "--published", "2017-06-13"]
    return ["--gazetteer", str(path), *extra]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "photos"
    made.mkdir()
    photo(made / "there.jpg", lat=40.0005, lon=20.0005, taken="2017:06:11 10:00:00")
    photo(made / "far.jpg", lat=41.0, lon=20.0, taken="2017:06:11 10:00:00")
    return made


def verdicts(report: dict[str, Any]) -> dict[str | None, str]:
    return {claim["photo"]: claim["verdict"] for claim in report["claims"]}


def notes(report: dict[str, Any]) -> str:
    return "\n".join(report["notes"])


def test_captions_csv_is_the_article(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "captions.csv").write_text(
        "File,Caption,Date\n"
        'there.jpg,"Soldiers at Norvale, June 11",\n'
        "far.jpg,Rebels at Norvale,2017-06-11\n",
        encoding="utf-8",
    )
    report = check_json([str(folder), *options], capsys)
    assert verdicts(report) == {"there.jpg": "confirmed", "far.jpg": "flagged"}
    assert report["source"]["text"] == (
        "Soldiers at Norvale, June 11\n\nRebels at Norvale, 2017-06-11\n"
    )
    assert report["source"]["title"] == "Captions of photos"
    assert all(claim["caption"] for claim in report["claims"])
    assert run(["claims", str(folder), "--published", "2017-06-13"]) == 0
    assert "Norvale" in capsys.readouterr().out


def test_missing_photos_are_counted_and_the_rest_is_checked(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.txt").write_text("no photo", encoding="utf-8")
    (folder / "broken.jpg.txt").write_text("no photo", encoding="utf-8")
    photo(folder.parent / "x.jpg", lat=40.0, lon=20.0, taken="2017:06:11 10:00:00")
    (folder / "captions.csv").write_text(
        "file,caption\n"
        '"there.jpg","Soldiers at Norvale, June 11"\n'
        '"gone 1.jpg","Gunmen at Norvale, June 10"\n'
        '"gone 2.jpg","Drivers at Norvale, June 9"\n'
        '"../x.jpg","Fighters at Norvale, June 8"\n'
        f'"{folder.parent / "x.jpg"}","Nurses at Norvale, June 7"\n'
        '"notes.txt","Pilots at Norvale, June 6"\n'
        f'"{"n" * 400}.jpg","Bakers at Norvale, June 5"\n'
        ',"Miners at Norvale, June 4"\n',
        encoding="utf-8",
    )
    report = check_json([str(folder), *options], capsys)
    assert len(report["claims"]) == 8
    assert verdicts(report)["there.jpg"] == "confirmed"
    assert [c["photo"] for c in report["claims"]].count(None) == 7
    told = notes(report)
    assert "3 pictures" in told and "no such file" in told and "gone 1.jpg, gone 2.jpg" in told
    assert "2 pictures" in told and "outside" in told
    assert "notes.txt" in told
    assert [p["path"] for p in report["photos"]] == ["far.jpg", "there.jpg"]


@pytest.mark.parametrize("stated", ["captions.csv", "case.toml"])
def test_pairs_that_name_a_missing_or_distant_file(
    folder: Path, options: list[str], stated: str, capsys: pytest.CaptureFixture[str]
) -> None:
    photo(folder.parent.parent / "x.jpg", lat=40.0, lon=20.0, taken="2017:06:11 10:00:00")
    rows = [
        ("there.jpg", "Soldiers at Norvale, June 11"),
        ("gone.jpg", "Rebels at Norvale, June 10"),
        ("../../x.jpg", "Fighters at Norvale, June 8"),
    ]
    case = folder.parent
    body = "Head\n\nIt was a long day.\n\n" + "\n\n".join(caption for _, caption in rows)
    (case / "article.txt").write_text(body + "\n", encoding="utf-8")
    toml = 'photos = "photos"\n'
    if stated == "captions.csv":
        lines = "".join(f'{name},"{caption}"\n' for name, caption in rows)
        (folder / "captions.csv").write_text("file,caption\n" + lines, encoding="utf-8")
    else:
        toml += "".join(f'[[photo]]\nfile = "{n}"\ncaption = "{c}"\n' for n, c in rows)
    (case / "case.toml").write_text(toml, encoding="utf-8")
    report = check_json([str(case), *options], capsys)
    assert verdicts(report)["there.jpg"] == "confirmed"
    assert "(no such file): gone.jpg" in notes(report)
    assert "(outside the article's folder; copy it there): ../../x.jpg" in notes(report)


def test_figures_of_a_local_page(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    photo(folder.parent / "x.jpg", lat=40.0, lon=20.0, taken="2017:06:11 10:00:00")
    (folder / "deep").mkdir()
    (folder / "link.jpg").symlink_to(folder.parent / "x.jpg")
    photo(folder / "deep" / "a b.jpg", lat=40.0, lon=20.0, taken="2017:06:11 10:00:00")
    (folder / "logo.svg").write_text("<svg/>", encoding="utf-8")
    Image.new("RGB", (8, 8)).save(folder / "plain.png")
    (folder / "cut.jpg").write_bytes((folder / "there.jpg").read_bytes()[:20])
    sources = {
        "https://cdn.example.org/w.jpg there.jpg": "Soldiers",
        "deep/a%20b.jpg?w=100": "Rebels",
        "far.jpg": "Gunmen",
        "../x.jpg": "Fighters",
        "../../x.jpg": "Scouts",
        "/etc/hosts": "Nurses",
        "link.jpg": "Miners",
        "file:///etc/hosts": "Bakers",
        "logo.svg": "Pilots",
        "gone.jpg": "Drivers",
        "https://cdn.example.org/o.jpg": "Sailors",
        "data:image/png;base64,AAAA": "Farmers",
        "http://[": "Police",
        "plain.png": "Teachers",
        "cut.jpg": "Doctors",
    }
    figures = []
    for day, (written, who) in enumerate(sources.items(), start=1):
        best, _, other = written.partition(" ")
        more = f" srcset='{best} 900w'" if other else ""
        figures.append(
            f"<figure><img src='{other or best}'{more}>"
            f"<figcaption>{who} at Norvale, June {day}</figcaption></figure>"
        )
    page = folder / "page.html"
    page.write_text("<h1>H</h1><p>It was a long day.</p>" + "".join(figures), encoding="utf-8")
    report = check_json([str(page), *options], capsys)
    photos = {claim["subject"]: claim["photo"] for claim in report["claims"]}
    assert {who: name for who, name in photos.items() if name} == {
        "Soldiers": "there.jpg",
        "Rebels": "a b.jpg",
        "Gunmen": "far.jpg",
        "Teachers": "plain.png",
    }
    assert len(report["claims"]) == len(sources)
    told = notes(report)
    for counted in (
        "4 pictures of the article not used (outside",
        "1 picture of the article not used (no such file): gone.jpg",
        "(no image that can be read)",
        "1 picture of the article not used (on the web",
        "embedded in the page",
        "begins with file:",
        "its address cannot be read",
    ):
        assert counted in told, told


def test_a_picture_whose_pixels_are_cut_off_still_has_its_facts(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (folder / "there.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: whole.rindex(b"\xff\xda") + 16])
    page = folder / "page.html"
    page.write_text(
        "<p>It was a long day.</p><figure><img src=cut.jpg>"
        "<figcaption>Soldiers at Norvale, June 11</figcaption></figure>",
        encoding="utf-8",
    )
    report = check_json([str(page), *options], capsys)
    assert verdicts(report) == {"cut.jpg": "confirmed"}
    assert report["photos"][0]["thumbnail"] is None


def test_pictures_without_a_claim_are_counted(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = folder / "page.md"
    page.write_text("# H\n\nIt was a long day.\n\n![](far.jpg)\n\nA paragraph.\n", encoding="utf-8")
    report = check_json([str(page), *options], capsys)
    assert [p["path"] for p in report["photos"]] == ["far.jpg"]
    assert "1 picture of the article with no caption that makes a claim: far.jpg" in notes(report)


def test_one_photo_in_the_folder_and_on_the_page_is_one(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = folder / "page.html"
    page.write_text(
        "<p>It was a long day.</p><figure><img src=there.jpg>"
        "<figcaption>Soldiers at Norvale, June 11</figcaption></figure>",
        encoding="utf-8",
    )
    report = check_json([str(page), *options, "--photos", str(folder)], capsys)
    assert [p["path"] for p in report["photos"]] == ["far.jpg", "there.jpg"]
    assert verdicts(report) == {"there.jpg": "confirmed"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, ("case.toml", "captions.csv")),
        ({"a.jpg": b"x"}, ("captions.csv", "columns file and caption")),
        ({"captions.csv": b""}, ("columns file and caption",)),
        ({"captions.csv": b"file,caption\n"}, ("no caption",)),
        ({"captions.csv": b"name,text\na,b\n"}, ("columns file and caption",)),
        ({"captions.csv": b"file,caption\na.jpg,Z\xfcrich\n"}, ("UTF-8",)),
        ({"captions.csv": b'file,caption\n"a,b\n'}, ("not CSV",)),
        ({"captions.csv": b"file,caption\na.jpg," + b"x" * 200_000}, ("not CSV", "limit")),
    ],
)
def test_unusable_folders(
    tmp_path: Path,
    files: dict[str, bytes],
    says: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert run(["check", str(tmp_path), "--no-world"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    for words in says:
        assert words in told


def test_captions_of_10_000_characters(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    long = "Soldiers at Norvale and then a lot more of the same " * 200
    (folder / "captions.csv").write_text(
        f'file,caption\nfar.jpg,"{long}"\nthere.jpg,"Soldiers at Norvale, June 11"\n',
        encoding="utf-8",
    )
    report = check_json([str(folder), *options], capsys)
    assert verdicts(report)["there.jpg"] == "confirmed"


def test_invisible_characters_hide_no_name(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "captions.csv").write_text(
        'file,caption\nthere.jpg,"Soldiers at \u202aNor\u200bvale\u202c, June 11"\n',
        encoding="utf-8",
    )
    report = check_json([str(folder), *options], capsys)
    assert verdicts(report) == {"there.jpg": "confirmed"}
    assert "3 invisible characters" in notes(report)


def test_a_claim_keeps_the_first_of_two_photos_with_one_caption(folder: Path) -> None:
    (folder / "captions.csv").write_text(
        "file,caption\nthere.jpg,Soldiers at Norvale\nfar.jpg,Soldiers at Norvale\n",
        encoding="utf-8",
    )
    article = read_source(folder / "captions.csv")
    assert [figure.name for figure in article.figures] == ["there.jpg", "far.jpg"]
    assert article.figures[0].caption != article.figures[1].caption
    assert article.source == "photos"
