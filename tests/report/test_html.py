"""The page is complete, needs nothing from outside and is safe to open whatever it was fed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osint.report.html import render_html
from osint.report.model import Report
from osint.report.text import visible

VOID = {"meta", "br", "img", "link", "input", "hr", "area", "base", "col", "embed", "source"}
# Attributes through which a page could fetch or run something.
REACHING = {
    "src",
    "href",
    "xlink:href",
    "action",
    "data",
    "poster",
    "srcset",
    "background",
    "style",
}
SHAPELESS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x00\x07\x1b\x7f\x85"


class Page(HTMLParser):
    """Collects elements, checks that they nest, and gathers the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_closed(page: Page) -> None:
    """No scripts, no event handlers, nothing that makes a browser ask another machine."""
    ids = {attributes["id"] for _, attributes in page.elements if attributes.get("id")}
    for tag, attributes in page.elements:
        assert tag not in {
            "script",
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "foreignobject",
        }
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in REACHING:
                assert value
                assert value.startswith("data:image/") or value[1:] in ids, (tag, name, value)
            elif value and "url(" in value:
                assert re.fullmatch(r"url\(#[\w-]+\)", value)
                assert value[5:-1] in ids


def test_page_is_complete_and_closed(report: Report) -> None:
    page = Page(render_html(report))
    assert_closed(page)
    policy = next(a for t, a in page.elements if t == "meta" and "http-equiv" in a)
    assert policy["content"] == ("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    text = " ".join(page.text.split())
    for expected in (
        "Of 4 claims, 1 is confirmed",
        "lies just 20 kilometers from the outpost",
        "Also said as: “It lies a mere 20 kilometers from their garrison”",
        "5.5 times likelier if the claim holds",
        "17.5 km to 22.5 km",
        "33.8340° N, 39.6900° E",
        "“army base on the Iraqi border” means Border Crossing, according to M. Analyst",
        "A dated image that shows either site",
        "4.2 km from where it is taken to be",
        "8 % of the probability is not placed on the map",
        "Northern Wire",
        "no time zone given",
        "proves nothing",
        "Show what was there in June, or who.",
        "Both hold only 40 km farther south.",
        "keypoints.csv, row 11",
        "offset_rule",
        "0123456789abcdef" * 4,
    ):
        assert expected in text
    assert "None" not in text


def test_page_is_accessible(report: Report) -> None:
    page = Page(render_html(report))
    tags = [tag for tag, _ in page.elements]
    assert dict(page.elements)["html"]["lang"] == "en"
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(a.get("alt") for t, a in page.elements if t == "img")
    assert all(a.get("scope") for t, a in page.elements if t == "th")
    ids = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for ref in (attributes.get("aria-labelledby") or "").split():
            assert ref in ids
    svgs = [a for t, a in page.elements if t == "svg"]
    assert len(svgs) == 2
    assert all(a["role"] == "img" for a in svgs)


def test_verdict_is_never_told_by_colour_alone(report: Report) -> None:
    html = render_html(report)
    badges = re.findall(
        r'<span class="badge (\w+)"><span aria-hidden="true">(.)</span> (\w+)', html
    )
    assert {(v, s, w) for v, s, w in badges} == {
        ("confirmed", "✓", "Confirmed"),
        ("flagged", "✗", "Flagged"),
        ("undetermined", "?", "Undetermined"),
    }


def test_report_without_claims_says_so(raw: dict[str, Any]) -> None:
    bare = {key: raw[key] for key in ("tool", "generated_at", "source")}
    bare["summary"] = {"confirmed": 0, "flagged": 0, "undetermined": 0, "sentence": "No claims."}
    page = Page(render_html(Report.model_validate(bare)))
    assert "makes no claim about places that could be checked" in page.text
    assert_closed(page)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
    | st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</title><script>x</script>",
            '"><img src=x onerror=alert(1)>',
            "' onmouseover='x",
            "</style><svg/onload=x>",
            "]]><script>",
            "<!--",
            "{{ 7 * 7 }}{% raw %}",
            "javascript:alert(1)",
            "gnp.\u202eexe",
            "x" * 5000,
            SHAPELESS,
        ]
    )
)
def test_hostile_text_stays_text(with_text: Callable[[str], Report], text: str) -> None:
    html = render_html(with_text(text))
    page = Page(html)
    assert_closed(page)
    assert not set(html) & set(SHAPELESS)
    assert "alert(1)" not in "".join(str(a) for t, a in page.elements if t in {"a", "svg", "g"})


@given(st.text(max_size=80))
def test_visible_leaves_nothing_shapeless(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(SHAPELESS)
    assert not re.search("[\ud800-\udfff\ufffe\uffff]", shown)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("photo\u202egnp.exe", "photo[U+202E]gnp.exe"),
        ("a\r\nb", "a\nb"),
        ("التنف", "التنف"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\ud800b", "a[U+D800]b"),
    ],
)
def test_visible_writes_out_what_deceives(given_text: str, shown: str) -> None:
    assert visible(given_text) == shown
