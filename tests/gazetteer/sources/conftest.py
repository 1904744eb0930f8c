from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Service:
    """A real HTTP server on loopback; ``answer`` makes each reply."""

    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answer: Callable[[str, dict[str, str]], Reply] = lambda _path, _headers: (404, {}, b"")

    def say(self, *values: object) -> None:
        """Answer with these JSON values in turn, the last again and again."""
        waiting = [json.dumps(value).encode() for value in values]

        def answer(_path: str, _headers: dict[str, str]) -> Reply:
            body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return 200, {"Content-Type": "application/json"}, body

        self.answer = answer


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.delenv("OSINT_OFFLINE", raising=False)
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {key.lower(): value for key, value in self.headers.items()}
            state.asked.append((self.path, headers))
            status, extra, body = state.answer(self.path, headers)
            self.send_response(status)
            extra = {"Content-Length": str(len(body)), **extra}
            for key, value in extra.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def geonames_line(
    geonameid: int = 173480,
    name: str = "Al Būkamāl",
    *,
    others: str = "Abu Kamal,Albu Kamal",
    lat: object = 34.45226,
    lon: object = 40.91854,
    feature: str = "P.PPLA2",
    population: int = 57572,
    country: str = "SY",
    admin1: str = "07",
    admin2: str = "",
) -> str:
    """A row of a GeoNames dump."""
    letter, _, code = feature.partition(".")
    cells: list[object] = [geonameid, name, "Al Bukamal", others, lat, lon, letter, code, country]
    cells += ["", admin1, admin2, "", "", population, "", 175, "Asia/Damascus", "2018-04-02"]
    return "\t".join(map(str, cells))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    lines = [
        geonames_line(),
        geonames_line(
            172953,
            "Dayr az Zawr Governorate",
            others="",
            lat=35.0,
            lon=40.5,
            feature="A.ADM1",
            population=0,
        ),
        geonames_line(1, "Tall at Tanf", others="", lat=33.5, lon=38.6, feature="T.HLL", admin1=""),
    ]
    path = tmp_path / "SY.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
