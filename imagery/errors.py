"""Every error this package raises on purpose.

::

    ValueError
    +-- ImageryError            root; exit_code 2: the input cannot be used as it is
        +-- PhotoError          a file that is not a photo, too large, or cannot be opened
        +-- RasterError         a raster that cannot be opened or has no place on earth
        +-- ChipError           a chip whose parts contradict each other
        +-- HttpError           an address that may not be fetched, or could not be
        +-- ArchiveError        kept bytes that are missing or not what they were
        +-- ProviderError       a catalogue of tile servers that cannot be used
        +-- TileError           bytes that are no usable tile
        +-- StacError           a catalogue of scenes that cannot be reached or used

A message is one line: the value, what is wrong with it, and what to do. A photo with damaged
metadata is no error: ``PhotoFacts.status`` says so.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import ClassVar

# What decoding hostile bytes ends in: parsers written for well-formed files raise all of these.
DECODER_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class ImageryError(ValueError):
    """Root of this package's errors."""

    exit_code: ClassVar[int] = 2


class PhotoError(ImageryError):
    """The file is not an image, too large, or cannot be opened."""


class RasterError(ImageryError):
    """The raster cannot be opened, is damaged, or is not georeferenced."""


class ChipError(ImageryError):
    """A chip whose parts contradict each other."""


class HttpError(ImageryError):
    """An address that may not be fetched, or could not be.

    Attributes:
        url: what was to be fetched, after any redirects.
        reason: the message without the address.
        status: the HTTP status, where there was an answer.
        transient: whether the same request may work later.
        retry_after_s: how long the server asked to wait.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        status: int | None = None,
        transient: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        # Credentials in an address are refused, and not repeated.
        url = re.sub(r"//[^/?#]*@", "//", url)
        super().__init__(f"{printable(url)}: {reason}")
        self.url = url
        self.reason = reason
        self.status = status
        self.transient = transient
        self.retry_after_s = retry_after_s


class ArchiveError(ImageryError):
    """The archive cannot be written, or what it holds is missing or altered."""


class ProviderError(ImageryError):
    """A catalogue of tile servers has a wrong key or value."""


class TileError(ImageryError):
    """Bytes that are no usable tile; the message says why and leaves naming it to the caller."""


def printable(text: str, limit: int = 160) -> str:
    """Text from outside as one line of at most ``limit`` characters for a message."""
    plain = "".join(c if c.isprintable() else "?" for c in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "\u2026"


class StacError(ImageryError):
    """A catalogue of scenes that cannot be reached or used, or an item of one."""
