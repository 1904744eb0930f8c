"""``osint place`` with a gazetteer on disk: groups, descriptions, areas, positions, services."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gazetteer.geodesy import distance_m, inverse
from gazetteer.position import Position
from gazetteer.sources.online.client import Client
from gazetteer.sources.online.fetch import FetchPolicy
from gazetteer.sources.online.nominatim import nominatim
from gazetteer.sources.world import WorldReader
from osint.cli.app import run

ONE = """name,lat,lon,kind,country,admin1,population
Ald,40,20,village,AL,North,900
Ald,41.5,21.5,village,MK,South,500
Beth,44,25,city,AL,North,90000
"""
OTHER = """name,lat,lon,kind,country,admin1
Ald,40.01,20,village,AL,North
Gimel Junction,40.2,20.2,crossroads,AL,North
"""

CITY = {
    "geonameid": 1,
    "name": "Zayin",
    "latitude": 10.0,
    "longitude": 10.0,
    "countrycode": "NG",
    "population": 9_000,
    "timezone": "Africa/Lagos",
    "admin1code": "07",
    "alternatenames": [],
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder with a gazetteer of a small world and two tables."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("OSINT_CACHE_DIR", str(folder))
    world = tmp_path / "cities.json"
    world.write_text(json.dumps({"1": CITY}), encoding="utf-8")
    # The real one takes a minute to index.
    monkeypatch.setattr("gazetteer.sources.world.WorldReader", partial(WorldReader, world))
    for name, text in (("one.csv", ONE), ("other.csv", OTHER)):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert run(["gazetteer", "add", str(path)]) == 0
    return folder


def ask(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["place", *map(str, arguments), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert run(["place", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def at(row: dict[str, Any]) -> Position:
    return Position(lon=row["lon"], lat=row["lat"])


@pytest.mark.usefixtures("cache")
def test_rows_that_seem_to_be_one_place_stand_together(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row for row in ask(capsys, "Ald") if row["how"] == "exact"]
    assert [row["group"] for row in rows] == [1, 2, 1]
    assert [row["country"] for row in rows] == ["AL", "MK", "AL"]
    first, other, same = rows
    assert first["group_why"] is None and first["group_apart_m"] is None
    assert same["group_why"] == "same name"
    assert same["group_apart_m"] == pytest.approx(distance_m(at(first), at(same)), abs=0.1)
    assert other["distance_m"] == pytest.approx(distance_m(at(first), at(other)))
    told = said(capsys, "Ald")
    assert f"2 candidates, up to {other['distance_m'] / 1000:.1f} km apart" in told
    assert "at most 1.11 km" in told
    assert "--country: AL 1, MK 1" in told and "--admin: North, South" in told
    lines = [line.split()[0] for line in told.splitlines() if "exact" in line or "same" in line]
    assert lines[:3] == ["1", "=", "2"]


@pytest.mark.usefixtures("cache")
def test_rows_of_one_origin_are_no_second_opinion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(capsys, "Ald")
    assert "rows of other sources that seem" in told and "second opinion" not in told
    path = tmp_path / "other-again.csv"
    path.write_text(OTHER.replace("40.01", "40.005"), encoding="utf-8")
    origins = ["--origin", "other"]
    assert run(["gazetteer", "add", str(path), *origins]) == 0
    again = tmp_path / "other-once-more.csv"
    again.write_text(OTHER.replace("40.01", "40.007"), encoding="utf-8")
    assert run(["gazetteer", "add", str(again), *origins]) == 0
    told = said(capsys, "Ald")
    assert "same origin" in told and "no second opinion" in told
    assert "rows of other sources" not in told


@pytest.mark.usefixtures("cache")
def test_the_area_weighs(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "Ald", "--admin", "North")[0]["country"] == "AL"
    assert ask(capsys, "Ald", "--admin", "South")[0]["country"] == "MK"


@pytest.mark.usefixtures("cache")
def test_a_described_place(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(capsys, "30 km north of Beth")
    (row,) = [row for row in rows if row["how"] == "described"]
    metres, azimuth = inverse(25, 44, row["lon"], row["lat"])
    assert 25_000 < float(metres) < 35_000
    assert abs((float(azimuth) + 180) % 360 - 180) < 1
    assert row["uncertainty_m"] > 5_000
    assert "30 km north of it" in row["note"]
    # By the coordinates: Beth is said to be in Albania, and this lies in Romania.
    assert row["country"] == "RO"
    told = said(capsys, "30 km north of Beth")
    assert "described" in told and "30 km north of it" in told
    assert run(["place", "30 km north of Qqqqq"]) == 2
    assert "'Qqqqq'" in capsys.readouterr().err


@pytest.mark.usefixtures("cache")
def test_what_lies_around_a_position(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = ask(capsys, "40.1, 20")
    near = row["nearest"]
    assert [(one["name"], one["direction"]) for one in near] == [
        ("Ald", "north"),
        ("Ald", "north"),
        ("Gimel Junction", "west-southwest"),
    ]
    for one in near:
        assert one["distance_m"] == pytest.approx(distance_m(at(one), at(row)))
    told = said(capsys, "40.1, 20")
    assert "it lies" in told and "Gimel Junction" in told


@pytest.mark.usefixtures("cache")
def test_what_may_be_wrong_with_a_position(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = ask(capsys, "21.5, 41.5", "--said", "Ald")
    assert row["suspicious"] and row["said"] == ["Ald"]
    best = row["mistakes"][0]
    assert best["kind"] == "swapped"
    assert (best["repaired"]["lat"], best["repaired"]["lon"]) == (41.5, 21.5)
    assert best["moved_m"] == pytest.approx(
        distance_m(Position(lon=41.5, lat=21.5), Position(lon=21.5, lat=41.5))
    )
    told = said(capsys, "21.5, 41.5", "--said", "Ald")
    assert "probably a mistake" in told and "swapped" in told and "41.500000, 21.500000" in told
    (fine,) = ask(capsys, "41.501, 21.502", "--said", "Ald")
    assert not fine["suspicious"] and fine["mistakes"][0]["kind"] == "none"
    assert "no mistake likely" in said(capsys, "41.501, 21.502", "--said", "Ald")


@pytest.mark.usefixtures("cache")
def test_numbers_that_are_no_position(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = ask(capsys, "4130.00, 2130.00", "--said", "Ald")
    assert row["lat"] is None and "out of range" in row["problem"]
    best = row["mistakes"][0]
    assert best["kind"] == "minutes_as_decimal"
    assert best["repaired"]["lat"] == pytest.approx(41.5)
    assert best["repaired"]["lon"] == pytest.approx(21.5)
    assert "out of range" in said(capsys, "4130.00, 2130.00", "--said", "Ald")
    assert run(["place", "4130.00, 2130.00"]) == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["Ald", "--said", "Beth"], "goes with a position"),
        (["40, 20", "--online", "nominatim"], "leave it out with a position"),
        (["Ald", "--online", "gazettes"], "none of nominatim"),
        (["Qqqqq", "--online", "nominatim"], "no gazetteer"),
    ],
)
@pytest.mark.usefixtures("cache")
def test_what_does_not_go_together(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["place", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert why in told.err


def found(number: int, name: str, lat: float) -> dict[str, Any]:
    return {
        "osm_type": "node",
        "osm_id": number,
        "lat": str(lat),
        "lon": "20.0",
        "category": "place",
        "type": "village",
        "addresstype": "village",
        "name": name,
        "display_name": name,
        "namedetails": {"name": name},
        "address": {"country_code": "al"},
    }


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A real server on loopback that answers as Nominatim does; what it was asked."""
    monkeypatch.delenv("OSINT_OFFLINE", raising=False)
    asked: list[str] = []
    body = json.dumps([found(7, "Ald", 39.5), found(8, "Aldea Ferma", 39.6)]).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = Client(FetchPolicy(allow_private=True), cache_dir=tmp_path / "answers", interval_s=0)
    one = partial(nominatim, client=client, base=f"http://127.0.0.1:{server.server_port}/search")
    monkeypatch.setattr("osint.cli.place_online.services", lambda: {"nominatim": one})
    yield asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.usefixtures("cache")
def test_services_are_asked_only_where_told_to(
    service: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = ask(capsys, "Ald")
    assert service == []
    rows = ask(capsys, "Ald", "--online", "nominatim")
    assert len(service) == 1
    fresh = [row for row in rows if row["origin"] == "OpenStreetMap"]
    assert {row["source_id"]: row["how"] for row in fresh} == {
        "node/7": "exact", "node/8": "fuzzy"
    }  # fmt: skip
    assert all(row["retrieved_at"] for row in fresh)
    assert {row["source_id"] for row in rows} == {row["source_id"] for row in before} | {
        "node/7", "node/8"
    }  # fmt: skip
    assert [row["score"] for row in rows] == sorted((r["score"] for r in rows), reverse=True)


@pytest.mark.usefixtures("cache")
def test_a_service_that_does_not_answer_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["place", "Ald", "--online", "nominatim", "--online", "overpass", "--json"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) >= 3
    assert "nominatim gave no answer: OSINT_OFFLINE is set" in told.err
    assert "overpass gave no answer" in told.err
