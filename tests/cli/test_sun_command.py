from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from osint.cli.app import run

ZAQAF = "33.5, 38.6"


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run(["sun", *arguments, "--json"]) == code
    return dict(json.loads(capsys.readouterr().out))


def test_the_published_example(capsys: pytest.CaptureFixture[str]) -> None:
    # NREL/TP-560-34302: azimuth 194.34024, unrefracted elevation 39.872 (at 1830 m; parallax
    # and altitude change the fourth digit).
    found = told(capsys, "39.742476, -105.1786", "2003-10-17T12:30:30-07:00")
    assert found["azimuth_deg"] == pytest.approx(194.3402, abs=0.001)
    assert found["true_elevation_deg"] == pytest.approx(39.872, abs=0.001)
    assert found["shadow"]["azimuth_deg"] == pytest.approx(14.3402, abs=0.001)
    assert found["shadow"]["ratio"] == pytest.approx(1.197, abs=0.002)
    assert found["time_utc"] == "2003-10-17T19:30:30Z"
    assert found["zone"] == "America/Denver" and found["zone_from"] == "given"
    # Denver's clocks were an hour ahead of the example's.
    assert found["day"]["sunrise"].startswith("2003-10-17T07:12")
    assert found["meets"] is None and found["measured"] is None


@pytest.mark.parametrize(
    "when",
    [
        "2017-06-11T11:00Z",
        "2017-06-11 11:00 UTC",
        "2017-06-11T14:00:00+03:00",
        "2017-06-11T14:00:00.000+03",
        "2017-06-11 14:00 +0300",
        "2017-06-11 14:00 UTC+3",
        "2017-06-11 14:00 Asia/Damascus",
        "2017-06-11 14:00 local",
        "2017-06-11 14:00",
        "2017:06:11 14:00:00",
        "2017-06-11  9:00 -02:00",
    ],
)
def test_one_instant_in_all_its_forms(when: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, ZAQAF, when)
    assert datetime.fromisoformat(found["time_utc"]).isoformat() == "2017-06-11T11:00:00+00:00"
    assert found["date"] == "2017-06-11"


def test_whose_clocks_were_read_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, ZAQAF, "2017-06-11 14:00")["zone_from"] == "place"
    assert run(["sun", ZAQAF, "2017-06-11 14:00"]) == 0
    assert "Asia/Damascus, the zone of the place" in capsys.readouterr().out


def test_southern_latitudes_are_no_options(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "-33.5, 38.6", "2017-06-11T09:00Z")
    assert found["point"]["lat"] == -33.5
    assert found["elevation_deg"] > 0


def test_a_measured_ratio_gives_two_stretches(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, ZAQAF, "--date", "2017-06-11", "--ratio", "1.4")
    assert len(found["fits"]) == 2
    assert found["meets"] == "fits"
    assert found["measured"]["sun_elevation_deg"] == pytest.approx(35.54, abs=0.01)
    assert found["dates"] is None


def test_object_and_shadow_are_a_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    lengths = told(capsys, ZAQAF, "2017-06-11", "--object", "2", "--shadow", "2.8")
    assert lengths["fits"] == told(capsys, ZAQAF, "2017-06-11", "--ratio", "1.4")["fits"]


