"""Fetching within limits, against real servers on loopback."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.addresses import refusal, resolve_within, system_resolve
from imagery.errors import HttpError
from imagery.http import HttpPolicy, Session

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A real HTTP server whose pages are functions."""

    def __init__(self, pages: dict[str, Answer]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.heads: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.heads.append({k.lower(): v for k, v in self.headers.items()})
                outer.pages[self.path.split("?")[0]](self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        # A client that hangs up in the middle is what several tests are about.
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self.http.server_port

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving(pages: dict[str, Answer]) -> Iterator[Server]:
    server = Server(pages)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join(5)


def body(data: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    return answer


def in_turn(*answers: Answer) -> Answer:
    waiting = list(answers)

    def answer(request: BaseHTTPRequestHandler) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(request)

    return answer


def hang_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)


def loopback(**policy: object) -> Session:
    """A session that may talk to this machine and does not wait before retries."""
    return Session(HttpPolicy(allow_private=True, **policy), sleep=lambda _: None)  # type: ignore[arg-type]


def test_a_fetch_and_all_its_facts() -> None:
    text = "façade".encode()
    with serving({"/page": body(text, ETag='"1"')}) as server, loopback() as session:
        begun = datetime.now(UTC)
        got = session.get(server.url("/page?x=1"), headers={"Accept": "text/plain"})
    assert (got.body, got.status) == (text, 200)
    assert got.url == got.final_url == server.url("/page?x=1")
    assert got.headers["etag"] == '"1"'
    assert got.sha256 == hashlib.sha256(text).hexdigest()
    assert begun <= got.retrieved_at <= datetime.now(UTC)
    assert server.heads[0]["host"] == f"127.0.0.1:{server.port}"
    assert server.heads[0]["accept"] == "text/plain"
    assert "cookie" not in server.heads[0]


def test_cookies_are_not_kept() -> None:
    pages = {"/": body(b"x", Set_Cookie="a=b; Path=/")}
    with serving(pages) as server, loopback() as session:
        session.get(server.url("/"))
        session.get(server.url("/"))
    assert all("cookie" not in head for head in server.heads)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://example.org/x", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "is no address"),
        ("/page", "is no address"),
        ("http://[::1/", "is no address"),
        ("http://name:secret@example.org/", "holds credentials"),
        ("http://example.org/" + "x" * 9_000, "longer than"),
    ],
)
def test_what_is_no_address_to_fetch(url: str, says: str) -> None:
    with Session() as session, pytest.raises(HttpError, match=says) as caught:
        session.get(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


FORBIDDEN = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden_addresses(address: str) -> None:
    assert refusal(address, allow_private=False)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2002:808:808::"]
)
def test_public_addresses(address: str) -> None:
    assert refusal(address, allow_private=False) is None


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0", "::", "224.0.0.1", "fe80::1"],
)
def test_never_even_with_private_ones(address: str) -> None:
    assert refusal(address, allow_private=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "192.168.0.1", "fd00::1"])
def test_private_ones_where_allowed(address: str) -> None:
    assert refusal(address, allow_private=True) is None


@settings(max_examples=200)
@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_like_the_plain_one(address: object) -> None:
    for private in (False, True):
        plain = refusal(str(address), allow_private=private)
        assert refusal(f"::ffff:{address}", allow_private=private) == plain


def test_a_name_with_one_private_address_is_refused() -> None:
    def resolve(host: str) -> Sequence[str]:
        return ["93.184.215.14", "10.0.0.1"]

    with (
        Session(HttpPolicy(), resolve=resolve) as session,
        pytest.raises(HttpError, match=r"10\.0\.0\.1 is a private address; --allow-private"),
    ):
        session.get("http://inside.test/")


@pytest.mark.parametrize("spelling", ["127.1", "2130706433", "0x7f000001", "localhost"])
def test_other_spellings_of_this_machine(spelling: str) -> None:
    with Session() as session, pytest.raises(HttpError, match="loopback"):
        session.get(f"http://{spelling}:9/")


