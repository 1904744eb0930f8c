"""The wire under a session: connections to an address that was judged, cut off on time."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from imagery.errors import HttpError


class Deadline:
    """Ends one ``get`` on time, also against a server that sends a byte every few seconds.

    Read timeouts start anew with every byte, and a line of a head is read in one call; so at the
    deadline the socket itself is shut down.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._owned = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return self.remaining_s() <= 0

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._hold(None, owned=False)

    def remaining_s(self) -> float:
        """Seconds left; below zero when the time is over."""
        return self._end - time.monotonic()

    def guard(self, connected: socket.socket | None, *, owned: bool = False) -> None:
        """Shut this socket down at the deadline, or now if that has passed.

        One that is ``owned`` is closed when another is guarded or the work is done.
        """
        self._hold(connected, owned=owned)
        if self.passed:
            self._cut()

    def _hold(self, connected: socket.socket | None, *, owned: bool) -> None:
        with self._lock:
            if self._owned and self._socket is not None:
                self._socket.close()
            self._socket, self._owned = connected, owned

    def error(self, url: str) -> HttpError:
        """What a fetch that ran out of time ends in."""
        return HttpError(url, f"not finished within {self._seconds:.3g} s")

    def _cut(self) -> None:
        with self._lock:
            if self._socket is not None:
                try:
                    # Of the plain class: an SSL socket's own would unwrap it under its reader.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
                except OSError:
                    # Closed already, which is what was wanted.
                    return


class _Current(threading.local):
    """The deadline of the fetch that the thread is at."""

    deadline: Deadline | None = None


CURRENT = _Current()
"""Set around ``PinningAdapter.send``; connections ask it for the deadline they work under."""


class _HttpConnection(HTTPConnection):
    def getresponse(self) -> Any:
        if CURRENT.deadline is not None:
            CURRENT.deadline.guard(self.sock)
        return super().getresponse()


class _HttpsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        if CURRENT.deadline is not None:
            # A copy: the secure connection that is agreed on next takes over the original, and a
            # server can make that agreeing last for ever, byte by byte.
            CURRENT.deadline.guard(connected.dup(), owned=True)
        return connected

    def getresponse(self) -> Any:
        if CURRENT.deadline is not None:
            CURRENT.deadline.guard(self.sock)
        return super().getresponse()


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class PinnedRequest(requests.PreparedRequest):
    """A request that goes to a given address, whatever the name in its URL means by now."""

    address: str = ""


class PinningAdapter(HTTPAdapter):
    """Connects to the pinned address; name checks of TLS stay with the name."""

    def __init__(self) -> None:
        super().__init__(pool_connections=32, pool_maxsize=16, max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The pool of the pinned address, one for each name that TLS must be valid for."""
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        if not isinstance(request, PinnedRequest) or not request.address:
            raise ValueError("a request needs the address it is to go to")
        tls["server_hostname"] = str(host["host"]).strip("[]")
        host["host"] = request.address
        return host, tls
