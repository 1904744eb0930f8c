"""Which country a point lies in, where two countries meet, and how far a point is from there.

Outlines come from the user's files first and otherwise from those out of the box. Two outlines of
different make never share their vertices, so that a border is the part of one outline that runs
within ``NEAR_M`` of the other country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazetteer.countries import country_name
from gazetteer.errors import BorderError
from gazetteer.geodesy import Floats, distance_to_lines_m, distances_m
from gazetteer.position import Position
from gazetteer.sources.geojson import Outline, Stretch, read_geojson

if TYPE_CHECKING:
    from shapely import MultiPolygon

NEAR_M = 1_500.0
"""How far apart two outlines of one border may run; published ones differ by up to about a
kilometre."""

_LEAST_M = 3_000.0
"""Shorter shared boundaries are the chance meeting of two outlines at a third country's corner."""

_METRES_PER_DEGREE = 111_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderLine:
    """A border.

    Attributes:
        between: codes, sorted; one where it is the whole land border of a country.
        lines: (n, 2) longitudes and latitudes, one array per unbroken piece.
        source: who drew it.
        uncertainty_m: how far it may be off.
    """

    between: tuple[str, ...]
    lines: tuple[Floats, ...]
    source: str
    uncertainty_m: float

    def __post_init__(self) -> None:
        if not self.lines:
            raise BorderError(f"the border of {'-'.join(self.between)} has no line")

    @property
    def length_m(self) -> float:
        """Length of all pieces in metres."""
        return float(
            sum(
                distances_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum()
                for line in self.lines
            )
        )


