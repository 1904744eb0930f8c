"""A page's elements to pieces, in reading order.

The walk is a loop over lxml's own events, so that no depth of nesting can exhaust the stack. Text
belongs to the innermost block element around it; a line break alone is a space, two end a block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from osint.article.characters import words
from osint.article.furniture import is_caption, is_credit, is_deck, is_dropped
from osint.article.layout import Picture, Piece, PieceKind
from osint.article.srcset import references_of

_INLINE = words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rb rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr nobr"
)
# What may stand in the middle of a sentence and ends no block, though none of it is shown.
_WITHIN_A_LINE = _INLINE | words(
    "script style noscript template svg math button input select textarea meta link base param "
    "object embed canvas video audio map iframe datalist progress"
)
_EMPHASIS = frozenset(["em", "i", "small", "center"])
_SET_APART = re.compile(r"text-align\s*:\s*center|font-style\s*:\s*italic", re.I)
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def pieces_of(root: HtmlElement) -> list[Piece]:
    """The headings, paragraphs, captions and pictures in ``root``, in order."""
    flow = _Flow()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element is not root and (is_dropped(element) or flow.skips(element)):
                if element.tag not in _WITHIN_A_LINE:
                    flow.flush()
                flow.picture_without_script(element)
                walk.skip_subtree()
                flow.skipped.add(element)
                continue
            flow.enter(element)
        else:
            if element in flow.skipped:
                flow.skipped.discard(element)
            else:
                flow.leave(element)
            if element is not root:
                flow.write(element.tail)
    flow.flush()
    return flow.pieces


_PROSE: PieceKind = "paragraph"


@dataclass(slots=True)
class _Flow:
    """What has been read so far, and what the words now read belong to."""

    pieces: list[Piece] = field(default_factory=list)
    kinds: list[PieceKind] = field(default_factory=lambda: [_PROSE])
    words: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    plain: int = 0
    emphasis: int = 0
    captions: int = 0
    figure_at: list[int] = field(default_factory=list)
    skipped: set[HtmlElement] = field(default_factory=set)

    def enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self.words.append("\n")
            return
        if tag in {"img", "amp-img"}:
            self.picture(element)
            return
        if tag not in _INLINE:
            if tag not in {"picture", "source"}:
                self.flush()
            self.kinds.append(_kind_of(element) or self.kinds[-1])
        if tag == "figure":
            self.figure_at.append(len(self.pieces))
        self.captions += is_caption(element)
        self.emphasis += _is_set_apart(element)
        self.write(element.text)

    def leave(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in {"br", "img", "amp-img"}:
            return
        if tag not in _INLINE:
            if tag not in {"picture", "source"}:
                self.flush()
            self.kinds.pop()
        self.captions -= is_caption(element)
        self.emphasis -= _is_set_apart(element)
        if tag == "figure":
            start = self.figure_at.pop()
            self.pieces[start:] = _figure(self.pieces[start:])

    def skips(self, element: HtmlElement) -> bool:
        """Whether a caption's credit begins here."""
        return self.captions > 0 and is_credit(element) and not is_caption(element)

    def write(self, text: str | None) -> None:
        if not text:
            return
        self.words.append(re.sub(r"\s+", " ", text))
        if not self.emphasis and not text.isspace():
            self.plain += 1

    def picture(self, element: HtmlElement) -> None:
        references = references_of(element)
        if references:
            alt = " ".join((element.get("alt") or "")[:500].split())
            self.pictures.append(Picture(references=references, alt=alt))

    def picture_without_script(self, element: HtmlElement) -> None:
        """A picture that scripts load later stands in ``noscript`` as well."""
        if element.tag == "noscript" and not self.pictures:
            for image in element.iter("img"):
                self.picture(image)

    def flush(self) -> None:
        """End the block that is being written."""
        kind: PieceKind = "caption" if self.captions else self.kinds[-1]
        whole = "".join(self.words)
        emphasised = not self.plain
        pictures, self.pictures = tuple(self.pictures), []
        self.words, self.plain = [], 0
        if pictures:
            self.pieces.append(Piece(kind="picture", pictures=pictures))
        for block in _BLANK_LINE.split(whole):
            line = " ".join(block.split())
            if line:
                self.pieces.append(Piece(kind=kind, text=line, emphasised=emphasised))


def _figure(inside: list[Piece]) -> list[Piece]:
    """A figure's pieces: one caption of all its lines, with all its pictures."""
    pictures = tuple(picture for piece in inside for picture in piece.pictures)
    nested = sum(bool(piece.pictures) and piece.kind == "caption" for piece in inside)
    captions = [piece for piece in inside if piece.kind == "caption"]
    others = [piece for piece in inside if piece.kind not in {"caption", "picture"}]
    if not pictures or nested or not captions:
        return inside
    text = "\n".join(piece.text for piece in captions)
    return [*others, Piece(kind="caption", text=text, pictures=pictures)]


def _kind_of(element: HtmlElement) -> PieceKind | None:
    if element.tag == "h1":
        return "headline"
    if is_deck(element):
        return "deck"
    return "heading" if element.tag in _HEADINGS else None


def _is_set_apart(element: HtmlElement) -> bool:
    if element.tag in _EMPHASIS or element.get("align") == "center":
        return True
    return bool(_SET_APART.search((element.get("style") or "")[:500]))
