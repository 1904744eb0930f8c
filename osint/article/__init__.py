"""Articles in every form they come in, all read into the same text, blocks and pictures.

Reading order: ``types``, then ``text`` (plain text), ``layout`` (what all markup becomes) and one
file a format: ``html`` (with ``flow``, ``page_facts``, ``encoding``), ``markdown``, ``captions``
(a folder of photos). ``page`` fetches, ``pictures`` finds the picture files, ``language`` refuses
what is not English, and ``read`` tells by its name which of them a source needs.
"""

from __future__ import annotations

from osint.article.read import MAX_BYTES, read_article, read_source
from osint.article.text import article_from_text
from osint.article.types import Article, Block, BlockKind, Figure

__all__ = [
    "MAX_BYTES",
    "Article",
    "Block",
    "BlockKind",
    "Figure",
    "article_from_text",
    "read_article",
    "read_source",
]
