"""A page as HTML: the article's text without the page's furniture, its captions and pictures."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from osint.article.encoding import decode_page
from osint.article.flow import pieces_of
from osint.article.furniture import is_dropped
from osint.article.layout import Piece, lay_out
from osint.article.page_facts import PageFacts, host_of, page_facts
from osint.article.types import Article
from osint.claims import DateInterval
from osint.errors import ArticleError

MAX_ELEMENTS = 300_000
"""Pages of more elements are refused."""

_MOST_CANDIDATES = 100
_BREAK_HINT = re.compile(r"</?wbr\s*/?>", re.I)
# An element holds the article if at least this share of the page's paragraphs is in it.
_MOST_OF_IT = 0.5


def read_html(
    data: bytes,
    *,
    name: str,
    stem: str = "",
    source: str | None = None,
    published: DateInterval | None = None,
    charset: str | None = None,
    address: str | None = None,
) -> Article:
    """An article from a page.

    The text is one block a line: headline, deck, paragraphs, captions in the order of the page.
    Figures come without a ``path``: ``osint.article.pictures`` finds the files.

    Args:
        data: the page.
        name: what to call it in messages.
        stem: who says what it says where nothing else tells; ``name`` if it is empty.
        source: who says what it says; by default the publisher the page names, else its host.
        published: when; by default the day the page gives, and a note says where it gives it.
        charset: the encoding its server said.
        address: where it was fetched from; the addresses of its pictures are made whole with it.

    Raises:
        ArticleError: it is empty, binary, nested too deep, too large or holds no article.
    """
    decoded = decode_page(data, name=name, charset=charset)
    page = parse_page(decoded.text, name)
    root = _article_root(page)
    facts = page_facts(page, root)
    pieces = _with_headline(pieces_of(root), page, root, facts)
    notes = decoded.notes + date_notes(published, facts.days, of="page")
    if published is None and facts.days:
        published = facts.days[0][1]
    if address is not None:
        pieces = _with_addresses(pieces, _base(page, address))
    article = lay_out(
        pieces,
        source=source or facts.publisher or host_of(address or facts.url or "") or stem or name,
        sha256=hashlib.sha256(data).hexdigest(),
        published=published,
        url=_address(address, facts.url),
        notes=notes,
    )
    if not any(block.kind in {"paragraph", "caption"} for block in article.blocks):
        raise ArticleError(
            f"{name} holds no article text, only navigation, scripts or pictures: if its text "
            "appears in a browser, save the page from there and name that file"
        )
    return article


def date_notes(
    given: DateInterval | None, days: tuple[tuple[str, DateInterval], ...], *, of: str
) -> tuple[str, ...]:
    """Where the day of publication comes from, and which other days the page gives."""
    if not days:
        return ()
    where, day = days[0]
    if given is not None:
        if all(other == given for _, other in days):
            return ()
        return (f"Published {given} as given; the {of} itself says {day} ({where}).",)
    others = dict.fromkeys(f"{other} ({place})" for place, other in days[1:] if other != day)
    also = f" It also gives {', '.join(list(others)[:4])}." if others else ""
    return (f"Published {day}, as the {of} says ({where}).{also}",)


def looks_like_html(data: bytes) -> bool:
    """Whether bytes begin as a page does: with a tag, a document type or a comment."""
    head = data[:1_024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    openings = (
        b"<!doctype",
        b"<html",
        b"<head",
        b"<body",
        b"<article",
        b"<main",
        b"<?xml",
        b"<!--",
    )
    more = (b"<div", b"<p>", b"<p ", b"<h1", b"<section", b"<figure", b"<meta", b"<title")
    return head.startswith(openings + more)


def parse_page(text: str, name: str) -> HtmlElement:
    """The elements of a page, without comments.

    Raises:
        ArticleError: it is empty, nested too deep or too large; ``name`` is what to call it.
    """
    if not text.strip():
        raise ArticleError(f"{name} is empty: it has to hold the article's page")
    # libxml2 does not know that "wbr" has no end tag and would nest what follows each of them.
    text = _BREAK_HINT.sub("", text)
    # lxml refuses text that names an encoding of its own, so it is given bytes again.
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        page = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ArticleError(
            f"{name} is no page that can be read ({error}): name an HTML file"
        ) from (error)
    # libxml2 stops at a depth of 256 and at 10 MB of text in one place, and keeps what it has: an
    # article cut short without a word would be worse than none.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ArticleError(
            f"{name} nests its tags more than 256 deep (or has 10 MB in one place): save the "
            "article's text to a .txt file and name that"
        )
    for number, _ in enumerate(page.iter(), start=1):
        if number > MAX_ELEMENTS:
            raise ArticleError(
                f"{name} has more than {MAX_ELEMENTS:,} elements: save the article's text to a "
                ".txt file and name that"
            )
    return page


def _article_root(page: HtmlElement) -> HtmlElement:
    """The smallest element that holds most of the page's paragraphs."""
    body = page.find("body")
    whole = page if body is None else body
    total, work = _prose(whole)
    best, best_size = whole, total
    tags = [*page.iter("article", "main")][:_MOST_CANDIDATES]
    tags += page.xpath("//*[@itemprop='articleBody' or @role='main']")[:_MOST_CANDIDATES]
    for element in tags:
        # A hundred elements around everything would have everything read a hundred times.
        if work > MAX_ELEMENTS:
            break
        size, steps = _prose(element)
        work += steps
        if size and size >= _MOST_OF_IT * total and size <= best_size:
            best, best_size = element, size
    return best


