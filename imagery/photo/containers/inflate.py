"""Unpacking of what a file holds packed, up to a limit."""

from __future__ import annotations

import zlib

MOST_INFLATED = 16_000_000
"""How much is unpacked of one file at most, in bytes."""

TOO_LONG = f"unpacks, with the others, to more than {MOST_INFLATED // 1_000_000} MB"
"""What ``InflateError`` says of too much."""


class InflateError(ValueError):
    """The packed bytes are damaged, or hold more than the limit; the message says which."""


def inflated(packed: bytes, most: int = MOST_INFLATED) -> bytes:
    """What zlib packed.

    Raises:
        InflateError: it is damaged or longer than ``most`` bytes.
    """
    unpacker = zlib.decompressobj()
    try:
        # 0 would be no limit.
        found = unpacker.decompress(packed, max(most, 1))
    except zlib.error as error:
        raise InflateError("is packed and damaged") from error
    if unpacker.unconsumed_tail or len(found) > most:
        raise InflateError(TOO_LONG)
    if not unpacker.eof:
        raise InflateError("is packed and cut short")
    return found


def unbrotlied(packed: bytes, most: int = MOST_INFLATED) -> bytes:
    """What Brotli packed (RFC 7932).

    Raises:
        InflateError: it is damaged or longer than ``most`` bytes.
    """
    import brotli

    unpacker = brotli.Decompressor()
    found = []
    length = 0
    given = packed
    try:
        while not unpacker.is_finished():
            piece: bytes = unpacker.process(given, output_buffer_limit=1 << 20)
            given = b""
            length += len(piece)
            if length > most:
                raise InflateError(TOO_LONG)
            found.append(piece)
            if not piece and unpacker.can_accept_more_data() and not unpacker.is_finished():
                raise InflateError("is packed and cut short")
    except brotli.error as error:
        raise InflateError("is packed and damaged") from error
    return b"".join(found)
