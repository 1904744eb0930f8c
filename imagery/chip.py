"""A piece of imagery: its pixels, its holes, its place, its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from gazetteer.position import Position
from imagery.errors import ChipError

Transform = tuple[float, float, float, float, float, float]
"""Affine a, b, c, d, e, f: x = a col + b row + c and y = d col + e row + f, in the units of the
CRS, for pixel corners (0, 0 is the outer corner of the first pixel)."""

Interval = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFacts:
    """What is known of a satellite or aerial scene that a chip was cut from.

    Attributes:
        id: the scene's name in its catalogue.
        collection: the catalogue's collection it belongs to.
        catalogue: who lists it.
        acquired_at: the moment of exposure, UTC; None where only an interval is known.
        platform: the satellite; "" if not told.
        baseline: version of the processing; None if not told.
        sun_elevation_deg: height of the sun above the horizon; None if not told.
        sun_azimuth_deg: clockwise from north; None if not told.
        cloud_share: of the chip's pixels with data, those under cloud, 0 to 1; None if the scene
            comes without a cloud mask.
        shadow_share: the same for cloud shadow.
        hrefs: the files that were read, without signatures.
    """

    id: str
    collection: str
    catalogue: str
    acquired_at: datetime | None
    platform: str
    baseline: str | None
    sun_elevation_deg: float | None
    sun_azimuth_deg: float | None
    cloud_share: float | None
    shadow_share: float | None
    hrefs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chip:
    """Pixels of one place, with everything needed to judge what they can show.

    Attributes:
        pixels: (bands, rows, cols), in the source's own values; not to be written to.
        mask: (rows, cols), True where there is data. A hole stays a hole: its pixels mean nothing.
        transform: where the pixels lie, in ``crs``.
        crs: an authority code ("EPSG:32637") or WKT.
        gsd_m: ground size of a pixel's longer side at the centre, metres.
        acquired: first and last day of the exposure; None if not known, which is not "recent".
        provider: who publishes it.
        sources: files or scenes it was made of.
        coverage: share of the pixels that hold data, 0 to 1.
        bands: names of the bands in order ("blue", "green", "red", "nir", ...); empty if not known.
        scenes: the dated scenes it was made of, where the source is a catalogue of scenes.
    """

    pixels: npt.NDArray[Any]
    mask: npt.NDArray[np.bool_]
    transform: Transform
    crs: str
    gsd_m: float
    acquired: Interval | None
    provider: str
    sources: tuple[str, ...]
    coverage: float
    bands: tuple[str, ...] = ()
    scenes: tuple[SceneFacts, ...] = ()

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or 0 in self.pixels.shape:
            raise ChipError(f"chip pixels must be (bands, rows, cols), got {self.pixels.shape}")
        if self.mask.dtype != np.bool_ or self.mask.shape != self.pixels.shape[1:]:
            raise ChipError(
                f"a chip of {self.pixels.shape} needs a boolean mask of its rows and columns, got "
                f"{self.mask.dtype} {self.mask.shape}"
            )
        a, b, _, d, e, _ = self.transform
        if not np.isfinite(self.transform).all() or a * e == b * d:
            raise ChipError(f"chip transform {self.transform} puts all pixels on one line")
        if not (np.isfinite(self.gsd_m) and self.gsd_m > 0):
            raise ChipError(f"ground sample distance must be above zero, got {self.gsd_m} m")
        if not abs(self.coverage - float(self.mask.mean())) < 1e-6:
            raise ChipError(
                f"coverage {self.coverage} is not the share of valid pixels, {self.mask.mean()}"
            )
        if self.acquired is not None and self.acquired[1] < self.acquired[0]:
            raise ChipError(f"acquisition ends before it begins: {self.acquired}")
        if self.bands and len(self.bands) != self.pixels.shape[0]:
            raise ChipError(f"{self.pixels.shape[0]} bands of a chip are named {self.bands}")
        for array in (self.pixels, self.mask):
            array.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.mask.shape[0], self.mask.shape[1]

    def footprint(self) -> tuple[tuple[float, float], ...]:
        """The chip's outline as a closed ring of (lon, lat), holes included.

        Each side has several points, since a straight side bends in another projection.
        """
        from pyproj import Transformer

        rows, cols = self.shape
        steps = np.linspace(0.0, 1.0, 5)[:-1]
        col = cols * np.concatenate([steps, np.ones(4), 1 - steps, np.zeros(4)])
        row = rows * np.concatenate([np.zeros(4), steps, np.ones(4), 1 - steps])
        a, b, c, d, e, f = self.transform
        to_degrees = Transformer.from_crs(self.crs, "OGC:CRS84", always_xy=True)
        lon, lat = to_degrees.transform(a * col + b * row + c, d * col + e * row + f)
        ring = [(float(x), float(y)) for x, y in zip(lon, lat, strict=True)]
        return (*ring, ring[0])


class ChipSource(Protocol):
    """Anything that can give imagery of a place: a local file, tiles, a catalogue of scenes."""

    def chip(self, centre: Position, size_m: float, when: Interval | None = None) -> Chip | None:
        """The imagery of a square around a position.

        Args:
            centre: the middle of the square.
            size_m: its side on the ground.
            when: only imagery whose whole acquisition lies in this interval; None takes any.

        Returns:
            None if the source has nothing there, or nothing known to be of that time.
        """
        ...
