"""Lines out of pieces of bytes, in bounded memory.

A file of one line of five gigabytes is no table, but reading it must not take five gigabytes: a
line beyond the limit is passed over and stands as None in its block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MAX_LINE = 2**20
"""Longest line taken, in bytes."""

Line = bytes | None


def line_blocks(
    pieces: Iterable[bytes], *, limit: int = MAX_LINE
) -> Iterator[tuple[int, list[Line]]]:
    """Lines without the line feed at their end (a carriage return stays), many at a time.

    Yields:
        The number of a block's first line, from 1, and its lines; None for one over the limit.
    """
    number = 1
    rest = b""
    too_long = False
    for piece in pieces:
        at = 0
        if too_long:
            end = piece.find(b"\n")
            if end < 0:
                continue
            yield number, [None]
            number += 1
            too_long = False
            at = end + 1
        data = rest + piece[at:] if rest or at else piece
        end = data.rfind(b"\n")
        if end >= 0:
            lines: list[Line] = data[:end].split(b"\n")  # type: ignore[assignment]
            if len(data) > limit:
                lines = [line if line is None or len(line) <= limit else None for line in lines]
            yield number, lines
            number += len(lines)
        rest = data[end + 1 :]
        if len(rest) > limit:
            rest, too_long = b"", True
    if too_long:
        yield number, [None]
    elif rest:
        yield number, [rest]


def too_long(limit: int = MAX_LINE) -> str:
    """What a ``BadRow`` says of a line that stands as None."""
    return f"the line is longer than {limit:,} bytes"
