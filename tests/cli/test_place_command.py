from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from gazetteer.geodesy import distance_m
from gazetteer.position import Position, parse_position
from osint.cli.app import run

FIELDS = {
    *("query", "name", "matched_name", "how", "score", "lon", "lat", "uncertainty_m", "kind"),
    *("country", "admin1", "population", "source", "source_id"),
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(
        "name,lat,lon,kind,country,uncertainty_m,source\n"
        "Ald,40,20,village,AL,500,one survey\n"
        "Ald,41,21,base,MK,,another survey\n"
        "Ald Crossing,40.1,20.1,crossing,AL,,one survey\n"
        "Beth,44,25,village,AL,,one survey\n"
        "Ald,40.5,20.5,hill,,,a\x1b[31m red\u202e survey\n",
        encoding="utf-8",
    )
    return path


def ledger(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run(["place", *arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_candidate_with_the_fields_of_the_contract(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ledger(capsys, "Ald", "--gazetteer", str(table), "--no-world")
    assert len(rows) == 4
    assert all(set(row) >= FIELDS for row in rows)
    assert [row["score"] for row in rows] == sorted((r["score"] for r in rows), reverse=True)
    assert rows[0]["uncertainty_m"] == 500
    assert rows[1]["uncertainty_m"] is None
    assert rows[0]["admin1"] is None
    assert rows[0]["distance_m"] is None
    exact = distance_m(Position(lon=20, lat=40), Position(lon=21, lat=41))
    assert rows[1]["distance_m"] == pytest.approx(exact)
    assert {row["how"] for row in rows} == {"exact"}
    assert rows[-1]["matched_name"] == "Ald Crossing"


def test_country_and_near(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--gazetteer", str(table), "--no-world"]
    within = ledger(capsys, "Ald", "--country", "mk", *options)
    assert {row["country"] for row in within} == {"MK", None}
    assert within == ledger(capsys, "Ald", "--country", "Macedonia", *options)
    rows = ledger(capsys, "Ald", "--near", "geo:41,21", *options)
    assert rows[0]["lat"] == 41
    assert rows[0]["distance_m"] == 0
    assert rows[0]["azimuth_deg"] is None
    # Nearness only decides between equals: the crossing, a worse match, stays last.
    assert [row["lat"] for row in rows] == [41, 40.5, 40, 40.1]


def test_a_country_read_off_the_outlines(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hill names no country; it lies in Albania, so that asking for another leaves it out."""
    rows = ledger(capsys, "Ald", "--country", "AL", "--gazetteer", str(table))
    assert any(row["kind"] == "hill" and row["country"] == "AL" for row in rows)
    rows = ledger(capsys, "Ald", "--country", "MK", "--gazetteer", str(table))
    assert rows[0]["kind"] == "base"
    assert all(row["country"] == "MK" for row in rows)


def test_the_ledger_for_people(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["place", "Ald", "--gazetteer", str(table), "--no-world"]) == 0
    told = capsys.readouterr().out
    assert "4 candidates, up to 139" in told
    assert "--country: AL 2, MK 1" in told
    assert "village, base, hill, crossing" in told
    assert "~1.5" in told and "0.50" in told
    assert "\x1b" not in told and "\u202e" not in told


HOSTILE = "\x1b[31mAl\u202ed\x9b2J\u2066\u200b\x07"


@pytest.mark.parametrize(
    "arguments",
    [
        [HOSTILE],
        [f"70 km north of {HOSTILE}"],
        ["Ald", "--admin", HOSTILE],
        ["Ald", "--near", HOSTILE],
        ["Ald", "--country", HOSTILE],
        ["40, 20", "--said", HOSTILE],
        [f"{HOSTILE} 40, 20"],
        ["Ald\udcff"],
    ],
)
@pytest.mark.parametrize("json_too", [False, True])
def test_nothing_that_a_terminal_obeys_comes_out(
    arguments: list[str], json_too: bool, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--json"] if json_too else []
    run(["place", *arguments, "--gazetteer", str(table), "--no-world", *options])
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert {unicodedata.category(c) for c in text.replace("\n", "")} & {
            "Cc",
            "Cf",
            "Cs",
        } == set()
    for line in told.out.splitlines() if json_too else ():
        assert json.loads(line)["query"] == arguments[0]


def test_what_is_not_known_is_told(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--gazetteer", str(table), "--no-world"]
    plain = ledger(capsys, "Ald", *options)
    for area, why in (("Qwxzkr", "'Qwxzkr': no gazetteer"), ("Japan", "--country JP keeps to it")):
        assert run(["place", "Ald", "--admin", area, "--json", *options]) == 0
        told = capsys.readouterr()
        assert [json.loads(line) for line in told.out.splitlines()] == plain
        assert told.err.startswith("--admin") and why in told.err
    assert run(["place", "Ald", "--admin", "Beth", *options]) == 0
    assert capsys.readouterr().err == ""
    assert run(["place", "40, 20", "--said", "Qwxzkr", "--admin", "Pqyfg", *options]) == 0
    told = capsys.readouterr()
    assert "--said 'Qwxzkr': no gazetteer" in told.err and "--admin 'Pqyfg'" in told.err
    assert "nothing to judge it by" in told.out
    assert run(["place", "40, 20", "--said", "Ald", *options]) == 0
    assert capsys.readouterr().err == ""


def test_numbers_from_which_nothing_leads_near_what_is_said(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--gazetteer", str(table), "--no-world"]
    (row,) = ledger(capsys, "99.1, 200.2", "--said", "Ald", *options)
    assert [one["kind"] for one in row["mistakes"]] == ["elsewhere"]
    assert not row["suspicious"]
    assert run(["place", "99.1, 200.2", "--said", "Ald", *options]) == 0
    told = capsys.readouterr().out
    assert "a mistake, and nothing tells what was meant" in told
    assert "->" not in told


def test_everything_fits_a_terminal_of_eighty_columns(table: Path) -> None:
    base = [sys.executable, "-m", "osint", "place"]
    options = ["--gazetteer", str(table), "--no-world"]
    for arguments in (["Ald"], ["40, 20", "--said", "Ald"], ["Ald", "--admin", "Qwxzkr"]):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        child = subprocess.Popen(
            [*base, *arguments, *options],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")},
        )
        os.close(theirs)
        told = b""
        # Linux ends with an error where the other side is closed.
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 65_536):
                told += piece
        os.close(ours)
        assert child.wait() == 0
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.decode())
        lines = [line.rstrip() for line in shown.splitlines()]
        assert len(lines) > 5
        assert max(map(len, lines)) <= 80


def test_one_candidate(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["place", "Ald Crossing", "--gazetteer", str(table), "--no-world"]) == 0
    assert "candidate" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["33.505833, 38.617778", "37SDT6449907431", "https://maps.google.com/?q=33.5,38.6"]
)
def test_a_position_in_all_notations(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = ledger(capsys, text, "--near", "33, 38")
    assert set(row) >= FIELDS
    assert row["country"] == "SY"
    given = parse_position(text)
    notations = row["notations"]
    assert isinstance(notations, dict) and len(notations) == 7
    for written in notations.values():
        assert distance_m(parse_position(written), given) < 15
    assert row["distance_m"] == pytest.approx(distance_m(Position(lon=38, lat=33), given))
    assert run(["place", text]) == 0
    told = capsys.readouterr().out
    assert "Syria (SY)" in told and all(written in told for written in notations.values())


def test_a_position_where_utm_ends_and_no_country_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["place", "-89.5, 12", "--no-world"]) == 0
    assert "not defined there" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["Xyzzyville"], "check the spelling"),
        (["Beth", "--country", "JP"], "leave out --country"),
        (["Ald", "--country", "Atlantis"], "no country"),
        (["Ald", "--near", "somewhere"], "not a position"),
        (["37S 650000 3700000"], "two readings"),
        (["33.5, 38.6 N"], "two readings"),
        (["133.5, 38.6"], "swapped"),
        (["https://maps.app.goo.gl/x"], "shortened"),
        ([""], "check the spelling"),
        (["x" * 401], "a name of 401 characters is none; check the spelling, give at most 400"),
        (["x" * 10_000], "NAME has 10,000 characters; check the spelling, give at most 4,000"),
        (["Ald", "--admin", "x" * 500], "--admin has 500 characters"),
        (["40, 20", "--said", "x" * 500], "--said has 500 characters"),
        (["Ald", "--near", "1" * 5_000], "--near has 5,000 characters"),
        (["40, 20", "--admin", "North"], "it needs --said too"),
    ],
)
def test_what_cannot_be_answered(
    arguments: list[str], why: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["place", *arguments, "--gazetteer", str(table), "--no-world"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert why in told.err


@pytest.mark.parametrize(
    "text",
    [
        "37 north 464499mE 3707431mN",
        "8G5WGJ49+84",
        "geo:33.505833,38.617778",
        "POINT(38.617778 33.505833)",
    ],
)
def test_distance_takes_every_notation(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["distance", text, "33.505833, 38.617778", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pairs"][0]["distance_m"] < 10


def test_distance_shows_both_readings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["distance", "37S 650000 3700000", "33.5, 38.6"]) == 2
    assert "two readings" in capsys.readouterr().err
