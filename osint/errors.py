"""Every error the toolkit raises on purpose, and the exit code it ends in.

::

    Exception
    +-- gazetteer.GazetteerError          exit 2   (the lower packages have a root of
    +-- imagery.ImageryError              exit 2    their own: they know nothing of this one)
    +-- OsintError                        exit 3
        +-- InputError                    exit 2   what the user handed in cannot be used
        |   +-- ArticleError                       the text: missing, empty, not decodable
        |   +-- CaseError                          case.toml: wrong key, wrong value
        |   +-- StatementsError                    the statements file
        |   +-- PairingError                       photos that cannot be put to their captions
        |   +-- OutputError                        the folder to write to
        |   +-- UsageError                         a combination of options that means nothing
        +-- InternalError                 exit 3   a fault of our own

Exit 0 means nothing was flagged, 1 that something was. A message is one line: the value, what is
wrong with it, and what to do.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_NOTHING_FLAGGED = 0
EXIT_FLAGGED = 1
EXIT_INPUT = 2
EXIT_FAULT = 3


class OsintError(Exception):
    """Root of this package's errors."""

    exit_code: ClassVar[int] = EXIT_FAULT


class InputError(OsintError):
    """Something the user handed in cannot be used; the message says what to do."""

    exit_code: ClassVar[int] = EXIT_INPUT


class ArticleError(InputError):
    """The article is missing, empty, too large or not decodable."""


class CaseError(InputError):
    """``case.toml`` holds a key or a value that cannot be used; the message names key and line."""


class StatementsError(InputError):
    """The file of other publishers' statements cannot be used; the message names the line."""


class PairingError(InputError):
    """A photo cannot be put to its caption."""


class OutputError(InputError):
    """The report cannot be written where it was asked for."""


class UsageError(InputError):
    """The options contradict each other or one has an unusable value."""


class InternalError(OsintError):
    """A fault of our own: a state the code holds to be impossible."""
