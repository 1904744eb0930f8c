"""Which places of the gazetteer are asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gazetteer.errors import GazetteerError
from gazetteer.place import KINDS
from gazetteer.position import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """All of what is given must hold; nothing given means every place.

    Attributes:
        source: key of a source.
        country: ISO 3166-1 alpha-2 code; a place that names no country is left out.
        kind: key in ``place.KINDS``.
        centre: point around which the places lie.
        radius_m: within how many metres of it.

    Raises:
        GazetteerError: the kind is none, or the radius is not above zero.
    """

    source: str | None = None
    country: str | None = None
    kind: str | None = None
    centre: Position | None = None
    radius_m: float | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise GazetteerError(
                f"{self.kind!r:.60} is no kind of place; use one of {', '.join(KINDS)}"
            )
        if (self.centre is None) != (self.radius_m is None):
            raise GazetteerError("a centre needs a radius, and a radius a centre")
        if self.radius_m is not None and not (math.isfinite(self.radius_m) and self.radius_m > 0):
            raise GazetteerError(f"a radius of {self.radius_m:g} m is not above zero")
