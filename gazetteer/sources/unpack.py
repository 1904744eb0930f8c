"""The bytes of a source's file, packed or not, piece by piece and within limits.

A packed file says nothing reliable about what comes out of it: a zip of a few kilobytes may unpack
to terabytes. So what comes out is counted, and refused beyond ``MOST_UNPACKED`` bytes or beyond
``MOST_RATIO`` times what went in.
"""

from __future__ import annotations

import gzip
import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import IO, BinaryIO, cast

from gazetteer.errors import GazetteerFileError

PIECE = 2**18
"""Bytes in one piece."""

MOST_UNPACKED = 64 * 2**30
"""Most bytes taken out of one file; all names of GeoNames are 2.5 GB."""

MOST_RATIO = 200
"""Most bytes taken out for one byte put in, beyond ``FREE``; tables of places reach about 15."""

FREE = 64 * 2**20
"""Bytes that may come out whatever the ratio."""

MOST_MEMBERS = 100_000
"""Most members looked at in an archive."""

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


class InputFile:
    """A file to be read, perhaps several times; counts how far it has been read.

    Attributes:
        path: the file.
        member: the member of a zip that is meant, "" otherwise.
        size: bytes on disk.
        done: bytes of those that the latest reading has passed.

    Raises:
        GazetteerFileError: it is missing, a folder, no regular file, or empty.
    """

    def __init__(self, path: Path, member: str = "") -> None:
        self.path = path
        self.member = member
        self.done = 0
        try:
            status = path.stat()
        except FileNotFoundError as error:
            raise GazetteerFileError(f"{path} does not exist; check the path") from error
        except (OSError, ValueError) as error:
            raise GazetteerFileError(f"{path} cannot be read ({error}); check its name") from error
        if stat.S_ISDIR(status.st_mode):
            raise GazetteerFileError(f"{path} is a folder; name a file in it")
        if not stat.S_ISREG(status.st_mode):
            # A named pipe would wait for ever, a device never end.
            raise GazetteerFileError(f"{path} is no regular file; save its contents to one")
        if status.st_size == 0:
            raise GazetteerFileError(f"{path.name} is empty; fetch or export it again")
        self.size = status.st_size

    @property
    def name(self) -> str:
        """For messages: the file's name, with that of the member."""
        return f"{self.path.name} ({self.member})" if self.member else self.path.name

    @property
    def inner_name(self) -> str:
        """Name of what comes out: the member's, or the file's without ``.gz``."""
        if self.member:
            return self.member.rsplit("/", 1)[-1]
        return self.path.name.removesuffix(".gz")

    @cached_property
    def sha256(self) -> str:
        """Of the bytes on disk, in hexadecimal."""
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise GazetteerFileError(f"{self.path} cannot be read ({error.strerror})") from error

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes that come out, fewer if there are no more.

        Raises:
            GazetteerFileError: as ``pieces``.
        """
        found = b""
        for piece in self.pieces(min(size, PIECE)):
            found += piece
            if len(found) >= size:
                break
        return found[:size]

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        """What comes out, at most ``size`` bytes at a time, never empty pieces.

        Raises:
            GazetteerFileError: the file cannot be read (on), or unpacks to too much; the message
                says how far it came.
        """
        self.done = 0
        out = 0
        try:
            with ExitStack() as stack:
                file = stack.enter_context(self.path.open("rb"))
                inner = self._inner(file, stack)
                packed = inner is not file
                while piece := inner.read(size):
                    out += len(piece)
                    self.done = min(file.tell(), self.size)
                    if packed:
                        self._check(out)
                    yield piece
        except _BROKEN as error:
            raise GazetteerFileError(
                f"{self.name} breaks off or is damaged after {out:,} bytes unpacked "
                f"({str(error) or type(error).__name__}); fetch it again"
            ) from error
        except RuntimeError as error:
            # What zipfile raises where a password is needed.
            raise GazetteerFileError(f"{self.name} cannot be unpacked ({error})") from error
        except OSError as error:
            raise GazetteerFileError(
                f"{self.name} cannot be read beyond byte {self.done:,} ({error})"
            ) from error
        self.done = self.size

    def _check(self, out: int) -> None:
        if out > MOST_UNPACKED or (out > FREE and out > MOST_RATIO * self.size):
            raise GazetteerFileError(
                f"{self.name} of {self.size:,} bytes unpacks to more than {out - 1:,}; that is no "
                "table of places, or unpack it yourself if you trust it"
            )

    def _inner(self, file: BinaryIO, stack: ExitStack) -> IO[bytes]:
        start = file.read(4)
        file.seek(0)
        if start in ZIP and self.member:
            archive = stack.enter_context(zipfile.ZipFile(file))
            try:
                return stack.enter_context(archive.open(self.member))
            except KeyError as error:
                raise GazetteerFileError(
                    f"{self.path.name} has no member {self.member!r}; name one that it has"
                ) from error
        if start[:2] == GZIP:
            return cast(IO[bytes], stack.enter_context(gzip.GzipFile(fileobj=file)))
        return file


class FileReader:
    """What readers of one file have in common: how far they are, by its bytes.

    Args:
        source: the file.
    """

    def __init__(self, source: InputFile) -> None:
        self._source = source

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._source.size

    @property
    def done(self) -> int:
        """Bytes read."""
        return self._source.done


def key_of(prefix: str, path: Path) -> str:
    """Key of a source that only its file's name tells apart: two ``places.csv`` are two sources.

    ``table:places.csv@1f3a9c``: the name, and a mark of the folder it is in.
    """
    folder = hashlib.sha256(str(path.resolve().parent).encode("utf-8", "replace")).hexdigest()
    return f"{prefix}:{path.name}@{folder[:6]}"


def zip_members(path: Path) -> tuple[zipfile.ZipInfo, ...]:
    """Files in a zip, folders left out.

    Raises:
        GazetteerFileError: it is no whole zip, has more than ``MOST_MEMBERS``, or a member whose
            name leads out of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (*_BROKEN, OSError, ValueError) as error:
        raise GazetteerFileError(
            f"{path.name} is a damaged or cut-off zip ({error}); fetch it again"
        ) from error
    if len(infos) > MOST_MEMBERS:
        raise GazetteerFileError(
            f"{path.name} has {len(infos):,} members; at most {MOST_MEMBERS:,} are looked at"
        )
    for info in infos:
        if leads_out(info.filename):
            raise GazetteerFileError(
                f"{path.name} has a member {info.filename[:80]!r}, which leads out of the archive; "
                "that is an attack or a fault, pack it again"
            )
    return tuple(info for info in infos if not info.is_dir())


def leads_out(member: str) -> bool:
    """Whether a member's name is absolute or climbs above the archive."""
    plain = member.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")
