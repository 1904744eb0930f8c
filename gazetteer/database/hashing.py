"""64-bit hashes of keys, and of keys with one letter left out, for millions of keys at once.

The hash of letters c0, c1, ... is the sum of ``c_i * f**i`` modulo 2**64, stirred at the end so
that every bit of it may serve as address. Without the stirring, leaving out a letter takes one
multiplication by ``1/f`` of what follows it, whatever the length of the key; that is what makes all
deletions of ten million keys a matter of seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import mul

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

# Knuth's multiplier for 64-bit linear congruential generators (MMIX); odd, so it has an inverse.
_FACTOR = 6364136223846793005
_INVERSE = pow(_FACTOR, -1, 2**64)
_MASK = 2**64 - 1
# The finishing steps of SplitMix64 (Steele, Lea and Flood 2014).
_STIR = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
_LAST_SHIFT = 31
_LONGEST = 8192
"""A key is at most 400 characters, of which normalisation makes at most 18 each."""

_NEWLINE = 0x0A


@cache
def _powers() -> Hashes:
    with np.errstate(over="ignore"):
        factors = np.full(_LONGEST, _FACTOR, dtype=np.uint64)
        factors[0] = 1
        return np.multiply.accumulate(factors)


@cache
def _factors() -> list[int]:
    factors: list[int] = _powers().tolist()
    return factors


def _stirred(sums: Hashes) -> Hashes:
    """Stirs in place and returns the same array; 0 stays 0."""
    for shift, factor in _STIR:
        sums ^= sums >> np.uint64(shift)
        sums *= np.uint64(factor)
    sums ^= sums >> np.uint64(_LAST_SHIFT)
    return sums


def hash_of(key: str) -> int:
    """The hash of one key, 0 for an empty one; what ``hash_lines`` gives for it."""
    # For a dozen letters Python's own numbers are sooner done than an array is made.
    total: int = sum(map(mul, map(ord, key), _factors())) & _MASK
    for shift, factor in _STIR:
        total = ((total ^ (total >> shift)) * factor) & _MASK
    return total ^ (total >> _LAST_SHIFT)


@dataclass(frozen=True, slots=True)
class Lines:
    """Keys as one array of code points, each ended by a newline."""

    codes: Codes
    ends: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, text: str) -> Lines:
        """Of keys joined by newlines, with one after the last."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        ends = np.flatnonzero(codes == _NEWLINE)
        starts = np.empty_like(ends)
        if len(ends):
            starts[0] = 0
            starts[1:] = ends[:-1] + 1
        return cls(codes, ends, starts)

    def terms(self) -> Hashes:
        """What each code point adds to the sum of its line; 0 for the newline."""
        within = np.arange(len(self.codes)) - np.repeat(self.starts, self.ends - self.starts + 1)
        terms = self.codes * _powers()[within]
        terms[self.ends] = 0
        return terms


def hash_lines(text: str) -> Hashes:
    """The hash of each line of ``text``, which ends with a newline."""
    lines = Lines.of(text)
    if not len(lines.ends):
        return np.zeros(0, dtype=np.uint64)
    return _stirred(np.add.reduceat(lines.terms(), lines.starts))


def hash_deletions(text: str, *, longest: int) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Hashes of each line with one letter left out, and the number of the line of each.

    Leaving out either of two equal neighbours gives one key and so one hash. Lines longer than
    ``longest`` characters give none.
    """
    lines = Lines.of(text)
    if not len(lines.ends):
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    codes = lines.codes
    terms = lines.terms()
    through = np.cumsum(terms, dtype=np.uint64)
    lengths = lines.ends - lines.starts
    owner = np.repeat(np.arange(len(lengths)), lengths + 1)
    keep = np.ones(len(codes), dtype=np.bool_)
    keep[1:] = codes[1:] != codes[:-1]
    keep[lines.starts] = True
    keep[lines.ends] = False
    if len(lengths) and int(lengths.max()) > longest:
        keep &= np.repeat(lengths <= longest, lengths + 1)
    at = np.flatnonzero(keep)
    owner = owner[at]
    through_at = through[at]
    sums = through[lines.ends][owner] - through_at
    sums *= np.uint64(_INVERSE)
    sums += through_at - terms[at]
    first = lines.starts[owner]
    sums -= through[first] - terms[first]
    return _stirred(sums), owner
