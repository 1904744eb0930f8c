"""Markdown (CommonMark): headings, paragraphs, pictures with captions, front matter.

A picture's caption is its title, ``![alt](file.jpg "Americans at al-Zaqaf, June 11")``, or the line
under it if that is set apart (``*...*``) or has a caption's form. The text for readers who do not
see the picture is no caption. HTML within Markdown is read as HTML.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from osint.article.layout import Picture, Piece, PieceKind, lay_out
from osint.article.types import Article
from osint.claims import DateInterval
from osint.errors import ArticleError

if TYPE_CHECKING:
    from markdown_it.token import Token

_MOST_FRONT_LINES = 200
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,40})\s*:\s*(.*)")
_SOURCE_KEYS = ("source", "publisher", "site")
_DATE_KEYS = ("date", "published", "publishdate", "pubdate")
# Inline markup is matched pairwise: a paragraph longer than this is an attack or no Markdown.
_MOST_PARAGRAPH = 20_000
# What costs time in proportion; an article of 200,000 words has a tenth of any.
_MOST_LINES = _MOST_BRACKETS = 50_000
# A list in a list is two levels.
_DEEPEST = 100
_MARKS = "*_`|<>&-"
_MOST_MARKS = 200_000


def read_markdown(
    data: bytes,
    *,
    name: str,
    stem: str = "",
    source: str | None = None,
    published: DateInterval | None = None,
) -> Article:
    """An article from Markdown.

    Args:
        data: the bytes, UTF-8.
        name: what to call them in messages.
        stem: who says what it says where nothing else tells; ``name`` if it is empty.
        source: who says what it says; by default what the front matter says.
        published: when; by default the front matter's ``date``, and a note says so.

    Raises:
        ArticleError: they are empty, binary, not UTF-8, hold a paragraph of over 20,000 characters,
            more markup than any article has, or no text.
    """
    from osint.article.html import date_notes
    from osint.article.page_facts import day_of, host_of
    from osint.article.text import decoded

    text = decoded(data, name=name)
    if text.count("\n") > _MOST_LINES or text.count("[") > _MOST_BRACKETS:
        raise ArticleError(
            f"{name} has more than {_MOST_LINES:,} lines or square brackets: save it as a .txt file"
        )
    if sum(map(text.count, _MARKS)) > _MOST_MARKS:
        raise ArticleError(
            f"{name} has more than {_MOST_MARKS:,} characters of markup ({' '.join(_MARKS)}): save "
            "it as a .txt file"
        )
    front, body = _front_matter(text)
    day = next((d for key in _DATE_KEYS if (d := day_of(front.get(key, ""))) is not None), None)
    days = (("front matter, date", day),) if day is not None else ()
    pieces = _pieces(body, name)
    title = front.get("title")
    if title and not any(piece.kind == "headline" for piece in pieces):
        pieces.insert(0, Piece(kind="headline", text=title))
    address = front.get("url") or front.get("canonical") or ""
    article = lay_out(
        pieces,
        source=source or next((front[key] for key in _SOURCE_KEYS if front.get(key)), stem or name),
        sha256=hashlib.sha256(data).hexdigest(),
        published=published or day,
        url=address if host_of(address) else None,
        notes=date_notes(published, days, of="file"),
    )
    if not article.blocks:
        raise ArticleError(f"{name} holds no text: it has to hold the article")
    return article


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Simple ``key: value`` lines between two lines of three hyphens at the very start."""
    lines = text.split("\n", _MOST_FRONT_LINES + 1)
    if lines[0].rstrip() != "---":
        return {}, text
    end = next((n for n, s in enumerate(lines) if n and s.rstrip() in {"---", "..."}), None)
    if end is None or end > _MOST_FRONT_LINES:
        return {}, text
    front: dict[str, str] = {}
    for line in lines[1:end]:
        found = _KEY.fullmatch(line.rstrip())
        if found:
            value = found[2].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            front.setdefault(found[1].lower(), " ".join(value.split())[:500])
    return front, "\n".join(lines[end + 1 :])


def _pieces(text: str, name: str) -> list[Piece]:
    from markdown_it import MarkdownIt

    # The markup inside a block is parsed on its own, once the block's length is known.
    blocks = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    inline = MarkdownIt("commonmark")
    blocks.core.ruler.disable("inline")
    links: dict[str, Any] = {}
    found: list[Piece] = []
    kind: PieceKind = "paragraph"
    for token in blocks.parse(text, links):
        # The parser leaves out what is nested deeper without a word.
        if token.level >= _DEEPEST - 1:
            raise ArticleError(
                f"{name} nests quotations or lists more than {_DEEPEST // 2} deep: save it as a "
                ".txt file"
            )
        if token.type == "heading_open":
            kind = "headline" if token.tag == "h1" else "heading"
        elif token.type == "inline":
            if len(token.content) > _MOST_PARAGRAPH:
                raise ArticleError(
                    f"{name} has a paragraph of {len(token.content):,} characters; at most "
                    f"{_MOST_PARAGRAPH:,} are read: break it up, or save it as a .txt file"
                )
            inner = inline.parseInline(token.content, links)
            found += _inline_pieces(inner[0].children or [], kind)
        elif token.type == "html_block":
            found += _html_pieces(token.content)
        elif token.type == "heading_close":
            kind = "paragraph"
    return found


def _inline_pieces(tokens: Sequence[Token], kind: PieceKind) -> list[Piece]:
    """One block's pieces: each picture, and the words before and after it."""
    found: list[Piece] = []
    words: list[str] = []
    plain, emphasis = False, 0

    def flush() -> None:
        nonlocal plain
        text = " ".join("".join(words).split())
        if text:
            found.append(Piece(kind=kind, text=text, emphasised=not plain))
        words.clear()
        plain = False

    for token in tokens:
        if token.type == "image":
            flush()
            found += _picture(token)
        elif token.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        elif token.type in {"em_open", "em_close"}:
            emphasis += 1 if token.type == "em_open" else -1
        elif token.type in {"text", "code_inline"}:
            words.append(token.content)
            plain = plain or (not emphasis and bool(token.content.strip()))
    flush()
    return found


def _picture(token: Token) -> list[Piece]:
    reference = str(token.attrs.get("src") or "").strip()
    if not reference:
        return []
    picture = Picture(references=(reference[:2_000],), alt=" ".join(token.content.split())[:500])
    title = " ".join(str(token.attrs.get("title") or "").split())
    if title:
        return [Piece(kind="caption", text=title, pictures=(picture,))]
    return [Piece(kind="picture", pictures=(picture,))]


def _html_pieces(content: str) -> list[Piece]:
    """HTML between the paragraphs, a figure for instance."""
    from osint.article.flow import pieces_of
    from osint.article.html import parse_page

    if not content.strip():
        return []
    return pieces_of(parse_page(f"<div>{content}</div>", "the HTML in it"))
