"""The parent's side of one child: start it, ask it, and find out how it ended.

``Child`` runs one request at a time. A watch (``pool``) calls ``look_after`` meanwhile, which ends
a child that takes too long or too much memory; whoever waits for the answer then learns why.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Literal

from imagery.photo.sandbox import wire
from imagery.photo.sandbox.limits import MOST_MEMORY_BYTES

Fault = Literal["timeout", "memory", "crash"]

START_LIMIT_S = 60.0
"""A child that has not started by then, on however busy a machine, will not."""

_GRACE_S = 0.3
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from imagery.photo.sandbox.worker import main; main()"
)
# What an interpreter and its libraries need to start; nothing else of the environment goes along.
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
# Every thread, and every arena of glibc's, takes memory that counts.
_ONLY_ONE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX")


class StartError(RuntimeError):
    """A child does not start: a fault of the installation, and of no photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One job for a child, on the file at ``path`` or, if that is None, on ``data``."""

    job: str
    path: Path | None = None
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request.

    Attributes:
        parts: what the job yielded, also if it ended badly after that.
        refused: an error a person can act on, in words.
        failed: an error that nobody foresaw, in words.
        fault: why the child was lost over it, if it was.
        said: more of the fault, in words.
    """

    parts: tuple[bytes, ...] = ()
    refused: str | None = None
    failed: str | None = None
    fault: Fault | None = None
    said: str = ""

    @property
    def usable_child(self) -> bool:
        """Whether the child may be asked again: an unforeseen error may have left anything."""
        return self.fault is None and self.failed is None


class Child:
    """One child process. Not for several threads at once, but for ``look_after`` and ``end``."""

    def __init__(self, *, trust_list: str | None, memory_bytes: int = MOST_MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._killed_for: Fault | None = None
        self._ready = False
        self._ended = False
        self._deadline_s = time.monotonic() + START_LIMIT_S
        self.peak_kb = 0
        self.answers = 0
        flags = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
        self._process = subprocess.Popen(
            [sys.executable, *flags, "-c", _START, json.dumps(_import_paths())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            # Ctrl-C is for the parent, which ends its children itself.
            start_new_session=True,
        )
        settings = {"trust_list": trust_list, "memory_bytes": memory_bytes}
        # Should it be gone already, the first request says so.
        with contextlib.suppress(OSError):
            self._send((wire.HEAD, json.dumps(settings).encode()))

    def ask(self, request: Request, *, time_limit_s: float) -> Answer:
        """The answer to a request; a lost child is an answer too.

        Raises:
            StartError: the child did not start.
        """
        parts: list[bytes] = []
        try:
            if not self._ready:
                self._receive(0)
                self._ready = True
            head = {
                "job": request.job,
                "is_path": request.path is not None,
                "time_limit_s": time_limit_s,
            }
            body = request.data if request.path is None else os.fsencode(request.path.absolute())
            self._deadline_s = time.monotonic() + time_limit_s
            self._send((wire.HEAD, json.dumps(head).encode()), (wire.BODY, body))
            left = wire.MOST_ANSWER_BYTES
            while True:
                kind, payload = self._receive(left)
                left -= len(payload)
                if kind != wire.PART:
                    break
                parts.append(payload)
        except (OSError, ValueError, wire.BrokenWireError) as error:
            return self._lost(parts, str(error))
        self._deadline_s = float("inf")
        self.answers += 1
        return self._finished(kind, tuple(parts), payload.decode("utf-8", "replace"))

    def _finished(self, kind: bytes, parts: tuple[bytes, ...], said: str) -> Answer:
        if kind == wire.DONE:
            return Answer(parts=parts)
        if kind == wire.REFUSED:
            return Answer(parts=parts, refused=said)
        if kind == wire.FAILED:
            return Answer(parts=parts, failed=said)
        fault: Fault = "memory" if kind == wire.MEMORY else "crash"
        return Answer(parts=parts, fault=fault)

    def _lost(self, parts: list[bytes], said: str = "") -> Answer:
        """Why the child no longer answers."""
        code = self._ended_by_itself()
        fault = self._killed_for
        if fault is None and code:
            if code == -getattr(signal, "SIGALRM", 0):
                fault = "timeout"
            elif code == -getattr(signal, "SIGKILL", 0):
                # Nobody else kills so but the system when memory runs out.
                fault = "memory"
            else:
                said = _ending(code)
        self.end()
        if not self._ready and self._killed_for != "crash":
            raise StartError(
                f"the process that reads photos did not start ({_ending(code or 0)}); "
                f"{sys.executable} -m imagery.photo.sandbox.worker may say why"
            )
        return Answer(parts=tuple(parts), fault=fault or "crash", said=said)

    def _ended_by_itself(self) -> int | None:
        """The code that a child ended with, None if it still runs shortly afterwards."""
        try:
            return self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            return None

    def _send(self, *frames: tuple[bytes, bytes]) -> None:
        stream = _there(self._process.stdin)
        for kind, payload in frames:
            wire.send(stream, kind, payload)
        stream.flush()

    def _receive(self, most_bytes: int) -> tuple[bytes, bytes]:
        return wire.receive(_there(self._process.stdout), most_bytes=most_bytes)

    def look_after(self) -> None:
        """End the child if it is past its time or beyond its memory."""
        with self._lock:
            if self._ended:
                return
            resident_kb = _peak_kb(self._process.pid)
            self.peak_kb = max(self.peak_kb, resident_kb)
            if time.monotonic() > self._deadline_s:
                self._kill("timeout")
            elif resident_kb * 1024 > self._memory_bytes:
                self._kill("memory")

    def _kill(self, why: Fault) -> None:
        if self._killed_for is None and self._process.poll() is None:
            self._killed_for = why
            self._process.kill()

    def interrupt(self) -> None:
        """Kill the child now; whoever waits for its answer gets one."""
        with self._lock:
            if not self._ended:
                self._kill("crash")

    def end(self) -> None:
        """End the child and wait until it is gone."""
        with self._lock:
            if self._ended:
                return
            self.peak_kb = max(self.peak_kb, _peak_kb(self._process.pid))
            self._process.kill()
            self._process.wait()
            self._ended = True
        for stream in (self._process.stdin, self._process.stdout):
            # What was not sent need not be.
            with contextlib.suppress(OSError):
                _there(stream).close()


def _there(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("a child is started with pipes")
    return stream


def _import_paths() -> list[str]:
    """Where a child finds what this process found, editable installations included."""
    roots = []
    for package in ("imagery", "gazetteer"):
        spec = find_spec(package)
        roots += [
            str(Path(place).parent) for place in (spec and spec.submodule_search_locations) or ()
        ]
    return list(dict.fromkeys((*(path for path in sys.path if path), *roots)))


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | dict.fromkeys(_ONLY_ONE, "1")


def _ending(code: int) -> str:
    if code >= 0:
        return f"the reader ended with code {code}"
    try:
        return f"the reader crashed ({signal.Signals(-code).name})"
    except ValueError:
        return f"the reader crashed (signal {-code})"


def _peak_kb(pid: int) -> int:
    """The most memory that a process has occupied; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0
