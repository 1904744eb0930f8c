"""Every error this package raises on purpose.

::

    ValueError
    +-- GazetteerError              root; exit_code 2: the input cannot be used as it is
        +-- PositionError           a coordinate out of range, or text that is no position
        +-- GeodesyError            a distance, bearing or line that geodesy cannot work with
        +-- GazetteerFileError      a user's table or outline file; names file and row
        +-- BorderError             a border was asked for that no source can give
        +-- WorldIndexError        the index of world cities can neither be read nor built
        +-- OnlineError            a source on the network gave no usable answer
        +-- DatabaseError          the gazetteer on disk cannot be opened, read or built

A message is one line: the value, what is wrong with it, and what to do.
"""

from __future__ import annotations

from typing import ClassVar


class GazetteerError(ValueError):
    """Root of this package's errors."""

    exit_code: ClassVar[int] = 2


class PositionError(GazetteerError):
    """A coordinate is out of range, or a text is not a position."""


class GeodesyError(GazetteerError):
    """A distance, bearing or line that cannot be worked with."""


class GazetteerFileError(GazetteerError):
    """A user's file cannot be used; the message names the file, the row and the remedy."""


class BorderError(GazetteerError):
    """A border was asked for that no source can give."""


class WorldIndexError(GazetteerError):
    """The index of world cities can be neither read nor built."""


class DatabaseError(GazetteerError):
    """The gazetteer on disk cannot be opened, read or built; what stood there is as it was."""


class OnlineError(GazetteerError):
    """A source on the network may not be asked, or gave no usable answer."""
