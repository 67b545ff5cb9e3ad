"""Who stands behind a proxy: limits are counted, and sessions shown, by the address of the caller and not of the proxy."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from litestar.types import ASGIApp, Receive, Scope, Send

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

HEADER = b"x-forwarded-for"


class Forwarded:
    """Believes `X-Forwarded-For` as far as it was written by the installation's own proxies, and nobody else's word."""

    def __init__(self, app: ASGIApp, proxies: Networks) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (peer := scope["client"]):
            said = b",".join(value for name, value in scope["headers"] if name == HEADER)
            scope["client"] = (origin(peer[0], said.decode("latin-1").split(",") if said else (), self.proxies), peer[1])
        await self.app(scope, receive, send)


def origin(peer: str, hops: Iterable[str], proxies: Networks) -> str:
    """The last address that is none of the proxies, read from our end: each proxy appends whom it was asked by.

    What stands before that may be anybody's invention. Where all are proxies it is the first of them, and where a proxy wrote
    something else than an address, that proxy.
    """
    found = address(peer)
    if found is None:
        return peer
    for hop in reversed([*hops]):
        before = address(hop) if any(found in network for network in proxies) else None
        if before is None:
            break
        found = before
    return str(found)


def address(text: str) -> Address | None:
    """An address as proxies write it, with or without a port; one of IPv4 within IPv6 is that of IPv4."""
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
