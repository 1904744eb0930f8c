"""Reading a text file: its blocks, and every way it can be unusable."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osint.article import MAX_BYTES, Article, article_from_text, read_article
from osint.errors import ArticleError
from osint.extract.dates import parse_published

TEXT = """Army Reaches the River

Third town falls in a week

The army said on Monday that it had taken Hasrun. It is 12 km from the river.

Soldiers at Hasrun, June 11

Kherson, 11 November 2022: residents greet soldiers.

In any case the road is open:
"""


def kinds(article: Article) -> list[str]:
    return [block.kind for block in article.blocks]


def test_blocks_and_spans() -> None:
    article = article_from_text(TEXT, source="s")
    assert kinds(article) == ["headline", "deck", "paragraph", "caption", "caption", "paragraph"]
    assert article.title == "Army Reaches the River"
    for block in article.blocks:
        piece = article.text[block.start : block.end]
        assert piece == piece.strip() != ""


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "A headline\n\nThe garrison that the army set up in the valley last year is\n"
        "20 km from the crossing. It was\nabandoned in May.\nSoldiers at Hit, June 11\n"
    )
    article = article_from_text(text, source="s")
    assert kinds(article) == ["headline", "paragraph", "caption"]


def test_a_caption_above_a_paragraph_stays_a_caption() -> None:
    article = article_from_text(
        "Head\n\nBody text.\n\nRebels at Hit, June 11\nThe army left.", source="s"
    )
    assert kinds(article) == ["headline", "paragraph", "caption", "paragraph"]


def test_statement_has_no_headline() -> None:
    article = article_from_text("Rebels at Hit, June 11", source="s", headline=False)
    assert kinds(article) == ["caption"]
    assert article.title == ""


def test_bom_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "wire report.txt"
    data = b"\xef\xbb\xbfHead\r\n\r\nBody is here.\r\n"
    path.write_bytes(data)
    published = parse_published("2017-06-13")
    article = read_article(path, published=published)
    assert article.text == "Head\n\nBody is here.\n"
    assert article.sha256 == hashlib.sha256(data).hexdigest()
    assert article.source == "wire report"
    assert article.published == published
    assert read_article(path, source="Agency").source == "Agency"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("Caf\u00e9 near Damas".encode("latin-1"), "UTF-8"),
        ("Text".encode("utf-16"), "UTF-8|NUL"),
        (b"PK\x03\x04\x00\x00binary", "NUL"),
        (b"x" * (MAX_BYTES + 1), "limit"),
    ],
)
def test_unusable_files(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=says) as caught:
        read_article(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="does not exist"):
        read_article(tmp_path / "nowhere.txt")
    with pytest.raises(ArticleError, match="folder"):
        read_article(tmp_path)


def test_impossible_name() -> None:
    with pytest.raises(ArticleError, match="cannot be read"):
        read_article(Path("a\0b"))


@given(st.text(max_size=300))
def test_every_character_outside_blocks_is_white_space(text: str) -> None:
    article = article_from_text(text, source="s")
    position, outside = 0, []
    for block in article.blocks:
        assert position <= block.start < block.end
        outside.append(article.text[position : block.start])
        position = block.end
    outside.append(article.text[position:])
    assert "".join(outside).strip() == ""
