"""One polite client for all services that answer questions in JSON.

It says who is asking, keeps answers on disk, asks a host at most once in so many seconds (also when
several processes ask), and waits where the host asks it to.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from gazetteer.errors import OnlineError
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.json_stream import decode
from gazetteer.sources.online.addresses import without_secrets
from gazetteer.sources.online.fetch import FetchPolicy, body_pieces, opened, refuse_offline
from gazetteer.store import cache_folder

KEPT = timedelta(days=30)
"""How long an answer is taken from the cache."""

INTERVAL_S = 1.0
"""Least time between two requests to a host; the rule of Nominatim's public server."""

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service knows under a name.

    Attributes:
        records: places, best first as the service has them.
        bad: what of its answer could not be used.
        provenance: with the time it was fetched, which for a cached answer lies back.
    """

    records: tuple[Record, ...]
    bad: tuple[BadRow, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """JSON, the address it is from (fit to be shown), when it was fetched, the sum of its bytes."""

    value: Any
    url: str
    retrieved_at: datetime
    sha256: str


class Client:
    """Asks services.

    Args:
        policy: limits of one request.
        cache_dir: see ``store.cache_folder``.
        kept: how long an answer stands.
        interval_s: least time between two requests to one host.
        sleep, now: for tests.
    """

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        cache_dir: Path | None = None,
        kept: timedelta = KEPT,
        interval_s: float = INTERVAL_S,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._policy = policy or FetchPolicy()
        self._folder = cache_folder(cache_dir) / "online"
        self._kept = kept
        self._interval_s = interval_s
        self._sleep = sleep
        self._now = now

    def get_json(self, base: str, parameters: Mapping[str, str]) -> Fetched:
        """The JSON at an address, from the cache where it is there and fresh.

        Raises:
            OnlineError: offline, or no usable answer.
        """
        url = f"{base}?{urlencode(parameters)}" if parameters else base
        if len(url) > 8_000:
            raise OnlineError(f"a question of {len(url):,} characters is too long; shorten it")
        refuse_offline()
        path = self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"
        shown = without_secrets(url)
        if (kept := self._cached(path, shown)) is not None:
            return kept
        self._wait(urlsplit(url).netloc)
        with opened(url, self._policy, sleep=self._sleep) as response:
            retrieved_at = self._now()
            body = b"".join(body_pieces(response, self._policy))
        value = _value(url, body)
        self._keep(path, shown, retrieved_at, body)
        sha256 = hashlib.sha256(body).hexdigest()
        return Fetched(value=value, url=shown, retrieved_at=retrieved_at, sha256=sha256)

    def _cached(self, path: Path, url: str) -> Fetched | None:
        """A kept answer; None where there is none, it is too old, or its file is damaged."""
        try:
            if path.stat().st_size > 4 * self._policy.max_bytes:
                return None
            kept = json.loads(path.read_bytes())
            retrieved_at = datetime.fromisoformat(kept["retrieved_at"])
            body = str(kept["body"]).encode()
            if kept["url"] != url or retrieved_at.tzinfo is None:
                return None
            value = decode(body)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if not timedelta(0) <= self._now() - retrieved_at <= self._kept:
            return None
        sha256 = hashlib.sha256(body).hexdigest()
        return Fetched(value=value, url=url, retrieved_at=retrieved_at, sha256=sha256)

    def _keep(self, path: Path, url: str, retrieved_at: datetime, body: bytes) -> None:
        kept = {"url": url, "retrieved_at": retrieved_at.isoformat(), "body": body.decode()}
        # A cache that cannot be written is done without.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(kept, file, ensure_ascii=False)
                Path(part).replace(path)
            except OSError:
                Path(part).unlink(missing_ok=True)
                raise

    def _wait(self, host: str) -> None:
        """Keep the distance to the request before, whichever process made it."""
        mark = self._folder / f"asked-{hashlib.sha256(host.encode()).hexdigest()[:16]}"
        with _LOCK, contextlib.suppress(OSError):
            mark.parent.mkdir(parents=True, exist_ok=True)
            now_s = self._now().timestamp()
            with contextlib.suppress(FileNotFoundError):
                wait_s = mark.stat().st_mtime + self._interval_s - now_s
                if 0 < wait_s <= self._interval_s:
                    self._sleep(wait_s)
                    now_s += wait_s
            mark.touch()
            os.utime(mark, (now_s, now_s))


def _value(url: str, body: bytes) -> Any:
    try:
        body.decode()
        return decode(body)
    except ValueError as error:
        start = body[:60].decode("utf-8", "replace")
        raise OnlineError(
            f"{without_secrets(url)[:120]}: the answer is no JSON ({start!r}); the service may be "
            "down, try later"
        ) from error
