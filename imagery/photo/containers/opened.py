"""A file that is read slice by slice, so that a large one need not stand in memory."""

from __future__ import annotations

import os
from io import BufferedReader


class OpenFile:
    """The bytes of an open file, as ``parts.Source``; it must stay open meanwhile."""

    def __init__(self, handle: BufferedReader) -> None:
        self.handle = handle
        self._length = os.fstat(handle.fileno()).st_size

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, piece: slice, /) -> bytes:
        start, stop, _ = piece.indices(self._length)
        self.handle.seek(start)
        return self.handle.read(max(0, stop - start))
