"""A file of named flat arrays, written one after the other and mapped into memory to be read.

Its layout::

    magic | arrays, each at a multiple of 64 bytes | footer (JSON) | length of footer | magic

The footer comes last, so that arrays may be written as they are made; a file without its last bytes
is no file of arrays.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

_MAGIC = b"osintnm\n"
_ALIGN = 64


class ArrayWriter:
    """Writes the file; a context manager that ends it when all went well.

    Raises:
        OSError: from any method, where the disk does not take it.
    """

    def __init__(self, path: Path, facts: Mapping[str, Any]) -> None:
        self._facts = dict(facts)
        self._arrays: dict[str, tuple[str, int, int]] = {}
        self._open: tuple[str, np.dtype[Any], int] | None = None
        self._path = path
        self._file = path.open("wb")
        self._file.write(_MAGIC)

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._end()
        finally:
            self._file.close()

    def begin(self, name: str, dtype: npt.DTypeLike) -> None:
        """Start an array; what is appended from now on is part of it."""
        self._close_array()
        self._file.seek(-(-self._file.tell() // _ALIGN) * _ALIGN)
        self._open = (name, np.dtype(dtype), self._file.tell())

    def append(self, values: npt.NDArray[Any] | bytes) -> None:
        """Add to the array that was begun last."""
        assert self._open is not None
        if isinstance(values, bytes):
            self._file.write(values)
        else:
            self._file.write(np.ascontiguousarray(values, dtype=self._open[1]).data)

    def add(self, name: str, values: npt.NDArray[Any], dtype: npt.DTypeLike | None = None) -> None:
        """One array as a whole."""
        self.begin(name, values.dtype if dtype is None else dtype)
        self.append(values)

    def written(self, name: str) -> npt.NDArray[Any]:
        """An array that is complete, mapped back from the file."""
        self._close_array()
        self._file.flush()
        dtype, start, count = self._arrays[name]
        if not count:
            return np.zeros(0, dtype=dtype)
        return np.memmap(self._path, dtype=dtype, mode="r", offset=start, shape=count).view(
            np.ndarray
        )

    def _close_array(self) -> None:
        if self._open is not None:
            name, dtype, start = self._open
            count, rest = divmod(self._file.tell() - start, dtype.itemsize)
            assert not rest
            self._arrays[name] = (dtype.str, start, count)
            self._open = None

    def _end(self) -> None:
        self._close_array()
        footer = json.dumps({**self._facts, "arrays": self._arrays}).encode()
        self._file.write(footer + struct.pack("<Q", len(footer)) + _MAGIC)
        self._file.flush()
        os.fsync(self._file.fileno())


def open_arrays(path: Path) -> tuple[dict[str, Any], Arrays]:
    """Facts and arrays of a file; the arrays are read-only views of the mapped file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged or no such file.
    """
    whole = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
    tail = len(_MAGIC) + 8
    if len(whole) < 2 * tail or bytes(whole[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("it does not begin as an index does")
    if bytes(whole[-len(_MAGIC) :]) != _MAGIC:
        raise ValueError("its end is missing")
    (length,) = struct.unpack("<Q", bytes(whole[-tail : -len(_MAGIC)]))
    if length > len(whole) - tail:
        raise ValueError("its footer is damaged")
    facts = json.loads(bytes(whole[len(whole) - tail - length : -tail]))
    if not isinstance(facts, dict) or not isinstance(facts.get("arrays"), dict):
        raise ValueError("its footer is damaged")  # noqa: TRY004 - the file's fault
    arrays: Arrays = {}
    for name, (dtype, start, count) in facts.pop("arrays").items():
        kind = np.dtype(dtype)
        stop = start + count * kind.itemsize
        if not 0 <= start <= stop <= len(whole):
            raise ValueError(f"its array {name} is cut off")
        arrays[name] = whole[start:stop].view(kind)
    return facts, arrays
