"""Several children at work, their results in the order of the questions.

Each thread here owns one child and replaces it after a fault. How fast a child is, and which child
read which file, never shows in what comes out.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Generic, TypeVar

from imagery.photo.sandbox.child import Answer, Child, Request
from imagery.photo.sandbox.limits import MOST_MEMORY_BYTES

A = TypeVar("A")
B = TypeVar("B")

TIME_LIMIT_S = 4.5
"""What a file may take: with starting another child afterwards, no file holds up more than 5 s."""

_LOOK_EVERY_S = 0.05
_AHEAD = 200
# A further child takes some tenths of a second to start; fewer files than this it does not pay for.
_FILES_A_CHILD = 6


class Sandbox:
    """Children that read photos. Use it in a ``with`` block; it starts them when they are needed.

    Args:
        workers: how many children at most; None for one a processor.
        trust_list: certificates of authorities whose content credentials are trusted (PEM text).
        time_limit_s: what one file may take, seconds of wall clock.
        memory_bytes: what one child may occupy.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        trust_list: str | None = None,
        time_limit_s: float = TIME_LIMIT_S,
        memory_bytes: int = MOST_MEMORY_BYTES,
    ) -> None:
        self._most = max(1, workers if workers is not None else _processors())
        self._trust_list = trust_list
        self._time_limit_s = time_limit_s
        self._memory_bytes = memory_bytes
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._stopping = threading.Event()
        self._watch: threading.Thread | None = None
        self._peak_kb = 0

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all children."""
        self._closed.set()
        with self._lock:
            children, self._idle = list(self._all), []
        for child in children:
            child.interrupt()
        for child in children:
            self._forget(child)
        if self._watch is not None:
            self._watch.join()
            self._watch = None

    @property
    def peak_child_mb(self) -> float:
        """The most memory that any child occupied, MB of 1,000,000 bytes; 0 where not known."""
        with self._lock:
            kb = max([self._peak_kb, *(child.peak_kb for child in self._all)])
        return kb * 1024 / 1e6

    def ask(self, request: Request) -> Answer:
        """Have one request answered; from any thread.

        A child that is lost over it is replaced. If it had read other files before, a fresh child
        gets the time that is left, so that no file suffers for those before it.
        """
        if self._closed.is_set() or self._stopping.is_set():
            return Answer(fault="crash", said="reading was stopped")
        began = time.monotonic()
        child = self._take()
        used = child.answers > 0
        answer = self._asked(child, request, self._time_limit_s)
        left = self._time_limit_s - (time.monotonic() - began)
        again = used and not answer.usable_child and answer.fault != "timeout" and left > 1.0
        if again and not self._closed.is_set() and not self._stopping.is_set():
            answer = self._asked(self._start(), request, left)
        return answer

    def _asked(self, child: Child, request: Request, time_limit_s: float) -> Answer:
        answer = Answer(fault="crash")
        try:
            answer = child.ask(request, time_limit_s=time_limit_s)
        finally:
            if answer.usable_child and not self._closed.is_set():
                with self._lock:
                    self._idle.append(child)
            else:
                self._forget(child)
        return answer

    def in_order(self, act: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
        """``act`` on every item, several at once; results in the order of the items.

        At most some hundred results wait to be taken. What ``act`` raises is raised here. One such
        run at a time: leaving it early ends the children that are busy.
        """
        run = _Run(act, items)
        threads = [
            threading.Thread(target=run.work, name="photos", daemon=True)
            for _ in range(min(self._most, -(-len(items) // _FILES_A_CHILD)))
        ]
        for thread in threads:
            thread.start()
        finished = False
        try:
            yield from run.results()
            finished = True
        finally:
            run.stop()
            if not finished:
                # Somebody has enough: what is being read will not be waited for.
                self._stopping.set()
                with self._lock:
                    busy = self._all.difference(self._idle)
                for child in busy:
                    child.interrupt()
            for thread in threads:
                thread.join()
            self._stopping.clear()

    def _take(self) -> Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._start()

    def _start(self) -> Child:
        child = Child(trust_list=self._trust_list, memory_bytes=self._memory_bytes)
        with self._lock:
            self._all.add(child)
            if self._watch is None:
                self._watch = threading.Thread(target=self._look, name="photo watch", daemon=True)
                self._watch.start()
        return child

    def _forget(self, child: Child) -> None:
        child.end()
        with self._lock:
            self._all.discard(child)
            self._peak_kb = max(self._peak_kb, child.peak_kb)

    def _look(self) -> None:
        while not self._closed.wait(_LOOK_EVERY_S):
            with self._lock:
                children = list(self._all)
            for child in children:
                child.look_after()


class _Run(Generic[A, B]):
    """Items handed out to threads, results handed back in order."""

    def __init__(self, act: Callable[[A], B], items: Sequence[A]) -> None:
        self._act = act
        self._items = items
        self._next = self._taken = 0
        self._stopped = False
        self._found: dict[int, B | _Raised] = {}
        self._changed = threading.Condition()

    def work(self) -> None:
        """What each thread does."""
        while True:
            with self._changed:
                while not self._stopped and self._next >= self._taken + _AHEAD:
                    self._changed.wait()
                if self._stopped or self._next >= len(self._items):
                    return
                number = self._next
                self._next += 1
            found: B | _Raised
            try:
                found = self._act(self._items[number])
            except BaseException as error:  # noqa: BLE001 - raised again by ``results``
                found = _Raised(error)
            with self._changed:
                self._found[number] = found
                self._changed.notify_all()

    def results(self) -> Iterator[B]:
        """The results in order."""
        for number in range(len(self._items)):
            with self._changed:
                while number not in self._found:
                    # With a limit, so that Ctrl-C is noticed on every system.
                    self._changed.wait(0.5)
                found = self._found.pop(number)
                self._taken = number + 1
                self._changed.notify_all()
            if isinstance(found, _Raised):
                raise found.error
            yield found

    def stop(self) -> None:
        """Hand out nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()


class _Raised:
    """What an item raised."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
