"""What pictures show: the facts in a photo file, and pieces of dated imagery.

Reading order::

    errors.py            what can go wrong
    photo/container.py   where a file keeps its EXIF block
    photo/exif.py        the block's tags, read within limits
    photo/gps.py         GPS tags to a position, or why they are unusable
    photo/fields.py      tags to camera, moment and place, whichever reader found them
    photo/second.py      the same block through a second reader, and where the two disagree
    photo/words.py       captions and places somebody typed; iptc.py and xmp.py read them
    photo/signals.py     what an examiner should look at, and what it means
    photo/facts.py       what is known of one photo
    photo/metadata.py    read_photo: file to facts
    chip.py              a piece of imagery with its holes, its place and its date
    raster.py            chips from a local georeferenced file
    picture.py           chips and photos as small pictures for a report

This package states facts; it knows nothing of claims. Of the gazetteer it uses positions and
geodesy only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagery.chip import Chip, ChipSource
    from imagery.errors import ChipError, ImageryError, PhotoError, RasterError
    from imagery.photo.facts import PhotoFacts
    from imagery.photo.metadata import read_photo
    from imagery.picture import chip_png, thumbnail_jpeg
    from imagery.raster import LocalRaster

__all__ = [
    "Chip",
    "ChipError",
    "ChipSource",
    "ImageryError",
    "LocalRaster",
    "PhotoError",
    "PhotoFacts",
    "RasterError",
    "chip_png",
    "read_photo",
    "thumbnail_jpeg",
]

_HOME = {
    "Chip": "imagery.chip",
    "ChipError": "imagery.errors",
    "ChipSource": "imagery.chip",
    "ImageryError": "imagery.errors",
    "LocalRaster": "imagery.raster",
    "PhotoError": "imagery.errors",
    "PhotoFacts": "imagery.photo.facts",
    "RasterError": "imagery.errors",
    "chip_png": "imagery.picture",
    "read_photo": "imagery.photo.metadata",
    "thumbnail_jpeg": "imagery.picture",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
