"""Pages as publishers write them: what is the article, what is its caption, what is furniture."""

from __future__ import annotations

import pytest

from osint.article import Article
from osint.article.html import read_html
from osint.article.srcset import candidates_of
from osint.errors import ArticleError

PROSE = "The army said on Monday that it had taken the town. It is far from the river."


def read(body: str, head: str = "") -> Article:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return read_html(page.encode(), name="page")


def lines(article: Article) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def captions(article: Article) -> dict[str, str | None]:
    """The caption of each picture, by the picture's name."""
    return {
        figure.name: article.text[slice(*figure.caption)] if figure.caption else None
        for figure in article.figures
    }


def test_one_block_a_line_and_spans_into_it() -> None:
    article = read(
        f"<article><h1>A\n  <em>head</em>line</h1><h2>A line below</h2><p>{PROSE}<br>More.</p>"
        "<div>Text without a paragraph.<div>And more of it.</div> And after.</div>"
        "<h2>Further down</h2><ul><li>One thing.</li><li>Another thing.</li></ul></article>"
    )
    assert lines(article) == [
        ("headline", "A headline"),
        ("deck", "A line below"),
        ("paragraph", f"{PROSE} More."),
        ("paragraph", "Text without a paragraph."),
        ("paragraph", "And more of it."),
        ("paragraph", "And after."),
        ("deck", "Further down"),
        ("paragraph", "One thing."),
        ("paragraph", "Another thing."),
    ]
    assert article.text == "\n\n".join(text for _, text in lines(article)) + "\n"
    assert article.title == "A headline"


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>X</nav>",
        "<aside><p>X</p></aside>",
        "<script>X</script>",
        "<style>X</style>",
        "<footer>X</footer>",
        "<!-- X -->",
        "<p hidden>X</p>",
        '<p style="color: red; display : none">X</p>',
        '<div aria-hidden="true"><p>X</p></div>',
        '<div role="navigation"><p>X</p></div>',
        '<div class="box related-articles"><p>X</p></div>',
        '<div id="comments"><p>X</p></div>',
        '<span class="visually-hidden">X</span>',
        "<template><p>X</p></template>",
        "<form><p>X</p></form>",
        "<noscript><p>X</p></noscript>",
        "<ul><li><a href=1>X</a></li><li><a href=2>X</a></li><li><a href=3>X</a></li></ul>",
        "<header><p>X</p></header>",
    ],
)
def test_furniture_is_left_out_and_what_follows_it_is_not(furniture: str) -> None:
    furniture = furniture.replace("X", "Norvale lies elsewhere.")
    article = read(f"<article><h1>Head</h1><p>Before.</p>{furniture}<p>After.</p></article>")
    assert [text for _, text in lines(article)] == ["Head", "Before.", "After."]


def test_what_ends_a_line_and_what_does_not() -> None:
    article = read(
        "<div>One <script>x()</script>line<wbr>s<svg><text>no</text></svg> here."
        "<div hidden>no</div>Two.<hr>Three.<nav>no</nav>Four.<br><br>Five<br>six.</div><p>"
        + "a<wbr>"
        * 400
    )
    assert [text for _, text in lines(article)] == [
        "One lines here.",
        "Two.",
        "Three.",
        "Four.",
        "Five six.",
        "a" * 400,
    ]


def test_the_article_is_told_from_teasers_around_it() -> None:
    article = read(
        "<div class='layout sidebar'><h1>The Daily</h1>"
        f"<article><h1>Town taken</h1><p>{PROSE}</p><p>{PROSE}</p></article>"
        "<article><h2>Another story</h2><p>It is short.</p></article></div>",
        "<title>Town taken - The Daily</title>",
    )
    assert [text for _, text in lines(article)] == ["Town taken", PROSE, PROSE]


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>From title | Site</title>", "<p>Text.</p>", "From title"),
        ("<meta property='og:title' content='From OG'><title>x</title>", "<p>Text.</p>", "From OG"),
        (
            "<title>x</title>",
            "<header><h1>Over it</h1></header><main><p>Text.</p></main>",
            "Over it",
        ),
        (
            "<title>The story - Daily</title>",
            "<div><h1>Daily</h1></div><h1>The story</h1><p>Text.</p>",
            "The story",
        ),
    ],
)
def test_headline(head: str, body: str, title: str) -> None:
    article = read(body, head)
    assert article.title == title
    assert lines(article)[0] == ("headline", title)


