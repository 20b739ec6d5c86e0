"""Addresses of clients, cut to the networks that they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

PEER = "kgpub.peer"
"""In the scope of a request: host and port that it comes from, where `client` is another."""
_LONGEST = 45
"""Characters of an address (an IPv6 address that ends as an IPv4 address, RFC 4291, 2.2)."""


@lru_cache(maxsize=4096)
def network(address: str, bits_4: int, bits_6: int) -> str:
    """Return the first address of the network of so many bits that `address` lies in.

    "" for what is no address. An IPv4 address that is written as one of IPv6 counts as what it is.
    """
    found = parsed(address)
    if found is None:
        return ""
    if isinstance(found, IPv4Address):
        return str(IPv4Network((int(found), bits_4), strict=False).network_address)
    return str(IPv6Network((int(found), bits_6), strict=False).network_address)


def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Return an address, None for what is none."""
    if len(address) > _LONGEST:
        return None
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def peer_of(scope: Mapping[str, Any]) -> str:
    """Return the address that a request comes from, whatever a proxy says; "" for none."""
    peer = scope.get(PEER) or scope.get("client")
    return str(peer[0]) if peer else ""