def test_the_claimed_time_is_met_or_not(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, ZAQAF, "2017-06-11 14:00", "--ratio", "0.43")
    assert found["meets"] == "fits"
    assert found["dates"]
    assert "0.18 deg" in found["cannot"]
    found = told(capsys, ZAQAF, "2017-06-11 17:00", "--ratio", "0.43", code=1)
    assert found["meets"] == "does not fit"
    assert run(["sun", ZAQAF, "2017-06-11 17:00", "--ratio", "0.43"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "does not fit" in shown and "km apart look alike" in shown


def test_minutes_widen_the_claimed_time(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [ZAQAF, "2017-06-11 16:00", "--ratio", "0.43", "--ratio-uncertainty", "0.02"]
    assert told(capsys, *arguments, "--minutes", "1", code=1)["meets"] == "does not fit"
    assert told(capsys, *arguments, "--minutes", "180")["meets"] == "fits"


def test_directions_true_and_magnetic(capsys: pytest.CaptureFixture[str]) -> None:
    # At 14:00 the shadow points to 69.6 degrees.
    straight = told(capsys, ZAQAF, "2017-06-11 14:00", "--azimuth", "69.6")
    assert straight["meets"] == "fits"
    assert straight["measured"]["azimuth_uncertainty_deg"] == 10.0
    picture = ["--direction", "20", "--heading", "45"]
    true = told(capsys, ZAQAF, "2017-06-11 14:00", *picture)
    assert true["measured"]["sun_azimuth_deg"] == pytest.approx(245.0)
    compass = told(capsys, ZAQAF, "2017-06-11 14:00", *picture, "--magnetic")
    assert compass["measured"]["sun_azimuth_deg"] == pytest.approx(249.8, abs=0.1)
    known = told(capsys, ZAQAF, "2017-06-11 14:00", *picture, "--declination", "-5")
    assert known["measured"]["sun_azimuth_deg"] == pytest.approx(240.0)
    told(capsys, ZAQAF, "2017-06-11 14:00", "--azimuth", "-110", code=1)


def test_places_around(capsys: pytest.CaptureFixture[str]) -> None:
    near = told(capsys, ZAQAF, "2017-06-11 14:00", "--ratio", "0.43", "--around", "20")
    assert near["places"]["share"] > 0.9
    far = told(capsys, ZAQAF, "2017-06-11 14:00", "--ratio", "0.43", "--around", "5000")
    assert far["places"]["share"] < 0.2
    none = told(capsys, ZAQAF, "2017-06-11 23:00", "--ratio", "0.43", "--around", "20", code=1)
    assert none["places"]["fits"] is False


def test_polar_night(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "78.2, 15.6", "2017-12-21 12:00", "--ratio", "2", code=1)
    assert found["day"]["polar"] == "night" and found["day"]["sunrise"] is None
    assert found["shadow"] is None and found["fits"] == []
    assert run(["sun", "78.2, 15.6", "2017-12-21 12:00"]) == 0
    shown = capsys.readouterr().out
    assert "does not rise" in shown and "below the horizon" in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([ZAQAF], "no time given"),
        ([ZAQAF, "2017-06-11", "--date", "2017-06-12"], "contradict"),
        ([ZAQAF, "--date", "2017-06-11 14:00"], "takes a day"),
        ([ZAQAF, "teatime"], "is no time"),
        ([ZAQAF, ""], "is no time"),
        ([ZAQAF, "2017-02-30"], "no day of the calendar"),
        ([ZAQAF, "2017-06-11 24:30"], "no time of a day"),
        ([ZAQAF, "1492-10-12"], "1800 to 2200"),
        ([ZAQAF, "2017-06-11 14:00 Asia/Nowhere"], "no time zone"),
        ([ZAQAF, "2017-06-11 14:00 /etc/passwd"], "is no time"),
        ([ZAQAF, "2017-06-11 14:00+25:00"], "14 hours"),
        ([ZAQAF, "2017-06-11 14:00 " + "x" * 5000], "too long"),
        (["52.5, 13.4", "2017-03-26 02:30"], "was skipped"),
        # Samoa moved to the other side of the date line.
        (["-13.8, -171.8", "2011-12-30"], "was skipped when the calendar"),
        (["52.5, 13.4", "2017-10-29 02:30"], "happened twice"),
        (["95, 13.4", "2017-06-11"], "latitude"),
        (["Berlin", "2017-06-11"], "not a position"),
        ([ZAQAF, "2017-06-11", "--ratio", "nan"], "ratio from 0"),
        ([ZAQAF, "2017-06-11", "--ratio", "-1"], "ratio from 0"),
        ([ZAQAF, "2017-06-11", "--ratio", "1", "--object", "1"], "give one of them"),
        ([ZAQAF, "2017-06-11", "--object", "1"], "belong together"),
        ([ZAQAF, "2017-06-11", "--object", "0", "--shadow", "1"], "is none"),
        ([ZAQAF, "2017-06-11", "--object", "nan", "--shadow", "1"], "is none"),
        ([ZAQAF, "2017-06-11", "--ratio-uncertainty", "1"], "belongs to --ratio"),
        ([ZAQAF, "2017-06-11", "--direction", "1"], "belong together"),
        ([ZAQAF, "2017-06-11", "--azimuth", "1", "--direction", "1"], "give one of them"),
        ([ZAQAF, "2017-06-11", "--azimuth", "1", "--magnetic"], "belong to --heading"),
        ([ZAQAF, "2017-06-11", "--azimuth", "inf"], "shadow direction"),
        ([ZAQAF, "1950-06-11", "--direction", "1", "--heading", "1", "--magnetic"], "declination"),
        ([ZAQAF, "2017-06-11", "--minutes", "nan"], "minutes"),
        ([ZAQAF, "2017-06-11", "--ratio", "1", "--around", "5"], "needs an instant"),
        ([ZAQAF, "2017-06-11 14:00", "--around", "5"], "needs a measured shadow"),
        ([ZAQAF, "2017-06-11 14:00", "--around", "0"], "kilometres"),
        ([ZAQAF, "2017-06-11", "--ratoi", "1"], "osint --help"),
    ],
)
def test_unusable_input(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sun", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert says in shown.err


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sun", ZAQAF, "2017-06-11 \x1b[31m14:00"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_it_runs_without_pandas() -> None:
    code = (
        "import sys; from osint.cli.app import run;"
        f"run(['sun', '{ZAQAF}', '2017-06-11 14:00', '--ratio', '0.43', '--json']);"
        "heavy = {'pandas', 'scipy', 'rasterio', 'geopandas'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
