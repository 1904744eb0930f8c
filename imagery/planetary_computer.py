"""Signatures for the files of Microsoft's Planetary Computer.

Its storage answers signed addresses only. A signature is given to anyone, for all files of one
container, for about an hour. It is asked for here with our own session, so that its limits hold for
that request too; the package ``planetary-computer`` brings a session of its own.
"""

from __future__ import annotations

import json
import re
import threading
import time
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from imagery.errors import HttpError
from imagery.stac_item import read_moment

if TYPE_CHECKING:
    from imagery.http import Session

TOKENS = "https://planetarycomputer.microsoft.com/api/sas/v1/token"
STAC = "https://planetarycomputer.microsoft.com/api/stac/v1"
_STORAGE = ".blob.core.windows.net"
_NAME = re.compile(r"[a-z0-9-]{3,63}", re.ASCII)
_TOKEN = re.compile(r"[!-~]{1,2000}", re.ASCII)
_MOST_BYTES = 20_000
_MARGIN_S = 120.0
_MOST_VALID_S = 6 * 3600.0


class PlanetaryComputer:
    """Signs addresses of Azure blob storage; see ``fetcher.Signer``.

    Args:
        tokens: where signatures are given.
        storage: how the names of its servers end.
    """

    def __init__(self, tokens: str = TOKENS, storage: str = _STORAGE) -> None:
        self._tokens = tokens
        self._storage = storage
        self._known: dict[tuple[str, str], tuple[str, float]] = {}
        self._lock = threading.Lock()

    def sign(self, url: str, session: Session) -> str:
        """The address with a signature; unchanged if it is of another server or has one.

        Raises:
            HttpError: no signature could be had.
        """
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise HttpError(url, "is no address") from error
        host = parts.hostname or ""
        container = parts.path.strip("/").split("/", 1)[0]
        account = host.removesuffix(self._storage)
        ours = host.endswith(self._storage) and _NAME.fullmatch(container)
        if not ours or not _NAME.fullmatch(account) or "sig=" in parts.query:
            return url
        # One at a time: eight threads that begin together need one signature, not eight.
        with self._lock:
            token, until = self._known.get((account, container), ("", 0.0))
            if time.monotonic() >= until:
                token, valid_s = self._ask(account, container, session)
                self._known[account, container] = token, time.monotonic() + valid_s - _MARGIN_S
        return f"{url}{'&' if parts.query else '?'}{token}"

    def _ask(self, account: str, container: str, session: Session) -> tuple[str, float]:
        at = f"{self._tokens}/{account}/{container}"
        fetched = session.get(at, max_bytes=_MOST_BYTES)
        try:
            answer = json.loads(fetched.body)
            token = answer["token"]
            expires = read_moment(answer["msft:expiry"])
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise HttpError(at, "no signature in the answer") from error
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise HttpError(at, "no signature in the answer")
        valid_s = (expires - fetched.retrieved_at.astimezone(UTC)).total_seconds()
        return token, min(valid_s, _MOST_VALID_S)
