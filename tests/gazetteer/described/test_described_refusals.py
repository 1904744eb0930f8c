"""What cannot be meant is refused with a line that says why, and what can is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.borders import Borders
from gazetteer.described.lookup import described, missing_names
from gazetteer.described.parse import MAX_TEXT, parse
from gazetteer.described.refusals import problem_of
from gazetteer.errors import GazetteerError
from gazetteer.place import Candidate, Place
from gazetteer.position import Position
from gazetteer.sources.geojson import Outline, Stretch

# Synthetic; "Thornby" is known under a name that only resembles it.
PLACES = {
    "Alder": (38.0, 34.0, 2_000.0),
    "Birch": (38.2, 34.0, 1_000.0),
    "Far Oak": (50.0, 20.0, 1_000.0),
    "Oakshire": (38.0, 34.1, 60_000.0),
    "Of": (40.2, 40.9, 1_000.0),
    "40 Mile": (10.0, 10.0, 500.0),
}
POOR = {"Elm": 0.3, "Elmm": 0.7}


def find(name: str) -> Sequence[Candidate]:
    place = PLACES.get(name) or (PLACES["Birch"] if name in POOR else None)
    if place is None:
        return ()
    lon, lat, extent_m = place
    return (
        Candidate(
            place=Place(
                name="Birch" if name in POOR else name,
                names=(name,),
                kind="region" if extent_m > 50_000 else "village",
                position=Position(lon=lon, lat=lat, uncertainty_m=0.0),
                extent_m=extent_m,
                country="SY",
                valid=None,
                source="synthetic",
                source_id=name,
                origin="synthetic",
            ),
            matched_name="Birch" if name in POOR else name,
            how="fuzzy" if name in POOR else "exact",
            score=POOR.get(name, 1.0),
        ),
    )


@pytest.fixture(scope="module")
def borders() -> Borders:
    line = np.array([[39.0, 32.0], [39.0, 36.0]])

    def box(west: float, east: float) -> shapely.MultiPolygon:
        return shapely.MultiPolygon([shapely.box(west, 32, east, 36)])

    return Borders(
        [
            Outline(code=code, shape=box(west, east), source="synthetic", uncertainty_m=0)
            for code, west, east in (("SY", 37, 39), ("IQ", 39, 43), ("TR", 60, 61))
        ],
        [Stretch(between=("IQ", "SY"), lines=(line,), source="synthetic", uncertainty_m=500.0)],
        builtin=False,
    )


REFUSED = {
    "0 km north of Alder": "'0 km' is no distance above zero",
    "-5 km north of Alder": "'-5 km' is no distance above zero",
    "\u22125 km north of Alder": "above zero",
    "7-5 km north of Alder": "smaller number first",
    "500 m to 1 km north of Alder": "two units",
    "20004 km from Alder": "farther than any two places",
    "100,000 km north of Alder": "farther than any two places",
    "999999999999 km north of Alder": "no distance that can be read",
    "1e400 km north of Alder": "no distance that can be read",
    "a few kilometres north of Alder": "no distance that can be read",
    "several miles from Alder": "no distance that can be read",
    "5 parsecs north of Alder": "no distance that can be read",
    "half an hour north of Alder": "a time and no distance",
    "two hours' drive from Alder": "a time and no distance",
    "5 km north by northeast of Alder": "sixteen directions",
    "3 km north and 4 km south of Alder": "is no place",
    "between Alder and Alder": "one place",
    "5 km": "names no place",
    "5 km north": "names no place",
    "5 km north of": "names no place",
    "north of": "names no place",
    "near": "names no place",
    "between and": "names no place",
    "outskirts of": "names no place",
    "border with": "names no place",
    "except": "names no place",
    "5 km north of a village": "has no name",
    "Oakshire except Far Oak": "lies outside",
    "Alder except Oakshire": "is all of it",
    "the border of Syria and Turkey": "no border SY-TR is known",
    "a village near the border of Syria and Turkey": "no border SY-TR is known",
    "on the M5 highway": "course of M5 highway is not known",
    "10000 km north of Alder": "beyond the pole",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_meant(text: str, borders: Borders) -> None:
    with pytest.raises(GazetteerError, match=REFUSED[text]) as caught:
        described(text, find, borders)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250
    assert caught.value.exit_code == 2


ANSWERED = (
    "5 km north of Of",
    "at least 5 km north of Alder",
    "within 5 km of Alder",
    "between 10 and 15 km north of Alder",
    "10\u201115 km north of Alder",
    "10\u221215 km north of Alder",
    "10,5 km north of Alder",
    "5.km north of Alder",
    "twenty-five kilometres north of Alder",
    "one hundred and twenty km N.N.E. of Alder",
    "Alder, 5 km N",
    "Alder 5 km north-east",
    "3 km north, 4 km east of Alder",
    "\u201c5 km north of Alder\u201d",
    "5 km\x00 north of Alder",
    "\u202e5 km north of Alder\u202c",
    "\u0665 km north of Alder",
    "the SW outskirts of Alder",
    "on the south west edge of Alder",
    "a camp outside Alder",
    "15 km along the road from Alder to Birch",
    "15 km from Alder on the road to Birch",
    "15 km east of Alder along the Birch road",
    "north of Alder and south of Birch",
    "Oakshire without Alder and Birch",
    "the Iraqi side of the border with Syria",
    "NW Syria",
)


@pytest.mark.parametrize("text", ANSWERED)
def test_what_can_be_meant(text: str, borders: Borders) -> None:
    found = described(text, find, borders)
    assert found
    assert all(one.candidate.how == "described" for one in found)


def test_bounds_survive_the_word_before_them() -> None:
    near, far = (
        described(f"{words} 5 km of Alder", find)[0].region for words in ("within", "more than")
    )
    assert near.share_inside(38.0, 34.0)[0] == 1
    assert "5 km or less from it" in near.reasons[-1]
    assert far.radius_m == pytest.approx(15_000 + 2_000 + 500)


def test_left_out_one_by_one() -> None:
    (found,) = described("Oakshire without Alder and Birch", find)
    assert found.region.share_inside([38.0, 38.2, 38.1], [34.0, 34.0, 34.3]).tolist() == [0, 0, 1]
    assert found.region.reasons[-1] == "without Birch"


def test_a_side_of_a_border(borders: Borders) -> None:
    (found,) = described("the Iraqi side of the border with Syria", find, borders)
    assert found.region.share_inside([39.02, 38.98], [34.0, 34.0]).tolist() == [1, 0]


def test_a_poor_match_is_not_measured_from() -> None:
    assert described("5 km north of Elm", find) == ()
    assert missing_names("5 km north of Elm", find) == ("Elm",)
    assert missing_names("Elm", find) == ()
    (found,) = described("5 km north of Elmm", find)
    assert "fuzzy from 'Elmm'" in found.region.reasons[0]


def test_a_place_of_that_very_name_goes_first() -> None:
    assert problem_of("40 Mile", parse("40 Mile"))
    assert described("40 Mile", find) == ()
    with pytest.raises(GazetteerError):
        described("41 Mile", find)


def test_outside_of_a_country_counts(borders: Borders) -> None:
    found = described("5 km north of Alder, Iraq", find, borders)
    assert found[0].region.places == ()
    assert any("outside of where it is said to lie" in one.candidate.place.note for one in found)


_PIECES = st.sampled_from(
    [
        *("5 km", "-5 km", "0 km", "NNE", "north", "of", "from", "Alder", "Birch", "between"),
        *("and", "border with", "Syria", "except", "the road", "along", "near", ",", "(", ")"),
        *("a few", "twenty", "99999999 km", "outskirts of", "\u202e", "\x07", "\u0665", "Nowhere"),
    ]
)


@settings(max_examples=200)
@given(st.lists(_PIECES, min_size=1, max_size=12))
def test_anything_is_answered_or_refused_in_one_line(pieces: list[str]) -> None:
    text = " ".join(pieces)[:MAX_TEXT]
    try:
        found = described(text, find)
    except GazetteerError as error:
        assert "\n" not in str(error)
        return
    for one in found:
        assert 0 < one.region.radius_m <= 20_003_931
        assert -180 <= one.region.position.lon <= 180
