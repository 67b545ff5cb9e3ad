"""Where nothing may be sent: addresses that lead into our own house, or into that of whoever runs our machines."""

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from application.webhooks.ports import Addresses
from domain.decider import Rejected

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, best first. Raises `socket.gaierror` where it has none, or they cannot be found out."""

METADATA = frozenset({IPv4Address("168.63.129.16")})
"""Of clouds that give their services public addresses; all others lie in networks that are refused as such."""

RESERVED = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv6Network("fec0::/10"))
"""Kept for protocols, for an old way of relaying, and for sites: not private everywhere by what `ipaddress` says."""

TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""IPv6 addresses that end in the IPv4 address that is meant: NAT64 (RFC 6052, 8215), and the compatible ones of RFC 4291."""


class ForbiddenAddress(OSError):
    """A host leads where nothing may be sent."""


def resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def forbidden(address: str) -> bool:
    """Loopback, private, link-local, shared and multicast networks, and whatever else is not of the public internet."""
    return not public(ip_address(address.partition("%")[0]))


def public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = meant(address)
        if inner is not None:
            return public(inner)
    if address in METADATA or any(address in network for network in RESERVED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def meant(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


class Hurried:
    """Asks no longer than so many seconds; what takes longer cannot be found out at this moment. For those whom a caller waits for."""

    def __init__(self, resolve: Resolve, seconds: float = 3.0) -> None:
        self._resolve = resolve
        self._seconds = seconds
        self._asking = ThreadPoolExecutor(4, thread_name_prefix="webhook-names")

    def __call__(self, host: str, port: int) -> Sequence[str]:
        try:
            return self._asking.submit(self._resolve, host, port).result(self._seconds)
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, "the search for an address takes too long") from error


class PublicAddresses(Addresses):
    """`anywhere`: http and private addresses are allowed too, for tests and development."""

    def __init__(self, resolve: Resolve = resolved, *, anywhere: bool = False) -> None:
        self._resolve = resolve
        self._anywhere = anywhere

    def check(self, url: str) -> None:
        parts = urlsplit(url)
        if self._anywhere:
            return
        if parts.scheme != "https":
            raise Rejected("url_insecure", "The address must begin with https://.", pointer="/url")
        try:
            self.of(parts.hostname or "", parts.port or 443)
        except ForbiddenAddress as error:
            raise Rejected("address_refused", "It leads to a private address.", pointer="/url") from error
        except UnicodeError as error:
            raise Rejected("host_unknown", "The host has no possible name.", pointer="/url") from error
        except socket.gaierror as error:
            # What cannot be found out at this moment is found out when something is sent.
            if error.errno != socket.EAI_AGAIN:
                raise Rejected("host_unknown", "The host has no address.", pointer="/url") from error

    def of(self, host: str, port: int) -> Sequence[str]:
        """The addresses to connect to. Raises `ForbiddenAddress` where only one of them is not to be, `socket.gaierror` as above."""
        found = self._resolve(host, port)
        if not self._anywhere and any(map(forbidden, found)):
            raise ForbiddenAddress(host)
        return found
