from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.borders import Borders
from gazetteer.described.anchors import Ground, Region
from gazetteer.described.lookup import described, missing_names
from gazetteer.described.parse import parse
from gazetteer.described.precision import CONVENTIONS, offset_uncertainty_m
from gazetteer.described.regions import regions_of
from gazetteer.errors import GazetteerError
from gazetteer.geodesy import Floats, azimuth_deg, destination, distance_m, distances_m
from gazetteer.place import Candidate, Place
from gazetteer.position import Position
from gazetteer.sources.geojson import Outline, Stretch

# Synthetic places on a synthetic plain; a name may have several readings.
PLACES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "Alder": ((38.0, 34.0, 2_000.0),),
    "Birch": ((38.2, 34.0, 1_000.0),),
    "Cedar": ((38.0, 34.3, 1_500.0), (41.0, 33.0, 1_500.0)),
    "Oakshire": ((38.0, 34.1, 60_000.0),),
}


def find(name: str) -> tuple[Candidate, ...]:
    """The readings of a name, exactly placed."""
    return tuple(
        Candidate(
            place=Place(
                name=name,
                names=(name,),
                kind="region" if extent > 50_000 else "village",
                position=Position(lon=lon, lat=lat, uncertainty_m=0.0),
                extent_m=extent,
                country="SY",
                valid=None,
                source="synthetic",
                source_id=f"{name} {number}",
                origin="synthetic",
            ),
            matched_name=name,
            how="exact",
            score=1.0,
        )
        for number, (lon, lat, extent) in enumerate(PLACES.get(name, ()))
    )


def box(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.box(west, south, east, north)])


@pytest.fixture(scope="module")
def borders() -> Borders:
    line = np.array([[39.0, 32.0], [39.0, 36.0]])
    return Borders(
        [
            Outline(code="SY", shape=box(37, 32, 39, 36), source="synthetic", uncertainty_m=0.0),
            Outline(code="IQ", shape=box(39, 32, 43, 36), source="synthetic", uncertainty_m=0.0),
        ],
        [Stretch(between=("IQ", "SY"), lines=(line,), source="synthetic", uncertainty_m=500.0)],
        builtin=False,
    )


def only(text: str, **ground: object) -> Region:
    found = regions_of(parse(text), Ground(find=find, **ground))  # type: ignore[arg-type]
    assert len(found) == 1, [region.reasons for region in found]
    return found[0]


ALDER = Position(lon=38.0, lat=34.0)


def test_an_offset_is_where_it_says() -> None:
    region = only("20 km northeast of Alder")
    assert distance_m(ALDER, region.position) == pytest.approx(20_000, abs=0.1)
    assert azimuth_deg(ALDER, region.position) == pytest.approx(45, abs=1e-6)
    # 2 km extent; 20 km is off by 5 km, 5 km and 3 km (15 %) under the three conventions.
    for (convention, radius), off in zip(region.by_convention, (5_000, 5_000, 3_000), strict=True):
        assert convention in CONVENTIONS
        assert radius == pytest.approx(offset_uncertainty_m(20_000, 2_000 + off, 22.5))
    assert region.radius_m == region.position.uncertainty_m == region.radii_m[0]


def test_the_convention_is_chosen_by_argument() -> None:
    chosen = only("10 km north of Alder", convention="wieczorek_2001")
    assert chosen.radius_m == dict(chosen.by_convention)["wieczorek_2001"]
    assert chosen.radius_m > only("10 km north of Alder").radius_m
    with pytest.raises(GazetteerError, match="no convention"):
        Ground(find=find, convention="roughly")  # type: ignore[arg-type]


def test_an_ambiguous_name_has_as_many_regions_as_readings() -> None:
    found = regions_of(parse("5 km south of Cedar"), Ground(find=find))
    assert len(found) == 2
    assert {round(region.position.lon) for region in found} == {38, 41}


