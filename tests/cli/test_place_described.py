"""``osint place`` with a description: where it is, or one line that says why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from osint.cli.app import run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(
        "name,lat,lon,kind,country,uncertainty_m,source\n"
        "Aldbrook,40,20,village,AL,500,one survey\n"
        "Aldbrook,40.0001,20.0001,village,AL,500,another survey\n"
        "Aldbrook,44,25,village,AL,500,one survey\n",
        encoding="utf-8",
    )
    return path


def ledger(capsys: pytest.CaptureFixture[str], table: Path, text: str) -> list[dict[str, Any]]:
    assert run(["place", text, "--gazetteer", str(table), "--no-world", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_region_for_each_place_and_not_for_each_row(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ledger(capsys, table, "twenty-five km north of Aldbrook")
    assert [row["how"] for row in rows] == ["described"] * 3
    assert sorted(row["group"] for row in rows) == [1, 1, 2]
    (second,) = (row for row in rows if row["group_why"])
    assert second["group_why"] == "nearly the same ground"
    assert 10 < second["group_apart_m"] < 20
    first = rows[0]
    away_m = distance_m(Position(lon=20, lat=40), Position(lon=first["lon"], lat=first["lat"]))
    assert away_m == pytest.approx(25_000, abs=20)
    assert "gbif_2020" in first["note"] and "wieczorek_2001" in first["note"]


def test_the_ledger_for_people(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "within 5 km of Aldbrook"
    assert run(["place", text, "--gazetteer", str(table), "--no-world"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "5 km or less from it, in no stated direction" in told
    assert "2 candidates" in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0 km north of Aldbrook", "above zero"),
        ("\u22125 km north of Aldbrook", "above zero"),
        ("100000 km north of Aldbrook", "farther than any two places"),
        ("a few kilometres north of Aldbrook", "no distance that can be read"),
        ("between Aldbrook and Aldbrook", "one place"),
        ("north of", "names no place"),
        ("70 km northeast of Nowheresby", "not 'Nowheresby'"),
        ("5 km\x1b[31m north of\u202e Nowheresby", "no distance that can be read"),
        ("north of Aldbrook " * 600, "check the spelling"),
    ],
)
def test_what_cannot_be_placed(
    text: str, why: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["place", text, "--gazetteer", str(table), "--no-world"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert why in told.err
    assert "\x1b" not in told.err and "\u202e" not in told.err
