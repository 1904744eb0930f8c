"""A tiny matcher over sequences: small patterns make larger ones.

A pattern is a function from (items, position) to a ``Match`` or None. Choice is ordered and nothing
is retried once it matched, so a pattern takes time linear in what it reads; there is no
backtracking that hostile text could blow up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern stopped, and the half-open index ranges that it named."""

    end: int
    captures: Mapping[str, tuple[int, int]] = field(default_factory=dict)


Pattern = Callable[[Sequence[T], int], Match | None]


def one(test: Callable[[T], bool]) -> Pattern[T]:
    """One item that passes ``test``."""

    def match(items: Sequence[T], at: int) -> Match | None:
        return Match(at + 1) if 0 <= at < len(items) and test(items[at]) else None

    return match


def seq(*parts: Pattern[T]) -> Pattern[T]:
    """All parts, one after the other."""

    def match(items: Sequence[T], at: int) -> Match | None:
        captures: dict[str, tuple[int, int]] = {}
        for part in parts:
            found = part(items, at)
            if found is None:
                return None
            at = found.end
            captures.update(found.captures)
        return Match(at, captures)

    return match


def alt(*choices: Pattern[T]) -> Pattern[T]:
    """The first choice that matches."""

    def match(items: Sequence[T], at: int) -> Match | None:
        for choice in choices:
            found = choice(items, at)
            if found is not None:
                return found
        return None

    return match


def opt(part: Pattern[T]) -> Pattern[T]:
    """The part, or nothing."""

    def match(items: Sequence[T], at: int) -> Match | None:
        return part(items, at) or Match(at)

    return match


def many(part: Pattern[T], *, most: int = 12) -> Pattern[T]:
    """The part as often as it comes, up to ``most`` times; also not at all."""

    def match(items: Sequence[T], at: int) -> Match | None:
        captures: dict[str, tuple[int, int]] = {}
        for _ in range(most):
            found = part(items, at)
            if found is None or found.end == at:
                break
            at = found.end
            captures.update(found.captures)
        return Match(at, captures)

    return match


def cap(name: str, part: Pattern[T]) -> Pattern[T]:
    """The part, its range remembered under ``name``."""

    def match(items: Sequence[T], at: int) -> Match | None:
        found = part(items, at)
        if found is None:
            return None
        return Match(found.end, {**found.captures, name: (at, found.end)})

    return match
