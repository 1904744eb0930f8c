"""JSON objects out of a file, one after the other, in bounded memory.

Three forms: an object a line; one object after the other; and a GeoJSON FeatureCollection (or a
plain array), whose members are given singly while the file is still being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow
from gazetteer.sources.json_text import (
    MAX_OBJECT,
    BreaksOffError,
    JsonText,
    UnusableValueError,
    decode,
)
from gazetteer.sources.lines import line_blocks, too_long

__all__ = ["MAX_OBJECT", "Broken", "FeatureStream", "decode", "objects_by_line"]

_SKIP = re.compile(r"[ \t\r\n,\ufeff\x1e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Stands for a feature that cannot be used, with the reason."""

    why: str


def objects_by_line(
    pieces: Iterable[bytes], *, limit: int = MAX_OBJECT
) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """The object of each line with the line's number; a bad line as a ``BadRow``; blanks left out.

    Raises:
        GazetteerFileError: as ``pieces`` does.
    """
    for first, lines in line_blocks(pieces, limit=limit):
        for number, line in enumerate(lines, start=first):
            if line is None:
                yield number, BadRow(line=number, why=too_long(limit), unit="line")
                continue
            plain = line.strip(b"\x1e \t\r")
            if number == 1:
                plain = plain.removeprefix(b"\xef\xbb\xbf")
            if not plain:
                continue
            try:
                value = decode(plain)
            except ValueError as error:
                yield number, BadRow(line=number, why=f"not JSON ({error})", unit="line")
                continue
            if isinstance(value, dict):
                yield number, value
            else:
                yield number, BadRow(line=number, why="no JSON object", unit="line")


class FeatureStream:
    """The features of a GeoJSON file, or the members of an array, or the one object it is.

    Of several such, one after the other, all are given. What cannot be decoded is given as
    ``Broken``, as is anything else that follows the end.

    Attributes:
        outer: what stood beside ``features`` before them, such as ``crs`` or ``@context``.
    """

    def __init__(self, pieces: Iterable[bytes], name: str) -> None:
        self._json = JsonText(pieces)
        self._name = name
        self.outer: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Any]:
        """Each feature.

        Raises:
            GazetteerFileError: the file is not JSON, or breaks off; what came before was given out.
        """
        first = True
        try:
            while start := self._json.peek():
                if start == "[":
                    self._json.advance()
                    yield from self._members()
                elif start == "{":
                    self._json.advance()
                    yield from self._object()
                elif first:
                    raise self._bad("does not begin with { or [")
                else:
                    yield Broken(why="text after the end of the JSON; not read")
                    return
                first = False
        except BreaksOffError as error:
            raise self._bad(f"breaks off or is not JSON ({str(error)[:120]})") from error
        if first:
            raise self._bad("is empty")

    def _object(self) -> Iterator[Any]:
        whole: dict[str, Any] = {}
        seen = False
        while (char := self._json.peek(_SKIP)) != "}":
            if char != '"':
                raise self._bad("breaks off or is not JSON")
            key = str(self._outer_value())
            if self._json.peek() != ":":
                raise self._bad("is not JSON")
            self._json.advance()
            if key == "features" and self._json.peek() == "[":
                seen = True
                self._json.advance()
                yield from self._members()
            else:
                value = self._outer_value()
                whole[key] = value
                if not isinstance(value, dict | list) or key in ("crs", "@context"):
                    self.outer[key] = value
        self._json.advance()
        if not seen:
            yield whole

    def _outer_value(self) -> Any:
        try:
            return self._json.value()
        except UnusableValueError as error:
            raise self._bad(f"is no usable JSON: {error}") from error

    def _members(self) -> Iterator[Any]:
        while (char := self._json.peek(_SKIP)) != "]":
            if not char:
                raise self._bad("breaks off")
            try:
                yield self._json.value()
            except UnusableValueError as error:
                yield Broken(why=str(error))
        self._json.advance()

    def _bad(self, what: str) -> GazetteerFileError:
        return GazetteerFileError(f"{self._name} {what}; export it again as GeoJSON")
