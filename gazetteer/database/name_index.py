"""The opened name index: from a key to the entries that have it, in microseconds.

The arrays are mapped into memory and looked into, never read as a whole; ``index_writer`` says what
they hold. A key that is found is compared with the one sought, so that two keys of one hash cost a
moment and never an answer; of skeletons only the hash is kept, and 64 bits of it decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gazetteer.database.arrays import Arrays, open_arrays
from gazetteer.database.hashing import hash_of
from gazetteer.database.index_writer import INDEX_SCHEMA, keys_version
from gazetteer.errors import DatabaseError

Entry = tuple[int, int]
"""Ids of a name and of its place."""


_SPELLINGS = 8
"""How many names of one key a place may have for the most wanted still to be found."""


class NameIndex:
    """Keys, by number: the row of the key in the index.

    Attributes:
        arrays: of the file.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self._keys = memoryview(arrays["keys"].data)
        self._fold_hash = arrays["fold_hash"]
        self._by_bones = tuple(
            (arrays[f"{what}_hash"], arrays[f"{what}_first"], arrays[f"{what}_key"])
            for what in ("skeleton", "core")
        )
        self._key_end = arrays["key_end"]

    @classmethod
    def open(cls, path: Path, build: str) -> NameIndex:
        """The index of a build.

        Raises:
            DatabaseError: it is missing, damaged or of another build.
        """
        try:
            facts, arrays = open_arrays(path)
            made = tuple(facts.get(fact) for fact in ("schema", "keys", "build"))
            if made == (INDEX_SCHEMA, keys_version(), build):
                return cls(arrays)
            problem = "another version made it"
        except (OSError, ValueError, KeyError, TypeError) as error:
            problem = (isinstance(error, OSError) and error.strerror) or str(error)
        raise DatabaseError(f"the name index {path} cannot be used ({problem}); make it anew")

    def __len__(self) -> int:
        return len(self._fold_hash)

    def key(self, number: int) -> str:
        """The folded name with this number."""
        start = int(self._key_end[number - 1]) + 1 if number else 0
        return bytes(self._keys[start : int(self._key_end[number])]).decode()

    def keys(self, numbers: npt.NDArray[np.integer]) -> list[str]:
        """The folded names with these numbers."""
        ends = self._key_end[numbers].tolist()
        befores = self._key_end[np.maximum(numbers, 1) - 1].tolist()
        view = self._keys
        # The first key begins where nothing ends before it.
        return [
            bytes(view[before + 1 if end != before else 0 : end]).decode()
            for before, end in zip(befores, ends, strict=True)
        ]

    def weights(self, numbers: npt.NDArray[np.integer]) -> npt.NDArray[np.uint8]:
        """10 * log2 of 1 + inhabitants of the most populous place of each key."""
        weights: npt.NDArray[np.uint8] = self.arrays["key_weight"][numbers]
        return weights

    def find(self, key: str) -> int | None:
        """Number of a folded name, or None."""
        if not key:
            return None
        wanted = np.uint64(hash_of(key))
        number = int(self._fold_hash.searchsorted(wanted))
        if number == len(self._fold_hash) or self._fold_hash[number] != wanted:
            return None
        return number if self.key(number) == key else None

    def find_hashes(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Numbers of the keys that have one of these hashes."""
        if not len(self._fold_hash):
            return np.zeros(0, dtype=np.int64)
        at = np.minimum(self._fold_hash.searchsorted(hashes), len(self._fold_hash) - 1)
        found: npt.NDArray[np.int64] = at[self._fold_hash[at] == hashes]
        return found

    def with_skeleton(self, skeleton: str, *, most: int) -> npt.NDArray[np.uint32]:
        """Numbers of the keys that have this skeleton, then of those whose core has it.

        Of either those of the most populous places first; ``most`` in all.
        """
        nothing = np.zeros(0, dtype=np.uint32)
        if not skeleton:
            return nothing
        wanted = np.uint64(hash_of(skeleton))
        found = []
        for hashes, first, numbers in self._by_bones:
            row = int(hashes.searchsorted(wanted))
            if most > 0 and row < len(hashes) and hashes[row] == wanted:
                start = int(first[row])
                found.append(numbers[start : min(int(first[row + 1]), start + most)])
                most -= len(found[-1])
        if len(found) < 2:
            return found[0] if found else nothing
        return np.concatenate(found)

    def with_skeletons(self, skeletons: Iterable[str], *, most: int) -> npt.NDArray[np.uint32]:
        """Numbers of the keys that have any of the skeletons, at most so many of each."""
        found = [self.with_skeleton(skeleton, most=most) for skeleton in skeletons]
        if len(found) == 1:
            return found[0]
        numbers = np.concatenate([np.zeros(0, dtype=np.uint32), *found])
        _, first = np.unique(numbers, return_index=True)
        return numbers[np.sort(first)]

    def entries(self, numbers: Sequence[int], *, most: int) -> list[Entry]:
        """Entries of the keys, key by key, of each the most populous place first.

        Each place once, with the first of its names that comes up; ``most`` places.
        """
        found: dict[int, int] = {}
        first = self.arrays["fold_first"]
        names, places = self.arrays["entry_name"], self.arrays["entry_place"]
        for number in numbers:
            start = int(first[number])
            stop = min(int(first[number + 1]), start + _SPELLINGS * most)
            for name, place in zip(
                names[start:stop].tolist(), places[start:stop].tolist(), strict=True
            ):
                found.setdefault(place, name)
                if len(found) >= most:
                    return [(name, place) for place, name in found.items()]
        return [(name, place) for place, name in found.items()]
