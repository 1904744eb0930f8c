"""Every notation, against implementations and examples that are not ours."""

from __future__ import annotations

import csv
import io
import math

import mgrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gazetteer.errors import PositionError
from gazetteer.geodesy import distance_m
from gazetteer.notations.registry import FORMS, notation_of
from gazetteer.notations.utm import zone_of
from gazetteer.position import (
    MAX_LINK,
    Notation,
    Position,
    format_position,
    looks_like_position,
    parse_position,
)

LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)


def at(text: str) -> tuple[float, float]:
    found = parse_position(text)
    return found.lat, found.lon


@pytest.mark.parametrize(
    "text",
    [
        "33.5N 38.6E",
        "E38.6 N33.5",
        "lat 33.5, lon 38.6",
        "lon 38.6, 33.5",
        "33,5 N; 38,6 E",
        "33,5 N 38,6 E",
        "33,5, 38,6",
        "33.5 N, 38.6",
        "N 33.5 38.6",
        "33° 30.0' N 38° 36.0' E",
        "geo:33.5,38.6",
        "GEO:33.5,38.6,612.5;crs=WGS84",
        "geo:0,0?q=33.5,38.6(A%20base)",
        "POINT(38.6 33.5)",
        "SRID=4326;Point Z (38.6 33.5 612)",
        '{"type": "Point", "coordinates": [38.6, 33.5]}',
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[38.6,33.5,9]}}',
        "\u200e33.5,\u00a038.6\u200f",
        "२३.5, 38.6".replace("२३", "३३"),
    ],
)
def test_one_point_in_many_notations(text: str) -> None:
    assert at(text) == pytest.approx((33.5, 38.6))
    assert looks_like_position(text)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("33.5, 38.6 N", ("lat 33.5, lon 38.6", "lat 38.6, lon 33.5")),
        ("33.5 38.6 N", ("lat 33.5, lon 38.6", "lat 38.6, lon 33.5")),
        ("33.5 S 38.6", ("lat -33.5, lon 38.6", "lat -38.6, lon 33.5")),
        ("38.6 W, 33.5", ("lat 33.5, lon -38.6", "lat 38.6, lon -33.5")),
        ("133.5, 38.6", ("lat 38.6, lon 133.5", "latitude 133.5 is out of range")),
        ("33,5,38,6", ("lat 33.5, lon 38.6", "lat 33.0833, lon 38.1")),
        # pyproj says so of both, see test_utm_is_what_another_implementation_says.
        ("37S 650000 3700000", ("lat 33.4289, lon 40.6135", "lat -56.8196, lon 41.4576")),
        ("37 650000 3700000", ("lat 33.4289, lon 40.6135", "lat -56.8196, lon 41.4576")),
    ],
)
def test_two_readings_are_both_shown(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(PositionError) as refused:
        parse_position(text)
    assert all(reading in str(refused.value) for reading in readings)
    assert "\n" not in str(refused.value)
    assert looks_like_position(text)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        # The other order would put the latitude beyond the pole.
        ("138.6 E, 33.5", 33.5, 138.6),
        ("133.5, 38.6 S", -38.6, 133.5),
        # A letter and a sign on one number contradict each other: one reading is left.
        ("33.5 N -38.6", 33.5, -38.6),
    ],
)
def test_one_letter_settles_it_where_only_one_order_fits(text: str, lat: float, lon: float) -> None:
    assert at(text) == pytest.approx((lat, lon))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("37R 650000 3700000", "band R runs from latitude 24 to 32"),
        ("37I 650000 3700000", "no latitude band"),
        ("61N 650000 3700000", "zone 61"),
        ("37N 50000 3700000", "easting of 50000"),
        ("37N 3700000 650000", "look swapped"),
        ("37N 650000 13700000", "northing of 13700000"),
        ("37N 650000 9700000", "outside UTM on the northern"),
        ("UTM 37N 650000", "not one zone"),
        ("61SDT1234567890", "zone 61"),
        ("37IDT1234567890", "no latitude band"),
        ("37RDT1234567890", "does not lie in band R"),
        ("37SZZ1234567890", "no square ZZ"),
        ("37SDT123", "same number of digits"),
        ("37SDT 123 4567", "same number of digits"),
        ("37SDT 123456 123456", "more than 5"),
        ("GHG4+8X", "reference town"),
        ("GHG4+8X al-Tanf", "reference town"),
        ("8G5GHG4F+8X Syria", "something follows"),
        ("8G5G0000+8X", "no Plus Code"),
        ("geo:33.5", "latitude and a longitude"),
        ("geo:33.5,38.6;crs=nad27", "nad27"),
        ("geo:33.5,38.6;u=-3", "no length"),
        ("geo:33.5,38.6;u=1;u=2", "twice"),
        ("geo:133.5,38.6", "latitude 133.5"),
        ("geo:0,0?q=al-Tanf", "names a place"),
        ("SRID=3857;POINT(1 2)", "3857"),
        ("POINT(38.6)", "not one WKT point"),
        ('{"type":"Point","coordinates":[NaN,33.5]}', "two or three numbers"),
        ('{"type":"Point","coordinates":[true,33.5]}', "two or three numbers"),
        ('{"type":"LineString","coordinates":[[1,2],[3,4]]}', "not a GeoJSON point"),
        ('{"type":' + "[" * 200, "not JSON"),
        ("inf, 4", "'inf'"),
        ("1e5, 4", "hemisphere letters|has no meaning|separator|letters are not"),
    ],
)
def test_refused_with_the_reason_in_every_notation(text: str, why: str) -> None:
    with pytest.raises(PositionError, match=why) as refused:
        parse_position(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["al-Tanf", "Camp 7", "Route 66 North", "1 May", "6 October City", "Zab", "St. N", "N"]
)
def test_names_do_not_look_like_positions(name: str) -> None:
    assert not looks_like_position(name)


