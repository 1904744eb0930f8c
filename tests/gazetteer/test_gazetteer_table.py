from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.sources.table import TableSource, read_table


def write(folder: Path, text: str | bytes, name: str = "places.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_all_columns_in_any_order_and_case(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "\ufeffLON;Lat;NAME;names;kind;country;uncertainty_m;valid_from;valid_to;source;note;mine\r\n"
        '38.6;33.5;"al-Tanf";Tanf;Garrison;syria;250;2016-03-01;;a map;"two; words";x\r\n',
    )
    (place,) = read_table(path)
    assert (place.name, place.names, place.kind) == ("al-Tanf", ("al-Tanf", "Tanf"), "base")
    assert (place.position.lon, place.position.lat) == (38.6, 33.5)
    assert place.position.uncertainty_m == place.radius_m == 250
    assert (place.country, place.valid) == ("SY", (date(2016, 3, 1), None))
    assert (place.source, place.origin, place.note) == ("a map", "a map", "two; words")
    assert place.source_id == "places.csv:2"
    assert not place.kind_inferred


def test_little_is_enough(tmp_path: Path) -> None:
    path = write(tmp_path, "name,lat,lon\nA place,1,2\n\n   \nA place,1,3\n")
    first, second = read_table(path)
    assert first.source == first.origin == "places.csv"
    assert first.position.uncertainty_m is None
    assert first.radius_m == first.extent_m == 5_000
    assert (first.kind, first.kind_inferred, first.country, first.valid) == (
        "unknown",
        True,
        None,
        None,
    )
    assert second.source_id == "places.csv:5"


def test_ditto_repeats_the_source_above(tmp_path: Path) -> None:
    path = write(tmp_path, "name,lat,lon,source\nA,1,2,a map\nB,1,2,same\nC,1,2,\nD,1,2,ditto\n")
    assert [p.origin for p in read_table(path)] == ["a map", "a map", "places.csv", "places.csv"]


@pytest.mark.parametrize(
    ("name", "note", "kind"),
    [
        ("At Tanf", "P-class SY", "populated_place"),
        ("Al-Tanf (garrison)", "", "base"),
        ("Jabal at Tanf", "hill", "mountain"),
        ("Turaq", "gov hill", "hill"),
        ("Al-Tanf Border Post", "opp_base", "border_post"),
        ("Somewhere", "opp_base", "base"),
        ("Shalighm Crossroads", "gov", "crossroads"),
        ("Al-Waer Dam", "", "dam"),
        ("Al-Bawdah", "gov", "unknown"),
    ],
)
def test_kind_from_words(tmp_path: Path, name: str, note: str, kind: str) -> None:
    (place,) = read_table(write(tmp_path, f"name,lat,lon,note\n{name},33,38,{note}\n"))
    assert (place.kind, place.kind_inferred) == (kind, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["empty"]),
        ("name,lat,lon\n", ["no rows"]),
        ("name,lat\nA,1\n", ["'lon'"]),
        ("A,33.5,38.6\n", ["'name'"]),
        ("name,lat,lon,Latitude\nA,1,2,3\n", ["two columns", "'lat'"]),
        ("name,lat,lon\nA,1,2\nB,,2\n", ["row 3", "latitude is missing"]),
        ("name,lat,lon\nA,1,\n", ["row 2", "longitude is missing"]),
        ("name,lat,lon\nA,33°30',2\n", ["row 2", "33°30'", "not a number"]),
        ("name,lat,lon\nA,nan,2\n", ["row 2", "nan"]),
        ("name,lat,lon\nA,95,2\n", ["row 2", "95", "out of range"]),
        ("name,lat,lon\nA,138.6,33.5\n", ["row 2", "138.6", "swapped"]),
        ("name,lat,lon\n,1,2\n", ["row 2", "''"]),
        ("name,lat,lon\n---,1,2\n", ["row 2", "'---'"]),
        ("name,lat,lon\nA,1,2,3\n", ["row 2", "4 cells"]),
        ("name,lat,lon,kind\nA,1,2,spaceport\n", ["row 2", "'spaceport'"]),
        ("name,lat,lon,country\nA,1,2,Atlantis\n", ["row 2", "'Atlantis'"]),
        ("name,lat,lon,uncertainty_m\nA,1,2,5 km\n", ["row 2", "'5 km'"]),
        ("name,lat,lon,uncertainty_m\nA,1,2,-5\n", ["row 2", "-5"]),
        ("name,lat,lon,valid_from\nA,1,2,June\n", ["row 2", "'June'"]),
        ("name,lat,lon,valid_from,valid_to\nA,1,2,2018-01-01,2017-01-01\n", ["row 2", "2017"]),
        ('name,lat,lon\n"A,1,2\n', ["not CSV"]),
        (b"name,lat,lon\nA\xe9,1,2\n", ["row 2", "0xe9", "UTF-8"]),
        ("name,lat,lon\nA,1,2\n".encode("utf-16"), ["UTF-16"]),
        (b"name,lat,lon\nA\0,1,2\n", ["zero bytes"]),
    ],
)
def test_refused_with_file_row_and_value(
    tmp_path: Path, text: str | bytes, said: list[str]
) -> None:
    with pytest.raises(GazetteerFileError) as refused:
        read_table(write(tmp_path, text))
    message = str(refused.value)
    assert "places.csv" in message
    assert "\n" not in message
    for words in said:
        assert words in message


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(GazetteerFileError, match="does not exist"):
        read_table(tmp_path / "none.csv")


def test_lookup_by_each_key(tmp_path: Path) -> None:
    source = TableSource(write(tmp_path, "name,lat,lon\nAl-Tanf Crossing,1,2\nTanf,1,3\n"))
    found = source.lookup(fold_key="tanf")
    assert [(m.name, m.generics) for m in found] == [
        ("Tanf", ()),
        ("Al-Tanf Crossing", ("crossing",)),
    ]
    assert [m.name for m in source.lookup(skeleton_key="tnf")] == ["Tanf"]
    assert source.lookup() == ()
    assert len(source) == 2


def test_the_real_table(keypoints: Path) -> None:
    places = read_table(keypoints)
    assert len(places) == 16
    assert len({place.origin for place in places}) == 4
    assert sum("Tanf" in place.name for place in places) == 7
