"""Fetching over HTTP within limits: of address, size, time and redirects.

One GET at a time, without cookies, credentials or proxies. Proxies of the environment are not used
because the address check would then be made by somebody else; a certificate bundle named by
``REQUESTS_CA_BUNDLE`` is.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.util import Url, parse_url

from imagery.addresses import Resolve, refusal, resolve_within, system_resolve
from imagery.errors import HttpError
from imagery.wire import CURRENT, Deadline, PinnedRequest, PinningAdapter

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Too many requests, and faults of the server but for what it says it will never do.
_TRY_AGAIN = frozenset({429, *range(500, 600)}) - {501, 505}
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_LONGEST_URL = 8_000
_LONGEST_WAIT_S = 10.0
_CHUNK = 65_536
# A name can have dozens of addresses; a connection is tried to this many of them.
_MOST_ADDRESSES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPolicy:
    """Limits of a session.

    Attributes:
        connect_timeout_s: for finding the name's address, and again for the connection.
        read_timeout_s: between two pieces of an answer.
        total_timeout_s: for one ``get``, redirects, retries and waiting included.
        max_bytes: of a body, after decompression.
        max_redirects: followed in one ``get``.
        retries: after a connection error, a status 429, or 5xx but 501 and 505.
        backoff_s: waited before the first retry, doubled for each further one.
        allow_private: whether private and loopback addresses may be connected to.
        private_hosts: names that may have such addresses even if others may not.
        user_agent: sent with every request.
    """

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 20.0
    total_timeout_s: float = 60.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5
    retries: int = 2
    backoff_s: float = 0.25
    allow_private: bool = False
    private_hosts: frozenset[str] = frozenset()
    user_agent: str = "osint-location-verification/0.1"

    def __post_init__(self) -> None:
        for name in ("connect_timeout_s", "read_timeout_s", "total_timeout_s", "max_bytes"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above zero, got {getattr(self, name)}")
        for name in ("max_redirects", "retries", "backoff_s"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one ``get`` brought.

    Attributes:
        url: what was asked for.
        final_url: where it was found, after redirects.
        status: 200 to 299.
        headers: of the answer; names in lower case.
        body: decompressed.
        retrieved_at: when the answer began, UTC.
        sha256: of the body, in hexadecimal.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    retrieved_at: datetime
    sha256: str


class Session:
    """Keeps connections open between fetches; may be used from several threads.

    Args:
        policy: the limits.
        resolve: looks host names up. Each name is looked up once in a session.
        sleep: waits before a retry.
    """

    def __init__(
        self,
        policy: HttpPolicy | None = None,
        *,
        resolve: Resolve = system_resolve,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.policy = policy or HttpPolicy()
        self._resolve = resolve
        self._sleep = sleep
        self._known: dict[str, tuple[str, ...]] = {}
        self._verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        # The adapter of requests without its Session: that one reads the whole body of a redirect
        # before it lets anyone decide, and keeps cookies that threads would share.
        self._adapter = PinningAdapter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def get(
        self,
        url: str,
        *,
        max_bytes: int | None = None,
        headers: Mapping[str, str] | None = None,
        total_timeout_s: float | None = None,
    ) -> Fetched:
        """Fetch one address; redirects are followed, each checked like the first address.

        Args:
            url: http or https, without credentials.
            max_bytes: instead of the policy's, for this fetch.
            headers: sent besides the session's own; they go to redirect targets too, so nothing
                secret belongs there.
            total_timeout_s: instead of the policy's, for this fetch.

        Raises:
            HttpError: the address may not be fetched, could not be, is larger than allowed, or was
                answered with a status outside 200 to 299 (``status`` of the error tells it).
        """
        limit = self.policy.max_bytes if max_bytes is None else max_bytes
        seconds = self.policy.total_timeout_s if total_timeout_s is None else total_timeout_s
        with Deadline(max(seconds, 0.0)) as deadline:
            for attempt in range(self.policy.retries + 1):
                try:
                    return self._follow(url, headers or {}, limit, deadline)
                except HttpError as error:
                    if not error.transient or attempt == self.policy.retries:
                        raise
                    wait_s = error.retry_after_s
                    if wait_s is None:
                        wait_s = self.policy.backoff_s * 2**attempt
                    if wait_s > _LONGEST_WAIT_S or wait_s >= deadline.remaining_s():
                        raise
                    self._sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    def _follow(
        self, url: str, headers: Mapping[str, str], limit: int, deadline: Deadline
    ) -> Fetched:
        """One attempt, redirects included."""
        at = url
        for _ in range(self.policy.max_redirects + 1):
            request, host = self._prepared(at, headers)
            response = self._send(request, host, deadline)
            retrieved_at = datetime.now(UTC)
            try:
                target = _redirect_target(response, at)
                if target is None:
                    body = _body(response, at, limit, deadline)
                    return Fetched(
                        url=url,
                        final_url=at,
                        status=response.status_code,
                        headers=MappingProxyType(
                            {name.lower(): value for name, value in response.headers.items()}
                        ),
                        body=body,
                        retrieved_at=retrieved_at,
                        sha256=hashlib.sha256(body).hexdigest(),
                    )
                at = target
            finally:
                response.close()
        raise HttpError(
            at,
            f"redirected more than {self.policy.max_redirects} times; give the final address",
        )

    def _prepared(self, url: str, headers: Mapping[str, str]) -> tuple[PinnedRequest, str]:
        """The request and the name of its host, without brackets."""
        if len(url) > _LONGEST_URL:
            raise HttpError(url, f"the address is longer than {_LONGEST_URL} characters")
        request = PinnedRequest()
        own = {"User-Agent": self.policy.user_agent, "Accept-Encoding": "gzip, deflate"}
        try:
            # Parsed before requests sees it: it would turn credentials into a header.
            if parse_url(url).auth is not None:
                raise HttpError(url, "the address holds credentials; leave them out")
            request.prepare(method="GET", url=url, headers={**own, **headers})
            parsed: Url = parse_url(str(request.url))
        except (requests.RequestException, Urllib3Error, UnicodeError) as error:
            raise HttpError(
                url, "is no address that can be fetched; give one that begins with https://"
            ) from error
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise HttpError(url, "only http and https addresses can be fetched")
        request.headers["Host"] = parsed.host + (f":{parsed.port}" if parsed.port else "")
        return request, parsed.host.strip("[]")

    def _send(self, request: PinnedRequest, host: str, deadline: Deadline) -> requests.Response:
        """The answer's head, from the first address of the host that can be connected to."""
        url = str(request.url)
        failure: HttpError | None = None
        judged = self._addresses(url, host, deadline.remaining_s())
        for address in judged[:_MOST_ADDRESSES]:
            left_s = deadline.remaining_s()
            if left_s <= 0:
                break
            request.address = address
            timeouts = (
                min(self.policy.connect_timeout_s, left_s),
                min(self.policy.read_timeout_s, left_s),
            )
            CURRENT.deadline = deadline
            try:
                return self._adapter.send(
                    request, stream=True, timeout=timeouts, verify=self._verify
                )
            except requests.exceptions.SSLError as error:
                if deadline.passed:
                    raise deadline.error(url) from error
                raise HttpError(url, f"no secure connection ({_cause(error)})") from error
            except (requests.ReadTimeout, requests.ConnectTimeout) as error:
                connecting = isinstance(error, requests.ConnectTimeout)
                what = "no connection" if connecting else "no answer"
                limit_s = timeouts[0] if connecting else timeouts[1]
                failure = HttpError(url, f"{what} within {limit_s:.3g} s", transient=True)
                failure.__cause__ = error
            except (requests.RequestException, Urllib3Error, OSError) as error:
                failure = HttpError(url, f"connection failed ({_cause(error)})", transient=True)
                failure.__cause__ = error
            except RuntimeError as error:
                # What a sandbox that forbids connections raises.
                raise HttpError(url, f"connections are not allowed here ({error})") from error
            finally:
                CURRENT.deadline = None
        if failure is None or deadline.passed:
            raise deadline.error(url)
        raise failure

    def _addresses(self, url: str, host: str, left_s: float) -> tuple[str, ...]:
        """The judged addresses of a host; one that may not be connected to refuses them all."""
        within_s = max(0.0, min(self.policy.connect_timeout_s, left_s))
        addresses = self._known.get(host)
        if addresses is None:
            # A literal address means itself; without a zone, which names an interface.
            if refusal(host, allow_private=True) != "is not an address":
                addresses = (host,)
            else:
                try:
                    addresses = resolve_within(host, self._resolve, within_s)
                except OSError as error:
                    reason = error.strerror or str(error)
                    raise HttpError(url, f"the name {host} was not found ({reason})") from error
        allowed = self.policy.allow_private or host in self.policy.private_hosts
        for address in addresses:
            if why := refusal(address, allow_private=allowed):
                raise HttpError(url, f"not fetched: {address[:60]} {why}")
        self._known[host] = addresses
        return addresses


