"""Every fact of a block, and where two readings of a file contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from imagery.photo.conflicts import places_apart
from imagery.photo.containers.parts import Parts
from imagery.photo.datum import to_wgs84
from imagery.photo.exif import Tag
from imagery.photo.exposure import Exposure
from imagery.photo.facts import PhotoFacts
from imagery.photo.fields import read_fields
from imagery.photo.metadata import read_photo
from tests.imagery.photo import files

Entries = Sequence[tuple[int, int, int, bytes]]
TIME, DIGITIZED, CHANGED = 0x9003, 0x9004, 0x0132
OFFSET, OFFSET_TAKEN, OFFSET_DIGITIZED = 0x9010, 0x9011, 0x9012
TAKEN = "2017:06:11 14:03:22"


@pytest.fixture
def facts_of(tmp_path: Path) -> Callable[..., PhotoFacts]:
    """Reads a JPEG with the EXIF blocks given, or one made of the given entries."""

    def read(*blocks: bytes, segments: Sequence[bytes] = (), **entries: Entries) -> PhotoFacts:
        given = blocks or (files.exif_block(**entries),)
        path = tmp_path / "photo.jpg"
        path.write_bytes(files.jpeg(*map(files.exif_segment, given), *segments))
        return read_photo(path)

    return read


def gps_time(hour: int, minute: int = 0, second: int = 0) -> Entries:
    return [
        files.rational_entry(7, (hour, 1), (minute, 1), (second, 1)),
        files.ascii_entry(29, "2017:06:11"),
    ]


def test_lens_and_exposure(facts_of: Callable[..., PhotoFacts]) -> None:
    facts = facts_of(
        exif=[
            files.rational_entry(0x829A, (1, 250)),
            files.rational_entry(0x829D, (28, 10)),
            files.short_entry(0x8827, 400),
            (
                0x9203,
                10,
                1,
                (-150).to_bytes(4, "little", signed=True) + (100).to_bytes(4, "little"),
            ),
            (0x9204, 10, 1, (-1).to_bytes(4, "little", signed=True) + (3).to_bytes(4, "little")),
            files.short_entry(0x9209, 0x19),
            files.ascii_entry(0xA434, "50mm F1.8"),
        ]
    )
    assert facts.lens == "50mm F1.8"
    assert facts.exposure == Exposure(
        time_s=1 / 250,
        f_number=2.8,
        iso=400.0,
        bias_ev=-1 / 3,
        flash_fired=True,
        brightness_ev=-1.5,
    )
    assert facts.conflicts == ()


def test_exposure_in_apex_units_and_of_a_fast_film(facts_of: Callable[..., PhotoFacts]) -> None:
    exposure = facts_of(
        exif=[
            (0x9201, 10, 1, (8).to_bytes(4, "little") + (1).to_bytes(4, "little")),
            files.rational_entry(0x9202, (4, 1)),
            files.short_entry(0x8827, 65_535),
            (0x8832, 4, 1, (102_400).to_bytes(4, "little")),
        ]
    ).exposure
    assert exposure == Exposure(time_s=1 / 256, f_number=4.0, iso=102_400.0)


@pytest.mark.parametrize("pair", [(1, 0), (0, 0)])
def test_a_fraction_by_zero_is_no_exposure(
    facts_of: Callable[..., PhotoFacts], pair: tuple[int, int]
) -> None:
    assert facts_of(exif=[files.rational_entry(0x829A, pair)]).exposure is None


@pytest.mark.parametrize(
    ("digitized", "changed", "offsets", "expected"),
    [
        (None, None, {OFFSET_TAKEN: "+03:00"}, "+03:00"),
        # An offset of another time holds if that time is the same.
        (TAKEN, None, {OFFSET_DIGITIZED: "+03:00"}, "+03:00"),
        (None, TAKEN, {OFFSET: "-05:30"}, "-05:30"),
        (None, "2017:06:12 10:00:00", {OFFSET: "+03:00"}, None),
        ("2017:06:12 10:00:00", None, {OFFSET_DIGITIZED: "+03:00"}, None),
        (TAKEN, TAKEN, {OFFSET_TAKEN: "+01:00", OFFSET: "+03:00"}, "+01:00"),
        # Blank, as cameras without a zone write it.
        (None, TAKEN, {OFFSET_TAKEN: "   :  ", OFFSET: "+03:00"}, "+03:00"),
        (None, None, {}, None),
    ],
)
def test_which_offset_is_the_exposures(
    facts_of: Callable[..., PhotoFacts],
    digitized: str | None,
    changed: str | None,
    offsets: dict[int, str],
    expected: str | None,
) -> None:
    exif = [files.ascii_entry(TIME, TAKEN)]
    exif += [files.ascii_entry(DIGITIZED, digitized)] if digitized else []
    exif += [files.ascii_entry(tag, text) for tag, text in offsets.items()]
    main = [files.ascii_entry(CHANGED, changed)] if changed else []
    facts = facts_of(main=main, exif=exif)
    assert facts.utc_offset == expected
    assert facts.taken_at is not None
    assert (facts.taken_at.tzinfo is not None) == (expected is not None)
    assert facts.conflicts == ()


@pytest.mark.parametrize(
    ("hour", "minute", "second", "expected"),
    [
        (11, 3, 22, "+03:00"),
        (11, 6, 0, "+03:00"),
        (8, 18, 22, "+05:45"),
        (14, 3, 22, "+00:00"),
        (17, 33, 20, "-03:30"),
        # Seven minutes from any quarter: the fix was old, or the clock set by eye.
        (11, 10, 30, None),
        (0, 0, 0, "+14:00"),
    ],
)
def test_what_the_gps_time_makes_of_a_clock_without_a_zone(
    facts_of: Callable[..., PhotoFacts], hour: int, minute: int, second: int, expected: str | None
) -> None:
    facts = facts_of(exif=[files.ascii_entry(TIME, TAKEN)], gps=gps_time(hour, minute, second))
    assert facts.implied_offset == expected
    assert facts.utc_offset is None
    assert facts.taken_at is not None
    assert facts.taken_at.tzinfo is None


ZONE = "clock offset unlike the place's zone"


@pytest.mark.parametrize(
    ("hour", "said", "expected"),
    [
        # The position lies in Syria, UTC+3 in summer 2017.
        (11, None, None),
        (9, None, "+05:00 (of its clock from the GPS time); at the position +03:00"),
        (11, "+03:00", None),
        (11, "+02:00", "+02:00 (as the file states it); at the position +03:00"),
    ],
)
def test_the_clock_against_the_zone_of_the_place(
    facts_of: Callable[..., PhotoFacts], hour: int, said: str | None, expected: str | None
) -> None:
    exif = [files.ascii_entry(TIME, TAKEN)]
    exif += [files.ascii_entry(OFFSET_TAKEN, said)] if said else []
    facts = facts_of(exif=exif, gps=[*files.gps_entries(), *gps_time(hour, 3, 22)])
    told = [signal for signal in facts.signals if signal.signal == ZONE]
    assert bool(told) == (expected is not None)
    if expected:
        assert told[0].value is not None
        assert told[0].value.startswith(expected)
        assert told[0].misleads


def test_at_sea_no_zone_is_expected(facts_of: Callable[..., PhotoFacts]) -> None:
    gps = files.gps_entries(((30, 1), (0, 1), (123, 100)), "N", ((30, 1), (0, 1), (456, 100)), "W")
    facts = facts_of(exif=[files.ascii_entry(TIME, TAKEN)], gps=[*gps, *gps_time(7, 3, 22)])
    assert facts.implied_offset == "+07:00"
    assert ZONE not in [signal.signal for signal in facts.signals]


@pytest.mark.parametrize(
    ("datum", "least_m", "most_m", "wider_m"),
    [
        ("WGS-84", 0, 0, 5.0),
        ("WGS-84   ", 0, 0, 5.0),
        ("wgs 84", 0, 0, 5.0),
        ("GDA94", 0, 0, 5.4),
        # The old Japanese datum lies about 450 m off near Tokyo.
        ("TOKYO", 430, 480, 30.5),
        ("Hermannskogel", 0, 0, 500.1),
    ],
)
def test_a_position_in_another_datum(
    facts_of: Callable[..., PhotoFacts], datum: str, least_m: float, most_m: float, wider_m: float
) -> None:
    gps = files.gps_entries(
        ((35, 1), (39, 1), (2921, 100)), "N", ((139, 1), (44, 1), (2887, 100)), "E"
    )
    facts = facts_of(gps=[*gps, files.ascii_entry(0x12, datum)])
    assert facts.datum == datum.strip()
    assert facts.position is not None
    as_written = Position(lon=139 + 44 / 60 + 28.87 / 3600, lat=35 + 39 / 60 + 29.21 / 3600)
    assert least_m <= round(distance_m(facts.position, as_written), 3) <= most_m
    assert facts.position.uncertainty_m == pytest.approx(wider_m, abs=0.1)
    assert bool(facts.problems) == (wider_m > 6)


def test_tokyo_datum_at_its_origin() -> None:
    """The origin of the Japanese network in both systems (Geospatial Information Authority)."""
    said = Position(lon=139 + 44 / 60 + 40.502 / 3600, lat=35 + 39 / 60 + 17.5148 / 3600)
    found, told = to_wgs84(said, "TOKYO")
    known = Position(lon=139 + 44 / 60 + 28.8869 / 3600, lat=35 + 39 / 60 + 29.1572 / 3600)
    assert distance_m(found, known) < 10
    assert told is not None


def test_two_blocks_that_differ_are_a_conflict(facts_of: Callable[..., PhotoFacts]) -> None:
    other = files.exif_block(
        main=[files.ascii_entry(0x010F, "Another")],
        gps=files.gps_entries(((10, 1), (0, 1), (0, 100))),
    )
    facts = facts_of(files.geotagged(), other)
    assert facts.make == "Synthetic"
    told = {c.field: dict(c.readers) for c in facts.conflicts if "first block" in dict(c.readers)}
    assert told == {
        "position": {"first block": "33.505833, 38.617778", "second block": "10.000000, 38.617778"},
        "make": {"first block": "Synthetic", "second block": "Another"},
    }


def test_two_blocks_that_agree_are_none(facts_of: Callable[..., PhotoFacts]) -> None:
    assert facts_of(files.geotagged(), files.geotagged()).conflicts == ()


def xmp_at(lat: str, lon: str) -> bytes:
    body = files.XMP.replace(
        b"photoshop:Headline",
        f'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="{lat}" '
        f'exif:GPSLongitude="{lon}" photoshop:Headline'.encode(),
    )
    return files.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + body)


@pytest.mark.parametrize(
    ("lat", "lon", "apart"),
    [
        ("33,30.3500N", "38,37.0667E", False),
        ("33,30,21N", "38,37,4E", False),
        ("33,30.4500N", "38,37.0667E", True),
        ("33,30.3500S", "38,37.0667E", True),
    ],
)
def test_exif_and_xmp_in_two_places(
    facts_of: Callable[..., PhotoFacts], lat: str, lon: str, apart: bool
) -> None:
    facts = facts_of(files.geotagged(), segments=[xmp_at(lat, lon)])
    assert facts.xmp_position is not None
    assert [dict(c.readers).keys() for c in facts.conflicts] == [{"exif", "xmp"}] * apart
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(files.LAT)


@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 180),
    reach_m=st.floats(0, 10_000),
    other_m=st.floats(0, 10_000),
    move=st.floats(0, 0.3),
)
def test_places_are_apart_beyond_both_uncertainties(
    lat: float, lon: float, reach_m: float, other_m: float, move: float
) -> None:
    a = Position(lon=lon, lat=lat, uncertainty_m=reach_m)
    b = Position(lon=lon, lat=lat + move, uncertainty_m=other_m)
    # A degree of latitude is 110.57 to 111.70 km.
    if move * 111_700 < reach_m + other_m:
        assert places_apart(a, b) is None
    if move * 110_500 > reach_m + other_m + 1:
        assert places_apart(a, b) is not None


def fractions(*pairs: tuple[int, int]) -> Tag:
    return Tag(kind="rational", values=pairs, printed="")


@pytest.mark.parametrize(
    ("lat", "lon", "doubtful"),
    [
        # As cameras and telephones write it.
        (((33, 1), (30, 1), (2100, 100)), ((38, 1), (37, 1), (400, 100)), False),
        (((33, 1), (30350, 1000), (0, 1)), ((38, 1), (37066, 1000), (0, 1)), False),
        (((43, 1), (28, 1), (567599999, 10**8)), ((11, 1), (52, 1), (486179999, 10**7)), False),
        # Reduced, and approximated by a program that adds positions.
        (((33, 1), (30, 1), (21, 1)), ((38, 1), (37, 1), (979, 50)), False),
        (((33, 1), (30, 1), (1357, 64)), ((38, 1), (37, 1), (2818, 89)), False),
        # One of them damaged.
        (((33, 3), (30, 1), (2100, 100)), ((38, 1), (37, 1), (400, 100)), True),
        (((33, 1), (30, 5), (2100, 100)), ((38, 1), (37, 1), (400, 100)), True),
        (((33, 1), (30, 1), (2100, 101)), ((38, 1), (37, 1), (400, 100)), True),
        (((33, 1), (30, 1), (2100, 100)), ((38, 1), (37, 1), (400, 0x80000064)), True),
        (((33, 1), (30, 1), (0, 100)), ((38, 1), (37, 1), (400, 100)), True),
        # Both at zero seconds were written so.
        (((33, 1), (30, 1), (0, 100)), ((38, 1), (37, 1), (0, 100)), False),
    ],
)
def test_fractions_that_no_writer_puts_side_by_side(lat: Any, lon: Any, doubtful: bool) -> None:
    tags = {
        "GPS GPSLatitude": fractions(*lat),
        "GPS GPSLongitude": fractions(*lon),
        "GPS GPSLatitudeRef": Tag(kind="text", values=("N",), printed=""),
        "GPS GPSLongitudeRef": Tag(kind="text", values=("E",), printed=""),
    }
    gps = read_fields(tags).gps
    assert gps.position is not None or gps.position_problem is not None
    assert bool(gps.doubts) == (doubtful and gps.position is not None)


def test_a_doubtful_position_is_given_and_told(facts_of: Callable[..., PhotoFacts]) -> None:
    facts = facts_of(gps=files.gps_entries(((33, 1), (30, 1), (2100, 101))))
    assert facts.status == "malformed"
    assert facts.position is not None
    assert "as no program writes both" in facts.problems[0]


def test_a_block_the_first_reader_cannot_read_is_salvaged(
    facts_of: Callable[..., PhotoFacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    from imagery.photo import exif

    monkeypatch.setattr(exif, "_MOST_READS", 5)
    facts = facts_of(files.geotagged())
    assert facts.status == "malformed"
    assert (facts.make, facts.conflicts) == ("Synthetic", ())
    assert facts.position is not None
    assert dict(facts.raw)["Image Make"] == "Synthetic"


def test_a_file_the_second_reader_cannot_open_is_read_from_its_block(
    facts_of: Callable[..., PhotoFacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    from imagery.photo import second

    def fail(data: bytes, parts: Parts) -> bytes:
        raise SyntaxError(parts.format)

    monkeypatch.setattr(second, "_block_of", fail)
    facts = facts_of(files.geotagged())
    assert facts.status == "ok"
    assert facts.problems == ("the second reader cannot open the file (SyntaxError)",)
    assert facts.conflicts == ()


def test_full_json_has_every_contract_key_unchanged(facts_of: Callable[..., PhotoFacts]) -> None:
    facts = facts_of(files.geotagged())
    short, full = facts.as_dict(), facts.as_full_dict()
    assert {key: full[key] for key in short if key != "signals"} == {
        key: value for key, value in short.items() if key != "signals"
    }
    assert full["width"] == 64
    assert full["lens"] is None
    assert full["problems"] == []
