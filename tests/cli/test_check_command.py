from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image

import osint.report
from osint.cli.app import run

SCHEMA = json.loads(
    (Path(osint.report.__file__).parent / "report.schema.json").read_text(encoding="utf-8")
)


def check_json(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(["check", *arguments, "--json"]) in (0, 1)
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, SCHEMA)
    return report


def claim_of(report: dict[str, Any], kind: str, said_m: float | None = None) -> dict[str, Any]:
    found = [
        c
        for c in report["claims"]
        if c["kind"] == kind and (said_m is None or c["distance_m"]["said"] == said_m)
    ]
    assert len(found) == 1, found
    return found[0]  # type: ignore[no-any-return]


def near_the_worked_figure(claim: dict[str, Any]) -> None:
    """5.5 for "just 20 kilometers", and 8.5 / 14 / 23 km.

    The tool's own cone for "east" is wider than the figure's, which moves the upper end most; with
    the figure's cones tests/reasoning holds it to 10 %.
    """
    assert claim["bayes_factor"] == pytest.approx(5.5, rel=0.1)
    for name, expected, within in (
        ("q05_m", 8.5e3, 0.1),
        ("q50_m", 14e3, 0.1),
        ("q95_m", 23e3, 0.2),
    ):
        assert claim["distribution"][name] == pytest.approx(expected, rel=within)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two made-up towns 100 km apart and a third 20 km from the first."""
    folder = tmp_path_factory.mktemp("towns")
    (folder / "places.csv").write_text(
        "name,lat,lon,kind,uncertainty_m\n"
        "Norvale,40.0,20.0,village,50\nSudmere,40.9005,20.0,village,50\n"
        "Westholm,40.0,19.766,village,50\n",
        encoding="utf-8",
    )
    return folder


def text(folder: Path, body: str) -> Path:
    path = folder / "article.txt"
    path.write_text(f"Two towns and a road\n\n{body}\n", encoding="utf-8")
    return path


def test_the_example_as_a_whole(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = check_json([str(example)], capsys)
    claim = claim_of(report, "separation", 20_000)
    assert len(claim["spans"]) == 3
    assert (claim["from"], claim["to"]) == ("Syrian army base on the Iraqi border", "al-Zaqaf")
    assert (claim["verdict"], claim["leaning"]) == ("undetermined", "supports")
    # Here with every statement and the tool's own bands.
    near_the_worked_figure(claim)
    # Both readings of the army's base are there: by the alias, and without it.
    readings = {r["reading"]: r for r in claim["readings"]}
    assert any("Syrian-Iraqi Border Crossing" in name for name in readings)
    assert any("anywhere on the border" in name for name in readings)
    assert report["assumptions"][0]["by"] == "the authors of this example"
    assert {c["verdict"] for c in report["claims"] if c["kind"] == "located"} == {"undetermined"}
    assert all(c["because"] for c in report["claims"])
    assert all(c["decides"] for c in report["claims"] if c["verdict"] == "undetermined")


def test_two_statements_of_one_origin_conflict(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = check_json([str(example)], capsys)
    said = {c["id"]: s["source"] for s in report["statements"] for c in s["claims"]}
    pairs = [{said[i] for i in c["claims"] if i in said} for c in report["conflicts"]]
    assert {"alsahawat", "Tasnim"} in pairs


def test_the_real_article(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = check_json(
        [
            str(shared_data / "article" / "al-zaqaf.txt"),
            "--published",
            "2017-06-13",
            "--statements",
            str(shared_data / "article" / "statements.jsonl"),
            "--gazetteer",
            str(shared_data / "gazetteer" / "keypoints.csv"),
        ],
        capsys,
    )
    claim = claim_of(report, "separation", 20_000)
    assert (claim["verdict"], claim["leaning"]) == ("undetermined", "supports")
    # Without an alias the base is anywhere on the border that the statements allow: 5/17/31 km.
    assert claim["distribution"]["q50_m"] == pytest.approx(17e3, rel=0.15)
    assert 3 <= claim["bayes_factor"] <= 8
    assert claim_of(report, "separation", 40_000)["bayes_factor"] is None


def test_worked_figure_on_the_shared_statements(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The analyst's alias and readings over the five statements about al-Zaqaf."""
    for name in ("article/al-zaqaf.txt", "gazetteer/keypoints.csv"):
        shutil.copy(shared_data / name, tmp_path)
    lines = (shared_data / "article" / "statements.jsonl").read_text(encoding="utf-8")
    about = [line for line in lines.splitlines() if "al-Zaqaf" in line or "Al-Zaqaf" in line]
    assert len(about) == 5
    (tmp_path / "statements.jsonl").write_text("\n".join(about), encoding="utf-8")
    readings = (
        ("Al-Tanf (garrison)", "Wikipedia infobox (en mirror wikizero.net; ar marefa.org)", 0.5),
        ("At Tanf", "GeoNames 172344 via WOF 1293283047", 0.2),
        (
            "Al-Tanf Crossing",
            "zh-wiki Module:Syrian_Civil_War_detailed_map (MASangys/wikipedia.zh@88133659)",
            0.25,
        ),
        ("Tanf", "GeoNames 6734634 via WOF 1259501317", 0.05),
    )
    case = 'published = "2017-06-13"\narticle = "al-zaqaf.txt"\nstatements = "statements.jsonl"\n'
    case += 'gazetteers = ["keypoints.csv"]\n'
    case += '[[alias]]\nphrase = "Syrian army base"\nplace = "Syrian-Iraqi Border Crossing"\n'
    case += 'by = "the test"\nwhy = "as in the worked figure"\n'
    for place, source, weight in readings:
        case += f'[[reading]]\nname = "al-Tanf"\nplace = "{place}"\n'
        # keypoints.csv is read as the report prints it: the first words name the source.
        case += f"weight = {weight}\n" + (f'source = "{source}"\n' if source else "")
    (tmp_path / "case.toml").write_text(case, encoding="utf-8")
    report = check_json([str(tmp_path)], capsys)
    claim = claim_of(report, "separation", 20_000)
    near_the_worked_figure(claim)


