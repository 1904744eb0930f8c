"""A page by its address: fetched within limits, kept as evidence with its pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from osint.article.encoding import decode_page
from osint.article.html import looks_like_html, read_html
from osint.article.layout import file_name
from osint.article.markdown import read_markdown
from osint.article.page_facts import host_of
from osint.article.pictures import NOT_AN_IMAGE, unreadable
from osint.article.text import read_text
from osint.article.types import Article, Figure
from osint.claims import DateInterval
from osint.errors import ArticleError

if TYPE_CHECKING:
    from imagery.archive import Archive
    from imagery.http import Fetched, Session

MAX_PAGE_BYTES = 20_000_000
"""A larger page is refused while it arrives."""
MAX_PICTURES = 40
MAX_PICTURE_BYTES = 25_000_000
MAX_PICTURES_BYTES = 200_000_000
"""Of all pictures of a page together."""
# Of one picture, the largest first: a page may name many sizes of it.
_MOST_ADDRESSES = 3
MAX_PICTURES_S = 120.0
"""Time for all pictures of a page together, seconds."""

_HTML_TYPES = frozenset(["text/html", "application/xhtml+xml", "application/xml", "text/xml"])
_MARKDOWN_TYPES = frozenset(["text/markdown", "text/x-markdown"])


def read_page(
    address: str,
    session: Session,
    *,
    source: str | None = None,
    published: DateInterval | None = None,
    evidence: Path | None = None,
    pictures: bool = True,
) -> Article:
    """Fetch a page and read the article on it.

    Args:
        address: http or https.
        session: fetches; its policy says what may be fetched.
        source: who says what it says; by default the publisher the page names, else its host.
        published: when; by default the day the page gives.
        evidence: the folder of the archive that the page and its pictures go into.
        pictures: whether its pictures are fetched too (which needs ``evidence``).

    Raises:
        HttpError: it may not or could not be fetched.
        ArticleError: it is no page, or holds no article.
    """
    from imagery.archive import Archive

    fetched = session.get(address, max_bytes=MAX_PAGE_BYTES)
    archive = Archive(evidence) if evidence is not None else None
    if archive is not None:
        archive.put(fetched)
    article = _read(fetched, source=source, published=published)
    if archive is None or not pictures:
        return article
    return replace(article, figures=_with_pictures(article.figures, session, archive))


def _read(fetched: Fetched, *, source: str | None, published: DateInterval | None) -> Article:
    kind, charset = _content_type(fetched.headers.get("content-type", ""))
    name = fetched.final_url[:300]
    if kind in _HTML_TYPES or (
        kind in {"", "application/octet-stream"} and looks_like_html(fetched.body)
    ):
        return read_html(
            fetched.body,
            name=name,
            source=source,
            published=published,
            charset=charset,
            address=fetched.final_url,
        )
    if kind not in {"", "application/octet-stream"} and not kind.startswith("text/"):
        raise ArticleError(f"{name} is {kind[:60]}, no page: give the address of the article")
    plain = decode_page(fetched.body, name=name, charset=charset)
    source = source or host_of(fetched.final_url) or name
    if kind in _MARKDOWN_TYPES or name.lower().endswith((".md", ".markdown")):
        article = read_markdown(plain.text.encode(), name=name, source=source, published=published)
    else:
        article = read_text(plain.text.encode(), name=name, source=source, published=published)
    return replace(
        article,
        sha256=fetched.sha256,
        url=fetched.final_url,
        notes=plain.notes + article.notes,
    )


def _content_type(header: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type header."""
    kind, *parameters = header.split(";")
    for parameter in parameters[:10]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return kind.strip().lower(), value.strip().strip("\"'")[:40] or None
    return kind.strip().lower(), None


def _with_pictures(
    figures: tuple[Figure, ...], session: Session, archive: Archive
) -> tuple[Figure, ...]:
    """The figures with their files in the archive; those that have a caption are fetched first."""
    order = sorted(range(len(figures)), key=lambda at: figures[at].caption is None)
    found = dict(zip(order, _fetched((figures[at] for at in order), session, archive), strict=True))
    return tuple(found[at] for at in range(len(figures)))


def _fetched(figures: Iterator[Figure], session: Session, archive: Archive) -> Iterator[Figure]:
    end = time.monotonic() + MAX_PICTURES_S
    total = 0
    known: dict[str, Figure] = {}
    for figure in figures:
        before = known.get(figure.reference)
        left_s = end - time.monotonic()
        if before is not None:
            found = replace(figure, path=before.path, name=before.name, problem=before.problem)
        elif len(known) >= MAX_PICTURES:
            found = replace(figure, problem=f"at most {MAX_PICTURES} are fetched")
        elif total >= MAX_PICTURES_BYTES:
            found = replace(
                figure, problem=f"at most {MAX_PICTURES_BYTES // 1_000_000} MB are fetched"
            )
        elif left_s <= 0:
            found = replace(figure, problem=f"not fetched within {MAX_PICTURES_S:g} s")
        elif figure.reference.lower().startswith("data:"):
            found = replace(figure, problem="embedded in the page; save it as a file")
        else:
            found, size = _picture(figure, session, archive, end, MAX_PICTURES_BYTES - total)
            total += size
            known[figure.reference] = found
        yield found


def _picture(
    figure: Figure, session: Session, archive: Archive, end: float, most_bytes: int
) -> tuple[Figure, int]:
    """A figure with its file, from the first of its addresses that has one; bytes fetched."""
    from imagery.errors import HttpError

    size = 0
    first: str | None = None
    for reference in (figure.reference, *figure.others)[:_MOST_ADDRESSES]:
        left_s = end - time.monotonic()
        if size >= most_bytes or left_s <= 0:
            break
        try:
            answer = session.get(
                reference,
                max_bytes=min(MAX_PICTURE_BYTES, most_bytes - size),
                total_timeout_s=min(left_s, session.policy.total_timeout_s),
            )
        except HttpError as error:
            why = error.reason.removeprefix("not fetched: ")
            problem = f"not fetched: {why[:150]}"
        else:
            size += len(answer.body)
            kept = archive.put(answer).path
            if not unreadable(kept):
                return replace(figure, path=kept, name=file_name(reference)), size
            problem = NOT_AN_IMAGE
        first = first or problem
    return replace(figure, problem=first), size
