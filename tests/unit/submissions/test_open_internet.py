"""Which addresses are outside, by the registries of IANA."""

from __future__ import annotations

import pytest

from kgpub.submissions.open_internet import is_open


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "193.0.6.139", "2001:67c:2e8:22::c100:68b", "2606:2800:220:1:248:1893:25c8:1946"],
)
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        # IANA IPv4 Special-Purpose Address Registry
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
        *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1"),
        *("198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "255.255.255.255"),
        *("224.0.0.1", "239.255.255.250"),
        # IANA IPv6 Special-Purpose Address Registry
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"),
        *("100::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "fc00::1", "fd00:ec2::254"),
        *("fe80::1", "fe80::1%eth0", "2606:2800::1%eth0", "ff02::1", "ff0e::1", "fec0::1"),
        "::127.0.0.1",
        # no address
        *("", "localhost", "8.8.8.8.8", "8.8.8.8/32", "0177.0.0.1", "1"),
    ],
)
def test_all_others(address: str) -> None:
    assert not is_open(address)