TEXTS = (
    "20 km northeast of Alder",
    "3 km S of Birch",
    "7 km from Alder",
    "within 7 km of Alder",
    "60 to 70 km WNW of Alder",
    "north of Alder",
    "southeast of Alder",
    "near Birch",
    "outskirts of Alder",
    "western countryside of Alder",
    "between Alder and Birch",
    "10 km along the road from Alder",
    "10 km E (by road) of Alder",
    "2 km E and 3 km N of Alder",
    "northern Alder",
    "Oakshire excluding Alder",
    "northeastern Syria",
    "the border with Iraq",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_ground_lies_within_the_radius(text: str, borders: Borders) -> None:
    for region in regions_of(parse(text), Ground(find=find, borders=borders)):
        reach = 3 * region.radius_m / 111_000
        lat = region.position.lat + np.linspace(-reach, reach, 81)
        lon = region.position.lon + np.linspace(-reach, reach, 81) / np.cos(np.radians(34))
        x, y = (axis.ravel() for axis in np.meshgrid(lon, lat))
        share = region.share_inside(x, y)
        assert share.max() > 0.5
        away = distances_m(x, y, region.position.lon, region.position.lat)
        assert away[share >= 0.5].max() <= region.radius_m * 1.02
        assert region.reasons


def test_a_cell_on_the_edge_counts_in_part() -> None:
    region = only("near Alder")
    edge = destination(ALDER, azimuth_deg=90, distance_m=region.radius_m)
    share = region.share_inside(edge.lon, edge.lat, 1_000.0)
    assert 0.2 < share[0] < 0.8


def test_between_is_centred_between() -> None:
    region = only("between Alder and Birch")
    birch = Position(lon=38.2, lat=34.0)
    half = distance_m(ALDER, birch) / 2
    assert distance_m(ALDER, region.position) == pytest.approx(half, rel=1e-6)
    assert region.radius_m == pytest.approx(half + 2_000)
    assert len(region.places) == 2


def test_between_prefers_the_nearer_homonym() -> None:
    found = regions_of(parse("between Alder and Cedar"), Ground(find=find))
    assert round(found[0].position.lon) == 38
    assert found[0].score > found[1].score


def test_a_heading_covers_its_cone_only() -> None:
    region = only("north of Alder")
    for azimuth, inside in ((0, 1), (40, 1), (60, 0), (180, 0)):
        point = destination(ALDER, azimuth_deg=azimuth, distance_m=10_000)
        assert region.share_inside(point.lon, point.lat)[0] == inside


def road(line: Floats) -> Callable[[str], tuple[Floats, ...]]:
    return lambda name: (line,) if name == "M9 highway" else ()


def test_along_a_known_road_is_measured_on_it() -> None:
    # North from Alder for 0.1 degrees, then east.
    line = np.array([[38.0, 34.0], [38.0, 34.1], [38.5, 34.1]])
    region = only("20 km along the M9 highway from Alder", lines=road(line))
    north = distance_m(ALDER, Position(lon=38.0, lat=34.1))
    corner = Position(lon=38.0, lat=34.1)
    assert distance_m(corner, region.position) == pytest.approx(20_000 - north, abs=150)
    # Sums only: 2 km extent and 5 km of the distance.
    assert region.radius_m == pytest.approx(7_000)


def test_along_an_unknown_road_is_an_upper_bound_with_the_reason() -> None:
    region = only("20 km along the M9 highway from Alder")
    assert distance_m(ALDER, region.position) == 0
    assert region.radius_m == pytest.approx(27_000)
    assert "not known" in region.reasons[-1]


def test_a_known_road_that_passes_elsewhere_is_not_used() -> None:
    line = np.array([[40.0, 34.0], [41.0, 34.1]])
    region = only("20 km along the M9 highway from Alder", lines=road(line))
    assert "not known" in region.reasons[-1]


def test_a_border(borders: Borders) -> None:
    region = only("the Syrian-Iraqi border", borders=borders)
    assert region.share_inside([39.0, 39.02, 39.2], [34.0, 34.0, 34.0]).tolist() == [1, 1, 0]
    assert regions_of(parse("the Syrian-Iraqi border"), Ground(find=find)) == ()


def test_an_area_without_a_place(borders: Borders) -> None:
    region = only("Syria excluding Alder", borders=borders)
    assert region.share_inside([38.0, 38.5], [34.0, 34.0]).tolist() == [0, 1]


def test_in_an_area_picks_the_reading_that_lies_there(borders: Borders) -> None:
    for text, lon in (("Cedar, near Alder", 38), ("5 km south of Cedar, in Iraq", 41)):
        found = regions_of(parse(text), Ground(find=find, borders=borders))
        assert round(found[0].position.lon) == lon
        assert any("outside of where it is said" in " ".join(r.reasons) for r in found[1:])


def test_an_unknown_name_leaves_what_is_said_of_it() -> None:
    region = only("Nowhere village near Birch")
    assert distance_m(region.position, Position(lon=38.2, lat=34.0)) == 0
    assert "not known" in region.reasons[-1]
    assert missing_names("Nowhere village near Birch", find) == ("Nowhere village",)
    assert regions_of(parse("north of Nowhere"), Ground(find=find)) == ()


def test_described_places_are_candidates() -> None:
    found = described("a refugee camp near Birch", find)
    assert len(found) == 1
    candidate = found[0].candidate
    assert candidate.how == "described"
    assert candidate.place.kind == "camp"
    assert candidate.place.kind_inferred
    assert candidate.place.country == "SY"
    assert candidate.place.position.uncertainty_m == found[0].region.radius_m
    assert "near it" in candidate.place.note
    assert described("Alder", find) == ()
    assert described("", find) == ()
    assert described("x" * 5_000, find) == ()
    assert described("near Birch", find, country="IQ") == ()


@settings(max_examples=30)
@given(
    number=st.integers(1, 400),
    heading=st.sampled_from(["N", "NE", "ENE", "south", "south-west", "WSW"]),
)
def test_the_true_point_of_an_honest_offset_is_inside(number: int, heading: str) -> None:
    text = f"{number} km {heading} of Birch"
    region = only(text)
    at = region.position
    assert region.share_inside(at.lon, at.lat)[0] == 1
    assert region.radius_m >= 1_000


def test_on_the_antimeridian() -> None:
    PLACES["Dateline"] = ((179.95, -16.0, 1_000.0),)
    region = only("20 km east of Dateline")
    assert region.position.lon < -179
    assert region.share_inside(-179.9, -16.0)[0] == 1