def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name that changes its meaning after the check changes nothing."""
    answers = iter([["127.0.0.1"], ["10.255.255.1"]])
    policy = HttpPolicy(private_hosts=frozenset({"tiles.test"}), retries=0)
    with (
        serving({"/": body(b"first")}) as server,
        Session(policy, resolve=lambda _: next(answers)) as session,
    ):
        for _ in range(2):
            assert session.get(server.url("/", "tiles.test")).body == b"first"
    assert server.heads[0]["host"] == f"tiles.test:{server.port}"
    assert next(answers) == ["10.255.255.1"]


def test_the_next_address_is_tried() -> None:
    """Many names have an IPv6 address that this network cannot reach."""
    with (
        serving({"/": body(b"ok")}) as server,
        Session(HttpPolicy(allow_private=True), resolve=lambda _: ["::1", "127.0.0.1"]) as session,
    ):
        assert session.get(server.url("/", "two.test")).body == b"ok"


def test_redirects_are_followed() -> None:
    pages = {
        "/a": body(b"", 302, Location="/b"),
        "/b": body(b"", 301, Location="//127.0.0.1:PORT/c"),
        "/c": body(b"there"),
    }
    with serving(pages) as server, loopback() as session:
        pages["/b"] = body(b"", 301, Location=f"//127.0.0.1:{server.port}/c")
        got = session.get(server.url("/a"))
    assert (got.body, got.url, got.final_url) == (b"there", server.url("/a"), server.url("/c"))


def test_a_redirect_to_a_private_address_is_refused() -> None:
    policy = HttpPolicy(private_hosts=frozenset({"public.test"}))
    with (
        serving({"/": body(b"secret")}) as inside,
        serving({"/": body(b"", 302, Location=inside.url("/"))}) as outside,
        Session(policy, resolve=lambda _: ["127.0.0.1"]) as session,
        pytest.raises(HttpError, match=r"127\.0\.0\.1 is a loopback address") as caught,
    ):
        session.get(outside.url("/", "public.test"))
    assert inside.asked == []
    assert caught.value.url == inside.url("/")


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "http://a:b@127.0.0.1/", "gopher://127.0.0.1/", "http://[::1"]
)
def test_a_redirect_to_what_may_not_be_fetched(target: str) -> None:
    with (
        serving({"/": body(b"", 302, Location=target)}) as server,
        loopback() as session,
        pytest.raises(HttpError),
    ):
        session.get(server.url("/"))


def test_redirects_in_a_circle() -> None:
    with (
        serving({"/": body(b"", 307, Location="/")}) as server,
        loopback(max_redirects=3) as session,
        pytest.raises(HttpError, match="more than 3 times"),
    ):
        session.get(server.url("/"))
    assert len(server.asked) == 4


def test_an_endless_body_of_a_redirect_is_not_read() -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", "/there")
        request.send_header("Content-Length", str(10**12))
        request.end_headers()
        request.wfile.write(b"x" * 1000)
        request.close_connection = False

    with serving({"/": endless, "/there": body(b"ok")}) as server, loopback() as session:
        assert session.get(server.url("/")).body == b"ok"


def test_size_announced() -> None:
    with (
        serving({"/": body(b"x", Content_Length=str(50_000_000))}) as server,
        loopback() as session,
        pytest.raises(HttpError, match="larger than the 20,000,000 bytes"),
    ):
        session.get(server.url("/"))
    assert server.asked == ["/"]


def test_size_not_announced() -> None:
    sent: list[int] = []

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Connection", "close")
        request.end_headers()
        for _ in range(100_000):
            sent.append(request.wfile.write(b"x" * 65_536))

    with (
        serving({"/": endless}) as server,
        loopback() as session,
        pytest.raises(HttpError, match="larger than the 300,000 bytes"),
    ):
        session.get(server.url("/"), max_bytes=300_000)
    assert sum(sent) < 100_000 * 65_536


def test_a_gzip_bomb_is_cut_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    assert len(bomb) < 100_000
    with (
        serving({"/": body(bomb, Content_Encoding="gzip")}) as server,
        loopback() as session,
        pytest.raises(HttpError, match="larger than"),
    ):
        session.get(server.url("/"))


def test_gzip_is_unpacked() -> None:
    pages = {"/": body(gzip.compress(b"hello " * 50), Content_Encoding="gzip")}
    with serving(pages) as server, loopback() as session:
        assert session.get(server.url("/")).body == b"hello " * 50


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "compress"])
def test_packing_that_was_not_asked_for(encoding: str) -> None:
    with (
        serving({"/": body(b"xx", Content_Encoding=encoding)}) as server,
        loopback() as session,
        pytest.raises(HttpError, match="not asked for"),
    ):
        session.get(server.url("/"))


def test_damaged_gzip() -> None:
    with (
        serving({"/": body(b"no gzip at all", Content_Encoding="gzip")}) as server,
        loopback(retries=0) as session,
        pytest.raises(HttpError, match="broke off"),
    ):
        session.get(server.url("/"))


@pytest.mark.parametrize("status", [404, 403, 400, 501, 410])
def test_a_refusal_is_not_asked_again(status: int) -> None:
    with (
        serving({"/": body(b"no", status)}) as server,
        loopback() as session,
        pytest.raises(HttpError, match=f"answered {status}") as caught,
    ):
        session.get(server.url("/"))
    assert caught.value.status == status
    assert server.asked == ["/"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    page = in_turn(body(b"", status), body(b"", status), body(b"ok"))
    with serving({"/": page}) as server, loopback() as session:
        assert session.get(server.url("/")).body == b"ok"
    assert len(server.asked) == 3


def test_retries_have_an_end() -> None:
    with (
        serving({"/": body(b"", 503)}) as server,
        loopback(retries=1) as session,
        pytest.raises(HttpError, match="answered 503"),
    ):
        session.get(server.url("/"))
    assert len(server.asked) == 2


def test_waits_grow_and_obey_the_server() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=6), usegmt=True)
    page = in_turn(
        body(b"", 503),
        body(b"", 503),
        body(b"", 429, Retry_After="3"),
        body(b"", 429, Retry_After=soon),
        body(b"", 429, Retry_After="what"),
        body(b"ok"),
    )
    waits: list[float] = []
    policy = HttpPolicy(allow_private=True, retries=5, backoff_s=0.5)
    with serving({"/": page}) as server, Session(policy, sleep=waits.append) as session:
        session.get(server.url("/"))
    assert waits[:3] == [0.5, 1.0, 3.0]
    assert 0 <= waits[3] <= 6
    assert waits[4] == 8.0


def test_a_server_that_asks_for_an_hour_is_not_waited_for() -> None:
    with (
        serving({"/": body(b"", 503, Retry_After="3600")}) as server,
        loopback() as session,
        pytest.raises(HttpError, match="answered 503"),
    ):
        session.get(server.url("/"))
    assert len(server.asked) == 1


def test_a_broken_connection_is_tried_again() -> None:
    page = in_turn(hang_up, body(b"short", Content_Length="100"), body(b"whole"))

    def cut(request: BaseHTTPRequestHandler) -> None:
        page(request)
        request.close_connection = True

    with serving({"/": cut}) as server, loopback() as session:
        assert session.get(server.url("/")).body == b"whole"
    assert len(server.asked) == 3


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with loopback() as session, pytest.raises(HttpError, match="connection failed") as caught:
        session.get(f"http://127.0.0.1:{port}/")
    assert caught.value.transient


def drip(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever."""
    request.send_response(200)
    request.send_header("Connection", "close")
    request.end_headers()
    try:
        for _ in range(2_000):
            request.wfile.write(b"x")
            time.sleep(0.02)
    except OSError:
        return


