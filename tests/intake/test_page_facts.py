"""What a page says of itself: its day, its publisher, its address; hostile JSON-LD included."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osint.article import Article
from osint.article.html import read_html
from osint.article.json_ld import described
from osint.article.page_facts import day_of
from osint.extract.dates import parse_published


def read(head: str, body: str = "", address: str | None = None) -> Article:
    page = f"<html><head>{head}</head><body><article>{body}<p>Text.</p></article></body></html>"
    return read_html(page.encode(), name="page", stem="page-file", address=address)


def linked(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


ARTICLE = {"@type": "NewsArticle", "datePublished": "2017-06-13T23:30:00-05:00"}


@pytest.mark.parametrize(
    ("head", "body", "where"),
    [
        (linked(ARTICLE), "", "JSON-LD"),
        (linked([{"@type": "WebSite"}, ARTICLE]), "", "JSON-LD"),
        (
            linked({"@graph": [{"@type": "WebPage", "datePublished": "2016-01-01"}, ARTICLE]}),
            "",
            "JSON-LD",
        ),
        (linked({"@type": "WebPage", "mainEntity": ARTICLE}), "", "JSON-LD"),
        (linked({"@type": ["Thing", "BlogPosting"], "datePublished": "20170613"}), "", "JSON-LD"),
        ("<script type='application/ld+json'>{oops</script>" + linked(ARTICLE), "", "JSON-LD"),
        (
            "<meta property='article:published_time' content='2017-06-13T23:59Z'>",
            "",
            "article:published_time",
        ),
        ("<meta name='pubdate' content='13 June 2017'>", "", "pubdate"),
        ("<meta name='DC.date.issued' content='2017-06-13'>", "", "dc.date.issued"),
        ("<meta itemprop='datePublished' content='2017-06-13'>", "", "datepublished"),
        ("", "<time datetime='2017-06-13T10:00+03:00'>today</time>", "time"),
        ("", "<time>Tue, June 13, 2017</time>", "time"),
        (
            "",
            "<time datetime='2019-01-01'></time><time pubdate datetime='2017-06-13'></time>",
            "time",
        ),
        (
            linked(ARTICLE) + "<meta name='date' content='2017-06-15'>",
            "<time datetime='2018-01-01'></time>",
            "JSON-LD",
        ),
    ],
)
def test_the_day_of_publication(head: str, body: str, where: str) -> None:
    article = read(head, body)
    assert article.published == parse_published("2017-06-13")
    (note,) = article.notes
    assert "2017-06-13" in note and where in note


def test_other_days_are_named() -> None:
    article = read(linked(ARTICLE) + "<meta name='date' content='2017-06-15'>")
    assert "also gives 2017-06-15 (meta date)" in article.notes[0]


def test_a_given_day_wins_and_the_pages_own_is_named() -> None:
    page = f"<head>{linked(ARTICLE)}</head><p>Text.</p>".encode()
    given_day = parse_published("2017-06-12")
    article = read_html(page, name="page", published=given_day)
    assert article.published == given_day
    assert "2017-06-12 as given" in article.notes[0] and "2017-06-13" in article.notes[0]
    assert read_html(page, name="page", published=parse_published("2017-06-13")).notes == ()


@pytest.mark.parametrize(
    "head",
    [
        linked({"@type": "NewsArticle", "comment": [{"datePublished": "2017-06-13"}]}),
        linked({"@type": "NewsArticle", "datePublished": {"@value": "2017-06-13"}}),
        linked({"@type": "NewsArticle", "datePublished": 20170613}),
        linked({"@type": "NewsArticle", "datePublished": "2017-13-45"}),
        linked({"@type": "NewsArticle", "datePublished": "06/11/2017"}),
        linked({"@type": "NewsArticle", "datePublished": "2017-06"}),
        linked({"@type": "NewsArticle", "dateModified": "2017-06-13"}),
        "<script>{'@type': 'NewsArticle', 'datePublished': '2017-06-13'}</script>",
        "<meta name='date' content=''>",
    ],
)
def test_no_day_is_no_day(head: str) -> None:
    article = read(head)
    assert article.published is None
    assert article.notes == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017-06-13T00:30:00+03:00", "2017-06-13"),
        ("2017-06-13 10:00", "2017-06-13"),
        ("20170613T1000", "2017-06-13"),
        ("Published on 13 June 2017 at 10:00", "2017-06-13"),
        ("13/06/2017", "2017-06-13"),
        ("2017-06-131", None),
        ("from 1 June 2017 to 3 June 2017", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_day_of(text: str, day: str | None) -> None:
    assert day_of(text) == (parse_published(day) if day else None)


def test_publisher_and_address() -> None:
    publisher = {"@type": "Organization", "name": " The  Wire "}
    head = linked({**ARTICLE, "publisher": publisher}) + "<meta property=og:site_name content=OG>"
    assert read(head).source == "The Wire"
    graph = [{"@id": "#o", "name": "By reference"}, {**ARTICLE, "publisher": {"@id": "#o"}}]
    assert read(linked({"@graph": graph})).source == "By reference"
    assert read("<meta property=og:site_name content='The Site'>").source == "The Site"
    assert read("", address="https://www.example.org/a").source == "example.org"
    assert read("<link rel=canonical href='https://example.net/a'>").source == "example.net"
    assert read("").source == "page-file"


@pytest.mark.parametrize(
    ("canonical", "address", "url"),
    [
        ("https://example.org/story", None, "https://example.org/story"),
        ("https://example.org/story", "https://www.example.org/?id=1", "https://example.org/story"),
        ("https://elsewhere.org/story", "https://example.org/s", "https://example.org/s"),
        ("javascript:alert(1)", "https://example.org/s", "https://example.org/s"),
        ("//[", None, None),
        ("/story", None, None),
    ],
)
def test_a_page_cannot_pass_for_another_hosts(
    canonical: str, address: str | None, url: str | None
) -> None:
    assert read(f"<link rel=canonical href='{canonical}'>", address=address).url == url


DEEP = '{"@graph":' * 5_000 + "1" + "}" * 5_000
NESTED = "[" * 100_000


@pytest.mark.parametrize(
    "script", [DEEP, NESTED, "9" * 10_000, '"\\ud800"', "", "null", "[]", "{}", "x" * 2_000_000]
)
def test_hostile_json_ld_hides_nothing(script: str) -> None:
    found = described([script, json.dumps(ARTICLE), script])
    assert found.published == ARTICLE["datePublished"]


def test_json_ld_is_read_up_to_a_limit() -> None:
    late = [*[{"@type": "X"}] * 5_000, ARTICLE]
    assert described([json.dumps(late)]).published == ""
    assert described(["{}"] * 1_000 + [json.dumps(ARTICLE)]).published == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "mainEntity", "datePublished", "publisher", "name"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(JSON)
def test_any_json_is_survived(value: object) -> None:
    found = described([json.dumps(value)])
    assert all(isinstance(text, str) for text in (found.published, found.publisher, found.headline))
