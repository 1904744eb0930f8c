"""What a page says of itself: day of publication, publisher, address, title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from osint.article.characters import collapsed, without_invisible
from osint.article.json_ld import described
from osint.claims import DateInterval

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T|\Z)")
# In this order: what publishers' systems fill in goes before what a person typed.
_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
)
_MOST_META = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of itself.

    Attributes:
        days: every day of publication it gives, each with where, the best first; the day is the one
            written, whatever zone the time beside it has.
        publisher: who it says publishes it, or "".
        title: its title without the publisher's name, or "".
        url: the address it says is its own, or None.
    """

    days: tuple[tuple[str, DateInterval], ...] = ()
    publisher: str = ""
    title: str = ""
    url: str | None = None


def page_facts(page: HtmlElement, root: HtmlElement) -> PageFacts:
    """Read the facts.

    Args:
        page: the whole page.
        root: the element that holds the article; a ``time`` elsewhere is not the article's.
    """
    scripts = (
        element.text or ""
        for element in page.iter("script")
        if (element.get("type") or "").split(";")[0].strip().lower() == "application/ld+json"
    )
    linked = described(scripts)
    meta = _meta(page)
    site = meta.get("og:site_name", "")
    publisher = linked.publisher or site or meta.get("application-name", "")
    written = [("JSON-LD, datePublished", linked.published)]
    written += [(f"meta {name}", meta[name]) for name in _META_DATES if name in meta]
    written += list(_times(root))
    days = [(where, day) for where, text in written if (day := day_of(text)) is not None]
    return PageFacts(
        days=tuple(days),
        publisher=_plain(publisher)[:200],
        title=_title(page, meta, linked.headline, site or publisher),
        url=_own_address(page, meta),
    )


def day_of(text: str) -> DateInterval | None:
    """The one day in a date as machines or people write it; None if it is no day or several."""
    from osint.extract.dates import date_at, parse_published
    from osint.extract.tokens import tokenise

    written = collapsed(text[:120])
    found = _ISO.match(written) or _COMPACT.match(written)
    if found:
        try:
            return parse_published("-".join(found.groups()))
        except ValueError:
            return None
    tokens = tokenise(written)
    at = 0
    days = set()
    while at < len(tokens):
        read = date_at(tokens, at, None)
        if read is not None and read.interval is not None:
            if read.interval.first == read.interval.last:
                days.add(read.interval)
            at = max(read.end, at + 1)
        else:
            at += 1
    return days.pop() if len(days) == 1 else None


def _meta(page: HtmlElement) -> dict[str, str]:
    """The first value of each ``meta`` by its lower-case property, name or itemprop."""
    found: dict[str, str] = {}
    for number, element in enumerate(page.iter("meta")):
        if number >= _MOST_META:
            break
        content = _plain((element.get("content") or "")[:2_000])
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key and content:
                found.setdefault(key, content)
    return found


def _times(root: HtmlElement) -> Iterator[tuple[str, str]]:
    """The article's ``time`` elements: one marked as the publication's, else the first."""
    times = [t for _, t in zip(range(100), root.iter("time"), strict=False)]
    marked = [
        t
        for t in times
        if t.get("pubdate") is not None or "published" in (t.get("itemprop") or "").lower()
    ]
    for element in (marked or times)[:1]:
        yield "time", element.get("datetime") or element.text_content()


def _title(page: HtmlElement, meta: dict[str, str], headline: str, site: str) -> str:
    """Open Graph's title, JSON-LD's, or ``title`` without the site's name at its end."""
    own = meta.get("og:title") or headline
    if own:
        return _plain(own)
    element = page.find(".//title")
    title = _plain((element.text_content() if element is not None else "")[:1_000])
    for mark in (" | ", " - ", " – ", " — ", " :: "):
        first, found, last = title.rpartition(mark)
        if found and first and (mark == " | " or last.casefold() == site.casefold()):
            return first
    return title


def _own_address(page: HtmlElement, meta: dict[str, str]) -> str | None:
    links = [
        element.get("href") or ""
        for _, element in zip(range(_MOST_META), page.iter("link"), strict=False)
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    for address in (*links, meta.get("og:url", "")):
        if host_of(address.strip()):
            return address.strip()[:2_000]
    return None


def host_of(address: str) -> str:
    """The host of a web address without "www.", or "" if it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in {"http", "https"} else ""


def _plain(text: str) -> str:
    return collapsed(without_invisible(text).text)
