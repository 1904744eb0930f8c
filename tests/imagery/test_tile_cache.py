"""What is believed of tiles fetched before, and for how long."""

from __future__ import annotations

import hashlib
import json
import os
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


def only(folder: Path) -> Path:
    [path] = [p for p in folder.rglob("*") if p.is_file()]
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"",
        lambda raw: b"[]\n",
        lambda raw: b"{}\n",
        lambda raw: b"[" * 30_000 + raw,
        lambda raw: raw.replace(b"310", b"311", 1),
        lambda raw: raw.replace(b"+00:00", b""),
        lambda raw: raw.replace(b'"status": 200', b'"status": 1e999'),
        lambda raw: raw.replace(hashlib.sha256(b"tile").hexdigest().encode(), b"../../x"),
    ],
)  # fmt: skip
def test_what_was_altered_is_not_believed(tmp_path: Path, change: object) -> None:
    cache = TileCache(tmp_path)
    cache.keep(fetched())
    path = only(tmp_path / "urls")
    assert callable(change)
    path.write_bytes(change(path.read_bytes()))
    assert cache.get(URL) is None


@pytest.mark.parametrize("body", [b"", b"til", b"tale", b"tile and more"])
def test_an_altered_body_is_not_believed_and_mended(tmp_path: Path, body: bytes) -> None:
    cache = TileCache(tmp_path)
    cache.keep(fetched())
    only(tmp_path / "bodies").write_bytes(body)
    assert cache.get(URL) is None
    assert cache.keep(fetched())
    assert isinstance(cache.get(URL), Fetched)


def test_a_body_is_kept_once_under_its_own_hash(tmp_path: Path) -> None:
    cache = TileCache(tmp_path)
    for n in range(20):
        cache.keep(fetched(f"{URL}?{n}"))
    path = only(tmp_path / "bodies")
    assert path.name == hashlib.sha256(path.read_bytes()).hexdigest()
    heads = [json.loads(p.read_bytes()) for p in (tmp_path / "urls").rglob("*") if p.is_file()]
    assert sorted(head["url"] for head in heads) == sorted(f"{URL}?{n}" for n in range(20))
    assert {head["sha256"] for head in heads} == {path.name}


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = TileCache(tmp_path / "file")
    assert not cache.keep(fetched())
    assert cache.get(URL) is None
    assert not TileCache(tmp_path).keep(fetched(body=b"x" * 32_000_001))


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = TileCache(tmp_path)

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert not cache.keep(fetched())
    assert not cache.keep_missing(Missing(url=URL, retrieved_at=datetime.now(UTC), status=404))
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    assert cache.get(URL) is None


def aged(folder: Path, sha256: str, hours: float) -> None:
    at = datetime.now(UTC).timestamp() - hours * 3600
    os.utime(folder / "bodies" / sha256[:2] / sha256, (at, at))


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, most_bytes=1_000_000)
    tiles = [fetched(f"{URL}?{n}", bytes([n]) * 30_000) for n in range(30)]
    for n, tile in enumerate(tiles):
        assert cache.keep(tile)
        aged(tmp_path, tile.sha256, 100 - n)
    # Looked at again: no longer the oldest.
    assert cache.get(tiles[0].url) is not None
    small = TileCache(tmp_path, most_bytes=600_000)
    assert small.prune() == 14
    left = [n for n, tile in enumerate(tiles) if small.get(tile.url) is not None]
    assert left == [0, *range(15, 30)]
    assert small.prune() == 0


def test_the_size_is_kept_while_writing(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, most_bytes=1_000_000)
    for n in range(200):
        assert cache.keep(fetched(f"{URL}?{n}", n.to_bytes(2, "big") * 10_000))
    size = sum(p.stat().st_size for p in (tmp_path / "bodies").rglob("*") if p.is_file())
    assert size < 1_100_000
    assert cache.get(f"{URL}?199") is not None


def test_pruning_forgets_addresses_without_a_body_and_left_overs(tmp_path: Path) -> None:
    cache = TileCache(tmp_path)
    cache.keep(fetched())
    cache.keep_missing(Missing(url=URL + "?2", retrieved_at=datetime.now(UTC), status=404))
    only(tmp_path / "bodies").unlink()
    (tmp_path / "bodies" / "aa").mkdir()
    (tmp_path / "bodies" / "aa" / ".1.part").write_bytes(b"half")
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "abcd").write_bytes(b"{}")
    long_ago = datetime.now(UTC).timestamp() - 3 * 86_400
    for path in tmp_path.rglob("*"):
        if path.is_file():
            os.utime(path, (long_ago, long_ago))
    cache.prune()
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["pruned"]
