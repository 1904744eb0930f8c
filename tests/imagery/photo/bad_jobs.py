"""A child whose reader does what the file says: every way in which a parser can go wrong."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from imagery.errors import PhotoError
from imagery.photo.facts import PhotoFacts
from imagery.photo.sandbox import jobs, worker
from imagery.photo.sandbox.codec import encode
from imagery.photo.sandbox.jobs import Given

SEEN: list[bytes] = []


def facts(given: Given) -> Iterator[bytes]:
    """Answer as the file demands."""
    import hashlib

    data = given.read()
    SEEN.append(data)
    word = data.split(b" ")[0].decode("ascii")
    good = PhotoFacts(path="x", sha256=hashlib.sha256(data).hexdigest(), status="ok", format="JPEG")
    if word == "loop":
        while True:
            time.sleep(0.01)
    if word == "deaf":
        # Neither the parent's polite wish nor the alarm is heard.
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            time.sleep(0.01)
    elif word == "eat":
        hoard = []
        while True:
            hoard.append(b"x" * (4 << 20))
    elif word == "crash":
        ctypes.string_at(0)
    elif word == "leave":
        os._exit(3)
    elif word == "raise":
        raise KeyError(data)
    elif word == "print":
        print("P\0\0\0\1!" * 1000)  # noqa: T201
        os.write(1, b"D\0\0\0\0")
        sys.stdout.flush()
    elif word == "lots":
        for _ in range(40):
            yield bytes(100_000)
    elif word == "gibberish":
        yield b"[" * 500_000
        return
    elif word == "swap":
        good = replace(good, sha256="0" * 64)
    elif word == "partly":
        yield encode(good)
        while True:
            time.sleep(0.01)
    elif word == "connect":
        socket.create_connection(("127.0.0.1", 9))
    elif word == "write":
        Path(data.split(b" ", 1)[1].decode()).write_bytes(b"x")
    elif word == "empty":
        os.close(os.open(data.split(b" ", 1)[1].decode(), os.O_RDONLY | os.O_TRUNC))
    elif word == "run":
        os.system("true")
    elif word == "slow":
        time.sleep(0.2)
    elif word == "history":
        good = replace(good, software=f"{len(SEEN)}")
    elif word == "tired" and len(SEEN) > 1:
        raise MemoryError
    elif word == "weary" and len(SEEN) > 1:
        raise PhotoError("the pixels cannot be decoded") from MemoryError()
    yield encode(good)


# The child imports this file before its ``main`` runs.
jobs.JOBS = {"facts": facts, "facts and pixels": facts}
worker._warm_up = lambda: None
