"""A chip as a Cloud-Optimized GeoTIFF: tiled, compressed, holes masked, and where it is from.

The file can be read in parts over HTTP, opens in QGIS, and says in its own tags (``gdalinfo``)
what it shows::

    PROVIDER, ATTRIBUTION, LICENCE     who is to be credited, on what terms
    ACQUIRED_FIRST, ACQUIRED_LAST      first and last day of the exposure; not there if not known
    ACQUISITION_DATE                   the day, where it is one
    GSD_M, COVERAGE                    size of a pixel on the ground, share with data
    SOURCES                            JSON list of {url, sha256, retrieved_at} of what was fetched
"""

from __future__ import annotations

import json
import secrets
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from imagery.errors import RasterError

if TYPE_CHECKING:
    from imagery.chip import Chip
    from imagery.tile_facts import Look

_MOST_SOURCES = 500
_BLOCK = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something fetched that a chip was made of."""

    url: str
    sha256: str
    retrieved_at: datetime


def parts_of(look: Look) -> tuple[Part, ...]:
    """The tiles that a chip was made of."""
    return tuple(
        Part(url=f.url, sha256=f.fetched.sha256, retrieved_at=f.fetched.retrieved_at)
        for f in look.tiles
        if f.fetched is not None and f.reason is None
    )


def write_cog(
    chip: Chip,
    path: Path,
    *,
    parts: Sequence[Part] = (),
    attribution: str | None = None,
    licence: str | None = None,
) -> None:
    """Write a chip; the file is whole or not there.

    Args:
        chip: its holes become the file's mask.
        path: replaced if it is there.
        parts: what the chip was made of.
        attribution: to be shown with it.
        licence: its terms in a few words.

    Raises:
        RasterError: the file cannot be written.
    """
    content = cog_bytes(chip, parts=parts, attribution=attribution, licence=licence)
    part = path.with_name(f".{path.name[:40]}-{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise RasterError(
            f"{path} cannot be written ({error.strerror}); choose another --out"
        ) from error


def cog_bytes(
    chip: Chip,
    *,
    parts: Sequence[Part] = (),
    attribution: str | None = None,
    licence: str | None = None,
) -> bytes:
    """The file's bytes; see ``write_cog``."""
    import numpy as np
    import rasterio
    from affine import Affine
    from rasterio.enums import ColorInterp
    from rasterio.errors import NotGeoreferencedWarning, RasterioError
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    bands, rows, cols = chip.pixels.shape
    profile = {
        "driver": "GTiff",
        "width": cols,
        "height": rows,
        "count": bands,
        "dtype": chip.pixels.dtype,
        "crs": chip.crs,
        "transform": Affine(*chip.transform),
    }
    floating = np.issubdtype(chip.pixels.dtype, np.floating)
    try:
        with (
            rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True, GDAL_NUM_THREADS=1),
            warnings.catch_warnings(),
            MemoryFile() as plain,
            MemoryFile() as packed,
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with plain.open(**profile) as out:
                out.write(chip.pixels)
                out.write_mask(chip.mask)
                if chip.bands[:3] == ("red", "green", "blue") or (
                    not chip.bands and bands == 3 and chip.pixels.dtype == np.uint8
                ):
                    colours = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
                    out.colorinterp = (*colours, *[ColorInterp.undefined] * (bands - 3))
                for number, name in enumerate(chip.bands, 1):
                    out.set_band_description(number, name)
                out.update_tags(**_tags(chip, parts, attribution, licence))
            with plain.open() as source:
                copy(
                    source,
                    packed.name,
                    driver="COG",
                    compress="DEFLATE",
                    predictor="FLOATING_POINT" if floating else "STANDARD",
                    blocksize=_BLOCK,
                    overview_resampling="NEAREST",
                )
            return bytes(packed.getbuffer())
    except RasterioError as error:
        why = str(error).split("\n", 1)[0][:200]
        raise RasterError(f"the chip cannot be written as a GeoTIFF ({why})") from error


def _tags(
    chip: Chip, parts: Sequence[Part], attribution: str | None, licence: str | None
) -> dict[str, str]:
    tags = {
        "PROVIDER": chip.provider,
        "GSD_M": f"{chip.gsd_m:.6g}",
        "COVERAGE": f"{chip.coverage:.6g}",
    }
    if attribution:
        tags["ATTRIBUTION"] = attribution
        tags["TIFFTAG_COPYRIGHT"] = attribution
    if licence:
        tags["LICENCE"] = licence
    if chip.acquired is not None:
        first, last = chip.acquired
        tags["ACQUIRED_FIRST"], tags["ACQUIRED_LAST"] = first.isoformat(), last.isoformat()
        if first == last:
            tags["ACQUISITION_DATE"] = first.isoformat()
    listed: list[dict[str, str]] = [
        {
            "url": part.url,
            "sha256": part.sha256,
            "retrieved_at": part.retrieved_at.isoformat(timespec="seconds"),
        }
        for part in parts
    ] or [{"url": source} for source in chip.sources]
    tags["SOURCES"] = json.dumps(listed[:_MOST_SOURCES])
    if len(listed) > _MOST_SOURCES:
        tags["SOURCES_LEFT_OUT"] = str(len(listed) - _MOST_SOURCES)
    return tags