def drip_head(request: BaseHTTPRequestHandler) -> None:
    """A header line that never ends."""
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(2_000):
            request.wfile.write(b"x")
            time.sleep(0.02)
    except OSError:
        return


def drip_chunk(request: BaseHTTPRequestHandler) -> None:
    """A chunk size that never ends."""
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(2_000):
            request.wfile.write(b"0")
            time.sleep(0.02)
    except OSError:
        return


@pytest.mark.parametrize("page", [drip, drip_head, drip_chunk])
def test_a_server_that_drips_is_cut_off(page: Answer) -> None:
    with (
        serving({"/": page}) as server,
        loopback(read_timeout_s=30) as session,
        pytest.raises(HttpError, match=r"not finished within 0\.3 s"),
    ):
        session.get(server.url("/"), total_timeout_s=0.3)
    # Forty seconds are what the server had in mind; cut off in time, it was asked once.
    assert len(server.asked) == 1


def test_a_secure_connection_that_is_never_agreed_on_is_cut_off() -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            taken, _ = listening.accept()
            with taken, contextlib.suppress(OSError):
                # The head of a TLS record of 16 kB (RFC 8446, 5.1), then a byte at a time.
                taken.sendall(b"\x16\x03\x03\x40\x00")
                while not stop.wait(0.05):
                    taken.sendall(b"\x02")

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            port = listening.getsockname()[1]
            with (
                loopback(total_timeout_s=0.6, retries=0) as session,
                pytest.raises(HttpError, match="not finished within"),
            ):
                session.get(f"https://127.0.0.1:{port}/")
        finally:
            stop.set()
            thread.join()


