from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gazetteer.errors import OnlineError
from gazetteer.sources.online.client import Client
from gazetteer.sources.online.fetch import FetchPolicy, retry_after_s
from gazetteer.sources.online.guarded import refusal
from gazetteer.sources.online.nominatim import nominatim
from gazetteer.sources.online.overpass import overpass, question
from gazetteer.sources.online.wikidata import wikidata

from .conftest import Reply, Service

TANF = {
    "place_id": 1,
    "osm_type": "node",
    "osm_id": 42,
    "lat": "33.5058",
    "lon": "38.6178",
    "category": "place",
    "type": "village",
    "addresstype": "village",
    "name": "Al-Tanf",
    "display_name": "Al-Tanf, Homs Governorate, Syria",
    "boundingbox": ["33.4858", "33.5258", "38.5978", "38.6378"],
    "namedetails": {"name": "التنف", "name:en": "Al-Tanf", "alt_name": "At Tanf;Tanf"},
    "extratags": {"population": "1 200", "wikidata": "Q4704403"},
    "address": {"country_code": "sy", "state": "Homs Governorate", "county": "Palmyra District"},
}


class Asker:
    """A client on loopback whose waiting takes no time and is written down."""

    def __init__(self, tmp_path: Path) -> None:
        self.waited: list[float] = []
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.folder = tmp_path / "cache"

    def client(self, **policy: Any) -> Client:
        def sleep(seconds: float) -> None:
            self.waited.append(seconds)
            self.time += timedelta(seconds=seconds)

        return Client(
            FetchPolicy(allow_private=True, **policy),
            cache_dir=self.folder,
            sleep=sleep,
            now=lambda: self.time,
        )


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    return Asker(tmp_path)


def test_nominatim(service: Service, asker: Asker) -> None:
    service.say([TANF, {**TANF, "lat": "133"}, {**TANF, "osm_id": "x"}, 7, {**TANF, "lat": None}])
    answer = nominatim("Al-Tanf", "sy", client=asker.client(), base=service.url)
    (tanf,) = answer.records
    assert (tanf.source_id, tanf.lon, tanf.lat) == ("node/42", 38.6178, 33.5058)
    assert [name.text for name in tanf.names] == ["التنف", "Al-Tanf", "At Tanf", "Tanf"]
    assert (tanf.kind, tanf.country, tanf.admin1) == ("village", "SY", "Homs Governorate")
    assert (tanf.population, tanf.extent_m) == (1200, None)
    assert tanf.same_as == ("osm:n42", "wd:Q4704403")
    assert [row.line for row in answer.bad] == [2, 3, 4, 5]
    assert answer.provenance.retrieved_at == asker.time
    path, headers = service.asked[0]
    assert "q=Al-Tanf" in path
    assert "countrycodes=sy" in path
    assert "osint" in headers["user-agent"]


def test_answers_are_kept_until_they_are_old(service: Service, asker: Asker) -> None:
    service.say([TANF])
    first = nominatim("Al-Tanf", client=asker.client(), base=service.url)
    asker.time += timedelta(days=20)
    again = nominatim("Al-Tanf", client=asker.client(), base=service.url)
    assert again == first
    assert len(service.asked) == 1
    asker.time += timedelta(days=20)
    later = nominatim("Al-Tanf", client=asker.client(), base=service.url)
    assert len(service.asked) == 2
    assert later.provenance.retrieved_at == asker.time


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"url": 1}', b"[" * 100_000, b"\xff"])
def test_a_damaged_cache_is_asked_anew(service: Service, asker: Asker, damage: bytes) -> None:
    service.say([TANF])
    nominatim("Al-Tanf", client=asker.client(), base=service.url)
    for path in (asker.folder / "online").glob("*.json"):
        path.write_bytes(damage)
    assert nominatim("Al-Tanf", client=asker.client(), base=service.url).records
    assert len(service.asked) == 2


def test_at_most_one_question_a_second(service: Service, asker: Asker) -> None:
    service.say([TANF])
    for name in ("A", "B", "C"):
        # Another client each time, as of another process.
        nominatim(name, client=asker.client(), base=service.url)
    assert asker.waited == pytest.approx([1.0, 1.0], abs=0.01)
    asker.time += timedelta(seconds=30)
    nominatim("D", client=asker.client(), base=service.url)
    assert len(asker.waited) == 2


