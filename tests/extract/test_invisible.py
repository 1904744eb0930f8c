"""Characters nobody sees change nothing that is read, and the spans still index the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osint.article import article_from_text
from osint.claims import SeparationClaim
from osint.extract import extract, extract_text

TEXT = "The base at al-Tanf lies 20 km from al-Zaqaf. Al-Zaqaf is in southern Syria."
MARKS = ["\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202b", "\u202e", "\u2066", "\u00ad"]


@pytest.mark.parametrize("mark", MARKS, ids=[f"U+{ord(mark):04X}" for mark in MARKS])
def test_a_mark_in_a_name_changes_nothing(mark: str) -> None:
    plain = extract_text(TEXT, source="s")
    marked = TEXT.replace("al-Tanf", f"al-{mark}Tanf", 1).replace("Al-Zaqaf", f"Al-Za{mark}qaf")
    found = extract_text(marked, source="s")
    assert [c.own_fields() for c in found.claims] == [c.own_fields() for c in plain.claims]
    assert [entity.name for entity in found.entities] == [entity.name for entity in plain.entities]
    for claim, wanted in zip(found.claims, plain.claims, strict=True):
        for span, clean in zip(claim.spans, wanted.spans, strict=True):
            assert marked[slice(*span)].replace(mark, "") == TEXT[slice(*clean)]
    for entity, known in zip(found.entities, plain.entities, strict=True):
        said = [marked[slice(*span)].replace(mark, "") for span in entity.mentions]
        assert said == [TEXT[slice(*span)] for span in known.mentions]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXT) - 1), st.sampled_from(MARKS)), min_size=1, max_size=12
    )
)
def test_marks_anywhere_change_nothing(places: list[tuple[int, str]]) -> None:
    marked = TEXT
    for at, mark in sorted(places, reverse=True):
        marked = marked[:at] + mark + marked[at:]
    found, plain = extract_text(marked, source="s"), extract_text(TEXT, source="s")
    assert [c.own_fields() for c in found.claims] == [c.own_fields() for c in plain.claims]
    assert all(marked[slice(*span)].strip() for claim in found.claims for span in claim.spans)


@pytest.mark.parametrize("name", ["\u0627\u0644\u062a\u0646\u0641", "\u05d7\u05d9\u05e4\u05d4"])
def test_a_name_from_right_to_left_is_a_name(name: str) -> None:
    (claim,) = extract_text(f"Lomsk lies 20 km from {name}.", source="s").claims
    assert isinstance(claim, SeparationClaim)
    assert claim.target.name == name


@pytest.mark.parametrize("text", ["\u200b", "\ufeff\u200e\n\u202e", "\u202e" * 3000])
def test_nothing_but_marks_is_nothing(text: str) -> None:
    assert extract_text(text, source="s").claims == ()


@pytest.mark.parametrize(
    "piece",
    ["a 5 km zone around Lomsk ", "\u200bal-\u200b", "in southern ", "\u0627\u0644 ", "Lomsk, "],
)
def test_a_caption_of_ten_thousand_characters_is_survived(piece: str) -> None:
    caption = (piece * 10_000)[:10_000]
    extract(article_from_text(f"Head\n\nBody text.\n\n{caption}\n", source="s"))
