"""Tiles that were fetched before, by address, with the time they were fetched.

One file per address: a line of JSON (the fetch without its body), then the body. Only answers are
kept: a tile, or the server's word that it has none, which is believed for a day. A failure to
reach the server is never kept.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from imagery.http import Fetched

_MOST_HEAD = 20_000
# A nesting or a number beyond what Python takes.
_BEYOND = (RecursionError, OverflowError)
_MOST_BODY = 5_000_000
MISSING_FOR = timedelta(days=1)
"""How long a server's word that it has no such tile is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The server said, at a time, that it has no tile there."""

    url: str
    retrieved_at: datetime
    status: int


class TileCache:
    """A folder of fetched tiles; made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, url: str, *, max_age: timedelta | None = None) -> Fetched | Missing | None:
        """What is known of an address; None if nothing, or nothing recent or undamaged.

        Args:
            url: the tile's address.
            max_age: older tiles count as not known; None takes any.
        """
        try:
            with self._path(url).open("rb") as file:
                head = json.loads(file.readline(_MOST_HEAD))
                body = file.read(_MOST_BODY + 1)
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
            if hashlib.sha256(body).hexdigest() != head["sha256"]:
                return None
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
        return self._write(fetched.url, head, fetched.body)

    def keep_missing(self, missing: Missing) -> bool:
        """Keep a server's word that it has no such tile; whether that worked."""
        head = {
            "url": missing.url,
            "missing": True,
            "status": missing.status,
            "retrieved_at": missing.retrieved_at.isoformat(),
        }
        return self._write(missing.url, head, b"")

    def _path(self, url: str) -> Path:
        key = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / key[:2] / key

    def _write(self, url: str, head: dict[str, object], body: bytes) -> bool:
        line = json.dumps(head).encode("ascii") + b"\n"
        if len(line) > _MOST_HEAD:
            return False
        path = self._path(url)
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(line + body)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        except OSError:
            return False
        return True
