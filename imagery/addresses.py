"""Which addresses on the network may be connected to.

A page or a tile server from outside can name, or redirect to, a machine on the analyst's own
network. So every name is resolved first, every address it has is judged, and the connection goes to
an address that was judged: a name that means something else a moment later changes nothing.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Resolve = Callable[[str], Sequence[str]]
"""A host name to its addresses, in order of preference; raises OSError if it has none."""

_NAT64 = ip_network("64:ff9b::/96")
_SITE_LOCAL = ip_network("fec0::/10")


def system_resolve(host: str) -> tuple[str, ...]:
    """The addresses the operating system knows for a name, without repetition.

    Raises:
        OSError: the name has no address.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_within(host: str, resolve: Resolve, timeout_s: float) -> tuple[str, ...]:
    """``resolve(host)``, given up after ``timeout_s``; the system's own look-up knows no limit.

    Raises:
        OSError: the name has no address (TimeoutError: none was found in time).
    """
    found: list[tuple[str, ...]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.append(tuple(resolve(host)))
        except UnicodeError:
            failed.append(OSError("not a host name"))
        except OSError as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True, name=f"resolve {host[:40]}")
    asking.start()
    asking.join(timeout_s)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"its name was not resolved within {timeout_s:g} s")
    if not found[0]:
        raise OSError("the name has no address")
    return found[0]


def refusal(address: str, *, allow_private: bool) -> str | None:
    """Why an address may not be connected to, or None if it may.

    Addresses of the machine itself and of private networks need ``allow_private``. Link-local ones
    (where cloud machines keep their credentials), multicast, reserved and unspecified ones are
    never allowed. An IPv6 address that wraps an IPv4 one (mapped, 6to4, NAT64) is judged as both.

    The kinds are those of the IANA special-purpose address registries, as ``ipaddress`` has them.
    """
    try:
        whole = ip_address(address)
    except ValueError:
        return "is not an address"
    for ip in _wrapped(whole):
        if kind := _never(ip):
            return f"is {kind} address"
        if not allow_private and not ip.is_global:
            kind = "a loopback" if ip.is_loopback else "a private"
            return f"is {kind} address; --allow-private permits that"
    return None


def _wrapped(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    """The addresses that stand behind one."""
    if isinstance(ip, IPv4Address):
        return (ip,)
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    if ip in _NAT64:
        return (IPv4Address(int(ip) & 0xFFFFFFFF),)
    return (ip,)


def _never(ip: IPv4Address | IPv6Address) -> str | None:
    """What makes an address one that nothing is ever fetched from, with its article."""
    if ip.is_loopback:
        return None
    if ip.is_unspecified or (isinstance(ip, IPv4Address) and int(ip) >> 24 == 0):
        return "an unspecified"
    if ip.is_link_local or (isinstance(ip, IPv6Address) and ip in _SITE_LOCAL):
        return "a link-local"
    if ip.is_multicast:
        return "a multicast"
    return "a reserved" if ip.is_reserved else None
