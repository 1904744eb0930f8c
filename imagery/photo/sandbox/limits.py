"""What a child process denies itself before it reads the first hostile byte.

The limits of the operating system hold whatever the child does. The audit hook holds against
Python code, the parsers' own included; compiled code that was taken over can get round it, and
then still has no more memory, no core dump and no regular file to write to.

Windows has none of the operating system's limits: there the parent's time limit is all.
"""

from __future__ import annotations

import os
import sys
from typing import Any

MOST_MEMORY_BYTES = 256_000_000
"""What a child may occupy."""

# Shared libraries are mapped and not counted by the limit on data, while much that counts is
# reserved and never touched; this is what remains of the two. A test lets a child eat all it gets.
_LIBRARIES_BYTES = 24_000_000
_MOST_FILES = 96
# Beyond the parent's patience, should the parent be gone.
ALARM_MARGIN_S = 1

_FORBIDDEN = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("os.kill", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink"),
    *("os.truncate", "os.chmod", "os.chown", "shutil.", "ftplib.", "smtplib.", "urllib.", "http."),
    *("webbrowser.", "pty.", "winreg.", "sqlite3."),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenError(PermissionError):
    """A child tried what it may not do."""


def set_limits(memory_bytes: int = MOST_MEMORY_BYTES) -> None:
    """Limit this process for good: memory, files, core dumps, network, starting programs."""
    try:
        import resource
    except ImportError:
        pass
    else:
        data = max(0, memory_bytes - _LIBRARIES_BYTES)
        for limit, value in (
            # Private memory, that of C libraries included: what grows with a hostile file.
            ("RLIMIT_DATA", data),
            ("RLIMIT_NOFILE", _MOST_FILES),
            ("RLIMIT_FSIZE", 0),
            ("RLIMIT_CORE", 0),
        ):
            _lower(resource, limit, value)
    sys.dont_write_bytecode = True
    sys.addaudithook(_audit)


def _lower(resource: Any, name: str, value: int) -> None:
    number = getattr(resource, name, None)
    if number is None:
        return
    _, hard = resource.getrlimit(number)
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(number, (wanted, wanted))
    except (ValueError, OSError):
        # Not every system limits everything; those that do not are named in the docs.
        return


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        # Path, mode and flags; the mode is None where ``os.open`` is called.
        flags = arguments[2]
        if isinstance(flags, int) and flags & _WRITING:
            raise ForbiddenError("a reader of photos writes no files")
    elif event.startswith(_FORBIDDEN):
        raise ForbiddenError(f"a reader of photos does no {event}")
