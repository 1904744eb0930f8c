"""Addresses without secrets, and downloads that do not end well."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gazetteer.errors import OnlineError
from gazetteer.sources.online.addresses import text_without_secrets, without_secrets
from gazetteer.sources.online.client import Client
from gazetteer.sources.online.download import download, fetched_at
from gazetteer.sources.online.fetch import FetchPolicy, TooLargeError, body_pieces, opened

from .conftest import Reply, Service

DATA = b"name,lat,lon\n" + b"place,33.5,38.6\n" * 5_000


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p%40@h.org:8/a.csv?x=1#f", "https://h.org:8/a.csv?x=1#f"),
        ("https://token@h.org/a", "https://h.org/a"),
        ("https://h/a?token=abc&x=1", "https://h/a?token=...&x=1"),
        ("https://h/a?x=1;KEY=abc", "https://h/a?x=1;KEY=..."),
        ("https://h/a?api_key=1&APPID=2&X-Auth-Token=3", "https://h/a?api_key=...&APPID=...&X-Auth-Token=..."),
        ("https://h/a?subscriptionKey=a&client%5Fsecret=b", "https://h/a?subscriptionKey=...&client%5Fsecret=..."),
        ("https://h/a?X-Amz-Signature=1&X-Amz-Credential=2", "https://h/a?X-Amz-Signature=...&X-Amz-Credential=..."),
        ("https://h/a?sv=1&st=2&sig=z%3D&comp=list", "https://h/a?sv=...&st=...&sig=...&comp=list"),
        ("https://h/a?st=NY&code=SY&monkey=1&hockey=2", "https://h/a?st=NY&code=SY&monkey=1&hockey=2"),
        ("https://h/a#access_token=x", "https://h/a#access_token=..."),
        ("https://h/a?key", "https://h/a?key"),
        ("http://[::1", "http://..."),
        ("no address", "no address"),
    ],
)  # fmt: skip
def test_secrets_are_left_out(url: str, shown: str) -> None:
    assert without_secrets(url) == shown
    assert without_secrets(shown) == shown


def test_secrets_in_what_a_library_says() -> None:
    said = "url: /p.csv?token=abc&x=1 (Caused by E('https://u:pw@h/x?sig=1'))"
    assert text_without_secrets(said) == (
        "url: /p.csv?token=...&x=1 (Caused by E('https://h/x?sig=...'))"
    )


class Shop:
    """Serves a file; breaks off, says no version, or sends so much at a time, where told."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sent = len(data)
        self.marked = True

    def __call__(self, _path: str, headers: dict[str, str]) -> Reply:
        mark = {"ETag": f'"{hashlib.sha256(self.data).hexdigest()[:8]}"'} if self.marked else {}
        if "range" in headers:
            start = int(headers["range"].removeprefix("bytes=").rstrip("-"))
            if start >= len(self.data):
                return 416, mark, b""
            span = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
            return 206, {**mark, "Content-Range": span}, self.data[start:]
        length = {"Content-Length": str(len(self.data)), "Connection": "close"}
        return 200, {**mark, **length}, self.data[: self.sent]


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "downloads").glob("*/*"))


def test_nothing_secret_is_kept(service: Service, tmp_path: Path) -> None:
    service.answer = Shop(DATA)
    host = service.url.partition("//")[2]
    url = f"http://user:hunter2@{host}/places.csv?token=s3cret&area=SY"
    path = download(url, allow_private=True, cache_dir=tmp_path)
    assert path.read_bytes() == DATA
    asked, headers = service.asked[0]
    assert asked == "/places.csv?token=s3cret&area=SY" and headers["authorization"]
    about = (path.parent / "about.json").read_text(encoding="utf-8")
    assert "s3cret" not in about and "hunter2" not in about
    # With another token it is the same file.
    again = f"http://user:other@{host}/places.csv?token=new&area=SY"
    assert download(again, allow_private=True, cache_dir=tmp_path) == path
    at = fetched_at(url, cache_dir=tmp_path)
    assert at is not None and at.tzinfo is not None and at <= datetime.now(UTC)
    assert fetched_at(f"{service.url}/other.csv", cache_dir=tmp_path) is None


@pytest.mark.parametrize("problem", ["status", "gone", "large", "redirect"])
def test_nothing_secret_is_said(service: Service, tmp_path: Path, problem: str) -> None:
    host = service.url.partition("//")[2]
    url = f"http://user:hunter2@{host}/places.csv?token=s3cret"
    if problem == "status":
        service.answer = lambda _path, _headers: (403, {}, b"")
    elif problem == "large":
        service.answer = Shop(DATA)
    elif problem == "redirect":
        service.answer = lambda path, _headers: (302, {"Location": path}, b"")
    else:
        url = "http://user:hunter2@127.0.0.1:9/places.csv?token=s3cret"
    with pytest.raises(OnlineError) as told:
        download(url, allow_private=True, cache_dir=tmp_path, max_bytes=100, sleep=lambda _: None)
    assert "s3cret" not in str(told.value) and "hunter2" not in str(told.value)
    assert "places.csv" in str(told.value)


def test_answers_of_services_are_kept_without_secrets(service: Service, tmp_path: Path) -> None:
    service.say({"found": 1})
    client = Client(FetchPolicy(allow_private=True), cache_dir=tmp_path)
    for _ in range(2):
        got = client.get_json(f"{service.url}/search", {"q": "Tanf", "key": "s3cret"})
        assert got.url == f"{service.url}/search?q=Tanf&key=..."
    assert len(service.asked) == 1
    kept = [path for path in (tmp_path / "online").iterdir() if path.suffix == ".json"]
    assert [b"s3cret" in path.read_bytes() for path in kept] == [False]


