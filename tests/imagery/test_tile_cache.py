"""What is believed of tiles fetched before, and for how long."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.http import Fetched
from imagery.tile_cache import MISSING_FOR, Missing, TileCache

URL = "https://tiles.example.org/9/310/205.jpg"
DAY = timedelta(days=1)


def fetched(url: str = URL, body: bytes = b"tile", age: timedelta = timedelta()) -> Fetched:
    return Fetched(
        url=url,
        final_url=url + "?signed",
        status=200,
        headers={"content-type": "image/jpeg", "etag": "x" * 900},
        body=body,
        retrieved_at=datetime.now(UTC) - age,
        sha256=hashlib.sha256(body).hexdigest(),
    )


@settings(max_examples=30)
@given(st.binary(max_size=500), st.text(max_size=40))
def test_any_tile_comes_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, tail: str
) -> None:
    cache = TileCache(tmp_path_factory.mktemp("cache"))
    tile = fetched(URL + tail, body)
    assert cache.keep(tile)
    back = cache.get(URL + tail)
    assert isinstance(back, Fetched)
    assert (back.body, back.url, back.final_url) == (body, tile.url, tile.final_url)
    assert back.retrieved_at == tile.retrieved_at
    assert back.headers["content-type"] == "image/jpeg"
    assert cache.get(URL + tail + "/other") is None


def test_age(tmp_path: Path) -> None:
    cache = TileCache(tmp_path)
    cache.keep(fetched(age=40 * DAY))
    assert cache.get(URL, max_age=30 * DAY) is None
    assert cache.get(URL, max_age=50 * DAY) is not None
    assert cache.get(URL) is not None


def test_a_missing_tile_is_believed_missing_for_a_day(tmp_path: Path) -> None:
    cache = TileCache(tmp_path)
    for age, known in ((timedelta(), True), (MISSING_FOR + timedelta(hours=1), False)):
        said = Missing(url=URL, retrieved_at=datetime.now(UTC) - age, status=404)
        assert cache.keep_missing(said)
        assert cache.get(URL) == (said if known else None)
    cache.keep_missing(Missing(url=URL, retrieved_at=datetime.now(UTC), status=404))
    cache.keep(fetched())
    assert isinstance(cache.get(URL), Fetched)


def entry(folder: Path) -> Path:
    [path] = [p for p in folder.rglob("*") if p.is_file()]
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b"tile", b"tale"),
        lambda raw: b"",
        lambda raw: b"[]\ntile",
        lambda raw: b"{}\ntile",
        lambda raw: b"[" * 30_000 + raw,
        lambda raw: raw.replace(b"310", b"311", 1),
        lambda raw: raw.replace(b"+00:00", b""),
        lambda raw: raw.replace(b'"status": 200', b'"status": 1e999'),
    ],
)  # fmt: skip
def test_what_was_altered_is_not_believed(tmp_path: Path, change: object) -> None:
    cache = TileCache(tmp_path)
    cache.keep(fetched())
    path = entry(tmp_path)
    assert callable(change)
    path.write_bytes(change(path.read_bytes()))
    assert cache.get(URL) is None


def test_the_file_says_where_it_is_from(tmp_path: Path) -> None:
    TileCache(tmp_path).keep(fetched())
    head, body = entry(tmp_path).read_bytes().split(b"\n", 1)
    assert json.loads(head)["url"] == URL
    assert body == b"tile"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = TileCache(tmp_path / "file")
    assert not cache.keep(fetched())
    assert cache.get(URL) is None
    assert not TileCache(tmp_path).keep(fetched(body=b"x" * 5_000_001))
