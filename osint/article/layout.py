r"""From the pieces a reader of markup found to an article: one block a line, spans into that text.

Every format that has markup is read into the same pieces, in the order of the page, and laid out
here, so that one article in two formats is the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from osint.article.characters import collapsed, without_invisible
from osint.article.text import CAPTION_WORDS, is_dated_caption, line_kind
from osint.article.types import Article, Block, BlockKind, Figure
from osint.claims import DateInterval

MAX_FIGURES = 200
"""Pictures of one article beyond this number are counted and left out."""

# A "caption" of more words is prose in a caption's place.
_MARKED_CAPTION_WORDS = 150


PieceKind = BlockKind | Literal["heading", "picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as the markup names it; the best of its ``references`` stands first."""

    references: tuple[str, ...]
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    r"""One block of an article, before its place in the text is known.

    Attributes:
        kind: "picture" stands for pictures without words; "heading" for one between paragraphs.
        text: its words; a caption may have several lines.
        pictures: what a caption belongs to, or what a "picture" piece shows.
        emphasised: whether all of it is set apart, as captions without markup are.
    """

    kind: PieceKind
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    emphasised: bool = False


def lay_out(
    pieces: Sequence[Piece],
    *,
    source: str,
    sha256: str,
    published: DateInterval | None = None,
    url: str | None = None,
    notes: tuple[str, ...] = (),
) -> Article:
    """The article that the pieces make.

    Args:
        pieces: in the order of the page; the first headline goes to the top.
        source: who says what it says.
        sha256: of the bytes it was read from.
        published: when it was published.
        url: where.
        notes: what its reader has to say already.
    """
    seen = [_seen(piece) for piece in pieces]
    kept = _captioned([piece for piece in seen if piece.pictures or _says(piece.text)], published)
    kept = _headline_first(kept)
    text, blocks, figures = "", [], list[Figure]()
    prose = False
    for piece in kept:
        start = len(text)
        for line in piece.text.split("\n") if piece.text else ():
            begin = len(text)
            text += line + "\n\n"
            kind = _kind(piece, line, published, before_prose=not prose)
            prose = prose or kind == "paragraph"
            blocks.append(Block(kind=kind, start=begin, end=begin + len(line)))
        span = (start, len(text) - 2) if piece.kind == "caption" else None
        figures += [_figure(picture, span) for picture in piece.pictures]
    hidden = without_invisible("".join(piece.text for piece in pieces)).notes
    if len(figures) > MAX_FIGURES:
        notes += (
            f"{len(figures) - MAX_FIGURES} of {len(figures)} pictures were left out: "
            f"at most {MAX_FIGURES} are read.",
        )
    first = blocks[0] if blocks and blocks[0].kind == "headline" else None
    return Article(
        text=text.removesuffix("\n"),
        blocks=tuple(blocks),
        title=text[first.start : first.end] if first else "",
        sha256=sha256,
        source=source,
        url=url,
        published=published,
        figures=tuple(figures[:MAX_FIGURES]),
        notes=notes + hidden,
    )


def file_name(reference: str) -> str:
    """What to call a picture: the last part of its address, without what follows "?"."""
    try:
        path = urlsplit(reference).path
    except ValueError:
        path = reference
    name = PurePosixPath(unquote(path, errors="replace")).name
    return "".join(c for c in name if c.isprintable())[:120] or "picture"


def _figure(picture: Picture, caption: tuple[int, int] | None) -> Figure:
    reference, *others = picture.references
    return Figure(
        reference=reference,
        others=tuple(others),
        caption=caption,
        alt=picture.alt,
        name=file_name(reference),
    )


def _seen(piece: Piece) -> Piece:
    lines = [collapsed(without_invisible(line).text) for line in piece.text.split("\n")]
    text = "\n".join(line for line in lines if _says(line))
    return piece if text == piece.text else replace(piece, text=text)


def _says(text: str) -> bool:
    """Whether there is a word in it: a row of stars is none."""
    return any(c.isalnum() for c in text)


def _captioned(pieces: Sequence[Piece], published: DateInterval | None) -> list[Piece]:
    """The pieces, each caption with its pictures: those right before it, else right after it."""
    found: list[Piece] = []
    # Of the picture piece that stands last, besides its own: put to it all at once.
    more: list[Picture] = []
    for piece in pieces:
        above = found[-1] if found else None
        if above is not None and above.kind == "picture":
            if piece.kind == "picture":
                more += piece.pictures
                continue
            above = found[-1] = replace(above, pictures=(*above.pictures, *more))
            more = []
            if piece.kind == "caption" and not piece.pictures:
                found[-1] = replace(piece, pictures=above.pictures)
                continue
            if piece.kind == "paragraph" and _reads_as_caption(piece, published):
                found[-1] = replace(piece, kind="caption", pictures=above.pictures)
                continue
        if (
            piece.kind == "picture"
            and above is not None
            and above.kind == "caption"
            and not above.pictures
        ):
            found[-1] = replace(above, pictures=piece.pictures)
            continue
        found.append(piece)
    if more:
        found[-1] = replace(found[-1], pictures=(*found[-1].pictures, *more))
    return found


def _reads_as_caption(piece: Piece, published: DateInterval | None) -> bool:
    """Whether a paragraph right under a picture is its caption."""
    if "\n" in piece.text or len(piece.text.split()) > CAPTION_WORDS:
        return False
    if piece.emphasised:
        return True
    return line_kind(piece.text, published, first=False, before_prose=False) == "caption"


def _headline_first(pieces: Sequence[Piece]) -> list[Piece]:
    at = next((at for at, piece in enumerate(pieces) if piece.kind == "headline"), None)
    if at is None:
        return list(pieces)
    rest = [
        replace(piece, kind="heading") if piece.kind == "headline" else piece
        for piece in (*pieces[:at], *pieces[at + 1 :])
    ]
    return [pieces[at], *rest]


def _kind(
    piece: Piece, line: str, published: DateInterval | None, *, before_prose: bool
) -> BlockKind:
    """What a line is: as its markup says, and where that says nothing as plain text would."""
    kind = piece.kind
    if kind == "caption" and len(line.split()) > _MARKED_CAPTION_WORDS:
        return "paragraph"
    if kind == "headline" or kind == "caption":
        return kind
    if kind in {"heading", "deck"}:
        told = line_kind(line, published, first=False, before_prose=before_prose)
        return "paragraph" if told == "paragraph" else "deck"
    # Of a paragraph that nothing else tells, only the date at its end makes a caption.
    return "caption" if is_dated_caption(line, published) else "paragraph"