def test_what_is_too_large_leaves_nothing(service: Service, tmp_path: Path) -> None:
    shop = Shop(DATA)
    service.answer = shop
    url = f"{service.url}/p.csv"
    with pytest.raises(TooLargeError, match="at most 1,000 are fetched"):
        download(url, allow_private=True, cache_dir=tmp_path, max_bytes=1_000)
    # A server that does not say how much there is.
    service.answer = lambda _path, _headers: (200, {"Content-Length": ""}, DATA)
    with pytest.raises(TooLargeError, match="over 1,000 bytes"):
        download(url, allow_private=True, cache_dir=tmp_path, max_bytes=1_000)
    assert [name for name in left(tmp_path) if name.endswith(".part")] == []
    # What broke off and would be too large once it is whole.
    service.answer = shop
    shop.sent = 70_000
    with pytest.raises(OnlineError, match="broke off"):
        download(url, allow_private=True, cache_dir=tmp_path)
    assert "p.csv.part" in left(tmp_path)
    with pytest.raises(TooLargeError):
        download(url, allow_private=True, cache_dir=tmp_path, max_bytes=75_000)
    assert "p.csv.part" not in left(tmp_path)


def test_what_cannot_be_resumed_leaves_nothing(service: Service, tmp_path: Path) -> None:
    shop = Shop(DATA)
    shop.marked, shop.sent = False, 70_000
    service.answer = shop
    with pytest.raises(OnlineError, match="broke off"):
        download(f"{service.url}/p.csv", allow_private=True, cache_dir=tmp_path)
    assert left(tmp_path) == ["about.json"]


def test_a_part_that_is_all_there_is(service: Service, tmp_path: Path) -> None:
    """Stopped between the last byte and the last step: the server has nothing to go on with."""
    service.answer = Shop(DATA)
    url = f"{service.url}/p.csv"
    path = download(url, allow_private=True, cache_dir=tmp_path)
    path.replace(path.with_name("p.csv.part"))
    about = path.with_name("about.json")
    known = json.loads(about.read_text(encoding="utf-8"))
    about.write_text(json.dumps({**known, "part": "yes"}), encoding="utf-8")
    assert download(url, allow_private=True, cache_dir=tmp_path).read_bytes() == DATA
    assert left(tmp_path) == ["about.json", "p.csv"]


def test_what_nobody_came_back_to_goes(service: Service, tmp_path: Path) -> None:
    old, new = (tmp_path / "downloads" / name / "x.zip.part" for name in ("a", "b"))
    for part in (old, new):
        part.parent.mkdir(parents=True)
        part.write_bytes(b"x")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    service.answer = Shop(DATA)
    download(f"{service.url}/p.csv", allow_private=True, cache_dir=tmp_path)
    assert not old.exists() and new.exists()


class Dripping:
    """An answer whose pieces take so many seconds each, by a clock of its own."""

    def __init__(self, pieces: list[bytes], seconds: float) -> None:
        self.url = "https://h.org/a.zip?token=s3cret"
        self.headers: dict[str, str] = {}
        self.seconds = 0.0
        waiting = iter([*pieces, b""])

        def read1(_size: int, *, decode_content: bool) -> bytes:
            assert decode_content
            self.seconds += seconds
            return next(waiting)

        self.raw = SimpleNamespace(read1=read1)

    def read(self, policy: FetchPolicy) -> Iterator[bytes]:
        answer: Any = self
        return body_pieces(answer, policy, now=lambda: self.seconds)


POLICY = FetchPolicy(total_timeout_s=6 * 3600.0)


def test_a_server_that_drips_is_left() -> None:
    dripping = Dripping([b"x"] * 100_000, 1.0)
    with pytest.raises(
        OnlineError, match=r"a\.zip\?token=\.\.\.: sent 30 bytes in 30 s, below"
    ) as e:
        list(dripping.read(POLICY))
    assert "1,024 a second" in str(e.value) and dripping.seconds == 30
    # Fast at first and slow then.
    begun = Dripping([b"x" * 10**6] * 20 + [b"x" * 1_000] * 10_000, 2.0)
    with pytest.raises(OnlineError, match="below"):
        list(begun.read(POLICY))
    assert begun.seconds < 120


def test_slow_is_not_too_slow() -> None:
    steady = Dripping([b"x" * 2_500] * 400, 2.0)
    assert sum(map(len, steady.read(POLICY))) == 10**6
    # A pause within thirty seconds is none, and neither is what the reader takes for itself.
    paused = Dripping([b"x" * 100_000] * 5, 29.0)
    assert sum(map(len, paused.read(POLICY))) == 500_000
    waited = Dripping([b"x" * 10] * 20, 0.1)
    for _piece in itertools.islice(waited.read(POLICY), 20):
        waited.seconds += 60


def test_a_real_server_that_drips(service: Service, tmp_path: Path) -> None:
    service.answer = Shop(DATA)
    hasty = FetchPolicy(allow_private=True, least_bytes_s=1e12, slow_s=0.0)
    with (
        opened(f"{service.url}/p.csv", hasty) as response,
        pytest.raises(OnlineError, match="below 1,000,000,000,000 a second"),
    ):
        list(body_pieces(response, hasty))
