"""One JSON value after the other out of a text that comes in pieces, the bad ones passed by.

A value that is complete but cannot be decoded, nested too deeply or too long costs itself only: its
end is where its brackets close. Where they never do, the text breaks off.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any

MAX_OBJECT = 64 * 2**20
"""Longest object taken, in characters: the outline of a large country, finely drawn, is 30 MB."""

MOST_PASSED_BY = 2**28
"""Longest object passed by, in characters; a file with a longer one is no file of places."""

MOST_DEPTH = 1_000_000
"""Most levels that the end of an object is looked for under."""

TOO_DEEP = "nested too deeply"

SPACE = re.compile(r"[ \t\r\n\ufeff\x1e]*")
_FIRST = 65_536
_MARK = re.compile(r'["\[\]{}]')
_STRING_END = re.compile(r'["\\]')
_ENDS = re.compile(r"[\s,\]}\x1e]")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
# NaN and infinity come through as such, and line breaks in strings: many programs write them, and
# whoever reads coordinates and names checks those.
_DECODER = json.JSONDecoder(strict=False)


def decode(text: str | bytes) -> Any:
    """One JSON value; NaN and infinities are numbers.

    Raises:
        ValueError: it is none, or nested too deeply to be read.
    """
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error


class UnusableValueError(ValueError):
    """Why a value that was passed by cannot be used."""


class BreaksOffError(ValueError):
    """The text ends, or turns to something else, within a value."""


class JsonText:
    """A text that comes in pieces, and how far it has been read.

    Bytes that are no UTF-8 come out as U+FFFD.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self, skip: re.Pattern[str] = SPACE) -> str:
        """The next character after what ``skip`` matches, "" at the end."""
        while True:
            found = skip.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def advance(self) -> None:
        """Pass the character by that ``peek`` gave."""
        self._at += 1

    def value(self) -> Any:
        """The value that begins here; read on until it is whole.

        Raises:
            UnusableValueError: it is whole but cannot be decoded, and has been passed by.
            BreaksOffError: it does not end.
        """
        self.peek()
        end = _End()
        while True:
            try:
                value, stop = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                problem, hopeless = TOO_DEEP, True
            except ValueError as error:
                problem, hopeless = getattr(error, "msg", str(error)), False
            else:
                # A number may go on in the next piece: "-0." is read as -0 so far.
                if not isinstance(value, int | float) or _ENDS.match(self._text, stop):
                    self._at = stop
                    return value
                if stop == len(self._text) and self._ended:
                    self._at = stop
                    return value
                problem, hopeless = "a number that is none", False
            closed = end.find(self._text, self._at)
            if closed is not None and (closed < len(self._text) or self._ended):
                self._at = closed
                raise UnusableValueError(f"not JSON ({problem[:120]})")
            if hopeless or len(self._text) - self._at > MAX_OBJECT:
                self._pass_by(end)
                raise UnusableValueError(
                    TOO_DEEP if hopeless else f"an object of over {MAX_OBJECT:,} characters"
                )
            if not self._more_by(len(self._text) - self._at):
                raise BreaksOffError(problem)

    def _pass_by(self, end: _End) -> None:
        """Go to the end of a value without keeping it."""
        passed = 0
        while (closed := end.find(self._text, self._at)) is None:
            gone = end.moved()
            self._at += gone
            passed += gone
            if passed > MOST_PASSED_BY:
                raise BreaksOffError(f"an object of over {MOST_PASSED_BY:,} characters")
            if not self._more():
                raise BreaksOffError("it does not end")
        self._at = closed

    def _more_by(self, have: int) -> bool:
        """As much again, so that a long value is not tried once a piece; False at the end."""
        wanted = max(2 * have, _FIRST)
        while len(self._text) - self._at < wanted:
            if not self._more():
                break
        return len(self._text) - self._at > have

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = next(self._pieces, None)
        text = self._decoder.decode(piece or b"", final=piece is None)
        self._ended = piece is None
        if text:
            self._text = self._text[self._at :] + text
            self._at = 0
        return not self._ended or bool(text)


class _End:
    """Looks for the end of a value by its brackets and quotes, going on where it left off."""

    def __init__(self) -> None:
        self._offset = 0
        self._depth = 0
        self._quoted = False
        self._scalar = False

    def moved(self) -> int:
        """Have the value begin where ``find`` came to; returns how many characters that is."""
        gone, self._offset = self._offset, 0
        return gone

    def find(self, text: str, start: int) -> int | None:
        """Where the value that begins at ``start`` ends, None if not in this text.

        Raises:
            BreaksOffError: it is nested beyond all measure.
        """
        at = start + self._offset
        if at == start and not self._depth and not self._quoted and not self._scalar:
            self._scalar = text[at : at + 1] not in ('"', "[", "{")
        while at < len(text):
            if self._scalar:
                found = _ENDS.search(text, at)
                if found:
                    # At least one character, so that reading on gets somewhere.
                    return max(found.start(), start + 1)
                break
            found = (_STRING_END if self._quoted else _MARK).search(text, at)
            if found is None:
                break
            at = found.end()
            mark = found.group()
            if mark == "\\":
                if at >= len(text):
                    # What it stands before comes with the next piece.
                    self._offset = at - 1 - start
                    return None
                at += 1
            elif mark == '"':
                whole = None if self._quoted else _STRING.match(text, at - 1)
                if whole:
                    at = whole.end()
                else:
                    self._quoted = not self._quoted
                if not self._quoted and not self._depth:
                    return at
            else:
                self._depth += 1 if mark in "[{" else -1
                if self._depth <= 0:
                    return at
                if self._depth > MOST_DEPTH:
                    raise BreaksOffError(f"nested in more than {MOST_DEPTH:,} levels")
        self._offset = len(text) - start
        return None
