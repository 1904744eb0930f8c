"""Which reader a source needs: a file by its ending, an address, standard input."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.files import UnreadableFileError, read_regular
from osint.article.characters import shown
from osint.article.text import read_text
from osint.article.types import Article
from osint.claims import DateInterval
from osint.errors import ArticleError

if TYPE_CHECKING:
    from imagery.http import Session

MAX_BYTES = 5_000_000
"""A file, or standard input, of more bytes is refused."""
STANDARD_INPUT = "-"

_HTML_ENDINGS = frozenset([".html", ".htm", ".xhtml"])
_MARKDOWN_ENDINGS = frozenset([".md", ".markdown"])
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def is_address(source: str | Path) -> bool:
    """Whether a source is the address of a page rather than a file."""
    return isinstance(source, str) and _ADDRESS.match(source) is not None


def read_source(
    where: str | Path,
    *,
    source: str | None = None,
    published: DateInterval | None = None,
    pictures: bool = True,
    session: Session | None = None,
    allow_private: bool = False,
    evidence: Path | None = None,
) -> Article:
    """Read an article from wherever it is, its pictures found, and make sure that it is English.

    Args:
        where: a text, HTML or Markdown file, a ``captions.csv``, the address of a page, or "-" for
            standard input.
        source: who says what it says; by default as it says itself, else by its name.
        published: when; by default the day it gives itself.
        pictures: whether the files of its pictures are looked for, and fetched if it is a page.
        session: fetches pages; one of its own with the usual limits if None.
        allow_private: whether that one may fetch from private addresses.
        evidence: the folder of the archive for what is fetched.

    Raises:
        InputError: it cannot be read, or is not in English.
        HttpError: a page may not or could not be fetched, or OSINT_OFFLINE is set.
    """
    from osint.article.language import other_language
    from osint.article.pictures import with_files

    if is_address(where):
        article = _read_page(
            str(where),
            session,
            source=source,
            published=published,
            evidence=evidence,
            allow_private=allow_private,
            pictures=pictures,
        )
    elif where == STANDARD_INPUT:
        article = _read_standard_input(source=source, published=published)
        if pictures:
            article = with_files(article, None)
    else:
        article = read_article(Path(where), source=source, published=published)
        if pictures and article.figures:
            article = with_files(article, Path(where).parent)
    other = other_language(article.text)
    if other is not None:
        sure = f" ({other.confidence:.0%} sure)" if other.confidence is not None else ""
        name = "standard input" if where == STANDARD_INPUT else where
        raise ArticleError(
            f"{name} is in {other.name}{sure}; only English is read: give a translation"
        )
    return article


def read_article(
    path: Path, *, source: str | None = None, published: DateInterval | None = None
) -> Article:
    """Read a file: HTML, Markdown or ``captions.csv`` by its name, anything else as text.

    A file without a known ending that begins like a page is read as HTML.

    Args:
        path: the file.
        source: who says what it says; by default as it says itself, else the file's name without
            ending.
        published: when it was published; by default as it says itself.

    Raises:
        ArticleError: it is missing, no file, too large, empty, binary or not decodable.
    """
    from osint.article.captions import CAPTIONS_FILE, read_captions

    if path.name == CAPTIONS_FILE:
        return read_captions(path, source=source, published=published)
    try:
        data = read_regular(path, limit=MAX_BYTES)
    except UnreadableFileError as problem:
        raise ArticleError(f"{path} {problem}") from problem
    return _read_bytes(
        data,
        name=str(path),
        stem=shown(path.stem),
        ending=path.suffix.lower(),
        source=source,
        published=published,
    )


def _read_bytes(
    data: bytes,
    *,
    name: str,
    stem: str,
    ending: str,
    source: str | None,
    published: DateInterval | None,
) -> Article:
    if ending in _MARKDOWN_ENDINGS:
        from osint.article.markdown import read_markdown

        return read_markdown(data, name=name, stem=stem, source=source, published=published)
    if ending != ".txt":
        # Only where it may be needed: it brings in lxml.
        from osint.article.html import looks_like_html, read_html

        if ending in _HTML_ENDINGS or looks_like_html(data):
            return read_html(data, name=name, stem=stem, source=source, published=published)
    return read_text(data, name=name, source=source or stem, published=published)


def _read_standard_input(*, source: str | None, published: DateInterval | None) -> Article:
    # A program that was started without one has None.
    if sys.stdin is None:
        raise ArticleError("standard input is closed: pipe the article into it, or name a file")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ArticleError(f"standard input is over the limit of {MAX_BYTES:,} bytes; split it")
    return _read_bytes(
        data,
        name="standard input",
        stem="standard input",
        ending="",
        source=source,
        published=published,
    )


def _read_page(
    address: str,
    session: Session | None,
    *,
    source: str | None,
    published: DateInterval | None,
    evidence: Path | None,
    allow_private: bool,
    pictures: bool,
) -> Article:
    from imagery.errors import HttpError

    if os.environ.get("OSINT_OFFLINE"):
        raise HttpError(
            address,
            "not fetched, since OSINT_OFFLINE is set; unset it, or save the page and name its file",
        )
    from imagery.http import HttpPolicy, Session
    from osint.article.page import read_page

    if session is None:
        with Session(HttpPolicy(allow_private=allow_private)) as own:
            return _read_page(
                address,
                own,
                source=source,
                published=published,
                evidence=evidence,
                allow_private=allow_private,
                pictures=pictures,
            )
    return read_page(
        address,
        session,
        source=source,
        published=published,
        evidence=evidence,
        pictures=pictures,
    )