def failing(*statuses: int, headers: dict[str, str] | None = None) -> Callable[..., Reply]:
    waiting = list(statuses)

    def answer(_path: str, _headers: dict[str, str]) -> Reply:
        if waiting:
            return waiting.pop(0), headers or {}, b"busy"
        return 200, {}, b"[]"

    return answer


def test_waits_as_long_as_it_is_asked_to(service: Service, asker: Asker) -> None:
    service.answer = failing(429, headers={"Retry-After": "7"})
    assert nominatim("A", client=asker.client(), base=service.url).records == ()
    assert asker.waited == [7.0]
    service.answer = failing(503, 502)
    nominatim("B", client=asker.client(), base=service.url)
    assert asker.waited[-2:] == [1.0, 2.0]


def test_gives_up_in_the_end(service: Service, asker: Asker) -> None:
    service.answer = failing(503, 503, 503)
    with pytest.raises(OnlineError, match="answered 503"):
        nominatim("A", client=asker.client(), base=service.url)
    service.answer = failing(429, headers={"Retry-After": "3600"})
    with pytest.raises(OnlineError, match="asks to wait 3600 s"):
        nominatim("B", client=asker.client(), base=service.url)
    service.answer = failing(403)
    with pytest.raises(OnlineError, match="answered 403"):
        nominatim("C", client=asker.client(), base=service.url)
    with pytest.raises(OnlineError, match="cannot be reached"):
        nominatim("D", client=asker.client(), base="http://127.0.0.1:1/search")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"error": "no"}', "no list of places"),
        (b"[" + b" " * 200_000 + b"]", "over 100,000 bytes"),
    ],
)
def test_hostile_answers(service: Service, asker: Asker, body: bytes, said: str) -> None:
    service.answer = lambda _path, _headers: (200, {}, body)
    with pytest.raises(OnlineError, match=said):
        nominatim("A", client=asker.client(max_bytes=100_000), base=service.url)


def test_an_answer_that_breaks_off(service: Service, asker: Asker) -> None:
    service.answer = lambda _path, _headers: (200, {"Content-Length": "1000"}, b"[]")
    with pytest.raises(OnlineError, match="broke off"):
        nominatim("A", client=asker.client(read_timeout_s=1.0), base=service.url)


