"""Countries, parts of countries and a user's own areas: who lies in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.areas import find_area
from gazetteer.borders import Borders
from gazetteer.errors import GazetteerFileError

# Towns whose part of the country nobody disputes; coordinates as any atlas gives them.
TOWNS = {
    "Daraa": (36.11, 32.62),
    "Aleppo": (37.16, 36.20),
    "Mosul": (43.13, 36.34),
    "Basra": (47.78, 30.51),
    "Juba": (31.58, 4.85),
    "Luhansk": (39.31, 48.57),
    "Lviv": (24.03, 49.84),
    "Maiduguri": (13.15, 11.85),
    "Lagos": (3.39, 6.45),
}


@pytest.fixture(scope="module")
def borders() -> Borders:
    return Borders.open()


@pytest.mark.parametrize(
    ("phrase", "inside", "outside"),
    [
        ("southern Syria", ["Daraa"], ["Aleppo", "Basra"]),
        ("the north of Syria", ["Aleppo"], ["Daraa", "Mosul"]),
        ("Northern Iraq", ["Mosul"], ["Basra", "Aleppo"]),
        ("South Sudan", ["Juba"], []),
        ("southern Sudan", [], ["Juba"]),
        ("eastern Ukraine", ["Luhansk"], ["Lviv"]),
        ("far-western Ukraine", ["Lviv"], ["Luhansk"]),
        ("north-eastern Nigeria", ["Maiduguri"], ["Lagos"]),
        ("the south-west of Nigeria", ["Lagos"], ["Maiduguri"]),
        ("Iraq", ["Basra", "Mosul"], ["Daraa"]),
    ],
)
def test_towns_lie_where_everybody_says(
    borders: Borders, phrase: str, inside: list[str], outside: list[str]
) -> None:
    area = find_area(phrase, borders)
    assert area is not None
    for towns, least, most in ((inside, 0.9, 1.0), (outside, 0.0, 0.1)):
        if towns:
            lon, lat = zip(*(TOWNS[town] for town in towns), strict=True)
            shares = area.share_inside(lon, lat, 2_000.0)
            assert ((least <= shares) & (shares <= most)).all(), dict(
                zip(towns, shares, strict=True)
            )


@pytest.mark.parametrize("phrase", ["Anbar province", "the desert", "southern Narnia", "north", ""])
def test_an_area_without_outline_is_none(borders: Borders, phrase: str) -> None:
    assert find_area(phrase, borders) is None


def test_the_edge_of_a_country_counts_half(borders: Borders) -> None:
    area = find_area("Jordan", borders)
    line = borders.line("JO", "SY")
    assert area is not None
    assert line is not None
    middle = max(line.lines, key=len)
    point = middle[len(middle) // 2]
    share = area.share_inside([point[0]], [point[1]], 20_000.0)[0]
    assert 0.2 < share < 0.8


@given(
    st.sampled_from(["Syria", "Mali", "Chile", "Poland"]),
    st.sampled_from([("north", "south"), ("east", "west")]),
)
def test_opposite_parts_share_out_a_country(country: str, words: tuple[str, str]) -> None:
    borders = Borders.open()
    one, other = (find_area(f"{word}ern {country}", borders) for word in words)
    whole = find_area(country, borders)
    assert one is not None
    assert other is not None
    assert whole is not None
    west, south, east, north = whole.shape.bounds
    lon, lat = (
        grid.ravel()
        for grid in np.meshgrid(*map(np.linspace, (west, south), (east, north), (25, 25)))
    )
    both = one.share_inside(lon, lat) + other.share_inside(lon, lat)
    # Where one part fades out the other fades in.
    np.testing.assert_allclose(both, whole.share_inside(lon, lat), atol=0.05)
    assert one.share_of_country() + other.share_of_country() == pytest.approx(1.0, abs=0.03)


def _write(path: Path, properties: Mapping[str, object]) -> Path:
    ring = [[10, 10], [12, 10], [12, 12], [10, 12], [10, 10]]
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps(feature), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "phrase",
    ["Harran", "the Harran province", "Niger's Harran Province", "province of Harran", "HARRAN"],
)
def test_a_users_area_is_found_by_its_name(tmp_path: Path, phrase: str) -> None:
    path = _write(tmp_path / "a.geojson", {"name": "Harran province", "source": "made up"})
    area = find_area(phrase, Borders.open([path], builtin=False))
    assert area is not None
    assert area.source == "made up"
    np.testing.assert_allclose(area.share_inside([11, 13], [11, 11]), [1, 0])


def test_a_province_is_not_taken_for_its_country(tmp_path: Path) -> None:
    properties = {"name": "Harran", "iso:country": "NE", "wof:placetype": "region"}
    borders = Borders.open([_write(tmp_path / "a.geojson", properties)], builtin=False)
    assert [outline.name for outline in borders.named] == ["Harran"]
    assert find_area("Niger", borders) is None


def test_an_outline_without_any_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GazetteerFileError, match="names no country and no area"):
        Borders.open([_write(tmp_path / "a.geojson", {"name": "  "})])
