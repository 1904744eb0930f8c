"""Regions against points that pyproj puts where the words say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gazetteer.compass import COMPASS
from gazetteer.described.anchors import FARTHEST_M, Ground, Region, in_km, region
from gazetteer.described.parse import parse
from gazetteer.described.precision import number_uncertainty
from gazetteer.described.regions import regions_of
from gazetteer.described.shapes import AlongLines, Disc, Sector
from gazetteer.place import Candidate, Place
from gazetteer.position import Position

GEOD = Geod(ellps="WGS84")
PLACES = {
    "Dateline": (179.98, -16.5),
    "Polar": (20.0, 88.0),
    "South": (-60.0, -75.0),
    "Equator": (0.0, 0.01),
    "Alder": (38.0, 34.0),
}
EXTENT_M = 1_000.0


def find(name: str) -> Sequence[Candidate]:
    if name not in PLACES:
        return ()
    lon, lat = PLACES[name]
    place = Place(
        name=name,
        names=(name,),
        kind="village",
        position=Position(lon=lon, lat=lat, uncertainty_m=0.0),
        extent_m=EXTENT_M,
        country=None,
        valid=None,
        source="synthetic",
        source_id=name,
        origin="synthetic",
    )
    return (Candidate(place=place, matched_name=name, how="exact", score=1.0),)


def only(text: str) -> Region:
    (found,) = regions_of(parse(text), Ground(find=find))
    return found


def away_m(region_: Region, lon: float, lat: float) -> float:
    return float(GEOD.inv(region_.position.lon, region_.position.lat, lon, lat)[2])


WORDS = {
    "N": "north",
    "E": "east",
    "SW": "southwest",
    "W.N.W.": "west-northwest",
    "south-south-east": "south-southeast",
}


@settings(max_examples=80)
@given(
    name=st.sampled_from(sorted(PLACES)),
    km=st.integers(1, 150),
    word=st.sampled_from(sorted(WORDS)),
    off=st.floats(-1, 1),
    turn=st.floats(-1, 1),
)
def test_every_point_that_may_have_been_meant_is_inside(
    name: str, km: int, word: str, off: float, turn: float
) -> None:
    found = only(f"{km} km {word} of {name}")
    heading = WORDS[word]
    half = {1: 45.0, 2: 22.5, 3: 11.25}[heading.count("th") + heading.count("st")]
    exact_m = number_uncertainty(str(km)) * 1_000 + EXTENT_M
    metres = max(km * 1_000 + off * 0.999 * exact_m, 1.5)
    lon, lat = PLACES[name]
    x, y, _ = GEOD.fwd(lon, lat, COMPASS[heading] + turn * 0.999 * half, metres)
    assert found.share_inside(x, y)[0] == 1
    # Meridians meet, and the formula is that of a plane: a thousandth, and 5 m.
    assert away_m(found, x, y) <= found.radius_m * 1.001 + 5


@pytest.mark.parametrize("name", PLACES)
def test_the_point_of_reference(name: str) -> None:
    lon, lat = PLACES[name]
    found = only(f"120 km east of {name}")
    x, y, _ = GEOD.fwd(lon, lat, 90, 120_000)
    assert away_m(found, x, y) < 0.01
    assert -180 <= found.position.lon <= 180


def test_units_are_those_of_the_world() -> None:
    for said, metres in {
        "10 miles": 16_093.44,
        "10 nautical miles": 18_520,
        "500 yards": 457.2,
        "900 ft": 274.32,
        "one hundred and twenty km": 120_000,
        "two and a half km": 2_500,
        "10,5 km": 10_500,
        "\u0662\u0665 km": 25_000,
    }.items():
        found = only(f"{said} southeast of Alder")
        assert away_m(found, *PLACES["Alder"]) == pytest.approx(metres, abs=0.01), said


def test_nothing_is_farther_than_the_other_side() -> None:
    found = only("more than 15000 km from Alder")
    assert max(found.radii_m) <= FARTHEST_M
    assert "15000 km or more" in found.reasons[-1]


def test_a_pole_bounds_north() -> None:
    assert regions_of(parse("300 km north of Polar"), Ground(find=find)) == ()
    assert only("300 km north-northeast of Polar").position.lat < 90


@pytest.mark.parametrize("half", [11.25, 22.5, 45.0, 90.0])
@pytest.mark.parametrize("high_m", [1e4, 4e5, 3e6, 1.2e7])
def test_the_bounds_of_a_sector_hold_it(half: float, high_m: float) -> None:
    sector = Sector(
        centre=Position(lon=38, lat=34),
        low_m=0,
        high_m=high_m,
        azimuth_deg=30,
        half_angle_deg=half,
    )
    hold = sector.bounds()
    for share in (0.0, 0.5, 1.0):
        for turn in (-1.0, -0.5, 0.0, 0.5, 1.0):
            x, y, _ = GEOD.fwd(38, 34, 30 + turn * half, share * high_m)
            out = GEOD.inv(hold.centre.lon, hold.centre.lat, x, y)[2]
            assert out <= hold.radius_m * 1.0001


def test_beside_a_line_and_not_beside_its_middle() -> None:
    """A border: "10 km from" it is two strips, "10 km west of" it one."""
    line = AlongLines(lines=(np.array([[39.0, 32.0], [39.0, 36.0]]),), half_width_m=500.0)
    anchor = region(
        Ground(find=find),
        at=Position(lon=39.0, lat=34.0),
        radii_m=[230_000.0] * 3,
        shape=line,
        on=(),
        why="a border",
    )
    from gazetteer.described.offsets import offset, offset_only
    from gazetteer.described.tree import Offset, OffsetOnly

    either = parse("10 km from X")
    west = parse("10 km west of X")
    assert isinstance(either, OffsetOnly)
    assert isinstance(west, Offset)
    ground = Ground(find=find)
    strips, strip = offset_only(either, anchor, ground), offset(west, anchor, ground)
    assert strip is not None
    for lat in (32.5, 35.5):
        west_of, east_of = (GEOD.fwd(39.0, lat, azimuth, 10_000) for azimuth in (270, 90))
        assert strips.share_inside(west_of[0], west_of[1])[0] == 1
        assert strips.share_inside(east_of[0], east_of[1])[0] == 1
        assert strips.share_inside(39.0, lat)[0] == 0
        assert strip.share_inside(west_of[0], west_of[1])[0] == 1
        assert strip.share_inside(east_of[0], east_of[1])[0] == 0
    assert away_m(strip, 39.0, 34.0) == pytest.approx(10_000, abs=0.1)


def test_a_line_over_the_antimeridian_is_walked_on_it() -> None:
    line = np.array([[179.7, -16.5], [-179.5, -16.5]])
    ground = Ground(find=find, lines=lambda _: (line,))
    (found,) = regions_of(parse("20 km east along the X1 highway from Dateline"), ground)
    assert found.position.lon == pytest.approx(-179.83, abs=0.02)
    assert "its course" in found.reasons[-1]


def test_the_end_of_a_road_tells_the_way() -> None:
    line = np.array([[37.0, 34.0], [38.0, 34.0], [39.0, 34.0]])
    PLACES["Eastend"] = (39.0, 34.0)
    ground = Ground(find=find, lines=lambda _: (line,))
    both = regions_of(parse("20 km along the X1 highway from Alder"), ground)
    assert sorted(round(one.position.lon, 1) for one in both) == [37.8, 38.2]
    (one,) = regions_of(parse("20 km along the X1 highway from Alder to Eastend"), ground)
    assert round(one.position.lon, 1) == 38.2


def test_the_end_of_a_road_tells_homonyms_apart() -> None:
    def homonyms(name: str) -> Sequence[Candidate]:
        twins = {"Twin": ("Polar", "Alder"), "Elm": ("Eastend",)}
        return [candidate for twin in twins.get(name, ()) for candidate in find(twin)]

    PLACES["Eastend"] = (38.4, 34.0)
    text = "15 km along the road from Twin to Elm"
    found = regions_of(parse(text), Ground(find=homonyms))
    assert [one.places[0].name for one in found] == ["Alder", "Polar"]
    assert found[0].score > 5 * found[1].score


def test_two_rings_meet_where_both_are_said() -> None:
    PLACES["Eastend"] = (38.4, 34.0)
    found = only("20 km from Alder and 20 km from Eastend")
    apart = GEOD.inv(38.0, 34.0, 38.4, 34.0)[2]
    height = (20_000**2 - (apart / 2) ** 2) ** 0.5
    x, y, _ = GEOD.fwd(38.2, 34.0, 0, height)
    assert found.share_inside(x, y)[0] == 1
    assert found.share_inside(38.0, 34.0)[0] == 0
    assert found.radius_m < 27_000


def test_kilometres_for_a_reader() -> None:
    assert [in_km(m) for m in (120, 7_512.8, 999_400, 999_600, 5_000_000)] == [
        "0.12 km",
        "7.51 km",
        "999 km",
        "1,000 km",
        "5,000 km",
    ]


def test_a_disc_is_its_own_bounds() -> None:
    disc = Disc(centre=Position(lon=0, lat=0), radius_m=5.0)
    assert disc.bounds() is disc
