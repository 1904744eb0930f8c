"""Pages fetched from real servers on loopback, kept as evidence; hostile servers."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from PIL import Image

import osint.article.page
from imagery.archive import Archive
from imagery.errors import HttpError
from imagery.http import HttpPolicy, Session
from osint.article import Article, read_source
from osint.errors import ArticleError
from tests.intake.conftest import Site

PROSE = "<p>The army said on Monday that it had taken the town by the river.</p>"
PAGE = (
    f"<title>x</title><h1>Head</h1>{PROSE}<figure><img src='/img/a.jpg'>"
    "<figcaption>Soldiers at Norvale, June 11</figcaption></figure>"
)


def jpeg() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (32, 24), "tan").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def session() -> Iterator[Session]:
    policy = HttpPolicy(allow_private=True, retries=0, total_timeout_s=20.0)
    with Session(policy) as opened:
        yield opened


@pytest.fixture
def outside(site: Site) -> Iterator[Session]:
    """A session for which the name public.test alone is no private address."""
    policy = HttpPolicy(private_hosts=frozenset(["public.test"]), retries=0)
    with Session(policy, resolve=lambda _: ("127.0.0.1",)) as opened:
        yield opened


def problems(article: Article) -> dict[str, str | None]:
    return {figure.name: figure.problem for figure in article.figures}


def test_a_page_and_its_pictures_are_kept(site: Site, session: Session, tmp_path: Path) -> None:
    site.routes["/img/a.jpg"] = (200, {"Content-Type": "image/jpeg"}, jpeg())
    site.routes["/old"] = (302, {"Location": "/news/story"}, b"")
    site.page("/news/story", PAGE)
    article = read_source(site.url("/old"), session=session, evidence=tmp_path)
    assert article.url == site.url("/news/story")
    assert article.source == "127.0.0.1"
    assert article.sha256 == hashlib.sha256(PAGE.encode()).hexdigest()
    (figure,) = article.figures
    assert figure.name == "a.jpg"
    assert figure.reference == site.url("/img/a.jpg")
    assert figure.path is not None and figure.path.read_bytes() == jpeg()
    kept = Archive(tmp_path).fetches()
    assert [fetch.url for fetch in kept] == [site.url("/old"), site.url("/img/a.jpg")]
    assert Archive(tmp_path).open(article.sha256).read() == PAGE.encode()


def test_claims_alone_need_no_pictures(site: Site, session: Session, tmp_path: Path) -> None:
    address = site.page("/", PAGE)
    article = read_source(address, session=session, evidence=tmp_path, pictures=False)
    assert site.asked == ["/"]
    assert problems(article) == {"a.jpg": None}


def test_relative_addresses_start_from_the_base(
    site: Site, session: Session, tmp_path: Path
) -> None:
    site.routes["/media/b.jpg"] = (200, {}, jpeg())
    page = f"<base href='/media/'>{PROSE}<img src=b.jpg><p class=caption>Soldiers at Hit</p>"
    article = read_source(site.page("/a/b/c", page), session=session, evidence=tmp_path)
    assert problems(article) == {"b.jpg": None}
    assert article.figures[0].path is not None


def test_pictures_that_fail_are_skipped_with_the_reason(
    site: Site, session: Session, tmp_path: Path
) -> None:
    site.routes["/ok.jpg"] = (200, {}, jpeg())
    site.routes["/page.jpg"] = (200, {}, b"<html>not found, but 200</html>")
    site.routes["/cut.jpg"] = (200, {}, jpeg()[:20])
    images = "".join(
        f"<img src='{name}'><p class=caption>Caption of it</p>"
        for name in ("/ok.jpg", "/gone.jpg", "/page.jpg", "/cut.jpg", "ftp://x/f.jpg", "http://[")
    )
    article = read_source(
        site.page("/", PROSE + images + "<img src='/ok.jpg'>"),
        session=session,
        evidence=tmp_path,
    )
    told = [figure.problem for figure in article.figures]
    assert told[0] is None and told[-1] is None
    assert "404" in str(told[1])
    assert "no image" in str(told[2]) and "no image" in str(told[3])
    assert "http" in str(told[4])
    assert told[5] is not None
    assert site.asked.count("/ok.jpg") == 1


def test_at_most_so_many_pictures_those_with_captions_first(
    site: Site, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(osint.article.page, "MAX_PICTURES", 2)
    for name in "abc":
        site.routes[f"/{name}.jpg"] = (200, {}, jpeg() + name.encode())
    page = (
        f"<img src=/a.jpg>{PROSE}<img src=/b.jpg><p class=caption>Soldiers at Hit</p>"
        "<img src=/c.jpg><p class=caption>Rebels at Hit</p>"
    )
    article = read_source(site.page("/", page), session=session, evidence=tmp_path)
    assert problems(article) == {"a.jpg": "at most 2 are fetched", "b.jpg": None, "c.jpg": None}


def test_pictures_are_limited_in_bytes(
    site: Site, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(jpeg())
    monkeypatch.setattr(osint.article.page, "MAX_PICTURE_BYTES", size)
    monkeypatch.setattr(osint.article.page, "MAX_PICTURES_BYTES", size + 10)
    site.routes["/a.jpg"] = (200, {}, jpeg() + b"too much")
    site.routes["/b.jpg"] = (200, {}, jpeg())
    site.routes["/c.jpg"] = (200, {}, jpeg())
    page = PROSE + "".join(f"<img src=/{n}.jpg><p class=caption>Caption</p>" for n in "abc")
    article = read_source(site.page("/", page), session=session, evidence=tmp_path)
    told = problems(article)
    assert told["b.jpg"] is None
    assert told["a.jpg"] is not None and told["c.jpg"] is not None
    assert len(Archive(tmp_path).fetches()) == 2


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=iso-8859-1", "<p>Zürich fell.</p>".encode("latin-1"), "Zürich fell."),
        ("application/xhtml+xml", b"<html><p>It fell.</p></html>", "It fell."),
        ("", b"<!doctype html><p>It fell.</p>", "It fell."),
        (
            "text/plain; charset=windows-1252",
            "Head\n\nZürich fell.".encode("cp1252"),
            "Zürich fell.",
        ),
        ("text/markdown", b"# Head\n\nIt *fell*.", "It fell."),
        ("text/plain", "\ufeffHead\n\nIt fell.".encode(), "It fell."),
    ],
)
def test_content_types(site: Site, session: Session, kind: str, body: bytes, text: str) -> None:
    site.routes["/"] = (200, {"Content-Type": kind} if kind else {}, body)
    article = read_source(site.url("/"), session=session)
    assert article.text.strip().endswith(text)
    assert article.sha256 == hashlib.sha256(body).hexdigest()
    assert article.source == "127.0.0.1"


@pytest.mark.parametrize("kind", ["image/jpeg", "application/pdf", "video/mp4"])
def test_what_is_no_page(site: Site, session: Session, kind: str) -> None:
    site.routes["/"] = (200, {"Content-Type": kind}, jpeg())
    with pytest.raises(ArticleError, match=kind):
        read_source(site.url("/"), session=session)


@pytest.mark.parametrize(
    "address", ["ftp://example.org/a", "file:///etc/hosts", "https://", "http://u:p@127.0.0.1/"]
)
def test_other_addresses_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OSINT_OFFLINE", raising=False)
    with pytest.raises(HttpError) as caught:
        read_source(address, allow_private=True)
    assert "\n" not in str(caught.value) and ":p@" not in str(caught.value)


def test_private_addresses_need_leave(site: Site) -> None:
    address = site.page("/", PAGE)
    with pytest.raises(HttpError, match="allow-private"):
        read_source(address)
    assert site.asked == []
    assert read_source(address, allow_private=True).title == "Head"


def test_a_redirect_to_a_private_address_is_not_followed(
    site: Site, other_site: Site, outside: Session
) -> None:
    other_site.page("/secret", PAGE)
    site.routes["/"] = (302, {"Location": other_site.url("/secret")}, b"")
    with pytest.raises(HttpError, match="loopback"):
        read_source(site.url("/", "public.test"), session=outside)
    assert site.asked == ["/"]
    assert other_site.asked == []


def test_a_picture_on_a_private_address_is_not_fetched(
    site: Site, other_site: Site, outside: Session, tmp_path: Path
) -> None:
    other_site.routes["/secret.jpg"] = (200, {}, jpeg())
    site.routes["/hop.jpg"] = (302, {"Location": other_site.url("/secret.jpg")}, b"")
    site.routes["/ok.jpg"] = (200, {}, jpeg())
    page = PROSE + "".join(
        f"<img src='{where}'><p class=caption>Caption</p>"
        for where in (other_site.url("/secret.jpg"), "/hop.jpg", "/ok.jpg")
    )
    site.page("/", page)
    article = read_source(site.url("/", "public.test"), session=outside, evidence=tmp_path)
    told = problems(article)
    assert "loopback" in str(told["secret.jpg"]) and "loopback" in str(told["hop.jpg"])
    assert told["ok.jpg"] is None
    assert other_site.asked == []


class Endless:
    """Answers with the same bytes again and again; ``sent`` counts them."""

    def __init__(self, piece: bytes, times: int, headers: dict[str, str]) -> None:
        self.piece, self.times, self.headers = piece, times, headers
        self.sent = 0

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        for _ in range(self.times):
            handler.wfile.write(self.piece)
            self.sent += len(self.piece)


HTML = {"Content-Type": "text/html"}


def test_a_page_of_50_mb_is_refused_without_reading_it(site: Site, session: Session) -> None:
    announced = Endless(b"<p>x</p>" * 8_192, 763, {**HTML, "Content-Length": "50003968"})
    site.routes["/announced"] = announced
    with pytest.raises(HttpError, match="20"):
        read_source(site.url("/announced"), session=session)
    silent = Endless(b"<p>x</p>" * 8_192, 763, HTML)
    site.routes["/silent"] = silent
    with pytest.raises(HttpError, match="20"):
        read_source(site.url("/silent"), session=session)
    # What the network holds on its way comes on top of the limit.
    assert announced.sent < 10_000_000
    assert silent.sent < 40_000_000


def test_a_gzip_bomb_is_refused(site: Site, session: Session) -> None:
    body = gzip.compress(b"<p>x</p>" * 8_000_000)
    assert len(body) < 200_000
    site.routes["/"] = (200, {**HTML, "Content-Encoding": "gzip"}, body)
    with pytest.raises(HttpError):
        read_source(site.url("/"), session=session)


def test_a_page_that_never_ends_is_given_up(site: Site) -> None:
    import threading

    given_up = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while not given_up.wait(0.05):
            handler.wfile.write(b"<p>")

    site.routes["/"] = drip
    policy = HttpPolicy(allow_private=True, retries=0, total_timeout_s=0.5)
    try:
        with Session(policy) as session, pytest.raises(HttpError, match="not finished"):
            read_source(site.url("/"), session=session)
    finally:
        given_up.set()


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_an_error_page_is_no_article(site: Site, session: Session, status: int) -> None:
    site.routes["/"] = (status, HTML, PAGE.encode())
    with pytest.raises(HttpError, match=str(status)):
        read_source(site.url("/"), session=session)
