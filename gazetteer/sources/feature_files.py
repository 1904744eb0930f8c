"""Where GeoJSON features come from: a file of lines, a file, a folder of files, an archive.

Who's On First is given out in all four forms. Of a folder or archive the files that end in
``.geojson`` or ``.json`` are read, each by itself; a link that leads out of the folder is not
followed.
"""

from __future__ import annotations

import hashlib
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Unit
from gazetteer.sources.json_stream import (
    MAX_OBJECT,
    Broken,
    FeatureStream,
    decode,
    objects_by_line,
)
from gazetteer.sources.unpack import MOST_UNPACKED, InputFile, zip_members

MOST_FILES = 10_000_000
"""Most files taken from a folder or archive."""

_ENDINGS = (".geojson", ".json")
_STEMS = (".gz", ".bz2", ".xz", ".zip", ".tar", ".tgz", ".ndjson", ".geojson", ".jsonl", ".json")

Numbered = Iterator[tuple[int, dict[str, Any] | BadRow]]


def stem_of(name: str) -> str:
    """A file's name without the endings that say what it is packed in."""
    while True:
        cut = next((end for end in _STEMS if name.lower().endswith(end) and name != end), None)
        if cut is None:
            return name
        name = name[: -len(cut)]


class LineItems:
    """A file with one object a line, plain or gzipped or in a zip."""

    unit: Unit = "line"

    def __init__(self, source: InputFile) -> None:
        self._source = source
        self.size: int | None = source.size
        self.locator = str(source.path)
        self.stem = stem_of(source.inner_name)

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._source.done

    @property
    def sha256(self) -> str:
        """Of the file."""
        return self._source.sha256

    def objects(self) -> Numbered:
        """Each object with its line."""
        yield from objects_by_line(self._source.pieces())


class FeatureItems(LineItems):
    """A FeatureCollection, an array of features, or a single one."""

    unit: Unit = "feature"

    def objects(self) -> Numbered:
        """Each feature with its number."""
        stream = FeatureStream(self._source.pieces(), self._source.name)
        for number, item in enumerate(stream, start=1):
            if isinstance(item, dict):
                yield number, item
            else:
                why = item.why if isinstance(item, Broken) else "no object"
                yield number, BadRow(line=number, why=why, unit=self.unit)


class FolderItems:
    """A folder of single features, in the order of their names."""

    unit: Unit = "row"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.locator = str(folder)
        self.stem = folder.resolve().name
        self.done = 0
        self.size: int | None = None

    @cached_property
    def sha256(self) -> str:
        """Of the names and sizes and times of all files: a change of any shows."""
        digest = hashlib.sha256()
        for path in self._files():
            status = path.stat()
            line = f"{path.relative_to(self._folder)}\0{status.st_size}\0{status.st_mtime_ns}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def objects(self) -> Numbered:
        """Each file's feature with the file's number."""
        self.done = 0
        for number, path in enumerate(self._files(), start=1):
            try:
                size = path.stat().st_size
                data = path.read_bytes() if size <= MAX_OBJECT else None
            except OSError as error:
                why = f"{path.name}: {error.strerror}"
                yield number, BadRow(line=number, why=why, unit=self.unit)
                continue
            self.done += size
            yield number, _one(number, path.name, data)

    def _files(self) -> Iterator[Path]:
        root = self._folder.resolve()
        count = 0
        for path in sorted(self._folder.rglob("*")):
            if not path.name.lower().endswith(_ENDINGS) or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                continue
            count += 1
            if count > MOST_FILES:
                raise GazetteerFileError(f"{self._folder} has over {MOST_FILES:,} files; split it")
            yield path
        if count == 0:
            raise GazetteerFileError(
                f"{self._folder} has no .geojson file in it; name the folder that has"
            )


class ArchiveItems:
    """A tar (packed or not) or zip of single features."""

    unit: Unit = "row"

    def __init__(self, path: Path) -> None:
        self._source = InputFile(path)
        self._zip = zipfile.is_zipfile(path)
        self.locator = str(path)
        self.stem = stem_of(path.name)
        self.size: int | None = self._source.size
        self.done = 0

    @property
    def sha256(self) -> str:
        """Of the archive."""
        return self._source.sha256

    def objects(self) -> Numbered:
        """Each member's feature with the member's number."""
        self.done = 0
        number = unpacked = 0
        for name, size, data in self._members():
            number += 1
            unpacked += size
            if unpacked > MOST_UNPACKED or number > MOST_FILES:
                raise GazetteerFileError(f"{self.locator} unpacks to more than is taken; split it")
            yield number, _one(number, name, data)
        if number == 0:
            raise GazetteerFileError(f"{self.locator} has no .geojson file in it")

    def _members(self) -> Iterator[tuple[str, int, bytes | None]]:
        try:
            if self._zip:
                yield from self._from_zip()
            else:
                yield from self._from_tar()
        except (
            tarfile.TarError,
            zipfile.BadZipFile,
            EOFError,
            OSError,
            zlib.error,
            lzma.LZMAError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise GazetteerFileError(
                f"{self.locator} breaks off or is damaged ({error}); fetch it again"
            ) from error

    def _from_zip(self) -> Iterator[tuple[str, int, bytes | None]]:
        infos = [i for i in zip_members(self._source.path) if _wanted(i.filename)]
        with zipfile.ZipFile(self._source.path) as archive:
            for info in infos:
                with archive.open(info) as member:
                    data = member.read(MAX_OBJECT + 1)
                self.done += info.compress_size
                yield info.filename, len(data), data if len(data) <= MAX_OBJECT else None

    def _from_tar(self) -> Iterator[tuple[str, int, bytes | None]]:
        with self._source.path.open("rb") as file, tarfile.open(fileobj=file, mode="r|*") as tar:
            for info in tar:
                # Nothing is extracted, so that a member's name leads nowhere.
                if info.isreg() and _wanted(info.name):
                    member = tar.extractfile(info)
                    data = None
                    if member is not None and info.size <= MAX_OBJECT:
                        data = member.read()
                    self.done = min(file.tell(), self._source.size)
                    yield info.name, info.size, data
                tar.members = []  # type: ignore[attr-defined]


def _wanted(name: str) -> bool:
    base = name.rsplit("/", 1)[-1].lower()
    # Who's On First keeps other outlines of a place beside it, as 123-alt-source.geojson.
    return base.endswith(_ENDINGS) and "-alt-" not in base and not base.startswith("._")


def _one(number: int, name: str, data: bytes | None) -> dict[str, Any] | BadRow:
    if data is None:
        why = f"{name[:120]} is larger than {MAX_OBJECT:,} bytes"
        return BadRow(line=number, why=why, unit="row")
    try:
        value = decode(data)
    except ValueError as error:
        why = f"{name[:120]} is not JSON ({error})"
        return BadRow(line=number, why=why, unit="row")
    if isinstance(value, dict):
        return value
    return BadRow(line=number, why=f"{name[:120]}: no object", unit="row")
