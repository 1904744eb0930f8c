from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.described.parse import MAX_TEXT, parse
from gazetteer.described.tree import (
    Along,
    Between,
    Description,
    Distance,
    HeadingOnly,
    In,
    Minus,
    Name,
    Near,
    Offset,
    OffsetOnly,
    OnBorder,
    Outskirts,
    Part,
    TwoOffsets,
    Unnamed,
    is_plain,
    names_in,
)
from gazetteer.errors import GazetteerError


def km(number: float, text: str | None = None) -> Distance:
    return Distance(
        low=number, high=number, texts=(text or f"{number:g}",), unit="km", unit_m=1_000.0
    )


def name(text: str) -> Name:
    return Name(text=text)


CASES: dict[str, Description] = {
    "Damascus": name("Damascus"),
    "Jindires, Afrin": In(what=name("Jindires"), where=name("Afrin")),
    "70 km northeast of Tanf": Offset(distance=km(70), heading="northeast", of=name("Tanf")),
    "20 kilometres north-west of Mosul": Offset(
        distance=km(20), heading="northwest", of=name("Mosul")
    ),
    "5 km NNE of Aleppo": Offset(distance=km(5), heading="north-northeast", of=name("Aleppo")),
    "5 km E of the crossing of Al Tanf, in Homs": In(
        what=Offset(distance=km(5), heading="east", of=name("Al Tanf crossing")),
        where=name("Homs"),
    ),
    "12 km from Raqqa": OffsetOnly(distance=km(12), of=name("Raqqa")),
    "north of Raqqah": HeadingOnly(heading="north", of=name("Raqqah")),
    "Qasr al Bureij village, south east al Bab": In(
        what=name("Qasr al Bureij village"),
        where=HeadingOnly(heading="southeast", of=name("al Bab")),
    ),
    "outskirts of Al Soussa": Outskirts(of=name("Al Soussa")),
    "the western outskirts of Homs": Outskirts(of=name("Homs"), heading="west"),
    "Southern countryside of Idlib": Outskirts(of=name("Idlib"), heading="south", rural=True),
    "Aleppo southern countryside": Outskirts(of=name("Aleppo"), heading="south", rural=True),
    "near Hajin": Near(of=name("Hajin")),
    "Vicinity of Tal Brak": Near(of=name("Tal Brak")),
    "Kyiv vicinity": Near(of=name("Kyiv")),
    "between Kahil and Al-Taybeh": Between(first=name("Kahil"), second=name("Al-Taybeh")),
    "the desert between Palmyra and Sukhna": Between(first=name("Palmyra"), second=name("Sukhna")),
    "Road between Idlib and Binnish": Along(path="", ends=(name("Idlib"), name("Binnish"))),
    "Idlib-Salqin road": Along(path="Idlib-Salqin road", ends=(name("Idlib"), name("Salqin"))),
    "Madan - Al Akershi road": Along(
        path="Madan-Al Akershi road", ends=(name("Madan"), name("Al Akershi"))
    ),
    "on the M4 highway": Along(path="M4 highway"),
    "5 km north of the Idlib-Salqin road": Offset(
        distance=km(5),
        heading="north",
        of=Along(path="Idlib-Salqin road", ends=(name("Idlib"), name("Salqin"))),
    ),
    "15 km along the road from Palmyra to Sukhna": Along(
        path="road",
        ends=(name("Palmyra"), name("Sukhna")),
        distance=km(15),
        of=name("Palmyra"),
    ),
    "15 km from Homs along the Hama road": Along(
        path="Hama road", distance=km(15), of=name("Homs")
    ),
    "20 km from Raqqa and 30 km from Tabqa": In(
        what=OffsetOnly(distance=km(20), of=name("Raqqa")),
        where=OffsetOnly(distance=km(30), of=name("Tabqa")),
    ),
    "Raqqa, 5 km N": Offset(distance=km(5), heading="north", of=name("Raqqa")),
    "5 km N.N.E. of Aleppo": Offset(distance=km(5), heading="north-northeast", of=name("Aleppo")),
    "the SW outskirts of Homs": Outskirts(of=name("Homs"), heading="southwest"),
    "Syria outside Damascus": Minus(whole=name("Syria"), without=name("Damascus")),
    "a camp outside Damascus": In(
        what=Unnamed(what="a camp"), where=Outskirts(of=name("Damascus"))
    ),
    "north-east Syria": Part(side="northeast", of=name("Syria"), text="north-east Syria"),
    "10 km along the Damascus-Baghdad highway from Tanf": Along(
        path="Damascus-Baghdad highway",
        ends=(name("Damascus"), name("Baghdad")),
        distance=km(10),
        of=name("Tanf"),
    ),
    "13 km E (by road) of Palmyra": Along(
        path="road", distance=km(13), heading="east", of=name("Palmyra")
    ),
    "13 km E (by air) of Palmyra": Offset(distance=km(13), heading="east", of=name("Palmyra")),
    "on the border with Iraq": OnBorder(countries=("IQ",)),
    "the Syrian-Turkish border": OnBorder(countries=("SY", "TR")),
    "Al-Tanf on the Syrian-Iraqi border": In(
        what=name("Al-Tanf"), where=OnBorder(countries=("IQ", "SY"))
    ),
    "northern Syria": Part(side="north", of=name("Syria"), text="northern Syria"),
    "the north of Syria": Part(side="north", of=name("Syria"), text="the north of Syria"),
    "North Gaza": name("North Gaza"),
    "Homs governorate excluding Homs city": Minus(
        whole=name("Homs governorate"), without=name("Homs city")
    ),
    "Homs governorate, except for Palmyra": Minus(
        whole=name("Homs governorate"), without=name("Palmyra")
    ),
    "Refugee camp near Batinta": In(
        what=Unnamed(what="Refugee camp"), where=Near(of=name("Batinta"))
    ),
    "Ar Raqqah: west of Fardous mosque": In(
        what=HeadingOnly(heading="west", of=name("Fardous mosque")), where=name("Ar Raqqah")
    ),
    "Al-Otaiba - 30 km east of Damascus - 19 March 2013": In(
        what=name("Al-Otaiba"),
        where=Offset(distance=km(30), heading="east", of=name("Damascus")),
    ),
    "Wadi Barada": name("Wadi Barada"),
}


