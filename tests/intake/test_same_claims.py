"""The same article as text, HTML and Markdown gives the same claims."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from osint.article import Article, Block, article_from_text, read_source
from osint.cli.app import run
from osint.extract import extract
from osint.extract.dates import parse_published

PUBLISHED = parse_published("2017-06-13")


def joined(article: Article, block: Block) -> str:
    return " ".join(article.text[block.start : block.end].split())


def plain_text(article: Article) -> str:
    return "\n\n".join(joined(article, block) for block in article.blocks) + "\n"


def as_html(article: Article) -> str:
    """The article as a publisher's page, with the furniture around it."""
    body = []
    for number, block in enumerate(article.blocks):
        words = escape(joined(article, block))
        match block.kind:
            case "headline":
                body.append(f"<h1>{words}</h1>")
            case "deck":
                body.append(f'<p class="article__standfirst">{words}</p>')
            case "paragraph":
                # Line breaks of the source mean nothing.
                body.append("<p>" + words.replace(" ", "\n   ", 3) + "</p>")
            case "caption":
                body.append(
                    f'<figure><a href="/x"><img src="p{number}.jpg" alt="Norvale is 3 km from '
                    f'Sudmere"></a><figcaption>{words}<span class="credit">Wire</span>'
                    "</figcaption></figure>"
                )
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Page</title>"
        "<script>var x = 'Norvale lies 10 km from Sudmere.';</script></head><body>"
        "<nav><ul><li><a href=/a>Norvale lies 11 km from Sudmere</a></ul></nav><article>"
        + "\n".join(body)
        + "</article><aside><p>Norvale lies 12 km from Sudmere.</p></aside>"
        '<section id="comments"><p>Norvale lies 13 km from Sudmere.</p></section>'
        "<footer><p>Norvale lies 14 km from Sudmere.</p></footer></body></html>"
    )


def as_markdown(article: Article) -> str:
    body = []
    for number, block in enumerate(article.blocks):
        words = joined(article, block).replace("*", "\\*").replace("_", "\\_")
        match block.kind:
            case "headline":
                body.append(f"# {words}")
            case "deck":
                body.append(f"## {words}")
            case "paragraph":
                body.append(words.replace(" ", "\n", 2))
            case "caption":
                body.append(f"![Norvale is 3 km from Sudmere](p{number}.jpg)\n*{words}*")
    return "\n\n".join(body) + "\n"


def claims_of(path: Path) -> list[dict[str, Any]]:
    article = read_source(path, source="the article", published=PUBLISHED)
    found = []
    for claim in extract(article).claims:
        told = claim.as_dict()
        told["said"] = [" ".join(article.text[a:b].split()) for a, b in claim.spans]
        del told["spans"]
        found.append(told)
    return found


def three_forms(text: str, folder: Path) -> list[Path]:
    article = article_from_text(text, source="x", published=PUBLISHED)
    paths = []
    for name, content in (
        ("a.txt", plain_text(article)),
        ("a.html", as_html(article)),
        ("a.md", as_markdown(article)),
    ):
        (folder / name).write_text(content, encoding="utf-8")
        paths.append(folder / name)
    return paths


def test_of_the_example(example: Path, tmp_path: Path) -> None:
    text = (example / "article.txt").read_text(encoding="utf-8")
    plain, html, markdown = map(claims_of, three_forms(text, tmp_path))
    assert len(plain) >= 8
    assert any(claim["caption"] for claim in plain)
    assert html == plain
    assert markdown == plain


def test_of_the_real_article(shared_data: Path, tmp_path: Path) -> None:
    text = (shared_data / "article" / "al-zaqaf.txt").read_text(encoding="utf-8")
    plain, html, markdown = map(claims_of, three_forms(text, tmp_path))
    assert len(plain) >= 8
    assert html == plain
    assert markdown == plain


def test_on_the_command_line(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (example / "article.txt").read_text(encoding="utf-8")
    told = []
    for path in three_forms(text, tmp_path):
        assert run(["claims", str(path), "--published", "2017-06-13", "--json"]) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        told.append([{k: v for k, v in line.items() if k != "spans"} for line in lines])
    assert told[0] == told[1] == told[2]