CAPTION = "Soldiers at Hasrun, June 11"


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src=a.jpg><figcaption>C</figcaption></figure>",
        "<figure><figcaption>C</figcaption><img src=a.jpg></figure>",
        "<figure><picture><source srcset='a.jpg 800w'><img></picture>"
        "<figcaption><p>C</p></figcaption></figure>",
        "<figure><img src=data:image/gif;base64,R0lGOD data-src=a.jpg><figcaption>C</figcaption>"
        "</figure>",
        "<figure><noscript><img src=a.jpg></noscript><figcaption>C</figcaption></figure>",
        "<figure><a href='a.jpg'><img src=thumbnail.jpg></a><figcaption>C</figcaption></figure>",
        "<figure><img src='a.jpg?w=640#x'><figcaption>C</figcaption></figure>",
        "<div class='wp-caption'><img src=a.jpg><p class='wp-caption-text'>C</p></div>",
        "<div><img src=a.jpg></div><div class='image__caption'>C</div>",
        "<p><img src=a.jpg></p><p><em>C</em></p>",
        "<p><img src=a.jpg><br><i>C</i></p>",
        "<center><img src=a.jpg></center><p style='text-align:center'>C</p>",
        "<p><img src=a.jpg></p><p>C</p>",
    ],
)
def test_a_caption_and_its_picture(markup: str) -> None:
    article = read(f"<h1>H</h1><p>{PROSE}</p>{markup.replace('C<', CAPTION + '<')}<p>{PROSE}</p>")
    assert lines(article)[1:] == [
        ("paragraph", PROSE),
        ("caption", CAPTION),
        ("paragraph", PROSE),
    ]
    assert captions(article) == {"a.jpg": CAPTION}


def test_a_credit_is_no_part_of_the_caption() -> None:
    article = read(
        f"<p>{PROSE}</p><figure><img src=a.jpg><figcaption>{CAPTION} "
        "<small class='photo-credit'>A. Nother at Norvale</small></figcaption></figure>"
    )
    assert captions(article) == {"a.jpg": CAPTION}


def test_each_picture_has_its_own_caption() -> None:
    article = read(
        f"<p>{PROSE}</p>"
        "<img src=1.jpg><p class=caption>One at Hasrun, June 1</p>"
        "<img src=2.jpg><p class=caption>Two at Hasrun, June 2</p>"
        f"<p>{PROSE}</p><img src=3.jpg><p>{PROSE}</p>"
        "<figure><img src=4.jpg><img src=5.jpg><figcaption>Both at Hasrun, June 4</figcaption>"
        "</figure><figure><figure><img src=6.jpg><figcaption>Inner at Hasrun, June 6</figcaption>"
        "</figure><figcaption>Outer</figcaption></figure>"
    )
    assert captions(article) == {
        "1.jpg": "One at Hasrun, June 1",
        "2.jpg": "Two at Hasrun, June 2",
        "3.jpg": None,
        "4.jpg": "Both at Hasrun, June 4",
        "5.jpg": "Both at Hasrun, June 4",
        "6.jpg": "Inner at Hasrun, June 6",
    }


