"""Areas that texts name: a country, a part of one ("southern Syria"), or a shape a user supplied.

An area answers one question: how much of a piece of ground lies inside. Parts of a country are
vague by nature, so theirs is a soft edge: where a country's ground is ranked from one side to the
other, "southern" holds the southernmost two fifths without doubt and fades out over the next fifth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from gazetteer.compass import compass_word
from gazetteer.countries import country_code, country_name
from gazetteer.errors import BorderError
from gazetteer.geodesy import Floats
from gazetteer.names import fold

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from gazetteer.sources.geojson import Outline

CERTAIN, LOOSEST = 0.4, 0.6
"""Shares of a country's ground, counted from the side a word names: up to the first a place is in
"the south" without doubt, beyond the second not at all. From judgement."""

_CENTRAL, _CENTRAL_LOOSEST = 0.25, 0.35
"""The same for "central", counted from the middle outwards on either axis."""

_SAMPLE = 60
"""A country's ground is ranked on a lattice of this many steps a side."""

_METRES_PER_DEGREE = 111_195.0
_AREA_NOUNS = (
    "autonomous region|administrative region|province|governorate|oblast|district|region|state|"
    "county|department|prefecture|territory|canton|raion|krai|voivodeship|muhafazah|wilayat"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Area:
    """A piece of ground with a name.

    Attributes:
        name: what it is called ("southern Syria").
        key: equal for two areas that are the same piece of ground.
        country: code of the country it is, or is a part of, or None.
        part: the direction words of a part ("southern"), sorted; empty for the whole.
        shape: its outline; for a part, that of the whole country.
        source: who drew the outline.
        uncertainty_m: how far the outline may be off.
    """

    name: str
    key: str
    shape: MultiPolygon
    source: str
    uncertainty_m: float
    country: str | None = None
    part: tuple[str, ...] = ()
    _ranks: list[tuple[Floats, Floats]] = field(default_factory=list, repr=False)

    def share_inside(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, half_width_m: npt.ArrayLike = 0.0
    ) -> Floats:
        """How much of the ground around each position lies in the area, 0 to 1.

        Args:
            lon: (n,) degrees.
            lat: (n,) degrees.
            half_width_m: (n,) metres of ground to either side that a position stands for; the
                outline's own uncertainty is added.

        Returns:
            (n,) shares; a position on the very edge of a country has about a half.
        """
        import shapely

        lons = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        lats = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        reach = np.hypot(np.broadcast_to(np.asarray(half_width_m), lons.shape), self.uncertainty_m)
        d_lat = reach / _METRES_PER_DEGREE
        d_lon = d_lat / np.maximum(np.cos(np.radians(lats)), 1e-3)
        shapely.prepare(self.shape)
        inside = shapely.intersects_xy(self.shape, lons, lats).astype(np.float64)
        for azimuth in np.radians(np.arange(0, 360, 45)):
            x = (lons + np.sin(azimuth) * d_lon + 180) % 360 - 180
            y = np.clip(lats + np.cos(azimuth) * d_lat, -90, 90)
            inside += shapely.intersects_xy(self.shape, x, y)
        shares: Floats = inside / 9.0
        return shares * self._in_part(lons, lats) if self.part else shares

    def share_of_country(self) -> float:
        """The share of the country's ground that a part takes up; 1 for a whole area."""
        if not self.part:
            return 1.0
        lon, lat = _lattice(self.shape)
        return float(self._in_part(lon, lat).mean())

    def _in_part(self, lon: Floats, lat: Floats) -> Floats:
        """(n,) how surely each position is in the part that the words name."""
        if not self._ranks:
            x, y = _lattice(self.shape)
            self._ranks.append((np.sort(x), np.sort(y)))
        eastings, northings = self._ranks[0]
        east = np.searchsorted(eastings, lon) / eastings.size
        north = np.searchsorted(northings, lat) / northings.size
        if self.part == ("central",):
            off = np.maximum(np.abs(east - 0.5), np.abs(north - 0.5))
            return _fading(off, _CENTRAL, _CENTRAL_LOOSEST)
        surest = np.ones(lon.size)
        for word in re.findall("north|south|east|west", self.part[0]):
            rank = {"north": 1 - north, "south": north, "east": 1 - east, "west": east}[word]
            surest = np.minimum(surest, _fading(rank, CERTAIN, LOOSEST))
        return surest


class Outlines(Protocol):
    """What is asked of the borders: outlines of countries and of a user's named areas."""

    @property
    def named(self) -> tuple[Outline, ...]:
        """The user's outlines of areas that are no countries."""
        ...

    def outline(self, code: str, /) -> Outline:
        """Outline of a country; BorderError where there is none."""
        ...


def find_area(phrase: str, borders: Outlines) -> Area | None:
    """The area a phrase means, or None if no outline of it is known.

    Knows countries ("Syria"), parts of them ("southern Syria", "the
    north-east of Nigeria", "central Mali") and the named outlines of a user's files, with or
    without a word for what they are and the country they are in ("Iraq's Anbar province").

    Args:
        phrase: as written.
        borders: where outlines are; the user's named areas go first.
    """
    text = re.sub(r"^(?:the|all of|parts? of)\s+", "", " ".join(phrase.split()), flags=re.I)
    wanted = _keys(text)
    for named in borders.named:
        if wanted & _keys(named.name):
            return Area(
                name=named.name,
                key=fold(named.name),
                shape=named.shape,
                source=named.source,
                uncertainty_m=named.uncertainty_m,
            )
    # South Sudan is a country, whatever its first word says.
    part, rest = "", text
    code = country_code(rest)
    if code is None:
        part, rest = _part(text)
        code = country_code(rest)
    if code is None:
        return None
    try:
        outline = borders.outline(code)
    except BorderError:
        return None
    name = country_name(code)
    return Area(
        name=f"{part}ern {name}" if part and part != "central" else f"{part} {name}".strip(),
        key=f"{part} {code}".strip(),
        shape=outline.shape,
        source=outline.source,
        uncertainty_m=outline.uncertainty_m,
        country=code,
        part=(part,) if part else (),
    )


def _part(text: str) -> tuple[str, str]:
    """The direction in front of a country's name, as a compass word or "central", and the rest."""
    of = re.match(r"(?:far\s+)?([a-z\- ]+?)\s+(?:part\s+)?of\s+(?:the\s+)?(.+)$", text, flags=re.I)
    words = [of.groups()] if of else []
    split = text.split(" ")
    words += [(" ".join(split[:n]), " ".join(split[n:])) for n in (2, 1) if len(split) > n]
    for said, rest in words:
        plain = re.sub(r"^(?:far|extreme|deep)[\s-]+", "", said.casefold())
        if plain in {"central", "centre", "center", "middle"}:
            return "central", rest
        word = compass_word(plain)
        # Three-letter sectors are directions, not parts.
        if word is not None and "-" not in word:
            return word, rest
    return "", text


def _keys(name: str) -> set[str]:
    """Ways to write an area's name: as it is, without its noun, without the country before it."""
    plain = re.sub(r"\s+", " ", name.strip())
    ways = {plain, re.sub(r"^.{2,40}?(?:'s|’s)\s+", "", plain)}
    ways |= {re.sub(rf"\s+(?:{_AREA_NOUNS})$", "", way, flags=re.I) for way in ways}
    ways |= {re.sub(rf"^(?:{_AREA_NOUNS})\s+of\s+", "", way, flags=re.I) for way in ways}
    return {fold(way) for way in ways if fold(way)}


def _lattice(shape: MultiPolygon) -> tuple[Floats, Floats]:
    """Points of a lattice, even in ground, that lie in a shape: longitudes and latitudes."""
    import shapely

    west, south, east, north = shapely.bounds(shape)
    lat, lon = np.meshgrid(
        south + (np.arange(_SAMPLE) + 0.5) * (north - south) / _SAMPLE,
        west + (np.arange(_SAMPLE) + 0.5) * (east - west) / _SAMPLE,
        indexing="ij",
    )
    # Rows shrink towards the poles; of a row at latitude b only the share cos(b) is kept, evenly.
    column = np.arange(_SAMPLE)[None, :]
    shrink = np.cos(np.radians(lat))
    even = np.floor((column + 1) * shrink) > np.floor(column * shrink)
    shapely.prepare(shape)
    kept = even & shapely.intersects_xy(shape, lon, lat)
    if not kept.any():
        centre = shapely.point_on_surface(shape)
        return np.array([centre.x]), np.array([centre.y])
    return lon[kept], lat[kept]


def _fading(rank: Floats, certain: float, loosest: float) -> Floats:
    shares: Floats = np.clip((loosest - rank) / (loosest - certain), 0.0, 1.0)
    return shares