class Borders:
    """Borders of the user's files and, with ``builtin``, of the outlines out of the box.

    A stretch of border given as a line wins over outlines; a user's outline over the built-in one.
    Results are kept, so that asking again costs nothing.
    """

    def __init__(
        self,
        outlines: Iterable[Outline] = (),
        stretches: Iterable[Stretch] = (),
        *,
        builtin: bool = True,
        cache_dir: Path | None = None,
    ) -> None:
        self._outlines: dict[str, list[Outline]] = {}
        self._named: list[Outline] = []
        for outline in outlines:
            if outline.code is None:
                self._named.append(outline)
            else:
                self._outlines.setdefault(outline.code, []).append(outline)
        self._stretches: dict[tuple[str, str], list[Stretch]] = {}
        for stretch in stretches:
            self._stretches.setdefault(stretch.between, []).append(stretch)
        self._builtin = builtin
        self._cache_dir = cache_dir
        self._known: dict[tuple[str, ...], BorderLine | None] = {}

    @classmethod
    def open(
        cls, paths: Sequence[Path] = (), *, builtin: bool = True, cache_dir: Path | None = None
    ) -> Borders:
        """Borders of GeoJSON files, see ``sources.geojson``.

        Raises:
            GazetteerFileError: a file cannot be used.
        """
        read = [read_geojson(path) for path in paths]
        return cls(
            [outline for outlines, _ in read for outline in outlines],
            [stretch for _, stretches in read for stretch in stretches],
            builtin=builtin,
            cache_dir=cache_dir,
        )

    @property
    def named(self) -> tuple[Outline, ...]:
        """The user's outlines of areas that are no countries, in the order given."""
        return tuple(self._named)

    def line(self, first: str, second: str | None = None) -> BorderLine | None:
        """The border between two countries, or the whole land border of one; None if there is none.

        The land border of one country is that with each of its neighbours, which only the built-in
        outlines can name; without them it is all of its outline, coast included, and all stretches
        of border given for it.

        Args:
            first: ISO 3166-1 alpha-2 code.
            second: another, in any order.

        Raises:
            BorderError: a code is unknown, both are the same, or no source has that country.
        """
        codes = tuple(sorted(code.upper() for code in (first, second) if code is not None))
        for code in codes:
            country_name(code)
        if len(set(codes)) < len(codes):
            raise BorderError(f"{codes[0]} has no border with itself; name two countries")
        if codes not in self._known:
            self._known[codes] = (
                self._of_one(codes[0]) if len(codes) == 1 else self._of_two(codes[0], codes[1])
            )
        return self._known[codes]

    def country_at(self, position: Position) -> str | None:
        """Code of the country a position lies in; None at sea, or where no source reaches.

        Where two outlines overlap, the first given counts.
        """
        return self.codes_at([position.lon], [position.lat])[0]

    def codes_at(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[str | None, ...]:
        """``country_at`` for (n,) longitudes and latitudes."""
        lons = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        lats = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        codes: list[str | None] = [None] * len(lons)
        if self._outlines:
            import shapely

            for outline in (o for group in self._outlines.values() for o in group):
                shapely.prepare(outline.shape)
                inside = shapely.intersects_xy(outline.shape, lons, lats)
                for at in np.flatnonzero(inside).tolist():
                    codes[at] = codes[at] or outline.code
        open_ones = [number for number, code in enumerate(codes) if code is None]
        if open_ones and self._builtin:
            from gazetteer.sources.outlines import countries_at

            found = countries_at(lons[open_ones], lats[open_ones])
            for where, code in zip(open_ones, found, strict=True):
                # A user's outline says where its country ends, too.
                codes[where] = None if code in self._outlines else code
        return tuple(codes)

    def distance_m(self, position: Position, between: Sequence[str]) -> float:
        """Metres from a position to a border, see ``line``.

        Raises:
            BorderError: there is no such border.
        """
        if not 1 <= len(between) <= 2:
            raise BorderError(f"{tuple(between)} names no border; give one or two country codes")
        line = self.line(*between)
        if line is None:
            names = " and ".join(country_name(code) for code in between)
            raise BorderError(f"{names}: no common border is known; check the country codes")
        return float(distance_to_lines_m(position.lon, position.lat, line.lines))

    def _of_two(self, first: str, second: str) -> BorderLine | None:
        stretches = self._stretches.get((first, second))
        if stretches:
            return _of_stretches((first, second), stretches)
        a, b = self.outline(first), self.outline(second)
        # A built-in outline gives way: the line is drawn along the user's.
        if first not in self._outlines and second in self._outlines:
            a, b = b, a
        lines = _shared(a.shape, b.shape)
        if not lines:
            return None
        line = BorderLine(
            between=(first, second),
            lines=lines,
            source=a.source,
            uncertainty_m=max(a.uncertainty_m, b.uncertainty_m if a.source != b.source else 0.0),
        )
        return line if line.length_m >= _LEAST_M else None

    def _of_one(self, code: str) -> BorderLine | None:
        if self._builtin:
            from gazetteer.sources.outlines import neighbours, outline

            others = neighbours(outline(code, self._cache_dir), code)
            found = [line for other in others if (line := self.line(code, other))]
        else:
            found = [
                _of_stretches(pair, stretches)
                for pair, stretches in self._stretches.items()
                if code in pair
            ]
            if code in self._outlines or not found:
                whole = self.outline(code)
                found.append(
                    BorderLine(
                        between=(code,),
                        lines=tuple(_coordinates(whole.shape.boundary)),
                        source=whole.source,
                        uncertainty_m=whole.uncertainty_m,
                    )
                )
        if not found:
            return None
        return BorderLine(
            between=(code,),
            lines=tuple(piece for line in found for piece in line.lines),
            source="; ".join(dict.fromkeys(line.source for line in found)),
            uncertainty_m=max(line.uncertainty_m for line in found),
        )

    def outline(self, code: str) -> Outline:
        """Outline of a country: the user's where one was given, several made one.

        Raises:
            BorderError: no source has that country.
        """
        given = self._outlines.get(code)
        if given:
            if len(given) == 1:
                return given[0]
            import shapely

            united = shapely.union_all([outline.shape for outline in given])
            return Outline(
                code=code,
                shape=shapely.MultiPolygon(list(shapely.get_parts(united))),
                source="; ".join(dict.fromkeys(outline.source for outline in given)),
                uncertainty_m=max(outline.uncertainty_m for outline in given),
            )
        if not self._builtin:
            raise BorderError(
                f"no outline of {country_name(code)} ({code}) was given; "
                "add one as GeoJSON with --gazetteer"
            )
        from gazetteer.sources import outlines

        return Outline(
            code=code,
            shape=outlines.outline(code, self._cache_dir),
            source=outlines.attribution(),
            uncertainty_m=outlines.UNCERTAINTY_M,
        )


def _of_stretches(between: tuple[str, str], stretches: Sequence[Stretch]) -> BorderLine:
    return BorderLine(
        between=between,
        lines=tuple(line for stretch in stretches for line in stretch.lines),
        source="; ".join(dict.fromkeys(stretch.source for stretch in stretches)),
        uncertainty_m=max(stretch.uncertainty_m for stretch in stretches),
    )


def _shared(a: MultiPolygon, b: MultiPolygon) -> tuple[Floats, ...]:
    """The part of the boundary of ``a`` within ``NEAR_M`` of ``b``.

    Distances are taken on a plane with longitudes shortened by the cosine of the middle latitude,
    which is good enough to tell near from far.
    """
    import shapely

    reach = 2 * NEAR_M / _METRES_PER_DEGREE
    west, south, east, north = shapely.bounds(b)
    slack = reach / max(np.cos(np.radians(min(max(abs(south), abs(north)), 85.0))), 0.05)
    near = shapely.clip_by_rect(
        shapely.boundary(a), west - slack, south - reach, east + slack, north + reach
    )
    if near.is_empty:
        return ()
    west, south, east, north = shapely.bounds(near)
    shrink = float(np.cos(np.radians((south + north) / 2)))
    other = shapely.make_valid(
        shapely.clip_by_rect(b, west - slack, south - reach, east + slack, north + reach)
    )
    if other.is_empty:
        return ()
    band = shapely.buffer(_scaled(other, shrink), NEAR_M / _METRES_PER_DEGREE, quad_segs=4)
    met = shapely.intersection(_scaled(near, shrink), band)
    return tuple(_coordinates(_scaled(met, 1 / shrink)))


def _scaled(shape: Any, factor: float) -> Any:
    import shapely

    return shapely.transform(shape, lambda points: points * np.array([factor, 1.0]))


def _coordinates(lines: Any) -> list[Floats]:
    import shapely

    merged = shapely.line_merge(lines)
    return [
        shapely.get_coordinates(part)
        for part in shapely.get_parts(merged)
        if part.geom_type in ("LineString", "LinearRing")
    ]
