r"""Characters that nobody sees: read past, and put back into the spans.

Zero-width spaces and joiners, soft hyphens, byte order marks and the marks that turn the direction
of writing come into names by copying and pasting, or to deceive. The grammar reads the text without
them ("al-\u200bTanf" is al-Tanf); its spans are then told in the text as it was.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from osint.article import Article, Block
from osint.claims import Span

# Unicode: soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width and bidi marks,
# invisible operators, isolates, variation selectors, byte order mark, interlinear annotation, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]+"
)


def visible(article: Article) -> tuple[Article, array[int] | None]:
    """The article without invisible characters, and where each code point of it came from.

    Returns:
        The article itself and None where there are none; else one whose text and blocks count
        visible code points, and for each of them its index in the original text, with the length
        of the original text last.
    """
    if _INVISIBLE.search(article.text) is None:
        return article, None
    origins = array("q")
    pieces: list[str] = []
    last = 0
    for match in _INVISIBLE.finditer(article.text):
        pieces.append(article.text[last : match.start()])
        origins.extend(range(last, match.start()))
        last = match.end()
    pieces.append(article.text[last:])
    origins.extend(range(last, len(article.text)))
    origins.append(len(article.text))
    text = "".join(pieces)
    blocks: list[Block] = []
    for block in article.blocks:
        start, end = bisect_left(origins, block.start), bisect_left(origins, block.end)
        if text[start:end].strip():
            blocks.append(replace(block, start=start, end=end))
    return replace(article, text=text, blocks=tuple(blocks)), origins


def restored(spans: Sequence[Span], origins: array[int]) -> tuple[Span, ...]:
    """Spans of the visible text as spans of the original one."""
    return tuple((origins[start], origins[end - 1] + 1 if end else 0) for start, end in spans)
