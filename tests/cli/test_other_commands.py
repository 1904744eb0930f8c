from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from osint.cli.app import run


def test_claims_as_json_lines(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["claims", str(example), "--json"]) == 0
    claims = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    text = (example / "article.txt").read_text(encoding="utf-8")
    assert len(claims) >= 8
    for claim in claims:
        assert {"id", "kind", "text", "spans", "source", "origin", "places", "date"} <= set(claim)
        for start, end in claim["spans"]:
            assert text[start:end].strip()
    twenty = [c for c in claims if c["kind"] == "separation" and len(c["spans"]) == 3]
    assert [c["distance_m"]["said"] for c in twenty] == [20_000]
    caption = next(c for c in claims if c["caption"])
    assert caption["date"] == {"first": "2017-06-11", "last": "2017-06-11"}


def test_claims_for_people(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["claims", str(example)]) == 0
    told = capsys.readouterr().out
    assert "al-Zaqaf" in told and "20 km" in told


def test_distance_between_points(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["distance", "33.834, 39.69", "33.74, 39.58", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    exact = distance_m(Position(lon=39.69, lat=33.834), Position(lon=39.58, lat=33.74))
    assert told["pairs"][0]["distance_m"] == pytest.approx(exact)
    assert told["distance_m"]["median"] == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize(
    ("claimed", "code", "verdict"), [("20 km", 1, "flagged"), ("100 km", 0, "confirmed")]
)
def test_distance_claimed(
    claimed: str, code: int, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["distance", "40, 20", "40.9005, 20", "--claimed", claimed]
    assert run([*arguments, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["claimed"]["verdict"] == verdict
    assert run(arguments) == code
    assert verdict in capsys.readouterr().out


def test_distance_of_rival_readings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "places.csv"
    path.write_text("name,lat,lon\nAld,40,20\nAld,41,20\nBeth,40,21\n", encoding="utf-8")
    arguments = ["distance", "Ald", "Beth", "--gazetteer", str(path), "--no-world", "--json"]
    assert run(arguments) == 0
    assert len(json.loads(capsys.readouterr().out)["pairs"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["distance", "Xyzzyville", "40, 20", "--no-world"],
        ["distance", "40, 20", "95, 20"],
        ["distance", "40, 20", "41, 20", "--claimed", "twenty apples"],
        ["nonsense"],
    ],
)
def test_bad_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("command", [[], ["check"], ["claims"], ["distance"]])
def test_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    told = capsys.readouterr()
    assert "Commands:" in told.out and told.out.count("\n") > 10
    assert told.err == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("osint 0.")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from osint.cli.app import run; run(['--help']);"
        "heavy = {'numpy', 'pandas', 'geopandas', 'rasterio', 'scipy', 'shapely', 'pyproj',"
        "'pydantic', 'jinja2', 'PIL', 'exifread', 'timezonefinder'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