# The examples of RFC 5870, 6.1 and 6.2, and its rule for the poles (3.4.2).
@pytest.mark.parametrize(
    ("text", "lat", "lon", "uncertainty"),
    [
        ("geo:13.4125,103.8667", 13.4125, 103.8667, None),
        ("geo:48.2010,16.3695,183", 48.2010, 16.3695, None),
        ("geo:48.198634,16.371648;crs=wgs84;u=40", 48.198634, 16.371648, 40.0),
        ("geo:90,-22.43;crs=WGS84", 90.0, 0.0, None),
        ("geo:-90,46", -90.0, 0.0, None),
    ],
)
def test_examples_of_the_geo_uri_rfc(
    text: str, lat: float, lon: float, uncertainty: float | None
) -> None:
    found = parse_position(text)
    assert (found.lat, found.lon, found.uncertainty_m) == (lat, lon, uncertainty)


# From decoding.csv in test_data of github.com/google/open-location-code (Apache-2.0):
# code, digits, south, west, north, east.
PLUS_CODES = """\
7FG49QCJ+2V,10,20.37,2.782125,20.370125,2.78225
7FG49QCJ+2VX,11,20.3701,2.78221875,20.370125,2.78225
7FG49QCJ+2VXGJ,13,20.370113,2.782234375,20.370114,2.78223632813
8FVC2222+22,10,47.0,8.0,47.000125,8.000125
4VCPPQGP+Q9,10,-41.273125,174.785875,-41.273,174.786
62G20000+,4,0.0,-180.0,1,-179
22220000+,4,-90,-180,-89,-179
CFX3X2X2+X2,10,89.9998750,1,90,1.0001250
84000000+,2,30,-140,50,-120
"""


@pytest.mark.parametrize("row", list(csv.reader(io.StringIO(PLUS_CODES))), ids=lambda row: row[0])
def test_plus_codes_of_its_own_test_data(row: list[str]) -> None:
    south, west, north, east = map(float, row[2:])
    for code in (row[0], row[0].lower()):
        found = parse_position(code)
        assert (found.lat, found.lon) == pytest.approx(
            ((south + north) / 2, (west + east) / 2), abs=1e-9
        )
        corners = [Position(lat=lat, lon=west) for lat in (south, north)]
        reach = max(distance_m(found, corner) for corner in corners)
        assert found.uncertainty_m == pytest.approx(reach, rel=1e-6)


@settings(max_examples=60)
@given(lat=st.integers(-79_900_000, 83_900_000), lon=st.integers(-179_990_000, 179_990_000))
def test_utm_is_what_another_implementation_says(lat: int, lon: int) -> None:
    """GEOTRANS (in the library mgrs) goes from the point to UTM, ours back."""
    converter = mgrs.MGRS()
    name = converter.toMGRS(lat / 1e6, lon / 1e6)
    zone, hemisphere, easting, northing = converter.MGRSToUTM(name)
    side = "north" if hemisphere == "N" else "south"
    found = parse_position(f"{zone} {side} {easting:.1f}mE {northing:.1f}mN")
    assert distance_m(found, Position(lon=lon / 1e6, lat=lat / 1e6)) < 1.5


@pytest.mark.parametrize(
    "text",
    [
        "37 north 650000 3700000",
        "37 N 650000mE 3700000mN",
        "37N 650000E 3700000N",
        "37N 3700000N 650000E",
        "UTM zone 37 N, E 650000, N 3700000",
        "37 N easting: 650000 northing: 3700000",
        "37n 650000.0 m e 3700000.0 m n",
    ],
)
def test_utm_as_people_write_it(text: str) -> None:
    assert at(text) == pytest.approx((33.428898, 40.613491), abs=1e-6)
    assert notation_of(text) == "utm"


