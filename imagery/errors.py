"""Every error this package raises on purpose.

::

    ValueError
    +-- ImageryError            root; exit_code 2: the input cannot be used as it is
        +-- PhotoError          a file that is not a photo, too large, or cannot be opened
        +-- RasterError         a raster that cannot be opened or has no place on earth
        +-- ChipError           a chip whose parts contradict each other

A message is one line: the value, what is wrong with it, and what to do. A photo with damaged
metadata is no error: ``PhotoFacts.status`` says so.
"""

from __future__ import annotations

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
