"""Connections that reach public addresses only.

An address from outside, or a redirect, may name a machine of the analyst's own network. So a name
is resolved here, every address it has is judged, and the connection goes to one that was judged: a
name that means something else a moment later changes nothing.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from gazetteer.errors import OnlineError

_NAT64 = ip_network("64:ff9b::/96")


def refusal(address: str, *, allow_private: bool) -> str | None:
    """Why an address may not be connected to, or None if it may.

    Link-local, multicast, reserved and unspecified ones never may; loopback and private ones only
    where that is allowed. An IPv6 address that wraps an IPv4 one is judged by that.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "is no address"
    if isinstance(ip, IPv6Address):
        wrapped: IPv4Address | None = ip.ipv4_mapped or ip.sixtofour
        if wrapped is None and ip in _NAT64:
            wrapped = IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return refusal(str(wrapped), allow_private=allow_private)
    if ip.is_loopback or (ip.is_private and not (ip.is_link_local or ip.is_unspecified)):
        return None if allow_private else "lies in a private network"
    if ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return "is of a kind nothing is fetched from"
    return None if ip.is_global or allow_private else "lies in a private network"


class _Guard:
    """Mixed into a connection: goes to a judged address."""

    allow_private = False
    _dns_host: str
    port: int

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            found = socket.getaddrinfo(name, self.port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise OnlineError(f"{name[:80]!r} is no host name; check the address") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            if why := refusal(address, allow_private=self.allow_private):
                raise OnlineError(f"{name[:80]} is {address}, which {why}; not fetched")
        # The name goes back afterwards: TLS checks the certificate against it.
        try:
            self._dns_host = addresses[0]
            return super()._new_conn()  # type: ignore[misc, no-any-return]
        finally:
            self._dns_host = name


def guarded_session(*, allow_private: bool) -> requests.Session:
    """A session for http and https; without proxies, cookies kept between hosts, or credentials."""
    plain: Any = type("_Plain", (_Guard, HTTPConnection), {"allow_private": allow_private})
    secure: Any = type("_Secure", (_Guard, HTTPSConnection), {"allow_private": allow_private})
    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {
        "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
    session = requests.Session()
    # A proxy would do the connecting, unjudged; a netrc would send passwords.
    session.trust_env = False
    session.max_redirects = 5
    session.adapters.clear()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