def test_utm_south_is_the_hemisphere_where_band_s_is_impossible() -> None:
    found = parse_position("37S 650000 6700000")
    assert found == parse_position("37 south 650000 6700000")
    assert found.lat < 0


def test_zones_of_norway_and_svalbard() -> None:
    assert zone_of(Position(lon=5, lat=60)) == 32
    assert [zone_of(Position(lon=lon, lat=78)) for lon in (8, 10, 25, 40)] == [31, 33, 35, 37]
    assert zone_of(Position(lon=180, lat=0)) == 1


@settings(max_examples=100)
@given(lat=LATS, lon=LONS, digits=st.integers(1, 5))
def test_mgrs_squares_hold_the_point_they_were_made_from(
    lat: float, lon: float, digits: int
) -> None:
    name = mgrs.MGRS().toMGRS(round(lat, 7) + 0.0, lon, MGRSPrecision=digits)
    found = parse_position(name)
    half_m = 10 ** (5 - digits) / math.sqrt(2)
    assert found.uncertainty_m == pytest.approx(half_m)
    # A square's sides are straight on the grid and up to a thousandth longer on the ground; the
    # library itself rounds to a metre.
    away = distance_m(found, Position(lon=lon, lat=lat))
    assert away <= half_m * 1.01 + 1.5


@pytest.mark.parametrize(
    "text", ["37SDT1234567890", "37S DT 12345 67890", "37sdt 12345 67890", "37 S DT 1234567890"]
)
def test_mgrs_as_people_write_it(text: str) -> None:
    assert at(text) == pytest.approx((34.048051, 38.050304), abs=2e-6)


WITHIN_M: dict[Notation, float] = {
    "decimal": 0.12,
    "dms": 2.3,
    "ddm": 0.15,
    "utm": 0.75,
    "mgrs": 0.75,
    "geo": 0.12,
    "plus": 10.0,
}


@example(lat=89.99999999999999, lon=0.0, notation="plus")
@settings(max_examples=100)
@given(lat=LATS, lon=LONS, notation=st.sampled_from(sorted(WITHIN_M)))
def test_what_is_written_is_read_back(lat: float, lon: float, notation: Notation) -> None:
    position = Position(lon=lon, lat=lat)
    if notation == "utm" and not -80 <= lat <= 84:
        with pytest.raises(PositionError, match="outside UTM"):
            format_position(position, notation)
        return
    found = parse_position(format_position(position, notation))
    assert distance_m(found, position) <= WITHIN_M[notation]


def test_uncertainty_survives_a_geo_uri() -> None:
    position = Position(lon=38.6, lat=33.5, uncertainty_m=12.5)
    assert format_position(position, "geo") == "geo:33.500000,38.600000;u=12.5"
    assert parse_position(format_position(position, "geo")) == position


def test_an_unknown_notation() -> None:
    with pytest.raises(PositionError, match="use one of decimal"):
        format_position(Position(lon=1, lat=2), "morse")  # type: ignore[arg-type]


PIECES = [
    "geo:",
    "https://maps.google.com/?q=",
    "POINT(",
    "37S",
    "37 north ",
    "8G5WGJ49+84",
    '{"type":"Point"',
    "%2525",
    "33.5",
    ",",
    "°",
    "'",
    "N",
    " E",
    "650000",
    "3700000mN",
    "nan",
    "٣٣",
    "\u202e",
    "\ud800",
    ")",
    ";u=",
    "!3d",
    "@",
    "#map=",
    "/",
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join))
def test_pieces_of_notations_are_positions_or_errors(text: str) -> None:
    try:
        found = parse_position(text)
    except PositionError as error:
        assert "\n" not in str(error)
        return
    assert looks_like_position(text)
    assert -90 <= found.lat <= 90
    assert -180 <= found.lon <= 180


@pytest.mark.parametrize(
    "piece", ["1", "9,", "33 ", "N", "%25", "(", "{[", "+2", "37S", "!3d1!4d2", "/@1,1", "é", "°1'"]
)
@pytest.mark.parametrize("start", ["", "geo:", "POINT(", "https://maps.google.com/", "utm ", "{"])
def test_long_texts_are_refused(start: str, piece: str) -> None:
    for length in (400, MAX_LINK, 10_000):
        text = (start + piece * length)[:length]
        try:
            parse_position(text)
        except PositionError as error:
            assert len(str(error)) < 600
        else:
            assert start.startswith("https") and length <= MAX_LINK


def test_forms_have_names_of_their_own() -> None:
    assert len({form.name for form in FORMS}) == len(FORMS)
