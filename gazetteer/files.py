"""A file a user names, read whole: a regular file, of at most so many bytes.

A named pipe would wait for ever and a device never end; both are refused before a byte is read.
"""

from __future__ import annotations

import stat
from pathlib import Path


class UnreadableFileError(ValueError):
    """Why a file cannot be read, in words that follow its name: "is a folder; name a file"."""


def read_regular(path: Path, *, limit: int) -> bytes:
    """All bytes of a regular file.

    Raises:
        UnreadableFileError: it is missing, no regular file, over ``limit`` bytes or not readable.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableFileError("is a folder; name a file")
        if not stat.S_ISREG(mode):
            raise UnreadableFileError("is no regular file; save its contents to one")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise UnreadableFileError("does not exist; check the path") from error
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be read ({error.strerror}); check its name and rights"
        ) from error
    except (ValueError, RuntimeError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        # A NUL byte in the name, a loop of links.
        raise UnreadableFileError(f"cannot be read ({error}); check its name") from error
    if len(content) > limit:
        raise UnreadableFileError(f"is over the limit of {limit:,} bytes; split it")
    return content