def _redirect_target(response: requests.Response, at: str) -> str | None:
    location = response.headers.get("location")
    if response.status_code in _REDIRECTS and location:
        # HTTP headers arrive as Latin-1; addresses in them are UTF-8 where not plain.
        try:
            location = location.encode("latin-1").decode("utf-8")
            return urljoin(at, location)
        except ValueError as error:
            raise HttpError(at, "redirects to what is no address") from error
    if not 200 <= response.status_code < 300:
        again = response.status_code in _TRY_AGAIN
        raise HttpError(
            at,
            f"the server answered {response.status_code}",
            status=response.status_code,
            transient=again,
            retry_after_s=_retry_after_s(response) if again else None,
        )
    return None


def _retry_after_s(response: requests.Response) -> float | None:
    """Seconds the server asks to wait (RFC 9110, 10.2.3): a number or a date."""
    said = response.headers.get("retry-after", "")[:40]
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    if at.tzinfo is None:
        return None
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _body(response: requests.Response, url: str, limit: int, deadline: Deadline) -> bytes:
    """The decompressed body, of at most ``limit`` bytes."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise HttpError(url, f"packed as {encoding[:20]!r}, which was not asked for")
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > limit:
        raise _too_large(response, url, limit)
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in response.raw.stream(_CHUNK, decode_content=True):
            size += len(piece)
            if size > limit:
                raise _too_large(response, url, limit)
            pieces.append(piece)
            if deadline.remaining_s() <= 0:
                break
    except (Urllib3Error, OSError) as error:
        if deadline.remaining_s() <= 0:
            raise deadline.error(url) from error
        raise HttpError(url, f"broke off ({_cause(error)})", transient=True) from error
    # A connection cut at the deadline can look like the regular end of a body.
    if deadline.remaining_s() <= 0:
        raise deadline.error(url)
    return b"".join(pieces)


def _too_large(response: requests.Response, url: str, limit: int) -> HttpError:
    return HttpError(url, f"larger than the {limit:,} bytes allowed", status=response.status_code)


def _cause(error: BaseException) -> str:
    """The innermost reason in a chain of errors that libraries wrapped in one another."""
    reason = type(error).__name__
    seen: BaseException | None = error
    for _ in range(12):
        if seen is None:
            break
        if isinstance(seen, OSError) and seen.strerror:
            reason = seen.strerror
        seen = seen.__cause__ or seen.__context__
    return " ".join(reason.split())[:120]
