"""What pictures show: the facts in a photo file, and pieces of dated imagery.

Reading order::

    errors.py            what can go wrong
    photo/containers/    where a file of each format keeps its metadata
    photo/exif.py        a block's tags through exifread, within limits
    photo/tiff_tags.py   the same by a walk of our own
    photo/second.py      the same file through Pillow or libheif
    photo/gps.py         GPS tags to a position, or why they are unusable; datum.py
    photo/fields.py      tags to camera, moment and place, whichever reader found them
    photo/readings.py    one block through all readers; conflicts.py, where they disagree
    photo/words.py       captions and places somebody typed; iptc.py and xmp.py read them
    photo/provenance.py  content credentials; history.py, what editors say they did
    photo/integrity/     one signal a file; signals.py puts them together
    photo/exposure.py    how bright the scene was; zones.py, which clocks go there
    photo/error_level.py a picture of compression errors
    photo/facts.py       what is known of one photo
    photo/metadata.py    read_photo: file to facts
    photo/sandbox/       the same in child processes with limits: reading.read_photos
    photo/fingerprint/   what a picture looks like, in a few hundred bytes
    photo/seen/          the pictures of earlier cases
    sun.py               where the sun stands
    declination.py       how far a compass points beside true north
    shadow.py            a measured shadow; shadow_fit.py, times, dates and places that fit
    chip.py              a piece of imagery with its holes, its place and its date
    raster.py            chips from a local georeferenced file; geotiff.py, chips as files
    addresses.py         which addresses on the network may be connected to
    wire.py              connections to judged addresses, cut off on time
    http.py              fetching within limits of size, time and redirects
    archive.py           what was fetched, kept under its hash
    grid.py              from a square on the ground to tiles; tile_matrix.py, of any matrix set
    mosaic.py            tiles to one picture with its holes
    providers.py         the catalogue of sources (providers.toml); provider_lookup.py, others
    tile_cache.py        tiles fetched before; tile_facts.py, what came of each
    tile_source.py       chips from a server of tiles: xyz.py, wms.py, wmts.py
    wayback.py           releases of a basemap, and when its pictures were taken
    stac.py              scenes in a catalogue: stac_client.py, stac_io.py, stac_item.py
    fetcher.py           files read by ranges (ranges.py, cog.py), signed (planetary_computer.py)
    mission.py           what is known of a mission: sentinel2.py, landsat.py, naip.py
    scenes.py            the best few scenes around a date (scene_choice.py), as chips
    scene_reader.py      windows of a scene onto one grid; composite.py, several into one
    register.py          sub-pixel shift between two dates; resample.py, onto one grid
    quality.py           what a chip may be used for
    change/              what changed between two dates, and how often that is wrong
    structure.py         man-made structure in bare ground
    picture.py           chips and photos as small pictures for a report

This package states facts; it knows nothing of claims. Of the gazetteer it uses positions and
geodesy only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagery.archive import Archive
    from imagery.chip import Chip, ChipSource
    from imagery.errors import (
        ArchiveError,
        ChipError,
        HttpError,
        ImageryError,
        PhotoError,
        ProviderError,
        RasterError,
    )
    from imagery.http import Fetched, HttpPolicy, Session
    from imagery.photo.facts import PhotoFacts
    from imagery.photo.metadata import read_photo
    from imagery.picture import chip_png, thumbnail_jpeg
    from imagery.providers import Provider, read_providers, shipped_providers
    from imagery.raster import LocalRaster
    from imagery.tile_cache import TileCache
    from imagery.xyz import XyzSource

__all__ = [
    "Archive",
    "ArchiveError",
    "Chip",
    "ChipError",
    "ChipSource",
    "Fetched",
    "HttpError",
    "HttpPolicy",
    "ImageryError",
    "LocalRaster",
    "PhotoError",
    "PhotoFacts",
    "Provider",
    "ProviderError",
    "RasterError",
    "Session",
    "TileCache",
    "XyzSource",
    "chip_png",
    "read_photo",
    "read_providers",
    "shipped_providers",
    "thumbnail_jpeg",
]

_HOME = {
    "Archive": "imagery.archive",
    "ArchiveError": "imagery.errors",
    "Chip": "imagery.chip",
    "ChipError": "imagery.errors",
    "ChipSource": "imagery.chip",
    "Fetched": "imagery.http",
    "HttpError": "imagery.errors",
    "HttpPolicy": "imagery.http",
    "ImageryError": "imagery.errors",
    "LocalRaster": "imagery.raster",
    "PhotoError": "imagery.errors",
    "PhotoFacts": "imagery.photo.facts",
    "Provider": "imagery.providers",
    "ProviderError": "imagery.errors",
    "RasterError": "imagery.errors",
    "Session": "imagery.http",
    "TileCache": "imagery.tile_cache",
    "XyzSource": "imagery.xyz",
    "chip_png": "imagery.picture",
    "read_photo": "imagery.photo.metadata",
    "read_providers": "imagery.providers",
    "shipped_providers": "imagery.providers",
    "thumbnail_jpeg": "imagery.picture",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
