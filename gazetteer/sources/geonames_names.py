"""GeoNames' ``alternateNamesV2``: names by ``geonameid``, found without holding them in memory.

The file has 18 million lines in no order that matches the dump. Its lines are copied into a
temporary file; two arrays, sorted by ``geonameid``, say where each stands: twelve bytes a line, in
files mapped into memory.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from gazetteer.errors import GazetteerFileError
from gazetteer.record import Name
from gazetteer.sources.dates import span
from gazetteer.sources.lines import line_blocks
from gazetteer.sources.quick import quick_name
from gazetteer.sources.unpack import InputFile

Joined = tuple[list[Name], list[str], list[str]]
"""Names, identifiers elsewhere, and texts that are codes and no names."""

_COLUMNS = (8, 10)
_SAME_AS: dict[str, Callable[[str], str]] = {
    "wkdt": lambda text: f"wd:{text}",
    "link": lambda text: text,
    "iata": lambda text: f"iata:{text}",
    "icao": lambda text: f"icao:{text}",
    "faac": lambda text: f"faac:{text}",
    "tcid": lambda text: f"tcid:{text}",
    "unlc": lambda text: f"unlc:{text}",
}
"""Pseudo-languages whose text identifies the place elsewhere."""

_NO_NAMES = frozenset({*_SAME_AS, "post", "phon"})
"""Pseudo-languages whose text is no name."""

_NOT_LANGUAGES = frozenset({"abbr", "fr_1793", "piny"})
"""Pseudo-languages whose text is a name of no language in particular."""


class NamesFile:
    """The names of ``alternateNamesV2``, opened for looking up.

    Use as a context manager: the temporary files go when it is closed.

    Attributes:
        lines: how many lines it has.
        bad: how many of them could not be used.
    """

    def __init__(self, source: InputFile, folder: Path | None = None) -> None:
        self._keep = tempfile.TemporaryDirectory(prefix="osint-names-", dir=folder)
        self.lines = 0
        self.bad = 0
        with ExitStack() as failed:
            # Without ``close`` nobody else would remove it, whatever stops the reading.
            failed.callback(self._keep.cleanup)
            self._index(source, Path(self._keep.name))
            failed.pop_all()

    def _index(self, source: InputFile, where: Path) -> None:
        ids: list[npt.NDArray[np.uint32]] = []
        starts: list[npt.NDArray[np.uint64]] = []
        with (where / "lines").open("wb") as copy:
            for _, lines in line_blocks(source.pieces()):
                kept = [line for line in lines if line is not None]
                self.lines += len(lines)
                self.bad += len(lines) - len(kept)
                self._take(kept, copy, ids, starts)
        if not sum(len(part) for part in ids):
            raise GazetteerFileError(
                f"{source.name} is no alternateNamesV2: no line has a geonameid second"
            )
        self._sort(where, ids, starts)

    def _take(
        self,
        lines: list[bytes],
        copy: IO[bytes],
        ids: list[npt.NDArray[np.uint32]],
        starts: list[npt.NDArray[np.uint64]],
    ) -> None:
        if not lines:
            return
        offset = copy.tell()
        data = b"\n".join(lines) + b"\n"
        copy.write(data)
        buffer = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(buffer == 0x0A)
        begins = np.concatenate([[0], ends[:-1] + 1])
        tabs = np.append(np.flatnonzero(buffer == 0x09), [len(buffer)] * 2)
        after = np.searchsorted(tabs, begins)
        left, right = tabs[after] + 1, tabs[np.minimum(after + 1, len(tabs) - 1)]
        width = right - left
        usable = (right < ends) & (width > 0) & (width < 10)
        value = np.zeros(len(begins), dtype=np.uint64)
        for step in range(9):
            here = usable & (step < width)
            digit = buffer[np.minimum(left + step, len(buffer) - 1)].astype(np.int64) - 0x30
            usable &= ~(here & ((digit < 0) | (digit > 9)))
            value[here] = value[here] * 10 + digit[here].astype(np.uint64)
        self.bad += int((~usable).sum())
        ids.append(value[usable].astype(np.uint32))
        starts.append((begins[usable] + offset).astype(np.uint64))

    def _sort(
        self,
        where: Path,
        ids: list[npt.NDArray[np.uint32]],
        starts: list[npt.NDArray[np.uint64]],
    ) -> None:
        keys = np.concatenate(ids)
        ids.clear()
        order = np.argsort(keys, kind="stable")
        keys[order].tofile(where / "ids")
        del keys
        places = np.concatenate(starts)
        starts.clear()
        places[order].tofile(where / "starts")
        del places, order
        # As plain arrays: cutting a memmap costs ten times what cutting those does.
        self._ids = np.memmap(where / "ids", dtype=np.uint32, mode="r").view(np.ndarray)
        self._starts = np.memmap(where / "starts", dtype=np.uint64, mode="r").view(np.ndarray)
        self._file = (where / "lines").open("rb")
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __enter__(self) -> NamesFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary files."""
        self._map.close()
        self._file.close()
        del self._ids, self._starts
        self._keep.cleanup()

    def of(self, geonameids: Iterable[int]) -> list[Joined]:
        """What there is for each, in their order."""
        wanted = np.fromiter(geonameids, dtype=np.int64)
        lows = np.searchsorted(self._ids, wanted, side="left").tolist()
        highs = np.searchsorted(self._ids, wanted, side="right").tolist()
        return [
            self._names(low, high) if low < high else ([], [], [])
            for low, high in zip(lows, highs, strict=True)
        ]

    def _names(self, low: int, high: int) -> Joined:
        names: list[Name] = []
        elsewhere: list[str] = []
        codes: list[str] = []
        for start in self._starts[low:high].tolist():
            line = self._map[start : self._map.find(b"\n", start)]
            cells = line.decode("utf-8", "replace").rstrip("\r").split("\t")
            if len(cells) not in _COLUMNS or not cells[3] or "\ufffd" in cells[3]:
                self.bad += 1
                continue
            language, text = cells[2], cells[3]
            if language in _NO_NAMES:
                codes.append(text)
                if language in _SAME_AS and len(text) <= 1_000:
                    elsewhere.append(_SAME_AS[language](text))
                continue
            dated = len(cells) == 10 and (cells[8] or cells[9])
            names.append(
                quick_name(
                    text,
                    None if not language or language in _NOT_LANGUAGES else language,
                    cells[4] == "1",
                    cells[7] == "1",
                    cells[6] == "1",
                    span(cells[8], cells[9]) if dated else None,
                )
            )
        return names, elsewhere, codes
