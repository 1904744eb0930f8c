"""Answers that were fetched before, by address, with the time they were fetched.

::

    FOLDER/urls/ab/abcd...      named by the SHA-256 of an address: one line of JSON, the fetch
                                without its body
    FOLDER/bodies/ef/efgh...    a body, named by its own SHA-256; the empty tile that a server
                                sends for a thousand addresses is there once

Only answers are kept: a tile, or the server's word that it has none, which is believed for a day. A
failure to reach the server is never kept. A body is written before the line that names it, each
whole or not at all, and checked against its name when read. The folder is kept below a size: bodies
that were not used for longest go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from imagery.http import Fetched

_MOST_HEAD = 20_000
# A nesting or a number beyond what Python takes.
_BEYOND = (RecursionError, OverflowError)
_MOST_BODY = 32_000_000
MISSING_FOR = timedelta(days=1)
"""How long a server's word that it has no such tile is believed."""
MOST_BYTES = 4_000_000_000
"""Size of the folder, unless another is given."""
# Pruned down to this share of the size, so that it is not done for each tile.
_PRUNED_TO = 0.8
_PRUNE_EVERY = timedelta(days=1)
# How old a note of use may get before it is made anew: not every reading has to write.
_USED_S = 3600.0
# Files of a writer that was stopped half-way.
_LEFT_OVER_S = 3600.0
_STAMP = "pruned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The server said, at a time, that it has no tile there."""

    url: str
    retrieved_at: datetime
    status: int


class TileCache:
    """A folder of fetched answers; made when the first is kept.

    Args:
        folder: where.
        most_bytes: of all bodies; when there are more, those not used for longest are removed.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._written = 0
        self._looked = False
        self._lock = threading.Lock()

    def get(self, url: str, *, max_age: timedelta | None = None) -> Fetched | Missing | None:
        """What is known of an address; None if nothing, or nothing recent or undamaged.

        Args:
            url: the tile's address.
            max_age: older tiles count as not known; None takes any.
        """
        try:
            with self._entry(url).open("rb") as file:
                head = json.loads(file.readline(_MOST_HEAD))
            retrieved_at = datetime.fromisoformat(head["retrieved_at"])
            age = datetime.now(UTC) - retrieved_at
            if head["url"] != url:
                return None
            if head["missing"]:
                if age > MISSING_FOR:
                    return None
                return Missing(url=url, retrieved_at=retrieved_at, status=int(head["status"]))
            if max_age is not None and age > max_age:
                return None
            path = self._body(str(head["sha256"]))
            with path.open("rb") as file:
                body = file.read(_MOST_BODY + 1)
            if hashlib.sha256(body).hexdigest() != head["sha256"]:
                return None
            _note_use(path)
            return Fetched(
                url=url,
                final_url=str(head["final_url"]),
                status=int(head["status"]),
                headers=MappingProxyType({str(k): str(v) for k, v in head["headers"].items()}),
                body=body,
                retrieved_at=retrieved_at,
                sha256=head["sha256"],
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, *_BEYOND):
            # Not there, or not as it was written: to be fetched again either way.
            return None

    def keep(self, fetched: Fetched) -> bool:
        """Keep a tile; whether that worked (a cache that cannot be written is no error)."""
        if len(fetched.body) > _MOST_BODY:
            return False
        head = {
            "url": fetched.url,
            "missing": False,
            "final_url": fetched.final_url,
            "status": fetched.status,
            "headers": {k: v[:200] for k, v in list(fetched.headers.items())[:40]},
            "retrieved_at": fetched.retrieved_at.isoformat(),
            "sha256": fetched.sha256,
        }
        path = self._body(fetched.sha256)
        if not _is_whole(path, fetched):
            if not _write(path, fetched.body):
                return False
            self._wrote(len(fetched.body))
        return self._name(fetched.url, head)

    def keep_missing(self, missing: Missing) -> bool:
        """Keep a server's word that it has no such tile; whether that worked."""
        head = {
            "url": missing.url,
            "missing": True,
            "status": missing.status,
            "retrieved_at": missing.retrieved_at.isoformat(),
        }
        return self._name(missing.url, head)

    def prune(self) -> int:
        """Remove what was not used for longest until the folder is below its size.

        Another process may do the same, or read meanwhile: whoever misses a body fetches it again.

        Returns:
            Number of bodies removed.
        """
        bodies = []
        now = time.time()
        for path, stat in _files(self.folder / "bodies"):
            if path.name.startswith("."):
                if now - stat.st_mtime > _LEFT_OVER_S:
                    _remove(path)
                continue
            bodies.append((stat.st_mtime, stat.st_size, path))
        size = sum(one[1] for one in bodies)
        removed = 0
        if size > self.most_bytes:
            bodies.sort(key=lambda one: one[0])
            for _, length, path in bodies:
                if size <= self.most_bytes * _PRUNED_TO:
                    break
                removed += _remove(path)
                size -= length
        self._forget_names(now)
        for path, _ in _files(self.folder):
            # As earlier versions kept them, head and body in one file.
            if len(path.parent.name) == 2:
                _remove(path)
        return removed

    def _forget_names(self, now: float) -> None:
        """Remove the lines of bodies that are gone, and what servers said they have not."""
        for path, stat in _files(self.folder / "urls"):
            if now - stat.st_mtime < MISSING_FOR.total_seconds() and not path.name.startswith("."):
                continue
            try:
                head = json.loads(path.read_bytes()[:_MOST_HEAD])
                keep = not head["missing"] and self._body(str(head["sha256"])).exists()
            except (OSError, ValueError, KeyError, TypeError, *_BEYOND):
                keep = path.name.startswith(".") and now - stat.st_mtime < _LEFT_OVER_S
            if not keep:
                _remove(path)

    def _wrote(self, count: int) -> None:
        """Prune now and then: after every twentieth part of the size, and once a day."""
        with self._lock:
            self._written += count
            due = self._written * 20 > self.most_bytes
            if due:
                self._written = 0
            if not self._looked:
                self._looked = True
                due = due or self._old_stamp()
        if due:
            self.prune()
            # One that cannot be written makes the next process look as well.
            _write(self.folder / _STAMP, b"")

    def _old_stamp(self) -> bool:
        try:
            age_s = time.time() - (self.folder / _STAMP).stat().st_mtime
        except OSError:
            return True
        return age_s > _PRUNE_EVERY.total_seconds()

    def _entry(self, url: str) -> Path:
        key = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / "urls" / key[:2] / key

    def _body(self, sha256: str) -> Path:
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise ValueError("no SHA-256")
        return self.folder / "bodies" / sha256[:2] / sha256

    def _name(self, url: str, head: dict[str, object]) -> bool:
        line = json.dumps(head).encode("ascii") + b"\n"
        return len(line) <= _MOST_HEAD and _write(self._entry(url), line)


def _is_whole(path: Path, fetched: Fetched) -> bool:
    """Whether a body is there already; a damaged one counts as not there."""
    try:
        return path.stat().st_size == len(fetched.body) and path.read_bytes() == fetched.body
    except OSError:
        return False


def _write(path: Path, content: bytes) -> bool:
    """Write a file so that it is whole or not there; whether that worked."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _note_use(path: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _USED_S:
            os.utime(path)


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Every file two levels below a folder."""
    try:
        parts = list(folder.iterdir())
    except OSError:
        return
    for part in parts:
        try:
            with os.scandir(part) as entries:
                found = [(Path(e.path), e.stat()) for e in entries if e.is_file()]
        except OSError:
            continue
        yield from found
