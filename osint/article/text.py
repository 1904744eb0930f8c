"""An article as plain text: headline, deck, paragraphs, captions, each with its place in the text.

A text file has no markup, so its lines say what they are: the first is the headline, short lines
before the first prose are the deck, and a caption is a line of its own without a closing full stop
(or one that ends in a date).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from osint.article.characters import without_invisible
from osint.article.types import Article, Block, BlockKind
from osint.claims import DateInterval
from osint.errors import ArticleError

_DECK_WORDS = 40
CAPTION_WORDS = 45
"""A line of more words is no caption unless its markup says so."""
_DATED_CAPTION_WORDS = 25
_LONGEST_CAPTION = 1_000
_CLOSING = (".", "!", "?", ":", ";", "…")
_RUNNING_ON = (",", "-", "–")
_WRAPPED_LINE = 55
# What stands between a caption's words and its date.
_DATE_MARKS = frozenset(",(-–—|")
_QUOTES = "\"'”’)]»"


def read_text(
    data: bytes, *, name: str, source: str, published: DateInterval | None = None
) -> Article:
    """An article from the bytes of a text file.

    Characters that nobody sees (direction marks, zero-width spaces) are left out and counted in a
    note: inside a name they would hide it.

    Args:
        data: the bytes, UTF-8.
        name: what to call them in messages.
        source: who says what it says.
        published: when it was published.

    Raises:
        ArticleError: they are empty, binary or not UTF-8.
    """
    seen = without_invisible(decoded(data, name=name))
    article = article_from_text(
        seen.text,
        source=source,
        published=published,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return replace(article, notes=seen.notes)


def decoded(data: bytes, *, name: str) -> str:
    r"""The text of a file in UTF-8, line ends as ``\n``.

    Raises:
        ArticleError: it is empty, binary or not UTF-8; ``name`` is what the message calls it.
    """
    if b"\0" in data:
        raise ArticleError(f"{name} is not a text file (it holds NUL bytes): save it as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{name} is not UTF-8 (byte {error.start} does not decode): save it as UTF-8 text"
        ) from error
    if not text.strip():
        raise ArticleError(f"{name} is empty: it has to hold the article's text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def article_from_text(
    text: str,
    *,
    source: str,
    url: str | None = None,
    published: DateInterval | None = None,
    headline: bool = True,
    sha256: str | None = None,
) -> Article:
    r"""An article from text in memory.

    A byte order mark is dropped and ``\r\n`` and ``\r`` become ``\n``; nothing else changes.

    Args:
        text: the text; may be empty, then there are no blocks.
        source: who says what it says.
        url: where it was published.
        published: when.
        headline: whether the first line is a headline; False for a quoted statement.
        sha256: of the original bytes; by default of the text in UTF-8.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = _blocks(plain, headline=headline, published=published)
    first = blocks[0] if blocks and blocks[0].kind == "headline" else None
    return Article(
        text=plain,
        blocks=blocks,
        title=plain[first.start : first.end] if first else "",
        sha256=sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        source=source,
        url=url,
        published=published,
    )


def _blocks(text: str, *, headline: bool, published: DateInterval | None) -> tuple[Block, ...]:
    found: list[Block] = []
    prose = False
    for begin, end in _lines(text, published):
        line = text[begin:end]
        kind = line_kind(line, published, first=headline and not found, before_prose=not prose)
        if kind == "deck" and not headline:
            kind = "caption"
        prose = prose or kind == "paragraph"
        found.append(Block(kind=kind, start=begin, end=end))
    return tuple(found)


def _lines(text: str, published: DateInterval | None) -> list[tuple[int, int]]:
    """Ranges of the lines that are not blank; lines wrapped by an editor are put together."""
    found: list[tuple[int, int]] = []
    start, open_end = 0, False
    # The line above, and whether nothing was put to it yet.
    above, alone = "", True
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            begin = start + line.index(stripped[0])
            end = begin + len(stripped)
            if open_end and _continues(above, stripped, published, alone=alone):
                found[-1] = (found[-1][0], end)
                alone = False
            else:
                found.append((begin, end))
                alone = True
            above = stripped
        open_end = bool(stripped) and not _is_closed(stripped)
        start += len(line) + 1
    return found


def _continues(above: str, below: str, published: DateInterval | None, *, alone: bool) -> bool:
    """Whether a line without a closing stop runs on in the line directly below it."""
    if below[0].islower() or above.endswith(_RUNNING_ON):
        return True
    if alone and _is_dated(above, published):
        return False
    return len(above) >= _WRAPPED_LINE


def _is_closed(line: str) -> bool:
    return line.rstrip(_QUOTES).endswith(_CLOSING)


def line_kind(
    line: str, published: DateInterval | None, *, first: bool, before_prose: bool
) -> BlockKind:
    """What a line of plain text is, told by its length, its end and its date."""
    if first:
        return "headline"
    words = len(line.split())
    if is_dated_caption(line, published):
        return "caption"
    if _is_closed(line) or words > CAPTION_WORDS:
        return "paragraph"
    return "deck" if before_prose and words <= _DECK_WORDS else "caption"


def is_dated_caption(line: str, published: DateInterval | None) -> bool:
    """Whether a line has a caption's form whatever stands at its end: short, and dated."""
    return len(line.split()) <= _DATED_CAPTION_WORDS and _is_dated(line, published)


def _is_dated(line: str, published: DateInterval | None) -> bool:
    """As in "Soldiers at Dabiqa, 3 May 2018." and "Kherson, 11 November: residents ..."."""
    if _DATE_MARKS.isdisjoint(line) or len(line) > _LONGEST_CAPTION:
        return False
    from osint.extract.dates import date_at
    from osint.extract.tokens import tokenise

    tokens = tokenise(line.rstrip(". "))
    inside = 0
    for at in range(1, len(tokens)):
        found = date_at(tokens, at, published) if at >= inside else None
        if found is None:
            continue
        inside = found.end
        if tokens[at - 1].text not in _DATE_MARKS:
            continue
        rest = [token.text for token in tokens[found.end :]]
        if not rest or rest == [")"] or rest[0] == ":":
            return not any(token.text in {".", ";"} for token in tokens[:at])
    return False
