"""Fetching for catalogues and scenes: from the cache or the network, kept as evidence, counted.

Every answer, whole or a part of a file, goes into the archive with its hash, whichever scene is
chosen in the end: the choice rests on those that were passed over too. A part of a file is named
``ADDRESS#bytes=FIRST-LAST``, so that anyone can fetch the same bytes and compare
(``curl -r FIRST-LAST ADDRESS | sha256sum``). Signatures, which expire and belong to whoever asked
for them, are added on the way out and stand in no cache, archive or message.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from imagery.errors import ArchiveError, HttpError

if TYPE_CHECKING:
    from imagery.archive import Archive
    from imagery.http import Fetched, Session
    from imagery.tile_cache import TileCache

MOST_CONNECTIONS = 8
_TOO_MANY = 429
_SIGNATURES = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "key",
        "sig",
        "signature",
        "subscription-key",
        "x-amz-signature",
        "x-goog-signature",
    }
)
MOST_BYTES = 1_000_000_000
"""Fetched by one ``Fetcher`` in all."""


def without_signature(url: str) -> str:
    """An address without its query, if that holds a signature or a key; else as it is."""
    address, _, query = url.partition("?")
    names = {part.split("=", 1)[0].lower() for part in query.split("&")}
    return address if names & _SIGNATURES else url


class Signer(Protocol):
    """Adds to an address what its server wants before it gives anything."""

    def sign(self, url: str, session: Session) -> str:
        """The address to ask for; unchanged if it is none of this signer's.

        Raises:
            HttpError: the signature could not be had.
        """
        ...


class Fetcher:
    """Fetches for one piece of work; may be used from several threads.

    Args:
        session: fetches. None: only what is in the cache.
        cache: where answers are kept between runs.
        archive: where answers are kept as evidence.
        signers: for servers that want signed addresses.
        offline: why nothing is fetched, if so; the cache is used all the same.
        until: when, on ``time.monotonic``'s clock, fetching ends; None leaves it to the session.
        most_bytes: after so many nothing more is fetched.
    """

    def __init__(
        self,
        session: Session | None,
        *,
        cache: TileCache | None = None,
        archive: Archive | None = None,
        signers: Sequence[Signer] = (),
        offline: str | None = None,
        until: float | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.offline = offline or (None if session else "nothing is fetched")
        self.until = until
        self._session = session
        self._cache = cache
        self._archive = archive
        self._signers = tuple(signers)
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._gate = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._archived: set[str] = set()
        self._unkept: str | None = None

    @property
    def bytes_fetched(self) -> int:
        """Bytes that came over the network so far."""
        return self._bytes

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong that fetching went on after."""
        return (self._unkept,) if self._unkept else ()

    def get(
        self,
        url: str,
        *,
        span: tuple[int, int] | None = None,
        most_bytes: int,
        max_age: timedelta | None = None,
    ) -> Fetched:
        """An answer, under its unsigned address.

        Args:
            url: unsigned.
            span: first and last byte of the part that is wanted; None takes all. A server that
                knows no parts sends all of it, with status 200 instead of 206.
            most_bytes: of the answer.
            max_age: an answer in the cache that is older is fetched anew, if that is possible.

        Raises:
            HttpError: it is not in the cache and could not be fetched.
        """
        shown = without_signature(url)
        key = shown if span is None else f"{shown}#bytes={span[0]}-{span[1]}"
        kept = self._kept(key, max_age)
        if kept is None:
            with self._gate:
                kept = self._fetch(url, key, span, most_bytes)
            if self._cache is not None:
                self._cache.keep(kept)
        self._put(kept)
        return kept

    def _kept(self, key: str, max_age: timedelta | None) -> Fetched | None:
        from imagery.http import Fetched

        if self._cache is None:
            return None
        # What cannot be fetched anew is better old than not at all: its time is in the archive.
        kept = self._cache.get(key, max_age=None if self.offline else max_age)
        return kept if isinstance(kept, Fetched) else None

    def _fetch(self, url: str, key: str, span: tuple[int, int] | None, most_bytes: int) -> Fetched:
        if self._session is None or self.offline is not None:
            raise HttpError(url, self.offline or "nothing is fetched")
        left_s = self._session.policy.total_timeout_s
        if self.until is not None:
            left_s = min(left_s, self.until - time.monotonic())
            if left_s <= 0:
                raise HttpError(url, "the time for fetching was over")
        if self._bytes >= self._most_bytes:
            raise HttpError(url, f"more than the {self._most_bytes:,} bytes allowed in all")
        # A packed part of a file would be no part of it.
        headers = {"Accept-Encoding": "identity"} if span else {}
        if span:
            headers["Range"] = f"bytes={span[0]}-{span[1]}"
        try:
            signed = url
            for signer in self._signers:
                signed = signer.sign(signed, self._session)
            fetched = self._session.get(
                signed, max_bytes=most_bytes, headers=headers, total_timeout_s=left_s
            )
        except HttpError as error:
            if error.status == _TOO_MANY:
                # Whoever says "too many requests" is asked nothing more.
                self.offline = self.offline or error.reason
            # Not "from error": its message holds the signed address.
            raise HttpError(
                without_signature(url), error.reason, status=error.status, transient=error.transient
            ) from None
        with self._lock:
            self._bytes += len(fetched.body)
        same = fetched.final_url == signed
        final = without_signature(url) if same else fetched.final_url.split("?", 1)[0]
        return replace(fetched, url=key, final_url=final)

    def _put(self, fetched: Fetched) -> None:
        """Keep an answer as evidence, once."""
        if self._archive is None:
            return
        with self._lock:
            if fetched.url in self._archived:
                return
            self._archived.add(fetched.url)
            try:
                self._archive.put(fetched)
            except ArchiveError as error:
                self._unkept = f"not everything fetched was kept as evidence: {error}"
