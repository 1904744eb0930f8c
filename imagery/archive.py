"""Every byte fetched, kept under its own hash, with where and when it came from.

::

    FOLDER/ab/abcd...        a body, named by its SHA-256
    FOLDER/index.jsonl       one line per fetch: url, final_url, retrieved_at, status, headers,
                             sha256, bytes

A report can name a hash and anyone can check it with ``sha256sum``. Several processes may write
into one folder.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from imagery.errors import ArchiveError, printable

if TYPE_CHECKING:
    from imagery.http import Fetched

INDEX_NAME = "index.jsonl"
_HASH = re.compile(r"[0-9a-f]{64}")
# What tells of origin and age; the rest of an answer's head is about the connection.
_KEPT_HEADERS = (
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "server",
)
_LONGEST_HEADER = 200
_LONGEST_LINE = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One fetch as the index has it.

    Attributes:
        sha256: of the body, in hexadecimal.
        path: the file that holds the body.
        url: what was asked for.
        final_url: where it was found, after redirects.
        retrieved_at: when, UTC.
        bytes: size of the body.
    """

    sha256: str
    path: Path
    url: str
    final_url: str
    retrieved_at: datetime
    bytes: int


class Archive:
    """A folder of fetched bodies. It is made when the first is put into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, fetched: Fetched) -> Kept:
        """Keep a body and note its fetch; a body that is there already is not written again.

        Raises:
            ArchiveError: the folder cannot be written, or the body is not what its hash says.
        """
        if hashlib.sha256(fetched.body).hexdigest() != fetched.sha256:
            raise ArchiveError(f"{printable(fetched.url)}: its body is not what its SHA-256 says")
        path = self._path(fetched.sha256)
        line = {
            "url": fetched.url,
            "final_url": fetched.final_url,
            "retrieved_at": fetched.retrieved_at.isoformat(),
            "status": fetched.status,
            "headers": {
                name: fetched.headers[name][:_LONGEST_HEADER]
                for name in _KEPT_HEADERS
                if name in fetched.headers
            },
            "sha256": fetched.sha256,
            "bytes": len(fetched.body),
        }
        try:
            if not _holds(path, fetched.sha256):
                _replace(path, fetched.body)
            _append(self.folder / INDEX_NAME, json.dumps(line, ensure_ascii=True))
        except OSError as error:
            raise ArchiveError(
                f"{self.folder} cannot keep what was fetched ({error.strerror}); "
                "choose another --out, or set OSINT_CACHE_DIR to a folder that can be written"
            ) from error
        return _kept(line, path)

    def open(self, sha256: str) -> BinaryIO:
        """The body with this hash, checked against it.

        Raises:
            ArchiveError: no such body, or the file was altered.
        """
        path = self._path(sha256)
        try:
            body = path.read_bytes()
        except OSError as error:
            raise ArchiveError(
                f"{path} is missing ({error.strerror}); restore it or fetch it again"
            ) from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ArchiveError(f"{path} was altered: its SHA-256 is no longer its name")
        return io.BytesIO(body)

    def fetches(self) -> tuple[Kept, ...]:
        """Every fetch in the index, in the order they were noted; none if there is no index.

        Raises:
            ArchiveError: a line of the index is damaged; its number is named.
        """
        index = self.folder / INDEX_NAME
        found = []
        try:
            with index.open(encoding="utf-8") as lines:
                for number, text in enumerate(iter(lambda: lines.readline(_LONGEST_LINE), ""), 1):
                    try:
                        line = json.loads(text)
                        found.append(_kept(line, self._path(str(line["sha256"]))))
                    except (ValueError, KeyError, TypeError, RecursionError) as error:
                        raise ArchiveError(
                            f"{index}, line {number} is damaged; the bodies beside it are whole"
                        ) from error
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ArchiveError(f"{index} cannot be read ({error.strerror})") from error
        return tuple(found)

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ArchiveError(
                f"{printable(sha256, 80)!r} is no SHA-256; give 64 hexadecimal digits"
            )
        return self.folder / sha256[:2] / sha256


def _kept(line: dict[str, object], path: Path) -> Kept:
    retrieved_at = datetime.fromisoformat(str(line["retrieved_at"]))
    if retrieved_at.tzinfo is None:
        raise ValueError("a time without a zone")
    return Kept(
        sha256=str(line["sha256"]),
        path=path,
        url=str(line["url"]),
        final_url=str(line["final_url"]),
        retrieved_at=retrieved_at,
        bytes=int(str(line["bytes"])),
    )


def _holds(path: Path, sha256: str) -> bool:
    """Whether a file is there and is what its name says; a half-written one is not."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False


def _replace(path: Path, body: bytes) -> None:
    """Write a file so that it is either whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:8]}-{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _append(index: Path, line: str) -> None:
    """One line at the end, in a single write, so that lines of two processes do not mix."""
    data = (line + "\n").encode("ascii")
    handle = os.open(index, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        if os.write(handle, data) != len(data):
            raise OSError(28, "no space left for its index")
    finally:
        os.close(handle)