def test_known_places_confirm_and_flag(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = text(pair, "Norvale lies 100 km south of Sudmere. Westholm is 60 km from Norvale.")
    options = ["--gazetteer", str(pair / "places.csv"), "--no-world"]
    assert run(["check", str(path), *options]) == 1
    capsys.readouterr()
    report = check_json([str(path), *options], capsys)
    assert claim_of(report, "separation", 100_000)["verdict"] == "confirmed"
    flagged = claim_of(report, "separation", 60_000)
    assert flagged["verdict"] == "flagged"
    assert flagged["bayes_factor"] <= 0.1
    assert flagged["evidence"]


def test_a_claims_own_origin_never_supports_it(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = text(pair, "The outpost at Nowherestan lies 30 km from Norvale.")
    own = tmp_path / "own.jsonl"
    line = {"source": "a second outlet", "text": "Nowherestan is 30 km from Norvale."}
    factors = []
    for origin in ("article", "somebody else"):
        own.write_text(json.dumps({**line, "origin": origin}), encoding="utf-8")
        report = check_json(
            [
                str(path),
                "--statements",
                str(own),
                "--gazetteer",
                str(pair / "places.csv"),
                "--no-world",
            ],
            capsys,
        )
        factors.append(claim_of(report, "separation", 30_000)["bayes_factor"])
    # The article is its own source under the name of its file: "article".
    assert factors[0] is None
    assert factors[1] is not None and factors[1] > 3


def test_an_origin_repeated_counts_once(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = text(pair, "The outpost at Nowherestan lies 30 km from Norvale.")
    said = {"source": "one", "origin": "wire", "text": "Nowherestan is 31 km from Norvale."}
    factors = []
    for count in (1, 4):
        rows = [json.dumps({**said, "source": f"outlet {i}"}) for i in range(count)]
        (tmp_path / "said.jsonl").write_text("\n".join(rows), encoding="utf-8")
        report = check_json(
            [
                str(path),
                "--statements",
                str(tmp_path / "said.jsonl"),
                "--gazetteer",
                str(pair / "places.csv"),
                "--no-world",
            ],
            capsys,
        )
        factors.append(claim_of(report, "separation", 30_000)["bayes_factor"])
    assert factors[0] == pytest.approx(factors[1], rel=1e-6)


def test_an_article_without_claims_is_no_error(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = text(tmp_path, "It rained all day and nobody went out.")
    assert run(["check", str(path), "--no-world", "--out", str(tmp_path / "r")]) == 0
    assert "makes no claim" in capsys.readouterr().out
    assert (tmp_path / "r" / "report.html").is_file()


def test_report_files_and_force(
    pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = text(pair, "Norvale lies 100 km south of Sudmere.")
    out = tmp_path / "report"
    arguments = ["check", str(path), "--gazetteer", str(pair / "places.csv"), "--no-world"]
    assert run([*arguments, "--out", str(out)]) == 0
    assert {p.name for p in out.iterdir()} == {
        "report.html",
        "report.json",
        "case.gpkg",
    }
    assert "report.html" in capsys.readouterr().out
    assert run([*arguments, "--out", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    assert run([*arguments, "--out", str(out), "--force"]) == 0


def photo(path: Path, *, lat: float, lon: float, taken: str) -> None:
    """A small picture whose EXIF says where and when."""
    exif = Image.Exif()
    gps = {
        1: "N" if lat >= 0 else "S",
        2: (int(abs(lat)), int(abs(lat) * 60 % 60), round(abs(lat) * 3600 % 60, 2)),
        3: "E" if lon >= 0 else "W",
        4: (int(abs(lon)), int(abs(lon) * 60 % 60), round(abs(lon) * 3600 % 60, 2)),
    }
    exif.get_ifd(0x8825).update(gps)
    exif.get_ifd(0x8769)[0x9003] = taken
    Image.new("RGB", (64, 48), "tan").save(path, exif=exif)


@pytest.mark.parametrize(
    ("lat", "lon", "taken", "verdict"),
    [
        (40.0005, 20.0005, "2017:06:11 10:00:00", "confirmed"),
        (40.9, 20.0, "2017:06:11 10:00:00", "flagged"),
        (40.0005, 20.0005, "2015:01:02 10:00:00", "flagged"),
        (40.06, 20.0, "2017:06:11 10:00:00", "undetermined"),
    ],
)
def test_a_photo_beside_its_caption(
    pair: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lat: float,
    lon: float,
    taken: str,
    verdict: str,
) -> None:
    path = tmp_path / "article.txt"
    path.write_text(
        "Two towns\n\nIt was a long and quiet day for all.\n\nSoldiers at Norvale, June 11\n",
        encoding="utf-8",
    )
    (tmp_path / "photos").mkdir()
    photo(tmp_path / "photos" / "a.jpg", lat=lat, lon=lon, taken=taken)
    report = check_json(
        [
            str(path),
            "--photos",
            str(tmp_path / "photos"),
            "--published",
            "2017-06-13",
            "--gazetteer",
            str(pair / "places.csv"),
            "--no-world",
        ],
        capsys,
    )
    claim = claim_of(report, "located")
    assert claim["photo"] == "a.jpg"
    assert claim["verdict"] == verdict
    assert report["photos"][0]["caption_claim"] == claim["id"]
    # However good or bad the match, EXIF counts at most 20 to 1 for and 33 to 1 against.
    for evidence in report["evidence"]:
        assert -3.51 <= evidence["log_lr"] <= 3.0
