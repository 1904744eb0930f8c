"""The article of the first case and what others said of its places, against a careful reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from osint.article import read_article
from osint.claims import (
    BorderClaim,
    ContainmentClaim,
    DatedClaim,
    DirectionClaim,
    Extraction,
    LocatedClaim,
    SeparationClaim,
    ZoneClaim,
)
from osint.extract import extract, extract_text
from osint.extract.dates import parse_published

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "article"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/article")


@pytest.fixture(scope="module")
def article_claims() -> tuple[str, Extraction]:
    article = read_article(DATA / "al-zaqaf.txt", published=parse_published("2017-06-13"))
    return article.text, extract(article)


def days(claim: LocatedClaim) -> dict[str, str] | None:
    return claim.date.as_dict() if claim.date else None


def test_every_located_claim_is_found(article_claims: tuple[str, Extraction]) -> None:
    _, extraction = article_claims
    gold = json.loads((DATA / "al-zaqaf.claims.json").read_text(encoding="utf-8"))["claims"]
    found = [claim for claim in extraction.claims if isinstance(claim, LocatedClaim)]
    for wanted in gold:
        if wanted["kind"] != "located":
            continue
        place = wanted["place"].replace("Syrian-Iraqi", "Iraqi")
        assert any(
            claim.subject.name == wanted["subject"]
            and claim.place.name == place
            and days(claim) == wanted["date"]
            and claim.caption == wanted.get("caption", False)
            for claim in found
        ), wanted


def test_the_20_km_claim_is_one_with_three_spans(article_claims: tuple[str, Extraction]) -> None:
    text, extraction = article_claims
    claims = [claim for claim in extraction.claims if isinstance(claim, SeparationClaim)]
    twenty, forty = (
        [claim for claim in claims if claim.distance.said_m == said] for said in (20000, 40000)
    )
    assert len(claims) == 2
    assert len(twenty) == len(forty) == 1
    claim = twenty[0]
    assert claim.origin_entity.name == "Syrian army base on the Iraqi border"
    assert claim.target.name == "al-Zaqaf"
    assert len(claim.spans) == 3
    assert all(
        "20 kilometers" in text[start:end].lower().replace("\xa0", " ")
        for start, end in claim.spans
    )
    called = {text[start:end].replace("\xa0", " ") for start, end in claim.target.mentions}
    assert {
        "a US Base in Southern Syria",
        "the second US-rebel base in southern Syria",
        "the second US-rebel outpost at al-Zaqaf",
        "their Zaqaf garrison",
    } <= called
    assert (claim.distance.low_m, claim.distance.high_m) == (17500, 22500)
    assert claim.origin_entity.border == ("IQ", "SY")
    assert forty[0].origin_entity.name == "Syrian forces"
    assert forty[0].target.name == "al-Tanf"
    assert forty[0].polarity == "affirmed"


def test_direction_and_border(article_claims: tuple[str, Extraction]) -> None:
    _, extraction = article_claims
    directions = [claim for claim in extraction.claims if isinstance(claim, DirectionClaim)]
    assert [(claim.subject.name, claim.relation) for claim in directions] == [
        ("Path of advance", "east")
    ]
    assert directions[0].target.name == "US-declared kill zone around al-Tanf"
    assert directions[0].target.role == "area"
    assert directions[0].around is not None
    assert directions[0].around.name == "al-Tanf"
    assert directions[0].around.id in directions[0].entity_ids()
    borders = [claim for claim in extraction.claims if isinstance(claim, BorderClaim)]
    base = [claim for claim in borders if claim.subject.role == "site"]
    assert [(claim.subject.name, claim.between) for claim in base] == [
        ("Syrian army base on the Iraqi border", ("SY", "IQ"))
    ]


def test_the_zone_is_proclaimed_at_one_base_and_missing_at_the_other(
    article_claims: tuple[str, Extraction],
) -> None:
    text, extraction = article_claims
    zones = [claim for claim in extraction.claims if isinstance(claim, ZoneClaim)]
    found = {
        (zone.centre.name, zone.polarity, zone.modality, zone.status, zone.radius.said_m)
        for zone in zones
    }
    assert found == {
        ("al-Tanf", "affirmed", "stated", "proclaimed", 55000),
        ("al-Zaqaf", "denied", "hedged", None, 55000),
    }
    assert {zone.what for zone in zones} == {"exclusion zone"}
    assert all("55" in text[start:end] for zone in zones for start, end in zone.spans)


def test_the_second_base_is_in_southern_syria(article_claims: tuple[str, Extraction]) -> None:
    text, extraction = article_claims
    (claim,) = [c for c in extraction.claims if isinstance(c, ContainmentClaim)]
    assert claim.subject.name == "al-Zaqaf"
    assert claim.area.role == "area"
    said = {text[start:end].replace("\xa0", " ") for start, end in claim.area.mentions}
    assert "southern Syria" in said
    assert claim.polarity == "affirmed"


def test_dated_events(article_claims: tuple[str, Extraction]) -> None:
    _, extraction = article_claims
    gold = json.loads((DATA / "al-zaqaf.claims.json").read_text(encoding="utf-8"))["claims"]
    wanted = [claim for claim in gold if claim["kind"] == "dated"]
    found = [claim for claim in extraction.claims if isinstance(claim, DatedClaim)]
    assert [claim.date.as_dict() for claim in found if claim.date] == [
        claim["date"] for claim in wanted
    ]
    assert "broke through to the Syrian-Iraqi border" in found[0].event
    assert found[1].event == "second US-rebel base in southern Syria was set up"


def test_nothing_is_invented_in_the_article(article_claims: tuple[str, Extraction]) -> None:
    _, extraction = article_claims
    listed = [(claim.kind, claim.places) for claim in extraction.claims]
    assert len(listed) == 17
    # Beyond the careful reader's list: two more parties said to have been on the border, the
    # outpost at al-Zaqaf, and that it came without a zone; each in so many words.
    border_subjects = {
        claim.subject.name for claim in extraction.claims if isinstance(claim, BorderClaim)
    }
    assert border_subjects == {
        "Syrian army base on the Iraqi border",
        "Syrian army and allied militias",
        "General Soleimani",
    }


STATEMENTS: list[dict[str, Any]] = [
    {"to": "al-Tanf", "said": 65000, "low": 60000, "high": 70000, "bearing": (22.5, 67.5)},
    {"to": "al-Tanf", "said": 45 * 1609.344, "bearing": None},
    {"to": "al-Tanf crossing", "said": 70000, "bearing": (22.5, 67.5)},
    {"to": "Albu Kamal", "said": 130000, "bearing": (202.5, 247.5)},
    {"to": "al-Tanf", "said": 70000, "bearing": (45, 135)},
    {"to": "al-Tanf", "said": 70000, "bearing": (315, 45)},
    {"to": "al-Tanf", "said": 50000, "low": 45000, "high": 50000, "bearing": None},
]


@pytest.mark.parametrize("number", range(len(STATEMENTS)))
def test_statements(number: int) -> None:
    lines = (DATA / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    record, wanted = json.loads(lines[number]), STATEMENTS[number]
    published = parse_published(record["published"]) if record["published"] else None
    extraction = extract_text(
        record["text"], source=record["source"], origin=record["origin"], published=published
    )
    separations = [claim for claim in extraction.claims if isinstance(claim, SeparationClaim)]
    assert len(separations) == 1
    claim = separations[0]
    assert claim.target.name == wanted["to"]
    assert claim.distance.said_m == pytest.approx(wanted["said"])
    assert claim.bearing_deg == wanted["bearing"]
    assert claim.origin == record["origin"]
    for key, value in (("low", claim.distance.low_m), ("high", claim.distance.high_m)):
        if key in wanted:
            assert value == wanted[key]
    borders = [claim for claim in extraction.claims if isinstance(claim, BorderClaim)]
    if record["origin"] == "SOHR":
        assert claim.origin_entity.name == "Syrian army"
        assert claim.origin_entity.border == ("IQ", "SY")
        assert [border.between for border in borders] == [("SY", "IQ")]
    else:
        assert claim.origin_entity.name.casefold() == "al-zaqaf"
        assert borders == []


def test_another_name_in_parentheses_is_the_same_place() -> None:
    extraction = extract_text(
        "The outpost at al-Zaqaf (Zakf) lies 60 km east of al-Tanf. Zakf is 9 km from Hit.",
        source="s",
    )
    first, second = (c for c in extraction.claims if isinstance(c, SeparationClaim))
    assert first.origin_entity == second.origin_entity