def test_a_silent_server() -> None:
    with (
        serving({"/": lambda _: time.sleep(1)}) as server,
        loopback(read_timeout_s=0.1, retries=0) as session,
        pytest.raises(HttpError, match=r"no answer within 0\.1 s"),
    ):
        session.get(server.url("/"))


def test_an_unknown_name() -> None:
    def resolve(host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with (
        Session(resolve=resolve) as session,
        pytest.raises(HttpError, match=r"the name nowhere\.test was not found \(Name or service"),
    ):
        session.get("http://nowhere.test/")


def test_a_name_service_that_does_not_answer() -> None:
    gate = threading.Event()

    def resolve(host: str) -> Sequence[str]:
        gate.wait(30)
        return ["127.0.0.1"]

    with pytest.raises(TimeoutError, match="within"):
        resolve_within("slow.test", resolve, 0.05)
    gate.set()


def test_a_name_no_resolver_takes() -> None:
    with pytest.raises(OSError, match="not a host name"):
        resolve_within("a" * 70 + ".test", system_resolve, 5)


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_forbidden_sockets_are_an_error_of_ours() -> None:
    """Tests may connect to this machine only; what that raises must not come through."""
    with (
        Session(resolve=lambda _: ["93.184.215.14"]) as session,
        pytest.raises(HttpError, match="connections are not allowed here"),
    ):
        session.get("http://example.test/")


def test_threads_share_a_session() -> None:
    pages = {f"/{n}": body(str(n).encode() * 1000) for n in range(8)}
    wrong: list[object] = []

    def work(session: Session, server: Server) -> None:
        for round_ in range(10):
            for n in range(8):
                got = session.get(server.url(f"/{n}")).body
                if got != str(n).encode() * 1000:
                    wrong.append((round_, n))

    with serving(pages) as server, loopback() as session:
        threads = [threading.Thread(target=work, args=(session, server)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(server.asked) == 480


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for maps.test, made by openssl."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        f"-subj /CN=maps.test -addext subjectAltName=DNS:maps.test -keyout {key} -out {cert}"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not there to make a certificate")
    return key, cert


def test_tls_is_checked_for_the_name_not_the_address(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, cert = certificate
    asked_for: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    with serving({"/": body(b"secure")}) as server:
        server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
        policy = HttpPolicy(allow_private=True, retries=0)

        def session() -> Session:
            return Session(policy, resolve=lambda _: ["127.0.0.1"])

        with session() as untrusting, pytest.raises(HttpError, match="no secure connection"):
            untrusting.get(f"https://maps.test:{server.port}/")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
        with session() as trusting:
            assert trusting.get(f"https://maps.test:{server.port}/").body == b"secure"
            with pytest.raises(HttpError, match="no secure connection"):
                trusting.get(f"https://other.test:{server.port}/")
    assert asked_for == ["maps.test", "maps.test", "other.test"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("max_bytes", 0), ("total_timeout_s", -1.0), ("retries", -1), ("connect_timeout_s", 0.0)],
)
def test_limits_that_mean_nothing(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        HttpPolicy(**{field: value})  # type: ignore[arg-type]
