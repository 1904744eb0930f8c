"""Frames between parent and child: one letter, a length, so many bytes. No pickles.

A request is a HEAD frame of JSON and a BODY frame of bytes. An answer is any number of PART frames
and one that ends it: DONE, REFUSED (an error a person can act on), MEMORY, or FAILED (an error that
nobody foresaw).
"""

from __future__ import annotations

import struct
from typing import IO

HEAD, BODY = b"H", b"B"
READY, PART, DONE, REFUSED, MEMORY, FAILED = b"Y", b"P", b"D", b"R", b"M", b"F"
ENDS = (DONE, REFUSED, MEMORY, FAILED)

MOST_ANSWER_BYTES = 2_000_000
"""An answer that is longer, all its frames together, is not read to its end."""

MOST_REQUEST_BYTES = 256_000_000

_PREFIX = struct.Struct(">cI")


class BrokenWireError(Exception):
    """The other side ended, or sent what is no frame, or too long a one."""


def send(stream: IO[bytes], kind: bytes, payload: bytes = b"") -> None:
    """Write one frame; ``flush`` afterwards."""
    stream.write(_PREFIX.pack(kind, len(payload)))
    stream.write(payload)


def receive(stream: IO[bytes], *, most_bytes: int) -> tuple[bytes, bytes]:
    """The next frame as (kind, payload).

    Raises:
        BrokenWireError: the stream ended, or the frame is longer than ``most_bytes``.
    """
    prefix = stream.read(_PREFIX.size)
    if len(prefix) < _PREFIX.size:
        raise BrokenWireError("the stream ended")
    kind, size = _PREFIX.unpack(prefix)
    if size > most_bytes:
        raise BrokenWireError(f"a frame of {size} bytes where {most_bytes} are allowed")
    payload = stream.read(size)
    if len(payload) < size:
        raise BrokenWireError("the stream ended within a frame")
    return kind, payload
