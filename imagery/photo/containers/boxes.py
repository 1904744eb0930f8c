"""Boxes of the ISO base media format (ISO/IEC 14496-12, 4.2): HEIF, AVIF, CR3, JPEG XL."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from imagery.photo.containers.parts import Draft, Source

_MOST_BOXES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box: its four letters, and where its content starts and stops in the file.

    ``cut`` is how many bytes of it the file or the box around it lacks.
    """

    kind: bytes
    start: int
    stop: int
    cut: int = 0


def boxes(data: Source, start: int, stop: int, draft: Draft) -> Iterator[Box]:
    """The boxes that lie between ``start`` and ``stop``, which is the end of what they lie in.

    Ends at the first that cannot be one; a size of 0 means all the rest, but a size that does not
    even hold the box's own head is damage, as such boxes have led readers in circles.
    """
    stop = min(stop, len(data))
    at = start
    for _ in range(_MOST_BOXES):
        if at >= stop:
            return
        head = data[at : min(at + 16, stop)]
        if len(head) < 8:
            draft.trouble("there are stray bytes behind its last box")
            return
        size, kind = struct.unpack_from(">I4s", head)
        inside = 8
        if size == 1 and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
            inside = 16
        elif size == 0:
            size = stop - at
        if size < inside:
            name = kind.decode("latin-1")
            draft.trouble(f"its {name!r} box claims a size of {size} bytes", metadata=True)
            return
        end = at + size
        yield Box(
            kind=kind, start=at + inside, stop=min(end, stop), cut=end - stop if end > stop else 0
        )
        at = end
    draft.trouble("it has more boxes than any picture needs", metadata=True)


def named(kind: bytes) -> str:
    """The letters of a box as text."""
    return kind.decode("latin-1").strip()
