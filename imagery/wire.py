"""The wire under a session: connections to an address that was judged, cut off on time."""

from __future__ import annotations

import heapq
import itertools
import os
import socket
import threading
import time
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from imagery.errors import HttpError


class _Watch:
    """One thread that cuts off whatever runs out of time.

    A timer of its own for each fetch would be a thread for each: starting those takes longer than
    a fetch from a server nearby.
    """

    _MOST_DONE = 4096

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._number = itertools.count()
        self._process: int | None = None

    def add(self, deadline: Deadline, end: float) -> None:
        """Cut this one at that time of ``time.monotonic``, unless it is done by then."""
        with self._wake:
            if self._process != os.getpid():
                # Threads do not live on in a forked process.
                self._waiting.clear()
                self._process = os.getpid()
                threading.Thread(target=self._run, daemon=True, name="deadlines").start()
            if len(self._waiting) > self._MOST_DONE:
                self._waiting = [one for one in self._waiting if not one[2].done]
                heapq.heapify(self._waiting)
            heapq.heappush(self._waiting, (end, next(self._number), deadline))
            if self._waiting[0][2] is deadline:
                self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
                end, _, deadline = self._waiting[0]
                left_s = end - time.monotonic()
                if left_s > 0 and not deadline.done:
                    self._wake.wait(left_s)
                    continue
                heapq.heappop(self._waiting)
            if not deadline.done:
                deadline.cut()


_WATCH = _Watch()


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
        self.done = False

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return self.remaining_s() <= 0

    def __enter__(self) -> Self:
        _WATCH.add(self, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        self.done = True
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
            self.cut()

    def _hold(self, connected: socket.socket | None, *, owned: bool) -> None:
        with self._lock:
            if self._owned and self._socket is not None:
                self._socket.close()
            self._socket, self._owned = connected, owned

    def error(self, url: str) -> HttpError:
        """What a fetch that ran out of time ends in."""
        return HttpError(url, f"not finished within {self._seconds:.3g} s")

    def cut(self) -> None:
        """Shut down the socket that is guarded."""
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
