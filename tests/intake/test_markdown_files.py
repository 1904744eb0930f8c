from __future__ import annotations

import pytest

from osint.article import Article
from osint.article.markdown import read_markdown
from osint.errors import ArticleError
from osint.extract.dates import parse_published


def read(text: str) -> Article:
    return read_markdown(text.encode(), name="file", stem="file")


def lines(article: Article) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def test_blocks() -> None:
    article = read(
        'Head of *all*\n===\n\nA deck line\n\n## Below\n\nThe [army](http://x.org "t") said\n'
        "it **took** the `town`\\* \\& more &amp; left.\n\n> Quoted.\n\n- One.\n- Two.\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n***\n\n<!-- hidden -->\n\nLast[^1] [word][r].\n\n"
        "[r]: http://y.org\n"
    )
    assert lines(article) == [
        ("headline", "Head of all"),
        ("paragraph", "A deck line"),
        ("deck", "Below"),
        ("paragraph", "The army said it took the town* & more & left."),
        ("paragraph", "Quoted."),
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("paragraph", "a"),
        ("paragraph", "b"),
        ("paragraph", "c"),
        ("paragraph", "d"),
        ("paragraph", "Last[^1] word."),
    ]


def test_captions_and_pictures() -> None:
    article = read(
        "# H\n\nA paragraph.\n\n"
        '![alt one](1.jpg "One at Hasrun, June 1")\n\n'
        "![alt two](<dir/2 b.jpg>)\n*Two at Hasrun, June 2*\n\n"
        "![alt three](3.jpg)\n\n_Three stand at Hasrun._\n\n"
        "![alt four](4.jpg)\n\nFour at Hasrun, June 4\n\n"
        "![alt five](5.jpg)\n\nA paragraph with a full stop.\n\n"
        "<figure><img src='6.jpg'><figcaption>Six at Hasrun, June 6</figcaption></figure>\n\n"
        "Prose with ![an icon](7.png) in it.\n"
    )
    captions = {
        f.name: article.text[slice(*f.caption)] if f.caption else None for f in article.figures
    }
    assert captions == {
        "1.jpg": "One at Hasrun, June 1",
        "2 b.jpg": "Two at Hasrun, June 2",
        "3.jpg": "Three stand at Hasrun.",
        "4.jpg": "Four at Hasrun, June 4",
        "5.jpg": None,
        "6.jpg": "Six at Hasrun, June 6",
        "7.png": None,
    }
    assert [f.alt for f in article.figures][:2] == ["alt one", "alt two"]
    assert "alt" not in article.text


def test_front_matter() -> None:
    article = read(
        "---\ntitle: \"From the front: a town\"\ndate: 2017-06-13T10:00:00Z\nsource: 'The Wire'\n"
        "url: https://example.org/a\ntags:\n  - x\n---\n\nText of it.\n"
    )
    assert lines(article) == [("headline", "From the front: a town"), ("paragraph", "Text of it.")]
    assert article.published == parse_published("2017-06-13")
    assert (article.source, article.url) == ("The Wire", "https://example.org/a")
    assert "front matter" in article.notes[0]
    assert read("---\ntitle: x\n---\n# Own\n\nText.\n").title == "Own"


@pytest.mark.parametrize("text", ["---\ntitle: x\n", "---\n" + "a: b\n" * 500 + "---\n\nText.\n"])
def test_what_only_begins_like_front_matter_is_text(text: str) -> None:
    article = read(text + "\nText.\n")
    assert article.published is None
    assert any("Text." in line for _, line in lines(article))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"---\n---\n", "no text"),
        (b"![](x.jpg)\n", "no text"),
        (b"\xff\xfe", "UTF-8"),
        (b"a\0b", "NUL"),
        (b"[" * 19_000, "no text"),
        (b"![" * 40_000, "20,000"),
        (b"[a](" * 60_000, "brackets"),
        (b"a\n- " * 60_000, "lines"),
        (b"> " * 100_000, "50 deep"),
        (b"".join(b" " * (2 * deep) + b"- a\n" for deep in range(80)), "50 deep"),
        (b"|a" * 9_000 + b"|\n" + b"|-" * 9_000 + b"|\n" + b"|b" * 200_000, "markup"),
        (b"word " * 5_000, "20,000"),
        (b"x\n\n" + b"<div>" * 10_000, "256"),
    ],
)
def test_unusable_files(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says) as caught:
        read_markdown(data, name="file")
    assert "\n" not in str(caught.value)
