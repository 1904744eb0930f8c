from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError, OnlineError
from gazetteer.sources.online.download import download
from gazetteer.sources.open import open_reader

from .conftest import Reply, Service

CSV = b"name,lat,lon\n" + b"".join(b"place %d,33.5,38.6\n" % n for n in range(5000))


class Shop:
    """Serves one file with an ETag, in parts where asked, breaking off where told."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.breaks_at: int | None = None

    def __call__(self, _path: str, headers: dict[str, str]) -> Reply:
        mark = f'"{hashlib.sha256(self.data).hexdigest()[:8]}"'
        if headers.get("if-none-match") == mark:
            return 304, {"ETag": mark}, b""
        if "range" in headers and headers.get("if-range") == mark:
            start = int(headers["range"].removeprefix("bytes=").rstrip("-"))
            rest = self.data[start:]
            span = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
            return 206, {"ETag": mark, "Content-Range": span}, rest
        if self.breaks_at is not None:
            length = {"ETag": mark, "Content-Length": str(len(self.data)), "Connection": "close"}
            return 200, length, self.data[: self.breaks_at]
        return 200, {"ETag": mark}, self.data


def test_a_file_is_fetched_once(service: Service, tmp_path: Path) -> None:
    service.answer = Shop(CSV)
    url = f"{service.url}/data/places.csv?x=1"
    reader = open_reader(url, allow_private=True, cache_dir=tmp_path)
    assert sum(1 for _ in reader.rows()) == 5000
    assert reader.provenance.sha256 == hashlib.sha256(CSV).hexdigest()
    again = download(url, allow_private=True, cache_dir=tmp_path)
    assert again.read_bytes() == CSV
    assert again.name == "places.csv"
    assert "if-none-match" in service.asked[1][1]


def test_a_changed_file_replaces_the_old(service: Service, tmp_path: Path) -> None:
    shop = Shop(CSV)
    service.answer = shop
    url = f"{service.url}/p.csv"
    download(url, allow_private=True, cache_dir=tmp_path)
    shop.data = CSV + b"new,1,2\n"
    assert download(url, allow_private=True, cache_dir=tmp_path).read_bytes() == shop.data


@pytest.mark.parametrize("changed", [False, True])
def test_resumed_or_begun_again(service: Service, tmp_path: Path, changed: bool) -> None:
    shop = Shop(CSV)
    shop.breaks_at = 70_000
    service.answer = shop
    url = f"{service.url}/p.csv"
    with pytest.raises(OnlineError, match="broke off after"):
        download(url, allow_private=True, cache_dir=tmp_path)
    shop.breaks_at = None
    if changed:
        shop.data = b"x" * 90_000 + CSV
    path = download(url, allow_private=True, cache_dir=tmp_path)
    assert path.read_bytes() == shop.data
    assert service.asked[1][1]["range"].startswith("bytes=")
    assert list(path.parent.glob("*.part")) == []


def test_limits(service: Service, tmp_path: Path) -> None:
    service.answer = Shop(CSV)
    url = f"{service.url}/p.csv"
    with pytest.raises(OnlineError, match="at most 1,000 are fetched"):
        download(url, allow_private=True, cache_dir=tmp_path, max_bytes=1000)
    with pytest.raises(OnlineError, match="private network"):
        download(url, cache_dir=tmp_path)
    with pytest.raises(OnlineError, match="only http and https"):
        open_reader("ftp://example.org/x.csv", cache_dir=tmp_path)
    with pytest.raises(GazetteerFileError, match="does not exist"):
        open_reader(str(tmp_path / "C" / "x.csv"))


@pytest.mark.parametrize("path", ["/..%2f..%2fevil.csv", "/a/..", "/", "/about.json", "/.x.csv"])
def test_names_of_files_stay_in_the_folder(service: Service, tmp_path: Path, path: str) -> None:
    service.answer = Shop(CSV)
    kept = download(service.url + path, allow_private=True, cache_dir=tmp_path)
    assert kept.parent.parent == tmp_path / "downloads"
    assert kept.read_bytes() == CSV
    assert not kept.name.startswith(".")


def test_off_where_it_is_to_be_off(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSINT_OFFLINE", "1")
    with pytest.raises(OnlineError, match="OSINT_OFFLINE"):
        download(f"{service.url}/p.csv", allow_private=True, cache_dir=tmp_path)
    assert service.asked == []