def test_the_largest_of_a_srcset() -> None:
    article = read(
        f"<p>{PROSE}</p><figure><img src=s.jpg alt=' what  it shows ' srcset='m.jpg 640w, l.jpg "
        "1280w,xs.jpg 100w'><figcaption>C</figcaption></figure>"
    )
    (figure,) = article.figures
    assert (figure.reference, figure.others) == ("l.jpg", ("m.jpg", "xs.jpg", "s.jpg"))
    assert figure.alt == "what it shows"


def test_addresses_in_a_srcset_may_hold_commas() -> None:
    assert candidates_of("a,b.jpg 1x, /c_1,d_2/e.jpg 2x,\n f.jpg") == [
        ("a,b.jpg", 1000.0),
        ("/c_1,d_2/e.jpg", 2000.0),
        ("f.jpg", 1000.0),
    ]
    assert candidates_of(",,, ,") == []
    assert candidates_of("a.jpg, b.jpg 1e9w") == [("a.jpg", 1000.0), ("b.jpg", 1000.0)]


@pytest.mark.parametrize(
    ("data", "charset", "said"),
    [
        ("<p>Zürich fell.</p>".encode(), None, None),
        (b"\xef\xbb\xbf" + "<meta charset=latin-1><p>Zürich fell.</p>".encode(), None, None),
        ("<p>Zürich fell.</p>".encode("utf-16"), None, None),
        ("<meta charset='ISO-8859-1'><p>Zürich fell.</p>".encode("latin-1"), None, None),
        ("<p>Zürich fell.</p>".encode("latin-1"), "latin1", None),
        ("<p>Zürich fell.</p>".encode("latin-1"), "no-such-thing", "windows-1252"),
        ("<?xml version='1.0' encoding='utf-8'?><p>Zürich fell.</p>".encode(), None, None),
        ("<meta charset='utf-16'><p>Zürich fell.</p>".encode(), None, None),
    ],
)
def test_encodings(data: bytes, charset: str | None, said: str | None) -> None:
    article = read_html(data, name="page", charset=charset)
    assert "Zürich fell." in article.text
    assert [said] == [said for note in article.notes if said and said in note] or said is None


def test_a_wrong_encoding_is_a_hole_and_said() -> None:
    data = f"<meta charset=utf-8><p>Z\xfcrich fell. {PROSE}</p>".encode("latin-1")
    article = read_html(data, name="page")
    assert "Z\ufffdrich fell." in article.text
    assert any("not valid utf-8" in note for note in article.notes)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<html><body></body></html>", "no article text"),
        (b"<nav><a>Home</a></nav><script>render()</script><h1>Head</h1>", "no article text"),
        (b"<figure><img src=a.jpg></figure>", "no article text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"<html>\xff\xd8\xff\xe0\x00\x10JFIF", "binary"),
        (bytes(range(128, 256)) * 40, "no article|readable"),
        (b"<meta charset=utf-8><p>" + bytes(range(128, 256)) * 10, "utf-8"),
        (b"<p>x" + b"<div>" * 10_000 + b"deep" + b"</div>" * 10_000, "256"),
        (b"<p>x</p>" + b"<i><b>" * 5_000, "256"),
        (b"<p>a" * 300_001, "elements"),
    ],
)
def test_unusable_pages(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError, match=says) as caught:
        read_html(data, name="the-page")
    assert str(caught.value).startswith("the-page ")
    assert "\n" not in str(caught.value)


def test_invisible_characters_hide_no_name() -> None:
    article = read("<p>The town of Nor\u202evale\u202c lies near Sud&shy;me&#8203;re.</p>")
    assert "The town of Norvale lies near Sudmere." in article.text
    assert any("4 invisible characters" in note for note in article.notes)


def test_a_caption_of_10_000_characters_is_prose() -> None:
    long = "Soldiers stand at Hasrun and wait. " * 300
    article = read(f"<p>{PROSE}</p><figure><img src=a.jpg><figcaption>{long}</figcaption></figure>")
    assert lines(article)[-1] == ("paragraph", long.strip())
    assert not [block for block in article.blocks if block.kind == "caption"]
