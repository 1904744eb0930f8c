"""What was fetched is kept under its hash, and the hash is checked."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.archive import INDEX_NAME, Archive
from imagery.errors import ArchiveError
from imagery.http import Fetched


def fetched(body: bytes, url: str = "https://example.org/a", **headers: str) -> Fetched:
    return Fetched(
        url=url,
        final_url=url + "/final",
        status=200,
        headers=headers,
        body=body,
        retrieved_at=datetime(2020, 5, 17, 12, 0, tzinfo=UTC),
        sha256=hashlib.sha256(body).hexdigest(),
    )


def test_put_and_open(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "evidence")
    kept = archive.put(fetched(b"hello", etag='"1"', cookie="secret"))
    assert kept.path == tmp_path / "evidence" / kept.sha256[:2] / kept.sha256
    assert hashlib.sha256(kept.path.read_bytes()).hexdigest() == kept.path.name
    assert archive.open(kept.sha256).read() == b"hello"
    assert archive.fetches() == (kept,)
    line = json.loads((tmp_path / "evidence" / INDEX_NAME).read_text())
    assert line["headers"] == {"etag": '"1"'}
    assert line["final_url"] == "https://example.org/a/final"
    assert line["retrieved_at"] == "2020-05-17T12:00:00+00:00"


def test_the_same_body_twice_is_one_file_and_two_fetches(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.put(fetched(b"same", "https://example.org/1"))
    second = archive.put(fetched(b"same", "https://example.org/2"))
    assert first.path == second.path
    assert [kept.url for kept in archive.fetches()] == [first.url, second.url]
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 2


def test_an_altered_body_is_noticed_and_put_right(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept = archive.put(fetched(b"true"))
    kept.path.write_bytes(b"false")
    with pytest.raises(ArchiveError, match="was altered"):
        archive.open(kept.sha256)
    archive.put(fetched(b"true"))
    assert archive.open(kept.sha256).read() == b"true"


def test_a_body_that_is_not_its_hash_is_not_taken(tmp_path: Path) -> None:
    wrong = Fetched(
        url="https://example.org/",
        final_url="https://example.org/",
        status=200,
        headers={},
        body=b"x",
        retrieved_at=datetime.now(UTC),
        sha256="0" * 64,
    )
    with pytest.raises(ArchiveError, match="not what its SHA-256 says"):
        Archive(tmp_path).put(wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_names_that_are_no_hash(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="is no SHA-256"):
        Archive(tmp_path).open(name)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is missing"):
        Archive(tmp_path).open("0" * 64)
    assert Archive(tmp_path / "none").fetches() == ()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError, match="cannot keep what was fetched"):
        Archive(tmp_path / "file").put(fetched(b"x"))


@pytest.mark.parametrize("line", ["{", "[]", '{"sha256": "x"}', "[" * 30_000, "\n"])
def test_a_damaged_index_names_the_line(tmp_path: Path, line: str) -> None:
    archive = Archive(tmp_path)
    archive.put(fetched(b"x"))
    with (tmp_path / INDEX_NAME).open("a") as index:
        index.write(line + "\n")
    with pytest.raises(ArchiveError, match="line 2 is damaged"):
        archive.fetches()


@settings(max_examples=25)
@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_body_and_address_come_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, tail: str
) -> None:
    archive = Archive(tmp_path_factory.mktemp("any"))
    kept = archive.put(fetched(body, "https://example.org/" + tail))
    assert archive.open(kept.sha256).read() == body
    assert archive.fetches() == (kept,)


def _fill(folder: str, who: int) -> None:
    archive = Archive(Path(folder))
    for number in range(40):
        archive.put(fetched(f"body {number}".encode() * 500, f"https://example.org/{who}/{number}"))


def test_two_processes_write_into_one_folder(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_fill, args=(str(tmp_path), who)) for who in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    archive = Archive(tmp_path)
    kept = archive.fetches()
    assert len(kept) == 80
    assert {k.url for k in kept} == {
        f"https://example.org/{who}/{number}" for who in range(2) for number in range(40)
    }
    for one in kept:
        archive.open(one.sha256)
    assert not list(tmp_path.rglob("*.part"))