def test_off_where_it_is_to_be_off(
    service: Service, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSINT_OFFLINE", "1")
    for ask in (nominatim, overpass, wikidata):
        with pytest.raises(OnlineError, match="OSINT_OFFLINE"):
            ask("A", "SY", client=asker.client(), base=service.url)
    assert service.asked == []


def test_private_addresses_are_refused(service: Service, tmp_path: Path) -> None:
    with pytest.raises(OnlineError, match="private network"):
        nominatim("A", client=Client(cache_dir=tmp_path), base=service.url)
    assert service.asked == []


def test_a_redirect_into_the_private_network(service: Service, asker: Asker) -> None:
    location = {"Location": "http://169.254.169.254/latest"}
    service.answer = lambda _path, _headers: (302, location, b"")
    with pytest.raises(OnlineError, match="nothing is fetched from"):
        nominatim("A", client=asker.client(), base=service.url)
    service.answer = lambda _path, _headers: (302, {"Location": "file:///etc/passwd"}, b"")
    with pytest.raises(OnlineError, match="cannot be fetched"):
        nominatim("B", client=asker.client(), base=service.url)


@pytest.mark.parametrize(
    ("address", "private", "allowed"),
    [
        ("8.8.8.8", False, True),
        ("127.0.0.1", False, False),
        ("127.0.0.1", True, True),
        ("10.1.2.3", False, False),
        ("::ffff:10.1.2.3", False, False),
        ("::1", True, True),
        ("169.254.169.254", True, False),
        ("64:ff9b::a9fe:a9fe", True, False),
        ("0.0.0.0", True, False),
        ("224.0.0.1", True, False),
        ("2606:4700::1111", False, True),
        ("100.64.0.1", False, False),
        ("nonsense", True, False),
    ],
)
def test_which_addresses(address: str, private: bool, allowed: bool) -> None:
    assert (refusal(address, allow_private=private) is None) is allowed


@pytest.mark.parametrize("name", ["", "   ", "a" * 201, "a\0b", "a\u202eb"])
def test_names_not_asked_for(asker: Asker, name: str) -> None:
    with pytest.raises(OnlineError, match="no name to ask for"):
        nominatim(name, client=asker.client())
    with pytest.raises(OnlineError, match="no country code"):
        nominatim("A", "XQ", client=asker.client())


def test_overpass(service: Service, asker: Asker) -> None:
    service.say(
        {
            "elements": [
                {
                    "type": "node",
                    "id": 5,
                    "lat": 33.5,
                    "lon": 38.6,
                    "tags": {"name": "حاجز", "name:en": "Gate", "barrier": "checkpoint"},
                },
                {
                    "type": "way",
                    "id": 6,
                    "center": {"lat": 33.6, "lon": 38.7},
                    "tags": {"name": "Wadi", "natural": "valley", "old_name": "Old"},
                },
                {"type": "way", "id": 7, "tags": {"name": "no centre"}},
                {"type": "node", "id": 8, "lat": 1, "lon": 2},
                {"type": "area", "id": 9},
            ]
        }
    )
    answer = overpass("Gate", "SY", client=asker.client(), base=service.url)
    gate, wadi = answer.records
    assert (gate.kind, gate.source_id, gate.feature) == (
        "checkpoint",
        "node/5",
        "barrier=checkpoint",
    )
    assert (wadi.kind, wadi.lat, wadi.same_as) == ("wadi", 33.6, ("osm:w6",))
    assert [name.historic for name in wadi.names] == [False, True]
    assert len(answer.bad) == 3
    with pytest.raises(OnlineError, match="one country only"):
        overpass("Gate", client=asker.client(), base=service.url)
    service.say({"elements": [], "remark": "runtime error: Query timed out"})
    with pytest.raises(OnlineError, match="timed out"):
        overpass("Other", "SY", client=asker.client(), base=service.url)


def test_a_name_cannot_leave_its_quotes() -> None:
    asked = question('x"](1,2,3,4);out;\\', "SY")
    assert '["name"="x\\"](1,2,3,4);out;\\\\"](area.a);' in asked


def claim(value: object, rank: str = "normal") -> dict[str, Any]:
    return {"rank": rank, "mainsnak": {"datavalue": {"value": value}}}


def item(**claims: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "labels": {"ar": {"value": "التنف"}, "en": {"value": "Al-Tanf"}},
        "aliases": {"en": [{"value": "At Tanf"}, 5]},
        "claims": claims,
    }


def test_wikidata(service: Service, asker: Asker) -> None:
    point = {"latitude": 33.5, "longitude": 38.6, "precision": 0.01}
    point["globe"] = "http://www.wikidata.org/entity/Q2"  # type: ignore[assignment]
    on_mars = {**point, "globe": "http://www.wikidata.org/entity/Q111"}
    service.say(
        {"search": [{"id": "Q1"}, {"id": "Q3"}, {"id": "Q4"}, {"id": "x"}, {"id": "Q5"}]},
        {
            "entities": {
                "Q1": item(
                    P625=[claim({**point, "latitude": 1}, "deprecated"), claim(point)],
                    P31=[claim({"id": "Q245016"})],
                    P17=[claim({"id": "Q858"})],
                    P1082=[claim({"amount": "+120"})],
                    P1566=[claim("172344")],
                ),
                "Q3": item(P625=[claim(on_mars)]),
                "Q4": item(P625=[claim({"latitude": "x"})]),
                "Q5": item(P625=[claim(point)], P17=[claim({"id": "Q796"})]),
            }
        },
        {"entities": {"Q858": item(P297=[claim("SY")]), "Q796": item(P297=[claim("IQ")])}},
    )
    answer = wikidata("Al-Tanf", "SY", client=asker.client(), base=service.url)
    (tanf,) = answer.records
    assert (tanf.source_id, tanf.lat, tanf.kind, tanf.country) == ("Q1", 33.5, "base", "SY")
    assert [name.text for name in tanf.names] == ["Al-Tanf", "التنف", "At Tanf"]
    assert tanf.uncertainty_m == pytest.approx(1113.2)
    assert tanf.same_as == ("wd:Q1", "gn:172344")
    assert tanf.population == 120
    assert [row.why.split(":")[0] for row in answer.bad] == ["Q3", "Q4"]
    service.say({"error": {"info": "too many"}})
    with pytest.raises(OnlineError, match="too many"):
        wikidata("Other", client=asker.client(), base=service.url)


def test_retry_after() -> None:
    assert retry_after_s("5") == 5.0
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_after_s("soon") is None
    assert retry_after_s(None) is None
