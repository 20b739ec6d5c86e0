"""Which addresses are of the open internet: a server that is told where to send things must not be
led into the network that it stands in.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_EMBEDDING = tuple(
    map(
        ip_network,
        (
            "::/96",  # IPv4-compatible (RFC 4291, 2.5.5.1)
            "64:ff9b::/96",  # NAT64 (RFC 6052)
            "64:ff9b:1::/48",  # NAT64 of one network (RFC 8215)
            "2001::/32",  # Teredo (RFC 4380)
            "2002::/16",  # 6to4 (RFC 3056)
            "fec0::/10",  # site-local, deprecated (RFC 3879)
            "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        ),
    )
)
"""Addresses that lead to others, which cannot be known from here, or are used no more.

Python counts some of them as global.
"""


def is_open(address: str) -> bool:
    """Whether an IP address is one of the open internet: global (RFC 6890), and of one host."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global or found.is_multicast or found.is_reserved or "%" in address:
        return False
    return not any(found in network for network in _EMBEDDING)
