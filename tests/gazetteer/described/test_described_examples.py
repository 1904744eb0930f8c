"""Whole descriptions against the calculation examples of the MaNIS guidelines (Wieczorek 2001,
revision of 29 November 2015): Bakersfield, its extent and its coordinates are theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pyproj import Geod

from gazetteer.described.anchors import Find, Ground, Region
from gazetteer.described.parse import parse
from gazetteer.described.precision import Convention
from gazetteer.described.regions import regions_of
from gazetteer.geodesy import Floats
from gazetteer.place import Candidate, Place
from gazetteer.position import Position

GEOD = Geod(ellps="WGS84")
MILE_M = 1_609.344
EXTENT_MI = 2.0
BY_SECONDS_M = 79.0 + 40.0
"""Unknown datum, and coordinates to the nearest second."""


def bakersfield(lat: float, lon: float, exact_m: float) -> Find:
    def find(name: str) -> Sequence[Candidate]:
        if name != "Bakersfield":
            return ()
        place = Place(
            name=name,
            names=(name,),
            kind="city",
            position=Position(lon=lon, lat=lat, uncertainty_m=exact_m),
            extent_m=EXTENT_MI * MILE_M,
            country="US",
            valid=None,
            source="GeorefGuide",
            source_id="1",
            origin="GeorefGuide",
        )
        return (Candidate(place=place, matched_name=name, how="exact", score=1.0),)

    return find


def only(text: str, find: Find, convention: Convention, line: Floats | None = None) -> Region:
    lines = None if line is None else (lambda _: (line,))
    ground = Ground(find=find, convention=convention, lines=lines)
    (region,) = regions_of(parse(text), ground)
    return region


def dms(degrees: float, minutes: float, seconds: float) -> float:
    return degrees + minutes / 60 + seconds / 3600


# The guidelines print these with half of a unit for the distance: the text's rule for 10 mi, and
# not its rule for 2, 3 and 5 mi, which is a whole unit.
EXAMPLES = (
    (
        "10 mi E (by air) Bakersfield",
        "wieczorek_2001",
        bakersfield(dms(35, 22, 24), -dms(118, 50, 56), BY_SECONDS_M),
        (35.3733333, -118.6717921),
        12.254,
    ),
    (
        "10 mi ENE (by air) Bakersfield",
        "wieczorek_2001",
        bakersfield(dms(35, 24, 21), -dms(118, 51, 25), 12 + 40 + 0.007 * MILE_M),
        (35.4613445, -118.6932627),
        7.491,
    ),
    (
        "2 mi E and 3 mi N of Bakersfield",
        "gbif_2020",
        bakersfield(dms(35, 25, 4), -dms(118, 58, 54), BY_SECONDS_M),
        (35.4612939, -118.946227),
        2.781,
    ),
    (
        "5 mi from Bakersfield",
        "gbif_2020",
        bakersfield(35.373, -119.018, 143.0),
        (35.373, -119.018),
        7.589,
    ),
)


@pytest.mark.parametrize(("text", "convention", "find", "at", "miles"), EXAMPLES)
def test_the_calculation_examples(
    text: str, convention: Convention, find: Find, at: tuple[float, float], miles: float
) -> None:
    region = only(text, find, convention)
    assert region.radius_m / MILE_M == pytest.approx(miles, abs=0.006)
    # Their coordinates run along circles of latitude; geodesics leave those by metres here.
    off_m = GEOD.inv(region.position.lon, region.position.lat, at[1], at[0])[2]
    assert off_m < 20


def test_the_example_along_a_path() -> None:
    # 2.712 mi: 2 mi of extent, half of a mile, and 0.212 mi of map, reading and coordinates.
    lat, lon = dms(35, 22, 24), -dms(119, 1, 4)
    line = np.array([[lon, lat], [lon + 0.4, lat]])
    find = bakersfield(lat, lon, 0.212 * MILE_M)
    region = only("13 mi E (by road) Bakersfield", find, "gbif_2020", line)
    assert region.radius_m / MILE_M == pytest.approx(2.712, abs=0.001)
    away_m = GEOD.inv(lon, lat, region.position.lon, region.position.lat)[2]
    assert away_m / MILE_M == pytest.approx(13.0, abs=0.08)


def test_the_extent_of_a_place_alone() -> None:
    # 3.119 km: 3 km of extent, 79 m of datum, 40 m of coordinates; here with its 2 miles.
    region = only("Bakersfield", EXAMPLES[0][2], "gbif_2020")
    assert region.radius_m == pytest.approx(EXTENT_MI * MILE_M + BY_SECONDS_M)
