"""What no input may bring about, found by attacking the tool."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from osint.cli.app import run
from tests.cli.test_check_command import check_json, photo

PLACES = "name,lat,lon,kind,uncertainty_m\nNorvale,40.0,20.0,village,50\n"
SUDMERE = "Sudmere,40.199,20.0,village,50\n"  # 22.1 km north of Norvale


def case(
    folder: Path, body: str, *, places: str = PLACES + SUDMERE, said: Sequence[dict[str, str]] = ()
) -> list[str]:
    (folder / "article.txt").write_text(f"A headline\n\n{body}\n", encoding="utf-8")
    (folder / "places.csv").write_text(places, encoding="utf-8")
    (folder / "said.jsonl").write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    return [
        str(folder / "article.txt"),
        "--gazetteer",
        str(folder / "places.csv"),
        "--statements",
        str(folder / "said.jsonl"),
        "--no-world",
    ]


def verdicts(report: dict[str, Any]) -> list[str]:
    return [c["verdict"] for c in report["claims"] if c["kind"] == "separation"]


def test_claims_that_exclude_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "Norvale lies 20 km from Sudmere. Norvale lies 24 km from Sudmere."
    report = check_json(case(tmp_path, body), capsys)
    assert len(verdicts(report)) == 2
    assert verdicts(report).count("confirmed") <= 1


@pytest.mark.parametrize("turned", [False, True])
def test_one_origin_counts_once_either_way_round(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], turned: bool
) -> None:
    said = [{"source": "A", "text": "Kesto lies 30 km from Sudmere."}]
    once = check_json(case(tmp_path, "Kesto lies 30 km from Sudmere.", said=said), capsys)
    again = "Sudmere lies 30 km from Kesto." if turned else "Kesto is 30 km from Sudmere."
    twice = check_json(
        case(
            tmp_path, "Kesto lies 30 km from Sudmere.", said=[*said, {"source": "A", "text": again}]
        ),
        capsys,
    )
    assert twice["claims"][0]["bayes_factor"] == pytest.approx(once["claims"][0]["bayes_factor"])


def test_many_homonyms_never_flag_and_their_order_does_not_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"Norvale,{-40 + i},{-100 + 3 * i},village,50\n" for i in range(60)]
    home = "Norvale,40.0,20.0,village,50\nSudmere,40.9005,20.0,village,50\n"
    found = []
    for order in (1, -1):
        places = "name,lat,lon,kind,uncertainty_m\n" + "".join([*rows, home][::order])
        report = check_json(
            case(tmp_path, "Norvale is 100 km from Sudmere.", places=places), capsys
        )
        found.append((verdicts(report), report["claims"][0]["bayes_factor"]))
    assert found[0][0] == ["undetermined"]
    assert found[0][1] == pytest.approx(found[1][1])


def test_an_alias_means_whole_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = case(tmp_path, "Norvaletown lies 20 km from Sudmere.")
    (tmp_path / "case.toml").write_text(
        '[[alias]]\nphrase = "Norvale"\nplace = "40.0, 20.0"\nby = "a"\nwhy = "b"\n',
        encoding="utf-8",
    )
    report = check_json([str(tmp_path), *arguments[1:]], capsys)
    assert verdicts(report) == ["undetermined"]
    assert report["assumptions"] == []


def test_distances_beyond_the_false_law(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = "name,lat,lon\nNorvale,40.0,20.0\nSudmere,57.7,20.0\n"  # 1,965 km
    body = "Norvale lies more than 2,500 km from Sudmere."
    claim = check_json(case(tmp_path, body, places=places), capsys)["claims"][0]
    assert claim["bayes_factor"] < 1
    body = "Norvale lies more than 1,500 km from Sudmere."
    claim = check_json(case(tmp_path, body, places=places), capsys)["claims"][0]
    assert 1 < claim["bayes_factor"] <= 11


def test_the_antimeridian_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factors = []
    for east in (99.9, 179.9):
        lons = [(x + 180) % 360 - 180 for x in (east, east + 0.36)]
        places = f"name,lat,lon\nNorvale,10.0,{lons[0]}\nSudmere,10.1,{lons[1]}\n"
        said = [
            {"source": "A", "text": "Kesto lies 60 km from Norvale."},
            {"source": "B", "text": "Kesto lies 30 km from Sudmere."},
        ]
        body = "Kesto lies 33 km from Sudmere."
        report = check_json(case(tmp_path, body, places=places, said=said), capsys)
        factors.append(report["claims"][0]["bayes_factor"])
    assert factors[0] == pytest.approx(factors[1], rel=0.05)


def test_places_at_a_pole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = "name,lat,lon\nNorvale,89.5,0\nSudmere,89.5,180\n"
    said = [
        {"source": "A", "text": "Kesto lies 100 km from Norvale."},
        {"source": "B", "text": "Kesto lies 45 km from Sudmere."},
    ]
    report = check_json(
        case(tmp_path, "Kesto lies 50 km from Sudmere.", places=places, said=said), capsys
    )
    assert report["claims"][0]["bayes_factor"] > 1


def test_a_country_named_over_and_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = (
        "name,lat,lon,country\nNorvale,41.0,20.0,AL\nNorvale,41.0,24.0,GR\nSudmere,41.5,20.0,AL\n"
    )
    factors = []
    for more in ("", " Albania, Albania, Albania."):
        body = f"Norvale lies 55 km from Sudmere. Greece and Albania agree.{more}"
        report = check_json(case(tmp_path, body, places=places), capsys)
        factors.append(report["claims"][0]["bayes_factor"])
    assert factors[0] == pytest.approx(factors[1])


@pytest.mark.parametrize("denied", [False, True])
def test_a_denied_caption_is_not_confirmed_by_what_contradicts_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], denied: bool
) -> None:
    verb = "were not seen" if denied else "were seen"
    body = f"It was a long day.\n\nSoldiers {verb} at Norvale, June 11"
    arguments = case(tmp_path, body)
    (tmp_path / "photos").mkdir()
    photo(tmp_path / "photos" / "a.jpg", lat=40.0, lon=20.0, taken="2017:06:11 09:00:00")
    extra = ["--photos", str(tmp_path / "photos"), "--published", "2017-06-13"]
    report = check_json([*arguments, *extra], capsys)
    for claim in report["claims"]:
        if denied:
            assert claim["verdict"] != "confirmed"


def test_a_date_nobody_checked_is_not_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = case(tmp_path, "It was a long day.\n\nSoldiers at Norvale, June 11")
    (tmp_path / "photos").mkdir()
    photo(tmp_path / "photos" / "a.jpg", lat=40.0, lon=20.0, taken="0000:00:00 00:00:00")
    extra = ["--photos", str(tmp_path / "photos"), "--published", "2017-06-13"]
    claim = check_json([*arguments, *extra], capsys)["claims"][0]
    assert (claim["verdict"], claim["leaning"]) == ("undetermined", "supports")


@pytest.mark.parametrize("option", ["", "--statements", "--gazetteer"])
def test_a_pipe_is_refused_and_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    arguments = case(tmp_path, "Norvale lies 20 km from Sudmere.")
    os.mkfifo(tmp_path / "pipe.csv")
    pipe = str(tmp_path / "pipe.csv")
    given = [*arguments, option, pipe] if option else [pipe]
    assert run(["check", *given]) == 2
    assert "regular file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b'{"source": "x\\ud800", "text": "y"}\n', "UTF-8"),
        (b'{"source": "x", "text": ' + b"9" * 5000 + b"}\n", "line 1"),
    ],
)
def test_hostile_statements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, wanted: str
) -> None:
    arguments = case(tmp_path, "Norvale lies 20 km from Sudmere.")
    (tmp_path / "said.jsonl").write_bytes(content)
    assert run(["check", *arguments]) == 2
    assert wanted in capsys.readouterr().err


@pytest.mark.parametrize(
    "toml",
    [
        f"title = {'9' * 5000}\n",
        'article = "a\\u0000b"\n',
        f'photos = "{"x" * 1000}"\n',
        'statements = "loop"\n',
        '[[alias]]\nphrase = " "\nplace = "40, 20"\nby = "a"\nwhy = "b"\n',
    ],
)
def test_hostile_case_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], toml: str) -> None:
    case(tmp_path, "Norvale lies 20 km from Sudmere.")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "case.toml").write_text(toml, encoding="utf-8")
    assert run(["check", str(tmp_path), "--no-world"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_report_goes_into_an_existing_folder_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = case(tmp_path, "Norvale lies 20 km from Sudmere.")
    out = tmp_path / "out"
    out.mkdir(mode=0o750)
    inode = out.stat().st_ino
    assert run(["check", *arguments, "--out", str(out)]) == 0
    assert (out.stat().st_ino, out.stat().st_mode & 0o777) == (inode, 0o750)
    (out / "report.html").unlink()
    (out / "report.json").unlink()
    (out / "case.gpkg").unlink()
    (out / "report.json").mkdir()
    assert run(["check", *arguments, "--out", str(out), "--force"]) == 2
    assert [p.name for p in out.iterdir()] == ["report.json"]
    capsys.readouterr()


def test_a_border_without_an_outline_is_not_checked_and_harms_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "Norvale lies on the border between Oman and Yemen. Norvale lies 22 km from Sudmere."
    report = check_json(case(tmp_path, body), capsys)
    border = next(c for c in report["claims"] if c["kind"] == "border")
    assert border["verdict"] == "undetermined"
    assert "border line is not known" in border["because"]
    assert len(verdicts(report)) == 1
