"""One builder at a time, by a lock that the system drops when its holder dies."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from gazetteer.errors import DatabaseError

if sys.platform == "win32":
    import msvcrt

    # The byte that is locked lies far behind the text, which must stay readable to others.
    _AT = 1 << 20

    def _lock(handle: int) -> None:
        os.lseek(handle, _AT, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def only_builder(path: Path) -> Iterator[None]:
    """Hold the lock file while the block runs; what a killed builder left behind does not count.

    The file stays: removing it would let two builders lock two files of one name.

    Raises:
        DatabaseError: another process holds it.
        OSError: the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError) as error:
            holder = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            raise DatabaseError(
                f"another build of the gazetteer in {path.parent} is going on (pid {holder}); "
                "wait until it is done"
            ) from error
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