def _prose(element: HtmlElement) -> tuple[int, int]:
    """Characters in paragraphs that are part of the article, and how many elements were seen."""
    size = steps = 0
    walk = etree.iterwalk(element, events=("start",))
    for _, inner in walk:
        steps += 1
        if inner is not element and is_dropped(inner):
            walk.skip_subtree()
        elif inner.tag in {"p", "figcaption", "blockquote", "li"}:
            size += len(inner.text_content())
            walk.skip_subtree()
    return size, steps


def _with_headline(
    pieces: list[Piece], page: HtmlElement, root: HtmlElement, facts: PageFacts
) -> list[Piece]:
    """The pieces from the headline on; where the article has none, the page's own or its title."""
    found = [at for at, piece in enumerate(pieces) if piece.kind == "headline"]
    if found:
        # A site's own name may be a heading too: the one that is in the title goes before others.
        title = facts.title.casefold()
        in_title = [at for at in found if pieces[at].text.casefold() in title]
        at = max(in_title, key=lambda at: len(pieces[at].text), default=found[0])
        # Above the headline stand section names and dates, but also the first picture.
        above = [piece for piece in pieces[:at] if piece.kind in {"caption", "picture"}]
        return [pieces[at], *above, *pieces[at + 1 :]]
    for _, heading in zip(range(_MOST_CANDIDATES), page.iter("h1"), strict=False):
        if heading is not root and not any(map(is_dropped, (heading, *heading.iterancestors()))):
            text = " ".join(heading.text_content().split())
            if text:
                return [Piece(kind="headline", text=text), *pieces]
    if facts.title:
        return [Piece(kind="headline", text=facts.title), *pieces]
    return pieces


def _base(page: HtmlElement, address: str) -> str:
    """What relative addresses on the page start from (HTML standard, "base")."""
    base = page.find(".//base[@href]")
    return _joined(address, base.get("href") or "") if base is not None else address


def _with_addresses(pieces: list[Piece], base: str) -> list[Piece]:
    return [
        replace(
            piece,
            pictures=tuple(
                replace(
                    picture,
                    references=tuple(_joined(base, written) for written in picture.references),
                )
                for picture in piece.pictures
            ),
        )
        for piece in pieces
    ]


def _joined(base: str, written: str) -> str:
    try:
        return urljoin(base, written)
    except ValueError:
        return written


def _address(fetched: str | None, said: str | None) -> str | None:
    """What the page says is its address, unless it was fetched from another host."""
    if fetched is None or (said is not None and host_of(said) == host_of(fetched)):
        return said
    return fetched
