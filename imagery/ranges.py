"""A file on a web server, read in parts.

GDAL can read files over HTTP by itself, and past everything that ``imagery.http`` sees to: which
addresses may be connected to, also after a redirect; limits of time and size; what is kept as
evidence. So GDAL is given this instead: a file whose parts come through ``imagery.fetcher``. The
archive then holds the very bytes that the pixels were decoded from, and a second run reads them
from the cache without a network.
"""

from __future__ import annotations

import io
import re
import threading
from bisect import bisect_right
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from imagery.errors import HttpError, ImageryError
from imagery.fetcher import MOST_CONNECTIONS, Fetcher

if TYPE_CHECKING:
    from imagery.http import Fetched

PAGE = 65_536
"""What is asked for at least: a file's directory mostly fits into the first such part."""
MOST_BYTES = 128_000_000
"""Read of one file."""
_MOST_WHOLE = 32_000_000
_MOST_PART = 64_000_000
_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})", re.ASCII)


class RemoteFile:
    """The parts of one file fetched so far; may be read from several threads.

    Args:
        url: unsigned.
        fetcher: fetches.

    ``error`` is the first failure. GDAL cannot pass on an exception of what it reads from, so a
    reader gives it an end of file, and whoever called GDAL asks here why.
    """

    def __init__(self, url: str, fetcher: Fetcher) -> None:
        self.url = url
        self.error: ImageryError | None = None
        self._fetcher = fetcher
        self._starts: list[int] = []
        self._parts: list[bytes] = []
        self._size: int | None = None
        self._etag: str | None = None
        self._read = 0
        self._lock = threading.RLock()

    @property
    def size(self) -> int:
        """Bytes of the whole file.

        Raises:
            HttpError: the server does not answer, or not as it should.
        """
        with self._lock:
            if self._size is None:
                self._fetch(0, PAGE - 1)
            assert self._size is not None
            return self._size

    def read(self, at: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``at`` on; fewer only at the end of the file.

        Raises:
            HttpError: they cannot be fetched.
        """
        count = min(count, self.size - at)
        pieces: list[bytes] = []
        with self._lock:
            while count > 0:
                known = self._known(at)
                if not known:
                    # From a page's edge, so that the same parts are asked for the next time, but
                    # not over what is there already; a long read in one request.
                    first = at // PAGE * PAGE
                    last = max(first + PAGE, -(-(at + count) // PAGE) * PAGE) - 1
                    self._fetch(first, min(last, first + _MOST_PART - 1, self.size - 1))
                    known = self._known(at)
                    if not known:
                        raise HttpError(self.url, "the server left out a part of the file")
                pieces.append(known[:count])
                at, count = at + len(pieces[-1]), count - len(pieces[-1])
        return b"".join(pieces)

    def prefetch(self, spans: Iterable[tuple[int, int]]) -> None:
        """Fetch parts (offset, length) side by side that are going to be read.

        Raises:
            HttpError: one cannot be fetched.
        """
        wanted = []
        for at, length in dict.fromkeys(spans):
            end = min(at + length, self.size)
            if at < end and end - at <= _MOST_PART and len(self._known(at)) < end - at:
                wanted.append((at, end - 1))
        if len(wanted) == 1:
            self._fetch(*wanted[0])
        elif wanted:
            with ThreadPoolExecutor(min(MOST_CONNECTIONS, len(wanted))) as pool:
                for _ in pool.map(lambda span: self._fetch(*span), wanted):
                    pass

    def _known(self, at: int) -> bytes:
        """What is there from ``at`` on, of one part."""
        with self._lock:
            number = bisect_right(self._starts, at) - 1
            # Parts can overlap: the one that begins last need not be the one that reaches on.
            while number >= 0:
                start, part = self._starts[number], self._parts[number]
                if at < start + len(part):
                    return part[at - start :]
                if at - start > _MOST_PART:
                    break
                number -= 1
        return b""

    def _fetch(self, first: int, last: int) -> None:
        if self._read + (last - first + 1) > MOST_BYTES:
            raise HttpError(
                self.url, f"more than {MOST_BYTES // 1_000_000} MB of one file; ask for less ground"
            )
        fetched = self._part(first, last)
        size = self._size_told(fetched, first, last)
        if self._differs(fetched, size):
            # Parts in the cache can be of an older file. This one, then the first, which the file's
            # directory stands in, are fetched anew, so that the next reading finds one file.
            fetched = self._part(first, last, anew=True)
            size = self._size_told(fetched, first, last)
            if self._differs(fetched, size):
                with suppress(HttpError):
                    self._part(0, PAGE - 1, anew=True)
                raise HttpError(
                    self.url, "the file was changed on the server while it was read; try again"
                )
        with self._lock:
            self._size = size
            self._etag = self._etag or fetched.headers.get("etag")
            self._read += len(fetched.body)
            place = bisect_right(self._starts, first)
            self._starts.insert(place, first)
            self._parts.insert(place, fetched.body)

    def _part(self, first: int, last: int, *, anew: bool = False) -> Fetched:
        # A server that knows no parts answers the first request with all of it.
        most = _MOST_WHOLE if first == 0 else last - first + 1
        age = timedelta(0) if anew else None
        return self._fetcher.get(self.url, span=(first, last), most_bytes=most, max_age=age)

    def _size_told(self, fetched: Fetched, first: int, last: int) -> int:
        """Size of the whole file by an answer, which has to be the part that was asked for."""
        if fetched.status != 206:
            if first != 0:
                raise HttpError(self.url, "the server does not send parts of files")
            return len(fetched.body)
        said = _RANGE.fullmatch(fetched.headers.get("content-range", "").strip())
        if said is None:
            raise HttpError(self.url, "the server does not say which part of the file it sent")
        begins, ends, size = (int(said[n]) for n in (1, 2, 3))
        length = len(fetched.body)
        if begins != first or ends - begins + 1 != length or ends > min(last, size - 1):
            raise HttpError(self.url, "the server sent another part than was asked for")
        return size

    def _differs(self, fetched: Fetched, size: int) -> bool:
        """Whether an answer is of another file than those before."""
        with self._lock:
            etag = fetched.headers.get("etag")
            known = self._etag is not None and etag is not None
            return self._size not in {None, size} or (known and etag != self._etag)


class RemoteReader(io.RawIOBase):
    """A position in a ``RemoteFile``, for GDAL."""

    def __init__(self, file: RemoteFile) -> None:
        super().__init__()
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def tell(self) -> int:
        """The position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position."""
        try:
            start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
            self._at = max(0, (self._file.size if start is None else start) + offset)
        except ImageryError as error:
            self._file.error = self._file.error or error
        return self._at

    def read(self, count: int | None = -1) -> bytes:
        """Bytes from the position on; none where they cannot be had."""
        if self._file.error is not None:
            return b""
        try:
            left = self._file.size - self._at
            wanted = left if count is None or count < 0 else min(count, left)
            data = self._file.read(self._at, wanted) if wanted > 0 else b""
        except ImageryError as error:
            self._file.error = error
            return b""
        self._at += len(data)
        return data
