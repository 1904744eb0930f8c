"""One request: limits of size and time, and another try where the server asks for patience."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import HTTPError as Urllib3Error

from gazetteer.errors import OnlineError
from gazetteer.sources.online.addresses import text_without_secrets, without_secrets
from gazetteer.sources.online.guarded import guarded_session

USER_AGENT = "osint-location-verification/0.2 (gazetteer look-up by an analyst)"
_AGAIN = frozenset({429, 500, 502, 503, 504})
_PIECE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits of a fetch.

    Attributes:
        connect_timeout_s: for the connection.
        read_timeout_s: between two pieces of an answer.
        total_timeout_s: for the whole answer.
        least_bytes_s: bytes a second below which an answer is too slow to wait for.
        slow_s: over how many seconds it must be that slow.
        max_bytes: of the answer, unpacked.
        tries: in all.
        backoff_s: waited before the second try, doubled for each further one.
        longest_wait_s: that is waited because a server asks for it.
        allow_private: whether private and loopback addresses may be asked.
    """

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 60.0
    total_timeout_s: float = 120.0
    least_bytes_s: float = 1024.0
    slow_s: float = 30.0
    max_bytes: int = 32 * 2**20
    tries: int = 3
    backoff_s: float = 1.0
    longest_wait_s: float = 60.0
    allow_private: bool = False


class TooLargeError(OnlineError):
    """An answer is larger than is taken; asking again will not help."""


class _TryAgainError(Exception):
    """A failure that may pass."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


def refuse_offline() -> None:
    """Stop where the network is not to be used.

    Raises:
        OnlineError: ``OSINT_OFFLINE`` is set.
    """
    if os.environ.get("OSINT_OFFLINE", "") not in ("", "0"):
        raise OnlineError("OSINT_OFFLINE is set; unset it to ask sources on the network")


@contextmanager
def opened(
    url: str,
    policy: FetchPolicy,
    *,
    headers: Mapping[str, str] | None = None,
    also: tuple[int, ...] = (),
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[requests.Response]:
    """The answer to a GET, its body not yet read; status 200, 206 or one of ``also``.

    Raises:
        OnlineError: the address may not be fetched, cannot be reached, or answers with an error.
    """
    refuse_offline()
    if not url.lower().startswith(("http://", "https://")):
        shown = without_secrets(url)[:80]
        raise OnlineError(f"{shown!r}: only http and https addresses are fetched")
    with guarded_session(allow_private=policy.allow_private) as session:
        for attempt in range(1, policy.tries + 1):
            try:
                response = _asked(session, url, policy, headers or {}, (200, 206, *also))
            except _TryAgainError as problem:
                wait_s = problem.wait_s
                if wait_s is None:
                    wait_s = policy.backoff_s * 2 ** (attempt - 1)
                if attempt == policy.tries or wait_s > policy.longest_wait_s:
                    later = f"; it asks to wait {wait_s:.0f} s" if problem.wait_s else ""
                    raise OnlineError(f"{_shown(url)}: {problem}{later}; try later") from problem
                sleep(wait_s)
                continue
            with response:
                yield response
            return


def _asked(
    session: requests.Session,
    url: str,
    policy: FetchPolicy,
    headers: Mapping[str, str],
    wanted: tuple[int, ...],
) -> requests.Response:
    try:
        response = session.get(
            url,
            headers={"User-Agent": USER_AGENT, **headers},
            timeout=(policy.connect_timeout_s, policy.read_timeout_s),
            stream=True,
        )
    except requests.TooManyRedirects as error:
        raise OnlineError(f"{_shown(url)}: redirected too often; give the final address") from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _TryAgainError(f"cannot be reached ({type(error).__name__})") from error
    except (requests.RequestException, Urllib3Error, UnicodeError) as error:
        raise OnlineError(f"{_shown(url)}: cannot be fetched ({_said(error)})") from error
    except OSError as error:
        raise _TryAgainError(f"cannot be reached ({_said(error)})") from error
    except RuntimeError as error:
        # What a sandbox that forbids connections raises.
        raise OnlineError(
            f"{_shown(url)}: connections are not allowed here ({_said(error)})"
        ) from error
    status = response.status_code
    if status in wanted:
        return response
    response.close()
    if status in _AGAIN:
        raise _TryAgainError(
            f"answered {status}", retry_after_s(response.headers.get("Retry-After"))
        )
    raise OnlineError(
        f"{_shown(url)}: answered {status} {response.reason or ''}; check the address"
    )


def _shown(url: str) -> str:
    return without_secrets(url)[:120]


def _said(error: Exception) -> str:
    """What a library says; it may repeat the address."""
    return text_without_secrets(str(error))[:120]


def retry_after_s(value: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, in either of its forms; None for none."""
    if not value or len(value) > 60:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max((when - datetime.now(UTC)).total_seconds(), 0.0)


def body_pieces(
    response: requests.Response,
    policy: FetchPolicy,
    *,
    now: Callable[[], float] = time.monotonic,
) -> Iterator[bytes]:
    """An answer's body, unpacked, within the policy's limits.

    Args:
        response: its body not yet read.
        policy: the limits.
        now: seconds of a clock that only goes on; for tests.

    Raises:
        TooLargeError: it is larger than ``max_bytes``.
        OnlineError: it is too slow, or breaks off.
    """
    url = _shown(response.url)
    since = now()
    end = since + policy.total_timeout_s
    size = stretch = 0
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            size += len(piece)
            stretch += len(piece)
            if size > policy.max_bytes:
                raise TooLargeError(f"{url}: over {policy.max_bytes:,} bytes; not read further")
            at = now()
            if at > end:
                raise OnlineError(f"{url}: not finished in {policy.total_timeout_s:g} s")
            if at - since >= policy.slow_s:
                # Each piece comes in time and the whole would take for days.
                if stretch < policy.least_bytes_s * (at - since):
                    raise OnlineError(
                        f"{url}: sent {stretch:,} bytes in {at - since:.0f} s, below "
                        f"{policy.least_bytes_s:,.0f} a second; try later or another address"
                    )
                since, stretch = at, 0
            yield piece
            # What the reader of the pieces takes is not the server's time.
            since += now() - at
    except (requests.RequestException, Urllib3Error, OSError) as error:
        raise OnlineError(f"{url}: broke off after {size:,} bytes ({_said(error)})") from error
    said = response.headers.get("Content-Length", "")
    if said.isdigit() and not response.headers.get("Content-Encoding") and int(said) != size:
        raise OnlineError(f"{url}: broke off after {size:,} of {int(said):,} bytes")
