"""Changing the gazetteer on disk: one at a time, and nothing of it is seen before its last step.

The new GeoPackage takes the old one's place by a rename. Its name index is a file of its own whose
name carries the build, and the build stands in the GeoPackage, so that the two that belong together
are always found together.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from gazetteer.database.arrays import Arrays
from gazetteer.database.lock import only_builder
from gazetteer.database.name_index import NameIndex
from gazetteer.database.open import FILE, index_path, open_for_reading
from gazetteer.database.staging import (
    STAGING,
    current_build,
    discard,
    refuse_if_open_elsewhere,
)
from gazetteer.errors import DatabaseError

LOCK = "gazetteer.lock"


@contextlib.contextmanager
def changing(folder: Path, *, must: bool = False) -> Iterator[str]:
    """Hold the gazetteer for a build; gives the build that is there, "" for none.

    Args:
        folder: of the gazetteer.
        must: whether there must be one.

    Raises:
        DatabaseError: another build is going on, or the disk is full or cannot be written.
    """
    try:
        if must and not (folder / FILE).is_file():
            # Says that there is none.
            open_for_reading(folder / FILE)
        folder.mkdir(parents=True, exist_ok=True)
        with only_builder(folder / LOCK):
            yield current_build(folder)
    except (OSError, sqlite3.Error) as error:
        # Without room nothing can go on, and what is half done takes room; else keep it.
        if _is_full(error):
            with contextlib.suppress(OSError):
                discard(folder)
        raise DatabaseError(why_unwritten(error, folder)) from error


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"


def why_unwritten(error: Exception, folder: Path) -> str:
    """What an error of system or SQLite means for the gazetteer in a folder, and what to do."""
    if _is_full(error):
        return f"the disk of {folder} is full; make room and add the source again"
    said = error.strerror if isinstance(error, OSError) else str(error)
    return (
        f"the gazetteer in {folder} cannot be written ({said}); check the folder and its rights, "
        "or name another with --folder or OSINT_CACHE_DIR"
    )


def open_index(folder: Path, build: str) -> Arrays | None:
    """The name index of the gazetteer that is there; None if it cannot be used."""
    if not build:
        return None
    path = index_path(folder, build)
    try:
        # Written last of all; what was changed later was changed by another program.
        if (folder / FILE).stat().st_mtime_ns > path.stat().st_mtime_ns:
            return None
        return NameIndex.open(path, build).arrays
    except (DatabaseError, OSError):
        return None


def switch(folder: Path, build: str | None) -> None:
    """Put the new file in the old one's place; nothing before this line can be seen by others.

    Args:
        folder: of the gazetteer.
        build: whose name index is the one to stay, None where the build is as before.
    """
    refuse_if_open_elsewhere(folder)
    (folder / STAGING).replace(folder / FILE)
    _sync_folder(folder)
    if build is None:
        return
    keep = index_path(folder, build)
    for index in folder.glob(index_path(folder, "*").name):
        if index != keep:
            # Where it is still mapped by another process and the system will not let it go, the
            # next build removes it.
            with contextlib.suppress(OSError):
                index.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
