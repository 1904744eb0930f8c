"""What an article is, whatever form it came in: text, its blocks, its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osint.claims import DateInterval, Span

BlockKind = Literal["headline", "deck", "paragraph", "caption"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of the text: ``text[start:end]``, code points, white space around it left out."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture of the article and the caption it stands over.

    Attributes:
        reference: the address or relative path as the article writes it.
        caption: where its caption stands in the article's text, or None if it has none.
        alt: the text for readers who do not see the picture; "" if there is none.
        name: what to call the picture: its file name.
        others: further addresses of the same picture, the next best first.
        path: the picture as a local file, or None.
        problem: why there is no such file, in words; None if there is one or none was looked for.
    """

    reference: str
    caption: Span | None = None
    alt: str = ""
    name: str = ""
    others: tuple[str, ...] = ()
    path: Path | None = None
    problem: str | None = None

    def __post_init__(self) -> None:
        if self.path is not None and self.problem is not None:
            raise ValueError(f"picture {self.name!r}: a file that is there has no problem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    r"""A text with what is known about its publication.

    Attributes:
        text: what was read; line ends are ``\n``, and all spans are code points into it. Of a
            page or of Markdown it is what a reader sees, one block a line.
        blocks: its lines that are not blank, in order.
        title: the headline, or "".
        url: where it was published, or None.
        published: when it was published, or None; dates without a year are told from it.
        sha256: of the bytes it was read from, hexadecimal.
        source: who says what it says.
        figures: its pictures, in order.
        notes: what a reader of the report should know about how it was read.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str
    sha256: str
    source: str
    url: str | None = None
    published: DateInterval | None = None
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