@pytest.mark.parametrize("text", CASES)
def test_descriptions_are_read(text: str) -> None:
    assert parse(text) == CASES[text]


def test_two_directions() -> None:
    found = parse("2 mi E and 3 mi N of Bakersfield")
    assert isinstance(found, TwoOffsets)
    assert (found.first_heading, found.second_heading) == ("east", "north")
    assert (found.first.low, found.second.low, found.of) == (2, 3, name("Bakersfield"))


def test_an_adverb_changes_nothing() -> None:
    for word in ("about", "just", "only", "roughly"):
        assert parse(f"{word} 70 km northeast of Tanf") == parse("70 km northeast of Tanf")


def test_nesting() -> None:
    found = parse("5 km south of the outskirts of Homs, near the border with Lebanon")
    assert found == In(
        what=Offset(distance=km(5), heading="south", of=Outskirts(of=name("Homs"))),
        where=Near(of=OnBorder(countries=("LB",))),
    )
    assert names_in(found) == ("Homs",)


def test_plain_names() -> None:
    assert is_plain(parse("Jindires, Afrin, Syria"))
    assert not is_plain(parse("Jindires, near Afrin"))


@pytest.mark.parametrize("text", ["", "   ", "x" * (MAX_TEXT + 1)])
def test_unusable_texts_are_refused(text: str) -> None:
    with pytest.raises(GazetteerError, match="cannot be read"):
        parse(text)


_LINKS = ("between", "and", "near", "north", "of", "km", "5", "the", "border", "with", "road")
_OTHERS = ("along", "from", "in", ",", ":", "-", "(", ")", "excluding", "Homs", "outskirts", "'")
_MORE = ("countryside", "northern", "10.5", "to", "half", "mi", "E", "NE", "Syria", "on", "by")
_WORDS = st.sampled_from((*_LINKS, *_OTHERS, *_MORE))


@settings(max_examples=150)
@given(st.lists(_WORDS, min_size=1, max_size=50))
def test_any_words_give_a_tree(words: list[str]) -> None:
    found = parse(" ".join(words)[:MAX_TEXT])
    assert isinstance(found, Description)


@settings(max_examples=100)
@given(st.text(min_size=1, max_size=MAX_TEXT))
def test_any_text_gives_a_tree_or_an_error(text: str) -> None:
    try:
        assert isinstance(parse(text), Description)
    except GazetteerError as error:
        assert "cannot be read" in str(error)
