"""Which files ``osint photo`` reads: those named, and the photos in folders at any depth."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from osint.cli.options import is_folder
from osint.errors import UsageError

SUFFIXES = frozenset(
    f".{kind}"
    for kind in (
        *("jpg", "jpeg", "jpe", "jfif", "mpo", "tif", "tiff", "png", "webp", "gif", "bmp"),
        *("heic", "heif", "hif", "avif", "jxl", "dng", "cr2", "cr3", "nef", "nrw", "arw", "sr2"),
        *("orf", "rw2", "pef", "raf", "srw", "3fr", "iiq", "erf", "x3f"),
    )
)
"""How the names of photos end; a file that is named itself may be called anything."""

MOST_FILES = 100_000


def photo_files(named: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files to read, each once, those of folders in order of path; and what is wrong.

    Raises:
        UsageError: there are more than can be meant.
    """
    paths: dict[Path, None] = {}
    wrong: list[str] = []
    for path in named:
        if not is_folder(path):
            paths[path] = None
            continue
        before = len(paths)
        for found in _photos_in(path, wrong):
            paths[found] = None
            if len(paths) > MOST_FILES:
                raise UsageError(f"more than {MOST_FILES:,} photos; name fewer folders at a time")
        if len(paths) == before and not wrong:
            wrong.append(f"{path} holds no photos ({', '.join(sorted(SUFFIXES))})")
    return list(paths), wrong


def _photos_in(folder: Path, wrong: list[str]) -> Iterator[Path]:
    """Photos at any depth.

    Hidden files and folders are passed over, and links to folders, which can lead in circles.
    """

    def unlisted(error: OSError) -> None:
        wrong.append(f"{error.filename} cannot be listed ({error.strerror}); check its permissions")

    for place, folders, names in os.walk(folder, onerror=unlisted, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.casefold() in SUFFIXES and path.is_file():
                yield path
