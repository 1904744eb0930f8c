"""JSON objects out of a file, one after the other, in bounded memory.

Three forms: an object a line; one object after the other; and a GeoJSON FeatureCollection (or a
plain array), whose members are given singly while the file is still being read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow
from gazetteer.sources.lines import line_blocks, too_long

MAX_OBJECT = 64 * 2**20
"""Longest object taken, in characters: the outline of a large country, finely drawn, is 30 MB."""

MAX_DEPTH_HINT = "nested too deeply"

_SPACE = re.compile(r"[ \t\r\n\ufeff\x1e]*")
_SKIP = re.compile(r"[ \t\r\n,\ufeff\x1e]*")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def decode(text: str | bytes) -> Any:
    """One JSON value.

    Raises:
        ValueError: it is none, holds NaN, or is nested too deeply to be read.
    """
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError(MAX_DEPTH_HINT) from error


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
                yield number, BadRow(line=number, why=too_long(limit))
                continue
            plain = line.strip(b"\x1e \t\r")
            if number == 1:
                plain = plain.removeprefix(b"\xef\xbb\xbf")
            if not plain:
                continue
            try:
                value = decode(plain)
            except ValueError as error:
                yield number, BadRow(line=number, why=f"not JSON ({error})")
                continue
            if isinstance(value, dict):
                yield number, value
            else:
                yield number, BadRow(line=number, why="no JSON object")


class FeatureStream:
    """The features of a GeoJSON file, or the members of an array, or the one object it is.

    Attributes:
        outer: what stood beside ``features`` before them, such as ``crs`` or ``@context``.
    """

    def __init__(self, pieces: Iterable[bytes], name: str) -> None:
        self._pieces = iter(pieces)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._name = name
        self._text = ""
        self._at = 0
        self._ended = False
        self.outer: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Any]:
        """Each feature.

        Raises:
            GazetteerFileError: the file is not JSON (any more); what came before was given out.
        """
        start = self._peek()
        if start == "[":
            self._at += 1
            yield from self._members()
            return
        if start != "{":
            raise self._bad("does not begin with { or [")
        self._at += 1
        whole: dict[str, Any] = {}
        seen = False
        while (char := self._peek(_SKIP)) != "}":
            if char != '"':
                raise self._bad("breaks off")
            key = str(self._value())
            if self._peek() != ":":
                raise self._bad("is not JSON")
            self._at += 1
            if key == "features" and self._peek() == "[":
                seen = True
                self._at += 1
                yield from self._members()
            else:
                value = self._value()
                whole[key] = value
                if not isinstance(value, dict | list) or key in ("crs", "@context"):
                    self.outer[key] = value
        if not seen:
            yield whole

    def _members(self) -> Iterator[Any]:
        while (char := self._peek(_SKIP)) != "]":
            if not char:
                raise self._bad("breaks off")
            yield self._value()
        self._at += 1

    def _peek(self, skip: re.Pattern[str] = _SPACE) -> str:
        while True:
            found = skip.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _value(self) -> Any:
        """The value that begins here; read on until it is whole."""
        self._peek()
        wanted = 0
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise self._bad(f"is {MAX_DEPTH_HINT}") from error
            except ValueError as error:
                problem = error
            else:
                # A number may go on in the next piece.
                if end < len(self._text) or self._ended or not isinstance(value, int | float):
                    self._at = end
                    return value
                problem = ValueError("it breaks off in a number")
            have = len(self._text) - self._at
            if have > MAX_OBJECT:
                raise self._bad(f"has one object of over {MAX_OBJECT:,} characters")
            # Doubled each time, so that a long object is not tried once for each piece.
            wanted = max(2 * have, wanted, 65_536)
            while len(self._text) - self._at < wanted:
                if not self._more():
                    break
            if len(self._text) - self._at == have:
                raise self._bad(f"is not JSON ({problem})") from problem

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = next(self._pieces, None)
        try:
            text = self._decoder.decode(piece or b"", final=piece is None)
        except UnicodeDecodeError as error:
            raise self._bad("is not UTF-8") from error
        self._ended = piece is None
        if text:
            self._text = self._text[self._at :] + text
            self._at = 0
        return not self._ended or bool(text)

    def _bad(self, what: str) -> GazetteerFileError:
        return GazetteerFileError(f"{self._name} {what}; export it again as GeoJSON")
